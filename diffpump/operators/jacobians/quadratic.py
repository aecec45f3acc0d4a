"""The exact Jacobian of the argmin of a regularised LP, on small models."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.interior import Interior
from diffpump.core.problem import Problem
from diffpump.operators.jacobians.base import JACOBIANS, Optimum
from diffpump.operators.jacobians.null_space import active_rows, columns_at_bounds, null_space_part


@JACOBIANS.register("quadratic", help="that of the LP with weight/2 ||x||^2 added, one QP, on small models")
class Quadratic:
    """The Jacobian of x_w(theta) = argmin_{x in P} theta'x + weight/2 ||x||^2.

    x_w is piecewise linear in theta. With the rows A_a that are active and the columns F that are between
    their bounds at x_w, the optimality conditions give, wherever they are differentiable,

        dx_w/dtheta = -1/weight (projector onto {d : A_a d = 0, d_j = 0 for j not in F})

    Parameters
    ----------
    weight : float
        The weight of the square, positive. A small one brings x_w near to a vertex, where no column is free
        and the gradient is 0. A large one brings it near to the point of P with the smallest norm.

    Raises
    ------
    UsageError
        If the weight is not positive, or by `vjp` if the model is too large for the QP solver.

    Notes
    -----
    It takes one QP in each iteration, which costs far more than an LP (see `backends.interior`). If the
    solver fails, the gradient is 0.

    References
    ----------
    Wilder, Dilkina, Tambe, Melding the data-decisions pipeline, 2019; Amos and Kolter, OptNet, 2017.
    """

    def __init__(self, problem: Problem, interior: Interior, weight: float = 1.0) -> None:
        if not weight > 0:
            raise UsageError(f"jacobian 'quadratic': weight must be positive, got {weight}")
        self.problem, self.interior, self.weight = problem, interior, weight

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""
        problem, gradient = self.problem, np.zeros_like(g)
        x = self.interior.regularised(at.theta, self.weight)
        if x is not None:
            free = np.flatnonzero(~columns_at_bounds(problem, x))
            active = problem.A[np.flatnonzero(active_rows(problem, x))][:, free]
            gradient[free] = -null_space_part(active, g[free]) / self.weight
        return gradient
