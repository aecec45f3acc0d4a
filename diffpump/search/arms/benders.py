"""The columns that a search over binaries leaves to an LP, and what it learns where they do not fit.

With the binaries B fixed to v, a ray y of the LP over the other columns R says, for d = A'y,

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i  <=  d_B'x_B + max {d_R'x_R : lb <= x_R <= ub}

for every point of the model: a row over B, which v violates (Benders 1962). It holds for any y, so that a
solver's noise may make it weak but not wrong, except that noise in d_j counts as 0 where a bound is infinite.
Where v satisfies it after all, the values that the binaries in the ray's rows have are forbidden.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.backends.interface import Relaxation
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult
from diffpump.core.tolerances import NOISE

CUT = 1e-6  # a row cuts a point off that violates it by this share of its largest entry


class Cut(NamedTuple):
    """sum_k val_k x_col_k <= hi over the binaries, by their positions in B."""

    col: NDArray[np.int32]
    val: Vector
    hi: float


class Rest:
    """The LP over R, the columns that are neither in B, (N,), nor fixed; lb and ub (n,) as in the formula."""

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
        """Any point (n,) with these values (N,) of the binaries."""
        lb, ub = self.part.lb.copy(), self.part.ub.copy()
        lb[self._binaries] = ub[self._binaries] = values
        self._relaxation.set_bounds(lb, ub)
        return self._relaxation.solve(np.zeros(self.part.n), limits)

    def cut(self, values: Vector, ray: Vector | None) -> Cut:
        """A row that these values (N,) violate: the ray's, if there is a ray that gives one."""
        support = np.arange(self.part.m)
        if ray is not None and ray.any():
            support = np.flatnonzero(np.abs(ray) > NOISE * np.abs(ray).max())
            for y in (ray[support], -ray[support]):
                found = self._row(support, y, values)
                if found is not None:
                    return found
        return forbid(values, np.flatnonzero(self._touched(support)).astype(np.int32))

    def _touched(self, support: NDArray[np.intp]) -> NDArray[np.bool_]:
        """The binaries (N,) that these rows see."""
        seen = np.zeros(self.part.n, bool)
        seen[self.part.A[support].indices] = True
        return seen[self._binaries]

    def _row(self, support: NDArray[np.intp], y: Vector, values: Vector) -> Cut | None:
        """The row of these multipliers of some rows, if the values violate it."""
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
        return Cut(col, val[col], hi) if val[col] @ values[col] > hi + CUT else None


def forbid(values: Vector, col: NDArray[np.int32]) -> Cut:
    """Not these values (N,) again, of the binaries at the positions col."""
    chosen = values[col]
    return Cut(col, 2 * chosen - 1, float(chosen.sum()) - 1)
