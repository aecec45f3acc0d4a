"""The types and the registry of the restarts, and the integer columns that they kick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.tolerances import SAME_POINT_TOL


@dataclass(frozen=True, eq=False)
class StallContext:
    """The data from which a policy decides.

    Attributes
    ----------
    iteration : int
        From 1.
    theta : (n,) float64
        After the optimizer step of this iteration.
    x_lp : (n,) float64
        The LP point of this iteration.
    x_round : (n,) float64
        Its rounding, before a kick.
    previous_round : (n,) float64
        x_round of the iteration before, after its kick.
    recent : tuple of (n,) float64
        The LP points of the last two iterations before this one, the older one first.
    cycles : bool
        Whether `pump.stalls.StallDetector` has detected a cycle or stagnation.
    weights : (m,) float64 or None
        The multipliers of the rows, or None for 1 each.
    """

    iteration: int
    theta: Vector
    x_lp: Vector
    x_round: Vector
    previous_round: Vector
    recent: tuple[Vector, ...]
    cycles: bool = False
    weights: Vector | None = None


@dataclass(frozen=True, eq=False)
class Kick:
    """New values of theta and x_round on some integer columns.

    Attributes
    ----------
    kind : str
        The name of the policy, under which kicks are counted.
    columns : (k,) int
        The integer columns that move.
    theta : (k,) float64
        Their new entries of theta.
    x_round : (k,) float64
        Their new integer values.
    candidate : (n,) float64 or None
        A full point that may be a solution.
    weights : (m,) float64 or None
        New multipliers of the rows.
    """

    kind: str
    columns: NDArray[np.intp]
    theta: Vector
    x_round: Vector
    candidate: Vector | None = None
    weights: Vector | None = None


class Restart(Protocol):
    """A restart policy.

    Attributes
    ----------
    kind : str
        The name under which its kicks are counted.
    """

    kind: str

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick to apply now, or None.

        A policy that returns None has drawn nothing from `rng`, so that the next policy draws first.

        Parameters
        ----------
        at : StallContext
            The state of the pump. The policy must not change it.
        rng : numpy.random.Generator
            For random draws.
        """
        ...


RESTARTS: Registry[Restart] = Registry(
    "restart", package="diffpump.operators.restarts", group="diffpump.restarts"
)


def same_point(at: StallContext) -> bool:
    """Return whether x_lp is one of the last two LP points, within SAME_POINT_TOL on every column."""
    return any(np.abs(at.x_lp - past).max(initial=0.0) <= SAME_POINT_TOL for past in at.recent)


class Columns:
    """The integer columns of a problem: their index, their integer ranges, and which are general integers."""

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.general = problem.general[self.index]
        self.lo, self.hi = problem.integer_range

    def moved(self, kind: str, at: StallContext, chosen: NDArray[np.intp], general_y: Vector) -> Kick:
        """Return the kick that flips binaries and moves general integers to given values.

        Parameters
        ----------
        kind : str
            The name of the policy.
        at : StallContext
            The state of the pump.
        chosen : (k,) int
            The columns that move, as positions in `index`.
        general_y : (k,) float64
            The new values of the general integers among them. They are ignored on binaries.
        """
        columns = self.index[chosen]
        general = self.general[chosen]
        theta, y = at.theta[columns], at.x_round[columns]
        new_y = np.where(general, np.clip(general_y, self.lo[chosen], self.hi[chosen]), 1.0 - y)
        magnitude = np.where(theta == 0, 1.0, np.abs(theta))
        new_theta = np.where(general, magnitude * np.sign(at.x_lp[columns] - new_y), -theta)
        return Kick(kind, columns, new_theta, new_y)

    def pulled(
        self, kind: str, at: StallContext, chosen: NDArray[np.intp], new_y: Vector, **further: Any
    ) -> Kick:
        """Return the kick that moves columns to new values and makes theta pull all of them there.

        Unlike `moved` it does not suppose that theta held a binary at its old value. The parameters are those
        of `moved`, with the new values (k,) of all columns and further attributes of the kick.
        """
        columns = self.index[chosen]
        old = at.theta[columns]
        side = np.where(self.general[chosen], np.sign(at.x_lp[columns] - new_y), 1.0 - 2.0 * new_y)
        return Kick(kind, columns, side * np.where(old == 0, 1.0, np.abs(old)), new_y, **further)
