"""Networks of rectifiers that are dynamic programs, with every weight given.

    builder   `Builder`, which makes networks of affine functions, minima and maxima
    dp        `DpNetwork`, the exact knapsack
    fptas     `FptasNetwork`, nearly the best profit with a fixed width

The other files have the programs of the paper's section 6 over the same builder: longest common subsequences,
shortest paths from one node and between all, shortest paths within a budget, and tours.

Source: Hertrich, Skutella, Provably good solutions to the knapsack problem via neural networks of bounded
size (INFORMS Journal on Computing 2023).
"""

from diffpump.knapsack.networks.builder import Builder, Network
from diffpump.knapsack.networks.dp import DpNetwork
from diffpump.knapsack.networks.fptas import FptasNetwork

__all__ = ["Builder", "DpNetwork", "FptasNetwork", "Network"]
