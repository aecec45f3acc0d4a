"""Does a dual ray prove that an LP has no point? (Farkas' lemma, in exact arithmetic.)

For y (m,) and d = A'y, every x with row_lo <= A x <= row_hi and lb <= x <= ub satisfies

    sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i
        <=  y'A x  =  d'x  <=  sum_{d_j > 0} d_j ub_j + sum_{d_j < 0} d_j lb_j,

so a left side above the right side is a proof that there is none. Any y will do: the floats of a solver
are only a hint. What spoils them is noise: d_j = 1e-17 in place of 0 on a column without a bound. So y is
moved, by rational elimination, to where all such d_j vanish exactly, before the exact comparison.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from diffpump import exact
from diffpump.problem import Problem
from diffpump.result import Vector

_NOISE = 1e-9  # multipliers below this fraction of the largest, and sums of products, are taken for 0
_WORK = 2_000_000  # rational operations spent on a repair before it is given up

Row = dict[int, Fraction]
"""A sparse vector: entry by index."""


def farkas(problem: Problem, ray: Vector, lb: Vector | None = None, ub: Vector | None = None) -> bool:
    """True only when `ray` (m,), of either sign, proves the LP relaxation empty.

    lb, ub: column bounds in place of the problem's. False means "not proven", never "feasible".
    """
    lb, ub = problem.lb if lb is None else lb, problem.ub if ub is None else ub
    if ray.shape != (problem.m,) or not np.isfinite(ray).all():
        return False
    for y in (_usable(problem, ray), _usable(problem, -ray)):
        hint = {i: Fraction(y[i]) for i in np.flatnonzero(y).tolist()}
        if _contradicts(problem, hint, lb, ub):
            return True
        repaired = _balanced(hint, _equations(problem, y, lb, ub))
        if repaired is not None and _contradicts(problem, repaired, lb, ub):
            return True
    return False


def _usable(problem: Problem, y: Vector) -> Vector:
    """y without noise and without multipliers whose side of the row is infinite, which prove nothing."""
    side = np.where(y > 0, problem.row_lo, problem.row_hi)
    return np.where(np.isfinite(side) & (np.abs(y) > _NOISE * np.abs(y).max(initial=0)), y, 0.0)


def _contradicts(problem: Problem, y: Row, lb: Vector, ub: Vector) -> bool:
    """The inequality of the module's docstring, strict and exact, for the multipliers y."""
    at = np.array(list(y), dtype=np.int64)
    multipliers = exact.objects(list(y.values()))
    side = np.where(multipliers > 0, problem.row_lo[at], problem.row_hi[at])
    A = problem.A[at].tocoo()
    d = exact.activities(A.col, A.row, A.data, multipliers, problem.n)
    columns = np.flatnonzero(d.ints)
    bound = np.where(d.ints[columns] > 0, ub[columns], lb[columns])
    if np.isinf(side[multipliers != 0]).any() or np.isinf(bound).any():
        return False
    left = sum((v * Fraction(s) for v, s in zip(multipliers, side.tolist(), strict=True) if v), Fraction(0))
    right = sum(k * Fraction(b) for k, b in zip(d.ints[columns].tolist(), bound.tolist(), strict=True))
    return bool(left > right / d.scale)


def _equations(problem: Problem, y: Vector, lb: Vector, ub: Vector) -> list[Row]:
    """The columns of A (rows of y's support) on which d_j is noise and a bound is missing: d_j = 0."""
    at = np.flatnonzero(y)
    A = problem.A[at].tocsc()
    noise = np.abs(A.T @ y[at]) <= _NOISE * (abs(A).T @ np.abs(y[at]))
    rows = []
    for j in np.flatnonzero(noise & (np.isinf(lb) | np.isinf(ub))).tolist():
        part = slice(A.indptr[j], A.indptr[j + 1])
        rows.append(
            {i: Fraction(a) for i, a in zip(at[A.indices[part]].tolist(), A.data[part].tolist(), strict=True)}
        )
    return rows


def _balanced(y: Row, equations: list[Row]) -> Row | None:
    """y moved so that every equation sums to zero exactly; None when that takes too long.

    Each equation gives one entry, where it weighs most, as a combination of entries solved later or not
    at all; these keep their values, so the move is of the size of the noise.
    """
    solved: dict[int, Row] = {}
    work = _WORK
    for equation in equations:
        for pivot, terms in solved.items():
            factor = equation.pop(pivot, 0)
            if factor:
                work -= len(terms)
                for i, a in terms.items():
                    equation[i] = equation.get(i, 0) + factor * a
        equation = {i: a for i, a in equation.items() if a}
        work -= len(solved) + len(equation)
        if work < 0:
            return None
        if equation:
            pivot = max(equation, key=lambda i: abs(equation[i] * y[i]))
            a = equation.pop(pivot)
            solved[pivot] = {i: -b / a for i, b in equation.items()}
    moved = dict(y)
    for pivot, terms in reversed(solved.items()):
        moved[pivot] = sum((a * moved[i] for i, a in terms.items()), Fraction(0))
    return moved
