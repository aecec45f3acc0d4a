"""The feasibility of a rounding's integer columns alone: the continuous columns are chosen to violate least.

Source: Cacciola, Emine, Forel, Frangioni, Lodi, "The Differentiable Feasibility Pump", Mathematical
Programming, eq. 21, there minimised by L-BFGS-B over dense rows and without the bounds of the columns.

The minimisation over the continuous columns is a convex, piecewise quadratic problem with bounds. The method
is the accelerated projected gradient of Beck and Teboulle (FISTA, SIAM J. Imaging Sciences 2009), scaled by a
diagonal, with the restarts of O'Donoghue and Candes (Found. Comput. Math. 2015) and an adaptive step. Each
iteration takes two products with the matrix of the continuous columns. Semismooth Newton steps by conjugate
gradients on the violated rows were tried too, in 30 evaluations for each of 14 mixed models. With 150
products their sums of values were 1.28, 50 and 1.18 times the least known on binkar10_1, beasleyC3 and
csched008; those of this method are 1.00, 8.1 and 1.02 times it. Newton steps were nearer the minimum on
cost266-UUE (1.13 against 1.21 times the least known), sp150x300d and swath1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector, dot
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_MARGIN, NOISE
from diffpump.operators.losses.base import LOSSES, Point, Term
from diffpump.operators.losses.rows import Rows

WIDTH = 1e-3
"""Violation up to which the loss of order 1 is quadratic in a row with continuous columns."""

LENGTHEN, SHORTEN = 0.9, 2.0
"""Factors on the curvature that an iteration assumes: after each iteration, and if it was too small."""


class Penalty(NamedTuple):
    """The even convex function h(t) = curvature z (t - z/2) with z = t clipped to [-width, width].

    It is curvature t^2 / 2 up to the width, and linear from there. Curvature 2 with an infinite width is t^2,
    and curvature 1/width is Huber's smoothing of |t|, which lies below it by at most width/2. Width 0 stands
    for |t| itself.
    """

    curvature: float
    width: float

    def __call__(self, t: Vector) -> tuple[Vector, Vector]:
        """Return h(t) and h'(t), elementwise."""
        if self.width == 0:
            return np.abs(t), np.sign(t)
        z = np.clip(t, -self.width, self.width)
        return self.curvature * z * (t - z / 2), self.curvature * z


class Violation:
    """The function sum_i w_i h(t_i) of the activities of some rows, with t_i the violation of row i.

    t_i = d_i - 1e-8 with the normalised distance d_i of `Rows` if the row is above its upper side, minus that
    if it is below its lower side, and 0 in between.

    Parameters
    ----------
    rows : Rows
        The rows of a problem.
    index : (k,) int
        The positions of these rows.
    penalty : Penalty
        h.
    """

    def __init__(self, rows: Rows, index: NDArray[np.intp], penalty: Penalty) -> None:
        self.index, self.penalty = index, penalty
        self.over, self.under = rows.scale_hi[index], rows.scale_lo[index]
        self.hi, self.lo = np.full(index.size, np.inf), np.full(index.size, -np.inf)
        above, below = self.over > 0, self.under > 0
        self.hi[above] = rows.hi[index][above] + FEASIBILITY_MARGIN / self.over[above]
        self.lo[below] = rows.lo[index][below] - FEASIBILITY_MARGIN / self.under[below]

    def __call__(self, activity: Vector, weights: Vector) -> tuple[float, Vector]:
        """Return the sum and its gradient (k,) at activities (k,) with weights (k,)."""
        beyond = activity - np.clip(activity, self.lo, self.hi)
        scale = np.where(beyond > 0, self.over, self.under)
        value, slope = self.penalty(scale * beyond)
        return dot(weights, value), weights * scale * slope


class Completion:
    """The minimisation of f(u) = violation(base + C u) over lb <= u <= ub.

    Parameters
    ----------
    C : (k, c) CSR float64
        The coefficients of the columns u in the rows of `violation`.
    lb, ub : (c,) float64
        Their bounds.
    violation : Violation
        The function of the activities.

    Attributes
    ----------
    products : int
        The products with C or its transpose so far.

    Notes
    -----
    With D_j = sum_i w_i v_i |C_ij| sum_k |C_ik|, where v_i is the largest second derivative of h(t_i) in the
    activity of row i, the quadratic f(z) + f'(z)'d + 1/2 sum_j D_j d_j^2 lies above f(z + d), since C' W V C
    is dominated by the diagonal matrix D. A step minimises it within the bounds, with factor D instead of D,
    factor <= 1, as long as it lies above f at the new point. The value never grows from one iterate to the
    next: a step that would make it grow is taken again without momentum.
    """

    def __init__(self, C: sp.csr_matrix, lb: Vector, ub: Vector, violation: Violation) -> None:
        self.C, self.Ct, self.lb, self.ub, self.violation = C, C.T.tocsr(), lb, ub, violation
        size, scale = abs(C), np.maximum(violation.over, violation.under)
        second = violation.penalty.curvature * scale**2  # v
        self.dominating = sp.diags(second * (size @ np.ones(lb.size))).dot(size).T.tocsr()
        self.products, self.factor = 0, 1.0

    def minimise(
        self, base: Vector, starts: list[Vector], weights: Vector, products: int, tolerance: float
    ) -> tuple[Vector, Vector, bool]:
        """Return a minimiser u, its activity base + C u, and whether the limit did not end the minimisation.

        Parameters
        ----------
        base : (k,) float64
            The activity without the columns u.
        starts : list of (c,) float64
            Points within the bounds. The first of the best of them is the start.
        weights : (k,) float64
            The weights of the rows.
        products : int
            The number of products after which no further iteration begins.
        tolerance : float
            The minimisation ends when a step promises to reduce f by no more than this share of it, or when
            f is at most NOISE^2.
        """
        limit, f = self.products + products, self.violation
        activities = [self._activity(base, u) for u in starts]
        values = [f(activity, weights)[0] for activity in activities]
        best = int(np.argmin(values))
        u, activity, value = starts[best], activities[best], values[best]
        diagonal = self.dominating @ weights
        inverse = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
        z, at_z, momentum = u, activity, 1.0
        while value > NOISE**2:
            if self.products >= limit:
                return u, activity, False
            new, at_new, new_value, step, bend = self._step(base, z, at_z, weights, diagonal, inverse)
            if new_value > value or (new_value == value and momentum > 1):
                if momentum == 1:  # the rest is rounding error
                    break
                z, at_z, momentum = u, activity, 1.0
                continue
            ended = self.factor * bend <= tolerance * new_value
            if dot(diagonal * step, new - u) < 0:  # the momentum points uphill
                momentum = 1.0
            following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            share, momentum = (momentum - 1) / following, following
            z, at_z = new + share * (new - u), at_new + share * (at_new - activity)
            u, activity, value = new, at_new, new_value
            if ended:
                break
            self.factor *= LENGTHEN
        return u, activity, True

    def _step(
        self, base: Vector, z: Vector, at_z: Vector, weights: Vector, diagonal: Vector, inverse: Vector
    ) -> tuple[Vector, Vector, float, Vector, float]:
        """Return the point after a step from z, its activity and value, the step, and 1/2 sum_j D_j d_j^2."""
        value, pull = self.violation(at_z, weights)
        self.products += 1
        gradient = self.Ct @ pull
        while True:
            new = np.clip(z - (inverse / self.factor) * gradient, self.lb, self.ub)
            step = new - z
            at_new = self._activity(base, new)
            new_value = self.violation(at_new, weights)[0]
            bend = dot(diagonal * step, step) / 2
            if self.factor >= 1 or new_value <= value + dot(gradient, step) + self.factor * bend:
                return new, at_new, new_value, step, bend
            self.factor = min(SHORTEN * self.factor, 1.0)

    def _activity(self, base: Vector, u: Vector) -> Vector:
        self.products += 1
        activity: Vector = base + self.C @ u
        return activity


class Evaluated(NamedTuple):
    """What the loss keeps of an evaluation.

    Attributes
    ----------
    x_round, weights : (n,) and (m,) float64
        The arguments, the multipliers 1 if there were none.
    u : (c,) float64
        The continuous columns that were chosen.
    activity : (k,) float64
        The activity of the rows with continuous columns.
    complete : bool
        Whether the minimisation ended before the limit of products.
    """

    x_round: Vector
    weights: Vector
    u: Vector
    activity: Vector
    complete: bool


@LOSSES.register(
    "argmin_feasibility", help="mean violation of the rows by x_round's integers with the best other columns"
)
class ArgminFeasibility:
    """The mean violation of the rows at the integer columns y_I of x_round with the best continuous columns.

        g(y_I) = min_{lb <= u <= ub} (1/m) sum_i w_i h(d_i(y_I, u) - 1e-8),

    with the normalised rows d_i in <= form, their number m and their multipliers w as in `feasibility`. With
    order 2, h(t) = relu(t)^2. With order 1, h(t) = relu(t) on the rows without continuous columns, and
    Huber's smoothing of it on the others, t^2/(2 width) for 0 <= t <= width and t - width/2 from there with
    width = 1e-3, since the minimum of a sum of relus has no gradient at a kink. It lies below the minimum of
    that sum by at most width/2 times the largest multiplier.

    By the envelope theorem the gradient in y_I is the partial gradient at the minimiser u*. The gradient in
    the continuous columns of x_round is 0: they are at most a start of the minimisation. A violation that
    continuous columns within their bounds can repair costs nothing. A model without continuous columns has
    the mean of relu(t)^order, and with order 1 that is the loss `feasibility`.

    Parameters
    ----------
    problem : Problem
        The model.
    order : int
        The exponent q, 1 or 2.
    products : int
        The number of matrix products in an evaluation after which the minimisation ends early. The value is
        then that at the best u so far. With 0 the minimisation takes no step.
    tolerance : float
        The minimisation ends when a step promises to reduce the sum over the rows with continuous columns by
        no more than this share of it, or when that sum is at most 1e-18.

    Attributes
    ----------
    completion : Completion
        The minimisation over u. It counts its matrix products in all evaluations. An evaluation takes two
        more with the integer columns.

    Raises
    ------
    UsageError
        If order is neither 1 nor 2, products is negative, or tolerance is not positive.

    Notes
    -----
    The instance keeps u*. The next evaluation starts at it, or at the continuous columns of x_round clipped
    to their bounds if they violate less. An evaluation at the same point returns the same,
    unless the limit of products ended the last one early; then it goes on. The same sequence of points gives
    the same values, but within the tolerance a value depends on the earlier evaluations. It is never above
    the value at the continuous columns of x_round, whatever the limit of products.

    The default limit of products often ends the minimisation far from the minimum: the values of 30
    iterations of the pump sum to 1.07 times the least known sum on binkar10_1, to 2.9 times on tr12-30, and
    to 158 times on beasleyC3. Order 1 converges more slowly, since its curvature is 1/width below the width
    and 0 above it: the sum of the first 10 values is 7 times the least known on binkar10_1 and 2.8 times on
    csched008.
    """

    def __init__(self, problem: Problem, order: int = 2, products: int = 60, tolerance: float = 1e-6) -> None:
        if order not in (1, 2):
            raise UsageError(f"loss 'argmin_feasibility': order must be 1 or 2, got {order}")
        if products < 0:
            raise UsageError(f"loss 'argmin_feasibility': products must be at least 0, got {products}")
        if not tolerance > 0:
            raise UsageError(f"loss 'argmin_feasibility': tolerance must be positive, got {tolerance}")
        self.limit, self.tolerance = products, tolerance
        self.integers, self.continuous = problem.integers, np.flatnonzero(~problem.integer)
        self.lb, self.ub = problem.lb[self.continuous], problem.ub[self.continuous]
        rows, C = Rows(problem), problem.A[:, self.continuous]
        self.count, self.m, self.n = rows.count, problem.m, problem.n
        self.A, self.At = problem.A[:, self.integers], problem.At[self.integers]
        has_u: Mask = np.diff(C.indptr) > 0
        smooth = Penalty(2.0, np.inf) if order == 2 else Penalty(1 / WIDTH, WIDTH)
        self.closed = Violation(rows, np.flatnonzero(~has_u), smooth if order == 2 else Penalty(np.inf, 0.0))
        self.open = Violation(rows, np.flatnonzero(has_u), smooth)
        self.completion = Completion(C[self.open.index], self.lb, self.ub, self.open)
        self.last: Evaluated | None = None

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_round (see `Loss`)."""
        weights = np.ones(self.m) if point.weights is None else point.weights.copy()
        activity: Vector = self.A @ point.x_round[self.integers]
        self.last = self._completed(point.x_round.copy(), weights, activity[self.open.index])
        activity[self.open.index] = self.last.activity
        value, pull = 0.0, np.zeros(self.m)
        for violation in (self.closed, self.open):
            part, pull[violation.index] = violation(
                activity[violation.index], weights[violation.index] / self.count
            )
            value += part
        gradient = np.zeros(self.n)
        gradient[self.integers] = self.At @ pull
        return Term(value, x_round=gradient)

    def candidate(self) -> Vector | None:
        """Return (y_I, u*) (n,) of the last evaluation, or None before the first.

        If the value was 0, the rows hold at this point up to the margin of 1e-8 on normalised rows.
        """
        if self.last is None:
            return None
        x = self.last.x_round.copy()
        x[self.continuous] = self.last.u
        return x

    def _completed(self, x_round: Vector, weights: Vector, base: Vector) -> Evaluated:
        """Return the evaluation at x_round (n,) with weights (m,); base (k,) is the activity of y_I alone."""
        last, first = self.last, np.clip(x_round[self.continuous], self.lb, self.ub)
        if not self.open.index.size:
            return Evaluated(x_round, weights, first, base, True)
        if (
            last is not None
            and last.complete
            and np.array_equal(last.x_round, x_round)
            and np.array_equal(last.weights, weights)
        ):
            return last
        starts = [first] if last is None else [last.u, first]
        found = self.completion.minimise(base, starts, weights[self.open.index], self.limit, self.tolerance)
        return Evaluated(x_round, weights, *found)
