"""A local search from the rounding (after Dey et al. 2018)."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.restarts.base import RESTARTS, Columns, Kick, StallContext, same_point


@RESTARTS.register("search", help="local search from the rounding when the pump stalls")
class Search:
    """Replaces the rounding by the best point of a local search that starts from it.

    It does so if x_lp or x_round repeats or the pump cycles (memory=all, stall=k), unless the integer columns
    of the best point are those of the rounding. The search is `kernels.focused`, which moves continuous
    columns too. Its best point is also the kick's candidate. On every integer column theta takes the sign
    that pulls x_lp to the new value, with its old magnitude (1 if it was 0). The multipliers of the rows, if
    there are any, are the weights of the search, and the kick returns them as the search leaves them, scaled
    to mean 1. Without multipliers the search keeps its own weights from one kick to the next.

    Parameters
    ----------
    problem : Problem
        The model.
    mode : str
        The mode of `kernels.focused.search`.
    work : int
        Touched nonzeros of one search, at least 1.

    Raises
    ------
    UsageError
        If the mode is unknown or `work` is below 1.

    References
    ----------
    Dey, Iroume, Molinaro, Salvagnin, Improving the randomization step in feasibility pump (2018), whose
    search is a WalkSAT.
    """

    kind = "search"

    def __init__(self, problem: Problem, mode: str = "count", work: int = 500_000) -> None:
        from diffpump.kernels import focused  # imported here since it imports numba, which is slow
        from diffpump.kernels.model import model
        from diffpump.kernels.rng import rng

        if mode not in focused.MODES or work < 1:
            known = ", ".join(focused.MODES)
            raise UsageError(f"restart 'search': expected a mode among {known}, and work >= 1")
        self.columns, self.mode, self.work = Columns(problem), mode, work
        self._focused, self._seeded, self._m = focused, rng, problem.m
        self._model = model(problem)
        self._state = focused.focus(self._model)

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the pump stalls and the search moves an integer, else None (see `Restart`)."""
        columns = self.columns.index
        y = at.x_round[columns]
        if not (np.array_equal(y, at.previous_round[columns]) or at.cycles or same_point(at)):
            return None
        best, weights = self._search(at, rng)
        if np.array_equal(best[columns], y):
            return None
        every = np.arange(columns.size)
        return self.columns.pulled(self.kind, at, every, best[columns], candidate=best, weights=weights)

    def _search(self, at: StallContext, rng: np.random.Generator) -> tuple[Vector, Vector | None]:
        """Return the best point (n,) of a search from x_round, and the multipliers (m,) after it, if any."""
        state, m = self._state, self._m
        self._focused.restart(self._model, state, at.x_round, keep_weights=True)
        if at.weights is not None:
            state.weight[:m] = at.weights
        # A spawned generator: if no kick follows, nothing may have been drawn from `rng`.
        state.rng[:] = self._seeded(int(rng.spawn(1)[0].integers(2**31)))
        self._focused.search(self._model, state, self.mode, self.work)
        weights = None if at.weights is None or not m else state.weight[:m] / state.weight[:m].mean()
        return state.best.copy(), weights
