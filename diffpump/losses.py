"""Losses on a point (theta, x_lp, x_round): what the pump descends on (paper, eq. 6-19).

A loss is evaluated once per iteration into a `Term`: its value and its gradients with respect to
theta, x_lp and x_round (None where it does not depend on one). The pump weighs and adds the terms and
carries them back through the rounding and the LP argmin. All vectors are (n,) float64.

Integrality losses are sum_{j in I} h(d_j) with d_j = |x_j - nearest(x_j)|; on a binary column d is
min(x, 1-x). Their gradient is h'(d_j) s_j with the side s_j of `side`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from diffpump.problem import Problem
from diffpump.result import UsageError, Vector
from diffpump.rounding import NOISE, nearest
from diffpump.spec import Registry

FEASIBILITY_MARGIN = 1e-8  # the paper's slack inside the relu, on normalised rows


@dataclass(frozen=True, eq=False)
class Point:
    """What a loss may look at."""

    theta: Vector
    x_lp: Vector
    x_round: Vector


@dataclass(frozen=True, eq=False)
class Term:
    """A loss's value and gradients; None stands for a zero gradient."""

    value: float
    theta: Vector | None = None
    x_lp: Vector | None = None
    x_round: Vector | None = None


def dot(a: Vector, b: Vector) -> float:
    """a'b without BLAS, whose threads make a long product slower and its last bits the machine's."""
    return float(np.einsum("i,i->", a, b))


class Loss(Protocol):
    """A differentiable function of a point."""

    def evaluate(self, point: Point) -> Term:
        """Value and gradients at the point."""
        ...


LOSSES: Registry[Loss] = Registry("loss", weighted=True)


class Sides:
    """s_j on the integer columns: +1 where x was rounded down, -1 where up.

    At an integral value a binary has +1 at 0 and -1 at 1, a general integer +1 at its lower bound, -1
    at its upper and 0 in between (a linear cost cannot hold it there). This sign is theta_0, and with
    order 1 the gradient of the integrality loss, so it decides Proposition 3.2: it is taken from the
    rounded value, never from x - floor(x), which is wrong at x = 1.
    """

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.lo, self.hi = problem.integer_range
        self.general = np.flatnonzero(problem.general[self.index])  # positions inside `index`

    def __call__(self, x: Vector) -> tuple[Vector, Vector]:
        """(d, s) on the integer columns."""
        z = x[self.index]
        y = np.clip(nearest(z), self.lo, self.hi)
        s: Vector = 1.0 - 2.0 * y
        if self.general.size:
            zg, yg = z[self.general], y[self.general]
            at_bound = (yg == self.lo[self.general]).astype(float) - (yg == self.hi[self.general])
            s[self.general] = np.where(np.abs(zg - yg) <= NOISE, at_bound, np.sign(zg - yg))
        return np.abs(z - y), s


class Integrality:
    """sum_{j in I} h(d_j), gradient h'(d_j) s_j, for a shape h given with its derivative."""

    def __init__(
        self, problem: Problem, shape: Callable[[Vector], Vector], slope: Callable[[Vector], Vector]
    ) -> None:
        self.sides, self.n = Sides(problem), problem.n
        self.shape, self.slope = shape, slope

    def evaluate(self, point: Point) -> Term:
        d, s = self.sides(point.x_lp)
        gradient = np.zeros(self.n)
        gradient[self.sides.index] = self.slope(d) * s
        return Term(float(self.shape(d).sum()), x_lp=gradient)


@LOSSES.register("integrality")
def integrality(problem: Problem, order: float = 1) -> Integrality:
    """f_p(x) = sum d^p (paper, eq. 9 with p = `order` >= 1); order 1 is the original pump's distance."""
    if not order >= 1:  # below, the slope is infinite at an integral value
        raise UsageError(f"loss 'integrality': order must be at least 1, got {order}")
    if order == 1:
        return Integrality(problem, lambda d: d, np.ones_like)
    return Integrality(problem, lambda d: d**order, lambda d: order * d ** (order - 1))


def _check_positive(loss: str, **params: float) -> None:
    """Below 0 a concave loss is no longer concave; at eps = 0 its slope is infinite at an integral value."""
    for key, value in params.items():
        if not value > 0:
            raise UsageError(f"loss '{loss}': {key} must be positive, got {value}")


@LOSSES.register("bilinear")
def bilinear(problem: Problem) -> Integrality:
    """sum d (1 - d), which on a binary column is x (1 - x)."""
    return Integrality(problem, lambda d: d * (1 - d), lambda d: 1 - 2 * d)


@LOSSES.register("exponential")
def exponential(problem: Problem, alpha: float = 0.5) -> Integrality:
    """sum 1 - exp(-alpha d) (De Santis, Lucidi, Rinaldi 2013)."""
    _check_positive("exponential", alpha=alpha)
    return Integrality(problem, lambda d: 1 - np.exp(-alpha * d), lambda d: alpha * np.exp(-alpha * d))


@LOSSES.register("logistic")
def logistic(problem: Problem, alpha: float = 0.1) -> Integrality:
    """sum 1/(1 + exp(-alpha d)) (De Santis, Lucidi, Rinaldi 2013)."""
    _check_positive("logistic", alpha=alpha)

    def sigmoid(d: Vector) -> Vector:
        value: Vector = 1 / (1 + np.exp(-alpha * d))
        return value

    return Integrality(problem, sigmoid, lambda d: alpha * sigmoid(d) * (1 - sigmoid(d)))


@LOSSES.register("hyperbolic")
def hyperbolic(problem: Problem, order: float = 1, eps: float = 0.1) -> Integrality:
    """sum -(d + eps)^(-p) with p = `order` (De Santis, Lucidi, Rinaldi 2013)."""
    _check_positive("hyperbolic", order=order, eps=eps)
    return Integrality(problem, lambda d: -((d + eps) ** -order), lambda d: order * (d + eps) ** (-order - 1))


@LOSSES.register("logarithmic")
def logarithmic(problem: Problem, eps: float = 0.1) -> Integrality:
    """sum log(d + eps) (De Santis, Lucidi, Rinaldi 2013)."""
    _check_positive("logarithmic", eps=eps)
    return Integrality(problem, lambda d: np.log(d + eps), lambda d: 1 / (d + eps))


@LOSSES.register("feasibility")
class Feasibility:
    """f(y) = (1/m) sum_i relu((a_i'y - b_i)/||(a_i, b_i)||_2 - 1e-8) (paper, eq. 12-13).

    All rows in <= form: an equality or range row gives two, m counts them after this splitting, and
    rows with a_i = 0 are left out. The two sides of a row share one product A y and one product A'w.
    """

    def __init__(self, problem: Problem) -> None:
        self.A, self.At = problem.A, problem.At
        squares: Vector = np.bincount(
            np.repeat(np.arange(problem.m), np.diff(problem.A.indptr)), problem.A.data**2, problem.m
        ).astype(np.float64)
        # A side that is infinite or empty has scale 0: it never pulls. Its bound is set to 0 so that
        # 0 * inf cannot appear.
        self.scale_hi, self.hi = _scaled(squares, problem.row_hi)
        self.scale_lo, self.lo = _scaled(squares, problem.row_lo)
        self.count = max(1, int(np.count_nonzero(self.scale_hi)) + int(np.count_nonzero(self.scale_lo)))

    def evaluate(self, point: Point) -> Term:
        activity = self.A @ point.x_round
        over = (activity - self.hi) * self.scale_hi - FEASIBILITY_MARGIN
        under = (self.lo - activity) * self.scale_lo - FEASIBILITY_MARGIN
        is_over, is_under = over > 0, under > 0
        value = float(over[is_over].sum() + under[is_under].sum()) / self.count
        pull = (np.where(is_over, self.scale_hi, 0.0) - np.where(is_under, self.scale_lo, 0.0)) / self.count
        return Term(value, x_round=self.At @ pull)


def _scaled(squares: Vector, bound: Vector) -> tuple[Vector, Vector]:
    """1/||(a_i, b_i)||_2 where a row side exists (else 0), and the bound with infinities replaced by 0."""
    b = np.where(np.isfinite(bound), bound, 0.0)
    exists = np.isfinite(bound) & (squares > 0)
    return np.where(exists, 1 / np.sqrt(np.where(exists, squares + b * b, 1.0)), 0.0), b


@LOSSES.register("cost")
class Cost:
    """The objective, share * c'x_lp + (1 - share) * c'x_round (paper, eq. 14-16)."""

    def __init__(self, problem: Problem, share: float = 0.0) -> None:
        if not 0 <= share <= 1:
            raise UsageError(f"loss 'cost': share must lie in [0, 1], got {share}")
        self.c, self.share = problem.c, share

    def evaluate(self, point: Point) -> Term:
        at_lp, at_round = self.share, 1 - self.share
        value = at_lp * dot(self.c, point.x_lp) + at_round * dot(self.c, point.x_round)
        return Term(
            value,
            x_lp=at_lp * self.c if at_lp else None,
            x_round=at_round * self.c if at_round else None,
        )


@LOSSES.register("regularisation")
class Regularisation:
    """1/2 ||theta||^2 (paper, eq. 17)."""

    def evaluate(self, point: Point) -> Term:
        return Term(0.5 * dot(point.theta, point.theta), theta=point.theta)


@LOSSES.register("python")
def python_loss(file: str, name: str) -> Loss:
    """A loss of the user's: function `name` of `file`, f(theta, x_lp, x_round) -> scalar torch tensor,
    differentiated by torch autograd."""
    from diffpump.torch import load_loss

    return load_loss(file, name)
