"""A point with the activities of its rows and a list of the rows it violates, updated as columns move.

    excess_i = max(a_i x - row_hi_i, row_lo_i - a_i x, 0),   row i is violated if excess_i > row_tol_i

A move of column j touches the entries of column j. `violated` lists the violated rows in no order, and
`place` holds each row's position in it, so that rows are inserted and removed in O(1). The best point has the
fewest violated rows and, among those, the smallest sum of their excesses. A journal of the columns that moved
since then keeps it up to date without copies of x.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index, Model

ACTIVITY, WEIGHT, LO, HI, TOL = range(5)  # columns of `Point.row`
WORK, VIOLATED, JOURNAL_LENGTH, BEST_VIOLATED = range(4)  # positions in `Point.counts`
EXCESS, BEST_EXCESS = range(2)  # positions in `Point.totals`

Counts = NDArray[np.int64]


class Point(NamedTuple):
    """A point and its violated rows; `point` allocates it and `set_point` sets its x.

    x          the point (n,)
    row        (m + 1, 5): activity, weight, sides and tolerance of each row. Scoring reads them together, so
               they lie side by side for the sake of the processor's cache.
    violated   (m + 1,): the violated rows in the first counts[VIOLATED] entries
    place      (m + 1,): each row's position in `violated`, -1 for a row that holds
    best       the best point (n,)
    journal    (n,): the columns where x may differ from best, in the first counts[JOURNAL_LENGTH] entries
    moved      (n,): whether a column is in the journal
    counts     (4,): work in touched entries, violated rows of x, length of the journal, violated rows of best
    totals     (2,): the sums of the excesses of the rows that x and best violate
    """

    x: Vector
    row: Vector
    violated: Index
    place: Index
    best: Vector
    journal: Index
    moved: NDArray[np.bool_]
    counts: Counts
    totals: Vector


def point(model: Model) -> Point:
    """Return an unset point of the model, with all weights 1; call `set_point` next."""
    n, m = model.lb.size, model.row_lo.size
    return Point(
        x=np.zeros(n),
        row=np.column_stack([np.zeros(m), np.ones(m), model.row_lo, model.row_hi, model.row_tol]),
        violated=np.zeros(m, np.int32),
        place=np.full(m, -1, np.int32),
        best=np.zeros(n),
        journal=np.zeros(n, np.int32),
        moved=np.zeros(n, np.bool_),
        counts=np.zeros(4, np.int64),
        totals=np.zeros(2),
    )


def set_point(model: Model, point: Point, x: Vector) -> None:
    """Set the point and the best point to x (n,), rounded on integer columns and clipped into the bounds.

    The sides of the rows are read from the model again.
    """
    np.clip(np.where(model.integer, np.rint(x), x), model.lb, model.ub, out=point.x)
    point.row[:, LO], point.row[:, HI] = model.row_lo, model.row_hi
    refresh(model, point)
    point.best[:] = point.x
    point.moved[:] = False
    point.counts[JOURNAL_LENGTH], point.counts[BEST_VIOLATED] = 0, point.counts[VIOLATED]
    point.totals[BEST_EXCESS] = point.totals[EXCESS]


@kernel
def excess(activity: float, lo: float, hi: float) -> float:
    """Return by how much an activity lies outside its sides."""
    if activity > hi:
        return activity - hi
    return lo - activity if activity < lo else 0.0


@kernel
def set_activity(
    row: Vector, listed: Index, place: Index, count: Counts, total: Vector, i: int, activity: float
) -> None:
    """Set the activity of row i and update the list of violated rows and the sum of excesses.

    The arguments are a `Point`'s arrays, since passing the point itself costs more than the update.
    """
    if place[i] >= 0:
        total[EXCESS] -= excess(row[i, ACTIVITY], row[i, LO], row[i, HI])
    row[i, ACTIVITY] = activity
    outside = excess(activity, row[i, LO], row[i, HI])
    if outside > row[i, TOL]:
        total[EXCESS] += outside
        if place[i] < 0:
            place[i] = count[VIOLATED]
            listed[place[i]] = i
            count[VIOLATED] += 1
    elif place[i] >= 0:
        count[VIOLATED] -= 1
        last = listed[count[VIOLATED]]
        listed[place[i]] = last
        place[last] = place[i]
        place[i] = -1


@kernel
def move(model: Model, point: Point, j: int, value: float) -> None:
    """Set column j to a value and update its rows and the journal."""
    row, listed, place, count, total = point.row, point.violated, point.place, point.counts, point.totals
    col_row, col_val = model.col_row, model.col_val
    d = value - point.x[j]
    point.x[j] = value
    begin, end = model.col_start[j], model.col_start[j + 1]
    for k in range(begin, end):
        i = col_row[k]
        set_activity(row, listed, place, count, total, i, row[i, ACTIVITY] + col_val[k] * d)
    count[WORK] += end - begin
    if not point.moved[j]:
        point.moved[j] = True
        point.journal[count[JOURNAL_LENGTH]] = j
        count[JOURNAL_LENGTH] += 1


@kernel
def update_best(point: Point) -> None:
    """Make x the best point if it is better."""
    count, total = point.counts, point.totals
    if count[VIOLATED] > count[BEST_VIOLATED]:
        return
    if count[VIOLATED] == count[BEST_VIOLATED] and total[EXCESS] >= total[BEST_EXCESS]:
        return
    for k in range(count[JOURNAL_LENGTH]):
        j = point.journal[k]
        point.best[j] = point.x[j]
        point.moved[j] = False
    count[JOURNAL_LENGTH], count[BEST_VIOLATED] = 0, count[VIOLATED]
    total[BEST_EXCESS] = total[EXCESS]


@kernel
def refresh_row(model: Model, point: Point, i: int) -> None:
    """Compute the activity of row i afresh."""
    begin, end = model.row_start[i], model.row_start[i + 1]
    activity = 0.0
    for k in range(begin, end):
        activity += model.row_val[k] * point.x[model.row_col[k]]
    point.counts[WORK] += end - begin + 1
    set_activity(point.row, point.violated, point.place, point.counts, point.totals, i, activity)


@kernel
def refresh(model: Model, point: Point) -> None:
    """Compute all activities, the list of violated rows and the sum of excesses afresh."""
    point.counts[VIOLATED] = 0
    point.place[:] = -1
    point.totals[EXCESS] = 0.0
    for i in range(point.place.size):
        refresh_row(model, point, i)


@kernel
def recompute_total(point: Point) -> None:
    """Sum the excesses of the violated rows afresh.

    The updated sum keeps the rounding errors of large excesses that are gone.
    """
    total = 0.0
    for k in range(point.counts[VIOLATED]):
        i = point.violated[k]
        total += excess(point.row[i, ACTIVITY], point.row[i, LO], point.row[i, HI])
    point.totals[EXCESS] = total


@kernel
def recount(model: Model, point: Point) -> None:
    """Read the objective row's side from the model, where callers lower it.

    If it has changed, the violated rows of x and of the best point are determined again.
    """
    last = point.place.size - 1
    if point.row[last, HI] == model.row_hi[last]:
        return
    point.row[last, HI] = model.row_hi[last]
    refresh(model, point)
    violated, total = 0, 0.0
    for i in range(point.place.size):
        activity = 0.0
        for k in range(model.row_start[i], model.row_start[i + 1]):
            activity += model.row_val[k] * point.best[model.row_col[k]]
        outside = excess(activity, point.row[i, LO], point.row[i, HI])
        if outside > point.row[i, TOL]:
            violated += 1
            total += outside
    point.counts[WORK] += model.row_col.size
    point.counts[BEST_VIOLATED], point.totals[BEST_EXCESS] = violated, total
