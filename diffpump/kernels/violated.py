"""A point, the activities of its rows and the list of rows it violates, kept while columns move.

    excess_i = max(a_i x - row_hi_i, row_lo_i - a_i x, 0),   row i is violated when excess_i > row_tol_i

A move of column j costs the entries of column j. `violated` lists the violated rows in no order, `place`
says where a row stands in it, so that rows come and go in O(1). The best point (fewest violated rows, then
the least sum of their excesses) is kept by a journal of the columns that moved since, not by copies of x.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index, Model

ACTIVITY, WEIGHT, LO, HI, TOL = range(5)  # of `Point.row`
WORK, VIOLATED, MOVED, BEST = range(4)  # of `Point.counts`
EXCESS, BEST_EXCESS = range(2)  # of `Point.totals`

Counts = NDArray[np.int64]


class Point(NamedTuple):
    """Made by `point`, given its x by `put`.

    x (n,); row (m + 1, 5): what scoring reads of a row, side by side for the cache's sake; violated (m + 1,):
    its first `VIOLATED` entries; place (m + 1,): -1 for rows that hold; best (n,); journal (n,): its first
    `MOVED` columns, marked in moved (n,), are those where x may differ from best; counts: work in touched
    entries, violated rows of x, length of the journal, violated rows of best; totals: excesses of x, of best.
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
    """Room for a point of the model, all weights 1; `put` comes next."""
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


def put(model: Model, point: Point, x: Vector) -> None:
    """Start anew from x (n,), integers rounded, clipped into the bounds; sides are read from the model."""
    np.clip(np.where(model.integer, np.rint(x), x), model.lb, model.ub, out=point.x)
    point.row[:, LO], point.row[:, HI] = model.row_lo, model.row_hi
    refresh(model, point)
    point.best[:] = point.x
    point.moved[:] = False
    point.counts[MOVED], point.counts[BEST] = 0, point.counts[VIOLATED]
    point.totals[BEST_EXCESS] = point.totals[EXCESS]


@kernel
def excess(activity: float, lo: float, hi: float) -> float:
    """By how much an activity is outside its sides."""
    if activity > hi:
        return activity - hi
    return lo - activity if activity < lo else 0.0


@kernel
def settle(
    row: Vector, listed: Index, place: Index, count: Counts, total: Vector, i: int, activity: float
) -> None:
    """Row i has a new activity: its place in the list and the sum of excesses follow.

    It takes a `Point`'s arrays, not the point: passing one around costs more than this does.
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
    """Column j takes a value."""
    row, listed, place, count, total = point.row, point.violated, point.place, point.counts, point.totals
    col_row, col_val = model.col_row, model.col_val
    d = value - point.x[j]
    point.x[j] = value
    begin, end = model.col_start[j], model.col_start[j + 1]
    for k in range(begin, end):
        i = col_row[k]
        settle(row, listed, place, count, total, i, row[i, ACTIVITY] + col_val[k] * d)
    count[WORK] += end - begin
    if not point.moved[j]:
        point.moved[j] = True
        point.journal[point.counts[MOVED]] = j
        point.counts[MOVED] += 1


@kernel
def keep(point: Point) -> None:
    """Make x the best point when it is better."""
    count, total = point.counts, point.totals
    if count[VIOLATED] > count[BEST]:
        return
    if count[VIOLATED] == count[BEST] and total[EXCESS] >= total[BEST_EXCESS]:
        return
    for k in range(count[MOVED]):
        j = point.journal[k]
        point.best[j] = point.x[j]
        point.moved[j] = False
    count[MOVED], count[BEST] = 0, count[VIOLATED]
    total[BEST_EXCESS] = total[EXCESS]


@kernel
def refresh_row(model: Model, point: Point, i: int) -> None:
    """Row i's activity, computed afresh."""
    begin, end = model.row_start[i], model.row_start[i + 1]
    activity = 0.0
    for k in range(begin, end):
        activity += model.row_val[k] * point.x[model.row_col[k]]
    point.counts[WORK] += end - begin + 1
    settle(point.row, point.violated, point.place, point.counts, point.totals, i, activity)


@kernel
def refresh(model: Model, point: Point) -> None:
    """All activities, the list and the sum, computed afresh."""
    point.counts[VIOLATED] = 0
    point.place[:] = -1
    point.totals[EXCESS] = 0.0
    for i in range(point.place.size):
        refresh_row(model, point, i)


@kernel
def resum(point: Point) -> None:
    """The sum of excesses from the list, free of what rounding the large ones that are gone have left."""
    total = 0.0
    for k in range(point.counts[VIOLATED]):
        i = point.violated[k]
        total += excess(point.row[i, ACTIVITY], point.row[i, LO], point.row[i, HI])
    point.totals[EXCESS] = total


@kernel
def recount(model: Model, point: Point) -> None:
    """Take over the objective row's side, which callers lower: x and the best point are judged anew."""
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
    point.counts[BEST], point.totals[BEST_EXCESS] = violated, total
