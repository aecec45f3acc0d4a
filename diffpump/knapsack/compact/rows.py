"""The rows of the semidefinite relaxations, over the entries of X on and above its diagonal.

X stands for xx'. Its entries X_ij, i <= j, are a vector of n (n + 1) / 2 variables, and a row is
a'X >= side. Every row below holds for X = xx' of every choice x of the instance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.knapsack.base import Array
from diffpump.knapsack.compact.instance import Compact

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows matrix @ X >= side.

    Attributes
    ----------
    matrix : (m, n (n + 1) / 2) sparse
        The coefficients.
    side : (m,) float64
        The sides.
    """

    matrix: sp.csr_array
    side: Array

    def __len__(self) -> int:
        return self.side.size

    def __getitem__(self, index: NDArray[np.intp]) -> Rows:
        return Rows(sp.csr_array(self.matrix[index]), self.side[index])

    def violations(self, entries: Array) -> Array:
        """Return how much each row lacks at a point (N,)."""
        found: Array = self.side - self.matrix @ entries
        return found


def stacked(parts: list[Rows]) -> Rows:
    """Return several groups of rows as one."""
    matrix = sp.vstack([part.matrix for part in parts], format="csr")
    return Rows(sp.csr_array(matrix), np.concatenate([part.side for part in parts]))


def size(n: int) -> int:
    """Return the number of entries."""
    return n * (n + 1) // 2


def place(i: Integers, j: Integers, n: int) -> Integers:
    """Return the positions of the entries (i, j), in any order of the two."""
    first, second = np.minimum(i, j), np.maximum(i, j)
    found: Integers = first * n - first * (first - 1) // 2 + second - first
    return found


def diagonal(n: int) -> Integers:
    """Return the positions of the diagonal."""
    every = np.arange(n)
    return place(every, every, n)


def made(n: int, columns: Integers, values: Array, side: Array | float) -> Rows:
    """Return rows of the same length from columns and values (m, k); equal columns of a row add up."""
    m = len(columns)
    owner = np.repeat(np.arange(m), columns.shape[1])
    values = np.broadcast_to(values, columns.shape)
    matrix = sp.csr_array((values.ravel(), (owner, columns.ravel())), shape=(m, size(n)))
    matrix.sum_duplicates()
    return Rows(matrix, np.broadcast_to(np.asarray(side, np.float64), m).copy())


def weight(instance: Compact) -> Rows:
    """Return w'diag X >= q."""
    return made(instance.n, diagonal(instance.n)[None], instance.weights[None], instance.least)


def compactness(instance: Compact) -> Rows:
    """Return sum_{i < k < j} X_kk - m_ij X_ij >= 0 for j - i > D, m_ij = floor((j - i - 1) / D)."""
    n, (i, j), m = instance.n, instance.pairs(), instance.required()
    pairs = sp.csr_array((m, (np.arange(i.size), place(i, j, n))), shape=(i.size, size(n)))
    return Rows(sp.csr_array(_between(i, j, n) @ _on_diagonal(n) - pairs), np.zeros(i.size))


def linear_compactness(instance: Compact) -> Rows:
    """Return sum_{i < k < j} X_kk - m_ij (X_ii + X_jj) >= -m_ij for j - i > D."""
    rows = linear_rows(instance)
    return Rows(sp.csr_array(rows.matrix @ _on_diagonal(instance.n)), rows.side)


def linear_rows(instance: Compact, chosen: NDArray[np.intp] | slice = slice(None)) -> Rows:
    """Return rows of linear compactness: sum_{i < k < j} x_k - m_ij (x_i + x_j) >= -m_ij, all by default."""
    n, (i, j), m = instance.n, instance.pairs(), instance.required()
    i, j, m = i[chosen], j[chosen], m[chosen]
    every = np.arange(i.size)
    ends = sp.csr_array((np.tile(m, 2), (np.tile(every, 2), np.append(i, j))), shape=(i.size, n))
    return Rows(sp.csr_array(_between(i, j, n) - ends), -m)


def bounds(n: int) -> Rows:
    """Return X_ij >= 0, X_ii >= X_ij, X_jj >= X_ij and X_ij >= X_ii + X_jj - 1 for i < j."""
    i, j = (index.astype(np.int64) for index in np.triu_indices(n, 1))
    entry, first, second = place(i, j, n), place(i, i, n), place(j, j, n)
    return stacked([
        made(n, entry[:, None], np.ones(1), 0.0),
        made(n, np.stack((first, entry), axis=1), np.array([1.0, -1.0]), 0.0),
        made(n, np.stack((second, entry), axis=1), np.array([1.0, -1.0]), 0.0),
        made(n, np.stack((entry, first, second), axis=1), np.array([1.0, -1.0, -1.0]), -1.0),
    ])  # fmt: skip


def lifted_weights(instance: Compact) -> Rows:
    """Return the weight row times x_i and times 1 - x_i, and <ww', X> <= |w|^2 <11', X>.

    sum_j w_j X_ij >= q X_ii and sum_j w_j (X_jj - X_ij) >= q (1 - X_ii) for every i.
    """
    n, w, q = instance.n, instance.weights, instance.least
    i, j = (index.ravel().astype(np.int64) for index in np.indices((n, n)))
    own = sp.csr_array((w[j], (i, place(i, j, n))), shape=(n, size(n)))
    own.sum_duplicates()
    every = np.arange(n)
    mine = sp.csr_array((np.full(n, q), (every, diagonal(n))), shape=(n, size(n)))
    total = sp.csr_array((w[j], (i, place(j, j, n))), shape=(n, size(n)))
    a, b = (index.astype(np.int64) for index in np.triu_indices(n))
    double = np.where(a == b, 1.0, 2.0)
    norm = made(n, place(a, b, n)[None], (double * (w @ w - w[a] * w[b]))[None], 0.0)
    return stacked([
        Rows(sp.csr_array(own - mine), np.zeros(n)),
        Rows(sp.csr_array(total - own + mine), np.full(n, q)),
        norm,
    ])  # fmt: skip


def triangles(n: int, entries: Array, least: float, most: int) -> Rows:
    """Return the triangle rows that a point violates by more than `least`, the most violated ones.

    X_kk + X_ij >= X_ik + X_jk, for the three choices of k, and X_ij + X_ik + X_jk + 1 >= X_ii + X_jj + X_kk.
    """
    X = np.empty((n, n))
    i, j = np.triu_indices(n)
    X[i, j] = X[j, i] = entries[place(i.astype(np.int64), j.astype(np.int64), n)]
    x = np.diagonal(X)
    found: list[tuple[Array, Integers, int]] = []
    for k in range(n):
        lack = X[:, [k]] + X[[k]] - x[k] - X  # (i, j)
        a, b = np.nonzero(np.triu(lack > least, 1))
        apart = (a != k) & (b != k)
        a, b = a[apart], b[apart]
        found.append((lack[a, b], np.stack((a, b, np.full(a.size, k)), axis=1).astype(np.int64), 0))
        lack = x[:, None] + x[None] + x[k] - 1.0 - X - X[:, [k]] - X[[k]]
        a, b = np.nonzero(np.triu(lack > least, 1))
        ordered = b < k  # each triple once
        a, b = a[ordered], b[ordered]
        found.append((lack[a, b], np.stack((a, b, np.full(a.size, k)), axis=1).astype(np.int64), 1))
    lacks = np.concatenate([one[0] for one in found])
    triples = np.concatenate([one[1] for one in found])
    kinds = np.concatenate([np.full(one[0].size, one[2]) for one in found])
    chosen = np.argsort(-lacks, kind="stable")[:most]
    parts = []
    for kind in (0, 1):
        i, j, k = triples[chosen[kinds[chosen] == kind]].T
        if kind == 0:
            columns = np.stack((place(k, k, n), place(i, j, n), place(i, k, n), place(j, k, n)), axis=1)
            parts.append(made(n, columns, np.array([1.0, 1.0, -1.0, -1.0]), 0.0))
        else:
            ends = [place(i, i, n), place(j, j, n), place(k, k, n)]
            columns = np.stack((place(i, j, n), place(i, k, n), place(j, k, n), *ends), axis=1)
            parts.append(made(n, columns, np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0]), -1.0))
    return stacked(parts)


def insufficient(n: int, items: Integers) -> Rows:
    """Return sum_{i not in S} X_ii >= 1 for a set S that is too light."""
    return Rows(sp.csr_array(outside(n, items) @ _on_diagonal(n)), np.ones(1))


def outside(n: int, items: Integers) -> sp.csr_array:
    """Return the row (1, n) with a 1 for each item that is not in a set."""
    row = np.ones((1, n))
    row[0, items] = 0.0
    return sp.csr_array(row)


def _on_diagonal(n: int) -> sp.csr_array:
    """Return the matrix (n, N) that carries coefficients of x_i to X_ii."""
    return sp.csr_array((np.ones(n), (np.arange(n), diagonal(n))), shape=(n, size(n)))


def _between(i: Integers, j: Integers, n: int) -> sp.csr_array:
    """Return the matrix (m, n) with a 1 at each k between i and j."""
    length = j - i - 1
    owner = np.repeat(np.arange(i.size), length)
    start = np.repeat(np.cumsum(length) - length, length)
    columns = np.repeat(i + 1, length) + np.arange(owner.size) - start
    return sp.csr_array((np.ones(owner.size), (owner, columns)), shape=(i.size, n))
