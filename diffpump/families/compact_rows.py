"""The numbers of a min-knapsack with compactness, its program, its JSON form and its least weight."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
import scipy.sparse as sp

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.families.draft import Size

Lifted = Annotated[int, Size("1: the program's rows of pairs are lifted; 0: they have D + 2 entries", 0, 1)]


class CompactNumbers(NamedTuple):
    """The numbers of an instance.

    Attributes
    ----------
    name : str
        The instance's name.
    weights, costs : (n,) float64
        The weights and the costs.
    least : float
        q, the least weight of a choice.
    distance : int
        D, the largest distance of two neighbours in a choice.
    lifted : bool
        Whether the program has lifted rows.
    """

    name: str
    weights: Vector
    costs: Vector
    least: float
    distance: int
    lifted: bool = False

    def problem(self) -> Problem:
        """Return the mixed-integer program, as `compact_problem` does."""
        return compact_problem(self.weights, self.costs, self.least, self.distance, self.name, self.lifted)

    def text(self) -> str:
        """Return the JSON form."""
        return compact_json(self.weights, self.costs, self.least, self.distance)


def share_of(weights: Vector, share: Fraction) -> float:
    """Return the largest float that is at most a share of the exact sum of some weights."""
    exact = share * sum((Fraction(weight) for weight in weights.tolist()), Fraction(0))
    found = float(exact)
    return found if found <= exact else math.nextafter(found, -math.inf)


def compact_problem(
    weights: Vector, costs: Vector, least: float, distance: int, name: str, lifted: bool = False
) -> Problem:
    """Return min c'x, w'x >= q, x binary, with a row for each pair of items more than D apart.

    A row of items i < j is, with m_ij = floor((j - i - 1) / D),

        x_i + x_j - 1 <= sum_{i < k <= i + D} x_k         D + 2 entries
        m_ij (x_i + x_j - 1) <= sum_{i < k < j} x_k       lifted, j - i + 1 entries

    Both forms have the same binary points, and neither has always the stronger linear relaxation.
    """
    n = weights.size
    i, j = np.triu_indices(n, distance + 1)
    rows = np.arange(i.size)
    needed = (j - i - 1) // distance if lifted else np.ones(i.size, np.int64)
    between = j - i - 1 if lifted else np.full(i.size, distance)
    owner = np.repeat(rows, between)
    step = np.arange(owner.size) - np.repeat(np.cumsum(between) - between, between)
    values = np.concatenate((needed, needed, -np.ones(owner.size)))
    places = np.concatenate((rows, rows, owner)), np.concatenate((i, j, i[owner] + 1 + step))
    gaps = sp.csr_matrix((values, places), shape=(i.size, n))
    return Problem(
        name=name, c=costs.copy(), offset=0.0, maximise=False,
        A=sp.csr_matrix(sp.vstack([sp.csr_matrix(weights[None]), gaps])),
        row_lo=np.append(least, np.full(i.size, -np.inf)), row_hi=np.append(np.inf, needed.astype(float)),
        lb=np.zeros(n), ub=np.ones(n), integer=np.ones(n, bool), col_names=[f"x_{k}" for k in range(n)],
        row_names=["weight", *(f"gap_{a}_{b}" for a, b in zip(i, j, strict=True))],
    )  # fmt: skip


def compact_json(weights: Vector, costs: Vector, least: float, distance: int) -> str:
    """Return the JSON form of Santini and Malaguti, in which the costs are called profits."""
    return json.dumps({
        "n_items": weights.size, "weights": weights.tolist(), "profits": costs.tolist(),
        "min_weight": least, "max_distance": int(distance),
    })  # fmt: skip
