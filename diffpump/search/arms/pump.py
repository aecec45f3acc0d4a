"""The differentiable feasibility pump as an arm: it keeps its state between slices.

It begins at the root LP's point, takes over what the local search has learnt of the rows, as their
multipliers, and leaves there what it learns. After a first solution it asks for a better one, by a cutoff
row.

Where one pump stalls another one does not: with its restarts in the other order, or on the model as it is
instead of the presolved one. So a pump that has found nothing after PATIENCE iterations ends, the next one
has the last restart first, and every second one twice the patience (results/engine/better.md).

An LP that a slice cuts off goes on in the next one from the basis it has come to; the first one without a
basis, and those that complete a rounding, are not cut off. The latter are solved from scratch: presolve sees
at once that most of them cannot hold, the simplex from a basis of other integers after 70 000 iterations
(thor50dday).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.backends.relaxation import load
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.core.status import LpStatus, Status
from diffpump.pump import Pump, PumpState
from diffpump.search.arm import ITERATION, Slice
from diffpump.search.completion import Completion
from diffpump.search.pool import Pool
from diffpump.search.relaxing import relax
from diffpump.search.space import Space

PATIENCE = 100  # iterations
ASPIRATION = 0.01  # relative improvement that the cutoff row asks for
LEAST = 1e-3  # of a row's multiplier: local search may count a row as next to nothing


class PumpArm:
    """An arm. own: it solves the root LP itself, if its first slice is enough for that, and does not wait."""

    def __init__(
        self, space: Space, pool: Pool, name: str, config: Config, seed: int, clock: Clock, own: bool = False
    ) -> None:  # fmt: skip
        self._space, self._pool, self._name = space, pool, name
        self._config, self._seed, self._clock, self._own = config, seed, clock, own
        self._pump: Pump | None = None
        self._piece: Slice | None = None
        self._tried = set[int]()  # integers that were completed, by any pump
        self._states: Iterator[PumpState] = iter(())
        self._below, self._ended = np.inf, False
        self._pumps = 0
        self._completion = Completion(space.problem)

    @property
    def exhausted(self) -> bool:
        """There is no root LP, or a pump has failed."""
        return self._ended or (self._space.root is None and not self._own)

    def run(self, piece: Slice) -> None:
        """Pumps until the slice is over, or one has found something."""
        self._piece = piece
        if self._space.root is None:
            self._relax(piece)
        status = Status.ITERATION_LIMIT
        while status is Status.ITERATION_LIMIT and not (self.exhausted or piece.over()):
            status = self._iterate(piece)

    def _relax(self, piece: Slice) -> None:
        """The root LP."""
        space, self._own = self._space, False
        relaxed = relax(space.problem, "simplex", piece.limits(space.problem))
        piece.solved(space.problem, relaxed.iterations)
        if relaxed.status is LpStatus.OPTIMAL:
            space.relaxed(relaxed)

    def _iterate(self, piece: Slice) -> Status:
        """Iterations of one pump, until the slice is over, TIME_LIMIT, or it ends; how it did."""
        space, pump = self._space, self._pump or self._begin()
        if self._pool.value < self._below:
            self._below = self._pool.value
            pump.cutoff(self._pool.below(ASPIRATION) - space.shift)
        if space.weights is not None:
            pump.row_weights = np.maximum(space.weights, LEAST)
        spent, status = pump.counters["lp_iterations"], Status.ITERATION_LIMIT
        for state in self._states:
            if state.kick is None:
                space.note(state.x_round, state.violated_rows, self._name)
            iterations = state.counters["lp_iterations"]
            piece.solved(space.problem, iterations - spent)
            piece.spend(space.problem.nnz + ITERATION)  # also where the LP has nothing to do
            spent = iterations
            status = state.status or status
            if state.status is Status.TIME_LIMIT:
                self._states = pump.iterates(state)
            if state.status is Status.TIME_LIMIT or (state.status is None and piece.over()):
                space.weigh(pump.row_weights)
                return Status.TIME_LIMIT
        self._pump, self._ended = None, status not in (Status.FEASIBLE, Status.ITERATION_LIMIT)
        return status

    def _begin(self) -> Pump:
        """A pump from its first iteration."""
        space, config = self._space, self._config
        doubled, turned = divmod(self._pumps, 2)
        order = (*config.restarts[-1:], *config.restarts[:-1]) if turned else config.restarts
        config = config.with_(restarts=order, max_iter=PATIENCE << doubled)
        assert space.root is not None
        relaxation = load(space.problem, config.backend, config.lp_start, config.lp_algorithm)
        self._pump = pump = Pump(
            space.problem, config, relaxation, self._seed, self._clock,
            accept=lambda x: self._pool.offer(space.lift(x), self._name), refute=lambda ray: False,
            x0=np.clip(space.root, space.problem.lb, space.problem.ub),
            pause=self._pause, complete=self._complete,
        )  # fmt: skip
        relaxation.restore_basis(space.basis)
        self._states, self._below = pump.iterates(), np.inf
        self._seed, self._pumps = self._seed + 1, self._pumps + 1
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
