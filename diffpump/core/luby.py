"""Luby's sequence 1, 1, 2, 1, 1, 2, 4, 1, ... of restart lengths.

Source: Luby, Sinclair, Zuckerman, Optimal speedup of Las Vegas algorithms (1993).
"""

from __future__ import annotations


def luby(k: int) -> int:
    """Return the term with number k >= 0; kernels compile this same function."""
    size, step = 1, 0
    while size < k + 1:
        step += 1
        size = 2 * size + 1
    while size - 1 != k:
        size = (size - 1) >> 1
        step -= 1
        k %= size
    return 1 << step
