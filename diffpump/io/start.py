"""Starting points that a user gives to the search.

A start may be incomplete, fractional, out of bounds and infeasible, since the search repairs it. Only unknown
columns and values that are not finite numbers are refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError, UsageError
from diffpump.core.problem import Problem, activity_range
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.io.solution import SolutionFile, read_solution

_STYLES_WITHOUT_ZEROS = ("miplib", "scip", "highs")  # their .sol files omit columns with the value 0


@dataclass(frozen=True, eq=False)
class Start:
    """A starting point.

    Attributes
    ----------
    x : (n,) float64
        The values, NaN for a column without one.
    zeros : int
        The number of columns that are 0 only because the file's style omits zeros.
    """

    x: Vector
    zeros: int = 0


class ViolatedRows(NamedTuple):
    """The rows that a start violates.

    Attributes
    ----------
    rows : int
        The number of violated rows.
    worst : str or None
        The name of the most violated row.
    amount : float
        The absolute violation of that row, or 0.
    """

    rows: int
    worst: str | None
    amount: float


def start_of(problem: Problem, given: Any) -> Start:
    """Return the start that is given as a solution file, a mapping or an array.

    Parameters
    ----------
    problem : Problem
        The problem.
    given : str, os.PathLike, mapping or (n,) array_like
        One of these:

        * The path of a solution file. An absent column is 0 in the .sol files of MIPLIB, SCIP and HiGHS. It
          has no value in any .mst file and in the plain, CPLEX and JSON styles.
        * Values by column name. A column that is absent or NaN has no value.
        * Values in the problem's column order. A column that is NaN has no value.

    Raises
    ------
    InputError
        For an invalid file.
    UsageError
        For an invalid mapping, array or other object.
    """
    if isinstance(given, (str, os.PathLike)):
        return _start_of_file(problem, os.fspath(given))
    if isinstance(given, Mapping):
        return Start(_point_by_name(problem, given))
    try:
        x = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError("start must be a path, a mapping of column names to values, or an array") from None
    if x.shape != (problem.n,):
        raise UsageError(f"start has shape {x.shape}, expected ({problem.n},)")
    return Start(_checked_finite(problem, x))


def violated(problem: Problem, x: Vector) -> ViolatedRows:
    """Return the rows that every completion of a start within the column bounds violates.

    Parameters
    ----------
    problem : Problem
        The problem.
    x : (n,) float64
        The values, NaN for a column without one.
    """
    given = ~np.isnan(x)
    low, high = activity_range(problem.A, np.where(given, x, problem.lb), np.where(given, x, problem.ub))
    excess = np.maximum(problem.row_lo - high, low - problem.row_hi)
    count = int((excess > FEASIBILITY_TOL).sum())
    if not count:
        return ViolatedRows(0, None, 0.0)
    worst = int(excess.argmax())
    return ViolatedRows(count, problem.row_names[worst], float(excess[worst]))


def _start_of_file(problem: Problem, path: str) -> Start:
    file = read_solution(path)
    try:
        x = _point_by_name(problem, {name: float(value) for name, value in file.values.items()})
    except UsageError as error:
        raise InputError(str(error), path) from None
    if not _omits_zeros(file, path):
        return Start(x)
    absent = np.isnan(x)
    return Start(np.where(absent, 0.0, x), int(absent.sum()))


def _omits_zeros(file: SolutionFile, path: str) -> bool:
    return file.style in _STYLES_WITHOUT_ZEROS and ".mst" not in [s.lower() for s in Path(path).suffixes]


def _point_by_name(problem: Problem, values: Mapping[Any, Any]) -> Vector:
    position = {name: j for j, name in enumerate(problem.col_names)}
    unknown = [name for name in values if name not in position]
    if unknown:
        more = f" ({len(unknown)} unknown names in all)" if len(unknown) > 1 else ""
        raise UsageError(f"the model has no column {unknown[0]}{more}")
    x = np.full(problem.n, np.nan)
    try:
        x[[position[name] for name in values]] = [float(value) for value in values.values()]
    except (TypeError, ValueError):
        raise UsageError("the values of a start must be numbers") from None
    return _checked_finite(problem, x)


def _checked_finite(problem: Problem, x: Vector) -> Vector:
    infinite = np.flatnonzero(np.isinf(x))
    if infinite.size:
        raise UsageError(f"the start's value of column {problem.col_names[infinite[0]]} is not finite")
    return x
