"""Conversion of HiGHS and PySCIPOpt models to problems, and solutions as MIP starts for both solvers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest

import diffpump
from diffpump.core.errors import InputError, UnsupportedError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays, to_problem
from diffpump.outcome.result import SolveResult

pyscipopt = pytest.importorskip("pyscipopt", reason="PySCIPOpt is not installed")

INSTANCES = sorted((Path(__file__).parent.parent / "instances").glob("*-s0.mps"))


def highs_model() -> Any:
    """Return max 2a + 3b - z + 5 with a binary, b integer and z free, and three rows, one an equality."""
    highs = highspy.Highs()
    highs.silent()
    a, b = highs.addBinary(name="a"), highs.addIntegral(-3, 7, name="b")
    z = highs.addVariable(-highspy.kHighsInf, highspy.kHighsInf, name="z")
    highs.addConstr(a + b + z <= 4, name="r1")
    highs.addConstr(2 * a - z >= -3, name="r2")
    highs.addConstr(b + z == 2, name="r3")
    highs.changeObjectiveOffset(5.0)
    for j, cost in enumerate((2.0, 3.0, -1.0)):
        highs.changeColCost(j, cost)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return highs


def scip_model() -> Any:
    """Return the model of `highs_model` in SCIP."""
    scip = pyscipopt.Model("m")
    scip.hideOutput()
    a, b = scip.addVar("a", vtype="B"), scip.addVar("b", vtype="I", lb=-3, ub=7)
    z = scip.addVar("z", lb=None, ub=None)
    scip.setObjective(2 * a + 3 * b - z + 5, "maximize")
    scip.addCons(a + b + z <= 4, "r1")
    scip.addCons(2 * a - z >= -3, "r2")
    scip.addCons(b + z == 2, "r3")
    return scip


def assert_is_the_model(problem: Problem) -> None:
    inf = np.inf
    assert problem.maximise
    assert problem.offset == -5
    assert problem.col_names == ["a", "b", "z"]
    assert problem.row_names == ["r1", "r2", "r3"]
    assert problem.c.tolist() == [-2, -3, 1]
    assert problem.A.toarray().tolist() == [[1, 1, 1], [2, 0, -1], [0, 1, 1]]
    assert problem.A.indices.dtype == np.int32
    assert (problem.row_lo.tolist(), problem.row_hi.tolist()) == ([-inf, -3, 2], [4, inf, 2])
    assert (problem.lb.tolist(), problem.ub.tolist()) == ([0, -3, -inf], [1, 7, inf])
    assert problem.integer.tolist() == [True, True, False]


@pytest.mark.parametrize("build", [highs_model, scip_model])
def test_every_part_of_a_model_is_read(build: Callable[[], Any]) -> None:
    assert_is_the_model(to_problem(build()))


def test_a_rowwise_matrix_is_the_same_model() -> None:
    highs = highs_model()
    lp = highs.getLp()
    assert lp.a_matrix_.format_ == highspy.MatrixFormat.kRowwise
    highs.passModel(lp)  # HiGHS now stores the matrix by columns
    assert highs.getLp().a_matrix_.format_ == highspy.MatrixFormat.kColwise
    assert_is_the_model(to_problem(highs))


def test_a_solved_scip_model_gives_its_original_problem() -> None:
    scip = scip_model()
    scip.optimize()
    assert_is_the_model(to_problem(scip))


def test_a_subclass_of_a_solver_is_that_solver() -> None:
    class Mine(highspy.Highs):  # type: ignore[misc]
        pass

    assert to_problem(Mine()).n == 0


def same(a: Problem, b: Problem) -> bool:
    """Return whether two problems agree, with columns and rows matched by name."""
    cols = [b.col_names.index(name) for name in a.col_names]
    rows = [b.row_names.index(name) for name in a.row_names]
    vectors = ((a.c, b.c[cols]), (a.lb, b.lb[cols]), (a.ub, b.ub[cols]), (a.integer, b.integer[cols]),
               (a.row_lo, b.row_lo[rows]), (a.row_hi, b.row_hi[rows]))  # fmt: skip
    return all(np.array_equal(x, y) for x, y in vectors) and not (a.A - b.A[rows][:, cols]).nnz


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_the_bundled_instances_come_back_from_both_solvers(path: Path) -> None:
    ours = diffpump.read(path)
    highs, scip = highspy.Highs(), pyscipopt.Model()
    highs.silent()
    scip.hideOutput()
    highs.readModel(str(path))
    scip.readProblem(str(path))
    assert same(ours, to_problem(highs))
    assert same(ours, to_problem(scip))


# --- names ------------------------------------------------------------------------------------


def test_empty_and_repeated_names_become_unique() -> None:
    highs = highspy.Highs()
    for name in ("", "x0", "", "y"):
        highs.addVariable(0, 1, name=name)
    assert to_problem(highs).col_names == ["x0_", "x0", "x2", "y"]

    scip = pyscipopt.Model()
    first, second = scip.addVar("a", obj=1), scip.addVar("a", obj=2)
    scip.addCons(first + 3 * second <= 1, "r")
    scip.addCons(first - second <= 1, "r")
    problem = to_problem(scip)
    assert problem.col_names == ["a", "x1"]
    assert problem.row_names == ["r", "row1"]
    entries = dict(zip(problem.c.tolist(), problem.A.toarray()[0].tolist(), strict=True))
    assert entries == {1: 1, 2: 3}  # not confused, although both are named `a`


def test_empty_models() -> None:
    for empty in (highspy.Highs(), pyscipopt.Model()):
        problem = to_problem(empty)
        assert (problem.n, problem.m, problem.nnz) == (0, 0, 0)
    highs = highspy.Highs()
    highs.addVariable(0, 1)
    problem = to_problem(highs)
    assert (problem.n, problem.m, problem.col_names) == (1, 0, ["x0"])


def test_huge_bounds_are_infinite() -> None:
    problem = from_arrays([1], [[1]], [-1e20], [1e30], [-1e25], [5], [False])
    assert (problem.row_lo[0], problem.row_hi[0], problem.lb[0], problem.ub[0]) == (
        -np.inf,
        np.inf,
        -np.inf,
        5,
    )


def test_duplicate_entries_add_up_and_zeros_vanish() -> None:
    import scipy.sparse as sp

    A = sp.coo_matrix(([1.0, 2.0, 1.0, -1.0], ([0, 0, 0, 0], [0, 0, 1, 1])), shape=(1, 2))
    problem = from_arrays([1, 1], A, [0], [1], [0, 0], [1, 1], [True, True])
    assert problem.nnz == 1
    assert problem.A.toarray().tolist() == [[3, 0]]


# --- refusals ---------------------------------------------------------------------------------


def test_highs_semicontinuous_columns_are_unsupported() -> None:
    highs = highs_model()
    highs.changeColIntegrality(2, highspy.HighsVarType.kSemiContinuous)
    with pytest.raises(UnsupportedError, match="column z: semicontinuous"):
        to_problem(highs)


def test_highs_quadratic_objectives_are_unsupported() -> None:
    highs = highspy.Highs()
    highs.silent()
    model = highspy.HighsModel()
    model.lp_.num_col_ = 1
    model.lp_.col_cost_, model.lp_.col_lower_, model.lp_.col_upper_ = [np.array([v]) for v in (1.0, 0.0, 1.0)]
    model.hessian_.dim_, model.hessian_.start_ = 1, [0, 1]
    model.hessian_.index_, model.hessian_.value_ = [0], [2.0]
    highs.passModel(model)
    with pytest.raises(UnsupportedError, match="quadratic"):
        to_problem(highs)


@pytest.mark.parametrize(
    ("kind", "add"),
    [
        ("indicator", lambda m, a, b: m.addConsIndicator(b <= 2, binvar=a, name="odd")),
        ("SOS1", lambda m, a, b: m.addConsSOS1([a, b], [1, 2], name="odd")),
        ("nonlinear", lambda m, a, b: m.addCons(a * b <= 3, "odd")),
    ],
)
def test_scip_constraints_that_are_not_linear_are_unsupported(kind: str, add: Callable[..., Any]) -> None:
    scip = pyscipopt.Model()
    a, b = scip.addVar("a", vtype="B"), scip.addVar("b", ub=5)
    add(scip, a, b)
    with pytest.raises(UnsupportedError, match=f"odd: {kind}"):
        to_problem(scip)


def test_implied_integers_are_integers() -> None:
    scip = pyscipopt.Model()
    scip.addVar("w", vtype="M", ub=4)
    assert to_problem(scip).integer.tolist() == [True]
    highs = highs_model()
    highs.changeColIntegrality(2, highspy.HighsVarType.kImplicitInteger)
    assert to_problem(highs).integer.tolist() == [True, True, True]


def test_anything_else_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot solve a list"):
        to_problem([1, 2])
    highs = highspy.Highs()
    highs.addVariable(0, 1, obj=np.nan)
    with pytest.raises(InputError, match="finite"):
        to_problem(highs)


# --- MIP starts -------------------------------------------------------------------------------


def solved(problem: Problem, **settings: Any) -> SolveResult:
    result = diffpump.solve(problem, "DP2", **settings)
    assert result.found
    return result


@pytest.fixture(scope="module")
def gap() -> tuple[Path, SolveResult]:
    path = Path(__file__).parent.parent / "instances" / "gap-3x8-s0.mps"
    return path, solved(diffpump.read(path))


def test_highs_accepts_the_start(gap: tuple[Path, SolveResult], tmp_path: Path) -> None:
    path, result = gap
    highs = highspy.Highs()
    highs.silent()
    highs.readModel(str(path))
    result.apply(highs)
    highs.setOptionValue("output_flag", True)
    highs.setOptionValue("log_to_console", False)
    highs.setOptionValue("log_file", str(tmp_path / "log"))
    highs.run()
    accepted = re.search(
        r"MIP start solution is feasible[,:] objective value is (\S+)", (tmp_path / "log").read_text()
    )
    assert accepted
    assert float(accepted[1]) == result.objective


def test_scip_accepts_the_start(gap: tuple[Path, SolveResult]) -> None:
    path, result = gap
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(path))  # SCIP stores the columns in another order
    result.apply(scip)
    result.apply(scip)  # repeating the start is harmless
    scip.setHeuristics(pyscipopt.SCIP_PARAMSETTING.OFF)
    scip.setParam("limits/solutions", 1)
    scip.optimize()
    assert scip.getNSols() == 1
    assert scip.getPrimalbound() == pytest.approx(result.objective, abs=1e-6)
    with pytest.raises(UsageError, match="freeTransform"):
        result.apply(scip)
    scip.freeTransform()
    result.apply(scip)


@pytest.mark.parametrize("build", [highs_model, scip_model])
def test_a_model_built_in_memory_is_solved_and_started(build: Callable[[], Any]) -> None:
    model = build()
    result = diffpump.solve(model, "FP")
    assert result.found
    assert result.proof == "model as given"
    assert set(result.values) == {"a", "b", "z"}
    result.apply(model)
    assert result.objective == pytest.approx(
        2 * result.values["a"] + 3 * result.values["b"] - result.values["z"] + 5
    )


def test_a_larger_model_gets_a_partial_start() -> None:
    problem = from_arrays(
        [-1, -1], [[1, 1]], [-np.inf], [1], [0, 0], [1, 1], [True, True], col_names=["a", "b"]
    )
    result = solved(problem)

    highs = highspy.Highs()
    highs.silent()
    other = highs.addBinary(name="other", obj=-1)
    b, a = highs.addBinary(name="b", obj=-1), highs.addBinary(name="a", obj=-1)
    highs.addConstr(a + b + other <= 1)
    result.apply(highs)
    assert highs.getSolution().col_value[1:] == [result.values["b"], result.values["a"]]

    scip = pyscipopt.Model()
    scip.hideOutput()
    names = [scip.addVar(name, vtype="B", obj=-1) for name in ("other", "b", "a")]
    scip.addCons(pyscipopt.quicksum(names) <= 1)
    result.apply(scip)
    scip.optimize()
    assert scip.getNSols() >= 1


def test_without_names_the_order_decides() -> None:
    problem = from_arrays(
        [-2, -1], [[1, 1]], [-np.inf], [1], [0, 0], [1, 1], [True, True], col_names=["a", "b"]
    )
    result = solved(problem)
    highs = highspy.Highs()
    highs.silent()
    highs.addBinary()
    highs.addBinary()
    result.apply(highs)
    assert list(highs.getSolution().col_value) == list(result.values.values())


def test_what_does_not_fit_is_refused() -> None:
    problem = from_arrays([1], [[1]], [1], [2], [0], [3], [True], col_names=["a"])
    result = solved(problem)
    highs = highspy.Highs()
    highs.addBinary(name="p")
    highs.addBinary(name="q")
    with pytest.raises(UsageError, match="2 columns, not 1, and none called a"):
        result.apply(highs)
    with pytest.raises(UsageError, match="cannot give a solution to a dict"):
        result.apply({})
    hopeless = from_arrays([1, 1], [[2, 2]], [1], [1], [0, 0], [1, 1], [True, True])
    missing = diffpump.solve(hopeless, max_iter=3)
    assert not missing.found
    assert missing.values == {}
    with pytest.raises(UsageError, match="no solution"):
        missing.apply(highs)
