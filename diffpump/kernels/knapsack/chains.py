"""The cheapest chain of items that is heavy enough: a label is a chain that ends at an item.

A chain is a set of items of which two neighbours are at most D apart. The labels of item i are those of the
items i - D, ..., i - 1, and the empty chain, with i added, without those that cost no less than another one
and weigh no more. A label is dropped if its cost and a lower bound on what the rest must cost are not below
the cheapest chain that is known. The bound is the fractional knapsack's over the items behind i.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Model

Integers = NDArray[np.int64]
DONE, LABELS_FULL, PAUSED = 0, 1, 2
# Entries of `Labels.at`: the next item; the labels in use; the cost of the cheapest chain, the label that it
# extends and its last item.
NEXT, COUNT, BEST, BEST_PARENT, BEST_ITEM = range(5)
NONE = -1


class Chains(NamedTuple):
    """The items, in order.

    Attributes
    ----------
    cost, weight : (n,) int64
        Costs >= 0 and weights >= 0.
    order : (n,) int64
        The items by rising cost per weight, exactly or nearly.
    suffix_weight, suffix_cost : (n + 1, n + 1) float64
        Row i has the sums of the items behind i - 1 in that order, of the first 0, 1, ... of them.
    suffix_length : (n + 1,) int64
        The number of these items.
    """

    cost: Integers
    weight: Integers
    order: Integers
    suffix_weight: NDArray[np.float64]
    suffix_cost: NDArray[np.float64]
    suffix_length: Integers


class Labels(NamedTuple):
    """The labels, item by item.

    Attributes
    ----------
    cost, weight, parent, item : (N,) int64
        Each label; the parent is the label it extends, or NONE.
    start : (n + 1,) int64
        Where the labels of each item begin.
    pointer : (D + 1,) int64
        Working memory.
    at : (5,) int64
        The progress.
    """

    cost: Integers
    weight: Integers
    parent: Integers
    item: Integers
    start: Integers
    pointer: Integers
    at: Integers


@kernel
def least_cost(items: Chains, i: int, need: float) -> float:
    """Return a lower bound on the cost of items behind i - 1 that weigh at least `need`, or infinity."""
    length = items.suffix_length[i]
    weight, cost = items.suffix_weight[i], items.suffix_cost[i]
    if weight[length] < need:
        return np.inf
    low, high = 0, length  # the least k with weight[k] >= need
    while low < high:
        middle = (low + high) // 2
        if weight[middle] >= need:
            high = middle
        else:
            low = middle + 1
    if low == 0:
        return 0.0
    part = (need - weight[low - 1]) / (weight[low] - weight[low - 1])
    return float(cost[low - 1] + part * (cost[low] - cost[low - 1]))


@kernel
def extend(items: Chains, need: int, reach: int, unit: int, slack: float, pause: int, labels: Labels) -> int:
    """Make the labels of one item after another: until all are done, none fits any more, or for a pause.

    need    the least weight
    reach   D
    unit    a common divisor of all costs
    slack   the relative error of the bounds
    pause   the labels after which it pauses, once an item is done

    The next call goes on with the item at which this one ended.
    """
    at, n, end = labels.at, items.cost.size, labels.at[COUNT] + pause
    while at[NEXT] < n:
        if at[COUNT] >= end:
            return PAUSED
        i = at[NEXT]
        first = max(0, i - reach)
        most = 1
        for j in range(first, i):
            labels.pointer[j - first] = labels.start[j]
            most += labels.start[j + 1] - labels.start[j]
        if at[COUNT] + most > labels.cost.size:
            return LABELS_FULL
        count, heaviest, empty = at[COUNT], np.int64(-1), True
        while True:
            origin, best_cost, best_weight = NONE, np.int64(0), np.int64(0)
            found = empty
            from_list = -1
            for j in range(first, i):
                at_label = labels.pointer[j - first]
                if at_label < labels.start[j + 1]:
                    cost, weight = labels.cost[at_label], labels.weight[at_label]
                    if not found or cost < best_cost or (cost == best_cost and weight > best_weight):
                        found, from_list, origin = True, j - first, at_label
                        best_cost, best_weight = cost, weight
            if not found:
                break
            if from_list < 0:
                empty = False
            else:
                labels.pointer[from_list] += 1
            cost, weight = best_cost + items.cost[i], best_weight + items.weight[i]
            if weight <= heaviest or cost >= at[BEST]:
                continue
            if weight >= need:
                at[BEST], at[BEST_PARENT], at[BEST_ITEM] = cost, origin, i
                break  # what follows costs no less
            rest = least_cost(items, i + 1, (need - weight) * (1.0 - slack)) * (1.0 - slack)
            # Whole numbers are compared: in float64, different costs would be equal.
            if not rest < np.inf or cost + np.int64(np.ceil(rest / unit)) * unit >= at[BEST]:
                continue
            labels.cost[count], labels.weight[count] = cost, weight
            labels.parent[count], labels.item[count] = origin, i
            heaviest = weight
            count += 1
        at[COUNT] = count
        labels.start[i + 1] = count
        at[NEXT] += 1
    return DONE


@warm_up("knapsack, chains", engine=False)
def _warm_up(model: Model) -> None:
    one, table = np.ones(1, np.int64), np.zeros((2, 2))
    items = Chains(one, one, np.zeros(1, np.int64), table, table.copy(), np.zeros(2, np.int64))
    start, at, fields = np.zeros(2, np.int64), np.zeros(5, np.int64), np.zeros((4, 4), np.int64)
    labels = Labels(fields[0], fields[1], fields[2], fields[3], start, start.copy(), at)
    extend(items, 1, 1, 1, 0.0, 1, labels)
