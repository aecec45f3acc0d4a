"""The last search of a pump: branch and cut in HiGHS, to a first solution, around what the pump has visited.

nearest   min ||x_I - y||_1 with y the rounding closest to its LP point (Bertacco, Fischetti, Lodi 2007)
hull      min c'x with every integer column between the smallest and the largest value that it had in an
          LP point, rounded outwards (Mexi, Berthold, Salvagnin 2023)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from diffpump.backends.distance import split
from diffpump.backends.mip import MipResult, solve_mip
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL

SHARE = 0.5  # share of the time limit after which the pump leaves the rest to this search


class FinalSearch:
    """The last search on a problem.

    Parameters
    ----------
    problem : Problem
        The model, with its cutoff row if there is one.
    kind : {"none", "nearest", "hull"}
        Which search, if any.
    """

    def __init__(self, problem: Problem, kind: str) -> None:
        self.problem, self.kind = problem, kind
        self._low = np.full(problem.integers.size, np.inf)
        self._high = -self._low

    def visit(self, x: Vector) -> None:
        """Take an LP point (n,)."""
        if self.kind == "hull":
            x = x[self.problem.integers]
            self._low = np.minimum(self._low, np.floor(x + INTEGRAL_TOL))
            self._high = np.maximum(self._high, np.ceil(x - INTEGRAL_TOL))

    def run(self, y: Vector, limits: LpLimits, seed: int) -> MipResult:
        """Search until the first solution.

        Parameters
        ----------
        y : (n,) float64
            The rounding that is closest to its LP point.
        limits : LpLimits
            The limits of the search.
        seed : int
            The seed of branch and cut.

        Returns
        -------
        MipResult
            Its `x` is (n,), or None without a solution.
        """
        if self.kind == "hull":
            return solve_mip(self._hull(), limits, first=True, seed=seed)
        result = solve_mip(self.nearest(y), limits, first=True, seed=seed)
        return result if result.x is None else replace(result, x=self.merged(result.x))

    def _hull(self) -> Problem:
        problem, (lo, hi) = self.problem, self.problem.integer_range
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[problem.integers], ub[problem.integers] = np.maximum(lo, self._low), np.minimum(hi, self._high)
        return replace(problem, lb=lb, ub=ub)

    def nearest(self, y: Vector) -> Problem:
        """Return the problem of the least distance to y, with general integers split at y (`split`)."""
        problem, columns = self.problem, np.flatnonzero(self.problem.general)
        parts, n = split(problem, columns), problem.n
        c, lb, ub = np.zeros(parts.n), parts.lb.copy(), parts.ub.copy()
        binary = problem.binary
        c[:n][binary] = np.where(y[binary] > 0.5, -1.0, 1.0)
        c[columns], c[n:] = -1.0, 1.0
        target = np.clip(y[columns], lb[columns], ub[columns])
        ub[n:], ub[columns] = ub[columns] - target, target
        return replace(parts, c=c, lb=lb, ub=ub)

    def merged(self, x: Vector) -> Vector:
        """Return a point of the split problem on the problem's own columns, (n,)."""
        merged = x[: self.problem.n].copy()
        merged[np.flatnonzero(self.problem.general)] += x[self.problem.n :]
        return merged
