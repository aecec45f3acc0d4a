"""The integrality loss that is weighted by the slack of the rows (after Frangioni et al. 2021)."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.operators.losses.base import LOSSES, Point
from diffpump.operators.losses.integrality import Integrality, power
from diffpump.operators.losses.rows import Rows


@LOSSES.register("slack_integrality", help="sum of w d^order, w larger on columns whose rows have less slack")
class SlackIntegrality(Integrality):
    """The loss sum_{j in I} w_j(x) d_j^p, whose weights are larger on columns with tighter rows at x = x_lp.

        w_j(x) = s mean over the rows i of column j of 1/(1 + slack_i(x)),   s such that the mean over I is 1

    slack_i is the distance of the normalised row to its nearer side (see `Rows`), and 0 on a row that is
    active, violated or an equality, which therefore counts 1. Rows without a side are left out. A column
    without rows has weight 1. The penalties of the point are further factors.

    Parameters
    ----------
    problem : Problem
        The model.
    order : float
        p >= 1. The default 1 is the distance of the original pump.

    Raises
    ------
    UsageError
        If order is below 1.

    Notes
    -----
    The weights are constants in the gradient, as in an iteratively reweighted distance: the gradient is w_j
    p d_j^(p-1) s_j, and the value is the loss at the current weights. If the weights moved with x, the
    gradient would also pull x away from the active rows, where they are largest.

    References
    ----------
    Frangioni et al. 2021 weight the distance by the slack and prefer active rows. The formula is ours after
    their idea.
    """

    def __init__(self, problem: Problem, order: float = 1) -> None:
        super().__init__(problem, *power("slack_integrality", order))
        self.rows = Rows(problem)
        self.has_side = np.isfinite(problem.row_lo) | np.isfinite(problem.row_hi)
        self.columns = problem.pattern[:, self.sides.index].T.tocsr()  # (|I|, m)
        self.counts = self.columns @ self.has_side.astype(np.float64)  # rows with a side, by column

    def column_weights(self, point: Point) -> Vector:
        """Return w (|I|,) times the penalties, if there are any (see the class)."""
        weights = self._slack_weights(point.x_lp)
        return weights if point.penalties is None else weights * point.penalties

    def _slack_weights(self, x: Vector) -> Vector:
        """Return w (|I|,), of mean 1, at x (n,)."""
        mean = self.columns @ self._closeness(x) / np.maximum(self.counts, 1.0)
        used = self.counts > 0
        if not used.any():
            return np.ones(used.size)
        weights: Vector = np.where(used, mean / mean[used].mean(), 1.0)
        return weights

    def _closeness(self, x: Vector) -> Vector:
        """Return 1/(1 + slack) (m,) at x (n,), 0 on rows without a side."""
        rows, slack = self.rows, np.full(self.has_side.size, np.inf)
        for distance, scale in zip(rows.distances(x), (rows.scale_hi, rows.scale_lo), strict=True):
            slack = np.where(scale > 0, np.minimum(slack, -distance), slack)
        return np.where(self.has_side, 1.0 / (1.0 + np.maximum(slack, 0.0)), 0.0)
