"""The seven columns of the paper's tables, for predictions of knapsacks."""

from __future__ import annotations

import numpy as np

COLUMNS = {
    "violated": "violated %", "violation": "mean violation %", "ratio": "AR", "under": "% under", "over": "% over",
    "average_over": "Avg-O", "average_under": "Avg-U",
}  # fmt: skip
OUTLIER = 6.0  # standard deviations beyond which a violation does not count for the mean
ONE_IS_ZERO = 2.0  # approximation ratio where exactly one of the two values is 0


def measures(
    y: np.ndarray, values: np.ndarray, weights: np.ndarray, capacity: np.ndarray, optimum: np.ndarray
) -> dict[str, float]:
    """Return the columns for predictions y (B, n).

    violated       share with w'y > W
    violation      mean of (w'y - W) / W over these, without those beyond 6 standard deviations
    ratio          mean of max(z / z*, z* / z) with z = v'y; 2 where exactly one is 0
    under, over    shares with z < z* and z > z*
    average_over   mean of (z - z*) / z* over the latter, average_under that of (z* - z) / z* over the former
    """
    z, star = (values * y).sum(1).astype(float), optimum.astype(float)
    excess = ((weights * y).sum(1) - capacity) / np.maximum(capacity, 1)
    violated = excess[excess > 0]
    kept = (
        violated[np.abs(violated - violated.mean()) <= OUTLIER * violated.std()]
        if violated.size
        else violated
    )
    both = (z > 0) & (star > 0)
    ratio = np.where((z > 0) != (star > 0), ONE_IS_ZERO, 1.0)
    ratio[both] = np.maximum(z[both] / star[both], star[both] / z[both])
    under, over = z < star, (z > star) & (star > 0)
    relative = np.abs(z - star) / np.where(star > 0, star, 1.0)
    return {
        "violated": 100 * violated.size / z.size, "violation": 100 * mean(kept), "ratio": float(ratio.mean()),
        "under": 100 * float(under.mean()), "over": 100 * float((z > star).mean()),
        "average_over": 100 * mean(relative[over]), "average_under": 100 * mean(relative[under]),
    }  # fmt: skip


def mean(array: np.ndarray) -> float:
    """Return the mean, 0 for nothing."""
    return float(array.mean()) if array.size else 0.0


def greedy(score: np.ndarray, weights: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Return the choices (B, n) that take the items by falling score where they fit."""
    order = np.argsort(-score, axis=1, kind="stable")
    left, lines = capacity.astype(float).copy(), np.arange(len(score))
    y = np.zeros(score.shape)
    for item in order.T:
        weight = weights[lines, item]
        fits = weight <= left
        y[lines, item] = fits
        left -= np.where(fits, weight, 0)
    return y
