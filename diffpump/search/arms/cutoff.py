"""Local search below the incumbent: the objective's row is set a little under its value, and the search
starts from it. Every success sets the row again; where the search fails, less is asked for next time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.search.arm import Slice
from diffpump.search.arms.local import Maker, Walk
from diffpump.search.pool import Pool
from diffpump.search.space import Space

ASPIRATION = 0.05  # relative improvement that is asked for at first
RAISE, LOWER = 2.0, 0.25  # after a success, after a failure
LEAST = 1e-4


class Cutoff:
    """An arm on the original columns; it waits for an incumbent, and for an objective."""

    def __init__(self, space: Space, pool: Pool, name: str, make: Callable[[], Maker], seed: int) -> None:
        self._space, self._pool, self._name, self._make, self._seed = space, pool, name, make, seed
        self._model = space.model._replace(row_hi=space.model.row_hi.copy())
        self._scale = 1.0 / max(float(np.abs(space.problem.c).max(initial=0.0)), np.finfo(float).tiny)
        self._walk: Walk | None = None
        self._share = ASPIRATION

    @property
    def exhausted(self) -> bool:
        """There is nothing to start from, or nothing to improve."""
        return self._pool.best is None or not self._space.problem.c.any()

    def run(self, piece: Slice) -> None:
        """From the incumbent down, until the slice is over."""
        best = self._pool.best
        if best is None:
            return
        self._aim()
        if self._walk is None:
            self._walk = self._make()(self._model, best.x, self._seed)
        else:
            self._walk.restart(best.x)
        while not piece.over():
            violated, work = self._walk.search(piece.chunk())
            piece.spend(work)
            if violated == 0 and self._pool.offer(self._space.lift(self._walk.best), self._name):
                self._share = min(ASPIRATION, RAISE * self._share)
                self._aim()
            elif violated == 0:  # the pool takes less than this point's value for no improvement
                break
        else:
            self._share = max(LEAST, LOWER * self._share)

    def _aim(self) -> None:
        """Set the objective's row."""
        value = self._pool.value
        self._model.row_hi[-1] = (value - self._share * max(1.0, abs(value))) * self._scale
