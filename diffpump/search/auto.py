"""The engine, from a model to the best proven solution within the time: spaces, arms, portfolio, result."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache

from diffpump.backends import load
from diffpump.config import config
from diffpump.engine import Verifier, versions
from diffpump.oracle import Clock
from diffpump.problem import Problem
from diffpump.result import LpStatus, Status
from diffpump.search.arm import Arm
from diffpump.search.arms.presolve import Presolve
from diffpump.search.arms.pump import PumpArm
from diffpump.search.arms.rins import Rins
from diffpump.search.arms.submip import SubMip
from diffpump.search.pool import Pool
from diffpump.search.portfolio import Portfolio
from diffpump.search.settings import Settings
from diffpump.search.space import Space, Spaces
from diffpump.solved import Incumbent, SolveResult

PUMP = config("DP4", max_iter=10**9)


def run(
    problem: Problem,
    settings: Settings,
    seed: int,
    clock: Clock,
    *,
    observe: Callable[[Incumbent], None] = lambda incumbent: None,
    started: float | None = None,
    read_seconds: float = 0.0,
    verifier: Verifier | None = None,
) -> SolveResult:
    """Search until the clock ends; `observe` is called with every incumbent as it comes.

    started and read_seconds date the run (`time.monotonic`) from before the model was read.
    """
    started = time.monotonic() if started is None else started
    verifier = verifier or Verifier(problem)
    pool = Pool(problem, verifier, clock, lambda: time.monotonic() - started, observe)
    portfolio = Portfolio(
        pool, clock, _arms(Spaces(Space(problem), Space(problem)), pool, seed, clock),
        settings.turns(settings.first), settings.turns(settings.better),
        enough=lambda: settings.until == "first" and pool.best is not None,
    )  # fmt: skip
    portfolio.run()
    best = pool.best
    return SolveResult(
        status=_status(pool, clock, verifier),
        problem=problem,
        x=None if best is None else best.x,
        objective=None if best is None else best.incumbent.objective,
        iterations=0,
        restarts={"flip": 0, "perturbation": 0},
        lp_solves=0,
        lp_iterations=0,
        seconds={
            "total": time.monotonic() - started,
            "read": read_seconds,
            "lp": 0.0,
            "check": verifier.seconds,
            "first_solution": None if best is None else pool.solutions[0].incumbent.seconds,
        },
        violation=None if best is None else best.proof.violation,
        exactly_feasible=best is not None and best.proof.exactly_feasible,
        proof=None if best is None else best.proof.against,
        config=settings.as_dict(),
        config_digest=settings.digest,
        seed=seed,
        versions=versions({}),
        counters={"rejected": pool.rejected},
        arms={name: asdict(entry) for name, entry in portfolio.ledger.items()},
        incumbents=tuple(solution.incumbent for solution in pool.solutions),
    )


def _arms(spaces: Spaces, pool: Pool, seed: int, clock: Clock) -> Callable[[str], Arm]:
    """The arm of a name, made when it is first asked for: later ones work on the presolved model."""
    makers: Mapping[str, Callable[[], Arm]] = {
        "presolve": lambda: Presolve(spaces),
        "mip-zero": lambda: SubMip(spaces.work, pool, zero=True, seed=seed),
        "mip": lambda: SubMip(spaces.work, pool, zero=False, seed=seed),
        "pump": lambda: PumpArm(spaces, pool, PUMP, seed, clock),
        "rins": lambda: Rins(spaces, pool, seed),
    }
    return cache(lambda name: makers[name]())


def _status(pool: Pool, clock: Clock, verifier: Verifier) -> Status:
    """How it ended. Where the arms gave up before the clock, the LP relaxation may say why."""
    if pool.best is not None:
        return Status.FEASIBLE
    if pool.rejected:
        return Status.UNPROVEN
    if (ended := clock.ended()) is not None:
        return ended
    lp = load(pool.problem).solve(pool.problem.c, clock.limits())
    if lp.status is LpStatus.INFEASIBLE and lp.ray is not None and verifier.refute(lp.ray):
        return Status.INFEASIBLE
    return Status.UNBOUNDED if lp.status is LpStatus.UNBOUNDED else clock.ended() or Status.EXHAUSTED
