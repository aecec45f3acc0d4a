"""Set cover with a limit on the number of sets: the cheapest at most K sets that cover all elements.

    min sum_s c_s x_s   s.t.  sum_{s contains e} x_s >= 1 for every element e,  sum_s x_s <= K,  x binary

The sets are random, as in Beasley (*An algorithm for set covering problem*, European Journal of Operational
Research 31, 1987), and every element is in exactly `frequency` of them. Without the limit, rounding up would
give a solution. K is `spare` plus the size of the greedy cover (Chvatal, *A greedy heuristic for the
set-covering problem*, Mathematics of Operations Research 4, 1979) without redundant sets, so that cover is a
solution.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator


@FAMILIES.register("setcover", help="set covering: the cheapest sets that cover all elements")
def setcover(
    seed: int,
    elements: Annotated[int, Size("number of elements")] = 200,
    sets: Annotated[int, Size("number of sets, one binary each")] = 60,
    frequency: Annotated[int, Size("number of sets that contain an element, at most all")] = 6,
    spare: Annotated[int, Size("sets allowed beyond the number in a greedy cover", minimum=0)] = 0,
) -> Problem:
    """Return a set cover model with `sets` binaries."""
    rng = generator(seed)
    frequency = min(frequency, sets)
    member = np.array([np.sort(rng.permutation(sets)[:frequency]) for _ in range(elements)])
    cost = rng.integers(1, 101, size=sets)
    contains = np.zeros((elements, sets), dtype=bool)
    contains[np.arange(elements)[:, None], member] = True

    draft = Draft(f"setcover-{elements}x{sets}-s{seed}")
    x = [draft.binary(f"x_{s}", cost[s]) for s in range(sets)]
    for e in range(elements):
        draft.row(f"element_{e}", [(1, x[s]) for s in member[e]], lo=1)
    draft.row("limit", [(1, column) for column in x], hi=len(_greedy_cover(contains)) + spare)
    return draft.problem()


def _greedy_cover(contains: NDArray[np.bool_]) -> list[int]:
    """Return the sets of a greedy cover, without redundant ones.

    The greedy cover repeatedly adds the set with the most uncovered elements.
    """
    cover: list[int] = []
    open_elements = np.ones(len(contains), dtype=bool)
    while open_elements.any():
        cover.append(int(np.argmax(contains[open_elements].sum(axis=0))))
        open_elements &= ~contains[:, cover[-1]]
    for s in tuple(cover):
        rest = [other for other in cover if other != s]
        if contains[:, rest].any(axis=1).all():
            cover = rest
    return cover
