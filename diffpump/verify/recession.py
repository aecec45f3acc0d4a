"""The exact verification of a primal ray: an LP relaxation that has a point has no finite optimum.

A direction r keeps every feasible point feasible, and improves its objective without end, if

    (A r)_i >= 0 where row_lo_i is finite,   (A r)_i <= 0 where row_hi_i is finite,
    r_j >= 0 where lb_j is finite,           r_j <= 0 where ub_j is finite,

and the objective of r improves. The floats of a solver are hints: they are rounded to simple fractions, and
where that does not suffice, rational elimination makes the rows hold exactly on which A r is zero or only
rounding errors. For a model with rational numbers and a solution, the MILP is unbounded then,
too, because a multiple of a rational ray is integral (Meyer, On the existence of optimal solutions, 1974).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.parsed import ParsedModel
from diffpump.verify import exact
from diffpump.verify.elimination import equations_on_noise, significant, solved

_DENOMINATORS = (1, 60, 10**4, 10**9)  # largest denominators to which the floats of a ray are rounded


def recession(model: ParsedModel, ray: Vector) -> exact.Array | None:
    """Return an exact ray near the given one along which the objective improves without end, or None.

    Parameters
    ----------
    model : ParsedModel
        The exact model.
    ray : (n,) float64
        The direction as a solver gives it.

    Returns
    -------
    (n,) object or None
        Rationals that satisfy the conditions of the module's docstring exactly.
    """
    size = np.abs(ray)
    if ray.shape != (len(model.col_names),) or not np.isfinite(ray).all() or not size.any():
        return None
    kept = np.where(significant(ray, model.cols, exact.floats(model.values)), ray, 0.0)
    rows = np.ones(len(model.row_names), dtype=bool)
    equations = equations_on_noise(model.rows, model.cols, model.values, kept, rows)
    for direction in _candidates(kept):
        if _recedes(model, direction):
            return direction
        repaired = solved(direction, [dict(one) for one in equations])
        if repaired is not None and _recedes(model, repaired):
            return repaired
    return None


def _candidates(ray: Vector) -> Iterator[exact.Array]:
    """Yield rationals near a ray, the simplest first and the floats themselves last."""
    size = np.abs(ray)
    for unit in (size.max(), size[size > 0].min()):
        for denominator in _DENOMINATORS:
            yield exact.objects([Fraction(v).limit_denominator(denominator) for v in (ray / unit).tolist()])
    yield exact.objects([Fraction(v) for v in ray.tolist()])


def _recedes(model: ParsedModel, ray: exact.Array) -> bool:
    rows = exact.activities(model.rows, model.cols, model.values, ray, len(model.row_names)).ints
    for values, lo, hi in ((rows, model.row_lo, model.row_hi), (ray, model.lb, model.ub)):
        if (values[exact.finite(lo)] < 0).any() or (values[exact.finite(hi)] > 0).any():
            return False
    gain = exact.dot(model.c, ray)
    return gain > 0 if model.maximise else gain < 0
