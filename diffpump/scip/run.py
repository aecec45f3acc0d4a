"""SCIP with the heuristic on a model from a file: every improving solution is proven as it comes.

SCIP works in a thread of its own, while this one looks at the clock and at `stop`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from pyscipopt import Model

from diffpump.backends.lpi import versions as of_scip
from diffpump.backends.worker import Worker
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError, UsageError
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.spec import digest
from diffpump.core.status import LpStatus, Status
from diffpump.io.native import native
from diffpump.outcome.result import Incumbent, SolveResult
from diffpump.outcome.verifier import Verifier, versions
from diffpump.scip import include
from diffpump.scip.heuristic import NAME, DiffPump
from diffpump.scip.host import Host
from diffpump.scip.improving import improving, values
from diffpump.scip.parameters import Parameters
from diffpump.search.pool import Pool

SEEDS = 2**31  # SCIP's randomseedshift is below
ENDS = {"timelimit": Status.TIME_LIMIT, "userinterrupt": Status.INTERRUPTED, "unbounded": Status.UNBOUNDED}
COMPLETE = ("optimal", "infeasible")  # by SCIP's word


def run(
    problem: Problem, config: Config, parameters: Parameters, seed: int, clock: Clock,
    scip: Mapping[str, Any], *,
    observe: Callable[[Incumbent, Vector], None] = lambda incumbent, x: None,
    started: float, read_seconds: float = 0.0, verifier: Verifier | None = None,
) -> SolveResult:  # fmt: skip
    """Solve until SCIP or the clock ends.

    scip  SCIP's own parameters, by name; UsageError for one that it does not have or does not take
    The rest as for `search.auto.run`. `arms` of the result names the heuristics that found something, and has
    the pump's seconds and calls; `counters` has what it did.
    """
    if "limits/time" in scip:
        raise UsageError("limits/time follows the time limit that is given")
    verifier = verifier or Verifier(problem)
    pool = Pool(problem, verifier, clock, lambda: time.monotonic() - started, observe)
    model = _model(problem)
    plugin = include(model, config, **asdict(parameters))
    _set(model, {"randomization/randomseedshift": seed % SEEDS, "misc/catchctrlc": False, **scip})
    by_name = {variable.name: variable for variable in model.getVars(transformed=False)}
    columns = [by_name[name] for name in problem.col_names]
    improving(model, lambda own, x: _offer(pool, own, x, columns))
    left = clock.limits().seconds
    if left is not None:
        model.setParam("limits/time", min(left, 1e20))
    ending = Worker().run(
        model.optimizeNogil, model.interruptSolve, clock.stop, float("inf") if left is None else left + 1.0
    )
    pool.settle()
    if ending is LpStatus.FAILED:
        status, complete = Status.LP_FAILED, False
    else:
        told = "" if ending is not None else model.getStatus()
        status, complete = ENDS.get(told, clock.ended() or Status.EXHAUSTED), told in COMPLETE
    best, done = pool.best, plugin.statistics
    settings = {"preset": config.preset, "pump": config.as_dict(), **asdict(parameters), "scip": dict(scip)}
    return SolveResult(
        status=status if best is None else Status.FEASIBLE,
        problem=problem,
        iterations=0,
        restarts={"flip": 0, "perturbation": 0},
        lp_solves=0,
        lp_iterations=done.lp_iterations,
        seconds={
            "total": time.monotonic() - started,
            "read": read_seconds,
            "lp": 0.0,
            "check": verifier.seconds,
            "first_solution": None if best is None else pool.solutions[0].incumbent.seconds,
        },
        config=settings,
        config_digest=digest(settings),
        seed=seed,
        versions=versions(of_scip()),
        counters={
            "rejected": pool.rejected, "calls": done.calls, "runs": done.runs, "found": done.found,
            "refused": done.refused, "errors": done.errors,
        },
        arms=_arms(pool, plugin),
        complete=complete,
        **pool.outcome(),
    )  # fmt: skip


def _model(problem: Problem) -> Model:
    """The file as SCIP reads it, with our columns."""
    source = problem.source
    if source is None:
        raise UsageError("a model from a file is needed; diffpump.scip.include takes any pyscipopt.Model")
    model = Model(problem.name or "model")
    model.hideOutput()
    with native(source.path, True, source) as path:
        try:
            model.readProblem(path)
        except OSError as error:  # SCIP's own error codes, too
            raise InputError(f"SCIP's reader refuses the file: {error}", source.path) from None
    if {variable.name for variable in model.getVars()} != set(problem.col_names):
        raise InputError("SCIP reads other columns from this file", source.path)
    return model


def _set(model: Model, parameters: Mapping[str, Any]) -> None:
    known = model.getParams()
    for name, value in parameters.items():
        if name not in known:
            raise UsageError(f"SCIP has no parameter '{name}'")
        try:
            model.setParam(name, value)
        except Exception as error:  # PySCIPOpt raises whatever SCIP's code is:
            raise UsageError(f"SCIP's parameter {name} does not take {value!r}: {error}") from None


def _offer(pool: Pool, model: Model, solution: Any, columns: list[Any]) -> None:
    """A solution to be proven, with the name of the heuristic that found it."""
    pool.offer(values(model, solution, columns), Host(model).finder())


def _arms(pool: Pool, plugin: DiffPump) -> dict[str, dict[str, float]]:
    """Who found what."""
    arms = {
        NAME: {
            "slices": float(plugin.statistics.runs),
            "seconds": plugin.statistics.seconds,
            "incumbents": 0.0,
        }
    }
    for solution in pool.solutions:
        entry = arms.setdefault(solution.incumbent.arm, {"slices": 0.0, "seconds": 0.0, "incumbents": 0.0})
        entry["incumbents"] += 1
    return arms
