"""Knapsacks and top-k by the smoothed dynamic program.

Time is O(n C) for each knapsack, memory some 5 sqrt(n) rows of C + 1 numbers for each thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError
from diffpump.kernels.knapsack.sweeps import Items, Workspace, workspace, workspace_bytes
from diffpump.knapsack.base import (
    Array,
    generator,
    numbers,
    result,
    scores,
    shape,
    temperature,
    whole_number,
)
from diffpump.knapsack.regularizers import REGULARIZERS, Hard, Regularizer

MAX_BYTES = 2 << 30  # of the working memory of all threads


class Knapsack:
    """The sets Y = {y binary: weights'y <= capacity}, or = capacity.

    Parameters
    ----------
    weights : (n,) or (batch, n)
        Whole numbers >= 0.
    capacity : int or (batch,)
        Whole numbers >= 0.
    regularizer : str
        A registered entropy: "shannon", "gini" or "tsallis".
    exact : bool
        Whether weights'y must equal the capacity.
    threads : int
        The number of threads, which share the rows of a batch. Results do not depend on it.

    Raises
    ------
    UsageError
        For other arguments, and where the working memory would exceed `MAX_BYTES`.
    """

    def __init__(
        self, weights: ArrayLike, capacity: ArrayLike, regularizer: str = "shannon", exact: bool = False,
        *, threads: int = 1,
    ) -> None:  # fmt: skip
        self._weights, self._capacity = _whole(weights, "weights"), _whole(capacity, "capacity")
        if self._weights.ndim not in (1, 2):
            raise UsageError(f"weights must be (n,) or (batch, n), got {shape(self._weights)}")
        rows = {len(one) for one, single in ((self._weights, 1), (self._capacity, 0)) if one.ndim > single}
        if self._capacity.ndim > 1 or len(rows) > 1:
            raise UsageError(
                f"capacity must be a number or (batch,), got {shape(self._capacity)} for weights "
                f"{shape(self._weights)}"
            )
        self._threads = whole_number(threads, "threads", 1)
        self.n, self._batch = self._weights.shape[-1], rows.pop() if rows else None
        self.regularizer, self._exact = regularizer, exact
        self._regularizer = REGULARIZERS.factory(regularizer)()
        if not exact:  # what exceeds the weight of all items is not needed
            self._capacity = np.minimum(self._capacity, self._weights.sum(axis=-1))
        self._largest = int(self._capacity.max(initial=0))

    def best(self, score: ArrayLike) -> tuple[Any, Array]:
        """Return the largest score'y over Y, a float or (batch,), and a y that has it, (n,) or (batch, n)."""
        array = self._scores(score)
        y, values = self._samples(Hard(), array, 1.0, np.ones(len(array), np.uint64), 1)
        return self._result(score, values), self._result(score, y[:, 0])

    def value(self, score: ArrayLike, g: float) -> Any:
        """Return V_g(score), a float or (batch,)."""
        return self._result(score, self._solution(score, g)[0])

    def marginals(self, score: ArrayLike, g: float) -> Array:
        """Return the gradient of V_g at the score, (n,) or (batch, n), in [0, 1]."""
        return self.value_and_marginals(score, g)[1]

    def value_and_marginals(self, score: ArrayLike, g: float) -> tuple[Any, Array]:
        """Return V_g(score) and its gradient, by one pass forward and one back."""
        value, y, _ = self._solution(score, g, marginals=True)
        return self._result(score, value), self._result(score, y)

    def vjp(self, score: ArrayLike, g: float, z: ArrayLike) -> Array:
        """Return the product of z and the Jacobian of the marginals, which is symmetric, (n,) or (batch, n).

        Parameters
        ----------
        score : (n,) or (batch, n)
            The scores.
        g : float
            The temperature.
        z : (n,) or (batch, n)
            The gradients at the marginals.
        """
        found: Array = self._result(score, self._solution(score, g, marginals=True, z=z)[2])
        return found

    def sample(self, score: ArrayLike, g: float, size: int, rng: np.random.Generator) -> Array:
        """Return samples (size, n) or (batch, size, n), all of them in Y, whose mean the marginals are.

        Under Shannon's entropy they follow the Gibbs distribution, P(y) proportional to e^(score'y / g).
        """
        array, g = self._scores(score), temperature(g)
        size = whole_number(size, "size", 0)
        states = generator(rng).integers(1, 2**64, len(array), np.uint64)
        found: Array = self._result(score, self._samples(self._regularizer, array, g, states, size)[0])
        return found

    def nonempty(self) -> NDArray[np.bool_]:
        """Return whether each Y has a member, (batch,), or (1,) without a batch."""
        hard, array = Hard(), np.zeros((1 if self._batch is None else self._batch, self.n))
        none, states = np.empty((len(array), 0)), np.empty((len(array), 2))
        program = self._items(hard, array, 1.0, none)

        def solve(begin: int, end: int, work: Workspace) -> None:
            hard.sweeps.solve(program, begin, end, 1.0, work, states, none, none)

        self._run(solve, len(array), False)
        return hard.values(states, 1.0) > -np.inf

    def needed_bytes(self, batch: int = 1, derivative: bool = False) -> int:
        """Return the working memory for a batch, with the derivative of the marginals or without."""
        return self._parts(batch) * workspace_bytes(self.n, self._largest, derivative)

    def _scores(self, score: ArrayLike, name: str = "score") -> Array:
        return scores(score, self.n, self._batch, name)

    def _result(self, score: ArrayLike, found: Array) -> Any:
        """Return the results (batch, ...), or those of the only row where nothing has a batch."""
        return result(found, self._batch is not None or np.ndim(score) == 2)

    def _solution(
        self, score: ArrayLike, g: float, marginals: bool = False, z: ArrayLike | None = None
    ) -> tuple[Array, Array, Array]:
        """Return the values (batch,), the marginals (batch, n) and the products with z (batch, n)."""
        array, g = self._scores(score), temperature(g)
        direction = np.empty((len(array), 0)) if z is None else self._scores(z, "z")
        if len(direction) != len(array):
            raise UsageError(f"z has {len(direction)} rows, score has {len(array)}")
        y, products = np.empty((len(array), self.n if marginals else 0)), np.empty_like(direction)
        program = self._items(self._regularizer, array, g, direction)
        states = np.empty((len(array), 2))

        def solve(begin: int, end: int, work: Workspace) -> None:
            self._regularizer.sweeps.solve(program, begin, end, g, work, states, y, products)

        self._run(solve, len(array), z is not None)
        return self._values(self._regularizer, states, g), y, products

    def _samples(
        self, regularizer: Regularizer, array: Array, g: float, states: NDArray[np.uint64], size: int
    ) -> tuple[Array, Array]:
        """Return samples (batch, size, n) and the values (batch,)."""
        program = self._items(regularizer, array, g, np.empty((len(array), 0)))
        taken, last = np.empty((len(array), size, self.n)), np.empty((len(array), 2))

        def sample(begin: int, end: int, work: Workspace) -> None:
            left = np.empty(size, np.int64)
            regularizer.sweeps.sample(program, begin, end, g, work, last, states, left, taken)

        self._run(sample, len(array), False)
        return taken, self._values(regularizer, last, g)

    def _items(self, regularizer: Regularizer, array: Array, g: float, direction: Array) -> Items:
        batch = len(array)
        self._check_memory(batch, direction.size > 0)
        # `broadcast_to` returns a read-only view, and numba compiles kernels separately for read-only arrays.
        # These are copies, so that one compiled kernel serves all calls.
        return Items(
            regularizer.terms(array, g),
            np.array(np.broadcast_to(self._weights, (batch, self.n)), order="C"),
            np.array(np.broadcast_to(self._capacity, batch)),
            np.array(direction, order="C"),
            regularizer.start(self._largest + 1, self._exact),
        )

    def _run(self, part: Callable[[int, int, Workspace], None], batch: int, derivative: bool) -> None:
        """Call `part(begin, end, workspace)` for the parts of a batch, one for each thread."""
        threads = self._parts(batch)
        bounds = [batch * k // threads for k in range(threads + 1)]
        spaces = [workspace(self.n, self._largest, derivative) for _ in range(threads)]
        if threads == 1:
            part(0, batch, spaces[0])
            return
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(part, *each) for each in zip(bounds, bounds[1:], spaces, strict=False)]:
                done.result()

    def _parts(self, batch: int) -> int:
        """Return the number of threads for a batch."""
        return max(1, min(self._threads, batch))

    def _check_memory(self, batch: int, derivative: bool) -> None:
        """Raise UsageError where the working memory of all threads exceeds the limit."""
        needed = self.needed_bytes(batch, derivative)
        if needed > MAX_BYTES:
            raise UsageError(
                f"{self.n} items and capacity {self._largest} need {needed / 2**30:.1f} GiB of working "
                f"memory, more than {MAX_BYTES / 2**30:g} GiB; divide the weights and the capacity"
            )

    def _values(self, regularizer: Regularizer, states: Array, g: float) -> Array:
        """Return the values of the last states. Raises UsageError where Y is empty."""
        values = regularizer.values(states, g)
        if (empty := np.flatnonzero(values == -np.inf)).size:
            raise UsageError(f"no choice of items has exactly the capacity (set {empty[0]} of {len(values)})")
        return values


class TopK(Knapsack):
    """The set Y = {y binary (n,): sum y = k}, by the dynamic program of weights 1.

    Parameters
    ----------
    n : int
        The number of items.
    k : int
        How many of them are taken, 0 <= k <= n.
    regularizer, threads
        As of `Knapsack`.
    """

    def __init__(self, n: int, k: int, regularizer: str = "shannon", *, threads: int = 1) -> None:
        n = whole_number(n, "n", 0)
        k = whole_number(k, "k", 0, n)
        super().__init__(np.ones(n), k, regularizer, exact=True, threads=threads)


def _whole(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """Return whole numbers >= 0 as an array of int64."""
    array = numbers(values, name)
    if not (np.isfinite(array).all() and (array >= 0).all() and (array == np.rint(array)).all()):
        raise UsageError(f"{name} must be whole numbers >= 0; scale real ones, and round them up")
    if array.sum() >= 2.0**53:
        raise UsageError(f"the sum of {name} must be below 2^53; scale it down")
    return array.astype(np.int64)
