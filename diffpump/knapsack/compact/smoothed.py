"""The compact knapsack's choices as a `FeasibleSet`, with smoothed maxima."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError
from diffpump.kernels.knapsack import walks
from diffpump.kernels.rng import rng as seeded
from diffpump.knapsack.base import Array, generator, result, scores, temperature, whole_number
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.program import MAX_BYTES

LARGEST_SUM = 1e9  # of |score| / g over the items, where marginals have errors of 3e-7
STEPS_PER_ITEM, LEAST_STEPS = 10, 1000  # of the least weight, after scaling


class CompactSet:
    """Y = {y binary (n,): heavy enough and compact}, under Shannon's entropy.

    Weights are scaled to whole multiples of q / K and rounded down, so that every member satisfies the
    instance; K = max(1000, 10 n). Choices are lost that are heavier than q by less than n / K of it. Time is
    O(n D K), and memory one to four tables of n (K + 1) numbers.

    Parameters
    ----------
    instance : Compact
        The instance.
    steps : int, optional
        K.

    Raises
    ------
    UsageError
        If q is 0, or if all rounded weights together do not reach q. All calls raise it if the tables exceed
        the memory limit.
    """

    def __init__(self, instance: Compact, steps: int | None = None) -> None:
        self.instance, self.n = instance, instance.n
        default = max(LEAST_STEPS, STEPS_PER_ITEM * self.n)
        self.steps = default if steps is None else whole_number(steps, "steps", 1)
        if instance.least == 0:
            raise UsageError("the least weight is 0, so that the empty choice is a member")
        unit = self.steps / Fraction(instance.least)
        rounded = [min(self.steps, math.floor(Fraction(w) * unit)) for w in instance.weights.tolist()]
        self._weights = np.array(rounded, np.int64)
        if int(self._weights.sum()) < self.steps:
            raise UsageError(f"the weights rounded to q / {self.steps} do not reach q; use more steps")
        self._reach = int(instance.distance)

    def best(self, score: ArrayLike) -> tuple[Any, Array]:
        """Return the largest score'y over Y, a float or (batch,), and a y that has it, (n,) or (batch, n)."""
        array = scores(score, self.n, None)
        values, y = np.empty(len(array)), np.empty((len(array), self.n))
        (table,) = self._tables(1)
        for k, one in enumerate(np.array(array)):
            values[k] = walks.forward(one, self._weights, self._reach, 0.0, table)
            walks.draw(self._weights, self._reach, 0.0, one, table, values[k], seeded(0), y[k])
        return result(values, np.ndim(score) == 2), result(y, np.ndim(score) == 2)

    def value(self, score: ArrayLike, g: float) -> Any:
        """Return V_g(score), a float or (batch,)."""
        array, g = scores(score, self.n, None), temperature(g)
        _check_range(array, g)
        (table,) = self._tables(1)
        values = [walks.forward(one, self._weights, self._reach, g, table) for one in np.array(array)]
        return result(g * np.array(values), np.ndim(score) == 2)

    def marginals(self, score: ArrayLike, g: float) -> Array:
        """Return the gradient of V_g at the score, (n,) or (batch, n), in [0, 1]."""
        array, g = scores(score, self.n, None), temperature(g)
        _check_range(array, g)
        (first, second), y = self._tables(2), np.empty((len(array), self.n))
        for k, one in enumerate(np.array(array)):
            total = walks.forward(one, self._weights, self._reach, g, first)
            walks.backward(one, self._weights, self._reach, g, second)
            walks.marginals(first, second, total, y[k])
        found: Array = result(np.minimum(y, 1.0), np.ndim(score) == 2)
        return found

    def vjp(self, score: ArrayLike, g: float, z: ArrayLike) -> Array:
        """Return the product of z and the Jacobian of the marginals, (n,) or (batch, n)."""
        array, direction, g = scores(score, self.n, None), scores(z, self.n, None, "z"), temperature(g)
        if len(array) != len(direction):
            raise UsageError(f"z has {len(direction)} rows, score has {len(array)}")
        _check_range(array, g)
        first, second, change, behind = self._tables(4)
        out = np.empty((len(array), self.n))
        for k, (one, to) in enumerate(zip(np.array(array), np.array(direction), strict=True)):
            total = walks.forward(one, self._weights, self._reach, g, first)
            walks.backward(one, self._weights, self._reach, g, second)
            walks.product(
                to, self._weights, self._reach, g, one, first, second, total, change, behind, out[k]
            )
        found: Array = result(out, np.ndim(score) == 2)
        return found

    def sample(self, score: ArrayLike, g: float, size: int, rng: np.random.Generator) -> Array:
        """Return samples (size, n) or (batch, size, n) of the Gibbs distribution over Y."""
        array, g = scores(score, self.n, None), temperature(g)
        size, rng = whole_number(size, "size", 0), generator(rng)
        _check_range(array, g)
        (table,), y = self._tables(1), np.empty((len(array), size, self.n))
        for k, one in enumerate(np.array(array)):
            total = walks.forward(one, self._weights, self._reach, g, table)
            state = seeded(int(rng.integers(2**63)))
            for row in y[k]:
                walks.draw(self._weights, self._reach, g, one, table, total, state, row)
        found: Array = result(y, np.ndim(score) == 2)
        return found

    def _tables(self, count: int) -> NDArray[np.float64]:
        """Return tables (count, n, K + 1). Raises UsageError beyond the memory limit."""
        if count * 8 * self.n * (self.steps + 1) > MAX_BYTES:
            limit = f"{MAX_BYTES / 2**30:g} GiB"
            raise UsageError(f"{self.n} items with {self.steps} steps need more than {limit}")
        return np.empty((count, self.n, self.steps + 1))


def _check_range(array: Array, g: float) -> None:
    """Raise UsageError where sums of score / g are too large for exact probabilities."""
    if not np.abs(array / g).sum(axis=1).max(initial=0.0) < LARGEST_SUM:
        raise UsageError(f"the scores are too large for g = {g:g}")
