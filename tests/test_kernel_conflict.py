"""Conflict-driven search: its answers against brute force and HiGHS, learnt clauses, invariants, budgets."""

from __future__ import annotations

import itertools
from pathlib import Path

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.kernels.conflict import trail as on
from diffpump.kernels.conflict.binary_rows import binary_rows, literal_form
from diffpump.kernels.conflict.search import Outcome, State, add_row, search, set_phases, start
from diffpump.kernels.model import model
from diffpump.verify.check import Judge

PLENTY = 10**9  # touched entries, more than any search here needs


def problem(
    matrix: Vector,
    lo: Vector,
    hi: Vector,
    lb: Vector | None = None,
    ub: Vector | None = None,
    kinds: str = "",
) -> Problem:
    """Return the problem lo <= matrix x <= hi.

    The columns are binaries unless `kinds` has i (integer) or - (continuous) for every column.
    """
    m, n = matrix.shape
    A = sp.csr_matrix(matrix)
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    lb = np.zeros(n) if lb is None else lb
    ub = np.ones(n) if ub is None else ub
    integer = np.array([kind == "i" for kind in kinds or "i" * n], dtype=bool)
    names = [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)]
    return Problem("small", np.zeros(n), 0.0, False, A, lo, hi, lb, ub, integer, *names)


def begin(p: Problem, seed: int = 0) -> State:
    rows, columns = binary_rows(model(p))
    return start(rows, columns.size, seed)


def points(n: int) -> Vector:
    """Return all points of {0, 1}^n as an array (2^n, n)."""
    return np.array(list(itertools.product((0.0, 1.0), repeat=n)), dtype=float).reshape(2**n, n)


def solutions(p: Problem) -> Vector:
    """Return all feasible points of a pure binary problem."""
    judge, every = Judge(p), points(p.n)
    return every[[judge.feasible(x) for x in every]]


def learnt(state: State) -> list[list[int]]:
    """Return the stored clauses."""
    c = state.clauses
    return [c.literal[c.start[k] : c.start[k] + c.length[k]].tolist() for k in range(c.size[0])]


def assert_implied(state: State, feasible: Vector) -> None:
    """Assert that every clause and every assignment at level 0 holds at all feasible points."""
    for clause in [*learnt(state), *([lit] for lit in level_0(state))]:
        held = [feasible[:, lit >> 1] == (lit & 1) for lit in clause]
        assert np.any(held, axis=0).all(), clause


def level_0(state: State) -> list[int]:
    trail = state.trail.literal[: state.counts[on.TRAIL]]
    return [int(lit) for lit in trail if state.trail.level[lit >> 1] == 0]


def assert_consistent(state: State) -> None:
    """Assert that all parts of the state agree and that reasons imply their literals."""
    t, form, counts = state.trail, state.linear.form, state.counts
    trail = t.literal[: counts[on.TRAIL]]
    processed = set(trail[: counts[on.PROCESSED]].tolist())
    value = np.zeros(t.value.size)
    value[trail], value[trail ^ 1] = 1, -1
    assert np.array_equal(value, t.value)
    assert np.array_equal(t.position[trail >> 1], np.arange(trail.size))
    levels = t.level[trail >> 1]
    assert (np.diff(levels) >= 0).all() and (not trail.size or levels[-1] <= counts[on.LEVEL])
    for level in range(1, counts[on.LEVEL] + 1):
        decision = trail[t.begin[level]]
        assert t.level[decision >> 1] == level and t.reason[decision >> 1] == on.NONE
    for i in range(form.cap.size):
        entries = range(form.start[i], form.start[i + 1])
        slack = int(form.cap[i]) - sum(int(form.weight[e]) for e in entries if form.lit[e] in processed)
        assert slack == state.linear.margin[i] + state.linear.largest[i]
    clauses = learnt(state)
    for position, lit in enumerate(trail):
        reason = int(t.reason[lit >> 1])
        if reason == on.NONE or levels[position] == 0:
            continue  # the reason of an assignment at level 0 may have been deleted
        before = set(trail[:position].tolist())
        if reason & 1:
            assert lit in clauses[reason >> 1]
            assert all(other ^ 1 in before for other in clauses[reason >> 1] if other != lit)
        else:
            entries = range(form.start[reason >> 1], form.start[(reason >> 1) + 1])
            needed = sum(int(form.weight[e]) for e in entries if form.lit[e] in before | {lit ^ 1})
            assert needed > form.cap[reason >> 1]
    heap = state.order.heap[: state.order.size[0]]
    assert set(range(value.size // 2)) - set((trail >> 1).tolist()) <= set(heap.tolist())
    assert np.array_equal(state.order.place[heap], np.arange(heap.size))
    activity = state.order.activity[heap]
    assert all(activity[k] <= activity[(k - 1) // 2] for k in range(1, heap.size))
    watched = [[] for _ in range(value.size)]
    for lit in range(value.size):
        watch = int(state.clauses.head[lit])
        while watch >= 0:
            watched[lit].append(watch)
            watch = int(state.clauses.after[watch])
    for c, clause in enumerate(clauses):
        assert 2 * c in watched[clause[0]] and 2 * c + 1 in watched[clause[1]]
    assert sum(map(len, watched)) == 2 * len(clauses)


COEFFICIENTS = st.one_of(
    st.integers(-5, 5).map(float),
    st.sampled_from([0.1, 1 / 3, -2.7, 1e-9, -1e-9, 1e-4, 1e9, -1e9, 12345.678]),
)


@st.composite
def problems(draw: st.DrawFn, coefficients: st.SearchStrategy[float] = COEFFICIENTS) -> Problem:
    """Draw pure binary problems of up to 9 columns, feasible or not.

    Rows are inequalities, equalities, ranges, free, empty or of a single column.
    """
    n, m = draw(st.integers(0, 9)), draw(st.integers(0, 10))
    lo, hi = np.full(m, -np.inf), np.full(m, np.inf)
    matrix = np.zeros((m, n))
    for i in range(m):
        chosen = draw(st.lists(st.integers(0, n - 1), unique=True)) if n else []
        for j in chosen:
            matrix[i, j] = draw(coefficients)
        kind = draw(st.sampled_from(["<=", ">=", "=", "range", "free"]))
        # The side is an attainable activity or one close to it, so that rows are often tight.
        side = float(matrix[i] @ draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)) if n else 0.0)
        side += draw(st.sampled_from([0.0, 0.0, 0.0, 0.5, -0.5, 1.0, -1.0]))
        if kind in ("<=", "=", "range"):
            hi[i] = side
        if kind in (">=", "="):
            lo[i] = side
        if kind == "range":
            lo[i] = side - draw(st.sampled_from([0.0, 1.0, 2.5]))
    fixed = draw(st.lists(st.sampled_from([None, None, None, None, 0.0, 1.0]), min_size=n, max_size=n))
    lb = np.array([0.0 if v is None else v for v in fixed])
    ub = np.array([1.0 if v is None else v for v in fixed])
    return problem(matrix, lo, hi, lb, ub)


def at_the_edge(p: Problem) -> bool:
    """Return whether rounding errors decide if a point is within the tolerance, so both answers are right."""
    matrix = p.A.toarray()
    activity = points(p.n) @ matrix.T
    over = np.maximum(activity - p.row_hi, p.row_lo - activity)
    noise = 1e-14 * (np.abs(matrix).sum(axis=1) + np.where(np.isfinite(p.row_hi), np.abs(p.row_hi), 0.0))
    return bool((np.abs(over - 1e-6) <= noise).any())


def answer(p: Problem, state: State) -> Vector:
    """Return the point of the searched columns and the fixed ones."""
    x = p.lb.copy()
    x[binary_rows(model(p))[1]] = state.assignment
    return x


@given(problems(), st.integers(0, 3))
def test_answers_agree_with_brute_force(p: Problem, seed: int) -> None:
    assume(not at_the_edge(p))
    state, feasible = begin(p, seed), solutions(p)
    status, work = search(state, PLENTY)
    assert status is (Outcome.SAT if len(feasible) else Outcome.UNSAT)
    assert work == state.counts[on.WORK]
    if status is Outcome.SAT:
        assert Judge(p).feasible(answer(p, state))
    free = binary_rows(model(p))[1]
    assert_implied(state, feasible[:, free])
    assert_consistent(state)


@given(problems(), st.integers(0, 3), st.integers(1, 40), st.integers(0, 2**9 - 1))
def test_budgets_phases_and_invariants_on_the_way(p: Problem, seed: int, budget: int, phases: int) -> None:
    """A search in small pieces has the answer and the work of one call, and a consistent state in between."""
    assume(not at_the_edge(p))
    whole, pieces = begin(p, seed), begin(p, seed)
    x = np.array([phases >> j & 1 for j in range(whole.assignment.size)], dtype=float)
    for state in (whole, pieces):
        set_phases(state, x)
    expected = search(whole, PLENTY)
    total, status = 0, Outcome.BUDGET
    while status is Outcome.BUDGET:
        status, work = search(pieces, budget)
        total += work
        assert work <= budget + 10 * (p.nnz + p.n + 2) * (p.n + 2)
        assert_consistent(pieces)
    assert (status, total) == expected
    assert np.array_equal(whole.assignment, pieces.assignment) and learnt(whole) == learnt(pieces)
    if phases == 0 and status is Outcome.SAT and Judge(p).feasible(p.lb):
        assert not whole.assignment.any() or p.lb.any()


@settings(max_examples=30)
@given(problems(), st.integers(0, 3))
def test_rows_added_after_each_answer_enumerate_all_solutions(p: Problem, seed: int) -> None:
    """If a row excludes each answer, there are as many answers as feasible points, and then none."""
    assume(not at_the_edge(p))
    state, feasible = begin(p, seed), solutions(p)
    free = binary_rows(model(p))[1]
    left = {tuple(x) for x in feasible[:, free]}
    while search(state, PLENTY)[0] is Outcome.SAT:
        x = state.assignment
        assert tuple(x) in left
        left.remove(tuple(x))
        # sum_{x_j = 1} x_j - sum_{x_j = 0} x_j <= |{x_j = 1}| - 1 excludes exactly this point
        add_row(state, np.arange(x.size), np.where(x > 0, 1.0, -1.0), x.sum() - 1)
        if len(left) % 16 < 2:
            assert_consistent(state)
            assert_implied(state, np.array(sorted(left)).reshape(len(left), x.size))
    assert not left


@given(problems(), st.data())
def test_rows_added_at_any_time_are_obeyed(p: Problem, data: st.DataObject) -> None:
    """If a search is stopped anywhere and rows are added, repeatedly, its answer is that of all the rows."""
    assume(not at_the_edge(p))
    state, feasible = begin(p), solutions(p)
    free = binary_rows(model(p))[1]
    feasible = feasible[:, free]
    for _ in range(data.draw(st.integers(1, 4))):
        search(state, data.draw(st.integers(0, 100)))
        val = np.array([data.draw(st.integers(-4, 4)) for _ in free], dtype=float)
        hi = float(data.draw(st.integers(-3, 6)))
        add_row(state, np.flatnonzero(val), val[val != 0], hi)
        feasible = feasible[feasible @ val <= hi]
        assert_consistent(state)
    status, _ = search(state, PLENTY)
    assert status is (Outcome.SAT if len(feasible) else Outcome.UNSAT)
    if status is Outcome.SAT:
        assert tuple(state.assignment) in {tuple(x) for x in feasible}
    assert_implied(state, feasible)


@given(problems())
def test_weights_in_integers_relax_the_row(p: Problem) -> None:
    """Every feasible point satisfies the integer form of every row.

    The weights are in descending order, and their sum stays below 2^61.
    """
    rows, columns = binary_rows(model(p))
    form = literal_form(rows)
    feasible = solutions(p)[:, columns]
    for i in range(form.cap.size):
        entries = slice(form.start[i], form.start[i + 1])
        held = feasible[:, form.lit[entries] >> 1] == (form.lit[entries] & 1)
        assert (held @ form.weight[entries] <= form.cap[i]).all()
        assert (np.diff(form.weight[entries]) <= 0).all() and int(form.weight[entries].sum()) < 2**61


def test_what_the_integers_cannot_tell_the_floats_decide() -> None:
    """In 1e9 x + 1.5e-6 y <= 1e9, the tolerance of 1e-6 lies at the end of a float's digits."""
    p = problem(np.array([[1e9, 1.5e-6]]), np.array([-np.inf]), np.array([1e9]))
    state = begin(p)
    set_phases(state, np.ones(2))
    assert search(state, PLENTY)[0] is Outcome.SAT
    assert Judge(p).feasible(state.assignment)
    assert learnt(state) and state.conflicts > 0


def test_no_rows_and_no_columns() -> None:
    for n in (0, 3):
        state = begin(problem(np.zeros((0, n)), np.zeros(0), np.zeros(0)))
        assert search(state, PLENTY)[0] is Outcome.SAT
        assert state.assignment.shape == (n,)
    impossible = begin(problem(np.zeros((1, 0)), np.ones(1), np.ones(1)))
    assert search(impossible, PLENTY)[0] is Outcome.UNSAT
    add_row(impossible, np.array([]), np.array([]), 1.0)
    assert search(impossible, PLENTY)[0] is Outcome.UNSAT


def test_rows_are_relaxed_by_the_other_columns() -> None:
    """Columns other than free binaries relax the rows.

    x + y - z <= -1 with z in [0, 2.5] gives x + y <= 1.5. The row of the free column w implies nothing, and v
    is fixed.
    """
    matrix = np.array([[1.0, 1, -1, 0, 0], [1, 0, 0, 1, 0], [-1, -1, 0, 0, 1]])
    lo, hi = np.array([-np.inf, 3, -3]), np.array([-1.0, 3, 0])
    lb, ub = np.array([0.0, 0, 0, -np.inf, 1]), np.array([1.0, 1, 2.5, np.inf, 1])
    rows, columns = binary_rows(model(problem(matrix, lo, hi, lb, ub, "ii--i")))
    assert columns.tolist() == [0, 1]
    dense = sp.csr_matrix((rows.val, rows.col, rows.start), (rows.hi.size, 2)).toarray()
    assert np.allclose(dense, [[1, 1], [-1, -1]]) and np.allclose(rows.hi, [1.5, -1])


def mixture(n: int, seed: int) -> Problem:
    """Return a random model of n binaries: clauses of three literals, knapsack and cardinality rows."""
    random = np.random.default_rng(seed)
    m = int(2.7 * n)
    matrix, lo, hi = np.zeros((m, n)), np.full(m, -np.inf), np.full(m, np.inf)
    for i in range(m):
        if i % 8:
            chosen = random.choice(n, 3, replace=False)
            matrix[i, chosen] = random.choice([-1.0, 1.0], 3)
            lo[i] = 1 - (matrix[i] < 0).sum()
        elif i % 16:
            chosen = random.choice(n, 7, replace=False)
            matrix[i, chosen] = random.integers(1, 30, 7) / 7
            lo[i], hi[i] = matrix[i].sum() * np.array([0.3, 0.6])
        else:
            matrix[i, random.choice(n, 6, replace=False)] = 1
            lo[i] = hi[i] = 3
    return problem(matrix, lo, hi)


def feasible_by_highs(p: Problem) -> bool:
    highspy.Highs.resetGlobalScheduler(True)  # HiGHS 1.16 refuses `threads` after a run with another number
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.passModel(
        p.n, p.m, p.nnz, int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0, p.c,
        p.lb, p.ub, p.row_lo, p.row_hi, p.A.indptr, p.A.indices, p.A.data, np.ones(p.n, dtype=np.int32),
    )  # fmt: skip
    highs.run()
    return highs.getModelStatus() == highspy.HighsModelStatus.kOptimal


def test_answers_agree_with_highs() -> None:
    """The 100 models of 30 to 60 binaries have so many rows that some are feasible and some are not."""
    answers = []
    for seed in range(100):
        p = mixture(30 + seed % 31, seed)
        state = begin(p, seed)
        status, _ = search(state, PLENTY)
        assert (status is Outcome.SAT) == feasible_by_highs(p), seed
        if status is Outcome.SAT:
            assert Judge(p).feasible(state.assignment)
        assert_consistent(state)
        answers.append(status)
    assert 20 < answers.count(Outcome.SAT) < 80


def pigeons(holes: int) -> Problem:
    """Return the pigeonhole problem: holes + 1 pigeons, at most one per hole.

    It is infeasible, and a proof by clauses is long.
    """
    x = np.arange((holes + 1) * holes).reshape(holes + 1, holes)
    matrix = np.zeros((2 * holes + 1, x.size))
    for i in range(holes + 1):
        matrix[i, x[i]] = 1
    for j in range(holes):
        matrix[holes + 1 + j, x[:, j]] = 1
    return problem(matrix, np.r_[np.ones(holes + 1), np.full(holes, -np.inf)],
                   np.r_[np.full(holes + 1, np.inf), np.ones(holes)])  # fmt: skip


@pytest.mark.slow
def test_restarts_and_deletions_keep_the_answer() -> None:
    """Deleted clauses, flipped phases and enlarged arrays do not change the answer.

    A search in pieces takes the same steps as in one call.
    """
    p = pigeons(8)
    whole, pieces, other = begin(p, 1), begin(p, 1), begin(p, 2)
    assert search(whole, PLENTY)[0] is Outcome.UNSAT
    assert whole.counts[on.REDUCTIONS] > 0 and whole.counts[on.RESTARTS] > 20
    while search(pieces, 40_000_000)[0] is Outcome.BUDGET:
        assert_consistent(pieces)
    assert np.array_equal(whole.counts, pieces.counts) and learnt(whole) == learnt(pieces)
    assert search(other, PLENTY)[0] is Outcome.UNSAT
    assert not np.array_equal(whole.counts, other.counts)


def test_columns_in_many_rows_are_decided_first() -> None:
    rows = np.zeros((4, 6))
    for column, count in enumerate((1, 3, 0, 4, 2, 3)):
        rows[:count, column] = 1.0
    p = problem(rows, np.full(4, -np.inf), np.full(4, 0.5))
    order = [begin(p, seed).order.heap.tolist() for seed in range(9)]
    assert all(set(columns[1:3]) == {1, 5} for columns in order)
    assert {tuple(np.delete(columns, [1, 2])) for columns in order} == {(3, 4, 0, 2)}
    assert len({columns[1] for columns in order}) == 2  # the seed breaks ties


def test_phases_lead_to_a_point_that_is_known() -> None:
    p = mixture(40, 2)
    state = begin(p)
    assert search(state, PLENTY)[0] is Outcome.SAT
    fresh = begin(p, 5)
    set_phases(fresh, state.assignment)
    assert search(fresh, PLENTY)[0] is Outcome.SAT
    assert fresh.conflicts == 0 and np.array_equal(fresh.assignment, state.assignment)


@pytest.mark.miplib
@pytest.mark.parametrize("name", ["bnatt400", "air05", "enigma"])
def test_instances(name: str, miplib: list[Path]) -> None:
    """The search finds the binaries of these models within seconds."""
    path = next((path for path in miplib if path.name == f"{name}.mps.gz"), None)
    if path is None:
        pytest.skip(f"set DIFFPUMP_MIPLIB to a folder with {name}")
    p = read(path)
    state = begin(p)
    assert search(state, 10**9)[0] is Outcome.SAT
    rows, columns = binary_rows(model(p))
    matrix = sp.csr_matrix((rows.val, rows.col, rows.start), (rows.hi.size, columns.size))
    assert (matrix @ state.assignment <= rows.hi + rows.tol + 1e-12).all()
    if columns.size == p.n:
        assert Judge(p).feasible(state.assignment)
