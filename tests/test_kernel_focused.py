"""Focused local search: its reports are true, and a run depends only on model, seed and work."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_models import feasible_models, small

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.kernels.focused import MODES, STEPS, Focus, focus, restart, search
from diffpump.kernels.model import Model, model
from diffpump.kernels.violated import ACTIVITY, BEST_EXCESS, EXCESS, VIOLATED, WORK
from diffpump.verify.check import Judge

modes = st.sampled_from(sorted(MODES))
seeds = st.integers(0, 9)
budgets = st.integers(0, 3000)


def activities(arrays: Model, x: Vector) -> Vector:
    """Return the activities of the rows (m + 1,), computed by NumPy."""
    rows = np.repeat(np.arange(arrays.row_lo.size), np.diff(arrays.row_start))
    return np.bincount(rows, arrays.row_val * x[arrays.row_col], arrays.row_lo.size)


def excesses(arrays: Model, x: Vector) -> Vector:
    """Return by how much x violates each row (m + 1,), 0 within the tolerance."""
    activity = activities(arrays, x)
    outside = np.maximum(np.maximum(activity - arrays.row_hi, arrays.row_lo - activity), 0.0)
    return np.where(outside > arrays.row_tol, outside, 0.0)


def one_step(arrays: Model, mode: str) -> int:
    """Return an upper bound on the entries that one step and the check after it touch."""
    row = int(np.diff(arrays.row_start).max(initial=0)) + 1
    column = int(np.diff(arrays.col_start).max(initial=0))
    scan = row + 60 * MODES[mode].rows * column
    return 8 * scan + 4 * column + 2 * (arrays.row_col.size + arrays.row_lo.size)


def trajectory(arrays: Model, seed: int, mode: str, parts: list[int]) -> tuple[bytes, ...]:
    """Return the bytes of everything that a search with a budget in these parts has changed."""
    state = focus(arrays, None, seed)
    for part in parts:
        search(arrays, state, mode, part)
    return tuple(array.tobytes() for array in (*state.point, state.tabu, state.clock[:1], state.rng))


def assert_consistent(arrays: Model, state: Focus) -> None:
    """Assert that activities, violated rows, their positions and sums agree with the point."""
    point, outside = state.point, excesses(arrays, state.point.x)
    listed = point.violated[: point.counts[VIOLATED]]
    assert sorted(listed) == np.flatnonzero(outside).tolist()
    assert point.place[listed].tolist() == list(range(len(listed)))
    assert np.all(np.delete(point.place, listed) == -1)
    assert point.totals[EXCESS] == pytest.approx(outside.sum(), rel=1e-6, abs=1e-6)
    assert point.row[:, ACTIVITY] == pytest.approx(activities(arrays, point.x), rel=1e-9, abs=1e-9)
    assert np.all((arrays.lb <= point.x) & (point.x <= arrays.ub))
    assert np.array_equal(point.x[arrays.integer], np.rint(point.x[arrays.integer]))


@given(feasible_models(), modes, seeds, budgets)
def test_reports_are_true(drawn: tuple[Problem, Vector], mode: str, seed: int, budget: int) -> None:
    problem, _ = drawn
    arrays = model(problem)
    state = focus(arrays, None, seed)
    violated, work = search(arrays, state, mode, budget)
    outside = excesses(arrays, state.best)
    assert violated == np.count_nonzero(outside)
    assert state.point.totals[BEST_EXCESS] == pytest.approx(outside.sum(), rel=1e-6, abs=1e-6)
    assert (violated == 0) == Judge(problem).feasible(state.best)
    assert work <= budget + one_step(arrays, mode)
    assert_consistent(arrays, state)


@given(feasible_models(), modes, seeds, st.lists(st.integers(0, 600), min_size=2, max_size=5))
def test_a_budget_in_parts_is_one_budget(
    drawn: tuple[Problem, Vector], mode: str, seed: int, parts: list[int]
) -> None:
    """Equal seeds also give equal runs. Searches that end early are excluded: they make no further steps."""
    arrays = model(drawn[0])
    once = focus(arrays, None, seed)
    if search(arrays, once, mode, sum(parts))[0] == 0:
        return
    assert trajectory(arrays, seed, mode, parts) == trajectory(arrays, seed, mode, [sum(parts)])


@given(feasible_models(), modes, seeds)
def test_weights_never_fall_and_callers_may_set_them(
    drawn: tuple[Problem, Vector], mode: str, seed: int
) -> None:
    arrays = model(drawn[0])
    state = focus(arrays, None, seed)
    state.weight[:] = np.linspace(1.0, 7.0, state.weight.size)
    for _ in range(20):
        before = state.weight.copy()
        search(arrays, state, mode, 100)
        assert np.all(state.weight >= before)
    x = state.best.copy()
    restart(arrays, state, x, keep_weights=True)
    assert np.all(state.weight >= np.linspace(1.0, 7.0, state.weight.size))
    restart(arrays, state, x)
    assert np.all(state.weight == 1.0)
    assert np.array_equal(state.best, x)
    assert_consistent(arrays, state)


@settings(max_examples=50, derandomize=True)  # no law: an unlucky seed may need more restarts
@given(feasible_models(whole=True), seeds)
def test_small_models_are_solved(drawn: tuple[Problem, Vector], seed: int) -> None:
    """Count mode with restarts finds a feasible point of a feasible model of a few bounded integers."""
    problem, _ = drawn
    arrays = model(problem)
    state = focus(arrays, None, seed)
    rng = np.random.default_rng(seed)
    for _ in range(40):
        if search(arrays, state, "count", 20_000)[0] == 0:
            break
        restart(arrays, state, rng.uniform(arrays.lb, arrays.ub))
    assert Judge(problem).feasible(state.best)


@settings(max_examples=50)
@given(feasible_models(whole=True), seeds)
@example((small([1, 1], [[1, 1]], [1], [2], [0, 0], [3, 3], [True, True]), np.array([1.0, 0.0])), 0)
def test_a_lowered_objective_row_is_a_row(drawn: tuple[Problem, Vector], seed: int) -> None:
    """With a cutoff below the value of a feasible point, the search continues, and any answer is better."""
    problem, start = drawn
    arrays = model(problem)
    state = focus(arrays, start, seed)
    assert search(arrays, state, "count", 10)[0] == 0
    value = problem.c @ start
    grid = itertools.product(*(np.arange(lo, hi + 1) for lo, hi in zip(problem.lb, problem.ub, strict=True)))
    scale = np.abs(problem.c).max(initial=1.0)
    arrays.row_hi[-1] = (value - 1.0) / scale
    violated, _ = search(arrays, state, "count", 50_000)
    assert violated == np.count_nonzero(excesses(arrays, state.best))
    if violated == 0:
        assert Judge(problem).feasible(state.best)
        assert problem.c @ state.best <= value - 1.0 + 1e-5
    if problem.n <= 3 and min(problem.c @ np.array(x) for x in grid) > value - 1.0 + 1e-5:
        assert violated > 0


@pytest.mark.parametrize("mode", MODES)
def test_kinds_of_columns_and_rows(mode: str) -> None:
    """Models with free, continuous and far-off integer columns, equalities and ranges are solved."""
    inf = np.inf
    free = small([0, 0], [[2, 0], [0, -4]], [5, 3], [5, 3], [-inf, -inf], [inf, inf], [False, False])
    far = small([0, 0], [[1, 0], [3, -1]], [1e6, 0], [inf, 0], [0, 0], [inf, inf], [True, True])
    ranges = small([0, 0], [[3, 5], [1, -1]], [44, -9], [44, 5], [0, 0], [20, 20], [True, True])
    beyond = small(
        [0, 0], [[1, 0], [0, 1]], [1e9 + 3, -inf], [inf, -1e9 - 3], [1e9, -inf], [inf, -1e9], [True] * 2
    )
    for problem in (free, far, ranges, beyond):
        arrays = model(problem)
        state = focus(arrays)
        assert search(arrays, state, mode, 200_000)[0] == 0, (problem.row_lo, state.best)
        assert Judge(problem).feasible(state.best)


@pytest.mark.parametrize("mode", MODES)
def test_plain_corners(mode: str) -> None:
    """Models without rows, with an empty violated row, with fixed, empty and dense columns are handled."""
    no_rows = small([1], np.zeros((0, 1)), [], [], [2], [3], [True])
    state = focus(model(no_rows))
    assert search(model(no_rows), state, mode, 100)[0] == 0 and state.best.tolist() == [2]
    hopeless = small([1], [[0]], [1], [1], [0], [1], [True])
    fixed = small([1, 0], [[1, 1]], [1], [1], [0, 0], [0, 0], [True, False])
    for problem in (hopeless, fixed):
        arrays = model(problem)
        state = focus(arrays)
        violated, work = search(arrays, state, mode, 1000)
        assert violated == 1 and 1000 <= work <= 1000 + one_step(arrays, mode)
    dense = small(
        [0, 0, 0], [[1, 1, 0]] * 500, [1] * 500, [1] * 500, [0, 0, 0], [1, 1, 1], [True, True, True]
    )
    arrays = model(dense)
    state = focus(arrays)
    assert search(arrays, state, mode, 20_000)[0] == 0
    assert state.best[:2].sum() == 1


MIPLIB = os.environ.get("DIFFPUMP_MIPLIB")
SOLVED = ("blp-ar98", "cod105", "neos-860300", "pg5_34", "sp97ar")  # solved within 1e7 touched entries


@pytest.mark.miplib
@pytest.mark.skipif(MIPLIB is None, reason="DIFFPUMP_MIPLIB is not set")
@pytest.mark.parametrize("name", SOLVED)
def test_real_models(name: str) -> None:
    problem = read(Path(MIPLIB or "", "paper", f"{name}.mps.gz"))
    arrays = model(problem)
    state = focus(arrays)
    violated, _ = search(arrays, state, "count", 10**7)
    assert violated == np.count_nonzero(excesses(arrays, state.best))
    assert state.clock[STEPS] <= state.point.counts[WORK]
    assert (violated == 0) == Judge(problem).feasible(state.best)
