"""Sub-problems in HiGHS: presolve with the way back, and branch and cut.

A point from this module is not a solution before it has been proven: HiGHS's tolerances apply to its scaled
model, and its postsolve may lose feasibility. A status such as "infeasible" is HiGHS's claim, not a proof.

Limits hold even though HiGHS's presolve exceeds its own time limit: calls run in a `Worker`, and one that
does not end when cancelled is left behind with everything it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from highspy import HighsPresolveStatus

from diffpump.backends.highs_model import MIP_STATUS, loaded
from diffpump.backends.worker import Worker
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

_REDUCED = (HighsPresolveStatus.kReduced, HighsPresolveStatus.kReducedToEmpty)
_FEASIBLE_POINT = 2  # HighsInfo.primal_solution_status
ITERATIONS_PER_NODE = 100  # simplex iterations that a branch-and-cut node counts as
Incumbent = Callable[[Vector, float], None]


class Presolved:
    """A smaller model with the same solutions, and the way back to the original columns; made by `presolve`.

    Attributes
    ----------
    problem : Problem
        The presolved model.
    """

    def __init__(self, original: Problem, highs: highspy.Highs) -> None:
        self._original, self._highs = original, highs
        reduced = highs.getPresolvedLp()
        self.problem = _problem(reduced, original)
        self._kept = np.fromiter((int(name) for name in reduced.col_names_), np.int64, self.problem.n)

    def restore(self, x: Vector) -> Vector:
        """Return a presolved point on the original columns, (n,). It need not be feasible there."""
        point = highspy.HighsSolution()
        point.col_value = x.tolist()
        self._highs.postsolve(point)  # returns a warning after a MIP presolve, even on success
        return np.fromiter(self._highs.getSolution().col_value, np.float64, self._original.n)

    def reduce(self, x: Vector) -> Vector:
        """Return an original point (n,) on the columns that presolve kept, (problem.n,).

        If presolve fixed a column at another value than x has, the result may violate rows.
        """
        zero, scale = self._affine
        return np.asarray((x[self._kept] - zero) / scale)

    @cached_property
    def _affine(self) -> tuple[Vector, Vector]:
        """The vectors (zero, scale) with original = zero + scale * presolved on the kept columns.

        Presolve may shift and scale columns. Where restoring a column does not depend on it, the scale is 1.
        """
        zero = self.restore(np.zeros(self.problem.n))[self._kept]
        scale = self.restore(np.ones(self.problem.n))[self._kept] - zero
        return zero, np.where(scale == 0, 1.0, scale)


def presolve(problem: Problem, limits: LpLimits | None = None) -> Presolved | None:
    """Presolve a problem by HiGHS.

    Returns
    -------
    Presolved or None
        None if presolve reduced nothing, ended with a status such as infeasible, or was not done in time.
    """
    highs = loaded(problem)
    for j in range(problem.n):  # 2 us per column; the names tell which columns presolve kept
        highs.passColName(j, str(j))
    limits = limits or LpLimits()
    seconds = np.inf if limits.seconds is None else limits.seconds
    highs.setOptionValue("time_limit", seconds)
    worker = Worker()
    if worker.run(highs.presolve, lambda: None, limits.stop, seconds) is not None:
        return None
    return Presolved(problem, highs) if highs.getModelPresolveStatus() in _REDUCED else None


@dataclass(frozen=True, eq=False)
class MipResult:
    """How branch and cut ended. OPTIMAL and INFEASIBLE are HiGHS's claims.

    Attributes
    ----------
    status : LpStatus
        How the run ended.
    x : (n,) float64 or None
        The last incumbent.
    objective : float
        Its value under the given cost, infinite without one.
    bound : float
        HiGHS's dual bound.
    nodes : int
        Nodes of branch and cut.
    lp_iterations : int
        Simplex iterations.
    seconds : float
        Wall time.
    """

    status: LpStatus
    x: Vector | None
    objective: float
    bound: float
    nodes: int
    lp_iterations: int
    seconds: float

    @property
    def effort(self) -> int:
        """The effort in simplex iterations, at least `ITERATIONS_PER_NODE` for each node."""
        return max(self.lp_iterations, ITERATIONS_PER_NODE * self.nodes)


def solve_mip(
    problem: Problem,
    limits: LpLimits,
    *,
    cost: Vector | None = None,
    start: Vector | None = None,
    cutoff: float | None = None,
    row: tuple[Vector, float] | None = None,
    first: bool = False,
    seed: int = 0,
    gap: float = 0.0,
    incumbent: Incumbent | None = None,
    better: Callable[[], Vector | None] = lambda: None,
    enough: Callable[[int], bool] = lambda nodes: False,
) -> MipResult:
    """Solve a problem by branch and cut in HiGHS.

    Parameters
    ----------
    problem : Problem
        The model.
    limits : LpLimits
        Its simplex iterations become a limit on nodes, one for `ITERATIONS_PER_NODE` of them, because HiGHS
        limits the nodes of branch and cut.
    cost : (n,) float64, optional
        Replaces the problem's cost.
    start : (n,) float64, optional
        A point on all columns. HiGHS completes or repairs it if it can.
    cutoff : float, optional
        An upper bound on cost'x of solutions. By default there is no cutoff.
    row : ((n,) float64, float), optional
        (a, b), which adds the row a'x <= b.
    first : bool
        Whether the first solution ends the search.
    seed : int
        HiGHS's random seed, taken modulo 2^31 - 1.
    gap : float
        The relative gap at which the search ends. With HiGHS's default of 1e-4, solutions that are up to 1e-4
        worse would be reported as optimal.
    incumbent : callable, optional
        Called with every improving point (n,), a copy, and its cost'x, from another thread.
    better : callable
        Called from that thread from time to time. Returns a solution (n,) that was found elsewhere, or None.
    enough : callable
        Called from that thread with the number of nodes so far. Returns whether to end.

    Returns
    -------
    MipResult
        If the run had to be cancelled, its nodes and iterations are 0 and its bound is minus infinity.
    """
    began = time.perf_counter()
    highs = loaded(problem, cost)
    seconds = np.inf if limits.seconds is None else limits.seconds
    highs.setOptionValue("time_limit", seconds)
    if limits.iterations is not None:  # HiGHS limits the nodes of branch and cut, not its iterations
        highs.setOptionValue("mip_max_nodes", limits.iterations // ITERATIONS_PER_NODE)
    highs.setOptionValue("random_seed", seed % (2**31 - 1))
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", 0.0)
    if row is not None:
        columns = np.flatnonzero(row[0]).astype(np.int32)
        highs.addRow(-np.inf, row[1], columns.size, columns, row[0][columns])
    if cutoff is not None:
        highs.setOptionValue("objective_bound", cutoff)
    if first:
        highs.setOptionValue("mip_max_improving_sols", 1)
    if start is not None:
        within = np.clip(start, problem.lb, problem.ub)
        highs.setSolution(problem.n, np.arange(problem.n, dtype=np.int32), within)
    search = _SearchCallbacks(first, incumbent, better, enough)
    search.listen(highs)
    ending = Worker().run(highs.run, search.cancel, limits.stop, seconds)
    elapsed = time.perf_counter() - began
    if ending is not None:  # HiGHS may still be running, so only what the callbacks kept is safe to read
        return MipResult(ending, search.x, search.objective, -np.inf, 0, 0, elapsed)
    info = highs.getInfo()
    if info.primal_solution_status == _FEASIBLE_POINT and info.objective_function_value < search.objective:
        search.x = np.fromiter(highs.getSolution().col_value, np.float64, problem.n)
        search.objective = float(info.objective_function_value)
    return MipResult(
        MIP_STATUS.get(highs.getModelStatus(), LpStatus.FAILED), search.x, search.objective,
        float(info.mip_dual_bound), max(0, int(info.mip_node_count)),
        max(0, int(info.simplex_iteration_count)), elapsed,
    )  # fmt: skip


class _SearchCallbacks:
    """The state of the callbacks of one search. A reference to HiGHS here would be a reference cycle.

    Attributes
    ----------
    x : (n,) float64 or None
        The last incumbent.
    objective : float
        Its value under the given cost, infinite without one.
    """

    def __init__(
        self, first: bool, incumbent: Incumbent | None, better: Callable[[], Vector | None],
        enough: Callable[[int], bool],
    ) -> None:  # fmt: skip
        self.x: Vector | None = None
        self.objective = np.inf
        self._first, self._incumbent, self._better, self._enough = first, incumbent, better, enough
        self._cancelled = False

    def cancel(self) -> None:
        self._cancelled = True

    def listen(self, highs: highspy.Highs) -> None:
        """Register the callbacks for incumbents, for solutions found elsewhere, and for interrupts."""
        kinds = highspy.cb.HighsCallbackType

        def callback(kind: object, message: str, out: Any, into: Any, user: object) -> None:
            if kind == kinds.kCallbackMipImprovingSolution:
                self.x, self.objective = np.array(out.mip_solution), float(out.objective_function_value)
                if self._incumbent is not None:
                    self._incumbent(self.x, self.objective)
            elif kind == kinds.kCallbackMipUserSolution:
                if (x := self._better()) is not None:
                    into.setSolution(x)
            else:
                done = self._cancelled or (self._first and self.x is not None)
                at_node = kind == kinds.kCallbackMipInterrupt
                into.user_interrupt = done or (at_node and self._enough(out.mip_node_count))

        highs.setCallback(callback, None)
        for kind in (
            kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipUserSolution, kinds.kCallbackMipInterrupt,
            kinds.kCallbackSimplexInterrupt,
        ):  # fmt: skip
            highs.startCallback(kind)


def _problem(lp: Any, original: Problem) -> Problem:
    """Return HiGHS's presolved model as a Problem with generic names."""
    n, m = int(lp.num_col_), int(lp.num_row_)
    matrix = lp.a_matrix_
    by_columns = matrix.format_ == highspy.MatrixFormat.kColwise
    # HiGHS 1.16 leaves the original model's entries in a model that presolve has reduced to nothing.
    start = np.asarray(matrix.start_)[: (n if by_columns else m) + 1]
    parts = np.asarray(matrix.value_)[: start[-1]], np.asarray(matrix.index_)[: start[-1]], start
    kind = sp.csc_matrix if by_columns else sp.csr_matrix
    entries = kind(parts, shape=(m, n), dtype=np.float64).tocsr()
    entries.sort_indices()
    types = lp.integrality_
    integer = np.fromiter((t != highspy.HighsVarType.kContinuous for t in types), bool, len(types))
    return Problem(
        name=original.name, c=np.asarray(lp.col_cost_, float), offset=float(lp.offset_),
        maximise=original.maximise, A=entries,
        row_lo=np.asarray(lp.row_lower_, float), row_hi=np.asarray(lp.row_upper_, float),
        lb=np.asarray(lp.col_lower_, float), ub=np.asarray(lp.col_upper_, float),
        integer=integer if integer.size else np.zeros(n, bool),
        col_names=[f"x{j}" for j in range(n)], row_names=[f"r{i}" for i in range(m)],
    )  # fmt: skip
