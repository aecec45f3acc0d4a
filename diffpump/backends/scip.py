"""SCIP's LP solver (SoPlex in the PySCIPOpt wheel), through SCIP's LP interface.

Settings are the interface's own (SoPlex simplifies the LP if it starts without a basis, for example), except
for the tolerances, which are 1e-7 as in HiGHS: with SCIP's 1e-6, optimal values were off by 4e-5 on
supportcase26 and neos-3754480-nidda. The time limit is wall-clock time, and an interrupt ends a solve within
milliseconds. Bounds of 1e20 and more are infinite, as in HiGHS and in SCIP. The status "unbounded" alone is
not trusted: the relaxation checks that the LP is feasible.
"""

from __future__ import annotations

import numpy as np

from diffpump.backends.interface import BACKENDS, Basis
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


@BACKENDS.register("scip", help="SCIP's LP solver (SoPlex)", extra="scip", modules=("pyscipopt",))
class ScipSimplex:
    """A `Simplex` on one LPI that holds the model."""

    def __init__(self, problem: Problem) -> None:
        self.version = versions()
        self._lpi = Lpi()
        self._n, self._m, self._has_basis, self._dual = problem.n, problem.m, False, True
        self._cutoff: int | None = None  # the index of the cutoff row
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
        """Add the row row'x <= value, or change its value."""
        lo, hi = self._finite(np.array([-np.inf])), self._finite(np.array([value]))
        if self._cutoff is None:
            self._cutoff, self._m = self._m, self._m + 1
            columns = np.flatnonzero(row).astype(np.int32)
            begin = np.zeros(1, dtype=np.int32)
            self._lpi.do("AddRows", 1, lo, hi, None, columns.size, begin, columns, row[columns])
        else:
            self._lpi.do("ChgSides", 1, np.array([self._cutoff], dtype=np.int32), lo, hi)

    def clear(self) -> None:
        """Discard the basis, so that the next LP starts from scratch."""
        self._lpi.do("ClearState")
        self._has_basis = False

    def has_basis(self) -> bool:
        """Return whether the next run starts from a basis."""
        return self._has_basis

    def get_basis(self) -> Basis:
        """Return a copy of the basis."""
        basis = Basis(np.empty(self._n, dtype=np.int32), np.empty(self._m, dtype=np.int32))
        self._lpi.do("GetBase", *basis)
        return basis

    plain_basis = get_basis

    def set_basis(self, basis: object) -> None:
        """Start the next run from this basis.

        Raises ValueError if it is not a `Basis` of this model.
        """
        match basis:
            case Basis(np.ndarray(size=self._n) as columns, np.ndarray(size=self._m) as rows):
                self._lpi.do("SetBase", columns, rows)
                self._has_basis = True
            case _:
                raise ValueError("not a basis of this model")

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        """Set the options of the next run.

        seconds      time limit
        presolve     ignored: SCIP decides, and its status "infeasible" comes with a ray
        iterations   limit on simplex iterations
        """
        self._lpi.do("Interrupt", False)
        self._lpi.do("SetRealpar", TIME_LIMIT, min(seconds, self._lpi.infinity))
        self._lpi.do("SetIntpar", ITERATION_LIMIT, iterations)
        self._dual = algorithm == "dual"

    def run(self) -> object:
        """Solve the LP, with the GIL released."""
        self._has_basis = True
        self._lpi.do("SolveDual" if self._dual else "SolvePrimal")
        return None

    def cancel(self) -> None:
        """End the run soon; may be called from another thread."""
        self._lpi.do("Interrupt", True)

    def status(self) -> LpStatus | None:
        """Return how the run ended; None means infeasible or unbounded."""
        if self._lpi.ask("IsOptimal"):
            return LpStatus.OPTIMAL
        if self._lpi.ask("IsPrimalInfeasible"):
            return LpStatus.INFEASIBLE
        if self._lpi.ask("IsTimelimExc"):
            return LpStatus.TIME_LIMIT
        if self._lpi.ask("IsIterlimExc"):
            return LpStatus.ITERATION_LIMIT
        undecided = self._lpi.ask("GetInternalStatus") in (UNBOUNDED, INFEASIBLE_OR_UNBOUNDED)
        return None if undecided else LpStatus.FAILED

    def iterations(self) -> int:
        """Return the number of simplex iterations of the last run."""
        return self._lpi.count("GetIterations")

    def point(self) -> Vector:
        """Return the primal solution (n,) of the last run."""
        x = np.empty(self._n)
        self._lpi.do("GetSol", None, x, None, None, None)
        return x

    def reduced_costs(self) -> Vector:
        """Return the reduced costs (n,) of the last run."""
        costs = np.empty(self._n)
        self._lpi.do("GetSol", None, np.empty(self._n), None, None, costs.ctypes.data)
        return costs

    def duals(self) -> Vector:
        """Return the multipliers (m,) of the rows in the last run."""
        y = np.empty(self._m)
        self._lpi.do("GetSol", None, np.empty(self._n), y.ctypes.data, None, None)
        return y if self._cutoff is None else y[: self._cutoff]

    def ray(self) -> Vector | None:
        """Return a dual ray (m,) if the last run left one, else None."""
        if not self._lpi.ask("HasDualRay"):
            return None
        ray = np.empty(self._m)
        self._lpi.do("GetDualfarkas", ray)
        return ray

    def _finite(self, bound: Vector) -> Vector:
        """Return the bounds with infinite ones replaced by the LP solver's number for infinity."""
        infinity = self._lpi.infinity
        return np.where(bound >= INFINITE, infinity, np.where(bound <= -INFINITE, -infinity, bound))
