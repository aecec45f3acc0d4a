"""The network of the paper, in torch: rectifiers, each followed by batch normalisation."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch

from diffpump.learn.family import Layers


def network(inputs: int, hidden: tuple[int, ...], outputs: int, seed: int) -> torch.nn.Sequential:
    """Return a float32 network whose weights depend on the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        parts: list[torch.nn.Module] = []
        sizes = (inputs, *hidden)
        for before, after in pairwise(sizes):
            parts += [torch.nn.Linear(before, after), torch.nn.ReLU(), torch.nn.BatchNorm1d(after)]
        return torch.nn.Sequential(*parts, torch.nn.Linear(sizes[-1], outputs))


def layers_of(net: torch.nn.Sequential) -> Layers:
    """Return the layers of a network, with batch normalisation folded into the layer behind it.

    BN(h) = s h + r with s = gamma / sqrt(variance + eps) and r = beta - s mean, so that
    W BN(h) + b = (W diag(s)) h + (W r + b).
    """
    layers, scale, shift = [], None, None
    for part in net:
        if isinstance(part, torch.nn.Linear):
            weights, bias = (one.detach().numpy().astype(np.float64) for one in (part.weight, part.bias))
            if scale is not None:
                weights, bias = weights * scale, weights @ shift + bias
            layers.append((weights.astype(np.float32), bias.astype(np.float32)))
        elif isinstance(part, torch.nn.BatchNorm1d):
            gamma, beta, mean, variance = (
                one.detach().numpy().astype(np.float64)
                for one in (part.weight, part.bias, part.running_mean, part.running_var)
            )
            scale = gamma / np.sqrt(variance + part.eps)
            shift = beta - scale * mean
    return tuple(layers)
