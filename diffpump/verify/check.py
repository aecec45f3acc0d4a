"""The feasibility check: row_lo <= A x <= row_hi, lb <= x <= ub, x_j integer for all j in I.

There are two checks with the same tolerance.

`Judge` evaluates a point in float64 and is fast enough for every iteration of the pump. Integer columns must
have exactly integral floats.

`prove` decides whether a point is a solution. It rounds integer columns that are within the tolerance of an
integer. Then it evaluates rows and bounds in exact rational arithmetic on a `ParsedModel`, whose numbers are
those of the file's decimal texts.

    accepted           every row and bound holds within 1e-6 (absolute, compared exactly) at the rounded
                       point, and every integer column is within 1e-6 of an integer
    exactly feasible   every row, bound and integrality holds with tolerance 0 at the values as given

`farkas` verifies a claim that the LP relaxation is infeasible. This module shares no code with the search or
with a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import nlargest
from math import ceil, floor
from typing import NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.status import Violation
from diffpump.core.text import escaped
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.verify import exact
from diffpump.verify.farkas import farkas

__all__ = [
    "Judge", "Offender", "Proof", "empty_column", "exact_model", "farkas", "feasible", "prove", "violation",
]  # fmt: skip

CHECK_TOL = Fraction(1, 10**6)
"""FEASIBILITY_TOL as a rational; the float 1e-6 is slightly smaller."""

_MAX_LISTED = 10  # number of rows, and of columns, that a proof lists at most


class Judge:
    """A float64 check of points against one problem.

    An instance is not thread-safe, since it reuses its work arrays.

    Parameters
    ----------
    problem : Problem
        The problem.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._integers = problem.integers
        self._all_integer = self._integers.size == problem.n
        self._rows = np.empty(problem.m)
        self._cols = np.empty(problem.n)

    def violation(self, x: Vector, activity: Vector | None = None) -> Violation:
        """Return the largest absolute violations at a point.

        Parameters
        ----------
        x : (n,) float64
            The point.
        activity : (m,) float64, optional
            A x if the caller has already computed it.

        Returns
        -------
        Violation
            The violations. One that depends on a NaN is infinite.

        Raises
        ------
        ValueError
            If x has the wrong shape.
        """
        p = self.problem
        if x.shape != (p.n,):
            raise ValueError(f"x has shape {x.shape}, expected ({p.n},)")
        if activity is None:
            activity = p.A @ x
        z = x if self._all_integer else x[self._integers]
        with np.errstate(invalid="ignore"):  # inf - inf gives NaN, which `_largest` turns into inf
            return Violation(
                rows=_outside(activity, p.row_lo, p.row_hi, self._rows),
                bounds=_outside(x, p.lb, p.ub, self._cols),
                integrality=_largest(np.abs(z - np.rint(z))),
            )

    def feasible(self, x: Vector, activity: Vector | None = None) -> bool:
        """Return whether rows and bounds hold within FEASIBILITY_TOL and integer columns are integral floats.

        The arguments are those of `violation`.
        """
        v = self.violation(x, activity)
        return v.rows <= FEASIBILITY_TOL and v.bounds <= FEASIBILITY_TOL and v.integrality == 0


def _largest(amounts: Vector) -> float:
    """Return the maximum of the amounts and 0, or infinity if one of them is NaN."""
    largest = float(amounts.max(initial=0.0))
    return np.inf if np.isnan(largest) else largest


def _outside(v: Vector, lo: Vector, hi: Vector, scratch: Vector) -> float:
    """Return max_i max(lo_i - v_i, v_i - hi_i, 0). `scratch` has the shape of v and is overwritten."""
    return max(_largest(np.subtract(lo, v, out=scratch)), _largest(np.subtract(v, hi, out=scratch)))


def violation(problem: Problem, x: Vector) -> Violation:
    """Return the largest absolute violations of rows, bounds and integrality at x (n,), in float64."""
    return Judge(problem).violation(x)


def feasible(problem: Problem, x: Vector) -> bool:
    """Return whether x (n,) satisfies rows and bounds within FEASIBILITY_TOL and integrality exactly."""
    return Judge(problem).feasible(x)


class Offender(NamedTuple):
    """A violated row or column.

    Attributes
    ----------
    name : str
        The name of the row or column.
    amount : float
        The absolute violation.
    activity : float
        The activity of the row, or the value of the column.
    lo, hi : float
        The sides of the row, or the bounds of the column.
    """

    name: str
    amount: float
    activity: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Proof:
    """The result of the exact verification of a point.

    Attributes
    ----------
    accepted : bool
        Whether rows, bounds and integrality hold within 1e-6 (see the module's docstring).
    exactly_feasible : bool
        Whether every row, bound and integrality holds exactly at the values as given.
    violation : Violation
        The exact violations as floats: rows and bounds at the rounded point, and integrality (the largest
        distance to an integer) at the values as given.
    objective : Fraction
        The exact objective at the rounded point, in the file's sense, offset included.
    worst_rows, worst_columns : tuple of Offender
        At most ten rows and columns each with any violation, the largest first.
    against : str
        "original file" or "model as given".
    """

    accepted: bool
    exactly_feasible: bool
    violation: Violation
    objective: Fraction
    worst_rows: tuple[Offender, ...]
    worst_columns: tuple[Offender, ...]
    against: str


def exact_model(problem: Problem) -> ParsedModel:
    """Return the model as given: the rational values of a problem's float64 numbers, in the file's sense."""
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
    """Verify a point in exact arithmetic.

    Parameters
    ----------
    model : ParsedModel
        The exact model of a file, or `exact_model(problem)`.
    values : mapping of str to Fraction, int or str
        The values by column name, each a rational or a decimal text, which is exact; an absent column is 0.
    against : str
        The origin of the model: "original file" or "model as given".

    Raises
    ------
    InputError
        For a column that the model does not have, and for a value that is not a finite number.
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
        accepted=all(amount <= CHECK_TOL for amount in largest),
        exactly_feasible=not any(largest),
        violation=Violation(*map(exact.nearest_float, largest)),
        objective=objective + Fraction(model.offset),
        worst_rows=_worst(bad_rows, model.row_names, rows, model.row_lo, model.row_hi),
        worst_columns=_worst(bad_cols, model.col_names, exact.scaled(given), model.lb, model.ub),
        against=against,
    )


def empty_column(model: ParsedModel) -> str | None:
    """Return the name of an integer column that no integer fits within the tolerance, or None.

    Parameters
    ----------
    model : ParsedModel
        The exact model.
    """
    for j in np.flatnonzero(model.integer & exact.finite(model.lb) & exact.finite(model.ub)).tolist():
        if ceil(model.lb[j] - CHECK_TOL) > floor(model.ub[j] + CHECK_TOL):
            return model.col_names[j]
    return None


def _point(model: ParsedModel, values: Mapping[str, Fraction | int | str]) -> exact.Array:
    """Return the exact values (n,) in column order. An absent column is 0."""
    x = exact.objects([0] * len(model.col_names))
    index = dict(zip(model.col_names, range(len(x)), strict=True))
    for name, value in values.items():
        j = index.get(name)
        if j is None:
            raise InputError(f"the model has no column {escaped(name):.60}")
        x[j] = exact.number(value) if isinstance(value, str) else value
    return x


def _rounded(model: ParsedModel, given: exact.Array) -> tuple[exact.Array, dict[int, Fraction]]:
    """Round the integer columns that are within the tolerance of an integer.

    Returns the rounded point (n,), and the distance to the nearest integer of each integer column whose value
    is fractional, by index.
    """
    x = given.copy()
    moves = {}
    for j in np.flatnonzero(model.integer).tolist():
        if x[j].denominator != 1:
            nearest = round(x[j])
            moves[j] = abs(nearest - x[j])
            if moves[j] <= CHECK_TOL:
                x[j] = nearest
    return x, moves


def _positive(amounts: exact.Scaled) -> dict[int, Fraction]:
    """Return the nonzero entries as fractions by index. Violations are never negative."""
    return {j: Fraction(amounts.ints[j], amounts.scale) for j in np.flatnonzero(amounts.ints).tolist()}


def _worst(
    amounts: dict[int, Fraction], names: list[str], at: exact.Scaled, lo: exact.Array, hi: exact.Array
) -> tuple[Offender, ...]:
    """Return the largest violations in descending order, with ties in the model's order."""
    return tuple(
        Offender(
            names[i], *map(exact.nearest_float, (amounts[i], Fraction(at.ints[i], at.scale), lo[i], hi[i]))
        )
        for i in nlargest(_MAX_LISTED, sorted(amounts), key=amounts.__getitem__)
    )
