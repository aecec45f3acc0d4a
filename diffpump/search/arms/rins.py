"""Adaptive RINS (Danna, Rothberg, Le Pape 2005): branch and cut where the incumbent and the root LP differ.

Of the integer columns on which both agree, a random share f is fixed to the incumbent's values. f starts at
1, falls by SHRINK when a sub-problem was solved to its end soon (the neighbourhood was small), and rises by
GROW when it ran out of time without a gain (it was large).
"""

from __future__ import annotations

import numpy as np

from diffpump.result import LpStatus
from diffpump.search.arm import Slice
from diffpump.search.arms.submip import search_mip
from diffpump.search.pool import Pool
from diffpump.search.space import Spaces

SHRINK, GROW = 0.8, 1.15
SOON = 0.4  # share of its seconds below which a sub-problem counts as small
AGREE = 1e-6


class Rins:
    """An arm, on the original columns; it waits for an incumbent and the root LP."""

    def __init__(self, spaces: Spaces, pool: Pool, seed: int) -> None:
        self._spaces, self._pool, self._seed = spaces, pool, seed
        self._share, self._rng = 1.0, np.random.default_rng(seed)

    @property
    def exhausted(self) -> bool:
        """There is nothing to start from, or no LP point to compare it with."""
        return self._pool.best is None or self._spaces.root() is None

    def run(self, piece: Slice) -> None:
        """One neighbourhood."""
        problem, best, root = self._spaces.raw.problem, self._pool.best, self._spaces.root()
        if best is None or root is None or piece.over():
            return
        agree = problem.integer & (np.abs(best.x - root) <= AGREE)
        fixed = agree & (self._rng.random(problem.n) < self._share)
        before, value = piece.left(), self._pool.value
        result = search_mip(
            self._spaces.raw, self._pool, piece, "rins",
            lb=np.where(fixed, best.x, problem.lb), ub=np.where(fixed, best.x, problem.ub),
            start=best.x, seed=self._seed,
        )  # fmt: skip
        self._seed += 1
        ended = result.status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE)
        if ended and before - piece.left() < SOON * before:
            self._share *= SHRINK
        elif not ended and self._pool.value == value:
            self._share = min(1.0, self._share * GROW)
