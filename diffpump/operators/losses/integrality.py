"""Losses on the integer columns: sum_{j in I} w_j h(d_j) with d_j = |x_j - nearest(x_j)| at x = x_lp.

On a binary column d is min(x, 1-x). The gradient is w_j h'(d_j) s_j with the side s_j of `Sides`. The weights
w_j are the penalties of the point, which are 1 in the paper.
The exponential, logistic, hyperbolic and logarithmic losses are those of De Santis, Lucidi, Rinaldi, "A new
class of functions for measuring solution integrality in the Feasibility Pump approach", SIAM J. Optim. 2013.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.losses.base import LOSSES, Point, Sides, Term

Shape = Callable[[Vector], Vector]  # from (|I|,) float64 to (|I|,) float64


class Integrality:
    """The loss sum_{j in I} w_j h(d_j) with the gradient w_j h'(d_j) s_j.

    The weights w_j are those of `column_weights`.

    Parameters
    ----------
    problem : Problem
        The model, whose integer columns are I.
    shape : callable
        h.
    slope : callable
        h'.
    """

    def __init__(self, problem: Problem, shape: Shape, slope: Shape) -> None:
        self.sides, self.n = Sides(problem), problem.n
        self.shape, self.slope = shape, slope

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_lp (see `Loss`)."""
        d, s = self.distances(point)
        value, slope, weights = self.shape(d), self.slope(d) * s, self.column_weights(point)
        if weights is not None:
            value, slope = weights * value, weights * slope
        gradient = np.zeros(self.n)
        gradient[self.sides.index] = slope
        return Term(float(value.sum()), x_lp=gradient)

    def distances(self, point: Point) -> tuple[Vector, Vector]:
        """Return d (|I|,) and s (|I|,)."""
        return self.sides(point.x_lp)

    def column_weights(self, point: Point) -> Vector | None:
        """Return w (|I|,), the penalties of the point, or None for 1 each."""
        return point.penalties


@LOSSES.register("integrality", help="sum of d^order, d the distance to the nearest integer")
def integrality(problem: Problem, order: float = 1) -> Integrality:
    """Return f_p(x) = sum d^p with p = `order` (paper, eq. 9).

    Parameters
    ----------
    order : float
        p >= 1. The default 1 is the original pump's distance.

    Raises
    ------
    UsageError
        If order is below 1, where the slope is infinite at an integral value.
    """
    return Integrality(problem, *power("integrality", order))


@LOSSES.register("distance", help="sum of d^order, d the distance to the rounding, whichever is used")
class Distance(Integrality):
    """The loss sum |x_j - y_j|^p over the integer columns, with p = `order`, x = x_lp and y = x_round.

    With a rounding to the nearest integers it is `integrality`. With another one, such as that of
    Fischetti, Salvagnin (2009), its gradient is the cost of the projection onto that rounding. y is a
    constant in the gradient.

    Parameters
    ----------
    problem : Problem
        The model.
    order : float
        p >= 1.

    Raises
    ------
    UsageError
        If order is below 1.
    """

    def __init__(self, problem: Problem, order: float = 1) -> None:
        super().__init__(problem, *power("distance", order))

    def distances(self, point: Point) -> tuple[Vector, Vector]:
        """Return |x - y| (|I|,) and the sides (|I|,)."""
        return self.sides(point.x_lp, point.x_round)


def power(loss: str, order: float) -> tuple[Shape, Shape]:
    """Return h(d) = d^order and its slope. Raises UsageError for the named loss if order is below 1."""
    if not order >= 1:  # below 1 the slope is infinite at an integral value
        raise UsageError(f"loss '{loss}': order must be at least 1, got {order}")
    if order == 1:
        return lambda d: d, np.ones_like
    return lambda d: d**order, lambda d: order * d ** (order - 1)


def _check_positive(loss: str, **params: float) -> None:
    """Raise UsageError for a parameter that is not positive.

    Below 0 a concave loss is no longer concave, and at eps = 0 its slope is infinite at an integral value.
    """
    for key, value in params.items():
        if not value > 0:
            raise UsageError(f"loss '{loss}': {key} must be positive, got {value}")


@LOSSES.register("bilinear", help="sum of d (1 - d)")
def bilinear(problem: Problem) -> Integrality:
    """Return sum d (1 - d), which is x (1 - x) on a binary column."""
    return Integrality(problem, lambda d: d * (1 - d), lambda d: 1 - 2 * d)


@LOSSES.register("exponential", help="sum of 1 - exp(-alpha d)")
def exponential(problem: Problem, alpha: float = 0.5) -> Integrality:
    """Return sum (1 - exp(-alpha d)).

    Parameters
    ----------
    alpha : float
        Positive: below 0 the loss is no longer concave.

    Raises
    ------
    UsageError
        If alpha is not positive.
    """
    _check_positive("exponential", alpha=alpha)
    return Integrality(problem, lambda d: 1 - np.exp(-alpha * d), lambda d: alpha * np.exp(-alpha * d))


@LOSSES.register("logistic", help="sum of 1 / (1 + exp(-alpha d))")
def logistic(problem: Problem, alpha: float = 0.1) -> Integrality:
    """Return sum 1/(1 + exp(-alpha d)), with alpha and its error as in `exponential`."""
    _check_positive("logistic", alpha=alpha)

    def sigmoid(d: Vector) -> Vector:
        value: Vector = 1 / (1 + np.exp(-alpha * d))
        return value

    return Integrality(problem, sigmoid, lambda d: alpha * sigmoid(d) * (1 - sigmoid(d)))


@LOSSES.register("hyperbolic", help="sum of -(d + eps)^-order")
def hyperbolic(problem: Problem, order: float = 1, eps: float = 0.1) -> Integrality:
    """Return sum -(d + eps)^(-p) with p = `order`.

    Parameters
    ----------
    order : float
        p > 0.
    eps : float
        Positive: at 0 the slope is infinite at an integral value.

    Raises
    ------
    UsageError
        If order or eps is not positive.
    """
    _check_positive("hyperbolic", order=order, eps=eps)
    return Integrality(problem, lambda d: -((d + eps) ** -order), lambda d: order * (d + eps) ** (-order - 1))


@LOSSES.register("logarithmic", help="sum of log(d + eps)")
def logarithmic(problem: Problem, eps: float = 0.1) -> Integrality:
    """Return sum log(d + eps).

    Parameters
    ----------
    eps : float
        Positive: at 0 the slope is infinite at an integral value.

    Raises
    ------
    UsageError
        If eps is not positive.
    """
    _check_positive("logarithmic", eps=eps)
    return Integrality(problem, lambda d: np.log(d + eps), lambda d: 1 / (d + eps))
