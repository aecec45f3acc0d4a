"""Branch and cut by HiGHS: on the whole model without its objective, and with it.

Without an objective HiGHS finds a first solution where its objective leads it astray, and the other way
round; so both, zero first. A slice starts HiGHS anew, with the incumbent if there is one: short ones are a
waste, so each is LONGER than the one before. (HiGHS cannot be made to rest: seconds pass between two of its
callbacks, in a sub-problem of its own or a long LP.)
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np

from diffpump.backends.mip import NODE, MipResult, solve_mip
from diffpump.result import LpStatus, Vector
from diffpump.search.arm import Slice
from diffpump.search.pool import Pool
from diffpump.search.space import Space

LONGER = 1.5


def search_mip(space: Space, pool: Pool, piece: Slice, arm: str, **options: Any) -> MipResult:
    """`solve_mip` for a slice; every incumbent is offered to the pool while the search goes on.

    Where a slice is counted that would make the pool depend on time: there they are offered when the search
    is over, and a search for the first solution ends with it.
    """
    found: deque[Vector] = deque()

    def offer() -> None:
        while found:
            pool.offer(space.lift(found.popleft()), arm)

    def stop() -> bool:
        if not piece.counted:
            offer()
        return piece.stopped()

    limits = replace(piece.limits(space.problem), stop=stop)
    if piece.counted:
        limits = replace(limits, iterations=max(NODE, limits.iterations or 0))  # a node at least
        options["first"] = options.get("first", False) or pool.best is None
    result = solve_mip(space.problem, limits, incumbent=lambda x, _: found.append(x), **options)
    piece.solved(space.problem, max(result.lp_iterations, NODE * result.nodes))
    offer()
    if result.x is not None:
        pool.offer(space.lift(result.x), arm)
    return result


class SubMip:
    """An arm. `zero`: without the objective, and only to the first solution."""

    def __init__(self, space: Space, pool: Pool, zero: bool, seed: int) -> None:
        self.exhausted = False
        self._space, self._pool, self._seed = space, pool, seed
        self._name = "mip-zero" if zero else "mip"
        self._options = {"cost": np.zeros(space.problem.n), "first": True} if zero else {}
        self._longest = 0.0

    def run(self, piece: Slice) -> None:
        """One call of HiGHS."""
        if not piece.counted:
            piece.seconds = self._longest = max(piece.seconds, LONGER * self._longest)
        best = self._pool.best
        start = None if best is None else self._space.into(best.x)
        result = search_mip(
            self._space, self._pool, piece, self._name, seed=self._seed, start=start, **self._options
        )
        self._seed += 1
        self.exhausted = result.status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE)
        if result.status is LpStatus.INFEASIBLE:
            self._pool.closed = self._pool.best is None
        elif self.exhausted and self._name == "mip":
            self._pool.closed = not self._pool.better(result.objective + self._space.shift)
