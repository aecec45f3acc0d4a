"""The knapsack solved to proven optimality, or to a proven share of the optimum.

    core      an expanding core around the break item (Pisinger 1997): in practice far below the tables' time
    weights   the table over weights, O(n C) time (`Knapsack.best`)
    profits   the table over profits, O(n U) time, U an upper bound on the optimum: for large weights
    fptas     the table over profits in steps of K = eps L / n, L the greedy choice's profit: O(n^2 / eps)
              time and at least (1 - eps) times the optimum

`auto` is `core` until its lists grow beyond a limit, and then the cheaper table. Where this exceeds the
memory limit too, the result is the core's best choice with a proven bound, and is not `optimal`. Profits and
weights are whole numbers, or rationals that a common factor makes whole; all arithmetic is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError
from diffpump.kernels.knapsack import core as core_kernels
from diffpump.kernels.knapsack import profits as profit_kernels
from diffpump.knapsack.base import exactly, number
from diffpump.knapsack.program import MAX_BYTES, Knapsack

Integers = NDArray[np.int64]
LARGEST_INTEGER = 1 << 62  # of products of a profit and a weight, and of sums
EXACT_FLOAT = 1 << 53
FIRST_STATES, FIRST_NODES = 1 << 12, 1 << 14
MAX_STATES = 1 << 22  # of the core's lists under `auto`
CARDINALITY_STATES = 1 << 15  # of the core's lists, from which on the bound by cardinality is worth its time


@dataclass(frozen=True, eq=False)
class Choice:
    """A choice of items within the capacity, and what is proven about it.

    Attributes
    ----------
    value : int or Fraction
        Its profit.
    items : (k,) int64
        The chosen items, in order.
    bound : int or Fraction
        A proven upper bound on the optimum.
    method : str
        How it was found; "all fit" where there was nothing to decide.
    """

    value: int | Fraction
    items: Integers
    bound: int | Fraction
    method: str

    @property
    def optimal(self) -> bool:
        """Whether no choice is better."""
        return self.value == self.bound

    @property
    def ratio(self) -> Fraction:
        """The proven share of the optimum, value / bound, 1 where it is optimal."""
        return Fraction(1) if self.optimal else Fraction(self.value) / Fraction(self.bound)


class _Items(NamedTuple):
    """Items with positive profits and weights; each of them fits, and all together do not.

    Attributes
    ----------
    profits, weights : (n,) int64
        The items.
    capacity : int
        The capacity.
    order : (n,) int64
        The items by falling profit per weight.
    split : int
        The place of the break item in this order: all items before it fit together, and with it they do not.
    most : int
        Dantzig's upper bound, the LP relaxation's optimum rounded down.
    """

    profits: Integers
    weights: Integers
    capacity: int
    order: Integers
    split: int
    most: int

    @property
    def greedy(self) -> int:
        """The larger profit of the items before the break item and of the best single one, >= most / 2."""
        return max(int(self.profits[self.order[: self.split]].sum()), int(self.profits.max()))


Found = tuple[Integers, int]  # the chosen items, and an upper bound on the optimum


def solve(
    profits: ArrayLike, weights: ArrayLike, capacity: Any, method: str = "auto", eps: float | None = None
) -> Choice:
    """Return a choice of items of the largest profit whose weight is within the capacity.

    Parameters
    ----------
    profits, weights : (n,)
        Profits, and weights >= 0: whole numbers, floats or Fractions, all of them taken exactly.
    capacity : number
        The capacity, >= 0.
    method : {"auto", "core", "weights", "profits", "fptas"}
        The method.
    eps : float, optional
        The share of the optimum that "fptas" may lose, in (0, 1).

    Raises
    ------
    UsageError
        For other arguments, for numbers that are not small enough whole ones after scaling, and where a table
        exceeds the memory limit.
    """
    if method not in ("auto", *METHODS):
        raise UsageError(f"method must be one of auto, {', '.join(METHODS)}, got {method!r}")
    if (eps is not None) != (method == "fptas") or (eps is not None and not 0 < number(eps) < 1):
        raise UsageError("'fptas' needs eps in (0, 1), and other methods take none")
    p, profit_unit = _whole(profits, "profits")
    every, _ = _whole([*_vector(weights, "weights"), capacity], "weights and capacity")
    w, room = every[:-1], every[-1]
    if len(p) != len(w):
        raise UsageError(f"got {len(p)} profits and {len(w)} weights")
    if room < 0 or any(weight < 0 for weight in w):
        raise UsageError("weights and capacity must be >= 0")
    useful = [j for j, profit in enumerate(p) if profit > 0 and w[j] <= room]
    free, rest = [j for j in useful if w[j] == 0], [j for j in useful if w[j] > 0]
    for name, numbers in (("profits", p), ("weights", w)):
        if sum(numbers[j] for j in rest) >= LARGEST_INTEGER:
            raise UsageError(f"the {name} have too many digits for exact arithmetic; round them")
    # Divided by their greatest common divisors, the numbers give tables that are smaller, and bounds that are
    # rounded down further.
    of_profits, of_weights = (max(1, math.gcd(*(numbers[j] for j in rest))) for numbers in (p, w))
    profit_array = np.array([p[j] // of_profits for j in rest], np.int64)
    weight_array = np.array([w[j] // of_weights for j in rest], np.int64)
    if int(weight_array.sum()) <= room // of_weights:
        taken, bound, method = np.arange(len(rest)), int(profit_array.sum()), "all fit"
    else:
        taken, bound, method = _solve(_sorted(profit_array, weight_array, room // of_weights), method, eps)
    items = sorted([*free, *(rest[k] for k in taken)])
    value, bound = sum(p[j] for j in items), bound * of_profits + sum(p[j] for j in free)
    assert sum(w[j] for j in items) <= room and value <= bound  # whatever the tables say
    return Choice(_scaled(value, profit_unit), np.array(items, np.int64), _scaled(bound, profit_unit), method)


def dantzig(profits: Integers, weights: Integers, capacity: int) -> int:
    """Return the LP relaxation's bound on the best profit, rounded down, for whole numbers >= 0."""
    free = weights == 0
    p, w = profits[~free], weights[~free]
    given = int(profits[free].sum())
    if int(w.sum()) <= capacity:
        return given + int(p.sum())
    useful = p > 0
    if int(w[useful].sum()) <= capacity:
        return given + int(p[useful].sum())
    return given + _sorted(p[useful], w[useful], capacity).most


def _solve(items: _Items, method: str, eps: float | None) -> tuple[Integers, int, str]:
    """Return the chosen items, an upper bound on the optimum, and the method that found them."""
    if method != "auto":
        return (*METHODS[method](items, eps), method)
    core = _expand(items, MAX_STATES)
    if core is not None and int(items.profits[core[0]].sum()) == core[1]:
        return (*core, "core")
    by_weights = items.capacity <= items.most and int(items.profits.sum()) < EXACT_FLOAT
    method, needed = "profits", _table_bytes(items.profits.size, items.most)
    if by_weights:
        method, needed = "weights", Knapsack(items.weights, items.capacity).needed_bytes()
    if core is not None and needed > MAX_BYTES:
        return (*core, "core")
    return (*METHODS[method](items, eps), method)


def _core(items: _Items, eps: float | None) -> Found:
    found = _expand(items)
    assert found is not None
    return found


def _expand(items: _Items, limit: int | None = None) -> Found | None:
    """Return the optimal items and value by an expanding core.

    With a limit, the core ends at that many states or at the memory limit, and what it returns may be less
    than optimal. Numbers that are too large then give None.
    """
    p, w, order, split = items.profits, items.weights, items.order, items.split
    if max(items.capacity, int(w.max())) * int(p.max()) >= LARGEST_INTEGER:
        if limit is not None:
            return None
        raise UsageError("profits times weights are too large for the core; try another method or round them")
    k = core_kernels
    lists, nodes = np.zeros((3, 2, FIRST_STATES), np.int64), np.zeros((2, FIRST_NODES), np.int64)
    start = int(p[order[:split]].sum())
    lists[0, 0, 0], lists[1, 0, 0] = int(w[order[:split]].sum()), start
    at = np.array([split, split, 0, 1, 1, start, k.ROOT, 1, items.most, k.FIRST_COMPLETION], np.int64)
    sorted_profits, sorted_weights = p[order], w[order]
    by_weight, best = np.argsort(sorted_weights, kind="stable"), np.zeros(p.size, np.int64)
    counted = False  # whether the bound by cardinality is known
    while True:
        core = k.Core(lists[0], lists[1], lists[2], nodes[0], nodes[1], at, by_weight, best)
        outcome = k.expand(sorted_profits, sorted_weights, items.capacity, split, core)
        if outcome == k.DONE:
            proven = int(at[k.BEST])
            break
        if not counted and lists.shape[2] >= min(CARDINALITY_STATES, limit or CARDINALITY_STATES):
            counted = True
            at[k.MOST] = min(items.most, most_by_cardinality(p, w, items.capacity, int(at[k.BEST])))
            continue
        full = 2 * (lists.nbytes + nodes.nbytes) > MAX_BYTES
        if limit is not None and (lists.shape[2] >= limit or full):
            proven = int(at[k.MOST])
            break
        if full:
            raise UsageError(f"the core needs more than {MAX_BYTES / 2**30:g} GiB; try another method")
        if outcome == k.LISTS_FULL:
            lists = np.concatenate((lists, np.zeros_like(lists)), axis=2)
        else:
            nodes = np.concatenate((nodes, np.zeros_like(nodes)), axis=1)
    chosen = np.arange(p.size) < split
    node = int(at[k.BEST_NODE])
    while node != k.ROOT:
        chosen[nodes[1, node]] ^= True
        node = int(nodes[0, node])
    return order[chosen], proven


def most_by_cardinality(p: Integers, w: Integers, capacity: int, known: int) -> int:
    """Return an upper bound on the best profit, from how many items a choice better than a known one has.

    A choice has at most k items, k the largest number of lightest items that fit, so that for every S >= 0

        sum_j (w_j + S) x_j <= c + S k

    holds for it. A choice whose profit is more than the known one has at least k' items, so many that the k'
    dearest have that profit, and sum_j (w_j - S) x_j <= c - S k' for 0 <= S <= min w. The bound is the least
    of Dantzig's bounds on these knapsacks, whose relaxation's optimum is unimodal in S.
    """
    at_most = int(np.searchsorted(np.cumsum(np.sort(w)), capacity, side="right"))
    at_least = 1 + int(np.searchsorted(np.cumsum(-np.sort(-p)), known, side="right"))
    if at_least > at_most:
        return known

    def bound(s: int) -> int:
        return dantzig(p, w + s, capacity + s * (at_most if s >= 0 else at_least))

    def least(low: int, high: int) -> int:
        while high - low > 2:
            first = low + (high - low) // 3
            second = high - (high - low) // 3
            if bound(first) <= bound(second):
                high = second
            else:
                low = first
        return min(bound(s) for s in range(low, high + 1))

    light = -min(int(w.min()), capacity // at_least)
    return max(known, min(least(0, int(w.max())), least(light, 0)))


def _weights(items: _Items, eps: float | None) -> Found:
    """Return the optimal items and value by the table over weights."""
    if int(items.profits.sum()) >= EXACT_FLOAT:
        raise UsageError("the profits are too large for the table over weights; try 'profits' or 'core'")
    value, y = Knapsack(items.weights, items.capacity).best(items.profits)
    return np.flatnonzero(y), int(value)


def _profits(items: _Items, eps: float | None) -> Found:
    return _table(items.profits, items.weights, items.capacity, items.most)


def _fptas(items: _Items, eps: float | None) -> Found:
    """Return items of at least (1 - eps) times the optimum, and an upper bound on it.

    With profits floor(p / K) every item loses at most K - 1, so that the optimum is at most K V + (K - 1) n,
    V the best value of these. With K <= eps L / n, L at most the optimum, the loss is at most eps times it.
    """
    assert eps is not None
    n, step = items.profits.size, max(1, int(exactly(eps) * items.greedy / items.profits.size))
    chosen, value = _table(items.profits // step, items.weights, items.capacity, items.most // step)
    return chosen, min(items.most, step * value + (step - 1) * n)


def _table(p: Integers, w: Integers, capacity: int, most: int) -> Found:
    """Return the optimal items and value, which is at most `most`, by the table over profits."""
    blocks, block = profit_kernels.space(p.size)
    if (needed := _table_bytes(p.size, most)) > MAX_BYTES:
        raise UsageError(
            f"{p.size} items and profits up to {most} need {needed / 2**30:.1f} GiB, more than "
            f"{MAX_BYTES / 2**30:g} GiB; try another method"
        )
    kept, rows = np.empty((blocks, most + 1), np.int64), np.empty((2, most + 1), np.int64)
    last = rows[profit_kernels.forward(p, w, kept, rows)]
    value = int(np.flatnonzero(last <= capacity)[-1])
    taken = np.zeros(p.size, bool)
    profit_kernels.backward(p, w, kept, np.empty((block + 1, most + 1), np.int64), value, taken)
    return np.flatnonzero(taken), value


def _table_bytes(n: int, most: int) -> int:
    """Return the memory of the table over profits."""
    return 8 * (most + 1) * (sum(profit_kernels.space(n)) + 3)


METHODS: Mapping[str, Callable[[_Items, float | None], Found]] = {
    "core": _core, "weights": _weights, "profits": _profits, "fptas": _fptas,
}  # fmt: skip


def _sorted(p: Integers, w: Integers, capacity: int) -> _Items:
    """Return items that do not fit together, with their order and Dantzig's bound."""
    order = np.argsort(-p / w, kind="stable")  # nearly; the kernel decides near ties exactly
    if int(p.max()) * int(w.max()) < LARGEST_INTEGER:
        core_kernels.sort_exactly(p, w, order)
    else:
        order = np.array(sorted(order.tolist(), key=lambda j: Fraction(-int(p[j]), int(w[j]))), np.int64)
    ends = np.cumsum(w[order])
    split = int(np.searchsorted(ends, capacity, side="right"))
    filled = int(ends[split - 1]) if split else 0
    item = int(order[split])
    most = int(p[order[:split]].sum()) + (capacity - filled) * int(p[item]) // int(w[item])
    return _Items(p, w, capacity, order, split, most)


def _whole(values: Any, name: str) -> tuple[list[int], int]:
    """Return numbers as whole multiples of 1 / unit, and the unit."""
    try:
        exact = [exactly(one) for one in _vector(values, name)]
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise UsageError(f"{name} must be finite numbers") from None
    unit = math.lcm(*(number.denominator for number in exact))
    return [int(number * unit) for number in exact], unit


def _vector(values: Any, name: str) -> NDArray[Any]:
    """Return numbers of any kind as an array of objects."""
    given = np.asarray(values, object)
    if given.ndim != 1:
        raise UsageError(f"{name} must be a vector of numbers")
    return given


def _scaled(value: int, unit: int) -> int | Fraction:
    return value if unit == 1 else Fraction(value, unit)
