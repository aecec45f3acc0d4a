"""Integer line search: round points of the segments from an LP point and judge them all at once.

Boland, Eberhard, Engineer, Fischetti, Savelsbergh, Tsoukalas, Boosting the feasibility pump (2014), who take
every rounding between x_lp and the last x_round; Baena, Castro, Using the analytic center in the feasibility
pump (2011).
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.operators.roundings import nearest


class Segment:
    """`points` on each segment, its end included and its beginning not."""

    def __init__(self, problem: Problem, points: int) -> None:
        self.problem = problem
        self.steps = np.arange(1, points + 1) / points
        self.lo, self.hi = (side[:, None] for side in problem.integer_range)

    def __call__(self, x: Vector, *ends: Vector) -> Vector:
        """The rounding (n,) with the fewest violated rows on the segments from x (n,) to each end (n,)."""
        problem, integers = self.problem, self.problem.integers
        to = np.column_stack(ends)
        points: Vector = x[:, None, None] + (to - x[:, None])[:, :, None] * self.steps
        points = points.reshape(problem.n, -1)
        points[integers] = np.clip(nearest(points[integers]), self.lo, self.hi)
        activity = problem.A @ points
        over = activity > problem.row_hi[:, None] + FEASIBILITY_TOL
        over |= activity < problem.row_lo[:, None] - FEASIBILITY_TOL
        return points[:, int(np.count_nonzero(over, axis=0).argmin())].copy()
