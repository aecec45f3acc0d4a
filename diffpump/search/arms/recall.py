"""Solutions of earlier models of the family, and a trained family's prediction, repaired for today's model.

`learn.history` recalls the solutions, and `learn.predict` makes the prediction.

The arm makes these attempts:

1. every recalled point, and the predicted one, as it is, with new columns at the bound nearest 0;
2. branch and cut with the binaries fixed of which the prediction is most certain, if there is one;
3. branch and cut near every point (`nearby`) for a short time, even if there is a solution, and then longer
   near the one that gave the best solution: the columns on which the points disagree become free first, so
   that those on which they agree stay fixed;
4. all repairs of a user's start (`start`), from one point after another until there is a solution.

The predicted point comes before the recalled ones that violate more rows. If a point is a solution as it is,
only a better one is wanted, which other arms find as well. The first slice ends then, so that polishing,
presolve and the pump have their turns before the other attempts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
        self.exhausted = False
        self._attempts = self._all_attempts()
        self._budget: Budget

    def run(self, budget: Budget) -> None:
        """Make attempts until the budget is spent or one ends the slice."""
        self._budget = budget
        for ends_slice in self._attempts:
            if ends_slice or budget.is_spent():
                return
        self.exhausted = True

    def _all_attempts(self) -> Iterator[bool]:
        """Make one attempt after another, and yield whether the slice ends with it."""
        points, pool = self._points(), self._pool
        limits = self._budget.lp_limits(self._space.problem)
        accepted = [pool.offer(completed(self._space.problem, point), NAME, limits) for point in points]
        yield any(accepted)
        part = self._budget.split(CERTAIN_SHARE * self._budget.left())
        self._search_with_fixed(*self._certain(), part)
        self._budget.absorb(part)
        nearby = Nearby(self._space, pool, NAME, self._seed)
        repairs = [
            Start(self._space, pool, point, self._seed, self._has_kernels, agreement, NAME, nearby)
            for point, agreement in zip(points, _agreement(points), strict=True)
        ]
        best = repairs[0]  # the one near whose point the best solution is
        for repair in repairs:
            value = pool.value
            repair.search_near(self._budget, QUICK_SECONDS)
            if pool.value < value:
                best = repair
            yield False
        best.search_near(self._budget)
        for repair in repairs:
            while pool.best is None and not repair.exhausted:
                yield False
                repair.run(self._budget)

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


@arm(
    NAME, "solutions of earlier models, repaired", space="original", with_history=3.0, early=3.0,
    needs_kernels=False,
)  # fmt: skip
def _recall(context: RunContext) -> Arm:
    return Recall(context.space(NAME), context.pool, context.earlier, context.seed, context.has_kernels)
