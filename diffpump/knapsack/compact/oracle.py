"""The semidefinite relaxation of a compact knapsack as the pump's oracle, in place of an LP relaxation."""

from __future__ import annotations

import time

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpResult, LpStatus
from diffpump.knapsack.compact import rows as r
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.compact.relaxations import MOST_ITEMS
from diffpump.knapsack.compact.sdp import solve_sdp


class SdpRelaxation:
    """The set of the diagonals x of matrices X that satisfy the naive semidefinite relaxation.

    It has the methods of `backends.interface.Relaxation`. A re-solve changes the cost alone, and starts from
    the last point (SCS). There is no basis to save, and bounds other than the model's are refused.

    Parameters
    ----------
    instance : Compact
        The instance.
    tolerance : float
        The solver's.

    Raises
    ------
    UsageError
        Beyond `relaxations.MOST_ITEMS` items.
    """

    algorithm = "scs"

    def __init__(self, instance: Compact, tolerance: float = 1e-4) -> None:
        if instance.n > MOST_ITEMS:
            raise UsageError(f"a semidefinite relaxation takes up to {MOST_ITEMS} items, got {instance.n}")
        self._n, self._tolerance = instance.n, tolerance
        self._rows = self._own = r.stacked([r.weight(instance), r.compactness(instance)])
        self._warm: tuple[Vector, Vector, Vector] | None = None
        self.versions: dict[str, str] = {}
        self.failures = 0

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return argmin cost'x, clipped to [0, 1] (see `Relaxation`)."""
        began = time.perf_counter()
        full = np.zeros(r.size(self._n))
        # The tolerance is relative to a largest cost of 1.
        full[r.diagonal(self._n)] = cost / max(float(np.abs(cost).max(initial=0.0)), 1e-12)
        seconds = np.inf if limits is None or limits.seconds is None else limits.seconds
        point = solve_sdp(self._n, full, self._rows, "scs", self._tolerance, seconds, self._warm)
        self._warm = point.warm
        x = np.clip(point.entries[r.diagonal(self._n)], 0.0, 1.0)
        spent = time.perf_counter() - began
        status = LpStatus.OPTIMAL
        if not point.status.startswith("solved"):
            status, self.failures = LpStatus.FAILED, self.failures + 1
        elif limits is not None and limits.seconds is not None and spent >= limits.seconds:
            status = LpStatus.TIME_LIMIT
        return LpResult(status, x, point.iterations, spent, self.algorithm)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Accept the model's own bounds, 0 and 1. Raises ValueError for others."""
        if lb.any() or (ub != 1.0).any():
            raise ValueError("a semidefinite relaxation keeps its bounds")

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value (see `Relaxation`)."""
        cut = r.made(self._n, r.diagonal(self._n)[None], -row[None], -value)
        self._rows, self._warm = r.stacked([self._own, cut]), None

    def save_basis(self) -> object:
        """Return None: there is no basis."""
        return None

    def restore_basis(self, basis: object) -> None:
        """Start the next program from scratch."""
        self._warm = None
