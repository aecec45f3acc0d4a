"""The kind of every row.

The kinds are those of MIPLIB 2017; a row has the first one that fits. Set rows and knapsacks are recognised
after scaling and complementing binaries with negative coefficients: x + y - z <= 1 packs x, y and 1 - z.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem

KINDS = (
    "empty", "free", "singleton", "aggregation", "precedence", "variable bound", "set partitioning",
    "set packing", "set covering", "cardinality", "invariant knapsack", "equation knapsack", "knapsack",
    "integer knapsack", "mixed binary", "ranged", "equality", "inequality",
)  # fmt: skip
"""The kinds in the order in which they are tried."""


def kinds(problem: Problem) -> NDArray[np.intp]:
    """Return the kind of every row, (m,), as a position in KINDS."""
    fits = _Rows(problem).fits()
    return np.asarray(np.argmax(np.vstack([fits[kind] for kind in KINDS]), axis=0))


def row_kinds(problem: Problem) -> dict[str, int]:
    """Return the number of rows of each kind that occurs."""
    counts = np.bincount(kinds(problem), minlength=len(KINDS))
    return {kind: int(count) for kind, count in zip(KINDS, counts, strict=True) if count}


class _Rows:
    """The entries of the rows, and sums over them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        matrix = problem.A
        self._row = np.repeat(np.arange(problem.m), np.diff(matrix.indptr))
        self._value, self._column = matrix.data, matrix.indices

    def count(self, mask: Mask | None = None) -> NDArray[np.intp]:
        """Return the number of entries of each row, (m,), of those in a mask (nnz,) if there is one."""
        return np.bincount(self._row if mask is None else self._row[mask], minlength=self.problem.m)

    def fits(self) -> dict[str, Mask]:
        """Return for each kind the rows, as a mask (m,), that fit it, whatever other kinds they fit."""
        p, size = self.problem, self.count()
        integer, binary = self.count(p.integer[self._column]), self.count(p.binary[self._column])
        low, high = np.isfinite(p.row_lo), np.isfinite(p.row_hi)
        equality, one_sided = p.row_lo == p.row_hi, low ^ high
        pair, binaries, integers = size == 2, binary == size, integer == size
        one_type = integers | (integer == 0)
        equal, lo, hi = self._complemented()
        unit = binaries & equal
        return {
            "empty": size == 0,
            "free": ~low & ~high,
            "singleton": size == 1,
            "aggregation": pair & equality,
            "precedence": pair & one_sided & one_type & self._opposite(equal),
            "variable bound": pair & one_sided & (binary >= 1) & ~binaries,
            "set partitioning": unit & equality & (hi == 1),
            "set packing": unit & ~equality & (hi == 1) & (lo <= 0),
            "set covering": unit & ~equality & (lo == 1) & (hi >= size),
            "cardinality": unit & equality & (hi == np.rint(hi)),
            "invariant knapsack": unit & one_sided,
            "equation knapsack": binaries & equality,
            "knapsack": binaries & one_sided,
            "integer knapsack": integers & one_sided & self._integral(),
            "mixed binary": (binary > 0) & (integer == binary),
            "ranged": low & high & ~equality,
            "equality": equality,
            "inequality": one_sided,
        }

    def _complemented(self) -> tuple[Mask, Vector, Vector]:
        """Return which rows have only coefficients +-a, and their sides over a after complementing."""
        p, size = self.problem, np.abs(self._value)
        largest, smallest = np.zeros(p.m), np.full(p.m, np.inf)
        np.maximum.at(largest, self._row, size)
        np.minimum.at(smallest, self._row, size)
        scale = np.where(largest > 0, largest, 1.0)
        negative = self.count(self._value < 0)
        return largest == smallest, p.row_lo / scale + negative, p.row_hi / scale + negative

    def _opposite(self, equal: Mask) -> Mask:
        """Return which rows have as many entries a as -a, such as a x - a y, as a mask (m,)."""
        return np.asarray(equal & (self.count(self._value > 0) == self.count(self._value < 0)))

    def _integral(self) -> Mask:
        """Return which rows have integral coefficients, as a mask (m,)."""
        return np.asarray(self.count(self._value != np.rint(self._value)) == 0)
