"""The exact optimum of a compact knapsack, by labels that are chains (`kernels.knapsack.chains`)."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import UsageError
from diffpump.kernels.knapsack import chains
from diffpump.knapsack.base import Array, duration
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.program import MAX_BYTES

Integers = NDArray[np.int64]
BITS = 61  # of the sums of scaled weights and of scaled costs
SLACK = 1e-9  # relative error of the float64 bounds that the labels are compared with
FIRST_LABELS = 1 << 16
PAUSE = 1 << 20  # labels between two looks at the clock
UNKNOWN = 1 << 62


@dataclass(frozen=True, eq=False)
class CompactChoice:
    """A choice of a compact knapsack, and what is proven about it.

    Attributes
    ----------
    items : (k,) int64
        The items, in order.
    value : Fraction
        Their exact cost.
    bound : Fraction
        A proven lower bound on the optimum. Where the numbers take more than 61 bits, it lies below the value
        by their rounding.
    labels : int
        The labels that were made.
    finished : bool
        Whether the search was not cut off by its time limit.
    """

    items: Integers
    value: Fraction
    bound: Fraction
    labels: int
    finished: bool = True


def solve(instance: Compact, seconds: float = math.inf) -> CompactChoice:
    """Return a choice that is optimal up to the rounding of its bound.

    Weights are scaled to whole numbers and rounded up, costs are rounded down: a relaxation. If its optimum
    is not heavy enough in rationals, weights that are rounded down give the choice.

    Parameters
    ----------
    instance : Compact
        The instance.
    seconds : float
        Wall seconds after which the search ends, with the best choice that it knows and the bound of the
        fractional knapsack.

    Raises
    ------
    UsageError
        If the labels exceed the memory limit, or for another time limit.
    """
    end = time.monotonic() + duration(seconds)
    if instance.least == 0:
        return CompactChoice(np.empty(0, np.int64), Fraction(0), Fraction(0), 0)
    costs, cost_scale = _scaled(instance.costs, math.floor)
    weights, weight_scale = _scaled(instance.weights, math.ceil)
    need = math.ceil(Fraction(instance.least) * weight_scale)
    found = _cheapest(costs, weights, need, instance.distance, end)
    items = found.items
    if not instance.holds(items):
        lighter, _ = _scaled(instance.weights, math.floor)
        items = _cheapest(costs, lighter, need, instance.distance, end).items
    if not instance.holds(items):  # the time limit, or rounding in both directions
        items = np.arange(instance.n)
    return CompactChoice(
        items, instance.cost(items), Fraction(found.bound) / cost_scale, found.labels, found.finished
    )


class _Found(NamedTuple):
    """The items of the cheapest chain, a lower bound on its cost, the labels, and whether all were made."""

    items: Integers
    bound: int
    labels: int
    finished: bool


def _scaled(values: Array, rounded: object) -> tuple[Integers, Fraction]:
    """Return values times a power of two as whole numbers whose sum is below 2^BITS, and that power."""
    total = float(values.sum())
    exponent = BITS - 2 - math.frexp(total)[1] if total > 0 else 0
    scale = Fraction(2) ** exponent
    whole = [rounded(Fraction(value) * scale) for value in values.tolist()]  # type: ignore[operator]
    return np.array(whole, np.int64), scale


def _cheapest(costs: Integers, weights: Integers, need: int, distance: int, end: float) -> _Found:
    """Return the cheapest chain of whole weights and costs until a time (time.monotonic)."""
    n = costs.size
    every = np.arange(n)
    if int(weights.sum()) < need:  # only when weights were rounded down
        return _Found(every, 0, 0, True)
    if 2 * 8 * (n + 1) ** 2 > MAX_BYTES:
        raise UsageError(f"{n} items need more than {MAX_BYTES / 2**30:g} GiB for their bounds")
    k, items = chains, _items(costs, weights)
    at = np.array([0, 0, UNKNOWN, k.NONE, k.NONE], np.int64)
    fields, start = np.empty((4, FIRST_LABELS), np.int64), np.zeros(n + 1, np.int64)
    pointer, unit = np.empty(distance + 1, np.int64), max(1, int(np.gcd.reduce(costs)))
    while True:
        labels = k.Labels(fields[0], fields[1], fields[2], fields[3], start, pointer, at)
        outcome = k.extend(items, need, distance, unit, SLACK, PAUSE, labels)
        if outcome == k.DONE:
            break
        if outcome == k.PAUSED and time.monotonic() >= end:
            least = k.least_cost(items, 0, need * (1.0 - SLACK)) * (1.0 - SLACK)
            return _Found(_chain(fields, at, every), max(0, math.floor(least)), int(at[k.COUNT]), False)
        if outcome == k.LABELS_FULL:
            if 2 * fields.nbytes > MAX_BYTES:
                raise UsageError(f"the labels need more than {MAX_BYTES / 2**30:g} GiB")
            fields = np.concatenate((fields, np.empty_like(fields)), axis=1)
    return _Found(_chain(fields, at, every), int(at[k.BEST]), int(at[k.COUNT]), True)


def _chain(fields: Integers, at: Integers, none: Integers) -> Integers:
    """Return the items of the cheapest chain that is known, or `none`."""
    if at[chains.BEST] == UNKNOWN:
        return none
    chain, label = [int(at[chains.BEST_ITEM])], int(at[chains.BEST_PARENT])
    while label != chains.NONE:
        chain.append(int(fields[3, label]))
        label = int(fields[2, label])
    return np.array(chain[::-1], np.int64)


def _items(costs: Integers, weights: Integers) -> chains.Chains:
    """Return the items with the sums that the bounds need."""
    n = costs.size
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(weights > 0, costs / weights, np.inf)
    order = np.argsort(ratio, kind="stable")
    sums = np.zeros((2, n + 1, n + 1))
    length = np.zeros(n + 1, np.int64)
    for i in range(n + 1):
        behind = order[order >= i]
        length[i] = behind.size
        sums[0, i, 1 : behind.size + 1] = np.cumsum(weights[behind])
        sums[1, i, 1 : behind.size + 1] = np.cumsum(costs[behind])
    return chains.Chains(costs, weights, order, sums[0], sums[1], length)
