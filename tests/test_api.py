"""The Python interface: its names, `solve`, `milp`, and the methods of a result."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint
from scipy.optimize import milp as scipy_milp

import diffpump
from diffpump.core.errors import InputError, UnsupportedError, UsageError
from diffpump.io.foreign import from_arrays
from diffpump.outcome.incumbent import Incumbent

INSTANCES = Path(__file__).parent.parent / "instances"
GAP = INSTANCES / "gap-3x8-s0.mps"


def fresh(code: str) -> str:
    """Return what code prints in a new interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_importing_the_package_imports_no_library() -> None:
    heavy = ("numpy", "scipy", "highspy", "pyscipopt", "torch", "click", "rich")
    assert fresh(f"import sys, diffpump; print([m for m in {heavy!r} if m in sys.modules])") == "[]"


@pytest.mark.parametrize("settings", ['until="first"', "max_iter=2"])
def test_a_default_solve_imports_neither_torch_nor_scip(settings: str) -> None:
    code = (
        f"import sys, diffpump; r = diffpump.solve({str(GAP)!r}, {settings});"
        "print([m for m in ('torch', 'pyscipopt', 'rich', 'click') if m in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_the_names() -> None:
    expected = {
        "read",
        "solve",
        "relax",
        "milp",
        "Config",
        "PRESETS",
        "Problem",
        "RelaxResult",
        "SolveResult",
        "Status",
        "__version__",
    }
    assert set(diffpump.__all__) == expected
    assert expected <= set(dir(diffpump))
    for name in expected:
        assert getattr(diffpump, name) is getattr(diffpump, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = diffpump.nothing  # type: ignore[attr-defined]


# --- solve ------------------------------------------------------------------------------------


def test_solving_a_file_gives_names_and_original_order() -> None:
    result = diffpump.solve(GAP, "DP2", seed=3, max_iter=200)
    assert result.found
    assert result.status is diffpump.Status.FEASIBLE
    assert result.proof == "original file"
    assert result.x is not None
    assert list(result.values) == result.problem.col_names == diffpump.read(GAP).col_names
    assert list(result.values.values()) == result.x.tolist()
    assert result.values is result.values  # computed once
    assert result.objective == pytest.approx(result.problem.value(result.x))
    assert "FEASIBLE" in repr(result)
    assert len(repr(result)) < 120


def test_the_same_run_from_a_path_a_problem_and_a_config() -> None:
    config = diffpump.PRESETS["DP2"].with_(lp_start="cold", max_iter=50)
    runs = [
        diffpump.solve(GAP, config, seed=1),
        diffpump.solve(str(GAP), "dp2", seed=1, lp_start="cold", max_iter=50),
        diffpump.solve(diffpump.read(GAP), config, seed=1),
    ]
    assert len({(r.pump and r.pump.iterations, r.objective, r.config_digest) for r in runs}) == 1
    assert all(r.pump is not None for r in runs)


def test_auto_is_the_default_but_for_what_the_pump_alone_has() -> None:
    told: list[Incumbent] = []
    engine = diffpump.solve(GAP, until="first", incumbent=told.append)
    assert engine.engine is not None and engine.engine.arms
    assert engine.config["preset"] == "auto" and tuple(told) == engine.incumbents
    for settings in ({"losses": ["integrality:1"]}, {"paper": True}, {"observers": [lambda state: None]}):
        pump = diffpump.solve(GAP, time_limit=60, **settings)  # type: ignore[arg-type]
        assert pump.config["preset"] == "DP4" and pump.engine is None


def test_observers_see_every_iterate_and_stop_ends_the_run() -> None:
    hard = from_arrays([1, 1], [[2, 2]], [1], [1], [0, 0], [1, 1], [True, True])  # 2a + 2b = 1
    seen: list[int] = []
    result = diffpump.solve(hard, "FP", max_iter=4, observers=[lambda state: seen.append(state.iteration)])
    assert seen[:5] == [0, 1, 2, 3, 4]
    assert result.status is diffpump.Status.ITERATION_LIMIT
    stopped = diffpump.solve(hard, "FP", stop=lambda: True)
    assert stopped.status is diffpump.Status.INTERRUPTED
    assert repr(result) == "SolveResult(ITERATION_LIMIT, 4 iterations)"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"preset": "DP9"}, "unknown preset 'DP9'"),
        ({"preset": "DP4", "max_iters": 3}, "unknown setting 'max_iters'"),
        ({"max_iters": 3}, "auto has no setting 'max_iters'; it has: .*until"),
        ({"max_iter": 3, "until": "first"}, "unknown setting 'until'"),
        ({"preset": "auto", "paper": True}, "paper is an argument of the pump"),
        ({"preset": "auto", "observers": [print]}, "observers are an argument of the pump"),
        ({"max_iter": 3, "start": {}}, "start is an argument of the engine"),
        ({"start": [1.0, 2.0]}, r"start has shape \(2,\), expected \(24,\)"),
        ({"start": 3.0}, r"start has shape \(\)"),
        ({"start": object()}, "start must be a path"),
        ({"start": [1j] * 24}, "start must be a path"),
        ({"seed": -1}, "seed must be a whole number >= 0, got -1"),
        ({"seed": "a"}, "seed must be a whole number >= 0, got 'a'"),
        ({"seed": True}, "seed must be a whole number >= 0, got True"),
        ({"seed": None}, "seed must be a whole number >= 0, got None"),
        ({"preset": 3}, "preset must be a name, a Config or Settings, got 3"),
        ({"time_limit": "10"}, "time_limit must be a number of seconds >= 0, got '10'"),
        ({"time_limit": True}, "time_limit must be a number of seconds >= 0, got True"),
        ({"threads": 1.5}, "threads must be a whole number from 1 to 256, got 1.5"),
        ({"threads": None}, "threads must be a whole number from 1 to 256, got None"),
        ({"until": 5}, "unknown until '5'; known: first, time, gap-to-lp"),
        ({"gap": "a"}, "gap must be a number >= 0, got 'a'"),
        ({"work_limit": "x"}, "work_limit must be a number of touched nonzeros > 0, got 'x'"),
        ({"deterministic": "yes"}, "deterministic must be True or False, got 'yes'"),
        ({"without": 5}, "without must be a list of arms, got 5"),
        ({"without": [[5]]}, r"unknown arm '\[5\]'"),
        ({"first": 5}, r"first must be a list of pairs \(arm, seconds\), got 5"),
        ({"first": [("mip", "a")]}, "slice of arm 'mip' must be a positive number of seconds, got 'a'"),
        ({"losses": 5}, "losses must be a list of specs, got 5"),
        ({"restarts": None}, "restarts must be a list of specs, got None"),
        ({"backend": ["highs"]}, "backend must be the name of an LP backend"),
        ({"paper": "yes"}, "paper must be True or False, got 'yes'"),
        ({"observers": 5}, "observers must be callable, got 5"),
        ({"observers": [1]}, r"observers must be callable, got \[1\]"),
        ({"incumbent": 5}, "incumbent must be callable"),
        ({"stop": 5}, "stop must be callable"),
        ({"losses": ["integrality,p=2"]}, "no parameter 'p'"),
    ],
)
def test_settings_that_do_not_fit(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        diffpump.solve(GAP, **settings)


@pytest.mark.parametrize("model", [None, 5, b"m.mps", object(), ["m.mps"]])
def test_what_is_no_model(model: Any) -> None:
    with pytest.raises(UsageError, match="cannot solve a "):
        diffpump.solve(model)
    with pytest.raises(UsageError, match=r"path of a model must be a str or an os\.PathLike"):
        diffpump.read(model)


def test_numbers_of_numpy_are_numbers() -> None:
    settings: dict[str, Any] = {"threads": np.int64(1), "time_limit": np.float32(5), "seed": np.int8(3)}
    found = diffpump.solve(GAP, until="first", **settings)
    assert found.config_digest == diffpump.solve(GAP, until="first", time_limit=5.0).config_digest
    assert found.seed == 3 and type(found.seed) is int


@pytest.mark.parametrize("suffix", [".sol", ".mst", ".json"])
def test_writing_a_solution(tmp_path: Path, suffix: str) -> None:
    result = diffpump.solve(GAP, "DP2")
    target = tmp_path / f"x{suffix}"
    result.write(target)
    if suffix == ".json":
        values = json.loads(target.read_text())["values"]
    else:
        lines = [line.split() for line in target.read_text().splitlines() if line[0] not in "=#"]
        values = {name: float(value) for name, value in lines}
    assert {name: values.get(name, 0) for name in result.values} == result.values


def test_nothing_to_write(tmp_path: Path) -> None:
    hard = from_arrays([1, 1], [[2, 2]], [1], [1], [0, 0], [1, 1], [True, True])
    with pytest.raises(UsageError, match="no solution"):
        diffpump.solve(hard, max_iter=1).write(tmp_path / "x.sol")
    assert not list(tmp_path.iterdir())


# --- milp -------------------------------------------------------------------------------------

C = np.array([-3.0, -2.0, 1.0])
A = np.array([[1.0, 2.0, 0.0], [3.0, -1.0, 1.0]])
LO, HI = np.array([-np.inf, 0.0]), np.array([7.0, 9.0])


def scipy_model(**arguments: Any) -> tuple[Any, ...]:
    """Return the model that `milp` builds, as values that can be compared."""
    p = diffpump.milp(C, **arguments).result.problem
    return p.A.toarray().tolist(), p.row_lo.tolist(), p.row_hi.tolist(), p.lb.tolist(), p.ub.tolist()


@pytest.mark.parametrize(
    "constraints",
    [
        LinearConstraint(A, LO, HI),
        (A, LO, HI),
        [(A, LO, HI)],
        [LinearConstraint(A[0], LO[0], HI[0]), (A[1:], LO[1:], HI[1:])],
        [(sp.csr_matrix(A[:1]), LO[:1], HI[:1]), LinearConstraint(sp.csc_array(A[1:]), LO[1:], HI[1:])],
    ],
    ids=["object", "tuple", "list of a tuple", "mixed", "sparse"],
)
def test_all_forms_of_constraints_are_one_model(constraints: Any) -> None:
    assert scipy_model(constraints=constraints) == (
        A.tolist(), LO.tolist(), HI.tolist(), [0, 0, 0], [np.inf] * 3
    )  # fmt: skip


def test_three_tuples_are_three_constraints() -> None:
    rows = [(A[0], LO[0], HI[0]), (A[1], LO[1], HI[1]), (A[0], -1, 8)]
    assert scipy_model(constraints=rows)[0] == [*A.tolist(), A[0].tolist()]


@pytest.mark.parametrize("constraints", [None, [], ()])
def test_no_constraints(constraints: Any) -> None:
    found = diffpump.milp([1.0, -1.0], integrality=1, bounds=(-2, 3), constraints=constraints)
    assert found.x.tolist() == [-2, 3]


@pytest.mark.parametrize(
    ("bounds", "lb", "ub"),
    [
        (None, [0, 0, 0], [np.inf] * 3),
        (Bounds(0, 4), [0, 0, 0], [4, 4, 4]),
        ((0, [4, 5, 6]), [0, 0, 0], [4, 5, 6]),
        (Bounds([-1, 0, 1], np.inf), [-1, 0, 1], [np.inf] * 3),
    ],
)
def test_bounds_broadcast(bounds: Any, lb: list[float], ub: list[float]) -> None:
    assert scipy_model(bounds=bounds, constraints=(A, LO, HI))[3:] == (lb, ub)


@pytest.mark.parametrize("seed", range(12))
def test_every_answer_is_feasible_and_never_better_than_scipys(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 6, 4
    arguments = {
        "c": rng.integers(-9, 9, n).astype(float),
        "integrality": rng.integers(0, 2, n),
        "bounds": Bounds(rng.integers(-3, 1, n), rng.integers(1, 5, n)),
        "constraints": LinearConstraint(rng.integers(-4, 5, (m, n)), -np.inf, rng.integers(-2, 9, m)),
    }
    best, found = scipy_milp(**arguments), diffpump.milp(**arguments)
    assert set(best) <= set(found)
    if found.success:
        assert found.fun >= best.fun - 1e-6
        assert arguments["c"] @ found.x == pytest.approx(found.fun)
    elif best.status == 2:
        assert found.status in (1, 2, 4)


def test_success_means_verified_and_only_branch_and_cut_claims_optimality() -> None:
    arguments = {"integrality": 1, "bounds": (0, 5), "constraints": (A, LO, HI)}
    best = scipy_milp(C, **arguments)
    found = diffpump.milp(C, **arguments)
    assert found.success and found.status == 0 and "branch and cut" in found.message
    assert found.fun == found.mip_dual_bound == best.fun and found.mip_gap == 0
    first = diffpump.milp(C, **arguments, options={"until": "first", "without": ["mip", "mip-zero"]})
    pump = diffpump.milp(C, **arguments, options={"preset": "DP4"})
    for one in (first, pump):
        assert (one.success, one.status, one.message) == (True, 4, diffpump.Status.FEASIBLE.value)
        assert one.mip_node_count is None and one.x is one.result.x
    assert (pump.mip_dual_bound, pump.mip_gap) == (None, None)


def test_the_gap_is_scipys() -> None:
    """scipy's option `mip_rel_gap` ends the run at a gap to the LP bound."""
    c, rows = -np.arange(3.0, 33.0), (np.arange(5.0, 35.0)[None], -np.inf, 200.5)
    found = diffpump.milp(c, integrality=1, bounds=(0, 1), constraints=rows, options={"mip_rel_gap": 0.5})
    assert found.success and found.mip_dual_bound <= found.fun
    assert found.mip_gap == pytest.approx((found.fun - found.mip_dual_bound) / abs(found.fun))
    assert found.result.config["until"] == "gap-to-lp" and found.result.seconds["total"] < 30


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (1, {"c": [1, 1], "constraints": ([2, 2], 1, 1), "bounds": (0, 1), "options": {"max_iter": 3}}),
        (2, {"c": [1, 1], "constraints": ([1, 1], 5, 6), "bounds": (0, 1)}),
        (2, {"c": [1, 1], "constraints": ([1, 1], 5, 6), "bounds": (0, 1), "options": {"preset": "DP4"}}),
        (3, {"c": [-1, -1], "constraints": ([1, -1], 0, 1), "options": {"preset": "DP4"}}),
    ],
    ids=["limit", "infeasible", "infeasible to the pump", "unbounded"],
)
def test_status_codes_without_a_solution(status: int, arguments: dict[str, Any]) -> None:
    found = diffpump.milp(integrality=1, **arguments)
    assert not found.success
    assert (found.status, found.x, found.fun) == (status, None, None)


def test_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = {"preset": "FP", "seed": 2, "max_iter": 7, "time_limit": 9.0, "backend": "highs", "disp": True}
    found = diffpump.milp(C, integrality=1, bounds=(0, 5), constraints=(A, LO, HI), options=options)
    assert found.result.config["preset"] == "FP"
    assert (found.result.config["max_iter"], found.result.seed) == (7, 2)
    assert "fractional" in capsys.readouterr().out
    assert options["disp"] is True  # the caller's dictionary does not change
    diffpump.milp(C, integrality=1, bounds=(0, 5), constraints=(A, LO, HI), options={"disp": True})
    assert "objective" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["presolve", "node_limit", "mip_rel_gap"])
def test_options_without_a_meaning_warn(option: str) -> None:
    with pytest.warns(RuntimeWarning, match=f"'{option}' is ignored"):
        diffpump.milp([1.0], options={option: 1, "preset": "DP4"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        diffpump.milp([1.0], options={option: None})


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"c": []}, UsageError, "at least one element"),
        ({"c": [[1, 2]]}, UsageError, "one-dimensional"),
        ({"c": ["a"]}, UsageError, "c must be a dense array of numbers"),
        ({"c": sp.csr_matrix([1.0])}, UsageError, "c must be a dense array"),
        ({"c": [np.nan]}, InputError, "finite"),
        ({"c": [1, 2], "integrality": [1, 1, 1]}, UsageError, r"integrality has shape \(3,\)"),
        ({"c": [1, 2], "integrality": 0.5}, UsageError, "integers 0 to 3"),
        ({"c": [1, 2], "integrality": [0, 2]}, UnsupportedError, "column 1: semicontinuous"),
        ({"c": [1, 2], "integrality": 3}, UnsupportedError, "column 0"),
        ({"c": [1, 2], "bounds": 3}, UsageError, "bounds must be"),
        ({"c": [1, 2], "bounds": ([0, 0, 0], 1)}, UsageError, "bounds.lb has shape"),
        ({"c": [1, 2], "bounds": (2, 1)}, InputError, "lower bound 2 is above upper bound 1"),
        ({"c": [1, 2], "constraints": ([[1, 2, 3]], 0, 1)}, UsageError, "expected 2 columns"),
        ({"c": [1, 2], "constraints": 7}, UsageError, "constraints must be LinearConstraints"),
        ({"c": [1, 2], "constraints": ([[np.inf, 2]], 0, 1)}, InputError, "finite"),
        (
            {"c": [1, 2], "constraints": ([[1, 2]], "a", 1)},
            UsageError,
            "constraints must be LinearConstraints",
        ),
        ({"c": [1, 2], "bounds": ("a", 1)}, UsageError, "bounds.lb must be a dense array"),
        ({"c": [1, 2], "options": 5}, UsageError, "options must be a mapping of names to values, got 5"),
        ({"c": [1, 2], "options": {1: 2}}, UsageError, "options must be a mapping of names to values"),
        (
            {"c": [1, 2], "options": {"time_limit": "10"}},
            UsageError,
            "time_limit must be a number of seconds",
        ),
        ({"c": [1, 2], "options": {"speed": 9}}, UsageError, "auto has no setting 'speed'"),
    ],
)
def test_arguments_that_make_no_model(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        diffpump.milp(**arguments)
