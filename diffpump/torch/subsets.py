"""Layers that choose subsets: the smoothed knapsack, top-k and one-of of `diffpump.knapsack`.

Scores are (..., n), in any floating type, on the CPU. The deterministic forward pass gives the marginals, the
stochastic one gives samples, all of which are in Y. There are three ways to train a network whose output the
scores are:

* through the marginals, or through samples whose backward pass is that of the marginals (`sample`);
* by the Fenchel-Young loss, where the desired choices are known (`loss`);
* by the score-function estimator, for any function of the samples, which need not have a gradient
  (`expectation`).

>>> import torch
>>> from diffpump.torch import Knapsack
>>> layer = Knapsack([3, 4, 2], capacity=6, g=0.5)
>>> score = torch.tensor([2.0, 3.0, 1.5], dtype=torch.float64, requires_grad=True)
>>> [round(y, 3) for y in layer(score).tolist()]
[0.119, 0.879, 0.953]
>>> layer.loss(score, torch.tensor([0.0, 1.0, 1.0])).backward()
>>> [round(d, 3) for d in score.grad.tolist()]
[0.119, -0.121, -0.047]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike

from diffpump import knapsack
from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, FeasibleSet
from diffpump.torch.operator import Operator, Pullback


class Subset(torch.nn.Module):  # type: ignore[misc]
    """A set Y of binary vectors (n,) as a layer.

    Parameters
    ----------
    feasible : FeasibleSet
        Y.
    g : float
        The temperature, > 0.

    References
    ----------
    Vivier-Ardisson, Sander, Parmentier, Blondel, arXiv 2601.21775.
    """

    def __init__(self, feasible: FeasibleSet, g: float = 1.0) -> None:
        super().__init__()
        self.feasible, self.g = feasible, knapsack.base.temperature(g)

    def forward(self, score: torch.Tensor) -> torch.Tensor:
        """Return the marginals (..., n) of scores (..., n)."""
        return self._on_rows(score, self._marginals)

    def value(self, score: torch.Tensor) -> torch.Tensor:
        """Return V_g (...) of scores (..., n). Its gradient are the marginals."""

        def compute(array: Array) -> tuple[Array, Pullback]:
            values = self.feasible.value(array, self.g)
            return values, lambda d: (d[:, None] * self.feasible.marginals(array, self.g),)

        return self._on_rows(score, compute)

    def best(self, score: torch.Tensor) -> torch.Tensor:
        """Return the best members of Y, (..., n), for scores (..., n), without a gradient."""

        def compute(array: Array) -> tuple[Array, Pullback]:
            return self.feasible.best(array)[1], lambda d: (None,)

        return self._on_rows(score.detach(), compute)

    def sample(
        self, score: torch.Tensor, size: int = 1, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        """Return samples (size, ..., n), with the backward pass of the marginals (straight-through).

        Parameters
        ----------
        score : (..., n)
            The scores.
        size : int
            The number of samples for each row.
        generator : torch.Generator, optional
            Where the random numbers come from; torch's own by default.
        """
        seed = int(torch.randint(2**62, (1,), generator=generator))

        def compute(array: Array) -> tuple[Array, Pullback]:
            y = self.feasible.sample(array, self.g, size, np.random.default_rng(seed))
            return y, lambda d: (self.feasible.vjp(array, self.g, d.sum(axis=1)),)

        return self._on_rows(score, compute).movedim(-2, 0)

    def loss(self, score: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the Fenchel-Young loss (...) of scores (..., n) for desired choices y (..., n).

        L = V_g(score) - score'y, with the gradient mu_g(score) - y. It is 0 only in the limit where the
        distribution is y alone. A mean of members of Y may stand for y; then the loss lacks a constant.
        """
        return self.value(score) - (score * y).sum(-1)

    def log_prob(self, score: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return log P(y) (...) = (score'y - V_g(score)) / g of members y (..., n) of Y.

        Raises
        ------
        UsageError
            If the regularizer is not Shannon's entropy, where P has no closed form.
        """
        if getattr(self.feasible, "regularizer", "shannon") != "shannon":
            raise UsageError("log_prob needs the regularizer 'shannon'")
        return -self.loss(score, y) / self.g

    def expectation(
        self, score: torch.Tensor, function: Callable[[torch.Tensor], torch.Tensor], size: int,
        generator: torch.Generator | None = None,
    ) -> torch.Tensor:  # fmt: skip
        """Return the mean (...) of a function over samples, with the score-function gradient.

        The gradient in the score is the mean of (f(Y_i) - b_i) (Y_i - mu) / g, where the baseline b_i is the
        mean of f over the other samples (Kool, van Hoof, Welling 2019). It is unbiased. Gradients in whatever
        else the function uses pass through as usual.

        Parameters
        ----------
        score : (..., n)
            The scores.
        function : callable
            Maps samples (size, ..., n) to values (size, ...).
        size : int
            The number of samples for each row, at least 2.
        generator : torch.Generator, optional
            As for `sample`.

        Raises
        ------
        UsageError
            If the size is less than 2 or the regularizer is not Shannon's entropy.
        """
        if size < 2:
            raise UsageError(f"the baseline needs at least 2 samples, got size = {size}")
        y = self.sample(score.detach(), size, generator).to(score.dtype)
        values, log_prob = function(y), self.log_prob(score, y)
        if not isinstance(values, torch.Tensor) or values.shape != y.shape[:-1]:
            raise UsageError(
                f"the function must return a tensor {tuple(y.shape[:-1])} for samples {tuple(y.shape)}, got "
                f"{kind_of(values)}"
            )
        values = values.to(log_prob.dtype)  # it may count or decide
        fixed = values.detach()
        advantage = (fixed - fixed.mean(0)) * (size / (size - 1))
        estimate = (advantage * log_prob).mean(0)
        result: torch.Tensor = values.mean(0) + estimate - estimate.detach()
        return result

    def _marginals(self, array: Array) -> tuple[Array, Pullback]:
        y = self.feasible.marginals(array, self.g)
        return y, lambda d: (self.feasible.vjp(array, self.g, d),)

    def _on_rows(
        self, score: torch.Tensor, compute: Callable[[Array], tuple[Array, Pullback]]
    ) -> torch.Tensor:
        """Return the result of `compute` on the rows of the scores, in their shape and type."""
        if not isinstance(score, torch.Tensor) or not score.is_floating_point():
            raise UsageError(f"score must be a tensor of a floating type, got {kind_of(score)}")
        if score.device.type != "cpu":
            raise UsageError(f"score must be on the CPU, got a tensor on {score.device}")
        if score.dim() == 0:
            raise UsageError("score must be (..., n), got a number")
        rows = score.reshape(math.prod(score.shape[:-1]), score.shape[-1])
        found = Operator.apply(compute, rows)
        return found.reshape((*score.shape[:-1], *found.shape[1:])).to(score.dtype)


def kind_of(value: object) -> str:
    """Return the type of a tensor's entries and its shape, or the type of anything else."""
    if isinstance(value, torch.Tensor):
        return f"{value.dtype} {tuple(value.shape)}"
    return type(value).__name__


class Knapsack(Subset):
    """Y = {y binary: weights'y <= capacity}, or = capacity, as a layer.

    Parameters
    ----------
    weights, capacity, regularizer, exact, threads
        As of `diffpump.knapsack.Knapsack`. With weights (batch, n) the scores have `batch` rows.
    g : float
        The temperature, > 0.
    """

    def __init__(
        self, weights: ArrayLike, capacity: ArrayLike, g: float = 1.0, regularizer: str = "shannon",
        exact: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(knapsack.Knapsack(weights, capacity, regularizer, exact, **options), g)


class TopK(Subset):
    """Y = {y binary (n,): sum y = k} as a layer.

    Parameters
    ----------
    n, k, regularizer, threads
        As of `diffpump.knapsack.TopK`.
    g : float
        The temperature, > 0.
    """

    def __init__(self, n: int, k: int, g: float = 1.0, regularizer: str = "shannon", **options: Any) -> None:
        super().__init__(knapsack.TopK(n, k, regularizer, **options), g)


class OneOf(Subset):
    """Y = {y binary (n,): sum y = 1} as a layer: the softmax, with samples.

    Parameters
    ----------
    n : int
        The number of items.
    g : float
        The temperature, > 0.
    """

    def __init__(self, n: int, g: float = 1.0) -> None:
        super().__init__(knapsack.OneOf(n), g)
