"""Bound propagation over all rows, with undo.

Every row is treated as two inequalities, a'x <= hi (side 0) and -a'x <= -lo (side 1). With c = a or -a and
the right-hand side b:

    least = sum_{c_j > 0} c_j lb_j + sum_{c_j < 0} c_j ub_j      the minimal activity
    slack = b + tolerance - least                                if negative, the row is in conflict
    x_j <= lb_j + slack / c_j  (c_j > 0),   x_j >= ub_j + slack / c_j  (c_j < 0)

Infinite terms of `least` are counted separately. A row with one infinite term bounds only the column of that
term, and a row with more of them bounds none. `least` is updated with every change of a bound and shows which
rows may imply a bound. Before such a row is propagated, its `least` is summed afresh, so that errors
accumulated over changes and undos neither cut off a point nor cause a conflict. All tolerances are on the
safe side: no point that the judge accepts is ever cut off. Bounds of integer columns are rounded inwards;
bounds of continuous columns change only by a substantial amount.

Sources: Savelsbergh (1994); Achterberg, Constraint Integer Programming (2007), section 7.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Index, Model

SUM_ERROR = 1e-14  # error of a sum, as a share of the sum of its terms' magnitudes
MAX_BOUND = 1e8  # no larger |bound| is deduced: cancellation makes it worthless
MIN_GAIN = 1e-3  # a bound of a continuous column moves by more than this ...
MIN_SHARE = 0.3  # ... and by more than this share of the column's range

# Positions in `Domain.state`: head and length of the queue, length of the trail, trail position of the last
# mark.
HEAD, LENGTH, TRAIL, MARK = range(4)
LOWER, UPPER = 0, 1  # sides of a column


class Domain(NamedTuple):
    """The current bounds of n columns, the activities of m + 1 rows, and the trail of changes for `undo`.

    lb, ub          bounds (n,)
    least           (2, m + 1): the finite part of the minimal activity, by side of the row
    infinite        (2, m + 1): the number of infinite terms of the minimal activity
    reach           (m + 1,): a row with this slack or more implies nothing. It is the largest
                    |a_j| (ub_j - lb_j) when the row was last propagated; continuous columns count with the
                    share 1 - MIN_SHARE of that.
    queue, queued   (m + 1,): the rows to propagate, in a ring buffer, and whether a row is among them
    trail_column, trail_side, trail_value
                    the bounds that were changed, with their old values, in order of time
    trail_earlier   the trail position of the same bound's earlier entry, -1 if there is none
    latest          (2, n): the trail position of a bound's latest entry, -1 if there is none
    state           (4,): head and length of the queue, length of the trail, trail position of the last mark
    """

    lb: Vector
    ub: Vector
    least: Vector
    infinite: NDArray[np.int32]
    reach: Vector
    queue: Index
    queued: NDArray[np.bool_]
    trail_column: Index
    trail_side: NDArray[np.int8]
    trail_value: Vector
    trail_earlier: NDArray[np.int64]
    latest: NDArray[np.int64]
    state: NDArray[np.int64]


def domain(model: Model) -> Domain:
    """Return the domain of the model's own bounds, with every row queued."""
    rows, n = model.row_lo.size, model.lb.size
    row = np.repeat(np.arange(rows), np.diff(model.row_start))
    lb, ub = model.lb[model.row_col], model.ub[model.row_col]
    least, infinite = np.empty((2, rows)), np.empty((2, rows), dtype=np.int32)
    for side, c in enumerate((model.row_val, -model.row_val)):
        bound = np.where(c > 0, lb, ub)
        finite = np.isfinite(bound)
        least[side] = np.bincount(row, c * np.where(finite, bound, 0.0), rows)
        infinite[side] = np.bincount(row[~finite], minlength=rows)
    reach = np.zeros(rows)
    share = np.where(model.integer[model.row_col], 1.0, 1.0 - MIN_SHARE)
    np.maximum.at(reach, row, np.abs(model.row_val) * (ub - lb) * share)
    capacity = 16 * n + 64
    return Domain(
        lb=model.lb.copy(),
        ub=model.ub.copy(),
        least=least,
        infinite=infinite,
        reach=reach,
        queue=np.arange(rows, dtype=np.int32),
        queued=np.ones(rows, dtype=np.bool_),
        trail_column=np.empty(capacity, dtype=np.int32),
        trail_side=np.empty(capacity, dtype=np.int8),
        trail_value=np.empty(capacity),
        trail_earlier=np.empty(capacity, dtype=np.int64),
        latest=np.full((2, n), -1, dtype=np.int64),
        state=np.array([0, rows, 0, 0], dtype=np.int64),
    )


@kernel
def wake(domain: Domain, row: int) -> None:
    """Queue a row. Callers that change the sides of a row must call this."""
    if not domain.queued[row]:
        domain.queued[row] = True
        end = domain.state[HEAD] + domain.state[LENGTH]
        domain.queue[end if end < domain.queue.size else end - domain.queue.size] = row
        domain.state[LENGTH] += 1


@kernel
def _pop(domain: Domain) -> int:
    """Remove the first row from the queue and return it."""
    head = domain.state[HEAD]
    row = domain.queue[head]
    domain.queued[row] = False
    domain.state[HEAD] = head + 1 if head + 1 < domain.queue.size else 0
    domain.state[LENGTH] -= 1
    return int(row)


@kernel
def propagate(model: Model, domain: Domain, budget: int) -> tuple[int, int]:
    """Tighten bounds until no row is queued. Return (a row in conflict or -1, touched nonzeros).

    Propagation stops at a conflict, which changes no bound, and another call continues with the other rows.
    It also stops when the budget, in touched nonzeros, is used up; `state[LENGTH]` rows are then left
    for the next call. It exceeds the budget by at most four passes over one row and two over one column.
    """
    work = 0
    while domain.state[LENGTH] > 0 and work < budget:
        row = _pop(domain)
        for side in range(2):
            if _may_imply(model, domain, row, side):
                conflict, touched = _propagate_side(model, domain, row, side, budget - work)
                work += touched
                if conflict:
                    return row, work
    return -1, work


@kernel
def tighten(model: Model, domain: Domain, column: int, side: int, value: float) -> int:
    """Move a column's LOWER or UPPER bound inwards to a value. Return the touched nonzeros, or -1 on failure.

    A weaker bound changes nothing and returns 0. The call fails and changes nothing if the value lies beyond
    the column's other bound or the trail is full. The trail takes at most two entries per column and mark. It
    has room for 16 entries per column, of which `propagate` leaves 2 free.
    """
    other = domain.ub[column] - value if side == LOWER else value - domain.lb[column]
    if other < 0.0 or domain.state[TRAIL] == domain.trail_column.size:
        return -1
    gain = value - domain.lb[column] if side == LOWER else domain.ub[column] - value
    if gain <= 0.0:
        return 0
    _save(domain, column, side)
    return _set_bound(model, domain, column, side, value)


@kernel
def mark(domain: Domain) -> int:
    """Return the current trail position, to which `undo` can go back."""
    domain.state[MARK] = domain.state[TRAIL]
    return int(domain.state[MARK])


@kernel
def undo(model: Model, domain: Domain, mark: int) -> int:
    """Undo all changes since a mark. Return the touched nonzeros.

    Bounds are restored to the last bit and minimal activities up to rounding. The queue is empty afterwards.
    """
    work, state = 0, domain.state
    while state[TRAIL] > mark:
        state[TRAIL] -= 1
        entry = state[TRAIL]
        column, side = domain.trail_column[entry], domain.trail_side[entry]
        domain.latest[side, column] = domain.trail_earlier[entry]
        work += _set_bound(model, domain, column, side, domain.trail_value[entry])
    while state[LENGTH] > 0:
        _pop(domain)
    state[MARK] = mark
    return work


@kernel
def _save(domain: Domain, column: int, side: int) -> None:
    """Append a bound to the trail, once per mark."""
    earlier = domain.latest[side, column]
    if earlier < domain.state[MARK]:
        entry = domain.state[TRAIL]
        domain.trail_column[entry] = column
        domain.trail_side[entry] = side
        domain.trail_value[entry] = domain.lb[column] if side == LOWER else domain.ub[column]
        domain.trail_earlier[entry] = earlier
        domain.latest[side, column] = entry
        domain.state[TRAIL] += 1


@kernel
def _set_bound(model: Model, domain: Domain, column: int, side: int, value: float) -> int:
    """Set a bound, update minimal activities, and queue rows if it is tighter. Return the touched nonzeros.

    A new lower bound l' in place of l adds |a| (l' - l) to the minimal activity of a row with coefficient a,
    on side [a < 0]. A new upper bound u' in place of u adds |a| (u - u') on the other side.
    """
    bound, sign = (domain.lb, 1.0) if side == LOWER else (domain.ub, -1.0)
    old, new = sign * bound[column], sign * value
    bound[column] = value
    count = int(new == -np.inf) - int(old == -np.inf)
    step = (0.0 if new == -np.inf else new) - (0.0 if old == -np.inf else old)
    tightened, width = new > old, _useful_width(model, domain, column)
    first, last = model.col_start[column], model.col_start[column + 1]
    for k in range(first, last):
        row, a = model.col_row[k], model.col_val[k]
        which = side if a > 0.0 else 1 - side
        domain.least[which, row] += abs(a) * step
        if count != 0:
            domain.infinite[which, row] += count
        if not tightened:  # after undo, this column may determine the row's reach again
            domain.reach[row] = max(domain.reach[row], abs(a) * width)
        elif not domain.queued[row] and _may_imply(model, domain, row, which):
            wake(domain, row)
    return int(last - first)


@kernel
def _useful_width(model: Model, domain: Domain, column: int) -> float:
    """Return the width w such that a row with slack >= |a_j| w implies no worthwhile bound of the column."""
    width = domain.ub[column] - domain.lb[column]
    return float(width if model.integer[column] else (1.0 - MIN_SHARE) * width)


@kernel
def _may_imply(model: Model, domain: Domain, row: int, side: int) -> bool:
    """Return, in O(1), whether this side of a row can imply a bound or be in conflict."""
    b = model.row_hi[row] if side == 0 else -model.row_lo[row]
    infinite = domain.infinite[side, row]
    slack = b - domain.least[side, row]
    return bool(b < np.inf and (infinite == 1 or (infinite == 0 and slack < domain.reach[row])))


@kernel
def _propagate_side(model: Model, domain: Domain, row: int, side: int, budget: int) -> tuple[bool, int]:
    """Sum one side of a row afresh, then tighten its columns.

    Returns (whether the row is in conflict, touched nonzeros).
    """
    first, last = model.row_start[row], model.row_start[row + 1]
    sign, b = (1.0, model.row_hi[row]) if side == 0 else (-1.0, -model.row_lo[row])
    least, size, infinite, reach = 0.0, abs(b), 0, 0.0
    for k in range(first, last):
        c, j = sign * model.row_val[k], model.row_col[k]
        reach = max(reach, abs(c) * _useful_width(model, domain, j))
        bound = domain.lb[j] if c > 0.0 else domain.ub[j]
        if abs(bound) == np.inf:
            infinite += 1
        else:
            least += c * bound
            size += abs(c * bound)
    domain.least[side, row], domain.infinite[side, row], domain.reach[row] = least, infinite, reach
    work = int(last - first)
    slack = b - least + model.row_tol[row] + SUM_ERROR * size
    if infinite == 0 and slack < 0.0:
        return True, work
    if not _may_imply(model, domain, row, side):
        return False, work
    work += int(last - first)
    max_trail = domain.trail_column.size - 2 * domain.lb.size
    for k in range(first, last):
        c, j = sign * model.row_val[k], model.row_col[k]
        lb, ub = domain.lb[j], domain.ub[j]
        anchor = lb if c > 0.0 else ub
        if infinite == 1:
            if abs(anchor) < np.inf:
                continue
            anchor = 0.0
        elif abs(c) * (ub - lb) <= slack:
            continue
        end, value = UPPER if c > 0.0 else LOWER, anchor + slack / c
        if model.integer[j]:
            value = np.floor(value + INTEGRAL_TOL) if end == UPPER else np.ceil(value - INTEGRAL_TOL)
        if _worthwhile(model.integer[j], lb, ub, end, value) and domain.state[TRAIL] < max_trail:
            _save(domain, j, end)
            work += _set_bound(model, domain, j, end, value)
            if work >= budget:
                wake(domain, row)
                break
    return False, work


@kernel
def _worthwhile(integer: bool, lb: float, ub: float, side: int, value: float) -> bool:
    """Return whether a new bound gains enough: anything on an integer column, much on a continuous one."""
    gain, old = (ub - value, ub) if side == UPPER else (value - lb, lb)
    if gain <= 0.0 or abs(value) > MAX_BOUND:
        return False
    if integer or abs(old) == np.inf:
        return True
    width = ub - lb if ub - lb < np.inf else abs(old)
    return bool(gain > max(MIN_GAIN, MIN_SHARE * width))


@warm_up("propagation")
def _warm_up(model: Model) -> None:
    bounds = domain(model)
    begin = mark(bounds)
    propagate(model, bounds, 1000)
    tighten(model, bounds, 0, LOWER, 1.0)
    wake(bounds, 0)
    undo(model, bounds, begin)
