"""Branch and cut near a point that may violate rows, such as a solution of yesterday's model.

The projection y of the point z onto the LP relaxation says which columns have to move. Like the objective
feasibility pump (Achterberg, Berthold, Improving the feasibility pump, 2007), it also looks at the cost:

    y = argmin (1 - a) D(x) / |D| + a c'x / |c|,     D(x) = sum of |x_j - z_j| over the given integer columns,

|D| and |c| the Euclidean norms of the costs, a = `OBJECTIVE_SHARE`. Columns with y_j != z_j are free, the
other given ones keep z_j, so that the LP relaxation of this part is feasible. If the part has no solution
that is better than the incumbent, twice as many columns become free: those on whose value other points agree
least, and among these the ones that short rows connect with free columns.
"""

from __future__ import annotations

import numpy as np

from diffpump.backends.distance import DistanceRelaxation
from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import SolverRefusal
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arms.submip import search_mip
from diffpump.search.budget import Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space

OBJECTIVE_SHARE = 0.3  # a
PROJECTION_SHARE = 0.5  # largest share of the budget for the projection
GROWTH = 2  # factor between the numbers of free columns of two parts
FEWEST_FREE = 10  # integer columns that are free in the second part, at least
SPREAD_STEPS = 6  # steps in which heat spreads along rows


class Nearby:
    """Searches parts of a model near points; the projections of several points are one LP after another.

    Parameters
    ----------
    space : Space
        The model.
    pool : Pool
        Receives the solutions.
    arm : str
        The arm that is credited.
    seed : int
        The seed of branch and cut.
    """

    def __init__(self, space: Space, pool: Pool, arm: str, seed: int) -> None:
        self._space, self._pool, self._arm, self._seed = space, pool, arm, seed
        self._lp: DistanceRelaxation | None = None
        self._too_slow = 0.0  # seconds in which a projection has not ended

    def search(self, point: Vector, given: Mask, agreement: Vector, budget: Budget) -> None:
        """Search parts near a point until one has a better solution or the time is over.

        Parameters
        ----------
        point : (n,) float64
            The point z, integral within the bounds.
        given : (n,) bool
            The integer columns to keep near z.
        agreement : (n,) float64
            The share of known points in which a column has the value z_j.
        budget : Budget
            The time for all parts.
        """
        if budget.is_spent():
            return
        problem = self._space.problem
        part = budget.split(PROJECTION_SHARE * budget.left())
        try:
            free = problem.integer & ~given | self.moved(point, given, part)
            budget.absorb(part)
            while not budget.is_spent():
                if not self._is_empty(point, free, budget) or free[problem.integer].all():
                    return
                free = grown(problem, free, agreement)
                budget.spend(2 * SPREAD_STEPS * problem.nnz)
        except SolverRefusal:  # HiGHS cannot hold the numbers of the model, but local search can
            return

    def moved(self, point: Vector, given: Mask, budget: Budget) -> Mask:
        """Return the given columns (n,) that the projection moves.

        If it takes too long, those in rows that the point violates.
        """
        problem = self._space.problem
        if self._too_slow >= budget.left():  # it would not end this time either
            return given & self._in_violated_rows(point)
        if self._lp is None:
            self._lp = DistanceRelaxation(problem)
        lp = self._lp
        low = given & (point <= problem.lb)
        side = low.astype(np.float64) - (given & ~low & (point >= problem.ub))
        inner = given & (side == 0.0)
        lp.set_targets(point[lp.columns], point)
        cost = np.append(side, inner[lp.columns].astype(np.float64))
        cost *= (1.0 - OBJECTIVE_SHARE) / max(float(np.linalg.norm(cost)), np.finfo(float).tiny)
        size = float(np.linalg.norm(problem.c))
        if size > 0:
            cost[: problem.n] += OBJECTIVE_SHARE / size * problem.c
        seconds = budget.left()
        result = lp.solve(cost, budget.lp_limits(problem))
        budget.spend_lp(problem, result.iterations)
        if result.status is LpStatus.TIME_LIMIT:
            self._too_slow = seconds
        if result.status is not LpStatus.OPTIMAL:
            return given & self._in_violated_rows(point)
        return given & (np.abs(result.x - point) > INTEGRAL_TOL)

    def _in_violated_rows(self, point: Vector) -> Mask:
        """Return the columns (n,) in rows that a point violates."""
        problem = self._space.problem
        return np.asarray(problem.pattern.T @ problem.violated_rows(point).astype(np.float64) > 0)

    def _is_empty(self, point: Vector, free: Mask, budget: Budget) -> bool:
        """Search with the other integer columns at the point; return whether nothing better is there."""
        problem, pool = self._space.problem, self._pool
        part = self._space.with_fixed(problem.integer & ~free, point)
        if part is None:
            return True
        if not part.problem.n:
            return not pool.offer(part.to_original(np.zeros(0)), self._arm)
        cutoff = None if pool.best is None else pool.value - part.shift
        before = pool.value
        result = search_mip(part, pool, budget, self._arm, cutoff=cutoff, seed=self._seed)
        # With a cutoff HiGHS ends as optimal, too, at a point that is no better than the cutoff.
        return result.status in (LpStatus.INFEASIBLE, LpStatus.OPTIMAL) and pool.value >= before


def grown(problem: Problem, free: Mask, agreement: Vector) -> Mask:
    """Return a mask with `GROWTH` times as many free integer columns."""
    integers = problem.integers
    count = min(integers.size, max(GROWTH * int(free[integers].sum()), FEWEST_FREE))
    heat = spread_heat(problem, free & problem.integer)[integers]
    order = np.lexsort((-heat, agreement[integers], ~free[integers]))
    grown = np.zeros(problem.n, bool)
    grown[integers[order[:count]]] = True
    return grown


def spread_heat(problem: Problem, hot: Mask) -> Vector:
    """Return the heat (n,) that some columns, of heat 1, pass on along short rows in `SPREAD_STEPS` steps.

    h <- max(h, P'(P h / l^2)),     P the pattern of the matrix, l the lengths of its rows
    """
    pattern, length = problem.pattern, np.maximum(1.0, np.diff(problem.A.indptr))
    heat = hot.astype(np.float64)
    for _ in range(SPREAD_STEPS):
        heat = np.maximum(heat, pattern.T @ (pattern @ heat / length**2))
    return heat
