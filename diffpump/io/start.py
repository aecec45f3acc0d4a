"""A start for the search, as the user has it: complete or not, within the bounds or not, integral or not.

Nothing is refused but a column that the model does not have and a value that is no finite number: what is
wrong with a start is what a search is for.
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

_LEAVES_OUT_ZEROS = ("miplib", "scip", "highs")


@dataclass(frozen=True, eq=False)
class Start:
    """A point x (n,) with NaN where a column was not given, and how many columns are 0 because a file of its
    style leaves zeros out."""

    x: Vector
    zeros: int = 0


class Violated(NamedTuple):
    """How many rows a start violates, and the worst one: its name and by how much (None and 0 if none)."""

    rows: int
    worst: str | None
    amount: float


def start_of(problem: Problem, given: Any) -> Start:
    """The start in a solution file (a path), a mapping of column names to values, or an array (n,).

    In an array and a mapping NaN means not given, as does a column that a mapping leaves out. In a file it is
    the style that tells what an absent column means: 0 in MIPLIB's, SCIP's and HiGHS's .sol files, not given
    in every .mst file and in the plain, CPLEX and JSON styles. Raises InputError for a file and UsageError
    for the others.
    """
    if isinstance(given, (str, os.PathLike)):
        return _of_file(problem, os.fspath(given))
    if isinstance(given, Mapping):
        return Start(_by_name(problem, given))
    try:
        x = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError("start must be a path, a mapping of column names to values, or an array") from None
    if x.shape != (problem.n,):
        raise UsageError(f"start has shape {x.shape}, expected ({problem.n},)")
    return Start(_finite(problem, x))


def violated(problem: Problem, x: Vector) -> Violated:
    """The rows that a start x (n,), NaN where not given, violates whatever the columns not given are."""
    given = ~np.isnan(x)
    low, high = activity_range(problem.A, np.where(given, x, problem.lb), np.where(given, x, problem.ub))
    excess = np.maximum(problem.row_lo - high, low - problem.row_hi)
    count = int((excess > FEASIBILITY_TOL).sum())
    if not count:
        return Violated(0, None, 0.0)
    worst = int(excess.argmax())
    return Violated(count, problem.row_names[worst], float(excess[worst]))


def _of_file(problem: Problem, path: str) -> Start:
    file = read_solution(path)
    try:
        x = _by_name(problem, {name: float(value) for name, value in file.values.items()})
    except UsageError as error:
        raise InputError(str(error), path) from None
    if not _zeros_left_out(file, path):
        return Start(x)
    absent = np.isnan(x)
    return Start(np.where(absent, 0.0, x), int(absent.sum()))


def _zeros_left_out(file: SolutionFile, path: str) -> bool:
    return file.style in _LEAVES_OUT_ZEROS and ".mst" not in [s.lower() for s in Path(path).suffixes]


def _by_name(problem: Problem, values: Mapping[Any, Any]) -> Vector:
    position = {name: j for j, name in enumerate(problem.col_names)}
    unknown = [name for name in values if name not in position]
    if unknown:
        more = f" (nor {len(unknown) - 1} more that are given)" if len(unknown) > 1 else ""
        raise UsageError(f"the model has no column {unknown[0]}{more}")
    x = np.full(problem.n, np.nan)
    try:
        x[[position[name] for name in values]] = [float(value) for value in values.values()]
    except (TypeError, ValueError):
        raise UsageError("the values of a start must be numbers") from None
    return _finite(problem, x)


def _finite(problem: Problem, x: Vector) -> Vector:
    infinite = np.flatnonzero(np.isinf(x))
    if infinite.size:
        raise UsageError(f"the start's value of column {problem.col_names[infinite[0]]} is not finite")
    return x
