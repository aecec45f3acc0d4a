"""Rules by which the multipliers of the rows grow when the pump stalls.

The losses `feasibility`, `expected` and `argmin_feasibility` weight row r by its multiplier w_r, 1 at first.
At a stall (`pump.stalls`) the multipliers of violated rows grow, and at a restart all of them return towards
1, with the violations v (m,) of the normalised rows:

    stall     w <- max(w, min(w + step * direction(w, v), cap))
    restart   w <- w - decay * (w - 1)

    ldf      direction v_r / max v                  the Lagrangian dual framework (Keegan, Abolghasemi)
    polyak   direction (w'v / v'v) v_r              Polyak's step to a loss of 0: the loss w'v over the square
                                                    of the norm of its subgradient v in w
    jump     direction 1 where v_r > 0, else 0      the weights of Feasibility Jump (Luteberget, Sartor)

With step 0 the multipliers stay 1, and the losses are those of the paper. A new rule is one decorated
function that returns `Multipliers`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector, dot
from diffpump.core.errors import UsageError
from diffpump.core.registry import Registry


class Multipliers:
    """A rule by which the multipliers of the rows change.

    Parameters
    ----------
    name : str
        The registered name of the rule.
    direction : callable
        Takes the multipliers w (m,) and the violations v (m,), at least one of them positive, and returns the
        growth (m,) for step 1, >= 0, and 0 on rows with v_r = 0.
    step : float
        The factor on the growth, >= 0.
    cap : float
        The multiplier above which none grows, >= 1.
    decay : float
        The share of w - 1 that is forgotten at a restart, from 0 to 1.

    Raises
    ------
    UsageError
        If a parameter lies outside its range.
    """

    def __init__(
        self, name: str, direction: Callable[[Vector, Vector], Vector], step: float, cap: float, decay: float
    ) -> None:
        if step < 0 or cap < 1 or not 0 <= decay <= 1:
            raise UsageError(
                f"multipliers '{name}': expected step >= 0, cap >= 1 and decay from 0 to 1, got step={step}, "
                f"cap={cap} and decay={decay}"
            )
        self.direction, self.step, self.cap, self.decay = direction, step, cap, decay

    def grown(self, weights: Vector, violation: Vector) -> Vector:
        """Return the multipliers (m,) after a stall at a point with violations (m,), all >= 0."""
        if not violation.any():
            return weights
        target = np.minimum(weights + self.step * self.direction(weights, violation), self.cap)
        grown: Vector = np.maximum(weights, target)  # a caller's weight above the cap stays
        return grown

    def decayed(self, weights: Vector) -> Vector:
        """Return the multipliers (m,) after a restart."""
        return weights - self.decay * (weights - 1.0)


MULTIPLIERS: Registry[Multipliers] = Registry(
    "multipliers", package="diffpump.operators", group="diffpump.multipliers"
)


@MULTIPLIERS.register("ldf", help="at a stall, violated rows gain weight in proportion to their violation")
def ldf(step: float = 1.0, cap: float = 1e3, decay: float = 0.0) -> Multipliers:
    """Return the rule of the Lagrangian dual framework: the most violated row grows by step."""
    return Multipliers("ldf", lambda w, v: v / v.max(), step, cap, decay)


@MULTIPLIERS.register("polyak", help="at a stall, violated rows gain weight by Polyak's step")
def polyak(step: float = 1.0, cap: float = 1e3, decay: float = 0.0) -> Multipliers:
    """Return Polyak's rule. The multipliers of rows that stay violated grow geometrically, up to the cap.

    The step does not depend on the scale of the violations. One violated row with step 1 doubles its
    multiplier.
    """
    return Multipliers("polyak", _polyak, step, cap, decay)


def _polyak(weights: Vector, violation: Vector) -> Vector:
    v: Vector = violation / violation.max()  # the squares of tiny violations would underflow
    return v * (dot(weights, v) / dot(v, v))


@MULTIPLIERS.register("jump", help="at a stall, each violated row gains the same weight")
def jump(step: float = 1.0, cap: float = 1e3, decay: float = 0.0) -> Multipliers:
    """Return the rule of Feasibility Jump: every violated row's multiplier grows by step."""
    return Multipliers("jump", lambda w, v: (v > 0).astype(np.float64), step, cap, decay)
