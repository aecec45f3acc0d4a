"""DP-NN: a recurrent network of rectifiers that is the knapsack's dynamic program over profits.

With f(p, i) the least size of a choice among the first i items whose profit is at least p,

    f(p, i) = min(f(p, i - 1), f(p - p_i, i - 1) + s_i),   f(p, 0) = 2 C,   f(p, i) = 0 for p <= 0,

the best profit within the capacity C is the largest p with f(p, n) <= C. One cell computes f(., i) from
f(., i - 1), p_i and s_i, and is applied to one item after another. Its first layer finds out which entry
p - p_i is, its second one selects that entry, and its third one takes the minimum:

    o1+(k) = relu(2C (p_i - k)),   o1-(k) = relu(2C (k - p_i)),          k = 1, ..., p*,
    o2(p, k) = relu(2C - f(p - k) - o1+(k) - o1-(k)),                     k = 1, ..., p - 1,
    o3(p) = relu(f(p) - s_i - [2C - sum_k o2(p, k) - (o1+(p - 1) - o1+(p))]),
    f'(p) = f(p) - o3(p),

where for p = 1 the last bracket has the constant 2C in place of o1+(0) - o1+(1). All numbers are whole where
the profits, the sizes and C are, so that the network is exact in float64. With other sizes or another C an
entry's error is at most 32 n C P 2^-52, P the larger of p* and the profits, since one cell adds and subtracts
a few numbers of at most 2 C P, and minima and sums carry errors on without growth.

Source: Hertrich, Skutella, Provably good solutions to the knapsack problem via neural networks of bounded
size (INFORMS Journal on Computing 2023), section 3, with C = 1.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, whole_number
from diffpump.knapsack.networks.builder import Builder, Network, constant, stack
from diffpump.knapsack.networks.items import checked, checked_capacity

MOST_EXACT = 2.0**51  # of C times a profit, so that twice that is a whole number in float64
MOST_PROFITS = 1000  # p* of a cell of half a million rectifiers


class DpNetwork:
    """The DP-NN.

    Parameters
    ----------
    p_star : int
        The largest profit that is looked at, from 1 to `MOST_PROFITS`.
    capacity : float
        C > 0. With 1 it is the network of the paper; a whole number keeps whole sizes exact.
    """

    def __init__(self, p_star: int, capacity: float = 1.0) -> None:
        self.p_star = whole_number(p_star, "p_star", 1, MOST_PROFITS)
        self.capacity = checked_capacity(capacity)

    @cached_property
    def cell(self) -> Network:
        """The cell: inputs f(1..p*), p, s and outputs f'(1..p*)."""
        top, limit = self.p_star, 2.0 * self.capacity
        builder = Builder(top + 2)
        f, profit, size = builder.inputs[:top], builder.inputs[[top]], builder.inputs[[top + 1]]
        k = np.arange(1, top + 1)
        above, below = builder.relu((profit + -k) * limit), builder.relu((k - profit) * limit)
        rows, columns = np.tril_indices(top, -1)  # p and k less 1, k < p
        selected = builder.relu(limit - f[rows - columns - 1] - above[columns] - below[columns])
        sums = sp.csr_array((np.ones(rows.size), (rows, np.arange(rows.size))), shape=(top, rows.size))
        before = stack([constant(limit) + above[[0]], above[:-1]]) if top > 1 else constant(limit) + above
        taken = limit - (selected.combined(sums) + before - above) if top > 1 else limit - (before - above)
        return builder.build(f - builder.relu(f - size - taken, layer=3))

    @property
    def widths(self) -> tuple[int, int, int]:
        """The widths of the cell's hidden layers by the paper's formulas: 2 p*, p* (p* - 1) / 2, p*."""
        return 2 * self.p_star, self.p_star * (self.p_star - 1) // 2, self.p_star

    def values(self, profits: ArrayLike, sizes: ArrayLike) -> Array:
        """Return f(1..p*, n), (p*,) or (batch, p*).

        Parameters
        ----------
        profits : (n,) or (batch, n)
            Whole numbers, at least 1.
        sizes : (n,) or (batch, n)
            Sizes >= 0.

        Raises
        ------
        UsageError
            For other arguments, and where float64 would not be exact.
        """
        p, s = checked(profits, sizes)
        if self.capacity * max(self.p_star, p.max(initial=1.0)) > MOST_EXACT:
            raise UsageError(
                f"capacity times profit must be at most {MOST_EXACT:.0e}, for exact float64 numbers"
            )
        f = np.full((*p.shape[:-1], self.p_star), 2.0 * self.capacity)
        for i in range(p.shape[-1]):
            f = self.cell(np.concatenate((f, p[..., [i]], s[..., [i]]), axis=-1))
        return f

    def best(self, profits: ArrayLike, sizes: ArrayLike) -> Array:
        """Return the largest profit within the capacity, at most p*: a number or (batch,)."""
        fits = self.values(profits, sizes) <= self.capacity
        return np.asarray(fits.sum(axis=-1), np.float64)  # f increases with p
