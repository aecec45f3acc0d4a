"""A user's own loss: a function of a Python file, written in torch and differentiated by autograd.

    --loss python:0.1,file=my_losses.py,name=entropy

torch is imported when such a loss is built, and by nothing else here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from diffpump.core.errors import UsageError
from diffpump.operators.losses.base import LOSSES, Loss, Point, Term


@LOSSES.register("python")
def python_loss(file: str, name: str) -> Loss:
    """Return the loss that function `name` of `file` computes: f(theta, x_lp, x_round) -> scalar tensor."""
    return load_loss(file, name)


class TorchLoss:
    """A loss from f(theta, x_lp, x_round) -> scalar tensor, differentiated by autograd.

    f receives three (n,) float64 tensors. Raises UsageError where f raises, where what it returns is not
    one finite number that depends on its arguments through torch, and where its gradient is not finite.
    """

    def __init__(self, function: Callable[..., Any], name: str = "loss") -> None:
        self.function, self.name, self._torch = function, name, _torch()

    def evaluate(self, point: Point) -> Term:
        """Value and gradients at the point."""
        torch = self._torch
        arrays = (point.theta, point.x_lp, point.x_round)
        inputs = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]
        try:
            value = self.function(*inputs)
        except Exception as error:  # the user's code may raise anything
            raise UsageError(f"{self.name} raised {_told(error)}") from error
        if not isinstance(value, torch.Tensor) or value.numel() != 1:
            got = f"shape {tuple(value.shape)}" if isinstance(value, torch.Tensor) else type(value).__name__
            raise UsageError(f"{self.name} must return a scalar tensor, got {got}")
        if not value.requires_grad:
            raise UsageError(f"{self.name} returns a value that does not depend on its arguments")
        gradients = torch.autograd.grad(value.reshape(()), inputs, allow_unused=True)
        for result in (value, *gradients):
            if result is not None and not torch.isfinite(result).all():
                raise UsageError(f"{self.name} or its gradient is not finite at this point")
        return Term(float(value.detach()), *(None if g is None else g.numpy() for g in gradients))


def load_loss(file: str, name: str) -> TorchLoss:
    """The loss that function `name` of a Python file computes (`--loss python:0.1,file=...,name=...`).

    The file is executed. Raises UsageError when it cannot be read or run, or has no such function.
    """
    _torch()
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{file}: no such file")
    loader = SourceFileLoader("diffpump_user_losses", str(path))
    module = ModuleType(loader.name)
    try:
        loader.exec_module(module)
    except Exception as error:  # the user's code may raise anything
        raise UsageError(f"{file}: {_told(error)}") from error
    function = getattr(module, name, None)
    if not callable(function):
        raise UsageError(f"{file}: no function called '{name}'")
    return TorchLoss(function, f"{file}: {name}")


def _told(error: Exception) -> str:
    """An exception in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _torch() -> Any:
    """Return torch; UsageError says how to install it where it is missing."""
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise UsageError("this needs torch: pip install 'diffpump[torch]'") from missing
    return torch
