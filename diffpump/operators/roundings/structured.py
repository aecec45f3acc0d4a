"""The nearest point that satisfies the packed rows, whole subsets at a time."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.knapsack.base import temperature
from diffpump.knapsack.packed import packed
from diffpump.operators.roundings.base import ROUNDINGS
from diffpump.operators.roundings.elementwise import Gaussian


@ROUNDINGS.register("structured", help="the nearest choice that packed rows allow; backward, its smoothing")
class Structured:
    """The nearest point whose packed rows hold; other columns are rounded as by `gaussian`.

    Packed rows share no column and are choices of subsets: one-of, cardinality, packing, covering and
    knapsack rows (`knapsack.rows`). The backward pass is that of the marginals mu_g(x) (`knapsack.packed`).

    Parameters
    ----------
    problem : Problem
        The model.
    g : float
        The temperature of the backward pass, positive.
    sigma : float
        Width of the soft rounding of other columns, positive.

    Raises
    ------
    UsageError
        If g is not from 1e-100 to 1e100, or sigma is not positive.
    """

    def __init__(self, problem: Problem, g: float = 0.1, sigma: float = 0.15) -> None:
        self.g = temperature(g, "rounding 'structured': ")
        self.packed, self.alone = packed(problem), Gaussian(problem, sigma)

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) (see `Rounding`)."""
        y, columns = self.alone.forward(x), self.packed.columns
        y[columns] = self.packed.nearest(x[columns])
        return y

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Carry a gradient g (n,) back through mu_g on packed columns (see `Rounding`)."""
        out, columns = self.alone.vjp(x, g), self.packed.columns
        out[columns] = self.packed.vjp(x[columns], self.g, g[columns])
        return out

    def others(self, x: Vector, x_round: Vector) -> list[Vector]:
        """Return the nearest integers (see `Several`), if they differ."""
        y = self.alone.forward(x)
        return [] if np.array_equal(y, x_round) else [y]
