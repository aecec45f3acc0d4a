"""Conflict-driven search on the binaries: decide, propagate, learn a clause from each conflict, backjump.

This is the clause learning of SAT solvers over linear rows, as in pseudo-Boolean solvers. The rows have the
literal form of `conflict.binary_rows`. The search solves no LP: the caller fixes the binaries to an answer,
solves for the other columns, and adds the rows that follow from the outcome with `add_row`.

Decisions choose the column of the highest activity (VSIDS: columns of recent conflicts first; before the
first conflict, columns in many rows first) and give it its last value. The number of conflicts between two
restarts is 100 times the next term of Luby's sequence. Work is counted in touched entries. A search in many
calls takes exactly the same steps as in one call, however the budget is divided.

`conflict.trail` holds assignments and propagation, `conflict.analysis` derives the clause to learn, and
`conflict.clauses` stores the learnt clauses.

Sources: Marques-Silva, Sakallah (1999); Een, Sorensson (2003); Chai, Kuehlmann (2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.luby import luby
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.conflict.analysis import LEARNT, Scratch, analyse, levels
from diffpump.kernels.conflict.binary_rows import (
    Longs,
    Rows,
    append,
    append_literals,
    binary_rows,
    literal_form,
)
from diffpump.kernels.conflict.clauses import Clauses, add_clause, grown, has_room, no_clauses, reduce_clauses
from diffpump.kernels.conflict.trail import (
    CONFLICTS,
    FAILED,
    LEVEL,
    NONE,
    PAUSED,
    PROCESSED,
    PROPAGATIONS,
    REDUCE_AT,
    REDUCTIONS,
    RESTARTS,
    SINCE,
    TRAIL,
    WORK,
    Linear,
    Order,
    Trail,
    assign,
    by_literal,
    cancel,
    largest_weight,
    pop,
    propagate,
)
from diffpump.kernels.model import Index, Model
from diffpump.kernels.rng import Rng, below, rng, uniform


class Outcome(IntEnum):
    """How a call of `search` ended.

    UNSAT is no proof of infeasibility: it relies on tolerances and on the rows that callers added.
    """

    SAT = 0  # every binary has a value, and every row holds
    UNSAT = 1  # no assignment satisfies the rows
    BUDGET = 2  # the budget is used up; another call continues


# The results of the kernel `_search`: those of Outcome, and NO_ROOM, which asks `search` to enlarge the store
# of clauses.
SAT, UNSAT, BUDGET, NO_ROOM = range(4)

INITIAL_ACTIVITY = 1e-3  # the largest activity at the start, below the increment of 1 by the first conflict
INCREMENT_GROWTH = 1 / 0.95  # of the activities' increment after each conflict
RESTART_UNIT = 100  # conflicts before a restart, times the terms of Luby's sequence
FLIP_PROBABILITY, FLIP_SHARE = 0.3, 0.02  # that a restart flips phases, and the share of phases it flips
# Conflicts before the first deletion of clauses, and by how many more each later deletion is delayed.
REDUCE_INTERVAL, REDUCE_INTERVAL_STEP = 4000, 500


@dataclass(eq=False)
class State:
    """The state of a search over N binaries; callers change it by the functions of this module only."""

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
        """The answer x (N,) after SAT; columns without a value have 0."""
        return (self.trail.value[1::2] > 0).astype(np.float64)

    @property
    def conflicts(self) -> int:
        """The number of conflicts so far."""
        return int(self.counts[CONFLICTS])

    @property
    def propagations(self) -> int:
        """The number of literals processed so far."""
        return int(self.counts[PROPAGATIONS])


def start(rows: Rows, binaries: int, seed: int = 0) -> State:
    """Return a search over so many binaries, without decisions and with all phases 0.

    The seed determines the random numbers and breaks ties in the initial order of decisions.
    """
    n = binaries

    def zeros(size: int) -> Index:
        return np.zeros(size, dtype=np.int32)

    counts = np.zeros(12, dtype=np.int64)
    counts[REDUCE_AT] = REDUCE_INTERVAL
    occurrences = np.bincount(rows.col, minlength=n) + np.random.default_rng(seed).random(n)
    heap = np.argsort(-occurrences).astype(np.int32)  # a sorted array is a heap
    order = Order(occurrences * (INITIAL_ACTIVITY / occurrences.max(initial=1.0)), np.ones(1), heap,
                  np.argsort(heap).astype(np.int32), np.array([n], dtype=np.int32),
                  np.zeros(n, dtype=np.int8))  # fmt: skip
    trail = Trail(zeros(n), zeros(n + 2), np.zeros(2 * n, dtype=np.int8), zeros(n), zeros(n),
                  np.full(n, NONE, dtype=np.int64))  # fmt: skip
    scratch = Scratch(np.zeros(n, dtype=np.int8), zeros(n + 1), np.zeros(2, dtype=np.int64),
                      np.full(n + 1, -1, dtype=np.int64))  # fmt: skip
    form = literal_form(rows)
    largest = largest_weight(form)
    linear = Linear(form, largest, form.cap - largest, *by_literal(form, n))
    return State(rows, linear, no_clauses(n), trail, order, scratch, counts, rng(seed))


def search(state: State, budget: int) -> tuple[Outcome, int]:
    """Search for an answer. Return the outcome and the number of touched entries.

    budget   touched entries, exceeded by at most the work of one assignment or one conflict
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
    """Set the phases to x (N,), rounded, so that decisions try its values first.

    All decisions are undone. Assignments that the search undoes later replace these phases.
    """
    cancel(state.linear, state.trail, state.order, state.counts, 0)
    state.order.phase[:] = x >= 0.5


def add_row(state: State, col: Index, val: Vector, hi: float, tol: float = 0.0) -> None:
    """Add the row sum_j val_j x_col_j <= hi + tol over distinct columns.

    All decisions are undone, and their values become phases. A row that only says that not all of its
    literals are true becomes a clause.
    """
    cancel(state.linear, state.trail, state.order, state.counts, 0)
    n = state.order.heap.size
    row = Rows(np.array([0, len(col)], dtype=np.int64), np.asarray(col, dtype=np.int32),
               np.asarray(val, dtype=np.float64), np.array([hi]), np.array([tol]))  # fmt: skip
    form = literal_form(row)
    if form.cap.size and form.cap[0] >= 0 and form.weight.sum() - form.weight[-1] <= form.cap[0]:
        _add_disjunction(state, form.lit ^ 1)
        return
    state.rows = append(state.rows, row)
    old = state.linear
    both, largest = append_literals(old.form, form), largest_weight(form)
    margin = np.append(old.margin, form.cap - largest)
    state.linear = Linear(both, np.append(old.largest, largest), margin, *by_literal(both, n))
    processed = state.trail.literal[: state.counts[PROCESSED]]
    if form.cap.size:
        margin[-1] -= form.weight[np.isin(form.lit, processed)].sum()


def _add_disjunction(state: State, literals: Index) -> None:
    """Add a clause at level 0, as an assignment if only one of its literals is open."""
    value = state.trail.value[literals]
    open_ = literals[value == 0]
    if (value > 0).any():
        return
    if open_.size == 0:
        state.counts[FAILED] = 1
    elif open_.size == 1:
        assign(state.trail, state.counts, open_[0], NONE)
    else:
        while not has_room(state.clauses, open_.size):
            state.clauses = grown(state.clauses)
        add_clause(state.clauses, open_, open_.size, 0)


@kernel
def _learn(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch, counts: Longs, reason: int
) -> None:
    """Learn a clause from a violated row or clause, backjump, and assign the literal that it implies."""
    counts[CONFLICTS] += 1
    counts[SINCE] += 1
    target = analyse(linear, clauses, trail, order, scratch, counts, reason)
    size = scratch.size[LEARNT]
    lbd = levels(trail, scratch, counts)
    cancel(linear, trail, order, counts, target)
    learnt = NONE
    if size > 1:
        learnt = 2 * add_clause(clauses, scratch.learnt, size, lbd) + 1
    assign(trail, counts, scratch.learnt[0], learnt)
    order.increment[0] *= INCREMENT_GROWTH


_luby = kernel(luby)


@kernel
def _restart(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, counts: Longs, random: Rng
) -> None:
    """Return to level 0, flip some phases now and then, and delete clauses when that is due."""
    cancel(linear, trail, order, counts, 0)
    counts[RESTARTS] += 1
    counts[SINCE] = 0
    if uniform(random) < FLIP_PROBABILITY:
        for _ in range(int(FLIP_SHARE * order.phase.size)):
            order.phase[below(random, order.phase.size)] ^= 1
    if counts[CONFLICTS] >= counts[REDUCE_AT]:
        counts[WORK] += clauses.size[1]
        reduce_clauses(clauses, trail.value)
        counts[REDUCTIONS] += 1
        counts[REDUCE_AT] = counts[CONFLICTS] + REDUCE_INTERVAL + REDUCE_INTERVAL_STEP * counts[REDUCTIONS]


@kernel
def _violated(rows: Rows, trail: Trail) -> int:
    """Return the first row that a complete assignment violates in float arithmetic, or NONE."""
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
    """Add a clause that excludes the current values of row i's columns, and learn from that conflict.

    The row is violated by less than its integer form can represent, so propagation cannot find the conflict.
    """
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
    # The clause must watch the two literals that would be undone first.
    for k in range(min(size, 2)):
        for other in range(k + 1, size):
            if trail.level[scratch.learnt[other] >> 1] > trail.level[scratch.learnt[k] >> 1]:
                scratch.learnt[k], scratch.learnt[other] = scratch.learnt[other], scratch.learnt[k]
    if size == 1:
        cancel(linear, trail, order, counts, 0)
        assign(trail, counts, scratch.learnt[0], NONE)
        return
    c = add_clause(clauses, scratch.learnt, size, 0)
    cancel(linear, trail, order, counts, level)
    _learn(linear, clauses, trail, order, scratch, counts, 2 * c + 1)


@kernel
def _search(
    rows: Rows, linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch,
    counts: Longs, random: Rng, limit: int,
) -> int:  # fmt: skip
    """Search until counts[WORK] reaches `limit`; it stops only where another call can continue."""
    n = order.heap.size
    while True:
        if counts[FAILED]:
            return UNSAT
        if counts[WORK] >= limit:
            return BUDGET
        # A failed check and the conflict that follows store one clause each.
        if not has_room(clauses, 2 * n + 2) or clauses.size[0] + 2 > clauses.start.size:
            return NO_ROOM
        reason = propagate(linear, clauses, trail, counts, limit)
        if reason == PAUSED:
            return BUDGET
        if reason != NONE:
            if counts[LEVEL] == 0:
                counts[FAILED] = 1
            else:
                _learn(linear, clauses, trail, order, scratch, counts, reason)
            continue
        if counts[SINCE] >= RESTART_UNIT * _luby(counts[RESTARTS]):
            _restart(linear, clauses, trail, order, counts, random)
            continue
        if counts[TRAIL] == n:
            counts[WORK] += rows.val.size + 1
            broken = _violated(rows, trail)
            if broken == NONE:
                return SAT
            _forbid(rows, linear, clauses, trail, order, scratch, counts, broken)
            continue
        v = pop(order)
        while trail.value[2 * v] != 0:
            v = pop(order)
        counts[LEVEL] += 1
        trail.begin[counts[LEVEL]] = counts[TRAIL]
        assign(trail, counts, 2 * v + order.phase[v], NONE)
        counts[WORK] += 1


@warm_up("conflict search")
def _warm_up(model: Model) -> None:
    rows, columns = binary_rows(model)
    state = start(rows, columns.size)
    search(state, 1000)
    set_phases(state, np.zeros(columns.size))
    pair = np.arange(2, dtype=np.int32)
    add_row(state, pair, np.array([1.0, 1.0]), 1.0)  # a clause
    add_row(state, pair[:1], np.array([1.0]), 0.0)  # an assignment
    add_row(state, np.arange(3, dtype=np.int32), np.array([2.0, 3.0, 4.0]), 5.0)
