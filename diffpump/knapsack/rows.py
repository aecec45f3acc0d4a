"""The rows of a model that are choices of subsets, and a selection of them without common columns.

A row over binary columns becomes sum_j w_j z_j <= C, or = C, with whole weights w_j > 0, where z_j is x_j or
its complement 1 - x_j: a column with a negative coefficient is complemented, and a row a'x >= b is taken as
-a'x <= -b. Fixed columns go into C. A row with two different sides counts twice.

    one-of        sum z = 1              packing    sum z <= 1
    cardinality   sum z = k or <= k      covering   sum z <= n - 1: not all of them, n > 2
    knapsack      w'z <= C, or = C with small whole weights

Real and large coefficients are scaled to C = K and rounded up, so that every choice satisfies the true row;
with n items this loses at most n / K of the capacity. Equality rows with such coefficients are left out, and
so are rows that always hold or never do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.kernels.packing import choose_disjoint

ONE_OF, CARDINALITY, PACKING, KNAPSACK, COVERING = range(5)
KINDS = ("one-of", "cardinality", "packing", "knapsack", "covering")
MAX_CELLS = 5_000_000  # n C of one row
MIN_SCALE, SCALE_PER_ITEM = 1000, 10  # K of a row whose coefficients are scaled: max(1000, 10 n)
WHOLE = 1e-9  # relative distance to an integer that counts as none: the noise of a decimal coefficient
LARGEST_WHOLE = 2.0**52  # weights are below it
Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SubsetRows:
    """Rows that are choices of subsets, k of them.

    Attributes
    ----------
    row : (k,) int64
        The row of the model.
    kind : (k,) int64
        The position in `KINDS`.
    exact : (k,) bool
        Whether the weight must equal the capacity.
    start : (k + 1,) int64
        Row i has the entries start[i] to start[i + 1] of the following arrays.
    columns : (nonzeros,) int64
        The columns.
    weights : (nonzeros,) int64
        Their weights, > 0.
    complemented : (nonzeros,) bool
        Whether z_j is 1 - x_j.
    capacity : (k,) int64
        The capacities.
    """

    row: Index
    kind: Index
    exact: Mask
    start: Index
    columns: Index
    weights: Index
    complemented: Mask
    capacity: Index

    @property
    def lengths(self) -> Index:
        """The number of items of each row, (k,)."""
        return np.diff(self.start)

    def count(self) -> dict[str, int]:
        """Return the number of rows of each kind that occurs."""
        counts = np.bincount(self.kind, minlength=len(KINDS)).tolist()
        return {kind: count for kind, count in zip(KINDS, counts, strict=True) if count}

    def take(self, chosen: NDArray[np.intp]) -> SubsetRows:
        """Return some of the rows, in this order."""
        at = entries(self.start[chosen], self.lengths[chosen])
        return SubsetRows(
            self.row[chosen], self.kind[chosen], self.exact[chosen],
            _starts(self.lengths[chosen]), self.columns[at], self.weights[at],
            self.complemented[at], self.capacity[chosen],
        )  # fmt: skip


class _Side(NamedTuple):
    """The rows a'x <= b, or = b, of one side of the model, on free binaries.

    row       (k,) int64
    start     (k + 1,) int64
    columns   (nonzeros,) int64
    values    (nonzeros,) float64, the coefficients a
    capacity  (k,) float64, b without the fixed columns
    exact     (k,) bool
    """

    row: Index
    start: Index
    columns: Index
    values: Vector
    capacity: Vector
    exact: Mask


def detect(problem: Problem) -> SubsetRows:
    """Return all rows of a model that are choices of subsets."""
    fixed = problem.lb == problem.ub
    foreign = (~(problem.binary | fixed)).astype(float)
    eligible = (problem.pattern @ foreign == 0) & (problem.pattern @ (~fixed).astype(float) >= 2)
    equality = problem.row_lo == problem.row_hi
    offset = problem.A @ np.where(fixed, problem.lb, 0.0)
    upper = np.flatnonzero(eligible & np.isfinite(problem.row_hi))
    lower = np.flatnonzero(eligible & np.isfinite(problem.row_lo) & ~equality)
    parts = [
        _weighed(_side(problem, upper, 1.0, (problem.row_hi - offset)[upper], equality[upper], fixed)),
        _weighed(_side(problem, lower, -1.0, (offset - problem.row_lo)[lower], equality[lower], fixed)),
    ]
    both = [np.concatenate(fields) for fields in zip(*(vars(part).values() for part in parts), strict=True)]
    row, kind, exact, _, columns, weights, complemented, capacity = both
    lengths = np.concatenate([part.lengths for part in parts])
    return SubsetRows(row, kind, exact, _starts(lengths), columns, weights, complemented, capacity)


def pack(rows: SubsetRows, n: int) -> SubsetRows:
    """Return a selection of rows without common columns, among n columns, chosen greedily.

    One-of comes before cardinality, packing, knapsack and covering. Among rows of a kind those with the least
    capacity for their weight come first, and of these the longest.
    """
    weight = np.add.reduceat(rows.weights, rows.start[:-1]) if rows.kind.size else rows.capacity
    order = np.lexsort((-rows.lengths, rows.capacity / np.maximum(weight, 1), rows.kind))
    used, chosen = np.zeros(n, bool), np.zeros(rows.kind.size, bool)
    choose_disjoint(order.astype(np.int64), rows.start, rows.columns, used, chosen)
    return rows.take(np.flatnonzero(chosen))


def _side(
    problem: Problem, row: NDArray[np.intp], sign: float, capacity: Vector, exact: Mask, fixed: Mask
) -> _Side:
    """Return rows of the model times a sign, without their fixed columns."""
    lengths = np.diff(problem.A.indptr)[row]
    at = entries(problem.A.indptr[row].astype(np.int64), lengths.astype(np.int64))
    columns = problem.A.indices[at].astype(np.int64)
    free = ~fixed[columns]
    counts = np.bincount(np.repeat(np.arange(row.size), lengths)[free], minlength=row.size)
    values = sign * problem.A.data[at[free]]
    return _Side(row.astype(np.int64), _starts(counts), columns[free], values, capacity, exact)


def _weighed(side: _Side) -> SubsetRows:
    """Return the rows with whole weights, complemented and scaled, without those that are left out."""
    lengths = np.diff(side.start)
    owner = np.repeat(np.arange(lengths.size), lengths)
    complemented = side.values < 0
    size = np.abs(side.values)
    capacity = side.capacity + np.bincount(owner, np.where(complemented, size, 0.0), lengths.size)
    whole, weights, bound = _whole(size, capacity, owner, side.start)
    noise = WHOLE * np.maximum(1.0, np.abs(bound))
    floor = np.floor(bound + noise)
    whole &= ~side.exact | (bound <= floor + noise)  # else no choice has exactly this weight
    unit = whole & (np.bincount(owner, weights != 1, lengths.size) == 0)
    closed = unit & ~side.exact & ((floor == 1) | (floor == lengths - 1)) | unit & side.exact & (floor == 1)
    fits = whole & (floor >= 0) & (closed | (lengths * (floor + 1.0) <= MAX_CELLS))
    scale = np.maximum(MIN_SCALE, SCALE_PER_ITEM * lengths)
    scalable = ~fits & ~side.exact & (lengths * (scale + 1.0) <= MAX_CELLS)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.ceil(size * (scale / capacity)[owner])
    weights = np.where(fits[owner], weights, scaled)
    bound = np.where(fits, floor, scale)
    total = np.bincount(owner, weights, lengths.size)
    kept = (bound >= 0) & (capacity > 0) & (total > bound) & (fits | scalable) & np.isfinite(total)
    entries = kept[owner]
    weights = np.minimum(weights, bound[owner] + 1)  # an item that never fits
    unit &= fits
    kind = np.where(unit, np.where(bound == 1, np.where(side.exact, ONE_OF, PACKING), CARDINALITY), KNAPSACK)
    kind[unit & (bound == lengths - 1) & (bound > 1) & ~side.exact] = COVERING
    return SubsetRows(
        side.row[kept], kind[kept].astype(np.int64), side.exact[kept], _starts(lengths[kept]),
        side.columns[entries], weights[entries].astype(np.int64), complemented[entries],
        bound[kept].astype(np.int64),
    )  # fmt: skip


def _whole(
    size: Vector, capacity: Vector, owner: NDArray[np.intp], start: Index
) -> tuple[Mask, Vector, Vector]:
    """Return whether the coefficients of each row are whole in some unit, (k,), weights and capacities.

    The unit of a row is its smallest coefficient, or 1. Weights and capacities are in this unit, divided by
    the greatest common divisor.
    """
    count = start.size - 1
    if not count:
        return np.zeros(0, bool), size, capacity
    least = np.minimum.reduceat(size, start[:-1])
    found, unit = np.zeros(count, bool), np.ones(count)
    for candidate in (np.ones(count), least):
        ratio = size / candidate[owner]
        off = np.abs(ratio - np.rint(ratio)) > WHOLE * np.maximum(1.0, ratio)
        off |= ratio >= LARGEST_WHOLE
        found |= (good := np.bincount(owner, off, count) == 0)
        unit = np.where(good, candidate, unit)
    weights = np.where(found[owner], np.rint(size / unit[owner]), 1.0)
    divisor = np.gcd.reduceat(weights.astype(np.int64), start[:-1])
    return found, weights / divisor[owner], capacity / (unit * divisor)


def _starts(lengths: NDArray[np.integer]) -> Index:
    return np.append(0, np.cumsum(lengths)).astype(np.int64)


def entries(begin: Index, lengths: Index) -> Index:
    """Return the positions begin[i], ..., begin[i] + lengths[i] - 1 for all i, one after another."""
    starts = _starts(lengths)
    return np.arange(starts[-1]) + np.repeat(begin - starts[:-1], lengths)
