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
from diffpump.search.space import Space


class PumpArm:
    """An arm; exhausted when the pump ended: with a solution, at its limit of iterations, or failing."""

    def __init__(self, space: Space, pool: Pool, config: Config, seed: int, clock: Clock) -> None:
        self.exhausted = False
        self._space = space
        problem = space.problem
        relaxation = load(problem, config.backend, config.lp_start, config.lp_algorithm)
        pump = Pump(
            problem, config, relaxation, seed, clock,
            accept=lambda x: pool.offer(space.lift(x), "pump"), refute=lambda ray: False,
        )  # fmt: skip
        self._states = pump.iterates()

    def run(self, piece: Slice) -> None:
        """Iterations until the slice is over."""
        spent = 0
        for state in self._states:
            if state.iteration == 0 and state.status is None and not self._space.vertex:
                self._space.root, self._space.vertex = state.x_lp, True
            self._space.note(state.x_round, state.violated_rows, "pump")
            iterations = state.counters["lp_iterations"]
            piece.solved(self._space.problem, iterations - spent if spent else state.lp.iterations)
            spent = iterations
            if piece.over():
                return
        self.exhausted = True
