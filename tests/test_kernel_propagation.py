"""Bound propagation: brute force, undo, budgets, all kinds of rows and columns, real models."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.kernels.model import Model, model
from diffpump.kernels.propagation import (
    LENGTH,
    LOWER,
    MIN_SHARE,
    TRAIL,
    UPPER,
    Domain,
    domain,
    mark,
    propagate,
    tighten,
    undo,
    wake,
)  # fmt: skip

INF = np.inf
PLENTY = 100_000  # touched nonzeros, far more than a small model needs unless its bounds shrink endlessly
seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=60)


def small(rng: np.random.Generator, continuous: int = 0) -> Problem:
    """Return a random problem of four bounded integer columns and some continuous ones.

    Its rows are <=, >=, =, ranged, free or empty, some with very large or small coefficients.
    """
    n, m = 4 + continuous, int(rng.integers(1, 6))
    A = rng.integers(-4, 5, (m, n)) * (rng.random((m, n)) < 0.7) * rng.choice([1.0, 1.0, 0.37], (m, n))
    if rng.random() < 0.2:
        A *= 10.0 ** rng.integers(-9, 10, (m, n))
    A[rng.random(m) < 0.1] = 0.0
    lb = rng.integers(-2, 2, n) + 0.0
    ub = lb + rng.integers(0, 4, n)
    inside = A @ rng.integers(lb.astype(int), ub.astype(int) + 1)
    slack = np.abs(A).sum(axis=1) * rng.random(m)
    kind = rng.integers(0, 5, m)
    row_lo = np.select(
        [kind == 1, kind == 2, kind == 3], [inside - slack / 3, inside, inside - slack / 4], -INF
    )
    row_hi = np.select(
        [kind == 0, kind == 2, kind == 3], [inside + slack / 3, inside, inside + slack / 4], INF
    )
    if rng.random() < 0.3:  # this may make it infeasible
        row_lo, row_hi = row_lo + slack / 2, row_hi + slack / 2
    integer = np.arange(n) < 4
    return from_arrays(rng.integers(-3, 4, n), A, row_lo, row_hi, lb, ub, integer)


def points(problem: Problem) -> Vector:
    """Return all integer points of a pure integer problem that satisfy it within 1e-6, (number, n)."""
    ranges = [np.arange(lo, hi + 1) for lo, hi in zip(problem.lb, problem.ub, strict=True)]
    every = np.array(list(itertools.product(*ranges)))
    activity = every @ problem.A.toarray().T
    return every[((activity >= problem.row_lo - 1e-6) & (activity <= problem.row_hi + 1e-6)).all(axis=1)]


def activities(m: Model, lb: Vector, ub: Vector) -> tuple[Vector, Vector]:
    """Return (least, infinite) of both sides of every row, computed from the bounds alone."""
    rows = m.row_lo.size
    least, infinite = np.zeros((2, rows)), np.zeros((2, rows))
    for side, sign in enumerate((1.0, -1.0)):
        for i in range(rows):
            for k in range(m.row_start[i], m.row_start[i + 1]):
                c = sign * m.row_val[k]
                bound = (lb if c > 0 else ub)[m.row_col[k]]
                least[side, i] += c * bound if np.isfinite(bound) else 0.0
                infinite[side, i] += not np.isfinite(bound)
    return least, infinite


def assert_consistent(m: Model, d: Domain, rtol: float = 1e-9) -> None:
    """Assert that activities and reach agree with the bounds."""
    least, infinite = activities(m, d.lb, d.ub)
    size = 1 + max(np.abs(least).max(initial=0), np.abs(d.lb[np.isfinite(d.lb)]).max(initial=0))
    np.testing.assert_allclose(d.least, least, rtol=rtol, atol=rtol * size)
    np.testing.assert_array_equal(d.infinite, infinite)
    worth = (d.ub - d.lb) * np.where(m.integer, 1.0, 1.0 - MIN_SHARE)
    for i in range(m.row_lo.size):
        entries = slice(m.row_start[i], m.row_start[i + 1])
        assert (np.abs(m.row_val[entries]) * worth[m.row_col[entries]] <= d.reach[i] * (1 + 1e-12)).all()


def fixpoint(m: Model, d: Domain) -> bool:
    """Propagate until no row is queued. Return False at a conflict."""
    row, _ = propagate(m, d, PLENTY)
    return row < 0


def mid(rng: np.random.Generator, m: Model, d: Domain) -> None:
    """Tighten a random bound of a random column, as a search does."""
    j = int(rng.integers(m.lb.size))
    low = max(d.lb[j], min(d.ub[j], 0.0) - 9)
    value = float(rng.uniform(low, min(d.ub[j], low + 9)))
    side = LOWER if rng.random() < 0.5 else UPPER
    if m.integer[j]:
        value = np.ceil(value) if side == LOWER else np.floor(value)
    tighten(m, d, j, side, value)


@given(seed=seeds)
@law
def test_no_feasible_point_is_cut_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = small(rng)
    m = model(problem)
    d = domain(m)
    feasible = points(problem)
    if not fixpoint(m, d):
        assert not len(feasible)
        return
    assert (feasible >= d.lb).all() and (feasible <= d.ub).all()
    for _ in range(4):
        mid(rng, m, d)
        inside = points_within(feasible, d)
        if not fixpoint(m, d):
            assert not inside.any()
            return
        assert points_within(feasible, d).sum() == inside.sum()
    if (d.lb == d.ub).all():  # all columns are fixed and no row is in conflict, so this is a solution
        assert (feasible == d.lb).all(axis=1).any()


def points_within(points: Vector, d: Domain) -> Vector:
    return ((points >= d.lb) & (points <= d.ub)).all(axis=1)


@given(seed=seeds)
@law
def test_no_point_with_continuous_columns_is_cut_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = small(rng, continuous=2)
    x = rng.uniform(problem.lb, problem.ub)
    x[:4] = np.rint(x[:4])
    activity = problem.A @ x
    lo = np.where(np.isfinite(problem.row_lo), np.minimum(problem.row_lo, activity), -INF)
    hi = np.where(np.isfinite(problem.row_hi), np.maximum(problem.row_hi, activity), INF)
    m = model(from_arrays(problem.c, problem.A, lo, hi, problem.lb, problem.ub, problem.integer))
    d = domain(m)
    assert fixpoint(m, d)
    assert (x >= d.lb - 1e-9).all() and (x <= d.ub + 1e-9).all()


@given(seed=seeds)
@law
def test_activities_follow_and_undo_restores(seed: int) -> None:
    rng = np.random.default_rng(seed)
    m = model(small(rng, continuous=2))
    m.lb[rng.random(6) < 0.2], m.ub[rng.random(6) < 0.2] = -INF, INF
    d = domain(m)
    assert_consistent(m, d)
    taken = []
    for _ in range(6):
        taken.append((mark(d), d.lb.copy(), d.ub.copy()))
        for _ in range(int(rng.integers(1, 3))):
            mid(rng, m, d)
        propagate(m, d, PLENTY)
        assert_consistent(m, d)
        assert (d.lb <= d.ub).all()
        if rng.random() < 0.4:
            del taken[int(rng.integers(len(taken))) + 1 :]
            place, lb, ub = taken.pop()
            undo(m, d, place)
            assert np.array_equal(d.lb, lb) and np.array_equal(d.ub, ub)
            assert d.state[LENGTH] == 0 and not d.queued.any()
            assert_consistent(m, d)
    if taken:
        place, lb, ub = taken[0]
        undo(m, d, place)
        assert np.array_equal(d.lb, lb) and np.array_equal(d.ub, ub)
        assert_consistent(m, d)


@given(seed=seeds)
@law
def test_a_fixpoint_is_one(seed: int) -> None:
    """Propagating all rows again changes no bound."""
    rng = np.random.default_rng(seed)
    m = model(small(rng))
    d = domain(m)
    if not fixpoint(m, d):
        return
    lb, ub = d.lb.copy(), d.ub.copy()
    for row in range(m.row_lo.size):
        wake(d, row)
    assert fixpoint(m, d)
    assert np.array_equal(d.lb, lb) and np.array_equal(d.ub, ub)


@given(seed=seeds, budget=st.integers(1, 40))
@law
def test_small_budgets_reach_the_same_fixpoint(seed: int, budget: int) -> None:
    """Every call exceeds its budget by at most four passes over a row and two over a column."""
    m = model(small(np.random.default_rng(seed)))
    whole, piecewise = domain(m), domain(m)
    expected = fixpoint(m, whole)
    room = 4 * np.diff(m.row_start).max() + 2 * np.diff(m.col_start).max(initial=0)
    while True:
        row, work = propagate(m, piecewise, budget)
        assert work <= budget + room
        assert_consistent(m, piecewise)
        if row >= 0 or not piecewise.state[LENGTH]:
            break
    assert (row < 0) == expected
    if expected:
        assert np.array_equal(whole.lb, piecewise.lb) and np.array_equal(whole.ub, piecewise.ub)


def bounds(
    c: list[float], rows: list[tuple[list[float], float, float]], box: list[tuple[float, float]], kinds: str
) -> tuple[int, list[float], list[float]]:
    """Return (row in conflict or -1, lb, ub) after the propagation of a model."""
    matrix = np.array([row for row, _, _ in rows]).reshape(len(rows), len(c))
    lo, hi = [row[1] for row in rows], [row[2] for row in rows]
    lb, ub = [b[0] for b in box], [b[1] for b in box]
    m = model(from_arrays(c, matrix, lo, hi, lb, ub, [kind == "i" for kind in kinds]))
    d = domain(m)
    row, _ = propagate(m, d, PLENTY)
    return row, d.lb.tolist(), d.ub.tolist()


def test_kinds_of_rows() -> None:
    box = [(0.0, 5.0), (0.0, 5.0)]
    assert bounds([0, 0], [([2, 3], -INF, 7)], box, "ii") == (-1, [0, 0], [3, 2])
    assert bounds([0, 0], [([2, 3], 23, INF)], box, "ii") == (-1, [4, 5], [5, 5])
    assert bounds([0, 0], [([2, 3], 24, 24.5)], box, "ii")[0] == 0  # both must be 5, which gives 25
    assert bounds([0, 0], [([1, -1], 4, 4)], box, "ii") == (-1, [4, 0], [5, 1])
    assert bounds([0, 0], [([2, 3], -INF, INF)], box, "ii") == (-1, [0, 0], [5, 5])
    assert bounds([0, 0], [([2, 3], 26, INF)], box, "ii")[0] == 0
    assert bounds([0, 0], [([1, 1], 0, 9), ([0, 0], 1, 2)], box, "ii")[0] == 1
    assert bounds([], [], [], "") == (-1, [], [])


def test_infinite_bounds() -> None:
    """A row with one infinite term bounds only that term's column, and a row with two bounds none."""
    assert bounds([0, 0], [([1, 1], -INF, 7)], [(-INF, INF), (2, 9)], "ii") == (-1, [-INF, 2], [5, 9])
    free = [(-INF, INF), (-INF, INF)]
    assert bounds([0, 0], [([1, 1], -INF, 7)], free, "ii") == (-1, [-INF, -INF], [INF, INF])
    equal = bounds([0, 0], [([1, 2], 4, 4)], [(-INF, INF), (0, 1)], "-i")
    np.testing.assert_allclose(equal[1:], [[2, 0], [4, 1]], atol=1e-5)


def test_bounds_of_continuous_columns_move_only_far_and_not_to_huge_values() -> None:
    rows = [([1.0, 0.0], -INF, 8.0), ([0.0, 1.0], -INF, 4.0)]
    row, _, ub = bounds([0, 0], rows, [(0, 10), (0, 10)], "--")
    assert row == -1 and ub[0] == 10 and ub[1] == pytest.approx(4, abs=1e-5)
    assert bounds([0], [([1e-3], -INF, 1e6)], [(0, INF)], "-")[2] == [INF]


def test_endless_shrinking_ends() -> None:
    """Infeasible pairs of rows shrink the bounds in many small steps.

    For x <= y - 1/4, y <= x - 1/4 in [0, 1e7] the minimal gain of continuous bounds ends the propagation, and
    for integers with x < y < x in [0, 1e7] the budget does.
    """
    rows = [([1.0, -1.0], -INF, -0.25), ([-1.0, 1.0], -INF, -0.25)]
    assert bounds([0, 0], rows, [(0, 1e7), (0, 1e7)], "--")[0] == -1
    m = model(from_arrays([0, 0], [[1, -1], [-1, 1]], [-INF] * 2, [-1, -1], [0, 0], [1e7, 1e7], [True] * 2))
    d = domain(m)
    row, work = propagate(m, d, 10_000)
    assert row == -1 and 10_000 <= work <= 10_010 and d.state[LENGTH] > 0
    assert d.state[TRAIL] <= 4  # a bound is on the trail once per mark, however often it moves


def test_the_objective_row_counts_once_its_side_is_lowered() -> None:
    m = model(from_arrays([4, 1], [[0, 0]], [-INF], [INF], [0, 0], [5, 5], [True, True]))
    d = domain(m)
    assert fixpoint(m, d) and d.ub.tolist() == [5, 5]
    m.row_hi[1] = 7 / 4  # c'x <= 7 in the unit of the scaled row
    wake(d, 1)
    assert fixpoint(m, d) and d.ub.tolist() == [1, 5]


def test_a_bound_does_not_cross_the_other() -> None:
    m = model(from_arrays([0], [[1]], [-INF], [INF], [0], [5], [True]))
    d = domain(m)
    assert tighten(m, d, 0, UPPER, 3.0) == 1
    assert tighten(m, d, 0, LOWER, 4.0) == -1 and tighten(m, d, 0, UPPER, 4.0) == 0
    assert (d.lb[0], d.ub[0]) == (0, 3)


def test_drift_makes_no_conflict() -> None:
    """Very wrong activities, as after many undos with terms of 1e9, only cause rows to be summed again."""
    m = model(from_arrays([0, 0], [[1, 1]], [1], [1], [0, 0], [1, 1], [True, True]))
    d = domain(m)
    d.least[:] += 5.0
    assert propagate(m, d, PLENTY)[0] == -1
    assert d.least[:, 0].tolist() == [0, -2]  # the row was summed again


def exact_conflict(m: Model, d: Domain, row: int) -> bool:
    """Return whether the bounds allow a row no activity within its sides and tolerance."""
    entries = slice(m.row_start[row], m.row_start[row + 1])
    a, j = m.row_val[entries], m.row_col[entries]
    least = float(np.where(a > 0, a * d.lb[j], a * d.ub[j]).sum())
    most = float(np.where(a > 0, a * d.ub[j], a * d.lb[j]).sum())
    return least > m.row_hi[row] + 0.99 * m.row_tol[row] or most < m.row_lo[row] - 0.99 * m.row_tol[row]


@pytest.mark.miplib
@pytest.mark.slow
def test_dives_on_real_models(miplib: list[Path]) -> None:
    """Dives with random fixings and undo keep bounds consistent, and every reported conflict is real."""
    conflicts = 0
    for path in miplib[:30]:
        m = model(read(path))
        d = domain(m)
        rng = np.random.default_rng(0)
        assert propagate(m, d, 5 * m.row_val.size + 10**5)[0] == -1, path.name  # these models are feasible
        root = d.lb.copy(), d.ub.copy()
        start = mark(d)
        for _ in range(3):
            for j in rng.permutation(np.flatnonzero(m.integer))[:300]:
                if d.lb[j] == d.ub[j]:
                    continue
                place = mark(d)
                value = d.lb[j] if np.isfinite(d.lb[j]) else min(d.ub[j], 0.0)
                tighten(m, d, int(j), LOWER, value)
                tighten(m, d, int(j), UPPER, value)
                row, _ = propagate(m, d, 5 * m.row_val.size + 10**5)
                assert (d.lb <= d.ub).all()
                if row >= 0:
                    conflicts += 1
                    assert exact_conflict(m, d, row), f"{path.name}, row {row}"
                    undo(m, d, place)
            undo(m, d, start)
            assert np.array_equal(d.lb, root[0]) and np.array_equal(d.ub, root[1])
    assert conflicts > 0
