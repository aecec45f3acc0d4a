"""HiGHS's simplex as an engine.

Presolve stays at HiGHS's "choose": on without a basis, off with one. The default simplex is the dual. One
thread. The callback that lets a solve be cancelled costs about 1 us an iteration.

HiGHS's model is not quite the file's: it drops |a| <= 1e-9, and bounds of 1e20 and beyond are infinite. The
exact check judges every solution, so this may cost a solution but never makes a wrong one.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from highspy import HighsBasisStatus, HighsModelStatus, HighsStatus

from diffpump.backends.interface import Basis
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

AT = (HighsBasisStatus.kLower, HighsBasisStatus.kBasic, HighsBasisStatus.kUpper, HighsBasisStatus.kZero)
STRATEGY = {"dual": 1, "primal": 4}  # HiGHS's simplex_strategy
STATUS = {
    HighsModelStatus.kOptimal: LpStatus.OPTIMAL,
    HighsModelStatus.kModelEmpty: LpStatus.OPTIMAL,
    HighsModelStatus.kInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kUnbounded: LpStatus.UNBOUNDED,
    HighsModelStatus.kUnboundedOrInfeasible: None,  # presolve cannot tell
    HighsModelStatus.kTimeLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kIterationLimit: LpStatus.ITERATION_LIMIT,
}  # any other is a failure


class HighsSimplex:
    """An `Simplex`: one `highspy.Highs` holding the model."""

    def __init__(self, problem: Problem) -> None:
        self._highs = highs = highspy.Highs()
        self.version = {"highs": highs.version()}
        self._cost, self._lb, self._ub = np.zeros(problem.n), problem.lb, problem.ub
        self._cutoff: int | None = None  # the cutoff row's number
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
            highs.setOptionValue(option, value)
        status = highs.passModel(
            problem.n, problem.m, problem.nnz, int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize), 0.0, self._cost,
            problem.lb, problem.ub, problem.row_lo, problem.row_hi,
            problem.A.indptr, problem.A.indices, problem.A.data, np.zeros(problem.n, dtype=np.int32),
        )  # fmt: skip
        if status == HighsStatus.kError:  # a later `run` would solve the empty model
            raise InputError("HiGHS refuses the model (a coefficient of 1e15 or more?)")
        self._cancelled = cancelled = [False]  # the callback must not hold HiGHS, which holds it

        def callback(kind: object, message: str, out: object, into: Any, user: object) -> None:
            if cancelled[0]:
                into.user_interrupt = True

        highs.setCallback(callback, None)
        highs.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)

    def set_cost(self, cost: Vector) -> None:
        """Replace all costs; the basis stays. Only changed ones go over: HiGHS takes 50 ns for each."""
        changed = np.flatnonzero(cost != self._cost).astype(np.int32)
        self._highs.changeColsCost(changed.size, changed, cost[changed])
        self._cost = cost.copy()

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays. Only changed ones go over, as with costs."""
        changed = np.flatnonzero((lb != self._lb) | (ub != self._ub)).astype(np.int32)
        self._highs.changeColsBounds(changed.size, changed, lb[changed], ub[changed])
        self._lb, self._ub = lb.copy(), ub.copy()

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add row'x <= value, its slack basic, or change its value."""
        if self._cutoff is None:
            self._cutoff = self._highs.getNumRow()
            at = np.flatnonzero(row).astype(np.int32)
            self._highs.addRow(-np.inf, value, at.size, at, row[at])
        else:
            self._highs.changeRowBounds(self._cutoff, -np.inf, value)

    def clear(self) -> None:
        """Forget everything but the model. After `clearSolver` the last bits of x still tell of the past."""
        self._highs.passModel(self._highs.getLp())

    def has_basis(self) -> bool:
        """True when the next run starts warm."""
        return bool(self._highs.getBasis().valid)

    def get_basis(self) -> object:
        """A copy of the basis."""
        return self._highs.getBasis()

    def plain_basis(self) -> Basis:
        """The same as numbers."""
        basis = self._highs.getBasis()
        return Basis(
            *(
                np.array([int(status) for status in part], np.int32)
                for part in (basis.col_status, basis.row_status)
            )
        )

    def set_basis(self, basis: object) -> None:
        """Start the next run from this basis."""
        if isinstance(basis, Basis):
            basis = _converted(basis)
        if not isinstance(basis, highspy.HighsBasis) or self._highs.setBasis(basis) == HighsStatus.kError:
            raise ValueError("not a basis of this model")

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        """Settings of the next run."""
        self._cancelled[0] = False
        highs = self._highs
        highs.setOptionValue("simplex_strategy", STRATEGY[algorithm])
        highs.setOptionValue("presolve", "choose" if presolve else "off")
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)  # its clock runs over all solves

    def run(self) -> object:
        """Solve; releases the GIL."""
        return self._highs.run()

    def cancel(self) -> None:
        """End the run at the next simplex iteration; called from another thread."""
        self._cancelled[0] = True

    def status(self) -> LpStatus | None:
        """How the run ended."""
        return STATUS.get(self._highs.getModelStatus(), LpStatus.FAILED)

    def iterations(self) -> int:
        """Simplex iterations of the last run."""
        return max(0, int(self._highs.getInfoValue("simplex_iteration_count")[1]))

    def point(self) -> Vector:
        """The primal solution of the last run; NaN where it left none (cut off in presolve's model)."""
        solution = self._highs.getSolution()
        if not solution.value_valid:
            return np.full(self._cost.size, np.nan)
        return np.fromiter(solution.col_value, np.float64, self._cost.size)

    def reduced_costs(self) -> Vector:
        """Those of the last run."""
        return np.fromiter(self._highs.getSolution().col_dual, np.float64, self._cost.size)

    def ray(self) -> Vector | None:
        """A dual ray, if the last run left one (asked first: `getDualRay` would solve for one, unlimited)."""
        if not self._highs.getDualRayExist()[1]:
            return None
        return np.array(self._highs.getDualRay()[2], dtype=np.float64)


def _converted(basis: Basis) -> highspy.HighsBasis:
    """The same basis as HiGHS has it."""
    out = highspy.HighsBasis()
    out.col_status = [AT[k] for k in basis.columns.tolist()]
    out.row_status = [AT[k] for k in basis.rows.tolist()]
    out.valid = True
    return out
