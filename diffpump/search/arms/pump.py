"""The differentiable feasibility pump as an arm, which keeps its state between slices.

The pump starts at the root LP's point. If points of earlier models are recalled, the first pump has a theta_0
that pulls its LP to them. The pump takes the row weights of the local search as its multipliers, and
leaves its own multipliers as the weights. After a solution, by whatever arm, a cutoff row requires one that
closes a share of the gap to the LP relaxation. Where the root LP is cheap, the first turn after the first
solution is early, since the solutions of arms without an LP are often poor (results/engine/pump).

If one pump stalls, another one may not: with its restarts in the other order, or on the original model
instead of the presolved one. A pump that has found nothing after `PATIENCE` iterations therefore ends. The
next one asks for half the share and has the last restart first, and the patience doubles after every second
pump (results/engine/better.md).

An LP that the slice cuts off continues in the next slice from the basis that it has reached. The first LP
has no basis and is not cut off, nor are the LPs that complete a rounding. The latter are solved from
scratch: presolve detects at once that most of them are infeasible, while the simplex from a basis of other
integers needs 70 000 iterations for it (thor50dday).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from diffpump.backends.completion import Completion
from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus, Status
from diffpump.search.budget import LP_ITERATION_WORK, Arm, Budget, lp_seconds
from diffpump.search.context import RunContext
from diffpump.search.earlier import first_theta
from diffpump.search.lp_process import solve_root_lp

if TYPE_CHECKING:
    from diffpump.pump import Pump, PumpState

PATIENCE = 100  # iterations of the first pump without a solution
ASPIRATION = 0.01  # relative improvement that the cutoff row requires at least
CHEAP_ROOT = 1.0  # seconds of the root LP, counted in work, up to which a pump comes early
MIN_MULTIPLIER = 1e-3  # smallest multiplier of a row: local search may give a row almost no weight


class PumpArm:
    """A sequence of pumps in a space.

    On the original model the arm solves the root LP itself, if its first slice suffices for that. On the
    presolved model it waits for the root LP.
    """

    def __init__(self, context: RunContext, name: str) -> None:
        self._space, self._pool, self._name = context.space(name), context.pool, name
        # Importing the pump takes 25 ms, which a first solution by another arm need not wait for.
        from diffpump.config.presets import ENGINE_PUMP, PROJECTION_PUMP
        from diffpump.pump.improvement import SHARE

        self._config = ENGINE_PUMP if context.gradient else PROJECTION_PUMP
        self._seed, self._run_limits = context.seed_of(name), context.run_limits
        # The root arm solves the LP of the presolved space only.
        self._solves_root = self._space is not context.spaces.presolved
        self._pump: Pump | None = None
        self._budget: Budget | None = None
        self._completed = set[int]()  # hashes of the integers that any pump has completed
        self._states: Iterator[PumpState] = iter(())
        self._cutoff_value, self._ended = np.inf, False
        self._first_share = self._share = SHARE
        self._pumps, self._patience = 0, PATIENCE
        self._earlier = context.earlier
        self._completion = Completion(self._space.problem)

    @property
    def exhausted(self) -> bool:
        """True if there is no root LP or a pump has failed."""
        return self._ended or (self._space.root is None and not self._solves_root)

    @property
    def due(self) -> bool:
        """Whether the root LP is there, with a basis, and was cheap."""
        space = self._space
        cheap = lp_seconds(space.problem, space.root_iterations) <= CHEAP_ROOT
        return space.basis is not None and cheap

    def run(self, budget: Budget) -> None:
        """Run pumps until the budget is spent or one has found a solution."""
        self._budget = budget
        if self._space.root is None:
            self._solve_root(budget)
        status = Status.ITERATION_LIMIT
        while status is Status.ITERATION_LIMIT and not (self.exhausted or budget.is_spent()):
            status = self._iterate(budget)

    def _solve_root(self, budget: Budget) -> None:
        """Solve the root LP, and keep its outcome if it is optimal."""
        space, self._solves_root = self._space, False
        outcome = solve_root_lp(space.problem, "simplex", budget.lp_limits(space.problem))
        budget.spend_lp(space.problem, outcome.iterations)
        if outcome.status is LpStatus.OPTIMAL:
            space.keep_root(outcome)

    def _iterate(self, budget: Budget) -> Status:
        """Iterate one pump; return how it ended, or TIME_LIMIT if the budget is spent first."""
        space, pump = self._space, self._pump or self._new_pump()
        if self._pool.value < self._cutoff_value:
            self._cutoff_value = self._pool.value
            pump.set_cutoff(self._target(self._share))
        if space.row_weights is not None:
            pump.row_weights = np.maximum(space.row_weights, MIN_MULTIPLIER)
        spent, status = pump.counters["lp_iterations"], Status.ITERATION_LIMIT
        for state in self._states:
            if state.kick is None:
                space.keep_near_feasible(state.x_round, state.violated_rows, self._name)
            iterations = state.counters["lp_iterations"]
            budget.spend_lp(space.problem, iterations - spent)
            budget.spend(space.problem.nnz + LP_ITERATION_WORK)  # even if the LP took no iterations
            spent = iterations
            status = state.status or status
            if status is Status.FEASIBLE:
                self._share = self._first_share
                pump.config = pump.config.with_(max_iter=state.iteration + self._patience)
            if status in (Status.TIME_LIMIT, Status.FEASIBLE):
                self._states = pump.iterates(state)
            if status in (Status.TIME_LIMIT, Status.FEASIBLE) or (state.status is None and budget.is_spent()):
                space.keep_row_weights(pump.row_weights)
                return status if status is Status.FEASIBLE else Status.TIME_LIMIT
        if status is Status.EXHAUSTED and self._target(self._share) < self._target(0.0):
            status = Status.ITERATION_LIMIT
        self._pump, self._ended = None, status is not Status.ITERATION_LIMIT
        self._share /= 2
        return status

    def _target(self, share: float) -> float:
        """Return the c'x of the space that closes a share of the gap to the LP relaxation, if it is known.

        It is at most the target of `ASPIRATION`.
        """
        space, least = self._space, self._pool.target(ASPIRATION, self._space.shift)
        if space.bound is None:
            return least
        value = self._pool.value - space.shift
        return min(least, value - share * (value - space.bound))

    def _new_pump(self) -> Pump:
        """Return a new pump before its first iteration."""
        from diffpump.pump import Pump, relaxation_for

        space, config = self._space, self._config
        doublings, second = divmod(self._pumps, 2)
        order = (*config.restarts[-1:], *config.restarts[:-1]) if second else config.restarts
        self._patience = PATIENCE << doublings
        config = config.with_(restarts=order, max_iter=self._patience)
        assert space.root is not None
        relaxation = relaxation_for(space.problem, config)
        self._pump = pump = Pump(
            space.problem, config, relaxation, self._seed, self._run_limits,
            accept=lambda x: self._pool.offer(space.to_original(x), self._name), refute=lambda ray: False,
            x0=np.clip(space.root, space.problem.lb, space.problem.ub),
            theta0=None if self._pumps else first_theta(self._earlier, space),
            pause=self._pause, complete=self._complete,
        )  # fmt: skip
        relaxation.restore_basis(space.basis)
        self._states, self._cutoff_value = pump.iterates(), np.inf
        self._seed, self._pumps = self._seed + 1, self._pumps + 1
        return pump

    def _pause(self) -> float:
        """Return the wall seconds that an LP may take now."""
        return np.inf if self._budget is None or self._budget.deterministic else self._budget.left()

    def _complete(self, y: Vector) -> Vector | None:
        """Return a completed point (n,) with y's integers, or None; each set of integers is tried once."""
        key = hash(y[self._space.problem.integer].tobytes())
        if key in self._completed:
            return None
        self._completed.add(key)
        assert self._pump is not None
        before = self._completion.iterations
        x = self._completion(y, self._run_limits.for_lp())
        self._pump.counters["lp_iterations"] += self._completion.iterations - before
        return x


@arm(
    "pump",
    "the differentiable pump on the presolved model",
    before={120: 1.0, 180: 2.5, 250: 2.5},
    after=(110, 1.5),
    early=0.5,
)
def _pump(context: RunContext) -> Arm:
    return PumpArm(context, "pump")


@arm(
    "raw-pump", "the differentiable pump on the original model", space="original", before={170: 4.0, 240: 2.5}
)
def _raw_pump(context: RunContext) -> Arm:
    return PumpArm(context, "raw-pump")
