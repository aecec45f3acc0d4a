"""The LP relaxation under the model's cost, here or in a process of its own, which rests between two slices.

An LP solver that is cut off in its presolve's model leaves nothing to go on from; one that rests does.
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
from diffpump.search.process import Resting, serve


@dataclass(frozen=True, eq=False)
class Relaxed:
    """How it ended, and after how many iterations.

    x      the optimum (n,); where the LP is unbounded any point of it; None where there is none
    basis  of x, where it is a vertex; reduced: the optimum's reduced costs (n,)
    ray    a dual ray (m,) where the LP is infeasible
    """

    status: LpStatus
    x: Vector | None
    iterations: int
    basis: Basis | None = None
    reduced: Vector | None = None
    ray: Vector | None = None


def relax(problem: Problem, algorithm: str, limits: LpLimits) -> Relaxed:
    """Solve it by "simplex", or by "ipm" without crossover, of which nothing but an optimum counts."""
    if algorithm == "ipm":
        inner = solve_lp(problem, limits, algorithm)
        if inner.status is not LpStatus.OPTIMAL:
            return Relaxed(LpStatus.FAILED, None, inner.iterations)
        return Relaxed(inner.status, inner.x, inner.iterations, reduced=inner.reduced)
    relaxation = load(problem)
    result = relaxation.solve(problem.c, limits)
    x, iterations = result.x, result.iterations
    if result.status is LpStatus.UNBOUNDED:
        feasible = relaxation.solve(np.zeros(problem.n), limits)
        iterations += feasible.iterations
        if feasible.status is not LpStatus.OPTIMAL:
            return Relaxed(result.status, None, iterations)
        return Relaxed(result.status, feasible.x, iterations, relaxation.plain_basis())
    if result.status is LpStatus.OPTIMAL:
        return Relaxed(result.status, x, iterations, relaxation.plain_basis(), relaxation.reduced_costs())
    return Relaxed(result.status, None, iterations, ray=result.ray)


@dataclass(frozen=True, eq=False)
class Job:
    """What to solve, and how."""

    problem: Problem
    algorithm: str


class Relaxing(Resting[None, Relaxed]):
    """The process, seen from the one that started it."""

    def __init__(self, job: Job) -> None:
        super().__init__("diffpump.search.relaxing", job, Relaxed)


def main() -> None:
    """The process."""
    serve(Job, _solve)


def _solve(job: Job, told: list[object], send: Callable[[object], None]) -> None:
    send(relax(job.problem, job.algorithm, LpLimits()))
