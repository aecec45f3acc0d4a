"""What earlier models suggest: the pump's first theta, and the order of the arms."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import diffpump
from diffpump.backends.mip import presolve
from diffpump.config.engine import Settings
from diffpump.config.presets import config
from diffpump.config.schedule import ARMS, Turns, by_gains, default_schedule, role
from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.learn.history import INDEX, History
from diffpump.outcome.run import RunSetup
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.search.arms.nearby import Nearby
from diffpump.search.arms.pump import PumpArm
from diffpump.search.arms.recall import Recall
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.earlier import Earlier, first_theta
from diffpump.search.engine import Engine
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

INSTANCES = Path(__file__).parent.parent / "instances"


def four_of(n: int = 9) -> Problem:
    """Return the choice of 4 of n binaries, with 2 (x_1 + x_2 + x_3) >= 1: under its cost x_1 = 1/2."""
    rows = np.vstack([np.ones(n), np.r_[2.0, 2, 2, np.zeros(n - 3)]])
    cost = np.r_[1.0, 2, 3, np.zeros(n - 3)]
    return from_arrays(cost, rows, [4, 1], [4, np.inf], np.zeros(n), np.ones(n), np.ones(n, bool))


def a_solution(seed: int, n: int = 9) -> Vector:
    rng, x = np.random.default_rng(seed), np.zeros(n)
    x[rng.integers(3)] = 1
    x[rng.choice(np.arange(3, n), 3, replace=False)] = 1
    return x


def pumped(problem: Problem, theta0: Vector | None, preset: str = "DP4") -> list[PumpState]:
    configuration = config(preset, max_iter=5)
    return list(
        Pump(problem, configuration, relaxation_for(problem, configuration), theta0=theta0).iterates()
    )


# -- theta_0 --


@pytest.mark.parametrize("preset", ["FP", "DP3", "DP4"])
@pytest.mark.parametrize("seed", range(5))
def test_the_pump_rounds_first_to_the_recalled_point(seed: int, preset: str) -> None:
    problem, x = four_of(), a_solution(seed)
    theta = first_theta(Earlier((x,)), Space(problem))
    assert theta is not None and theta.tolist() == (0.5 - x).tolist()
    states = pumped(problem, theta, preset)
    assert states[0].theta.tolist() == theta.tolist() and states[0].status is None
    np.testing.assert_array_equal(states[1].x_round, x)
    assert states[1].solution is not None


def test_agreement_minus_one_half() -> None:
    """Three days agree on some columns; one day lacks column 8."""
    problem = four_of()
    points = np.array([a_solution(seed) for seed in range(3)])
    points[1, 8] = np.nan
    theta = first_theta(Earlier(tuple(points)), Space(problem))
    assert theta is not None
    np.testing.assert_allclose(theta, 0.5 - np.nanmean(points, axis=0))


def test_general_integers_between_their_bounds_and_continuous_columns_have_no_side() -> None:
    kinds = [True, True, True, False, True]
    problem = from_arrays([0] * 5, [[1] * 5], [0], [99], [0] * 5, [9, 9, 9, 9, np.inf], kinds)
    theta = first_theta(Earlier((np.array([0.0, 9, 4, 9, 7]),)), Space(problem))
    assert theta is not None and theta.tolist() == [0.5, -0.5, 0, 0, 0]


def test_a_confidence_takes_the_place_of_the_agreement_where_it_is_known() -> None:
    problem = four_of()
    confidence = np.array([1, -0.5, np.nan, 0.0, *[np.nan] * 5])
    x = a_solution(0)
    theta = first_theta(Earlier((x,), confidence=confidence), Space(problem))
    assert theta is not None and theta.tolist() == [-0.5, 0.25, 0.5 - x[2], 0, *(0.5 - x[4:])]
    alone = first_theta(Earlier(confidence=confidence), Space(problem))
    assert alone is not None and alone.tolist() == [-0.5, 0.25, *[0] * 7]


def test_presolve_may_turn_a_column_round() -> None:
    """The presolved columns are 1 - x_4, 1 - x_3, ..."""
    problem = from_arrays([1] * 4, [[1] * 4], [1], [4], [0] * 4, [1] * 4, [True] * 4)
    turned = Space(problem, to_presolved=lambda x: 1 - x[::-1])
    x, confidence = np.array([1.0, 0, 0, 1]), np.array([0.5, -1, np.nan, np.nan])
    theta = first_theta(Earlier((x,), confidence=confidence), turned)
    assert theta is not None and theta.tolist() == [0.5, -0.5, -0.5, 0.25]


def test_without_suggestions_the_pump_is_as_it_was() -> None:
    space = Space(four_of())
    assert first_theta(Earlier(), space) is None
    assert first_theta(Earlier((np.full(9, np.nan),), np.full(9, np.nan)), space) is None
    assert first_theta(Earlier((np.zeros(9), np.ones(9))), space) is None  # they agree on nothing


@pytest.mark.parametrize("theta", [np.zeros(8), np.full(9, np.nan)])
def test_a_theta_that_does_not_fit(theta: Vector) -> None:
    with pytest.raises(UsageError, match="theta0 must be 9 finite numbers"):
        pumped(four_of(), theta)


@pytest.mark.parametrize("name", ["cflp-30x40-s2", "mckp-5x3-s0", "mkpc-1-30-3-s0"])
def test_the_first_pump_of_an_arm_starts_so_on_the_presolved_model(name: str) -> None:
    pytest.importorskip("numba", reason="the kernels extra is not installed")
    problem = read(INSTANCES / f"{name}.mps")
    x, reduced = diffpump.solve(problem, time_limit=5, until="first").x, presolve(problem)
    assert x is not None and reduced is not None and reduced.problem.n < problem.n
    space = Space(reduced.problem, reduced.restore, reduced.problem.offset, reduced.reduce)
    space.root = space.project(np.full(problem.n, 0.5))
    context = RunContext(
        problem, Pool(RunSetup(problem)), Spaces(Space(problem), space), 0, RunLimits(),
        earlier=Earlier((x,)),
    )  # fmt: skip
    arm = PumpArm(context, "pump")
    first, second = arm._new_pump().theta0, arm._new_pump().theta0
    assert first is not None and second is None
    binary = reduced.problem.binary
    assert binary.any() and not first[~reduced.problem.integer].any()
    states = pumped(reduced.problem, first)
    assert (states[0].x_round != space.project(x))[binary].any()  # not the rounding of the LP's optimum
    np.testing.assert_array_equal(states[1].x_round[binary], space.project(x)[binary])


# -- recall --


def test_the_first_slice_ends_where_a_recalled_point_is_a_solution() -> None:
    """Otherwise the slice goes on, and the later slices make every attempt in either case."""
    problem = four_of()
    solution, apart = a_solution(0), np.zeros(9)
    for points, as_it_is in (((apart, solution), True), ((apart,), False)):
        pool = Pool(RunSetup(problem))
        arm = Recall(Space(problem), pool, Earlier(points), 0)
        arm.run(Budget(60.0, RunLimits()))
        assert pool.best is not None and arm.exhausted != as_it_is
        if as_it_is:
            assert pool.best.x.tolist() == solution.tolist() and len(pool.solutions) == 1
            arm.run(Budget(60.0, RunLimits()))
        assert arm.exhausted and pool.value == 1


def test_recall_goes_on_where_its_slice_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """No attempt is made twice or left out, however short the slices are."""
    near: list[int] = []

    def search(self: Nearby, point: Vector, given: Mask, agreement: Vector, budget: Budget) -> None:
        near.append(int(point.sum()))

    monkeypatch.setattr(Nearby, "search", search)
    problem = four_of()
    points = tuple(np.r_[np.zeros(9 - k), np.ones(k)] for k in (1, 2, 3))
    arm = Recall(Space(problem), Pool(RunSetup(problem)), Earlier(points), 0, has_kernels=lambda: False)
    slices = 0
    while not arm.exhausted:
        arm.run(Budget(0.0, RunLimits()))
        slices += 1
    assert near == [1, 2, 3, 1, 1, 2, 3] and slices > len(near)  # shortly, near the best, and in the repairs


# -- the order of the arms --


def rounds(gains: dict[str, int] | None = None, points: tuple[Vector, ...] = ()) -> tuple[Turns, ...]:
    """Return the rounds of an engine, the last one those after the first solution."""
    earlier = None if gains is None else Earlier(points, gains=gains)
    portfolio = Engine(RunSetup(four_of()), Settings(), earlier=earlier).portfolio
    return (*portfolio.first, portfolio.better)


def test_without_gains_the_schedule_is_unchanged() -> None:
    schedule = default_schedule()
    for turns in schedule:
        assert by_gains(turns, {}) == turns and by_gains(turns, {"no arm": 3}) == turns
    assert rounds() == rounds({})
    assert rounds()[-1] == Settings().turns(Settings().better)


@pytest.mark.parametrize("name", [name for name, entry in ARMS.entries.items() if entry.facts.before])
def test_gains_move_an_arm_forward_within_its_stage(name: str) -> None:
    turns = default_schedule().first
    ordered = by_gains(turns, {name: 2})
    assert sorted(ordered) == sorted(turns)
    needed = [(k, turn) for k, turn in enumerate(turns) if role(turn[0]).leads or not role(turn[0]).rewarded]
    assert [ordered[k] for k, _ in needed] == [turn for _, turn in needed] and len(needed) > 2
    starts = {0, *(k + 1 for k, _ in needed)}
    own = [k for k, turn in enumerate(ordered) if turn[0] == name]
    assert name in {turn[0] for _, turn in needed} or all(k in starts or k - 1 in own for k in own)
    others = [[turn for turn in one if turn[0] != name] for one in (turns, ordered)]
    assert others[0] == others[1]


def test_the_arms_come_in_the_order_of_their_gains() -> None:
    gains = {"jump": 1, "conflict": 5, "mip": 2, "recall": 9}
    for turns in rounds(gains, (np.zeros(9),))[1:]:
        for first, second in pairwise(turns):
            kept = [role(turn[0]).leads or not role(turn[0]).rewarded for turn in (first, second)]
            added = "recall" in (first[0], second[0]) or role(second[0]).with_history
            if not any(kept) and not added:
                assert gains.get(first[0], 0) >= gains.get(second[0], 0)


def test_a_folder_knows_the_gains_of_the_nearest_models(tmp_path: Path) -> None:
    history, problem = History(tmp_path / "h"), four_of()
    for k, gains in enumerate([{"pump": 2, "mip": 1}, {"pump": 1}, {"jump": 7}]):
        other = from_arrays(
            problem.c * (1 + k * k), problem.A, problem.row_lo, problem.row_hi, problem.lb, problem.ub,
            problem.integer, col_names=problem.col_names, name=f"day {k}",
        )  # fmt: skip
        history.add(other, a_solution(k), 1.0, {"incumbents": gains})
    assert history.recall(problem, nearest=2).gains == {"pump": 3, "mip": 1}
    found = history.recall(problem)
    assert found.earlier.gains == {"pump": 3, "mip": 1, "jump": 7}
    assert len(found.earlier.points) == 3 and found.earlier.confidence is None
    index = history.folder / INDEX
    lines = [json.loads(line) for line in index.read_text().splitlines()]
    del lines[0]["incumbents"]  # as of a model that a user added by hand
    lines[1]["incumbents"] = {"pump": "many"}
    index.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = History(history.folder).recall(problem)
    assert found.gains == {"jump": 7} and len(found.points) == 2 and len(found.notes) == 1
