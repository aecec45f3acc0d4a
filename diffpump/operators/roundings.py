"""Roundings x_lp -> x_round, with a hard forward pass and a differentiable backward pass.

A rounding has two methods on (n,) float64 vectors: `forward(x)` returns x_round, and `vjp(x, g)` carries a
gradient g at x_round back to x_lp. The backward pass is straight-through: it uses the derivative of a
smoothed rounding at x. One tie rule holds everywhere: one half rounds DOWN (`nearest`).

Source: the paper (arXiv 2411.03535), section 4.3.
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.tolerances import INTEGRAL_TOL

INV_SQRT_2PI = 0.3989422804014327


def nearest(x: Vector) -> Vector:
    """Return the nearest integers, ties down: 0.5 -> 0, 1.5 -> 1 (the authors' rule on binaries)."""
    y: Vector = np.ceil(x - 0.5) + 0.0  # + 0.0 turns -0.0 into 0.0, since files and hashes tell them apart
    return y


class Rounding(Protocol):
    """A rounding of the integer columns; continuous columns pass through unchanged."""

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) for x (n,), its integer columns integral and within their bounds."""
        ...

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Carry a gradient at x_round back to x_lp.

        Parameters
        ----------
        x : (n,) float64
            The point that was rounded.
        g : (n,) float64
            The gradient in x_round.

        Returns
        -------
        (n,) float64
            The gradient in x_lp.
        """
        ...


ROUNDINGS: Registry[Rounding] = Registry("rounding", package="diffpump.operators", group="diffpump.roundings")


@ROUNDINGS.register("nearest", help="the nearest integer; the backward pass is the identity")
class Nearest:
    """The nearest integer; the backward pass is the identity (plain straight-through)."""

    def __init__(self, problem: Problem) -> None:
        self.integer = problem.integers
        self.lo, self.hi = problem.integer_range

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        y = x.copy()
        y[self.integer] = np.clip(nearest(x[self.integer]), self.lo, self.hi)
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

    def __init__(
        self, problem: Problem, sigma: float = 0.15, continuous: Literal["identity", "quirk"] = "identity"
    ) -> None:
        super().__init__(problem)
        if not sigma > 0:
            raise UsageError(f"rounding '{type(self).__name__.lower()}': sigma must be positive, got {sigma}")
        if continuous not in ("identity", "quirk"):
            raise UsageError(f"rounding 'gaussian': continuous must be identity or quirk, got '{continuous}'")
        self.sigma = sigma
        self.sloped_continuous = np.flatnonzero(~problem.integer) if continuous == "quirk" else None

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return g (n,) times the slope of the soft rounding at x (see `Rounding`)."""
        out = g.copy()
        z = x[self.integer]
        out[self.integer] *= self._slope(z - np.floor(z))
        if self.sloped_continuous is not None:
            out[self.sloped_continuous] *= self._slope(x[self.sloped_continuous])
        return out

    def _slope(self, x: Vector) -> Vector:
        z = (x - 0.5) / self.sigma
        slope: Vector = np.exp(-0.5 * z * z) * (INV_SQRT_2PI / self.sigma)
        return slope


class Safe:
    """Another rounding, except on integer columns that have no lock in one direction: they go that way.

    A column goes up if no finite side of a row could be violated by that, down if none could be violated by
    going down, and if neither has a lock, down, or up with a negative cost. If the other rounding's value
    lies further in that direction, it stays. The backward pass is 0 on these columns, since no loss has a
    reason to move them.

    Parameters
    ----------
    problem : Problem
        The model.
    rounding : Rounding
        The other rounding.

    Attributes
    ----------
    columns : (k,) int
        The positions of these columns, ascending.
    """

    def __init__(self, problem: Problem, rounding: Rounding) -> None:
        self.rounding = rounding
        down, up = (count[problem.integers] == 0 for count in problem.locks)
        both, cheaper_up = up & down, problem.c[problem.integers] < 0
        self.up, self.down = (
            np.flatnonzero(up & ~(both & ~cheaper_up)),
            np.flatnonzero(down & ~(both & cheaper_up)),
        )
        self.integers = problem.integers
        self.lo, self.hi = problem.integer_range
        self.columns = np.sort(self.integers[np.concatenate([self.up, self.down])])

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        y = self.rounding.forward(x)
        up, down = self.integers[self.up], self.integers[self.down]
        y[up] = np.maximum(y[up], np.minimum(np.ceil(x[up] - INTEGRAL_TOL), self.hi[self.up]) + 0.0)
        y[down] = np.minimum(y[down], np.maximum(np.floor(x[down] + INTEGRAL_TOL), self.lo[self.down]))
        return y

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return the other rounding's gradient (n,), 0 on `columns` (see `Rounding`)."""
        out = self.rounding.vjp(x, g).copy()
        out[self.columns] = 0.0
        return out


@ROUNDINGS.register("propagation", help="fix and propagate, the columns nearest to an integer first")
class Propagation(Gaussian):
    """Fix and propagate: rounds the columns nearest to an integer first and propagates the rows after each.

    The backward pass is the Gaussian slope on the columns that were rounded and 0 on those that propagation
    or backtracking fixed, so that the gradient sees only the violations that propagation could not repair. A
    point that is already integral is its own rounding.

    Parameters
    ----------
    problem : Problem
        The model.
    sigma : float
        Width of the Gaussian slope, positive.
    backtracks : int
        The number of conflicts in one rounding that are answered by backtracking (`kernels.fixing`).

    Raises
    ------
    UsageError
        If sigma is not positive or `backtracks` is negative.

    References
    ----------
    Fischetti, Salvagnin 2009.
    """

    def __init__(self, problem: Problem, sigma: float = 0.15, backtracks: int = 20) -> None:
        from diffpump.kernels.fixing import rounder  # imported here since it imports numba, which is slow

        super().__init__(problem, sigma)
        if backtracks < 0:
            raise UsageError(f"rounding 'propagation': backtracks must not be negative, got {backtracks}")
        self._round = rounder(problem, backtracks)
        self._last: tuple[Vector, Vector, Vector] | None = None  # x and what `_rounded` returned for it

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        return self._rounded(x)[0].copy()

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return the Gaussian's gradient (n,), 0 on the columns that propagation fixed (see `Rounding`)."""
        out = super().vjp(x, g)
        out[self.integer] *= self._rounded(x)[1]
        return out

    def _rounded(self, x: Vector) -> tuple[Vector, Vector]:
        """Return x_round (n,) and a factor per integer column: 1 if it was rounded, 0 if it was fixed."""
        if self._last is None or not np.array_equal(self._last[0], x):
            y, decided = super().forward(x), np.ones(self.integer.size)
            if not np.array_equal(y[self.integer], x[self.integer]):
                fixed, mask = self._round(x)
                y[self.integer], decided = fixed[self.integer], mask[self.integer].astype(np.float64)
            self._last = x.copy(), y, decided
        return self._last[1:]
