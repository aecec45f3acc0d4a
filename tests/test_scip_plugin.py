"""The pump inside SCIP: it finds solutions, follows SCIP's rules, and never breaks SCIP's solve."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from itertools import repeat
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

pyscipopt = pytest.importorskip("pyscipopt")

from injecting import model_of, points, solved, strip  # noqa: E402

import diffpump.scip  # noqa: E402
from diffpump.backends.fake import FakeRelaxation  # noqa: E402
from diffpump.backends.interface import BACKENDS  # noqa: E402
from diffpump.backends.relaxation import load  # noqa: E402
from diffpump.core.errors import UsageError  # noqa: E402
from diffpump.core.status import LpStatus  # noqa: E402
from diffpump.scip import heuristic, host  # noqa: E402

INSTANCES = Path(__file__).parent.parent / "instances"
NAMES = ("gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0", "lotsizing-1x3-s3")


def optimum(name: str) -> float:
    lines = (INSTANCES / "instances.solu").read_text().splitlines()
    return next(float(line.split()[2]) for line in lines if line.split()[1] == name)


@pytest.mark.parametrize("nogil", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_optimum_and_solutions_of_its_own(name: str, nogil: bool) -> None:
    model = model_of(name)
    plugin = diffpump.scip.include(model, freq=1)
    model.optimizeNogil() if nogil else model.optimize()
    assert model.getStatus() == "optimal" and model.getObjVal() == pytest.approx(optimum(name))
    done = plugin.statistics
    assert done.errors == 0 and done.calls == done.runs + sum(done.skipped.values())
    assert (done.calls > 0) == (name != "setcover-20x15-s0")  # the LP of that model has an integral vertex


def test_a_first_solution_with_nothing_else_that_looks_for_one() -> None:
    model = model_of("cflp-30x40-s0")
    plugin = diffpump.scip.include(model)
    model.setParam("limits/solutions", 1)
    model.optimize()
    assert plugin.statistics.found == 1 and model.getNSols() == 1 and model.getNNodes() <= 1


def mixed(seed: int) -> Any:
    """Return a maximisation with ranged rows and binary, integer, continuous and free columns."""
    rng, model = np.random.default_rng(seed), strip(pyscipopt.Model())
    model.hideOutput()
    x = [model.addVar(f"b{j}", "B") for j in range(6)]
    x += [model.addVar(f"i{j}", "I", lb=-4, ub=int(rng.integers(3, 40))) for j in range(8)]
    x += [model.addVar(f"c{j}", "C", lb=None if j < 2 else 0, ub=None) for j in range(5)]
    for _ in range(9):
        a = rng.integers(1, 13, len(x))
        activity = pyscipopt.quicksum(int(a[j]) * x[j] for j in range(len(x)))
        model.addCons((activity <= int(rng.integers(60, 140))) >= -90)
    for c in x[-5:]:
        model.addCons(pyscipopt.quicksum(x[:14]) + 2 * c >= -30)
        model.addCons(c - x[int(rng.integers(6, 14))] >= -20)
    model.setObjective(pyscipopt.quicksum(int(rng.integers(1, 9)) * v for v in x) + 7, "maximize")
    return model


@pytest.mark.parametrize("seed", range(4))
def test_every_kind_of_column(seed: int) -> None:
    """In the best solution the continuous columns are optimal for the integer ones."""
    model = mixed(seed)
    plugin = diffpump.scip.include(model, maxsols=0)
    model.setParam("limits/nodes", 1)
    model.optimize()
    assert plugin.statistics.successes == 1 and not plugin.statistics.errors, plugin.statistics
    fixed, first = mixed(seed), model.getObjVal()
    integers = [v for v in fixed.getVars() if v.vtype() != "CONTINUOUS"]
    values = {v.name: model.getVal(v) for v in model.getVars()}
    for v in integers:
        fixed.fixVar(v, round(values[v.name]))
    fixed.optimize()
    assert fixed.getStatus() == "optimal" and first == pytest.approx(fixed.getObjVal(), rel=1e-6)


@pytest.mark.parametrize("preset", ["FP", "DP4", "engine"])
@pytest.mark.parametrize("backend", list(BACKENDS))
def test_any_pump_will_do(preset: str, backend: str) -> None:
    model = model_of("cflp-6x8-s0")
    plugin = diffpump.scip.include(model, preset, backend=backend)
    model.optimize()
    assert model.getObjVal() == pytest.approx(optimum("cflp-6x8-s0"))
    assert plugin.statistics.found and not plugin.statistics.errors


# -- SCIP's side --


def test_it_is_a_heuristic_like_any_other() -> None:
    model = model_of("gap-3x8-s0")
    diffpump.scip.include(model, freq=5, maxdepth=3)
    parameters = model.getParams()
    assert parameters["heuristics/diffpump/freq"] == 5 and parameters["heuristics/diffpump/maxdepth"] == 3
    assert parameters["heuristics/diffpump/priority"] == heuristic.PRIORITY
    model.setParam("heuristics/diffpump/freq", -1)  # off
    model.optimize()
    with pytest.raises(UsageError, match="already"):
        diffpump.scip.include(model)


def test_frequency_minus_one_is_off() -> None:
    model = model_of("gap-3x8-s0")
    plugin = diffpump.scip.include(model, freq=-1)
    model.optimize()
    assert plugin.statistics.calls == 0


class ComparedLp(heuristic.DiffPump):
    """Compares the LP with that of PySCIPOpt, entry by entry."""

    lps = 0

    def _pump(self, host: host.Host, lp: host.CurrentLp) -> bool:
        columns, rows = self.model.getLPColsData(), self.model.getLPRowsData()
        problem, self.lps = lp.problem, self.lps + 1
        assert problem.lb.tolist() == [column.getLb() for column in columns]
        assert problem.ub.tolist() == [np.inf if (u := c.getUb()) >= 1e20 else u for c in columns]
        assert problem.c.tolist() == [column.getObjCoeff() for column in columns]
        assert [variable.name for variable in lp.columns] == [column.getVar().name for column in columns]
        matrix = problem.A.toarray()
        for i, row in enumerate(rows):
            entries = np.zeros(problem.n)
            entries[[column.getLPPos() for column in row.getCols()]] = row.getVals()
            assert matrix[i].tolist() == entries.tolist()
            for read, expected in ((problem.row_lo[i], row.getLhs()), (problem.row_hi[i], row.getRhs())):
                infinite = abs(expected) >= 1e20
                assert np.isinf(read) if infinite else read == pytest.approx(expected - row.getConstant())
        assert lp.problem.c @ lp.x + lp.loose == pytest.approx(self.model.getLPObjVal())
        return super()._pump(host, lp)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "setcover-20x15-s0"])
def test_the_lp_is_scips(name: str) -> None:
    """The LP is SCIP's, with presolve, cuts and the bounds of the tree."""
    model = model_of(name)
    model.setSeparating(pyscipopt.SCIP_PARAMSETTING.DEFAULT)
    plugin = ComparedLp(*diffpump.scip.configure("engine", {"maxsols": -1}))
    model.includeHeur(plugin, "seen", "", "&", freq=1, timingmask=heuristic.TIMING)
    model.optimize()
    assert plugin.statistics.errors == 0 and plugin.lps == plugin.statistics.runs > 0


def test_the_basis_is_scips() -> None:
    """The pump's LP starts at SCIP's vertex, so solving it takes at most one iteration."""

    class First(heuristic.DiffPump):
        iterations: ClassVar[list[int]] = []

        def _pump(self, host: host.Host, lp: host.CurrentLp) -> bool:
            for backend in BACKENDS:
                relaxation = load(lp.problem, backend, "warm", "dual")
                relaxation.restore_basis(lp.basis)
                solved = relaxation.solve(lp.problem.c)
                assert solved.x @ lp.problem.c == pytest.approx(lp.x @ lp.problem.c)
                self.iterations.append(solved.iterations)
            return False

    model = model_of("cflp-30x40-s0")
    plugin = First(*diffpump.scip.configure("engine", {}))
    model.includeHeur(plugin, "first", "", "&", timingmask=heuristic.TIMING)
    model.setParam("limits/nodes", 1)
    model.optimize()
    assert plugin.statistics.errors == 0 and plugin.iterations and max(plugin.iterations) <= 1


def test_a_users_constraint_has_the_last_word() -> None:
    """Solutions of the pump satisfy the lazy constraint of a constraint handler: x0 + x1 >= 2."""

    class AtLeastTwo(pyscipopt.Conshdlr):  # type: ignore[misc]
        asked = 0

        def _short(self, solution: Any) -> bool:
            return sum(self.model.getSolVal(solution, v) for v in self.data) < 1.5

        def conscheck(
            self, constraints: Any, solution: Any, checkintegrality: Any, checklprows: Any, printreason: Any,
            completely: Any,
        ) -> dict[str, Any]:  # fmt: skip
            self.asked += 1
            short = self._short(solution)
            return {"result": pyscipopt.SCIP_RESULT.INFEASIBLE if short else pyscipopt.SCIP_RESULT.FEASIBLE}

        def consenfolp(self, constraints: Any, nusefulconss: Any, solinfeasible: Any) -> dict[str, Any]:
            if not self._short(None):
                return {"result": pyscipopt.SCIP_RESULT.FEASIBLE}
            self.model.addCons(pyscipopt.quicksum(self.data) >= 2)
            return {"result": pyscipopt.SCIP_RESULT.CONSADDED}

        def conslock(self, constraint: Any, locktype: Any, nlockspos: Any, nlocksneg: Any) -> None:
            for v in self.data:
                self.model.addVarLocks(v, nlockspos, nlocksneg)

    model = pyscipopt.Model()
    model.hideOutput()
    model.setPresolve(pyscipopt.SCIP_PARAMSETTING.OFF)
    model.setHeuristics(pyscipopt.SCIP_PARAMSETTING.OFF)
    rng = np.random.default_rng(0)
    x = [model.addVar(f"x{j}", "B", obj=float(rng.integers(1, 9))) for j in range(20)]
    for _ in range(20):
        model.addCons(pyscipopt.quicksum(x[j] for j in rng.choice(20, 3, replace=False)) >= 1)
    handler = AtLeastTwo()
    handler.data = x[:2]
    model.includeConshdlr(handler, "two", "at least two of the first", needscons=False)
    plugin = diffpump.scip.include(model, freq=1)
    model.optimize()
    assert model.getStatus() == "optimal" and handler.asked
    assert all(model.getSolVal(s, x[0]) + model.getSolVal(s, x[1]) > 1.5 for s in model.getSols())
    assert plugin.statistics.errors == 0


def test_it_ends_when_scip_does() -> None:
    """A pump without limits ends at SCIP's time limit, and when another thread interrupts SCIP."""
    for end in ("time", "interrupt"):
        model = model_of("gap-5x25-s0")
        plugin = diffpump.scip.include(
            model,
            maxloops=10**9,
            maxstallloops=10**9,
            maxlpiterofs=10**9,
            losses=["integrality:1"],
            restarts=[],
        )
        plugin._offer = lambda lp, x: False
        if end == "time":
            model.setParam("limits/time", 1)
        else:
            threading.Timer(0.5, model.interruptSolve).start()
        model.optimizeNogil()
        assert model.getStatus() == ("timelimit" if end == "time" else "userinterrupt")
        assert model.getSolvingTime() < 3


@pytest.mark.parametrize("backend", list(BACKENDS))
def test_no_lp_takes_more_than_the_call_may(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    """A single LP ends at the limit of the call: 4 times 10 iterations."""
    spent = []
    for limit in (10, 5000):
        monkeypatch.setattr(heuristic, "MIN_CALL_LP_ITERATIONS", limit)
        model = model_of("cflp-30x40-s0")
        plugin = diffpump.scip.include(model, backend=backend, maxlpiterofs=1, maxlpiterquot=0, repair="off")
        plugin._offer = lambda lp, x: False  # so that no solution ends the call
        model.setParam("limits/nodes", 1)
        model.optimize()
        assert plugin.statistics.runs == 1 and not plugin.statistics.errors
        spent.append(plugin.statistics.lp_iterations)
    assert spent[0] <= 40 < spent[1]


def test_the_next_solve_begins_anew() -> None:
    """Every solve has its own count of LP iterations and its own limit, here that of one call."""
    model = model_of("cflp-30x40-s0")
    model.setParam("limits/nodes", 1)
    plugin = diffpump.scip.include(model, maxlpiterofs=1, maxlpiterquot=0)
    solves = []
    for _ in range(2):
        model.optimize()
        solves.append(plugin.statistics)
        model.freeTransform()
    assert [(one.runs, one.errors) for one in solves] == [(1, 0)] * 2 and solves[0] is not solves[1]


def test_what_the_pump_needs_is_loaded_before_the_solve() -> None:
    """Loading modules and kernels takes as long as many calls, so it happens before the solve."""
    code = f"""
import sys, pyscipopt, diffpump.scip
model = pyscipopt.Model()
model.hideOutput()
model.readProblem({str(INSTANCES / "gap-5x25-s0.mps")!r})
pump = diffpump.scip.include(model)
before = set(sys.modules)
model.optimize()
print(pump.statistics.runs > 0, sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "True []", done.stdout


# -- failures --


def test_an_exception_anywhere_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """An exception in the heuristic is caught, counted and logged."""
    status, objective, errors, count = solved(0)
    assert (status, errors) == ("optimal", 0) and count > 1000
    for at in points(8, count // 2):
        assert solved(at)[:3] == ("optimal", pytest.approx(objective), 1)
    assert "Injected" in caplog.text


@pytest.mark.parametrize("status", [LpStatus.FAILED, LpStatus.INFEASIBLE, LpStatus.UNBOUNDED])
def test_an_lp_solver_that_fails_costs_nothing(monkeypatch: pytest.MonkeyPatch, status: LpStatus) -> None:
    """The same holds for an LP solver whose answer is wrong."""
    model = model_of("cflp-6x8-s0")
    plugin = diffpump.scip.include(model, freq=1)
    monkeypatch.setattr(heuristic, "relaxation_for", lambda lp, *how: FakeRelaxation(lp, repeat(status)))
    model.optimize()
    assert model.getStatus() == "optimal" and model.getObjVal() == pytest.approx(optimum("cflp-6x8-s0"))
    assert plugin.statistics.runs and not plugin.statistics.errors


def test_an_interrupt_in_the_callback_ends_the_solve(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object, *arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(heuristic.DiffPump, "_called", interrupted)
    model = model_of("gap-5x25-s0")
    diffpump.scip.include(model)
    model.optimize()
    assert model.getStatus() == "userinterrupt"


def test_memory_goes_with_the_model() -> None:
    model = model_of("cflp-6x8-s0")
    plugin = diffpump.scip.include(model, freq=1)
    model.optimize()
    gone = weakref.ref(plugin.statistics.skipped)
    del model, plugin
    gc.collect()
    assert gone() is None


def test_two_models_in_two_threads() -> None:
    results: dict[str, float] = {}

    def solve(name: str) -> None:
        model = model_of(name)
        diffpump.scip.include(model, freq=1)
        model.optimizeNogil()
        results[name] = model.getObjVal()

    threads = [threading.Thread(target=solve, args=(name,)) for name in ("cflp-30x40-s0", "gap-3x8-s0")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {name: pytest.approx(optimum(name)) for name in results} and len(results) == 2


# -- settings --


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"maxloop": 3}, "'maxloop'; known: .*maxloops.*rounding"),
        ({"maxloops": 2.5}, "whole number"),
        ({"maxlpiterquot": -1}, "at least 0"),
        ({"minimprove": 2}, "at most 1"),
        ({"max_iter": 5}, "maxloops"),
        ({"time_limit": 5}, "limits/time"),
        ({"preset": "DP9"}, "DP9"),
        ({"rounding": "nonsense"}, "nonsense"),
        ({"preset": "none.toml"}, "none.toml"),
    ],
)
def test_settings_that_do_not_fit(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        diffpump.scip.include(model_of("gap-3x8-s0"), **settings)


def test_a_file_of_settings(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "DP2"\nmaxloops = 7\nrounding = "gaussian,sigma=0.2"\n')
    plugin = diffpump.scip.include(model_of("gap-3x8-s0"), path, maxsols=3)
    assert (plugin.parameters.maxloops, plugin.parameters.maxsols) == (7, 3)
    assert plugin.config.preset == "DP2" and plugin.config.rounding.params["sigma"] == 0.2


def test_only_models_of_pyscipopt() -> None:
    with pytest.raises(UsageError, match="str"):
        diffpump.scip.include("model")
