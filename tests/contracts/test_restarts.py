"""Laws of the restarts, over their registry, and each rule of Fischetti, Glover, Lodi 2005."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixed import lp_like_point, mixed_problem

import diffpump
from diffpump.config.presets import PRESETS
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import Rows
from diffpump.operators.restarts import RESTARTS, Kick, StallContext
from diffpump.operators.roundings import ROUNDINGS
from diffpump.pump import PumpState

seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=40)


def stalled(problem: Problem, rng: np.random.Generator, iteration: int = 100) -> StallContext:
    """Return a context in which every policy may kick: the rounding and the LP point both repeat."""
    x = lp_like_point(problem, rng)
    y = ROUNDINGS.build(Spec("nearest"), problem).forward(x)
    theta = np.where(problem.integer, rng.choice([-1.0, 0.0, 0.5, 2.0], problem.n), 0.0)
    return StallContext(iteration, theta, x, y, y.copy(), (rng.normal(size=problem.n), x.copy()))


def moving(n: int, x: Vector | None = None, **changes: Any) -> StallContext:
    """Return a context in iteration 7 with binaries at `x`, by default all at 0, where nothing repeats."""
    x = np.zeros(n) if x is None else x
    y = np.ceil(x - 0.5)
    return replace(StallContext(7, np.ones(n), x, y, 1 - y, (x + 1, x + 2)), **changes)


def binaries(n: int) -> Problem:
    return from_arrays([0] * n, np.ones((1, n)), [-np.inf], [n], [0] * n, [1] * n, [True] * n)


def kick(text: str, problem: Problem, at: StallContext, seed: int = 0) -> Kick | None:
    return RESTARTS.build(Spec.parse(text), problem).kick(at, np.random.default_rng(seed))


def kicked(text: str, problem: Problem, at: StallContext, seed: int = 0) -> Kick:
    result = kick(text, problem, at, seed)
    assert result is not None
    return result


# --- every restart ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(RESTARTS))
@given(seed=seeds)
@law
def test_a_policy_returns_a_kick_and_changes_nothing(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    at = stalled(problem, rng)
    arrays = (at.theta, at.x_lp, at.x_round, at.previous_round, *at.recent)
    copies = [array.copy() for array in arrays]
    first, second = kick(name, problem, at, seed), kick(name, problem, at, seed)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, copies, strict=True))
    if first is None:
        assert second is None
        return
    assert second is not None
    assert first.kind == RESTARTS.build(Spec(name), problem).kind
    for field in ("columns", "theta", "x_round"):  # they depend on the context and the generator
        assert np.array_equal(getattr(first, field), getattr(second, field))
    assert len(set(first.columns.tolist())) == first.columns.size == first.theta.size == first.x_round.size
    assert problem.integer[first.columns].all()
    assert np.array_equal(first.x_round, np.rint(first.x_round))
    assert (first.x_round >= problem.lb[first.columns]).all()
    assert (first.x_round <= problem.ub[first.columns]).all()
    assert np.isfinite(first.theta).all()


@pytest.mark.parametrize("name", list(RESTARTS))
def test_a_pump_that_moves_is_left_alone(name: str) -> None:
    assert kick(name, binaries(5), moving(5)) is None


@pytest.mark.parametrize("name", list(RESTARTS))
def test_a_model_without_integers_is_no_trouble(name: str) -> None:
    problem = from_arrays([0, 0], [[1, 1]], [0], [1], [0, 0], [1, 1], [False, False])
    x = np.array([0.5, 0.5])
    result = kick(name, problem, StallContext(100, np.zeros(2), x, x, x, (x, x)))
    assert result is None or result.columns.size == 0


@pytest.mark.parametrize("name", list(RESTARTS))
@given(seed=seeds)
@law
def test_a_kick_pulls_a_general_integer_towards_its_new_value(name: str, seed: int) -> None:
    """Since theta'x is minimised, a positive theta pulls down, so its sign is that of x_lp - y'."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    at = stalled(problem, rng)
    result = kick(name, problem, at, seed)
    if result is None or (result.kind == "flip" and not at.theta[result.columns].any()):
        return
    general = problem.general[result.columns]
    x = at.x_lp[result.columns][general]
    assert np.array_equal(np.sign(result.theta[general]), np.sign(x - result.x_round[general]))


# --- flip -------------------------------------------------------------------------------------


def test_flip_needs_a_repeated_rounding() -> None:
    y = np.zeros(5)
    assert kick("flip", binaries(5), moving(5, previous_round=y)) is not None
    one_off = y.copy()
    one_off[3] = 1
    assert kick("flip", binaries(5), moving(5, previous_round=one_off)) is None


def test_flip_does_not_look_at_continuous_columns() -> None:
    problem = from_arrays([0, 0], [[1, 1]], [0], [1], [0, 0], [1, 1], [True, False])
    y = np.array([0.0, 0.3])
    at = StallContext(7, np.ones(2), y, y, np.array([0.0, 0.9]), ())
    assert kicked("flip", problem, at).columns.tolist() == [0]


def test_flip_moves_ten_to_thirty_columns() -> None:
    at = moving(60, previous_round=np.zeros(60))
    sizes = {kicked("flip", binaries(60), at, seed).columns.size for seed in range(600)}
    assert sizes == set(range(10, 31))
    few = moving(4, previous_round=np.zeros(4))
    assert kicked("flip", binaries(4), few).columns.size == 4


def test_flip_takes_the_least_decided_columns_and_negates_them() -> None:
    x = np.array([0.0, 0.4, 1.0, 0.5, 0.9, 0.2])
    theta = np.array([1.0, -2.0, 3.0, -4.0, 0.0, 6.0])
    at = moving(6, x, theta=theta, previous_round=np.ceil(x - 0.5))
    result = kicked("flip,low=3,high=3", binaries(6), at)
    assert result.columns.tolist() == [3, 1, 5]  # x (1 - x) = 0.25, 0.24, 0.16
    assert result.theta.tolist() == [4, 2, -6]
    assert result.x_round.tolist() == [1, 1, 1]


def test_flip_draws_theta_anew_where_all_of_it_is_zero() -> None:
    at = moving(40, theta=np.zeros(40), previous_round=np.zeros(40))
    drawn = np.concatenate([kicked("flip", binaries(40), at, seed).theta for seed in range(50)])
    assert set(drawn.tolist()) == {-1, 0, 1}
    one = at.theta.copy()
    one[0] = 5.0
    assert -5.0 in kicked("flip", binaries(40), replace(at, theta=one)).theta


def test_flip_moves_a_general_integer_by_one_towards_the_lp_point() -> None:
    """If it is at the LP point, it moves up, or down at its upper bound, and never out of its bounds."""
    problem = from_arrays([0] * 5, [[1] * 5], [0], [99], [0] * 5, [5] * 5, [True] * 5)
    x = np.array([2.4, 1.7, 3.0, 5.0, 0.0])
    y = np.array([2.0, 2.0, 3.0, 5.0, 0.0])
    at = StallContext(7, np.array([2.0, 2.0, 2.0, 0.0, -3.0]), x, y, y, ())
    result = kicked("flip", problem, at)
    moved = dict(zip(result.columns.tolist(), result.x_round.tolist(), strict=True))
    assert [moved[j] for j in range(5)] == [3, 1, 4, 4, 1]
    theta = dict(zip(result.columns.tolist(), result.theta.tolist(), strict=True))
    assert [theta[j] for j in range(5)] == [-2, 2, -2, 1, -3]


# --- perturbation -----------------------------------------------------------------------------


@pytest.mark.parametrize("back", [0, 1])
def test_perturbation_sees_the_last_two_lp_points(back: int) -> None:
    x = np.full(50, 0.5)
    past = [x + 1, x + 2]
    past[back] = x + 1e-12
    assert kick("perturbation", binaries(50), moving(50, x, recent=tuple(past))) is not None
    past[back] = x + 1e-3
    assert kick("perturbation", binaries(50), moving(50, x, recent=tuple(past))) is None


def test_perturbation_comes_every_hundred_iterations_whatever_happened() -> None:
    at = moving(50, np.full(50, 0.5))
    met = [
        k for k in range(1, 351) if kick("perturbation", binaries(50), replace(at, iteration=k)) is not None
    ]
    assert met == [100, 200, 300]


@pytest.mark.parametrize(("distance", "share"), [(0.0, 0.2), (0.3, 0.5), (0.5, 0.7)])
def test_perturbation_flips_by_distance_and_chance(distance: float, share: float) -> None:
    """A column at distance d moves with probability P(rho > 1/2 - d), where rho ~ U[-0.3, 0.7]."""
    n = 4000
    x = np.where(np.arange(n) % 2, 1 - distance if distance < 0.5 else 0.5, distance)
    result = kicked("perturbation", binaries(n), moving(n, x, iteration=100))
    spread = 4 * sqrt(share * (1 - share) * n)
    assert abs(result.columns.size - share * n) < spread
    y = np.ceil(x - 0.5)[result.columns]
    assert np.array_equal(result.x_round, 1 - y)
    assert np.array_equal(result.theta, -np.ones(result.columns.size))


def test_perturbation_always_flips_what_lies_beyond_one_half() -> None:
    """The noise only adds to the distance, since it enters as max(rho, 0)."""
    at = moving(300, np.full(300, 0.6), x_round=np.zeros(300), iteration=100)
    assert kicked("perturbation", binaries(300), at).columns.size == 300


def test_perturbation_redraws_general_integers_in_a_neighbourhood() -> None:
    problem = from_arrays([0] * 2, [[1] * 2], [0], [99], [0, 0], [20, 20], [True] * 2)
    y = np.array([10.0, 1.0])
    at = StallContext(100, np.ones(2), y, y, y, ())
    seen: dict[int, set[float]] = {0: set(), 1: set()}
    for seed in range(600):
        result = kicked("perturbation", problem, at, seed)
        for j, value in zip(result.columns.tolist(), result.x_round.tolist(), strict=True):
            seen[j].add(value)
    assert seen == {0: set(range(7, 14)), 1: set(range(0, 5))}


# --- walksat ----------------------------------------------------------------------------------


def violations(problem: Problem, y: Vector) -> Vector:
    """Return the raw violation of each row, 0 where it holds within the tolerance."""
    a = problem.A @ y
    outside = np.maximum(np.maximum(a - problem.row_hi, problem.row_lo - a), 0)
    return np.where(outside > 1e-6, outside, 0)


def after(kick: Kick, y: Vector) -> Vector:
    moved = y.copy()
    moved[kick.columns] = kick.x_round
    return moved


@given(seed=seeds)
@law
def test_walksat_always_kicks_what_is_violated(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    at = stalled(problem, rng)
    assert violations(problem, at.x_round).any()  # the empty row
    assert kicked("walksat", problem, at, seed).columns.size
    cycling = replace(at, previous_round=at.x_round + 1, cycles=True)
    assert kicked("walksat,low=1,high=2", problem, cycling, seed).columns.size
    assert kick("walksat", problem, replace(cycling, cycles=False), seed) is None


@given(seed=seeds)
@law
def test_a_greedy_move_leaves_the_least_total_violation_of_its_row(seed: int) -> None:
    """By brute force: it is the best of the moves that help some violated row, or no move helps it."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    weights = rng.uniform(0.5, 3, problem.m)
    at = replace(stalled(problem, rng), weights=weights)
    y, rows = at.x_round, Rows(problem)
    new = after(kicked("walksat,low=1,high=1,p=0", problem, at, seed), y)
    assert np.abs(new - y).sum() == 1
    options = []
    for i in np.flatnonzero(violations(problem, y)):
        a, totals = problem.A[i].toarray()[0], {}
        for j in problem.integers[a[problem.integers] != 0]:
            for step in (-1.0, 1.0):
                other = y.copy()
                other[j] += step
                smaller = violations(problem, other)[i] < violations(problem, y)[i] - 1e-9
                if smaller and problem.lb[j] <= other[j] <= problem.ub[j]:
                    totals[int(j), step] = float(weights @ rows.excess(other))
        if totals:
            options.append(min(totals.values()))
        elif a[problem.integers].any():
            return  # a random move may have been made in this row
    if options:
        assert min(abs(weights @ rows.excess(new) - best) for best in options) < 1e-9


def test_walksat_repairs_rows_and_leaves_the_columns_of_the_others_alone() -> None:
    """Five of 20 binaries must be at 1; another row over 20 further binaries holds."""
    rows = np.kron(np.eye(2), np.ones(20))
    problem = from_arrays([0] * 40, rows, [5, -np.inf], [5, 9], [0] * 40, [1] * 40, [True] * 40)
    at = moving(40, previous_round=np.zeros(40))
    for seed in range(30):
        result = kicked("walksat", problem, at, seed)
        assert result.candidate is not None and result.columns.size == 5 and (result.columns < 20).all()
        assert not violations(problem, result.candidate).any()
        assert result.theta.tolist() == [-1] * 5  # towards 1
    assert kick("walksat", problem, replace(at, x_round=result.candidate, cycles=True)) is None


def test_walksat_makes_ten_to_thirty_moves() -> None:
    problem = from_arrays([0] * 99, np.ones((1, 99)), [90], [99], [0] * 99, [1] * 99, [True] * 99)
    at = moving(99, previous_round=np.zeros(99))
    sizes = {kicked("walksat", problem, at, seed).columns.size for seed in range(600)}
    assert sizes == set(range(10, 31))


def test_walksat_moves_where_no_move_helps_its_row() -> None:
    """In 2 x + 2 y = 1 every move leaves the violation 1, and an even number of moves may lead back."""
    problem = from_arrays([0] * 2, [[2, 2]], [1], [1], [0] * 2, [1] * 2, [True] * 2)
    at = moving(2, previous_round=np.zeros(2), theta=np.zeros(2))
    for seed in range(50):
        result = kicked("walksat,low=2,high=2", problem, at, seed)
        assert result.columns.size and result.theta.all() and result.candidate is None
    # The violated row has no integer column: a column of the model moves.
    beside = from_arrays([0] * 2, [[0, 2]], [1], [1], [0] * 2, [1] * 2, [True, False])
    assert kicked("walksat", beside, at).columns.tolist() == [0]


# --- precedence -------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", list(PRESETS))
def test_perturbation_stands_before_flip(preset: str) -> None:
    others = {
        "geissler-2017": [],
        "dey-2018": ["perturbation", "walksat"],
        "best": ["search", "perturbation", "flip"],
    }
    assert [spec.name for spec in PRESETS[preset].restarts] == others.get(preset, ["perturbation", "flip"])


def test_one_kick_an_iteration_and_the_hundredth_is_a_perturbation() -> None:
    """2 (x_1 + ... + x_n) = 11 has no solution, and the rounding repeats again and again."""
    n = 12
    problem = from_arrays([1] * n, np.full((1, n), 2.0), [11], [11], [0] * n, [1] * n, [True] * n)
    states: list[PumpState] = []
    result = diffpump.solve(problem, "FP", max_iter=120, observers=[states.append])
    assert not result.found
    kinds = [state.kick.kind if state.kick else None for state in states]
    assert kinds[100] == "perturbation"
    assert {"flip", "perturbation"} <= set(kinds)
    for kind in ("flip", "perturbation"):
        assert result.pump is not None and result.pump.restarts[kind] == kinds.count(kind)


@pytest.mark.parametrize(
    "text",
    [
        "flip,low=0",
        "flip,low=9,high=3",
        "perturbation,period=0",
        "perturbation,low=1,high=0",
        "walksat,low=0",
        "walksat,low=9,high=3",
        "walksat,p=1.5",
    ],
)
def test_parameters_that_do_not_fit(text: str) -> None:
    with pytest.raises(UsageError, match=text.partition(",")[0]):
        kick(text, binaries(2), moving(2))
