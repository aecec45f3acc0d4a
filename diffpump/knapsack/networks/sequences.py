"""The length of the longest common subsequence of two sequences of whole numbers, as a network.

With f(i, j) the length for the first i and j entries,

    f(i, j) = max(f(i - 1, j), f(i, j - 1), f(i - 1, j - 1) + [x_i = y_j]),
    [x = y] = relu(1 - relu(x - y) - relu(y - x)).

The entries of an antidiagonal are computed at once: 5 m n rectifiers in 2 (m + n) layers.
"""

from __future__ import annotations

import numpy as np

from diffpump.knapsack.base import whole_number
from diffpump.knapsack.networks.builder import Builder, Network, constant, stack

MOST_ENTRIES = 300  # of a sequence; two of this length have 450 000 rectifiers


def longest_common_subsequence(m: int, n: int) -> Network:
    """Return the network from sequences (x, y), (m + n,), to the length, (1,)."""
    m, n = (whole_number(length, "a sequence's length", 1, MOST_ENTRIES) for length in (m, n))
    builder = Builder(m + n)
    i, j = (index.ravel() for index in np.indices((m, n)))
    x, y = builder.inputs[i], builder.inputs[m + j]
    equal = builder.relu(1.0 - builder.relu(x - y) - builder.relu(y - x))
    zero = constant(0.0)
    known = {(row, column): zero for row in range(-1, m) for column in range(-1, n) if min(row, column) < 0}
    for diagonal in range(m + n - 1):
        cells = [(row, diagonal - row) for row in range(max(0, diagonal - n + 1), min(m, diagonal + 1))]
        left = stack([known[row, column - 1] for row, column in cells])
        above = stack([known[row - 1, column] for row, column in cells])
        corner = stack([known[row - 1, column - 1] for row, column in cells])
        matched = corner + equal[[row * n + column for row, column in cells]]
        best = builder.maximum(builder.maximum(left, above), matched)
        known.update({cell: best[[k]] for k, cell in enumerate(cells)})
    return builder.build(known[m - 1, n - 1])
