"""Jacobians of the LP argmin x*(theta) = argmin_{x in P} theta'x.

The argmin is piecewise constant, so its true Jacobian is 0 almost everywhere. The Jacobians here are
surrogates with one method, `vjp(at, g, rng)`, which carries a gradient g at x_lp back to theta.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector, dot
from diffpump.core.errors import UsageError
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


JACOBIANS: Registry[Jacobian] = Registry("jacobian", package="diffpump.operators", group="diffpump.jacobians")


@JACOBIANS.register("minus_identity", help="-I: a column goes down when its cost goes up")
class MinusIdentity:
    """dx*/dtheta ~ -I: if the cost of a column goes up, the column goes down.

    References
    ----------
    The paper, section 3; Sahoo et al. 2023.
    """

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return -g (see `Jacobian`)."""
        return -g


@JACOBIANS.register("perturbation", help="Monte-Carlo smoothing by `samples` more LPs an iteration")
class Perturbation:
    """Monte-Carlo smoothing with Gaussian noise.

        g_theta = 1/(M sigma) sum_{k=1}^{M} Z_k (x*(theta + sigma Z_k)'g),   Z_k ~ N(0, I)

    Parameters
    ----------
    samples : int
        M >= 1, the number of additional LPs in each iteration. A sample whose LP gives no point is left out
        of the mean. If no sample is left, the gradient is 0.
    sigma : float
        Standard deviation of the noise, positive.

    Raises
    ------
    UsageError
        If `samples` is not a whole number >= 1 or sigma is not positive.

    Notes
    -----
    The authors' code multiplies by sigma twice, which agrees with this formula at sigma = 1.

    References
    ----------
    The paper, eq. 4; Berthet et al. 2020.
    """

    def __init__(self, samples: int = 1, sigma: float = 1.0) -> None:
        if samples < 1 or int(samples) != samples:
            raise UsageError(f"jacobian 'perturbation': samples must be a whole number >= 1, got {samples}")
        if not sigma > 0:
            raise UsageError(f"jacobian 'perturbation': sigma must be positive, got {sigma}")
        self.samples, self.sigma = int(samples), sigma

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""
        total, used = np.zeros_like(at.theta), 0
        for _ in range(self.samples):
            noise = rng.standard_normal(at.theta.size)
            x = at.argmin(at.theta + self.sigma * noise)
            if x is not None:
                total += noise * dot(x, g)
                used += 1
        return total / (max(used, 1) * self.sigma)
