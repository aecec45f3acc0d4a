"""The trail of a conflict-driven search: assignments, propagation of rows and clauses, order of decisions.

The slack of row i is cap_i minus the weights of its true literals. A literal whose weight exceeds the slack
must be false, and a negative slack is a conflict. Assignments are processed in the order of the trail. An
assignment reduces slacks when it is processed and restores them when it is undone. A row implies something
only if its largest weight exceeds its slack, so the margin, slack minus largest weight, is stored instead of
the slack. Work is counted in touched entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.conflict.binary_rows import Literals, Longs
from diffpump.kernels.conflict.clauses import Clauses
from diffpump.kernels.model import Index

Bytes = NDArray[np.int8]

# The reason of an implied literal or a conflict is 2 i for row i and 2 c + 1 for clause c. NONE stands for no
# reason, PAUSED for a propagation that the budget has stopped.
NONE, PAUSED = -1, -2

# Positions in `State.counts`: of the trail, then counters of the whole search. SCANNED counts the rows that
# have been propagated at least once, and SINCE counts the conflicts since the last restart.
TRAIL, PROCESSED, LEVEL, SCANNED, FAILED = range(5)
WORK, CONFLICTS, PROPAGATIONS, RESTARTS, SINCE, REDUCTIONS, REDUCE_AT = range(5, 12)


class Linear(NamedTuple):
    """The rows in literal form, with their margins and their entries by literal.

    form      the rows
    largest   the largest weight of each row (m,)
    margin    slack - largest (m,)
    occurs_start, occurs_row, occurs_weight
              literal l occurs in the rows occurs_row[occurs_start[l] : occurs_start[l + 1]], with the weights
              at the same positions of occurs_weight
    """

    form: Literals
    largest: Longs
    margin: Longs
    occurs_start: Longs
    occurs_row: Index
    occurs_weight: Longs


class Trail(NamedTuple):
    """The assignments of N binaries.

    literal    (N,): the true literals in the order in which they were assigned
    begin      (N + 2,): the position of each level's first literal
    value      (2 N,) by literal: 1 true, -1 false, 0 open
    level, position, reason
               (N,) by column: its decision level, its position on the trail and its reason
    """

    literal: Index
    begin: Index
    value: Bytes
    level: Index
    position: Index
    reason: Longs


class Order(NamedTuple):
    """The order of decisions: a heap of the open columns, the highest activity on top.

    activity    (N,): grows when a column takes part in a conflict
    increment   (1,): by how much it grows
    heap        (N,): the columns in the first size[0] entries
    place       (N,): each column's position in `heap`, or -1
    size        (1,): the number of columns in `heap`
    phase       (N,): the value that a decision gives to a column
    """

    activity: Vector
    increment: Vector
    heap: Index
    place: Index
    size: Index
    phase: Bytes


def largest_weight(form: Literals) -> Longs:
    """Return the largest weight of each row, which is its first, or 0 for a row without entries."""
    first = np.minimum(form.start[:-1], max(form.weight.size - 1, 0))
    empty = np.diff(form.start) == 0
    return np.where(empty, 0, form.weight[first] if form.weight.size else 0)


def by_literal(form: Literals, binaries: int) -> tuple[Longs, Index, Longs]:
    """Return the entries by literal, in ascending order of rows.

    The result is the first entry of each literal (2 N + 1,), and the entries' rows and weights (nnz,).
    """
    start = np.concatenate([[0], np.cumsum(np.bincount(form.lit, minlength=2 * binaries))]).astype(np.int64)
    row, weight = np.empty(form.lit.size, dtype=np.int32), np.empty(form.lit.size, dtype=np.int64)
    _transpose(form, start[:-1].copy(), row, weight)
    return start, row, weight


@kernel
def _transpose(form: Literals, at: Longs, row: Index, weight: Longs) -> None:
    """Fill in `row` and `weight` by literal. `at` (2 N,) is each literal's next position and is advanced."""
    for i in range(form.cap.size):
        for e in range(form.start[i], form.start[i + 1]):
            k = at[form.lit[e]]
            row[k], weight[k] = i, form.weight[e]
            at[form.lit[e]] += 1


@kernel
def assign(trail: Trail, counts: Longs, literal: int, reason: int) -> None:
    """Make an open literal true at the current level."""
    v, top = literal >> 1, counts[TRAIL]
    trail.value[literal], trail.value[literal ^ 1] = 1, -1
    trail.level[v], trail.position[v], trail.reason[v] = counts[LEVEL], top, reason
    trail.literal[top] = literal
    counts[TRAIL] = top + 1


@kernel
def cancel(linear: Linear, trail: Trail, order: Order, counts: Longs, level: int) -> None:
    """Undo all levels above `level` and keep the undone values as phases."""
    if counts[LEVEL] <= level:
        return
    end, work = trail.begin[level + 1], 0
    for t in range(counts[TRAIL] - 1, end - 1, -1):
        literal = trail.literal[t]
        if t < counts[PROCESSED]:
            begin, stop = linear.occurs_start[literal], linear.occurs_start[literal + 1]
            for e in range(begin, stop):
                linear.margin[linear.occurs_row[e]] += linear.occurs_weight[e]
            work += stop - begin
        v = literal >> 1
        trail.value[literal] = trail.value[literal ^ 1] = 0
        order.phase[v] = literal & 1
        _insert(order, v)
    counts[WORK] += work + counts[TRAIL] - end
    counts[TRAIL] = end
    counts[PROCESSED] = min(counts[PROCESSED], end)
    counts[LEVEL] = level


@kernel
def propagate(linear: Linear, clauses: Clauses, trail: Trail, counts: Longs, limit: int) -> int:
    """Process the trail until nothing more is implied.

    Return the violated row or clause as a reason, NONE without a conflict, or PAUSED once counts[WORK] has
    reached `limit`.
    """
    while counts[SCANNED] < linear.margin.size:  # new rows; the search is at level 0
        if counts[WORK] >= limit:
            return PAUSED
        i = counts[SCANNED]
        counts[WORK] += 1
        if linear.margin[i] + linear.largest[i] < 0:
            return int(2 * i)
        _imply(linear, trail, counts, i)
        counts[SCANNED] += 1
    while counts[PROCESSED] < counts[TRAIL]:
        if counts[WORK] >= limit:
            return PAUSED
        literal = trail.literal[counts[PROCESSED]]
        counts[PROCESSED] += 1
        counts[PROPAGATIONS] += 1
        conflict = _visit_rows(linear, trail, counts, literal)
        if conflict == NONE:
            conflict = _visit_clauses(clauses, trail, counts, literal)
        if conflict != NONE:
            return conflict
    return NONE


@kernel
def _visit_rows(linear: Linear, trail: Trail, counts: Longs, literal: int) -> int:
    """Reduce the slacks of a true literal's rows and make the assignments that they imply.

    Return the reason of a conflict, or NONE. All slacks are reduced even after a conflict.
    """
    conflict = NONE
    begin, end = linear.occurs_start[literal], linear.occurs_start[literal + 1]
    counts[WORK] += end - begin + 1
    for e in range(begin, end):
        i = linear.occurs_row[e]
        margin = linear.margin[i] - linear.occurs_weight[e]
        linear.margin[i] = margin
        if margin < 0 and conflict == NONE:
            if margin + linear.largest[i] < 0:
                conflict = 2 * i
            else:
                _imply(linear, trail, counts, i)
    return conflict


@kernel
def _imply(linear: Linear, trail: Trail, counts: Longs, i: int) -> None:
    """Make those open literals of row i false whose weights exceed its slack."""
    form = linear.form
    slack = linear.margin[i] + linear.largest[i]
    begin, end = form.start[i], form.start[i + 1]
    e = begin
    while e < end and form.weight[e] > slack:
        if trail.value[form.lit[e]] == 0:
            assign(trail, counts, form.lit[e] ^ 1, 2 * i)
        e += 1
    counts[WORK] += e - begin


@kernel
def _visit_clauses(clauses: Clauses, trail: Trail, counts: Longs, literal: int) -> int:
    """Visit the clauses that watch the negation of a true literal.

    Each of them watches another literal from now on, is true, implies its other watched literal or is
    violated. Return the reason of a conflict, or NONE.
    """
    value, lits, after = trail.value, clauses.literal, clauses.after
    watch, last, work = clauses.head[literal ^ 1], -1, 0
    while watch >= 0:
        following = after[watch]
        c = watch >> 1
        begin = clauses.start[c]
        other = lits[begin + 1 - (watch & 1)]
        work += 2
        if value[other] <= 0:
            end = begin + clauses.length[c]
            e = begin + 2
            while e < end and value[lits[e]] < 0:
                e += 1
            work += e - begin
            if e < end:
                own = begin + (watch & 1)
                lits[own], lits[e] = lits[e], lits[own]
                if last < 0:
                    clauses.head[literal ^ 1] = following
                else:
                    after[last] = following
                after[watch] = clauses.head[lits[own]]
                clauses.head[lits[own]] = watch
                watch = following
                continue
            if value[other] < 0:
                counts[WORK] += work
                return int(2 * c + 1)
            assign(trail, counts, other, 2 * c + 1)
        last, watch = watch, following
    counts[WORK] += work
    return NONE


@kernel
def _insert(order: Order, v: int) -> None:
    """Insert a column into the heap unless it is there."""
    if order.place[v] < 0:
        order.place[v] = order.size[0]
        order.heap[order.size[0]] = v
        order.size[0] += 1
        _sift_up(order, order.place[v])


@kernel
def _sift_up(order: Order, place: int) -> None:
    """Move the column at a place of the heap up to where its activity belongs."""
    heap, v = order.heap, order.heap[place]
    while place > 0:
        parent = (place - 1) >> 1
        if order.activity[heap[parent]] >= order.activity[v]:
            break
        heap[place] = heap[parent]
        order.place[heap[place]] = place
        place = parent
    heap[place] = v
    order.place[v] = place


@kernel
def pop(order: Order) -> int:
    """Remove the column on top of the heap and return it."""
    heap, top = order.heap, order.heap[0]
    order.place[top] = -1
    order.size[0] -= 1
    size = order.size[0]
    if size > 0:
        v, place = heap[size], 0
        while 2 * place + 1 < size:
            child = 2 * place + 1
            if child + 1 < size and order.activity[heap[child + 1]] > order.activity[heap[child]]:
                child += 1
            if order.activity[heap[child]] <= order.activity[v]:
                break
            heap[place] = heap[child]
            order.place[heap[place]] = place
            place = child
        heap[place] = v
        order.place[v] = place
    return int(top)


@kernel
def bump(order: Order, v: int) -> None:
    """Raise the activity of a column that takes part in a conflict."""
    order.activity[v] += order.increment[0]
    if order.activity[v] > 1e100:  # rescale all activities before they overflow
        for other in range(order.activity.size):
            order.activity[other] *= 1e-100
        order.increment[0] *= 1e-100
    if order.place[v] >= 0:
        _sift_up(order, order.place[v])
