"""The random perturbation (Fischetti, Glover, Lodi 2005)."""

from __future__ import annotations

import numpy as np

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.restarts.base import RESTARTS, Columns, Kick, StallContext, same_point


@RESTARTS.register("perturbation", help="move random columns when an LP point repeats")
class PerturbationKick:
    """Moves the integer columns with |x_j - y_j| + max(rho_j, 0) > 1/2, where rho_j ~ U[low, high].

    It does so if x_lp repeats one of the last two LP points, if the pump cycles (memory=all, stall=k), and in
    every iteration whose number is a multiple of `period`. A general integer gets a value drawn uniformly
    from the integers of [y - reach, y + reach] within its bounds.

    Parameters
    ----------
    problem : Problem
        The model.
    period : int
        Iterations between two kicks of a pump that does not stall, at least 1.
    low, high : float
        The range of rho, low < high.
    reach : int
        The largest step of a general integer, at least 1.

    Raises
    ------
    UsageError
        If a parameter lies outside its range.
    """

    kind = "perturbation"

    def __init__(
        self, problem: Problem, period: int = 100, low: float = -0.3, high: float = 0.7, reach: int = 3
    ) -> None:
        if period < 1 or reach < 1 or not low < high:
            raise UsageError("restart 'perturbation': expected period >= 1, reach >= 1 and low < high")
        self.columns = Columns(problem)
        self.period, self.low, self.high, self.reach = period, low, high, reach

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the pump stalls or the period ends, else None (see `Restart`)."""
        if not (at.cycles or same_point(at)) and at.iteration % self.period:
            return None
        columns = self.columns
        rho = rng.uniform(self.low, self.high, size=at.x_lp.size)[columns.index]
        y = at.x_round[columns.index]
        distance = np.abs(at.x_lp[columns.index] - y)
        chosen = np.flatnonzero(distance + np.maximum(rho, 0.0) > 0.5)
        drawn = y[chosen]
        general = np.flatnonzero(columns.general[chosen])
        if general.size:
            low = np.maximum(drawn[general] - self.reach, columns.lo[chosen[general]])
            high = np.minimum(drawn[general] + self.reach, columns.hi[chosen[general]])
            drawn[general] = np.floor(rng.uniform(low, high + 1))
        return columns.moved(self.kind, at, chosen, drawn)
