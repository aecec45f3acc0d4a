"""What a run says besides its solutions: bounds, "complete", rays, and arms that cannot take part."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from command import GAP

import diffpump
from diffpump.backends.highs_model import distortion
from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS
from diffpump.core.errors import InputError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.scaling import equilibrated
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.outcome.claim import Certificate, Claim, outward
from diffpump.outcome.result import SolveResult
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import Verifier
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.facts import recession_ray
from diffpump.search.pool import Pool
from diffpump.search.space import Space

SECONDS = 60.0  # a limit for slow machines: the runs end by themselves


def solved(tmp_path: Path, text: str, **settings: object) -> SolveResult:
    """Return the result of the engine on a model in LP format."""
    path = tmp_path / "model.lp"
    path.write_text(text)
    return diffpump.solve(path, "auto", **{"time_limit": SECONDS, **settings})


# -- complete --


def selection(costs: list[int], weights: list[int], need: int) -> tuple[str, int]:
    """Return a model that selects half of the columns with enough weight, and its optimum."""
    n, half = len(costs), len(costs) // 2
    optimum = min(
        sum(costs[j] for j in chosen)
        for chosen in combinations(range(n), half)
        if sum(weights[j] for j in chosen) >= need
    )
    names = [f"x{j}" for j in range(n)]
    objective = " + ".join(f"{c} {x}" for c, x in zip(costs, names, strict=True))
    weight = " + ".join(f"{w} {x}" for w, x in zip(weights, names, strict=True))
    rows = f"st\n k: {' + '.join(names)} = {half}\n w: {weight} >= {need}\n"
    return f"min\n obj: {objective}\n{rows}binaries\n {' '.join(names)}\nend\n", optimum


@pytest.mark.parametrize("seed", range(4))
def test_complete_means_the_optimum_where_values_differ_by_less_than_a_default_gap(
    tmp_path: Path, seed: int
) -> None:
    """HiGHS ends at a relative gap of 1e-4 by default, which is larger than all differences here."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(20, 99, 12).tolist()
    costs = (1_000_000 + rng.integers(0, 99, 12)).tolist()
    text, optimum = selection(costs, weights, int(0.6 * sum(weights)))
    result = solved(tmp_path, text)
    assert result.complete is not None and result.objective == optimum and result.complete.within == 0
    assert result.bound is not None and result.bound <= optimum


def test_costs_that_vanish_in_a_solvers_tolerance_are_scaled(tmp_path: Path) -> None:
    text, optimum = selection([9, 8, 7, 5, 3, 2, 4, 6], [7, 9, 4, 3, 2, 1, 6, 5], 24)
    for power in ("e-9", "e-300", "e20", "e280"):
        words = text.split("st\n")
        small = " ".join(w + power if w.isdigit() else w for w in words[0].split(" "))
        result = solved(tmp_path, f"{small}st\n{words[1]}")
        assert result.objective == pytest.approx(float(f"{optimum}{power}"), rel=1e-12)
        assert result.complete is not None and result.notices == ()


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("min\n obj: y\nst\n c: 1e-10 x + y >= 1\nbounds\n x <= 1e10\nbinaries\n y\nend\n", 0),
        ("min\n a\nst\n c: a + 1e-9 b >= 1\nbounds\n a <= 10\n b <= 2e9\ngenerals\n a b\nend\n", 0),
        ("min\n 900 b + 1e-7 x\nst\n c: 4e-10 x + b >= 1\nbounds\n x <= 3e9\nbinary\n b\nend\n", 250),
        ("min\n x\nst\n c: x >= 9007199254740993\ngenerals\n x\nend\n", 9007199254740993),
    ],
    ids=["a dropped coefficient", "the largest that is dropped", "a dropped cost", "beyond 2^53"],
)
def test_nothing_is_claimed_where_the_solvers_model_is_not_the_files(
    tmp_path: Path, text: str, optimum: int
) -> None:
    result = solved(tmp_path, text, time_limit=5)
    assert result.objective is not None and result.bound is not None
    assert Fraction(result.bound) <= optimum <= Fraction(result.objective) + Fraction(1, 10**6)
    assert result.complete is None or (result.complete.proven and result.objective <= optimum + 1e-6)
    assert distortion(read(tmp_path / "model.lp").in_moderate_numbers()) is not None


def test_an_incumbent_that_meets_the_bound_is_proven_and_ends_the_run(tmp_path: Path) -> None:
    text = "min\n obj: 2 x + 3 z\nst\n r: x + z >= 5.5\nbounds\n x <= 10\n z <= 10\ngenerals\n z\nend\n"
    result = solved(tmp_path, text, time_limit=60)
    assert result.objective == 11 and result.exactly_feasible and result.bound == 11
    assert result.complete == Claim("LP bound", proven=True)
    total = result.seconds["total"]
    assert total is not None and total < 30
    assert "proven optimal" in result.complete.sentence(True)


def test_a_feasibility_problem_ends_with_its_first_solution() -> None:
    problem = from_arrays([0, 0], [[3, 5]], [7], [9], [0, 0], [4, 4], [True, True])
    result = diffpump.solve(problem, "auto", time_limit=60)
    assert result.complete is not None and result.complete.proven and len(result.incumbents) == 1


def test_the_goal_of_a_gap_counts_from_the_proven_bound() -> None:
    result = diffpump.solve(GAP, "auto", until="gap-to-lp", gap=0.5, time_limit=60)
    assert result.gap_to_lp is not None and result.gap_to_lp <= 0.5


@pytest.mark.parametrize("maximise", [False, True])
def test_a_wanted_objective_ends_the_run_as_soon_as_a_solution_has_it(maximise: bool) -> None:
    """The first solution that is as good is the last one; one that is a little worse does not end the run.

    The offset makes exact objectives differ from the floats that are printed and wanted, in both directions.
    """
    gap = diffpump.read(GAP)
    sign = -1.0 if maximise else 1.0
    problem = from_arrays(
        sign * gap.c,
        gap.A,
        gap.row_lo,
        gap.row_hi,
        gap.lb,
        gap.ub,
        gap.integer,
        offset=0.3,
        maximise=maximise,
    )
    settings = {"deterministic": True, "time_limit": SECONDS}
    every = diffpump.solve(problem, "auto", **settings).incumbents
    assert len(every) > 2
    found = diffpump.solve(problem, "auto", objective_target=every[1].objective, **settings)
    assert [one.objective for one in found.incumbents] == [one.objective for one in every[:2]]


def test_a_bound_is_rounded_outwards() -> None:
    third = Fraction(1, 3)
    down, up = outward(third, False), outward(third, True)
    assert down is not None and up is not None and Fraction(down) < third < Fraction(up)
    assert np.nextafter(down, 1) == up and outward(Fraction(2), True) == 2.0
    assert outward(Fraction(10) ** 400, False) is None


# -- gains inside the tolerance --


def continuous() -> Problem:
    """min 2x + 3z, x + z >= 5.5, z integer."""
    return from_arrays([2, 3], [[1, 1]], [5.5], [np.inf], [0, 0], [10, 10], [False, True])


def test_a_gain_that_violations_buy_is_no_gain_on_an_exact_incumbent() -> None:
    pool = Pool(RunSetup(continuous()))
    assert pool.offer(np.array([5.5, 0.0]), "exact")
    assert not pool.offer(np.array([5.4999995, 0.0]), "cheat")
    assert pool.best is not None and pool.best.incumbent.objective == 11


def test_an_exact_point_replaces_one_that_is_better_only_by_its_violations() -> None:
    pool = Pool(RunSetup(continuous()))
    assert pool.offer(np.array([5.4999995, 0.0]), "cheat")
    assert pool.best is not None and not pool.best.proof.exactly_feasible
    assert not pool.offer(np.array([6.5, 0.0]), "far")  # exact, but worse by more than violations buy
    assert pool.offer(np.array([5.5, 0.0]), "exact")
    assert pool.best.proof.exactly_feasible and pool.best.incumbent.objective == 11


def test_the_completion_makes_an_incumbent_exact() -> None:
    pool = Pool(RunSetup(continuous()))
    assert pool.offer(np.array([5.4999995, 0.0]), "cheat")
    pool.make_exact(LpLimits())
    assert pool.best is not None and pool.best.proof.exactly_feasible


@pytest.mark.parametrize(
    ("text", "optimum"),
    [
        ("min\n 3 x + 4 y\nst\n c: 0.00001 x + 0.00001 y >= 0.0000305\n", 12),
        (
            "min\n 10 x + 11 y + z\nst\n c: 1e-6 x + 1e-6 y >= 2.5e-6\n d: 3 x + 7 y + 2 z >= 11\n",
            31,
        ),
        ("max\n x + 2 y\nst\n c: 0.0000002 x + 0.0000003 y <= 0.0000011\n", 7),
    ],
)
def test_what_the_tolerance_gains_on_integers_is_never_proven(
    tmp_path: Path, text: str, optimum: float
) -> None:
    """A violation within 1e-6 may gain a whole step of an integer column, whatever the row's multiplier."""
    bounds = "".join(f" {x} <= 9\n" for x in "xyz" if f" {x}" in text)
    columns = " ".join(x for x in "xyz" if f" {x}" in text)
    result = solved(tmp_path, f"{text}bounds\n{bounds}generals\n {columns}\nend\n", time_limit=5)
    assert result.objective is not None and result.bound is not None
    proven = result.complete is not None and result.complete.proven
    assert not proven or (result.exactly_feasible and result.objective == optimum)


def test_a_solution_that_holds_is_not_replaced_by_one_that_uses_the_tolerance() -> None:
    problem = from_arrays(
        [1000, 1], [[4, 1]], [3.0000009], [np.inf], [0, 0], [1, 3], [True, True]
    )  # fmt: skip
    pool = Pool(RunSetup(problem))
    assert pool.offer(np.array([1.0, 0.0]), "exact") and not pool.offer(np.array([0.0, 3.0]), "cheat")
    mixed = Pool(RunSetup(continuous()))
    assert mixed.offer(np.array([6.0, 0.0]), "exact")
    assert mixed.offer(np.array([5.4999995, 0.0]), "completed")  # the LP completes it to 5.5
    assert mixed.best is not None and mixed.best.proof.exactly_feasible


def test_an_improvement_of_one_step_is_one_although_the_objective_is_large() -> None:
    problem = from_arrays([10**12, 1], [[1, 1]], [1], [9], [1, 0], [1, 5], [True, True])
    pool = Pool(RunSetup(problem))
    assert pool.offer(np.array([1.0, 5.0]), "a") and pool.step == 1
    assert pool.offer(np.array([1.0, 4.0]), "b")


def test_the_run_and_the_check_judge_fractional_bounds_alike(tmp_path: Path) -> None:
    """An integer counts where it misses the bound by 1e-6 at most, in the search as in the exact check."""
    text = "min\n x + y\nst\n r: x + y >= 0\nbounds\n {} <= x <= {}\n y <= 3\ngenerals\n x y\nend\n"
    near = solved(tmp_path, text.format("2.0000005", "2.0000007"))
    assert near.objective == 2 and near.violation is not None and near.violation.bounds > 0
    far = solved(tmp_path, text.format("2.25", "2.75"))
    assert far.status is Status.INFEASIBLE and far.certificate == Certificate("integer column", {"x": 1.0})


# -- infeasible and unbounded --


def test_an_infeasible_relaxation_is_proven_at_once_and_its_rows_are_named(tmp_path: Path) -> None:
    text = (
        "min\n x + y\nst\n low: x + y >= 5\n high: x + y <= 3\n other: x - y >= -10\n"
        "bounds\n x <= 10\n y <= 10\ngenerals\n x y\nend\n"
    )
    result = solved(tmp_path, text)
    assert result.status is Status.INFEASIBLE and result.certificate is not None
    assert set(result.certificate.entries) == {"low", "high"} and "low, high" in result.certificate.sentence()
    assert result.engine is not None and set(result.engine.arms) == {"lp-bound"}  # no arm searched


def test_an_integer_infeasible_model_has_one_consistent_statement(tmp_path: Path) -> None:
    text = "min\n x\nst\n c: 6 x + 10 y = 7\nbounds\n x <= 9\n y <= 9\ngenerals\n x y\nend\n"
    result = solved(tmp_path, text, time_limit=60)
    assert result.status is Status.REPORTED_INFEASIBLE and result.status.exit_code == 10
    assert result.complete is not None and not result.complete.proven
    assert "proves nothing" not in result.status.value


def test_an_unbounded_relaxation_is_said_with_its_ray_and_keeps_the_solution(tmp_path: Path) -> None:
    text = "max\n u + v\nst\n c: u - w <= 3\nbounds\n v <= 10\nend\n"
    result = solved(tmp_path, text)
    assert result.status is Status.UNBOUNDED and result.status.exit_code == 12 and result.found
    assert result.certificate is not None and set(result.certificate.entries) == {"u", "w"}
    assert len(result.incumbents) == 1 and result.bound is None
    pump = diffpump.solve(tmp_path / "model.lp", "DP4", time_limit=SECONDS)
    assert pump.status is Status.UNBOUNDED and pump.certificate == result.certificate


@pytest.mark.parametrize(
    "rows",
    [
        " a: x - 1.23707 y = 0\n b: y - 3.91139 z = 0\n c: 1.7 z - 0.7771 w <= 3\n",
        " a: 1e16 x - y <= 1\n",
        " a: 1e-11 x - y <= 1\n",
        " a: x - 0.333333333333 y <= 1\n b: 0.333333333333 y - x <= 1\n",
    ],
)
def test_a_ray_of_any_numbers_is_made_exact(tmp_path: Path, rows: str) -> None:
    result = solved(tmp_path, f"max\n obj: x\nst\n{rows}end\n")
    assert result.status is Status.UNBOUNDED and result.certificate is not None


@pytest.mark.parametrize(
    "rows",
    [
        " a: 1e15 x >= 3e16\n b: x <= 29\n",
        " a: 1e18 x - 1e18 y >= 1e18\n b: x - y <= 0.5\n",
        " a: 1e-10 x >= 1\n b: x <= 5e9\n",
    ],
)
def test_an_infeasible_relaxation_of_any_numbers_is_refuted(tmp_path: Path, rows: str) -> None:
    """HiGHS would drop or refuse these coefficients, so the rows and columns are scaled for it."""
    result = solved(tmp_path, f"min\n x\nst\n{rows}end\n")
    assert result.status is Status.INFEASIBLE and result.certificate is not None
    assert set(result.certificate.entries) == {"a", "b"}


def test_scaling_rounds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.lp"
    path.write_text("min\n 3e-9 x + 7e12 y\nst\n a: 1e17 x + 3e-11 y >= 5\n b: x - y <= 1e3\nend\n")
    problem = read(path)
    lp, rows, cols = equilibrated(problem)
    x, y = np.array([3.0, 5.0]), np.array([2.0, -7.0])
    assert np.abs(lp.A.data).max() < 1e8 and np.abs(lp.A.data).min() > 1e-8
    unit = lp.unit / problem.unit
    assert (lp.A @ (x / cols) * unit / rows == problem.A @ x).all()
    assert (lp.c * unit @ (x / cols)) == pytest.approx(problem.c @ x, rel=1e-15)
    reduced = (lp.c - lp.A.T @ y) * unit / cols
    assert reduced == pytest.approx(problem.c - problem.A.T @ (rows * y), rel=1e-12)


@pytest.mark.parametrize("preset", ["auto", "FP"])
def test_an_integer_column_without_an_integer_is_proven_by_the_pump_too(tmp_path: Path, preset: str) -> None:
    path = tmp_path / "model.lp"
    path.write_text("min\n x\nst\n c: x + y >= 3\nbounds\n 1.2 <= x <= 1.8\ngenerals\n x\nend\n")
    result = diffpump.solve(path, preset, time_limit=SECONDS)
    assert result.status is Status.INFEASIBLE and result.certificate is not None


@pytest.mark.parametrize("maximise", [False, True])
def test_a_primal_ray_is_judged_exactly(maximise: bool) -> None:
    sign = -1 if maximise else 1
    problem = from_arrays(
        [-sign, 0.0], [[1 / 3, -1.0]], [-np.inf], [1], [0, 0], [np.inf, np.inf], [True, True],
        maximise=maximise,
    )  # fmt: skip
    ray = recession_ray(problem, LpLimits())
    verifier = Verifier(problem)
    assert ray is not None and verifier.recedes(ray) is not None
    for wrong in (-ray, np.zeros(2), np.array([np.nan, 1.0]), np.array([1.0, 0.0]), np.ones(3)):
        assert verifier.recedes(wrong) is None


# -- arms that fail --


def test_a_solver_that_cannot_hold_the_model_sits_out_and_says_so_once(tmp_path: Path) -> None:
    text = (
        "min\n obj: a + b + c\nst\n r: 3.5 a + 1e15 b <= 1e15\n s: a + b + c >= 1\n t: a + 2 b <= 2\n"
        "binaries\n a b c\nend\n"
    )
    result = solved(tmp_path, text, time_limit=5, without=("lp-bound",))  # it would scale the rows
    assert result.objective == 1 and result.status is Status.FEASIBLE
    assert len(result.notices) == 1 and "sit out" in result.notices[0]
    assert result.engine is not None and result.engine.counters["lost"] == 0


def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: Exception, *, made: bool) -> None:
    """Replace an arm by one that raises an exception, when it is made or when it runs."""

    class Broken:
        exhausted = False

        def run(self, budget: Budget) -> None:
            raise error

    def make(context: RunContext) -> Broken:
        if not made:
            raise error
        return Broken()

    factory = ARMS.factory
    monkeypatch.setattr(ARMS, "factory", lambda one: make if one == name else factory(one))


@pytest.mark.parametrize("made", [False, True])
@pytest.mark.parametrize("error", [ValueError("a bug"), MemoryError(), OSError("no process")])
def test_an_exception_in_an_arm_is_counted_and_never_costs_the_result(
    monkeypatch: pytest.MonkeyPatch, error: Exception, made: bool
) -> None:
    failing(monkeypatch, "raw", error, made=made)
    seen: list[str] = []
    settings = Settings(time_limit=SECONDS, until="first")
    problem = read(GAP)
    from diffpump.search import engine

    result = engine.run(RunSetup(problem, on_notice=seen.append), settings)
    assert result.found and result.engine is not None and result.engine.counters["lost"] == 1
    assert list(result.notices) == seen and len(seen) == 1 and "'raw'" in seen[0]
    assert type(error).__name__ in seen[0]


def test_a_file_that_changed_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "raw", InputError("the file changed"), made=True)
    with pytest.raises(InputError, match="changed"):
        diffpump.solve(GAP, "auto", time_limit=SECONDS)


def test_an_exception_of_the_callers_callback_is_the_callers() -> None:
    def incumbent(found: object) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        diffpump.solve(GAP, "auto", time_limit=SECONDS, incumbent=incumbent)


def test_milp_gives_the_claim_and_its_author() -> None:
    from scipy.optimize import LinearConstraint

    rows = LinearConstraint([[-1, 1], [3, 2], [2, 3]], -np.inf, [1, 12, 12])
    found = diffpump.milp([0, -1], integrality=1, constraints=rows)
    assert found.status == 0 and found.mip_dual_bound <= found.fun
    assert ("branch and cut" in found.message) == (not found.result.complete.proven)
    unbounded = diffpump.milp([-1.0, 0.0], integrality=1)
    assert unbounded.status == 3 and unbounded.mip_dual_bound is None


def test_scaled_costs_leave_the_objective_as_it_is() -> None:
    problem = from_arrays([3e-9, -1e-9], [[1, 1]], [0], [5], [0, 0], [4, 4], [True, True], offset=2.0)
    moderate, x = problem.in_moderate_numbers(), np.array([1.0, 3.0])
    assert np.abs(moderate.c).max() > 0.1 and moderate.value(x) == problem.value(x)
    assert Space(moderate).problem.in_moderate_numbers() is moderate


def test_a_sentence_shows_no_character_that_a_terminal_would_obey() -> None:
    sentence = Certificate("dual ray", {"a\u202eb": 1.0, "c": 2.0}).sentence()
    assert sentence.isprintable() and "u202e" in sentence
