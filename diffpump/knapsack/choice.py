"""One of n items, or at most one, in closed form under Shannon's entropy: the softmax."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, generator, result, scores, temperature, whole_number


class OneOf:
    """The set Y = {y binary (n,): sum y = 1}, a special ordered set of type 1, under Shannon's entropy.

    It equals TopK(n, 1), in time O(n).

    Parameters
    ----------
    n : int
        The number of items, at least 1.
    """

    def __init__(self, n: int) -> None:
        self.n = whole_number(n, "n", 1)

    def best(self, score: ArrayLike) -> tuple[Any, Array]:
        """Return the largest score, a float or (batch,), and the choice of the first item that has it."""
        array = scores(score, self.n, None)
        y = np.zeros_like(array)
        y[np.arange(len(array)), array.argmax(axis=1)] = 1.0
        return self._result(score, array.max(axis=1)), self._result(score, y)

    def value(self, score: ArrayLike, g: float) -> Any:
        """Return g log sum_i e^(score_i / g), a float or (batch,)."""
        array, g = scores(score, self.n, None), temperature(g)
        largest = array.max(axis=1)
        terms = np.exp((array - largest[:, None]) / g)
        return self._result(score, largest + g * np.log(terms.sum(axis=1)))

    def marginals(self, score: ArrayLike, g: float) -> Array:
        """Return the softmax of score / g, (n,) or (batch, n)."""
        found: Array = self._result(score, self._softmax(score, g))
        return found

    def vjp(self, score: ArrayLike, g: float, z: ArrayLike) -> Array:
        """Return the product of z and the Jacobian of the softmax, (n,) or (batch, n)."""
        y, direction = self._softmax(score, g), scores(z, self.n, None, "z")
        if len(direction) != len(y):
            raise UsageError(f"z has {len(direction)} rows, score has {len(y)}")
        mean = (y * direction).sum(axis=1, keepdims=True)
        found: Array = self._result(score, y * (direction - mean) / g)
        return found

    def sample(self, score: ArrayLike, g: float, size: int, rng: np.random.Generator) -> Array:
        """Return samples (size, n) or (batch, size, n) of the softmax."""
        size, y = whole_number(size, "size", 0), self._softmax(score, g)
        ends = np.cumsum(y, axis=1)
        drawn = generator(rng).random((len(y), size)) * ends[:, -1:]
        chosen = np.empty((len(y), size), np.int64)
        for own, end, u in zip(chosen, ends, drawn, strict=True):
            own[:] = np.searchsorted(end, u, side="right")
        found: Array = self._result(score, np.eye(self.n)[chosen])
        return found

    def _softmax(self, score: ArrayLike, g: float) -> Array:
        array, g = scores(score, self.n, None), temperature(g)
        terms = np.exp((array - array.max(axis=1, keepdims=True)) / g)
        normed: Array = terms / terms.sum(axis=1, keepdims=True)
        return normed

    def _result(self, score: ArrayLike, found: Array) -> Any:
        return result(found, np.ndim(score) == 2)
