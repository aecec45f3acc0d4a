"""Local search below the incumbent: the objective's row is set a little under its value.

The search starts from the incumbent and, after a slice without success, from other points in turn: earlier
solutions, the root LP's point rounded by chance, the incumbent again. Every success sets the row again, where
a search fails less is asked for next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.search.arm import Slice
from diffpump.search.arms.aim import Aim
from diffpump.search.arms.local import Maker, Walk, drawn
from diffpump.search.pool import Pool
from diffpump.search.space import Spaces

OTHERS = 2  # earlier solutions that a round of starts takes


class Cutoff:
    """An arm on the original columns; it waits for an incumbent, and for an objective."""

    def __init__(self, spaces: Spaces, pool: Pool, name: str, make: Callable[[], Maker], seed: int) -> None:
        self._spaces, self._pool, self._name, self._make, self._seed = spaces, pool, name, make, seed
        self._rng, self._aim = np.random.default_rng(seed), Aim(spaces.raw, pool)
        self._walk: Walk | None = None
        self._starts = self._round()

    @property
    def exhausted(self) -> bool:
        """There is nothing to start from, or nothing to improve."""
        return self._pool.best is None or not self._spaces.raw.problem.c.any()

    def run(self, piece: Slice) -> None:
        """From a point down, until the slice is over."""
        if self._pool.best is None:
            return
        self._aim.set()
        start, gained = next(self._starts), False
        if self._walk is None:
            self._walk = self._make()(self._aim.model, start, self._seed)
        else:
            self._walk.restart(start)
        while not piece.over():
            violated, work = self._walk.search(piece.chunk())
            piece.spend(work)
            if violated:
                continue
            if not self._pool.offer(self._walk.best, self._name):
                break  # the pool takes less than this point's value for no improvement
            gained = True
            self._aim.ended(True)
            self._aim.set()
        if gained:
            self._starts = self._round()
        else:
            self._aim.ended(False)

    def _round(self) -> Iterator[Vector]:
        """Where to start next, for ever."""
        problem = self._spaces.raw.problem
        while True:
            for solution in self._pool.solutions[::-1][: 1 + OTHERS]:
                yield solution.x
            root = self._spaces.root()
            if root is not None:
                yield drawn(problem, root, self._rng)
