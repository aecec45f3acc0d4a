"""Rows and bounds that contradict each other, of which none can be left out, in exact arithmetic.

A dual ray with multipliers y and d = A'y (`diffpump.verify.farkas`) names k members: one side of each row
with y_i != 0, and one bound of each column with d_j != 0. Written as g'x >= h, they have multipliers u > 0
with sum u g = 0 and sum u h > 0, so that no x satisfies all of them.

The members are irreducible, which means that some x satisfies them whenever any one is left out, if and only
if the k vectors g have rank k - 1 (van Loon, "Irreducibly inconsistent systems of linear inequalities", 1981;
Gleeson and Ryan, "Identifying minimally infeasible subsystems of inequalities", 1990): the vectors of fewer
members are then independent, and equations with independent left sides always have a solution. The rank is
computed modulo a prime, which never exceeds the rank in rationals, and k - 1 is the largest possible one. So
one elimination proves for all members at once that each is necessary, without an LP for each.

If the rank is smaller, there is a second vector v with sum v g = 0, found by rational elimination. Then
u + t v with a suitable t has a member less and still proves the contradiction, and the rank is asked again.

Two contradictions of integrality alone are found without a ray: no integer lies between the bounds of a
column, and no multiple of the common divisor of a row's coefficients lies between its sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import ceil, floor, gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.tolerances import NOISE
from diffpump.verify import exact
from diffpump.verify.check import CHECK_TOL, empty_column
from diffpump.verify.elimination import SparseVector, equations_of, solved
from diffpump.verify.farkas import Rows, candidates, contradicts, exact_rows, support_of

_PRIME = 2**61 - 1
_NOISE_LEVELS = 1e-14, 1e-12, NOISE  # sizes of rounding errors, relative to the terms of a sum


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Member:
    """A side of a row or a bound of a column that is part of a contradiction.

    Attributes
    ----------
    kind : {"row", "column"}
        What has this side.
    name : str
        The name of the row or column.
    side : {"lower", "upper"}
        The side.
    value : int or Fraction
        The number of this side.
    multiplier : Fraction
        Its factor in the contradiction, above 0; the largest one is 1.
    """

    kind: str
    name: str
    side: str
    value: Any
    multiplier: Fraction


@dataclass(frozen=True)
class Conflict:
    """Members that contradict each other, proven exactly on the model's own numbers.

    Attributes
    ----------
    members : tuple of Member
        The members, rows before columns.
    irreducible : bool
        Whether it is proven that each member is necessary.
    integer : bool
        Whether the contradiction needs integrality (`integer_conflict`).
    """

    members: tuple[Member, ...]
    irreducible: bool
    integer: bool = False


def conflict(model: ParsedModel, ray: Vector, stop: Callable[[], bool] = _never) -> Conflict | None:
    """Return the contradiction that a dual ray proves, reduced as far as possible, or None if it proves none.

    Parameters
    ----------
    model : ParsedModel
        The exact model, whose integrality is ignored.
    ray : (m,) float64
        The multipliers of the rows as a solver returned them, of either sign.
    stop : callable
        Polled during eliminations. Once it returns True, the contradiction stays as it is.
    """
    if ray.shape != model.row_lo.shape or not np.isfinite(ray).all():
        return None
    support = support_of(model, ray)
    rows = exact_rows(model, support)
    hints = (ray[support], -ray[support])
    proven = (
        y
        for hint in hints
        for y in (*_without_noise(rows, hint), *candidates(rows, hint, rows.unbounded))
        if contradicts(rows, y)
    )
    y = next(proven, None)
    if y is None:
        return None
    while True:
        columns = _columns(rows, y)
        parts = _parts(rows, y, columns)
        members = _members(model, support, rows, y, columns)
        try:
            if len(_relations(_modulo(parts), stop, _PRIME)) == 1:
                return Conflict(members, irreducible=True)
            relations = _relations(parts, stop)
        except _Stopped:
            return Conflict(members, irreducible=False)
        if len(relations) == 1:
            return Conflict(members, irreducible=True)
        # The row that ended one relation is in none of the others, so that none is a multiple of y.
        y = _shrunk(rows, y, columns, relations[0])


def integer_conflict(model: ParsedModel) -> Conflict | None:
    """Return the sides of a column or row that integrality alone contradicts within 1e-6, or None.

    No integer lies between the bounds of an integer column, or no multiple of g between the sides of a row,
    where all columns of the row are integer and g is the greatest common divisor of its coefficients.

    Parameters
    ----------
    model : ParsedModel
        The exact model.
    """
    if (name := empty_column(model)) is not None:
        j = model.col_names.index(name)
        return _between("column", name, model.lb[j], model.ub[j])
    kept = np.flatnonzero(model.values)
    order = kept[np.argsort(model.rows[kept], kind="stable")]
    begins = np.searchsorted(model.rows[order], np.arange(len(model.row_names) + 1)).tolist()
    two_sided = exact.finite(model.row_lo) & exact.finite(model.row_hi)
    for i in np.flatnonzero(two_sided & (np.diff(begins) > 0)).tolist():
        entries = order[begins[i] : begins[i + 1]]
        if not model.integer[model.cols[entries]].all():
            continue
        coefficients = exact.scaled(model.values[entries])
        step = Fraction(gcd(*coefficients.ints.tolist()), coefficients.scale)
        lo, hi = model.row_lo[i], model.row_hi[i]
        if ceil((lo - CHECK_TOL) / step) > floor((hi + CHECK_TOL) / step):
            return _between("row", model.row_names[i], lo, hi)
    return None


def _between(kind: str, name: str, lo: Any, hi: Any) -> Conflict:
    """Return the contradiction of the two sides of one row or column."""
    sides = (("lower", lo), ("upper", hi))
    members = tuple(Member(kind, name, side, value, Fraction(1)) for side, value in sides)
    return Conflict(members, irreducible=True, integer=True)


def _without_noise(rows: Rows, y: Vector) -> Iterator[exact.Array]:
    """Yield y changed such that d_j vanishes exactly on all columns where it is only rounding errors, if any.

    Otherwise the bounds of these columns would be members. The smallest errors come first: the d_j of basic
    columns are zero, and once they leave y no freedom but its scale, the others are kept as they are.
    """
    y = np.where(exact.finite(np.where(y > 0, rows.lo, rows.hi)), y, 0.0)
    if not y.any():
        return
    terms = exact.floats(rows.values) * y[rows.rows]
    sums, weight = (np.bincount(rows.cols, part, rows.lb.size) for part in (terms, np.abs(terms)))
    errors = np.abs(sums) / np.where(weight > 0, weight, 1.0)
    equations: list[SparseVector] = []
    for least, most in pairwise((-1.0, *_NOISE_LEVELS)):
        at = np.flatnonzero(((errors > least) & (errors <= most))[rows.cols] & (terms != 0))
        equations += equations_of(rows.cols[at], rows.rows[at], rows.values[at])
    repaired = solved(exact.numbers(y), equations, {int(np.abs(y).argmax())})
    if repaired is not None:
        yield repaired


def _columns(rows: Rows, y: exact.Array) -> dict[int, Fraction]:
    """Return the nonzero entries of d = A'y by column."""
    d = exact.activities(rows.cols, rows.rows, rows.values, y, rows.lb.size)
    return {j: Fraction(d.ints[j], d.scale) for j in np.flatnonzero(d.ints).tolist()}


def _parts(rows: Rows, y: exact.Array, columns: dict[int, Fraction]) -> dict[int, SparseVector]:
    """Return each row with y_i != 0 without the columns whose bounds are members.

    The vectors g have rank k - 1 if these parts have one less than their number.
    """
    parts: dict[int, SparseVector] = {i: {} for i in np.flatnonzero(y).tolist()}
    for i, j, a in zip(rows.rows.tolist(), rows.cols.tolist(), rows.values.tolist(), strict=True):
        if i in parts and j not in columns and a:
            parts[i][j] = a
    return parts


def _modulo(parts: dict[int, SparseVector]) -> dict[int, SparseVector]:
    """Return multiples of the vectors with integers, modulo the prime."""
    out: dict[int, SparseVector] = {}
    for i, part in parts.items():
        scale = lcm(*(a.denominator for a in part.values()))
        whole = {j: int(a * scale) % _PRIME for j, a in part.items()}
        out[i] = {j: a for j, a in whole.items() if a}
    return out


class _Stopped(Exception):  # not an error
    """An elimination was stopped."""


def _relations(
    vectors: dict[int, SparseVector], stop: Callable[[], bool], prime: int = 0
) -> list[SparseVector]:
    """Return a basis of the combinations of vectors that vanish.

    Parameters
    ----------
    vectors : dict of int to SparseVector
        The vectors by number.
    stop : callable
        Polled during the elimination.
    prime : int
        If not 0, the arithmetic is that modulo this prime, and the combinations are left empty.

    Raises
    ------
    _Stopped
        If `stop` returns True.
    """
    shared = Counter(j for vector in vectors.values() for j in vector)
    pivots: list[tuple[int, SparseVector, SparseVector]] = []  # an entry, the others, and the combination
    place: dict[int, int] = {}  # by pivot, its position in `pivots`
    found: list[SparseVector] = []
    for i, given in sorted(vectors.items(), key=lambda item: len(item[1])):
        vector: SparseVector = dict(given)
        combination: SparseVector = {} if prime else {i: Fraction(1)}
        queue = [place[j] for j in vector if j in place]
        heapify(queue)
        while queue:  # a pivot's vector has only pivots that came later
            pivot, others, source = pivots[heappop(queue)]
            factor = vector.pop(pivot, 0)
            if not factor:
                continue
            if stop():
                raise _Stopped
            for j in _subtract(vector, factor, others, prime):
                if j in place:
                    heappush(queue, place[j])
            _subtract(combination, factor, source, prime)
        if not vector:
            found.append(combination)
            continue
        pivot = min(vector, key=shared.__getitem__)
        leading = Fraction(vector.pop(pivot))
        inverse = pow(leading.numerator, -1, prime) if prime else 1 / leading
        place[pivot] = len(pivots)
        pivots.append((pivot, _times(inverse, vector, prime), _times(inverse, combination, prime)))
    return found


def _subtract(vector: SparseVector, factor: Any, other: SparseVector, prime: int) -> list[int]:
    """Subtract a multiple of another vector in place, and return the entries that were zero before."""
    new = []
    for j, a in other.items():
        value = vector.get(j, 0) - factor * a
        if prime:
            value %= prime
        if not value:
            vector.pop(j, None)
            continue
        if j not in vector:
            new.append(j)
        vector[j] = value
    return new


def _times(factor: Any, vector: SparseVector, prime: int) -> SparseVector:
    return {j: factor * a % prime if prime else factor * a for j, a in vector.items()}


def _shrunk(rows: Rows, y: exact.Array, columns: dict[int, Fraction], relation: SparseVector) -> exact.Array:
    """Return multipliers with fewer members that still prove the contradiction.

    Parameters
    ----------
    rows, y, columns
        The rows, their multipliers, and d = A'y.
    relation : SparseVector
        z, not a multiple of y, with y_i != 0 wherever z_i != 0 and (A'z)_j = 0 wherever d_j = 0.
    """
    z = exact.objects([0] * y.size)
    for i, a in relation.items():
        z[i] = a
    others = _columns(rows, z)
    used = np.flatnonzero(y)
    at = np.array(list(columns), dtype=np.intp)
    d, e = exact.objects(list(columns.values())), exact.objects([others.get(j, 0) for j in columns])
    side, bound = np.where(y > 0, rows.lo, rows.hi)[used], np.where(d > 0, rows.ub[at], rows.lb[at])
    u = np.concatenate([abs(y[used]), abs(d)])
    v = np.concatenate([np.where(y > 0, z, -z)[used], np.where(d > 0, e, -e)])

    def gap(y: exact.Array, d: exact.Array) -> Fraction:
        """Return the left side of the contradiction minus the right one."""
        return exact.dot(y[used], side) - exact.dot(d, bound)

    if gap(z, e) < 0:
        z, v, e = -z, -v, -e
    if (v < 0).any():  # the left side of y + t z is no smaller
        steps = [a / Fraction(-b) for a, b in zip(u.tolist(), v.tolist(), strict=True) if b < 0]
        shrunk: exact.Array = y + min(steps) * z
        return shrunk
    steps = [a / Fraction(b) for a, b in zip(u.tolist(), v.tolist(), strict=True) if b > 0]
    t = min(steps)
    shrunk = y - t * z
    if gap(shrunk, d - t * e) <= 0:  # then z minus a multiple of y has a larger gap than y has
        shrunk = z - (Fraction(0) if (v == 0).any() else 1 / max(steps)) * y
    return shrunk


def _members(
    model: ParsedModel, support: NDArray[np.intp], rows: Rows, y: exact.Array, columns: dict[int, Fraction]
) -> tuple[Member, ...]:
    """Return the sides and bounds with their multipliers."""
    found = []
    for i in np.flatnonzero(y).tolist():
        side, value = ("lower", rows.lo[i]) if y[i] > 0 else ("upper", rows.hi[i])
        found.append(Member("row", model.row_names[support[i]], side, value, abs(Fraction(y[i]))))
    for j, d in columns.items():
        side, value = ("upper", rows.ub[j]) if d > 0 else ("lower", rows.lb[j])
        found.append(Member("column", model.col_names[j], side, value, abs(d)))
    largest = max(one.multiplier for one in found)
    return tuple(replace(one, multiplier=one.multiplier / largest) for one in found)
