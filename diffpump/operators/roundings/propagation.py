"""Fix and propagate: round one column after another, and propagate the rows after each."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.roundings.base import ROUNDINGS
from diffpump.operators.roundings.elementwise import Gaussian, RandomCut


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

    name = "propagation"

    def __init__(self, problem: Problem, sigma: float = 0.15, backtracks: int = 20) -> None:
        from diffpump.kernels.fixing import rounder  # imported here since it imports numba, which is slow

        super().__init__(problem, sigma)
        if backtracks < 0:
            raise UsageError(f"rounding '{self.name}': backtracks must not be negative, got {backtracks}")
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
                fixed, mask = self._round(x, 1.0 - self.cut)
                y[self.integer], decided = fixed[self.integer], mask[self.integer].astype(np.float64)
            self._last = x.copy(), y, decided
        return self._last[1:]


@ROUNDINGS.register("random-propagation", help="fix and propagate with a random threshold for each iteration")
class RandomPropagation(RandomCut, Propagation):
    """Fix and propagate, where a column goes up if its fractional part is above the random cut.

    The parameters are those of `Propagation`.

    References
    ----------
    Fischetti, Salvagnin 2009, who do not backtrack (``backtracks=0``).
    """

    name = "random-propagation"

    def draw(self, rng: np.random.Generator) -> None:
        """Draw the cut (see `Randomised`)."""
        super().draw(rng)
        self._last = None
