"""Exact rational arithmetic on arrays: integers over one common denominator.

A vector of rationals v is kept as integers k and one scale s, v = k / s. Sums of products of such
vectors need no fractions: they run in int64 when a bound on every partial sum proves that nothing
can overflow, and in Python integers (object arrays) otherwise. Nothing here rounds, ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import isinf, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError

Array = NDArray[Any]
"""An object array of exact numbers (int or Fraction; infinite bounds are float infinities)."""


_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_DIGITS = 400  # of one number: no double needs more, and 1e999999999 must not be built
INFINITY = 10**20
"""From here on a number in a file means infinity."""


class Scaled(NamedTuple):
    """The rationals `ints / scale`; `ints` is an object array of Python integers."""

    ints: Array
    scale: int


def number(text: str) -> Fraction | int:
    """The rational that a decimal text denotes (0.1 is 1/10). Raises InputError unless it is finite."""
    if len(text) < 18 and text.isascii() and text.isdigit():
        return int(text)
    if text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise InputError(f"the value {text} is not finite")
    if len(text) > _DIGITS or not _DECIMAL.fullmatch(text):
        raise InputError(f"{text[:40]!r} is not a number")
    value = Fraction(text)
    if abs(value) >= INFINITY:
        raise InputError(f"the value {text[:40]} means infinity")
    return value


def numbers(values: NDArray[np.float64], decimal: bool = False) -> Array:
    """Floats as exact numbers, one object for each distinct value; infinities stay floats.

    decimal: take each float for the shortest decimal that denotes it (0.1 is 1/10), not for its binary value.
    """
    distinct, index = np.unique(values, return_inverse=True)
    table = [
        v if isinf(v) else int(v) if v.is_integer() else Fraction(repr(v) if decimal else v)
        for v in distinct.tolist()
    ]
    return objects(table)[index]


def objects(values: Sequence[Any]) -> Array:
    """The values as a one-dimensional object array (numpy alone would turn some of them into floats)."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def scaled(values: Array) -> Scaled:
    """Finite exact numbers (int, Fraction, or float taken at its binary value) over their common denominator.

    Models repeat the same few objects, so each distinct one is converted once.
    """
    items = values.tolist()
    ratios = {key: v.as_integer_ratio() for key, v in {id(v): v for v in items}.items()}
    scale = lcm(*{d for _, d in ratios.values()})
    ints = {key: k * (scale // d) for key, (k, d) in ratios.items()}
    return Scaled(objects([ints[id(v)] for v in items]), scale)


def finite(values: Array) -> NDArray[np.bool_]:
    """True where a bound is a number; the infinite ones are float infinities."""
    return np.fromiter((not (type(v) is float and isinf(v)) for v in values.tolist()), bool, len(values))


def sums(group: NDArray[np.int32], a: Array, b: Array, size: int) -> Array:
    """s (size,), s_g = sum of a_k b_k over the k with group_k = g, for int64 arrays or Python integers."""
    largest = _largest(a) * _largest(b)
    if largest * a.size < 2**63 and a.dtype == b.dtype == np.int64:  # no product or partial sum can overflow
        out: Array = np.zeros(size, dtype=np.int64)
        np.add.at(out, group, a * b)
        return out.astype(object)
    out = objects([0] * size)
    np.add.at(out, group, a.astype(object) * b.astype(object))
    return out


def dot(a: Array, b: Array) -> Fraction:
    """sum of a_k b_k for finite exact numbers."""
    left, right = scaled(a), scaled(b)
    return Fraction(sum((left.ints * right.ints).tolist()), left.scale * right.scale)


def _narrow(ints: Array) -> Array:
    """Python integers as int64 if they all fit."""
    try:
        return ints.astype(np.int64)
    except OverflowError:
        return ints


def _largest(ints: Array) -> int:
    """The largest absolute value."""
    return max(int(ints.max(initial=0)), -int(ints.min(initial=0)))


def activities(rows: NDArray[np.int32], cols: NDArray[np.int32], values: Array, x: Array, m: int) -> Scaled:
    """A x (m,) for the triplets (rows, cols, values) of A and the exact point x (n,).

    Coefficients that meet a zero are never touched, and products with whole entries of x are summed
    apart from those with fractional ones, so that a few long decimals do not slow down the rest.
    """
    entries = x.tolist()
    numerators = objects([v.numerator for v in entries])
    whole = np.array([v.denominator == 1 for v in entries], dtype=bool)
    at = np.flatnonzero((numerators != 0)[cols])
    rows, cols, a, point = rows[at], cols[at], scaled(values[at]), scaled(x)
    coefficients = _narrow(a.ints)
    total = objects([0] * m)
    for columns, factor, unit in ((whole, numerators, point.scale), (~whole, point.ints, 1)):
        part = columns[cols]
        factor = _narrow(np.where(columns, factor, 0))
        total += sums(rows[part], coefficients[part], factor[cols[part]], m) * unit
    return Scaled(total, a.scale * point.scale)


def excess(v: Scaled, lo: Array, hi: Array) -> Scaled:
    """How far each v_i lies outside [lo_i, hi_i]; zero inside. Infinite sides never bind."""
    below, above = np.flatnonzero(finite(lo)), np.flatnonzero(finite(hi))
    sides = scaled(np.concatenate([lo[below], hi[above]]))
    at = v.ints * sides.scale
    limit = sides.ints * v.scale
    out = objects([0] * len(lo))
    out[below] = np.maximum(out[below], limit[: below.size] - at[below])
    out[above] = np.maximum(out[above], at[above] - limit[below.size :])
    return Scaled(out, v.scale * sides.scale)
