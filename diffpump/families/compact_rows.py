"""The numbers of a min-knapsack with compactness, its program, its JSON form and its least weight."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem


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
    """

    name: str
    weights: Vector
    costs: Vector
    least: float
    distance: int

    def problem(self) -> Problem:
        """Return the mixed-integer program."""
        return compact_problem(self.weights, self.costs, self.least, self.distance, self.name)

    def text(self) -> str:
        """Return the JSON form."""
        return compact_json(self.weights, self.costs, self.least, self.distance)


def share_of(weights: Vector, share: Fraction) -> float:
    """Return the largest float that is at most a share of the exact sum of some weights."""
    exact = share * sum((Fraction(weight) for weight in weights.tolist()), Fraction(0))
    found = float(exact)
    return found if found <= exact else math.nextafter(found, -math.inf)


def compact_problem(weights: Vector, costs: Vector, least: float, distance: int, name: str) -> Problem:
    """Return min c'x, w'x >= q, x_i + x_j - 1 <= sum_{i < k <= i + D} x_k for j > i + D, x binary."""
    n = weights.size
    i, j = np.triu_indices(n, distance + 1)
    rows, steps = np.arange(i.size), np.arange(1, distance + 1)
    columns = np.concatenate((i, j, (i[:, None] + steps).ravel()))
    owner = np.concatenate((rows, rows, np.repeat(rows, distance)))
    values = np.concatenate((np.ones(2 * i.size), -np.ones(i.size * distance)))
    gaps = sp.csr_matrix((values, (owner, columns)), shape=(i.size, n))
    return Problem(
        name=name, c=costs.copy(), offset=0.0, maximise=False,
        A=sp.csr_matrix(sp.vstack([sp.csr_matrix(weights[None]), gaps])),
        row_lo=np.append(least, np.full(i.size, -np.inf)), row_hi=np.append(np.inf, np.ones(i.size)),
        lb=np.zeros(n), ub=np.ones(n), integer=np.ones(n, bool), col_names=[f"x_{k}" for k in range(n)],
        row_names=["weight", *(f"gap_{a}_{b}" for a, b in zip(i, j, strict=True))],
    )  # fmt: skip


def compact_json(weights: Vector, costs: Vector, least: float, distance: int) -> str:
    """Return the JSON form of Santini and Malaguti, in which the costs are called profits."""
    return json.dumps({
        "n_items": weights.size, "weights": weights.tolist(), "profits": costs.tolist(),
        "min_weight": least, "max_distance": int(distance),
    })  # fmt: skip
