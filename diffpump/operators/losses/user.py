"""A user's own loss: a function in a Python file, written in torch and differentiated by autograd.

    --loss python:0.1,file=my_losses.py,name=entropy

torch is imported only when such a loss is built.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from diffpump.core.errors import UsageError
from diffpump.operators.losses.base import LOSSES, Loss, Point, Term

PYTHON_LOSS = "python"  # the name of the loss that executes a file


@LOSSES.register(
    PYTHON_LOSS, help="a function of a Python file, written in torch", extra="torch", modules=("torch",)
)
def python_loss(file: str, name: str) -> Loss:
    """Return the loss of a function in a Python file (see `load_loss`)."""
    return load_loss(file, name)


class TorchLoss:
    """The loss of a function of torch tensors, differentiated by autograd.

    Parameters
    ----------
    function : callable
        f(theta, x_lp, x_round) -> scalar tensor, called with three (n,) float64 tensors.
    name : str
        The name of the loss in messages.

    Raises
    ------
    UsageError
        If torch is missing.
    """

    def __init__(self, function: Callable[..., Any], name: str = "loss") -> None:
        self.function, self.name, self._torch = function, name, torch_module()

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradients at the point (see `Loss`).

        Raises
        ------
        UsageError
            If f raises, if its result is not one finite number that depends on an argument through torch, or
            if a gradient is not finite.
        """
        torch = self._torch
        arrays = (point.theta, point.x_lp, point.x_round)
        inputs = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]
        try:
            value = self.function(*inputs)
        except Exception as error:  # the user's code may raise anything
            raise UsageError(f"{self.name} raised {one_line(error)}") from error
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
    """Execute a Python file and return the loss of one of its functions.

    Parameters
    ----------
    file : str
        The path of the file.
    name : str
        The name of a function f(theta, x_lp, x_round) -> scalar tensor in it.

    Raises
    ------
    UsageError
        If torch is missing, if the file cannot be read or executed, or if it has no such function.
    """
    torch_module()
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{file}: no such file")
    loader = SourceFileLoader("diffpump_user_losses", str(path))
    module = ModuleType(loader.name)
    try:
        loader.exec_module(module)
    except Exception as error:  # the user's code may raise anything
        raise UsageError(f"{file}: {one_line(error)}") from error
    function = getattr(module, name, None)
    if not callable(function):
        raise UsageError(f"{file}: no function called '{name}'")
    return TorchLoss(function, f"{file}: {name}")


def one_line(error: Exception) -> str:
    """Return the type and the message of an exception as one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def torch_module() -> Any:
    """Return the module torch. Raises UsageError, which says how to install it, if it is missing."""
    try:
        import torch
    except ModuleNotFoundError as missing:
        raise UsageError("this needs torch: pip install 'diffpump[torch]'") from missing
    return torch
