"""HiGHS's presolve, as the arm that gives the others a smaller model; it is done once."""

from __future__ import annotations

from diffpump.backends.mip import presolve
from diffpump.search.arm import Slice
from diffpump.search.space import Space, Spaces


class Presolve:
    """An arm that offers no points. The slice is its limit: what is not done by then is given up."""

    def __init__(self, spaces: Spaces) -> None:
        self.exhausted = False
        self._spaces = spaces

    def run(self, piece: Slice) -> None:
        """Presolve, if it is done in time."""
        found = presolve(self._spaces.raw.problem, piece.limits())
        if found is not None:
            self._spaces.work = Space(found.problem, found.restore)
        self.exhausted = True
