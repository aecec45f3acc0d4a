"""The model's objective in the pump's LPs, less of it in every iteration.

    cost = (1 - a) theta + a s c,   a = alpha^k,   s = ||theta|| / ||c||   or   |theta'x| / |c'x|

Achterberg, Berthold, Improving the feasibility pump (2007), with the first s (there ||theta|| = sqrt(|B|));
the second weighs both terms by their values at the last LP point, after Mexi, Berthold, Salvagnin, Using
multiple reference vectors and objective scaling in the feasibility pump (2023). A restart waits until
alpha has settled, as in the first: the same point under another cost is no cycle.
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector, dot

MOVING = 0.005  # a share that falls by more in an iteration has not settled


class Objective:
    """The share a of c (n,): 1 for the first LP, then `factor` times as much in every iteration."""

    def __init__(self, c: Vector, factor: float, scale: str) -> None:
        self.c, self.factor, self.scale = c, factor, scale
        self.norm = float(np.linalg.norm(c))
        self.restart()

    def restart(self) -> None:
        """The whole share again: there is another aim (a cutoff)."""
        self.share = 1.0 if self.factor and self.norm else 0.0
        self.settled = not self.share

    def advance(self) -> None:
        """To the next iteration."""
        before, self.share = self.share, self.share * self.factor
        self.settled = before - self.share <= MOVING

    def blend(self, theta: Vector, x: Vector) -> Vector:
        """The LP's cost for theta, x the last LP point; theta itself without a share."""
        if not self.share:
            return theta
        scale = float(np.linalg.norm(theta)) / self.norm
        if self.scale == "value":
            of_theta, of_c = abs(dot(theta, x)), abs(dot(self.c, x))
            scale = of_theta / of_c if of_theta > 0 and of_c > 0 else scale  # no value to go by
        return (1 - self.share) * theta + self.share * scale * self.c
