"""Shortest paths as networks: from one node, between all nodes, and within a budget.

The inputs are lengths (n, n), row by row; an absent arc has a length above every path's. Each minimum of k
numbers takes k - 1 rectifiers in ceil(log2 k) layers.
"""

from __future__ import annotations

import math

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import number, whole_number
from diffpump.knapsack.networks.builder import Affine, Builder, Network, constant, stack

MOST_NODES, MOST_BUDGET = 100, 100


def shortest_paths(n: int) -> Network:
    """Return the network from lengths (n^2,) to the distances of all nodes from node 0, (n,).

    It is Bellman's and Ford's program: after round i, f(v) is the least length of a path to v of at most
    i + 1 arcs, f'(v) = min over u of f(u) + c(u, v), where c(v, v) = 0. The n - 2 rounds have
    n (n - 1) rectifiers each, in ceil(log2 n) layers.
    """
    builder = Builder(_nodes(n) ** 2)
    lengths = [_without_loop(builder.inputs, n, u) for u in range(n)]
    f = lengths[0]
    for _ in range(n - 2):
        f = builder.least([lengths[u] + f[[u]] for u in range(n)])
    return builder.build(f)


def all_shortest_paths(n: int) -> Network:
    """Return the network from lengths (n^2,) to the distances between all nodes, (n^2,).

    The matrix of lengths, 0 on the diagonal, is squared ceil(log2(n - 1)) times, with sums in place of
    products and minima in place of sums: n^2 (n - 1) rectifiers each time, in ceil(log2 n) layers.
    """
    builder = Builder(_nodes(n) ** 2)
    f = stack([_without_loop(builder.inputs, n, u) for u in range(n)])
    node = np.arange(n)
    for _ in range(math.ceil(math.log2(n - 1)) if n > 2 else 0):
        f = builder.least([f[np.repeat(node * n + u, n)] + f[np.tile(u * n + node, n)] for u in range(n)])
    return builder.build(f)


def paths_within_budget(n: int, budget: int, limit: float) -> Network:
    """Return the network to the least lengths of paths from node 0 whose cost is within a budget.

    f(b, v) is the least length of a path to v of a cost of at most b, `limit` if there is none:

        f(b, v) = min(f(b - 1, v), min over u of f(b - r(u, v), u) + c(u, v)),

    where f(b, .) = limit for b < 0 and f(b, 0) = 0 for b >= 0. As in DP-NN, two rectifiers find out whether
    r(u, v) is k, for each k, and one selects f(b - k, u).

    Parameters
    ----------
    n : int
        The number of nodes.
    budget : int
        The largest budget, B >= 1.
    limit : float
        A number above the length of every path.

    Returns
    -------
    Network
        From lengths and costs, (2 n^2,), costs being whole numbers >= 1, to f(1, v), ..., f(B, v), (B n,).
        It has at most n (n - 1) (2 B + B (B + 1) / 2) + B n (n - 1) rectifiers.
    """
    builder = Builder(2 * _nodes(n) ** 2)
    budget = whole_number(budget, "the budget", 1, MOST_BUDGET)
    if not 0 < number(limit) < math.inf:
        raise UsageError(f"the limit must be a finite number > 0, got {limit!r}")
    node = np.arange(n)
    length, cost = builder.inputs[: n * n], builder.inputs[n * n :]
    tails, heads = np.nonzero(~np.eye(n, dtype=bool))
    arcs = tails * n + heads
    differs = [  # for each k, a number that is 0 where the cost is k, and at least `limit` elsewhere
        builder.relu((cost[arcs] - k) * limit) + builder.relu((k - cost[arcs]) * limit)
        for k in range(1, budget + 1)
    ]
    into = [np.flatnonzero((heads - tails) % n == step) for step in range(1, n)]  # one arc into each node
    into = [arc[np.argsort(heads[arc])] for arc in into]
    start = constant(np.where(node == 0, 0.0, limit))
    f = [start]
    for b in range(1, budget + 1):
        found = constant(np.full(len(arcs), limit))
        for k in range(1, b + 1):
            found = found - builder.relu(limit - f[b - k][tails] - differs[k - 1])
        reached = found + length[arcs]
        f.append(builder.least([f[b - 1], *(reached[arc] for arc in into)]))
    return builder.build(stack(f[1:]))


def _nodes(n: int) -> int:
    return whole_number(n, "the number of nodes", 2, MOST_NODES)


def _without_loop(lengths: Affine, n: int, u: int) -> Affine:
    """Return the lengths of the arcs out of node u, with 0 for the loop."""
    own: Affine = lengths[u * n : (u + 1) * n] * (np.arange(n) != u)
    return own
