"""Detection of stalls, with the memory of roundings and the multipliers of the rows; restarts answer them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diffpump.backends.interface import Interior
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.operators.losses import Rows
from diffpump.operators.restarts import RESTARTS, Kick, StallContext
from diffpump.pump.state import PumpState


@dataclass
class Progress:
    """The progress of a run in its number of violated rows.

    fewest      violated rows in the best iteration so far
    stagnation  iterations in a row that have not violated fewer rows than the best one before them
    """

    fewest: float = math.inf
    stagnation: int = 0

    def update(self, violated: int) -> int:
        """Count an iteration with `violated` violated rows, and return the stagnation after it."""
        self.stagnation = 0 if violated < self.fewest else self.stagnation + 1
        self.fewest = min(self.fewest, violated)
        return self.stagnation


class StallDetector:
    """Detects that the pump stalls and asks the configured restarts for a kick.

    weights  the multipliers of the rows (m,), or None for 1 each. When the rounding repeats on I, that of row
             i grows by s viol_i / max viol, with s = `Config.multipliers` and viol the violations of the
             normalised rows (Geissler et al., Penalty alternating direction methods, 2017, let penalties grow
             in place of restarts).

    With `memory=all` the pump also cycles when its rounding equals x_round, kick included, of any iteration
    before the last one. With `stall=k` it also cycles after k iterations in a row whose roundings do not
    violate fewer rows than the best one so far.
    """

    def __init__(self, config: Config, problem: Problem, seed: int) -> None:
        self.config, self.seed = config, seed
        self.weights: Vector | None = np.ones(problem.m) if config.multipliers else None
        self._seen_roundings: set[int] = set()  # hashes of x_round on I, after its kick

    def set_problem(self, problem: Problem, interior: Interior) -> None:
        """Build the restarts on a problem, whose rows count from now on, and start the progress afresh."""
        self.integers = problem.integers
        self.restarts = [RESTARTS.build(spec, problem, interior=interior) for spec in self.config.restarts]
        self.rows = Rows(problem) if self.config.multipliers else None
        self._progress = Progress()

    def kick(self, at: PumpState, before: PumpState, theta: Vector, cost_is_steady: bool) -> Kick | None:
        """Return the first kick that a restart gives, or None.

        at              the state of this iteration, before the step and the kick
        before          the state of the iteration before it
        theta           (n,) after the step
        cost_is_steady  False while the objective's share in the cost still changes: then no restart is
                        asked, since an LP point that repeats under another cost is no cycle
        """
        y, previous = at.x_round[self.integers], before.x_round[self.integers]
        repeats = np.array_equal(y, previous)
        seen = self.config.memory == "all" and not repeats and hash(y.tobytes()) in self._seen_roundings
        self._seen_roundings.add(hash(previous.tobytes()))
        stagnation, stall = self._progress.update(at.violated_rows), self.config.stall
        cycles = seen or (stagnation > 0 and stall > 0 and stagnation % stall == 0)
        if repeats and self.rows is not None and self.weights is not None:
            excess = self.rows.excess(at.x_round)
            if excess.any():
                self.weights = self.weights + self.config.multipliers * excess / excess.max()
        if not cost_is_steady:
            return None
        context = StallContext(
            at.iteration, theta, at.x_lp, at.x_round, before.x_round, at.recent, cycles, self.weights
        )
        rng = np.random.default_rng((self.seed, at.iteration))
        for restart in self.restarts:
            kick = restart.kick(context, rng)
            if kick is not None:
                if kick.weights is not None and self.rows is not None:
                    self.weights = kick.weights
                return kick
        return None
