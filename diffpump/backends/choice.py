"""Which simplex re-solves an LP whose cost has changed.

Neither is always the faster one after a change of costs, so the first re-solves alternate primal and dual
and the one that took fewer simplex iterations in total stays (ties: dual). Iterations, not seconds, so that
a run repeats.
"""

from __future__ import annotations

PROBES = 4  # re-solves that alternate primal, dual before the choice is made
OTHER = {"dual": "primal", "primal": "dual"}


class SimplexChoice:
    """Chooses during the first PROBES re-solves, unless fixed to "primal" or "dual" from the start."""

    def __init__(self, algorithm: str) -> None:
        self._chosen = None if algorithm == "auto" else algorithm
        self._spent = {"primal": 0, "dual": 0}
        self._probes = 0

    @property
    def algorithm(self) -> str:
        """The choice, "undecided" while the probes last."""
        return self._chosen or "undecided"

    def next(self) -> str:
        """The simplex for the next re-solve."""
        return self._chosen or ("primal", "dual")[self._probes % 2]

    def record(self, algorithm: str, iterations: int) -> None:
        """Count an optimal re-solve."""
        if self._chosen is None:
            self._spent[algorithm] += iterations
            self._probes += 1
            if self._probes == PROBES:
                self._chosen = "primal" if self._spent["primal"] < self._spent["dual"] else "dual"
