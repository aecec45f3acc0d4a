"""The Lagrangian dual framework: losses, row violations at the rounded prediction, and row multipliers.

For logits t (B, k), u = 1 / (1 + e^-t) and integer columns between low_j and high_j with the values v_j,

    target         p_j = (v_j - low_j) / (high_j - low_j), for a binary its value
    cross-entropy  sum_j q_j (log(1 + e^t_j) - p_j t_j), q_j the weight of a column
    prediction     y_j = low_j + round((high_j - low_j) u_j), ties down
    violations     viol_r = max(lo_r - a_r'y, a_r'y - hi_r, 0)
    loss           cross-entropy + sum_r lambda_r viol_r
    multipliers    lambda_r <- lambda_r + step * mean over the examples of viol_r, after each epoch
    mu-loss        cross-entropy + mu * sum_r viol_r, the mean over examples

The rounding's surrogate derivative at (high_j - low_j) u_j with the fractional part f (equation 13) is

    K e^(-K (f - 1/2)) / (1 + e^(-K (f - 1/2)))^2,   K = 25.

So a general integer column is the position in its range, with the same loss and rounding as a binary.

Source: Keegan, Abolghasemi, *Approximating Solutions to the Knapsack Problem using the Lagrangian Dual
Framework*; rows of a MILP in place of the one capacity are ours. Arrays are float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.operators.roundings.base import nearest

SHARPNESS = 25.0  # K of the surrogate derivative: the paper's
Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows over k predicted columns in N examples, whose coefficients may differ.

    Attributes
    ----------
    row, column : (nonzeros,) int64
        The places of the coefficients.
    values : (N, nonzeros) or (1, nonzeros) float64
        The coefficients; one line of them serves all examples.
    lo, hi : (N, m) float64
        The sides, infinite where an example has no such side.
    columns : int
        k.
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    values: Array
    lo: Array
    hi: Array
    columns: int

    @property
    def count(self) -> int:
        """The number of rows m."""
        return int(self.lo.shape[1])

    @cached_property
    def _sums(self) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """The matrices (m, nonzeros) and (k, nonzeros) that add the coefficients of a row and of a column."""
        ones, at = np.ones(self.row.size), np.arange(self.row.size)
        return (
            sp.csr_matrix((ones, (self.row, at)), shape=(self.count, at.size)),
            sp.csr_matrix((ones, (self.column, at)), shape=(self.columns, at.size)),
        )

    def _coefficients(self, which: Index) -> Array:
        return self.values if len(self.values) == 1 else self.values[which]

    def excess(self, which: Index, y: Array) -> tuple[Array, Array]:
        """Return by how much predictions violate rows, and the sign of the violated side.

        Parameters
        ----------
        which : (B,) int64
            The examples.
        y : (B, k) float64
            Their predictions.

        Returns
        -------
        violations : (B, m) float64
            At least 0.
        side : (B, m) float64
            1 for the upper side, -1 for the lower one, 0 where the row holds.
        """
        activity = (self._sums[0] @ (self._coefficients(which) * y[:, self.column]).T).T
        below, above = self.lo[which] - activity, activity - self.hi[which]
        violations = np.maximum(np.maximum(below, above), 0.0)
        return violations, np.where(violations > 0, np.where(above > below, 1.0, -1.0), 0.0)

    def pull(self, which: Index, gradient: Array) -> Array:
        """Return the product (B, k) of a gradient (B, m) at the activities and the rows."""
        product: Array = (self._sums[1] @ (self._coefficients(which) * gradient[:, self.row]).T).T
        return product


@dataclass(frozen=True, eq=False)
class Examples:
    """Models with known solutions, as arrays: N examples with k predicted columns and f features.

    Attributes
    ----------
    features : (N, f) float32
        The scaled features.
    targets : (N, k) float64
        The positions of the solutions' values in the columns' ranges, in [0, 1].
    weight : (N, k) float64
        The weights of the columns in the cross-entropy, 0 where an example lacks the column.
    low, high : (k,) float64
        The ranges, low < high.
    rows : Rows
        The rows.
    """

    features: NDArray[np.float32]
    targets: Array
    weight: Array
    low: Vector
    high: Vector
    rows: Rows

    def rounded(self, logits: Array) -> Array:
        """Return the predictions y (B, k) of logits."""
        return self.low + nearest((self.high - self.low) * sigmoid(logits))

    def cross_entropy(self, which: Index, logits: Array) -> tuple[Vector, Array]:
        """Return the cross-entropies (B,) and their gradient (B, k)."""
        weight, target = self.weight[which], self.targets[which]
        values = (weight * (np.logaddexp(0.0, logits) - target * logits)).sum(axis=1)
        return values, weight * (sigmoid(logits) - target)

    def violations(self, which: Index, logits: Array) -> Array:
        """Return the violations (B, m) of the rounded predictions."""
        return self.rows.excess(which, self.rounded(logits))[0]

    def penalty(self, which: Index, logits: Array, multipliers: Vector) -> tuple[Vector, Array]:
        """Return sum_r lambda_r viol_r, (B,), and its surrogate gradient (B, k)."""
        u, width = sigmoid(logits), self.high - self.low
        violations, side = self.rows.excess(which, self.low + nearest(width * u))
        gradient = self.rows.pull(which, multipliers * side)
        return violations @ multipliers, gradient * slope(width * u) * width * u * (1.0 - u)


def sigmoid(t: Array) -> Array:
    """Return 1 / (1 + e^-t) without overflow."""
    smaller = np.exp(-np.abs(t))
    return np.where(t >= 0, 1.0, smaller) / (1.0 + smaller)


def slope(x: Array, sharpness: float = SHARPNESS) -> Array:
    """Return the surrogate derivative of the rounding of x (equation 13)."""
    t = sharpness * (x - np.floor(x) - 0.5)
    return sharpness * sigmoid(t) * sigmoid(-t)


def raised(multipliers: Vector, step: float, violation: Vector) -> Vector:
    """Return the multipliers (m,) after an epoch whose mean violations are (m,)."""
    return multipliers + step * violation


def mu_loss(loss: float, violation: float, mu: float) -> float:
    """Return loss + mu * violation, by which models are selected on validation data."""
    return loss + mu * violation


def scaled_rows(values: Array, row: NDArray[np.int64], lo: Array, hi: Array) -> tuple[Array, Array, Array]:
    """Return coefficients and sides in units of each row's largest coefficient over all examples."""
    size = np.zeros(lo.shape[1])
    np.maximum.at(size, row, np.abs(values).max(axis=0))
    size = np.where(size > 0, size, 1.0)
    return values / size[row], lo / size, hi / size


def useful(rows: Rows, low: Vector, high: Vector) -> Mask:
    """Return the rows (m,) that some prediction between low and high (k,) violates in some example."""
    at_low, at_high = rows.values * low[rows.column], rows.values * high[rows.column]
    least = (rows._sums[0] @ np.minimum(at_low, at_high).T).T
    most = (rows._sums[0] @ np.maximum(at_low, at_high).T).T
    return np.asarray(((least < rows.lo) | (most > rows.hi)).any(axis=0))
