"""Networks of rectifiers from affine functions, minima and maxima.

A `Builder` starts with the network's inputs. Each call adds rectifiers, relu(z) = max(0, z), where z is an
affine function of the inputs and of earlier rectifiers. `Affine` is a vector of such functions. Since

    min(a, b) = a - relu(a - b)   and   max(a, b) = b + relu(a - b),

a recursion of minima and maxima, such as a dynamic program, becomes a network as it is written. A rectifier
lies in the first layer behind all that its function uses; inputs and earlier layers may be used anywhere
(skip links).

>>> builder = Builder(2)
>>> network = builder.build(builder.minimum(builder.inputs[[0]], builder.inputs[[1]]))
>>> network([3.0, 5.0]).tolist()
[3.0]
>>> network.widths
(1,)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, numbers, shape


@dataclass(frozen=True, eq=False)
class Affine:
    """A vector of affine functions, weights @ (inputs and rectifiers) + bias.

    Attributes
    ----------
    weights : (k, N) sparse
        N counts the inputs and rectifiers at the time when the function was made.
    bias : (k,) float64
        The constants.
    """

    weights: sp.csr_array
    bias: Array

    def __len__(self) -> int:
        return self.bias.size

    def __getitem__(self, index: Any) -> Affine:
        rows = np.arange(len(self))[index]
        return Affine(self.weights[rows], self.bias[rows])

    def __add__(self, other: Affine | ArrayLike) -> Affine:
        """Return the sum with functions or constants; one function is added to each of several."""
        if not isinstance(other, Affine):
            values = np.asarray(other, np.float64)
            own = _spread(self, values.size)
            return Affine(own.weights, own.bias + values)
        first, second = _spread(self, len(other)), _spread(other, len(self))
        wide = max(first.weights.shape[1], second.weights.shape[1])
        return Affine(_widen(first.weights, wide) + _widen(second.weights, wide), first.bias + second.bias)

    def __sub__(self, other: Affine | ArrayLike) -> Affine:
        return self + (other * -1.0 if isinstance(other, Affine) else -np.asarray(other, np.float64))

    def __rsub__(self, other: ArrayLike) -> Affine:
        return self * -1.0 + other

    def __mul__(self, factor: ArrayLike) -> Affine:
        """Return the product with a number, or with one number for each function."""
        own = _spread(self, np.size(factor))
        factors = np.broadcast_to(np.asarray(factor, np.float64), len(own))
        return Affine(sp.csr_array(sp.diags_array(factors) @ own.weights), own.bias * factors)

    def combined(self, matrix: Any) -> Affine:
        """Return matrix @ self for a matrix (r, k), dense or sparse."""
        own = sp.csr_array(matrix)
        return Affine(sp.csr_array(own @ self.weights), own @ self.bias)

    __array_ufunc__ = None  # so that numpy leaves `number - self` to this class


def stack(parts: Sequence[Affine]) -> Affine:
    """Return the functions of several vectors as one vector."""
    wide = max(part.weights.shape[1] for part in parts)
    weights = sp.vstack([_widen(part.weights, wide) for part in parts], format="csr")
    return Affine(sp.csr_array(weights), np.concatenate([part.bias for part in parts]))


def constant(values: ArrayLike) -> Affine:
    """Return affine functions (k,) without inputs, whose values are the given numbers (k,)."""
    array = np.atleast_1d(np.asarray(values, np.float64))
    return Affine(sp.csr_array((array.size, 0)), array)


@dataclass(frozen=True, eq=False)
class Layer:
    """Affine functions of all inputs and earlier rectifiers.

    Attributes
    ----------
    weights : (width, inputs + earlier) sparse
        The weights, inputs first, then the rectifiers layer by layer.
    bias : (width,) float64
        The constants.
    """

    weights: sp.csr_array
    bias: Array


@dataclass(frozen=True, eq=False)
class Network:
    """A feed-forward network of rectifiers with skip links.

    Attributes
    ----------
    inputs : int
        The number of inputs.
    hidden : tuple of Layer
        The layers of rectifiers.
    output : Layer
        The outputs, which are affine.
    """

    inputs: int
    hidden: tuple[Layer, ...]
    output: Layer

    @property
    def depth(self) -> int:
        """The number of layers with the output's, as the literature counts it."""
        return len(self.hidden) + 1

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of rectifiers in each hidden layer."""
        return tuple(layer.bias.size for layer in self.hidden)

    @property
    def size(self) -> int:
        """The number of rectifiers."""
        return sum(self.widths)

    @property
    def parameters(self) -> int:
        """The number of weights and constants that are not 0."""
        return sum(
            int(layer.weights.nnz + np.count_nonzero(layer.bias)) for layer in (*self.hidden, self.output)
        )

    def __call__(self, x: ArrayLike) -> Array:
        """Return the outputs (..., outputs) for inputs (..., inputs)."""
        array = numbers(x, "the inputs")
        if array.shape[-1:] != (self.inputs,):
            raise UsageError(f"the inputs must be (..., {self.inputs}), got {shape(array)}")
        values = array.reshape(math.prod(array.shape[:-1]), self.inputs).T
        for layer in self.hidden:
            new = layer.weights @ values + layer.bias[:, None]
            values = np.concatenate((values, np.maximum(new, 0.0, out=new)))
        found = self.output.weights @ values + self.output.bias[:, None]
        return np.ascontiguousarray(found.T).reshape(*array.shape[:-1], self.output.bias.size)

    def __str__(self) -> str:
        widths = " + ".join(f"{width}" for width in self.widths)
        return (
            f"{self.inputs} inputs, {self.depth} layers, {self.size} rectifiers ({widths}), "
            f"{self.output.bias.size} outputs, {self.parameters} parameters"
        )


class Builder:
    """A network under construction.

    Parameters
    ----------
    inputs : int
        The number of inputs.
    """

    def __init__(self, inputs: int) -> None:
        self._count = inputs
        self._layer = [np.zeros(inputs, np.int64)]  # of each input and rectifier, 0 for inputs
        self._blocks: list[Affine] = []
        self._inputs = inputs

    @cached_property
    def inputs(self) -> Affine:
        """The inputs as functions."""
        return Affine(sp.csr_array(sp.eye_array(self._inputs)), np.zeros(self._inputs))

    def relu(self, z: Affine, layer: int = 1) -> Affine:
        """Add a rectifier for each function, in this layer or behind it, and return what they compute."""
        layers, deepest = np.concatenate(self._layer), np.zeros(len(z), np.int64)
        used = np.flatnonzero(np.diff(z.weights.indptr))
        if used.size:
            deepest[used] = np.maximum.reduceat(layers[z.weights.indices], z.weights.indptr[used])
        self._layer.append(np.maximum(deepest + 1, layer))
        self._blocks.append(z)
        start = self._count
        self._count += len(z)
        entries = (np.ones(len(z)), (np.arange(len(z)), start + np.arange(len(z))))
        return Affine(sp.csr_array(entries, shape=(len(z), self._count)), np.zeros(len(z)))

    def minimum(self, a: Affine, b: Affine) -> Affine:
        """Return min(a, b), by one rectifier each."""
        return a - self.relu(a - b)

    def maximum(self, a: Affine, b: Affine) -> Affine:
        """Return max(a, b), by one rectifier each."""
        return b + self.relu(a - b)

    def least(self, rows: Sequence[Affine]) -> Affine:
        """Return the minimum of m vectors entry by entry: m - 1 rectifiers each, in ceil(log2 m) layers."""
        parts = list(rows)
        while len(parts) > 1:
            half = len(parts) // 2
            both = self.minimum(stack(parts[:half]), stack(parts[half : 2 * half]))
            k = len(parts[0])
            parts = [both[i * k : (i + 1) * k] for i in range(half)] + parts[2 * half :]
        return parts[0]

    def build(self, outputs: Affine) -> Network:
        """Return the network that computes these functions."""
        layer = np.concatenate(self._layer)
        order = np.argsort(layer, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        every = stack(self._blocks) if self._blocks else constant(np.empty(0))
        hidden, own = [], layer[self._inputs :]
        for number in range(1, int(layer.max(initial=0)) + 1):
            rows = np.flatnonzero(own == number)
            before = int(np.count_nonzero(layer < number))
            hidden.append(Layer(_placed(every.weights[rows], place, before), every.bias[rows]))
        return Network(
            self._inputs, tuple(hidden), Layer(_placed(outputs.weights, place, self._count), outputs.bias)
        )


def _placed(weights: sp.csr_array, place: NDArray[np.intp], wide: int) -> sp.csr_array:
    """Return weights whose columns are in the order of the layers."""
    found = sp.csr_array(
        (weights.data, place[weights.indices], weights.indptr), shape=(weights.shape[0], wide)
    )
    found.sort_indices()
    return found


def _widen(weights: sp.csr_array, wide: int) -> sp.csr_array:
    return sp.csr_array((weights.data, weights.indices, weights.indptr), shape=(weights.shape[0], wide))


def _spread(one: Affine, k: int) -> Affine:
    """Return one function k times, and other vectors as they are."""
    return one[np.zeros(k, np.intp)] if len(one) == 1 and k > 1 else one
