"""The protocol of a set of binary vectors, and the checks of the arguments that all sets take."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError

Array = NDArray[np.float64]
LARGEST_SCORE = 1e100  # and largest temperature; the least is its inverse
NUMERIC = "biuf"  # kinds of arrays that are numbers


class FeasibleSet(Protocol):
    """A set Y of binary vectors (n,), or a batch of them, one for each row of the scores.

    Scores are (n,) or (batch, n), of at most 1e100; g is the temperature, from 1e-100 to 1e100. Results have
    the shape of the scores, broadcast to the batch of the set. All calls raise UsageError for other
    arguments, and where Y is empty.
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
    if np.abs(array).max(initial=0.0) > LARGEST_SCORE:
        raise UsageError(f"{name} has a value above {LARGEST_SCORE:g}; scale the values down")
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


def temperature(g: float, whose: str = "") -> float:
    """Return g as a float. Messages begin with `whose`."""
    found = number(g)
    if not 0 < found < math.inf:
        raise UsageError(f"{whose}g must be a finite number > 0, got {g!r}")
    if not 1 / LARGEST_SCORE <= found <= LARGEST_SCORE:
        raise UsageError(f"{whose}g must be from {1 / LARGEST_SCORE:g} to {LARGEST_SCORE:g}, got {g!r}")
    return found


def number(value: Any) -> float:
    """Return a number as a float, and NaN for everything else."""
    try:
        array = np.asarray(value)
        return math.nan if array.ndim or array.dtype.kind not in NUMERIC + "O" else float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return math.nan


def duration(value: Any) -> float:
    """Return a number of seconds >= 0, perhaps infinite. Raises UsageError for others."""
    if not (found := number(value)) >= 0:
        raise UsageError(f"a time limit must be a number of seconds >= 0, got {value!r}")
    return found


def exactly(value: Any) -> Fraction:
    """Return a number, perhaps one of numpy's or torch's, as a rational."""
    return Fraction(value.item() if hasattr(value, "item") else value)


def whole_number(value: Any, name: str, least: int, most: int | None = None) -> int:
    """Return a whole number from `least` to `most`. Raises UsageError for others, and for booleans."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not (whole and value >= least and (most is None or value <= most)):
        limits = f", at least {least}" if most is None else f" from {least} to {most}"
        raise UsageError(f"{name} must be a whole number{limits}, got {value!r}")
    return int(value)


def numbers(values: ArrayLike, name: str) -> Array:
    """Return an array of float64."""
    try:
        given = np.asarray(values)
        texts = given.dtype.kind == "O" and any(isinstance(one, (str, bytes)) for one in given.flat)
        if texts or given.dtype.kind not in NUMERIC + "O":
            raise TypeError
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        raise UsageError(f"{name} must be numbers in a rectangular array") from None


def generator(rng: np.random.Generator) -> np.random.Generator:
    """Return a random generator. Raises UsageError for anything else, such as a seed."""
    if not isinstance(rng, np.random.Generator):
        raise UsageError(f"rng must be a numpy.random.Generator, got {rng!r}")
    return rng


def shape(array: NDArray[Any]) -> str:
    """Return the shape of an array as text."""
    return f"({', '.join(map(str, array.shape))}{',' * (array.ndim == 1)})"
