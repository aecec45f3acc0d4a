"""The exact verification of a dual ray that proves an LP infeasible (Farkas' lemma).

For y (m,) and d = A'y, every x with row_lo <= A x <= row_hi and lb <= x <= ub satisfies

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i
        <=  y'A x  =  d'x  <=  sum_{d_j > 0} d_j ub_j + sum_{d_j < 0} d_j lb_j,

so the LP is infeasible if the left side exceeds the right side. Every y is valid, so the floats of a solver
serve only as a hint. Their rounding errors are the difficulty: d_j = 1e-17 instead of 0 on a column without a
bound makes the right side infinite. Therefore, rational elimination changes y such that all these d_j vanish
exactly, before the two sides are compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.verify import exact
from diffpump.verify.elimination import equations_on_noise, significant, solved


@dataclass(frozen=True)
class Rows:
    """The rows in the support of a ray, and the column bounds, in exact numbers.

    Attributes
    ----------
    rows, cols, values : (nnz,) int32, int32, object
        The coefficients as triplets; rows are numbered within the support.
    lo, hi : object
        The sides of these rows.
    lb, ub : (n,) object
        The bounds of all columns.
    """

    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: exact.Array
    lo: exact.Array
    hi: exact.Array
    lb: exact.Array
    ub: exact.Array

    @property
    def unbounded(self) -> Mask:
        """The columns with a missing bound, as a mask (n,)."""
        return ~(exact.finite(self.lb) & exact.finite(self.ub))


def farkas(
    model: Problem | ParsedModel, ray: Vector, lb: Vector | None = None, ub: Vector | None = None
) -> bool:
    """Return whether a dual ray proves that the LP relaxation is infeasible.

    Parameters
    ----------
    model : Problem or ParsedModel
        The exact model of a file, or a problem. The floats of a problem that was read from a file stand for
        their shortest decimals, which are those of the file up to 15 digits. The floats of a problem that was
        built in memory stand for their binary values.
    ray : (m,) float64
        The multipliers, of either sign.
    lb, ub : (n,) float64, optional
        Column bounds that replace those of the model.

    Returns
    -------
    bool
        False means that infeasibility is not proven. It does not mean that the LP is feasible.
    """
    if ray.shape != model.row_lo.shape or not np.isfinite(ray).all():
        return False
    support = support_of(model, ray)
    rows = exact_rows(model, support, lb, ub)
    return any(
        contradicts(rows, y)
        for hint in (ray[support], -ray[support])
        for y in candidates(rows, hint, rows.unbounded)
    )


def support_of(model: Problem | ParsedModel, ray: Vector) -> NDArray[np.intp]:
    """Return the rows whose multiplier in a dual ray (m,) is more than rounding errors.

    The size of a multiplier is that of its largest term y_i a_ij: rows may have very different units.
    """
    if isinstance(model, ParsedModel):
        rows, values = model.rows, exact.floats(model.values)
    else:
        rows, values = np.repeat(np.arange(model.m), np.diff(model.A.indptr)), model.A.data
    return np.flatnonzero(significant(ray, rows, values))


def exact_rows(
    model: Problem | ParsedModel,
    support: NDArray[np.intp],
    lb: Vector | None = None,
    ub: Vector | None = None,
) -> Rows:
    """Return the rows `support` of a model in exact numbers, with the given or the model's column bounds."""
    decimal = isinstance(model, ParsedModel) or model.source is not None

    def given(values: exact.Array) -> exact.Array:
        return values if values.dtype == object else exact.numbers(values, decimal)

    if isinstance(model, ParsedModel):
        position = np.full(len(model.row_names), -1, dtype=np.int32)
        position[support] = np.arange(support.size)
        at = np.flatnonzero(position[model.rows] >= 0)
        rows, cols, values = position[model.rows[at]], model.cols[at], model.values[at]
    else:
        A = model.A[support].tocoo()
        rows, cols, values = A.row, A.col, A.data
    return Rows(
        rows, cols, given(values), given(model.row_lo[support]), given(model.row_hi[support]),
        given(model.lb if lb is None else lb), given(model.ub if ub is None else ub),
    )  # fmt: skip


def candidates(rows: Rows, y: Vector, columns: Mask) -> Iterator[exact.Array]:
    """Yield y without the multipliers that refer to an infinite side, then a repaired y if there is one.

    A multiplier of an infinite side makes the left side of the inequality minus infinity and proves nothing.

    Parameters
    ----------
    rows : Rows
        The rows in the support.
    y : float64
        Their multipliers as a solver returned them.
    columns : (n,) bool
        The columns on which the repaired y makes d_j zero where it is only noise.
    """
    y = np.where(exact.finite(np.where(y > 0, rows.lo, rows.hi)), y, 0.0)
    if y.any():
        multipliers = exact.numbers(y)
        yield multipliers
        repaired = solved(multipliers, equations_on_noise(rows.cols, rows.rows, rows.values, y, columns))
        if repaired is not None:
            yield repaired


def contradicts(rows: Rows, y: exact.Array) -> bool:
    """Return whether the multipliers y violate the inequality of the module's docstring exactly."""
    d = exact.activities(rows.cols, rows.rows, rows.values, y, rows.lb.size)
    used, columns = np.flatnonzero(y), np.flatnonzero(d.ints)
    side = np.where(y > 0, rows.lo, rows.hi)[used]
    bound = np.where(d.ints > 0, rows.ub, rows.lb)[columns]
    if not (exact.finite(side).all() and exact.finite(bound).all()):
        return False
    left, right = exact.dot(y[used], side), exact.dot(d.ints[columns], bound)
    return left * d.scale > right
