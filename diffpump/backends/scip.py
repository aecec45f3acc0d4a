"""SCIP's LP solver (SoPlex in the PySCIPOpt wheel) as an engine, through its LP interface.

Its settings are the LPI's own (a simplifier when it starts without a basis, say) but for the tolerances: 1e-7
as in HiGHS, since with its 1e-6 optimal values were off by 4e-5 on supportcase26 and neos-3754480-nidda. The
time limit is wall-clock, and an interrupt ends a solve within milliseconds. Bounds of 1e20 and beyond are
infinite, as in HiGHS and in SCIP. "Unbounded" is never taken from it alone: the relaxation checks that the
LP is feasible.
"""

from __future__ import annotations

import numpy as np

from diffpump.backends.interface import Basis
from diffpump.backends.lpi import (
    DUAL_FEASTOL,
    FEASTOL,
    ITERATION_LIMIT,
    TIME_LIMIT,
    TIMING,
    WALL_CLOCK,
    Lpi,
    versions,
)
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INFINITE, LP_TOL

UNBOUNDED, INFEASIBLE_OR_UNBOUNDED = 2, 4  # SoPlex's status codes


class ScipSimplex:
    """An `Simplex`: one LPI holding the model."""

    def __init__(self, problem: Problem) -> None:
        self.version = versions()
        self._lpi = Lpi()
        self._n, self._m, self._has_basis, self._dual = problem.n, problem.m, False, True
        self._cutoff: int | None = None  # the cutoff row's number
        self._columns = np.arange(problem.n, dtype=np.int32)
        self._lpi.do("SetIntpar", TIMING, WALL_CLOCK)
        self._lpi.do("SetRealpar", FEASTOL, LP_TOL)
        self._lpi.do("SetRealpar", DUAL_FEASTOL, LP_TOL)
        lb, ub, lo, hi = map(self._finite, (problem.lb, problem.ub, problem.row_lo, problem.row_hi))
        A = problem.A
        self._lpi.do("AddCols", self._n, np.zeros(self._n), lb, ub, None, 0, None, None, None)
        if self._m:
            self._lpi.do("AddRows", self._m, lo, hi, None, problem.nnz, A.indptr, A.indices, A.data)

    def set_cost(self, cost: Vector) -> None:
        """Replace all costs; the basis stays."""
        self._lpi.do("ChgObj", self._n, self._columns, cost)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays."""
        self._lpi.do("ChgBounds", self._n, self._columns, self._finite(lb), self._finite(ub))

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add row'x <= value, or change its value."""
        lo, hi = self._finite(np.array([-np.inf])), self._finite(np.array([value]))
        if self._cutoff is None:
            self._cutoff, self._m = self._m, self._m + 1
            at = np.flatnonzero(row).astype(np.int32)
            begin = np.zeros(1, dtype=np.int32)
            self._lpi.do("AddRows", 1, lo, hi, None, at.size, begin, at, row[at])
        else:
            self._lpi.do("ChgSides", 1, np.array([self._cutoff], dtype=np.int32), lo, hi)

    def clear(self) -> None:
        """Forget the basis."""
        self._lpi.do("ClearState")
        self._has_basis = False

    def has_basis(self) -> bool:
        """True when the next run starts warm."""
        return self._has_basis

    def get_basis(self) -> Basis:
        """A copy of the basis: the states of columns and rows."""
        basis = Basis(np.empty(self._n, dtype=np.int32), np.empty(self._m, dtype=np.int32))
        self._lpi.do("GetBase", *basis)
        return basis

    plain_basis = get_basis

    def set_basis(self, basis: object) -> None:
        """Start the next run from this basis."""
        match basis:
            case Basis(np.ndarray(size=self._n) as columns, np.ndarray(size=self._m) as rows):
                self._lpi.do("SetBase", columns, rows)
                self._has_basis = True
            case _:
                raise ValueError("not a basis of this model")

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        """Settings of the next run; `presolve` is left to SCIP, whose verdicts come with a ray."""
        self._lpi.do("Interrupt", False)
        self._lpi.do("SetRealpar", TIME_LIMIT, min(seconds, self._lpi.infinity))
        self._lpi.do("SetIntpar", ITERATION_LIMIT, iterations)
        self._dual = algorithm == "dual"

    def run(self) -> object:
        """Solve; releases the GIL."""
        self._has_basis = True
        self._lpi.do("SolveDual" if self._dual else "SolvePrimal")
        return None

    def cancel(self) -> None:
        """End the run soon; called from another thread."""
        self._lpi.do("Interrupt", True)

    def status(self) -> LpStatus | None:
        """How the run ended."""
        if self._lpi.ask("IsOptimal"):
            return LpStatus.OPTIMAL
        if self._lpi.ask("IsPrimalInfeasible"):
            return LpStatus.INFEASIBLE
        if self._lpi.ask("IsTimelimExc"):
            return LpStatus.TIME_LIMIT
        if self._lpi.ask("IsIterlimExc"):
            return LpStatus.ITERATION_LIMIT
        open_verdict = self._lpi.ask("GetInternalStatus") in (UNBOUNDED, INFEASIBLE_OR_UNBOUNDED)
        return None if open_verdict else LpStatus.FAILED

    def iterations(self) -> int:
        """Simplex iterations of the last run."""
        return self._lpi.count("GetIterations")

    def point(self) -> Vector:
        """The primal solution of the last run."""
        x = np.empty(self._n)
        self._lpi.do("GetSol", None, x, None, None, None)
        return x

    def reduced_costs(self) -> Vector:
        """Those of the last run."""
        costs = np.empty(self._n)
        self._lpi.do("GetSol", None, np.empty(self._n), None, None, costs.ctypes.data)
        return costs

    def ray(self) -> Vector | None:
        """A dual ray, if the last run left one."""
        if not self._lpi.ask("HasDualRay"):
            return None
        ray = np.empty(self._m)
        self._lpi.do("GetDualfarkas", ray)
        return ray

    def _finite(self, bound: Vector) -> Vector:
        """A bound in the LPI's own numbers for infinity."""
        infinity = self._lpi.infinity
        return np.where(bound >= INFINITE, infinity, np.where(bound <= -INFINITE, -infinity, bound))
