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
from diffpump.kernels.knapsack.sweeps import Matrix, Sweeps, assign, fill, kernel_of, sweeps

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
        begin, end = max(first, weight), capacity + 1
        assign(new[0, first : min(begin, end)], old[0, first : min(begin, end)])
        skip, pick, after = old[0, begin:end], old[0, begin - weight :], new[0, begin:end]
        for c in range(after.size):
            size = abs(pick[c] + score - skip[c])
            p = lesser(size, g)
            after[c] = max(skip[c], pick[c] + score) - p * size + g * entropy(p)

    def choose(
        old: Matrix, q: Vector, first: int, capacity: int, weight: int, score: float, _: float, g: float
    ) -> None:
        begin, end = max(first, weight), capacity + 1
        fill(q[first : min(begin, end)], 0.0)
        skip, pick, own = old[0, begin:end], old[0, begin - weight :], q[begin:end]
        for c in range(own.size):
            d = pick[c] + score - skip[c]
            p = lesser(abs(d), g)
            own[c] = 1.0 - p if d > 0.0 else p

    return sweeps(module, kernel_of(module, advance), kernel_of(module, choose), slope, _normalise)
