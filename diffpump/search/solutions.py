"""A proven solution, and several good ones that differ from each other.

The difference of two solutions is the number of integer columns whose values differ. The collection holds
solutions that differ pairwise in at least `min_difference` columns, the best first: a new one takes the place
of those that are too near to it and worse, and is left out if one that is too near is as good.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.outcome.incumbent import Incumbent
from diffpump.verify.check import Proof


@dataclass(frozen=True, eq=False)
class Solution:
    """A proven solution.

    Attributes
    ----------
    x : (n,) float64
        The point on the original columns.
    value : float
        c'x of the minimisation, offset left out.
    proof : Proof
        The result of the exact verification.
    incumbent : Incumbent
        When, by which arm and with which objective it was found.
    foreign : bool
        Whether another process found it.
    """

    x: Vector
    value: float
    proof: Proof
    incumbent: Incumbent
    foreign: bool = False


class Collection:
    """The best proven solutions of a run that differ enough from each other.

    Parameters
    ----------
    problem : Problem
        The model.
    count : int
        The number of solutions that are wanted.
    min_difference : float
        The number of integer columns in which any two of them must differ, or below 1 the share of all
        integer columns.
    within : float or None
        The largest |z - z*| / |z*| of a solution with the objective z beside the best one with z*. None for
        no such bound.

    Attributes
    ----------
    kept : list of Solution
        The solutions, the best first.
    is_urgent : bool
        Whether the run goes on for these solutions alone, since its goal is reached.
    least : int
        The number of columns in which they differ at least, 1 or more.

    Raises
    ------
    UsageError
        If the model has fewer integer columns.
    """

    def __init__(self, problem: Problem, count: int, min_difference: float, within: float | None) -> None:
        integers = int(problem.integer.sum())
        share = min_difference * integers if min_difference < 1 else min_difference
        self.least = max(1, int(np.ceil(share - 1e-9)))
        if integers < self.least:
            raise UsageError(
                f"solutions cannot differ in {self.least} integer columns: the model has {integers}; "
                "lower min_difference, or ask for one solution"
            )
        self.kept: list[Solution] = []
        self.is_urgent = False
        self._problem, self._count, self._within = problem, count, within

    @property
    def is_full(self) -> bool:
        """True if there are as many solutions as are wanted."""
        return len(self.kept) >= self._count

    @property
    def is_bounded(self) -> bool:
        """Whether the objectives of all solutions are within a share of the best one's."""
        return self._within is not None

    @property
    def cutoff(self) -> float:
        """The largest c'x, offset left out, that a further solution may have; infinite without a bound."""
        worst = self.kept[-1].value if self.is_full else np.inf
        if self._within is None or not self.kept:
            return worst
        best, problem = self.kept[0].value, self._problem
        return min(worst, best + self._within * abs(best + problem.offset / problem.unit))

    def takes(self, x: Vector, value: float) -> bool:
        """Return whether a solution x (n,) with c'x = value would be kept."""
        if value > self.cutoff or (self.is_full and value >= self.kept[-1].value):
            return False
        as_good = [one.x for one in self.kept if one.value <= value]
        return bool((self._differences(x, as_good) >= self.least).all())

    def add(self, solution: Solution, is_best: bool = False) -> None:
        """Keep a proven solution in place of those that are too near to it; the best one is always kept."""
        far = self._differences(solution.x, [one.x for one in self.kept]) >= self.least
        kept = [one for one, enough in zip(self.kept, far, strict=True) if enough]
        # An exact best solution may be worse, by the tolerance of the check, than others that are kept.
        ordered = sorted([*kept, solution], key=lambda one: (is_best and one is not solution, one.value))
        self.kept = ordered[: self._count]
        self.kept = [one for one in self.kept if one.value <= self.cutoff or one is self.kept[0]]

    def _differences(self, x: Vector, points: list[Vector]) -> NDArray[np.int64]:
        return np.array([self._problem.difference(x, one) for one in points], np.int64)
