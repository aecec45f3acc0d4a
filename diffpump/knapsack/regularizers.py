"""The entropies of the dynamic program, by name: Shannon, Gini and Tsallis of order 1.5.

A regulariser smooths the choice between the row without an item and the row with it. Under Shannon's entropy
the order of the items does not matter; it is the only separable entropy of which this is true (arXiv
2601.21775). Gini and Tsallis give sparse marginals.

A new regulariser is one decorated class in this package, with kernels from `kernels.knapsack.sweeps`.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.core.registry import Registry
from diffpump.kernels.knapsack.gini import GINI
from diffpump.kernels.knapsack.hard import HARD
from diffpump.kernels.knapsack.rows import UNREACHABLE
from diffpump.kernels.knapsack.shannon import SHANNON
from diffpump.kernels.knapsack.sweeps import Sweeps
from diffpump.kernels.knapsack.tsallis import TSALLIS
from diffpump.knapsack.base import Array

LARGEST_EXPONENT = 2.0**50  # of a sum of e^(s/g), up to which its whole part is exact


class Regularizer(Protocol):
    """What the dynamic program needs of an entropy.

    Attributes
    ----------
    sweeps : Sweeps
        Its kernels.
    """

    sweeps: Sweeps

    def terms(self, score: Array, g: float) -> Array:
        """Return what the kernels take of the scores (batch, n), as (batch, n, 2)."""
        ...

    def start(self, size: int, exact: bool) -> Array:
        """Return the state (2, size) of row 0. With `exact` only capacity 0 can be reached."""
        ...

    def values(self, states: Array, g: float) -> Array:
        """Return the values (batch,) of states (batch, 2), -inf where Y is empty."""
        ...


REGULARIZERS: Registry[Regularizer] = Registry(
    "regularizer", package="diffpump.knapsack", group="diffpump.regularizers"
)


@REGULARIZERS.register("shannon", help="- p log p: the Gibbs distribution over Y")
class Shannon:
    """Shannon's entropy. The state of a row is the sum of e^(s'y / g) as a mantissa and a power of two."""

    sweeps = SHANNON

    def terms(self, score: Array, g: float) -> Array:
        powers = score / (g * math.log(2.0))
        if not np.abs(powers).sum(axis=1).max(initial=0.0) < LARGEST_EXPONENT:
            raise UsageError(f"g = {g:g} is too small for these scores; `best` gives the optimum itself")
        whole = np.rint(powers)
        return np.stack((np.exp2(powers - whole), whole), axis=-1)

    def start(self, size: int, exact: bool) -> Array:
        state = np.stack((np.ones(size), np.zeros(size)))
        if exact:
            state[0, 1:], state[1, 1:] = 0.0, UNREACHABLE
        return state

    def values(self, states: Array, g: float) -> Array:
        mantissa, power = states.T
        with np.errstate(divide="ignore"):
            found: Array = g * (np.log(mantissa) + power * math.log(2.0))
        return np.where(mantissa > 0, found, -np.inf)


class _Rows:
    """An entropy whose rows hold the smoothed maxima themselves."""

    sweeps: Sweeps

    def terms(self, score: Array, g: float) -> Array:
        return np.stack((score, np.zeros_like(score)), axis=-1)

    def start(self, size: int, exact: bool) -> Array:
        state = np.zeros((2, size))
        if exact:
            state[0, 1:] = UNREACHABLE
        return state

    def values(self, states: Array, g: float) -> Array:
        return np.where(states[:, 0] > UNREACHABLE / 2, states[:, 0], -np.inf)


@REGULARIZERS.register("gini", help="p (1 - p): sparse")
class Gini(_Rows):
    """Gini's entropy."""

    sweeps = GINI


@REGULARIZERS.register("tsallis", help="4/3 (1 - p^1.5 - (1 - p)^1.5): between Shannon and Gini")
class Tsallis(_Rows):
    """Tsallis's entropy of order 1.5."""

    sweeps = TSALLIS


class Hard(_Rows):
    """No entropy: the optimum."""

    sweeps = HARD
