"""`Draft`, a model that is built column by column and row by row, as its formulation is written.

The registry of families, `Size` and the random number generator that all families use are here as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

import numpy as np
import scipy.sparse as sp

from diffpump.core.problem import Problem
from diffpump.core.registry import Registry

FAMILIES: Registry[Problem] = Registry("family", package="diffpump.families", group="diffpump.families")


@dataclass(frozen=True)
class Size:
    """The meaning of a size parameter and its smallest value; it is part of the parameter's annotation.

    Attributes
    ----------
    help : str
        The meaning of the parameter.
    minimum, maximum : int
        The smallest and the largest value.
    """

    help: str
    minimum: int = 1
    maximum: int = 10**6


class Draft:
    """A model under construction; `problem()` returns it.

    Parameters
    ----------
    name : str
        The name of the model.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._columns: list[tuple[str, float, float, float, bool]] = []
        self._rows: list[tuple[str, float, float]] = []
        self._terms: list[tuple[int, int, float]] = []

    def column(
        self, name: str, cost: float = 0, lb: float = 0, ub: float = inf, *, integer: bool = False
    ) -> int:
        """Add a column and return its index."""
        self._columns.append((name, cost, lb, ub, integer))
        return len(self._columns) - 1

    def binary(self, name: str, cost: float = 0) -> int:
        """Add a 0-1 column and return its index."""
        return self.column(name, cost, 0, 1, integer=True)

    def row(self, name: str, terms: Iterable[tuple[float, int]], lo: float = -inf, hi: float = inf) -> None:
        """Add the row lo <= sum of coefficient * column <= hi.

        Parameters
        ----------
        name : str
            The name of the row.
        terms : iterable of (float, int)
            The pairs (coefficient, column index).
        lo, hi : float
            The sides, infinite by default.
        """
        self._terms += [(len(self._rows), column, coefficient) for coefficient, column in terms]
        self._rows.append((name, lo, hi))

    def problem(self) -> Problem:
        """Return the model, a minimisation, as a `Problem`."""
        names, cost, lb, ub, integer = zip(*self._columns, strict=True)
        row_names, row_lo, row_hi = zip(*self._rows, strict=True)
        i, j, a = zip(*self._terms, strict=True)
        matrix = sp.csr_matrix((np.array(a, float), (i, j)), shape=(len(row_names), len(names)))
        return Problem(
            name=self.name, c=np.array(cost, float), offset=0.0, maximise=False, A=matrix,
            row_lo=np.array(row_lo, float), row_hi=np.array(row_hi, float),
            lb=np.array(lb, float), ub=np.array(ub, float), integer=np.array(integer, bool),
            col_names=list(names), row_names=list(row_names),
        )  # fmt: skip


def generator(seed: int) -> np.random.Generator:
    """Return the random number generator of a family.

    Families use PCG64 and only `integers` and `permutation`, whose streams NumPy's releases keep.
    """
    return np.random.Generator(np.random.PCG64(seed))
