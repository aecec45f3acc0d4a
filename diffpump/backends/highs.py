"""The relaxation in HiGHS: loaded once, then only costs and bounds change.

Warm: the first LP goes through HiGHS's presolve and its default simplex, the dual; every later one starts
from the last basis with the simplex that `SimplexChoice` names. Cold: `clearSolver` before each LP, so that
a result is a function of (model, bounds, cost) only; "auto" then means the dual simplex throughout. Presolve
stays at HiGHS's "choose" (on without a basis, off with one) and goes off where its verdict has no ray.

Two ways to run. When the last solve was quick, in the caller's thread: HiGHS's simplex callback, 1 us an
iteration, polls `stop`. Otherwise in a worker thread, because presolve and factorisations call nobody back:
a solve that does not end when told to is left behind, and a fresh HiGHS takes its place.

HiGHS's model is not quite the file's: it drops |a| <= 1e-9, and bounds of 1e20 and beyond are infinite. The
exact check judges every solution, so this may cost a solution but never makes a wrong one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from diffpump.backends import LpLimits
from diffpump.backends.common import (
    OTHER,
    QUICK_SECONDS,
    Clock,
    SimplexChoice,
    WatchedCall,
    checked_bounds,
    checked_cost,
)
from diffpump.problem import Problem
from diffpump.result import InputError, LpResult, LpStatus, Vector

POLL_SECONDS = 0.1  # how often the simplex callback asks `stop`
STRATEGY = {"dual": 1, "primal": 4}  # HiGHS's simplex_strategy
STATUS = {
    HighsModelStatus.kOptimal: LpStatus.OPTIMAL,
    HighsModelStatus.kModelEmpty: LpStatus.OPTIMAL,
    HighsModelStatus.kInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kUnbounded: LpStatus.UNBOUNDED,
    HighsModelStatus.kUnboundedOrInfeasible: None,  # presolve could not tell
    HighsModelStatus.kTimeLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kInterrupt: LpStatus.INTERRUPTED,
}  # any other is a failure


class HighsRelaxation:
    """`Relaxation` on HiGHS's simplex. `failures` counts numerical failures, those survived included."""

    def __init__(self, problem: Problem, lp_start: str = "warm", lp_algorithm: str = "auto") -> None:
        self.failures = 0
        self._problem = problem
        self._cold = lp_start == "cold"
        self._choice = SimplexChoice("dual" if self._cold and lp_algorithm == "auto" else lp_algorithm)
        self._lb, self._ub = problem.lb, problem.ub
        self._columns = np.arange(problem.n, dtype=np.int32)
        self._load()
        self.versions = {"highs": self._highs.version()}

    @property
    def algorithm(self) -> str:
        """The simplex of the re-solves, or "undecided"."""
        return self._choice.algorithm

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """argmin cost'x over P and the current bounds (see `Relaxation`)."""
        cost = checked_cost(cost, self._problem.n)
        clock = Clock(limits or LpLimits())
        self._revive()
        if self._cold:
            self._highs.clearSolver()
        warm = self._highs.getBasis().valid
        algorithm = self._choice.next() if warm or self._cold else "dual"
        self._highs.changeColsCost(cost.size, self._columns, cost)

        status, x = self._run(clock, algorithm)
        if status is LpStatus.FAILED:  # once more, from scratch and with the other simplex
            algorithm = OTHER[algorithm]
            status, x = self._run(clock, algorithm)
        ray = self._ray(status)
        if status is None or (status is LpStatus.INFEASIBLE and ray is None):  # presolve's word, no proof
            status, x = self._run(clock, algorithm, presolve="off")
            ray = self._ray(status)
        if status is LpStatus.OPTIMAL and warm:
            self._choice.record(algorithm, clock.iterations)
        seconds = clock.elapsed()
        self._quick = seconds < QUICK_SECONDS
        return LpResult(status or LpStatus.FAILED, x, clock.iterations, seconds, algorithm, ray)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays."""
        self._lb, self._ub = checked_bounds(lb, ub, self._problem.n)
        self._revive()
        self._highs.changeColsBounds(self._lb.size, self._columns, self._lb, self._ub)

    def save_basis(self) -> object:
        """A copy of the current basis."""
        self._revive()
        return self._highs.getBasis()

    def restore_basis(self, basis: object) -> None:
        """Continue from a saved basis (without one: from scratch)."""
        self._revive()
        if not isinstance(basis, highspy.HighsBasis):
            raise TypeError("not a basis saved by HighsRelaxation")
        if not basis.valid:
            self._highs.clearSolver()
        elif self._highs.setBasis(basis) == HighsStatus.kError:
            raise ValueError("the saved basis does not fit this model")

    def _load(self) -> None:
        """A fresh HiGHS with the model, the current bounds and cost zero."""
        problem, rows = self._problem, self._problem.A
        highs = highspy.Highs()
        highs.disableCallbacks()
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
            highs.setOptionValue(option, value)
        zeros = np.zeros(problem.n)
        status = highs.passModel(
            problem.n, problem.m, rows.nnz, int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize), 0.0, zeros, self._lb, self._ub, problem.row_lo, problem.row_hi,
            rows.indptr, rows.indices, rows.data, np.zeros(problem.n, dtype=np.int32),
        )  # fmt: skip
        if status == HighsStatus.kError:  # `run` would then solve the previous model
            raise InputError("HiGHS refuses the model (a coefficient of 1e15 or more?)")
        self._interrupt = _Interrupt()
        highs.setCallback(self._interrupt, None)
        highs.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
        self._highs, self._quick, self._stale = highs, False, False

    def _revive(self) -> None:
        """Replace a HiGHS that raised, or that a solve left behind still keeps busy."""
        if self._stale:
            self._load()

    def _run(self, clock: Clock, algorithm: str, presolve: str = "choose") -> tuple[LpStatus | None, Vector]:
        """One run of HiGHS; the status is None when presolve cannot tell infeasible from unbounded."""
        highs, left, no_point = self._highs, clock.left(), np.full(self._problem.n, np.nan)
        if left <= 0:
            return LpStatus.TIME_LIMIT, no_point
        highs.setOptionValue("simplex_strategy", STRATEGY[algorithm])
        highs.setOptionValue("presolve", presolve)
        highs.setOptionValue("time_limit", highs.getRunTime() + left)  # HiGHS's clock runs over all solves
        gave_up = self._watch(clock, left)
        if gave_up is not None:
            return gave_up, no_point
        clock.iterations += max(0, highs.getInfo().simplex_iteration_count)
        status = STATUS.get(highs.getModelStatus(), LpStatus.FAILED)
        if status is LpStatus.OPTIMAL:
            x = np.clip(np.array(highs.getSolution().col_value, dtype=np.float64), self._lb, self._ub)
            if not np.isnan(x).any():
                return status, x
            status = LpStatus.FAILED
        if status is LpStatus.FAILED:
            self.failures += 1
            highs.clearSolver()
        return status, no_point

    def _watch(self, clock: Clock, left: float) -> LpStatus | None:
        """Call HiGHS's run; what it ended as when it raised or was left behind, None when it returned."""
        stop, self._stale = clock.limits.stop, True  # stale until the call has returned
        self._interrupt.arm(stop if self._quick else None)
        call = WatchedCall(self._highs.run)
        if self._quick:
            call.here()
            self._interrupt.check()
        else:
            call.wait(self._interrupt.cancel, stop, left)
            if call.running:
                return LpStatus.INTERRUPTED if call.stopped else LpStatus.TIME_LIMIT
        if call.error is not None:
            self.failures += 1
            self._revive()
            return LpStatus.FAILED
        self._stale = False
        return None

    def _ray(self, status: LpStatus | None) -> Vector | None:
        """HiGHS's dual ray y of an infeasible LP: y'A x stays below y'b (or above: the sign is HiGHS's)."""
        if status is not LpStatus.INFEASIBLE:
            return None
        _, known, ray = self._highs.getDualRay()
        return np.array(ray, dtype=np.float64) if known else None


class _Interrupt:
    """HiGHS's simplex callback. It holds no reference to HiGHS, which holds it."""

    def __init__(self) -> None:
        self.arm(None)

    def arm(self, stop: Callable[[], bool] | None) -> None:
        """Get ready for the next run; `stop` is asked from within the callback."""
        self._stop, self._cancelled = stop, False
        self._error: BaseException | None = None
        self._next_poll = time.perf_counter() + POLL_SECONDS

    def cancel(self) -> None:
        """End the run at the next callback; may come from another thread."""
        self._cancelled = True

    def check(self) -> None:
        """Raise what `stop`, or a signal handler meanwhile, raised: no exception may cross HiGHS."""
        if self._error is not None:
            raise self._error

    def __call__(self, kind: object, message: str, data_out: object, data_in: Any, user: object) -> None:
        try:
            if self._stop is not None and time.perf_counter() >= self._next_poll:
                self._next_poll = time.perf_counter() + POLL_SECONDS
                self._cancelled = self._stop()
        except BaseException as error:
            self._error, self._cancelled = error, True
        if self._cancelled:
            data_in.user_interrupt = True
