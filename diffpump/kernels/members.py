"""A set of whole numbers below n: O(1) to add, to drop, and to draw from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index


class Members(NamedTuple):
    """items[:size[0]] in no order; at (n,): the place of each number among them, or -1."""

    items: Index
    at: Index
    size: NDArray[np.int64]


def members(n: int) -> Members:
    """An empty set with room for the numbers below n."""
    return Members(np.zeros(n, np.int32), np.full(n, -1, np.int32), np.zeros(1, np.int64))


@kernel
def add(members: Members, item: int) -> None:
    """Put an item in; nothing happens if it is there."""
    if members.at[item] < 0:
        members.at[item] = members.size[0]
        members.items[members.size[0]] = item
        members.size[0] += 1


@kernel
def drop(members: Members, item: int) -> None:
    """Take an item out if it is there; the last one takes its place."""
    place = members.at[item]
    if place >= 0:
        members.size[0] -= 1
        last = members.items[members.size[0]]
        members.items[place] = last
        members.at[last] = place
        members.at[item] = -1
