"""The trail of a conflict-driven search: assignments, what rows and clauses imply, the order of decisions.

The slack of row i is cap_i less the weights of its true literals; a literal of more weight than the slack
must be false, and a slack below zero is a conflict. An assignment lowers slacks when it is processed, in the
trail's order, and raises them when undone; a row is looked at only when its largest weight exceeds its
slack, so that what is kept is the margin, slack less largest weight. Work is counted in touched entries.
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

NONE, PAUSED = -1, -2  # no reason; propagation stopped by the budget. Reasons: 2 row, or 2 clause + 1


# Positions in `counts`.
TRAIL, PROCESSED, LEVEL, SCANNED, FAILED = range(5)
WORK, CONFLICTS, PROPAGATIONS, RESTARTS, SINCE, REDUCTIONS, REDUCE_AT = range(5, 12)


class Linear(NamedTuple):
    """The rows: `form`, largest (m,), margin (m,) = slack - largest, and their entries by literal.

    Literal l is in rows occurs_row[occurs_start[l] : occurs_start[l + 1]] with weight occurs_weight.
    """

    form: Literals
    largest: Longs
    margin: Longs
    occurs_start: Longs
    occurs_row: Index
    occurs_weight: Longs


class Trail(NamedTuple):
    """Literals in the order they became true, (N,), and where each level starts, (N + 2,).

    value (2 N,) by literal: 1 true, -1 false, 0 open; level, position in the trail, reason (N,) by column.
    """

    literal: Index
    begin: Index
    value: Bytes
    level: Index
    position: Index
    reason: Longs


class Order(NamedTuple):
    """Open columns in a heap by activity: heap (N,), place (N,) in it or -1, size (1,); phase (N,).

    increment (1,) is what a column in a conflict gains.
    """

    activity: Vector
    increment: Vector
    heap: Index
    place: Index
    size: Index
    phase: Bytes


def largest_weight(form: Literals) -> Longs:
    """Each row's largest weight, its first; 0 of an empty row."""
    first = np.minimum(form.start[:-1], max(form.weight.size - 1, 0))
    empty = np.diff(form.start) == 0
    return np.where(empty, 0, form.weight[first] if form.weight.size else 0)


def by_literal(form: Literals, binaries: int) -> tuple[Longs, Index, Longs]:
    """Start (2 N + 1,), row and weight (nnz,) of the entries by literal, rows ascending."""
    start = np.concatenate([[0], np.cumsum(np.bincount(form.lit, minlength=2 * binaries))]).astype(np.int64)
    row, weight = np.empty(form.lit.size, dtype=np.int32), np.empty(form.lit.size, dtype=np.int64)
    _transpose(form, start[:-1].copy(), row, weight)
    return start, row, weight


@kernel
def _transpose(form: Literals, at: Longs, row: Index, weight: Longs) -> None:
    """Fill row and weight by literal; `at` (2 N,), each literal's first position, moves on."""
    for i in range(form.cap.size):
        for e in range(form.start[i], form.start[i + 1]):
            k = at[form.lit[e]]
            row[k], weight[k] = i, form.weight[e]
            at[form.lit[e]] += 1


# The trail.


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
    """Undo all levels above `level`; values become phases."""
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
    """Process the trail until nothing follows. The violated row or clause as a reason, NONE, or PAUSED."""
    while counts[SCANNED] < linear.margin.size:  # new rows, at level 0
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
    """A literal is true: lower its rows' slacks, all of them even after a conflict, and imply."""
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
    """Make the row's open literals false that weigh more than its slack."""
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
    """A literal is true: clauses that watch its negation watch another literal, imply or are violated."""
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


# The order of decisions: a binary heap of columns, the highest activity on top.


@kernel
def _insert(order: Order, v: int) -> None:
    """Put a column into the heap, unless it is there."""
    if order.place[v] < 0:
        order.place[v] = order.size[0]
        order.heap[order.size[0]] = v
        order.size[0] += 1
        _up(order, order.place[v])


@kernel
def _up(order: Order, place: int) -> None:
    """Move the column at a place up to where it belongs."""
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
    """Take the column on top."""
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
    """A column took part in a conflict."""
    order.activity[v] += order.increment[0]
    if order.activity[v] > 1e100:
        for other in range(order.activity.size):
            order.activity[other] *= 1e-100
        order.increment[0] *= 1e-100
    if order.place[v] >= 0:
        _up(order, order.place[v])
