"""The objective target: how far below the incumbent's value a search looks for the next solution.

The required improvement is a share of the incumbent's value. It grows after every success and shrinks after
every failure, down to `MIN_SHARE`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Model

MAX_SHARE, MIN_SHARE = 0.05, 1e-4  # largest and smallest relative improvement that is required
SUCCESS_FACTOR, FAILURE_FACTOR = 2.0, 0.25  # of the required improvement, after a success and after a failure


class ObjectiveTarget:
    """A copy of a space's model whose objective row has a side of its own.

    model   the copy; its objective row has no limit without an incumbent or without an objective
    """

    def __init__(self, space: Space, pool: Pool) -> None:
        shared = space.model
        self.model: Model = shared._replace(row_hi=shared.row_hi.copy())
        self._pool, self._shift, self._share = pool, space.shift, MAX_SHARE
        self._largest = float(np.abs(shared.cost).max(initial=0.0))

    def set(self) -> None:
        """Set the objective row's side below the incumbent's value."""
        if self._largest and np.isfinite(self._pool.value):
            self.model.row_hi[-1] = self._pool.target(self._share, self._shift) / self._largest

    def record(self, gained: bool) -> None:
        """Adapt the required improvement to the outcome of an attempt."""
        self._share = (
            min(MAX_SHARE, SUCCESS_FACTOR * self._share)
            if gained
            else max(MIN_SHARE, FAILURE_FACTOR * self._share)
        )
