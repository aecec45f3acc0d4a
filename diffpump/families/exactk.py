"""Exactly k items whose weights lie within windows, at minimum cost.

    min sum_j c_j x_j   s.t.  sum_j x_j = k,  l_i <= sum_j a_ij x_j <= u_i for every window i,  x binary

Weights a_ij and costs c_j are ~ U{1..100}. The middle of a window is the weight of k random items, so every
instance has a solution. Narrow windows make market split problems of it (Cornuejols and Dawande, *A class of
hard small 0-1 programs*, INFORMS Journal on Computing 11, 1999).
"""

from __future__ import annotations

from typing import Annotated

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator


@FAMILIES.register("exactk", help="exactly k items whose weights lie within windows")
def exactk(
    seed: int,
    items: Annotated[int, Size("number of items")] = 60,
    k: Annotated[int, Size("number of items that are chosen, at most all")] = 20,
    windows: Annotated[int, Size("number of windows")] = 3,
    tightness: Annotated[int, Size("width of a window in percent of an item's mean weight", minimum=0)] = 50,
) -> Problem:
    """Return a model of choosing exactly k of `items` binaries."""
    if k > items:
        raise UsageError(f"k {k} is more than items {items}")
    rng = generator(seed)
    weight = rng.integers(1, 101, size=(windows, items))
    cost = rng.integers(1, 101, size=items)
    middle = weight @ (rng.permutation(items) < k)
    half = weight.sum(axis=1) * tightness // (200 * items)

    draft = Draft(f"exactk-{k}of{items}-s{seed}")
    x = [draft.binary(f"x_{j}", cost[j]) for j in range(items)]
    draft.row("count", ((1, column) for column in x), k, k)
    for i in range(windows):
        draft.row(f"window_{i}", zip(weight[i], x, strict=True), middle[i] - half[i], middle[i] + half[i])
    return draft.problem()
