"""The relaxation on top of any simplex solver: the behaviour that all backends share.

Start: "warm" re-solves from the last basis by the simplex that `SimplexChoice` names. The first LP has no
basis and is always solved by the dual. "cold" resets the solver before each LP, so that the result is a
function of (model, bounds, cost) alone. There "auto" means the dual simplex for every LP.

Status: after a numerical failure the LP is solved once more from scratch by the other simplex. A status
without a proof (infeasible without a ray, or "infeasible or unbounded") is decided by a second solve, from
scratch with cost zero, without presolve, by the dual simplex: that LP is either infeasible, with a ray, or
feasible.

A simplex that stops at an iteration limit keeps its point if that point lies in the relaxation, as checked
here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from diffpump.backends.choice import OTHER_SIMPLEX, SimplexChoice
from diffpump.backends.interface import BACKENDS, Basis, Simplex
from diffpump.backends.worker import Worker
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem, activity_range
from diffpump.core.status import LpResult, LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL, INFINITE

UNLIMITED = 2**31 - 1  # simplex iterations; both solvers take it as no limit


class SimplexRelaxation:
    """A `Relaxation` on a simplex solver.

    It also provides the basis, the reduced costs and the multipliers of its last optimum.

    Parameters
    ----------
    problem : Problem
        The model, whose integrality is ignored.
    simplex : callable
        Makes the solver for a problem.
    lp_start : {"warm", "cold"}
        See `load`.
    lp_algorithm : {"auto", "primal", "dual"}
        See `load`.
    """

    def __init__(
        self, problem: Problem, simplex: Callable[[Problem], Simplex], lp_start: str, lp_algorithm: str
    ) -> None:
        self.failures = 0
        self._problem, self._new_simplex = problem, simplex
        self._cold = lp_start == "cold"
        self._choice = SimplexChoice("dual" if self._cold and lp_algorithm == "auto" else lp_algorithm)
        self._lb, self._ub = problem.lb, problem.ub
        self._cutoff: tuple[Vector, float] | None = None
        self._load()
        self.versions = dict(self._simplex.version)

    @property
    def algorithm(self) -> str:
        """The simplex of the re-solves, "undecided" while the two are being compared."""
        return self._choice.algorithm

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return argmin cost'x over P and the current bounds (see `Relaxation`)."""
        state = _SolveState(_checked_cost(cost, self._problem.n), limits or LpLimits())
        if not self._problem.n:  # without columns, solvers ignore the rows
            ray = _row_ray(self._problem, self._lb, self._ub)
            empty = LpStatus.OPTIMAL if ray is None else LpStatus.INFEASIBLE
            return LpResult(empty, state.x, 0, state.seconds, "dual", ray)
        self._replace_if_lost()
        if self._cold:
            self._simplex.clear()
        warm = self._simplex.has_basis()
        algorithm = self._choice.next() if warm or self._cold else "dual"
        status = self._attempt(state, algorithm)
        if status is LpStatus.OPTIMAL and warm:
            self._choice.record(algorithm, state.iterations)
        if status is LpStatus.FAILED:
            algorithm = OTHER_SIMPLEX[algorithm]
            status = self._attempt(state, algorithm)
        if status is LpStatus.INFEASIBLE:
            state.ray = self._ray()
        if status is None or (status is LpStatus.INFEASIBLE and state.ray is None):
            status = self._decide(state, status)
        return LpResult(status, state.x, state.iterations, state.seconds, algorithm, state.ray)

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; the basis stays.

        Raises
        ------
        ValueError
            Unless both are (n,) and lb <= ub.
        """
        self._lb, self._ub = _checked_bounds(lb, ub, self._problem.n)
        self._replace_if_lost()
        self._simplex.set_bounds(self._lb, self._ub)

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value (see `Relaxation`)."""
        self._cutoff = _checked_cost(row, self._problem.n), value
        if self._replace_if_lost():
            self._simplex.set_cutoff(*self._cutoff)

    def save_basis(self) -> object:
        """Return a copy of the current basis, or None if there is none."""
        self._replace_if_lost()
        return self._simplex.get_basis() if self._simplex.has_basis() else None

    def plain_basis(self) -> Basis | None:
        """Return the current basis for another solver or process, or None if there is none."""
        self._replace_if_lost()
        return self._simplex.plain_basis() if self._simplex.has_basis() else None

    def reduced_costs(self) -> Vector:
        """Return the reduced costs (n,) of the last optimum."""
        return self._simplex.reduced_costs() if self._problem.n else np.zeros(0)

    def duals(self) -> Vector:
        """Return the multipliers (m,) of the rows in the last optimum (see `Simplex.duals`)."""
        return self._simplex.duals() if self._problem.n else np.zeros(self._problem.m)

    def restore_basis(self, basis: object) -> None:
        """Start the next LP from a saved basis, or from scratch if it is None."""
        self._replace_if_lost()
        if basis is None:
            self._simplex.clear()
        else:
            self._simplex.set_basis(basis)

    def _load(self) -> None:
        self._simplex, self._worker = self._new_simplex(self._problem), Worker()
        if self._lb is not self._problem.lb:
            self._simplex.set_bounds(self._lb, self._ub)
        if self._cutoff is not None:
            self._simplex.set_cutoff(*self._cutoff)

    def _replace_if_lost(self) -> bool:
        """Replace the solver if a call left behind still uses it; return whether it was usable."""
        if self._worker.lost:
            self._load()
            return False
        return True

    def _attempt(self, state: _SolveState, algorithm: str, zero: bool = False) -> LpStatus | None:
        """Run the solver once and return its status; an optimum goes to `state.x`.

        Parameters
        ----------
        state : _SolveState
            The limits, which the attempt observes, and the sums, to which it adds.
        algorithm : {"primal", "dual"}
            The simplex.
        zero : bool
            Whether to solve with cost zero and without presolve.
        """
        left = state.left()
        if left <= 0:
            return LpStatus.TIME_LIMIT
        simplex = self._simplex
        simplex.set_cost(np.zeros_like(state.cost) if zero else state.cost)
        limit = state.limits.iterations
        iterations = UNLIMITED if limit is None else min(max(0, limit - state.iterations), UNLIMITED)
        simplex.prepare(algorithm, left, not zero, iterations)
        began = time.perf_counter()
        ending = self._worker.run(simplex.run, simplex.cancel, state.limits.stop, left)
        state.seconds += time.perf_counter() - began
        if ending is LpStatus.FAILED:  # the library raised an exception, so its state is unknown
            self.failures += 1
            self._load()
            return ending
        if not self._worker.lost:
            state.iterations += simplex.iterations()
        if ending is not None:
            return ending
        status = simplex.status()
        if status is LpStatus.OPTIMAL:
            state.x = np.clip(simplex.point(), self._lb, self._ub)
            if np.isnan(state.x).any():
                status = LpStatus.FAILED
        if status is LpStatus.ITERATION_LIMIT and not zero:
            x = np.clip(simplex.point(), self._lb, self._ub)
            state.x = x if self._satisfies_rows(x) else state.x
        if status is LpStatus.FAILED:
            self.failures += 1
            simplex.clear()
        return status

    def _satisfies_rows(self, x: Vector) -> bool:
        """Return whether x, which lies within its bounds, satisfies the rows; False if it has a NaN."""
        if self._problem.violated_rows(x).any():
            return False
        return self._cutoff is None or bool(self._cutoff[0] @ x <= self._cutoff[1] + FEASIBILITY_TOL)

    def _decide(self, state: _SolveState, verdict: LpStatus | None) -> LpStatus:
        """Decide a status that lacks a proof by the LP with cost zero.

        Parameters
        ----------
        state : _SolveState
            The limits and sums of this solve.
        verdict : LpStatus or None
            INFEASIBLE without a ray, or None for infeasible or unbounded.
        """
        self._simplex.clear()
        status = self._attempt(state, "dual", zero=True)  # HiGHS's primal simplex does not provide a ray
        if status is LpStatus.INFEASIBLE:
            state.ray = self._ray()
        elif status is LpStatus.OPTIMAL:
            # The LP is feasible: it is unbounded, or the verdict "infeasible" contradicts this.
            status = LpStatus.UNBOUNDED if verdict is None else LpStatus.FAILED
            state.x = np.full_like(state.x, np.nan)
        return status or LpStatus.FAILED

    def _ray(self) -> Vector | None:
        """Return a dual ray (m,) of the infeasible LP, or None.

        It is the solver's, or that of a row that the bounds alone violate. With a cutoff row there is none,
        because the ray would not be one of the model.
        """
        if self._cutoff is not None:
            return None
        ray = self._simplex.ray()
        return _row_ray(self._problem, self._lb, self._ub) if ray is None else ray


class _SolveState:
    """The limits of one solve, and the sums over its attempts.

    Attributes
    ----------
    iterations : int
        Simplex iterations.
    seconds : float
        Wall time inside the solver.
    x : (n,) float64
        The point, NaN without one.
    ray : (m,) float64 or None
        The dual ray.
    """

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
    """Return the cost as contiguous float64. Raises ValueError unless it is (n,) and finite.

    Solvers do not check: they read past the end of a short cost, and report "optimal" for NaN.
    """
    cost = np.ascontiguousarray(cost, dtype=np.float64)
    if cost.shape != (n,):
        raise ValueError(f"the cost has shape {cost.shape}, expected ({n},)")
    if n and not np.abs(cost).max() < INFINITE:  # also false for NaN
        raise ValueError(f"a cost is not a finite number below {INFINITE:g}")
    return cost


def _checked_bounds(lb: Vector, ub: Vector, n: int) -> tuple[Vector, Vector]:
    """Return copies of both bounds. Raises ValueError unless both are (n,) and lb <= ub."""
    lb, ub = np.array(lb, dtype=np.float64), np.array(ub, dtype=np.float64)
    if lb.shape != (n,) or ub.shape != (n,):
        raise ValueError(f"the bounds have shapes {lb.shape} and {ub.shape}, expected ({n},)")
    if not (lb <= ub).all() or (lb == np.inf).any() or (ub == -np.inf).any():  # `<=` is false for NaN
        raise ValueError("a lower bound is above its upper bound, or a bound is not a number")
    return lb, ub


def _row_ray(problem: Problem, lb: Vector, ub: Vector) -> Vector | None:
    """Return the unit vector (m,) of the row that the bounds violate most, or None if they violate none."""
    m = problem.m
    lowest, highest = activity_range(problem.A, lb, ub)
    gap = np.maximum(lowest - problem.row_hi, problem.row_lo - highest)
    return np.eye(1, m, int(gap.argmax()))[0] if m and gap.max() > 0 else None


def load(
    problem: Problem, backend: str = "highs", lp_start: str = "warm", lp_algorithm: str = "auto"
) -> SimplexRelaxation:
    """Load the LP relaxation of a problem into a solver.

    Parameters
    ----------
    problem : Problem
        The model, whose integrality is ignored.
    backend : str
        The name of a member of `BACKENDS`, such as "highs" or "scip".
    lp_start : {"warm", "cold"}
        "warm" re-solves from the last basis, "cold" from scratch.
    lp_algorithm : {"auto", "primal", "dual"}
        "auto" keeps the simplex that took fewer iterations in the first re-solves (iterations, not seconds,
        so that runs repeat). It applies to re-solves: the first LP of a warm run has no basis and is solved
        by the dual. In cold runs it applies to every LP, and "auto" means the dual.

    Raises
    ------
    UsageError
        If a value is unknown.
    """
    for option, value, known in (
        ("lp_start", lp_start, ("warm", "cold")),
        ("lp_algorithm", lp_algorithm, ("auto", "primal", "dual")),
    ):
        if value not in known:
            raise UsageError(f"unknown {option} '{value}'; known: {', '.join(known)}")
    return SimplexRelaxation(problem, BACKENDS.factory(backend), lp_start, lp_algorithm)
