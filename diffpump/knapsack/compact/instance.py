"""The min-knapsack with compactness: a cheap choice of ordered items, heavy enough and without long gaps.

    min c'x   s.t.  w'x >= q,   x_i + x_j - 1 <= sum_{i < k <= i + D} x_k for j > i + D,   x binary

A choice satisfies the rows if and only if two neighbours among its items are at most D apart. The JSON files
are those of Santini and Malaguti: n_items, weights, profits (which are the costs), min_weight (q) and
max_distance (D).

Source: Santini, Malaguti, The min-knapsack problem with compactness constraints and applications in
statistics (European Journal of Operational Research 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.compact_rows import compact_json, compact_problem
from diffpump.knapsack.base import Array, numbers, shape, whole_number

Integers = NDArray[np.int64]
LARGEST_NUMBER = 1e100  # weight and cost


@dataclass(frozen=True, eq=False)
class Compact:
    """A min-knapsack with compactness.

    Attributes
    ----------
    weights : (n,) float64
        The weights, >= 0.
    costs : (n,) float64
        The costs, >= 0.
    least : float
        q, the least weight of a choice, >= 0; at most the weight of all items.
    distance : int
        D, the largest distance of two neighbours in a choice, >= 1. More than n is kept as n.

    Raises
    ------
    UsageError
        For other numbers.
    """

    weights: Array
    costs: Array
    least: float
    distance: int

    def __post_init__(self) -> None:
        weights, costs = numbers(self.weights, "weights"), numbers(self.costs, "costs")
        least = numbers(self.least, "the least weight")
        for name, value in (("weights", weights), ("costs", costs)):
            object.__setattr__(self, name, value)
        if weights.ndim != 1 or weights.shape != costs.shape:
            raise UsageError(f"weights and costs must both be (n,), got {shape(weights)} and {shape(costs)}")
        if not weights.size:
            raise UsageError("there must be at least one item")
        for name, array in (("weights", weights), ("costs", costs)):
            if not (np.isfinite(array).all() and (array >= 0).all() and array.max() <= LARGEST_NUMBER):
                raise UsageError(f"{name} must be finite numbers >= 0, at most {LARGEST_NUMBER:g}")
        distance = whole_number(self.distance, "the largest distance", 1)
        if least.ndim or not np.isfinite(least) or least < 0:
            raise UsageError(f"the least weight must be a finite number >= 0, got {self.least!r}")
        object.__setattr__(self, "least", float(least))
        object.__setattr__(self, "distance", min(distance, self.n))
        if total_weight(weights, np.arange(self.n)) < Fraction(self.least):
            raise UsageError(f"all weights together, {float(weights.sum())}, do not reach {self.least}")

    @property
    def n(self) -> int:
        """The number of items."""
        return self.weights.size

    def holds(self, items: ArrayLike) -> bool:
        """Return whether a choice is heavy enough and compact, in rationals. An item counts once.

        Raises
        ------
        UsageError
            For items that are no whole numbers from 0 to n - 1.
        """
        chosen = self._chosen(items)
        compact = bool((np.diff(chosen) <= self.distance).all())
        return compact and total_weight(self.weights, chosen) >= Fraction(self.least)

    def cost(self, items: ArrayLike) -> Fraction:
        """Return the exact cost of a choice. Raises UsageError as `holds` does."""
        return total_weight(self.costs, self._chosen(items))

    def _chosen(self, items: ArrayLike) -> Integers:
        """Return the different items in order."""
        chosen = np.unique(indices(items))
        if chosen.size and not (chosen[0] >= 0 and chosen[-1] < self.n):
            raise UsageError(f"items must be from 0 to {self.n - 1}, got {chosen[0]} to {chosen[-1]}")
        return chosen

    def point(self, x: ArrayLike) -> Array:
        """Return a point (n,) as float64. Raises UsageError for another shape and for no finite numbers."""
        found = numbers(x, "the point")
        if found.shape != (self.n,) or not np.isfinite(found).all():
            raise UsageError(f"the point must be finite numbers ({self.n},), got {shape(found)}")
        return found

    def indicators(self, x: ArrayLike) -> dict[str, float]:
        """Return the imprecision, the compactness and the fractionality of a point (n,).

        With the items where x is at least 1/2, the imprecision is c'x / sum c, the compactness the largest
        (j - i - 1) / n of neighbours i < j, and the fractionality 2 / sqrt(n) times |x - round(x)|.
        """
        point = self.point(x)
        chosen = np.flatnonzero(point >= 0.5)
        gaps = np.diff(chosen) - 1
        total = self.costs.sum()
        return {
            "imprecision": float(self.costs[chosen].sum() / total) if total else 0.0,
            "compactness": float(gaps.max(initial=0) / self.n),
            "fractionality": float(2.0 / np.sqrt(self.n) * np.linalg.norm(point - np.rint(point))),
        }

    def pairs(self) -> tuple[Integers, Integers]:
        """Return the pairs i < j that are more than D apart."""
        i, j = np.triu_indices(self.n, self.distance + 1)
        return i.astype(np.int64), j.astype(np.int64)

    def required(self) -> Array:
        """Return m_ij = floor((j - i - 1) / D) for `pairs`: the items between i and j in a choice of both."""
        i, j = self.pairs()
        return ((j - i - 1) // self.distance).astype(np.float64)

    def problem(self, name: str = "compact") -> Problem:
        """Return the mixed-integer program, whose compactness rows have D + 2 entries."""
        return compact_problem(self.weights, self.costs, self.least, self.distance, name)

    def text(self) -> str:
        """Return the instance as JSON."""
        return compact_json(self.weights, self.costs, self.least, self.distance)


def parsed(found: Any) -> Compact:
    """Return the instance of a JSON object. Raises UsageError, TypeError or ValueError if it is none."""
    keys = ("weights", "profits", "min_weight", "max_distance")
    missing = [key for key in keys if not isinstance(found, dict) or key not in found]
    if missing:
        raise UsageError(f"has no {', '.join(missing)}")
    distance = found["max_distance"]
    if isinstance(distance, float) and distance.is_integer():
        distance = int(distance)
    instance = Compact(
        numbers(found["weights"], "weights"), numbers(found["profits"], "profits"),
        found["min_weight"], distance,
    )  # fmt: skip
    if found.get("n_items", instance.n) != instance.n:
        raise UsageError(f"n_items is {found['n_items']}, but there are {instance.n} weights")
    return instance


def indices(items: ArrayLike) -> Integers:
    """Return items (k,) as int64. Raises UsageError for others, such as a vector of booleans."""
    found = np.asarray(items)
    if found.ndim != 1 or (found.size and found.dtype.kind not in "iu"):
        raise UsageError(f"items must be a vector of whole numbers, got {items!r}")
    return found.astype(np.int64)


def total_weight(values: Array, items: Integers) -> Fraction:
    """Return the exact sum of some values."""
    return sum((Fraction(value) for value in values[items].tolist()), Fraction(0))
