"""The nearest choices, marginals and samples of rows without common columns, on the columns of a model.

With Y the points whose packed rows hold, and scores x - 1/2,

    nearest point of Y to x      argmax_{y in Y} (x - 1/2)'y, in l1 and in l2 since y is binary,
    its smoothing                mu_g(x), the marginals,
    loss                         l_g(x) = 1'x - 2 V_g(x - 1/2), with the gradient 1 - 2 mu_g(x).

Rows of one kind and similar length are solved together. Under Shannon's entropy one-of, packing and covering
rows have closed forms: the softmax, with a further item of score 0 for packing, and independent choices given
that not all are made for covering.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.knapsack.program import Knapsack
from diffpump.knapsack.rows import (
    COVERING,
    KNAPSACK,
    ONE_OF,
    PACKING,
    Index,
    SubsetRows,
    detect,
    entries,
    pack,
)

_known: WeakKeyDictionary[Problem, Packed] = WeakKeyDictionary()


def packed(problem: Problem) -> Packed:
    """Return the packed rows of a model under Shannon's entropy; the operators of one pump share them."""
    if problem not in _known:
        _known[problem] = Packed(_satisfiable(pack(detect(problem), problem.n)))
    return _known[problem]


class Packed:
    """Rows without common columns as one set Y.

    All vectors are over `columns`. z_j is x_j, or 1 - x_j where the row has the complement.

    Attributes
    ----------
    rows : SubsetRows
        The rows.
    columns : (k,) int64
        Their columns.
    """

    def __init__(self, rows: SubsetRows) -> None:
        self.rows, self.columns = rows, rows.columns
        self._sign = np.where(rows.complemented, -1.0, 1.0)
        choices, covers = np.isin(rows.kind, (ONE_OF, PACKING)), rows.kind == COVERING
        self._parts: list[_Part] = [
            kind(rows, np.flatnonzero(chosen))
            for kind, chosen in ((_Choices, choices), (_Covers, covers)) if chosen.any()
        ]  # fmt: skip
        self._parts += [
            _Programs(rows, group) for group in _groups(rows, np.flatnonzero(~(choices | covers)))
        ]

    def nearest(self, x: Vector) -> Vector:
        """Return the nearest point of Y to x, both (k,)."""
        score, y = self._score(x), np.empty(self.columns.size)
        for part in self._parts:
            part.best(score, y)
        return self._own(y)

    def marginals(self, x: Vector, g: float) -> Vector:
        """Return mu_g(x), (k,)."""
        return self._value_and_marginals(x, g)[1]

    def vjp(self, x: Vector, g: float, z: Vector) -> Vector:
        """Return the product of z and the Jacobian of mu_g at x, (k,)."""
        score, product = self._score(x), np.empty(self.columns.size)
        for part in self._parts:
            part.vjp(score, g, self._sign * z, product)
        return self._sign * product

    def loss(self, x: Vector, g: float) -> tuple[float, Vector]:
        """Return l_g(x) and its gradient (k,)."""
        value, marginals = self._value_and_marginals(x, g)
        return float((self._score(x) + 0.5).sum() - 2.0 * value), 1.0 - 2.0 * marginals

    def sample(self, x: Vector, g: float, rng: np.random.Generator) -> Vector:
        """Return a sample (k,) of the distribution whose mean mu_g(x) is."""
        score, y = self._score(x), np.empty(self.columns.size)
        for part in self._parts:
            part.sample(score, g, rng, y)
        return self._own(y)

    def _value_and_marginals(self, x: Vector, g: float) -> tuple[float, Vector]:
        """Return V_g(x - 1/2) and mu_g(x) (k,)."""
        score, y = self._score(x), np.empty(self.columns.size)
        value = sum(part.value_and_marginals(score, g, y) for part in self._parts)
        return value, self._own(y)

    def _score(self, x: Vector) -> Vector:
        return self._sign * (x - 0.5)

    def _own(self, z: Vector) -> Vector:
        """Return x for z, and back."""
        return np.where(self.rows.complemented, 1.0 - z, z)


def _satisfiable(rows: SubsetRows) -> SubsetRows:
    """Return the rows without equalities that no choice satisfies; such a model is infeasible."""
    kept = np.ones(rows.kind.size, bool)
    for group in _groups(rows, np.flatnonzero(rows.exact & (rows.kind == KNAPSACK))):
        kept[group] = _Programs(rows, group).nonempty()
    return rows if kept.all() else rows.take(np.flatnonzero(kept))


class _Part(Protocol):
    """Some of the rows. Methods take the scores of all columns and write to the rows' own places.

    `value_and_marginals` writes the marginals and returns the sum of the rows' values.
    """

    def best(self, score: Vector, y: Vector) -> None: ...

    def value_and_marginals(self, score: Vector, g: float, y: Vector) -> float: ...

    def vjp(self, score: Vector, g: float, z: Vector, product: Vector) -> None: ...

    def sample(self, score: Vector, g: float, rng: np.random.Generator, y: Vector) -> None: ...


class _Choices:
    """One-of and packing rows in closed form, as segments of their entries."""

    def __init__(self, rows: SubsetRows, chosen: NDArray[np.intp]) -> None:
        taken = rows.take(chosen)
        self._at = _positions(rows, chosen)
        self._start = taken.start[:-1]
        self._owner = np.repeat(np.arange(chosen.size), taken.lengths)
        self._none = taken.kind == PACKING  # rows in which no item may be taken

    def best(self, score: Vector, y: Vector) -> None:
        """Write the item with the largest score of each row, the first of equal ones."""
        own = score[self._at]
        largest = np.maximum.reduceat(own, self._start)
        first = np.full(self._start.size, own.size)
        hits = np.flatnonzero(own == largest[self._owner])
        np.minimum.at(first, self._owner[hits], hits)
        taken = np.zeros(own.size)
        taken[first[~self._none | (largest > 0)]] = 1.0
        y[self._at] = taken

    def value_and_marginals(self, score: Vector, g: float, y: Vector) -> float:
        largest, terms, total = self._terms(score, g)
        y[self._at] = terms / total[self._owner]
        return float((largest + g * np.log(total)).sum())

    def vjp(self, score: Vector, g: float, z: Vector, product: Vector) -> None:
        _, terms, total = self._terms(score, g)
        mean, own = terms / total[self._owner], z[self._at]
        inner = np.add.reduceat(mean * own, self._start)
        product[self._at] = mean * (own - inner[self._owner]) / g

    def sample(self, score: Vector, g: float, rng: np.random.Generator, y: Vector) -> None:
        """Write the item with the largest score plus Gumbel noise, which is a sample of the softmax."""
        noisy = score.copy()
        noisy[self._at] += g * rng.gumbel(size=self._at.size)
        noise = g * rng.gumbel(size=self._start.size)
        noisy[self._at] -= np.where(self._none, noise, 0.0)[self._owner]
        self.best(noisy, y)

    def _terms(self, score: Vector, g: float) -> tuple[Vector, Vector, Vector]:
        """Return the largest score of each row, the terms e^((s - largest) / g), and their sums."""
        own = score[self._at]
        largest = np.maximum.reduceat(own, self._start)
        largest = np.where(self._none, np.maximum(largest, 0.0), largest)
        terms = np.exp((own - largest[self._owner]) / g)
        total = np.add.reduceat(terms, self._start) + np.where(
            self._none, np.exp(-np.maximum(largest, 0.0) / g), 0.0
        )
        return largest, terms, total


class _Covers:
    """Covering rows in closed form: items are missing independently, given that one is.

    With t = -score / g, p = 1 / (1 + e^-t) and L = sum log(1 + e^t), item i is missing with probability
    p_i / D, D = 1 - e^-L. Where all t are below `RARE`, one is missing, up to e^RARE: the softmax of t.
    """

    RARE = -30.0

    def __init__(self, rows: SubsetRows, chosen: NDArray[np.intp]) -> None:
        taken = rows.take(chosen)
        self._at, self._start = _positions(rows, chosen), taken.start[:-1]
        self._owner = np.repeat(np.arange(chosen.size), taken.lengths)

    def best(self, score: Vector, y: Vector) -> None:
        """Write 1 where the score is positive, and 0 at the first smallest one where all are."""
        own = score[self._at]
        taken = (own > 0).astype(np.float64)
        full = np.minimum.reduceat(taken, self._start) > 0
        taken[self._first_smallest(own)[full]] = 0.0
        y[self._at] = taken

    def value_and_marginals(self, score: Vector, g: float, y: Vector) -> float:
        own = score[self._at]
        _, missing, log_sum, _ = self._terms(own, g)
        y[self._at] = 1.0 - missing
        return float(own.sum() + g * log_sum.sum())

    def vjp(self, score: Vector, g: float, z: Vector, product: Vector) -> None:
        p, missing, _, none = self._terms(score[self._at], g)
        own = z[self._at]
        inner = np.add.reduceat(missing * own, self._start) * none
        product[self._at] = missing * ((1.0 - p) * own - inner[self._owner]) / g

    def sample(self, score: Vector, g: float, rng: np.random.Generator, y: Vector) -> None:
        """Write a sample: the first missing item by its distribution, and those behind it independently."""
        own = score[self._at]
        p, _, _, _ = self._terms(own, g)
        t = -own / g
        rare = np.maximum.reduceat(t, self._start) < self.RARE
        passed = np.cumsum(np.logaddexp(0.0, t))  # of the items up to each
        before = np.append(0.0, passed)[self._start][self._owner]
        ends = np.append(self._start[1:], own.size) - 1
        chance = rng.random(self._start.size) * -np.expm1(before[self._start] - passed[ends])
        reached = -np.expm1(before - passed) >= chance[self._owner]
        first = np.minimum.reduceat(np.where(reached, np.arange(own.size), own.size), self._start)
        first = np.minimum(first, ends)
        # The item with the smallest of these is a sample of the softmax of t.
        noisy = own + g * np.log(-np.log(rng.random(own.size)))
        first = np.where(rare, self._first_smallest(noisy), first)
        behind = (np.arange(own.size) > first[self._owner]) & ~rare[self._owner]
        missing = behind & (rng.random(own.size) < p)
        missing[first] = True
        y[self._at] = np.where(missing, 0.0, 1.0)

    def _first_smallest(self, own: Vector) -> NDArray[np.intp]:
        hits = np.flatnonzero(own == np.minimum.reduceat(own, self._start)[self._owner])
        return hits[np.unique(self._owner[hits], return_index=True)[1]]

    def _terms(self, own: Vector, g: float) -> tuple[Vector, Vector, Vector, Vector]:
        """Return p, the probabilities that items are missing, log(e^L - 1), and e^-L, or 1 where rare."""
        t = -own / g
        largest = np.maximum.reduceat(t, self._start)
        rare = largest < self.RARE
        terms = np.exp(t - largest[self._owner])
        total = np.add.reduceat(terms, self._start)
        p = 1.0 / (1.0 + np.exp(-np.clip(t, -700.0, 700.0)))
        length = np.add.reduceat(np.logaddexp(0.0, t), self._start)
        some = np.where(rare, 1.0, -np.expm1(-length))
        missing = np.where(rare[self._owner], terms / total[self._owner], p / some[self._owner])
        log_sum = np.where(rare, largest + np.log(total), length + np.log(some))
        return np.where(rare[self._owner], 0.0, p), missing, log_sum, np.where(rare, 1.0, np.exp(-length))


class _Programs:
    """Rows of similar length by the dynamic program. Shorter rows are filled up with items that never fit."""

    def __init__(self, rows: SubsetRows, group: NDArray[np.intp]) -> None:
        lengths, capacity = rows.lengths[group], rows.capacity[group]
        weights = np.repeat(capacity[:, None] + 1, lengths.max(), axis=1)
        self._filled = np.arange(lengths.max()) < lengths[:, None]
        self._at = _positions(rows, group)
        weights[self._filled] = rows.weights[self._at]
        self._set = Knapsack(weights, capacity, exact=bool(rows.exact[group[0]]))

    def nonempty(self) -> NDArray[np.bool_]:
        """Return whether each row has a choice."""
        return self._set.nonempty()

    def best(self, score: Vector, y: Vector) -> None:
        y[self._at] = self._set.best(self._matrix(score))[1][self._filled]

    def value_and_marginals(self, score: Vector, g: float, y: Vector) -> float:
        values, marginals = self._set.value_and_marginals(self._matrix(score), g)
        y[self._at] = marginals[self._filled]
        return float(values.sum())

    def vjp(self, score: Vector, g: float, z: Vector, product: Vector) -> None:
        product[self._at] = self._set.vjp(self._matrix(score), g, self._matrix(z))[self._filled]

    def sample(self, score: Vector, g: float, rng: np.random.Generator, y: Vector) -> None:
        y[self._at] = self._set.sample(self._matrix(score), g, 1, rng)[:, 0][self._filled]

    def _matrix(self, values: Vector) -> NDArray[np.float64]:
        matrix = np.zeros(self._filled.shape)
        matrix[self._filled] = values[self._at]
        return matrix


def _positions(rows: SubsetRows, chosen: NDArray[np.intp]) -> Index:
    """Return the positions of the entries of some rows."""
    return entries(rows.start[chosen], rows.lengths[chosen])


def _groups(rows: SubsetRows, chosen: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Return the rows in groups of the same kind of capacity and of lengths within a factor of two."""
    size = np.ceil(np.log2(np.maximum(rows.lengths[chosen], 1))).astype(np.int64)
    key = 2 * size + rows.exact[chosen]
    return [chosen[key == value] for value in np.unique(key)]
