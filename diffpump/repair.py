"""Repair by LP: keep a rounding's integers, let the LP choose the continuous columns again.

A rounding moves the integers and leaves the continuous columns where the LP had them for other integers.
Fixing the integers and re-solving under the model's own cost finds the best continuous columns for them,
or that there are none. It costs an LP, so `worthwhile` asks first: is there a continuous column, were these
integers not tried before, can every row still be satisfied on its own by the continuous columns' bounds, and
is there budget left (simplex iterations, so that runs repeat)?
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from diffpump.backends import LpLimits, Relaxation
from diffpump.check import FEASIBILITY_TOL
from diffpump.problem import Problem
from diffpump.result import LpStatus, Vector

BUDGET_SHARE = 0.5  # repair LPs may use this share of all simplex iterations ...
BUDGET_START = 1000  # ... plus these


@dataclass(frozen=True, eq=False)
class Repaired:
    """A repaired point, or None, and what it cost."""

    x: Vector | None
    lp_solves: int
    iterations: int
    seconds: float


class Repair:
    """Fix-and-re-solve on one relaxation, which is handed back as it was (bounds and basis)."""

    def __init__(self, problem: Problem, relaxation: Relaxation) -> None:
        self.problem, self.relaxation = problem, relaxation
        self.useful = not problem.integer.all()
        self.tried: set[int] = set()
        self.spent = 0
        if self.useful:
            self.low, self.high = _continuous_activity(problem)

    def worthwhile(self, y: Vector, lp_iterations: int) -> bool:
        """Whether an LP with y's integers may succeed; `lp_iterations` are the run's so far."""
        if not self.useful or self.spent > BUDGET_SHARE * lp_iterations + BUDGET_START:
            return False
        problem = self.problem
        integers = np.where(problem.integer, y, 0.0)
        activity = problem.A @ integers
        reachable = (activity + self.low <= problem.row_hi + FEASIBILITY_TOL) & (
            activity + self.high >= problem.row_lo - FEASIBILITY_TOL
        )
        if not reachable.all():
            return False
        key = hash(integers.tobytes())
        if key in self.tried:
            return False
        self.tried.add(key)
        return True

    def solve(self, y: Vector, limits: LpLimits) -> Repaired:
        """The LP over the continuous columns with y's integers."""
        problem, relaxation = self.problem, self.relaxation
        basis = relaxation.save_basis()
        fixed = problem.integer
        relaxation.set_bounds(np.where(fixed, y, problem.lb), np.where(fixed, y, problem.ub))
        lp = relaxation.solve(problem.c, limits)
        solves = 1
        if lp.status is LpStatus.UNBOUNDED:  # any point will do then
            first, lp = lp, relaxation.solve(np.zeros(problem.n), limits)
            lp = replace(lp, iterations=lp.iterations + first.iterations, seconds=lp.seconds + first.seconds)
            solves = 2
        relaxation.set_bounds(problem.lb, problem.ub)
        relaxation.restore_basis(basis)
        self.spent += lp.iterations
        return Repaired(lp.x if lp.status is LpStatus.OPTIMAL else None, solves, lp.iterations, lp.seconds)


def _continuous_activity(problem: Problem) -> tuple[Vector, Vector]:
    """Least and greatest activity (m,) of the continuous columns over their bounds, infinities included."""
    A = problem.csc[:, np.flatnonzero(~problem.integer)].tocoo()
    lb, ub = problem.lb[~problem.integer][A.col], problem.ub[~problem.integer][A.col]
    at_lb, at_ub = A.data * lb, A.data * ub
    low = np.bincount(A.row, np.minimum(at_lb, at_ub), problem.m)
    high = np.bincount(A.row, np.maximum(at_lb, at_ub), problem.m)
    return low.astype(np.float64), high.astype(np.float64)
