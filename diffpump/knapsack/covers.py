"""Sets of items that are too light, and the cuts that they imply.

For choices that must weigh at least q, a set S with w'1_S < q is insufficient: a choice needs an item outside
it, sum_{i not in S} x_i >= 1. The set is maximal if any further item makes it heavy enough. The cut that a
point x violates most is a knapsack problem,

    min sum_{i not in S} x_i = sum x - max { x'a: w'a < q, a binary },

and a point with a least value of 1 or more violates none. A knapsack row w'z <= c over binaries asks for
1 - z with a weight of at least sum w - c; the complement C of a maximal insufficient set is then a minimal
cover, and the cut says sum_C z <= |C| - 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.knapsack.base import Array
from diffpump.knapsack.exact import dantzig, solve

Integers = NDArray[np.int64]
WEIGHT_BITS, SCORE_BITS = 40, 20  # of the whole numbers that the knapsack takes
LEAST_VIOLATION = 1e-4
NEARLY_TIGHT = 1e-6  # relative slack up to which a row of a model may have a violated cover


def whole_weights(weights: Array, least: Fraction | float) -> tuple[Integers, int]:
    """Return weights as whole numbers, rounded up, and a capacity within which every set is too light."""
    scale = Fraction(2) ** (WEIGHT_BITS - math.frexp(float(weights.sum()))[1])
    whole = [math.ceil(Fraction(weight) * scale) for weight in weights.tolist()]
    return np.array(whole, np.int64), math.ceil(Fraction(least) * scale) - 1


def separate(
    weights: Array, least: Fraction | float, x: Array, violation: float = LEAST_VIOLATION
) -> Integers | None:
    """Return a maximal insufficient set whose cut a point violates by more than `violation`.

    Dantzig's bound on the knapsack comes first, since it may prove that no cut is violated. The result is
    None if that is so, and also if the knapsack is too large to be solved.

    Parameters
    ----------
    weights : (n,) float64
        The weights, >= 0.
    least : Fraction or float
        q.
    x : (n,) float64
        The point.
    violation : float
        The least violation.
    """
    whole, capacity = whole_weights(weights, least)
    if capacity < 0:
        return None
    point = np.clip(x, 0.0, 1.0)
    score = np.rint(point * 2.0**SCORE_BITS).astype(np.int64)
    limit = int(score.sum()) - (1 << SCORE_BITS)  # what a violated cut's set must exceed
    if dantzig(score, whole, capacity) <= limit:
        return None
    try:
        found = solve(score, whole, capacity)
    except UsageError:  # too large to be solved exactly: the point may then keep its violation
        return None
    inside = np.zeros(whole.size, bool)
    inside[found.items] = True
    items = complete(inside, whole, capacity)
    inside[items] = True
    return items if float(point[~inside].sum()) < 1.0 - violation else None


def complete(inside: NDArray[np.bool_], weights: Integers, capacity: int) -> Integers:
    """Return a maximal set within the capacity that contains a given one: the lightest others are added."""
    own = inside.copy()
    room = capacity - int(weights[own].sum())
    others = np.flatnonzero(~own)
    others = others[np.argsort(weights[others], kind="stable")]
    own[others[np.cumsum(weights[others]) <= room]] = True
    return np.flatnonzero(own).astype(np.int64)


def with_covers(problem: Problem, x: Vector, enough: Callable[[], bool]) -> Problem:
    """Return the model with a minimal cover cut for each knapsack row that has one the point violates.

    Parameters
    ----------
    problem : Problem
        The model.
    x : (n,) float64
        A point of its LP relaxation.
    enough : callable
        Whether to stop; it is asked before each row.
    """
    rows: list[tuple[Integers, Array, float]] = []  # columns, coefficients and side of each cut a'x <= side
    activity, A = problem.A @ x, problem.A
    fractional = np.zeros(problem.n)
    fractional[problem.integer] = np.abs(x - np.rint(x))[problem.integer] > INTEGRAL_TOL
    open_rows = (problem.pattern @ (~problem.binary).astype(float) == 0) & (problem.pattern @ fractional > 0)
    for side, sign in ((problem.row_hi, 1.0), (-problem.row_lo, -1.0)):
        slack = side - sign * activity
        tight = open_rows & np.isfinite(side) & (slack <= NEARLY_TIGHT * np.maximum(1.0, np.abs(side)))
        for row in np.flatnonzero(tight):
            if enough():
                break
            entries = slice(A.indptr[row], A.indptr[row + 1])
            if (cut := _cover(A.indices[entries], sign * A.data[entries], float(side[row]), x)) is not None:
                rows.append(cut)
    if not rows:
        return problem
    index = np.repeat(np.arange(len(rows)), [columns.size for columns, _, _ in rows])
    values = np.concatenate([one for _, one, _ in rows])
    columns = np.concatenate([one for one, _, _ in rows])
    cuts = sp.csr_matrix((values, (index, columns)), shape=(len(rows), problem.n))
    return Problem(
        problem.name, problem.c, problem.offset, problem.maximise, sp.csr_matrix(sp.vstack([A, cuts])),
        np.append(problem.row_lo, np.full(len(rows), -np.inf)),
        np.append(problem.row_hi, [side for _, _, side in rows]), problem.lb, problem.ub, problem.integer,
        problem.col_names, [*problem.row_names, *(f"cover_{k}" for k in range(len(rows)))], unit=problem.unit,
    )  # fmt: skip


def _cover(
    columns: NDArray[np.int32], values: Array, side: float, x: Vector
) -> tuple[Integers, Array, float] | None:
    """Return a violated cover cut (columns, coefficients, side) of values'x <= side, x binary, or None."""
    complemented = values < 0
    weights, z = np.abs(values), np.where(complemented, 1.0 - x[columns], x[columns])
    excess = sum((Fraction(value) for value in values.tolist() if value > 0), Fraction(0)) - Fraction(side)
    items = separate(weights, excess, 1.0 - z)
    if items is None:
        return None
    cover = np.setdiff1d(np.arange(columns.size), items)
    coefficients = np.where(complemented[cover], -1.0, 1.0)
    return columns[cover].astype(np.int64), coefficients, cover.size - 1.0 - float(complemented[cover].sum())
