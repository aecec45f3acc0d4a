"""Rows of the dynamic program under Gini's entropy p (1 - p)."""

from __future__ import annotations

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.knapsack.rows import row_sweeps


@kernel
def lesser(d: float, g: float) -> float:
    return max(0.0, 0.5 - d / (2.0 * g))


@kernel
def entropy(p: float) -> float:
    return p * (1.0 - p)


@kernel
def slope(q: float, g: float) -> float:
    return 1.0 / (2.0 * g) if 0.0 < q < 1.0 else 0.0


GINI = row_sweeps(__name__, lesser, entropy, slope)
