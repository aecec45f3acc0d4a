"""A model written down column by column and row by row, as its formulation reads.

Also the size parameters and the source of random numbers that every family shares.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

import numpy as np
import scipy.sparse as sp

from diffpump.core.problem import Problem


@dataclass(frozen=True)
class Size:
    """What a size parameter means and which whole numbers it may be; written beside its default."""

    help: str
    least: int = 1


class Draft:
    """A growing model; `problem()` freezes it."""

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
        """Add lo <= sum of coefficient * column <= hi; terms are (coefficient, column)."""
        self._terms += [(len(self._rows), column, coefficient) for coefficient, column in terms]
        self._rows.append((name, lo, hi))

    def problem(self) -> Problem:
        """The model as a `Problem`."""
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
    """PCG64, of which families use `integers` and `permutation` only: streams that releases of numpy keep."""
    return np.random.Generator(np.random.PCG64(seed))
