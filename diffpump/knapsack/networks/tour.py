"""The length of a shortest tour as a network: the program of Bellman, Held and Karp.

With f(T, v) the least length of a path from node 0 through all nodes of T that ends in v in T,

    f({v}, v) = c(0, v),   f(T, v) = min over u in T - {v} of f(T - {v}, u) + c(u, v),

the length is the minimum over v of f({1, ..., n - 1}, v) + c(v, 0). Sets of one size are computed at once, in
ceil(log2(|T| - 1)) layers; all in all there are sum_k binomial(n - 1, k) k (k - 2) rectifiers over the sizes
k >= 2, and n - 2 at the end.
"""

from __future__ import annotations

from itertools import combinations

from diffpump.knapsack.base import whole_number
from diffpump.knapsack.networks.builder import Affine, Builder, Network

MOST_NODES = 14  # nodes, whose network has some 800 000 rectifiers


def shortest_tour(n: int) -> Network:
    """Return the network from lengths (n^2,), row by row, to the length of a shortest tour, (1,)."""
    whole_number(n, "the number of nodes", 3, MOST_NODES)
    builder = Builder(n * n)
    lengths = builder.inputs
    place: dict[tuple[tuple[int, ...], int], int] = {((v,), v): v - 1 for v in range(1, n)}
    f: Affine = lengths[1:n]
    for size in range(2, n):
        states = [(nodes, v) for nodes in combinations(range(1, n), size) for v in nodes]
        options = []
        for k in range(size - 1):
            before = [(tuple(u for u in nodes if u != v), v) for nodes, v in states]
            rest = f[[place[nodes, nodes[k]] for nodes, _ in before]]
            options.append(rest + lengths[[nodes[k] * n + v for nodes, v in before]])
        f = builder.least(options)
        place = {state: k for k, state in enumerate(states)}
    closed = f + lengths[[v * n for v in range(1, n)]]
    return builder.build(builder.least([closed[[k]] for k in range(n - 1)]))
