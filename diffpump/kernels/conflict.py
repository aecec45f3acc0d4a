"""Conflict-driven search on the binaries: decide, propagate, learn a clause from each conflict, jump back.

Clause learning of SAT solvers (Marques-Silva, Sakallah 1999; Een, Sorensson 2003) over linear rows as in
pseudo-Boolean solvers (Chai, Kuehlmann 2005), rows in the literal form of `binary_rows`. No LP: whoever
fixes the binaries to the answer finds out about the other columns, and adds what follows with `add_row`.

Rows propagate by counters. The slack of row i is cap_i less the weights of its true literals; a literal of
more weight than the slack must be false, and a slack below zero is a conflict. An assignment lowers slacks
when it is processed, in the trail's order, and raises them when undone; a row is looked at only when its
largest weight exceeds its slack, so that what is kept is the margin, slack less largest weight.

A literal's reason is the row or clause that implied it. The explanation by a row: its literals that were true
before; their weights may exceed what the implication needs, and while they do, literals from earlier levels
are left out. Resolving reasons until one literal of the conflict's level remains (the first unique
implication point) gives the clause to learn, which implies that literal's negation at an earlier level.

Decisions follow activities (VSIDS: columns in recent conflicts first) and take the column's last value;
restarts after 100 times Luby's sequence of conflicts. Work is counted in touched entries. The state goes
on exactly where it stopped, however the budget is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.binary_rows import (
    Literals,
    Longs,
    Rows,
    append,
    append_literals,
    literal_form,
)
from diffpump.kernels.clauses import (
    Clauses,
    add_clause,
    grown,
    has_room,
    no_clauses,
    reduce_clauses,
)
from diffpump.kernels.jit import kernel
from diffpump.kernels.model import Index
from diffpump.kernels.rng import Rng, below, rng, uniform
from diffpump.result import Vector

Bytes = NDArray[np.int8]


class Outcome(IntEnum):
    """How a search ended. UNSAT is no proof: a tolerance and what callers added stand behind it."""

    SAT = 0  # every binary has a value and every row holds
    UNSAT = 1  # no assignment satisfies the rows
    BUDGET = 2  # the work is done; go on with another call


SAT, UNSAT, BUDGET, NO_ROOM = range(4)  # the kernel's, the last for its caller alone
NONE, PAUSED = -1, -2  # no reason; propagation stopped by the budget. Reasons: 2 row, or 2 clause + 1

# Positions in `counts`.
TRAIL, PROCESSED, LEVEL, SCANNED, FAILED = range(5)
WORK, CONFLICTS, PROPAGATIONS, RESTARTS, SINCE, REDUCTIONS, REDUCE_AT = range(5, 12)

DECAY = 1 / 0.95  # growth of the activity's increment after a conflict
RESTART = 100  # conflicts, times Luby's sequence
FLIP_RESTARTS, FLIPS = 0.3, 0.02  # share of the restarts that flip phases, share of the phases flipped
REDUCE, REDUCE_STEP = 4000, 500  # clauses between deletions, and how much more each time


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


class Scratch(NamedTuple):
    """Of the analysis: seen (N,), the clause learnt and stamps of levels (N + 1,), sizes (2,)."""

    seen: Bytes
    learnt: Index
    size: Longs
    stamp: Longs


@dataclass(eq=False)
class State:
    """A search over N binaries: what callers keep between calls, change by the functions below."""

    rows: Rows
    linear: Linear
    clauses: Clauses
    trail: Trail
    order: Order
    scratch: Scratch
    counts: Longs
    random: Rng

    @property
    def assignment(self) -> Vector:
        """x (N,), after SAT; 0 where a column has no value."""
        return (self.trail.value[1::2] > 0).astype(np.float64)

    @property
    def conflicts(self) -> int:
        """Conflicts so far."""
        return int(self.counts[CONFLICTS])

    @property
    def propagations(self) -> int:
        """Literals processed so far."""
        return int(self.counts[PROPAGATIONS])


def start(rows: Rows, binaries: int, seed: int = 0) -> State:
    """A search over `binaries` columns that has decided nothing; phases are 0."""
    n = binaries

    def zeros(size: int) -> Index:
        return np.zeros(size, dtype=np.int32)

    counts = np.zeros(12, dtype=np.int64)
    counts[REDUCE_AT] = REDUCE
    order = Order(np.zeros(n), np.ones(1), np.arange(n, dtype=np.int32), np.arange(n, dtype=np.int32),
                  np.array([n], dtype=np.int32), np.zeros(n, dtype=np.int8))  # fmt: skip
    trail = Trail(zeros(n), zeros(n + 2), np.zeros(2 * n, dtype=np.int8), zeros(n), zeros(n),
                  np.full(n, NONE, dtype=np.int64))  # fmt: skip
    scratch = Scratch(np.zeros(n, dtype=np.int8), zeros(n + 1), np.zeros(2, dtype=np.int64),
                      np.full(n + 1, -1, dtype=np.int64))  # fmt: skip
    form = literal_form(rows)
    largest = _largest(form)
    linear = Linear(form, largest, form.cap - largest, *_by_literal(form, n))
    return State(rows, linear, no_clauses(n), trail, order, scratch, counts, rng(seed))


def search(state: State, budget: int) -> tuple[Outcome, int]:
    """Search until an answer or until `budget` entries are touched; the outcome, and how many were.

    The budget is passed by at most what one assignment, or one conflict, takes.
    """
    before = int(state.counts[WORK])
    while True:
        s = state
        status = _search(s.rows, s.linear, s.clauses, s.trail, s.order, s.scratch, s.counts, s.random,
                         before + budget)  # fmt: skip
        if status != NO_ROOM:
            return Outcome(status), int(state.counts[WORK]) - before
        state.clauses = grown(state.clauses)


def set_phases(state: State, x: Vector) -> None:
    """Let decisions try x (N,), rounded, first; assignments that are undone later overwrite it."""
    _cancel(state.linear, state.trail, state.order, state.counts, 0)
    state.order.phase[:] = x >= 0.5


def add_row(state: State, col: Index, val: Vector, hi: float, tol: float = 0.0) -> None:
    """Add sum_j val_j x_col_j <= hi + tol over distinct columns; decisions are undone, phases stay.

    A row that only says that not all of its literals are true becomes a clause.
    """
    _cancel(state.linear, state.trail, state.order, state.counts, 0)
    n = state.order.heap.size
    row = Rows(np.array([0, len(col)], dtype=np.int64), np.asarray(col, dtype=np.int32),
               np.asarray(val, dtype=np.float64), np.array([hi]), np.array([tol]))  # fmt: skip
    form = literal_form(row)
    if form.cap.size and form.cap[0] >= 0 and form.weight.sum() - form.weight[-1] <= form.cap[0]:
        _add_disjunction(state, form.lit ^ 1)
        return
    state.rows = append(state.rows, row)
    old = state.linear
    both, largest = append_literals(old.form, form), _largest(form)
    margin = np.append(old.margin, form.cap - largest)
    state.linear = Linear(both, np.append(old.largest, largest), margin, *_by_literal(both, n))
    done = state.trail.literal[: state.counts[PROCESSED]]
    if form.cap.size:
        margin[-1] -= form.weight[np.isin(form.lit, done)].sum()


def _add_disjunction(state: State, literals: Index) -> None:
    """Add a clause at level 0."""
    value = state.trail.value[literals]
    open_ = literals[value == 0]
    if (value > 0).any():
        return
    if open_.size == 0:
        state.counts[FAILED] = 1
    elif open_.size == 1:
        _assign(state.trail, state.counts, open_[0], NONE)
    else:
        while not has_room(state.clauses, open_.size):
            state.clauses = grown(state.clauses)
        add_clause(state.clauses, open_, open_.size, 0)


def _largest(form: Literals) -> Longs:
    """Each row's largest weight, its first; 0 of an empty row."""
    first = np.minimum(form.start[:-1], max(form.weight.size - 1, 0))
    empty = np.diff(form.start) == 0
    return np.where(empty, 0, form.weight[first] if form.weight.size else 0)


def _by_literal(form: Literals, binaries: int) -> tuple[Longs, Index, Longs]:
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
def _assign(trail: Trail, counts: Longs, literal: int, reason: int) -> None:
    """Make an open literal true at the current level."""
    v, top = literal >> 1, counts[TRAIL]
    trail.value[literal], trail.value[literal ^ 1] = 1, -1
    trail.level[v], trail.position[v], trail.reason[v] = counts[LEVEL], top, reason
    trail.literal[top] = literal
    counts[TRAIL] = top + 1


@kernel
def _cancel(linear: Linear, trail: Trail, order: Order, counts: Longs, level: int) -> None:
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
def _propagate(linear: Linear, clauses: Clauses, trail: Trail, counts: Longs, limit: int) -> int:
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
            _assign(trail, counts, form.lit[e] ^ 1, 2 * i)
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
            _assign(trail, counts, other, 2 * c + 1)
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
def _pop(order: Order) -> int:
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
def _bump(order: Order, v: int) -> None:
    """A column took part in a conflict."""
    order.activity[v] += order.increment[0]
    if order.activity[v] > 1e100:
        order.activity[:] *= 1e-100
        order.increment[0] *= 1e-100
    if order.place[v] >= 0:
        _up(order, order.place[v])


# Analysis.

LEARNT, OPEN = range(2)  # positions in Scratch.size


@kernel
def _mark(trail: Trail, order: Order, scratch: Scratch, counts: Longs, literal: int) -> None:
    """A true literal is part of the conflict: to be resolved on this level, to be learnt on others but 0."""
    v = literal >> 1
    if scratch.seen[v] != 0 or trail.level[v] == 0:
        return
    scratch.seen[v] = 1
    _bump(order, v)
    if trail.level[v] == counts[LEVEL]:
        scratch.size[OPEN] += 1
    else:
        scratch.learnt[scratch.size[LEARNT]] = literal ^ 1
        scratch.size[LEARNT] += 1


@kernel
def _explain_row(
    form: Literals, trail: Trail, order: Order, scratch: Scratch, counts: Longs, i: int, implied: int
) -> None:
    """Mark true literals of row i that imply `implied`, or violate the row when that is NONE.

    With sum_{j true} w_j + w_implied > cap, weights up to the excess of the left side can be left out.
    """
    begin, end = form.start[i], form.start[i + 1]
    before = trail.position[implied >> 1] if implied != NONE else counts[TRAIL]
    excess = -form.cap[i] - 1
    for e in range(begin, end):
        literal = form.lit[e]
        if literal ^ 1 == implied or (trail.value[literal] > 0 and trail.position[literal >> 1] < before):
            excess += form.weight[e]
    for e in range(end - 1, begin - 1, -1):  # lightest first: most are left out
        literal = form.lit[e]
        v = literal >> 1
        if trail.value[literal] <= 0 or trail.position[v] >= before or scratch.seen[v] != 0:
            continue
        if form.weight[e] <= excess and 0 < trail.level[v] < counts[LEVEL]:
            excess -= form.weight[e]
        else:
            _mark(trail, order, scratch, counts, literal)
    counts[WORK] += 2 * (end - begin)


@kernel
def _analyse(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch, counts: Longs, reason: int
) -> int:
    """The clause of the first unique implication point, into scratch.learnt; the level to jump to.

    Its first literal is to be implied there, its second is one of that level's.
    """
    learnt, size = scratch.learnt, scratch.size
    size[LEARNT], size[OPEN] = 1, 0
    t, implied = counts[TRAIL], NONE
    while True:
        if reason & 1:
            c = reason >> 1
            for e in range(clauses.start[c], clauses.start[c] + clauses.length[c]):
                if clauses.literal[e] != implied:
                    _mark(trail, order, scratch, counts, clauses.literal[e] ^ 1)
            counts[WORK] += clauses.length[c]
        else:
            _explain_row(linear.form, trail, order, scratch, counts, reason >> 1, implied)
        t -= 1
        while scratch.seen[trail.literal[t] >> 1] == 0:
            t -= 1
        implied = trail.literal[t]
        scratch.seen[implied >> 1] = 0
        size[OPEN] -= 1
        if size[OPEN] == 0:
            break
        reason = trail.reason[implied >> 1]
    learnt[0] = implied ^ 1
    target = 0
    for k in range(1, size[LEARNT]):
        v = learnt[k] >> 1
        scratch.seen[v] = 0
        if trail.level[v] > target:
            target = trail.level[v]
            learnt[1], learnt[k] = learnt[k], learnt[1]
    return int(target)


@kernel
def _levels(trail: Trail, scratch: Scratch, counts: Longs) -> int:
    """LBD: the number of levels among the literals learnt."""
    number = 0
    for k in range(scratch.size[LEARNT]):
        level = trail.level[scratch.learnt[k] >> 1]
        if scratch.stamp[level] != counts[CONFLICTS]:
            scratch.stamp[level] = counts[CONFLICTS]
            number += 1
    return number


@kernel
def _learn(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch, counts: Longs, reason: int
) -> None:
    """Learn from a violated row or clause, jump back and assert."""
    counts[CONFLICTS] += 1
    counts[SINCE] += 1
    target = _analyse(linear, clauses, trail, order, scratch, counts, reason)
    size = scratch.size[LEARNT]
    lbd = _levels(trail, scratch, counts)
    _cancel(linear, trail, order, counts, target)
    own = NONE
    if size > 1:
        own = 2 * add_clause(clauses, scratch.learnt, size, lbd) + 1
    _assign(trail, counts, scratch.learnt[0], own)
    order.increment[0] *= DECAY


# The search.


@kernel
def _luby(i: int) -> int:
    """Term i of 1 1 2 1 1 2 4 1 1 2 ... (Luby, Sinclair, Zuckerman 1993), i from 0."""
    size, power = 1, 0
    while size < i + 1:
        size, power = 2 * size + 1, power + 1
    while size - 1 != i:
        size, power = (size - 1) >> 1, power - 1
        i %= size
    return 1 << power


@kernel
def _restart(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, counts: Longs, random: Rng
) -> None:
    """Back to level 0; now and then flip phases, and delete clauses when there are many."""
    _cancel(linear, trail, order, counts, 0)
    counts[RESTARTS] += 1
    counts[SINCE] = 0
    if uniform(random) < FLIP_RESTARTS:
        for _ in range(int(FLIPS * order.phase.size)):
            order.phase[below(random, order.phase.size)] ^= 1
    if counts[CONFLICTS] >= counts[REDUCE_AT]:
        counts[WORK] += clauses.size[1]
        reduce_clauses(clauses, trail.value)
        counts[REDUCTIONS] += 1
        counts[REDUCE_AT] = counts[CONFLICTS] + REDUCE + REDUCE_STEP * counts[REDUCTIONS]


@kernel
def _violated(rows: Rows, trail: Trail) -> int:
    """The first row that a complete assignment violates in floats, or NONE."""
    for i in range(rows.hi.size):
        activity = 0.0
        for e in range(rows.start[i], rows.start[i + 1]):
            if trail.value[2 * rows.col[e] + 1] > 0:
                activity += rows.val[e]
        if activity > rows.hi[i] + rows.tol[i]:
            return i
    return NONE


@kernel
def _forbid(
    rows: Rows, linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch,
    counts: Longs, i: int,
) -> None:  # fmt: skip
    """Row i is violated by less than its integer form can tell: no assignment like this one again."""
    size = level = 0
    for e in range(rows.start[i], rows.start[i + 1]):
        literal = 2 * rows.col[e] + (rows.val[e] > 0)
        if trail.value[literal] > 0 and trail.level[rows.col[e]] > 0:
            scratch.learnt[size] = literal ^ 1
            size += 1
            level = max(level, trail.level[rows.col[e]])
    if size == 0:
        counts[FAILED] = 1
        return
    # The two literals that would be undone first are to be watched.
    for k in range(min(size, 2)):
        for other in range(k + 1, size):
            if trail.level[scratch.learnt[other] >> 1] > trail.level[scratch.learnt[k] >> 1]:
                scratch.learnt[k], scratch.learnt[other] = scratch.learnt[other], scratch.learnt[k]
    if size == 1:
        _cancel(linear, trail, order, counts, 0)
        _assign(trail, counts, scratch.learnt[0], NONE)
        return
    c = add_clause(clauses, scratch.learnt, size, 0)
    _cancel(linear, trail, order, counts, level)
    _learn(linear, clauses, trail, order, scratch, counts, 2 * c + 1)


@kernel
def _search(
    rows: Rows, linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch,
    counts: Longs, random: Rng, limit: int,
) -> int:  # fmt: skip
    """Search until `limit` on counts[WORK]; stops where nothing is lost."""
    n = order.heap.size
    while True:
        if counts[FAILED]:
            return UNSAT
        if counts[WORK] >= limit:
            return BUDGET
        # A check that fails and the conflict that follows store a clause each.
        if not has_room(clauses, 2 * n + 2) or clauses.size[0] + 2 > clauses.start.size:
            return NO_ROOM
        reason = _propagate(linear, clauses, trail, counts, limit)
        if reason == PAUSED:
            return BUDGET
        if reason != NONE:
            if counts[LEVEL] == 0:
                counts[FAILED] = 1
            else:
                _learn(linear, clauses, trail, order, scratch, counts, reason)
            continue
        if counts[SINCE] >= RESTART * _luby(counts[RESTARTS]):
            _restart(linear, clauses, trail, order, counts, random)
            continue
        if counts[TRAIL] == n:
            counts[WORK] += rows.val.size + 1
            broken = _violated(rows, trail)
            if broken == NONE:
                return SAT
            _forbid(rows, linear, clauses, trail, order, scratch, counts, broken)
            continue
        v = _pop(order)
        while trail.value[2 * v] != 0:
            v = _pop(order)
        counts[LEVEL] += 1
        trail.begin[counts[LEVEL]] = counts[TRAIL]
        _assign(trail, counts, 2 * v + order.phase[v], NONE)
        counts[WORK] += 1
