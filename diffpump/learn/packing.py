"""The packed rows of one model of a family, as a set on the predicted columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.knapsack.packed import packed
from diffpump.learn.lagrangian import sigmoid

TEMPERATURE = 1.0  # a free column then has the cross-entropy


class PackedModel:
    """The set Y of the points of a model whose packed rows hold, for scores of k predicted columns.

    Parameters
    ----------
    problem : Problem
        The model.
    place : (k,) int64
        The columns of the predictions, -1 where the model lacks one.
    scores : (n,) float64
        The scores of all columns of the model, for those that are not among the predictions.
    """

    def __init__(self, problem: Problem, place: NDArray[np.intp], scores: Vector) -> None:
        self._packed = packed(problem)
        self.columns = self._packed.columns
        self._scores = scores[self.columns]
        inverse = np.full(problem.n + 1, -1)  # the last one serves the columns that the model lacks
        inverse[self.columns] = np.arange(self.columns.size)
        at = inverse[place]
        self._inside, self._at = at >= 0, at[at >= 0]

    def value(self, t: Vector) -> tuple[float, Vector]:
        """Return V(t) and its gradient, the marginals (k,)."""
        x = self._x(t)
        loss, gradient = self._packed.loss(x, TEMPERATURE)
        score, complemented = x - 0.5, self._packed.rows.complemented
        value = (np.where(complemented, 0.5 - score, score + 0.5).sum() - loss) / 2 + score[
            complemented
        ].sum()
        free = t[~self._inside]
        marginals = sigmoid(t)
        marginals[self._inside] = (1.0 - gradient[self._at]) / 2
        return float(value + np.logaddexp(0.0, free).sum()), marginals

    def marginals(self, t: Vector) -> Vector:
        """Return the marginals of all packed columns, (columns,)."""
        return self._packed.marginals(self._x(t), TEMPERATURE)

    def best(self, t: Vector) -> Vector:
        """Return the values of all packed columns, (columns,), in a best member of Y."""
        return self._packed.nearest(self._x(t))

    def chosen(self, t: Vector) -> Vector:
        """Return the best member of Y on the predicted columns, (k,), NaN for those outside packed rows."""
        values = np.full(t.size, np.nan)
        values[self._inside] = self.best(t)[self._at]
        return values

    def _x(self, t: Vector) -> Vector:
        """Return the point of the packed columns whose scores x - 1/2 are those of t."""
        scores = self._scores.copy()
        scores[self._at] = t[self._inside]
        return scores + 0.5
