"""Focused local search: moves of one column that repair a violated row, scored over all rows of the column.

The tight move of a column makes a violated row just hold: integer columns round it away from the violation,
and the bounds clip it. A step samples 4 violated rows and, from a random position of each, up to 30 columns
whose tight move is not tabu. The gain of a move is

    sum over rows i of its column of  w_i (f(excess_i before) - f(excess_i after)),   f(v) = 0 if row i holds,
    count mode:  f(v) = 1 + v / (5 + 5 v)          magnitude mode:  f(v) = v.

The step makes the move with the largest gain. If no gain is positive, the point is a local minimum. The step
then tries the move together with a second one that repairs a row which the first one breaks. If no such pair
gains, the weights w_i of the violated rows grow by 1, and the step makes the single move. With probability
`noise` a step makes the first move it draws without scoring it. A column that has moved is tabu in the
opposite direction for some steps. Repair mode is that of WalkSAT: one row per step and more noise.

A search continues from its state: a budget in two parts takes the same steps as the budget in one.

Sources: WalkSAT (Selman, Kautz, Cohen 1994); breakout weights (Morris 1993); tight moves and tabu (Lin, Zou,
Cai, Local-MIP, 2024); sampled violated rows as a repair (Salvagnin, Roberti, Fischetti, Fix-propagate-repair,
2024).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels import violated
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Index, Model
from diffpump.kernels.rng import Rng, below, rng, uniform
from diffpump.kernels.violated import (
    ACTIVITY,
    BEST_VIOLATED,
    HI,
    LO,
    TOL,
    VIOLATED,
    WEIGHT,
    WORK,
    Point,
    excess,
)

CANDIDATES = 30  # columns scored per sampled row; if fewer rows are violated, they share the same total
MAX_RAISED_ROWS = 200  # violated rows whose weights grow at one local minimum
TENURE, JITTER = 4, 7  # a column is tabu for TENURE + U{0, JITTER - 1} steps
MAX_BROKEN_ROWS = 3  # rows broken by a move for which a second move is sought
# No column moves further than this (or than it already is) from 0 clipped into its bounds: activities would
# lose the digits that the tolerances need.
MAX_DISTANCE = 1e8
# After a row of k entries is computed afresh, the next one follows once this many times k + 1 more entries
# have been touched.
REFRESH_INTERVAL = 20
STEPS, LIMIT, NEXT_ROW, REFRESH_AT = range(4)  # positions in `Focus.clock`


class Mode(NamedTuple):
    """The parameters of a step.

    magnitude   whether f(v) is that of magnitude mode
    rows        the number of violated rows that a step samples
    noise       the probability of an unscored move
    """

    magnitude: bool
    rows: int
    noise: float


MODES = {"count": Mode(False, 4, 0.02), "magnitude": Mode(True, 4, 0.02), "repair": Mode(False, 1, 0.05)}


class Focus(NamedTuple):
    """The state of a search: `focus` creates it, `search` continues from it, `restart` gives it a new point.

    tabu    (n,): +t (or -t) if the column last moved up (or down) and may not move back before step t
    clock   (4,): the steps so far, the work at which the budgets so far end, the next row to compute afresh,
            and the work at which that is due
    """

    point: Point
    tabu: NDArray[np.int64]
    clock: NDArray[np.int64]
    rng: Rng

    @property
    def best(self) -> Vector:
        """The best point (n,) so far: fewest violated rows, then the smallest sum of their excesses."""
        return self.point.best

    @property
    def weight(self) -> Vector:
        """The weights (m + 1,) of the rows, which callers may set to positive values."""
        return self.point.row[:, WEIGHT]


def focus(model: Model, x0: Vector | None = None, seed: int = 0) -> Focus:
    """Return a search that starts at x0 (n,), by default at 0, rounded and clipped into the bounds."""
    n = model.lb.size
    state = Focus(violated.point(model), np.zeros(n, np.int64), np.zeros(4, np.int64), rng(seed))
    restart(model, state, np.zeros(n) if x0 is None else x0, keep_weights=True)
    return state


def restart(model: Model, state: Focus, x: Vector, keep_weights: bool = False) -> None:
    """Continue from x (n,), rounded on integer columns and clipped into the bounds.

    The best point and the tabu list are cleared, and the weights are reset to 1 unless they are to be kept.
    Callers must also restart a search after they change bounds or sides of the model, except the objective
    row's.
    """
    if not keep_weights:
        state.weight[:] = 1.0
    violated.set_point(model, state.point, x)
    state.tabu[:] = 0
    state.clock[LIMIT] = state.point.counts[WORK]


def search(model: Model, state: Focus, mode: str, budget: int) -> tuple[int, int]:
    """Search on for a budget. Return the number of rows that the best point violates, and the work done.

    mode     a key of MODES
    budget   touched entries. A call exceeds it by at most one step, and the next call deducts the excess.

    If no row is violated, the search stands at `state.best`, whose rows hold by freshly computed activities.
    It continues from there once the caller lowers model.row_hi[m], the side of the objective row.
    """
    before = int(state.point.counts[WORK])
    violated.recount(model, state.point)
    _search(model, state, *MODES[mode], budget)
    return int(state.point.counts[BEST_VIOLATED]), int(state.point.counts[WORK]) - before


@kernel
def _search(model: Model, state: Focus, magnitude: bool, rows: int, noise: float, budget: int) -> None:
    """Make steps until the budget is used up or every row holds."""
    clock, count = state.clock, state.point.counts
    clock[LIMIT] += budget
    while count[WORK] < clock[LIMIT]:
        if count[VIOLATED] == 0:
            violated.refresh(model, state.point)
            if count[VIOLATED] == 0:
                violated.update_best(state.point)
                clock[LIMIT] = count[WORK]
                return
        _step(model, state, magnitude, rows, noise)
        if count[WORK] >= clock[REFRESH_AT]:  # updates of activities accumulate rounding errors
            i = clock[NEXT_ROW]
            violated.refresh_row(model, state.point, i)
            clock[NEXT_ROW] = (i + 1) % state.point.place.size
            if clock[NEXT_ROW] == 0:
                violated.recompute_total(state.point)
            clock[REFRESH_AT] = count[WORK] + REFRESH_INTERVAL * (
                model.row_start[i + 1] - model.row_start[i] + 1
            )
        violated.update_best(state.point)


@kernel
def _step(model: Model, state: Focus, magnitude: bool, rows: int, noise: float) -> None:
    """Make one move or, at a local minimum, one or two."""
    listed, size = state.point.violated, state.point.counts[VIOLATED]
    state.clock[STEPS] += 1
    state.point.counts[WORK] += 1
    unscored = uniform(state.rng) < noise
    draws = 1 if unscored else min(rows, size)
    max_tried = 1 if unscored else CANDIDATES * rows // draws
    gain, j, value = -np.inf, -1, 0.0
    for r in range(draws):
        i = listed[r if size <= rows and not unscored else below(state.rng, size)]
        gain, j, value = _scan(model, state, i, max_tried, magnitude, gain, j, value)
    if gain <= 0.0 and not unscored:
        if j >= 0 and _move_pair(model, state, j, value, gain, magnitude):
            return
        _raise_weights(state)
    if j >= 0:
        _move(model, state, j, value)


@kernel
def _scan(
    model: Model, state: Focus, i: int, max_tried: int, magnitude: bool,
    gain: float, column: int, value: float,
) -> tuple[float, int, float]:  # fmt: skip
    """Score up to `max_tried` tight moves of row i. Return the best of them and (gain, column, value).

    Among moves of equal gain, the column whose tabu ends earlier wins.
    """
    xs, row, tabus, now, random = state.point.x, state.point.row, state.tabu, state.clock[STEPS], state.rng
    row_col, row_val, lbs, ubs, integer = model.row_col, model.row_val, model.lb, model.ub, model.integer
    col_start, col_row, col_val = model.col_start, model.col_row, model.col_val
    begin, size = model.row_start[i], model.row_start[i + 1] - model.row_start[i]
    activity, lo, hi, tol = row[i, ACTIVITY], row[i, LO], row[i, HI], row[i, TOL]
    need = (hi if activity > hi else lo) - activity
    k, end = begin + below(random, size), begin + size
    tried, scored, scanned = 0, 0, 0
    while scanned < size and tried < max_tried:
        scanned += 1
        j, a = row_col[k], row_val[k]
        k += 1
        if k == end:
            k = begin
        x, lb, ub, tabu = xs[j], lbs[j], ubs[j], tabus[j]
        up = need * a > 0.0
        if x >= ub if up else x <= lb:
            continue
        if abs(tabu) > now and (tabu > 0) != up:
            continue
        d = need / a
        if integer[j]:
            d = _integer_step(need, a, hi - lo, tol, random)
        target = min(max(x + d, lb), ub)
        origin = min(max(0.0, lb), ub)
        if target == x or abs(target - origin) > max(MAX_DISTANCE, abs(x - origin)):
            continue
        tried += 1
        first, last = col_start[j], col_start[j + 1]
        scored += last - first
        g = _gain(col_row, col_val, first, last, row, target - x, magnitude)
        if g > gain or (g == gain and abs(tabu) < abs(tabus[column])):
            gain, column, value = g, j, target
    state.point.counts[WORK] += scanned + scored
    return gain, column, value


@kernel
def _integer_step(need: float, a: float, width: float, tol: float, state: Rng) -> float:
    """Return the smallest integer step of a column with coefficient a that changes the activity by `need`.

    If the step violates the other side of the row, which is `width` away, it is one shorter with probability
    1/2, unless that is 0.
    """
    steps = np.ceil((abs(need) - 0.5 * tol) / abs(a))
    if steps > 1.0 and steps * abs(a) > abs(need) + width + tol and uniform(state) < 0.5:
        steps -= 1.0
    return float(steps if need * a > 0.0 else -steps)


@kernel
def _gain(
    col_row: Index, col_val: Vector, first: int, last: int, row: Vector, d: float, magnitude: bool
) -> float:
    """Return the gain of a move by d of the column with the entries first, ..., last - 1."""
    gain = 0.0
    for k in range(first, last):
        i = col_row[k]
        lo, hi, tol = row[i, LO], row[i, HI], row[i, TOL]
        old = excess(row[i, ACTIVITY], lo, hi)
        new = excess(row[i, ACTIVITY] + col_val[k] * d, lo, hi)
        if old > tol or new > tol:
            gain += row[i, WEIGHT] * (_loss(old, tol, magnitude) - _loss(new, tol, magnitude))
    return gain


@kernel
def _loss(v: float, tol: float, magnitude: bool) -> float:
    """Return f(v)."""
    if v <= tol:
        return 0.0
    return v if magnitude else 1.0 + 0.2 * v / (1.0 + v)


@kernel
def _move_pair(model: Model, state: Focus, j: int, value: float, gain: float, magnitude: bool) -> bool:
    """Make the move and the best second move that repairs a row it breaks, if the two together gain.

    Return whether they were made. `gain` is that of the first move alone.
    """
    point, back, tabu = state.point, state.point.x[j], state.tabu[j]
    second, partner, target = -np.inf, -1, 0.0
    broken = 0
    _move(model, state, j, value)
    for k in range(model.col_start[j], model.col_start[j + 1]):
        i = model.col_row[k]
        before = point.row[i, ACTIVITY] - model.col_val[k] * (value - back)
        if point.place[i] >= 0 and excess(before, point.row[i, LO], point.row[i, HI]) <= point.row[i, TOL]:
            second, partner, target = _scan(model, state, i, CANDIDATES, magnitude, second, partner, target)
            broken += 1
            if broken == MAX_BROKEN_ROWS:
                break
    if partner >= 0 and gain + second > 0.0:
        _move(model, state, partner, target)
        return True
    violated.move(model, point, j, back)
    state.tabu[j] = tabu
    return False


@kernel
def _move(model: Model, state: Focus, j: int, value: float) -> None:
    """Set column j to a value and make it tabu in the opposite direction for some steps."""
    until = state.clock[STEPS] + TENURE + below(state.rng, JITTER)
    state.tabu[j] = until if value > state.point.x[j] else -until
    violated.move(model, state.point, j, value)


@kernel
def _raise_weights(state: Focus) -> None:
    """Raise the weights of the violated rows by 1, of at most MAX_RAISED_ROWS from a random list position."""
    size = state.point.counts[VIOLATED]
    offset = below(state.rng, size)
    for k in range(min(size, MAX_RAISED_ROWS)):
        state.point.row[state.point.violated[(offset + k) % size], WEIGHT] += 1.0


@warm_up("focused search")
def _warm_up(model: Model) -> None:
    state = focus(model)
    search(model, state, "count", 1000)
    violated.move(model, state.point, 0, 1.0)
