"""The optimizers of torch.optim as optimizers of the pump.

    --optimizer torch,name=RMSprop,eta=0.01,options=momentum:0.9/centered:true

torch is imported only when such an optimizer is built.
"""

from __future__ import annotations

import inspect
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import parse_value
from diffpump.operators.losses.user import one_line, torch_module
from diffpump.operators.optimizers import OPTIMIZERS

NO_OPTIONS = "none"
UNUSABLE = {
    "LBFGS": "it evaluates the loss several times in a step, and each evaluation would take an LP",
    "Muon": "it steps on matrices, and theta is a vector",
    "SparseAdam": "it takes sparse gradients, and those of the pump are dense",
}


@OPTIMIZERS.register(
    "torch", help="a class of torch.optim by name, such as name=RMSprop", extra="torch", modules=("torch",)
)
class TorchOptimizer:
    """An optimizer of torch.optim on theta in float64.

    Parameters
    ----------
    name : str
        The class, such as RMSprop.
    eta : float
        Its learning rate `lr`, positive.
    options : str
        Its other arguments as key:value, separated by slashes, such as momentum:0.9/nesterov:true. Several
        values make a tuple, as in betas:0.9:0.99. "none" stands for the defaults of the class.

    Raises
    ------
    UsageError
        If torch is missing, if torch.optim has no usable class of this name, or if the class refuses an
        argument.
    """

    def __init__(
        self, problem: Problem, name: str = "Adam", eta: float = 1.0, options: str = NO_OPTIONS
    ) -> None:
        if not eta > 0:
            raise UsageError(f"optimizer 'torch': eta must be positive, got {eta}")
        self.name, self._torch = name, torch_module()
        self._class = _usable(self._torch.optim, name)
        self._arguments = {**_parsed(options), "lr": eta}
        self._theta = self._torch.zeros(problem.n, dtype=self._torch.float64, requires_grad=True)
        self.reset()

    def reset(self) -> None:
        """Forget all earlier steps (see `Optimizer`)."""
        try:
            self._optimizer = self._class([self._theta], **self._arguments)
        except (TypeError, ValueError, RuntimeError) as error:
            raise UsageError(f"optimizer 'torch': {self.name} raised {one_line(error)}") from error

    def step(self, theta: Vector, gradient: Vector) -> Vector:
        """Return the next theta (n,) and keep the state of the class (see `Optimizer`).

        Raises
        ------
        UsageError
            If the class cannot step with these arguments.
        """
        torch = self._torch
        self._theta.data = torch.tensor(theta, dtype=torch.float64)
        self._theta.grad = torch.tensor(gradient, dtype=torch.float64)
        try:
            self._optimizer.step()
        except (TypeError, ValueError, RuntimeError) as error:
            raise UsageError(f"optimizer 'torch': {self.name} raised {one_line(error)}") from error
        result: Vector = self._theta.detach().numpy().copy()
        return result


def usable(optim: Any) -> list[str]:
    """Return the names of the classes of the module torch.optim that can step on theta, in order."""
    classes = [name for name, one in vars(optim).items() if inspect.isclass(one)]
    return sorted(
        name for name in classes
        if issubclass(getattr(optim, name), optim.Optimizer) and name not in ("Optimizer", *UNUSABLE)
    )  # fmt: skip


def _usable(optim: Any, name: str) -> Any:
    """Return the class of torch.optim with this name. Raises UsageError if it cannot be used."""
    if name in UNUSABLE:
        raise UsageError(f"optimizer 'torch': {name} cannot be used, since {UNUSABLE[name]}")
    known = usable(optim)
    if name not in known:
        raise UsageError(f"optimizer 'torch': torch.optim has no '{name}'; usable: {', '.join(known)}")
    return getattr(optim, name)


def _parsed(options: str) -> dict[str, Any]:
    """Return the keyword arguments in the text of options. Raises UsageError if it cannot be read."""
    found: dict[str, Any] = {}
    for option in [] if options == NO_OPTIONS else options.split("/"):
        key, *texts = option.split(":")
        if not key.isidentifier() or not all(texts) or not texts or key in found:
            raise UsageError(f"optimizer 'torch': options must be key:value/key:value, got '{options}'")
        if key in ("lr", "params"):
            hint = "give eta=" if key == "lr" else "it is theta"
            raise UsageError(f"optimizer 'torch': {key} is no option: {hint}")
        values = tuple(map(parse_value, texts))
        found[key] = values[0] if len(values) == 1 else values
    return found
