"""The part of a model that its binaries see, as floats and as exact integers over literals.

`binary_rows` turns every side of every row into sum_j a_j x_j <= hi over the binaries that are not fixed,
relaxed by the least activity of everything else over its bounds. A point of the model satisfies these rows;
in a model without other columns they are the model.

`literal_form` writes such a row with positive weights over literals, l_j = x_j or 1 - x_j,

    sum_j w_j l_j <= cap,  w_j = floor(2^e |a_j|),  cap = floor(2^e (hi + tol + sum_{a_j<0} |a_j| + noise)),

in 64-bit integers, with e such that the sum of the weights stays below 2^61. Weights are rounded down and
the capacity up, so that this is a relaxation of the float row and what follows from it is never wrong,
whatever the coefficients' sizes; sums are exact, do not depend on their order and never drift.

Literal 2 v + 1 says x_v = 1, literal 2 v says x_v = 0; its negation is literal ^ 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.model import Index, Model

Longs = NDArray[np.int64]
ROUNDING = 2.0**-53  # the relative error of one float operation
TOTAL = 61  # log2 of the bound on a row's weights


class Rows(NamedTuple):
    """sum_j val_j x_col_j <= hi_i + tol_i, by rows: start (m + 1,), col and val (nnz,), hi and tol (m,)."""

    start: Longs
    col: Index
    val: Vector
    hi: Vector
    tol: Vector


class Literals(NamedTuple):
    """Rows in literal form: start (m + 1,), lit and weight (nnz,), largest weights first; cap (m,)."""

    start: Longs
    lit: Index
    weight: Longs
    cap: Longs


def binary_rows(model: Model) -> tuple[Rows, Index]:
    """The rows over the binaries that are not fixed, and those binaries' columns (N,) in the model.

    A side that is infinite, or becomes so by the other columns' bounds, and one that no point can violate
    are left out. A row without binaries that cannot hold stays, empty.
    """
    columns = np.flatnonzero(model.integer & (model.lb == 0) & (model.ub == 1)).astype(np.int32)
    position = np.full(model.lb.size, -1, dtype=np.int32)
    position[columns] = np.arange(columns.size)
    m = model.row_hi.size
    row = np.repeat(np.arange(m), np.diff(model.row_start))
    inside = position[model.row_col] >= 0
    col, own = position[model.row_col[inside]], row[inside]

    rest, rest_col, rest_row = model.row_val[~inside], model.row_col[~inside], row[~inside]
    ends = rest * model.lb[rest_col], rest * model.ub[rest_col]
    steps = np.bincount(rest_row, minlength=m)
    parts = []
    for sign, side in ((1.0, model.row_hi), (-1.0, -model.row_lo)):
        least = np.minimum(sign * ends[0], sign * ends[1])
        hi = side - np.bincount(rest_row, least, m)
        val = sign * model.row_val[inside]
        kept = np.isfinite(hi) & (np.bincount(own, np.maximum(val, 0.0), m) > hi)
        entries = kept[own]
        length = np.bincount(own[entries], minlength=m)[kept]
        subtracted = np.abs(side[kept]) + np.bincount(rest_row, np.abs(least), m)[kept]
        tol = model.row_tol[kept] + ROUNDING * steps[kept] * subtracted  # without a rest, the file's exactly
        parts.append((length, col[entries], val[entries], hi[kept], tol))
    length, col, val, hi, tol = (np.concatenate(part) for part in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return Rows(start, col.astype(np.int32), val, hi, tol), columns


def literal_form(rows: Rows) -> Literals:
    """The rows as integers over literals; rows that every point satisfies are left out.

    A capacity of -1 is that of a row that no point satisfies.
    """
    m = rows.hi.size
    length = np.diff(rows.start)
    row = np.repeat(np.arange(m), length)
    size = np.abs(rows.val)
    total = np.bincount(row, size, m)
    exponent = TOTAL - np.frexp(np.maximum(total, np.finfo(float).tiny) * (1 + 1e-9))[1]
    exponent = np.where(total > 0, exponent, 0)
    weight = np.ldexp(size, exponent[row]).astype(np.int64)
    noise = ROUNDING * (length + 3) * (np.abs(rows.hi) + rows.tol + total)
    room = rows.hi + rows.tol + np.bincount(row, np.maximum(-rows.val, 0.0), m) + noise
    most = np.zeros(m, dtype=np.int64)
    np.add.at(most, row, weight)
    # The bounds come first: a huge right-hand side would overflow when scaled.
    cap = np.where(room < 0, -1, np.ldexp(np.clip(room, 0, 2 * total), exponent).astype(np.int64))
    kept = cap < most
    entries = kept[row] & (weight > 0)
    start = np.concatenate([[0], np.cumsum(np.bincount(row[entries], minlength=m)[kept])]).astype(np.int64)
    literal, weight = (2 * rows.col + (rows.val > 0)).astype(np.int32)[entries], weight[entries]
    largest_first = np.lexsort((-weight, row[entries]))
    return Literals(start, literal[largest_first], weight[largest_first], cap[kept])


def append(rows: Rows, row: Rows) -> Rows:
    """`row` below `rows`."""
    join = np.concatenate
    return Rows(
        join([rows.start, rows.start[-1] + row.start[1:]]),
        join([rows.col, row.col]),
        join([rows.val, row.val]),
        join([rows.hi, row.hi]),
        join([rows.tol, row.tol]),
    )


def append_literals(form: Literals, row: Literals) -> Literals:
    """`row` below `form`."""
    join = np.concatenate
    return Literals(
        join([form.start, form.start[-1] + row.start[1:]]),
        join([form.lit, row.lit]),
        join([form.weight, row.weight]),
        join([form.cap, row.cap]),
    )
