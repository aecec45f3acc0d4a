"""The only judge: is x feasible for row_lo <= A x <= row_hi, lb <= x <= ub, x_j integer on I?

Two instruments, one tolerance. `Judge` (float64) is fast enough for every pump iteration and says what
a candidate is worth; an integer column counts only when its float is exactly integral. `prove` decides:
it evaluates rows and bounds in exact rational arithmetic on a `ParsedModel` whose numbers are those of
the file's decimal text, after rounding integer values that are within the tolerance of an integer:

    accepted          every row and bound holds within 1e-6 (absolute, exactly compared) at that point
    exactly feasible  every row, bound and integrality holds with tolerance 0, at the values as given

`farkas` judges a claim of LP infeasibility. Nothing here shares code with a search or a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest
from typing import Any, NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.status import Violation
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.verify import exact
from diffpump.verify.farkas import farkas

__all__ = [
    "Judge", "Proof", "Worst", "exact_model", "farkas", "feasible", "prove", "violation",
]  # fmt: skip

_TOL = Fraction(1, 10**6)  # the same in the exact instrument: the float 1e-6 is a little less
_LISTED = 10  # worst rows and columns that a proof names


class Judge:
    """Float64 violations of points on one problem; not thread-safe, it keeps its scratch space."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._integers = problem.integers
        self._all_integer = self._integers.size == problem.n
        self._rows = np.empty(problem.m)
        self._cols = np.empty(problem.n)

    def violation(self, x: Vector, activity: Vector | None = None) -> Violation:
        """Largest absolute violations at x (n,); infinite where x or an activity is not a number.

        `activity` (m,) is A x when the caller has it already.
        """
        p = self.problem
        if x.shape != (p.n,):
            raise ValueError(f"x has shape {x.shape}, expected ({p.n},)")
        if activity is None:
            activity = p.A @ x
        z = x if self._all_integer else x[self._integers]
        with np.errstate(invalid="ignore"):  # inf - inf: the point is refused below
            return Violation(
                rows=_outside(activity, p.row_lo, p.row_hi, self._rows),
                bounds=_outside(x, p.lb, p.ub, self._cols),
                integrality=_largest(np.abs(z - np.rint(z))),
            )

    def feasible(self, x: Vector, activity: Vector | None = None) -> bool:
        """True when rows and bounds hold within FEASIBILITY_TOL and integer columns are integral floats."""
        v = self.violation(x, activity)
        return v.rows <= FEASIBILITY_TOL and v.bounds <= FEASIBILITY_TOL and v.integrality == 0


def _largest(amounts: Vector) -> float:
    """The maximum, at least 0; infinite when an entry is not a number."""
    largest = float(amounts.max(initial=0.0))
    return np.inf if np.isnan(largest) else largest


def _outside(v: Vector, lo: Vector, hi: Vector, scratch: Vector) -> float:
    """max_i max(lo_i - v_i, v_i - hi_i, 0)."""
    return max(_largest(np.subtract(lo, v, out=scratch)), _largest(np.subtract(v, hi, out=scratch)))


def violation(problem: Problem, x: Vector) -> Violation:
    """Largest absolute violations of x (n,) on rows, bounds and integrality, in float64 (see `Judge`)."""
    return Judge(problem).violation(x)


def feasible(problem: Problem, x: Vector) -> bool:
    """True when x (n,) satisfies rows and bounds within FEASIBILITY_TOL and integers exactly."""
    return Judge(problem).feasible(x)


class Worst(NamedTuple):
    """A violated row or column: by how much, its activity (or value), and what it had to respect."""

    name: str
    amount: float
    activity: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Proof:
    """What the exact verification found.

    `violation` holds the exact amounts as floats: integrality is the largest move to the nearest
    integer, at the values as given; rows and bounds are at the point with its integers rounded.
    `objective` is exact at that point, in the file's sense with its offset. `worst_rows` and
    `worst_columns` name at most ten offenders each, the largest first, tolerances not applied.
    """

    accepted: bool
    exactly_feasible: bool
    violation: Violation
    objective: Fraction
    worst_rows: tuple[Worst, ...]
    worst_columns: tuple[Worst, ...]
    against: str


def exact_model(problem: Problem) -> ParsedModel:
    """'The model as given': every float64 of a problem as the rational that it is, in the file's sense."""
    sign = -1 if problem.maximise else 1
    coo = problem.A.tocoo()
    return ParsedModel(
        problem.name, problem.maximise,
        sign * Fraction(problem.offset), exact.numbers(sign * problem.c),
        coo.row.astype(np.int32), coo.col.astype(np.int32), exact.numbers(coo.data),
        exact.numbers(problem.row_lo), exact.numbers(problem.row_hi),
        exact.numbers(problem.lb), exact.numbers(problem.ub),
        problem.integer, problem.col_names, problem.row_names,
    )  # fmt: skip


def prove(
    model: ParsedModel, values: Mapping[str, Fraction | int | str], against: str = "original file"
) -> Proof:
    """Judge a point by exact arithmetic: columns absent from `values` are 0, decimal texts are exact.

    model: a file's, or `exact_model`. Raises InputError for a column that the model does not have and for a
    value that is no finite number.
    """
    given = _point(model, values)
    x, moves = _rounded(model, given)
    point = exact.scaled(x)
    rows = exact.activities(model.rows, model.cols, model.values, x, len(model.row_names))
    row_excess = exact.excess(rows, model.row_lo, model.row_hi)
    col_excess = exact.excess(point, model.lb, model.ub)
    used = np.flatnonzero(x)
    objective = exact.dot(model.c[used], x[used])
    bad_rows, bad_cols = _positive(row_excess), _positive(col_excess)
    largest = [max(amounts.values(), default=Fraction(0)) for amounts in (bad_rows, bad_cols, moves)]
    for j, move in moves.items():
        bad_cols[j] = max(move, bad_cols.get(j, move))
    return Proof(
        accepted=all(amount <= _TOL for amount in largest),
        exactly_feasible=not any(largest),
        violation=Violation(*map(_float, largest)),
        objective=objective + Fraction(model.offset),
        worst_rows=_worst(bad_rows, model.row_names, rows, model.row_lo, model.row_hi),
        worst_columns=_worst(bad_cols, model.col_names, exact.scaled(given), model.lb, model.ub),
        against=against,
    )


def _point(model: ParsedModel, values: Mapping[str, Fraction | int | str]) -> exact.Array:
    """The values in column order, exact; absent columns are 0."""
    x = exact.objects([0] * len(model.col_names))
    index = dict(zip(model.col_names, range(len(x)), strict=True))
    for name, value in values.items():
        j = index.get(name)
        if j is None:
            raise InputError(f"the model has no column {name}")
        x[j] = exact.number(value) if isinstance(value, str) else value
    return x


def _rounded(model: ParsedModel, given: exact.Array) -> tuple[exact.Array, dict[int, Fraction]]:
    """The point with its near-integers rounded, and the distance to an integer of every one that is not."""
    x = given.copy()
    moves = {}
    for j in np.flatnonzero(model.integer).tolist():
        if x[j].denominator != 1:
            nearest = round(x[j])
            moves[j] = abs(nearest - x[j])
            if moves[j] <= _TOL:
                x[j] = nearest
    return x, moves


def _positive(amounts: exact.Scaled) -> dict[int, Fraction]:
    """The positive entries as fractions, by index."""
    return {j: Fraction(amounts.ints[j], amounts.scale) for j in np.flatnonzero(amounts.ints).tolist()}


def _worst(
    amounts: dict[int, Fraction], names: list[str], at: exact.Scaled, lo: exact.Array, hi: exact.Array
) -> tuple[Worst, ...]:
    """The largest amounts, the largest first, ties in the model's order."""
    return tuple(
        Worst(names[i], *map(_float, (amounts[i], Fraction(at.ints[i], at.scale), lo[i], hi[i])))
        for i in nlargest(_LISTED, sorted(amounts), key=amounts.__getitem__)
    )


def _float(value: Any) -> float:
    """The nearest float, infinite beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf
