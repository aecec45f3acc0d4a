"""The differentiable feasibility pump as an arm: it keeps its state between slices.

It waits for the root LP's point and begins there, takes over what the local search has learnt of the rows,
as their multipliers, and leaves there what it learns. After a first solution it asks for a better one, by a
cutoff row.

An LP that a slice cuts off goes on in the next one from the basis it has come to; the first one without a
basis, and those that complete a rounding, are not cut off. The latter are solved from scratch: presolve sees
at once that most of them cannot hold, the simplex from a basis of other integers after 70 000 iterations
(thor50dday).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.backends import load
from diffpump.config import Config
from diffpump.oracle import Clock
from diffpump.pump import Pump, PumpState
from diffpump.result import Status, Vector
from diffpump.search.arm import Slice
from diffpump.search.completion import Completion
from diffpump.search.pool import Pool
from diffpump.search.space import Space

ASPIRATION = 0.01  # relative improvement that the cutoff row asks for
LEAST = 1e-3  # of a row's multiplier: local search may count a row as next to nothing


class PumpArm:
    """An arm."""

    def __init__(self, space: Space, pool: Pool, config: Config, seed: int, clock: Clock) -> None:
        self._space, self._pool, self._config, self._seed, self._clock = space, pool, config, seed, clock
        self._pump: Pump | None = None
        self._piece: Slice | None = None
        self._tried = set[int]()  # integers that were completed, by any pump
        self._states: Iterator[PumpState] = iter(())
        self._below, self._ended = np.inf, False
        self._completion = Completion(space.problem)

    @property
    def exhausted(self) -> bool:
        """There is no root LP yet, or the pump ended without a solution: at a limit, or failing."""
        return self._ended or self._space.root is None

    def run(self, piece: Slice) -> None:
        """Iterations until the slice is over."""
        self._piece = piece
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
            status = state.status or status
            if state.status is Status.TIME_LIMIT:
                self._states = pump.iterates(state)
            if state.status is Status.TIME_LIMIT or (state.status is None and piece.over()):
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
            pause=self._pause, complete=self._complete,
        )  # fmt: skip
        relaxation.restore_basis(space.basis)
        self._states, self._below = pump.iterates(), np.inf
        self._seed += 1
        return pump

    def _pause(self) -> float:
        """Seconds that an LP may take now."""
        return np.inf if self._piece is None or self._piece.counted else self._piece.left()

    def _complete(self, y: Vector) -> Vector | None:
        """A point with y's integers, (n,), where there was none before."""
        key = hash(y[self._space.problem.integer].tobytes())
        if key in self._tried:
            return None
        self._tried.add(key)
        assert self._pump is not None
        before = self._completion.iterations
        x = self._completion(y, self._clock.limits())
        self._pump.counters["lp_iterations"] += self._completion.iterations - before
        return x
