"""The differentiable feasibility pump as an arm: it keeps its state between slices.

It waits for the root LP's point and begins there, takes over what the local search has learnt of the rows,
as their multipliers, and leaves there what it learns. After a first solution it asks for a better one, by a
cutoff row. A slice may overrun by one LP: an LP that is cut off is lost, one that ends is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.backends import load
from diffpump.config import Config
from diffpump.oracle import Clock
from diffpump.pump import Pump, PumpState
from diffpump.result import Status
from diffpump.search.arm import Slice
from diffpump.search.pool import Pool
from diffpump.search.space import Space

ASPIRATION = 0.01  # relative improvement that the cutoff row asks for
LEAST = 1e-3  # of a row's multiplier: local search may count a row as next to nothing


class PumpArm:
    """An arm."""

    def __init__(self, space: Space, pool: Pool, config: Config, seed: int, clock: Clock) -> None:
        self._space, self._pool, self._config, self._seed, self._clock = space, pool, config, seed, clock
        self._pump: Pump | None = None
        self._states: Iterator[PumpState] = iter(())
        self._below, self._ended = np.inf, False

    @property
    def exhausted(self) -> bool:
        """There is no root LP yet, or the pump ended without a solution: at a limit, or failing."""
        return self._ended or self._space.root is None

    def run(self, piece: Slice) -> None:
        """Iterations until the slice is over."""
        space, pump = self._space, self._pump or self._begin()
        if self._pool.value < self._below:
            self._below = self._pool.value
            pump.cutoff(self._pool.below(ASPIRATION) - space.shift)
        if space.weights is not None:
            pump.row_weights = np.maximum(space.weights, LEAST)
        spent, status = pump.counters["lp_iterations"], Status.TIME_LIMIT
        for state in self._states:
            if state.kick is None:
                space.note(state.x_round, state.violated_rows, "pump")
            iterations = state.counters["lp_iterations"]
            piece.solved(space.problem, iterations - spent)
            spent = iterations
            if state.status is not None:
                status = state.status
            elif piece.over():
                space.weigh(pump.row_weights)
                return
        self._pump, self._ended = None, status is not Status.FEASIBLE

    def _begin(self) -> Pump:
        """A pump from its first iteration."""
        space, config = self._space, self._config
        assert space.root is not None
        relaxation = load(space.problem, config.backend, config.lp_start, config.lp_algorithm)
        self._pump = pump = Pump(
            space.problem, config, relaxation, self._seed, self._clock,
            accept=lambda x: self._pool.offer(space.lift(x), "pump"), refute=lambda ray: False,
            x0=np.clip(space.root, space.problem.lb, space.problem.ub),
        )  # fmt: skip
        relaxation.restore_basis(space.basis)
        self._states, self._below = pump.iterates(), np.inf
        self._seed += 1
        return pump
