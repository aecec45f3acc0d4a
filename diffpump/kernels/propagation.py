"""Bound propagation over all rows, with undo (Savelsbergh 1994; Achterberg 2007, section 7.1).

Every row is read twice, as a'x <= hi (side 0) and as -a'x <= -lo (side 1). With c = a or -a, and b its side:

    least = sum_{c_j > 0} c_j lb_j + sum_{c_j < 0} c_j ub_j      the least activity
    slack = b + tolerance - least                                negative: the row is in conflict
    x_j <= lb_j + slack / c_j  (c_j > 0),   x_j >= ub_j + slack / c_j  (c_j < 0)

Infinite terms of `least` are counted apart: with one of them only its own column is bounded, with more none
is. `least` follows every change of a bound and says which rows are worth a look; a row that is looked at is
summed afresh first, so that what has drifted over changes and undos neither cuts off a point nor makes a
conflict. The tolerances err towards keeping points: no point that the judge accepts is ever cut off.
Bounds of integer columns are rounded inwards; those of continuous columns change only when much is gained.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index, Model

ROUNDING = 1e-14  # error of a sum, as a share of the sum of its terms' magnitudes
HUGE = 1e8  # bounds beyond this are not deduced: cancellation makes them worthless
MIN_GAIN = 1e-3  # a continuous bound moves by more than this ...
MIN_SHARE = 0.3  # ... and by more than this share of the column's range

HEAD, LENGTH, TRAIL, MARK = 0, 1, 2, 3  # what `Domain.state` holds
LOWER, UPPER = 0, 1  # sides of a column


class Domain(NamedTuple):
    """Bounds at work. For m + 1 rows and n columns:

    lb, ub (n,); least, infinite (2, m + 1): the finite part of the least activity and the number of its
    infinite terms, by side of the row; reach (m + 1,): a slack from which on a row implies nothing, the
    largest |a_j| (ub_j - lb_j) at the last look (of a continuous column only the share that must be left).
    queue, queued (m + 1,): rows to look at, in a ring. trail_*: the bounds as they were (column, side, old
    value, position of this bound's earlier entry); latest (2, n): where on the trail a bound's last entry is,
    -1 if nowhere. state (4,): head and length of the queue, length of the trail, position of the last mark.
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
    """The model's own bounds, every row queued."""
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
    """Queue a row, as a caller must that has changed the row's sides."""
    if not domain.queued[row]:
        domain.queued[row] = True
        end = domain.state[HEAD] + domain.state[LENGTH]
        domain.queue[end if end < domain.queue.size else end - domain.queue.size] = row
        domain.state[LENGTH] += 1


@kernel
def _pop(domain: Domain) -> int:
    """Take the first row off the queue."""
    head = domain.state[HEAD]
    row = domain.queue[head]
    domain.queued[row] = False
    domain.state[HEAD] = head + 1 if head + 1 < domain.queue.size else 0
    domain.state[LENGTH] -= 1
    return int(row)


@kernel
def propagate(model: Model, domain: Domain, budget: int) -> tuple[int, int]:
    """Tighten bounds until no queued row is left: (a row in conflict or -1, touched nonzeros).

    Stops at a conflict, which changes nothing (a further call goes on with the other rows), and when the
    budget is used up: `state[LENGTH]` rows are left then, for the next call. It overruns the budget by no
    more than four passes over one row and two over one column.
    """
    work = 0
    while domain.state[LENGTH] > 0 and work < budget:
        row = _pop(domain)
        for side in range(2):
            if _may_imply(model, domain, row, side):
                conflict, touched = _look(model, domain, row, side, budget - work)
                work += touched
                if conflict:
                    return row, work
    return -1, work


@kernel
def tighten(model: Model, domain: Domain, column: int, side: int, value: float) -> int:
    """Move a column's LOWER or UPPER bound inwards: touched nonzeros; a weaker bound changes nothing.

    -1, and nothing changes, where the bound would cross the other one or the trail is full (it holds two
    entries per column and mark at most, 16 per column in all, of which `propagate` leaves 2 free).
    """
    other = domain.ub[column] - value if side == LOWER else value - domain.lb[column]
    if other < 0.0 or domain.state[TRAIL] == domain.trail_column.size:
        return -1
    gain = value - domain.lb[column] if side == LOWER else domain.ub[column] - value
    if gain <= 0.0:
        return 0
    _save(domain, column, side)
    return _shift(model, domain, column, side, value)


@kernel
def mark(domain: Domain) -> int:
    """A place on the trail to which `undo` goes back."""
    domain.state[MARK] = domain.state[TRAIL]
    return int(domain.state[MARK])


@kernel
def undo(model: Model, domain: Domain, mark: int) -> int:
    """Take back what changed since a mark: touched nonzeros. Bounds are those of then to the last bit, least
    activities up to rounding; the queue is empty."""
    work, state = 0, domain.state
    while state[TRAIL] > mark:
        state[TRAIL] -= 1
        entry = state[TRAIL]
        column, side = domain.trail_column[entry], domain.trail_side[entry]
        domain.latest[side, column] = domain.trail_earlier[entry]
        work += _shift(model, domain, column, side, domain.trail_value[entry])
    while state[LENGTH] > 0:
        _pop(domain)
    state[MARK] = mark
    return work


@kernel
def _save(domain: Domain, column: int, side: int) -> None:
    """Put a bound on the trail, once per mark."""
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
def _shift(model: Model, domain: Domain, column: int, side: int, value: float) -> int:
    """Set a bound; the least activities follow, and a tightening queues rows. Touched nonzeros.

    A lower bound l moves the least activity of a row with coefficient a on side [a < 0] by |a| (l' - l);
    an upper bound u moves the opposite side by |a| (u - u').
    """
    bound, sign = (domain.lb, 1.0) if side == LOWER else (domain.ub, -1.0)
    old, new = sign * bound[column], sign * value
    bound[column] = value
    count = int(new == -np.inf) - int(old == -np.inf)
    step = (0.0 if new == -np.inf else new) - (0.0 if old == -np.inf else old)
    tightened, width = new > old, _range(model, domain, column)
    first, last = model.col_start[column], model.col_start[column + 1]
    for k in range(first, last):
        row, a = model.col_row[k], model.col_val[k]
        which = side if a > 0.0 else 1 - side
        domain.least[which, row] += abs(a) * step
        if count != 0:
            domain.infinite[which, row] += count
        if not tightened:  # the undone range may be the row's largest again
            domain.reach[row] = max(domain.reach[row], abs(a) * width)
        elif not domain.queued[row] and _may_imply(model, domain, row, which):
            wake(domain, row)
    return int(last - first)


@kernel
def _range(model: Model, domain: Domain, column: int) -> float:
    """A row with slack >= |a_j| times this implies no bound of the column that is worth a change."""
    width = domain.ub[column] - domain.lb[column]
    return float(width if model.integer[column] else (1.0 - MIN_SHARE) * width)


@kernel
def _may_imply(model: Model, domain: Domain, row: int, side: int) -> bool:
    """Whether a look at this side of a row can find anything; O(1)."""
    b = model.row_hi[row] if side == 0 else -model.row_lo[row]
    infinite = domain.infinite[side, row]
    slack = b - domain.least[side, row]
    return bool(b < np.inf and (infinite == 1 or (infinite == 0 and slack < domain.reach[row])))


@kernel
def _look(model: Model, domain: Domain, row: int, side: int, budget: int) -> tuple[bool, int]:
    """Sum one side of a row afresh, then tighten its columns: (in conflict?, touched nonzeros)."""
    first, last = model.row_start[row], model.row_start[row + 1]
    sign, b = (1.0, model.row_hi[row]) if side == 0 else (-1.0, -model.row_lo[row])
    least, size, infinite, reach = 0.0, abs(b), 0, 0.0
    for k in range(first, last):
        c, j = sign * model.row_val[k], model.row_col[k]
        reach = max(reach, abs(c) * _range(model, domain, j))
        bound = domain.lb[j] if c > 0.0 else domain.ub[j]
        if abs(bound) == np.inf:
            infinite += 1
        else:
            least += c * bound
            size += abs(c * bound)
    domain.least[side, row], domain.infinite[side, row], domain.reach[row] = least, infinite, reach
    work = int(last - first)
    slack = b - least + model.row_tol[row] + ROUNDING * size
    if infinite == 0 and slack < 0.0:
        return True, work
    if not _may_imply(model, domain, row, side):
        return False, work
    work += int(last - first)
    room = domain.trail_column.size - 2 * domain.lb.size
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
        if _worthwhile(model.integer[j], lb, ub, end, value) and domain.state[TRAIL] < room:
            _save(domain, j, end)
            work += _shift(model, domain, j, end, value)
            if work >= budget:
                wake(domain, row)
                break
    return False, work


@kernel
def _worthwhile(integer: bool, lb: float, ub: float, side: int, value: float) -> bool:
    """Whether a bound is worth a change: any gain on an integer column, a large one on a continuous one."""
    gain, old = (ub - value, ub) if side == UPPER else (value - lb, lb)
    if gain <= 0.0 or abs(value) > HUGE:
        return False
    if integer or abs(old) == np.inf:
        return True
    width = ub - lb if ub - lb < np.inf else abs(old)
    return bool(gain > max(MIN_GAIN, MIN_SHARE * width))
