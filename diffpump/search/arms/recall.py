"""Solutions of earlier models of the family, and a trained family's prediction, repaired for today's model.

`learn.history` recalls the solutions, and `learn.predict` makes the prediction.

The arm makes these attempts:

1. the predicted point and every recalled one as it is, with new columns at the bound nearest 0;
2. branch and cut with the binaries fixed of which the prediction is most certain, if there is one;
3. branch and cut with the integer columns fixed on which all points agree;
4. the repairs of a user's start (`start`), from one point after another until there is a solution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Mask
from diffpump.search.arms.start import Start, completed
from diffpump.search.arms.submip import search_mip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.earlier import Earlier
from diffpump.search.pool import Pool
from diffpump.search.space import Space

NAME = "recall"
CERTAIN = 0.9  # confidence from which on a binary is fixed: a probability of 0.95


class Recall:
    """Repairs recalled points on the original columns.

    earlier      the points and the confidence
    has_kernels  as of `Start`
    """

    def __init__(
        self, space: Space, pool: Pool, earlier: Earlier, seed: int,
        has_kernels: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._space, self._pool, self._seed = space, pool, seed
        self._points, self._confidence = list(earlier.points), earlier.confidence
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
            for fixed in self._neighbourhoods():
                self._search(fixed, budget)
        for repair in self._repairs:
            if self._pool.best is not None or budget.is_spent():
                return
            if not repair.exhausted:
                repair.run(budget)

    def _neighbourhoods(self) -> Iterator[Mask]:
        """Yield the columns (n,) that are fixed: the most certain ones, and those on which points agree."""
        problem, points = self._space.problem, np.array(self._points)
        if self._confidence is not None:
            with np.errstate(invalid="ignore"):
                yield problem.integer & (np.abs(self._confidence) >= CERTAIN)
        if len(points) > 1:
            with np.errstate(invalid="ignore"):
                yield problem.integer & (points == points[0]).all(axis=0)  # NaN agrees with nothing

    def _search(self, fixed: Mask, budget: Budget) -> None:
        """Run branch and cut with columns fixed at the values of the first point."""
        if not fixed.any():
            return
        problem, value = self._space.problem, completed(self._space.problem, self._points[0])
        lb, ub = (np.where(fixed, value, bound) for bound in (problem.lb, problem.ub))
        subspace = self._space.restrict(lb, ub)
        if subspace is not None and subspace.problem.n:
            search_mip(subspace, self._pool, budget, NAME, seed=self._seed)


@arm(NAME, "solutions of earlier models, repaired", space="original", with_history=3.0, needs_kernels=False)
def _recall(context: RunContext) -> Arm:
    return Recall(context.space(NAME), context.pool, context.earlier, context.seed, context.has_kernels)
