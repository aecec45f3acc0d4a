"""The prediction of a trained family for a model, with NumPy alone (`predicted`)."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.learn.family import Family, load
from diffpump.learn.history import data_of, place_of
from diffpump.learn.packing import PackedModel
from diffpump.operators.roundings.base import nearest

NEVER = 1e-6  # distance of a probability from 0 and 1 of which the score is taken


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a trained family predicts for a model, on all its columns.

    Attributes
    ----------
    probability : (n,) float64
        For a binary the probability of 1, for another integer the position in the range of the labels; NaN
        for continuous columns and for those that the family does not know.
    point : (n,) float64
        The predicted values, NaN where there is none. A `structured` model gives binaries that the family
        does not know a value if they are in a packed row, so that the row holds.
    confidence : (n,) float64
        2 p - 1 in [-1, 1] for the binaries with a probability p, else NaN.
    """

    probability: Vector
    point: Vector
    confidence: Vector


def predicted(path: str | os.PathLike[str], problem: Problem) -> Prediction:
    """Return the prediction of a family file for a model.

    Raises
    ------
    InputError
        For a file that is no family file, or is damaged, or knows no integer column of the model.
    """
    family = load(path)
    found = predict(family, problem)
    if np.isnan(found.point).all():
        raise InputError(f"knows no integer column of {problem.name or 'the model'}", str(path))
    return found


def predict(family: Family, problem: Problem) -> Prediction:
    """Return the prediction of a family for a model."""
    data, columns = data_of(problem), family.columns
    logits = family.logits(family.features.of(data))
    place = place_of(data["columns"], columns.name)
    place = np.where(problem.integer[place], place, -1)
    known = place >= 0
    at = place[known]
    position = family.positions(logits)
    value = columns.low + nearest((columns.high - columns.low) * position)
    probability, point = np.full((2, problem.n), np.nan)
    probability[at], point[at] = position[known], value[known]
    sure = np.zeros(problem.n, bool)
    sure[at] = columns.binary[known]
    sure &= problem.binary
    if family.model.structured:
        _decode(family, problem, logits, place, probability, point)
    point = np.clip(point, problem.lb, problem.ub)
    return Prediction(probability, point, np.where(sure, 2.0 * probability - 1.0, np.nan))


def _decode(
    family: Family, problem: Problem, logits: Vector, place: NDArray[np.intp], probability: Vector,
    point: Vector,
) -> None:  # fmt: skip
    """Replace the probabilities and values of the columns of packed rows by those that satisfy the rows."""
    packed = PackedModel(problem, place[family.columns.learned], score_of(probability))
    chosen, known = packed.columns, ~np.isnan(probability[packed.columns])
    point[chosen] = packed.best(logits)
    marginals = packed.marginals(logits)
    probability[chosen[known]] = marginals[known]


def score_of(probability: Vector) -> Vector:
    """Return the logits of probabilities, 0 for NaN."""
    p = np.clip(probability, NEVER, 1.0 - NEVER)
    return np.nan_to_num(np.log(p / (1.0 - p)), nan=0.0)
