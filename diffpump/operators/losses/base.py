"""What every loss takes and gives, their registry, and the side on which a column was rounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.spec import Registry
from diffpump.core.tolerances import NOISE
from diffpump.operators.roundings import nearest


@dataclass(frozen=True, eq=False)
class Point:
    """What a loss may look at; `weights` (m,) are the rows' multipliers, None for 1 each."""

    theta: Vector
    x_lp: Vector
    x_round: Vector
    weights: Vector | None = None


@dataclass(frozen=True, eq=False)
class Term:
    """A loss's value and gradients; None stands for a zero gradient."""

    value: float
    theta: Vector | None = None
    x_lp: Vector | None = None
    x_round: Vector | None = None


class Loss(Protocol):
    """A differentiable function of a point."""

    def evaluate(self, point: Point) -> Term:
        """Value and gradients at the point."""
        ...


LOSSES: Registry[Loss] = Registry("loss", weighted=True)


class Sides:
    """s_j on the integer columns: +1 where x was rounded down, -1 where up.

    At an integral value a binary has +1 at 0 and -1 at 1, a general integer +1 at its lower bound, -1
    at its upper and 0 in between (a linear cost cannot hold it there). This sign is theta_0, and with
    order 1 the gradient of the integrality loss, so it decides Proposition 3.2: it is taken from the
    rounded value, never from x - floor(x), which is wrong at x = 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.lo, self.hi = problem.integer_range
        self.general = np.flatnonzero(problem.general[self.index])  # positions inside `index`

    def __call__(self, x: Vector) -> tuple[Vector, Vector]:
        """(d, s) on the integer columns."""
        z = x[self.index]
        y = np.clip(nearest(z), self.lo, self.hi)
        s: Vector = 1.0 - 2.0 * y
        if self.general.size:
            zg, yg = z[self.general], y[self.general]
            at_bound = (yg == self.lo[self.general]).astype(float) - (yg == self.hi[self.general])
            s[self.general] = np.where(np.abs(zg - yg) <= NOISE, at_bound, np.sign(zg - yg))
        return np.abs(z - y), s
