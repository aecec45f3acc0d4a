"""A run of SCIP with the heuristic on a model; every improving solution is proven exactly.

SCIP runs in a separate thread, while the calling thread watches the time limit and the interrupt.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from pyscipopt import Model

from diffpump.backends.highs_model import distortion
from diffpump.backends.lpi import versions as of_scip
from diffpump.backends.worker import Worker
from diffpump.config.pump import Config
from diffpump.core.errors import InputError, UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import digest
from diffpump.core.status import LpStatus, Status
from diffpump.core.tolerances import INFINITE
from diffpump.io.native import native
from diffpump.outcome.claim import BRANCH_AND_CUT, Claim
from diffpump.outcome.result import EngineStatistics, SolveResult
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import versions
from diffpump.scip import include
from diffpump.scip.heuristic import NAME, DiffPump
from diffpump.scip.host import Host
from diffpump.scip.improving import improving, values
from diffpump.scip.model import built, natively_read
from diffpump.scip.parameters import Parameters
from diffpump.search.compilation import Compilation
from diffpump.search.facts import Facts
from diffpump.search.pool import Pool

SEED_LIMIT = 2**31  # randomization/randomseedshift must be smaller
STATUSES = {
    "timelimit": Status.TIME_LIMIT,
    "userinterrupt": Status.INTERRUPTED,
    "unbounded": Status.UNBOUNDED,
}
COMPLETE = ("optimal", "infeasible")  # SCIP's statuses after a complete search, which is not verified here
PROOF_SECONDS = 2.0  # of the LP that proves that the model is infeasible or unbounded, after SCIP's report
FEASTOL = 1e-6  # SCIP's numerics/feastol, to which its claims hold


def run(
    setup: RunSetup, config: Config, parameters: Parameters, scip: Mapping[str, Any], *,
    native_reader: bool = False,
) -> SolveResult:  # fmt: skip
    """Solve with SCIP until SCIP ends or a limit is reached.

    Parameters
    ----------
    setup : RunSetup
        The model, the seed and the limits.
    config : Config
        The configuration of the pump.
    parameters : Parameters
        The parameters of the heuristic.
    scip : mapping of str to value
        SCIP's own parameters by name; limits/time follows the time limit of the run.
    native_reader : bool
        Whether SCIP reads the model's file with its own reader. By default it gets the model of `setup`.

    Returns
    -------
    SolveResult
        `engine.arms` has the heuristics that found a solution and the seconds and runs of the pump, and
        `engine.counters` the other statistics of the plugin.

    Raises
    ------
    UsageError
        For limits/time, for a parameter that SCIP does not have or whose value it refuses, and with
        `native_reader` for a model that is not from a file.
    InputError
        If SCIP refuses the model, or if its reader refuses or misreads the file.
    """
    if "limits/time" in scip:
        raise UsageError("limits/time cannot be set: it follows the time limit of the run")
    problem, run_limits = setup.problem, setup.run_limits
    pool, (model, columns) = Pool(setup), _read(problem) if native_reader else built(problem)
    with ExitStack() as exit_stack:
        compilation = Compilation(exit_stack) if config.uses_kernels else None
        has_kernels = None if compilation is None or compilation.is_ready() else compilation.is_ready
        plugin = include(model, config, has_kernels=has_kernels, **asdict(parameters))
        ending = _solved(setup, model, columns, pool, scip)
    pool.prove_waiting()
    if ending is LpStatus.FAILED:
        status, complete = Status.LP_FAILED, False
    else:
        ended = "" if ending is not None else model.getStatus()
        status = STATUSES.get(ended, run_limits.reached() or Status.EXHAUSTED)
        complete = ended in COMPLETE
    best, done = pool.best, plugin.statistics
    moderate = problem.in_moderate_numbers()
    facts = Facts(moderate, setup.verifier)
    if status is Status.UNBOUNDED or (complete and best is None):
        facts.examine(replace(run_limits.for_lp(), seconds=PROOF_SECONDS))
    claim = None
    if complete and distortion(moderate) is None:
        within = 0.0 if best is None else FEASTOL * max(1.0, abs(best.incumbent.objective))
        claim = Claim(f"{BRANCH_AND_CUT} (SCIP)", within=within)
        status = Status.REPORTED_INFEASIBLE if best is None else status
    settings = {
        "preset": config.preset, "pump": config.as_dict(), **asdict(parameters), "scip": dict(scip),
        "native_reader": native_reader,
    }  # fmt: skip
    return SolveResult(
        status=facts.status(best is not None) or status,
        certificate=facts.refutation or facts.unbounded,
        problem=problem,
        seconds={
            "total": setup.seconds(),
            "read": setup.read_seconds,
            "check": setup.verifier.seconds,
            "first_solution": None if best is None else pool.solutions[0].incumbent.seconds,
        },
        config=settings,
        config_digest=digest(settings),
        seed=setup.seed,
        versions=versions(of_scip()),
        engine=EngineStatistics(
            arms=_arms(pool, plugin),
            lp_iterations=done.lp_iterations,
            counters={
                "rejected": pool.rejected, "calls": done.calls, "runs": done.runs, "found": done.found,
                "refused": done.refused, "errors": done.errors,
            },
        ),
        **{**pool.outcome(), "complete": claim},
    )  # fmt: skip


def _solved(
    setup: RunSetup, model: Model, columns: list[Any], pool: Pool, scip: Mapping[str, Any]
) -> LpStatus | None:
    """Let SCIP solve with these parameters; return why the solve was ended, None if it ended by itself."""
    _set(model, {"randomization/randomseedshift": setup.seed % SEED_LIMIT, "misc/catchctrlc": False, **scip})
    improving(model, lambda running, x: _offer(pool, running, x, columns))
    left = setup.run_limits.for_lp().seconds
    if left is not None:
        model.setParam("limits/time", min(left, INFINITE))
    seconds = float("inf") if left is None else left + 1.0
    return Worker().run(model.optimizeNogil, model.interruptSolve, setup.run_limits.stop, seconds)


def _read(problem: Problem) -> tuple[Model, list[Any]]:
    """Return SCIP with what its own reader makes of the file, and its variables in the problem's order.

    Raises InputError if SCIP's reader refuses or misreads the file.
    """
    source = problem.source
    if source is None:
        raise UsageError("SCIP's own reader needs a model that comes from a file")
    with native(source.path, True, source) as path:
        model = natively_read(path, source.path)
    by_name = {variable.name: variable for variable in model.getVars(transformed=False)}
    if by_name.keys() != set(problem.col_names):
        raise InputError("SCIP reads other columns than diffpump from this file", source.path)
    return model, [by_name[name] for name in problem.col_names]


def _set(model: Model, parameters: Mapping[str, Any]) -> None:
    known = model.getParams()
    for name, value in parameters.items():
        if name not in known:
            raise UsageError(f"SCIP has no parameter '{name}'")
        try:
            model.setParam(name, value)
        except Exception as error:  # PySCIPOpt raises different types for SCIP's error codes
            raise UsageError(f"SCIP's parameter {name} does not take {value!r}: {error}") from None


def _offer(pool: Pool, model: Model, solution: Any, columns: list[Any]) -> None:
    """Offer a solution to the pool with the name of the heuristic that found it.

    On an unbounded model SCIP's solutions have values that mean infinity; those are no points.
    """
    x = values(model, solution, columns)
    if np.abs(x).max(initial=0.0) < INFINITE:
        pool.offer(x, Host(model).finder())


def _arms(pool: Pool, plugin: DiffPump) -> dict[str, dict[str, float]]:
    """Return the runs, seconds and incumbents of the heuristics that found a solution, and of the pump."""
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
