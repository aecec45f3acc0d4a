"""Linear interpolation of the argmin between theta and one other cost."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.operators.jacobians.base import JACOBIANS, Optimum


@JACOBIANS.register("interpolation", help="a difference quotient of step `lam` towards the gradient, one LP")
class Interpolation:
    """The difference quotient of the argmin in the direction of the gradient.

        g_theta = (x*(theta + lam g) - x*(theta)) / lam

    It is the gradient of a piecewise linear interpolation of theta -> g'x*(theta), and is not linear in g.

    Parameters
    ----------
    lam : float
        The step, positive. With a small one the other cost has the same optimum, and the gradient is 0. The
        source advises to give lam g the size of theta, which is that of the default in the pump, where the
        entries of theta and g are about 1.

    Raises
    ------
    UsageError
        If `lam` is not positive.

    Notes
    -----
    It takes one more LP in each iteration, and none if g = 0. If that LP gives no point, the gradient is 0.

    References
    ----------
    Vlastelica, Paulus, Musil, Martius, Rolinek, Differentiation of blackbox combinatorial solvers, 2020.
    """

    def __init__(self, lam: float = 1.0) -> None:
        if not lam > 0:
            raise UsageError(f"jacobian 'interpolation': lam must be positive, got {lam}")
        self.lam = lam

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""
        x = at.argmin(at.theta + self.lam * g) if g.any() else None
        return np.zeros_like(g) if x is None else (x - at.x) / self.lam
