"""Generalised assignment: assign each job to one agent within the agents' capacities at minimum cost.

    min sum_ij c_ij x_ij
    s.t. sum_i x_ij = 1            for every job j
         sum_j a_ij x_ij <= b_i    for every agent i
         x binary

The data are of type D (Chu and Beasley, *A genetic algorithm for the generalised assignment problem*,
Computers and Operations Research 24, 1997): weights a_ij ~ U{1..100}, costs c_ij = 111 - a_ij + U{-10..10},
so that light jobs are expensive, and capacities b_i = tightness * sum_j a_ij / agents. Chu and Beasley use a
tightness of 80 %, which is easy for the pump. The data are drawn again until a greedy assignment fits, so
every instance has a solution.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Draft, Size, generator

MAX_DRAWS = 1000  # draws of the data before the generator raises UsageError


@FAMILIES.register("gap", help="generalised assignment: jobs to agents within capacities")
def gap(
    seed: int,
    agents: Annotated[int, Size("number of agents")] = 5,
    jobs: Annotated[int, Size("number of jobs")] = 25,
    tightness: Annotated[
        int, Size("capacity in percent of an even share of the weights; too small a value never fits")
    ] = 45,
) -> Problem:
    """Return a generalised assignment model with `agents * jobs` binaries."""
    rng = generator(seed)
    for _ in range(MAX_DRAWS):
        weight = rng.integers(1, 101, size=(agents, jobs))
        cost = 111 - weight + rng.integers(-10, 11, size=(agents, jobs))
        capacity = weight.sum(axis=1) * tightness // (100 * agents)
        if _fits(weight, capacity):
            break
    else:
        raise UsageError(f"no greedy assignment fits in {MAX_DRAWS} draws; raise tightness above {tightness}")
    draft = Draft(f"gap-{agents}x{jobs}-s{seed}")
    x = [[draft.binary(f"x_{i}_{j}", cost[i, j]) for j in range(jobs)] for i in range(agents)]
    for j in range(jobs):
        draft.row(f"job_{j}", ((1, x[i][j]) for i in range(agents)), 1, 1)
    for i in range(agents):
        draft.row(f"agent_{i}", ((weight[i, j], x[i][j]) for j in range(jobs)), hi=capacity[i])
    return draft.problem()


def _fits(weight: NDArray[np.int64], capacity: NDArray[np.int64]) -> bool:
    """Return whether a greedy assignment fits.

    It assigns the jobs, those with the largest minimum weight first, to the agent with the smallest weight.
    """
    room = capacity.copy()
    for j in np.argsort(-weight.min(axis=0), kind="stable"):
        after = room - weight[:, j]
        i = int(np.argmin(np.where(after >= 0, weight[:, j], np.iinfo(np.int64).max)))
        if after[i] < 0:
            return False
        room[i] = after[i]
    return True
