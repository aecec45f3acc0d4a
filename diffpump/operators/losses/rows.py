"""Losses on the rows: the violation of a rounding, and its expectation over random roundings.

All rows are in <= form and normalised: d_i = (a_i'x - b_i)/||(a_i, b_i)||_2. An equality or range row gives
two of them, and rows with a_i = 0 are left out. The two sides of a row share one product A x and one product
A'w.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_MARGIN, NOISE
from diffpump.operators.losses.base import LOSSES, Point, Sides, Term
from diffpump.operators.roundings.elementwise import INV_SQRT_2PI


class Rows:
    """The normalised rows of a problem.

    Attributes
    ----------
    scale_hi, scale_lo : (m,) float64
        1/||(a_i, b_i)||_2 of the upper and lower sides. They are 0 for infinite sides and empty rows, which
        then have no gradient.
    hi, lo : (m,) float64
        The sides, with 0 for infinite ones so that 0 * inf cannot appear.
    count : int
        The number of finite sides of rows that are not empty, but at least 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.A, self.At = problem.A, problem.At
        squares: Vector = np.bincount(
            np.repeat(np.arange(problem.m), np.diff(problem.A.indptr)), problem.A.data**2, problem.m
        ).astype(np.float64)
        self.scale_hi, self.hi = _scaled(squares, problem.row_hi)
        self.scale_lo, self.lo = _scaled(squares, problem.row_lo)
        self.count = max(1, int(np.count_nonzero(self.scale_hi)) + int(np.count_nonzero(self.scale_lo)))

    def distances(self, x: Vector) -> tuple[Vector, Vector]:
        """Return d of the upper and of the lower sides, (m,) each, at x (n,); violations are positive."""
        return self.distances_at(self.A @ x)

    def distances_at(
        self, activity: Vector, rows: NDArray[np.integer] | slice = slice(None)
    ) -> tuple[Vector, Vector]:
        """Return d of the upper and of the lower sides of some rows, (k,) each, at their activities (k,)."""
        over = (activity - self.hi[rows]) * self.scale_hi[rows]
        return over, (self.lo[rows] - activity) * self.scale_lo[rows]

    def excess(self, x: Vector) -> Vector:
        """Return the violation of each normalised row (m,) at x (n,), 0 if it holds."""
        over, under = self.distances(x)
        return np.maximum(np.maximum(over, under), 0.0)


def _scaled(squares: Vector, bound: Vector) -> tuple[Vector, Vector]:
    """Return one side of the rows as `Rows` holds it.

    Parameters
    ----------
    squares : (m,) float64
        ||a_i||^2.
    bound : (m,) float64
        The side, infinite where there is none.

    Returns
    -------
    scale, side : (m,) float64
        `scale_hi` and `hi`, or `scale_lo` and `lo`, of `Rows`.
    """
    b = np.where(np.isfinite(bound), bound, 0.0)
    exists = np.isfinite(bound) & (squares > 0)
    return np.where(exists, 1 / np.sqrt(np.where(exists, squares + b * b, 1.0)), 0.0), b


@LOSSES.register("feasibility", help="mean violation of the rows by x_round")
class Feasibility:
    """The mean violation of the rows at y = x_round: f(y) = (1/m) sum_i w_i relu(d_i(y) - 1e-8).

    m is the number of rows in <= form, w their multipliers (paper, eq. 12-13, where w_i = 1).
    """

    def __init__(self, problem: Problem) -> None:
        self.rows = Rows(problem)

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_round (see `Loss`)."""
        rows = self.rows
        over, under = rows.distances(point.x_round)
        over, under = over - FEASIBILITY_MARGIN, under - FEASIBILITY_MARGIN
        is_over, is_under = over > 0, under > 0
        if point.weights is not None:
            over, under = over * point.weights, under * point.weights
        value = float(over[is_over].sum() + under[is_under].sum()) / rows.count
        pull = (np.where(is_over, rows.scale_hi, 0.0) - np.where(is_under, rows.scale_lo, 0.0)) / rows.count
        if point.weights is not None:
            pull = pull * point.weights
        return Term(value, x_round=rows.At @ pull)


@LOSSES.register("expected", help="mean violation of the rows over random roundings of x_lp")
class Expected:
    """The expectation of the feasibility loss over random roundings of x = x_lp, by a normal approximation.

    Every integer column is rounded up with probability f_j = frac(x_j), independently of the others. With the
    rows a_i normalised, d_i then has mean d_i(x) and variance s_i^2 = sum_{j in I} a_ij^2 f_j (1 - f_j), and

        f(x) = (1/m) sum_i w_i (s phi(d/s) + d Phi(d/s)),   with relu(d - 1e-8) in the sum where s = 0,
        df/dx_j = (1/m) sum_i w_i (Phi(d/s) a_ij + phi(d/s)/(2s) a_ij^2 (1 - 2 f_j)),   the second part on I.

    Notes
    -----
    Slack rows do not pull, tight rows pull towards integrality, and the gradient is not zero at a point that
    is feasible for the LP. The code uses delta (1 - delta) for f (1 - f), with delta = |x - nearest(x)| and
    the side of `Sides`, so that a binary at 1 is held there.
    """

    def __init__(self, problem: Problem) -> None:
        self.rows, self.sides = Rows(problem), Sides(problem)
        A = problem.A[:, self.sides.index]
        self.squares, self.squares_t = A.power(2), A.power(2).T.tocsr()  # a_ij^2 on I, not normalised

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_lp (see `Loss`)."""
        from scipy.special import ndtr  # imported here since the import takes as long as that of numpy

        rows = self.rows
        delta, side = self.sides(point.x_lp)
        delta = np.where(delta <= NOISE, 0.0, delta)
        variance = self.squares @ (delta * (1 - delta))
        weights = np.ones(variance.size) if point.weights is None else point.weights
        value, pull, widen = 0.0, np.zeros(variance.size), np.zeros(variance.size)
        for d, scale, sign in zip(
            rows.distances(point.x_lp), (rows.scale_hi, rows.scale_lo), (1, -1), strict=True
        ):
            s = np.sqrt(variance) * scale
            random = s > 0
            z = np.where(random, d / np.where(random, s, 1.0), 0.0)
            density = np.where(random, np.exp(-0.5 * z * z) * INV_SQRT_2PI, 0.0)
            above = np.where(random, ndtr(z), d > FEASIBILITY_MARGIN)
            mean = np.where(random, s * density + d * above, (d - FEASIBILITY_MARGIN) * above)
            value += float(np.sum(weights * mean)) / rows.count
            pull += sign * weights * above * scale / rows.count
            widen += weights * density * scale**2 / np.where(random, 2 * s, 1.0) / rows.count
        gradient = rows.At @ pull
        gradient[self.sides.index] += (self.squares_t @ widen) * (1 - 2 * delta) * side
        return Term(value, x_lp=gradient)
