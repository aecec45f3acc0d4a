"""Repair by LP: keep a rounding's integers, let the LP choose the continuous columns again.

A rounding moves the integers and leaves the continuous columns where the LP had them for other integers.
Fixing the integers and re-solving under the model's own cost finds the best continuous columns for them,
or that there are none. It costs an LP, so it is tried only where it may succeed: with a continuous column
in the model, integers not tried before, every row within reach of the continuous columns' bounds, and
budget left (in simplex iterations, so that runs repeat).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem, activity_range
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.pump.oracle import Oracle

BUDGET_SHARE = 0.5  # repair LPs may use this share of all simplex iterations ...
BUDGET_START = 1000  # ... plus these


class Repair:
    """Fix-and-re-solve on the oracle's relaxation, which is handed back as it was (bounds and basis).

    share     of the oracle's simplex iterations that repair LPs may take
    complete  what solves in its place: y (n,) to a point with y's integers, or None; it counts its simplex
              iterations among the oracle's
    """

    def __init__(
        self, problem: Problem, oracle: Oracle, share: float = BUDGET_SHARE,
        complete: Callable[[Vector], Vector | None] | None = None,
    ) -> None:  # fmt: skip
        self.problem, self.oracle, self.share = problem, oracle, share
        self._complete = complete or self._solve
        self.useful = not problem.integer.all()
        self.tried: set[int] = set()
        self.spent = 0
        if self.useful:
            continuous = ~problem.integer
            self.low, self.high = activity_range(
                problem.A[:, np.flatnonzero(continuous)], problem.lb[continuous], problem.ub[continuous]
            )

    def __call__(self, y: Vector) -> Vector | None:
        """A point with y's integers whose continuous columns the LP chose, or None."""
        counters = self.oracle.counters
        if not self._worthwhile(y, counters["lp_iterations"]):
            return None
        counters["repairs"] += 1
        before = counters["lp_iterations"]
        x = self._complete(y)
        self.spent += counters["lp_iterations"] - before
        return x

    def _worthwhile(self, y: Vector, lp_iterations: int) -> bool:
        if not self.useful or self.spent > self.share * max(1, lp_iterations) + BUDGET_START:
            return False
        problem = self.problem
        integers = np.where(problem.integer, y, 0.0)
        activity = problem.A @ integers
        within_reach = (activity + self.low <= problem.row_hi + FEASIBILITY_TOL) & (
            activity + self.high >= problem.row_lo - FEASIBILITY_TOL
        )
        key = hash(integers.tobytes())
        if not within_reach.all() or key in self.tried:
            return False
        self.tried.add(key)
        return True

    def _solve(self, y: Vector) -> Vector | None:
        problem, oracle, relaxation = self.problem, self.oracle, self.oracle.relaxation
        basis, fixed = relaxation.save_basis(), problem.integer
        relaxation.set_bounds(np.where(fixed, y, problem.lb), np.where(fixed, y, problem.ub))
        lp = oracle.solve(problem.c)
        if lp.status is LpStatus.UNBOUNDED:  # any point will do then
            lp = oracle.solve(np.zeros(problem.n))
        relaxation.set_bounds(problem.lb, problem.ub)
        relaxation.restore_basis(basis)
        return lp.x if lp.status is LpStatus.OPTIMAL else None
