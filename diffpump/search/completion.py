"""Fix the integers, let an LP choose the continuous columns: the way from a point's integers to a solution.

The LP has the continuous columns only; rows without one are not in it. It is solved from scratch to 1e-9, so
that the point keeps a margin on the file's rows.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diffpump.backends.lp import solve_lp
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import COMPLETION_TOL, FEASIBILITY_TOL


class Completion:
    """The LPs over a problem's continuous columns; `iterations` counts their simplex iterations."""

    def __init__(self, problem: Problem) -> None:
        self.iterations = 0
        self._problem = problem
        self._continuous = np.flatnonzero(~problem.integer)

    @cached_property
    def _part(self) -> Problem:
        """The continuous columns and their rows."""
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
        """The rows with a continuous column, and the others."""
        has = np.diff(self._problem.A[:, self._continuous].indptr) > 0
        return np.flatnonzero(has), np.flatnonzero(~has)

    def __call__(self, x: Vector, limits: LpLimits) -> Vector | None:
        """x's integers, (n,) whole numbers, with the best continuous columns.

        None where a row without continuous columns fails, where the LP is infeasible, or was not solved in
        time.
        """
        problem, columns = self._problem, self._continuous
        if not columns.size:
            return None
        activity = problem.A @ np.where(problem.integer, x, 0.0)
        rows, others = self._rows
        lo, hi = problem.row_lo - activity, problem.row_hi - activity
        if (lo[others] > FEASIBILITY_TOL).any() or (hi[others] < -FEASIBILITY_TOL).any():
            return None
        part = self._part
        result = solve_lp(part, limits, cost=part.c, rows=(lo[rows], hi[rows]), tolerance=COMPLETION_TOL)
        self.iterations += result.iterations
        if result.status is not LpStatus.OPTIMAL:
            return None
        point = np.where(problem.integer, x, 0.0)
        point[columns] = np.clip(result.x, part.lb, part.ub)
        return point
