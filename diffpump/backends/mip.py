"""Sub-problems through HiGHS: presolve with a way back, and branch and cut on a part of the model.

Nothing that comes from here is a solution before it was proven: HiGHS's tolerances are relative to its
scaled model, its presolve may lose a point on the way back, and a verdict of its ("infeasible") is a hint.

Limits hold although HiGHS's presolve overruns its own: calls are made in a `Worker`, and one that does not
end when told to is left behind with everything it holds.
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
from highspy import HighsModelStatus, HighsPresolveStatus, HighsStatus

from diffpump.backends.worker import Worker
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

_REDUCED = (HighsPresolveStatus.kReduced, HighsPresolveStatus.kReducedToEmpty)
ENDED = {
    HighsModelStatus.kOptimal: LpStatus.OPTIMAL,
    HighsModelStatus.kModelEmpty: LpStatus.OPTIMAL,
    HighsModelStatus.kInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kUnbounded: LpStatus.UNBOUNDED,
    HighsModelStatus.kUnboundedOrInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kTimeLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kSolutionLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kIterationLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kInterrupt: LpStatus.INTERRUPTED,
}
_FEASIBLE_POINT = 2  # HighsInfo.primal_solution_status
NODE = 100  # simplex iterations that a node of branch and cut counts as
Incumbent = Callable[[Vector, float], None]


class Presolved:
    """A smaller model with the same solutions, and the way back; made by `presolve`."""

    def __init__(self, original: Problem, highs: highspy.Highs) -> None:
        self._original, self._highs = original, highs
        reduced = highs.getPresolvedLp()
        self.problem = _problem(reduced, original)
        self._kept = np.fromiter((int(name) for name in reduced.col_names_), np.int64, self.problem.n)

    def restore(self, x: Vector) -> Vector:
        """The point on the original columns, (n,); nothing says that it is feasible there."""
        point = highspy.HighsSolution()
        point.col_value = x.tolist()
        self._highs.postsolve(point)  # warns after a MIP presolve although all is well
        return np.fromiter(self._highs.getSolution().col_value, np.float64, self._original.n)

    def reduce(self, x: Vector) -> Vector:
        """An original point's columns that are left, (problem.n,); where presolve decided against a column's
        value in x, nothing says that the rows hold."""
        zero, scale = self._affine
        return np.asarray((x[self._kept] - zero) / scale)

    @cached_property
    def _affine(self) -> tuple[Vector, Vector]:
        """Presolve may shift and scale a column: original = zero + scale * reduced."""
        zero = self.restore(np.zeros(self.problem.n))[self._kept]
        return zero, self.restore(np.ones(self.problem.n))[self._kept] - zero


def presolve(problem: Problem, limits: LpLimits | None = None) -> Presolved | None:
    """HiGHS's presolve; None where it reduced nothing, ended in a verdict, or was not done in time."""
    highs = loaded(problem)
    for j in range(problem.n):  # 2 us each; names are how presolve tells which columns it left
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
    """How a sub-problem ended: OPTIMAL and INFEASIBLE are HiGHS's word. `x` is its last incumbent, (n,), with
    `objective` under the cost that was asked for; `bound` its dual bound."""

    status: LpStatus
    x: Vector | None
    objective: float
    bound: float
    nodes: int
    lp_iterations: int
    seconds: float

    @property
    def effort(self) -> int:
        """In simplex iterations, as which nodes count too."""
        return max(self.lp_iterations, NODE * self.nodes)


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
    incumbent: Incumbent | None = None,
    better: Callable[[], Vector | None] = lambda: None,
    enough: Callable[[int], bool] = lambda nodes: False,
) -> MipResult:
    """Branch and cut on the problem under another cost, from a start.

    start     (n,), complete; HiGHS completes or repairs it as it can
    cutoff    only solutions with cost'x below it are asked for
    row       (a, b): only solutions with a'x <= b
    first     end with the first solution
    incumbent called with every improving point (a copy) and its cost'x, from another thread
    better    asked now and then, from there too, for a solution (n,) that was found elsewhere
    enough    asked there with the number of nodes so far: whether to end
    """
    began = time.perf_counter()
    highs = loaded(problem, cost)
    seconds = np.inf if limits.seconds is None else limits.seconds
    highs.setOptionValue("time_limit", seconds)
    if limits.iterations is not None:  # branch and cut has no such limit, but one of nodes
        highs.setOptionValue("mip_max_nodes", limits.iterations // NODE)
    highs.setOptionValue("random_seed", seed % (2**31 - 1))
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
    search = _Search(first, incumbent, better, enough)
    search.listen(highs)
    ending = Worker().run(highs.run, search.cancel, limits.stop, seconds)
    took = time.perf_counter() - began
    if ending is not None:  # it may be left behind, still at work on `highs`: what it told is all there is
        return MipResult(ending, search.x, search.objective, -np.inf, 0, 0, took)
    info = highs.getInfo()
    if info.primal_solution_status == _FEASIBLE_POINT and info.objective_function_value < search.objective:
        search.x = np.fromiter(highs.getSolution().col_value, np.float64, problem.n)
        search.objective = float(info.objective_function_value)
    return MipResult(
        ENDED.get(highs.getModelStatus(), LpStatus.FAILED), search.x, search.objective,
        float(info.mip_dual_bound), max(0, int(info.mip_node_count)),
        max(0, int(info.simplex_iteration_count)), took,
    )  # fmt: skip


class _Search:
    """What callbacks see; it must not hold HiGHS, which holds it."""

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
        """Have HiGHS tell of incumbents and ask whether to go on."""
        kinds = highspy.cb.HighsCallbackType

        def called(kind: object, message: str, out: Any, into: Any, user: object) -> None:
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

        highs.setCallback(called, None)
        for kind in (
            kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipUserSolution, kinds.kCallbackMipInterrupt,
            kinds.kCallbackSimplexInterrupt,
        ):  # fmt: skip
            highs.startCallback(kind)


def loaded(
    problem: Problem,
    cost: Vector | None = None,
    rows: tuple[Vector, Vector] | None = None,
    relaxed: bool = False,
) -> highspy.Highs:
    """HiGHS, quiet and on one thread, with the problem under another cost and sides (lo, hi) of its rows;
    `relaxed`: without integrality."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        highs.setOptionValue(option, value)
    status = highs.passModel(
        problem.n, problem.m, problem.nnz, int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize), 0.0, problem.c if cost is None else cost, problem.lb, problem.ub,
        *(rows or (problem.row_lo, problem.row_hi)), problem.A.indptr, problem.A.indices, problem.A.data,
        np.zeros(problem.n, np.int32) if relaxed else problem.integer.astype(np.int32),
    )  # fmt: skip
    if status == HighsStatus.kError:  # a later `run` would solve the empty model
        raise InputError("HiGHS refuses the model (a coefficient of 1e15 or more?)")
    return highs


def _problem(lp: Any, original: Problem) -> Problem:
    """HiGHS's reduced model as a Problem; its columns have no names that mean anything."""
    n, m = int(lp.num_col_), int(lp.num_row_)
    matrix = lp.a_matrix_
    kind = sp.csc_matrix if matrix.format_ == highspy.MatrixFormat.kColwise else sp.csr_matrix
    entries = kind((matrix.value_, matrix.index_, matrix.start_), shape=(m, n), dtype=np.float64).tocsr()
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
