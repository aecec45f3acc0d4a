"""The projection of a model's rows onto its binaries, in floats and in exact integers over literals.

`binary_rows` turns every side of every row into sum_j a_j x_j <= hi over the binaries that are not fixed,
where hi is relaxed by the minimal activity of the other columns over their bounds. Every point of the model
satisfies these rows. In a model without other columns they are the model.

`literal_form` writes such a row with positive weights over literals l_j, which are x_j or 1 - x_j:

    sum_j w_j l_j <= cap,  w_j = floor(2^e |a_j|),  cap = floor(2^e (hi + tol + sum_{a_j<0} |a_j| + noise))

The numbers are 64-bit integers, and e keeps the sum of the weights below 2^61. Since weights are rounded down
and the capacity is increased by `noise`, this is a relaxation of the float row, and its implications are
correct whatever the magnitudes of the coefficients. Sums of integers are exact, independent of their order
and free of drift.

Literal 2 v + 1 stands for x_v = 1 and literal 2 v for x_v = 0. The negation of a literal is literal ^ 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.model import Index, Model

Longs = NDArray[np.int64]
UNIT_ROUNDOFF = 2.0**-53  # the relative error of one float operation
WEIGHT_BITS = 61  # log2 of the bound on the sum of a row's weights


class Rows(NamedTuple):
    """The rows sum_j val_j x_col_j <= hi_i + tol_i.

    start      (m + 1,): the first entry of each row
    col, val   the entries' columns and coefficients (nnz,)
    hi, tol    right-hand sides and tolerances (m,)
    """

    start: Longs
    col: Index
    val: Vector
    hi: Vector
    tol: Vector


class Literals(NamedTuple):
    """The rows sum_j weight_j lit_j <= cap_i in literal form.

    start         (m + 1,): the first entry of each row
    lit, weight   the entries' literals and weights (nnz,), in each row the largest weights first
    cap           capacities (m,)
    """

    start: Longs
    lit: Index
    weight: Longs
    cap: Longs


def binary_rows(model: Model) -> tuple[Rows, Index]:
    """Return the rows over the binaries that are not fixed, and the columns (N,) of those binaries.

    Sides that are infinite, that the other columns' bounds make infinite, or that no point can violate are
    left out. A row without binaries that cannot hold remains, without entries.
    """
    columns = np.flatnonzero(model.integer & (model.lb == 0) & (model.ub == 1)).astype(np.int32)
    position = np.full(model.lb.size, -1, dtype=np.int32)
    position[columns] = np.arange(columns.size)
    m = model.row_hi.size
    row = np.repeat(np.arange(m), np.diff(model.row_start))
    inside = position[model.row_col] >= 0
    col, own = position[model.row_col[inside]], row[inside]

    other_val, other_col, other_row = model.row_val[~inside], model.row_col[~inside], row[~inside]
    ends = other_val * model.lb[other_col], other_val * model.ub[other_col]
    others = np.bincount(other_row, minlength=m)
    parts = []
    for sign, side in ((1.0, model.row_hi), (-1.0, -model.row_lo)):
        least = np.minimum(sign * ends[0], sign * ends[1])
        hi = side - np.bincount(other_row, least, m)
        val = sign * model.row_val[inside]
        kept = np.isfinite(hi) & (np.bincount(own, np.maximum(val, 0.0), m) > hi)
        entries = kept[own]
        length = np.bincount(own[entries], minlength=m)[kept]
        subtracted = np.abs(side[kept]) + np.bincount(other_row, np.abs(least), m)[kept]
        # Without other columns this is exactly the tolerance of the file.
        tol = model.row_tol[kept] + UNIT_ROUNDOFF * others[kept] * subtracted
        parts.append((length, col[entries], val[entries], hi[kept], tol))
    length, col, val, hi, tol = (np.concatenate(part) for part in zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
    return Rows(start, col.astype(np.int32), val, hi, tol), columns


def literal_form(rows: Rows) -> Literals:
    """Return the rows as integers over literals, without those that every point satisfies.

    A row that no point satisfies has the capacity -1.
    """
    m = rows.hi.size
    length = np.diff(rows.start)
    row = np.repeat(np.arange(m), length)
    size = np.abs(rows.val)
    total = np.bincount(row, size, m)
    exponent = WEIGHT_BITS - np.frexp(np.maximum(total, np.finfo(float).tiny) * (1 + 1e-9))[1]
    exponent = np.where(total > 0, exponent, 0)
    weight = np.ldexp(size, exponent[row]).astype(np.int64)
    noise = UNIT_ROUNDOFF * (length + 3) * (np.abs(rows.hi) + rows.tol + total)
    room = rows.hi + rows.tol + np.bincount(row, np.maximum(-rows.val, 0.0), m) + noise
    max_activity = np.zeros(m, dtype=np.int64)
    np.add.at(max_activity, row, weight)
    # The room is clipped before it is scaled: a huge right-hand side would overflow.
    cap = np.where(room < 0, -1, np.ldexp(np.clip(room, 0, 2 * total), exponent).astype(np.int64))
    kept = cap < max_activity
    entries = kept[row] & (weight > 0)
    start = np.concatenate([[0], np.cumsum(np.bincount(row[entries], minlength=m)[kept])]).astype(np.int64)
    literal, weight = (2 * rows.col + (rows.val > 0)).astype(np.int32)[entries], weight[entries]
    largest_first = np.lexsort((-weight, row[entries]))
    return Literals(start, literal[largest_first], weight[largest_first], cap[kept])


def append(rows: Rows, row: Rows) -> Rows:
    """Return `rows` followed by `row`."""
    join = np.concatenate
    return Rows(
        join([rows.start, rows.start[-1] + row.start[1:]]),
        join([rows.col, row.col]),
        join([rows.val, row.val]),
        join([rows.hi, row.hi]),
        join([rows.tol, row.tol]),
    )


def append_literals(form: Literals, row: Literals) -> Literals:
    """Return `form` followed by `row`."""
    join = np.concatenate
    return Literals(
        join([form.start, form.start[-1] + row.start[1:]]),
        join([form.lit, row.lit]),
        join([form.weight, row.weight]),
        join([form.cap, row.cap]),
    )
