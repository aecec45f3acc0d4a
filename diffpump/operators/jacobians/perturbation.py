"""Monte-Carlo smoothing of the argmin: the Jacobian of E[x*(theta + sigma Z)] for Gaussian Z.

By Stein's identity it is E[x*(theta + sigma Z) Z'] / sigma. Each sample of Z costs one LP, or two with its
mirror image -Z.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector, dot
from diffpump.core.errors import UsageError
from diffpump.operators.jacobians.base import JACOBIANS, Optimum


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
        self.samples, self.sigma = _checked("perturbation", samples, sigma)

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""

        def value(noise: Vector) -> float | None:
            x = at.argmin(at.theta + self.sigma * noise)
            return None if x is None else dot(x, g)

        return _mean(at, self.samples, rng, value) / self.sigma


@JACOBIANS.register("antithetic", help="as perturbation, with `samples` LPs in pairs of opposite noise")
class Antithetic:
    """Monte-Carlo smoothing with pairs of opposite Gaussian noise.

        g_theta = 1/(M sigma) sum_{k=1}^{M/2} Z_k ((x*(theta + sigma Z_k) - x*(theta - sigma Z_k))'g)

    The mean is that of `perturbation`. A pair takes out the term Z_k x*(theta)'g / sigma, whose mean is 0.

    Parameters
    ----------
    samples : int
        M, even, the number of additional LPs in each iteration. A pair of which an LP gives no point is left
        out of the mean. If no pair is left, the gradient is 0.
    sigma : float
        Standard deviation of the noise, positive.

    Raises
    ------
    UsageError
        If `samples` is not an even number >= 2 or sigma is not positive.

    Notes
    -----
    For a linear x*(theta + z) = x* + J z the variance, summed over the entries, is 2 (n + 1) ||J'g||^2 / M.
    That of `perturbation` with M samples is (n (x*'g)^2 / sigma^2 + (n + 1) ||J'g||^2) / M. So for as many
    LPs pairs are better if |x*'g| exceeds about sigma ||J'g||.

    References
    ----------
    The paper, eq. 4; Hammersley and Morton, A new Monte Carlo technique: antithetic variates, 1956.
    """

    def __init__(self, samples: int = 2, sigma: float = 1.0) -> None:
        self.samples, self.sigma = _checked("antithetic", samples, sigma)
        if self.samples % 2:
            raise UsageError(f"jacobian 'antithetic': samples must be even, got {samples}")

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return the gradient (n,) in theta (see `Jacobian`)."""

        def value(noise: Vector) -> float | None:
            above, below = (at.argmin(at.theta + step * noise) for step in (self.sigma, -self.sigma))
            return None if above is None or below is None else dot(above - below, g) / 2

        return _mean(at, self.samples // 2, rng, value) / self.sigma


def _checked(name: str, samples: int, sigma: float) -> tuple[int, float]:
    if samples < 1 or int(samples) != samples:
        raise UsageError(f"jacobian '{name}': samples must be a whole number >= 1, got {samples}")
    if not sigma > 0:
        raise UsageError(f"jacobian '{name}': sigma must be positive, got {sigma}")
    return int(samples), sigma


def _mean(
    at: Optimum, samples: int, rng: np.random.Generator, value: Callable[[Vector], float | None]
) -> Vector:
    """Return the mean of Z value(Z) (n,) over the samples Z that have a value, 0 if none has one."""
    total, used = np.zeros_like(at.theta), 0
    for _ in range(samples):
        noise = rng.standard_normal(at.theta.size)
        weight = value(noise)
        if weight is not None:
            total += noise * weight
            used += 1
    return total / max(used, 1)
