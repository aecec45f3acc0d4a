"""The protocol of a set of binary vectors, and the checks of the arguments that all sets take."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError

Array = NDArray[np.float64]


class FeasibleSet(Protocol):
    """A set Y of binary vectors (n,), or a batch of them, one for each row of the scores.

    Scores are (n,) or (batch, n), finite; g is the temperature, > 0. Results have the shape of the scores,
    broadcast to the batch of the set. All calls raise UsageError for other arguments, and where Y is empty.
    """

    def best(self, score: ArrayLike) -> tuple[Any, Array]:
        """Return the largest score'y over Y, a float or (batch,), and a y that has it."""
        ...

    def value(self, score: ArrayLike, g: float) -> Any:
        """Return V_g(score), a float or (batch,)."""
        ...

    def marginals(self, score: ArrayLike, g: float) -> Array:
        """Return mu_g(score), the gradient of the value."""
        ...

    def vjp(self, score: ArrayLike, g: float, z: ArrayLike) -> Array:
        """Return the product of z, of the shape of the result, and the Jacobian of the marginals."""
        ...

    def sample(self, score: ArrayLike, g: float, size: int, rng: np.random.Generator) -> Array:
        """Return samples (size, n) or (batch, size, n) of the distribution whose mean the marginals are."""
        ...


def scores(values: ArrayLike, n: int, batch: int | None, name: str = "score") -> Array:
    """Return scores (batch, n) of a set.

    Parameters
    ----------
    values : (n,) or (batch, n)
        The scores.
    n : int
        The number of items.
    batch : int or None
        The number of sets, or None for one that serves every row.
    name : str
        The name of the argument in messages.
    """
    array = numbers(values, name)
    if array.ndim not in (1, 2) or array.shape[-1] != n:
        raise UsageError(f"{name} must be ({n},) or (batch, {n}), got {shape(array)}")
    if not np.isfinite(array).all():
        raise UsageError(f"{name} has a value that is not finite")
    if array.ndim == 1:
        return np.broadcast_to(array, (1 if batch is None else batch, n))
    if batch is not None and array.shape[0] != batch:
        raise UsageError(f"{name} has {array.shape[0]} rows for {batch} sets")
    return array


def result(found: Array, batched: bool) -> Any:
    """Return results (batch, ...), or without a batch those of the only row, a number as a float."""
    if batched:
        return found
    return float(found[0]) if found.ndim == 1 else found[0]


def temperature(g: float) -> float:
    """Return g as a float."""
    if not (np.isscalar(g) or np.ndim(g) == 0) or not np.isfinite(float(g)) or float(g) <= 0:
        raise UsageError(f"g must be a finite number > 0, got {g!r}")
    return float(g)


def numbers(values: ArrayLike, name: str) -> Array:
    """Return an array of float64."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"{name} must be numbers in a rectangular array") from None


def shape(array: NDArray[Any]) -> str:
    """Return the shape of an array as text."""
    return f"({', '.join(map(str, array.shape))}{',' * (array.ndim == 1)})"
