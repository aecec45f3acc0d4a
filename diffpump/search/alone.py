"""A run of the pump alone, until it finds a solution or a limit is reached.

With `presolve=on` the pump works on the model that HiGHS's presolve leaves, with `cuts=cover` on the model
with cover cuts. Its solutions are carried back and proven on the original model. What its LP says about
infeasibility would be a statement about the other model, so in that case the pump runs again on the original
one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from diffpump.backends.mip import presolve
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector, dot
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus, Status
from diffpump.knapsack.covers import with_covers
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.result import Kept, PumpStatistics, SolveResult
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import versions
from diffpump.pump import Pump, PumpState, relaxation_for
from diffpump.pump.improvement import improving
from diffpump.search.compilation import Compilation
from diffpump.search.facts import unbounded_along
from diffpump.verify.check import Proof

# Of the time that is left, for presolve and for cuts; a model that takes longer is pumped without them.
PRESOLVE_SHARE = 0.25
ABOUT_THE_MODEL = (Status.INFEASIBLE, Status.UNBOUNDED, Status.LP_FAILED)  # statuses that need the original


def run(setup: RunSetup, config: Config) -> SolveResult:
    """Run the pump alone and return the result.

    Parameters
    ----------
    setup : RunSetup
        The model, seed, limits and callbacks.
    config : Config
        The configuration of the pump.
    """
    problem, verifier, running = setup.problem.in_moderate_numbers(), setup.verifier, config
    with ExitStack() as exit_stack:
        if config.uses_kernels and not Compilation(exit_stack).wait(setup.run_limits):
            # A limit is reached: the pump ends before its first rounding, and must not compile anything.
            running = config.without_kernels()
    blocked = verifier.empty_column()
    pump, state, proof, incumbents = None, None, None, list[Incumbent]()
    inner, restore = (problem, _itself) if blocked is not None else _prepared(setup, config, problem)
    if inner is not problem:
        pump, state, proof = _iterated(setup, running, inner, restore, lambda ray: False, incumbents)
    if pump is None or state is None or state.status in ABOUT_THE_MODEL:
        pump, state, proof = _iterated(
            setup, running, problem, _itself, lambda ray: verifier.refute(ray) is not None, incumbents,
            first_only=blocked is not None,
        )  # fmt: skip
    status = Status.INFEASIBLE if blocked is not None else state.status
    x, counters = state.solution, state.counters
    if x is None and counters.get("rejected") and status in (Status.ITERATION_LIMIT, Status.TIME_LIMIT):
        status = Status.UNPROVEN
    assert status is not None
    if status is Status.UNBOUNDED:
        unbounded_along(problem, verifier, setup.run_limits.for_lp())
    objective = None if proof is None else float(proof.objective)
    kinds = dict.fromkeys(("flip", "perturbation", *(restart.name for restart in config.restarts)))
    return SolveResult(
        status=status,
        problem=setup.problem,
        certificate=verifier.certificate if status in (Status.INFEASIBLE, Status.UNBOUNDED) else None,
        x=x,
        objective=objective,
        seconds={
            "total": setup.seconds(),
            "read": setup.read_seconds,
            "check": verifier.seconds,
            "first_solution": None if x is None else incumbents[0].seconds,
        },
        violation=None if proof is None else proof.violation,
        exactly_feasible=proof is not None and proof.exactly_feasible,
        proof=None if proof is None else proof.against,
        config=config.as_dict(),
        config_digest=config.digest,
        seed=setup.seed,
        versions=versions(pump.relaxation.versions),
        incumbents=() if objective is None else tuple(incumbents),
        solutions=() if x is None else (Kept(x, incumbents[-1]),),
        pump=PumpStatistics(
            iterations=state.iteration,
            restarts={kind: counters.get(kind, 0) for kind in kinds},
            lp_solves=counters.get("lp_solves", 0),
            lp_iterations=counters.get("lp_iterations", 0),
            lp_algorithm=pump.relaxation.algorithm,
            lp_seconds=state.lp_seconds,
            counters={
                key: counters.get(key, 0) for key in ("unbounded", "lp_failures", "repairs", "rejected")
            },
        ),
    )


def _prepared(
    setup: RunSetup, config: Config, problem: Problem
) -> tuple[Problem, Callable[[Vector], Vector]]:
    """Return the model after presolve and with cuts, and the way back to the original columns."""
    inner, restore = problem, _itself
    if config.presolve == "on":
        reduced = presolve(problem, _some_of_the_time(setup.run_limits))
        if reduced is not None:
            offset = problem.offset + problem.unit * reduced.problem.offset
            inner, restore = replace(reduced.problem, offset=offset, unit=problem.unit), reduced.restore
    if config.cuts == "cover":
        limits = _some_of_the_time(setup.run_limits)
        found = relaxation_for(inner, config).solve(inner.c, limits)
        if found.status is LpStatus.OPTIMAL and found.x is not None:
            end = math.inf if limits.seconds is None else time.monotonic() + limits.seconds
            inner = with_covers(inner, found.x, lambda: time.monotonic() > end)
    return inner, restore


def _itself(x: Vector) -> Vector:
    return x


def _some_of_the_time(run_limits: RunLimits) -> LpLimits:
    """Return the limits of presolve and of cuts: a share of the time that is left."""
    limits = run_limits.for_lp()
    return limits if limits.seconds is None else replace(limits, seconds=PRESOLVE_SHARE * limits.seconds)


def _iterated(
    setup: RunSetup,
    config: Config,
    problem: Problem,
    to_original: Callable[[Vector], Vector],
    refute: Callable[[Vector], bool],
    incumbents: list[Incumbent],
    first_only: bool = False,
) -> tuple[Pump, PumpState, Proof | None]:
    """Return a pump on a model, its last state with the solution on the original columns, and the proof.

    to_original   carries a point (n,) of the model to the original columns
    refute        returns whether a dual ray (m,) of the model proves that the original one is infeasible
    incumbents    takes the solutions, each better than the one before
    first_only    whether to end after iteration 0
    """
    verifier, proofs, values = setup.verifier, list[Proof](), list[float]()

    def accept(x: Vector) -> bool:
        original, value = to_original(x), dot(problem.c, x)
        accepted = verifier(original)
        proof = verifier.proof
        if accepted and proof is not None and (not values or value < values[-1]):
            proofs[:] = [proof]
            values.append(value)
            incumbents.append(Incumbent(setup.seconds(), float(proof.objective), "pump"))
            setup.on_incumbent(incumbents[-1], original)
        return accepted

    pump = Pump(
        problem, config, relaxation_for(problem, config), setup.seed,
        setup.run_limits, accept=accept, refute=refute,
    )  # fmt: skip
    for state in improving(pump, config.improvements):
        setup.on_iterate(state)
        if first_only:
            break
    if state.solution is not None:
        state = replace(state, solution=to_original(state.solution))
    return pump, state, proofs[0] if proofs and state.solution is not None else None
