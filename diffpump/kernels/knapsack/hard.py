"""Rows of the dynamic program without smoothing. Of two choices with the same score the item is left out."""

from __future__ import annotations

from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.knapsack.rows import row_sweeps


@kernel
def zero(p: float) -> float:
    return 0.0


@kernel
def no_slope(d: float, g: float) -> float:
    return 0.0


HARD = row_sweeps(__name__, no_slope, zero, no_slope)
