"""The types and the registry of the Jacobians."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.registry import Registry

Argmin = Callable[[Vector], Vector | None]


@dataclass(frozen=True, eq=False)
class Optimum:
    """An LP, its optimum, and a way to solve the LP under other costs.

    Attributes
    ----------
    theta : (n,) float64
        The cost of the LP.
    x : (n,) float64
        Its optimum x*(theta).
    argmin : callable
        theta (n,) -> x*(theta) (n,), or None if that LP gives no point (a time limit, a numerical failure).
    """

    theta: Vector
    x: Vector
    argmin: Argmin


class Jacobian(Protocol):
    """A surrogate Jacobian of the LP argmin."""

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Carry a gradient at x_lp back to theta.

        Parameters
        ----------
        at : Optimum
            The LP and its optimum.
        g : (n,) float64
            The gradient in x_lp.
        rng : numpy.random.Generator
            For random samples.

        Returns
        -------
        (n,) float64
            The gradient in theta.
        """
        ...


JACOBIANS: Registry[Jacobian] = Registry(
    "jacobian", package="diffpump.operators.jacobians", group="diffpump.jacobians"
)
