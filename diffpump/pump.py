"""The differentiable feasibility pump: Algorithm 2 of arXiv 2411.03535, and nothing else.

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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from diffpump.argmin import JACOBIANS
from diffpump.backends import Relaxation
from diffpump.check import FEASIBILITY_TOL, Judge, farkas
from diffpump.config import Config
from diffpump.losses import LOSSES, Point, Sides
from diffpump.optim import OPTIMIZERS
from diffpump.oracle import Clock, Oracle
from diffpump.problem import Problem
from diffpump.repair import Repair
from diffpump.restarts import RESTARTS, Kick, Situation
from diffpump.result import LpResult, LpStatus, Status, Vector, Violation
from diffpump.rounding import ROUNDINGS

INTEGRAL_TOL = 1e-6  # an LP value this near an integer counts as integral
MAX_LP_FAILURES = 3  # consecutive numerical failures of the LP before the run gives up


@dataclass(frozen=True, eq=False)
class PumpState:
    """One iterate. theta and x_round are those the next iteration starts from (after step and kick).

    `violation` and `violated_rows` judge the rounding before its kick; `fractional` counts the integer
    columns on which x_lp is not integral. `status` is None while the pump goes on; `solution` is set
    when it is FEASIBLE. `counters` are totals so far: lp_solves, lp_iterations, flip, perturbation,
    unbounded (LPs that theta made unbounded), lp_failures, repairs, rejected (proofs that failed).
    """

    iteration: int
    theta: Vector
    x_lp: Vector
    x_round: Vector
    recent: tuple[Vector, ...]
    lp: LpResult
    violation: Violation
    violated_rows: int
    fractional: int
    lp_seconds: float
    counters: Mapping[str, int]
    terms: Mapping[str, float] = field(default_factory=dict)
    loss: float = 0.0
    kick: Kick | None = None
    status: Status | None = None
    solution: Vector | None = None


@dataclass(eq=False)
class Pump:
    """A pump at work on one model: the operators a `Config` names, and what they have in common.

    `accept(x)` has the last word on a candidate that the judge takes (the exact proof); a refused one is
    counted and the pump goes on. `refute(ray)` has it on the LP solver's claim that the model is infeasible;
    left out, `check.farkas` judges the ray on the problem.
    """

    problem: Problem
    config: Config
    relaxation: Relaxation
    seed: int = 0
    clock: Clock = field(default_factory=Clock)
    accept: Callable[[Vector], bool] = lambda x: True
    refute: Callable[[Vector], bool] | None = None

    def __post_init__(self) -> None:
        problem, config = self.problem, self.config
        self.losses = [
            (spec.name, 1.0 if spec.weight is None else spec.weight, LOSSES.build(spec, problem))
            for spec in config.losses
        ]
        self.rounding = ROUNDINGS.build(config.rounding, problem)
        self.jacobian = JACOBIANS.build(config.jacobian, problem)
        self.optimizer = OPTIMIZERS.build(config.optimizer, problem)
        self.restarts = [RESTARTS.build(spec, problem) for spec in config.restarts]
        self.judge = Judge(problem)
        self.sides = Sides(problem)
        self.oracle = Oracle(problem, self.relaxation, self.clock)
        self.repair = Repair(problem, self.oracle) if config.repair == "lp" else None
        self.boxed = config.integers == "box" and bool(problem.general.any())
        self.counters = self.oracle.counters
        self.failures = 0  # numerical failures of the LP since the last success

    # -- the two moves of the algorithm -------------------------------------------------------------

    def start(self) -> PumpState:
        """Iteration 0: the LP under the model's own cost, its rounding, and theta_0."""
        problem = self.problem
        lp = self.oracle.solve(problem.c)
        theta = np.zeros(problem.n)
        if lp.status is LpStatus.OPTIMAL:
            theta[self.sides.index] = self.sides(lp.x)[1]
            return self._judged(0, lp, theta, recent=())
        status = _LP_ENDS.get(lp.status, Status.LP_FAILED)
        if status is Status.INFEASIBLE and not (lp.ray is not None and self._refuted(lp.ray)):
            status = Status.LP_FAILED  # the solver says so, but its ray proves nothing
        x = np.clip(theta, problem.lb, problem.ub)
        return PumpState(
            0, theta, x, x, (), lp, *self._violation(x), self.sides.index.size,
            self.oracle.seconds, dict(self.counters), status=status,
        )  # fmt: skip

    def step(self, state: PumpState) -> PumpState:
        """One iteration: LP, rounding, judge, and unless that ends the run: loss, gradient, step, kick."""
        k = state.iteration + 1
        theta = state.theta
        if self.boxed:
            sides = np.random.default_rng((self.seed, state.iteration, 2))
            theta = self.oracle.box(theta, state.x_lp, state.x_round, sides)
        theta, lp = self.oracle.argmin(theta)
        if lp.status is not LpStatus.OPTIMAL:
            return self._lp_ended(state, k, lp)
        self.failures = 0
        recent = (*state.recent[-1:], state.x_lp)
        judged = self._judged(k, lp, theta, recent)
        if judged.status is not None:
            return judged
        terms, loss, gradient = self._descend(judged)
        theta = self.optimizer.step(theta, gradient)
        x_round, kick = judged.x_round, None
        situation = Situation(k, theta, judged.x_lp, x_round, state.x_round, recent)
        rng = np.random.default_rng((self.seed, k))
        for restart in self.restarts:
            kick = restart.kick(situation, rng)
            if kick is not None:
                self.counters[kick.kind] += 1
                theta[kick.columns] = kick.theta
                x_round[kick.columns] = kick.x_round
                break
        return self._now(judged, theta=theta, terms=terms, loss=loss, kick=kick)

    def iterates(self) -> Iterator[PumpState]:
        """States from iteration 0 on; the last one has a status."""
        state = self.start()
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

    # -- the loss and its gradient ------------------------------------------------------------------

    def _descend(self, at: PumpState) -> tuple[dict[str, float], float, Vector]:
        """Loss terms, the weighted total, and its gradient in theta: the chain theta -> x_lp -> x_round."""
        n = self.problem.n
        point = Point(at.theta, at.x_lp, at.x_round)
        terms: dict[str, float] = {}
        g_theta, g_lp, g_round = np.zeros(n), np.zeros(n), None
        total = 0.0
        for name, weight, loss in self.losses:
            term = loss.evaluate(point)
            terms[name] = term.value
            total += weight * term.value
            if term.theta is not None:
                g_theta += weight * term.theta
            if term.x_lp is not None:
                g_lp += weight * term.x_lp
            if term.x_round is not None:
                g_round = weight * term.x_round + (0.0 if g_round is None else g_round)
        if g_round is not None:
            g_lp += self.rounding.vjp(at.x_lp, g_round)
        rng = np.random.default_rng((self.seed, at.iteration, 1))
        return terms, total, self.jacobian.vjp(at.theta, g_lp, self.oracle.point, rng) + g_theta

    def _lp_ended(self, state: PumpState, k: int, lp: LpResult) -> PumpState:
        """The state after an LP without an optimum: the end, or a fresh direction where it failed."""
        status: Status | None = _LP_ENDS.get(lp.status, Status.LP_FAILED)
        theta = state.theta
        if status not in (Status.TIME_LIMIT, Status.INTERRUPTED):
            # The LP had a solution before, so whatever it says now is numerical.
            self.counters["lp_failures"] += 1
            self.failures += 1
            status = Status.LP_FAILED if self.failures >= MAX_LP_FAILURES else None
            theta = np.zeros(self.problem.n)
            signs = np.random.default_rng((self.seed, k)).choice([-1.0, 1.0], size=self.sides.index.size)
            theta[self.sides.index] = signs
        return self._now(state, iteration=k, theta=theta, lp=lp, kick=None, status=status)

    # -- judging ------------------------------------------------------------------------------------

    def _judged(self, k: int, lp: LpResult, theta: Vector, recent: tuple[Vector, ...]) -> PumpState:
        """Round and judge an LP point; FEASIBLE when the rounding, or its repair, solves the model."""
        x, y = lp.x, self.rounding.forward(lp.x)
        violation, violated_rows = self._violation(y)
        distance = np.abs(x - y)[self.sides.index]
        solution = y if violation.worst <= FEASIBILITY_TOL and self._accepted(y) else None
        if solution is None and self.repair is not None:
            solution = self.repair(y)
            if solution is not None and not (self.judge.feasible(solution) and self._accepted(solution)):
                solution = None
        return PumpState(
            k, theta, x, y, recent, lp, violation, violated_rows,
            int(np.count_nonzero(distance > INTEGRAL_TOL)), self.oracle.seconds, dict(self.counters),
            status=None if solution is None else Status.FEASIBLE, solution=solution,
        )  # fmt: skip

    def _violation(self, y: Vector) -> tuple[Violation, int]:
        """The judge's violations of a point, and how many rows it violates."""
        problem = self.problem
        activity = problem.A @ y
        over = activity > problem.row_hi + FEASIBILITY_TOL
        over |= activity < problem.row_lo - FEASIBILITY_TOL
        return self.judge.violation(y, activity), int(np.count_nonzero(over))

    def _refuted(self, ray: Vector) -> bool:
        return farkas(self.problem, ray) if self.refute is None else self.refute(ray)

    def _accepted(self, x: Vector) -> bool:
        accepted = self.accept(x)
        self.counters["rejected"] += not accepted
        return accepted

    def _now(self, state: PumpState, **changes: Any) -> PumpState:
        """The state with these changes and the totals as they stand."""
        return replace(state, counters=dict(self.counters), lp_seconds=self.oracle.seconds, **changes)


_LP_ENDS = {
    LpStatus.INFEASIBLE: Status.INFEASIBLE,
    LpStatus.UNBOUNDED: Status.UNBOUNDED,
    LpStatus.TIME_LIMIT: Status.TIME_LIMIT,
    LpStatus.INTERRUPTED: Status.INTERRUPTED,
}
