"""One run from model to proven result, by the engine or by the pump alone.

This is what `diffpump.solve` and the command line call. A candidate leaves only after `check.prove` has
accepted it in exact arithmetic: against the original file where the model came from one, else against
the model as given. Values are proven as the decimal texts that a solution file would hold.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from diffpump.config.engine import AUTO, Settings
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import to_problem
from diffpump.io.read import read
from diffpump.io.start import start_of
from diffpump.outcome.result import Incumbent, SolveResult
from diffpump.outcome.verifier import Verifier, versions
from diffpump.search import auto

if TYPE_CHECKING:
    from diffpump.config.pump import Config
    from diffpump.pump import PumpState
    from diffpump.search.portfolio import Event

    Observer = Callable[[PumpState], None]


def solve(
    model: str | os.PathLike[str] | Problem | Any,
    preset: str | Config | Settings | None = None,
    *,
    start: Any = None,
    seed: int = 0,
    paper: bool = False,
    observers: Iterable[Observer] = (),
    incumbent: Callable[[Incumbent], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **settings: Any,
) -> SolveResult:
    """Search for good verified solutions with the engine, or for one with the pump alone, until a limit.

    model      a path (.mps, .lp, compressed or not; "-" for standard input), a `Problem`, a
               `highspy.Highs` or a `pyscipopt.Model`
    preset     "auto" or the engine's `Settings`; "FP", "DP1" .. "DP4" or a `Config` for the pump. Default:
               "auto", or DP4 where paper, observers or a setting is given that the pump alone has
    start      for the engine: a point to begin with, complete or not, right or not; a solution file's path, a
               mapping of column names to values, or an array (n,) (see `io.start.start_of`)
    seed       of everything that is drawn
    paper      the authors' exact setting (`Config.paper`)
    observers  called with every `PumpState` of the pump
    incumbent  called with every verified solution as it comes
    stop       polled; once it returns True the run ends as interrupted
    settings   fields of `Settings`, such as time_limit=10.0, until="first", threads=2; of the pump's
               `Config`, such as max_iter=100, time_limit=10.0, losses=["integrality:1"]

    Returns a `SolveResult`; `result.found` tells whether `result.x` holds a verified solution. Raises
    InputError for a model that is refused and UsageError for a setting that does not fit.
    """
    started, observers = time.monotonic(), tuple(observers)
    if preset is None:
        preset = default_preset(settings, pump=paper or bool(observers))
    settled = settled_as(preset, settings)
    if isinstance(settled, Settings):
        if paper or observers:
            what = "paper is" if paper else "observers are"
            raise UsageError(f"{what} the pump's, not the engine's (auto)")
    elif start is not None:
        raise UsageError("start is the engine's (auto): the pump's presets take none")
    elif paper:
        settled = settled.paper()
    if seed < 0 or int(seed) != seed:
        raise UsageError(f"seed must be a whole number >= 0, got {seed}")
    problem = read(model) if isinstance(model, (str, os.PathLike)) else to_problem(model)
    read_seconds = time.monotonic() - started
    deadline = None if settled.time_limit is None else started + settled.time_limit
    return search(
        problem, settled, seed, Clock(deadline, stop),
        start=None if start is None else start_of(problem, start).x, observers=observers,
        observe=(lambda found, x: None) if incumbent is None else (lambda found, x: incumbent(found)),
        started=started, read_seconds=read_seconds,
    )  # fmt: skip


def default_preset(settings: Iterable[str], pump: bool = False) -> str:
    """The engine's, or the pump's where one of the settings is the pump's alone (or `pump` is asked for)."""
    from diffpump.config.pump import DEFAULT_PRESET, Config

    own = {field.name for field in fields(Config)} - {field.name for field in fields(Settings)}
    return DEFAULT_PRESET if pump or own.intersection(settings) else AUTO


def settled_as(preset: str | Config | Settings, changes: Mapping[str, Any]) -> Config | Settings:
    """The configuration or the engine's settings that a name and changes to it mean."""
    if not isinstance(preset, str):
        return preset.with_(**changes)
    if preset.lower() == AUTO:
        return Settings().with_(**changes)
    from diffpump.config.pump import config

    return config(preset, **changes)


def settled_of(values: Mapping[str, Any]) -> Config | Settings:
    """The configuration or the engine's settings that their `as_dict` wrote down."""
    if "losses" not in values:
        return Settings.from_dict(values)
    from diffpump.config.pump import Config

    return Config.from_dict(values)


def search(
    problem: Problem,
    settled: Config | Settings,
    seed: int,
    clock: Clock,
    *,
    start: Vector | None = None,
    observers: Iterable[Observer] = (),
    observe: Callable[[Incumbent, Vector], None] = lambda found, x: None,
    watch: Callable[[Event], None] = lambda event: None,
    started: float | None = None,
    read_seconds: float = 0.0,
    verifier: Verifier | None = None,
) -> SolveResult:
    """The same for a model that is there already, by the pump or by the engine, whichever was settled.

    start      (n,), NaN where a column is not given; the engine's
    observers  see the pump's states, `watch` the engine's slices
    observe    sees every verified solution and its point, (n,), as it comes
    """
    if isinstance(settled, Settings):
        return auto.run(
            problem, settled, seed, clock, observe=observe, watch=watch, start=start,
            started=started, read_seconds=read_seconds, verifier=verifier,
        )  # fmt: skip
    result = run(
        problem, settled, seed, clock,
        observers=observers, started=started, read_seconds=read_seconds, verifier=verifier,
    )  # fmt: skip
    for found in result.incumbents:
        assert result.x is not None
        observe(found, result.x)
    return result


def run(
    problem: Problem,
    settled: Config,
    seed: int,
    clock: Clock,
    *,
    observers: Iterable[Observer] = (),
    started: float | None = None,
    read_seconds: float = 0.0,
    verifier: Verifier | None = None,
) -> SolveResult:
    """The pump on a model that is there already, with the limits as a `Clock`.

    started and read_seconds date the run (`time.monotonic`) from before the model was read; a caller that
    passes the `Verifier` may go on to use the exact model in it.
    """
    from diffpump.backends.relaxation import load
    from diffpump.pump import Pump

    started = time.monotonic() if started is None else started
    verifier = verifier or Verifier(problem)
    observers = tuple(observers)
    relaxation = load(problem, settled.backend, settled.lp_start, settled.lp_algorithm)
    pump = Pump(problem, settled, relaxation, seed, clock, verifier, verifier.refute)
    for state in pump.iterates():
        for observe in observers:
            observe(state)
    found_at = time.monotonic() - started
    x, status = state.solution, state.status
    proof = verifier.proof if x is not None else None
    if x is None and state.counters.get("rejected") and status in (Status.ITERATION_LIMIT, Status.TIME_LIMIT):
        status = Status.UNPROVEN
    assert status is not None
    counters = state.counters
    kinds = dict.fromkeys(("flip", "perturbation", *(restart.name for restart in settled.restarts)))
    objective = None if proof is None else float(proof.objective)
    return SolveResult(
        status=status,
        problem=problem,
        x=x,
        objective=objective,
        iterations=state.iteration,
        restarts={kind: counters.get(kind, 0) for kind in kinds},
        lp_solves=counters.get("lp_solves", 0),
        lp_iterations=counters.get("lp_iterations", 0),
        seconds={
            "total": time.monotonic() - started,
            "read": read_seconds,
            "lp": state.lp_seconds,
            "check": verifier.seconds,
            "first_solution": None if x is None else found_at,
        },
        violation=None if proof is None else proof.violation,
        exactly_feasible=proof is not None and proof.exactly_feasible,
        proof=None if proof is None else proof.against,
        config=settled.as_dict(),
        config_digest=settled.digest,
        seed=seed,
        versions=versions(relaxation.versions),
        counters={key: counters.get(key, 0) for key in ("unbounded", "lp_failures", "repairs", "rejected")},
        lp_algorithm=relaxation.algorithm,
        incumbents=() if objective is None else (Incumbent(found_at, objective, "pump"),),
    )
