"""The types and the registry of the losses, and `Sides`: on which side of its rounding a column lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.tolerances import NOISE
from diffpump.operators.roundings import nearest


@dataclass(frozen=True, eq=False)
class Point:
    """The arguments of a loss.

    Attributes
    ----------
    theta : (n,) float64
        The cost of the LP.
    x_lp : (n,) float64
        Its optimum.
    x_round : (n,) float64
        The rounding of x_lp.
    weights : (m,) float64 or None
        The multipliers of the rows, or None for 1 each.
    penalties : (|I|,) float64 or None
        The penalties of the integer columns, by which the integrality losses are weighted, or None for 1
        each.
    """

    theta: Vector
    x_lp: Vector
    x_round: Vector
    weights: Vector | None = None
    penalties: Vector | None = None


@dataclass(frozen=True, eq=False)
class Term:
    """The value of a loss and its gradients.

    Attributes
    ----------
    value : float
        The value, unweighted.
    theta, x_lp, x_round : (n,) float64 or None
        The gradients in these arguments of the loss. None is a zero gradient.
    """

    value: float
    theta: Vector | None = None
    x_lp: Vector | None = None
    x_round: Vector | None = None


class Loss(Protocol):
    """A differentiable function of a point."""

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradients at the point."""
        ...


LOSSES: Registry[Loss] = Registry(
    "loss", package="diffpump.operators.losses", group="diffpump.losses", weighted=True
)


class Sides:
    """The distances d_j of the integer columns to their rounding, and their sides s_j.

    s_j is +1 if x_j was rounded down and -1 if it was rounded up. At an integral value a binary has +1 at 0
    and -1 at 1, a general integer +1 at its lower bound, -1 at its upper bound and 0 in between, where a
    linear cost cannot hold it.

    Attributes
    ----------
    index : (|I|,) int
        I, the positions of the integer columns.

    Notes
    -----
    The side is theta_0 and, with order 1, the gradient of the integrality loss. Proposition 3.2 therefore
    depends on it, and it is taken from the rounded value, never from x - floor(x), which is wrong at x = 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.lo, self.hi = problem.integer_range
        self.general = np.flatnonzero(problem.general[self.index])  # positions inside `index`

    def __call__(self, x: Vector, x_round: Vector | None = None) -> tuple[Vector, Vector]:
        """Return the distances and the sides of the integer columns.

        Parameters
        ----------
        x : (n,) float64
            A point.
        x_round : (n,) float64, optional
            Its rounding. By default that to the nearest integers.

        Returns
        -------
        d : (|I|,) float64
            The distances, >= 0.
        s : (|I|,) float64
            The sides, each -1, 0 or 1.
        """
        z = x[self.index]
        y = np.clip(nearest(z), self.lo, self.hi) if x_round is None else x_round[self.index]
        s: Vector = 1.0 - 2.0 * y
        if self.general.size:
            zg, yg = z[self.general], y[self.general]
            at_bound = (yg == self.lo[self.general]).astype(float) - (yg == self.hi[self.general])
            s[self.general] = np.where(np.abs(zg - yg) <= NOISE, at_bound, np.sign(zg - yg))
        return np.abs(z - y), s
