"""Rows of the dynamic program under Tsallis's entropy of order 1.5, 4/3 (1 - p^1.5 - (1 - p)^1.5)."""

from __future__ import annotations

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.knapsack.rows import row_sweeps


@kernel
def _root(x: float) -> float:
    """Return the square root as a power, which becomes an instruction; math.sqrt becomes a call."""
    return float(x**0.5)


@kernel
def lesser(d: float, g: float) -> float:
    b = min(1.0, d / (2.0 * g))
    return 0.5 - 0.5 * b * _root(2.0 - b * b)


@kernel
def entropy(p: float) -> float:
    r = 1.0 - p
    return 4.0 / 3.0 * (1.0 - p * _root(p) - r * _root(r))


@kernel
def slope(q: float, g: float) -> float:
    r = 1.0 - q
    return _root(q * r) / (g * (_root(q) + _root(r)))


TSALLIS = row_sweeps(__name__, lesser, entropy, slope)
