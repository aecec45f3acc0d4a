"""LPs with the integer columns fixed: the way from a point's integers to a solution.

`Completion` solves an LP over the continuous columns alone, from scratch and with a tolerance of 1e-9, so
that the point keeps a margin on the rows of the file. `solve_fixed` fixes columns of a relaxation of the
whole model and re-solves it from its last basis.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diffpump.backends.interface import Relaxation
from diffpump.backends.lp import solve_lp
from diffpump.core.arrays import Mask, Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus
from diffpump.core.tolerances import COMPLETION_TOL, FEASIBILITY_TOL


class Completion:
    """Solves LPs over the continuous columns of a problem.

    Attributes
    ----------
    iterations : int
        The simplex iterations of all LPs so far.
    """

    def __init__(self, problem: Problem) -> None:
        self.iterations = 0
        self._problem = problem
        self._continuous = np.flatnonzero(~problem.integer)

    @cached_property
    def _part(self) -> Problem:
        """The model of the continuous columns, with the rows in which they occur."""
        problem, columns = self._problem, self._continuous
        entries = problem.A[:, columns]
        rows = np.flatnonzero(np.diff(entries.indptr))
        return Problem(
            problem.name, problem.c[columns], 0.0, problem.maximise, entries[rows],
            problem.row_lo[rows], problem.row_hi[rows], problem.lb[columns], problem.ub[columns],
            np.zeros(columns.size, bool),
            [problem.col_names[j] for j in columns], [problem.row_names[i] for i in rows],
        )  # fmt: skip

    @cached_property
    def _rows(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The indices of the rows with a continuous column, and those of the other rows."""
        has = np.diff(self._problem.A[:, self._continuous].indptr) > 0
        return np.flatnonzero(has), np.flatnonzero(~has)

    def __call__(self, x: Vector, limits: LpLimits) -> Vector | None:
        """Return x's integers, rounded, with the best continuous columns for them.

        Parameters
        ----------
        x : (n,) float64
            A point. Its continuous columns are not used.
        limits : LpLimits
            The limits of the LP.

        Returns
        -------
        (n,) float64 or None
            None if there is no continuous column, if a row without continuous columns is violated, if the LP
            is infeasible, or if it was not solved within the limits.
        """
        problem, columns = self._problem, self._continuous
        if not columns.size:
            return None
        point = np.where(problem.integer, np.rint(x), 0.0)
        activity = problem.A @ point
        rows, others = self._rows
        lo, hi = problem.row_lo - activity, problem.row_hi - activity
        if (lo[others] > FEASIBILITY_TOL).any() or (hi[others] < -FEASIBILITY_TOL).any():
            return None
        part = self._part
        result = solve_lp(part, limits, cost=part.c, rows=(lo[rows], hi[rows]), tolerance=COMPLETION_TOL)
        self.iterations += result.iterations
        if result.status is not LpStatus.OPTIMAL:
            return None
        point[columns] = np.clip(result.x, part.lb, part.ub)
        return point


def solve_fixed(
    relaxation: Relaxation,
    solve: Callable[[Vector], LpResult],
    problem: Problem,
    columns: Mask | NDArray[np.int32],
    values: Vector,
    cost: Vector,
) -> LpResult:
    """Fix some columns of a relaxation and solve it.

    The relaxation keeps these bounds and its basis. The caller restores the problem's bounds if it needs
    them.

    Parameters
    ----------
    relaxation : Relaxation
        The relaxation of the whole problem.
    solve : callable
        Solves the relaxation under a cost (n,) and returns an LpResult.
    problem : Problem
        The model, whose bounds hold on the other columns.
    columns : (n,) bool or (k,) int32
        The columns to fix, as a mask or as indices.
    values : (k,) float64
        The values to fix them to.
    cost : (n,) float64
        The cost to minimise.

    Returns
    -------
    LpResult
        What `solve` returned.
    """
    lb, ub = problem.lb.copy(), problem.ub.copy()
    lb[columns] = ub[columns] = values
    relaxation.set_bounds(lb, ub)
    return solve(cost)
