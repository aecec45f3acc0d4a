"""Capacitated facility location on few sites: which to open, and who ships how much to whom.

    min sum_i f_i y_i + sum_ij (cost of the way) x_ij
    s.t. sum_i x_ij = d_j              for every customer j
         sum_j x_ij <= s_i y_i         for every site i
         sum_i y_i <= K                (K sites at most)
         y binary, x_ij >= 0 continuous: units from site i, one of the nearest to customer j

Sites and customers lie on a square; demands U{5..35}, fixed costs U{0..90} + U{100..110} sqrt(s_i) and
ways by length follow Cornuejols, Sridharan, Thizy (*A comparison of heuristics and relaxations for the
capacitated plant location problem*, European Journal of Operational Research 50, 1991). K sites are opened
first and customers sent to them; capacities leave those loads `slack` percent (a site that stayed closed
borrows a load), so that plan is a solution.
"""

from __future__ import annotations

from math import isqrt
from typing import Annotated

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import Draft, Size, generator

SIDE = 1000  # of the square, in whole steps
WAY_UNIT = 100  # steps that cost 1 per unit shipped


def cflp(
    seed: int,
    sites: Annotated[int, Size("number of possible sites, one binary each")] = 30,
    customers: Annotated[int, Size("number of customers")] = 40,
    limit: Annotated[int, Size("how many sites may be opened, at most all")] = 8,
    reach: Annotated[int, Size("how many of the nearest sites can serve a customer")] = 5,
    slack: Annotated[int, Size("percent of capacity beyond the loads of the hidden plan", least=0)] = 5,
) -> Problem:
    """A facility location model with customers * reach continuous columns."""
    if limit > sites:
        raise UsageError(f"limit {limit} is above the number of sites, {sites}")
    rng = generator(seed)
    site = rng.integers(0, SIDE + 1, size=(sites, 2))
    opened = np.sort(rng.permutation(sites)[:limit])
    demand = rng.integers(5, 36, size=customers)
    load = np.zeros(sites, dtype=np.int64)
    ways: list[dict[int, int]] = []
    while len(ways) < customers:
        place = rng.integers(0, SIDE + 1, size=2)
        length = [isqrt(int(square)) for square in ((site - place) ** 2).sum(axis=1)]
        near = np.argsort(length, kind="stable")[:reach]
        servers = near[np.isin(near, opened)]
        if servers.size:  # a customer beyond every open site's reach settles elsewhere
            load[servers[rng.integers(servers.size)]] += demand[len(ways)]
            ways.append({int(i): length[i] for i in np.sort(near)})
    borrowed = load[opened[rng.integers(limit, size=sites)]]
    closed = ~np.isin(np.arange(sites), opened)
    capacity = np.maximum(np.where(closed, borrowed, load) * (100 + slack) // 100, 1)
    fixed = [int(rng.integers(91)) + int(rng.integers(100, 111)) * isqrt(int(s)) for s in capacity]

    draft = Draft(f"cflp-{sites}x{customers}-s{seed}")
    y = [draft.binary(f"y_{i}", fixed[i]) for i in range(sites)]
    x = [
        {i: draft.column(f"x_{i}_{j}", length / WAY_UNIT) for i, length in way.items()}
        for j, way in enumerate(ways)
    ]
    for j in range(customers):
        draft.row(f"demand_{j}", [(1, column) for column in x[j].values()], demand[j], demand[j])
    for i in range(sites):
        shipped = [(1, to[i]) for to in x if i in to]
        draft.row(f"site_{i}", [*shipped, (-capacity[i], y[i])], hi=0)
    draft.row("limit", [(1, column) for column in y], hi=limit)
    return draft.problem()
