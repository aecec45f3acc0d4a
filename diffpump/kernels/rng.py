"""Random numbers inside kernels: xorshift64* (Vigna 2016). The caller keeps the state, one uint64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.kernels.compile.jit import kernel

Rng = NDArray[np.uint64]


def rng(seed: int) -> Rng:
    """Return the state for a seed: its splitmix64 hash, so that consecutive seeds give unrelated states."""
    mask = (1 << 64) - 1
    z = (seed + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return np.array([(z ^ (z >> 31)) or 1], dtype=np.uint64)


@kernel
def uniform(state: Rng) -> float:
    """Return the next number, uniform in [0, 1)."""
    z = state[0]
    z ^= z >> np.uint64(12)
    z ^= z << np.uint64(25)
    z ^= z >> np.uint64(27)
    state[0] = z
    return float((z * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@kernel
def below(state: Rng, n: int) -> int:
    """Return the next integer, uniform in [0, n)."""
    return int(uniform(state) * n)
