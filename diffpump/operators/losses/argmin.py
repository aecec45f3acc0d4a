"""The feasibility of a rounding's integer columns alone: the continuous columns are chosen to violate least.

Source: Cacciola, Emine, Forel, Frangioni, Lodi, "The Differentiable Feasibility Pump", Mathematical
Programming, eq. 21, there minimised by L-BFGS-B over dense rows and without the bounds of the columns.

The minimisation over the continuous columns u is a convex, piecewise quadratic problem with bounds. Each step
is a semismooth Newton step: preconditioned conjugate gradients on the violated rows and on the columns that
no bound holds, a projection onto the bounds, and an exact line search along the resulting segment, whose
kinks are sorted. All products with a matrix in these steps are sparse, and those of the conjugate gradients
touch violated rows only.
"""

from __future__ import annotations

from dataclasses import dataclass

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

FORCING = 0.1
"""Conjugate gradients stop when the norm of the residual has fallen by this factor."""

DESCENT = 0.1
"""A projected Newton step must descend at least at this share of the rate of the scaled gradient step."""

SHRINK = 1.0, 0.1, 0.01
"""Lengths of the Newton step that are tried before the scaled gradient step replaces it."""


@dataclass(frozen=True)
class Penalty:
    """The convex function h(t) = c z (t - z/2) with z = min(max(t, 0), width) and the curvature c.

    It is 0 for t <= 0, c t^2 / 2 up to the width, and linear from there. c = 2 with an infinite width is
    relu(t)^2, and c = 1/width is Huber's smoothing of relu(t), which lies below it by at most width/2.
    """

    curvature: float
    width: float

    def value(self, t: Vector) -> Vector:
        """Return h(t), elementwise."""
        z = np.clip(t, 0.0, self.width)
        value: Vector = self.curvature * z * (t - z / 2)
        return value

    def slope(self, t: Vector) -> Vector:
        """Return h'(t), elementwise."""
        slope: Vector = self.curvature * np.clip(t, 0.0, self.width)
        return slope


class Relu:
    """The function relu(t)."""

    def value(self, t: Vector) -> Vector:
        """Return relu(t), elementwise."""
        return np.maximum(t, 0.0)

    def slope(self, t: Vector) -> Vector:
        """Return 1 where t > 0 and 0 elsewhere."""
        return (t > 0).astype(np.float64)


@dataclass(frozen=True, eq=False)
class RowSides:
    """Finite sides of rows, each the function t = scale (a_i'x - bound) - margin, where t > 0 is violated.

    Attributes
    ----------
    row : (k,) int
        The row of each side.
    scale : (k,) float64
        1/||(a_i, b_i)||_2, negative for a lower side.
    bound : (k,) float64
        b_i.
    """

    row: NDArray[np.intp]
    scale: Vector
    bound: Vector

    @classmethod
    def of(cls, rows: Rows, among: Mask) -> RowSides:
        """Return the finite sides of some rows, given by a mask (m,)."""
        scale = np.concatenate([rows.scale_hi, -rows.scale_lo])
        bound, row = np.concatenate([rows.hi, rows.lo]), np.tile(np.arange(among.size), 2)
        finite = np.flatnonzero((scale != 0) & among[row])
        return cls(row[finite], scale[finite], bound[finite])

    def violations(self, activity: Vector) -> Vector:
        """Return t (k,) at an activity of the rows (m,)."""
        t: Vector = self.scale * (activity[self.row] - self.bound) - FEASIBILITY_MARGIN
        return t


class Completion:
    """The minimisation of sum_k w_k h(t_k) over u within its bounds, with t_k the sides at base + C u.

    Parameters
    ----------
    C : (m, k) CSR float64
        The coefficients of the columns u.
    lb, ub : (k,) float64
        Their bounds.
    sides : RowSides
        The sides of rows with a nonzero in C.
    penalty : Penalty
        h.

    Attributes
    ----------
    products, touched : int
        The products with C, its transpose, or some of its rows since the start, and the nonzeros that they
        touched.
    """

    def __init__(self, C: sp.csr_matrix, lb: Vector, ub: Vector, sides: RowSides, penalty: Penalty) -> None:
        self.C, self.lb, self.ub, self.sides, self.penalty = C, lb, ub, sides, penalty
        self.products, self.touched = 0, 0

    def minimise(
        self, base: Vector, starts: list[Vector], weights: Vector, products: int, tolerance: float
    ) -> tuple[Vector, Vector]:
        """Return a minimiser u and the activity base + C u.

        Parameters
        ----------
        base : (m,) float64
            The activity without the columns u.
        starts : list of (k,) float64
            Points within the bounds. The first of the best of them is the start.
        weights : (sides,) float64
            w, positive.
        products : int
            The number of products after which no further step begins.
        tolerance : float
            The iteration ends when a scaled gradient step promises to reduce the sum by no more than this
            share of it.
        """
        limit = self.products + products
        value, u, activity = min((self._at(base, u, weights) for u in starts), key=lambda at: at[0])
        while self.products < limit:
            step = self._step(u, activity, weights, value, limit, tolerance)
            if step is None:
                break
            new = self._at(base, np.clip(u + step, self.lb, self.ub), weights)
            if not new[0] < value:  # the rest is rounding error
                break
            value, u, activity = new
        return u, activity

    def _at(self, base: Vector, u: Vector, weights: Vector) -> tuple[float, Vector, Vector]:
        """Return the sum at u, u, and the activity."""
        activity = base + self._product(self.C, u)
        return dot(weights, self.penalty.value(self.sides.violations(activity))), u, activity

    def _product(self, matrix: sp.csr_matrix | sp.csc_matrix, x: Vector) -> Vector:
        """Return matrix @ x and count it."""
        self.products += 1
        self.touched += matrix.nnz
        product: Vector = matrix @ x
        return product

    def _step(
        self, u: Vector, activity: Vector, weights: Vector, value: float, limit: int, tolerance: float
    ) -> Vector | None:
        """Return the next step (k,) from u, or None at a minimiser."""
        sides, C = self.sides, self.C
        t = sides.violations(activity)
        violated = np.flatnonzero(t > 0)
        if t.max(initial=0.0) <= NOISE:
            return None
        w, scale, slope = weights[violated], sides.scale[violated], self.penalty.slope(t[violated])
        V = C[sides.row[violated]]
        bend = w * scale**2 * slope / t[violated]  # of the quadratic that lies above h and touches it at t
        gradient = self._product(V.T, w * scale * slope)
        squares = sp.csr_matrix((V.data**2, V.indices, V.indptr), V.shape)
        diagonal = self._product(squares.T, bend)
        inverse = np.zeros_like(u)
        np.divide(1.0, diagonal, out=inverse, where=diagonal > 0)
        steepest = self._within(u, -inverse * gradient)
        rate = dot(gradient, steepest)
        if -rate / 2 <= tolerance * value:
            return None
        free = np.where(gradient > 0, u > self.lb, u < self.ub) & (diagonal > 0)
        newton = self._newton(V, bend, gradient, inverse, free, limit)
        shortened = (self._within(u, length * newton) for length in SHRINK)
        direction = next((e for e in shortened if dot(gradient, e) <= DESCENT * rate), steepest)
        along = sides.scale * self._product(C, direction)[sides.row]
        return self._length(t, along, weights, self._longest(u, direction)) * direction

    def _within(self, u: Vector, step: Vector) -> Vector:
        """Return the step from u to the projection of u + step onto the bounds."""
        within: Vector = np.clip(u + step, self.lb, self.ub) - u
        return within

    def _longest(self, u: Vector, direction: Vector) -> float:
        """Return the largest multiple of the direction, at least 1, that stays within the bounds."""
        moves = np.flatnonzero(direction)
        d = direction[moves]
        room = np.where(d > 0, self.ub[moves], self.lb[moves]) - u[moves]
        return max(1.0, float((room / d).min(initial=np.inf)))

    def _newton(
        self, V: sp.csr_matrix, bend: Vector, gradient: Vector, inverse: Vector, free: Mask, limit: int
    ) -> Vector:
        """Solve V'BV d = -gradient on the free columns, nearly, by preconditioned conjugate gradients.

        Both sides lie in the range of V', so that the system has a solution even where V'BV is singular.
        """
        d = np.zeros_like(gradient)
        residual = np.where(free, -gradient, 0.0)
        scaled = inverse * residual
        p, norm = scaled, dot(residual, scaled)
        least = FORCING**2 * norm
        while norm > least and self.products < limit:
            curved = self._product(V.T, bend * self._product(V, p))
            curved[~free] = 0.0
            along = dot(p, curved)
            if not along > 0:  # p lies in the null space up to rounding error
                break
            d += (norm / along) * p
            residual -= (norm / along) * curved
            scaled = inverse * residual
            last, norm = norm, dot(residual, scaled)
            p = scaled + (norm / last) * p
        return d

    def _length(self, t: Vector, along: Vector, weights: Vector, longest: float) -> float:
        """Return the minimiser over 0 <= tau <= longest of the convex function sum_k w_k h(t_k + tau r_k).

        Its derivative is piecewise linear: side k bends it by w_k c r_k^2 while 0 < t_k + tau r_k < width.
        The kinks are sorted and the derivative is summed up to the first one at which it is not negative.

        Parameters
        ----------
        t, along, weights : (sides,) float64
            t, r and w.
        longest : float
            The largest tau, possibly infinite.
        """
        slope = dot(weights * self.penalty.slope(t), along)
        moves = np.flatnonzero(along)
        t, r, weights = t[moves], along[moves], weights[moves]
        zero, full = -t / r, (self.penalty.width - t) / r
        enters, leaves = np.maximum(np.minimum(zero, full), 0.0), np.maximum(zero, full)
        bends = (enters < leaves) & (enters < longest)
        bend = (weights * self.penalty.curvature * r**2)[bends]
        tau = np.concatenate([enters[bends], leaves[bends]])
        order = np.argsort(tau, kind="stable")
        order = order[tau[order] < longest]
        tau = tau[order]
        if not tau.size:
            return longest if np.isfinite(longest) else 0.0
        curvature = np.cumsum(np.concatenate([bend, -bend])[order])
        slopes = slope + np.concatenate([[0.0], np.cumsum(curvature[:-1] * np.diff(tau))])
        k = int(np.searchsorted(np.maximum.accumulate(slopes), 0.0)) - 1  # the root lies behind kink k
        if k < 0:
            return float(tau[0])
        flat = not curvature[k] > 0
        root = np.inf if flat else float(tau[k] - slopes[k] / curvature[k])
        end = float(tau[k + 1]) if k + 1 < tau.size else longest
        return min(root, end) if np.isfinite(min(root, end)) else float(tau[k])


@LOSSES.register(
    "argmin_feasibility",
    help="mean violation of the rows by x_round's integer columns at best continuous ones",
)
class ArgminFeasibility:
    """The mean violation of the rows at y_I, x_round on the integer columns, with the best continuous ones.

        g(y_I) = min_{lb <= u <= ub} (1/m) sum_i w_i h(d_i(y_I, u) - 1e-8),

    with the normalised rows d_i in <= form, their number m and their multipliers w as in `feasibility`. With
    order 2, h(t) = relu(t)^2. With order 1, h(t) = relu(t) on the rows without continuous columns, and
    Huber's smoothing of it on the others, t^2/(2 width) for 0 <= t <= width and t - width/2 from there with
    width = 1e-3, since the minimum of a sum of relus has no gradient at a kink. It lies below the minimum of
    that sum by at most width/2 times the largest multiplier.

    By the envelope theorem the gradient in y_I is the partial gradient at the minimiser u*. The gradient in
    the continuous columns of x_round is 0: they are at most a start of the minimisation. A violation that
    continuous columns within their bounds can repair costs nothing. A model without continuous columns has
    the mean of h(t) = relu(t)^order, and with order 1 that is the loss `feasibility`.

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
        The minimisation ends when a scaled gradient step promises to reduce the sum over the rows with
        continuous columns by no more than this share of it, or when none of these rows is violated by more
        than 1e-9.

    Attributes
    ----------
    candidate : (n,) float64 or None
        The point (y_I, u*) of the last evaluation, which a caller may judge as a solution.
    completion : Completion
        The minimisation over u. It counts its matrix products in all evaluations; each evaluation takes two
        more with the whole matrix.

    Raises
    ------
    UsageError
        If order is neither 1 nor 2, products is negative, or tolerance is not positive.

    Notes
    -----
    The instance keeps u*. The next evaluation starts at it, or at the continuous columns of x_round clipped
    to their bounds if they violate less. Within the tolerance the value therefore depends on the earlier
    evaluations. It is never above the value at those continuous columns, whatever the limit of products.
    """

    def __init__(
        self, problem: Problem, order: int = 2, products: int = 100, tolerance: float = 1e-6
    ) -> None:
        if order not in (1, 2):
            raise UsageError(f"loss 'argmin_feasibility': order must be 1 or 2, got {order}")
        if products < 0:
            raise UsageError(f"loss 'argmin_feasibility': products must be at least 0, got {products}")
        if not tolerance > 0:
            raise UsageError(f"loss 'argmin_feasibility': tolerance must be positive, got {tolerance}")
        self.order, self.limit, self.tolerance = order, products, tolerance
        self.rows = Rows(problem)
        self.continuous = np.flatnonzero(~problem.integer)
        self.lb, self.ub = problem.lb[self.continuous], problem.ub[self.continuous]
        C = problem.A[:, self.continuous]
        has_u = np.diff(C.indptr) > 0
        self.open, self.closed = RowSides.of(self.rows, has_u), RowSides.of(self.rows, ~has_u)
        self.smooth = Penalty(2.0, np.inf) if order == 2 else Penalty(1 / WIDTH, WIDTH)
        self.exact = self.smooth if order == 2 else Relu()
        self.completion = Completion(C, self.lb, self.ub, self.open, self.smooth)
        self.u: Vector | None = None
        self.candidate: Vector | None = None

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_round (see `Loss`)."""
        y, rows, m = point.x_round.copy(), self.rows, self.rows.hi.size
        weights = np.ones(m) if point.weights is None else point.weights
        first = np.clip(y[self.continuous], self.lb, self.ub)
        y[self.continuous] = 0.0
        activity: Vector = rows.A @ y
        if self.open.row.size:
            starts = [first] if self.u is None else [self.u, first]
            self.u, activity = self.completion.minimise(
                activity, starts, weights[self.open.row], self.limit, self.tolerance
            )
            first = self.u
        y[self.continuous] = first
        self.candidate = y
        value, pull = 0.0, np.zeros(m)
        for sides, penalty in ((self.closed, self.exact), (self.open, self.smooth)):
            t, w = sides.violations(activity), weights[sides.row] / rows.count
            value += dot(w, penalty.value(t))
            pull += np.bincount(sides.row, w * sides.scale * penalty.slope(t), m)
        gradient: Vector = rows.At @ pull
        gradient[self.continuous] = 0.0
        return Term(value, x_round=gradient)
