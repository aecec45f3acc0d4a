"""Binary expansion of the integer columns of a model, for a search over binaries alone.

An integer column with l <= x <= l + w becomes k = 1 + floor(log2 w) binaries,

    x = l + b_0 + 2 b_1 + ... + 2^(k-2) b_(k-2) + (w + 1 - 2^(k-1)) b_(k-1),

whose values are exactly 0, ..., w. Because of the last weight no row b <= w is needed, unlike in a plain
binary expansion, but some values have two representations. Columns with w > `MAX_WIDTH` stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem

MAX_WIDTH = 1023  # largest ub - lb of a column that is written in bits: 10 bits

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Bits:
    """A model over z (n + extra,) and the map x = shift + weight z.

    problem   the model over z: z_j is x_j or its bit 0, and the other bits follow
    shift     (n,)
    weight    (n, n + extra), CSR
    levels    for k = 0, 1, ...: the columns that have a bit k, the columns of these bits in z, and the bits'
              weights
    """

    problem: Problem
    shift: Vector
    weight: sp.csr_matrix
    levels: list[tuple[Indices, Indices, Vector]]

    def decode(self, z: Vector) -> Vector:
        """Return x (n,) for z (n + extra,)."""
        return np.asarray(self.shift + self.weight @ z, dtype=np.float64)

    def encode(self, x: Vector) -> Vector:
        """Return z (n + extra,) for x (n,), rounded and clipped on columns that are written in bits."""
        z = np.concatenate([x, np.zeros(self.problem.n - x.size)])
        left = np.rint(x - self.shift)
        for columns, bit_columns, weights in reversed(self.levels):
            z[bit_columns] = left[columns] >= weights
            left[columns] -= weights * z[bit_columns]
        return z


def bits(problem: Problem, lb: Vector, ub: Vector) -> Bits:
    """Write the integer columns of a problem in bits.

    lb, ub   bounds (n,) to apply, integral on integer columns
    """
    n, width = problem.n, ub - lb
    chosen = np.flatnonzero(problem.integer & (width >= 1) & (width <= MAX_WIDTH))
    number = np.frexp(width[chosen])[1]  # of bits per column: 1 + floor(log2)
    levels, total = [], n
    for k in range(number.max(initial=0)):
        columns = chosen[number > k]
        last_weight = width[columns] + 1 - 2.0**k
        weights = np.where(number[number > k] == k + 1, last_weight, 2.0**k)
        bit_columns = columns if k == 0 else np.arange(total, total + columns.size)
        total = max(total, int(bit_columns[-1]) + 1)
        levels.append((columns, bit_columns, weights))
    others = np.setdiff1d(np.arange(n), chosen)
    row, col, val = (
        np.concatenate(part) for part in zip((others, others, np.ones(others.size)), *levels, strict=True)
    )
    weight = sp.csr_matrix((val, (row, col)), shape=(n, total))
    shift = np.zeros(n)
    shift[chosen] = lb[chosen]
    A = (problem.A @ weight).tocsr()
    A.sort_indices()
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    activity, extra = problem.A @ shift, total - n
    z_lb, z_ub = np.append(lb, np.zeros(extra)), np.append(ub, np.ones(extra))
    z_lb[chosen], z_ub[chosen] = 0.0, 1.0
    bit_problem = Problem(
        problem.name, weight.T @ problem.c, problem.offset + float(problem.c @ shift), problem.maximise, A,
        problem.row_lo - activity, problem.row_hi - activity, z_lb, z_ub,
        np.append(problem.integer, np.ones(extra, bool)),
        [f"z{j}" for j in range(total)], problem.row_names,
    )  # fmt: skip
    return Bits(bit_problem, shift, weight, levels)
