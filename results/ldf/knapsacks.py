"""The paper's knapsacks: v, w ~ U{1..200}, W_i = (i + 1) / (N + 1) times the sum of w, and their exact solutions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from diffpump.io.files import replace_file
from diffpump.knapsack import solve
from diffpump.learn.family import packed_arrays
from diffpump.learn.lagrangian import Examples, Rows

LARGEST = 200
PARTS = (0.8, 0.1)  # of the instances for training and for validation; the others are for the test


@dataclass(frozen=True, eq=False)
class Knapsacks:
    """N knapsacks of n items with their optima.

    values, weights, best (N, n); capacity (N,). train, valid and test are places.
    """

    values: np.ndarray
    weights: np.ndarray
    capacity: np.ndarray
    best: np.ndarray
    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray

    @property
    def n(self) -> int:
        return self.values.shape[1]

    @property
    def optimum(self) -> np.ndarray:
        """The optimal values (N,)."""
        return (self.values * self.best).sum(1)

    def quintile(self, which: np.ndarray) -> np.ndarray:
        """Return the quintile, 0 to 4, of the capacity ratio of some knapsacks."""
        ratio = self.capacity[which] / self.weights[which].sum(1)
        return np.argsort(np.argsort(ratio)) * 5 // which.size

    def examples(self) -> Examples:
        """Return the examples: features [v; w; W], min-max by group over the training part, and absolute violations."""

        def scaled(group: np.ndarray) -> np.ndarray:
            low, high = group[self.train].min(), group[self.train].max()
            return (group - low) / (high - low)

        features = np.column_stack((scaled(self.values), scaled(self.weights), scaled(self.capacity)))
        count, n = self.values.shape
        rows = Rows(
            np.zeros(n, np.int64), np.arange(n), self.weights.astype(float), np.full((count, 1), -np.inf),
            self.capacity[:, None].astype(float), n,
        )  # fmt: skip
        weight = np.full((count, n), 1.0 / n)  # the paper's loss is a mean over the items
        return Examples(
            features.astype(np.float32), self.best.astype(float), weight, np.zeros(n), np.ones(n), rows
        )


def knapsacks(n: int, count: int, seed: int, folder: Path) -> Knapsacks:
    """Return the instances; their solutions are kept in a folder."""
    rng = np.random.default_rng(seed)
    values, weights = rng.integers(1, LARGEST + 1, (2, count, n))
    capacity = (np.arange(1, count + 1) * weights.sum(1)) // (count + 1)
    path = folder / f"solutions-{n}-{count}-{seed}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            best = stored["best"]
    else:
        best = np.zeros((count, n), np.int8)
        for i in range(count):
            best[i, solve(values[i], weights[i], int(capacity[i])).items] = 1
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, packed_arrays({"best": best}), lambda written: None)
    order = np.random.default_rng(seed + 1).permutation(count)
    ends = np.cumsum([round(part * count) for part in PARTS])
    return Knapsacks(values, weights, capacity, best, *(np.sort(one) for one in np.split(order, ends)))
