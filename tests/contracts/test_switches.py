"""The pump's switches beyond the paper: each has its documented effect, and runs with it repeat."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixed import lp_like_point, mixed_problem

from diffpump.backends.fake import FakeRelaxation
from diffpump.backends.relaxation import load
from diffpump.config.presets import ENGINE_PUMP, config
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.operators.losses import Rows
from diffpump.operators.optimizers import Momentum
from diffpump.operators.roundings import ROUNDINGS, Safe
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.pump.cutoff import with_cutoff
from diffpump.pump.oracle import Oracle
from diffpump.pump.segment import LineSearch, Segment
from diffpump.pump.stalls import _grown
from diffpump.verify.check import Judge

INSTANCES = Path(__file__).parents[2] / "instances"
GAP = INSTANCES / "gap-5x25-s0.mps"
LOTSIZING = INSTANCES / "lotsizing-2x12-s0.mps"  # general integers and continuous columns
OPTIMA = {
    line.split()[1]: float(line.split()[2])
    for line in (INSTANCES / "instances.solu").read_text().splitlines()
    if "=opt=" in line
}
SWITCHES: list[dict[str, Any]] = [
    {"locks": "use"}, {"memory": "all"}, {"stall": 2}, {"scaling": "max"}, {"multipliers": "ldf"},
    {"segment": 4},
    {"restarts": "search"}, {"restarts": "search,mode=repair", "multipliers": "polyak,cap=9"},
    {"restarts": "walksat"},
    {"restarts": ["walksat,p=0.2", "perturbation"], "memory": "all", "multipliers": "ldf",
     "penalties": 0.5},
    {"lp_iterations": 5, "lp_algorithm": "primal"}, {"alpha": 0.9}, {"alpha": 0.9, "objective": "value"},
    {"penalties": 0.5}, {"losses": ["slack_integrality:1", "regularisation:0.9"], "penalties": 1},
    {"line_search": "exact"}, {"lp_free": "on"},
    {"line_search": "exact", "stages": "binaries", "segment": 2, "rounding": "random"},
    {"rounding": "random"}, {"rounding": "random-propagation,backtracks=0", "locks": "use"},
    {"rounding": "centre,points=5"},
    {"integers": "aux"}, {"integers": "aux", "alpha": 0.9, "objective": "value", "locks": "use"},
    {"integers": "aux", "lp_iterations": 20, "lp_algorithm": "primal"},
    {"integers": "aux", "jacobian": "perturbation,samples=2", "lp_start": "cold"},
    {"jacobian": "antithetic,samples=2", "lp_start": "cold"}, {"jacobian": "interpolation"},
    {"jacobian": "projection"}, {"optimizer": "momentum,beta=0.5", "optimizer_state": "reset"},
    {"losses": ["expected:1", "regularisation:0.1"]},
    {"losses": ["expected:1", "integrality:5,order=2", "regularisation:0.1"], "scaling": "max"},
    {"rounding": "propagation", "locks": "use", "memory": "all", "scaling": "max",
     "multipliers": "ldf,decay=0.5",
     "segment": 3, "restarts": ["search", "perturbation", "flip"], "lp_iterations": 20,
     "lp_algorithm": "primal", "alpha": 0.5},
]  # fmt: skip
seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=30)


def pump(problem: Problem, configuration: Config, seed: int = 0, **how: Any) -> Pump:
    return Pump(problem, configuration, relaxation_for(problem, configuration), seed, **how)


def run(*arguments: Any, **how: Any) -> list[PumpState]:
    return list(pump(*arguments, **how).iterates())


def knapsack(n: int, capacity: float, c: float = -1.0) -> Problem:
    """Return a problem of n binaries of cost c with the row 2 x_1 + ... + 2 x_n <= capacity."""
    return from_arrays([c] * n, np.full((1, n), 2.0), [-np.inf], [capacity], [0] * n, [1] * n, [True] * n)


def odd(n: int) -> Problem:
    """Return 2 (x_1 + ... + x_n) = n - 1 on n binaries.

    For even n it has no solution, and the rounding repeats again and again.
    """
    return from_arrays([1] * n, np.full((1, n), 2.0), [n - 1], [n - 1], [0] * n, [1] * n, [True] * n)


# --- every switch -----------------------------------------------------------------------------


@pytest.mark.parametrize("switches", SWITCHES, ids=str)
@pytest.mark.parametrize("path", [GAP, LOTSIZING], ids=lambda path: path.stem)
def test_runs_repeat_stay_in_the_relaxation_and_solve(path: Path, switches: dict[str, Any]) -> None:
    model = read(path)
    configuration = config("DP4", max_iter=30, **switches)
    states = run(model, configuration, 5)
    for state in states:
        activity = model.A @ state.x_lp
        assert (activity >= model.row_lo - 1e-5).all() and (activity <= model.row_hi + 1e-5).all()
        assert np.isfinite(state.theta).all()
    solution = states[-1].solution
    assert solution is None or Judge(model).feasible(solution)
    again = run(model, configuration, 5)
    assert [s.x_lp.tobytes() + s.theta.tobytes() for s in states] == [
        s.x_lp.tobytes() + s.theta.tobytes() for s in again
    ]
    assert states[-1].counters == again[-1].counters


@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_general_integers_between_vertices(switches: dict[str, Any]) -> None:
    """The integer points of 3x + 5y = 44 on [0, 20]^2 are no vertices of the relaxation."""
    model = from_arrays([1, 1], [[3, 5]], [44], [44], [0, 0], [20, 20], [True, True])
    state = run(model, config("DP4", max_iter=300, **switches))[-1]
    assert state.solution is not None and state.solution @ [3, 5] == 44


def test_the_engines_pump_solves_ours() -> None:
    """It solves 80 % of the project's instances in 30 iterations, and beats no proven optimum."""
    found = 0
    for path in sorted(INSTANCES.glob("*.mps")):
        model = read(path)
        solution = run(model, ENGINE_PUMP.with_(max_iter=30, time_limit=None))[-1].solution
        if solution is not None:
            found += 1
            worse = (model.value(solution) - OPTIMA[path.stem]) * (-1 if model.maximise else 1)
            assert worse >= -1e-6 * max(1, abs(OPTIMA[path.stem]))
    assert found >= 0.8 * len(OPTIMA)


def test_off_is_the_paper() -> None:
    """Row weights of 1 that a caller sets change no bit."""
    model, configuration = read(GAP), config("DP4", max_iter=25)
    plain = [state.theta.tobytes() for state in run(model, configuration, 2)]
    neutral = pump(model, configuration, 2)
    neutral.row_weights = np.ones(model.m)
    assert [state.theta.tobytes() for state in neutral.iterates()] == plain


# --- multipliers ------------------------------------------------------------------------------


def test_multipliers_grow_on_violated_rows_when_the_rounding_repeats() -> None:
    rows = np.vstack([np.full((1, 6), 2.0), np.ones((1, 6))])
    model = from_arrays([1] * 6, rows, [5, 0], [5, 6], [0] * 6, [1] * 6, [True] * 6)
    one = pump(model, config("DP3", multipliers="ldf,step=0.5", restarts=[], max_iter=20))
    grown = [one.row_weights]
    repeats, last = 0, None
    for state in one.iterates():
        repeats += last is not None and np.array_equal(state.x_round, last)
        last = state.x_round
        grown.append(one.row_weights)
    assert repeats > 3
    assert grown[-1].tolist() == [1 + 0.5 * repeats, 1]  # the second row always holds, so its weight stays


def test_a_callers_weights_turn_the_gradient_and_reach_the_search() -> None:
    model = read(GAP)
    weights = np.random.default_rng(0).uniform(0.2, 9, model.m)
    configuration = config("DP3", max_iter=1, restarts=[])
    plain, weighted = pump(model, configuration), pump(model, configuration)
    weighted.row_weights = weights
    np.testing.assert_array_equal(weighted.row_weights, weights)
    states = [list(one.iterates()) for one in (plain, weighted)]
    if states[0][-1].violated_rows:
        assert states[0][-1].loss != states[1][-1].loss
    shared = pump(odd(9), config("DP4", restarts="search", multipliers="ldf", max_iter=3))
    shared.row_weights = np.array([3.0])
    list(shared.iterates())
    assert shared.row_weights.shape == (1,) and shared.row_weights[0] > 0


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, np.inf], [[1.0, 1.0]]])
def test_weights_that_do_not_fit(weights: Any) -> None:
    model = from_arrays([1], [[1], [2]], [0, 0], [1, 2], [0], [1], [True])
    with pytest.raises(ValueError, match="row weights"):
        pump(model, config("FP")).row_weights = np.array(weights)


@given(seed=seeds)
@law
def test_excess_is_the_larger_violation_in_normalised_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x = rng.normal(scale=4, size=problem.n)
    for i, excess in enumerate(Rows(problem).excess(x)):
        a = problem.A[i].toarray()[0]
        sides = [
            (a @ x - problem.row_hi[i], problem.row_hi[i]),
            (problem.row_lo[i] - a @ x, problem.row_lo[i]),
        ]
        outside = [v / np.hypot(np.linalg.norm(a), b) for v, b in sides if np.isfinite(b) and a.any()]
        assert excess == pytest.approx(max([0.0, *outside]), rel=1e-12, abs=1e-12)


# --- penalties --------------------------------------------------------------------------------


def cheap_half() -> Problem:
    """Return x + 2 y >= 1 on two binaries: (0, 1/2) is nearest to its rounding (0, 0), which violates it."""
    return from_arrays([1, 1], [[1, 2]], [1], [np.inf], [0, 0], [1, 1], [True, True])


def test_penalties_break_what_is_stationary_without_restarts() -> None:
    model = cheap_half()
    plain = run(model, config("FP", restarts=[], max_iter=50))
    assert plain[-1].status is Status.ITERATION_LIMIT
    assert len({state.x_lp.tobytes() for state in plain}) == 1
    end = run(model, config("FP", restarts=[], max_iter=50, penalties=1))[-1]
    assert end.status is Status.FEASIBLE and end.iteration <= 4
    assert end.solution is not None and end.solution.tolist() == [1, 0]


def test_penalties_grow_on_the_columns_that_the_lp_point_does_not_meet() -> None:
    model = odd(6)
    one = pump(model, config("FP", penalties=0.5, max_iter=40))
    last, before, grew = None, np.ones(6), 0
    for state in one.iterates():
        penalties = one.stalls.penalties
        assert penalties is not None
        rounded = np.ceil(state.x_lp - 0.5)  # the rounding before its kick
        expected = before.copy()
        if last is not None and np.array_equal(rounded, last):
            expected[np.abs(state.x_lp - rounded) > 1e-6] *= 1.5
            grew += 1
        assert penalties.tolist() == expected.tolist()
        last, before = state.x_round, penalties
    assert grew > 3 and before.max() > 1


def test_penalties_stay_within_the_range_that_an_lp_resolves() -> None:
    columns = np.array([True, True, False])
    grown = _grown(np.array([1e8, 1e3, 1.5]), columns, 1.0)
    assert grown.tolist() == [1e8, 1e3, 1]
    assert _grown(np.array([4.0, 1.0, 2.0]), columns, 0.5).tolist() == [6, 1.5, 2]


# --- locks ------------------------------------------------------------------------------------


@given(seed=seeds)
@law
def test_safe_roundings_violate_no_row_that_held(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    signs = np.sign(problem.A[:, int(np.flatnonzero(problem.integer)[0])].toarray()[:, 0])
    lo, hi = problem.row_lo.copy(), problem.row_hi.copy()
    lo[signs > 0], hi[signs < 0] = -np.inf, np.inf  # now no row locks that column downwards
    lb, ub = (np.where(problem.integer, f(b), b) for f, b in ((np.ceil, problem.lb), (np.floor, problem.ub)))
    problem = from_arrays(problem.c, problem.A, lo, hi, lb, ub, problem.integer)
    safe = Safe(problem, ROUNDINGS.build(Spec("nearest"), problem))
    assert safe.columns.size and problem.integer[safe.columns].all()
    x = lp_like_point(problem, rng)
    y = safe.forward(x)
    j = problem.integer
    assert np.array_equal(y[j], np.rint(y[j])) and (y >= problem.lb).all() and (y <= problem.ub).all()
    moved = x.copy()
    moved[safe.columns] = y[safe.columns]
    before, after = problem.A @ x, problem.A @ moved
    outside_before, outside_after = (np.maximum(a - hi, lo - a) for a in (before, after))
    assert (outside_after <= np.maximum(outside_before, 1e-5)).all()
    assert not safe.vjp(x, np.ones(problem.n))[safe.columns].any()


def test_unlocked_columns_go_where_it_is_safe_or_cheap_and_have_no_cost() -> None:
    """x has no lock upwards, y none downwards, z none and a cost that pulls up, and an equality locks w."""
    rows = [[-1, 1, 0, 0], [0, 0, 0, 2]]
    model = from_arrays([1, -1, -1, 1], rows, [-np.inf, 3], [0.5, 3], [0] * 4, [5] * 4, [True] * 4)
    safe = Safe(model, ROUNDINGS.build(Spec("nearest"), model))
    assert safe.columns.tolist() == [0, 1, 2]
    assert safe.forward(np.array([0.2, 0.8, 3.1, 1.5])).tolist() == [1, 0, 4, 1]
    assert safe.forward(np.array([2.0, 2.0, 2.0, 1.0])).tolist() == [2, 2, 2, 1]
    for state in run(model, config("FP", locks="use", max_iter=30)):
        assert not state.theta[:3].any()
    bounded = with_cutoff(model, 0.0)  # the objective's row locks x upwards and y and z downwards
    assert Safe(bounded, ROUNDINGS.build(Spec("nearest"), bounded)).columns.tolist() == [2]


# --- segments ---------------------------------------------------------------------------------


@given(seed=seeds, points=st.integers(1, 6))
@law
def test_a_segment_gives_its_best_rounding(seed: int, points: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x, *ends = (lp_like_point(problem, rng) for _ in range(3))
    rounding, judge = ROUNDINGS.build(Spec("nearest"), problem), Judge(problem)

    def violated(y: Vector) -> int:
        a = problem.A @ y
        return int(((a > problem.row_hi + 1e-6) | (a < problem.row_lo - 1e-6)).sum())

    all_points = [rounding.forward(x + k / points * (end - x)) for end in ends for k in range(1, points + 1)]
    best = Segment(problem, points)(x, *ends)
    assert violated(best) == min(map(violated, all_points))
    assert judge.violation(best).integrality == 0 and judge.violation(best).bounds <= 1e-12


def distinct_roundings(problem: Problem, x: Vector, y: Vector) -> list[Vector]:
    """Return every rounding of the segment from x to y, by one column's half after the other."""
    j = problem.integers
    lo, hi = problem.integer_range
    halves = {0.0, 1.0}
    for a, b in zip(x[j], y[j], strict=True):
        for half in np.arange(np.floor(min(a, b)) - 0.5, max(a, b) + 1):
            if a != b and 0 < (half - a) / (b - a) < 1:
                halves.add((half - a) / (b - a))
    cuts = sorted(halves)
    points = []
    for t in [*((a + b) / 2 for a, b in itertools.pairwise(cuts)), 1.0]:
        point = x.copy()
        point[j] = np.clip(np.ceil(x[j] + t * (y[j] - x[j]) - 0.5), lo, hi)
        points.append(point)
    return points


@given(seed=seeds)
@law
def test_the_line_search_finds_the_best_of_all_roundings(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    x, y = lp_like_point(problem, rng), lp_like_point(problem, rng)
    y = ROUNDINGS.build(Spec("nearest"), problem).forward(y)

    def violated(point: Vector) -> int:
        return int(np.count_nonzero(problem.violated_rows(point)))

    best, judge = LineSearch(problem)(x, y), Judge(problem)
    assert violated(best) <= min(map(violated, distinct_roundings(problem, x, y)))
    assert judge.violation(best).integrality == 0 and judge.violation(best).bounds <= 1e-12
    assert np.array_equal(best[~problem.integer], x[~problem.integer])


def test_the_line_search_finds_a_solution_between_two_points() -> None:
    """(2, 2) is rounded from the middle of (4, 0) and (0, 4) only, where the segment of 3 points has none."""
    model = from_arrays([0, 0], [[1, -1]], [-0.5], [0.5], [0, 0], [4, 4], [True, True])
    script = [np.array([4.0, 0.0]), np.array([0.0, 4.0])]
    configuration = config("FP", line_search="exact", integers="periodic")
    state = list(Pump(model, configuration, FakeRelaxation(model, script)).iterates())[-1]
    assert state.iteration == 1 and state.counters["line_search"] == 1
    assert state.solution is not None and state.solution.tolist() == [2, 2]


def test_a_solution_between_two_points_is_found() -> None:
    """(2, 2) lies between the LP points (4, 0) and (0, 4), whose roundings both violate |x - y| <= 1."""
    model = from_arrays([0, 0], [[1, -1]], [-1], [1], [0, 0], [4, 4], [True, True])
    script = [np.array([4.0, 0.0]), np.array([0.0, 4.0])]
    found = Pump(model, config("FP", segment=4, integers="periodic"), FakeRelaxation(model, script))
    state = list(found.iterates())[-1]
    assert state.iteration == 1 and state.counters["segment"] == 1
    assert state.solution is not None and state.solution.tolist() == [2, 2]


# --- local search, memory ---------------------------------------------------------------------


def test_a_search_from_a_stalled_rounding_solves_at_once() -> None:
    """The LP point is always 0, so that only the search can move the pump away from it."""
    model = from_arrays([1] * 30, np.ones((1, 30)), [7], [7], [0] * 30, [1] * 30, [True] * 30)
    at_zero = FakeRelaxation(model, [np.zeros(30)] * 100)
    state = list(Pump(model, config("FP", restarts="search"), at_zero).iterates())[-1]
    assert state.status is Status.FEASIBLE and state.counters["search"] == 1
    assert state.solution is not None and state.solution.sum() == 7


def test_a_search_turns_theta_to_its_point() -> None:
    for state in run(odd(8), config("FP", restarts="search", max_iter=40)):
        if state.kick is not None:
            y, theta = state.kick.x_round, state.kick.theta
            assert y.size == 8 and (np.sign(theta) == 1 - 2 * y).all()


def cycle(model: Problem, length: int) -> Iterable[Vector]:
    corners = np.eye(model.n)[:length]
    return [corners[k % length] for k in range(60)]


@pytest.mark.parametrize("length", [3, 5])
def test_memory_sees_cycles_of_any_length(length: int) -> None:
    """x_lp visits 3 or 5 corners in turn: without the switch only the last two LP points are known."""
    model = odd(6)

    def kicks(memory: str) -> list[str]:
        relaxation = FakeRelaxation(model, cycle(model, length))
        configuration = config("FP", memory=memory, max_iter=50)
        return [s.kick.kind for s in Pump(model, configuration, relaxation).iterates() if s.kick is not None]

    assert kicks("last") == []
    assert "perturbation" in kicks("all")


def test_stall_counts_iterations_without_fewer_violated_rows() -> None:
    """Every rounding violates the one row, so that no rounding is better than the first."""
    model = odd(6)

    def kicked(stall: int) -> list[int]:
        relaxation = FakeRelaxation(model, cycle(model, 5))
        configuration = config("FP", stall=stall, restarts="perturbation", max_iter=20)
        states = list(Pump(model, configuration, relaxation).iterates())
        assert {state.violated_rows for state in states} == {1}
        return [state.iteration for state in states if state.kick is not None]

    assert kicked(0) == []
    assert kicked(1) == list(range(2, 21))
    assert kicked(4) == [5, 9, 13, 17]


# --- truncated LPs, the objective -------------------------------------------------------------


def test_lps_are_cut_off_inside_the_relaxation() -> None:
    model = read(INSTANCES / "cflp-30x40-s0.mps")
    configuration = config("DP2", lp_iterations=3, lp_algorithm="primal", max_iter=25, repair="off")
    states = run(model, configuration, accept=lambda x: False)
    assert states[-1].counters["truncated"] > 10
    spent = np.diff([state.counters["lp_iterations"] for state in states])
    assert (spent <= 4).sum() > 10
    for state in states:
        activity = model.A @ state.x_lp
        assert (activity >= model.row_lo - 1e-6).all() and (activity <= model.row_hi + 1e-6).all()


@pytest.mark.parametrize("changes", [{}, {"lp_algorithm": "dual"}, {"lp_start": "cold"}])
def test_only_a_warm_primal_simplex_is_cut_off(changes: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="lp_iterations needs"):
        config("FP", lp_iterations=5, **{"lp_start": "warm", "lp_algorithm": "auto", **changes})


@pytest.mark.parametrize("scale", ["norm", "value"])
def test_the_objective_fades_from_the_costs(scale: str) -> None:
    """The cost is (1 - a) theta + a s c with a = 0.8^k, and no kick comes before a is steady."""
    model = odd(5)
    relaxation = FakeRelaxation(model, [np.full(5, 0.4)] * 200)
    configuration = config("FP", alpha=0.8, objective=scale, max_iter=40, lp_start="cold")
    states = list(Pump(model, configuration, relaxation).iterates())
    assert np.array_equal(relaxation.costs[0], model.c)
    for k in range(1, 41):
        theta, x, a = states[k - 1].theta, states[k - 1].x_lp, 0.8**k
        norm = np.linalg.norm(theta) / np.linalg.norm(model.c)
        s = norm if scale == "norm" else abs(theta @ x) / abs(model.c @ x)
        expected = (1 - a) * theta + a * s * model.c
        got = relaxation.costs[k]
        np.testing.assert_allclose(got / np.linalg.norm(got), expected / np.linalg.norm(expected), rtol=1e-9)
    first = min(state.iteration for state in states if state.kick is not None)
    assert 0.8 ** (first - 1) - 0.8**first <= 0.005 < 0.8 ** (first - 2) - 0.8 ** (first - 1)


# --- cutoff, first point ----------------------------------------------------------------------


@pytest.mark.parametrize("stem", ["gap-5x25-s0", "setcover-20x15-s0", "lotsizing-2x12-s0"])
def test_cutoffs_lead_from_solution_to_better_solution(stem: str) -> None:
    model = read(INSTANCES / f"{stem}.mps")
    one = pump(model, config("DP4", rounding="propagation", alpha=0.9, max_iter=150), seed=1)
    states, values = one.iterates(), list[float]()
    for _ in range(6):
        *_, state = states
        if state.solution is None:
            break
        assert Judge(model).feasible(state.solution)
        values.append(float(model.c @ state.solution))
        one.set_cutoff(values[-1] - max(1e-3 * abs(values[-1]), 0.5))
        states = one.iterates(state)
    assert values and (np.diff(values) < 0).all()
    if model.maximise:
        assert -values[-1] + model.offset <= OPTIMA[stem] + 1e-6
    else:
        assert values[-1] + model.offset >= OPTIMA[stem] - 1e-6
    assert state.status in (Status.FEASIBLE, Status.ITERATION_LIMIT, Status.EXHAUSTED)
    assert one.row_weights.shape == (model.m,)


def test_a_cutoff_in_the_configuration_is_in_the_models_own_sense() -> None:
    """In max 2 (x_1 + ... + x_10) + 1 with at most six at 1, 7 asks for three and 14 for more than six."""
    model = replace(knapsack(10, 12.0, c=-2.0), offset=-1.0, maximise=True)
    state = run(model, config("FP", cutoff=7))[-1]
    assert state.solution is not None and 7 <= model.value(state.solution) <= 13
    beyond = run(model, config("FP", cutoff=14))[-1]
    assert beyond.status is Status.EXHAUSTED  # not INFEASIBLE, since the model has solutions
    least = replace(knapsack(10, 12.0, c=2.0), offset=1.0)
    state = run(least, config("FP", cutoff=5))[-1]
    assert state.solution is not None and 1 <= least.value(state.solution) <= 5


def test_a_cutoff_beyond_the_relaxation_ends_a_run_that_goes_on() -> None:
    model = read(GAP)
    one = pump(model, config("FP", max_iter=20))
    *_, state = one.iterates()
    one.set_cutoff(float(model.c.clip(max=0).sum()) - 1)
    *_, end = one.iterates(state)
    assert end.status is Status.EXHAUSTED and end.solution is None


def test_a_given_first_point_saves_the_first_lp_and_changes_nothing_else() -> None:
    model, configuration = read(LOTSIZING), config("DP4", max_iter=12, lp_start="cold")
    plain = run(model, configuration, 4, accept=lambda x: False)
    given_x0 = run(model, configuration, 4, accept=lambda x: False, x0=plain[0].x_lp)
    assert plain[0].counters["lp_solves"] - plain[0].counters.get("repairs", 0) == 1
    assert given_x0[0].counters["lp_solves"] == given_x0[0].counters.get("repairs", 0)
    np.testing.assert_array_equal(given_x0[0].x_lp, plain[0].x_lp)
    np.testing.assert_array_equal(given_x0[0].theta, plain[0].theta)
    # A point far outside the bounds is clipped and rounded.
    rough = run(model, configuration, 4, x0=np.full(model.n, 1e9))
    assert rough[0].x_lp.max() <= model.ub.max() and rough[-1].counters.get("lp_failures", 0) == 0
    with pytest.raises(UsageError, match="x0"):
        run(model, configuration, x0=np.zeros(3))


def test_the_oracle_solves_an_lp_again_that_was_cut_off_outside() -> None:
    """A dual simplex has no point of the relaxation before it ends."""
    model = read(INSTANCES / "cflp-30x40-s0.mps")
    relaxation = load(model, "highs", "warm", "dual")
    oracle = Oracle(model, relaxation, RunLimits(), iterations=2)
    oracle.solve(model.c)
    rng = np.random.default_rng(0)
    for _ in range(5):
        lp = oracle.argmin(rng.standard_normal(model.n))[1]
        activity = model.A @ lp.x
        assert (activity >= model.row_lo - 1e-6).all() and (activity <= model.row_hi + 1e-6).all()


@pytest.mark.parametrize("state", ["keep", "reset"])
def test_the_optimizer_forgets_its_state_at_kicks_if_asked(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With "reset" the step after a kick is a plain gradient step; with "keep" it has momentum too."""
    steps: list[tuple[Vector, Vector, Vector]] = []
    step = Momentum.step

    def recording(self: Momentum, theta: Vector, gradient: Vector) -> Vector:
        after = step(self, theta, gradient)
        steps.append((theta.copy(), gradient.copy(), after.copy()))  # a kick follows in place
        return after

    monkeypatch.setattr(Momentum, "step", recording)
    setting = config("FP", optimizer="momentum,eta=1,beta=0.9", optimizer_state=state, max_iter=60,
                     repair="off")  # fmt: skip
    states = [one for one in run(read(GAP), setting) if one.terms]
    assert len(states) == len(steps)
    kicked = [one.kick is not None for one in states]
    assert 3 < sum(kicked) < len(kicked) - 3
    plain = [np.array_equal(after, theta - gradient) for theta, gradient, after in steps]
    assert plain[0]  # there is no momentum yet
    assert plain[1:] == ([False] * len(plain[1:]) if state == "keep" else kicked[:-1])
