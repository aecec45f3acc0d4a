"""The 0-1 knapsack in the classes by which its algorithms are compared.

    max sum_j p_j x_j   s.t.  sum_j w_j x_j <= c,   x binary

Weights are ~ U{1..R}, and the classes differ in the profits:

    1  uncorrelated           p ~ U{1..R}
    2  weakly correlated      p ~ U{w - R/10..w + R/10}, at least 1
    3  strongly correlated    p = w + R/10
    4  inversely correlated   p ~ U{1..R}, w = p + R/10
    5  almost strongly        p ~ U{w + R/10 - R/500..w + R/10 + R/500}
    6  subset sum             p = w
    7  profit ceiling         p = 3 ceil(w / 3)

The capacity is a share of the weight of all items.

Source: Pisinger, Where are the hard knapsack problems? (Computers and Operations Research 32, 2005).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator

Integers = NDArray[np.int64]
CLASSES = 7


@FAMILIES.register("pisinger", help="0-1 knapsack in Pisinger's classes, from uncorrelated to profit ceiling")
def pisinger(
    seed: int,
    items: Annotated[int, Size("number of items")] = 50,
    kind: Annotated[int, Size(f"class from 1 to {CLASSES}: uncorrelated to profit ceiling")] = 3,
    largest: Annotated[int, Size("largest weight R", maximum=10**9)] = 1000,
    share: Annotated[int, Size("capacity in percent of the weight of all items")] = 50,
) -> Problem:
    """Return a knapsack model with `items` binaries."""
    profit, weight = knapsack(seed, items, kind, largest)
    draft = Draft(f"pisinger-{kind}-{items}-s{seed}")
    x = [draft.binary(f"x_{j}", -profit[j]) for j in range(items)]
    draft.row("capacity", zip(weight, x, strict=True), hi=int(weight.sum()) * share // 100)
    return draft.problem()


def knapsack(seed: int, items: int, kind: int, largest: int) -> tuple[Integers, Integers]:
    """Return the profits and the weights (items,) of a class.

    Raises
    ------
    UsageError
        For an unknown class.
    """
    rng, tenth = generator(seed), largest // 10
    first = rng.integers(1, largest + 1, items)
    if kind == 1:
        return rng.integers(1, largest + 1, items), first
    if kind == 2:
        return np.maximum(1, first + rng.integers(-tenth, tenth + 1, items)), first
    if kind == 3:
        return first + tenth, first
    if kind == 4:
        return first, first + tenth
    if kind == 5:
        noise = rng.integers(-(largest // 500), largest // 500 + 1, items)
        return np.maximum(1, first + tenth + noise), first
    if kind == 6:
        return first.copy(), first
    if kind == 7:
        return 3 * -(-first // 3), first
    raise UsageError(f"the class must be from 1 to {CLASSES}, got {kind}")
