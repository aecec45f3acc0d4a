"""The columns of results/ldf's tables, by hand and on random knapsacks."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "results" / "ldf"))
from knapsacks import knapsacks
from measures import greedy, measures

from diffpump.knapsack import solve


def test_the_columns_by_hand() -> None:
    """The optima are 10, 10, 10 and 0, the predictions have 5, 20, 10 and 4."""
    values, weights = np.array([[5, 15]] * 3 + [[4, 1]]), np.array([[1, 2]] * 4)
    capacity, optimum = np.array([2, 2, 2, 0]), np.array([10, 10, 10, 0])
    y = np.array([[1, 0], [1, 1], [0, 0], [1, 0]])
    values[2] = [10, 10]
    y[2] = [0, 1]
    found = measures(y, values, weights, capacity, optimum)
    assert found["violated"] == 50 and found["violation"] == pytest.approx(100 * (0.5 + 1.0) / 2)
    assert found["ratio"] == pytest.approx((2 + 2 + 1 + 2) / 4)
    assert (found["under"], found["over"]) == (25, 50)
    assert (found["average_over"], found["average_under"]) == (100, 50)


def test_greedy_takes_what_fits_in_order(tmp_path: Path) -> None:
    score = np.array([[3.0, 2.0, 1.0]])
    np.testing.assert_array_equal(greedy(score, np.array([[4, 9, 2]]), np.array([7])), [[1, 0, 1]])


def test_the_instances_are_the_papers(tmp_path: Path) -> None:
    data = knapsacks(10, 50, 0, tmp_path)
    assert data.values.min() >= 1 and data.weights.max() <= 200
    np.testing.assert_array_equal(data.capacity, (np.arange(1, 51) * data.weights.sum(1)) // 51)
    assert [part.size for part in (data.train, data.valid, data.test)] == [40, 5, 5]
    assert sorted(np.concatenate((data.train, data.valid, data.test)).tolist()) == list(range(50))
    for i in (0, 25, 49):
        assert data.optimum[i] == solve(data.values[i], data.weights[i], int(data.capacity[i])).value
    again = knapsacks(10, 50, 0, tmp_path)
    np.testing.assert_array_equal(again.best, data.best)
    features = data.examples().features[data.train]
    assert features.shape == (40, 21) and features.min() == 0 and features.max() == 1
    found = data.quintile(np.arange(50))
    assert (np.diff(found) >= 0).all() and np.bincount(found).tolist() == [10] * 5
