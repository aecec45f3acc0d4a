"""Optimizers: gradient steps on theta. An optimizer keeps its own state, such as a momentum.

Those of torch.optim are in `operators.torch_optim`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.registry import Registry


class Optimizer(Protocol):
    """A rule for the step from one theta to the next."""

    def step(self, theta: Vector, gradient: Vector) -> Vector:
        """Return the next theta (n,), from theta (n,) and the gradient (n,) there."""
        ...

    def reset(self) -> None:
        """Forget all earlier steps, so that the next one is that of a new optimizer."""
        ...


OPTIMIZERS: Registry[Optimizer] = Registry(
    "optimizer", package="diffpump.operators", group="diffpump.optimizers"
)


def _check(name: str, eta: float, **fractions: float) -> None:
    if not eta > 0:
        raise UsageError(f"optimizer '{name}': eta must be positive, got {eta}")
    for key, value in fractions.items():
        if not 0 <= value < 1:
            raise UsageError(f"optimizer '{name}': {key} must lie in [0, 1), got {value}")


@OPTIMIZERS.register("gradient", help="theta - eta g")
class GradientDescent:
    """Gradient descent: theta <- theta - eta g.

    Parameters
    ----------
    eta : float
        The step size, positive.

    Raises
    ------
    UsageError
        If eta is not positive.
    """

    def __init__(self, eta: float = 1.0) -> None:
        _check("gradient", eta)
        self.eta = eta

    def step(self, theta: Vector, gradient: Vector) -> Vector:
        """Return the next theta (n,) (see `Optimizer`)."""
        return theta - self.eta * gradient

    def reset(self) -> None:
        """Do nothing: there is no state."""


@OPTIMIZERS.register("momentum", help="gradient steps with momentum beta")
class Momentum:
    """Gradient descent with momentum: v <- beta v + g, theta <- theta - eta v, v = g in the first step.

    Parameters
    ----------
    eta : float
        The step size, positive.
    beta : float
        The share of v that is kept, in [0, 1).

    Raises
    ------
    UsageError
        If a parameter lies outside its range.
    """

    def __init__(self, eta: float = 1.0, beta: float = 0.5) -> None:
        _check("momentum", eta, beta=beta)
        self.eta, self.beta = eta, beta
        self.reset()

    def reset(self) -> None:
        """Forget v (see `Optimizer`)."""
        self.v: Vector | None = None

    def step(self, theta: Vector, gradient: Vector) -> Vector:
        """Return the next theta (n,) and keep v (see `Optimizer`)."""
        self.v = gradient.copy() if self.v is None else self.beta * self.v + gradient
        return theta - self.eta * self.v


@OPTIMIZERS.register("adam", help="Adam with bias correction")
class Adam:
    """Adam with bias correction.

    Parameters
    ----------
    eta : float
        The step size, positive, which Kingma and Ba call alpha.
    beta1 : float
        The share of the gradients' moving average that is kept, in [0, 1).
    beta2 : float
        The share of the squares' moving average that is kept, in [0, 1).
    eps : float
        Added to the root of that average.

    Raises
    ------
    UsageError
        If eta, beta1 or beta2 lies outside its range.

    References
    ----------
    Kingma and Ba 2015.
    """

    def __init__(self, eta: float = 1.0, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> None:
        _check("adam", eta, beta1=beta1, beta2=beta2)
        self.eta, self.beta1, self.beta2, self.eps = eta, beta1, beta2, eps
        self.reset()

    def reset(self) -> None:
        """Forget both averages and the number of steps (see `Optimizer`)."""
        self.first: Vector | None = None  # moving average of the gradients
        self.second: Vector | None = None  # moving average of their squares
        self.t = 0  # steps so far

    def step(self, theta: Vector, gradient: Vector) -> Vector:
        """Return the next theta (n,) and keep both averages (see `Optimizer`)."""
        if self.first is None or self.second is None:
            self.first, self.second = np.zeros_like(theta), np.zeros_like(theta)
        self.t += 1
        self.first = self.beta1 * self.first + (1 - self.beta1) * gradient
        self.second = self.beta2 * self.second + (1 - self.beta2) * gradient**2
        mean = self.first / (1 - self.beta1**self.t)
        spread = self.second / (1 - self.beta2**self.t)
        return theta - self.eta * mean / (np.sqrt(spread) + self.eps)
