"""The user's start, repaired: a point that may be incomplete, fractional, out of its bounds, and infeasible.

The arm makes these attempts in turn, until one gives a solution:

1. the start rounded and clipped, with missing columns at the bound nearest 0;
2. branch and cut over the missing integer columns, with the given ones fixed;
3. branch and cut near the start (`nearby`);
4. focused local search from the completed start;
5. branch and cut near the local search's point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.search.arms.nearby import Nearby
from diffpump.search.arms.submip import search_mip
from diffpump.search.budget import KERNEL_CALL_WORK, Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

NAME = "start"
NEAR_SECONDS = 1.0  # time limit of all searches near one point
STAGNATION_PASSES = 20  # passes over the matrix without progress until local search ends ...
MIN_STAGNATION_WORK = KERNEL_CALL_WORK // 2  # ... and touched nonzeros at least


class Start:
    """Repairs a point on the original columns.

    start        (n,), NaN where a column was not given
    has_kernels  returns whether kernels are compiled; the last two attempts are left out if they are not
    agreement    (n,) the share of known points that agree with the start; by default 1
    name         the arm that is credited
    nearby       the search of the third attempt, which several points may share; by default one of its own
    """

    def __init__(
        self, space: Space, pool: Pool, start: Vector, seed: int,
        has_kernels: Callable[[], bool] = lambda: True, agreement: Vector | None = None, name: str = NAME,
        nearby: Nearby | None = None,
    ) -> None:  # fmt: skip
        self.exhausted, self._was_near = False, False
        self._has_kernels, self._name = has_kernels, name
        self._space, self._pool, self._seed = space, pool, seed
        self._given = space.problem.integer & ~np.isnan(start)
        self._point = completed(space.problem, start)
        self._agreement = np.ones(start.size) if agreement is None else agreement
        self._nearby = nearby or Nearby(space, pool, name, seed)
        self._attempts = self._all_attempts()
        self._budget: Budget

    def run(self, budget: Budget) -> None:
        """Make attempts until the budget is spent or one gives a solution."""
        self._budget = budget
        for found in self._attempts:
            if found:
                break
            if budget.is_spent():
                return
        self.exhausted = True

    def search_near(self, budget: Budget, seconds: float = NEAR_SECONDS) -> None:
        """Search near the current point; for `NEAR_SECONDS`, this is attempt 3 of the module's list."""
        part = budget.split(seconds)
        self._was_near |= part.seconds >= NEAR_SECONDS
        self._nearby.search(self._point, self._given, self._agreement, part)
        budget.absorb(part)

    def _all_attempts(self) -> Iterator[bool]:
        """Make one attempt after another, and yield whether it gave a new best solution."""
        yield self._pool.offer(self._point, self._name, self._budget.lp_limits(self._space.problem))
        best = self._pool.value
        if self._given.any() and (self._space.problem.integer & ~self._given).any():
            self._search_with_fixed(self._given)
            yield self._pool.value < best
        if not self._was_near:
            self.search_near(self._budget)
            yield self._pool.value < best
        if self._has_kernels():
            yield from self._local()
            self.search_near(self._budget)
            yield self._pool.value < best

    def _search_with_fixed(self, fixed: Mask) -> None:
        """Run branch and cut with these integer columns fixed at the current point's values."""
        subspace = self._space.with_fixed(fixed, self._point)
        if subspace is not None and subspace.problem.n:
            search_mip(subspace, self._pool, self._budget, self._name, seed=self._seed)

    def _local(self) -> Iterator[bool]:
        """Run local search, one kernel call at a time; its best point becomes the current one."""
        from diffpump.kernels import focused

        space, nnz = self._space, self._space.problem.nnz
        state = focused.focus(space.model, self._point, self._seed)
        fewest, work_since = space.problem.m + 1, 0
        while work_since <= max(MIN_STAGNATION_WORK, STAGNATION_PASSES * nnz):
            violated, work = focused.search(space.model, state, "count", self._budget.kernel_work())
            self._budget.spend(work)
            work_since = 0 if violated < fewest else work_since + work
            fewest = min(fewest, violated)
            self._point = state.best.copy()
            space.keep_near_feasible(self._point, violated, self._name)
            if violated == 0:
                yield self._pool.offer(self._point, self._name)
                return
            yield False


def completed(problem: Problem, start: Vector) -> Vector:
    """Return the start (n,) with every column: rounded, clipped, and at the bound nearest 0 if it is NaN."""
    x = np.where(np.isnan(start), 0.0, start)
    lb = np.where(problem.integer, np.ceil(problem.lb), problem.lb)
    ub = np.where(problem.integer, np.floor(problem.ub), problem.ub)
    return np.clip(np.where(problem.integer, np.rint(x), x), lb, ub)


@arm(NAME, "the user's start, repaired", space="original", with_start=3.0, needs_kernels=False)
def _start(context: RunContext) -> Arm:
    assert context.start is not None
    return Start(context.space(NAME), context.pool, context.start, context.seed, context.has_kernels)
