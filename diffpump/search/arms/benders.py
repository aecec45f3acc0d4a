"""Benders decomposition: an LP for the columns outside a search over binaries, and the cuts that it returns.

Fix the binaries B to values v. A ray y of the LP over the other columns R gives, for d = A'y,

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i  <=  d_B'x_B + max {d_R'x_R : lb <= x_R <= ub}

for every point of the model: a row over B that v violates (Benders 1962). It is valid for any y, so the
noise of a solver may weaken it but cannot invalidate it, with one exception: noise in d_j counts as 0 where
a bound is infinite. If v satisfies the row after all, the cut forbids the values of the binaries in the
ray's rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.backends.completion import solve_fixed
from diffpump.backends.interface import Relaxation
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult
from diffpump.core.tolerances import NOISE

MIN_VIOLATION = 1e-6  # violation that a cut must have at the point it cuts off, relative to its largest entry


class Cut(NamedTuple):
    """The row sum_k val_k x_col_k <= hi over the binaries.

    col   the positions of the row's binaries in B
    """

    col: NDArray[np.int32]
    val: Vector
    hi: float


class BendersSubproblem:
    """The LP over R: the columns that are neither fixed nor binaries of the search.

    binaries   the columns of B (N,)
    lb, ub     the bounds (n,) in the formula
    columns    the columns of R
    part       the model that has only the rows with a column of R
    """

    def __init__(self, problem: Problem, binaries: NDArray[np.int32], lb: Vector, ub: Vector) -> None:
        free = problem.lb < problem.ub
        free[binaries] = False
        self.columns = np.flatnonzero(free)
        rows = np.flatnonzero(problem.A[:, self.columns].getnnz(axis=1))
        self.part = Problem(
            problem.name, problem.c, 0.0, problem.maximise, problem.A[rows], problem.row_lo[rows],
            problem.row_hi[rows], problem.lb, problem.ub, np.zeros(problem.n, bool),
            problem.col_names, [problem.row_names[i] for i in rows],
        )  # fmt: skip
        self._binaries, self._lb, self._ub = binaries, lb, ub

    @cached_property
    def _relaxation(self) -> Relaxation:
        return load(self.part, lp_algorithm="dual")

    def solve(self, values: Vector, limits: LpLimits) -> LpResult:
        """Return the LP's result: any point (n,) with these values (N,) of the binaries."""
        part, relaxation = self.part, self._relaxation
        return solve_fixed(
            relaxation, lambda cost: relaxation.solve(cost, limits), part, self._binaries, values,
            np.zeros(part.n),
        )  # fmt: skip

    def cut(self, values: Vector, ray: Vector | None) -> Cut:
        """Return a row that these values (N,) violate.

        It is the row of the ray (m,) if there is a ray and one of its signs gives a violated row. Otherwise
        it forbids the values.
        """
        support = np.arange(self.part.m)
        if ray is not None and ray.any():
            support = np.flatnonzero(np.abs(ray) > NOISE * np.abs(ray).max())
            for y in (ray[support], -ray[support]):
                found = self._row(support, y, values)
                if found is not None:
                    return found
        return forbid(values, np.flatnonzero(self._touched(support)).astype(np.int32))

    def _touched(self, support: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which binaries (N,) occur in these rows."""
        seen = np.zeros(self.part.n, bool)
        seen[self.part.A[support].indices] = True
        return seen[self._binaries]

    def _row(self, support: NDArray[np.intp], y: Vector, values: Vector) -> Cut | None:
        """Return the row that the multipliers y of these rows give, or None if the values satisfy it."""
        part = self.part
        side = np.where(y > 0, part.row_lo[support], part.row_hi[support])
        y, side = np.where(np.isfinite(side), y, 0.0), np.where(np.isfinite(side), side, 0.0)
        rows = part.A[support]
        terms = rows.data * np.repeat(y, np.diff(rows.indptr))
        d = np.bincount(rows.indices, terms, part.n)
        noise = NOISE * np.bincount(rows.indices, np.abs(terms), part.n)
        val, d[self._binaries] = -d[self._binaries], 0.0
        bound = np.where(d > 0, self._ub, self._lb)
        d[np.isinf(bound) & (np.abs(d) <= noise)] = 0.0
        hi = float(d @ np.where(d == 0, 0.0, bound) - y @ side)
        largest = np.abs(val).max(initial=0.0)
        if not np.isfinite(hi) or largest == 0:
            return None
        val, hi = val / largest, hi / largest
        small = np.abs(val) <= NOISE
        hi -= float(np.minimum(val[small], 0.0).sum())
        col = np.flatnonzero(~small).astype(np.int32)
        return Cut(col, val[col], hi) if val[col] @ values[col] > hi + MIN_VIOLATION else None


def forbid(values: Vector, col: NDArray[np.int32]) -> Cut:
    """Return the row that forbids these values (N,) at the positions col of B."""
    chosen = values[col]
    return Cut(col, 2 * chosen - 1, float(chosen.sum()) - 1)
