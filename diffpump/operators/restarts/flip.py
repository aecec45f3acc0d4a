"""The flip of the most fractional columns (Fischetti, Glover, Lodi 2005)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.restarts.base import RESTARTS, Columns, Kick, StallContext


@RESTARTS.register("flip", help="move the most fractional columns when a rounding repeats")
class Flip:
    """If x_round repeats on I, moves the T ~ U{low, ..., high} integer columns of largest x (1 - x).

    On a general integer, x stands for the fractional part, and the column moves by one towards x_lp. If it is
    at x_lp, it moves up by one, or down by one at its upper bound. If all T entries of theta are 0, they are
    drawn from {-1, 0, 1} instead.

    Parameters
    ----------
    problem : Problem
        The model.
    low, high : int
        The fewest and the most columns that one kick moves, 1 <= low <= high.

    Raises
    ------
    UsageError
        Unless 1 <= low <= high.
    """

    kind = "flip"

    def __init__(self, problem: Problem, low: int = 10, high: int = 30) -> None:
        if not 1 <= low <= high:
            raise UsageError(f"restart 'flip': expected 1 <= low <= high, got {low} and {high}")
        self.columns = Columns(problem)
        self.low, self.high = low, high

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the rounding repeats, else None (see `Restart`)."""
        columns = self.columns
        y = at.x_round[columns.index]
        if not np.array_equal(y, at.previous_round[columns.index]):
            return None
        count = min(int(rng.integers(self.low, self.high + 1)), y.size)
        x = at.x_lp[columns.index]
        fraction = np.where(columns.general, x - np.floor(x), x)
        chosen = _largest(fraction * (1 - fraction), count)
        towards_lp = np.sign(x[chosen] - y[chosen])
        up_or_down = np.where(y[chosen] < columns.hi[chosen], 1.0, -1.0)
        step = np.where(towards_lp == 0, up_or_down, towards_lp)
        kick = columns.moved(self.kind, at, chosen, y[chosen] + step)
        if chosen.size and not at.theta[kick.columns].any():
            drawn = rng.integers(-1, 2, size=chosen.size).astype(np.float64)
            kick = Kick(kick.kind, kick.columns, drawn, kick.x_round)
        return kick


def _largest(score: Vector, count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` largest scores, all >= 0, ties by position.

    Only the positive scores are sorted, which are few at a vertex.
    """
    positive = np.flatnonzero(score > 0)
    order = positive[np.argsort(-score[positive], kind="stable")][:count]
    if order.size < count:
        order = np.concatenate([order, np.flatnonzero(score <= 0)[: count - order.size]])
    return order
