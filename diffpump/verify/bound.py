"""Bounds on the objective that are proven: the values of dual vectors, in exact arithmetic.

For y (m,) and d = c - A'y, every x with row_lo <= A x <= row_hi and lb <= x <= ub satisfies

    c'x  =  y'A x + d'x  >=  sum_{y_i > 0} y_i row_lo_i + sum_{y_i < 0} y_i row_hi_i
                             + sum_{d_j > 0} d_j lb_j + sum_{d_j < 0} d_j ub_j

(Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear programming", 2004; Jansson,
"Rigorous lower and upper bounds in linear programming", 2004). Every y is valid, so the floats of a solver
serve only as a hint, and the right side is evaluated on the file's numbers without rounding. The bounds of
integer columns are rounded to integers before.

The difficulty is d_j = -1e-17 instead of 0 on a column without an upper bound, which makes the right side
minus infinity. Three remedies are tried, and the largest value counts:

* Multipliers that are simple fractions up to rounding errors are replaced by these fractions.
* Missing and very large bounds are replaced by bounds that the rows imply (`diffpump.verify.implied`).
* Rational elimination changes y such that these d_j vanish exactly (`diffpump.verify.elimination`).

A multiplier that refers to an infinite side is replaced by 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd, isfinite, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.tolerances import NOISE
from diffpump.verify import exact
from diffpump.verify.elimination import SparseVector, equations_of, solved
from diffpump.verify.implied import Rows, implied_bounds, weak

# Multipliers near a multiple of 1 / 720720 become that multiple. The divisors of 720720 include 1 to 16, and
# so the denominators of many optimal multipliers.
_DENOMINATOR = 720720
_SNAP_SHARE, _SNAP = 2.0**-40, 2.0**-10  # "near" is within this share of the multiplier, and of 1 / 720720
_LARGEST_UNIT = _DENOMINATOR << 200  # denominators that divide it occur without elimination
_NEGLIGIBLE = Fraction(1, 10**12)  # a smaller loss, as a share of the bound, needs no elimination
_MAX_REPAIRS = 5  # eliminations, each of which may leave other columns with a missing bound
_MAX_WORK = 200_000  # limit on rational operations of one elimination
_MAX_BITS = 8192  # limit on the common denominator after an elimination


def proven_bound(model: ParsedModel, duals: Vector | None, tolerance: Fraction | int = 0) -> Fraction | None:
    """Return a proven bound on the objective of all feasible points.

    Parameters
    ----------
    model : ParsedModel
        The exact model of a file, or `check.exact_model(problem)`.
    duals : (m,) float64 or None
        Multipliers of the rows in the minimisation of `Problem`, as `LpResult.duals`: positive at the lower
        side of a row, for a maximisation those of the negated objective. Any vector is valid. A vector that
        has another shape or an entry that is not finite counts as None, which stands for zeros.
    tolerance : Fraction or int
        Points whose rows and bounds hold within this tolerance, and whose integer columns are integral, count
        as feasible: with 1e-6, all points that `check.prove` accepts.

    Returns
    -------
    Fraction or None
        A lower bound of a minimisation or an upper bound of a maximisation, in the model's own sense and
        with its offset. None if no bound within the range of float64 is proven.
    """
    lp = _Minimisation.of(model, Fraction(tolerance))
    if duals is None or duals.shape != model.row_lo.shape or not np.isfinite(duals).all():
        duals = np.zeros(len(model.row_lo))
    values = [lp.box()]
    if duals.any() or values[0] is None:
        values += _values(lp, lp.usable(duals))
    best = max((value for value in values if value is not None), default=None)
    if best is None:
        return None
    bound = Fraction(model.offset) + (-best if model.maximise else best)
    return bound if isfinite(exact.nearest_float(bound)) else None


@dataclass(frozen=True)
class Grid:
    """The values that an objective attains at integral points: base + k step for integers k.

    Attributes
    ----------
    base : Fraction
        One of the values.
    step : Fraction
        The distance between two of them, 0 if the objective is constant.
    maximise : bool
        Whether the model is a maximisation.
    """

    base: Fraction
    step: Fraction
    maximise: bool

    def tighten(self, bound: Fraction) -> Fraction:
        """Return the value nearest to a bound among those that it does not exclude."""
        if not self.step:
            return self.base
        steps = (bound - self.base) / self.step
        return self.base + self.step * (floor(steps) if self.maximise else ceil(steps))


def objective_grid(model: ParsedModel) -> Grid | None:
    """Return the values that the objective attains, or None if a continuous column has a cost.

    Parameters
    ----------
    model : ParsedModel
        The exact model of a file, or `check.exact_model(problem)`.
    """
    used = np.flatnonzero(model.c)
    if not model.integer[used].all():
        return None
    costs = exact.scaled(model.c[used])
    step = Fraction(gcd(*costs.ints.tolist()), costs.scale)
    return Grid(Fraction(model.offset), step, model.maximise)


class _Value(NamedTuple):
    """The value of one dual vector.

    Attributes
    ----------
    bound : Fraction or None
        The right side of the inequality of the module's docstring; None if it is minus infinity.
    loss : Fraction
        The sum of |d_j bound_j| over the suspects.
    suspects : (k,) int
        The columns whose bound is missing, and those on which it is weak and d_j is only noise.
    """

    bound: Fraction | None
    loss: Fraction
    suspects: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Minimisation:
    """The exact model as a minimisation, relaxed by the tolerance, with integer bounds of integer columns.

    Attributes
    ----------
    c, lb, ub : (n,) object
        The costs and the column bounds.
    rows, cols, values : (nnz,) int32, int32, object
        The coefficients as triplets.
    lo, hi : (m,) object
        The row sides.
    """

    c: exact.Array
    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: exact.Array
    lo: exact.Array
    hi: exact.Array
    lb: exact.Array
    ub: exact.Array

    @classmethod
    def of(cls, model: ParsedModel, tolerance: Fraction) -> _Minimisation:
        """Return the minimisation of a model."""
        lo, hi, lb, ub = model.row_lo, model.row_hi, model.lb.copy(), model.ub.copy()
        if tolerance:
            lo, hi, lb, ub = lo - tolerance, hi + tolerance, lb - tolerance, ub + tolerance
        for j in np.flatnonzero(model.integer).tolist():
            lb[j], ub[j] = _rounded(lb[j], ceil), _rounded(ub[j], floor)
        at = np.flatnonzero(model.values)  # explicit zeros are no entries
        return cls(
            -model.c if model.maximise else model.c, model.rows[at], model.cols[at], model.values[at],
            lo, hi, lb, ub,
        )  # fmt: skip

    def usable(self, y: Vector | exact.Array) -> Any:
        """Return y, floats or exact numbers, without the multipliers that refer to an infinite side."""
        return np.where(np.where(y > 0, self._priced[0], self._priced[1]), y, 0)

    def box(self) -> Fraction | None:
        """Return the minimum over the column bounds alone, None if it is infinite."""
        used = np.flatnonzero(self.c)
        bound = np.where(self.c > 0, self.lb, self.ub)[used]
        return exact.dot(self.c[used], bound) if exact.finite(bound).all() else None

    def value(self, y: exact.Array) -> _Value:
        """Return the value of y (m,), whose entries refer to finite sides."""
        multiples, unit = _multiples(y)
        d = self._reduced_costs(multiples, unit)
        used, columns = np.flatnonzero(multiples), np.flatnonzero(d.ints)
        side = np.where(multiples > 0, self.lo, self.hi)[used]
        positive = d.ints[columns] > 0
        bound = np.where(positive, self.lb[columns], self.ub[columns])
        weakly = np.flatnonzero(np.where(positive, self._weak[0][columns], self._weak[1][columns]))
        suspects, loss = columns[:0], Fraction(0)
        if weakly.size:
            at, lower = columns[weakly], positive[weakly]
            (lb, ub), own = self._implied, bound[weakly]
            bound[weakly] = np.where(
                lower, np.maximum(own, exact.numbers(lb[at])), np.minimum(own, exact.numbers(ub[at]))
            )
            suspect = self._noise(y)[at] | ~exact.finite(bound[weakly])
            suspects = at[suspect]
            if not exact.finite(bound[weakly]).all():
                return _Value(None, loss, suspects)
            loss = exact.dot(abs(d.ints[suspects]), abs(bound[weakly][suspect])) / d.scale
        total = exact.dot(multiples[used], side) / unit + exact.dot(d.ints[columns], bound) / d.scale
        return _Value(total, loss, suspects)

    def noisy(self, y: exact.Array) -> NDArray[np.intp]:
        """Return the columns with a weak bound on which d_j is only noise."""
        lb, ub = self._implied
        return np.flatnonzero(self._noise(y) & (weak(lb) | weak(ub)))

    def _noise(self, y: exact.Array) -> Mask:
        """Return on which columns d_j is only noise."""
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is no noise
            terms = self._floats.values * exact.floats(y)[self._floats.rows]
            sums, weight = (np.bincount(self.cols, t, self.c.size) for t in (terms, np.abs(terms)))
            costs = exact.floats(self.c)
            return np.asarray(np.abs(costs - sums) <= NOISE * (np.abs(costs) + weight))

    def equations(self, columns: NDArray[np.intp]) -> list[SparseVector]:
        """Return the equations d_j = 0 of these columns in (y, 1), the shortest first."""
        wanted: Mask = np.zeros(self.c.size, dtype=bool)
        wanted[columns] = True
        at, constant = np.flatnonzero(wanted[self.cols]), np.full(columns.size, self.lo.size)
        return equations_of(
            np.concatenate([columns, self.cols[at]]),
            np.concatenate([constant, self.rows[at]]),
            np.concatenate([-self.c[columns], self.values[at]]),
        )

    def _reduced_costs(self, multiples: exact.Array, unit: int) -> exact.Scaled:
        """Return c - A'y (n,) for y = multiples / unit."""
        product = exact.activities(self.cols, self.rows, self.values, multiples, self.c.size)
        costs, unit = exact.scaled(self.c), product.scale * unit
        scale = lcm(costs.scale, unit)
        return exact.Scaled(costs.ints * (scale // costs.scale) - product.ints * (scale // unit), scale)

    @cached_property
    def _priced(self) -> tuple[Mask, Mask]:
        """The finite sides (lo, hi) as masks."""
        return exact.finite(self.lo), exact.finite(self.hi)

    @cached_property
    def _bounds(self) -> tuple[Vector, Vector]:
        """The bounds (lb, ub) in floats."""
        return exact.floats(self.lb), exact.floats(self.ub)

    @cached_property
    def _weak(self) -> tuple[Mask, Mask]:
        """The weak bounds (lb, ub) as masks."""
        return weak(self._bounds[0]), weak(self._bounds[1])

    @cached_property
    def _floats(self) -> Rows:
        """The rows in floats."""
        return Rows(self.rows, self.cols, *map(exact.floats, (self.values, self.lo, self.hi)))

    @cached_property
    def _implied(self) -> tuple[Vector, Vector]:
        """The bounds (lb, ub) in floats, with weak ones replaced by implied ones."""
        return implied_bounds(self._floats, *self._bounds)


def _values(lp: _Minimisation, duals: Vector) -> Iterator[Fraction | None]:
    """Yield the values of finite multipliers, and of what elimination makes of the best of them."""
    given, snapped = exact.numbers(duals), _snapped(duals)
    tried = [(y, lp.value(y)) for y in ([given] if snapped is None else [snapped, given])]
    yield from (value.bound for _, value in tried)
    y, value = max(tried, key=lambda one: (one[1].bound is not None, one[1].bound or 0))
    columns = np.empty(0, dtype=np.intp)
    for _ in range(_MAX_REPAIRS):
        if value.bound is not None and value.loss <= _NEGLIGIBLE * abs(value.bound):
            return
        known = columns.size
        columns = np.union1d(columns if known else lp.noisy(y), value.suspects)
        if columns.size == known:
            return
        changed = solved(np.append(y, 1), lp.equations(columns), {y.size}, _MAX_WORK)
        if changed is None or _common_denominator(changed).bit_length() > _MAX_BITS:
            return
        value = lp.value(lp.usable(changed[:-1]))
        yield value.bound


def _common_denominator(values: exact.Array) -> int:
    """Return the least common denominator, or a divisor of it with more than `_MAX_BITS` bits."""
    common = 1
    for denominator in {v.denominator for v in values.tolist()}:
        common = lcm(common, denominator)
        if common.bit_length() > _MAX_BITS:
            break
    return common


def _multiples(y: exact.Array) -> tuple[exact.Array, int]:
    """Return y (m,) as multiples / unit, where most multiples are integers.

    The others are entries that elimination has changed. Their denominators are long, and `exact.activities`
    sums them separately.
    """
    ratios = [v.as_integer_ratio() for v in y.tolist()]
    unit = lcm(*{d for _, d in ratios if _LARGEST_UNIT % d == 0})
    return exact.objects(
        [k * (unit // d) if unit % d == 0 else Fraction(k * unit, d) for k, d in ratios]
    ), unit


def _snapped(duals: Vector) -> exact.Array | None:
    """Return the multipliers, those near a multiple of 1 / `_DENOMINATOR` as that; None if there are none."""
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is not near
        scaled = duals * _DENOMINATOR
        multiple = np.rint(scaled)
        error = np.abs(scaled - multiple)
        near = (error <= _SNAP) & (error <= _SNAP_SHARE * np.abs(multiple)) & (duals * 2.0**20 % 1 != 0)
    if not near.any():
        return None
    out = exact.numbers(duals)
    out[near] = [Fraction(int(k), _DENOMINATOR) for k in multiple[near].tolist()]
    return out


def _rounded(bound: Any, direction: Callable[[Any], int]) -> Any:
    """Return a finite bound rounded to an integer by `ceil` or `floor`, and an infinite one as it is."""
    return bound if isinstance(bound, float) else direction(bound)
