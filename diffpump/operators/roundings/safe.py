"""Another rounding, except on columns that are safe to round in one direction."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.operators.roundings.base import Randomised, Rounding


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

    def draw(self, rng: np.random.Generator) -> None:
        """Draw for the other rounding, if that is random (see `Randomised`)."""
        if isinstance(self.rounding, Randomised):
            self.rounding.draw(rng)

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Return the other rounding's gradient (n,), 0 on `columns` (see `Rounding`)."""
        out = self.rounding.vjp(x, g).copy()
        out[self.columns] = 0.0
        return out
