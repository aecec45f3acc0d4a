"""Compact knapsacks whose linear relaxation has no point with the property ROAD.

Let x be an optimum of the linear relaxation min c'x, w'x >= q, m_ij (x_i + x_j - 1) <= sum_{i < k < j} x_k,
0 <= x <= 1. It has the property ROAD if X = xx' + Diag(x - x^2) is feasible for the naive semidefinite
relaxation, that is if

    m_ij x_i x_j <= sum_{i < k < j} x_k   for all j - i > D,   m_ij = floor((j - i - 1) / D).

The family is ours, made from this definition. Only the two ends, with weights a < q < b and costs alpha and
beta, are worth their cost, and their row x_1 + x_n <= 1 + sum_{1 < k < n} x_k / m binds: with the multipliers

    y = (beta - alpha) / (b - a) of the weight,   u = a y - alpha of m times that row,

both positive since alpha / a < beta / b, an item k between them whose cost exceeds w_k y + u stays at 0. So

    x_1 = (b - q) / (b - a),   x_n = (q - a) / (b - a),   x_k = 0 between them

is the only optimum, and the pair of the ends lacks m x_1 x_n > 0. All numbers are whole.

Source of the property: Knapsack with compactness: a semidefinite approach. Its Appendix B has a family
without it, too.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.compact_rows import CompactNumbers, Lifted
from diffpump.families.draft import FAMILIES, Size, generator


def instance(seed: int, items: int, distance: int, lifted: int = 0) -> CompactNumbers:
    """Return the numbers of an instance. Raises UsageError if the ends are within the distance."""
    if items < distance + 2:
        raise UsageError(
            f"the ends must be more than {distance} apart, so that items must be at least {distance + 2}"
        )
    rng = generator(seed)
    a, b = int(rng.integers(20, 41)), int(rng.integers(80, 121))
    ratio = int(rng.integers(1, 4))
    alpha, beta = ratio * a, (ratio + int(rng.integers(1, 4))) * b
    y = Fraction(beta - alpha, b - a)
    u = a * y - alpha
    weights = np.append(a, np.append(rng.integers(1, 10, items - 2), b))
    dearer = rng.integers(1, 10, items - 2).tolist()
    between = [int(w * y + u) + more for w, more in zip(weights[1:-1].tolist(), dearer, strict=True)]
    costs = np.array([alpha, *between, beta])
    quarter = (b - a) // 4
    least = int(rng.integers(a + quarter, b - quarter + 1))
    name = f"noroad-{items}-{distance}-s{seed}"
    return CompactNumbers(
        name, weights.astype(float), costs.astype(float), float(least), distance, bool(lifted)
    )


@FAMILIES.register(
    "noroad",
    help="compact min-knapsack whose linear relaxation lacks the property ROAD",
    facts=instance,
)
def noroad(
    seed: int,
    items: Annotated[int, Size("number of items, at least distance + 2", minimum=3)] = 30,
    distance: Annotated[int, Size("largest distance of two neighbours in a choice")] = 3,
    lifted: Lifted = 0,
) -> Problem:
    """Return the mixed-integer program with `items` binaries."""
    return instance(seed, items, distance, lifted).problem()
