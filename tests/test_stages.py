"""The pump's stages: binaries before general integers, and a last search by branch and cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffpump.backends.mip import solve_mip
from diffpump.config.presets import config
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.pump.final import FinalSearch
from diffpump.pump.stages import FIRST_PATIENCE, SECOND_PATIENCE, Closest
from diffpump.verify.check import Judge

INSTANCES = Path(__file__).parent.parent / "instances"
LOTSIZING = INSTANCES / "lotsizing-2x12-s0.mps"  # binaries, general integers and continuous columns
GAP = INSTANCES / "gap-5x25-s0.mps"  # binaries only
SUM_44 = from_arrays([1, 1], [[3, 5]], [44], [44], [0, 0], [20, 20], [True, True])


def odd(n: int) -> Problem:
    """Return 2 (x_1 + ... + x_n) = n - 1 on n binaries; for even n it has no solution."""
    return from_arrays([1] * n, np.full((1, n), 2.0), [n - 1], [n - 1], [0] * n, [1] * n, [True] * n)


def run(model: Problem, limits: RunLimits | None = None, **changes: Any) -> tuple[Pump, list[PumpState]]:
    configuration = config("FP", **{"repair": "off", "max_iter": 200, **changes})
    pump = Pump(model, configuration, relaxation_for(model, configuration), 0, limits or RunLimits())
    return pump, list(pump.iterates())


@pytest.mark.parametrize("integers", ["box", "aux", "periodic"])
def test_general_integers_are_continuous_until_the_binaries_are_integral(integers: str) -> None:
    model = read(LOTSIZING)
    general, binary = np.flatnonzero(model.general), np.flatnonzero(model.binary)
    pump, states = run(model, stages="binaries", integers=integers)
    staged = [bool(np.any(s.x_round[general] != np.rint(s.x_round[general]))) for s in states]
    assert staged[0] and not staged[-1] and not pump.stages.first
    second = staged.index(False)
    assert not any(staged[second:])  # never back to the first stage
    assert all(not state.theta[general].any() for state in states[:second])
    start = states[second].x_lp
    if not np.allclose(start[binary], np.rint(start[binary])):  # without progress, at the closest point
        assert second > FIRST_PATIENCE and any((states[k].x_lp == start).all() for k in range(second))


@pytest.mark.parametrize("model", [read(GAP), SUM_44], ids=["binaries only", "no binaries"])
def test_one_kind_of_integers_needs_no_stages(model: Problem) -> None:
    plain, staged = run(model)[1], run(model, stages="binaries")[1]
    assert [s.theta.tobytes() + s.x_lp.tobytes() for s in plain] == [
        s.theta.tobytes() + s.x_lp.tobytes() for s in staged
    ]


def test_penalties_begin_anew_with_the_second_stage() -> None:
    pump, _ = run(read(LOTSIZING), stages="binaries", penalties=0.5, restarts=[], max_iter=100)
    assert not pump.stages.first and pump.stalls.penalties is not None
    assert pump.stalls.penalties.size == pump.problem.integers.size


def test_a_stage_ends_without_progress() -> None:
    """Progress is a distance that falls by a tenth."""
    closest, x = Closest(), np.zeros(1)
    for distance in (10.0, 9.5, 9.1, 8.9):
        closest.update(x, x, distance)
    assert (closest.stagnation, closest.reference, closest.distance) == (0, 8.9, 8.9)
    pump, states = run(odd(6), stages="binaries", max_iter=2 * SECOND_PATIENCE)
    assert states[-1].status is Status.ITERATION_LIMIT
    assert SECOND_PATIENCE <= states[-1].iteration <= SECOND_PATIENCE + 10
    assert not pump.counters["final"]


@pytest.mark.parametrize("kind", ["nearest", "hull"])
def test_the_last_search_finds_what_the_pump_does_not(kind: str) -> None:
    """With periodic integers no rounding of 3x + 5y = 44 is a solution."""
    pump, states = run(SUM_44, integers="periodic", max_iter=20, final=kind)
    assert pump.counters["final"] == 1
    if kind == "nearest":
        assert states[-1].solution is not None and states[-1].solution @ [3, 5] == 44
    else:  # the hull of the LP points 0 <= x <= 44/3, 0 <= y <= 44/5 contains (3, 7)
        assert states[-1].solution is not None and (states[-1].solution <= [15, 9]).all()


def test_the_hull_is_that_of_the_lp_points() -> None:
    search = FinalSearch(SUM_44, "hull")
    for x in ([2.4, 7.0], [3.0, 7.6]):
        search.visit(np.array(x))
    found = search.run(np.zeros(2), RunLimits().for_lp(), 0)
    assert found.x is not None and found.x.tolist() == [3.0, 7.0]
    search = FinalSearch(SUM_44, "hull")
    search.visit(np.array([4.2, 7.0]))
    assert search.run(np.zeros(2), RunLimits().for_lp(), 0).x is None


def test_the_nearest_solution_counts_general_integers_on_both_sides() -> None:
    """Of (3, 7), (8, 4) and (13, 1), the one at the least distance to each target."""
    for target, nearest in (([7, 4], [8, 4]), ([9, 5], [8, 4]), ([12, 1], [13, 1]), ([2, 9], [3, 7])):
        search, y = FinalSearch(SUM_44, "nearest"), np.array(target, float)
        best = solve_mip(search.nearest(y), RunLimits().for_lp())
        assert best.x is not None and search.merged(best.x).tolist() == nearest
        found = search.run(y, RunLimits().for_lp(), 0)
        assert found.x is not None and found.x @ [3, 5] == 44


def test_a_last_search_without_a_solution_changes_no_status() -> None:
    pump, states = run(odd(6), max_iter=5, final="nearest")
    assert states[-1].status is Status.ITERATION_LIMIT and pump.counters["final"] == 1


def test_the_last_search_has_half_of_the_time() -> None:
    clock = iter(np.arange(0.0, 1e6))
    limits = RunLimits(deadline=40.0, now=lambda: float(next(clock)))
    pump, states = run(odd(6), limits, max_iter=1000, final="nearest")
    assert pump.counters["final"] == 1 and states[-1].iteration < 40


def test_a_mixed_model_is_solved_in_stages() -> None:
    model = read(LOTSIZING)
    configuration = config("FP", stages="binaries", final="nearest", integers="aux", max_iter=300)
    pump = Pump(model, configuration, relaxation_for(model, configuration))
    last = list(pump.iterates())[-1]
    assert last.solution is not None and Judge(model).feasible(last.solution)
