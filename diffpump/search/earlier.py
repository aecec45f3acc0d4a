"""What earlier models of the family suggest for today's (`learn.history`, `learn.predict`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.search.space import Space


@dataclass(frozen=True, eq=False)
class Earlier:
    """Points of earlier models, what is known of their arms, and a trained family's prediction.

    Attributes
    ----------
    points : tuple of (n,) float64
        Solutions of earlier models, the nearest first, NaN where a column is new. They may violate rows.
    predicted : (n,) float64 or None
        The predicted point, NaN where a column is unknown. It may violate rows. None without a prediction.
    confidence : (n,) float64 or None
        2 p - 1 in [-1, 1] for binaries that are 1 with a predicted probability p, and NaN for other columns.
        None without a prediction.
    gains : mapping of str to int
        The incumbents that each arm found on the nearest earlier models.
    """

    points: tuple[Vector, ...] = ()
    predicted: Vector | None = None
    confidence: Vector | None = None
    gains: Mapping[str, int] = field(default_factory=dict)

    @property
    def every(self) -> tuple[Vector, ...]:
        """The predicted point, if there is one, and the other points."""
        return self.points if self.predicted is None else (self.predicted, *self.points)


def first_theta(earlier: Earlier, space: Space) -> Vector | None:
    """Return a theta_0 that pulls the LP to what earlier models suggest, or None if they suggest nothing.

        theta_0 = -s/2,   s_j = the mean over the points of +1 at the upper bound, -1 at the lower one

    For a binary, s_j/2 is the share of the points with x_j = 1, minus 1/2. A predicted confidence takes the
    place of s_j. General integers between their bounds, unknown and continuous columns get 0.

    Parameters
    ----------
    earlier : Earlier
        The suggestions, on the original columns.
    space : Space
        The model of the pump.

    Returns
    -------
    (n,) float64 or None
        theta_0 on the columns of `space.problem`.
    """
    from diffpump.operators.losses import Sides  # imported here: a first solution need not wait for it

    problem, sides = space.problem, Sides(space.problem)
    s = np.zeros(problem.n)
    if earlier.points:
        points = [space.project(point) for point in earlier.points]  # NaN stays NaN
        signs = -np.array([sides(x, x)[1] for x in points])
        known = np.count_nonzero(~np.isnan(signs), axis=0)
        s[sides.index] = np.nansum(signs, axis=0) / np.maximum(known, 1)
    if earlier.confidence is not None:
        # Presolve may replace x by 1 - x, so that the probability is mapped as a value of the column is.
        predicted = 2.0 * space.to_presolved((1.0 + earlier.confidence) / 2.0) - 1.0
        s = np.where(problem.binary & ~np.isnan(predicted), predicted, s)
    return -s / 2.0 if s.any() else None
