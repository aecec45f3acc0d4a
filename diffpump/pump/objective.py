"""The objective's share in the cost of the pump's LPs, which decreases in every iteration.

    cost = (1 - a) theta + a s c,   a = alpha^k,   s = ||theta|| / ||c||   or   |theta'x| / |c'x|

The first s is that of Achterberg, Berthold, Improving the feasibility pump (2007), where
||theta|| = sqrt(|B|). The second weighs both terms by their values at the last LP point, after Mexi,
Berthold, Salvagnin, Using multiple reference vectors and objective scaling in the feasibility pump (2023).
As in the former paper, restarts wait until the share is steady: an LP point that repeats under another cost
is no cycle.

With integers=aux the costs and points have the general integers' distances behind their n entries: theta'x
contains sum_j |theta_j| |x_j - y_j|, and c is 0 on distances.
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector, dot

MAX_STEADY_FALL = 0.005  # largest fall of the share in one iteration at which it counts as steady


class Objective:
    """The share a of the objective c (n,) in the cost of the current LP.

    factor           alpha: the share is alpha^k, k iterations after the last `reset`; 0 for no objective in
                     the LPs after the first
    scale            "norm" or "value": which s
    share            a
    share_is_steady  whether the last iteration lowered the share by at most MAX_STEADY_FALL
    """

    def __init__(self, c: Vector, factor: float, scale: str) -> None:
        self.c, self.factor, self.scale = c, factor, scale
        self.norm = float(np.linalg.norm(c))
        self.reset()

    def reset(self) -> None:
        """Set the share to 1, as for the first LP, or to 0 without a factor or an objective."""
        self.share = 1.0 if self.factor and self.norm else 0.0
        self.share_is_steady = not self.share

    def advance(self) -> None:
        """Lower the share for the next iteration."""
        before, self.share = self.share, self.share * self.factor
        self.share_is_steady = before - self.share <= MAX_STEADY_FALL

    def blend(self, theta: Vector, x: Vector) -> Vector:
        """Return the cost (n,) of the LP for theta (n,), x (n,) being the last LP point.

        Without a share this is theta itself.
        """
        if not self.share:
            return theta
        scale = float(np.linalg.norm(theta)) / self.norm
        if self.scale == "value":
            of_theta, of_c = abs(dot(theta, x)), abs(dot(self.c, x))
            scale = of_theta / of_c if of_theta > 0 and of_c > 0 else scale  # a value of 0 gives no scale
        return (1 - self.share) * theta + self.share * scale * self.c
