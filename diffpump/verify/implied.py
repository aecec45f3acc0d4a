"""Column bounds that the rows imply, rounded outwards such that they hold for every feasible point.

For a row with sum_k a_k x_k <= b, and a column j with a_j > 0,

    x_j  <=  (b - sum_{k != j} min(a_k lb_k, a_k ub_k)) / a_j,

and with a_j < 0 the same quotient is a lower bound. The other side of a row is the same with -a and -b. The
arithmetic is float64. To the right side is added more than all of its rounding errors, those of the exact
numbers to floats included: a sum of p terms errs by less than p 2^-53 sum |terms|.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector

WEAK = 1e6
"""A bound of this size or more is weak, as are infinite ones: rounding errors times it are not negligible."""

_MAX_SWEEPS = 10  # maximum number of passes over the rows
_ROUNDING = 2.0**-52  # twice the relative error of one operation, so that errors of higher order are covered
_EXTRA_TERMS = 16  # more than the errors besides those of the sum, from conversions to the quotient
_TINY = 1e-290  # above the errors of results that underflow, and below it coefficients lose digits


@dataclass(frozen=True)
class Rows:
    """The rows lo <= A x <= hi in floats that are the nearest to the exact numbers.

    Attributes
    ----------
    rows, cols, values : (nnz,) int32, int32, float64
        The coefficients as triplets.
    lo, hi : (m,) float64
        The sides.
    """

    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: Vector
    lo: Vector
    hi: Vector


def implied_bounds(system: Rows, lb: Vector, ub: Vector) -> tuple[Vector, Vector]:
    """Return the bounds with the weak ones replaced by tighter bounds that the rows imply, if there are any.

    Parameters
    ----------
    system : Rows
        The rows.
    lb, ub : (n,) float64
        The floats nearest to the exact bounds.

    Returns
    -------
    lb, ub : (n,) float64
        Bounds of every exactly feasible point. The given ones are rounded outwards by one float.
    """
    used = np.abs(system.values) >= _TINY
    lost = np.zeros(system.lo.size, dtype=bool)
    lost[system.rows[~used]] = True  # a coefficient that small has no relative error bound
    rows, cols, a = system.rows[used], system.cols[used], system.values[used]
    hi, lo = np.where(lost, np.inf, system.hi), np.where(lost, -np.inf, system.lo)
    lb, ub = np.nextafter(lb, -np.inf), np.nextafter(ub, np.inf)
    weak_lb, weak_ub = weak(lb), weak(ub)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is discarded below
        for _ in range(_MAX_SWEEPS):
            count = np.count_nonzero(weak(lb)) + np.count_nonzero(weak(ub))
            for factor, side in ((a, hi), (-a, -lo)):
                limit = _limits(rows, cols, factor, side, lb, ub)
                above = np.isfinite(limit) & (factor > 0) & weak_ub[cols]
                np.minimum.at(ub, cols[above], limit[above])
                below = np.isfinite(limit) & (factor < 0) & weak_lb[cols]
                np.maximum.at(lb, cols[below], limit[below])
            if count == np.count_nonzero(weak(lb)) + np.count_nonzero(weak(ub)):
                break
    return lb, ub


def weak(bounds: Vector) -> Mask:
    """Return which bounds (n,) are weak, as a mask."""
    return np.asarray(np.abs(bounds) >= WEAK)


def _limits(
    rows: NDArray[np.int32], cols: NDArray[np.int32], a: Vector, side: Vector, lb: Vector, ub: Vector
) -> Vector:
    """Return, for each coefficient, the bound on its column that sum_k a_k x_k <= side implies, else inf."""
    terms = a * np.where(a > 0, lb[cols], ub[cols])
    unknown: Mask = ~np.isfinite(terms)
    known = np.where(unknown, 0.0, terms)
    total, weight, unknowns, length = (
        np.bincount(rows, part, side.size) for part in (known, np.abs(known), unknown, np.ones_like(a))
    )
    margin = (length + _EXTRA_TERMS) * _ROUNDING * (weight + np.abs(side)) + _TINY
    limit = (side[rows] - (total[rows] - known) + margin[rows]) / a + np.copysign(_TINY, a)
    # All other terms of the row must be known.
    return np.where((unknowns[rows] == unknown) & np.isfinite(side[rows]), limit, np.inf)
