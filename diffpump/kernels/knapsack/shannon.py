"""Rows of the dynamic program under Shannon's entropy, without an exponential or a logarithm in a cell.

The smoothed maximum g log(e^(x/g) + e^(y/g)) is a sum of e^(x/g) and e^(y/g). These numbers overflow, so each
is kept as a mantissa and a power of two, m 2^e with a whole number e: the state of a row is (m, e). An item
of score s multiplies by e^(s/g) = a 2^b, and q is the part of the sum that has the item. Mantissas stay below
2.42^128 between two calls of `normalise`.
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.knapsack.sweeps import Matrix, assign, fill, sweeps

FRACTION_BITS = 52  # of a float64, below its exponent
BIAS = 1023  # of the exponent of a float64
# x + SHIFT has x + BIAS in its lowest bits, for whole x.
SHIFT = 2.0**FRACTION_BITS + BIAS
LEAST_POWER = -1022.0
MANTISSA = (1 << FRACTION_BITS) - 1
TINY = 1e-300  # in place of a sum of two zeros


@kernel
def _power(x: float) -> float:
    """Return 2^x for a whole number x from -1022 to 0."""
    bits = np.float64(x + SHIFT).view(np.int64) << FRACTION_BITS
    return float(np.int64(bits).view(np.float64))


@kernel
def advance(
    old: Matrix, new: Matrix, first: int, capacity: int, weight: int, a: float, b: float, g: float
) -> None:
    begin, end = max(first, weight), capacity + 1
    assign(new[0, first : min(begin, end)], old[0, first : min(begin, end)])
    assign(new[1, first : min(begin, end)], old[1, first : min(begin, end)])
    m, e, m_pick, e_pick = (
        old[0, begin:end],
        old[1, begin:end],
        old[0, begin - weight :],
        old[1, begin - weight :],
    )
    new_m, new_e = new[0, begin:end], new[1, begin:end]
    for c in range(new_m.size):
        d = e_pick[c] + b - e[c]
        t = _power(max(-abs(d), LEAST_POWER))
        skip, pick, above = m[c], m_pick[c] * a, d > 0.0
        new_m[c] = (skip * t if above else skip) + (pick if above else pick * t)
        new_e[c] = max(e_pick[c] + b, e[c])


@kernel
def choose(
    old: Matrix, q: Vector, first: int, capacity: int, weight: int, a: float, b: float, g: float
) -> None:
    begin, end = max(first, weight), capacity + 1
    fill(q[first : min(begin, end)], 0.0)
    m, e, m_pick, e_pick = (
        old[0, begin:end],
        old[1, begin:end],
        old[0, begin - weight :],
        old[1, begin - weight :],
    )
    own = q[begin:end]
    for c in range(own.size):
        d = e_pick[c] + b - e[c]
        t = _power(max(-abs(d), LEAST_POWER))
        skip, pick, above = m[c], m_pick[c] * a, d > 0.0
        skip, pick = (skip * t if above else skip), (pick if above else pick * t)
        own[c] = pick / max(skip + pick, TINY)


@kernel
def slope(q: float, g: float) -> float:
    return q * (1.0 - q) / g


@kernel
def normalise(state: Matrix, first: int, capacity: int) -> None:
    """Bring the mantissas into [1, 2)."""
    m, e = state[0, first : capacity + 1], state[1, first : capacity + 1]
    for c in range(m.size):
        bits = np.float64(m[c]).view(np.int64)
        if bits != 0:
            e[c] += float((bits >> FRACTION_BITS) - BIAS)
            m[c] = np.int64((bits & MANTISSA) | (BIAS << FRACTION_BITS)).view(np.float64)


SHANNON = sweeps(__name__, advance, choose, slope, normalise)
