"""The features of a family of models: the numbers that vary, by name, standardised.

They are those that `history` compares: costs, bounds and sides, and each row's sums of coefficients and of
their squares. A feature is (x - mean) / spread, at most `FARTHEST` in size, which stands for an infinite
bound or side as well. A number that a model lacks counts as the mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.learn.history import COLUMN_NUMBERS, FARTHEST, NUMBERS, Names, place_of, values_at


@dataclass(frozen=True, eq=False)
class Features:
    """The numbers that vary over a family, f of them.

    Attributes
    ----------
    kind : (f,) int64
        The position in `history.NUMBERS`.
    name : (f,) str
        The column or row.
    mean, spread : (f,) float64
        The mean and the standard deviation of the finite numbers; the spread is 1 where that is 0.
    """

    kind: NDArray[np.int64]
    name: Names
    mean: Vector
    spread: Vector

    def of(self, data: Mapping[str, Any]) -> NDArray[np.float32]:
        """Return the features (f,) of a model's numbers (`history.data_of`)."""
        found = np.full(self.kind.size, np.nan)
        for kind in np.unique(self.kind):
            chosen = self.kind == kind
            key = NUMBERS[kind]
            found[chosen] = values_at(data[key], place_of(_names(data, key), self.name[chosen]))
        with np.errstate(invalid="ignore"):
            steps = np.clip((found - self.mean) / self.spread, -FARTHEST, FARTHEST)
        return np.where(np.isnan(steps), 0.0, steps).astype(np.float32)


def varying(models: Sequence[Mapping[str, Any]]) -> Features:
    """Return the features of a family, from the numbers of its models (`history.data_of`)."""
    kinds, names, means, spreads = [], [], [], []
    for kind, key in enumerate(NUMBERS):
        every = union([_names(data, key) for data in models])
        numbers = np.array([values_at(data[key], place_of(_names(data, key), every)) for data in models])
        known = ~np.isnan(numbers)
        least = np.where(known, numbers, np.inf).min(axis=0, initial=np.inf)
        most = np.where(known, numbers, -np.inf).max(axis=0, initial=-np.inf)
        chosen = least < most
        numbers = numbers[:, chosen]
        finite = np.isfinite(numbers)
        count = np.maximum(finite.sum(axis=0), 1)
        mean = np.where(finite, numbers, 0.0).sum(axis=0) / count
        spread = np.sqrt(
            np.where(finite, np.where(finite, numbers, 0.0) - mean, 0.0).__pow__(2).sum(axis=0) / count
        )
        kinds.append(np.full(mean.size, kind))
        names.append(every[chosen])
        means.append(mean)
        spreads.append(np.where(spread > 0, spread, 1.0))
    return Features(*(np.concatenate(part) for part in (kinds, names, means, spreads)))


def union(names: Sequence[Names]) -> Names:
    """Return all names in order of their first appearance."""
    if all(one.shape == names[0].shape and (one == names[0]).all() for one in names):
        return names[0]
    every = np.concatenate(names)
    return every[np.sort(np.unique(every, return_index=True)[1])]


def _names(data: Mapping[str, Any], key: str) -> Names:
    names: Names = data["columns" if key in COLUMN_NUMBERS else "rows"]
    return names
