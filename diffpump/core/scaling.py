"""The scaling of an LP by powers of two, so that solvers can hold coefficients of very different sizes.

With r_i = 2^p_i for the rows and s_j = 2^q_j for the columns, x_j = s_j x'_j turns

    min c'x,        lo <= A x <= hi,            lb <= x <= ub          into
    min (s c)'x',   r lo <= (r A s) x' <= r hi,   lb / s <= x' <= ub / s

without any rounding. Multipliers and dual rays of the scaled LP times r are those of the LP, and points and
primal rays times s are its points and rays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import HIGHS_KEEPS

_SWEEPS = 5  # alternating passes over rows and columns


class Scaled(NamedTuple):
    """A scaled LP.

    Attributes
    ----------
    problem : Problem
        The LP, without integer columns if it was scaled.
    rows : (m,) float64
        r, times the factor of the costs: multipliers of `problem` times it are those of the given model.
    cols : (n,) float64
        s.
    """

    problem: Problem
    rows: Vector
    cols: Vector


def equilibrated(problem: Problem) -> Scaled:
    """Return the LP relaxation with the sizes of its coefficients brought near 1.

    A model whose coefficients HiGHS keeps as they are is not changed.

    Parameters
    ----------
    problem : Problem
        The model.
    """
    A = problem.A
    size = np.abs(A.data)
    if not size.size or (size.min() >= HIGHS_KEEPS[0] and size.max() <= HIGHS_KEEPS[1]):
        return Scaled(problem, np.ones(problem.m), np.ones(problem.n))
    row_of = np.repeat(np.arange(problem.m), np.diff(A.indptr))
    bits = np.frexp(size)[1]
    p, q = np.zeros(problem.m, np.int64), np.zeros(problem.n, np.int64)
    for _ in range(_SWEEPS):
        p -= _middle(bits + p[row_of] + q[A.indices], row_of, problem.m)
        q -= _middle(bits + p[row_of] + q[A.indices], A.indices, problem.n)
    scaled = A.copy()
    scaled.data = np.ldexp(A.data, p[row_of] + q[A.indices])
    lp = replace(
        problem, A=scaled, c=np.ldexp(problem.c, q), row_lo=np.ldexp(problem.row_lo, p),
        row_hi=np.ldexp(problem.row_hi, p), lb=np.ldexp(problem.lb, -q), ub=np.ldexp(problem.ub, -q),
        integer=np.zeros(problem.n, bool),
    ).in_moderate_numbers()  # fmt: skip
    return Scaled(lp, np.ldexp(lp.unit / problem.unit, p), np.ldexp(1.0, q))


def _middle(bits: np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Return the middle between the least and the largest exponent of each group, 0 for an empty one."""
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(low, group, bits)
    np.maximum.at(high, group, bits)
    empty = low > high
    return np.where(empty, 0, (np.where(empty, 0, low) + np.where(empty, 0, high)) // 2)
