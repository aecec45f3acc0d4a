"""Starting points that a user gives to the search.

A start may be incomplete, fractional, out of bounds and infeasible, since the search repairs it. Names that
are not columns of the model are counted and ignored. Only values that are not finite numbers are refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem, activity_range
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.io.solution import read_solution
from diffpump.io.solution_file import SolutionFile, shown
from diffpump.verify.exact import nearest_float

_STYLES_WITHOUT_ZEROS = ("miplib", "scip", "highs", "cbc")  # their .sol files omit columns with the value 0


@dataclass(frozen=True, eq=False)
class Start:
    """A starting point.

    Attributes
    ----------
    x : (n,) float64
        The values, NaN for a column without one.
    zeros : int
        The number of columns that are 0 only because the file's style omits zeros.
    notes : tuple of str
        What the user must know about a start that is not used as given, a line each.
    """

    x: Vector
    zeros: int = 0
    notes: tuple[str, ...] = ()

    @property
    def point(self) -> Vector | None:
        """The values, or None if no column has one; then the run begins without a start."""
        return None if np.isnan(self.x).all() else self.x


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

        * The path of a solution file. An absent column is 0 in the .sol files of MIPLIB, SCIP, HiGHS and CBC.
          It has no value in any .mst file and in the other styles. A file that says that it holds no solution
          gives the values that it has, if any.
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
        return _start_of_mapping(problem, given)
    try:
        if np.iscomplexobj(given):  # NumPy would drop the imaginary parts
            raise TypeError
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
    file = read_solution(path, problem, denied=True)
    names = len(file.values) + file.unknown
    notes = []
    if file.denied_at is not None or "no integer solution" in str(file.status):
        use = "its values are used as an infeasible or fractional start"
        if not names:
            use = "it has no values, and the run begins without a start"
        notes.append(f"start: the file says: {shown(str(file.status))}; {use}")
    if file.unknown:
        notes.append(_note_on_unknown(file.unknown, names, str(file.first_unknown)))
    position = {name: j for j, name in enumerate(problem.col_names)}
    x = np.full(problem.n, np.nan)
    x[[position[name] for name in file.values]] = [float(value) for value in file.values.values()]
    # Without a single column of the model, the zeros that a file omits are not this model's either.
    is_foreign = not file.values and (names > 0 or file.denied_at is not None)
    if is_foreign or not _omits_zeros(file, path):
        return Start(x, notes=tuple(notes))
    absent = np.isnan(x)
    return Start(np.where(absent, 0.0, x), int(absent.sum()), tuple(notes))


def _omits_zeros(file: SolutionFile, path: str) -> bool:
    return file.style in _STYLES_WITHOUT_ZEROS and ".mst" not in [s.lower() for s in Path(path).suffixes]


def _start_of_mapping(problem: Problem, values: Mapping[Any, Any]) -> Start:
    position = {name: j for j, name in enumerate(problem.col_names)}
    known = {name: value for name, value in values.items() if name in position}
    unknown = [name for name in values if name not in position]
    x = np.full(problem.n, np.nan)
    try:
        x[[position[name] for name in known]] = [nearest_float(value) for value in known.values()]
    except (TypeError, ValueError):
        raise UsageError("the values of a start must be numbers") from None
    notes = (_note_on_unknown(len(unknown), len(values), str(unknown[0])),) if unknown else ()
    return Start(_checked_finite(problem, x), notes=notes)


def _note_on_unknown(unknown: int, names: int, first: str) -> str:
    then = "ignored, and the run begins without a start" if unknown == names else "ignored"
    return f"start: {unknown} of {names} names are not columns of the model (first: {shown(first)}); {then}"


def _checked_finite(problem: Problem, x: Vector) -> Vector:
    infinite = np.flatnonzero(np.isinf(x))
    if infinite.size:
        raise UsageError(f"the start's value of column {shown(problem.col_names[infinite[0]])} is not finite")
    return x
