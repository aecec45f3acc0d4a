"""Rows of the dynamic program that hold the smoothed maxima themselves.

With d the score with the item minus that without it, the lesser of the two has a probability p that depends
on |d|, and the smoothed maximum is

    V = max - p |d| + g H(p),   H the entropy of (p, 1 - p).

The state of a row is (V, unused). A capacity that cannot be reached has `UNREACHABLE`, which is finite, so
that differences of two of them are numbers.
"""

from __future__ import annotations

from collections.abc import Callable

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.knapsack.sweeps import Matrix, Sweeps, kernel_of, sweeps

UNREACHABLE = -1e300


@kernel
def _normalise(state: Matrix, first: int, capacity: int) -> None:
    """Leave the state as it is."""


def row_sweeps(
    module: str, lesser: Callable[..., float], entropy: Callable[..., float], slope: Callable[..., float]
) -> Sweeps:
    """Return the kernels of a regulariser that is given by scalar kernels.

    Parameters
    ----------
    module : str
        Its module.
    lesser : kernel
        (|d|, g) -> the probability p of the lesser one.
    entropy : kernel
        p -> H(p).
    slope : kernel
        (q, g) -> dq/dd.
    """

    def advance(
        old: Matrix, new: Matrix, first: int, capacity: int, weight: int, score: float, _: float, g: float
    ) -> None:
        before, after = old[0], new[0]
        for c in range(first, min(weight, capacity + 1)):
            after[c] = before[c]
        begin = max(first, weight)
        for k in range(capacity + 1 - begin):
            skip, pick = before[begin + k], before[begin - weight + k] + score
            size = abs(pick - skip)
            p = lesser(size, g)
            after[begin + k] = max(skip, pick) - p * size + g * entropy(p)

    def choose(
        old: Matrix, q: Vector, first: int, capacity: int, weight: int, score: float, _: float, g: float
    ) -> None:
        before = old[0]
        for c in range(first, min(weight, capacity + 1)):
            q[c] = 0.0
        begin = max(first, weight)
        for k in range(capacity + 1 - begin):
            d = before[begin - weight + k] + score - before[begin + k]
            p = lesser(abs(d), g)
            q[begin + k] = 1.0 - p if d > 0.0 else p

    return sweeps(module, kernel_of(module, advance), kernel_of(module, choose), slope, _normalise)
