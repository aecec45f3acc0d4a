"""Focused local search: moves that make a violated row just hold, scored over all rows of their column.

A step draws 4 violated rows and, from a random place of each, up to 30 columns whose tight move (the row
just holds; integers rounded outwards; clipped into the bounds) is not tabu. A move's gain is

    sum over rows i of its column of  w_i (f(excess_i before) - f(excess_i after)),   f(v) = 0 if row i holds,
    count mode:  f(v) = 1 + v / (5 + 5 v)          magnitude mode:  f(v) = v.

The best move is made. Where it gains nothing, a local minimum, it is first tried together with a second
move that mends a row which it breaks; if no such pair gains, the violated rows' weights w_i grow by 1 and the
single move is made anyway. Now and then (`noise`) the first move drawn is made unscored. A column that has
moved may not turn back for some steps. Repair mode is WalkSAT's: one row a step, more noise.

Sources: WalkSAT (Selman, Kautz, Cohen 1994); breakout weights (Morris 1993); tight moves and tabu (Lin, Zou,
Cai, Local-MIP, 2024); sampled violated rows as a repair (Salvagnin, Roberti, Fischetti, Fix-propagate-repair,
2024). A search goes on from its state: a budget in two parts takes the same steps as in one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels import violated
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index, Model
from diffpump.kernels.rng import Rng, below, rng, uniform
from diffpump.kernels.violated import ACTIVITY, BEST, HI, LO, TOL, VIOLATED, WEIGHT, WORK, Point, excess

CANDIDATES = 30  # scored columns of one row
RAISED = 200  # most weights raised at a local minimum
TENURE, JITTER = 4, 7  # a column is tabu for TENURE + U{0, JITTER - 1} steps
BROKEN = 3  # rows broken by a move that a second move may mend
FAR = 1e8  # no column goes further from 0, clipped: activities would lose the digits that tolerances need
FRESH = 20  # a row is computed afresh each time the search has spent so many times its length
STEPS, LIMIT, ROW, DUE = range(4)  # of `Focus.clock`


class Mode(NamedTuple):
    """How moves are scored, how many rows a step draws, and the share of unscored moves."""

    magnitude: bool
    rows: int
    noise: float


MODES = {"count": Mode(False, 4, 0.02), "magnitude": Mode(True, 4, 0.02), "repair": Mode(False, 1, 0.05)}


class Focus(NamedTuple):
    """A search's state, its caller's: `focus` makes it, `search` goes on, `restart` moves it.

    tabu (n,): +t (-t) when the column last went up (down) and may not turn back before step t; clock: steps,
    the work at which the budgets so far end, the next row to compute afresh and when.
    """

    point: Point
    tabu: NDArray[np.int64]
    clock: NDArray[np.int64]
    rng: Rng

    @property
    def best(self) -> Vector:
        """The best point (n,) so far: fewest violated rows, then the least sum of their excesses."""
        return self.point.best

    @property
    def weight(self) -> Vector:
        """The rows' weights (m + 1,), to read and to write; positive."""
        return self.point.row[:, WEIGHT]


def focus(model: Model, x0: Vector | None = None, seed: int = 0) -> Focus:
    """A search that starts at x0 (n,), or at 0, rounded on integer columns and clipped into the bounds."""
    n = model.lb.size
    state = Focus(violated.point(model), np.zeros(n, np.int64), np.zeros(4, np.int64), rng(seed))
    restart(model, state, np.zeros(n) if x0 is None else x0, keep_weights=True)
    return state


def restart(model: Model, state: Focus, x: Vector, keep_weights: bool = False) -> None:
    """Go on from x (n,), rounded and clipped: best point and tabus are forgotten, weights if not kept.

    Needed, too, after a change of the model's bounds or sides other than the objective row's.
    """
    if not keep_weights:
        state.weight[:] = 1.0
    violated.put(model, state.point, x)
    state.tabu[:] = 0
    state.clock[LIMIT] = state.point.counts[WORK]


def search(model: Model, state: Focus, mode: str, budget: int) -> tuple[int, int]:
    """Search for `budget` touched entries; the violated rows at the best point, and the work of this call.

    The budget holds within one step, and the next call makes up for what this one overran. 0 violated rows:
    the search is at `state.best`, whose rows hold by activities computed afresh. It goes on from there when
    model.row_hi[m], the objective's, has been lowered.
    """
    before = int(state.point.counts[WORK])
    violated.recount(model, state.point)
    _search(model, state, *MODES[mode], budget)
    return int(state.point.counts[BEST]), int(state.point.counts[WORK]) - before


@kernel
def _search(model: Model, state: Focus, magnitude: bool, rows: int, noise: float, budget: int) -> None:
    """Steps until the budget is spent or every row holds."""
    clock, count = state.clock, state.point.counts
    clock[LIMIT] += budget
    while count[WORK] < clock[LIMIT]:
        if count[VIOLATED] == 0:
            violated.refresh(model, state.point)
            if count[VIOLATED] == 0:
                violated.keep(state.point)
                clock[LIMIT] = count[WORK]
                return
        _step(model, state, magnitude, rows, noise)
        if count[WORK] >= clock[DUE]:  # against the drift of activities that are only ever updated
            i = clock[ROW]
            violated.refresh_row(model, state.point, i)
            clock[ROW] = (i + 1) % state.point.place.size
            if clock[ROW] == 0:
                violated.resum(state.point)
            clock[DUE] = count[WORK] + FRESH * (model.row_start[i + 1] - model.row_start[i] + 1)
        violated.keep(state.point)


@kernel
def _step(model: Model, state: Focus, magnitude: bool, rows: int, noise: float) -> None:
    """One move, or at a local minimum perhaps two."""
    listed, size = state.point.violated, state.point.counts[VIOLATED]
    state.clock[STEPS] += 1
    state.point.counts[WORK] += 1
    unscored = uniform(state.rng) < noise
    draws = 1 if unscored else min(rows, size)
    most = 1 if unscored else CANDIDATES * rows // draws
    gain, j, value = -np.inf, -1, 0.0
    for r in range(draws):
        i = listed[r if size <= rows and not unscored else below(state.rng, size)]
        gain, j, value = _scan(model, state, i, most, magnitude, gain, j, value)
    if gain <= 0.0 and not unscored:
        if j >= 0 and _pair(model, state, j, value, gain, magnitude):
            return
        _raise_weights(state)
    if j >= 0:
        _go(model, state, j, value)


@kernel
def _scan(
    model: Model, state: Focus, i: int, most: int, magnitude: bool, gain: float, column: int, value: float
) -> tuple[float, int, float]:
    """The best of (gain, column, value) and of up to `most` tight moves for row i, equals by older tabus."""
    xs, row, tabus, now, random = state.point.x, state.point.row, state.tabu, state.clock[STEPS], state.rng
    row_col, row_val, lbs, ubs, integer = model.row_col, model.row_val, model.lb, model.ub, model.integer
    col_start, col_row, col_val = model.col_start, model.col_row, model.col_val
    begin, size = model.row_start[i], model.row_start[i + 1] - model.row_start[i]
    activity, lo, hi, tol = row[i, ACTIVITY], row[i, LO], row[i, HI], row[i, TOL]
    need = (hi if activity > hi else lo) - activity
    k, end = begin + below(random, size), begin + size
    tried, scored, scanned = 0, 0, 0
    while scanned < size and tried < most:
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
            d = _whole(need, a, hi - lo, tol, random)
        target = min(max(x + d, lb), ub)
        origin = min(max(0.0, lb), ub)
        if target == x or abs(target - origin) > max(FAR, abs(x - origin)):
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
def _whole(need: float, a: float, width: float, tol: float, state: Rng) -> float:
    """The least whole step of a column with coefficient a that makes up for `need`.

    In a row too narrow for it, it may step over the other side: then, by a coin, one less (if not 0).
    """
    steps = np.ceil((abs(need) - 0.5 * tol) / abs(a))
    if steps > 1.0 and steps * abs(a) > abs(need) + width + tol and uniform(state) < 0.5:
        steps -= 1.0
    return float(steps if need * a > 0.0 else -steps)


@kernel
def _gain(
    col_row: Index, col_val: Vector, first: int, last: int, row: Vector, d: float, magnitude: bool
) -> float:
    """The gain of a move by d of the column with the entries first..last - 1."""
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
    """f(v)."""
    if v <= tol:
        return 0.0
    return v if magnitude else 1.0 + 0.2 * v / (1.0 + v)


@kernel
def _pair(model: Model, state: Focus, j: int, value: float, gain: float, magnitude: bool) -> bool:
    """Make the move and the best second one that mends a row it breaks, if both together gain; whether so."""
    point, back, tabu = state.point, state.point.x[j], state.tabu[j]
    second, partner, target = -np.inf, -1, 0.0
    broken = 0
    _go(model, state, j, value)
    for k in range(model.col_start[j], model.col_start[j + 1]):
        i = model.col_row[k]
        before = point.row[i, ACTIVITY] - model.col_val[k] * (value - back)
        if point.place[i] >= 0 and excess(before, point.row[i, LO], point.row[i, HI]) <= point.row[i, TOL]:
            second, partner, target = _scan(model, state, i, CANDIDATES, magnitude, second, partner, target)
            broken += 1
            if broken == BROKEN:
                break
    if partner >= 0 and gain + second > 0.0:
        _go(model, state, partner, target)
        return True
    violated.move(model, point, j, back)
    state.tabu[j] = tabu
    return False


@kernel
def _go(model: Model, state: Focus, j: int, value: float) -> None:
    """Column j takes a value and may not turn back for some steps."""
    until = state.clock[STEPS] + TENURE + below(state.rng, JITTER)
    state.tabu[j] = until if value > state.point.x[j] else -until
    violated.move(model, state.point, j, value)


@kernel
def _raise_weights(state: Focus) -> None:
    """Violated rows weigh 1 more: all, or RAISED of them from a random place of the list."""
    size = state.point.counts[VIOLATED]
    offset = below(state.rng, size)
    for k in range(min(size, RAISED)):
        state.point.row[state.point.violated[(offset + k) % size], WEIGHT] += 1.0
