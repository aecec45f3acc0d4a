"""One torch function for every operator, made from its NumPy `forward` and `vjp`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from diffpump.core.arrays import Vector

Pullback = Callable[[Vector], tuple[Vector | None, ...]]
"""Maps the gradient at an operator's output to the gradients at its inputs; None stands for zero."""


class Operator(torch.autograd.Function):  # type: ignore[misc]
    """A torch function made from `compute`, which maps the arrays of the inputs to `(output, pullback)`."""

    @staticmethod
    def forward(
        ctx: Any, compute: Callable[..., tuple[Any, Pullback]], *inputs: torch.Tensor
    ) -> torch.Tensor:
        # The inputs are copied, because an optimizer may change them in place before the pullback runs.
        output, ctx.pullback = compute(*(x.detach().to(torch.float64).numpy().copy() for x in inputs))
        return torch.tensor(output, dtype=torch.float64)

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        gradients = ctx.pullback(gradient.numpy())
        return None, *(None if g is None else torch.as_tensor(g) for g in gradients)
