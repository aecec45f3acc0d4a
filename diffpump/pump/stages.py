"""Stages: the pump on the binary columns first, then on all integer columns.

In the first stage general integers are continuous. It ends when the binaries of x_lp are integral, or without
progress: after `FIRST_PATIENCE` iterations in which the distance ||x_lp - x_round||_1 has not fallen by a
tenth. The second stage begins at the LP point of the first one with the smallest distance, as iteration 0
does at the root LP's, and ends without progress after `SECOND_PATIENCE` iterations.

Source: Bertacco, Fischetti, Lodi, A feasibility pump heuristic for general mixed-integer problems (2007).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.operators.roundings import Nearest

FIRST_PATIENCE, SECOND_PATIENCE = 70, 600  # iterations without progress that end a stage, as in the source
PROGRESS = 0.9  # factor by which the distance must fall to count as progress


@dataclass
class Closest:
    """The LP point of a stage that is closest to its rounding.

    Attributes
    ----------
    x_lp, x_round : (n,) float64 or None
        The point and its rounding; None before the first one.
    distance : float
        ||x_lp - x_round||_1 over the integer columns of the stage.
    reference : float
        The distance at the last progress.
    stagnation : int
        Iterations since then.
    """

    x_lp: Vector | None = None
    x_round: Vector | None = None
    distance: float = math.inf
    reference: float = math.inf
    stagnation: int = 0

    def update(self, x_lp: Vector, x_round: Vector, distance: float) -> None:
        """Take the points of an iteration."""
        if distance < self.distance:
            self.x_lp, self.x_round, self.distance = x_lp, x_round.copy(), distance  # a kick follows
        self.stagnation += 1
        if distance < PROGRESS * self.reference:
            self.reference, self.stagnation = distance, 0


class Stages:
    """The stage of a pump on a problem.

    Parameters
    ----------
    problem : Problem
        The model.
    staged : bool
        Whether there is a stage of the binaries. It is left out of a model without binaries or without
        general integers.
    tracked : bool
        Whether to keep the closest LP point without stages, too.

    Attributes
    ----------
    first : bool
        Whether the pump is in the first of two stages.
    closest : Closest
        The closest LP point of the present stage.
    """

    def __init__(self, problem: Problem, staged: bool, tracked: bool = False) -> None:
        self.first = staged and bool(problem.general.any()) and bool(problem.binary.any())
        self.staged, self._tracked = staged, staged or tracked
        self.closest = Closest()
        self._nearest = Nearest(problem)

    def restricted(self, problem: Problem) -> Problem:
        """Return the problem whose integer columns are those of the present stage."""
        return replace(problem, integer=problem.binary) if self.first else problem

    def candidate(self, x_round: Vector) -> Vector:
        """Return the rounding (n,) with the integer columns of a later stage rounded to the nearest."""
        return self._nearest.forward(x_round) if self.first else x_round

    def is_over(self, x_lp: Vector, x_round: Vector, columns: NDArray[np.intp]) -> bool:
        """Take the points of an iteration; return whether the present stage ends with it.

        columns   the integer columns of the stage
        """
        if not self._tracked:
            return False
        distance = np.abs(x_lp - x_round)[columns]
        self.closest.update(x_lp, x_round, float(distance.sum()))
        if self.first:
            met = not bool(np.any(distance > INTEGRAL_TOL))
            return met or self.closest.stagnation >= FIRST_PATIENCE
        return self.staged and self.closest.stagnation >= SECOND_PATIENCE

    def advance(self) -> Vector:
        """Go on to the second stage; return the LP point (n,) at which it begins."""
        assert self.first and self.closest.x_lp is not None
        start, self.first, self.closest = self.closest.x_lp, False, Closest()
        return start
