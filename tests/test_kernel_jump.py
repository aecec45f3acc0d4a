"""Feasibility Jump: jump values against brute force, updated scores against fresh ones, budgets."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.kernels.jump.search import (
    MINIMA,
    MOVES,
    TOLERANCE_SHARE,
    JumpState,
    jump,
    jumper,
    perturbed,
    rescore,
    restart,
)
from diffpump.kernels.model import Model, model
from diffpump.verify.check import Judge

INF = np.inf
INSTANCES = Path(__file__).parent.parent / "instances"
COLUMNS = [  # lower bound, upper bound, i for integer or c for continuous
    (0, 1, "i"), (0, 1, "i"), (0, 1, "i"), (3, 4, "i"), (2, 2, "i"), (-3, 7, "i"), (0, INF, "i"),
    (-INF, INF, "i"), (0, 2.5, "c"), (-INF, INF, "c"), (-INF, 1, "c"), (1.5, 1.5, "c"),
]  # fmt: skip
SIDES = [(-INF, 0), (0, INF), (0, 0), (0, 2), (-INF, INF)]  # added to a row's right-hand side


def problem(
    rows: list[tuple[list[float], float, float]],
    columns: list[tuple[float, float, str]],
    cost: list[float] | None = None,
) -> Problem:
    """Return a problem from rows (coefficients, sides), columns (bounds, i or c) and costs."""
    n = len(columns)
    A = sp.csr_matrix(np.array([row for row, _, _ in rows], dtype=float).reshape(len(rows), n))
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    lo, hi = (np.array([row[k] for row in rows], dtype=float) for k in (1, 2))
    lb, ub = (np.array([column[k] for column in columns], dtype=float) for k in (0, 1))
    mask = np.array([kind == "i" for _, _, kind in columns], dtype=bool)
    c = np.zeros(n) if cost is None else np.array(cost, dtype=float)
    names, row_names = [f"x{j}" for j in range(n)], [f"r{i}" for i in range(len(rows))]
    return Problem("small", c, 0.0, False, A, lo, hi, lb, ub, mask, names, row_names)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    columns = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=7))
    coefficient = st.sampled_from([0, 0, 0, 1, 1, -1, 2, -3, 0.5, 7])
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.lists(coefficient, min_size=len(columns), max_size=len(columns)))
        lo, hi = draw(st.sampled_from(SIDES))
        side = draw(st.integers(-6, 6))
        rows.append((row, lo + side, hi + side))
    cost = draw(st.lists(st.integers(-2, 2), min_size=len(columns), max_size=len(columns)))
    return problem(rows, columns, cost)


def F(m: Model, state: JumpState, x: Vector) -> float:
    """Return the weighted violation and objective F(x) by its definition."""
    a = matrix(m) @ x
    outside = np.maximum(np.maximum(m.row_lo - a, a - m.row_hi), 0.0)
    return float(state.F.weight @ outside + state.F.objective[0] * a[-1])


def matrix(m: Model) -> sp.csr_matrix:
    return sp.csr_matrix((m.row_val, m.row_col, m.row_start), (m.row_lo.size, m.lb.size))


def after(m: Model, seed: int, budget: int, weight: float = 0.0) -> JumpState:
    """Return the state of a search from a random point after a budget of work."""
    state = jumper(m, np.random.default_rng(seed).integers(-5, 6, m.lb.size).astype(float), seed)
    state.F.objective[0] = weight
    jump(m, state, budget)
    return state


@settings(max_examples=150)
@given(problems(), st.integers(0, 99), st.integers(0, 400), st.sampled_from([0.0, 0.3]))
def test_a_jump_value_minimises_over_the_domain(p: Problem, seed: int, budget: int, weight: float) -> None:
    m = model(p)
    state = after(m, seed, budget, weight)
    here = F(m, state, state.x)
    for j in range(p.n):
        rescore(m, state, j)
        lo, hi = max(m.lb[j], state.x[j] - 60), min(m.ub[j], state.x[j] + 60)
        grid = np.arange(lo, hi + 1) if m.integer[j] else np.linspace(lo, hi, 601)
        others = [F(m, state, at(state.x, j, t)) for t in grid if not m.integer[j] or t != state.x[j]]
        if m.integer[j] and not others:
            assert state.step[j] == 0 and state.score[j] <= 0
            continue
        value = state.x[j] + state.step[j]
        assert m.lb[j] - 1e-9 <= value <= m.ub[j] + 1e-9
        assert not m.integer[j] or value == np.rint(value)
        assert here - F(m, state, at(state.x, j, value)) == pytest.approx(state.score[j], abs=2e-5)
        bounded = weight == 0 or np.isfinite([m.lb[j], m.ub[j]]).all()
        if bounded:
            assert F(m, state, at(state.x, j, value)) <= min(others) + 2e-5


def at(x: Vector, j: int, value: float) -> Vector:
    y = x.copy()
    y[j] = value
    return y


# Three faults that HiGHS's copy of the published code had until 1.16 (its issues 3302 and 3303, and pull
# request 3310, which names the third).


def scored(p: Problem, x: list[float], weight: list[float], objective: float = 0.0) -> tuple[Vector, Vector]:
    """Return the jump values and the scores of all columns at x for weights of the rows."""
    m = model(p)
    state = jumper(m, np.array(x), 0)
    state.F.weight[: len(weight)] = weight
    state.F.objective[0] = objective
    for j in range(p.n):
        rescore(m, state, j)
    return state.x + state.step, state.score


def test_rows_with_a_negative_coefficient_count_for_the_jump_value() -> None:
    """-2 x + y <= -8, which is divided by 2, asks for x >= 4, and -x >= -3 for x <= 3."""
    wide, binary = (0.0, 10.0, "i"), (0.0, 1.0, "i")
    values, scores = scored(problem([([-2, 1], -INF, -8)], [wide, binary]), [0, 0], [1])
    assert values[0] == 4 and scores[0] == 4
    values, scores = scored(problem([([-1, 0], -3, INF)], [wide, binary]), [8, 0], [1])
    assert values[0] == 3 and scores[0] == 5


def test_a_column_whose_cost_falls_has_a_positive_score() -> None:
    p = problem([([1, 1], -INF, 9)], [(0.0, 4.0, "i"), (0.0, 4.0, "i")], cost=[1, -1])
    values, scores = scored(p, [2, 2], [1], objective=0.5)
    assert values.tolist() == [0, 4] and scores.tolist() == [1, 1]


def test_an_equality_counts_once() -> None:
    """x = 5 with the weight 1 does not outweigh x <= 0 with the weight 1.5; twice as much would."""
    p = problem([([1], 5, 5), ([1], -INF, 0)], [(0.0, 10.0, "i")])
    _, scores = scored(p, [0], [1, 1.5])
    assert scores[0] == -0.5  # of a step by 1: 1 less of the equality's violation, 1.5 more of the other
    values, scores = scored(p, [0], [1, 0.25])
    assert values[0] == 5 and scores[0] == 5 - 0.25 * 5


@settings(max_examples=150)
@given(problems(), st.integers(0, 99), st.integers(0, 3000), st.sampled_from([0.0, 0.3]))
def test_what_is_kept_equals_what_is_made_anew(p: Problem, seed: int, budget: int, weight: float) -> None:
    m = model(p)
    state = after(m, seed, budget, weight)
    activity = matrix(m) @ state.x
    np.testing.assert_allclose(state.F.activity, activity, atol=1e-9)
    outside = np.maximum(np.maximum(m.row_lo - activity, activity - m.row_hi), 0.0)
    assert state.total[0] == pytest.approx(outside.sum(), abs=1e-9)
    violated = set(state.violated.items[: state.violated.size[0]].tolist())
    assert violated == set(np.flatnonzero(outside > TOLERANCE_SHARE * m.row_tol).tolist())
    good = set(state.good.items[: state.good.size[0]].tolist())
    assert [state.good.at[j] >= 0 for j in range(p.n)] == [j in good for j in range(p.n)]
    for j in range(p.n):
        if state.stale[j]:
            assert j in good
            continue
        kept = state.step[j], state.score[j]
        rescore(m, state, j)
        assert state.step[j] == pytest.approx(kept[0], abs=1e-6)
        assert state.score[j] == pytest.approx(kept[1], abs=1e-6)
        assert (j in good) == (state.good.at[j] >= 0)


@settings(max_examples=150)
@given(problems(), st.integers(0, 99))
def test_a_reported_point_satisfies_the_judge(p: Problem, seed: int) -> None:
    m = model(p)
    state = jumper(m, np.zeros(p.n), seed)
    reported = INF
    for chunk in range(6):
        rows, _ = jump(m, state, 500)
        assert rows <= reported
        reported = rows
        a = matrix(m) @ state.best_x
        outside = np.maximum(m.row_lo - a, a - m.row_hi)
        assert (outside > TOLERANCE_SHARE * m.row_tol * (1 + 1e-6) + 1e-12).sum() <= rows
        assert Judge(p).feasible(state.best_x) or rows > 0
        restart(m, state, perturbed(m, state.best_x, 0.5, state.rng), keep_weights=chunk % 2 == 0)
        assert (state.x >= m.lb).all() and (state.x <= m.ub).all()


@settings(max_examples=100)
@given(problems(), st.integers(0, 99), st.integers(1, 200))
def test_a_budget_in_pieces_is_the_same_run(p: Problem, seed: int, piece: int) -> None:
    m = model(p)
    whole, pieces = (jumper(m, np.zeros(p.n), seed) for _ in range(2))
    jump(m, whole, 4000)
    jump(m, pieces, 0)  # the start becomes the best point
    weights = pieces.F.weight.copy()
    while pieces.F.work[0] < whole.F.work[0]:
        before = pieces.F.work[0]
        _, work = jump(m, pieces, min(piece, whole.F.work[0] - before))
        assert work == pieces.F.work[0] - before > 0
        assert (pieces.F.weight >= weights).all()  # weights never fall
        weights = pieces.F.weight.copy()
    for name in ("x", "best_x", "best", "step", "score", "tally", "rng"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name), err_msg=name)
    np.testing.assert_array_equal(whole.F.weight, pieces.F.weight)


def test_solutions_of_the_instances() -> None:
    found, paths = 0, sorted(INSTANCES.glob("*.mps"))
    for path in paths:
        p = read(path)
        m = model(p)
        state = jumper(m, np.zeros(p.n), 0)
        rows, _ = jump(m, state, 1_000_000)
        found += rows == 0
        assert Judge(p).feasible(state.best_x) == (rows == 0)
    assert found >= len(paths) / 2


def test_the_same_seed_is_the_same_run_and_another_seed_another() -> None:
    m = model(read(INSTANCES / "gap-5x25-s1.mps"))
    one, same, other = (after(m, 1, 2000), after(m, 1, 2000), jumper(m, np.zeros(m.lb.size), 2))
    np.testing.assert_array_equal(one.x, same.x)
    jump(m, other, 2000)
    assert (one.x != other.x).any()


def test_the_budget_holds_within_one_step_on_long_rows() -> None:
    """Two rows of 10,000 binaries cannot both hold, and a step scans each of them at most twice."""
    n = 10_000
    odd = [float(j % 2) for j in range(n)]
    m = model(problem([([1.0] * n, 9.0, 9.0), (odd, 11.0, 12.0)], [(0, 1, "i")] * n))
    state = jumper(m, np.zeros(n), 0)
    for _ in range(20):
        rows, work = jump(m, state, 50_000)
        assert rows == 1
        assert 50_000 <= work < 50_000 + 2 * 2 * n + 200


def test_rows_far_from_their_sides_are_not_scanned() -> None:
    n = 5_000
    rows = [([1.0] * n, -INF, 4_000.0), ([1.0] * 3 + [0.0] * (n - 3), 3.0, 3.0)]
    m = model(problem(rows, [(0, 1, "i")] * n))
    state = jumper(m, np.zeros(n), 0)
    rows_left, work = jump(m, state, 10**6)
    assert rows_left == 0 and state.tally[MOVES] == 3
    assert work < 3 * n


def test_the_objective_pulls_downhill_and_the_cutoff_row_binds() -> None:
    """On a covering problem, cutoffs one below the last value lead to the optimum of brute force."""
    cost = [3.0, 2.0, 4.0, 1.0, 5.0, 2.0]
    covers = [[1, 1, 0, 0, 1, 0], [0, 1, 1, 0, 0, 1], [1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1.0]]
    p = problem([(row, 1.0, INF) for row in covers], [(0, 1, "i")] * 6, cost)
    points = [np.array(bits, dtype=float) for bits in product((0, 1), repeat=6)]
    optimum = min(float(p.c @ x) for x in points if Judge(p).feasible(x))
    m = model(p)
    state = jumper(m, np.ones(6), 0)
    state.F.objective[0] = 0.1
    best = INF
    while jump(m, state, 20_000)[0] == 0:
        value = float(p.c @ state.best_x)
        assert Judge(p).feasible(state.best_x) and value < best
        best = value
        m.row_hi[-1] = (best - 1) / max(cost)
    assert best == optimum

    free = model(problem([], [(0, 1, "i"), (0, 1, "i")], [2.0, -1.0]))
    state = jumper(free, np.zeros(2), 0)
    state.F.objective[0] = 1.0
    for j, expected in ((0, -1.0), (1, 0.5)):
        rescore(free, state, j)
        assert state.score[j] == expected


@pytest.mark.parametrize(
    ("p", "solved"),
    [
        (problem([], []), True),
        (problem([], [(0, 1, "i"), (-INF, INF, "c")], [1.0, -1.0]), True),
        (problem([([1.0, 1.0], 4.0, 4.0)], [(2, 2, "i"), (2, 2, "c")]), True),
        (problem([([1.0, 1.0], 5.0, 5.0)], [(2, 2, "i"), (2, 2, "c")]), False),
        (problem([([0.0], 1.0, 2.0)], [(0, 1, "i")]), False),  # an empty row that cannot hold
        (problem([([0.0, 1.0], 1.0, 1.0)], [(0, 1, "i"), (0, 1, "i")]), True),  # an empty column
        (problem([([1.0, 2.0], 3.0, INF), ([1.0, -1.0], 0.0, 0.0)], [(0, 5, "c"), (0, 5, "c")]), True),
        (problem([([1.0, float(i % 3)], 1.0, 9.0) for i in range(300)], [(0, 9, "i"), (0, 1, "i")]), True),
    ],
    ids="nothing no-rows fixed fixed-wrong empty-row empty-column continuous dense-column".split(),
)
def test_corner_models(p: Problem, solved: bool) -> None:
    m = model(p)
    state = jumper(m, np.zeros(p.n), 0)
    rows, work = jump(m, state, 100_000)
    assert (rows == 0) == solved == Judge(p).feasible(state.best_x)
    assert work >= 100_000 or solved
    assert solved or state.tally[MINIMA] > 0


def test_restarts_leave_a_cycle() -> None:
    """In 3x + 5y = 44 single columns move back and forth, and the weight of the only row has no effect."""
    p = problem([([3.0, 5.0], 44.0, 44.0)], [(0, 20, "i"), (0, 20, "i")])
    m = model(p)
    state = jumper(m, np.zeros(2), 0)
    assert jump(m, state, 10_000)[0] == 1
    for _ in range(50):
        restart(m, state, perturbed(m, state.best_x, 0.5, state.rng), keep_weights=False)
        if jump(m, state, 1_000)[0] == 0:
            break
    assert Judge(p).feasible(state.best_x)


def test_an_integer_without_a_value_is_refused() -> None:
    m = model(problem([], [(0.3, 0.7, "i")]))
    with pytest.raises(ValueError, match="no integer"):
        jumper(m, np.zeros(1), 0)


@pytest.mark.miplib
def test_real_instances(miplib: list[Path]) -> None:
    found = 0
    for path in miplib[:10]:
        p = read(path)
        m = model(p)
        state = jumper(m, np.zeros(p.n), 0)
        rows, _ = jump(m, state, 5_000_000)
        found += rows == 0
        assert Judge(p).feasible(state.best_x) == (rows == 0), path.name
    assert found >= 4
