"""An exact knapsack by an expanding core: dynamic programming over the items around the break item.

The items are in the order of falling profit per weight, and the break solution takes those before the break
item b, the first that does not fit. Starting with it, one item after another joins the core, in turn on both
sides of b: an item from b on may be added, and one before b removed. A list has the weights and profits that
choices in the core can reach, without those that weigh no less than another one and bring no more. A state is
dropped if its bound, with the efficiency of the next item that it needs, is not above the best profit so far.
Whenever the list has doubled, each state is also completed by the best single item outside the core that
fits, or that must go, which finds the optimum early where many choices fill the capacity.

Sources: Pisinger, A minimal algorithm for the 0-1 knapsack problem (Operations Research 45, 1997);
Martello, Pisinger, Toth, Dynamic programming and strong bounds for the 0-1 knapsack problem (Management
Science 45, 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Model

Integers = NDArray[np.int64]
DONE, LISTS_FULL, NODES_FULL = 0, 1, 2
# Entries of `Core.at`: the core is [FIRST, LAST); WHICH list is the present one, of LENGTH states; the nodes
# in use; the best profit so far, and its node; whether the next item comes from the right; an upper bound on
# the best profit; the length from which the states are completed again.
FIRST, LAST, WHICH, LENGTH, NODES, BEST, BEST_NODE, RIGHT, MOST, COMPLETE_FROM = range(10)
FIRST_COMPLETION = 256
ROOT = 0  # the node of the break solution


class Core(NamedTuple):
    """The lists and the nodes by which choices are found again.

    Attributes
    ----------
    weight, profit, node : (2, M) int64
        The states of the present and of the next list, by rising weight and profit.
    parent, item : (N,) int64
        For each node the node that it was made of, and the item that was added or removed.
    at : (10,) int64
        The progress.
    order : (n,) int64
        The places of the items by rising weight.
    best : (n,) int64
        Working memory.
    """

    weight: NDArray[np.int64]
    profit: NDArray[np.int64]
    node: NDArray[np.int64]
    parent: Integers
    item: Integers
    at: Integers
    order: Integers
    best: Integers


@kernel
def sort_exactly(profits: Integers, weights: Integers, order: Integers) -> None:
    """Sort an order by falling profit per weight that is nearly sorted, as by quotients in float64."""
    for k in range(1, order.size):
        j, i = order[k], k - 1
        while i >= 0 and profits[order[i]] * weights[j] < profits[j] * weights[order[i]]:
            order[i + 1] = order[i]
            i -= 1
        order[i + 1] = j


@kernel
def expand(profits: Integers, weights: Integers, capacity: int, b: int, core: Core) -> int:
    """Expand the core until the optimum is proven (DONE), or until the lists or the nodes are full.

    Called again with larger arrays, it continues where it stopped. Items with a weight of 0 must not be
    there.
    """
    n, at = profits.size, core.at
    base_weight, base_profit = 0, 0
    for j in range(b):
        base_weight += weights[j]
        base_profit += profits[j]
    room = capacity - base_weight
    while at[LENGTH] > 0 and at[BEST] < at[MOST] and (at[FIRST] > 0 or at[LAST] < n):
        right = at[LAST] < n and (at[RIGHT] == 1 or at[FIRST] == 0)
        j = at[LAST] if right else at[FIRST] - 1
        sign = 1 if right else -1
        # What the item's change is worth at best, the rest at the break item's efficiency.
        value = base_profit + sign * profits[j] + ((room - sign * weights[j]) * profits[b]) // weights[b]
        if value > at[BEST]:
            if 2 * at[LENGTH] > core.weight.shape[1]:
                return LISTS_FULL
            if at[NODES] + at[LENGTH] + 1 > core.parent.size:
                return NODES_FULL
        if right:
            at[LAST] += 1
        else:
            at[FIRST] -= 1
        at[RIGHT] = 0 if right else 1
        if value > at[BEST]:
            _join(profits, weights, capacity, core, j, sign)
            if at[LENGTH] >= at[COMPLETE_FROM]:
                at[COMPLETE_FROM] = 2 * at[LENGTH]
                _complete(profits, weights, capacity, core)
    return DONE


@kernel
def _join(profits: Integers, weights: Integers, capacity: int, core: Core, j: int, sign: int) -> None:
    """Merge the list with the list of its states changed by item j, and drop states."""
    at, n = core.at, profits.size
    which, length = at[WHICH], at[LENGTH]
    weight, profit, node = core.weight[which], core.profit[which], core.node[which]
    new_weight, new_profit, new_node = core.weight[1 - which], core.profit[1 - which], core.node[1 - which]
    dw, dp = sign * weights[j], sign * profits[j]
    add, remove = at[LAST], at[FIRST] - 1  # the next items on both sides
    own = changed = count = 0
    last = np.int64(-1)
    while own < length or changed < length:
        if changed == length:
            from_own = True
        elif own == length:
            from_own = False
        else:
            difference = weight[own] - (weight[changed] + dw)
            more = profit[own] >= profit[changed] + dp
            from_own = difference < 0 or (difference == 0 and more)
        if from_own:
            w, p, origin = weight[own], profit[own], own
            own += 1
        else:
            w, p, origin = weight[changed] + dw, profit[changed] + dp, changed
            changed += 1
        if p <= last:
            continue
        if w <= capacity:
            bound = p + ((capacity - w) * profits[add]) // weights[add] if add < n else p
        elif remove >= 0:
            bound = p + ((capacity - w) * profits[remove]) // weights[remove]
        else:
            continue
        improves = w <= capacity and p > at[BEST]
        if bound <= at[BEST] and not improves:
            continue
        here = node[origin]
        if not from_own:
            here = at[NODES]
            core.parent[here], core.item[here] = node[origin], j
            at[NODES] += 1
        if improves:
            at[BEST], at[BEST_NODE] = p, here
        new_weight[count], new_profit[count], new_node[count] = w, p, here
        count += 1
        last = p
    at[WHICH], at[LENGTH] = 1 - which, count


@kernel
def _complete(profits: Integers, weights: Integers, capacity: int, core: Core) -> None:
    """Try each state with one item outside the core added, or removed where it exceeds the capacity.

    States and items are both in the order of their weights, so that one pass over the items serves all.
    """
    at, n = core.at, profits.size
    weight, profit, node = core.weight[at[WHICH]], core.profit[at[WHICH]], core.node[at[WHICH]]
    best = core.best  # for each place in the order, the dearest item after the core up to there, or n
    dearest = n
    for k in range(n):
        item = core.order[k]
        if item >= at[LAST] and (dearest == n or profits[item] > profits[dearest]):
            dearest = item
        best[k] = dearest
    found, found_item = -1, -1
    k = n - 1
    for state in range(at[LENGTH]):
        room = capacity - weight[state]
        if room < 0:
            break
        while k >= 0 and weights[core.order[k]] > room:
            k -= 1
        if k < 0:
            break
        if best[k] < n and profit[state] + profits[best[k]] > at[BEST]:
            at[BEST], found, found_item = profit[state] + profits[best[k]], state, best[k]
    cheapest = n  # for each place, the item before the core of the least profit from there on, or n
    for k in range(n - 1, -1, -1):
        item = core.order[k]
        if item < at[FIRST] and (cheapest == n or profits[item] < profits[cheapest]):
            cheapest = item
        best[k] = cheapest
    k = n
    for state in range(at[LENGTH] - 1, -1, -1):
        excess = weight[state] - capacity
        if excess <= 0:
            break
        while k > 0 and weights[core.order[k - 1]] >= excess:
            k -= 1
        if k < n and best[k] < n and profit[state] - profits[best[k]] > at[BEST]:
            at[BEST], found, found_item = profit[state] - profits[best[k]], state, best[k]
    if found >= 0:
        here = at[NODES]
        core.parent[here], core.item[here] = node[found], found_item
        at[NODES] += 1
        at[BEST_NODE] = here


@warm_up("knapsack, core", engine=False)
def _warm_up(model: Model) -> None:
    one, lists = np.ones(1, np.int64), np.zeros((2, 4), np.int64)
    nodes = np.zeros(4, np.int64)
    core = Core(
        lists, lists.copy(), lists.copy(), nodes, nodes.copy(), np.zeros(10, np.int64), one, one.copy()
    )
    sort_exactly(one, one, np.zeros(1, np.int64))
    expand(one, one, 1, 0, core)
