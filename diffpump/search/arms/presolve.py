"""HiGHS's presolve, as the arm that gives the others a smaller model; it is done once."""

from __future__ import annotations

import numpy as np

from diffpump.backends.mip import presolve
from diffpump.search.arm import Slice
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces


class Presolve:
    """An arm; it offers a point only where presolve solves the model. Work that a slice cut off is lost."""

    def __init__(self, spaces: Spaces, pool: Pool) -> None:
        self.exhausted = False
        self._spaces, self._pool = spaces, pool

    def run(self, piece: Slice) -> None:
        """Presolve, if it is done in time."""
        problem = self._spaces.raw.problem
        found = presolve(problem, piece.limits(problem))
        self.exhausted = True
        if found is not None and found.problem.n:
            self._spaces.work = Space(found.problem, found.restore, found.problem.offset, found.reduce)
        elif found is not None:
            self._pool.offer(found.restore(np.zeros(0)), "presolve")
