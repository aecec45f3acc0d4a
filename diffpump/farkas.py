"""Does a dual ray prove that an LP has no point? (Farkas' lemma, in exact arithmetic.)

For y (m,) and d = A'y, every x with row_lo <= A x <= row_hi and lb <= x <= ub satisfies

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i
        <=  y'A x  =  d'x  <=  sum_{d_j > 0} d_j ub_j + sum_{d_j < 0} d_j lb_j,

so a left side above the right side is a proof that there is none. Any y will do: the floats of a solver
are only a hint, and may be cleaned and rounded at will, as long as the last inequality is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from diffpump import exact
from diffpump.problem import Problem
from diffpump.result import Vector

_NOISE = 1e-9  # multipliers below this fraction of the largest are taken for rounding errors
_MULTIPLES = (1, 2, 3, 4, 5, 6, 12, 60, 100, 840, 1000, 27720)  # common denominators tried in a repair


def farkas(problem: Problem, ray: Vector, lb: Vector | None = None, ub: Vector | None = None) -> bool:
    """True only when `ray` (m,), of either sign, proves the LP relaxation empty.

    lb, ub: column bounds in place of the problem's. False means "not proven", never "feasible".
    """
    lb, ub = problem.lb if lb is None else lb, problem.ub if ub is None else ub
    if ray.shape != (problem.m,) or not np.isfinite(ray).all() or not ray.any():
        return False
    hints = (_usable(problem, ray), _usable(problem, -ray))
    return any(_contradicts(problem, y, lb, ub) for hint in hints for y in _candidates(hint))


def _usable(problem: Problem, y: Vector) -> Vector:
    """y without noise and without multipliers whose side of the row is infinite, which prove nothing."""
    side = np.where(y > 0, problem.row_lo, problem.row_hi)
    return np.where(np.isfinite(side) & (np.abs(y) > _NOISE * np.abs(y).max()), y, 0.0)


def _candidates(y: Vector) -> Iterator[Vector]:
    """y, then y scaled and rounded to small integers: true rays of small integral data are such vectors."""
    support = np.abs(y[y != 0])
    if not support.size:
        return
    yield y
    for unit in (support.max(), support.min()):
        for k in _MULTIPLES:
            scaled = y * (k / unit)
            if np.abs(scaled).max() < 2**53:
                yield np.rint(scaled)


def _contradicts(problem: Problem, y: Vector, lb: Vector, ub: Vector) -> bool:
    """The inequality of the module's docstring, strict and exact, for the multipliers y."""
    at = np.flatnonzero(y)
    A = problem.A[at].tocoo()
    multipliers = exact.objects([Fraction(v) for v in y[at].tolist()])
    side = np.where(y > 0, problem.row_lo, problem.row_hi)[at]
    d = exact.activities(A.col, A.row, A.data, multipliers, problem.n)
    columns = np.flatnonzero(d.ints)
    bound = np.where(d.ints[columns] > 0, ub[columns], lb[columns])
    if np.isinf(bound).any():
        return False
    left = sum((y * Fraction(v) for y, v in zip(multipliers, side.tolist(), strict=True)), Fraction(0))
    right = sum(k * Fraction(v) for k, v in zip(d.ints[columns].tolist(), bound.tolist(), strict=True))
    return bool(left > right / d.scale)
