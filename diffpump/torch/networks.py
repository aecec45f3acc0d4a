"""A network of `diffpump.knapsack.networks` as a torch module.

>>> import torch
>>> from diffpump.knapsack.networks import DpNetwork
>>> from diffpump.torch import Rectifiers
>>> cell = Rectifiers(DpNetwork(3, capacity=4).cell)
>>> f = torch.tensor([8.0, 8.0, 8.0], dtype=torch.float64)  # no item so far: nothing reaches a profit
>>> item = torch.tensor([2.0, 3.0], dtype=torch.float64, requires_grad=True)  # its profit and its size
>>> cell(torch.cat((f, item))).tolist()
[3.0, 3.0, 8.0]
>>> cell(torch.cat((f, item)))[1].backward()
>>> item.grad.tolist()[1]
1.0
"""

from __future__ import annotations

import math

import numpy as np
import torch

from diffpump.core.errors import UsageError
from diffpump.knapsack.networks.builder import Layer, Network


class Rectifiers(torch.nn.Module):  # type: ignore[misc]
    """A network of rectifiers with skip links, with the weights of a `Network` as buffers.

    Parameters
    ----------
    network : Network
        The network. Its weights stay sparse.
    dtype : torch.dtype
        The type of the weights and of the inputs; float64 is exact where the network is.
    """

    def __init__(self, network: Network, dtype: torch.dtype = torch.float64) -> None:
        super().__init__()
        self.inputs, self._count = network.inputs, len(network.hidden) + 1
        for k, layer in enumerate((*network.hidden, network.output)):
            self.register_buffer(f"weights{k}", _sparse(layer, dtype))
            self.register_buffer(f"bias{k}", torch.as_tensor(layer.bias[:, None], dtype=dtype))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (..., outputs) for inputs (..., inputs)."""
        if x.dim() == 0 or x.shape[-1] != self.inputs:
            raise UsageError(f"the inputs must be (..., {self.inputs}), got {tuple(x.shape)}")
        values = x.reshape(math.prod(x.shape[:-1]), self.inputs).T
        for k in range(self._count - 1):
            new = torch.relu(self._affine(k, values))
            values = torch.cat((values, new))
        found = self._affine(self._count - 1, values)
        return found.T.reshape(*x.shape[:-1], len(found))

    def _affine(self, k: int, values: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = getattr(self, f"weights{k}") @ values + getattr(self, f"bias{k}")
        return found


def _sparse(layer: Layer, dtype: torch.dtype) -> torch.Tensor:
    """Return the weights of a layer as a sparse tensor."""
    entries = layer.weights.tocoo()
    index = torch.as_tensor(np.stack((entries.row, entries.col)).astype(np.int64))
    values = torch.as_tensor(entries.data, dtype=dtype)
    return torch.sparse_coo_tensor(index, values, entries.shape, check_invariants=True).coalesce()
