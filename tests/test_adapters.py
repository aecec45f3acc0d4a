"""Models of modelling languages: handed over number by number, refused by name, and given their solutions.

OR-Tools and highspy do not load into one process, so the tests of MathOpt run in processes of their own.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffpump.core.errors import InputError, UnsupportedError, UsageError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import ADAPTERS, Answer, Handles, apply, to_problem

PAGE = Path(__file__).parent.parent / "docs" / "modelling-languages.md"
MODULES = {"PuLP": "pulp", "Pyomo": "pyomo", "linopy": "linopy", "CVXPY": "cvxpy", "MathOpt": "ortools"}
INF = np.inf
# What the libraries warn of is theirs: PuLP warns of its next version, others of their own dependencies.
pytestmark = pytest.mark.filterwarnings("ignore")


def needs(module: str) -> Any:
    """Return the mark that skips a test where a library is not installed."""
    return pytest.mark.skipif(find_spec(module) is None, reason=f"{module} is not installed")


def section(title: str) -> str:
    """Return the text under a heading of the page, without the fences of its blocks."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert found is not None
    return re.sub(r"(?m)^```.*\n", "", found[1])


def run_apart(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, in which OR-Tools is imported before anything else."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, env=environment
    )


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("title", MODULES)
def test_the_example_of_each_language_runs(title: str) -> None:
    if find_spec(MODULES[title]) is None:
        pytest.skip(f"{MODULES[title]} is not installed")
    text = section(title)
    if title == "MathOpt":
        code = (
            "import ortools.math_opt.python.mathopt, doctest, sys\n"
            f"test = doctest.DocTestParser().get_doctest({text!r}, {{}}, 'MathOpt', None, 0)\n"
            "sys.exit(doctest.DocTestRunner().run(test).failed)"
        )
        done = run_apart(code)
        assert done.returncode == 0, done.stdout + done.stderr
        return
    test = doctest.DocTestParser().get_doctest(text, {}, title, str(PAGE), 0)
    assert test.examples
    assert not doctest.DocTestRunner(verbose=False).run(test).failed


def test_no_library_is_imported_before_it_has_made_a_model() -> None:
    code = (
        "import sys; from diffpump.io.foreign import ADAPTERS, to_problem; import diffpump.core.errors as e\n"
        "try: to_problem([1])\n"
        "except e.UsageError as error: print(error)\n"
        f"libraries = {[*MODULES.values(), 'highspy', 'pyscipopt']}\n"
        "print(list(ADAPTERS), [m for m in libraries if m in sys.modules])"
    )
    done = run_apart(code)
    first, second = done.stdout.splitlines()
    assert first.startswith("cannot solve a list; pass a path, a Problem, or one of: cvxpy.Problem, hi")
    assert second == "['cvxpy', 'highs', 'linopy', 'mathopt', 'pulp', 'pyomo', 'scip'] []"


# --- one model in every language --------------------------------------------------------------

# max 2 a + 3 b - z + 5 with a binary, b integer in [-3, 7] and z free; two inequalities and an equation.
ROWS = [[1.0, 1.0, 1.0], [2.0, 0.0, -1.0], [0.0, 1.0, 1.0]]


def in_pulp() -> Any:
    import pulp

    m = pulp.LpProblem("m", pulp.LpMaximize)
    a, b = m.add_variable("a", cat="Binary"), m.add_variable("b", -3, 7, cat="Integer")
    z = m.add_variable("z")
    m += 2 * a + 3 * b - z + 5
    m += a + b + z <= 4, "r1"
    m += 2 * a - z >= -3, "r2"
    m += b + z == 2, "r3"
    return m


def in_pyomo() -> Any:
    import pyomo.environ as pyo

    m = pyo.ConcreteModel("m")
    m.a, m.b = pyo.Var(domain=pyo.Binary), pyo.Var(domain=pyo.Integers, bounds=(-3, 7))
    m.z, m.unused = pyo.Var(), pyo.Var()
    m.o = pyo.Objective(expr=2 * m.a + 3 * m.b - m.z + 5, sense=pyo.maximize)
    m.r1 = pyo.Constraint(expr=m.a + m.b + m.z <= 4)
    m.r2 = pyo.Constraint(expr=2 * m.a - m.z >= -3)
    m.r3 = pyo.Constraint(expr=m.b + m.z == 2)
    return m


def in_linopy() -> Any:
    import linopy

    m = linopy.Model()
    a, b = m.add_variables(binary=True, name="a"), m.add_variables(-3, 7, name="b", integer=True)
    z = m.add_variables(name="z")
    m.add_objective(2 * a + 3 * b - z, sense="max")  # linopy has no constants in objectives
    m.add_constraints(a + b + z <= 4, name="r1")
    m.add_constraints(2 * a - z >= -3, name="r2")
    m.add_constraints(b + z == 2, name="r3")
    return m


def in_cvxpy() -> Any:
    import cvxpy as cp

    a, b = cp.Variable(boolean=True, name="a"), cp.Variable(integer=True, name="b", bounds=[-3, 7])
    z = cp.Variable(name="z")
    rows = [b + z == 2, a + b + z <= 4, 2 * a - z >= -3]
    return cp.Problem(cp.Maximize(2 * a + 3 * b - z + 5), rows)


BUILDERS: dict[str, Callable[[], Any]] = {
    "pulp": in_pulp, "pyomo": in_pyomo, "linopy": in_linopy, "cvxpy": in_cvxpy,
}  # fmt: skip
LANGUAGES = [pytest.param(name, marks=needs(name)) for name in BUILDERS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_model_arrives(language: str) -> None:
    problem = to_problem(BUILDERS[language]())
    assert problem.maximise
    assert problem.offset == (0 if language == "linopy" else -5)
    order = [problem.col_names.index(name) for name in "abz"]
    assert problem.n == 3  # Pyomo's unused variable is none of them
    assert problem.c[order].tolist() == [-2, -3, 1]
    assert problem.integer[order].tolist() == [True, True, False]
    assert (problem.lb[order].tolist(), problem.ub[order].tolist()) == ([0, -3, -INF], [1, 7, INF])
    rows = [
        (*row, lo, hi)
        for row, lo, hi in zip(
            problem.A.toarray()[:, order].tolist(), problem.row_lo, problem.row_hi, strict=True
        )
    ]
    # CVXPY writes every inequality as at most
    second = (-2.0, 0.0, 1.0, -INF, 3.0) if language == "cvxpy" else (2.0, 0.0, -1.0, -3.0, INF)
    assert sorted(rows) == sorted([(*ROWS[0], -INF, 4.0), second, (*ROWS[2], 2.0, 2.0)])
    if language != "cvxpy":
        assert problem.row_names == ["r1", "r2", "r3"]


def answer(problem: Problem, status: Status, found: bool = True, optimal: bool = False) -> Answer:
    """Return the answer of a run, with a = 1, b = 2 and z = 0 where a solution was found."""
    point = {"a": 1.0, "b": 2.0, "z": 0.0}
    x = np.array([point[name] for name in problem.col_names]) if found else None
    return Answer(problem, status, x, None if x is None else problem.value(x), optimal)


CASES = {
    "optimal": (Status.FEASIBLE, True, True),
    "feasible": (Status.FEASIBLE, True, False),
    "unbounded": (Status.UNBOUNDED, True, False),
    "infeasible": (Status.INFEASIBLE, False, False),
    "reported": (Status.REPORTED_INFEASIBLE, False, False),
    "neither": (Status.UNBOUNDED, False, False),
    "nothing": (Status.TIME_LIMIT, False, False),
}
REPORTED = {
    "pulp": {
        "optimal": ("Optimal", "Optimal Solution Found"), "feasible": ("Optimal", "Solution Found"),
        "unbounded": ("Unbounded", "Solution is Unbounded"),
        "infeasible": ("Infeasible", "No Solution Exists"), "reported": ("Infeasible", "No Solution Exists"),
        "neither": ("Undefined", "No Solution Found"), "nothing": ("Not Solved", "No Solution Found"),
    },
    "linopy": {
        "optimal": ("ok", "optimal"), "feasible": ("ok", "suboptimal"), "unbounded": ("warning", "unbounded"),
        "infeasible": ("warning", "infeasible"), "reported": ("warning", "infeasible"),
        "neither": ("warning", "infeasible_or_unbounded"), "nothing": ("unknown", "unknown"),
    },
    "cvxpy": {
        "optimal": "optimal", "feasible": "user_limit", "unbounded": "unbounded", "infeasible": "infeasible",
        "reported": "infeasible", "neither": "infeasible_or_unbounded", "nothing": UsageError,
    },
    "pyomo": {
        "optimal": None, "feasible": None, "unbounded": None, "infeasible": UsageError,
        "reported": UsageError, "neither": UsageError, "nothing": UsageError,
    },
}  # fmt: skip


def reported(language: str, model: Any) -> Any:
    """Return the status in a model, in its library's words."""
    if language == "pulp":
        import pulp

        return pulp.LpStatus[model.status], pulp.LpSolution[model.sol_status]
    if language == "linopy":
        return model.status, model.termination_condition
    return model.status if language == "cvxpy" else None


def values(language: str, model: Any) -> list[float]:
    """Return the values of a, b and z in a model, and that of its objective."""
    if language == "pulp":
        return [*(model.variablesDict()[name].varValue for name in "abz"), model.objective.value()]
    if language == "pyomo":
        import pyomo.environ as pyo

        return [model.a.value, model.b.value, model.z.value, pyo.value(model.o)]
    if language == "linopy":
        return [*(float(model.variables[name].solution) for name in "abz"), model.objective.value + 5]
    by_name = {one.name(): float(one.value) for one in model.variables()}
    return [*(by_name[name] for name in "abz"), float(model.value)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_is_reported_in_the_librarys_words(language: str) -> None:
    for case, (status, found, optimal) in CASES.items():
        model, wanted = BUILDERS[language](), REPORTED[language][case]
        given = answer(to_problem(model), status, found, optimal)
        if wanted is UsageError:
            with pytest.raises(UsageError, match="there is no solution"):
                apply(given, model)
            continue
        assert apply(given, model) is None
        assert reported(language, model) == wanted, case
        if found and (language, case) != ("linopy", "unbounded"):  # linopy shows no values then
            assert values(language, model) == [1.0, 2.0, 0.0, 13.0], case


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_solution_goes_into_a_model_built_again_and_not_into_another(language: str) -> None:
    again = BUILDERS[language]()
    apply(answer(to_problem(BUILDERS[language]()), Status.FEASIBLE), again)
    assert values(language, again) == [1.0, 2.0, 0.0, 13.0]
    from diffpump.io.foreign import from_arrays

    other = from_arrays([1], np.zeros((0, 1)), [], [], [0], [1], [True], col_names=["elsewhere"])
    with pytest.raises(UsageError, match="3 columns, not 1, and none called elsewhere"):
        apply(Answer(other, Status.FEASIBLE, np.ones(1), 1.0, False), again)


# --- what is refused --------------------------------------------------------------------------


@needs("pulp")
def test_pulp_refuses_special_ordered_sets() -> None:
    m = in_pulp()
    m.sos1["only_one"] = {m.variables()[0]: 1}
    with pytest.raises(UnsupportedError, match=r"^m: the special ordered set only_one is not supported$"):
        to_problem(m)


@needs("pyomo")
def test_pyomo_refuses_by_the_components_name() -> None:
    import pyomo.environ as pyo

    def added(change: Callable[[Any], None]) -> Any:
        m = in_pyomo()
        change(m)
        return m

    def with_set(m: Any) -> None:
        m.several = pyo.Var([1, 2], bounds=(0, 1))
        m.only_one = pyo.SOSConstraint(var=m.several, sos=1)

    cases: list[tuple[str, Callable[[Any], None]]] = [
        (r"\(cubic\) contains nonlinear",
         lambda m: m.add_component("cubic", pyo.Constraint(expr=m.z**3 <= 1))),
        (r"objective \(o\) contains nonlinear", lambda m: m.o.set_value(m.z**2)),
        ("objectives are not supported: o and second",
         lambda m: m.add_component("second", pyo.Objective(expr=m.a))),
        ("SOSConstraint.*only_one", with_set),
        ("never", lambda m: m.add_component("never", pyo.Constraint(expr=pyo.inequality(1, 0 * m.a, 2)))),
        ("variable b: the domain", lambda m: setattr(m.b, "domain", pyo.Set(initialize=[1, 3, 5]))),
    ]  # fmt: skip
    for message, change in cases:
        with pytest.raises(UnsupportedError, match=message) as refused:
            to_problem(added(change))
        assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match="create_instance"):
        to_problem(pyo.AbstractModel("later"))


@needs("linopy")
def test_linopy_refuses_by_the_components_name() -> None:
    m = in_linopy()
    m.add_objective(m.variables["z"] ** 2, overwrite=True)
    with pytest.raises(UnsupportedError, match="quadratic objectives"):
        to_problem(m)
    m = in_linopy()
    m.add_variables(1, 9, name="some", semi_continuous=True)
    with pytest.raises(UnsupportedError, match="variable some: semicontinuous"):
        to_problem(m)


@needs("cvxpy")
def test_cvxpy_refuses_by_the_expression() -> None:
    import cvxpy as cp

    x = cp.Variable(2, name="x", integer=True)
    convex = cp.Minimize(cp.sum(x))
    for message, problem in (
        (r"^objective minimize quad_over_lin\(x.*only piecewise linear",
         cp.Problem(cp.Minimize(cp.sum_squares(x)))),
        (r"^constraint .*orm.*x.* <= 3.*only piecewise linear", cp.Problem(convex, [cp.norm(x, 2) <= 3])),
        (r"^constraint SOC.*SOC constraints are not supported", cp.Problem(convex, [cp.SOC(x[0], x)])),
        (r"^constraint 1.0 <= .*does not follow the rules of convex programming",
         cp.Problem(convex, [cp.abs(x[0]) >= 1])),
    ):  # fmt: skip
        with pytest.raises(UnsupportedError, match=message):
            to_problem(problem)
    with pytest.raises(InputError, match="parameter p has no value"):
        to_problem(cp.Problem(convex, [x >= cp.Parameter(name="p")]))


# --- particulars ------------------------------------------------------------------------------


@needs("cvxpy")
def test_cvxpys_piecewise_linear_functions_become_rows_and_columns() -> None:
    import cvxpy as cp

    x = cp.Variable((2, 2), name="x", integer=True)
    model = cp.Problem(cp.Minimize(cp.sum(cp.abs(x - 0.4)) + cp.max(x)), [x >= -1])
    problem = to_problem(model)
    assert {"x[0,0]", "x[1,0]", "x[0,1]", "x[1,1]"} < set(problem.col_names)
    point = dict.fromkeys(problem.col_names, 0.6)
    point.update({"x[0,0]": 0.0, "x[1,0]": 1.0, "x[0,1]": 2.0, "x[1,1]": 3.0})
    x_all = np.array([point[name] for name in problem.col_names])
    apply(Answer(problem, Status.FEASIBLE, x_all, problem.value(x_all), True), model)
    assert x.value.tolist() == [[0, 2], [1, 3]]


@needs("pyomo")
def test_pyomos_ranges_are_one_row_and_fixed_variables_constants() -> None:
    import pyomo.environ as pyo

    m = in_pyomo()
    m.a.fix(1)
    m.range = pyo.Constraint(expr=(-1, m.b + 0.5 * m.z, 6.5))
    m.block = pyo.Block()
    m.block.late = pyo.Constraint(expr=m.z >= -9)
    problem = to_problem(m)
    assert problem.col_names == ["b", "z"]
    assert problem.row_names == ["r1", "r2", "r3", "range", "block.late"]
    assert problem.row_lo.tolist() == [-INF, -5, 2, -1, -9]
    assert problem.row_hi.tolist() == [3, INF, 2, 6.5, INF]
    assert problem.offset == -7
    inner = to_problem(m.block)  # its variable belongs to the model around it
    assert (inner.n, inner.maximise, inner.col_names) == (1, False, ["z"])
    apply(Answer(inner, Status.FEASIBLE, np.array([4.0]), 0.0, False), m.block)
    assert m.z.value == 4


@needs("linopy")
def test_linopys_masked_entries_are_no_columns() -> None:
    import linopy
    import pandas as pd
    import xarray as xr

    m = linopy.Model()
    where = pd.Index(["n", "s"], name="where")
    mask = xr.DataArray([[True, False], [True, True]], coords={"where": where, "when": [0, 1]})
    x = m.add_variables(0, mask * 2.0 + 1, name="x", mask=mask)
    m.add_constraints(x.sum("when") >= 1, name="some")
    m.add_objective(x.sum())
    problem = to_problem(m)
    assert problem.col_names == ["x[n,0]", "x[s,0]", "x[s,1]"]
    assert problem.row_names == ["some[n]", "some[s]"]
    apply(Answer(problem, Status.FEASIBLE, np.array([1.0, 2.0, 3.0]), 6.0, False), m)
    assert str(x.solution.values.tolist()) == "[[1.0, nan], [2.0, 3.0]]"


@needs("pulp")
def test_pulps_solver_takes_pulps_arguments() -> None:
    import pulp

    from diffpump.pulp import DIFFPUMP

    m = in_pulp()
    solver = DIFFPUMP(msg=False, timeLimit=60, gapRel=0.5, warmStart=True, seed=3)
    m.variablesDict()["a"].setInitialValue(1)
    assert pulp.LpStatus[m.solve(solver)] == "Optimal"
    assert solver.result is not None
    assert (solver.result.config["until"], solver.result.config["gap"], solver.result.seed) == (
        "gap-to-lp", 0.5, 3,
    )  # fmt: skip
    assert m.valid(1e-6)
    relaxed = pulp.LpProblem("relaxed", pulp.LpMaximize)
    x = relaxed.add_variable("x", 0, 1, cat="Integer")
    relaxed += x
    relaxed += 2 * x <= 1
    relaxed.solve(DIFFPUMP(mip=False, msg=False, timeLimit=60))
    assert x.varValue == 0.5
    with pytest.raises(pulp.PulpError, match=r"^DIFFPUMP: auto has no setting 'colour'"):
        m.solve(DIFFPUMP(msg=False, colour="red"))


@needs("pyomo")
def test_pyomos_solver_maps_every_outcome() -> None:
    import pyomo.environ as pyo
    from pyomo.contrib.solver.common.factory import SolverFactory
    from pyomo.contrib.solver.common.results import SolutionStatus, TerminationCondition
    from pyomo.contrib.solver.common.util import NoFeasibleSolutionError, NoOptimalSolutionError

    import diffpump.pyomo

    assert pyo.SolverFactory("diffpump").available()
    solver = SolverFactory("diffpump")
    m = in_pyomo()
    results = solver.solve(m, time_limit=60, solver_options={"seed": 4})
    assert results.termination_condition is TerminationCondition.convergenceCriteriaSatisfied
    assert results.solution_status is SolutionStatus.optimal
    assert results.incumbent_objective == pyo.value(m.o) == 33
    assert results.extra_info.result.seed == 4
    assert results.objective_bound >= 33
    with pytest.raises(UsageError, match="abs_gap is not supported"):
        solver.solve(m, abs_gap=1.0)

    m.never = pyo.Constraint(expr=m.a + m.b >= 9)
    quiet = {"raise_exception_on_nonoptimal_result": False, "time_limit": 60}
    with pytest.raises(NoOptimalSolutionError):
        solver.solve(m, time_limit=60)
    with pytest.raises(NoFeasibleSolutionError):
        solver.solve(m, **quiet)
    results = solver.solve(m, load_solutions=False, **quiet)
    assert results.termination_condition is TerminationCondition.provenInfeasible
    assert results.solution_status is SolutionStatus.noSolution
    legacy = pyo.SolverFactory("diffpump").solve(m, load_solutions=False, timelimit=60)
    assert str(legacy.solver.termination_condition) == "infeasible"

    for outcome, wanted in (
        (Outcome(Status.FEASIBLE, "first", 1.0), ("unknown", "feasible")),
        (Outcome(Status.FEASIBLE, "time", 9.0), ("maxTimeLimit", "feasible")),
        (Outcome(Status.FEASIBLE, "gap-to-lp", 1.0), ("convergenceCriteriaSatisfied", "optimal")),
        (Outcome(Status.UNBOUNDED, "time", 1.0), ("unbounded", "feasible")),
        (Outcome(Status.UNBOUNDED, "time", 1.0, found=False), ("infeasibleOrUnbounded", "noSolution")),
        (Outcome(Status.TIME_LIMIT, "time", 9.0, found=False), ("maxTimeLimit", "noSolution")),
        (Outcome(Status.EXHAUSTED, "time", 1.0, found=False), ("unknown", "noSolution")),
    ):
        condition, status = diffpump.pyomo._conditions(outcome)
        assert (condition.name, status.name) == wanted


class Outcome:
    """The parts of a `SolveResult` that Pyomo's conditions depend on, without a claim of optimality."""

    optimal = False
    gap_to_lp = 0.1

    def __init__(self, status: Status, until: str, total: float, found: bool = True) -> None:
        self.status, self.found = status, found
        self.config = {"until": until, "gap": 0.2, "time_limit": 9.0}
        self.seconds = {"total": total}


# --- MathOpt ----------------------------------------------------------------------------------

MATHOPT = """
import json, sys
from ortools.math_opt.python import mathopt
m = mathopt.Model(name="m")
gone = m.add_variable(name="gone")
a, b = m.add_binary_variable(name="a"), m.add_integer_variable(lb=-3, ub=7, name="b")
z = m.add_variable(name="z")
m.maximize(2 * a + 3 * b - z + 5)
m.add_linear_constraint(a + b + z <= 4, name="r1")
m.add_linear_constraint(2 * a - z >= -3, name="r2")
m.add_linear_constraint(b + z == 2, name="r3")
m.delete_variable(gone)
"""


@needs("ortools")
def test_mathopts_numbers_arrive_and_what_is_no_milp_is_refused() -> None:
    done = run_apart(
        MATHOPT + "from diffpump.io.foreign import to_problem, apply, Answer\n"
        "from diffpump.core.status import Status\nfrom diffpump.core.errors import UnsupportedError\n"
        "import numpy as np\n"
        "p = to_problem(m)\n"
        "hint = apply(Answer(p, Status.FEASIBLE, np.array([1.0, 2.0, 0.0]), 13.0, True), m)\n"
        "refusals = []\n"
        "def refuse():\n"
        "    try: to_problem(m)\n"
        "    except UnsupportedError as error: refusals.append(str(error))\n"
        "q = m.add_quadratic_constraint(z * z <= 4, name='square'); refuse()\n"
        "m.delete_quadratic_constraint(q)\n"
        "i = m.add_indicator_constraint(indicator=a, implied_constraint=z <= 1, name='if'); refuse()\n"
        "m.delete_indicator_constraint(i); m.maximize(z * z); refuse()\n"
        "print(json.dumps([p.maximise, p.offset, p.c.tolist(), p.A.toarray().tolist(), p.row_lo.tolist(),\n"
        "    p.row_hi.tolist(), p.lb.tolist(), p.ub.tolist(), p.integer.tolist(), p.col_names, p.row_names,\n"
        "    [hint.variable_values[v] for v in (a, b, z)], refusals]))"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        True, -5, [-2, -3, 1], ROWS, [-INF, -3, 2], [4, INF, 2], [0, -3, -INF], [1, 7, INF],
        [True, True, False], ["a", "b", "z"], ["r1", "r2", "r3"], [1, 2, 0],
        ["m: quadratic constraint square is not supported", "m: indicator constraint if is not supported",
         "m: quadratic objectives are not supported"],
    ]  # fmt: skip


@needs("ortools")
def test_solve_beside_ortools_calls_back_stops_and_raises() -> None:
    """The search runs in another process; where HiGHS loads beside OR-Tools, it runs in this one."""
    done = run_apart(
        MATHOPT + "import diffpump\nfrom diffpump.core.errors import UsageError\n"
        "seen = []\n"
        "result = diffpump.solve(m, time_limit=60, seed=5, incumbent=seen.append)\n"
        "try: diffpump.solve(m, gap=-1)\n"
        "except UsageError as error: refused = str(error)\n"
        "ended = diffpump.solve(m, stop=lambda: True, time_limit=60)\n"
        "try: diffpump.milp\n"
        "except ImportError as error: line = str(error)\n"
        "else: line = 'cannot be loaded after OR-Tools'; assert 'diffpump.apart' not in sys.modules\n"
        "assert 'cannot be loaded after OR-Tools' in line and '\\n' not in line, line\n"
        "print(json.dumps([result.values, result.objective, result.seed, result.optimal,\n"
        "    seen[-1].objective, refused, ended.status.name in ('INTERRUPTED', 'FEASIBLE')]))"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        {"a": 1, "b": 7, "z": -5}, 33, 5, True, 33, "gap must be a number >= 0, got -1", True,
    ]  # fmt: skip


# --- the registry -----------------------------------------------------------------------------


def test_a_class_is_recognised_by_its_module_and_its_ancestors() -> None:
    handles = Handles("some.library", "Model")
    kinds = {
        (module, name): type(name, (), {"__module__": module})
        for module, name in (
            ("some.library.core", "Model"),
            ("some.library_b", "Model"),
            ("some.library", "Var"),
        )
    }
    model = kinds["some.library.core", "Model"]
    assert handles.fits(model()) and handles.fits(type("Own", (model,), {})())
    assert not handles.fits(kinds["some.library_b", "Model"]())
    assert not handles.fits(kinds["some.library", "Var"]())
    assert all(isinstance(entry.facts, Handles) for entry in ADAPTERS.entries.values())
