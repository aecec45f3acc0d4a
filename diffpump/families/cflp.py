"""Capacitated facility location: which sites to open, and how much each ships to each customer.

    min sum_i f_i y_i + sum_ij t_ij x_ij
    s.t. sum_i x_ij = d_j              for every customer j
         sum_j x_ij <= s_i y_i         for every site i
         sum_i y_i <= K                (K sites at most)
         y binary, x_ij >= 0 continuous: units from site i, one of the nearest to customer j

Sites and customers are points of a square. Demands U{5..35}, fixed costs U{0..90} + U{100..110} sqrt(s_i) and
transport costs t_ij proportional to the distance follow Cornuejols, Sridharan, Thizy (*A comparison of
heuristics and relaxations for the capacitated plant location problem*, European Journal of Operational
Research 50, 1991). A hidden plan opens K sites and assigns every customer to one of them. The capacity of a
site exceeds its load in that plan by `slack` percent (a closed site has the load of a random open one), so
the plan is a solution.
"""

from __future__ import annotations

from math import isqrt
from typing import Annotated

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator

SQUARE_SIDE = 1000  # length of a side of the square, in whole steps
STEPS_PER_COST = 100  # distance over which shipping one unit costs 1


@FAMILIES.register("cflp", help="capacitated facility location with continuous flows")
def cflp(
    seed: int,
    sites: Annotated[int, Size("number of possible sites, one binary each")] = 30,
    customers: Annotated[int, Size("number of customers")] = 40,
    limit: Annotated[int, Size("largest number of open sites, at most all")] = 8,
    reach: Annotated[int, Size("number of nearest sites that can serve a customer")] = 5,
    slack: Annotated[int, Size("capacity beyond the loads of a hidden plan, in percent", minimum=0)] = 5,
) -> Problem:
    """Return a facility location model with `customers * reach` continuous columns."""
    if limit > sites:
        raise UsageError(f"limit {limit} is above the number of sites, {sites}")
    rng = generator(seed)
    site = rng.integers(0, SQUARE_SIDE + 1, size=(sites, 2))
    opened = np.sort(rng.permutation(sites)[:limit])
    demand = rng.integers(5, 36, size=customers)
    load = np.zeros(sites, dtype=np.int64)
    distances: list[dict[int, int]] = []  # of each customer, by site
    while len(distances) < customers:
        place = rng.integers(0, SQUARE_SIDE + 1, size=2)
        length = [isqrt(int(square)) for square in ((site - place) ** 2).sum(axis=1)]
        near = np.argsort(length, kind="stable")[:reach]
        servers = near[np.isin(near, opened)]
        if servers.size:  # a customer that no open site can serve gets another place
            load[servers[rng.integers(servers.size)]] += demand[len(distances)]
            distances.append({int(i): length[i] for i in np.sort(near)})
    borrowed = load[opened[rng.integers(limit, size=sites)]]
    closed = ~np.isin(np.arange(sites), opened)
    capacity = np.maximum(np.where(closed, borrowed, load) * (100 + slack) // 100, 1)
    fixed = [int(rng.integers(91)) + int(rng.integers(100, 111)) * isqrt(int(s)) for s in capacity]

    draft = Draft(f"cflp-{sites}x{customers}-s{seed}")
    y = [draft.binary(f"y_{i}", fixed[i]) for i in range(sites)]
    x = [
        {i: draft.column(f"x_{i}_{j}", length / STEPS_PER_COST) for i, length in sites_of.items()}
        for j, sites_of in enumerate(distances)
    ]
    for j in range(customers):
        draft.row(f"demand_{j}", [(1, column) for column in x[j].values()], demand[j], demand[j])
    for i in range(sites):
        shipped = [(1, to[i]) for to in x if i in to]
        draft.row(f"site_{i}", [*shipped, (-capacity[i], y[i])], hi=0)
    draft.row("limit", [(1, column) for column in y], hi=limit)
    return draft.problem()
