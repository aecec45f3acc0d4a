"""Multiple-choice knapsack: one option of every class within several capacities at minimum cost.

    min sum_ko c_ko x_ko
    s.t. sum_o x_ko = 1             for every class k
         sum_ko a_iko x_ko <= b_i   for every knapsack i
         x binary

The problem is that of Moser, Jokanovic and Shiratori (*An algorithm for the multidimensional
multiple-choice knapsack problem*, IEICE Transactions on Fundamentals E80-A, 1997). Light options are
expensive, as in the data of type D of generalised assignment: weights a_iko ~ U{1..100}, costs 111 minus the
mean weight of the option plus U{-10..10}. A capacity lies between the weight of the choice with the least
total weight and the weight of an average choice, so every instance has a solution.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator


@FAMILIES.register("mckp", help="multiple-choice knapsack: an option of each class within capacities")
def mckp(
    seed: int,
    classes: Annotated[int, Size("number of classes")] = 20,
    options: Annotated[int, Size("number of options of a class")] = 6,
    knapsacks: Annotated[int, Size("number of knapsacks")] = 5,
    tightness: Annotated[
        int, Size("capacity in percent of the way from the lightest to an average choice", minimum=0)
    ] = 20,
) -> Problem:
    """Return a multiple-choice knapsack model with `classes * options` binaries."""
    rng = generator(seed)
    weight = rng.integers(1, 101, size=(knapsacks, classes, options))
    total = weight.sum(axis=0)
    cost = 111 - total // knapsacks + rng.integers(-10, 11, size=(classes, options))
    lightest = np.take_along_axis(weight, total.argmin(axis=1)[None, :, None], axis=2).sum(axis=(1, 2))
    average = weight.sum(axis=(1, 2)) // options
    capacity = lightest + np.maximum(average - lightest, 0) * tightness // 100

    draft = Draft(f"mckp-{classes}x{options}-s{seed}")
    x = [[draft.binary(f"x_{k}_{o}", cost[k, o]) for o in range(options)] for k in range(classes)]
    for k in range(classes):
        draft.row(f"class_{k}", ((1, column) for column in x[k]), 1, 1)
    for i in range(knapsacks):
        terms = ((weight[i, k, o], x[k][o]) for k in range(classes) for o in range(options))
        draft.row(f"knapsack_{i}", terms, hi=capacity[i])
    return draft.problem()
