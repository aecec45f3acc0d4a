"""diffpump's operators as differentiable torch functions.

`LpArgmin`, `Rounding` and `Loss` wrap the NumPy `forward` and `vjp` of an operator into a
`torch.autograd.Function`, so that it can be a layer of a network. The mathematics is in `diffpump.operators`.
In the other direction, `operators.losses.user` makes a loss of the pump from a user's torch function.

Tensors are (n,) vectors on the CPU, without a batch dimension. Operators compute and return float64, and
gradients have the type of the input.

The example is decision-focused learning: it learns to predict costs for which the LP has the desired
solution, with the minus-identity Jacobian (Sahoo et al. 2023). The LP chooses the cheapest of three items,
x_1 + x_2 + x_3 = 1, x >= 0.

>>> import torch
>>> from diffpump.io.foreign import from_arrays
>>> from diffpump.torch import LpArgmin
>>> choice = from_arrays([0, 0, 0], [[1, 1, 1]], [1], [1], [0, 0, 0], [1, 1, 1], [True] * 3)
>>> features, wanted = torch.eye(3, dtype=torch.float64)[:2], torch.eye(3, dtype=torch.float64)[[2, 0]]
>>> cost = torch.nn.Linear(3, 3, bias=False, dtype=torch.float64)
>>> _ = torch.nn.init.zeros_(cost.weight)
>>> argmin = LpArgmin(choice)
>>> optimizer = torch.optim.SGD(cost.parameters(), lr=0.1)
>>> for _ in range(10):
...     optimizer.zero_grad()
...     loss = sum(((argmin(cost(f)) - x) ** 2).sum() for f, x in zip(features, wanted))
...     loss.backward()
...     optimizer.step()
>>> [argmin(cost(f)).tolist() for f in features]
[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
"""

from __future__ import annotations

from diffpump.core.errors import UsageError

try:
    import torch as _torch  # noqa: F401
except ModuleNotFoundError as missing:
    raise UsageError("this needs torch: pip install 'diffpump[torch]'") from missing

from diffpump.torch.networks import Rectifiers
from diffpump.torch.pump import Loss, LpArgmin, Rounding
from diffpump.torch.subsets import Knapsack, OneOf, Subset, TopK

__all__ = ["Knapsack", "Loss", "LpArgmin", "OneOf", "Rectifiers", "Rounding", "Subset", "TopK"]
