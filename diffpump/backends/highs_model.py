"""Models for HiGHS, and its statuses as ours.

HiGHS's model differs slightly from the file's: HiGHS ignores coefficients with |a| <= 1e-9 and takes bounds
of 1e20 and more as infinite. Because the exact check verifies every solution, this may cost a solution but
never yields a wrong one. HiGHS's claims "optimal" and "infeasible" are about its own model, so they are
passed on only where `distortion` finds no difference that matters.
"""

from __future__ import annotations

import os
from functools import cache
from threading import Lock

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from diffpump.core.arrays import Vector
from diffpump.core.errors import SolverRefusal
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import HIGHS_KEEPS, MAX_RESOLVED, NOISE, VISIBLE_COST

# How a simplex run ends; any other status is a numerical failure. None: presolve cannot tell infeasible from
# unbounded.
LP_STATUS = {
    HighsModelStatus.kOptimal: LpStatus.OPTIMAL,
    HighsModelStatus.kModelEmpty: LpStatus.OPTIMAL,
    HighsModelStatus.kInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kUnbounded: LpStatus.UNBOUNDED,
    HighsModelStatus.kUnboundedOrInfeasible: None,
    HighsModelStatus.kTimeLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kIterationLimit: LpStatus.ITERATION_LIMIT,
}
_first_lock = Lock()
# How branch and cut, or an LP that is solved only once, ends. Every limit counts as the time limit.
MIP_STATUS: dict[HighsModelStatus, LpStatus] = {
    **{status: ours for status, ours in LP_STATUS.items() if ours is not None},
    HighsModelStatus.kUnboundedOrInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kIterationLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kSolutionLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kInterrupt: LpStatus.INTERRUPTED,
}


def silent_highs() -> highspy.Highs:
    """Return an empty HiGHS that prints nothing."""
    with _first_lock:
        _make_the_first()
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    return highs


@cache
def _make_the_first() -> None:
    """Make the first HiGHS of this process, for which HiGHS 1.16 prints two lines to standard output.

    No option suppresses them, so the descriptor is redirected meanwhile. The constructor holds the GIL, and
    no output of another Python thread can get lost.
    """
    try:
        out = os.dup(1)
    except OSError:  # standard output is closed, and what is printed is lost anyway
        highspy.Highs()
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(out, 1)
        os.close(nowhere)
        os.close(out)


def loaded(
    problem: Problem,
    cost: Vector | None = None,
    rows: tuple[Vector, Vector] | None = None,
    relaxed: bool = False,
    offset: float = 0.0,
) -> highspy.Highs:
    """Return a silent, single-threaded HiGHS that holds the problem.

    Parameters
    ----------
    problem : Problem
        The model. Its offset and the sense of its objective are left out: HiGHS minimises c'x + `offset`.
    cost : (n,) float64, optional
        Replaces the problem's cost.
    rows : ((m,) float64, (m,) float64), optional
        (row_lo, row_hi), which replace the problem's sides.
    relaxed : bool
        Whether to leave integrality out.
    offset : float
        The constant of the objective.

    Raises
    ------
    SolverRefusal
        If HiGHS refuses the model: a later `run` would solve an empty one.
    """
    highs = silent_highs()
    highs.setOptionValue("threads", 1)
    status = highs.passModel(
        problem.n, problem.m, problem.nnz, int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize), offset, problem.c if cost is None else cost, problem.lb, problem.ub,
        *(rows or (problem.row_lo, problem.row_hi)), problem.A.indptr, problem.A.indices, problem.A.data,
        np.zeros(problem.n, np.int32) if relaxed else problem.integer.astype(np.int32),
    )  # fmt: skip
    if status == HighsStatus.kError:
        raise SolverRefusal("HiGHS cannot hold the model: it refuses coefficients of 1e15 and more")
    return highs


def distortion(problem: Problem) -> str | None:
    """Return why a solver's claims do not hold for a model, or None if they do up to its tolerances.

    HiGHS drops small coefficients, cannot see costs below its dual tolerance, and its feasibility tolerance,
    which is absolute, is lost in the rounding errors of large numbers. SCIP's limits lie inside these.

    Parameters
    ----------
    problem : Problem
        The model, in moderate numbers (`Problem.in_moderate_numbers`).
    """
    size, costs = np.abs(problem.A.data), np.abs(problem.c[problem.c != 0])
    if size.size and not (size.min() >= HIGHS_KEEPS[0] and size.max() <= HIGHS_KEEPS[1]):
        return f"a coefficient is outside {HIGHS_KEEPS[0]:g} to {HIGHS_KEEPS[1]:g} in absolute value"
    if costs.size and costs.min() < VISIBLE_COST:
        return "some costs are too small beside the largest one"
    numbers = np.abs(np.concatenate([problem.lb, problem.ub, problem.row_lo, problem.row_hi]))
    numbers = numbers[np.isfinite(numbers) & (numbers != 0)]
    if numbers.max(initial=0.0) > MAX_RESOLVED or numbers.min(initial=1.0) < NOISE:
        return f"a bound or side is outside {NOISE:g} to {MAX_RESOLVED:g} in absolute value"
    return None
