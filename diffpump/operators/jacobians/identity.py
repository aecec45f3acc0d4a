"""Minus identity, the Jacobian of the paper's presets."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.operators.jacobians.base import JACOBIANS, Optimum


@JACOBIANS.register("minus_identity", help="-I: a column goes down when its cost goes up")
class MinusIdentity:
    """dx*/dtheta ~ -I: if the cost of a column goes up, the column goes down.

    References
    ----------
    The paper, section 3; Sahoo et al. 2023.
    """

    def vjp(self, at: Optimum, g: Vector, rng: np.random.Generator) -> Vector:
        """Return -g (see `Jacobian`)."""
        return -g
