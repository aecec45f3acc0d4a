"""Capacitated lot sizing in whole batches: how many batches of each item to produce in each period.

    min sum_it  f_i y_it + b_i z_it + h_i s_it
    s.t. s_i,t-1 + q_i z_it - s_it = d_it      (stock balance; batch size q_i, demand d_it)
         z_it <= U_i y_it                      (a batch needs the setup)
         sum_i (q_i z_it + r_i y_it) <= C      (machine hours of a period; a setup takes r_i)
         sum_i s_it <= W                       (room in the warehouse between periods)
         y binary, 0 <= z_it <= U_i integer, s >= 0 continuous, s_i,-1 = 0

This is the multi-item capacitated model of Trigeiro, Thomas, McClain (*Capacitated lot sizing with setup
times*, Management Science 35, 1989) with production in integer multiples of a batch. A hidden random plan
produces each item for one to three periods at a time. The hours and the room exceed the largest use of that
plan in any period by `slack` percent, so the plan is a solution.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator

Table = NDArray[np.int64]


@FAMILIES.register("lotsizing", help="multi-item lot sizing with setups")
def lotsizing(
    seed: int,
    items: Annotated[int, Size("number of items")] = 2,
    periods: Annotated[int, Size("number of periods")] = 12,
    slack: Annotated[
        int, Size("hours and room beyond the largest use of a hidden plan, in percent", minimum=0)
    ] = 20,
) -> Problem:
    """Return a lot-sizing model with `items * periods` binaries, general integers and continuous columns."""
    rng = generator(seed)
    batch = rng.integers(3, 10, size=items)
    demand = rng.integers(10, 61, size=(items, periods))
    setup_hours = rng.integers(5, 21, size=items)
    batches, stock = _plan(rng, batch, demand)
    most_batches = batches.max(axis=1) + 5
    hours = (batch[:, None] * batches + setup_hours[:, None] * (batches > 0)).sum(axis=0).max()
    room = stock.sum(axis=0).max()
    setup_cost = rng.integers(50, 201, size=items)
    batch_cost = rng.integers(1, 11, size=items)
    holding = rng.integers(1, 6, size=items)

    draft = Draft(f"lotsizing-{items}x{periods}-s{seed}")
    cells = [(i, t) for i in range(items) for t in range(periods)]
    y = {(i, t): draft.binary(f"y_{i}_{t}", setup_cost[i]) for i, t in cells}
    z = {
        (i, t): draft.column(f"z_{i}_{t}", batch_cost[i], 0, most_batches[i], integer=True) for i, t in cells
    }
    s = {(i, t): draft.column(f"s_{i}_{t}", holding[i]) for i, t in cells}
    for i, t in cells:
        before = [(1, s[i, t - 1])] if t else []
        draft.row(
            f"balance_{i}_{t}", [*before, (batch[i], z[i, t]), (-1, s[i, t])], demand[i, t], demand[i, t]
        )
        draft.row(f"setup_{i}_{t}", [(1, z[i, t]), (-most_batches[i], y[i, t])], hi=0)
    for t in range(periods):
        used = [(batch[i], z[i, t]) for i in range(items)] + [(setup_hours[i], y[i, t]) for i in range(items)]
        draft.row(f"hours_{t}", used, hi=hours * (100 + slack) // 100)
        draft.row(f"room_{t}", [(1, s[i, t]) for i in range(items)], hi=room * (100 + slack) // 100)
    return draft.problem()


def _plan(rng: np.random.Generator, batch: Table, demand: Table) -> tuple[Table, Table]:
    """Return the batches and stocks (items, periods) of a random plan.

    An item whose stock does not cover a demand is produced for the next one to three periods.
    """
    items, periods = demand.shape
    batches, stock = np.zeros_like(demand), np.zeros_like(demand)
    for i in range(items):
        left = 0
        for t in range(periods):
            if left < demand[i, t]:
                need = demand[i, t : t + int(rng.integers(1, 4))].sum() - left
                batches[i, t] = -(-need // batch[i])
            left += batch[i] * batches[i, t] - demand[i, t]
            stock[i, t] = left
    return batches, stock
