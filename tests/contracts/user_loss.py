"""A loss as a user writes it, for the laws over the registry."""

import torch


def entropy(theta: torch.Tensor, x_lp: torch.Tensor, x_round: torch.Tensor) -> torch.Tensor:
    """The binary entropy of the fractional parts, with a little of the other two arguments."""
    f = x_lp - torch.floor(x_lp.detach())
    f = 0.02 + 0.96 * f
    return -(f * f.log() + (1 - f) * (1 - f).log()).sum() + 0.1 * (theta * x_round).sum()
