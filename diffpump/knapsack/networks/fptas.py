"""FPTAS-NN: a recurrent network of fixed width whose profit is nearly the best one.

It looks at P profits p d_i, p = 1, ..., P, whose unit d_i = max(1, p*_i / P) grows with the total profit
p*_i of the first i items. With g(p, i) the size found for a profit of at least p d_i, and with the least
whole k and k' for which k d_(i-1) >= p d_i and k' d_(i-1) >= p d_i - p_i,

    g(p, i) = min(g(k, i - 1), g(k', i - 1) + s_i),   g(p, 0) = 2 C,   g(k', .) = 0 for k' <= 0.

Every g(p, n) <= C is the size of a choice with a profit of at least p d_n, and with P = ceil(n^2 / eps) the
largest p d_n of these is at least (1 - eps) times the best profit. With whole sizes and a whole C the numbers
are exact; with others an entry's error is at most 32 n C P T 2^-52, T the larger of P and the total profit.

With D = P d_(i-1), D' = P d_i and a(p, k) = p D' - k D, whole numbers, the cell has four hidden layers:

    D = P + relu(p* - P),   D' = P + relu(p* + p_i - P),
    up_t(p, k) = relu(2C (a(p, k) - t)),   down_t(p, k) = relu(2C (t - a(p, k) - D) + 2C),
    t = 0 and t = P p_i,
    free(p) = 2C relu(1 - z) - 2C relu(-z),   z = p D' - P p_i,   which is 2C where k' <= 0 and 0 elsewhere,
    o_t(p, k) = relu(2C - g(k) - up_t(p, k) - down_t(p, k)),
    skip(p) = 2C - sum_k o_0(p, k),   take(p) = 2C - sum_k o_(P p_i)(p, k) - free(p),
    g'(p) = skip(p) - relu(skip(p) - take(p) - s_i).

Source: Hertrich, Skutella, Provably good solutions to the knapsack problem via neural networks of bounded
size (INFORMS Journal on Computing 2023), section 4, with C = 1.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, exactly, number, whole_number
from diffpump.knapsack.networks.builder import Affine, Builder, Network, stack
from diffpump.knapsack.networks.items import checked, checked_capacity

MOST_EXACT = 1e14  # of C P max(P, total profit), so that the cell's numbers are exact in float64
MOST_PROFITS = 400  # P of a cell of a million rectifiers


class FptasNetwork:
    """The FPTAS-NN.

    Parameters
    ----------
    profits : int
        P, the number of profits that are looked at, from 1 to `MOST_PROFITS` (see `for_ratio`).
    capacity : float
        C > 0. With 1 it is the network of the paper; a whole number keeps whole sizes exact.
    """

    def __init__(self, profits: int, capacity: float = 1.0) -> None:
        self.profits = whole_number(profits, "P", 1, MOST_PROFITS)
        self.capacity = checked_capacity(capacity)

    @classmethod
    def for_ratio(cls, n: int, eps: float, capacity: float = 1.0) -> FptasNetwork:
        """Return the network with P = ceil(n^2 / eps), which finds (1 - eps) times n items' best profit."""
        if not 0 < number(eps) <= 1:
            raise UsageError(f"eps must be in (0, 1], got {eps!r}")
        return cls(math.ceil(whole_number(n, "n", 1) ** 2 / exactly(eps)), capacity)

    @cached_property
    def cell(self) -> Network:
        """The cell: inputs g(1..P), p*, p, s and outputs g'(1..P), p*'."""
        top, limit = self.profits, 2.0 * self.capacity
        builder = Builder(top + 3)
        g = builder.inputs[:top]
        total, profit, size = (builder.inputs[[top + j]] for j in range(3))
        old, new = builder.relu(total - top) + top, builder.relu(total + profit - top) + top  # D and D'
        p, k = (index.ravel() + 1 for index in np.indices((top, top)))
        shift = new * p - old * k  # a(p, k)
        every = np.arange(1, top + 1)
        z = new * every - profit * top
        free = (builder.relu(1.0 - z) - builder.relu(z * -1.0)) * limit
        sums = sp.csr_array((np.ones(p.size), (p - 1, np.arange(p.size))), shape=(top, p.size))

        def gathered(at: Affine) -> Affine:
            """Return g at the k where 0 <= -at < D, 2C where there is none."""
            up, down = builder.relu(at * limit), builder.relu((at + old) * -limit + limit)
            return limit - builder.relu(limit - g[k - 1] - up - down).combined(sums)

        skip, take = gathered(shift), gathered(shift - profit * top) - free
        out = skip - builder.relu(skip - take - size)
        return builder.build(stack([out, total + profit]))

    def values(self, profits: ArrayLike, sizes: ArrayLike) -> tuple[Array, Array]:
        """Return g(1..P, n), (P,) or (batch, P), and d_1, ..., d_n, (n,) or (batch, n).

        Parameters
        ----------
        profits : (n,) or (batch, n)
            Whole numbers, at least 1.
        sizes : (n,) or (batch, n)
            Sizes >= 0.

        Raises
        ------
        UsageError
            For other arguments, for an item larger than C, which would make the units too large, and where
            float64 would not be exact.
        """
        p, s = checked(profits, sizes)
        if (s > self.capacity).any():
            raise UsageError(f"an item is larger than the capacity {self.capacity:g}; leave it out")
        total = max(float(self.profits), float(p.sum(axis=-1).max(initial=0.0)))
        if max(1.0, self.capacity) * self.profits * total >= MOST_EXACT:
            raise UsageError(
                f"C P times the total profit must be below {MOST_EXACT:.0e}, for exact float64 numbers; "
                "scale the profits or choose a smaller P"
            )
        g = np.full((*p.shape[:-1], self.profits), 2.0 * self.capacity)
        so_far = np.zeros((*p.shape[:-1], 1))
        for i in range(p.shape[-1]):
            out = self.cell(np.concatenate((g, so_far, p[..., [i]], s[..., [i]]), axis=-1))
            g, so_far = out[..., :-1], out[..., -1:]
        return g, np.maximum(1.0, np.cumsum(p, axis=-1) / self.profits)

    def best(self, profits: ArrayLike, sizes: ArrayLike) -> Array:
        """Return the largest p d_n with g(p, n) <= C, which a choice reaches: a number or (batch,)."""
        g, unit = self.values(profits, sizes)
        steps = np.where(g <= self.capacity, np.arange(1, self.profits + 1), 0).max(axis=-1)
        return np.asarray(steps * (unit[..., -1] if unit.shape[-1] else 1.0), np.float64)
