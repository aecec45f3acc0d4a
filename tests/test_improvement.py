"""The pump that goes on after a solution: it ends with a better one or the same, within its rounds."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import diffpump
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.pump.improvement import improving, target
from diffpump.verify.check import Judge

INSTANCES = Path(__file__).parent.parent / "instances"
ALL = sorted(INSTANCES.glob("*.mps"))


def states_of(problem: Problem, rounds: int) -> list[PumpState]:
    configuration = config("DP4", lp_start="cold", max_iter=60)
    return list(improving(Pump(problem, configuration, relaxation_for(problem, configuration)), rounds))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_end_is_no_worse_than_the_first_solution(path: Path) -> None:
    problem = read(path)
    first, end = states_of(problem, 0)[-1], states_of(problem, 4)[-1]
    assert (first.solution is None) == (end.solution is None)
    if first.solution is not None and end.solution is not None:
        assert problem.c @ end.solution <= problem.c @ first.solution
        assert Judge(problem).feasible(end.solution) and end.status is Status.FEASIBLE


def test_most_solutions_become_better() -> None:
    better = solved = 0
    for seed in range(6):
        problem = generate("setcover", seed, elements=60, sets=40)
        first, end = states_of(problem, 0)[-1], states_of(problem, 4)[-1]
        if first.solution is not None and end.solution is not None:
            solved += 1
            better += problem.c @ end.solution < problem.c @ first.solution
    assert solved >= 4 and better >= solved / 2


def test_without_rounds_it_is_the_pump() -> None:
    problem = read(INSTANCES / "setcover-200x60-s0.mps")
    configuration = config("DP4", lp_start="cold", max_iter=60)
    plain = list(Pump(problem, configuration, relaxation_for(problem, configuration)).iterates())
    assert [s.x_lp.tobytes() for s in states_of(problem, 0)] == [s.x_lp.tobytes() for s in plain]


def test_only_the_last_state_has_a_status_and_iterations_go_on() -> None:
    states = states_of(read(INSTANCES / "setcover-200x60-s0.mps"), 4)
    assert all(state.status is None for state in states[:-1]) and states[-1].status is Status.FEASIBLE
    assert [state.iteration for state in states[:-1]] == list(range(len(states) - 1))


def test_each_round_asks_for_its_share_and_gets_it() -> None:
    assert target(100.0, 0.0, 0.3) == pytest.approx(70)
    assert target(100.0, 99.999, 0.3) == pytest.approx(99.99)  # the least gain
    assert target(-50.0, -100.0, 0.3) == pytest.approx(-65)
    result = diffpump.solve(INSTANCES / "setcover-200x60-s1.mps", "DP4", improvements=4)
    values = [incumbent.objective for incumbent in result.incumbents]
    assert len(values) >= 2 and values[-1] == result.objective
    assert all(b < a for a, b in itertools.pairwise(values))
    seen: list[float] = []
    again = diffpump.solve(
        INSTANCES / "setcover-200x60-s1.mps",
        "DP4",
        improvements=4,
        incumbent=lambda one: seen.append(one.objective),
    )
    assert seen == [incumbent.objective for incumbent in again.incumbents]  # each as it is found
    assert result.seconds["first_solution"] == result.incumbents[0].seconds <= result.seconds["total"]


def test_a_local_search_needs_no_lp_and_improvements_follow_it() -> None:
    path = INSTANCES / "setcover-200x60-s0.mps"
    free = diffpump.solve(path, "DP4", lp_free="on")
    assert free.found and free.pump is not None and free.pump.lp_solves == 0
    better = diffpump.solve(path, "DP4", lp_free="on", improvements=4)
    assert better.pump is not None and better.pump.lp_solves > 0
    assert better.objective is not None and free.objective is not None
    assert better.objective < free.objective == better.incumbents[0].objective
    assert better.x is not None and better.objective == pytest.approx(better.problem.value(better.x))


def test_a_cutoff_of_the_users_own_does_not_stand_for_a_better_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after the first LP, a pump that began with a search asks for a better solution than that."""
    problem = read(INSTANCES / "setcover-200x60-s0.mps")
    configuration = config("DP4", lp_free="on", cutoff=1e6, max_iter=60)
    pump = Pump(problem, configuration, relaxation_for(problem, configuration))
    last, asked, set_cutoff = [0], list[tuple[int, float]](), pump.set_cutoff

    def ask(value: float) -> None:
        asked.append((last[0], value))
        set_cutoff(value)

    monkeypatch.setattr(pump, "set_cutoff", ask)
    for state in improving(pump, 4):
        last[0] = state.iteration
    assert asked[0][0] == 0 and asked[0][1] < 1e6


def test_where_the_local_search_fails_the_lp_comes_first() -> None:
    """2 (x_1 + ... + x_9) = 7 has no solution, so that the search cannot find one."""
    model = from_arrays([1] * 9, [[2] * 9], [7], [7], [0] * 9, [1] * 9, [True] * 9)
    result = diffpump.solve(model, "FP", lp_free="on", max_iter=3)
    assert not result.found and result.pump is not None and result.pump.lp_solves > 0


def test_an_optimum_ends_it() -> None:
    """x + y >= 1 has the optimum 1, which is that of the LP: nothing better is asked for."""
    model = from_arrays([1, 1], [[1, 1]], [1], [2], [0, 0], [1, 1], [True, True])
    states = states_of(model, 9)
    assert states[-1].solution is not None and states[-1].iteration <= 1


def test_a_cutoff_below_every_solution_keeps_the_one_that_was_found() -> None:
    """With x = y the only solution is (1, 1), and LP points of half its cost remain below the row."""
    rows = [[2, 2], [1, -1]]
    model = from_arrays([1, 1], rows, [1, 0], [4, 0], [0, 0], [1, 1], [True, True])
    end = states_of(model, 5)[-1]
    assert end.status is Status.FEASIBLE and end.solution is not None and end.solution.tolist() == [1, 1]


def test_an_interruption_keeps_the_solution() -> None:
    problem, accepted = read(INSTANCES / "setcover-200x60-s0.mps"), list[float]()
    configuration = config("DP4", lp_start="cold", max_iter=60)

    def accept(x: Vector) -> bool:
        accepted.append(float(problem.c @ x))
        return True

    limits = RunLimits(stop=lambda: bool(accepted))
    pump = Pump(problem, configuration, relaxation_for(problem, configuration), 0, limits, accept)
    end = list(improving(pump, 9))[-1]
    assert len(accepted) == 1 and end.status is Status.FEASIBLE and end.solution is not None
