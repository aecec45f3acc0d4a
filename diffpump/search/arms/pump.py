"""The differentiable feasibility pump as an arm: it keeps its state between slices.

A slice may overrun by one LP: an LP that is cut off is lost, one that ends is not.
"""

from __future__ import annotations

from diffpump.backends import load
from diffpump.config import Config
from diffpump.oracle import Clock
from diffpump.pump import Pump
from diffpump.search.arm import Slice
from diffpump.search.pool import Pool
from diffpump.search.space import Spaces


class PumpArm:
    """An arm; exhausted when the pump ended: with a solution, at its limit of iterations, or failing."""

    def __init__(self, spaces: Spaces, pool: Pool, config: Config, seed: int, clock: Clock) -> None:
        self.exhausted = False
        self._spaces, self._space = spaces, spaces.work
        problem, lift = self._space.problem, self._space.lift
        relaxation = load(problem, config.backend, config.lp_start, config.lp_algorithm)
        pump = Pump(
            problem, config, relaxation, seed, clock,
            accept=lambda x: pool.offer(lift(x), "pump"), refute=lambda ray: False,
        )  # fmt: skip
        self._states = pump.iterates()

    def run(self, piece: Slice) -> None:
        """Iterations until the slice is over."""
        for state in self._states:
            if state.iteration == 0 and state.status is None:
                self._spaces.root = self._space.lift(state.x_lp)
            if piece.over():
                return
        self.exhausted = True
