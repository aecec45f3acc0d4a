"""What a pump does when it stalls: kicks by its restarts, a memory of roundings, multipliers on rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.operators.losses import Rows
from diffpump.operators.restarts import RESTARTS, Kick, Situation
from diffpump.pump.state import PumpState


@dataclass
class Progress:
    """The fewest violated rows so far, and how many iterations in a row have not had fewer."""

    fewest: float = math.inf
    since: int = 0

    def after(self, violated: int) -> int:
        """`since`, after an iteration with so many violated rows."""
        self.since = 0 if violated < self.fewest else self.since + 1
        self.fewest = min(self.fewest, violated)
        return self.since


class Stalls:
    """`weights` are the rows' multipliers, None for 1 each.

    When the rounding repeats on I they grow by s viol_i / max viol, viol on normalised rows (Geissler et al.,
    Penalty alternating direction methods, 2017, let penalties grow in place of restarts). With
    `memory=all` a rounding that any iteration before the last one began with is a cycle too, with `stall`
    so many iterations in a row whose roundings do not violate fewer rows than the best one so far.
    """

    def __init__(self, config: Config, problem: Problem, seed: int) -> None:
        self.config, self.seed = config, seed
        self.weights: Vector | None = np.ones(problem.m) if config.multipliers else None
        self._met: set[int] = set()

    def equip(self, problem: Problem) -> None:
        """Look at this problem's rows from now on."""
        self.integers = problem.integers
        self.restarts = [RESTARTS.build(spec, problem) for spec in self.config.restarts]
        self.rows = Rows(problem) if self.config.multipliers else None
        self._progress = Progress()

    def kick(self, at: PumpState, before: PumpState, theta: Vector, settled: bool) -> Kick | None:
        """The first kick that a policy has to give, theta being that after the step.

        None, too, while the LP's cost has not `settled`: the same point under another cost is no cycle.
        """
        y, previous = at.x_round[self.integers], before.x_round[self.integers]
        repeats = np.array_equal(y, previous)
        seen = self.config.memory == "all" and not repeats and hash(y.tobytes()) in self._met
        self._met.add(hash(previous.tobytes()))
        since, stall = self._progress.after(at.violated_rows), self.config.stall
        cycles = seen or (since > 0 and stall > 0 and since % stall == 0)
        if repeats and self.rows is not None and self.weights is not None:
            excess = self.rows.excess(at.x_round)
            if excess.any():
                self.weights = self.weights + self.config.multipliers * excess / excess.max()
        if not settled:
            return None
        situation = Situation(
            at.iteration, theta, at.x_lp, at.x_round, before.x_round, at.recent, cycles, self.weights
        )
        rng = np.random.default_rng((self.seed, at.iteration))
        for restart in self.restarts:
            kick = restart.kick(situation, rng)
            if kick is not None:
                if kick.weights is not None and self.rows is not None:
                    self.weights = kick.weights
                return kick
        return None
