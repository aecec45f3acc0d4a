"""Minus identity that knows the constraints: the projection onto the directions that active rows leave."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.jacobians.base import JACOBIANS, Optimum
from diffpump.operators.jacobians.null_space import active_rows, null_space_part


@JACOBIANS.register("projection", help="minus the projector onto the null space of the active rows")
class Projection:
    """Minus the orthogonal projection onto the null space of the rows A_a that are active at x_lp.

        g_theta = -(I - A_a'(A_a A_a' + damping I)^+ A_a) g,   the rows of A_a scaled to norm 1

    Minus identity lets x_lp move in any direction, also in those that equalities and tight rows forbid. This
    Jacobian answers a change of theta only by directions that keep the active rows. Bounds do not count: at a
    vertex the active rows and bounds together leave no direction.

    Parameters
    ----------
    damping : float
        Interpolates between the projection at 0 and minus identity at infinity, >= 0. With 1 a single row
        removes half of its component.

    Raises
    ------
    UsageError
        If the damping is negative.

    Notes
    -----
    It takes no LP, but some tens of products with the active rows and their transpose in each iteration (see
    `null_space`).

    References
    ----------
    The paper's conclusion asks for a Jacobian that knows the constraints. The quadratic regularisation of
    Wilder et al. 2019 has this projection, on its columns between their bounds.
    """

    def __init__(self, problem: Problem, damping: float = 0.0) -> None:
        if damping < 0:
            raise UsageError(f"jacobian 'projection': damping must be >= 0, got {damping}")
        self.problem, self.damping = problem, damping

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""
        active = self.problem.A[np.flatnonzero(active_rows(self.problem, at.x))]
        return -null_space_part(active, g, self.damping)
