"""HiGHS's simplex, on one thread.

Presolve stays at HiGHS's "choose": on without a basis, off with one. HiGHS's default simplex is the dual.
The callback that makes a solve cancellable costs about 1 us per simplex iteration.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from highspy import HighsBasisStatus, HighsStatus

from diffpump.backends.highs_model import LP_STATUS, loaded
from diffpump.backends.interface import BACKENDS, Basis
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

# HiGHS's names of the numbers in a `Basis`.
BASIS_STATUS = (
    HighsBasisStatus.kLower, HighsBasisStatus.kBasic, HighsBasisStatus.kUpper, HighsBasisStatus.kZero,
)  # fmt: skip
STRATEGY = {"dual": 1, "primal": 4}  # values of HiGHS's option simplex_strategy


@BACKENDS.register("highs", help="HiGHS's simplex")
class HighsSimplex:
    """A `Simplex` on one `highspy.Highs` that holds the model."""

    def __init__(self, problem: Problem) -> None:
        self._cost, self._lb, self._ub = np.zeros(problem.n), problem.lb, problem.ub
        self._m = problem.m  # without the cutoff row
        self._cutoff: int | None = None  # the index of the cutoff row
        self._highs = highs = loaded(problem, self._cost, relaxed=True)
        highs.setOptionValue("solver", "simplex")
        self.version = {"highs": highs.version()}
        self._cancelled = cancelled = [False]  # a callback that refers to HiGHS would be a reference cycle

        def callback(kind: object, message: str, out: object, into: Any, user: object) -> None:
            if cancelled[0]:
                into.user_interrupt = True

        highs.setCallback(callback, None)
        highs.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)

    def set_cost(self, cost: Vector) -> None:
        """Replace all costs; the basis stays.

        Only changed costs are passed, because HiGHS takes 50 ns for each.
        """
        changed = np.flatnonzero(cost != self._cost).astype(np.int32)
        self._highs.changeColsCost(changed.size, changed, cost[changed])
        self._cost = cost.copy()

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays.

        Only changed bounds are passed, as with costs.
        """
        changed = np.flatnonzero((lb != self._lb) | (ub != self._ub)).astype(np.int32)
        self._highs.changeColsBounds(changed.size, changed, lb[changed], ub[changed])
        self._lb, self._ub = lb.copy(), ub.copy()

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value with its slack basic, or change its value."""
        if self._cutoff is None:
            self._cutoff = self._highs.getNumRow()
            columns = np.flatnonzero(row).astype(np.int32)
            self._highs.addRow(-np.inf, value, columns.size, columns, row[columns])
        else:
            self._highs.changeRowBounds(self._cutoff, -np.inf, value)

    def clear(self) -> None:
        """Reset the solver to the model alone.

        The model is passed again, because after `clearSolver` the last bits of x still depend on earlier
        solves.
        """
        self._highs.passModel(self._highs.getLp())

    def has_basis(self) -> bool:
        """Return whether the next run starts from a basis."""
        return bool(self._highs.getBasis().valid)

    def get_basis(self) -> object:
        """Return a copy of the basis, as HiGHS represents it."""
        return self._highs.getBasis()

    def plain_basis(self) -> Basis:
        """Return a copy of the basis as a `Basis`."""
        basis = self._highs.getBasis()
        return Basis(
            *(
                np.array([int(status) for status in part], np.int32)
                for part in (basis.col_status, basis.row_status)
            )
        )

    def set_basis(self, basis: object) -> None:
        """Start the next run from this basis.

        Raises ValueError if HiGHS does not accept it for this model.
        """
        if isinstance(basis, Basis):
            basis = _converted(basis)
        if not isinstance(basis, highspy.HighsBasis) or self._highs.setBasis(basis) == HighsStatus.kError:
            raise ValueError("not a basis of this model")

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        """Set the options of the next run.

        seconds      time limit
        presolve     False: HiGHS must not presolve
        iterations   limit on simplex iterations
        """
        self._cancelled[0] = False
        highs = self._highs
        highs.setOptionValue("simplex_strategy", STRATEGY[algorithm])
        highs.setOptionValue("presolve", "choose" if presolve else "off")
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)  # HiGHS's clock counts all solves

    def run(self) -> object:
        """Solve the LP, with the GIL released."""
        return self._highs.run()

    def cancel(self) -> None:
        """End the run at the next simplex iteration; may be called from another thread."""
        self._cancelled[0] = True

    def status(self) -> LpStatus | None:
        """Return how the run ended; None means infeasible or unbounded."""
        return LP_STATUS.get(self._highs.getModelStatus(), LpStatus.FAILED)

    def iterations(self) -> int:
        """Return the number of simplex iterations of the last run."""
        return max(0, int(self._highs.getInfoValue("simplex_iteration_count")[1]))

    def point(self) -> Vector:
        """Return the primal solution (n,) of the last run.

        It is NaN if the run left no solution, because it ended at a limit while it solved presolve's model.
        """
        solution = self._highs.getSolution()
        if not solution.value_valid:
            return np.full(self._cost.size, np.nan)
        return np.fromiter(solution.col_value, np.float64, self._cost.size)

    def reduced_costs(self) -> Vector:
        """Return the reduced costs (n,) of the last run."""
        return np.fromiter(self._highs.getSolution().col_dual, np.float64, self._cost.size)

    def duals(self) -> Vector:
        """Return the multipliers (m,) of the rows in the last run."""
        return np.fromiter(self._highs.getSolution().row_dual, np.float64, self._m)

    def ray(self) -> Vector | None:
        """Return a dual ray (m,) if the last run left one, else None.

        The method asks for its existence first, because `getDualRay` would solve for one without limits.
        """
        if not self._highs.getDualRayExist()[1]:
            return None
        return np.array(self._highs.getDualRay()[2], dtype=np.float64)


def _converted(basis: Basis) -> highspy.HighsBasis:
    """Return the basis as HiGHS represents it."""
    out = highspy.HighsBasis()
    out.col_status = [BASIS_STATUS[k] for k in basis.columns.tolist()]
    out.row_status = [BASIS_STATUS[k] for k in basis.rows.tolist()]
    out.valid = True
    return out
