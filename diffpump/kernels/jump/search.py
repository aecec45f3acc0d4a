"""Feasibility Jump (Luteberget, Sartor 2023, Math. Prog. Comp. 15): one column at a time to its best value.

Every column has a jump value and a score (`jump_value`), the fall of the weighted violation F that the jump
brings. Every step makes the best jump of 25 drawn from those with a positive score. Where there is none, a
local minimum, the weights of all violated rows grow by their unit and the best of 25 columns of one violated
row jumps, even if F rises. A row's unit, also its first weight, is 1 / min|a_ij|, at most 1e4: else a row
x <= M y counts for nothing beside one that holds x. A caller may set other units; all 1 is the published rule
on rows scaled by max|a_ij|.

Columns with two values always jump to the other one, and their scores follow every change at once, in
O(rows of the moved column x row length). Scores of other columns become stale and are made anew when drawn.
A row changes no score while its activity stays within one linear piece, whatever single column jumps; such
rows are not scanned. Work counts scanned nonzeros, drawn columns and steps; a call ends within one step of
its budget. A row is violated above half its tolerance: the other half is for rounding elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.jump.value import Penalty, best_step, gain, penalty, violation
from diffpump.kernels.members import Members, add, drop, members
from diffpump.kernels.model import Model
from diffpump.kernels.rng import Rng, below, rng, uniform

DRAWS = 25  # columns compared for one jump
GOOD = 1e-9  # a jump with a larger score is an improvement; a smaller one may be rounding
LARGEST_UNIT = 1e4  # of a row's weight
MARGIN = 0.5  # share of a row's tolerance that the search allows
MOVES, MINIMA = 0, 1  # places in `tally`


class JumpState(NamedTuple):
    """A search where it stands; n columns, m + 1 rows.

    x, step (to the jump value), score (n,); stale (n,) scores to be made anew; two_valued (n,); good: columns
    with a positive or stale score. F: activities, weights, `objective` (set by the caller), work. unit, reach
    (m + 1,), reach_i = max_j |a_ij| (ub_j - lb_j); violated rows; total (1,) = sum of viol_i; seen (2,):
    w_obj and row_hi[m] that the scores are made for. best_x (n,), best (2,) = violated rows, total; moved:
    columns that may differ between x and best_x. tally (2,) moves, local minima.
    """

    x: Vector
    step: Vector
    score: Vector
    stale: NDArray[np.bool_]
    two_valued: NDArray[np.bool_]
    good: Members
    F: Penalty
    unit: Vector
    reach: Vector
    violated: Members
    total: Vector
    seen: Vector
    best_x: Vector
    best: Vector
    moved: Members
    tally: NDArray[np.int64]
    rng: Rng


def jumper(model: Model, x0: Vector, seed: int) -> JumpState:
    """A search that starts at x0 (n,), put into bounds and rounded. Raises ValueError for an empty domain."""
    if (model.lb > model.ub).any():
        raise ValueError("an integer column has no integer within its bounds")
    n, rows = model.lb.size, model.row_lo.size
    width, size = model.ub - model.lb, np.abs(model.row_val)
    entries = np.repeat(np.arange(rows), np.diff(model.row_start))
    reach, smallest = np.zeros(rows), np.ones(rows)
    np.maximum.at(reach, entries, size * width[model.row_col])
    np.minimum.at(smallest, entries, size)
    state = JumpState(
        x=np.zeros(n), step=np.zeros(n), score=np.zeros(n),
        stale=np.zeros(n, bool), two_valued=model.integer & (width == 1), good=members(n),
        F=penalty(model), unit=1.0 / np.maximum(smallest, 1.0 / LARGEST_UNIT), reach=reach,
        violated=members(rows), total=np.zeros(1), seen=np.zeros(2),
        best_x=np.zeros(n), best=np.full(2, np.inf), moved=members(n),
        tally=np.zeros(2, np.int64), rng=rng(seed),
    )  # fmt: skip
    restart(model, state, x0, False)
    return state


def restart(model: Model, state: JumpState, x: Vector, keep_weights: bool) -> None:
    """Go on from x (n,), put into bounds and rounded; the best point stays, weights as asked.

    Starts that have helped: `perturbed` best points and rounded LP points.
    """
    inside = np.clip(x, model.lb, model.ub)
    state.x[:] = np.where(model.integer, np.rint(inside), inside)
    if not keep_weights:
        state.F.weight[:] = state.unit
    state.moved.items[:] = state.moved.at[:] = np.arange(x.size)
    state.moved.size[0] = x.size
    refresh(model, state)


def perturbed(model: Model, x: Vector, share: float, rng: Rng) -> Vector:
    """A copy of x (n,) with a share of its integer columns at random values, at most 10 away."""
    y = x.copy()
    _perturb(model, y, share, rng)
    return y


@kernel
def _perturb(model: Model, x: Vector, share: float, rng: Rng) -> None:
    for j in range(x.size):
        if model.integer[j] and uniform(rng) < share:
            least, most = max(model.lb[j], x[j] - 10.0), min(model.ub[j], x[j] + 10.0)
            x[j] = least + below(rng, int(most - least) + 1)


@kernel
def rescore(model: Model, state: JumpState, j: int) -> None:
    """Step and score of column j, made anew."""
    if state.two_valued[j]:
        state.step[j] = model.lb[j] + model.ub[j] - 2.0 * state.x[j]
        state.score[j] = gain(model, state.F, j, state.step[j])
    else:
        state.step[j], state.score[j] = best_step(model, state.F, j, state.x[j])
    state.stale[j] = False
    if state.score[j] > GOOD:
        add(state.good, j)
    else:
        drop(state.good, j)


@kernel
def follow(
    model: Model, state: JumpState, i: int, before: float, w_before: float, after: float, w_after: float
) -> None:
    """The scores of row i's columns when its activity and weight change."""
    lo, hi, reach = model.row_lo[i], model.row_hi[i], state.reach[i]
    least, most = min(before, after) - reach, max(before, after) + reach
    if w_before == w_after and ((least >= lo and most <= hi) or least >= hi or most <= lo):
        return
    row_col, row_val, step, score = model.row_col, model.row_val, state.step, state.score
    base = w_after * violation(after, lo, hi) - w_before * violation(before, lo, hi)
    for p in range(model.row_start[i], model.row_start[i + 1]):
        j = row_col[p]
        if state.two_valued[j]:
            change = row_val[p] * step[j]
            there = w_after * violation(after + change, lo, hi) - w_before * violation(
                before + change, lo, hi
            )
            old, new = score[j], score[j] + base - there
            score[j] = new
            if (old > GOOD) != (new > GOOD):
                if new > GOOD:
                    add(state.good, j)
                else:
                    drop(state.good, j)
        elif not state.stale[j]:
            state.stale[j] = True
            add(state.good, j)
    state.F.work[0] += model.row_start[i + 1] - model.row_start[i]


@kernel
def enlist(model: Model, state: JumpState, i: int, old: float) -> None:
    """Row i's place among the violated rows, after its violation was `old`."""
    now = violation(state.F.activity[i], model.row_lo[i], model.row_hi[i])
    state.total[0] += now - old
    if now > MARGIN * model.row_tol[i]:
        add(state.violated, i)
    else:
        drop(state.violated, i)


@kernel
def refresh(model: Model, state: JumpState) -> None:
    """Activities, violated rows and scores, made anew from x and the weights."""
    state.total[0] = 0.0
    for i in range(state.F.weight.size):
        activity = 0.0
        for p in range(model.row_start[i], model.row_start[i + 1]):
            activity += model.row_val[p] * state.x[model.row_col[p]]
        state.F.activity[i] = activity
        enlist(model, state, i, 0.0)
    state.seen[0], state.seen[1] = state.F.objective[0], model.row_hi[state.F.weight.size - 1]
    for j in range(state.x.size):
        if state.two_valued[j]:
            rescore(model, state, j)
        else:
            state.stale[j] = True
            add(state.good, j)
    state.F.work[0] += model.row_col.size


@kernel
def move(model: Model, state: JumpState, j: int) -> None:
    """Column j jumps; activities, violated rows and scores follow."""
    old = state.x[j]
    state.x[j] = min(max(old + state.step[j], model.lb[j]), model.ub[j])
    add(state.moved, j)
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i = model.col_row[p]
        before = state.F.activity[i]
        after = before + model.col_val[p] * (state.x[j] - old)
        state.F.activity[i] = after
        enlist(model, state, i, violation(before, model.row_lo[i], model.row_hi[i]))
        follow(model, state, i, before, state.F.weight[i], after, state.F.weight[i])
    rescore(model, state, j)
    state.F.work[0] += model.col_start[j + 1] - model.col_start[j]
    state.tally[MOVES] += 1


@kernel
def improving(model: Model, state: JumpState) -> int:
    """The column with the best score of DRAWS good ones; -1 when there is none, a local minimum."""
    good = state.good
    while good.size[0] > 0:
        best, few = -1, good.size[0] <= DRAWS
        draws = min(good.size[0], DRAWS)
        for draw in range(draws):
            # backwards through few: dropping one puts a column that was drawn in its place
            j = good.items[draws - 1 - draw if few else below(state.rng, good.size[0])]
            if state.stale[j]:
                rescore(model, state, j)
            if state.score[j] > (state.score[best] if best >= 0 else GOOD):
                best = j
            if good.size[0] == 0:
                break
        state.F.work[0] += draws
        if best >= 0:
            rescore(model, state, best)  # rounding that has piled up must not move a column
            if state.score[best] > GOOD:
                return best
    return -1


@kernel
def escape(model: Model, state: JumpState) -> int:
    """Weights of violated rows grow; the best of DRAWS columns of one violated row, -1 if none can move."""
    for k in range(state.violated.size[0]):
        i = state.violated.items[k]
        weight, activity = state.F.weight[i], state.F.activity[i]
        raised = weight + state.unit[i]
        state.F.weight[i] = raised
        follow(model, state, i, activity, weight, activity, raised)
    state.tally[MINIMA] += 1
    i = state.violated.items[below(state.rng, state.violated.size[0])]
    start, length = model.row_start[i], model.row_start[i + 1] - model.row_start[i]
    first, draws, best = below(state.rng, length), min(length, DRAWS), -1
    for draw in range(draws):
        j = model.row_col[start + (first + draw) % length]
        if state.stale[j]:
            rescore(model, state, j)
        if state.step[j] != 0 and (best < 0 or state.score[j] > state.score[best]):
            best = j
    state.F.work[0] += draws
    return best


@kernel
def note(model: Model, state: JumpState) -> None:
    """Keep x if it is the best point so far; no violated row counts only with activities made anew."""
    if state.violated.size[0] == 0:
        refresh(model, state)
    rows, total, best = float(state.violated.size[0]), state.total[0], state.best
    if rows < best[0] or (rows == best[0] and total < best[1]):
        best[0], best[1] = rows, total
        for k in range(state.moved.size[0]):
            j = state.moved.items[k]
            state.best_x[j] = state.x[j]
            state.moved.at[j] = -1
        state.moved.size[0] = 0


@kernel
def jump(model: Model, state: JumpState, budget: int) -> tuple[int, int]:
    """Search on for a budget of work. Returns the violated rows of the best point, and the work done.

    With 0 violated rows `best_x` is feasible and further calls return at once, until the caller lowers
    row_hi[m] or sets F.objective: then the best point is forgotten.
    """
    start = state.F.work[0]
    if state.seen[0] != state.F.objective[0] or state.seen[1] != model.row_hi[state.F.weight.size - 1]:
        refresh(model, state)
        state.best[:] = np.inf
    if state.best[0] > 0:
        note(model, state)
    while state.best[0] > 0 and state.F.work[0] - start < budget:
        j = improving(model, state)
        if j < 0:
            j = escape(model, state)
        if j >= 0:
            move(model, state, j)
            note(model, state)
        state.F.work[0] += 1
    return int(state.best[0]), state.F.work[0] - start
