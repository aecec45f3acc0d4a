"""The elastic model: slacks let rows and bounds be violated, and their weighted sum is minimised.

    min  sum_i w_i (p_i + q_i) + sum_j (l_j s_j + u_j t_j)
    s.t. row_lo <= A x + p - q <= row_hi,   lb_j <= x_j + s_j - t_j <= ub_j,   p, q, s, t >= 0,   x_I integer

A side has a slack if it is finite and may be violated. A column whose bounds have none keeps its bounds, and
the others lose theirs to a row. The exact elastic model is made from the exact model of the file, and the one
in float64 for the search is rounded from it, so that points and bounds are proven on the file's own numbers.

The plain point has zeros, moved into the bounds. If it satisfies all that must hold, its violation V is an
upper bound on the least one, so a violated bound of column j is missed by at most V / w_j. Columns that lost
bounds keep these wider ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, inf
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.arrays import Mask, Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.tolerances import MAX_RESOLVED
from diffpump.elastic.weights import HOLDS, Weights
from diffpump.io.foreign import from_arrays
from diffpump.verify import exact
from diffpump.verify.bound import Grid
from diffpump.verify.violations import violations


@dataclass(frozen=True, eq=False)
class Elastic:
    """An elastic model.

    Attributes
    ----------
    exact : ParsedModel
        The model in exact numbers, the columns and rows of the original model first.
    problem : Problem
        The same in float64, for the search.
    plain : (n + slacks,) float64
        The plain point with its slacks.
    plain_holds : bool
        Whether it satisfies all that must hold.
    grid : Grid or None
        The values that the least violation can have at integral points, if there is a step between them.
    """

    exact: ParsedModel
    problem: Problem
    plain: Vector
    plain_holds: bool
    grid: Grid | None


def elastic(model: ParsedModel, weights: Weights) -> Elastic:
    """Return the elastic model of an exact model.

    Parameters
    ----------
    model : ParsedModel
        The exact model of a file, or `check.exact_model(problem)`.
    weights : Weights
        The weights of its rows and bounds.
    """
    m, n = len(model.row_names), len(model.col_names)
    soft = [own != HOLDS for own in (weights.rows, weights.lower, weights.upper)]
    below, above = (np.flatnonzero(soft[0] & exact.finite(side)) for side in (model.row_lo, model.row_hi))
    lower, upper = exact.finite(model.lb) & soft[1], exact.finite(model.ub) & soft[2]
    moved = np.flatnonzero(lower | upper)  # the columns whose bounds become rows
    row_of = np.zeros(n, dtype=np.intp)
    row_of[moved] = m + np.arange(moved.size)
    owners = np.concatenate([below, above, row_of[lower], row_of[upper]])  # the rows of the slacks
    signs = np.repeat([1, -1, 1, -1], [below.size, above.size, lower.sum(), upper.sum()])
    costs = (weights.rows[below], weights.rows[above], weights.lower[lower], weights.upper[upper])
    sides = [
        *(("row", i, "lower") for i in below.tolist()), *(("row", i, "upper") for i in above.tolist()),
        *(("column", j, "lower") for j in np.flatnonzero(lower).tolist()),
        *(("column", j, "upper") for j in np.flatnonzero(upper).tolist()),
    ]  # fmt: skip
    plain, total = _plain(model, weights, sides)
    lb, ub = _wider(model, weights, total, lower, upper)
    parsed = ParsedModel(
        name=model.name, maximise=False, offset=0,
        c=np.concatenate([exact.objects([0] * n), *costs]),
        rows=np.concatenate([model.rows, row_of[moved], owners]).astype(np.int32),
        cols=np.concatenate([model.cols, moved, n + np.arange(owners.size)]).astype(np.int32),
        values=np.concatenate([model.values, exact.objects([1] * moved.size + signs.tolist())]),
        row_lo=np.concatenate([model.row_lo, np.where(lower, model.lb, -inf)[moved]]),
        row_hi=np.concatenate([model.row_hi, np.where(upper, model.ub, inf)[moved]]),
        lb=np.concatenate([lb, exact.objects([0] * owners.size)]),
        ub=np.concatenate([ub, exact.objects([inf] * owners.size)]),
        integer=np.concatenate([model.integer, np.zeros(owners.size, dtype=bool)]),
        col_names=_unused(model.col_names, "slack", owners.size),
        row_names=_unused(model.row_names, "bound", moved.size),
    )  # fmt: skip
    grid = _grid(model, weights, soft[0], lower, upper)
    return Elastic(parsed, _in_floats(parsed), plain, total < inf, grid)


def _plain(
    model: ParsedModel, weights: Weights, sides: list[tuple[str, int, str]]
) -> tuple[Vector, Fraction | float]:
    """Return the plain point with its slacks, and its weighted violation.

    Parameters
    ----------
    model, weights
        The original model and its weights.
    sides : list of (kind, position, side)
        The side of each slack.

    Returns
    -------
    point : (n + slacks,) float64
        The point.
    total : Fraction or inf
        Its violation, infinite if it violates what must hold.
    """
    point = _inside(model)
    plain = np.concatenate([exact.floats(point), np.zeros(len(sides))])
    place = {side: k for k, side in enumerate(sides, point.size)}
    total: Fraction | float = Fraction(0)
    for one in violations(model, point):
        weight = weights.of(one.kind, one.index, one.side)
        if weight == HOLDS:
            total = inf
        else:
            plain[place[one.kind, one.index, one.side]] = exact.nearest_float(one.amount)
            total += weight * one.amount
    return plain, total


def _inside(model: ParsedModel) -> exact.Array:
    """Return the point of all zeros (n,), moved into the bounds and rounded to integers where necessary."""
    x: exact.Array = np.minimum(np.maximum(exact.objects([0] * len(model.col_names)), model.lb), model.ub)
    for j in np.flatnonzero(model.integer).tolist():
        x[j] = floor(model.ub[j]) if model.ub[j] < 0 else ceil(x[j])
    return x


def _wider(
    model: ParsedModel, weights: Weights, total: Any, lower: Mask, upper: Mask
) -> tuple[exact.Array, exact.Array]:
    """Return the column bounds (n,) each, where those with slacks are wider by the largest useful violation.

    Parameters
    ----------
    model, weights
        The original model and its weights.
    total : Fraction or inf
        An upper bound on the least weighted violation.
    lower, upper : (n,) bool
        The bounds with slacks.
    """
    lb, ub = model.lb.copy(), model.ub.copy()
    for bounds, sign, own, soft in ((lb, -1, weights.lower, lower), (ub, 1, weights.upper, upper)):
        for j in np.flatnonzero(soft).tolist():
            width = total / own[j] if total < inf else inf
            bounds[j] = bounds[j] + sign * width if width <= MAX_RESOLVED else sign * inf
    return lb, ub


def _grid(model: ParsedModel, weights: Weights, row_soft: Mask, lower: Mask, upper: Mask) -> Grid | None:
    """Return the values of the least violation, None if a continuous column is in a soft row or bound.

    At integral points the violation of a row is a multiple of the common divisor of its numbers.
    """
    entries = np.flatnonzero(row_soft[model.rows] & (model.values != 0))
    if not (model.integer[model.cols[entries]].all() and model.integer[lower | upper].all()):
        return None
    parts = [weights.rows[model.rows[entries]] * model.values[entries]]
    for sides, own, soft in (
        (model.row_lo, weights.rows, row_soft), (model.row_hi, weights.rows, row_soft),
        (model.lb, weights.lower, lower), (model.ub, weights.upper, upper),
    ):  # fmt: skip
        at = np.flatnonzero(soft & exact.finite(sides))
        parts.append(own[at] * sides[at])
    parts += [weights.lower[lower], weights.upper[upper]]
    numbers = exact.scaled(np.concatenate(parts))
    step = gcd(*numbers.ints.tolist())
    return Grid(Fraction(0), Fraction(step, numbers.scale), maximise=False) if step else None


def _unused(names: list[str], prefix: str, count: int) -> list[str]:
    """Return the names followed by `count` new ones."""
    while any(name.startswith(prefix) for name in names):
        prefix += "_"
    return [*names, *(f"{prefix}{k}" for k in range(count))]


def _in_floats(model: ParsedModel) -> Problem:
    """Return an exact minimisation in float64."""
    shape = (len(model.row_names), len(model.col_names))
    matrix = sp.csr_matrix((exact.floats(model.values), (model.rows, model.cols)), shape=shape)
    row_lo, row_hi, lb, ub = map(exact.floats, (model.row_lo, model.row_hi, model.lb, model.ub))
    return from_arrays(
        exact.floats(model.c), matrix, row_lo, row_hi, lb, ub, model.integer, name=model.name,
        col_names=model.col_names, row_names=model.row_names,
    )  # fmt: skip
