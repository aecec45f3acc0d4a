"""Roundings of each column by itself: up where its fractional part is above a cut, one half by default."""

from __future__ import annotations

from typing import Literal

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.roundings.base import ROUNDINGS, nearest

INV_SQRT_2PI = 0.3989422804014327


@ROUNDINGS.register("nearest", help="the nearest integer; the backward pass is the identity")
class Nearest:
    """The nearest integer; the backward pass is the identity (plain straight-through).

    Attributes
    ----------
    cut : float
        The fractional part above which a column is rounded up.
    """

    cut = 0.5

    def __init__(self, problem: Problem) -> None:
        self.integer = problem.integers
        self.lo, self.hi = problem.integer_range

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        y = x.copy()
        y[self.integer] = np.clip(nearest(x[self.integer], self.cut), self.lo, self.hi)
        return y

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return g itself (see `Rounding`)."""
        return g


@ROUNDINGS.register("gaussian", help="the nearest integer; the backward pass is a Gaussian's slope")
class Gaussian(Nearest):
    """The nearest integer; the backward pass is the slope of the soft rounding (paper, section 4.3).

        y~(x) = E[argmax_{y in {0,1}} y (x - 1/2 + sigma Z)] = Phi((x - 1/2)/sigma)
        dy~/dx = phi((x - 1/2)/sigma)/sigma,   with the fractional part in place of x on general integers

    Parameters
    ----------
    problem : Problem
        The model.
    sigma : float
        Width of the soft rounding, positive: towards 0 the slope is a Dirac at 1/2, towards infinity a
        constant.
    continuous : {"identity", "quirk"}
        The factor on continuous columns. With "identity" it is 1, as their forward pass is the identity. With
        "quirk" it is the slope there too, as in the authors' code.

    Raises
    ------
    UsageError
        If sigma is not positive or `continuous` is another word.
    """

    name = "gaussian"  # for messages

    def __init__(
        self, problem: Problem, sigma: float = 0.15, continuous: Literal["identity", "quirk"] = "identity"
    ) -> None:
        super().__init__(problem)
        if not sigma > 0:
            raise UsageError(f"rounding '{self.name}': sigma must be positive, got {sigma}")
        if continuous not in ("identity", "quirk"):
            raise UsageError(f"rounding 'gaussian': continuous must be identity or quirk, got '{continuous}'")
        self.sigma = sigma
        self.sloped_continuous = np.flatnonzero(~problem.integer) if continuous == "quirk" else None

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return g (n,) times the slope of the soft rounding at x (see `Rounding`)."""
        out = g.copy()
        z = x[self.integer]
        below = np.floor(z)
        below[z == self.hi] -= 1.0  # a column at its upper bound can only go down
        out[self.integer] *= self._slope(z - below)
        if self.sloped_continuous is not None:
            out[self.sloped_continuous] *= self._slope(x[self.sloped_continuous])
        return out

    def _slope(self, x: Vector) -> Vector:
        z = (x - self.cut) / self.sigma
        slope: Vector = np.exp(-0.5 * z * z) * (INV_SQRT_2PI / self.sigma)
        return slope


class RandomCut(Nearest):
    """The random cut of Bertacco, Fischetti, Lodi (2007), one for all columns of an iteration.

    With w uniform in [0, 1) the cut is 1 - t, where t = 2 w (1 - w) for w <= 1/2, and 1 - 2 w (1 - w) above.
    It lies in [0, 1], near 1/2 most of the time. Before the first draw it is 1/2.
    """

    def draw(self, rng: np.random.Generator) -> None:
        """Draw the cut (see `Randomised`)."""
        w = rng.random()
        t = 2.0 * w * (1.0 - w)
        self.cut = 1.0 - t if w <= 0.5 else t


@ROUNDINGS.register("random", help="up from a random threshold on, one for each iteration")
class Random(RandomCut, Gaussian):
    """Up where the fractional part is above a random cut; the backward pass is a Gaussian's slope there.

    Parameters
    ----------
    problem : Problem
        The model.
    sigma : float
        Width of the soft rounding, positive.

    Raises
    ------
    UsageError
        If sigma is not positive.

    References
    ----------
    Bertacco, Fischetti, Lodi 2007, section 3.1.
    """

    name = "random"

    def __init__(self, problem: Problem, sigma: float = 0.15) -> None:
        super().__init__(problem, sigma)
