"""The relaxation over any simplex engine: what both backends promise is kept here, once.

Start: "warm" re-solves from the last basis with the simplex that `SimplexChoice` names; the first LP, which
has no basis, always takes the dual. "cold" forgets everything before each LP, so that a result is a function
of (model, bounds, cost) only; there "auto" means the dual, throughout.

Verdicts: a numerical failure is tried once more from scratch with the other simplex. A verdict without a
proof (infeasible without a ray, "infeasible or unbounded") is settled by a second solve, from scratch with
cost zero, without presolve, by the dual simplex: that LP is either infeasible, with a ray, or feasible.

A simplex stopped by a limit of iterations leaves its point if it lies in the relaxation, by our own sums.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from diffpump.backends.choice import OTHER, SimplexChoice
from diffpump.backends.interface import Basis, Simplex
from diffpump.backends.worker import Worker
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem, activity_range
from diffpump.core.status import LpResult, LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL, INFINITE

UNLIMITED = 2**31 - 1  # simplex iterations, to either solver


class SimplexRelaxation:
    """`Relaxation` on an engine; `failures` counts numerical failures, those survived included."""

    def __init__(
        self, problem: Problem, engine: Callable[[Problem], Simplex], lp_start: str, lp_algorithm: str
    ) -> None:
        self.failures = 0
        self._problem, self._new_engine = problem, engine
        self._cold = lp_start == "cold"
        self._choice = SimplexChoice("dual" if self._cold and lp_algorithm == "auto" else lp_algorithm)
        self._lb, self._ub = problem.lb, problem.ub
        self._cutoff: tuple[Vector, float] | None = None
        self._load()
        self.versions = dict(self._engine.version)

    @property
    def algorithm(self) -> str:
        """The simplex of the re-solves, "undecided" while they are being compared."""
        return self._choice.algorithm

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """argmin cost'x over P and the current bounds (see `Relaxation`)."""
        run = _Run(_checked_cost(cost, self._problem.n), limits or LpLimits())
        if not self._problem.n:  # without columns no solver looks at the rows
            ray = _row_ray(self._problem, self._lb, self._ub)
            empty = LpStatus.OPTIMAL if ray is None else LpStatus.INFEASIBLE
            return LpResult(empty, run.x, 0, run.seconds, "dual", ray)
        self._revive()
        if self._cold:
            self._engine.clear()
        warm = self._engine.has_basis()
        algorithm = self._choice.next() if warm or self._cold else "dual"
        status = self._attempt(run, algorithm)
        if status is LpStatus.OPTIMAL and warm:
            self._choice.record(algorithm, run.iterations)
        if status is LpStatus.FAILED:
            algorithm = OTHER[algorithm]
            status = self._attempt(run, algorithm)
        if status is LpStatus.INFEASIBLE:
            run.ray = self._ray()
        if status is None or (status is LpStatus.INFEASIBLE and run.ray is None):
            status = self._prove(run, status)
        return LpResult(status, run.x, run.iterations, run.seconds, algorithm, run.ray)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays."""
        self._lb, self._ub = _checked_bounds(lb, ub, self._problem.n)
        self._revive()
        self._engine.set_bounds(self._lb, self._ub)

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value (see `Relaxation`)."""
        self._cutoff = _checked_cost(row, self._problem.n), value
        if self._revive():
            self._engine.set_cutoff(*self._cutoff)

    def save_basis(self) -> object:
        """A copy of the current basis, None when there is none."""
        self._revive()
        return self._engine.get_basis() if self._engine.has_basis() else None

    def plain_basis(self) -> Basis | None:
        """The current basis as numbers, for another solver or process; None when there is none."""
        self._revive()
        return self._engine.plain_basis() if self._engine.has_basis() else None

    def reduced_costs(self) -> Vector:
        """Those of the last optimum, (n,)."""
        return self._engine.reduced_costs() if self._problem.n else np.zeros(0)

    def restore_basis(self, basis: object) -> None:
        """Continue from a saved basis (None: from scratch)."""
        self._revive()
        if basis is None:
            self._engine.clear()
        else:
            self._engine.set_basis(basis)

    def _load(self) -> None:
        self._engine, self._worker = self._new_engine(self._problem), Worker()
        if self._lb is not self._problem.lb:
            self._engine.set_bounds(self._lb, self._ub)
        if self._cutoff is not None:
            self._engine.set_cutoff(*self._cutoff)

    def _revive(self) -> bool:
        """Replace an engine that a call left behind still keeps busy; False when that was needed."""
        if self._worker.lost:
            self._load()
            return False
        return True

    def _attempt(self, run: _Run, algorithm: str, zero: bool = False) -> LpStatus | None:
        """One call of the engine, `zero`: with cost zero and without presolve. The point goes to `run.x`."""
        left = run.left()
        if left <= 0:
            return LpStatus.TIME_LIMIT
        engine = self._engine
        engine.set_cost(np.zeros_like(run.cost) if zero else run.cost)
        limit = run.limits.iterations
        iterations = UNLIMITED if limit is None else min(max(0, limit - run.iterations), UNLIMITED)
        engine.prepare(algorithm, left, not zero, iterations)
        begun = time.perf_counter()
        ending = self._worker.run(engine.run, engine.cancel, run.limits.stop, left)
        run.seconds += time.perf_counter() - begun
        if ending is LpStatus.FAILED:  # the library raised: its state is anybody's guess
            self.failures += 1
            self._load()
            return ending
        if not self._worker.lost:
            run.iterations += engine.iterations()
        if ending is not None:
            return ending
        status = engine.status()
        if status is LpStatus.OPTIMAL:
            run.x = np.clip(engine.point(), self._lb, self._ub)
            if np.isnan(run.x).any():
                status = LpStatus.FAILED
        if status is LpStatus.ITERATION_LIMIT and not zero:
            x = np.clip(engine.point(), self._lb, self._ub)
            run.x = x if self._holds(x) else run.x
        if status is LpStatus.FAILED:
            self.failures += 1
            engine.clear()
        return status

    def _holds(self, x: Vector) -> bool:
        """Whether x, inside its bounds, satisfies the rows; False where it is not a number."""
        problem, tol = self._problem, FEASIBILITY_TOL
        activity = problem.A @ x
        holds = (activity >= problem.row_lo - tol).all() and (activity <= problem.row_hi + tol).all()
        return bool(holds and (self._cutoff is None or self._cutoff[0] @ x <= self._cutoff[1] + tol))

    def _prove(self, run: _Run, verdict: LpStatus | None) -> LpStatus:
        """Settle "infeasible" without a ray, or None (infeasible or unbounded), by the LP with cost zero."""
        self._engine.clear()
        status = self._attempt(run, "dual", zero=True)  # HiGHS's primal simplex leaves no ray
        if status is LpStatus.INFEASIBLE:
            run.ray = self._ray()
        elif status is LpStatus.OPTIMAL:  # a feasible LP: not unbounded, then, means a contradiction
            status = LpStatus.UNBOUNDED if verdict is None else LpStatus.FAILED
            run.x = np.full_like(run.x, np.nan)
        return status or LpStatus.FAILED

    def _ray(self) -> Vector | None:
        """A dual ray of the infeasible LP: the engine's, else that of a row no point of the box satisfies.
        None with a cutoff row, which is none of the model's."""
        if self._cutoff is not None:
            return None
        ray = self._engine.ray()
        return _row_ray(self._problem, self._lb, self._ub) if ray is None else ray


class _Run:
    """What one solve gathers over its attempts: iterations, seconds in the solver, point, ray; its limits."""

    def __init__(self, cost: Vector, limits: LpLimits) -> None:
        self.cost, self.limits, self.iterations, self.seconds = cost, limits, 0, 0.0
        self.x = np.full(cost.size, np.nan)
        self.ray: Vector | None = None
        self._start = time.perf_counter()

    def elapsed(self) -> float:
        return time.perf_counter() - self._start

    def left(self) -> float:
        return math.inf if self.limits.seconds is None else self.limits.seconds - self.elapsed()


def _checked_cost(cost: Vector, n: int) -> Vector:
    """The cost as contiguous float64. No solver looks: a short one is read past its end, NaN is "optimal"."""
    cost = np.ascontiguousarray(cost, dtype=np.float64)
    if cost.shape != (n,):
        raise ValueError(f"the cost has shape {cost.shape}, expected ({n},)")
    if n and not np.abs(cost).max() < INFINITE:  # also false for NaN
        raise ValueError(f"a cost is not a finite number below {INFINITE:g}")
    return cost


def _checked_bounds(lb: Vector, ub: Vector, n: int) -> tuple[Vector, Vector]:
    """Copies of both bounds; ValueError unless both are (n,) and lb <= ub."""
    lb, ub = np.array(lb, dtype=np.float64), np.array(ub, dtype=np.float64)
    if lb.shape != (n,) or ub.shape != (n,):
        raise ValueError(f"the bounds have shapes {lb.shape} and {ub.shape}, expected ({n},)")
    if not (lb <= ub).all() or (lb == np.inf).any() or (ub == -np.inf).any():  # `<=` is false for NaN
        raise ValueError("a lower bound is above its upper bound, or a bound is not a number")
    return lb, ub


def _row_ray(problem: Problem, lb: Vector, ub: Vector) -> Vector | None:
    """The unit vector of the row that the box misses by most, None when no row alone excludes the box."""
    m = problem.m
    least, most = activity_range(problem.A, lb, ub)
    gap = np.maximum(least - problem.row_hi, problem.row_lo - most)
    return np.eye(1, m, int(gap.argmax()))[0] if m and gap.max() > 0 else None


def load(
    problem: Problem, backend: str = "highs", lp_start: str = "warm", lp_algorithm: str = "auto"
) -> SimplexRelaxation:
    """The LP relaxation of `problem` in a solver: a `Relaxation` that can tell more of its last optimum.

    backend: "highs" or "scip". lp_start: "warm" re-solves from the last basis, "cold" from scratch.
    lp_algorithm: "primal", "dual", or "auto": the one that took fewer simplex iterations in the first
    re-solves (iterations, not seconds, so that runs repeat). It concerns re-solves: a warm run's first LP,
    without a basis, takes the dual. In cold runs it concerns every LP, and "auto" is the dual.
    """
    for what, value, known in (
        ("lp_start", lp_start, ("warm", "cold")),
        ("lp_algorithm", lp_algorithm, ("auto", "primal", "dual")),
    ):
        if value not in known:
            raise UsageError(f"unknown {what} '{value}'; known: {', '.join(known)}")
    if backend == "highs":
        from diffpump.backends.highs import HighsSimplex

        return SimplexRelaxation(problem, HighsSimplex, lp_start, lp_algorithm)
    if backend == "scip":
        from diffpump.backends.scip import ScipSimplex

        return SimplexRelaxation(problem, ScipSimplex, lp_start, lp_algorithm)
    raise UsageError(f"unknown backend '{backend}'; known: highs, scip")
