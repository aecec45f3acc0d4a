"""Branch and cut by HiGHS: on the whole model without its objective, and with it.

Without an objective HiGHS finds a first solution where its objective leads it astray, and the other way
round; so both, zero first. Each goes on where its last slice ended (`Branching`), and hears of solutions
found meanwhile. Without an objective solutions come at the root node or much later, with another seed at
another time: so a search beyond its root node ends after PATIENCE times 1, 1, 2, 1, 1, 2, 4, ..., and the
next one begins (Luby, Sinclair, Zuckerman, Optimal speedup of Las Vegas algorithms, 1993).

Where a slice is counted, and where processes cannot be stopped, it starts HiGHS anew, with the incumbent if
there is one: short slices are a waste there, so each is LONGER than the one before.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from diffpump.backends.mip import NODE, MipResult, solve_mip
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.search.arm import Slice
from diffpump.search.branching import Branching, Job
from diffpump.search.pool import Pool, Solution
from diffpump.search.process import CAN_REST, Lost
from diffpump.search.space import Space

LONGER = 1.5
PATIENCE = 2.5  # seconds


def search_mip(space: Space, pool: Pool, piece: Slice, arm: str, **options: Any) -> MipResult:
    """`solve_mip` for a slice; every incumbent is offered to the pool while the search goes on.

    Where a slice is counted that would make the pool depend on time: there they are offered when the search
    is over, and a search for the first solution ends with it.
    """
    found: deque[Vector] = deque()

    def offer() -> None:
        while found:
            pool.offer(space.lift(found.popleft()), arm)

    def stop() -> bool:
        if not piece.counted:
            offer()
        return piece.stopped()

    limits = replace(piece.limits(space.problem), stop=stop)
    if piece.counted:
        limits = replace(limits, iterations=max(NODE, limits.iterations or 0))  # a node at least
        options["first"] = options.get("first", False) or pool.best is None
    result = solve_mip(space.problem, limits, incumbent=lambda x, _: found.append(x), **options)
    piece.solved(space.problem, result.effort)
    offer()
    if result.x is not None:
        pool.offer(space.lift(result.x), arm)
    return result


class SubMip:
    """An arm. `zero`: without the objective, and only to the first solution; `part`: the space is a part of
    the model, in which nothing is looked for but solutions better than the incumbent. ending: of its work."""

    def __init__(
        self, space: Space, pool: Pool, name: str, seed: int, ending: ExitStack,
        zero: bool = False, part: bool = False,
    ) -> None:  # fmt: skip
        self.exhausted = False
        self._space, self._pool, self._seed = space, pool, seed
        self._name, self._zero, self._part = name, zero, part
        self._branching: Branching | None = None
        self._told: Solution | None = None
        self._longest, self._searches = 0.0, 1
        ending.callback(self._end)

    def run(self, piece: Slice) -> None:
        """Go on with the search, or one call of HiGHS."""
        if piece.counted or not CAN_REST:
            self._ended(self._anew(piece))
            return
        while not (piece.over() or self.exhausted or self._pool.closed):
            self._ended(self._go_on(piece))

    def _end(self) -> None:
        """Leave off."""
        if self._branching is not None:
            self._branching.end()
            self._branching = None

    def _go_on(self, piece: Slice) -> MipResult | None:
        """In the process that rests between slices."""
        best, space, start = self._pool.best, self._space, self._start()
        if self._branching is None:
            patience = PATIENCE * luby(self._searches) if self._zero else np.inf
            self._searches += 1
            job = Job(replace(space.problem), self._zero, self._seed, start, self._cutoff(), patience)
            self._branching = Branching(job)
        elif start is not None and best is not self._told:
            self._branching.tell(start)
        self._told = best
        result = self._branching.run(piece.over, lambda x: self._pool.offer(space.lift(x), self._name))
        if result is None:
            return None
        self._end()
        self._seed += 1
        if isinstance(result, Lost):  # HiGHS crashed, or the system took the process for its memory
            self.exhausted = True
            self._pool.lost += 1
            return None
        piece.solved(space.problem, result.effort)
        if result.x is not None:
            self._pool.offer(space.lift(result.x), self._name)
        return result

    def _anew(self, piece: Slice) -> MipResult:
        """One call of HiGHS."""
        if not piece.counted:
            piece.seconds = self._longest = max(piece.seconds, LONGER * self._longest)
        options = {"cost": np.zeros(self._space.problem.n), "first": True} if self._zero else {}
        self._seed += 1
        return search_mip(
            self._space, self._pool, piece, self._name, seed=self._seed - 1, start=self._start(),
            cutoff=self._cutoff(), **options,
        )  # fmt: skip

    def _start(self) -> Vector | None:
        """The incumbent, if there is one here."""
        best = self._pool.best
        return None if best is None or self._part else self._space.into(best.x)

    def _cutoff(self) -> float | None:
        """The incumbent's value, where that is no start."""
        return self._pool.value - self._space.shift if self._part and self._pool.best is not None else None

    def _ended(self, result: MipResult | None) -> None:
        """What a search that has come to its end says."""
        if result is not None and self._part:
            self.exhausted = result.status not in (LpStatus.TIME_LIMIT, LpStatus.INTERRUPTED)
            return
        if result is None or result.status not in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE):
            return
        self.exhausted = True
        if result.status is LpStatus.INFEASIBLE:
            self._pool.closed = self._pool.best is None
        elif not self._zero:
            self._pool.closed = not self._pool.better(result.objective + self._space.shift)


def luby(k: int) -> int:
    """The k-th of 1, 1, 2, 1, 1, 2, 4, 1, ..., from k = 1."""
    size = k.bit_length()
    return 1 << (size - 1) if k == (1 << size) - 1 else luby(k - (1 << (size - 1)) + 1)
