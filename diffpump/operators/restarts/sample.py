"""Random choices that the packed rows allow."""

from __future__ import annotations

import numpy as np

from diffpump.core.problem import Problem
from diffpump.knapsack.base import temperature
from diffpump.knapsack.packed import packed
from diffpump.operators.restarts.base import RESTARTS, Columns, Kick, StallContext, same_point


@RESTARTS.register("sample", help="random choices that packed rows allow, when the pump stalls")
class Sample:
    """Draws the packed columns from the Gibbs distribution of the scores x_lp - 1/2, so that their rows hold.

    It does so in even iterations, if x_round repeats on I, x_lp repeats one of the last two LP points, or the
    pump cycles (memory=all, stall=k). Odd iterations, and models without packed rows, are left to the
    restarts behind it. theta takes the sign that pulls x_lp to the new values. The new rounding is also the
    kick's candidate.

    Parameters
    ----------
    problem : Problem
        The model.
    g : float
        The temperature, positive: towards 0 the draw is the nearest point, towards infinity uniform.

    Raises
    ------
    UsageError
        If g is not from 1e-100 to 1e100.
    """

    kind = "sample"

    def __init__(self, problem: Problem, g: float = 0.2) -> None:
        self.g = temperature(g, "restart 'sample': ")
        self.columns, self.packed = Columns(problem), packed(problem)
        self.own = np.searchsorted(self.columns.index, self.packed.columns)  # positions within I

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the pump stalls, else None (see `Restart`)."""
        index = self.columns.index
        repeats = np.array_equal(at.x_round[index], at.previous_round[index]) or same_point(at)
        if at.iteration % 2 or not self.own.size or not (repeats or at.cycles):
            return None
        columns = self.packed.columns
        drawn = self.packed.sample(at.x_lp[columns], self.g, rng)
        moved = np.flatnonzero(drawn != at.x_round[columns])
        candidate = at.x_round.copy()
        candidate[columns] = drawn
        return self.columns.pulled(self.kind, at, self.own[moved], drawn[moved], candidate=candidate)
