"""Does a dual ray prove that an LP has no point? (Farkas' lemma, in exact arithmetic.)

For y (m,) and d = A'y, every x with row_lo <= A x <= row_hi and lb <= x <= ub satisfies

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i
        <=  y'A x  =  d'x  <=  sum_{d_j > 0} d_j ub_j + sum_{d_j < 0} d_j lb_j,

so a left side above the right side is a proof that there is none. Any y will do: the floats of a solver
are only a hint. What spoils them is noise: d_j = 1e-17 in place of 0 on a column without a bound. So y is
moved, by rational elimination, to where all such d_j vanish exactly, before the exact comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.verify import exact

_NOISE = 1e-9  # multipliers below this fraction of the largest, and sums of products, are taken for 0
_PIVOT = 0.01  # a pivot weighs at least this fraction of the largest term of its equation
_WORK = 1_000_000  # rational operations spent on a repair before it is given up

Row = dict[int, Fraction | int]
"""A sparse vector: entry by index."""


@dataclass(frozen=True)
class _Rows:
    """The rows in a ray's support, and the column bounds, in exact numbers."""

    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: exact.Array
    lo: exact.Array
    hi: exact.Array
    lb: exact.Array
    ub: exact.Array


def farkas(
    model: Problem | ParsedModel, ray: Vector, lb: Vector | None = None, ub: Vector | None = None
) -> bool:
    """True only when `ray` (m,), of either sign, proves the LP relaxation empty.

    model: a file's exact model, or a problem; the numbers of a problem that came from a file are taken
    for the shortest decimals of its floats (the file's own, up to 15 digits), those of a problem made in
    memory as they are. lb, ub (n,): column bounds in place of the model's. False means "not proven",
    never "feasible".
    """
    if ray.shape != model.row_lo.shape or not np.isfinite(ray).all():
        return False
    support = np.flatnonzero(np.abs(ray) > _NOISE * np.abs(ray).max(initial=0))
    rows = _restrict(model, support, lb, ub)
    return any(
        _contradicts(rows, y) for hint in (ray[support], -ray[support]) for y in _candidates(rows, hint)
    )


def _restrict(
    model: Problem | ParsedModel, support: NDArray[np.intp], lb: Vector | None, ub: Vector | None
) -> _Rows:
    """The exact rows `support` of a model."""
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
    return _Rows(
        rows, cols, given(values), given(model.row_lo[support]), given(model.row_hi[support]),
        given(model.lb if lb is None else lb), given(model.ub if ub is None else ub),
    )  # fmt: skip


def _candidates(rows: _Rows, y: Vector) -> Iterator[exact.Array]:
    """y without the multipliers whose side of the row is infinite (they prove nothing), then y repaired."""
    y = np.where(exact.finite(np.where(y > 0, rows.lo, rows.hi)), y, 0.0)
    if y.any():
        multipliers = exact.numbers(y)
        yield multipliers
        repaired = _balanced(multipliers, _equations(rows, y))
        if repaired is not None:
            yield repaired


def _contradicts(rows: _Rows, y: exact.Array) -> bool:
    """The inequality of the module's docstring, strict and exact, for the multipliers y."""
    d = exact.activities(rows.cols, rows.rows, rows.values, y, rows.lb.size)
    used, columns = np.flatnonzero(y), np.flatnonzero(d.ints)
    side = np.where(y > 0, rows.lo, rows.hi)[used]
    bound = np.where(d.ints > 0, rows.ub, rows.lb)[columns]
    if not (exact.finite(side).all() and exact.finite(bound).all()):
        return False
    least, most = exact.dot(y[used], side), exact.dot(d.ints[columns], bound)
    return least * d.scale > most


def _equations(rows: _Rows, y: Vector) -> list[Row]:
    """d_j = 0 for the columns on which d_j is noise and a bound is missing; short ones first."""
    terms = rows.values.astype(np.float64) * y[rows.rows]
    n = rows.lb.size
    d, weight = (np.bincount(rows.cols, t, minlength=n) for t in (terms, np.abs(terms)))
    noise = (np.abs(d) <= _NOISE * weight) & ~(exact.finite(rows.lb) & exact.finite(rows.ub))
    at = np.flatnonzero(noise[rows.cols] & (terms != 0))
    found: dict[int, Row] = {}
    for j, i, a in zip(rows.cols[at].tolist(), rows.rows[at].tolist(), rows.values[at].tolist(), strict=True):
        found.setdefault(j, {})[i] = a
    return sorted(found.values(), key=len)


def _balanced(y: exact.Array, equations: list[Row]) -> exact.Array | None:
    """y moved so that every equation sums to zero exactly; None when that takes too long.

    Each equation gives one entry, a heavy one that few equations share, as a combination of entries that
    are solved later or not at all; the latter keep their values, so the move is of the size of the noise.
    """
    shared = Counter(i for equation in equations for i in equation)
    solved: dict[int, Row] = {}
    work = _WORK
    for equation in equations:
        for pivot, terms in solved.items():
            factor = equation.pop(pivot, 0)
            if factor:
                work -= len(terms)
                for i, a in terms.items():
                    equation[i] = equation.get(i, 0) + factor * a
        weights = {i: abs(a * y[i]) for i, a in equation.items() if a}
        work -= len(weights)
        if work < 0:
            return None
        if weights:
            enough = _PIVOT * float(max(weights.values()))
            pivot = min((i for i, w in weights.items() if w >= enough), key=lambda i: shared[i])
            divisor = Fraction(equation[pivot])
            solved[pivot] = {i: -equation[i] / divisor for i in weights if i != pivot}
    moved = y.copy()
    for pivot, terms in reversed(solved.items()):
        moved[pivot] = sum((a * moved[i] for i, a in terms.items()), Fraction(0))
    return moved
