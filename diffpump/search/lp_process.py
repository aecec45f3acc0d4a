"""The LP relaxation under the model's cost, in this process or in one that is paused between two slices.

An LP solver that is interrupted while it solves presolve's model leaves nothing to continue from; a paused
process continues where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diffpump.backends.interface import Basis
from diffpump.backends.lp import solve_lp
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.search.process import PausableProcess, serve


@dataclass(frozen=True, eq=False)
class LpOutcome:
    """How the LP ended.

    x           an optimum (n,), or any point of an unbounded LP; None without a point
    iterations  simplex or interior-point iterations
    basis       the basis of x if x is a vertex, else None
    reduced     the reduced costs (n,) of an optimum, or None
    ray         a dual ray (m,) if the LP is infeasible, or None
    duals       the multipliers (m,) of the rows at an optimum, or None
    """

    status: LpStatus
    x: Vector | None
    iterations: int
    basis: Basis | None = None
    reduced: Vector | None = None
    ray: Vector | None = None
    duals: Vector | None = None


def solve_root_lp(problem: Problem, algorithm: str, limits: LpLimits) -> LpOutcome:
    """Solve the LP relaxation by "simplex", or by "ipm" without crossover, and return the outcome.

    Interior point returns an optimum or FAILED; its other statuses are not trusted.
    """
    if algorithm == "ipm":
        interior = solve_lp(problem, limits, algorithm)
        if interior.status is not LpStatus.OPTIMAL:
            return LpOutcome(LpStatus.FAILED, None, interior.iterations)
        return LpOutcome(
            interior.status, interior.x, interior.iterations, reduced=interior.reduced, duals=interior.duals
        )
    relaxation = load(problem)
    result = relaxation.solve(problem.c, limits)
    x, iterations = result.x, result.iterations
    if result.status is LpStatus.UNBOUNDED:
        feasible = relaxation.solve(np.zeros(problem.n), limits)
        iterations += feasible.iterations
        if feasible.status is not LpStatus.OPTIMAL:
            return LpOutcome(result.status, None, iterations)
        return LpOutcome(result.status, feasible.x, iterations, relaxation.plain_basis())
    if result.status is LpStatus.OPTIMAL:
        return LpOutcome(
            result.status, x, iterations, relaxation.plain_basis(), relaxation.reduced_costs(),
            duals=relaxation.duals(),
        )  # fmt: skip
    return LpOutcome(result.status, None, iterations, ray=result.ray)


@dataclass(frozen=True, eq=False)
class LpTask:
    """An LP relaxation for the process to solve.

    algorithm   "simplex" or "ipm"
    """

    problem: Problem
    algorithm: str


class LpProcess(PausableProcess[None, LpOutcome]):
    """The parent's handle on a process that solves an LP."""

    def __init__(self, task: LpTask) -> None:
        super().__init__("diffpump.search.lp_process", task, LpOutcome)


def main() -> None:
    """Take an `LpTask` from standard input, solve it, and send the `LpOutcome`."""
    serve(LpTask, _solve)


def _solve(task: LpTask, latest: list[object], send: Callable[[object], None]) -> None:
    send(solve_root_lp(task.problem, task.algorithm, LpLimits()))
