"""One LP, or one loaded HiGHS, solved once and from scratch by a given algorithm.

For LPs that are re-solved, see `diffpump.backends.relaxation`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import highspy
import numpy as np

from diffpump.backends.highs_model import MIP_STATUS, loaded
from diffpump.backends.worker import Worker
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus

ALGORITHMS = ("simplex", "ipm", "pdlp")


def solve_lp(
    problem: Problem,
    limits: LpLimits,
    algorithm: str = "simplex",
    *,
    cost: Vector | None = None,
    rows: tuple[Vector, Vector] | None = None,
    tolerance: float | None = None,
    presolve: bool = True,
) -> LpResult:
    """Solve the LP relaxation by HiGHS, once and from scratch.

    Parameters
    ----------
    problem : Problem
        The model, whose integrality is ignored.
    limits : LpLimits
        `limits.iterations` counts the iterations of the algorithm.
    algorithm : {"simplex", "ipm", "pdlp"}
        "simplex" returns a vertex, "ipm" is interior point without crossover, and "pdlp" is a first-order
        method with a tolerance of 1e-4.
    cost : (n,) float64, optional
        Replaces the problem's cost.
    rows : ((m,) float64, (m,) float64), optional
        (row_lo, row_hi), which replace the problem's sides.
    tolerance : float, optional
        Primal feasibility tolerance. By default it is HiGHS's 1e-7.
    presolve : bool
        Whether HiGHS may presolve. Its postsolve puts columns that presolve has removed at a bound, so a
        point inside P needs False.

    Returns
    -------
    LpResult
        `x` is NaN and `duals` is None unless the status is OPTIMAL. There is no ray, and reduced costs come
        from "ipm" alone.
    """
    options: dict[str, Any] = {"solver": algorithm, "presolve": "choose" if presolve else "off"}
    if algorithm != "simplex":
        options["run_crossover"] = "off"
    if algorithm == "pdlp":
        options["pdlp_optimality_tolerance"] = 1e-4
    if limits.iterations is not None:
        options[f"{algorithm}_iteration_limit"] = limits.iterations
    if tolerance is not None:
        options["primal_feasibility_tolerance"] = tolerance
    highs = loaded(problem, cost, rows, relaxed=True)
    return run_once(highs, problem, limits, options)


def run_once(
    highs: highspy.Highs, problem: Problem, limits: LpLimits, options: Mapping[str, Any]
) -> LpResult:
    """Run a loaded HiGHS once, within limits that hold and in a way that an interrupt ends.

    Parameters
    ----------
    highs : highspy.Highs
        The solver, which holds the problem's rows and columns. It must not be used afterwards, since a run
        that does not end when it is cancelled is left behind.
    problem : Problem
        The problem, of which the bounds and sizes are used.
    limits : LpLimits
        The seconds and `stop`.
    options : mapping
        The options of HiGHS by name, without the time limit; "solver" is the name of the algorithm.

    Returns
    -------
    LpResult
        As of `solve_lp`.
    """
    seconds, algorithm = np.inf if limits.seconds is None else limits.seconds, str(options["solver"])
    for option, value in {**options, "time_limit": seconds}.items():
        highs.setOptionValue(option, value)
    cancelled: list[bool] = []

    def callback(kind: object, message: str, out: Any, into: Any, user: object) -> None:
        into.user_interrupt = bool(cancelled)

    highs.setCallback(callback, None)
    for kind in (highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
                 highspy.cb.HighsCallbackType.kCallbackIpmInterrupt):  # fmt: skip
        highs.startCallback(kind)
    began = time.perf_counter()
    ending = Worker().run(highs.run, lambda: cancelled.append(True), limits.stop, seconds)
    took = time.perf_counter() - began
    no_point = np.full(problem.n, np.nan)
    if ending is not None:
        return LpResult(ending, no_point, 0, took, algorithm, None)
    info, status = highs.getInfo(), MIP_STATUS.get(highs.getModelStatus(), LpStatus.FAILED)
    counts = (info.simplex_iteration_count, info.ipm_iteration_count, info.pdlp_iteration_count,
              info.qp_iteration_count)  # fmt: skip
    iterations = sum(max(0, count) for count in counts)
    if status is not LpStatus.OPTIMAL:
        return LpResult(status, no_point, iterations, took, algorithm, None)
    solution = highs.getSolution()
    x = np.clip(np.fromiter(solution.col_value, np.float64, problem.n), problem.lb, problem.ub)
    reduced = np.fromiter(solution.col_dual, np.float64, problem.n) if algorithm == "ipm" else None
    duals = np.fromiter(solution.row_dual, np.float64, problem.m)
    return LpResult(status, x, iterations, took, algorithm, None, reduced, duals)
