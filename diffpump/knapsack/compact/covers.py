"""Sets of items that are too light, and the cuts that they imply.

A set S with w'1_S < q is insufficient: a choice needs an item outside it, sum_{i not in S} x_i >= 1. The set
is maximal if any further item makes it heavy enough; then its complement is a minimal cover. The cut that a
point x violates most is a knapsack problem,

    min sum_{i not in S} x_i = sum x - max { x'a: w'a < q, a binary },

and a point with a least value of 1 or more violates none.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from diffpump.knapsack.base import Array
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.exact import solve

Integers = NDArray[np.int64]
WEIGHT_BITS, SCORE_BITS = 40, 20  # of the whole numbers that the knapsack takes


def whole_weights(instance: Compact) -> tuple[Integers, int]:
    """Return weights as whole numbers, rounded up, and a capacity within which every set is too light."""
    total = float(instance.weights.sum())
    scale = Fraction(2) ** (WEIGHT_BITS - math.frexp(total)[1])
    weights = [math.ceil(Fraction(weight) * scale) for weight in instance.weights.tolist()]
    return np.array(weights, np.int64), math.ceil(Fraction(instance.least) * scale) - 1


def separate(instance: Compact, x: Array, least: float = 1e-4) -> Integers | None:
    """Return a maximal insufficient set whose cut a point x (n,) violates by more than `least`, or None.

    Dantzig's bound on the knapsack comes first, since it may prove that there is none.
    """
    weights, capacity = whole_weights(instance)
    if capacity < 0:
        return None
    point = np.clip(x, 0.0, 1.0)
    score = np.rint(point * 2.0**SCORE_BITS).astype(np.int64)
    limit = int(score.sum()) - (1 << SCORE_BITS)  # what a violated cut's set must exceed
    if _dantzig(score, weights, capacity) <= limit:
        return None
    items = solve(score, weights, capacity).items
    inside = np.zeros(instance.n, bool)
    inside[items] = True
    items = complete(inside, weights, capacity)
    inside[items] = True
    return items if float(point[~inside].sum()) < 1.0 - least else None


def complete(inside: NDArray[np.bool_], weights: Integers, capacity: int) -> Integers:
    """Return a maximal set within the capacity that contains a given one: the lightest others are added."""
    own = inside.copy()
    room = capacity - int(weights[own].sum())
    others = np.flatnonzero(~own)
    others = others[np.argsort(weights[others], kind="stable")]
    own[others[np.cumsum(weights[others]) <= room]] = True
    return np.flatnonzero(own).astype(np.int64)


def _dantzig(score: Integers, weights: Integers, capacity: int) -> float:
    """Return the LP relaxation's upper bound on the knapsack's value, a little above its rounding errors."""
    free = weights == 0
    p, w = score[~free], weights[~free]
    order = np.argsort(-p / w, kind="stable")
    ends = np.cumsum(w[order])
    split = int(np.searchsorted(ends, capacity, side="right"))
    value = float(score[free].sum()) + float(p[order[:split]].sum())
    if split < order.size:
        filled = int(ends[split - 1]) if split else 0
        value += (capacity - filled) * float(p[order[split]]) / float(w[order[split]])
    return value * (1.0 + 1e-12) + 1e-6
