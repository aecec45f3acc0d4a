"""Rational elimination: a sparse vector of multipliers is changed such that sparse equations hold exactly.

The floats of a solver satisfy equations such as d_j = 0 only up to rounding. Here, each equation is solved
for one entry: among those with a large term, the one in the fewest equations. This entry becomes a
combination of entries that are solved later or not at all. Entries that are not solved keep their values, so
the change has the size of the rounding errors. `equations_on_noise` says which equations a solver means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.tolerances import NOISE
from diffpump.verify import exact

MAX_WORK = 1_000_000  # maximum number of rational operations on words of 64 bits
_WORD_BITS = 64
_PIVOT_RATIO = 100  # the largest term of an equation over the term of its pivot, at most

SparseVector = dict[int, Fraction | int]
"""A sparse vector: coefficient by index."""


def significant(y: Vector, index: NDArray[Any], coefficients: Vector) -> Mask:
    """Return which entries of y (m,) are more than rounding errors.

    The size of an entry is that of its largest term y_i a, because entries may have very different units.

    Parameters
    ----------
    y : (m,) float64
        The entries.
    index, coefficients : (nnz,) int and float64
        The entry and the coefficient of each term.
    """
    largest = np.zeros(y.size)
    np.maximum.at(largest, index, np.abs(coefficients))
    size = np.abs(y) * np.where(largest > 0, largest, 1.0)
    return np.asarray(size > NOISE * size.max(initial=0.0))


def equations_on_noise(
    group: NDArray[Any], index: NDArray[Any], coefficients: exact.Array, y: Vector, eligible: Mask
) -> list[SparseVector]:
    """Return sum a_i y_i = 0 for the eligible groups whose sum is only rounding errors, the shortest first.

    Parameters
    ----------
    group, index, coefficients : (nnz,) int, int and object
        The group, the entry of y and the coefficient of each term.
    y : (m,) float64
        The entries as a solver returned them.
    eligible : (number of groups,) bool
        The groups that may give an equation.
    """
    terms = exact.floats(coefficients) * y[index]
    sums, weight = (np.bincount(group, part, eligible.size) for part in (terms, np.abs(terms)))
    noise = eligible & (np.abs(sums) <= NOISE * weight)
    at = np.flatnonzero(noise[group] & (terms != 0))
    return equations_of(group[at], index[at], coefficients[at])


def equations_of(group: NDArray[Any], index: NDArray[Any], coefficients: exact.Array) -> list[SparseVector]:
    """Return the equation of every group that has a term, the shortest first."""
    equation_of: dict[int, SparseVector] = {}
    for j, i, a in zip(group.tolist(), index.tolist(), coefficients.tolist(), strict=True):
        equation_of.setdefault(j, {})[i] = a
    return sorted(equation_of.values(), key=len)


def solved(
    y: exact.Array,
    equations: Sequence[SparseVector],
    fixed: Collection[int] = (),
    max_work: int = MAX_WORK,
) -> exact.Array | None:
    """Return y changed such that sum_i a_i y_i = 0 holds exactly for every equation that can be solved.

    An equation cannot be solved if its terms are all zero except for those of `fixed` entries.

    Parameters
    ----------
    y : (m,) object
        The exact numbers to change. Entries that are 0 stay 0.
    equations : sequence of SparseVector
        The equations, preferably the shortest first. Their dictionaries are changed.
    fixed : collection of int
        Entries that keep their values.
    max_work : int
        The limit on rational operations, where long numbers count as several.

    Returns
    -------
    (m,) object or None
        None if the limit is exceeded.
    """
    shared = Counter(i for equation in equations for i in equation)
    pivots: list[tuple[int, SparseVector]] = []  # in the order in which they were solved
    place: dict[int, int] = {}  # by pivot, its position in `pivots`
    left = max_work
    for equation in equations:
        # A pivot's terms contain only pivots that were solved later, so substitution in that order ends.
        queue = [place[i] for i in equation if i in place]
        heapify(queue)
        while queue:
            pivot, terms = pivots[heappop(queue)]
            factor = equation.pop(pivot, 0)  # 0 if the position was queued twice
            if factor:
                left -= len(terms) * (1 + _bits(factor) // _WORD_BITS)
                if left < 0:
                    return None
                for i, a in terms.items():
                    if i in place and i not in equation:
                        heappush(queue, place[i])
                    equation[i] = equation.get(i, 0) + factor * a
        weights = {i: abs(a * y[i]) for i, a in equation.items() if a}
        left -= len(weights)
        if left < 0:
            return None
        largest = max((w for i, w in weights.items() if i not in fixed), default=0)
        choice = [i for i, w in weights.items() if w and _PIVOT_RATIO * w >= largest and i not in fixed]
        if choice:
            pivot = min(choice, key=lambda i: shared[i])
            divisor = Fraction(equation[pivot])
            place[pivot] = len(pivots)
            pivots.append((pivot, {i: -equation[i] / divisor for i in weights if i != pivot}))
    changed = y.copy()
    for pivot, terms in reversed(pivots):
        changed[pivot] = sum((a * changed[i] for i, a in terms.items()), Fraction(0))
    return changed


def _bits(value: Fraction | int) -> int:
    """Return the number of bits of numerator and denominator."""
    return value.numerator.bit_length() + value.denominator.bit_length()
