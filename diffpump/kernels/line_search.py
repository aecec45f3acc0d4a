"""Integer line search: every rounding of the points on a segment from x to an integral point y.

On the integer columns the rounding of x + t (y - x), 0 <= t <= 1, changes where a column passes a half. These
t are sorted, and at each the column moves by one, which touches the entries of its rows only. The rounding
with the fewest violated rows is kept, of equal ones that with the smallest sum of their excesses
(`kernels.violated`).

A column with k halves between x and y moves k times, up to `STEPS_PER_COLUMN` times, after which it stays.

Source: Boland, Eberhard, Engineer, Fischetti, Savelsbergh, Tsoukalas, Boosting the feasibility pump (2014).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Index, Model, model
from diffpump.kernels.violated import VIOLATED, Point, move, point, set_point, update_best

STEPS_PER_COLUMN = 100  # moves of one general integer on a segment, so that a wide one does not take all time


def searcher(problem: Problem) -> Callable[[Vector, Vector], Vector]:
    """Return a function (x, y) -> the best rounding (n,) on the segment from x (n,) to y (n,).

    Continuous columns keep the values of x.
    """
    return _searcher(model(problem))


def _searcher(m: Model) -> Callable[[Vector, Vector], Vector]:
    at, integers = point(m), np.flatnonzero(m.integer)
    lo, hi = np.ceil(m.lb[integers]), np.floor(m.ub[integers])

    def search(x: Vector, y: Vector) -> Vector:
        start = x.copy()
        start[integers] = np.clip(np.ceil(x[integers] - 0.5) + 0.0, lo, hi)
        set_point(m, at, start)
        order, signs = _moves(x[integers], y[integers], start[integers])
        _walk(m, at, integers[order].astype(np.int32), signs)
        return at.best.copy()

    return search


def _moves(x: Vector, y: Vector, start: Vector) -> tuple[Index, Vector]:
    """Return the positions of the columns that move, in the order of the segment, and the sign of each move.

    x, y, start  (k,): the ends of the segment and the rounding of the first, on integer columns
    """
    steps = np.minimum(np.abs(y - start), STEPS_PER_COLUMN).astype(np.int64)
    columns = np.repeat(np.arange(x.size), steps)
    number = np.arange(columns.size) - np.repeat(np.cumsum(steps) - steps, steps)  # of the move of its column
    signs = np.sign(y - start)[columns]
    passed = start[columns] + signs * (number + 0.5)  # the half that the column passes
    t = (passed - x[columns]) / (y - x)[columns]
    order = np.argsort(t, kind="stable")
    return columns[order].astype(np.int32), signs[order]


@kernel
def _walk(model: Model, point: Point, columns: Index, signs: Vector) -> None:
    """Move the columns one after another until the point violates no row, and keep the best point."""
    for k in range(columns.size):
        if point.counts[VIOLATED] == 0:
            break
        j = columns[k]
        move(model, point, j, point.x[j] + signs[k])
        update_best(point)


@warm_up("line search")
def _warm_up(model: Model) -> None:
    _searcher(model)(model.lb + 0.5, model.lb + 1.0)
