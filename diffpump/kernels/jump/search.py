"""Feasibility Jump: move one column at a time to the value that minimises the weighted violation F.

Every column has a jump value and a score, the decrease of F by the jump (`jump.value`). A step draws 25
columns with a positive score and makes the best of their jumps. If no score is positive, the point is a local
minimum. The weights of all violated rows then grow by their units, and the best of 25 columns of one violated
row jumps, even if F grows. The unit of a row, which is also its initial weight, is 1 / min|a_ij|, at most
1e4. With equal units, a row x <= M y would count for nothing beside another row with x. A caller may set
other units: all 1 is the published rule, on rows scaled by max|a_ij|.

A column with two values always jumps to the other one, and its score is updated at once, in
O(rows of the moved column x row length). The score of any other column becomes stale and is computed again
when the column is drawn. A row whose activity stays on one linear piece of its violation, whichever single
column jumps, changes no score and is not scanned. Work counts scanned nonzeros, drawn columns and steps, and
a call exceeds its budget by at most one step. A row counts as violated above half its tolerance; the other
half is left for rounding errors elsewhere.

Source: Luteberget, Sartor, Feasibility Jump (2023), Math. Prog. Comp. 15.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.jump.value import Penalty, best_step, gain, penalty, violation
from diffpump.kernels.members import Members, add, members, remove
from diffpump.kernels.model import Model
from diffpump.kernels.rng import Rng, below, rng, uniform

DRAWS = 25  # columns compared for one jump
MIN_SCORE = 1e-9  # a jump with a larger score is an improvement; a smaller score may be a rounding error
MAX_UNIT = 1e4  # largest unit of a row
TOLERANCE_SHARE = 0.5  # share of a row's tolerance above which the row counts as violated
PERTURBATION = 10.0  # the largest distance between a column's value and its value in a perturbed point
MOVES, MINIMA = 0, 1  # positions in `JumpState.tally`


class JumpState(NamedTuple):
    """The state of a search over n columns and m + 1 rows.

    x, step, score   the point, the step to each column's jump value, and its score (n,)
    stale            (n,): whether step and score are to be computed again
    two_valued       (n,): whether the column is an integer column with two values
    good             the columns with a positive or a stale score
    F                activities, weights, work, and w_obj, which the caller may set
    unit             (m + 1,): the increment of each row's weight
    reach            (m + 1,): max_j |a_ij| (ub_j - lb_j)
    violated         the violated rows
    total            (1,): the sum of viol_i over all rows
    scored_for       (2,): the w_obj and row_hi[m] for which the scores were computed
    best_x           the best point (n,): fewest violated rows, then the smallest sum of viol_i
    best             (2,): the violated rows and the sum of viol_i of best_x, infinite if there is none
    moved            the columns where x and best_x may differ
    tally            (2,): moves and local minima so far
    rng              the state of the random numbers
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
    scored_for: Vector
    best_x: Vector
    best: Vector
    moved: Members
    tally: NDArray[np.int64]
    rng: Rng


def jumper(model: Model, x0: Vector, seed: int) -> JumpState:
    """Return a search that starts at x0 (n,), clipped into the bounds and rounded.

    Raises ValueError if an integer column has no integer within its bounds.
    """
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
        F=penalty(model), unit=1.0 / np.maximum(smallest, 1.0 / MAX_UNIT), reach=reach,
        violated=members(rows), total=np.zeros(1), scored_for=np.zeros(2),
        best_x=np.zeros(n), best=np.full(2, np.inf), moved=members(n),
        tally=np.zeros(2, np.int64), rng=rng(seed),
    )  # fmt: skip
    restart(model, state, x0, False)
    return state


def restart(model: Model, state: JumpState, x: Vector, keep_weights: bool) -> None:
    """Continue from x (n,), clipped into the bounds and rounded; the best point so far is kept.

    Good points to restart from are `perturbed` best points and rounded LP points.
    """
    inside = np.clip(x, model.lb, model.ub)
    state.x[:] = np.where(model.integer, np.rint(inside), inside)
    if not keep_weights:
        state.F.weight[:] = state.unit
    state.moved.items[:] = state.moved.at[:] = np.arange(x.size)
    state.moved.size[0] = x.size
    refresh(model, state)


def perturbed(model: Model, x: Vector, share: float, rng: Rng) -> Vector:
    """Return a copy of x (n,) with random values on a random share of its integer columns.

    The values are at most PERTURBATION away from those of x.
    """
    y = x.copy()
    _perturb(model, y, share, rng)
    return y


@kernel
def _perturb(model: Model, x: Vector, share: float, rng: Rng) -> None:
    for j in range(x.size):
        if model.integer[j] and uniform(rng) < share:
            lo, hi = max(model.lb[j], x[j] - PERTURBATION), min(model.ub[j], x[j] + PERTURBATION)
            x[j] = lo + below(rng, int(hi - lo) + 1)


@kernel
def rescore(model: Model, state: JumpState, j: int) -> None:
    """Compute the step and the score of column j again."""
    if state.two_valued[j]:
        state.step[j] = model.lb[j] + model.ub[j] - 2.0 * state.x[j]
        state.score[j] = gain(model, state.F, j, state.step[j])
    else:
        state.step[j], state.score[j] = best_step(model, state.F, j, state.x[j])
    state.stale[j] = False
    if state.score[j] > MIN_SCORE:
        add(state.good, j)
    else:
        remove(state.good, j)


@kernel
def update_scores(
    model: Model, state: JumpState, i: int, before: float, w_before: float, after: float, w_after: float
) -> None:
    """Update the scores of row i's columns after a change of its activity and weight.

    before, w_before   activity and weight before the change
    after, w_after     activity and weight after it
    """
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
            if (old > MIN_SCORE) != (new > MIN_SCORE):
                if new > MIN_SCORE:
                    add(state.good, j)
                else:
                    remove(state.good, j)
        elif not state.stale[j]:
            state.stale[j] = True
            add(state.good, j)
    state.F.work[0] += model.row_start[i + 1] - model.row_start[i]


@kernel
def update_violated(model: Model, state: JumpState, i: int, old: float) -> None:
    """Update the set of violated rows and the total after row i's violation was `old`."""
    now = violation(state.F.activity[i], model.row_lo[i], model.row_hi[i])
    state.total[0] += now - old
    if now > TOLERANCE_SHARE * model.row_tol[i]:
        add(state.violated, i)
    else:
        remove(state.violated, i)


@kernel
def refresh(model: Model, state: JumpState) -> None:
    """Compute activities, violated rows and scores again from x and the weights."""
    state.total[0] = 0.0
    for i in range(state.F.weight.size):
        activity = 0.0
        for p in range(model.row_start[i], model.row_start[i + 1]):
            activity += model.row_val[p] * state.x[model.row_col[p]]
        state.F.activity[i] = activity
        update_violated(model, state, i, 0.0)
    state.scored_for[0], state.scored_for[1] = state.F.objective[0], model.row_hi[state.F.weight.size - 1]
    for j in range(state.x.size):
        if state.two_valued[j]:
            rescore(model, state, j)
        else:
            state.stale[j] = True
            add(state.good, j)
    state.F.work[0] += model.row_col.size


@kernel
def move(model: Model, state: JumpState, j: int) -> None:
    """Make the jump of column j and update activities, violated rows and scores."""
    old = state.x[j]
    state.x[j] = min(max(old + state.step[j], model.lb[j]), model.ub[j])
    add(state.moved, j)
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i = model.col_row[p]
        before = state.F.activity[i]
        after = before + model.col_val[p] * (state.x[j] - old)
        state.F.activity[i] = after
        update_violated(model, state, i, violation(before, model.row_lo[i], model.row_hi[i]))
        update_scores(model, state, i, before, state.F.weight[i], after, state.F.weight[i])
    rescore(model, state, j)
    state.F.work[0] += model.col_start[j + 1] - model.col_start[j]
    state.tally[MOVES] += 1


@kernel
def best_improving(model: Model, state: JumpState) -> int:
    """Return the column with the best score among DRAWS good ones, or -1 at a local minimum."""
    good = state.good
    while good.size[0] > 0:
        best, all_drawn = -1, good.size[0] <= DRAWS
        draws = min(good.size[0], DRAWS)
        for draw in range(draws):
            # If all are drawn, it is from last to first: a removed column is replaced by one drawn before.
            j = good.items[draws - 1 - draw if all_drawn else below(state.rng, good.size[0])]
            if state.stale[j]:
                rescore(model, state, j)
            if state.score[j] > (state.score[best] if best >= 0 else MIN_SCORE):
                best = j
            if good.size[0] == 0:
                break
        state.F.work[0] += draws
        if best >= 0:
            rescore(model, state, best)  # accumulated rounding errors must not move a column
            if state.score[best] > MIN_SCORE:
                return best
    return -1


@kernel
def escape(model: Model, state: JumpState) -> int:
    """Raise the weights of the violated rows to leave a local minimum.

    Return the best of DRAWS columns of a random violated row, or -1 if none of them can move.
    """
    for k in range(state.violated.size[0]):
        i = state.violated.items[k]
        weight, activity = state.F.weight[i], state.F.activity[i]
        raised = weight + state.unit[i]
        state.F.weight[i] = raised
        update_scores(model, state, i, activity, weight, activity, raised)
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
def update_best(model: Model, state: JumpState) -> None:
    """Make x the best point if it is better.

    A point without violated rows counts only if its freshly computed activities confirm that.
    """
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
    """Search on for a budget of work. Return the best point's number of violated rows, and the work done.

    If that number is 0, `best_x` is feasible, and further calls return at once until the caller lowers
    row_hi[m] or changes F.objective. The next call then discards the best point.
    """
    start = state.F.work[0]
    cutoff = model.row_hi[state.F.weight.size - 1]
    if state.scored_for[0] != state.F.objective[0] or state.scored_for[1] != cutoff:
        refresh(model, state)
        state.best[:] = np.inf
    if state.best[0] > 0:
        update_best(model, state)
    while state.best[0] > 0 and state.F.work[0] - start < budget:
        j = best_improving(model, state)
        if j < 0:
            j = escape(model, state)
        if j >= 0:
            move(model, state, j)
            update_best(model, state)
        state.F.work[0] += 1
    return int(state.best[0]), state.F.work[0] - start


@warm_up("feasibility jump")
def _warm_up(model: Model) -> None:
    state = jumper(model, np.zeros(model.lb.size), 0)
    jump(model, state, 1000)
    perturbed(model, state.best_x, 0.5, state.rng)
