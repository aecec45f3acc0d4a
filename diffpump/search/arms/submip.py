"""Branch and cut by HiGHS, on the whole model without its objective, and with it.

On some models HiGHS finds a first solution only without the objective, on others only with it. So there are
two arms, and the one without the objective comes first. Each continues where its last slice ended
(`MipProcess`), and receives the solutions that other arms have found. Without the objective the time to a
solution varies much with the seed: it is found at the root node or much later. A search beyond its root node
therefore ends after `PATIENCE_SECONDS` times 1, 1, 2, 1, 1, 2, 4, ..., and the next one begins (Luby,
Sinclair, Zuckerman, Optimal speedup of Las Vegas algorithms, 1993).

In deterministic runs, and where processes cannot be paused, every slice starts HiGHS again, from the
incumbent if there is one. Short slices would be wasted there, so without pausable processes each slice is
`SLICE_GROWTH` times as long as the last.
"""

from __future__ import annotations

import math
import os
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.backends.highs_model import distortion
from diffpump.backends.mip import ITERATIONS_PER_NODE, MipResult, solve_mip
from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.luby import luby
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import IMPROVEMENT, OPTIMALITY_TOL
from diffpump.outcome.claim import BRANCH_AND_CUT, Claim
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.mip_process import MipProcess, MipTask
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_PAUSE, ProcessLost
from diffpump.search.solutions import Solution
from diffpump.search.space import Space

SLICE_GROWTH = 1.5  # factor between two slices without pausable processes
BY = f"{BRANCH_AND_CUT} (HiGHS)"
SUBMIP_GAP = 1e-4  # relative gap at which the search of a part ends: other parts may gain more
MOST_MEMORY = 512 * 2**20  # bytes that all paused searches may have beyond the size of this process
PATIENCE_SECONDS = 2.5  # processor seconds of a search without the objective, times the Luby sequence


def search_mip(space: Space, pool: Pool, budget: Budget, arm: str, **options: Any) -> MipResult:
    """Run `solve_mip` for a slice, and offer every incumbent to the pool while the search continues.

    In a deterministic run the pool must not depend on time: points are offered when the search has ended,
    and a search for the first solution ends with it.

    options   those of `solve_mip`
    """
    found: deque[Vector] = deque()

    def offer() -> None:
        while found:
            pool.offer(space.to_original(found.popleft()), arm)

    def stop() -> bool:
        if not budget.deterministic:
            offer()
        return budget.must_stop()

    limits = replace(budget.lp_limits(space.problem), stop=stop)
    if budget.deterministic:
        iterations = max(ITERATIONS_PER_NODE, limits.iterations or 0)  # one node at least
        limits = replace(limits, iterations=iterations)
        options["first"] = options.get("first", False) or pool.best is None
    result = solve_mip(space.problem, limits, incumbent=lambda x, _: found.append(x), **options)
    budget.spend_lp(space.problem, result.effort)
    offer()
    if result.x is not None:
        pool.offer(space.to_original(result.x), arm)
    return result


class PausedSearches:
    """The searches of a run, whose paused processes together keep within a limit of memory.

    After each slice, searches for a first solution end if there is one. While the paused processes together
    have more than `MOST_MEMORY` plus the resident size of this process, the largest one ends, but not the one
    that has just run: it would never get beyond one slice. A search that has ended in this way begins again,
    from the incumbent, once its arm has a turn.
    """

    def __init__(self, context: RunContext) -> None:
        self.every: list[SubMip] = []

    def settle(self, latest: SubMip) -> None:
        """End searches until the others are within the limit, after a slice of `latest`."""
        for search in self.every:
            if search.is_over:
                search.end()
        sizes = {search: search.memory() for search in self.every}
        beyond = sum(sizes.values()) - MOST_MEMORY - resident(os.getpid())
        for search in sorted(sizes, key=lambda search: -sizes[search]):
            if beyond > 0 and search is not latest:
                search.end()
                beyond -= sizes[search]


def resident(pid: int) -> int:
    """Return the resident bytes of a process, and 0 where the system does not say (only Linux does)."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


class SubMip:
    """Branch and cut in a space.

    zero   whether to search without the objective, and only for the first solution
    part   whether the space is a part of the model. A cutoff then requires solutions better than the
           incumbent, which may not lie in that part.
    gap    the relative gap at which a search ends
    """

    def __init__(
        self,
        space: Space,
        context: RunContext,
        name: str,
        *,
        zero: bool = False,
        part: bool = False,
        gap: float = 0.0,
    ) -> None:
        self.exhausted = False
        self._space, self._pool, self._seed = space, context.pool, context.seed
        self._name, self._zero, self._part, self._gap = name, zero, part, gap
        self._original = context.spaces.original.problem
        self._process: MipProcess | None = None
        self._sent: Solution | None = None
        self._longest_slice, self._searches = 0.0, 1
        self._paused = context.shared(PausedSearches)
        self._paused.every.append(self)
        context.exit_stack.callback(self._close)

    @property
    def min_seconds(self) -> float:
        """The seconds that the next slice must have at least, if each slice starts HiGHS again; else 0."""
        return SLICE_GROWTH * self._longest_slice

    def run(self, budget: Budget) -> None:
        """Continue the search, or call HiGHS once."""
        if budget.deterministic or not CAN_PAUSE:
            self._record(self._restart(budget))
            return
        while not (budget.is_spent() or self.exhausted or self._pool.complete):
            self._record(self._continue(budget))

    @property
    def is_over(self) -> bool:
        """Whether a paused process has nothing more to do: it looked for the first solution."""
        return self._zero and self._pool.best is not None

    def memory(self) -> int:
        """Return the resident bytes of the process, 0 without one."""
        return 0 if self._process is None else resident(self._process.pid)

    def _close(self) -> None:
        """End the process for good."""
        self.end()
        self._paused.every.remove(self)

    def end(self) -> None:
        """End the process, if there is one; the next slice begins a new search."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _continue(self, budget: Budget) -> MipResult | None:
        """Continue in the process; return the result once the search has ended, else None."""
        best, space, start = self._pool.best, self._space, self._start()
        if self._process is None:
            patience = PATIENCE_SECONDS * luby(self._searches - 1) if self._zero else np.inf
            self._searches += 1
            task = MipTask(
                replace(space.problem), self._zero, self._seed, start, self._cutoff(), patience, self._gap
            )
            self._process = MipProcess(task)
        elif start is not None and best is not self._sent:
            self._process.post(start)
        self._sent = best
        result = self._process.run(
            budget.is_spent, lambda x: self._pool.offer(space.to_original(x), self._name)
        )
        if result is None:
            self._paused.settle(self)
            return None
        self.end()
        self._seed += 1
        if isinstance(result, ProcessLost):  # HiGHS crashed, or the system was out of memory
            self.exhausted = True
            self._pool.lost_processes += 1
            return None
        budget.spend_lp(space.problem, result.effort)
        if result.x is not None:
            self._pool.offer(space.to_original(result.x), self._name)
        return result

    def _restart(self, budget: Budget) -> MipResult:
        """Call HiGHS once and return its result."""
        if not budget.deterministic:
            self._longest_slice = max(self._longest_slice, budget.seconds)
        options = {"cost": np.zeros(self._space.problem.n), "first": True} if self._zero else {}
        self._seed += 1
        return search_mip(
            self._space, self._pool, budget, self._name, seed=self._seed - 1, start=self._start(),
            cutoff=self._cutoff(), gap=self._gap, **options,
        )  # fmt: skip

    def _start(self) -> Vector | None:
        """Return the incumbent on the space's columns; None if there is none, or in a part of the model."""
        best = self._pool.best
        return None if best is None or self._part else self._space.project(best.x)

    def _cutoff(self) -> float | None:
        """Return the incumbent's value as the cutoff in a part of the model; None on the whole model."""
        return self._pool.value - self._space.shift if self._part and self._pool.best is not None else None

    def _resolution(self) -> float:
        """Return the smallest difference in c'x that the search distinguishes; 0 if there is a step."""
        if self._pool.step:
            return 0.0
        return max(OPTIMALITY_TOL, IMPROVEMENT * abs(self._pool.value))

    def _attainable(self, value: float) -> float:
        """Return the least c'x on the steps of the objective that is not below an optimum of HiGHS.

        The tolerance on rows gives HiGHS an optimum of 80.999999 where solutions have 81: the slacks of an
        elastic model are continuous, but its least objective has steps.
        """
        step = self._pool.step
        return step * math.ceil((value - OPTIMALITY_TOL) / step) if step else value

    def _record(self, result: MipResult | None) -> None:
        """Mark the arm as exhausted, and the pool as complete, if the result of a search says so."""
        if result is not None and self._part:
            self.exhausted = result.status not in (LpStatus.TIME_LIMIT, LpStatus.INTERRUPTED)
            return
        if result is None or result.status not in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE):
            return
        self.exhausted = True
        pool, original = self._pool, self._original
        if distortion(original) is not None or 0 < pool.step < 2 * OPTIMALITY_TOL:
            return  # HiGHS's model is not the file's, or its tolerance hides a step of the objective
        if result.status is LpStatus.INFEASIBLE:
            pool.complete = Claim(BY) if pool.best is None else None
        elif not self._zero and not pool.improves(self._attainable(result.objective + self._space.shift)):
            pool.complete = Claim(BY, within=original.unit * self._resolution())


@arm(
    "mip-zero", "branch and cut without the objective, to a first solution",
    before={140: 4.0, 220: 7.0, 280: 10.0}, cold={30: 1.5, 40: 4.0},
    needs_kernels=False,
)  # fmt: skip
def _mip_zero(context: RunContext) -> Arm:
    return SubMip(context.space("mip-zero"), context, "mip-zero", zero=True)


@arm(
    "mip", "branch and cut", before={200: 3.0, 230: 21.0}, cold={50: 4.0}, after=(150, 1.0),
    once=True, min_share=0.15, min_share_stagnant=0.5, needs_kernels=False,
)  # fmt: skip
def _mip(context: RunContext) -> Arm:
    return SubMip(context.space("mip"), context, "mip")
