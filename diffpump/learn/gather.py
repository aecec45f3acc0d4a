"""From a history folder to examples: features, columns, targets and rows (`gather`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import DiffpumpError, InputError
from diffpump.core.problem import Problem, activity_range
from diffpump.io.read import read
from diffpump.learn.family import Columns
from diffpump.learn.features import Features, union, varying
from diffpump.learn.history import History, place_of, values_at
from diffpump.learn.lagrangian import Array, Examples, Rows, scaled_rows, useful
from diffpump.learn.packing import PackedModel
from diffpump.learn.predict import score_of

FEWEST_MODELS = 3  # two to train on, since batch normalisation needs two, and one for validation


@dataclass(frozen=True, eq=False)
class Gathered:
    """A folder's models as examples.

    Attributes
    ----------
    features : Features
        The numbers that vary.
    columns : Columns
        The integer columns.
    examples : Examples
        The examples, of the columns with an output.
    packed : list of PackedModel
        The packed rows of each example.
    notes : list of str
        What was left out, a line each.
    """

    features: Features
    columns: Columns
    examples: Examples
    packed: list[PackedModel]
    notes: list[str]


def gather(folder: str | os.PathLike[str]) -> Gathered:
    """Return the examples of a history folder. Raises InputError if there is nothing to learn from."""
    history = History(folder)
    models: list[tuple[dict[str, Any], Problem]] = []
    for entry, numbers in history.loaded():
        path = history.folder / str(entry.get("model"))
        try:
            problem = read(path)
        except (DiffpumpError, OSError) as error:
            history.notes.append(f"{path}: left out: {error}")
            continue
        if _fits(problem, numbers):
            models.append((numbers, problem))
        else:
            history.notes.append(f"{path}: left out: its names are not those of its data")
    if len(models) < FEWEST_MODELS:
        raise InputError(
            f"needs at least {FEWEST_MODELS} models to learn from, has {len(models)}", str(folder)
        )
    data, problems = [one[0] for one in models], [one[1] for one in models]
    features = varying(data)
    if not features.kind.size:
        raise InputError("no number varies over the models, so there is nothing to learn from", str(folder))
    columns, targets = _columns(data, problems)
    if not columns.learned.size:
        raise InputError("all solutions have the same integers, so there is nothing to learn", str(folder))
    names = columns.name[columns.learned]
    low, high = columns.low[columns.learned], columns.high[columns.learned]
    places = [place_of(one["columns"], names) for one in data]
    scores = [_constant_scores(columns, one) for one in data]
    examples = Examples(
        np.array([features.of(one) for one in data]), np.nan_to_num(targets),
        np.where(np.isnan(targets), 0.0, 1.0), low, high, _rows(data, problems, columns, low, high),
    )  # fmt: skip
    packed = [PackedModel(*each) for each in zip(problems, places, scores, strict=True)]
    return Gathered(features, columns, examples, packed, history.notes)


def _fits(problem: Problem, numbers: dict[str, Any]) -> bool:
    """Return whether a model has the names of its stored numbers."""
    columns, rows = numbers["columns"].tolist(), numbers["rows"].tolist()
    return bool(problem.col_names == columns and problem.row_names == rows)


def _columns(data: Sequence[dict[str, Any]], problems: Sequence[Problem]) -> tuple[Columns, Array]:
    """Return the integer columns of all models, and the targets (N, k) of those with an output."""
    names = union([one["columns"][problem.integer] for one, problem in zip(data, problems, strict=True)])
    places = [place_of(one["columns"], names) for one in data]
    each = list(zip(data, problems, places, strict=True))
    values = np.rint([
        np.where(values_at(problem.integer.astype(float), place) > 0, values_at(one["x"], place), np.nan)
        for one, problem, place in each
    ])  # fmt: skip
    known = [np.where(place >= 0, problem.binary[place], True) for _, problem, place in each]
    binary: Mask = np.logical_and.reduce(known)
    low = np.where(binary, 0.0, np.nanmin(values, axis=0))
    high = np.where(binary, 1.0, np.nanmax(values, axis=0))
    varied = np.nanmin(values, axis=0) < np.nanmax(values, axis=0)
    positions = (values - low) / np.where(high > low, high - low, 1.0)
    count = (~np.isnan(values)).sum(axis=0)
    smoothed = (np.nansum(positions, axis=0) + 0.5) / (count + 1.0)
    return Columns(names, low, high, binary, np.where(varied, np.nan, smoothed)), positions[:, varied]


def _constant_scores(columns: Columns, data: dict[str, Any]) -> Vector:
    """Return the scores (n,) of the columns of a model that have no output, 0 for unknown ones."""
    return score_of(values_at(columns.constant, place_of(columns.name, data["columns"])))


def _rows(
    data: Sequence[dict[str, Any]], problems: Sequence[Problem], columns: Columns, low: Vector, high: Vector
) -> Rows:  # fmt: skip
    """Return the rows over the columns with an output, in units of their largest coefficients.

    Other columns are taken out: integer ones at their constant value, and continuous ones at the bounds that
    relax the row.
    """
    row_names = union([one["rows"] for one in data])
    parts = [_part(*each, columns, row_names) for each in zip(data, problems, strict=True)]
    k = columns.learned.size
    keys = np.unique(np.concatenate([key for key, *_ in parts]))
    values = np.zeros((len(parts), keys.size))
    for line, (key, found, _, _) in zip(values, parts, strict=True):
        line[np.searchsorted(keys, key)] = found
    lo, hi = np.array([part[2] for part in parts]), np.array([part[3] for part in parts])
    if (values == values[0]).all():
        values = values[:1]
    row, column = keys // k, keys % k
    kept = useful(Rows(row, column, values, lo, hi, k), low, high)
    number, entries = np.cumsum(kept) - 1, kept[row]
    row, column, lo, hi = number[row[entries]], column[entries], lo[:, kept], hi[:, kept]
    values, lo, hi = scaled_rows(values[:, entries], row, lo, hi)
    return Rows(row, column, values, lo, hi, k)


def _part(
    data: dict[str, Any], problem: Problem, columns: Columns, row_names: NDArray[np.str_]
) -> tuple[NDArray[np.int64], Vector, Vector, Vector]:
    """Return the rows of one model: keys row * k + column, coefficients, and the sides of all rows."""
    k, learned = columns.learned.size, columns.learned
    output = np.full(columns.name.size, -1)
    output[learned] = np.arange(k)
    place = place_of(columns.name, data["columns"])
    known = (place >= 0) & problem.integer
    at = np.where(known, output[place], -1)
    value = columns.low + np.rint((columns.high - columns.low) * np.nan_to_num(columns.constant))
    constant = known & (at < 0)
    low = np.where(at >= 0, 0.0, np.where(constant, value[place], problem.lb))
    high = np.where(at >= 0, 0.0, np.where(constant, value[place], problem.ub))
    least, most = activity_range(problem.A, low, high)
    number = place_of(row_names, data["rows"])
    lo, hi = np.full(row_names.size, -np.inf), np.full(row_names.size, np.inf)
    lo[number], hi[number] = problem.row_lo - most, problem.row_hi - least
    A = sp.coo_matrix(problem.A)
    chosen = at[A.col] >= 0
    keys = number[A.row[chosen]].astype(np.int64) * k + at[A.col[chosen]]
    order = np.argsort(keys)
    return keys[order], A.data[chosen][order], lo, hi
