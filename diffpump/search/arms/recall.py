"""Solutions of earlier models of the family, and a trained family's prediction, repaired for today's model.

`learn.history` recalls the solutions, and `learn.predict` makes the prediction.

The arm makes these attempts:

1. every recalled point, and the predicted one, as it is, with new columns at the bound nearest 0;
2. branch and cut with the binaries fixed of which the prediction is most certain, if there is one;
3. branch and cut near every point (`nearby`) for a short time, even if there is a solution, and then longer
   near the one that gave the best solution: the columns on which the points disagree become free first, so
   that those on which they agree stay fixed;
4. all repairs of a user's start (`start`), from one point after another until there is a solution.

The predicted point comes before the recalled ones that violate more rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Mask, Vector
from diffpump.search.arms.nearby import Nearby
from diffpump.search.arms.start import Start, completed
from diffpump.search.arms.submip import search_mip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.earlier import Earlier
from diffpump.search.pool import Pool
from diffpump.search.space import Space

NAME = "recall"
QUICK_SECONDS = 0.15  # of the first search near each point
CERTAIN_SHARE = 0.5  # largest share of the first slice for the search with certain binaries fixed
CERTAIN = 0.9  # confidence from which on a binary is fixed: a probability of 0.95


class Recall:
    """Repairs recalled points on the original columns.

    earlier      the points, the prediction and its confidence
    has_kernels  as of `Start`
    """

    def __init__(
        self, space: Space, pool: Pool, earlier: Earlier, seed: int,
        has_kernels: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._space, self._pool, self._seed = space, pool, seed
        self._earlier = earlier
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
            points = self._points()
            limits = budget.lp_limits(self._space.problem)
            for point in points:
                self._pool.offer(completed(self._space.problem, point), NAME, limits)
            nearby = Nearby(self._space, self._pool, NAME, self._seed)
            self._repairs = [
                Start(self._space, self._pool, point, self._seed, self._has_kernels, agreement, NAME, nearby)
                for point, agreement in zip(points, _agreement(points), strict=True)
            ]
            part = budget.split(CERTAIN_SHARE * budget.left())
            self._search_with_fixed(*self._certain(), part)
            budget.absorb(part)
            self._search_near(self._repairs, budget)
        for repair in self._repairs:
            if self._pool.best is not None or budget.is_spent():
                return
            if not repair.exhausted:
                repair.run(budget)

    def _search_near(self, repairs: list[Start], budget: Budget) -> None:
        """Search near every point for a short time, then longer near the one that gave the best solution."""
        chosen, value = repairs[0], self._pool.value
        for repair in repairs:
            repair.search_near(budget, QUICK_SECONDS)
            if self._pool.value < value:
                chosen, value = repair, self._pool.value
        chosen.search_near(budget)

    def _points(self) -> list[Vector]:
        """Return all points in the order of their repairs."""
        points, predicted = list(self._earlier.points), self._earlier.predicted
        if predicted is not None:
            own = self._violated(predicted)
            place = next((k for k, x in enumerate(points) if self._violated(x) > own), len(points))
            points.insert(place, predicted)
        return points

    def _violated(self, point: Vector) -> int:
        """Return the number of rows that a point violates."""
        problem = self._space.problem
        return int(problem.violated_rows(completed(problem, point)).sum())

    def _certain(self) -> tuple[Mask, Vector]:
        """Return the binaries of which the prediction is most certain, and their values, (n,)."""
        problem, confidence = self._space.problem, self._earlier.confidence
        if confidence is None:
            return np.zeros(problem.n, bool), np.zeros(problem.n)
        with np.errstate(invalid="ignore"):
            certain = problem.integer & (np.abs(confidence) >= CERTAIN)
        value = np.where(confidence > 0, 1.0, 0.0)
        return certain & (problem.lb <= value) & (value <= problem.ub), value

    def _search_with_fixed(self, fixed: Mask, value: Vector, budget: Budget) -> None:
        """Run branch and cut with columns fixed at values."""
        if not fixed.any() or budget.is_spent():
            return
        subspace = self._space.with_fixed(fixed, value)
        if subspace is not None and subspace.problem.n:
            search_mip(subspace, self._pool, budget, NAME, seed=self._seed)


def _agreement(points: list[Vector]) -> list[Vector]:
    """Return for each point (n,) the share of the points with the same value, column by column."""
    every = np.array(points)
    return [(every == point).mean(axis=0) for point in points]  # NaN agrees with nothing


@arm(NAME, "solutions of earlier models, repaired", space="original", with_history=3.0, needs_kernels=False)
def _recall(context: RunContext) -> Arm:
    return Recall(context.space(NAME), context.pool, context.earlier, context.seed, context.has_kernels)
