"""The choice between the primal and the dual simplex, for an LP that is re-solved under a changed cost.

Neither is always faster after a change of the cost. The first re-solves therefore alternate between the two,
and the one that took fewer simplex iterations in total is kept (the dual in a tie). The choice counts
iterations, not seconds, so that a run repeats.
"""

from __future__ import annotations

PROBES = 4  # re-solves that alternate between primal and dual before the choice is made
OTHER_SIMPLEX = {"dual": "primal", "primal": "dual"}


class SimplexChoice:
    """Chooses a simplex by the iterations of the first `PROBES` re-solves.

    algorithm   "auto", or "primal" or "dual" to fix the choice from the start
    """

    def __init__(self, algorithm: str) -> None:
        self._chosen = None if algorithm == "auto" else algorithm
        self._iterations = {"primal": 0, "dual": 0}
        self._probes = 0

    @property
    def algorithm(self) -> str:
        """The chosen simplex, "undecided" during the probes."""
        return self._chosen or "undecided"

    def next(self) -> str:
        """Return the simplex for the next re-solve."""
        return self._chosen or ("primal", "dual")[self._probes % 2]

    def record(self, algorithm: str, iterations: int) -> None:
        """Count the simplex iterations of a re-solve that ended with an optimum."""
        if self._chosen is None:
            self._iterations[algorithm] += iterations
            self._probes += 1
            if self._probes == PROBES:
                self._chosen = "primal" if self._iterations["primal"] < self._iterations["dual"] else "dual"
