"""Exact rational arithmetic on arrays: integers over one common denominator.

A vector of rationals v is represented as v = k / s, with integers k and one common denominator s. Sums of
products of such vectors need no fractions. They are computed in int64 if a bound on every partial sum proves
that no overflow is possible, and in Python integers (object arrays) otherwise. No function here rounds.
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
# Characters of a number. No double needs more, and a number such as 1e999999999 must not be built; `_DECIMAL`
# therefore allows three digits in an exponent.
_MAX_NUMBER_LENGTH = 400
INFINITY = 10**20
"""A number in a file of this magnitude or more means infinity."""


class Scaled(NamedTuple):
    """The rationals `ints / scale`; `ints` is an object array of Python integers."""

    ints: Array
    scale: int


def number(text: str) -> Fraction | int:
    """Return the rational that a decimal text denotes (0.1 is 1/10).

    Raises InputError if the text is not a number, or if its magnitude is 1e20 or more.
    """
    if len(text) < 18 and text.isascii() and text.isdigit():
        return int(text)
    if text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise InputError(f"the value {text} is not finite")
    if len(text) > _MAX_NUMBER_LENGTH or not _DECIMAL.fullmatch(text):
        raise InputError(f"{text[:40]!r} is not a number")
    value = Fraction(text)
    if abs(value) >= INFINITY:
        raise InputError(f"the value {text[:40]} means infinity")
    return value


def numbers(values: NDArray[np.float64], decimal: bool = False) -> Array:
    """Return floats as exact numbers, with one object per distinct value. Infinities stay floats.

    values     of any shape (k,)
    decimal    whether a float stands for the shortest decimal that reads back as it (0.1 is 1/10), not for
               its binary value
    """
    distinct, index = np.unique(values, return_inverse=True)
    table = [
        v if isinf(v) else int(v) if v.is_integer() else Fraction(repr(v) if decimal else v)
        for v in distinct.tolist()
    ]
    return objects(table)[index]


def objects(values: Sequence[Any]) -> Array:
    """Return the values as an object array (k,). `np.array` would convert some of them to floats."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def scaled(values: Array) -> Scaled:
    """Return finite exact numbers over their least common denominator.

    An entry is an int, a Fraction, or a float, which stands for its binary value. Each distinct object is
    converted only once, since a model repeats a few objects many times.
    """
    items = values.tolist()
    ratios = {key: v.as_integer_ratio() for key, v in {id(v): v for v in items}.items()}
    scale = lcm(*{d for _, d in ratios.values()})
    ints = {key: k * (scale // d) for key, (k, d) in ratios.items()}
    return Scaled(objects([ints[id(v)] for v in items]), scale)


def nearest_float(value: Any) -> float:
    """Return the nearest float, or an infinity if the value is out of range."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def floats(values: Array) -> NDArray[np.float64]:
    """Return exact numbers as floats (see `nearest_float`). Each distinct object is converted only once."""
    items = values.tolist()
    table = {key: nearest_float(v) for key, v in {id(v): v for v in items}.items()}
    return np.fromiter((table[id(v)] for v in items), np.float64, len(items))


def finite(values: Array) -> NDArray[np.bool_]:
    """Return the mask of the finite bounds. Infinite bounds are float infinities."""
    return np.fromiter((not (type(v) is float and isinf(v)) for v in values.tolist()), bool, len(values))


def sums(group: NDArray[np.int32], a: Array, b: Array, size: int) -> Array:
    """Return s (size,), s_g = sum of a_k b_k over all k with group_k = g, for int64 or Python integers."""
    largest = _largest(a) * _largest(b)
    if largest * a.size < 2**63 and a.dtype == b.dtype == np.int64:  # no product or partial sum can overflow
        out: Array = np.zeros(size, dtype=np.int64)
        np.add.at(out, group, a * b)
        return out.astype(object)
    out = objects([0] * size)
    np.add.at(out, group, a.astype(object) * b.astype(object))
    return out


def dot(a: Array, b: Array) -> Fraction:
    """Return the sum of a_k b_k for finite exact numbers."""
    left, right = scaled(a), scaled(b)
    return Fraction(sum((left.ints * right.ints).tolist()), left.scale * right.scale)


def _narrow(ints: Array) -> Array:
    """Convert Python integers to int64 if all of them fit."""
    try:
        return ints.astype(np.int64)
    except OverflowError:
        return ints


def _largest(ints: Array) -> int:
    """Return the largest absolute value, 0 for an empty array."""
    return max(int(ints.max(initial=0)), -int(ints.min(initial=0)))


def activities(rows: NDArray[np.int32], cols: NDArray[np.int32], values: Array, x: Array, m: int) -> Scaled:
    """Return A x (m,) for the triplets (rows, cols, values) of A and the exact point x (n,).

    Coefficients of columns with x_j = 0 are skipped. The products with integral entries of x are summed
    separately from those with fractional entries, so that a few long decimals do not slow down the others.
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
    """Return max(lo_i - v_i, v_i - hi_i, 0) for each i, where infinite sides are ignored."""
    below, above = np.flatnonzero(finite(lo)), np.flatnonzero(finite(hi))
    sides = scaled(np.concatenate([lo[below], hi[above]]))
    at = v.ints * sides.scale
    limit = sides.ints * v.scale
    out = objects([0] * len(lo))
    out[below] = np.maximum(out[below], limit[: below.size] - at[below])
    out[above] = np.maximum(out[above], at[above] - limit[below.size :])
    return Scaled(out, v.scale * sides.scale)
