"""Repair by LP: keep the integers of a rounding, and let an LP choose the continuous columns again.

A rounding moves the integers and leaves the continuous columns where the LP had them for other integers.
An LP under the model's own cost with the integers fixed finds the best continuous columns for them, or that
there are none. Since it costs an LP, a repair is tried only if the model has a continuous column, these
integers have not been tried, every row can hold for some values of the continuous columns within their
bounds, and simplex iterations are left in the budget (not seconds, so that runs repeat).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.backends.completion import solve_fixed
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem, activity_range
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.pump.oracle import Oracle

BUDGET_SHARE = 0.5  # share of all simplex iterations that repair LPs may use, beside BUDGET_START
BUDGET_START = 1000  # simplex iterations


class Repair:
    """Repairs roundings on the oracle's relaxation, whose bounds and basis it sets back afterwards.

    Parameters
    ----------
    problem : Problem
        The model.
    oracle : Oracle
        It solves the LPs and counts them.
    share : float
        The share of the oracle's simplex iterations that repairs may take, beside `BUDGET_START`.
    complete : callable, optional
        Replaces the LP on the relaxation: y (n,) -> a point (n,) with y's integers, or None. It adds its
        simplex iterations to the oracle's counter.

    Attributes
    ----------
    useful : bool
        Whether the model has a continuous column.
    spent : int
        Simplex iterations of all repairs so far.
    """

    def __init__(
        self, problem: Problem, oracle: Oracle, share: float = BUDGET_SHARE,
        complete: Callable[[Vector], Vector | None] | None = None,
    ) -> None:  # fmt: skip
        self.problem, self.oracle, self.share = problem, oracle, share
        self._complete = complete or self._solve
        self.useful = not problem.integer.all()
        self.tried: set[int] = set()  # hashes of the integers
        self.spent = 0  # simplex iterations
        if self.useful:
            continuous = ~problem.integer
            self.low, self.high = activity_range(
                problem.A[:, np.flatnonzero(continuous)], problem.lb[continuous], problem.ub[continuous]
            )

    def __call__(self, y: Vector) -> Vector | None:
        """Repair a rounding, if that is worth an LP.

        Parameters
        ----------
        y : (n,) float64
            The rounding.

        Returns
        -------
        (n,) float64 or None
            A point with the integers of y and the LP's continuous columns. None if the LP has none, or if no
            repair was tried (see the module's docstring).
        """
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
        lp = solve_fixed(relaxation, oracle.solve, problem, fixed, y[fixed], problem.c)
        if lp.status is LpStatus.UNBOUNDED:  # no point is the best one, so any point of P does
            lp = oracle.solve(np.zeros(problem.n))
        relaxation.set_bounds(problem.lb, problem.ub)
        relaxation.restore_basis(basis)
        return lp.x if lp.status is LpStatus.OPTIMAL else None
