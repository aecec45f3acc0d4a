"""A model's integer columns as binaries, for a search that knows nothing else.

An integer column with l <= x <= l + w becomes k = 1 + floor(log2 w) binaries,

    x = l + b_0 + 2 b_1 + ... + 2^(k-2) b_(k-2) + (w + 1 - 2^(k-1)) b_(k-1),

whose values are 0, ..., w exactly: the last weight saves the row b <= w that a plain binary expansion needs,
at the price of values that are written in two ways. Columns with w > `WIDEST` stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem

WIDEST = 1023  # 10 bits

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Bits:
    """`problem`, over z (n + extra,), and the way between: x = shift + weight z, shift (n,), weight CSR.

    z_j is x_j, or its bit 0; the other bits follow. levels[k]: of the columns with a bit k their places, the
    places of these bits in z, and the bits' weights.
    """

    problem: Problem
    shift: Vector
    weight: sp.csr_matrix
    levels: list[tuple[Places, Places, Vector]]

    def decode(self, z: Vector) -> Vector:
        """x (n,) of z (n + extra,)."""
        return np.asarray(self.shift + self.weight @ z, dtype=np.float64)

    def encode(self, x: Vector) -> Vector:
        """z (n + extra,) of x (n,), rounded and clipped where it is made of bits."""
        z = np.concatenate([x, np.zeros(self.problem.n - x.size)])
        left = np.rint(x - self.shift)
        for columns, places, sizes in reversed(self.levels):
            z[places] = left[columns] >= sizes
            left[columns] -= sizes * z[places]
        return z


def bits(problem: Problem, lb: Vector, ub: Vector) -> Bits:
    """The problem within lb <= x <= ub, (n,), whole numbers on integer columns, in bits."""
    n, width = problem.n, ub - lb
    chosen = np.flatnonzero(problem.integer & (width >= 1) & (width <= WIDEST))
    number = np.frexp(width[chosen])[1]  # of bits: 1 + floor(log2)
    levels, size = [], n
    for k in range(number.max(initial=0)):
        columns = chosen[number > k]
        last = width[columns] + 1 - 2.0**k
        sizes = np.where(number[number > k] == k + 1, last, 2.0**k)
        places = columns if k == 0 else np.arange(size, size + columns.size)
        size = max(size, int(places[-1]) + 1)
        levels.append((columns, places, sizes))
    plain = np.setdiff1d(np.arange(n), chosen)
    row, col, val = (
        np.concatenate(part) for part in zip((plain, plain, np.ones(plain.size)), *levels, strict=True)
    )
    weight = sp.csr_matrix((val, (row, col)), shape=(n, size))
    shift = np.zeros(n)
    shift[chosen] = lb[chosen]
    A = (problem.A @ weight).tocsr()
    A.sort_indices()
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    activity, extra = problem.A @ shift, size - n
    low, high = np.append(lb, np.zeros(extra)), np.append(ub, np.ones(extra))
    low[chosen], high[chosen] = 0.0, 1.0
    over = Problem(
        problem.name, weight.T @ problem.c, problem.offset + float(problem.c @ shift), problem.maximise, A,
        problem.row_lo - activity, problem.row_hi - activity, low, high,
        np.append(problem.integer, np.ones(extra, bool)),
        [f"z{j}" for j in range(size)], problem.row_names,
    )  # fmt: skip
    return Bits(over, shift, weight, levels)
