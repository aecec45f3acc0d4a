"""Points of an LP relaxation P that are no vertices, by HiGHS: its centre, and regularised optima.

    centre                    an interior point under cost zero, near the analytic centre of P
    regularised(c, weight)    argmin_{x in P} c'x + weight/2 ||x||^2

Nothing is solved before it is asked for. Points that violate a row by more than `FEASIBILITY_TOL` are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from diffpump.backends.highs_model import loaded
from diffpump.backends.lp import run_once, solve_lp
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus

CENTRE_SECONDS = 30.0  # longest time for the centre
QP_SECONDS = 10.0  # longest time for one regularised optimum
# The largest models for `regularised`. HiGHS's active set method takes one step for almost every column that
# leaves a bound. It needs 0.1 to 0.6 s on sp150x300d and tr12-30 (600 and 1080 columns, 1200 and 2508
# nonzeros), 1.5 to 2.5 s on beasleyC3, p200x1188c and binkar10_1 (2298 to 2500 columns, 4496 to 5000
# nonzeros), 5 s on pg5_34 (2600 and 7700), 11 s on pg (2700 and 5200), and more than 20 s on mcsched (1747
# and 8088) and lotsize (2985 and 6565).
QP_COLUMNS = 2500
QP_NONZEROS = 5000


class HighsInterior:
    """The interior points of the LP relaxation of a problem (see `Interior`).

    Parameters
    ----------
    problem : Problem
        The model, whose integrality is ignored.
    limits : callable
        Returns the limits of the next solve. By default only those of this module hold.
    """

    def __init__(self, problem: Problem, limits: Callable[[], LpLimits] = LpLimits) -> None:
        self._problem, self._limits = problem, limits
        self._centre: Vector | None = None
        self._asked = False

    def centre(self) -> Vector | None:
        """Return a point (n,) near the analytic centre of P, or None if there is none or it is too slow.

        Under cost zero the central path of an interior point method is one point, the analytic centre.
        Presolve is off, since postsolve would put the columns that it removes at a bound. Where P is
        unbounded, and so has no analytic centre, the point is any that the method has found.

        Notes
        -----
        Without rows HiGHS does not use the method, and the point may be a vertex. The returned array cannot
        be written to.

        References
        ----------
        Baena and Castro, Using the analytic center in the feasibility pump, 2011.
        """
        if not self._asked:
            zero = np.zeros(self._problem.n)
            lp = solve_lp(self._problem, self._within(CENTRE_SECONDS), "ipm", cost=zero, presolve=False)
            self._centre, self._asked = self._point(lp), True
            if self._centre is not None:
                self._centre.flags.writeable = False
        return self._centre

    def regularised(self, cost: Vector, weight: float) -> Vector | None:
        """Return argmin_{x in P} cost'x + weight/2 ||x||^2 (n,), or None if it fails (see `Interior`).

        Raises
        ------
        UsageError
            If the model has more than `QP_COLUMNS` columns or `QP_NONZEROS` nonzeros.
        ValueError
            If `cost` is not a finite vector (n,), or if the weight is not a positive number: HiGHS would read
            past the end of the cost, and takes numbers that are not finite.
        """
        problem, n = self._problem, self._problem.n
        if n > QP_COLUMNS or problem.nnz > QP_NONZEROS:
            raise UsageError(
                f"the quadratic solver takes at most {QP_COLUMNS} columns and {QP_NONZEROS} nonzeros, and "
                f"this model has {n} and {problem.nnz}: use another Jacobian, such as projection"
            )
        cost = np.ascontiguousarray(cost, dtype=np.float64)
        if cost.shape != (n,) or not np.isfinite(cost).all():
            raise ValueError(f"the cost must be {n} finite numbers")
        if not 0 < weight < np.inf:
            raise ValueError(f"the weight must be a positive number, got {weight}")
        highs = loaded(problem, cost / weight, relaxed=True)  # the optimum is that of weight 1
        status = highs.passHessian(
            n, n, int(highspy.HessianFormat.kTriangular), np.arange(n + 1, dtype=np.int32),
            np.arange(n, dtype=np.int32), np.ones(n),
        )  # fmt: skip
        if status != highspy.HighsStatus.kOk:
            return None
        # The regularisation of HiGHS is for singular Hessians, and would move the optimum.
        options = {"solver": "qpasm", "qp_regularization_value": 0.0, "qp_nullspace_limit": QP_COLUMNS}
        return self._point(run_once(highs, problem, self._within(QP_SECONDS), options))

    def _within(self, seconds: float) -> LpLimits:
        """Return the limits of the run, its iterations left out, with at most these seconds."""
        limits = self._limits()
        left = seconds if limits.seconds is None else min(seconds, limits.seconds)
        return replace(limits, seconds=left, iterations=None)

    def _point(self, lp: LpResult) -> Vector | None:
        optimal = lp.status is LpStatus.OPTIMAL and bool(np.isfinite(lp.x).all())
        return lp.x if optimal and not self._problem.violated_rows(lp.x).any() else None
