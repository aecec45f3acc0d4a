"""`relax`: the point of least weighted violation of a model, and a contradiction that explains it.

First the LP relaxation is solved for a dual ray, which `verify.irreducible` reduces to rows and bounds of
which none can be left out. Then the engine solves the elastic model (`elastic.model`) within the rest of the
time. The violations of its point are computed exactly on the original model.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from diffpump.backends.relaxation import load
from diffpump.config.engine import Settings
from diffpump.core.arrays import Vector
from diffpump.core.errors import SolverRefusal, UsageError
from diffpump.core.limits import LpLimits, RunLimits, reading_check
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.scaling import equilibrated
from diffpump.core.spec import plain_number
from diffpump.core.status import LpStatus
from diffpump.elastic.model import elastic
from diffpump.elastic.result import LpStatement, RelaxResult, Slack
from diffpump.elastic.weights import HOLDS, Weights, weights_of
from diffpump.io.files import decimal_values, shortest_decimal
from diffpump.io.foreign import to_problem
from diffpump.io.read import read, read_exact
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import Verifier
from diffpump.search import engine
from diffpump.verify import exact
from diffpump.verify.check import CHECK_TOL, exact_model, prove
from diffpump.verify.irreducible import conflict, integer_conflict
from diffpump.verify.violations import violations

DIGITS = (12, 9, 6)  # decimals to which the continuous columns of the point are rounded, if that does no harm
LP_SHARE = 0.5  # largest share of the time for the LP relaxation


def relax(
    model: str | os.PathLike[str] | Problem | Any,
    *,
    rows: Mapping[str, Any] | None = None,
    bounds: Mapping[str, Any] | None = None,
    irreducible: bool = True,
    time_limit: float | None = 60.0,
    threads: int = 1,
    seed: int = 0,
    incumbent: Callable[[Incumbent], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> RelaxResult:
    """Find the point that violates a model least, and rows and bounds that contradict each other.

    The point minimises sum_i w_i v_i, where v_i >= 0 is the violation of a row or bound and w_i its weight.
    Integer columns are integral. The violations are computed in exact arithmetic on the original file.

    Parameters
    ----------
    model : str, os.PathLike, Problem, highspy.Highs or pyscipopt.Model
        The model, or the path of its file.
    rows, bounds : mapping of str to float or str, optional
        Weights by patterns of row and column names, such as {"capacity_*": 10, "demand_*": "inf"}: * stands
        for any text and ? for one character, later patterns replace earlier ones, and "inf" means "must
        hold". By default the weight is 1, but bounds of binary columns and bounds that are 0 hold.
    irreducible : bool
        Whether to look for a contradiction in the LP relaxation.
    time_limit : float or None
        Wall seconds, reading included. None stands for no limit.
    threads : int
        The number of processes that search.
    seed : int
        The seed of all random numbers, at least 0.
    incumbent : callable, optional
        Called with every verified `Incumbent`, whose objective is the weighted violation.
    stop : callable, optional
        Polled during the run, which ends once it returns True.

    Returns
    -------
    RelaxResult
        The point, its violations, what is proven about them, and the contradiction.

    Raises
    ------
    InputError
        For a model that is refused.
    TimeLimitError
        If the time limit is reached while the file is read.
    UsageError
        For an invalid argument.

    Examples
    --------
    >>> import highspy, diffpump
    >>> highs = highspy.Highs()
    >>> highs.silent()
    >>> x, y = highs.addIntegral(0, 10, name="x"), highs.addIntegral(0, 10, name="y")
    >>> many, few = highs.addConstr(x + y >= 5, name="many"), highs.addConstr(x + y <= 3, name="few")
    >>> result = diffpump.relax(highs, rows={"few": 10})
    >>> result.violation, [(one.breach.name, float(one.breach.value)) for one in result.violated]
    (Fraction(2, 1), [('many', 3.0)])
    >>> [member.name for member in result.conflict.members], result.conflict.irreducible
    (['many', 'few'], True)
    """
    started = time.monotonic()
    whole_seed = plain_number(seed, whole=True)
    if whole_seed is None or whole_seed < 0:
        raise UsageError(f"seed must be a whole number >= 0, got {seed!r:.60}")
    settings = Settings(time_limit=time_limit, threads=threads)
    if isinstance(model, (str, os.PathLike)):
        problem = read(model, reading_check(settings.time_limit, started))
    else:
        problem = to_problem(model)
    deadline = None if settings.time_limit is None else started + settings.time_limit

    def on_incumbent(found: Incumbent, x: Vector) -> None:
        if incumbent is not None:
            incumbent(found)

    setup = RunSetup(
        problem, int(whole_seed), RunLimits(deadline, stop), started, time.monotonic() - started,
        on_incumbent=on_incumbent,
    )  # fmt: skip
    return run(setup, settings, rows or {}, bounds or {}, irreducible)


def run(
    setup: RunSetup, settings: Settings, rows: Mapping[str, Any], bounds: Mapping[str, Any],
    irreducible: bool = True,
) -> RelaxResult:  # fmt: skip
    """Relax a model that has been read.

    Parameters
    ----------
    setup : RunSetup
        The original model, the limits and the callbacks, which follow the run on the elastic model.
    settings : Settings
        The settings of the engine.
    rows, bounds, irreducible
        As of `relax`.
    """
    problem = setup.problem
    model = exact_model(problem) if problem.source is None else read_exact(problem.source)
    weights = weights_of(model, rows, bounds)
    before = time.monotonic()
    lp = LpStatement("unknown", False)
    if irreducible:
        lp = _examined(problem, model, setup.run_limits.for_lp())
    lp_seconds = time.monotonic() - before
    soft = elastic(model, weights)
    # The slacks are continuous, but the least violation has steps.
    verifier = Verifier(soft.problem, soft.exact, known_grid=soft.grid)
    found = engine.run(
        replace(setup, problem=soft.problem, verifier=verifier), settings.with_(objective_target=0.0)
    )
    x = found.x
    if x is None and soft.plain_holds:  # the limit was too short for the search
        x = soft.plain
    slacks: tuple[Slack, ...] = ()
    if x is not None:
        x, slacks = _simplest(problem, model, weights, x[: problem.n])
    against = "model as given" if problem.source is None else "original file"
    return RelaxResult(
        problem=problem, x=x, slacks=slacks, bound=found.bound,
        proof=None if x is None else prove(model, decimal_values(problem.col_names, x), against),
        lp=lp, run=found,
        seconds={"total": setup.seconds(), "read": setup.read_seconds, "lp": lp_seconds},
    )  # fmt: skip


def _examined(problem: Problem, model: ParsedModel, limits: LpLimits) -> LpStatement:
    """Return what is known about the LP relaxation, with a contradiction if one is proven."""
    scaled, blocked = equilibrated(problem), integer_conflict(model)
    seconds = None if limits.seconds is None else LP_SHARE * limits.seconds
    deadline = inf if seconds is None else time.monotonic() + seconds

    def stop() -> bool:
        return time.monotonic() >= deadline or (limits.stop is not None and limits.stop())

    try:
        result = load(scaled.problem).solve(np.zeros(problem.n), LpLimits(seconds, limits.stop))
    except SolverRefusal:
        return LpStatement("unknown", False, blocked)
    if result.status is LpStatus.INFEASIBLE:
        found = None if result.ray is None else conflict(model, result.ray * scaled.rows, stop)
        return LpStatement("infeasible", found is not None, found or blocked)
    if result.status is not LpStatus.OPTIMAL:
        return LpStatement("unknown", False, blocked)
    relaxation = replace(model, integer=np.zeros(problem.n, dtype=bool))
    point = decimal_values(problem.col_names, result.x * scaled.cols)
    return LpStatement("feasible", prove(relaxation, point).accepted, blocked)


def _slacks(model: ParsedModel, weights: Weights, x: Vector) -> tuple[Slack, ...]:
    """Return the sides that a point (n,) violates, at the decimal values that a file would hold."""
    point = exact.objects([exact.number(shortest_decimal(v)) for v in x.tolist()])
    return tuple(Slack(one, weights.of(one.kind, one.index, one.side)) for one in violations(model, point))


def _simplest(
    problem: Problem, model: ParsedModel, weights: Weights, x: Vector
) -> tuple[Vector, tuple[Slack, ...]]:
    """Return the point with integral integers, and what it violates.

    Continuous columns are rounded if that does no harm: a simplex leaves 2.9999999999996 for 3, and the
    violation of the rounded point is often smaller.
    """
    x = np.where(problem.integer, np.rint(x), x) + 0.0
    digits = () if problem.integer.all() else DIGITS
    candidates = [x, *(np.where(problem.integer, x, np.round(x, places) + 0.0) for places in digits)]

    def badness(candidate: tuple[Vector, tuple[Slack, ...]]) -> tuple[bool, Fraction]:
        slacks = candidate[1]
        broken = any(one.weight == HOLDS and one.breach.amount > CHECK_TOL for one in slacks)
        return broken, sum((one.cost for one in slacks), Fraction(0))

    return min(((point, _slacks(model, weights, point)) for point in reversed(candidates)), key=badness)
