"""Detection of stalls, with the memory of roundings, the multipliers of the rows and the column penalties."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diffpump.config.pump import Config
from diffpump.core.arrays import Mask, Vector
from diffpump.core.interior import Interior
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL, LP_TOL
from diffpump.operators.losses import Rows
from diffpump.operators.multipliers import MULTIPLIERS
from diffpump.operators.restarts import RESTARTS, Kick, StallContext
from diffpump.pump.state import PumpState

# Largest penalty of a column: beyond a ratio of this size the LP's dual tolerance hides the smaller costs.
MAX_PENALTY = 1e8


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

    weights    the multipliers of the rows (m,), or None for 1 each. They change by the rule that
               `Config.multipliers` names: they grow when the rounding repeats on I or the pump cycles, and
               decay at every kick. A restart that searches with them may replace them.
    penalties  the penalties mu of the integer columns (|I|,), or None for 1 each. When the rounding repeats
               on I, mu_j grows by the factor 1 + s, with s = `Config.penalties`, on the columns with
               |x_j - y_j| > INTEGRAL_TOL. If the largest would exceed MAX_PENALTY, all are scaled down
               together, but not below 1, since the LP depends on their ratios.

    The penalties are those of Geissler et al., Penalty alternating direction methods for mixed-integer
    optimization: a new view on feasibility pumps (2017), who let them grow in place of restarts.

    With `memory=all` the pump also cycles when its rounding equals x_round, kick included, of any iteration
    before the last one. With `stall=k` it also cycles after k iterations in a row whose roundings do not
    violate fewer rows than the best one so far.
    """

    def __init__(self, config: Config, problem: Problem, seed: int) -> None:
        self.config, self.seed = config, seed
        self.multipliers = (
            None if config.multipliers is None else MULTIPLIERS.build(config.multipliers, problem)
        )
        self.weights: Vector | None = None if self.multipliers is None else np.ones(problem.m)
        self.penalties: Vector | None = np.ones(problem.integers.size) if config.penalties else None
        self._seen_roundings: set[int] = set()  # hashes of x_round on I, after its kick

    def set_problem(self, problem: Problem, interior: Interior) -> None:
        """Build the restarts on a problem, whose rows count from now on, and start the progress afresh."""
        self.integers = problem.integers
        if self.penalties is not None and self.penalties.size != self.integers.size:
            self.penalties = np.ones(self.integers.size)  # another stage has other integer columns
        self.restarts = [RESTARTS.build(spec, problem, interior=interior) for spec in self.config.restarts]
        self.rows = None if self.multipliers is None else Rows(problem)
        self._progress = Progress()

    def kick(
        self, at: PumpState, before: PumpState, theta: Vector, judged: Vector, cost_is_steady: bool
    ) -> Kick | None:
        """Return the first kick that a restart gives, or None.

        at              the state of this iteration, before the step and the kick
        before          the state of the iteration before it
        theta           (n,) after the step
        judged          (n,) the point at whose violated rows the multipliers grow: x_round, or what the loss
                        has made of it
        cost_is_steady  False while the objective's share in the cost still changes: then no restart is
                        asked, since an LP point that repeats under another cost is no cycle
        """
        y, previous = at.x_round[self.integers], before.x_round[self.integers]
        repeats = np.array_equal(y, previous)
        seen = self.config.memory == "all" and not repeats and hash(y.tobytes()) in self._seen_roundings
        self._seen_roundings.add(hash(previous.tobytes()))
        stagnation, stall = self._progress.update(at.violated_rows), self.config.stall
        cycles = seen or (stagnation > 0 and stall > 0 and stagnation % stall == 0)
        if repeats or cycles:
            self._grow_multipliers(judged)
        if repeats and self.penalties is not None:
            distance = np.abs(at.x_lp[self.integers] - y)
            self.penalties = _grown(self.penalties, distance > INTEGRAL_TOL, self.config.penalties)
        if not cost_is_steady:
            return None
        # Multipliers that never change are no weights for a search, which would forget its own for them.
        fixed = self.multipliers is not None and self.multipliers.step == 0
        weights = None if fixed else self.weights
        context = StallContext(
            at.iteration, theta, at.x_lp, at.x_round, before.x_round, at.recent, cycles, weights
        )
        rng = np.random.default_rng((self.seed, at.iteration))
        for restart in self.restarts:
            kick = restart.kick(context, rng)
            if kick is not None:
                if self.multipliers is not None and self.weights is not None:
                    weights = self.weights if kick.weights is None else kick.weights
                    self.weights = self.multipliers.decayed(weights)
                return kick
        return None

    def _grow_multipliers(self, judged: Vector) -> None:
        """Let the multipliers of the rows grow that a point (n,) violates, if there is a rule for it."""
        if self.multipliers is None or self.rows is None or self.weights is None:
            return
        excess = self.rows.excess(judged)
        excess[excess <= LP_TOL] = 0.0  # LPs leave so much, and the loss `argmin_feasibility` its margin
        self.weights = self.multipliers.grown(self.weights, excess)


def _grown(penalties: Vector, columns: Mask, rate: float) -> Vector:
    """Return the penalties (|I|,), multiplied by 1 + rate on some columns, within [1, MAX_PENALTY]."""
    grown: Vector = np.where(columns, penalties * (1.0 + rate), penalties)
    largest = float(grown.max(initial=1.0))
    if largest > MAX_PENALTY:
        grown = np.maximum(grown * (MAX_PENALTY / largest), 1.0)
    return grown
