"""Conflict-driven search on the binaries: decide, propagate, learn a clause from each conflict, jump back.

Clause learning of SAT solvers (Marques-Silva, Sakallah 1999; Een, Sorensson 2003) over linear rows as in
pseudo-Boolean solvers (Chai, Kuehlmann 2005), rows in the literal form of `binary_rows`. No LP: whoever
fixes the binaries to the answer finds out about the other columns, and adds what follows with `add_row`.

`conflict_trail` holds assignments and propagation, `conflict_analysis` what is learnt, `clauses` the store.

Decisions follow activities (VSIDS: columns in recent conflicts first; before any, columns in many rows first)
and take the column's last value; restarts after 100 times Luby's sequence of conflicts. Work is counted in
touched entries. The state goes on exactly where it stopped, however the budget is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.conflict.analysis import LEARNT, Scratch, analyse, levels
from diffpump.kernels.conflict.binary_rows import Longs, Rows, append, append_literals, literal_form
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
from diffpump.kernels.model import Index
from diffpump.kernels.rng import Rng, below, rng, uniform


class Outcome(IntEnum):
    """How a search ended. UNSAT is no proof: a tolerance and what callers added stand behind it."""

    SAT = 0  # every binary has a value and every row holds
    UNSAT = 1  # no assignment satisfies the rows
    BUDGET = 2  # the work is done; go on with another call


SAT, UNSAT, BUDGET, NO_ROOM = range(4)  # the kernel's, the last for its caller alone

FIRST = 1e-3  # the largest activity at first: one conflict counts more
DECAY = 1 / 0.95  # growth of the activity's increment after a conflict
RESTART = 100  # conflicts, times Luby's sequence
FLIP_RESTARTS, FLIPS = 0.3, 0.02  # share of the restarts that flip phases, share of the phases flipped
REDUCE, REDUCE_STEP = 4000, 500  # clauses between deletions, and how much more each time


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
    """A search over `binaries` columns that has decided nothing; phases are 0. The seed breaks ties in the
    first order of decisions, too."""
    n = binaries

    def zeros(size: int) -> Index:
        return np.zeros(size, dtype=np.int32)

    counts = np.zeros(12, dtype=np.int64)
    counts[REDUCE_AT] = REDUCE
    occurrences = np.bincount(rows.col, minlength=n) + np.random.default_rng(seed).random(n)
    heap = np.argsort(-occurrences).astype(np.int32)  # sorted, and so a heap
    order = Order(occurrences * (FIRST / occurrences.max(initial=1.0)), np.ones(1), heap,
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
    cancel(state.linear, state.trail, state.order, state.counts, 0)
    state.order.phase[:] = x >= 0.5


def add_row(state: State, col: Index, val: Vector, hi: float, tol: float = 0.0) -> None:
    """Add sum_j val_j x_col_j <= hi + tol over distinct columns; decisions are undone, phases stay.

    A row that only says that not all of its literals are true becomes a clause.
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
        assign(state.trail, state.counts, open_[0], NONE)
    else:
        while not has_room(state.clauses, open_.size):
            state.clauses = grown(state.clauses)
        add_clause(state.clauses, open_, open_.size, 0)


@kernel
def _learn(
    linear: Linear, clauses: Clauses, trail: Trail, order: Order, scratch: Scratch, counts: Longs, reason: int
) -> None:
    """Learn from a violated row or clause, jump back and assert."""
    counts[CONFLICTS] += 1
    counts[SINCE] += 1
    target = analyse(linear, clauses, trail, order, scratch, counts, reason)
    size = scratch.size[LEARNT]
    lbd = levels(trail, scratch, counts)
    cancel(linear, trail, order, counts, target)
    own = NONE
    if size > 1:
        own = 2 * add_clause(clauses, scratch.learnt, size, lbd) + 1
    assign(trail, counts, scratch.learnt[0], own)
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
    cancel(linear, trail, order, counts, 0)
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
        reason = propagate(linear, clauses, trail, counts, limit)
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
        v = pop(order)
        while trail.value[2 * v] != 0:
            v = pop(order)
        counts[LEVEL] += 1
        trail.begin[counts[LEVEL]] = counts[TRAIL]
        assign(trail, counts, 2 * v + order.phase[v], NONE)
        counts[WORK] += 1
