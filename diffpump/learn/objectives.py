"""The objectives that a network is trained for, as torch functions of its logits, and their decoding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch

from diffpump.core.arrays import Vector
from diffpump.learn.lagrangian import Array, Examples, Index
from diffpump.learn.packing import PackedModel
from diffpump.torch.operator import Operator, Pullback


class Objective(Protocol):
    """A loss of logits (B, k) of some examples, and the integer points that they stand for."""

    def loss(self, which: Index, logits: torch.Tensor) -> torch.Tensor:
        """Return the losses (B,)."""
        ...

    def decoded(self, which: Index, logits: Array) -> Array:
        """Return the predictions (B, k)."""
        ...


class CrossEntropy:
    """The cross-entropy, and the rounding of every column by itself."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples

    def loss(self, which: Index, logits: torch.Tensor) -> torch.Tensor:
        """Return the cross-entropies (B,)."""
        return applied(logits, lambda array: self._examples.cross_entropy(which, array))

    def decoded(self, which: Index, logits: Array) -> Array:
        """Return the rounded predictions (B, k)."""
        return self._examples.rounded(logits)


class PackedRows:
    """The Fenchel-Young loss of each model's packed rows, and the best member of them.

    Columns that a model lacks do not count.
    """

    def __init__(self, examples: Examples, packed: Sequence[PackedModel]) -> None:
        self._examples, self._packed = examples, packed

    def loss(self, which: Index, logits: torch.Tensor) -> torch.Tensor:
        """Return V(t) - t'v, (B,), up to a constant."""

        def compute(array: Array) -> tuple[Vector, Array]:
            found = [self._packed[i].value(t) for i, t in zip(which, array, strict=True)]
            weight, target = self._examples.weight[which], self._examples.targets[which]
            missing = (1.0 - weight) * np.logaddexp(0.0, array)
            values = np.array([value for value, _ in found]) - (weight * target * array + missing).sum(axis=1)
            return values, weight * (np.array([mean for _, mean in found]) - target)

        return applied(logits, compute)

    def decoded(self, which: Index, logits: Array) -> Array:
        """Return the best members (B, k), and the rounding of columns outside packed rows."""
        chosen = np.array([self._packed[i].chosen(t) for i, t in zip(which, logits, strict=True)])
        return np.where(np.isnan(chosen), self._examples.rounded(logits), chosen)


def penalty(examples: Examples, which: Index, logits: torch.Tensor, multipliers: Vector) -> torch.Tensor:
    """Return sum_r lambda_r viol_r at the rounded predictions, (B,), with the surrogate gradient."""
    return applied(logits, lambda array: examples.penalty(which, array, multipliers))


def applied(
    logits: torch.Tensor, compute: Callable[[Array], tuple[Vector, Array]]
) -> torch.Tensor:  # fmt: skip
    """Return values (B,) as a torch function, from `compute`: logits -> values, gradient (B, k)."""

    def with_pullback(array: Array) -> tuple[Vector, Pullback]:
        values, gradient = compute(array)
        return values, lambda d: (d[:, None] * gradient,)

    found: torch.Tensor = Operator.apply(with_pullback, logits)
    return found
