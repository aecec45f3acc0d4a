"""Solutions of earlier models of the family, repaired for today's (`learn.history`).

The arm makes these attempts:

1. every recalled point as it is, with new columns at the bound nearest 0;
2. branch and cut with the integer columns fixed on which all of them agree;
3. the repairs of a user's start (`start`), from one point after another until there is a solution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.search.arms.start import Start, completed
from diffpump.search.arms.submip import search_mip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

NAME = "recall"


class Recall:
    """Repairs recalled points on the original columns.

    points       points (n,), NaN where a column is new, the nearest first
    has_kernels  as of `Start`
    """

    def __init__(
        self, space: Space, pool: Pool, points: Sequence[Vector], seed: int,
        has_kernels: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._space, self._pool, self._points, self._seed = space, pool, list(points), seed
        self._has_kernels = has_kernels
        self._repairs: list[Start] | None = None

    @property
    def exhausted(self) -> bool:
        """True once every attempt was made, or the repairs are not needed since there is a solution."""
        if self._repairs is None:
            return False
        return self._pool.best is not None or all(repair.exhausted for repair in self._repairs)

    def run(self, budget: Budget) -> None:
        """Make attempts until the budget is spent."""
        if self._repairs is None:
            for point in self._points:
                self._pool.offer(completed(self._space.problem, point), NAME)
            self._repairs = [
                Start(self._space, self._pool, point, self._seed, self._has_kernels) for point in self._points
            ]
            self._search_agreement(budget)
        for repair in self._repairs:
            if self._pool.best is not None or budget.is_spent():
                return
            if not repair.exhausted:
                repair.run(budget)

    def _search_agreement(self, budget: Budget) -> None:
        """Run branch and cut where the recalled points differ, or where a column is new."""
        problem, points = self._space.problem, np.array(self._points)
        with np.errstate(invalid="ignore"):
            agree = problem.integer & (points == points[0]).all(axis=0)  # NaN agrees with nothing
        if len(points) < 2 or not agree.any():
            return
        value = completed(problem, points[0])
        lb, ub = (np.where(agree, value, bound) for bound in (problem.lb, problem.ub))
        subspace = self._space.restrict(lb, ub)
        if subspace is not None and subspace.problem.n:
            search_mip(subspace, self._pool, budget, NAME, seed=self._seed)


@arm(NAME, "solutions of earlier models, repaired", space="original", with_history=3.0, needs_kernels=False)
def _recall(context: RunContext) -> Arm:
    return Recall(
        context.space(NAME), context.pool, context.earlier.points, context.seed, context.has_kernels
    )
