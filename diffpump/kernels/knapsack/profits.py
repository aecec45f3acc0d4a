"""The knapsack's dynamic program over profits: the least weight of a choice for each profit.

Row i has, for p = 0, ..., P, the least weight f(p, i) of a choice among the first i items whose profit is at
least p, or `UNREACHABLE`:

    f(p, i) = min(f(p, i - 1), f(max(0, p - p_i), i - 1) + w_i).

`forward` keeps only the row at the beginning of every block of items. `backward` computes the rows of one
block after another again, from the last to the first, and follows the choices through them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.knapsack.sweeps import block_size
from diffpump.kernels.model import Model

Integers = NDArray[np.int64]
UNREACHABLE = 1 << 62


@kernel
def _step(old: Integers, new: Integers, profit: int, weight: int) -> None:
    """Compute the row behind an item; sums with an unreachable entry are unreachable."""
    free = min(profit, old.size)
    for p in range(free):
        new[p] = min(old[p], old[0] + weight)
    skip, take, after = old[free:], old[: old.size - free], new[free:]
    for p in range(after.size):
        after[p] = min(skip[p], take[p] + weight)  # an unreachable entry of `skip` is the largest number


@kernel
def forward(profits: Integers, weights: Integers, kept: NDArray[np.int64], rows: NDArray[np.int64]) -> int:
    """Keep the first row of each block in kept (blocks, P + 1); return which row (2, P + 1) is the last."""
    n = profits.size
    block = (n + kept.shape[0] - 1) // kept.shape[0]
    for p in range(rows.shape[1]):
        rows[0, p] = 0 if p == 0 else UNREACHABLE
    for i in range(n):
        old, new = rows[i % 2], rows[1 - i % 2]
        if i % block == 0:
            target = kept[i // block]
            for p in range(target.size):
                target[p] = old[p]
        _step(old, new, profits[i], weights[i])
    return n % 2


@kernel
def backward(
    profits: Integers, weights: Integers, kept: NDArray[np.int64], table: NDArray[np.int64], profit: int,
    taken: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Write the choice with the least weight for a profit to taken (n,). table is (block + 1, P + 1)."""
    n, left = profits.size, profit
    block = table.shape[0] - 1
    for b in range(kept.shape[0] - 1, -1, -1):
        begin, end = b * block, min(n, (b + 1) * block)
        for p in range(left + 1):
            table[0, p] = kept[b, p]
        for i in range(begin, end):
            old, new = table[i - begin, : left + 1], table[i - begin + 1, : left + 1]
            _step(old, new, profits[i], weights[i])
        for i in range(end - 1, begin - 1, -1):
            taken[i] = table[i - begin + 1, left] < table[i - begin, left]
            if taken[i]:
                left = max(0, left - profits[i])


def space(n: int) -> tuple[int, int]:
    """Return the number of kept rows and the length of a block for n items."""
    block = block_size(n)
    return -(-n // block), block


@warm_up("knapsack, profits", engine=False)
def _warm_up(model: Model) -> None:
    one, kept = np.ones(1, np.int64), np.zeros((1, 2), np.int64)
    forward(one, one, kept, np.zeros((2, 2), np.int64))
    backward(one, one, kept, np.zeros((2, 2), np.int64), 1, np.zeros(1, bool))
