"""A relaxation without a solver, to test the pump, a loss, or anything else that calls `solve`.

    FakeRelaxation(problem, [np.array([0.5, 1.0]), LpStatus.FAILED])

The first call of `solve` returns this point, and the second one fails. After the script, or from the start if
there is none, `solve` returns the optimum over the bounds alone: lb_j if cost_j >= 0, and ub_j if cost_j < 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus


class FakeRelaxation:
    """A `Relaxation` that follows a script.

    costs   every cost (n,) that `solve` was called with
    """

    algorithm = "dual"
    failures = 0

    def __init__(self, problem: Problem, script: Iterable[Vector | LpStatus] = ()) -> None:
        self.versions = {"fake": "1"}
        self.costs: list[Vector] = []
        self._script = iter(script)
        self.set_bounds(problem.lb, problem.ub)

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return the next answer of the script, or the optimum over the bounds after its end.

        Raises ValueError if `cost` is not a finite vector (n,).
        """
        if cost.shape != self._lb.shape or not np.isfinite(cost).all():
            raise ValueError("the cost is not a finite vector, one entry a column")
        self.costs.append(cost.copy())
        if limits is not None and limits.stop is not None and limits.stop():
            return self._ended(LpStatus.INTERRUPTED)
        answer = next(self._script, None)
        if isinstance(answer, LpStatus):
            return self._ended(answer)
        if answer is None:
            answer = np.where(cost < 0, self._ub, self._lb)
            answer = np.where((cost == 0) & np.isinf(answer), np.clip(0.0, self._lb, self._ub), answer)
            if np.isinf(answer).any():
                return self._ended(LpStatus.UNBOUNDED)
        return LpResult(LpStatus.OPTIMAL, np.clip(answer, self._lb, self._ub), 1, 0.0, "dual")

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds."""
        self._lb, self._ub = lb.copy(), ub.copy()

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Do nothing, since neither the script nor the bounds depend on rows."""

    def save_basis(self) -> object:
        """Return None, since there is no basis."""
        return None

    def restore_basis(self, basis: object) -> None:
        """Do nothing, since there is no basis."""

    def _ended(self, status: LpStatus) -> LpResult:
        return LpResult(status, np.full(self._lb.size, np.nan), 0, 0.0, "dual")
