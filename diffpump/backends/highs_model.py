"""Models for HiGHS, and its statuses as ours.

HiGHS's model differs slightly from the file's: HiGHS ignores coefficients with |a| <= 1e-9 and takes bounds
of 1e20 and more as infinite. Because the exact check verifies every solution, this may cost a solution but
never yields a wrong one.
"""

from __future__ import annotations

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

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
# How branch and cut, or an LP that is solved only once, ends. Every limit counts as the time limit.
MIP_STATUS: dict[HighsModelStatus, LpStatus] = {
    **{status: ours for status, ours in LP_STATUS.items() if ours is not None},
    HighsModelStatus.kUnboundedOrInfeasible: LpStatus.INFEASIBLE,
    HighsModelStatus.kIterationLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kSolutionLimit: LpStatus.TIME_LIMIT,
    HighsModelStatus.kInterrupt: LpStatus.INTERRUPTED,
}


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
    InputError
        If HiGHS refuses the model: a later `run` would solve an empty one.
    """
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        highs.setOptionValue(option, value)
    status = highs.passModel(
        problem.n, problem.m, problem.nnz, int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize), offset, problem.c if cost is None else cost, problem.lb, problem.ub,
        *(rows or (problem.row_lo, problem.row_hi)), problem.A.indptr, problem.A.indices, problem.A.data,
        np.zeros(problem.n, np.int32) if relaxed else problem.integer.astype(np.int32),
    )  # fmt: skip
    if status == HighsStatus.kError:
        raise InputError("HiGHS refuses the model (a coefficient of 1e15 or more?)")
    return highs
