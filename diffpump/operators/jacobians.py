"""Jacobians of the LP argmin x*(theta) = argmin_{x in P} theta'x.

The argmin is piecewise constant, so its true Jacobian is 0 almost everywhere; these are surrogates. One
verb: `vjp(theta, g, solve, rng)` carries a gradient g at x_lp back to theta. `solve(theta)` gives the LP
point under another cost, or None when that LP ended otherwise (a time limit, a numerical failure).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector, dot
from diffpump.core.errors import UsageError
from diffpump.core.spec import Registry

Argmin = Callable[[Vector], Vector | None]


class Jacobian(Protocol):
    """A surrogate Jacobian of the LP argmin."""

    def vjp(self, theta: Vector, g: Vector, solve: Argmin, rng: np.random.Generator) -> Vector:
        """The gradient at x_lp carried to theta; both (n,)."""
        ...


JACOBIANS: Registry[Jacobian] = Registry("jacobian")


@JACOBIANS.register("minus_identity")
class MinusIdentity:
    """dx*/dtheta ~ -I (paper, section 3; Sahoo et al. 2023): raise a column's cost and it goes down."""

    def vjp(self, theta: Vector, g: Vector, solve: Argmin, rng: np.random.Generator) -> Vector:
        return -g


@JACOBIANS.register("perturbation")
class Perturbation:
    """Monte-Carlo smoothing with Gaussian noise (paper, eq. 4; Berthet et al. 2020).

    g_theta = 1/(M sigma) sum_k Z_k (x*(theta + sigma Z_k)'g), Z_k ~ N(0, I), M = `samples` extra LPs an
    iteration. (The authors' code multiplies by sigma twice; the two agree at sigma = 1.) A sample whose
    LP does not end optimal is left out; with none left the gradient is 0.
    """

    def __init__(self, samples: int = 1, sigma: float = 1.0) -> None:
        if samples < 1 or int(samples) != samples:
            raise UsageError(f"jacobian 'perturbation': samples must be a whole number >= 1, got {samples}")
        if not sigma > 0:
            raise UsageError(f"jacobian 'perturbation': sigma must be positive, got {sigma}")
        self.samples, self.sigma = int(samples), sigma

    def vjp(self, theta: Vector, g: Vector, solve: Argmin, rng: np.random.Generator) -> Vector:
        total, used = np.zeros_like(theta), 0
        for _ in range(self.samples):
            noise = rng.standard_normal(theta.size)
            x = solve(theta + self.sigma * noise)
            if x is not None:
                total += noise * dot(x, g)
                used += 1
        return total / (max(used, 1) * self.sigma)
