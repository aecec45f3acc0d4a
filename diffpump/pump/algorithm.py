"""The differentiable feasibility pump: Algorithm 2 of arXiv 2411.03535.

    x_lp    = argmin_{x in P} theta'x          one LP (the relaxation is loaded once)
    x_round = rounding(x_lp)                   stop when it solves the model
    L       = sum_k w_k f_k(theta, x_lp, x_round)
    theta  <- optimizer(theta, dL/dtheta)      through the rounding's and the argmin's surrogate Jacobians
    a restart may kick theta and x_round       when the pump stalls

Iteration 0 solves the LP under the model's own cost and sets theta_0 = +1 / -1 where the rounding is at
its lower / upper value (`losses.Sides`), 0 on continuous columns; iterations 1 .. max_iter follow. With
the FP preset the iterates are those of the original feasibility pump (Proposition 3.2).

No I/O and no printing here: time comes in as a callable, `iterates` yields a `PumpState` per iteration,
and whoever prints, stores or stops loops over it. Success is decided by the judge on the original rows,
bounds and integrality, and by `accept`, never by a loss. Randomness comes from (seed, iteration).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from diffpump.backends.interface import Relaxation
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus, Status
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.operators.losses import Point, Sides
from diffpump.operators.optimizers import OPTIMIZERS
from diffpump.operators.roundings import ROUNDINGS, Rounding, Safe
from diffpump.pump.cutoff import with_cutoff
from diffpump.pump.descent import Descent
from diffpump.pump.judging import Judging
from diffpump.pump.objective import Objective
from diffpump.pump.oracle import Oracle, reached
from diffpump.pump.repair import Repair
from diffpump.pump.segment import Segment
from diffpump.pump.stalls import Stalls
from diffpump.pump.state import PumpState
from diffpump.verify.check import farkas

MAX_LP_FAILURES = 3  # consecutive numerical failures of the LP before the run gives up


@dataclass(eq=False)
class Pump:
    """A pump at work on one model: the operators a `Config` names, and what they have in common.

    `accept(x)` has the last word on a candidate that the judge takes (the exact proof); a refused one is
    counted and the pump goes on. `refute(ray)` has it on the LP solver's claim that the model is infeasible;
    left out, `check.farkas` judges the ray on the problem. `x0` (n,) stands for the first LP's point if it
    is known. After a solution `cutoff` asks for a better one, and `iterates(state)` goes on; so it does after
    an LP took longer than `pause` (see `Oracle`), where the state says TIME_LIMIT. `complete`: see `Repair`.
    """

    problem: Problem
    config: Config
    relaxation: Relaxation
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    accept: Callable[[Vector], bool] = lambda x: True
    refute: Callable[[Vector], bool] | None = None
    x0: Vector | None = None
    pause: Callable[[], float] = lambda: np.inf
    complete: Callable[[Vector], Vector | None] | None = None

    def __post_init__(self) -> None:
        problem, config = self.problem, self.config
        self.optimizer = OPTIMIZERS.build(config.optimizer, problem)
        self.sides = Sides(problem)
        self.oracle = Oracle(problem, self.relaxation, self.clock, config.lp_iterations or None, self.pause)
        self.objective = Objective(problem.c, config.alpha, config.objective)
        self.boxed = config.integers == "box" and bool(problem.general.any())
        self.counters = self.oracle.counters
        self.failures = 0  # numerical failures of the LP since the last success
        self.bounded = False  # whether there is a cutoff row
        self.anchored = self.x0 is None  # whether the last LP point lies in P, to put a box around
        self.stalls = Stalls(config, problem, self.seed)
        self._equip(problem)
        if config.cutoff is not None:
            self.cutoff((-config.cutoff if problem.maximise else config.cutoff) - problem.offset)

    def _equip(self, problem: Problem) -> None:
        """The operators that look at rows, on the problem or on it with its cutoff row."""
        config = self.config
        self.rounding: Rounding = ROUNDINGS.build(config.rounding, problem)
        self.unlocked = np.zeros(0, dtype=np.intp)  # columns without a cost
        if config.locks == "use":
            self.rounding = safe = Safe(problem, self.rounding)
            self.unlocked = safe.columns
        self.descent = Descent(problem, config, self.rounding)
        self.oracle.free[:] = False
        self.oracle.free[self.unlocked] = True
        self.stalls.equip(problem)
        repair = Repair(problem, self.oracle, complete=self.complete) if config.repair == "lp" else None
        self.judging = Judging(problem, repair, self.accept, self.counters)
        self.segment = Segment(problem, config.segment) if config.segment else None

    # -- what a caller may change between iterations --------------------------------------------------

    @property
    def row_weights(self) -> Vector:
        """The rows' multipliers (m,), positive, 1 at first: set what is known of the rows, read what the pump
        learnt. They move by themselves with `multipliers` only."""
        m, weights = self.problem.m, self.stalls.weights
        return np.ones(m) if weights is None else weights[:m].copy()

    @row_weights.setter
    def row_weights(self, weights: Vector) -> None:
        if weights.shape != (self.problem.m,) or not (weights > 0).all() or not np.isfinite(weights).all():
            raise ValueError("row weights are positive numbers, one for each row")
        self.stalls.weights = np.append(weights, np.ones(int(self.bounded)))

    def cutoff(self, value: float) -> None:
        """Ask for c'x <= value, c the minimisation's, offset left out: in the LP and for every operator."""
        weights = self.row_weights if self.stalls.weights is not None else None
        self.relaxation.set_cutoff(self.problem.c, value)
        self.relaxation.set_bounds(self.problem.lb, self.problem.ub)
        self.bounded, self.anchored = True, False
        self._equip(with_cutoff(self.problem, value))
        self.objective.restart()
        if weights is not None:
            self.row_weights = weights

    # -- the two moves of the algorithm -------------------------------------------------------------

    def start(self) -> PumpState:
        """Iteration 0: the LP under the model's own cost, its rounding, and theta_0."""
        problem = self.problem
        lp = self.oracle.solve(problem.c) if self.x0 is None else self._given(self.x0)
        theta = np.zeros(problem.n)
        if lp.status is LpStatus.OPTIMAL:
            theta[self.sides.index] = self.sides(lp.x)[1]
            theta[self.unlocked] = 0.0
            return self._judged(0, lp, theta, recent=())
        status = _LP_ENDS.get(lp.status, Status.LP_FAILED)
        if status is Status.INFEASIBLE and self.bounded:
            status = Status.EXHAUSTED
        elif status is Status.INFEASIBLE and not (lp.ray is not None and self._refuted(lp.ray)):
            status = Status.LP_FAILED  # the solver says so, but its ray proves nothing
        x = np.clip(theta, problem.lb, problem.ub)
        return PumpState(
            0, theta, x, x, (), lp, *self.judging.violation(x), self.sides.index.size,
            self.oracle.seconds, dict(self.counters), status=status,
        )  # fmt: skip

    def step(self, state: PumpState) -> PumpState:
        """One iteration: LP, rounding, judge, and unless that ends the run: loss, gradient, step, kick."""
        k = state.iteration + 1
        theta = state.theta
        self.objective.advance()
        if self.boxed and self.anchored:
            sides = np.random.default_rng((self.seed, state.iteration, 2))
            theta = self.oracle.box(theta, state.x_lp, state.x_round, sides)

        def blend(cost: Vector) -> Vector:
            return self.objective.blend(cost, state.x_lp)

        theta, lp = self.oracle.argmin(theta, blend)
        if not reached(lp):
            return self._lp_ended(state, k, lp)
        self.failures, self.anchored = 0, True
        recent = (*state.recent[-1:], state.x_lp)
        judged = self._judged(k, lp, theta, recent)
        if judged.status is None and self.segment is not None:
            between = self.segment(lp.x, judged.x_round, state.x_round, state.x_lp)
            judged = self._tried(judged, between, "segment")
        if judged.status is not None:
            return judged
        terms, loss, gradient = self.descent(
            Point(theta, judged.x_lp, judged.x_round, self.stalls.weights),
            lambda cost: self.oracle.point(cost, blend),
            np.random.default_rng((self.seed, k, 1)),
        )
        theta = self.optimizer.step(theta, gradient)
        x_round = judged.x_round
        kick = self.stalls.kick(judged, state, theta, self.objective.settled)
        if kick is not None:
            self.counters[kick.kind] += 1
            theta[kick.columns] = kick.theta
            x_round[kick.columns] = kick.x_round
        theta[self.unlocked] = 0.0
        now = self._now(judged, theta=theta, terms=terms, loss=loss, kick=kick)
        return now if kick is None or kick.candidate is None else self._tried(now, kick.candidate)

    def iterates(self, state: PumpState | None = None) -> Iterator[PumpState]:
        """States from iteration 0 on, or those after a state, whatever that one ended with.

        The last one has a status.
        """
        state = self.start() if state is None else self.step(replace(state, status=None, solution=None))
        while state.status is None:
            ended = self.clock.ended()
            if ended is None and state.iteration >= self.config.max_iter:
                ended = Status.ITERATION_LIMIT
            if ended is not None:
                state = replace(state, status=ended)
                break
            yield state
            state = self.step(state)
        yield state

    # -- the ends -----------------------------------------------------------------------------------

    def _lp_ended(self, state: PumpState, k: int, lp: LpResult) -> PumpState:
        """The state after an LP without a point: the end, or a fresh direction where it failed."""
        status: Status | None = _LP_ENDS.get(lp.status, Status.LP_FAILED)
        theta = state.theta
        if status is Status.INFEASIBLE and self.bounded and not self.anchored:
            status = Status.EXHAUSTED
        elif status not in (Status.TIME_LIMIT, Status.INTERRUPTED, Status.ITERATION_LIMIT):
            # The LP had a solution before (and with a cutoff that is not new), so what it says is numerical.
            self.counters["lp_failures"] += 1
            self.failures += 1
            status = Status.LP_FAILED if self.failures >= MAX_LP_FAILURES else None
            theta = np.zeros(self.problem.n)
            signs = np.random.default_rng((self.seed, k)).choice([-1.0, 1.0], size=self.sides.index.size)
            theta[self.sides.index] = signs
            theta[self.unlocked] = 0.0
        return self._now(state, iteration=k, theta=theta, lp=lp, kick=None, status=status)

    # -- judging ------------------------------------------------------------------------------------

    def _judged(self, k: int, lp: LpResult, theta: Vector, recent: tuple[Vector, ...]) -> PumpState:
        """Round and judge an LP point; FEASIBLE when the rounding, or its repair, solves the model."""
        x, y = lp.x, self.rounding.forward(lp.x)
        violation, violated_rows = self.judging.violation(y)
        distance = np.abs(x - y)[self.sides.index]
        solution = self.judging.solution(y, violation)
        return PumpState(
            k, theta, x, y, recent, lp, violation, violated_rows,
            int(np.count_nonzero(distance > INTEGRAL_TOL)), self.oracle.seconds, dict(self.counters),
            status=None if solution is None else Status.FEASIBLE, solution=solution,
        )  # fmt: skip

    def _tried(self, state: PumpState, candidate: Vector, counted: str | None = None) -> PumpState:
        """The state, FEASIBLE if this other candidate (n,) solves the model."""
        solution = self.judging.solution(candidate)
        if solution is None:
            return state
        if counted is not None:
            self.counters[counted] += 1
        return self._now(state, status=Status.FEASIBLE, solution=solution)

    def _given(self, x0: Vector) -> LpResult:
        """The caller's point in place of the first LP."""
        if x0.shape != (self.problem.n,) or np.isnan(x0).any():
            raise UsageError(f"x0 must be {self.problem.n} numbers")
        x = np.clip(x0, self.problem.lb, self.problem.ub)
        return LpResult(LpStatus.OPTIMAL, x, 0, 0.0, "given")

    def _refuted(self, ray: Vector) -> bool:
        return farkas(self.problem, ray) if self.refute is None else self.refute(ray)

    def _now(self, state: PumpState, **changes: Any) -> PumpState:
        """The state with these changes and the totals as they stand."""
        return replace(state, counters=dict(self.counters), lp_seconds=self.oracle.seconds, **changes)


_LP_ENDS = {
    LpStatus.INFEASIBLE: Status.INFEASIBLE,
    LpStatus.UNBOUNDED: Status.UNBOUNDED,
    LpStatus.TIME_LIMIT: Status.TIME_LIMIT,
    LpStatus.INTERRUPTED: Status.INTERRUPTED,
    LpStatus.ITERATION_LIMIT: Status.ITERATION_LIMIT,
}
