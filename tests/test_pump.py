"""The pump: golden traces, limits, LP failures, unbounded LPs, general integers, repairs, refused proofs."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from diffpump.backends.relaxation import load
from diffpump.config.presets import PRESETS, config
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus, Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.pump.oracle import Oracle

ROOT = Path(__file__).parent.parent
INSTANCES = ROOT / "instances"
GOLDEN = Path(__file__).parent / "golden"
TRACED = ("gap-5x25-s1", "setcover-200x60-s1", "cflp-6x8-s0", "cflp-30x40-s2", "lotsizing-2x12-s0")


def problem(
    c: list[float],
    rows: list[tuple[list[float], float, float]],
    bounds: list[tuple[float, float]],
    integer: str,
) -> Problem:
    """Return a small model. `integer` has one character for each column, an i for an integer one."""
    n = len(c)
    A = sp.csr_matrix(np.array([row for row, _, _ in rows], dtype=float).reshape(len(rows), n))
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    lo, hi = (np.array([row[k] for row in rows], dtype=float) for k in (1, 2))
    lb, ub = (np.array([b[k] for b in bounds], dtype=float) for k in (0, 1))
    mask = np.array([kind == "i" for kind in integer], dtype=bool)
    names = [f"x{j}" for j in range(n)]
    row_names = [f"r{i}" for i in range(len(rows))]
    return Problem("small", np.array(c), 0.0, False, A, lo, hi, lb, ub, mask, names, row_names)


def last(pump: Pump) -> PumpState:
    """Return the final state of a run."""
    *_, state = pump.iterates()
    assert state.status is not None
    return state


def trace(name: str, preset: str) -> list[list[Any]]:
    """Return the iterations of a run: number, kick, fractional columns, violated rows, loss to six digits."""
    model = read(INSTANCES / f"{name}.mps")
    configuration = config(preset, lp_start="cold", max_iter=60, time_limit=None)
    pump = Pump(model, configuration, relaxation_for(model, configuration), seed=7)
    return [
        [s.iteration, s.kick.kind if s.kick else "", s.fractional, s.violated_rows, float(f"{s.loss:.6g}")]
        for s in pump.iterates()
    ]


@pytest.mark.parametrize("name", TRACED)
def test_golden_traces(name: str, request: pytest.FixtureRequest) -> None:
    """With cold starts a trace depends only on the model, the configuration and the seed.

    `pytest --update-golden tests/test_pump.py` writes the traces anew after an intended change.
    """
    path = GOLDEN / f"{name}.json"
    traces = {preset: trace(name, preset) for preset in PRESETS}
    if request.config.getoption("--update-golden"):
        lines = [f'"{preset}": {json.dumps(rows)}' for preset, rows in traces.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    golden = json.loads(path.read_text())
    for preset, rows in traces.items():
        assert [row[:4] for row in rows] == [row[:4] for row in golden[preset]], preset
        np.testing.assert_allclose([r[4] for r in rows], [r[4] for r in golden[preset]], rtol=1e-5)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_run(preset: str, seed: int) -> None:
    model = read(INSTANCES / "gap-5x25-s0.mps")

    def points() -> list[bytes]:
        configuration = config(preset, max_iter=40, lp_start="warm")
        pump = Pump(model, configuration, relaxation_for(model, configuration), seed)
        return [s.x_lp.tobytes() + s.theta.tobytes() for s in pump.iterates()]

    assert points() == points()


def test_no_preset_beats_a_proven_optimum() -> None:
    optima = dict(
        line.split()[1:3]
        for line in (INSTANCES / "instances.solu").read_text().splitlines()
        if "=opt=" in line
    )
    found = 0
    for path in sorted(INSTANCES.glob("*.mps")):
        model = read(path)
        for preset in PRESETS:
            configuration = config(preset, max_iter=25)
            state = last(Pump(model, configuration, relaxation_for(model, configuration), seed=1))
            if state.solution is not None:
                found += 1
                best = float(optima[path.stem])
                assert (model.value(state.solution) - best) * (-1 if model.maximise else 1) >= -1e-6 * abs(
                    best
                )
    assert found > 40


def test_general_integers_between_vertices() -> None:
    """On 3x + 5y = 44, x and y in [0, 20], costs reach two LP points; boxes and distances reach others."""
    model = problem([1.0, 1.0], [([3.0, 5.0], 44.0, 44.0)], [(0, 20), (0, 20)], "ii")
    periodic = last(Pump(model, config("FP", integers="periodic", max_iter=300), load(model)))
    assert periodic.status is Status.ITERATION_LIMIT
    for preset in ("FP", "DP2", "DP4"):
        for integers in ("box", "aux"):
            configuration = config(preset, integers=integers, max_iter=300)
            state = last(Pump(model, configuration, relaxation_for(model, configuration)))
            assert state.status is Status.FEASIBLE, (preset, integers)
            assert state.solution is not None and 3 * state.solution[0] + 5 * state.solution[1] == 44


def test_distances_hold_and_free_columns() -> None:
    """A column without a cost at its target is held there by 1, unless it is free; a kick's size is a weight.

    x + y + z = 9 on [0, 9]^3, all at 3, with theta = 0 and z free. Moving the target of x to 5 with theta_x
    = -2 draws x there at the expense of z alone.
    """
    model = problem([1.0, 0.0, 0.0], [([1.0, 1.0, 1.0], 9.0, 9.0)], [(0, 9)] * 3, "iii")
    relaxation = relaxation_for(model, config("FP", integers="aux"))
    oracle = Oracle(model, relaxation, RunLimits(), integers="aux")
    oracle.free[2] = True
    at, target = np.array([3.0, 3.0, 3.0]), np.array([5.0, 3.0, 3.0])
    assert oracle.distance(np.zeros(3), at, at).tolist() == [1, 1, 0]
    theta = oracle.distance(np.array([-2.0, 0.0, 0.0]), at, target)
    assert theta.tolist() == [-2, 1, 0]
    assert oracle.lifted(at).tolist() == [3, 3, 3, 2, 0, 0]
    assert oracle.argmin(theta)[1].x.tolist() == [5, 3, 1]
    assert oracle.point(-theta).tolist() == [5, 3, 1]  # the sign of theta is irrelevant
    assert oracle.solve(model.c).x[0] == 0  # the model's own cost has no distances


def test_distance_columns_need_their_relaxation_and_general_integers() -> None:
    general = read(INSTANCES / "lotsizing-2x12-s0.mps")
    with pytest.raises(UsageError, match="integers=aux"):
        Pump(general, config("FP", integers="aux"), load(general))
    binary = read(INSTANCES / "cflp-6x8-s0.mps")

    def run(integers: str) -> list[bytes]:
        configuration = config("DP4", integers=integers, max_iter=40)
        pump = Pump(binary, configuration, relaxation_for(binary, configuration), 3, accept=lambda x: False)
        return [s.x_lp.tobytes() + s.theta.tobytes() for s in pump.iterates()]

    assert run("aux") == run("box")


def test_the_objectives_share_is_no_cost_of_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    """The LP's cost is (1 - a) |theta_j| on distances, and the share a s c on columns."""
    model = read(INSTANCES / "lotsizing-2x12-s0.mps")
    configuration = config("FP", integers="aux", alpha=0.5, repair="off", lp_start="cold")
    relaxation, costs = relaxation_for(model, configuration), list[Vector]()
    solve = relaxation.solve

    def recorded(cost: Vector, limits: LpLimits | None = None) -> LpResult:
        costs.append(cost)
        return solve(cost, limits)

    monkeypatch.setattr(relaxation, "solve", recorded)
    pump = Pump(model, configuration, relaxation, accept=lambda x: False)
    first = pump.start()
    pump.step(first)
    theta = np.where((first.theta == 0) & model.integer, 1.0, first.theta)
    share = 0.5 * np.linalg.norm(theta) / np.linalg.norm(model.c) * model.c
    columns, distances = np.where(model.general, 0.0, 0.5 * theta), 0.5 * np.abs(theta[model.general])
    expected = np.append(columns + share, distances)
    assert np.array_equal(costs[0], model.c) and distances.size
    np.testing.assert_allclose(
        costs[1] / np.linalg.norm(costs[1]), expected / np.linalg.norm(expected), rtol=1e-9
    )


def test_cutoffs_under_distances() -> None:
    model = read(INSTANCES / "lotsizing-2x12-s0.mps")
    configuration = config("DP2", integers="aux", max_iter=150)
    pump = Pump(model, configuration, relaxation_for(model, configuration), seed=1)
    state = last(pump)
    assert state.solution is not None
    first = float(model.c @ state.solution)
    pump.set_cutoff(0.95 * first)
    *_, state = pump.iterates(state)
    assert state.solution is not None and model.c @ state.solution <= 0.95 * first + 1e-6
    pump.set_cutoff(-1e6)
    *_, state = pump.iterates(state)
    assert state.status is Status.EXHAUSTED


def test_the_box_never_excludes_the_lp_point() -> None:
    """Every LP after the first stays feasible, on general integers with kicks among the iterations."""
    model = read(INSTANCES / "lotsizing-2x12-s0.mps")
    pump = Pump(model, config("DP2", max_iter=300), load(model), seed=3, accept=lambda x: False)
    states = list(pump.iterates())
    assert states[-1].status is Status.ITERATION_LIMIT
    assert states[-1].counters.get("lp_failures", 0) == 0
    assert states[-1].counters["flip"] + states[-1].counters["perturbation"] > 0


def test_theta_that_makes_the_lp_unbounded_is_survived() -> None:
    """A row pulls z upwards, where it has no bound: theta loses that entry and the run goes on.

    x = 0.6 rounds up, so that z >= x is violated at z = 0.6.
    """
    rows = [([-1.0, 1.0], 0.0, np.inf), ([1.0, 0.0], 0.6, 1.0)]
    model = problem([1.0, 1.0], rows, [(0, 1), (0, np.inf)], "i-")
    state = last(Pump(model, config("DP3", max_iter=30, repair="off"), load(model), accept=lambda x: False))
    assert state.status is Status.ITERATION_LIMIT
    assert state.counters["unbounded"] > 0


def test_a_faded_theta_keeps_its_direction() -> None:
    """x*(theta) stays the same when theta is scaled far below the tolerance of the LP solver."""
    model = read(INSTANCES / "gap-5x25-s0.mps")
    theta = np.random.default_rng(0).uniform(-1, 1, model.n)

    def point(scale: float) -> Vector | None:
        return Oracle(model, load(model, "highs", "cold"), RunLimits()).point(scale * theta)

    for scale in (2.0**-4, 2.0**-30, 2.0**-300):
        np.testing.assert_array_equal(point(scale), point(1.0))


class Scripted:
    """A relaxation whose calls end as a script says, and as those of the real one otherwise."""

    algorithm = "dual"

    def __init__(self, model: Problem, script: dict[int, LpStatus]) -> None:
        self.real, self.script, self.calls = load(model), script, 0
        self.versions = self.real.versions

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        self.calls += 1
        if self.calls in self.script:
            return LpResult(self.script[self.calls], np.full(cost.size, np.nan), 0, 0.0, "dual")
        return self.real.solve(cost, limits)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        self.real.set_bounds(lb, ub)

    def save_basis(self) -> object:
        return self.real.save_basis()

    def restore_basis(self, basis: object) -> None:
        self.real.restore_basis(basis)


def scripted(script: dict[int, LpStatus]) -> PumpState:
    model = read(INSTANCES / "gap-5x25-s0.mps")
    return last(Pump(model, config("FP", max_iter=20), Scripted(model, script), accept=lambda x: False))


def test_a_numerical_failure_is_survived_and_counted() -> None:
    state = scripted({3: LpStatus.FAILED, 4: LpStatus.FAILED, 8: LpStatus.INFEASIBLE})
    assert state.status is Status.ITERATION_LIMIT
    assert state.counters["lp_failures"] == 3


def test_three_failures_in_a_row_end_the_run() -> None:
    assert scripted(dict.fromkeys((5, 6, 7), LpStatus.FAILED)).status is Status.LP_FAILED


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ({1: LpStatus.INFEASIBLE}, Status.LP_FAILED),  # a verdict without a ray proves nothing
        ({1: LpStatus.UNBOUNDED}, Status.UNBOUNDED),
        ({1: LpStatus.TIME_LIMIT}, Status.TIME_LIMIT),
        ({1: LpStatus.FAILED}, Status.LP_FAILED),
        ({4: LpStatus.TIME_LIMIT}, Status.TIME_LIMIT),
        ({4: LpStatus.INTERRUPTED}, Status.INTERRUPTED),
    ],
)
def test_how_an_lp_ends_decides_how_the_run_ends(script: dict[int, LpStatus], status: Status) -> None:
    assert scripted(script).status is status


def test_an_infeasible_lp_is_proven() -> None:
    model = problem([1.0], [([1.0], 2.0, 3.0)], [(0, 1)], "i")
    assert last(Pump(model, config("FP"), load(model))).status is Status.INFEASIBLE


def test_stop_and_deadline() -> None:
    model = read(INSTANCES / "gap-5x25-s0.mps")
    asked = iter([False] * 6 + [True] * 1000)
    clock = RunLimits(stop=lambda: next(asked))
    assert (
        last(Pump(model, config("FP"), load(model), 0, clock, lambda x: False)).status is Status.INTERRUPTED
    )
    late = RunLimits(deadline=time.monotonic() - 1)
    assert last(Pump(model, config("FP"), load(model), 0, late)).status is Status.TIME_LIMIT


def test_lps_that_are_paused_go_on_where_they_were() -> None:
    """An LP that starts from a basis is paused; the first one, without a basis, is not."""
    rng, m, n = np.random.default_rng(0), 400, 1500
    rows = sp.random_array((m, n), density=0.03, rng=rng, format="csr", dtype=float)
    rows.data[:] = 1.0
    model = from_arrays(
        rng.random(n), rows, np.ones(m), np.full(m, np.inf), np.zeros(n), np.ones(n), np.ones(n, bool)
    )
    cost, alone = rng.random(n), load(model, "highs", "warm", "dual")
    alone.solve(model.c)
    whole = alone.solve(cost)
    oracle = Oracle(model, load(model, "highs", "warm", "dual"), RunLimits(), pause=lambda: whole.seconds / 5)
    assert oracle.argmin(model.c)[1].status is LpStatus.OPTIMAL
    slices = [oracle.argmin(cost)[1]]
    while slices[-1].status is LpStatus.TIME_LIMIT and len(slices) < 1000:
        slices.append(oracle.argmin(cost)[1])
    assert slices[-1].status is LpStatus.OPTIMAL and sum(lp.iterations for lp in slices[:-1]) > 0
    assert slices[-1].x @ cost == pytest.approx(whole.x @ cost)

    model = read(INSTANCES / "cflp-30x40-s2.mps")
    pauses = itertools.cycle([0.0, 0.0, np.inf])
    pump = Pump(model, config("DP4", time_limit=None), load(model), pause=lambda: next(pauses))
    state, paused = last(pump), 0
    while state.status is Status.TIME_LIMIT:
        *_, state = pump.iterates(state)
        paused += 1
    assert state.status is Status.FEASIBLE and paused


def test_what_completes_a_rounding_may_be_given() -> None:
    model, asked = read(INSTANCES / "cflp-6x8-s0.mps"), list[Vector]()

    def complete(y: Vector) -> Vector | None:
        asked.append(y)
        return None

    configuration = config("DP4", max_iter=5, time_limit=None)
    pump = Pump(model, configuration, load(model), complete=complete)
    last(pump)
    assert asked and pump.counters["repairs"] == len(asked)


def test_a_refused_proof_is_counted_and_the_pump_goes_on() -> None:
    model = read(INSTANCES / "setcover-20x15-s0.mps")
    answers = iter([False, False, True])
    state = last(Pump(model, config("FP"), load(model), 0, RunLimits(), lambda x: next(answers)))
    assert state.status is Status.FEASIBLE
    assert state.counters["rejected"] == 2


def test_repair_finds_continuous_columns_and_off_does_without() -> None:
    """With x binary and z = 0.5 + x continuous, only an LP over z repairs the row after x is rounded."""
    rows = [([-1.0, 1.0], 0.5, 0.5), ([1.0, 0.0], 0.6, 1.0)]
    model = problem([0.0, 1.0], rows, [(0, 1), (0, 10)], "i-")
    assert last(Pump(model, config("DP4", max_iter=0), load(model))).status is Status.FEASIBLE
    assert (
        last(Pump(model, config("DP4", max_iter=0, repair="off"), load(model))).status
        is Status.ITERATION_LIMIT
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_models_without_integers_rows_or_columns(preset: str) -> None:
    empty = problem([], [], [], "")
    no_rows = problem([1.0, -1.0], [], [(0, 1), (0, 3)], "ii")
    no_integers = problem([1.0, 1.0], [([1.0, 2.0], 3.0, np.inf)], [(0, 5), (0, 5)], "--")
    for model in (empty, no_rows, no_integers):
        state = last(Pump(model, config(preset), relaxation_for(model, config(preset))))
        assert state.status is Status.FEASIBLE
        assert state.iteration == 0
