"""What is asked for in the objective's row: so much less than the incumbent's value.

Every success asks for more again, and every failure for less, down to LEAST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Model

MOST, LEAST = 0.05, 1e-4  # relative improvement
RAISE, LOWER = 2.0, 0.25  # after a success, after a failure


class Aim:
    """`model`: the space's, with an objective row of its own, infinite until there is an incumbent, and
    always where there is no objective."""

    def __init__(self, space: Space, pool: Pool) -> None:
        given = space.model
        self.model: Model = given._replace(row_hi=given.row_hi.copy())
        self._pool, self._shift, self._share = pool, space.shift, MOST
        self._largest = float(np.abs(given.cost).max(initial=0.0))

    def set(self) -> None:
        """Ask for less than the incumbent's value."""
        if self._largest and np.isfinite(self._pool.value):
            self.model.row_hi[-1] = (self._pool.below(self._share) - self._shift) / self._largest

    def ended(self, gained: bool) -> None:
        """An attempt is over."""
        self._share = min(MOST, RAISE * self._share) if gained else max(LEAST, LOWER * self._share)
