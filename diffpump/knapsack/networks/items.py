"""The check of the items that a knapsack network takes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, number, numbers, shape


def checked_capacity(value: float) -> float:
    """Return a finite capacity > 0. Raises UsageError for others."""
    if not 0 < (found := number(value)) < math.inf:
        raise UsageError(f"the capacity must be a finite number > 0, got {value!r}")
    return found


def checked(profits: ArrayLike, sizes: ArrayLike) -> tuple[Array, Array]:
    """Return profits and sizes of the same shape, (n,) or (batch, n).

    Raises
    ------
    UsageError
        If profits are not whole numbers of at least 1, sizes are negative or not finite, or shapes differ.
    """
    p, s = numbers(profits, "profits"), numbers(sizes, "sizes")
    if p.ndim not in (1, 2) or p.shape != s.shape:
        raise UsageError(f"profits and sizes must both be (n,) or (batch, n), got {shape(p)} and {shape(s)}")
    if not (np.isfinite(p).all() and (p >= 1).all() and (p == np.rint(p)).all()):
        raise UsageError("profits must be whole numbers, at least 1")
    if not (np.isfinite(s).all() and (s >= 0).all()):
        raise UsageError("sizes must be finite numbers >= 0")
    return p, s
