"""Sets of integers below n with insertion, removal and drawing in O(1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index


class Members(NamedTuple):
    """A set of integers below n.

    items   (n,): the members in its first size[0] entries, in no order
    at      (n,): the position of each integer in `items`, -1 if it is not a member
    size    (1,): the number of members
    """

    items: Index
    at: Index
    size: NDArray[np.int64]


def members(n: int) -> Members:
    """Return an empty set with room for all integers below n."""
    return Members(np.zeros(n, np.int32), np.full(n, -1, np.int32), np.zeros(1, np.int64))


@kernel
def add(members: Members, item: int) -> None:
    """Insert an item unless it is a member."""
    if members.at[item] < 0:
        members.at[item] = members.size[0]
        members.items[members.size[0]] = item
        members.size[0] += 1


@kernel
def remove(members: Members, item: int) -> None:
    """Remove an item if it is a member; the last member moves to its position."""
    place = members.at[item]
    if place >= 0:
        members.size[0] -= 1
        last = members.items[members.size[0]]
        members.items[place] = last
        members.at[last] = place
        members.at[item] = -1
