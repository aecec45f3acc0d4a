"""Integer line search: round points on the segments that begin at an LP point.

Sources: Boland, Eberhard, Engineer, Fischetti, Savelsbergh, Tsoukalas, Boosting the feasibility pump (2014),
who take every rounding between x_lp and the last x_round; Baena, Castro, Using the analytic center in the
feasibility pump (2011).
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.operators.roundings import nearest


class Segment:
    """The line search on one problem with `points` evenly spaced points on each segment.

    The end of a segment is one of them, its beginning is not.
    """

    def __init__(self, problem: Problem, points: int) -> None:
        self.problem = problem
        self.fractions = np.arange(1, points + 1) / points  # of a segment, from its beginning
        self.lo, self.hi = (side[:, None] for side in problem.integer_range)

    def __call__(self, x: Vector, *ends: Vector) -> Vector:
        """Return the rounding (n,) with the fewest violated rows on the segments from x (n,) to the ends."""
        problem, integers = self.problem, self.problem.integers
        directions = np.column_stack(ends) - x[:, None]
        points: Vector = x[:, None, None] + directions[:, :, None] * self.fractions
        points = points.reshape(problem.n, -1)
        points[integers] = np.clip(nearest(points[integers]), self.lo, self.hi)
        violated = np.count_nonzero(problem.violated_rows(points), axis=0)
        return points[:, int(violated.argmin())].copy()


class LineSearch:
    """The search over every rounding on one segment, by compiled code (`kernels.line_search`)."""

    def __init__(self, problem: Problem) -> None:
        from diffpump.kernels.line_search import searcher  # imported here since numba is slow to import

        self._search = searcher(problem)

    def __call__(self, x: Vector, end: Vector) -> Vector:
        """Return the rounding (n,) with the fewest violated rows on the segment from x (n,) to its end (n,).

        Continuous columns keep the values of x.
        """
        return self._search(x, end)
