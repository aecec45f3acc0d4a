"""Multidemand multidimensional knapsack: items within capacities that meet demands, at maximum profit.

    min -sum_j p_j x_j
    s.t. sum_j a_ij x_j <= b_i   for every knapsack i
         sum_j d_ij x_j >= e_i   for every demand i
         x binary

The problem is that of Cappanera and Trubian (*A local-search-based heuristic for the demand-constrained
multidimensional knapsack problem*, INFORMS Journal on Computing 17, 2005), with weights a_ij and d_ij
~ U{1..100} and profits p_j ~ U{1..100}. Without demands no item is a solution. The sides are the weights of a
random half of the items plus or minus a slack, so every instance has a solution.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator


@FAMILIES.register("mkp", help="multidimensional knapsack with demands: items within capacities meet demands")
def mkp(
    seed: int,
    items: Annotated[int, Size("number of items")] = 50,
    knapsacks: Annotated[int, Size("number of knapsacks")] = 5,
    demands: Annotated[int, Size("number of demands", minimum=0)] = 5,
    tightness: Annotated[int, Size("slack of a side in percent of an item's mean weight", minimum=0)] = 100,
) -> Problem:
    """Return a multidemand multidimensional knapsack model with `items` binaries."""
    rng = generator(seed)
    weight = rng.integers(1, 101, size=(knapsacks + demands, items))
    profit = rng.integers(1, 101, size=items)
    solution = rng.permutation(items) < (items + 1) // 2
    slack = weight.sum(axis=1) * tightness // (100 * items)
    activity = weight @ solution
    side = np.where(np.arange(len(weight)) < knapsacks, activity + slack, activity - slack)

    draft = Draft(f"mkp-{knapsacks}x{items}-s{seed}")
    x = [draft.binary(f"x_{j}", -profit[j]) for j in range(items)]
    for i in range(knapsacks):
        draft.row(f"knapsack_{i}", zip(weight[i], x, strict=True), hi=side[i])
    for i in range(knapsacks, knapsacks + demands):
        draft.row(f"demand_{i - knapsacks}", zip(weight[i], x, strict=True), lo=side[i])
    return draft.problem()
