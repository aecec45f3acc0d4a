"""Choices from a relaxation's point: the threshold 1/2, and the nearest compact choice.

The threshold is what the semidefinite paper uses; its choice may be too light or have long gaps. The compact
rounding maximises a score over all choices of the instance (`smoothed.CompactSet`), so that it always gives
one:

    x_i - 1/2 - c_i / (2 max c),

the distance of x, and a cost that decides between near ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, numbers
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.compact.smoothed import CompactSet

Integers = NDArray[np.int64]


def threshold(x: Array) -> Integers:
    """Return the items where a point (n,) is at least 1/2, whether or not they are a choice."""
    return np.flatnonzero(numbers(x, "the point") >= 0.5).astype(np.int64)


def nearest(instance: Compact, x: Array, choices: CompactSet | None = None) -> Integers:
    """Return the items of the compact rounding of a point (n,), a choice of the instance.

    Where the smoothed choices cannot be made, since all items are needed or there are too many of them, it is
    the choice of all items without those that are not needed.

    Parameters
    ----------
    instance : Compact
        The instance.
    x : (n,) float64
        The point.
    choices : CompactSet, optional
        The instance's set, if there is one already.

    Raises
    ------
    UsageError
        For a point of another shape, or that is not finite.
    """
    point = instance.point(x)
    if instance.least == 0:
        return np.empty(0, np.int64)
    largest = float(instance.costs.max(initial=0.0))
    price = instance.costs / (2.0 * largest) if largest > 0 else 0.0
    try:
        _, y = (choices or CompactSet(instance)).best(point - 0.5 - price)
    except UsageError:
        return reduce(instance, np.arange(instance.n))
    return reduce(instance, np.flatnonzero(y))


def reduce(instance: Compact, items: NDArray[np.intp]) -> Integers:
    """Return a choice without items that it does not need, the dearest ones removed first."""
    chosen = np.zeros(instance.n, bool)
    chosen[items] = True
    for j in items[np.argsort(-instance.costs[items], kind="stable")]:
        chosen[j] = False
        if not instance.holds(np.flatnonzero(chosen)):
            chosen[j] = True
    return np.flatnonzero(chosen).astype(np.int64)
