"""Round points on the segment from the LP point to the analytic centre of P.

Source: Baena, Castro, Using the analytic center in the feasibility pump (2011).
"""

from __future__ import annotations

import warnings

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputWarning, UsageError
from diffpump.core.interior import Interior
from diffpump.core.problem import Problem
from diffpump.operators.roundings.base import ROUNDINGS, nearest
from diffpump.operators.roundings.elementwise import Gaussian


@ROUNDINGS.register("centre", help="the best rounding on the segment to the analytic centre of P")
class Centre(Gaussian):
    """Of the roundings of points on the segment from x to the analytic centre, the least violated one.

    Points x + (k / points) (centre - x), k = 0, ..., points, are rounded to the nearest integers. The
    rounding with the smallest largest violation of a row is returned, and of equal ones that nearest to x.
    Continuous columns keep the values of x. The backward pass is the Gaussian's slope at x. A point that is
    already integral is its own rounding.

    Parameters
    ----------
    problem : Problem
        The model.
    interior : Interior
        Gives the centre, once, at the first rounding. Without one, roundings are the nearest.
    points : int
        The number of steps on the segment, positive.
    sigma : float
        Width of the Gaussian slope, positive.

    Raises
    ------
    UsageError
        If `points` or sigma is not positive.
    """

    name = "centre"

    def __init__(self, problem: Problem, interior: Interior, points: int = 20, sigma: float = 0.15) -> None:
        super().__init__(problem, sigma)
        if points < 1:
            raise UsageError(f"rounding '{self.name}': points must be positive, got {points}")
        self.problem, self.interior = problem, interior
        self.fractions = np.arange(points + 1) / points
        self._warned = False

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        y = super().forward(x)
        start, integer = x[self.integer], self.integer
        if np.array_equal(y[integer], start):
            return y
        centre = self._centre()
        if centre is None:
            return y
        between = start[:, None] + (centre[integer] - start)[:, None] * self.fractions
        points = np.repeat(y[:, None], self.fractions.size, axis=1)
        points[integer] = np.clip(nearest(between), self.lo[:, None], self.hi[:, None])
        activity, problem = self.problem.A @ points, self.problem
        outside = np.maximum(activity - problem.row_hi[:, None], problem.row_lo[:, None] - activity)
        return points[:, int(outside.max(axis=0, initial=0.0).argmin())].copy()

    def _centre(self) -> Vector | None:
        """Return the centre (n,), or None with a warning at the first call."""
        centre = self.interior.centre()
        if centre is None and not self._warned:
            self._warned = True
            warnings.warn(
                "no analytic centre was found; roundings are the nearest", InputWarning, stacklevel=3
            )
        return centre
