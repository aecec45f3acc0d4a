"""Branch and cut near a point: what the projection moves, how the free part grows, and what is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import feasible_models

from diffpump.backends.relaxation import load
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.search.arms.nearby import OBJECTIVE_SHARE, Nearby, grown, spread_heat
from diffpump.search.arms.start import completed
from diffpump.search.budget import Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space


def nearby(problem: Problem, pool: Pool | None = None) -> Nearby:
    return Nearby(Space(problem), pool or Pool(RunSetup(problem)), "given", 0)


def budget(seconds: float = 20.0, deterministic: bool = False) -> Budget:
    return Budget(seconds, RunLimits(), deterministic=deterministic)


@given(model=feasible_models(), seed=st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_the_fixed_columns_have_a_point_of_the_relaxation(model, seed: int) -> None:
    """The LP relaxation is feasible with every column that does not move at the point's value."""
    problem, _ = model
    point = completed(problem, np.random.default_rng(seed).normal(0, 3, problem.n))
    free = nearby(problem).moved(point, problem.integer, budget())
    assert not free[~problem.integer].any()
    fixed = problem.integer & ~free
    lp = load(problem)
    lp.set_bounds(np.where(fixed, point, problem.lb), np.where(fixed, point, problem.ub))
    assert lp.solve(np.zeros(problem.n)).status is LpStatus.OPTIMAL


def test_a_projection_that_takes_too_long_frees_the_columns_of_violated_rows() -> None:
    problem = from_arrays([1, 1, 1], [[1, 1, 0], [0, 0, 1]], [1, 0], [2, 1], [0] * 3, [1] * 3, [True] * 3)
    ended = Budget(0.0, RunLimits())
    assert nearby(problem).moved(np.zeros(3), problem.integer, ended).tolist() == [True, True, False]


def test_the_projection_looks_at_the_cost() -> None:
    """x or y must move to cover the row; the cheap one does."""
    assert OBJECTIVE_SHARE > 0
    for cost, moves in (([1, 5], [True, False]), ([5, 1], [False, True])):
        problem = from_arrays(cost, [[1, 1]], [1], [np.inf], [0, 0], [1, 1], [True, True])
        assert nearby(problem).moved(np.zeros(2), problem.integer, budget()).tolist() == moves


@pytest.mark.parametrize("family", ["gap", "cflp", "lotsizing", "setcover", "exactk"])
@pytest.mark.parametrize("deterministic", [False, True])
def test_wrong_points_become_solutions(family: str, deterministic: bool) -> None:
    """The free part grows to the whole model, so that a small one is solved from any point."""
    problem = generate(family, 0)
    pool = Pool(RunSetup(problem))
    point = completed(problem, np.random.default_rng(1).random(problem.n))
    search = nearby(problem, pool).search
    search(point, problem.integer, np.ones(problem.n), budget(60.0, deterministic))
    assert pool.best is not None and pool.best.incumbent.arm == "given"


def test_columns_that_are_not_given_are_free() -> None:
    """x_0 is not given, so that it may leave the place at which completion has put it."""
    problem = from_arrays([0, 9], [[1, 1]], [1], [1], [0, 0], [1, 1], [True, True])
    pool = Pool(RunSetup(problem))
    nearby(problem, pool).search(np.zeros(2), np.array([False, True]), np.ones(2), budget())
    assert pool.best is not None and pool.best.x.tolist() == [1, 0]


@pytest.mark.parametrize("continuous", [False, True])
def test_a_part_without_a_better_solution_grows(continuous: bool) -> None:
    """min 3a + 3b + 5c + u, a + c >= 1, b + c >= 1, u >= 1: from a = b = 1, only c alone is better."""
    problem = from_arrays(
        [3, 3, 5, 1], [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]], [1, 1, 1], [np.inf] * 3, [0] * 4,
        [1, 1, 1, 9], [True, True, True, not continuous],
    )  # fmt: skip
    pool, point = Pool(RunSetup(problem)), np.array([1.0, 1.0, 0.0, 1.0])
    assert pool.offer(point, "given")
    nearby(problem, pool).search(point, problem.integer, np.ones(4), budget())
    assert pool.value == pytest.approx(6.0)


def test_nothing_is_done_once_the_time_is_over() -> None:
    problem = generate("gap", 0)
    search = nearby(problem)
    search.search(np.zeros(problem.n), problem.integer, np.ones(problem.n), Budget(0.0, RunLimits()))
    assert search._lp is None


def test_disputed_columns_become_free_first() -> None:
    """Ten free columns become twenty: those on which the points disagree, then neighbours in short rows."""
    rows = np.zeros((2, 60))
    rows[0, [0, 30]] = rows[1, 10:20] = 1.0
    problem = from_arrays(np.ones(60), rows, [1, 1], [2, 9], np.zeros(60), np.ones(60), np.ones(60, bool))
    agreement = np.where((np.arange(60) >= 40) & (np.arange(60) < 49), 0.5, 1.0)
    free = grown(problem, np.arange(60) < 10, agreement)
    assert np.flatnonzero(free).tolist() == [*range(10), 30, *range(40, 49)]
    every = grown(problem, np.arange(60) < 59, agreement)
    assert every.all()


def test_heat_spreads_along_short_rows() -> None:
    """Columns 0 and 1 share a row of two, 0 and 2 to 9 a row of nine, and 10 has none with them."""
    rows = np.zeros((2, 11))
    rows[0, :2] = 1.0
    rows[1, [0, *range(2, 10)]] = 1.0
    problem = from_arrays(
        np.ones(11), rows, [1, 1], [np.inf] * 2, np.zeros(11), np.ones(11), np.ones(11, bool)
    )
    heat = spread_heat(problem, np.arange(11) == 0)
    assert heat[0] == heat.max() and heat[1] > heat[2] > heat[10] == 0
