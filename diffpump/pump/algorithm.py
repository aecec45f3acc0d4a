"""The differentiable feasibility pump: Algorithm 2 of arXiv 2411.03535.

    x_lp    = argmin_{x in P} theta'x          one LP (the relaxation is loaded once)
    x_round = rounding(x_lp)                   stop when it solves the model
    L       = sum_k w_k f_k(theta, x_lp, x_round)
    theta  <- optimizer(theta, dL/dtheta)      through the rounding's and the argmin's surrogate Jacobians
    a restart may kick theta and x_round       when the pump stalls

Iteration 0 solves the LP under the model's own cost. It sets theta_0 = +1 on integer columns whose rounding
is at its lower value, -1 at its upper value (`losses.Sides`), and 0 on continuous columns. Iterations
1, ..., max_iter follow. With the FP preset the iterates are those of the original feasibility pump
(Proposition 3.2).

This module neither reads, writes nor prints: time comes in as a callable, and `Pump.iterates` yields a
`PumpState` per iteration, over which the caller loops. Success is decided by the judge on the original rows,
bounds and integrality and by `Pump.accept`, never by a loss. Randomness comes from (seed, iteration).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from diffpump.backends.interface import Relaxation
from diffpump.backends.interior import HighsInterior
from diffpump.config.pump import Config
from diffpump.core.arrays import Vector, dot
from diffpump.core.errors import UsageError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus, Status
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.operators.losses import Point, Sides
from diffpump.operators.optimizers import OPTIMIZERS
from diffpump.operators.roundings import ROUNDINGS, Randomised, Rounding, Safe, Several
from diffpump.pump.candidates import CandidateCheck
from diffpump.pump.cutoff import with_cutoff
from diffpump.pump.descent import Descent
from diffpump.pump.final import SHARE, FinalSearch
from diffpump.pump.lp_free import points
from diffpump.pump.objective import Objective
from diffpump.pump.oracle import Oracle, has_point
from diffpump.pump.repair import Repair
from diffpump.pump.segment import LineSearch, Segment
from diffpump.pump.stages import Stages
from diffpump.pump.stalls import StallDetector
from diffpump.pump.state import PumpState
from diffpump.verify.check import farkas

MAX_LP_FAILURES = 3  # consecutive numerical failures of the LP that end the run


@dataclass(eq=False)
class Pump:
    """A run of the pump on one model, with the operators that a `Config` names.

    After a solution or TIME_LIMIT, `iterates(state)` goes on from its last state; `set_cutoff` before it asks
    for a better solution.

    Attributes
    ----------
    problem : Problem
        The model.
    config : Config
        The operators and switches.
    relaxation : Relaxation
        The LP relaxation of the model, for example that of `relaxation_for`.
    seed : int
        The seed of the random draws.
    run_limits : RunLimits
        The limits of the run. By default there are none.
    accept : callable
        Called with a point (n,) that the judge accepts. Returns whether it is a solution (the exact check).
        If not, the refusal is counted and the pump goes on. By default every such point is a solution.
    refute : callable or None
        Called with a dual ray (m,) if the LP solver claims that the model is infeasible. Returns whether the
        ray proves it. None stands for `verify.check.farkas` on the problem.
    x0 : (n,) float64 or None
        The point of the first LP if it is known already. That LP is then left out.
    theta0 : (n,) float64 or None
        theta_0 on the integer columns; it pulls x_j down where it is positive. By default iteration 0 sets
        it, as Algorithm 2 does.
    pause : callable
        Returns the seconds that the next LP may take (see `Oracle`). An LP that reaches them ends `iterates`
        with TIME_LIMIT. By default there is no such limit.
    complete : callable or None
        Replaces the LP of a repair (see `Repair`).

    Raises
    ------
    UsageError
        If an operator does not allow its parameters, if theta0 is not n finite numbers, or with integers=aux
        if the relaxation of a model with general integers has no distances.
    """

    problem: Problem
    config: Config
    relaxation: Relaxation
    seed: int = 0
    run_limits: RunLimits = field(default_factory=RunLimits)
    accept: Callable[[Vector], bool] = lambda x: True
    refute: Callable[[Vector], bool] | None = None
    x0: Vector | None = None
    theta0: Vector | None = None
    pause: Callable[[], float] = lambda: np.inf
    complete: Callable[[Vector], Vector | None] | None = None

    def __post_init__(self) -> None:
        problem, config = self.problem, self.config
        if self.theta0 is not None and (
            self.theta0.shape != (problem.n,) or not np.isfinite(self.theta0).all()
        ):
            raise UsageError(f"theta0 must be {problem.n} finite numbers")
        self.optimizer = OPTIMIZERS.build(config.optimizer, problem)
        self.stages = Stages(problem, config.stages == "binaries", config.final == "nearest")
        self.oracle = Oracle(
            problem, self.relaxation, self.run_limits, config.lp_iterations or None, self.pause,
            config.integers,
        )  # fmt: skip
        c = np.append(problem.c, np.zeros(self.oracle.distances))
        self.objective = Objective(c, config.alpha, config.objective)
        self.counters = self.oracle.counters
        self.consecutive_failures = 0  # numerical failures of the LP since the last one that gave a point
        self.has_cutoff = False
        self.lp_point_in_p = self.x0 is None  # whether the last LP point lies in P: `box` needs that
        self.stalls = StallDetector(config, problem, self.seed)
        self._began, self._starts = self.run_limits.now(), 0
        self.relaxed: float | None = None  # c'x of the first LP
        self._build_operators(problem)
        if config.cutoff is not None:
            own = -config.cutoff if problem.maximise else config.cutoff
            self.set_cutoff((own - problem.offset) / problem.unit)

    def _build_operators(self, problem: Problem) -> None:
        """Build the operators on the problem, with or without its cutoff row, in the present stage.

        Their interior points are those of the LP with this row, so that a new cutoff has a new centre.
        Nothing is solved until an operator asks for them.
        """
        config, self.rows = self.config, problem
        later = np.flatnonzero(problem.general) if self.stages.first else np.zeros(0, dtype=np.intp)
        repair = Repair(problem, self.oracle, complete=self.complete) if config.repair == "lp" else None
        self.candidates = CandidateCheck(problem, repair, self.accept, self.counters)
        self.final = FinalSearch(problem, config.final)
        problem = self.stages.restricted(problem)
        self.sides = Sides(problem)
        interior = HighsInterior(problem, self.run_limits.for_lp)
        self.rounding: Rounding = ROUNDINGS.build(config.rounding, problem, interior=interior)
        self.unlocked = later  # columns whose entry of theta stays 0
        if config.locks == "use":
            self.rounding = safe = Safe(problem, self.rounding)
            self.unlocked = np.append(later, safe.columns)
        self.descent = Descent(problem, config, self.rounding, interior)
        self.oracle.free[:] = False
        self.oracle.free[self.unlocked] = True
        self.stalls.set_problem(problem, interior)
        self.segment = Segment(problem, config.segment) if config.segment else None
        self.line_search = LineSearch(problem) if config.line_search == "exact" else None

    # -- changes that a caller may make between iterations --------------------------------------------

    @property
    def row_weights(self) -> Vector:
        """The multipliers of the rows (m,), positive, 1 at first.

        The pump itself changes them only by the rule that `Config.multipliers` names.

        Raises
        ------
        ValueError
            If they are set to another shape or to values that are not positive and finite.
        """
        m, weights = self.problem.m, self.stalls.weights
        return np.ones(m) if weights is None else weights[:m].copy()

    @row_weights.setter
    def row_weights(self, weights: Vector) -> None:
        if weights.shape != (self.problem.m,) or not (weights > 0).all() or not np.isfinite(weights).all():
            raise ValueError("row weights must be positive finite numbers, one for each row")
        self.stalls.weights = np.append(weights, np.ones(int(self.has_cutoff)))

    def set_cutoff(self, value: float) -> None:
        """Add the row c'x <= value to the LP and to the problem of every operator, or change its value.

        Parameters
        ----------
        value : float
            c'x of the minimisation, the offset left out.
        """
        weights = self.row_weights if self.stalls.weights is not None else None
        self.relaxation.set_cutoff(self.problem.c, value)
        self.relaxation.set_bounds(self.problem.lb, self.problem.ub)
        self.has_cutoff, self.lp_point_in_p = True, False
        self._build_operators(with_cutoff(self.problem, value))
        self.objective.reset()
        if weights is not None:
            self.row_weights = weights

    # -- Algorithm 2 ----------------------------------------------------------------------------------

    def start(self) -> PumpState:
        """Return iteration 0: the LP under the model's own cost, its rounding, and theta_0.

        With `lp_free=on` the first call returns a solution of searches without an LP (`pump.lp_free`), if
        they find one, as iteration 0.

        Raises
        ------
        UsageError
            If `x0` is not n numbers.
        """
        problem, self._starts = self.problem, self._starts + 1
        if self.config.lp_free == "on" and self._starts == 1:
            for x in points(self.rows, self.run_limits, self.seed):
                state = self._begun(0, self._given_point(x))
                if state.status is Status.FEASIBLE:
                    return state
        lp = self.oracle.solve(problem.c) if self.x0 is None else self._given_point(self.x0)
        if lp.status is LpStatus.OPTIMAL:
            self.relaxed = dot(problem.c, lp.x)
            return self._begun(0, lp)
        theta = np.zeros(problem.n)
        status = _STATUS_OF_LP.get(lp.status, Status.LP_FAILED)
        if status is Status.INFEASIBLE and self.has_cutoff:
            status = Status.EXHAUSTED
        elif status is Status.INFEASIBLE and not (lp.ray is not None and self._refuted(lp.ray)):
            status = Status.LP_FAILED  # without a ray that proves it, the verdict counts as a failure
        x = np.clip(theta, problem.lb, problem.ub)
        return PumpState(
            0, theta, x, x, (), lp, *self.candidates.violation(x), self.sides.index.size,
            self.oracle.seconds, dict(self.counters), status=status,
        )  # fmt: skip

    def step(self, state: PumpState) -> PumpState:
        """Return the next iteration: LP, rounding, judge and, without a solution, losses, step, kick.

        Raises
        ------
        UsageError
            If theta has diverged, or if a loss that the user wrote fails.
        """
        k = state.iteration + 1
        self.objective.advance()
        theta = self._aimed(state)
        x = self.oracle.lifted(state.x_lp)

        def blend(cost: Vector) -> Vector:
            return self.objective.blend(cost, x)

        theta, lp = self.oracle.argmin(theta, blend)
        if not has_point(lp):
            return self._without_point(state, k, lp)
        self.consecutive_failures, self.lp_point_in_p = 0, True
        recent = (*state.recent[-1:], state.x_lp)
        rounded = self._rounded(k, lp, theta, recent)
        if rounded.status is None and isinstance(self.rounding, Several):
            for other in self.rounding.others(lp.x, rounded.x_round):
                if rounded.status is None:
                    rounded = self._with_candidate(rounded, other, "other_rounding")
        if rounded.status is None and self.segment is not None:
            between = self.segment(lp.x, rounded.x_round, state.x_round, state.x_lp)
            rounded = self._with_candidate(rounded, between, "segment")
        if rounded.status is None and self.line_search is not None:
            between = self.line_search(lp.x, state.x_round)
            rounded = self._with_candidate(rounded, between, "line_search")
        if rounded.status is not None:
            return rounded
        if self.stages.is_over(rounded.x_lp, rounded.x_round, self.sides.index):
            if not self.stages.first:
                return replace(rounded, status=Status.ITERATION_LIMIT)
            start = self._given_point(self.stages.advance())
            self._build_operators(self.rows)
            return self._begun(k, start)
        terms, loss, gradient = self.descent(
            Point(theta, rounded.x_lp, rounded.x_round, self.stalls.weights, self.stalls.penalties),
            lambda cost: self.oracle.point(cost, blend),
            np.random.default_rng((self.seed, k, 1)),
        )
        theta = self.optimizer.step(theta, gradient)
        x_round = rounded.x_round
        judged = self.descent.judged(x_round)
        kick = self.stalls.kick(rounded, state, theta, judged, self.objective.share_is_steady)
        if kick is not None:
            self.counters[kick.kind] += 1
            theta[kick.columns] = kick.theta
            x_round[kick.columns] = kick.x_round
            if self.config.optimizer_state == "reset":
                self.optimizer.reset()
        theta[self.unlocked] = 0.0
        kicked = self._updated(rounded, theta=theta, terms=terms, loss=loss, kick=kick)
        if kick is None or kick.candidate is None:
            return kicked
        return self._with_candidate(kicked, kick.candidate)

    def iterates(self, state: PumpState | None = None) -> Iterator[PumpState]:
        """Yield the states of the pump, one for each iteration.

        Parameters
        ----------
        state : PumpState, optional
            The state after which to go on, whatever its status. By default the pump begins with iteration 0.

        Yields
        ------
        PumpState
            The last state, and only the last, has a status.
        """
        state = self.start() if state is None else self.step(replace(state, status=None, solution=None))
        while state.status is None:
            ended = self.run_limits.reached()
            if ended is None and (state.iteration >= self.config.max_iter or self._final_search_is_due()):
                ended = Status.ITERATION_LIMIT
            if ended is not None:
                state = replace(state, status=ended)
                break
            yield state
            state = self.step(state)
        if state.status is Status.ITERATION_LIMIT and self.config.final != "none":
            state = self._finally_searched(state)
        if state.solution is not None and self.config.polish == "on":
            state = self._updated(state, solution=self._polished(state.solution))
        yield state

    def _final_search_is_due(self) -> bool:
        """Return whether the rest of the time is left to the last search."""
        deadline, now = self.run_limits.deadline, self.run_limits.now()
        return (
            self.config.final != "none"
            and deadline is not None
            and now - self._began >= SHARE * (deadline - self._began)
        )

    def _finally_searched(self, state: PumpState) -> PumpState:
        """Return the state after the last search."""
        y = state.x_round if self.stages.closest.x_round is None else self.stages.closest.x_round
        result = self.final.run(y, self.run_limits.for_lp(), self.seed)
        self.counters["final"] += 1
        self.counters["lp_iterations"] += result.lp_iterations
        ended = self._updated(state, status=self.run_limits.reached() or Status.ITERATION_LIMIT)
        return ended if result.x is None else self._with_candidate(ended, result.x)

    def _aimed(self, state: PumpState) -> Vector:
        """Prepare the next LP for the general integers; return the theta (n,) with which to solve it."""
        theta, x, y = state.theta, state.x_lp, state.x_round
        if self.oracle.integers == "aux":
            return self.oracle.distance(theta, x, y)
        if self.oracle.integers == "box" and self.lp_point_in_p:
            return self.oracle.box(theta, x, y, np.random.default_rng((self.seed, state.iteration, 2)))
        return theta

    def _polished(self, x: Vector) -> Vector:
        """Return an improved solution (n,), or x (n,) itself."""
        from diffpump.kernels.model import model  # imported here since it imports numba, which is slow
        from diffpump.kernels.oneopt import ONEOPT_PASSES, oneopt

        candidates, c, best = self.candidates, self.problem.c, x
        moved, _ = oneopt(model(self.rows), x, ONEOPT_PASSES * max(1, self.rows.nnz))
        for point in (moved, None if candidates.repair is None else candidates.repair(moved)):
            if point is None or c @ point >= c @ best or not candidates.judge.feasible(point):
                continue
            if candidates.accepted(point):
                best = point
        return best

    def _begun(self, k: int, lp: LpResult) -> PumpState:
        """Return iteration k, at which the pump or its second stage begins at an LP point."""
        theta = np.zeros(self.problem.n)
        rounded = self._rounded(k, lp, theta, recent=())
        first = self.sides(lp.x, rounded.x_round)[1]
        if k == 0 and self.theta0 is not None:
            first = self.theta0[self.sides.index]
        theta[self.sides.index] = first
        theta[self.unlocked] = 0.0
        return replace(rounded, theta=theta)

    # -- how an iteration ends ------------------------------------------------------------------------

    def _without_point(self, state: PumpState, k: int, lp: LpResult) -> PumpState:
        """Return the state after an LP without a point: the end, or a random theta after a failure."""
        status: Status | None = _STATUS_OF_LP.get(lp.status, Status.LP_FAILED)
        theta = state.theta
        if status is Status.INFEASIBLE and self.has_cutoff and not self.lp_point_in_p:
            status = Status.EXHAUSTED
        elif status not in (Status.TIME_LIMIT, Status.INTERRUPTED, Status.ITERATION_LIMIT):
            # P is known to have a point, under a cutoff too, so any other verdict is a numerical failure.
            self.counters["lp_failures"] += 1
            self.consecutive_failures += 1
            status = Status.LP_FAILED if self.consecutive_failures >= MAX_LP_FAILURES else None
            theta = np.zeros(self.problem.n)
            signs = np.random.default_rng((self.seed, k)).choice([-1.0, 1.0], size=self.sides.index.size)
            theta[self.sides.index] = signs
            theta[self.unlocked] = 0.0
        return self._updated(state, iteration=k, theta=theta, lp=lp, kick=None, status=status)

    def _rounded(self, k: int, lp: LpResult, theta: Vector, recent: tuple[Vector, ...]) -> PumpState:
        """Round and judge an LP point. The state is FEASIBLE if the rounding or its repair is a solution."""
        if isinstance(self.rounding, Randomised):
            self.rounding.draw(np.random.default_rng((self.seed, k, 3)))
        x, y = lp.x, self.rounding.forward(lp.x)
        self.final.visit(x)
        candidate = self.stages.candidate(y)
        violation, violated_rows = self.candidates.violation(candidate)
        distance = np.abs(x - y)[self.sides.index]
        solution = self.candidates.solution(candidate, violation)
        return PumpState(
            k, theta, x, y, recent, lp, violation, violated_rows,
            int(np.count_nonzero(distance > INTEGRAL_TOL)), self.oracle.seconds, dict(self.counters),
            status=None if solution is None else Status.FEASIBLE, solution=solution,
        )  # fmt: skip

    def _with_candidate(self, state: PumpState, candidate: Vector, counter: str | None = None) -> PumpState:
        """Return the state, FEASIBLE if a further candidate (n,) or its repair is a solution."""
        solution = self.candidates.solution(self.stages.candidate(candidate))
        if solution is None:
            return state
        if counter is not None:
            self.counters[counter] += 1
        return self._updated(state, status=Status.FEASIBLE, solution=solution)

    def _given_point(self, x0: Vector) -> LpResult:
        """Return the caller's point as the result of the first LP."""
        if x0.shape != (self.problem.n,) or np.isnan(x0).any():
            raise UsageError(f"x0 must be {self.problem.n} numbers")
        x = np.clip(x0, self.problem.lb, self.problem.ub)
        return LpResult(LpStatus.OPTIMAL, x, 0, 0.0, "given")

    def _refuted(self, ray: Vector) -> bool:
        return farkas(self.problem, ray) if self.refute is None else self.refute(ray)

    def _updated(self, state: PumpState, **changes: Any) -> PumpState:
        """Return the state with these changes and the current totals."""
        return replace(state, counters=dict(self.counters), lp_seconds=self.oracle.seconds, **changes)


_STATUS_OF_LP = {
    LpStatus.INFEASIBLE: Status.INFEASIBLE,
    LpStatus.UNBOUNDED: Status.UNBOUNDED,
    LpStatus.TIME_LIMIT: Status.TIME_LIMIT,
    LpStatus.INTERRUPTED: Status.INTERRUPTED,
    LpStatus.ITERATION_LIMIT: Status.ITERATION_LIMIT,
}
