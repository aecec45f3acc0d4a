"""Local search below the incumbent: the objective's row is set a little under its value.

The search starts from the incumbent and, after a slice without success, from other points in turn: earlier
solutions, the root LP's point rounded by chance, the incumbent again. Every success sets the row again, where
a search fails less is asked for next time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.result import Vector
from diffpump.search.arm import Slice
from diffpump.search.arms.local import Maker, Walk, drawn
from diffpump.search.pool import Pool
from diffpump.search.space import Spaces

ASPIRATION = 0.05  # relative improvement that is asked for at first
RAISE, LOWER = 2.0, 0.25  # after a success, after a failure
LEAST = 1e-4
OTHERS = 2  # earlier solutions that a round of starts takes


class Cutoff:
    """An arm on the original columns; it waits for an incumbent, and for an objective."""

    def __init__(self, spaces: Spaces, pool: Pool, name: str, make: Callable[[], Maker], seed: int) -> None:
        model = spaces.raw.model
        self._spaces, self._pool, self._name, self._make, self._seed = spaces, pool, name, make, seed
        self._rng = np.random.default_rng(seed)
        self._model = model._replace(row_hi=model.row_hi.copy())
        self._scale = 1.0 / max(float(np.abs(model.cost).max(initial=0.0)), np.finfo(float).tiny)
        self._walk: Walk | None = None
        self._share, self._starts = ASPIRATION, self._round()

    @property
    def exhausted(self) -> bool:
        """There is nothing to start from, or nothing to improve."""
        return self._pool.best is None or not self._model.cost.any()

    def run(self, piece: Slice) -> None:
        """From a point down, until the slice is over."""
        if self._pool.best is None:
            return
        self._aim()
        start, gained = next(self._starts), False
        if self._walk is None:
            self._walk = self._make()(self._model, start, self._seed)
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
            self._share = min(ASPIRATION, RAISE * self._share)
            self._aim()
        if gained:
            self._starts = self._round()
        else:
            self._share = max(LEAST, LOWER * self._share)

    def _round(self) -> Iterator[Vector]:
        """Where to start next, for ever."""
        problem = self._spaces.raw.problem
        while True:
            for solution in self._pool.solutions[::-1][: 1 + OTHERS]:
                yield solution.x
            root = self._spaces.root()
            if root is not None:
                yield drawn(problem, root, self._rng)

    def _aim(self) -> None:
        """Set the objective's row."""
        value = self._pool.value
        self._model.row_hi[-1] = (value - self._share * max(1.0, abs(value))) * self._scale
