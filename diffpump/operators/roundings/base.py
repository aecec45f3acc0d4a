"""The types and the registry of the roundings, and the one tie rule."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.registry import Registry


def nearest(x: Vector, cut: float = 0.5) -> Vector:
    """Return x rounded up where its fractional part is above the cut, and down elsewhere.

    By default these are the nearest integers, ties down: 0.5 -> 0, 1.5 -> 1 (the authors' rule on binaries).
    """
    y: Vector = np.ceil(x - cut) + 0.0  # + 0.0 turns -0.0 into 0.0, since files and hashes tell them apart
    return y


class Rounding(Protocol):
    """A rounding of the integer columns; continuous columns pass through unchanged."""

    def forward(self, x: Vector) -> Vector:
        """Return x_round (n,) for x (n,), its integer columns integral and within their bounds."""
        ...

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """Carry a gradient at x_round back to x_lp.

        Parameters
        ----------
        x : (n,) float64
            The point that was rounded.
        g : (n,) float64
            The gradient in x_round.

        Returns
        -------
        (n,) float64
            The gradient in x_lp.
        """
        ...


@runtime_checkable
class Randomised(Protocol):
    """A rounding that depends on a random draw. Without one it is deterministic."""

    def draw(self, rng: np.random.Generator) -> None:
        """Draw what `forward` and `vjp` use until the next draw. The pump asks once in every iteration."""
        ...


@runtime_checkable
class Several(Protocol):
    """A rounding that knows further integral points near x."""

    def others(self, x: Vector, x_round: Vector) -> list[Vector]:
        """Return candidates (n,) besides the rounding x_round (n,) of x (n,), which is no solution."""
        ...


ROUNDINGS: Registry[Rounding] = Registry(
    "rounding", package="diffpump.operators.roundings", group="diffpump.roundings"
)
