"""The points of an LP relaxation that an operator may ask for beside its vertices."""

from __future__ import annotations

from typing import Protocol

from diffpump.core.arrays import Vector


class Interior(Protocol):
    """Points of an LP relaxation P that are no vertices, for operators that need them."""

    def centre(self) -> Vector | None:
        """Return a point (n,) near the analytic centre of P, or None if there is none or it is too slow.

        It is computed once, at the first call.
        """
        ...

    def regularised(self, cost: Vector, weight: float) -> Vector | None:
        """Return argmin_{x in P} cost'x + weight/2 ||x||^2 (n,), or None if the solver fails.

        Parameters
        ----------
        cost : (n,) float64
            The linear cost.
        weight : float
            The weight of the square, positive.

        Raises
        ------
        UsageError
            If the model is too large for the solver.
        """
        ...
