"""1-opt: improve a feasible point by moving one column at a time as far as the slack of its rows allows.

Column j moves in the direction -sign(c_j) by

    room_j = min(distance to its bound, min over its rows i of slack_i / |a_ij|), rounded down if integer.

The column with the largest gain |c_j| room_j moves first (ties: the larger |c_j|, then the smaller j), and
its room is computed again just before the move. Rounds repeat until no column gains, so the result is a local
optimum of single-column moves. A column without a limit, which makes the problem unbounded, does not move.

Every round starts from freshly computed activities. The returned point is the last one at which all rows held
within row_tol by such activities. Integer columns may use half of a row's tolerance, continuous columns none.

Source: the 1-opt heuristic of SCIP (Achterberg, Constraint Integer Programming, 2007, section 9.4), extended
to continuous columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Model

ONEOPT_PASSES = 20  # passes over the matrix that callers allow
MIN_RELATIVE_GAIN = 1e-9  # relative to 1 + |c'x|: ends ever smaller moves of continuous columns


def oneopt(model: Model, x: Vector, budget: int) -> tuple[Vector, int]:
    """Return an improved point (n,) and the work done, in touched nonzeros.

    x        a feasible point (n,), which is not changed
    budget   touched nonzeros, exceeded by at most one column and by one computation of all activities a round
    """
    x, verified = x.copy(), x.copy()
    activity, gain = np.empty(model.row_lo.size), np.empty(x.size)
    work = 0
    while True:
        holds, touched = _activities(model, x, activity)
        work += touched
        if not holds:
            return verified, work
        verified[:] = x
        min_gain = MIN_RELATIVE_GAIN * (1.0 + abs(float(model.cost @ x)))
        work = _gains(model, x, activity, gain, work, budget)
        order = np.lexsort((-np.abs(model.cost), -gain))
        order = order[gain[order] > min_gain]
        if order.size == 0 or work >= budget:
            return verified, work
        work = _shift(model, x, activity, order, min_gain, work, budget)


@kernel
def _activities(model: Model, x: Vector, activity: Vector) -> tuple[bool, int]:
    """Fill in the rows' activities (m + 1,). Return whether every row holds, and the work."""
    holds = True
    for i in range(activity.size):
        total = 0.0
        for k in range(model.row_start[i], model.row_start[i + 1]):
            total += model.row_val[k] * x[model.row_col[k]]
        activity[i] = total
        tol = model.row_tol[i]
        holds = holds and model.row_lo[i] - tol <= total <= model.row_hi[i] + tol
    return holds, model.row_col.size


@kernel
def _room(model: Model, x: Vector, activity: Vector, j: int) -> float:
    """Return how far column j can move in its improving direction, with the sign of that direction."""
    sign = -1.0 if model.cost[j] > 0.0 else 1.0
    room = model.ub[j] - x[j] if sign > 0.0 else x[j] - model.lb[j]
    share = 0.5 if model.integer[j] else 0.0
    for k in range(model.col_start[j], model.col_start[j + 1]):
        if room <= 0.0:
            return 0.0
        i, a = model.col_row[k], model.col_val[k] * sign
        slack = model.row_hi[i] - activity[i] if a > 0.0 else activity[i] - model.row_lo[i]
        room = min(room, (slack + share * model.row_tol[i]) / abs(a))
    if model.integer[j] and room < np.inf:
        room = np.floor(room)
    return float(sign * max(room, 0.0))


@kernel
def _gains(model: Model, x: Vector, activity: Vector, gain: Vector, work: int, budget: int) -> int:
    """Fill in the gain of moving each column now (n,), 0 for the columns after the end of the budget.

    Return the work so far.
    """
    gain[:] = 0.0
    for j in range(x.size):
        if model.cost[j] != 0.0 and model.lb[j] < model.ub[j]:
            if work >= budget:
                break
            work += model.col_start[j + 1] - model.col_start[j]
            room = _room(model, x, activity, j)
            gain[j] = abs(model.cost[j] * room) if abs(room) < np.inf else 0.0
    return work


@kernel
def _shift(
    model: Model, x: Vector, activity: Vector, order: NDArray[np.int64], min_gain: float,
    work: int, budget: int,
) -> int:  # fmt: skip
    """Move the columns in the given order, each by its room at that moment. Return the work so far."""
    for j in order:
        if work >= budget:
            break
        room = _room(model, x, activity, j)
        begin, end = model.col_start[j], model.col_start[j + 1]
        work += end - begin
        if abs(model.cost[j] * room) > min_gain and abs(room) < np.inf:
            x[j] = min(max(x[j] + room, model.lb[j]), model.ub[j])
            work += end - begin
            for k in range(begin, end):
                activity[model.col_row[k]] += model.col_val[k] * room
    return work


@warm_up("1-opt")
def _warm_up(model: Model) -> None:
    oneopt(model, np.zeros(model.lb.size), 1000)
