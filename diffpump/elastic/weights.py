"""The weights of violations: the cost per unit by which a row or bound is violated, by patterns of names.

By default a unit of violation of any row or bound costs 1, but these bounds hold: 0 and 1 of binary columns,
and bounds that are 0 and so fix a sign.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from diffpump.core.errors import InputError, UsageError
from diffpump.core.parsed import ParsedModel
from diffpump.core.text import escaped
from diffpump.verify import exact

HOLDS = inf
"""The weight of a row or bound that must hold."""

_LARGEST = 10**12  # a larger weight would hide the others from solvers in float64
_SMALLEST = Fraction(1, 10**6)


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of all sides: a Fraction above 0, or `HOLDS`.

    Attributes
    ----------
    rows : (m,) object
        The weight of each row, for both of its sides.
    lower, upper : (n,) object
        The weights of the column bounds. Missing bounds have weights, too, which mean nothing.
    """

    rows: exact.Array
    lower: exact.Array
    upper: exact.Array

    def of(self, kind: str, index: int, side: str) -> Any:
        """Return the weight of a side of the row or column at a position."""
        if kind == "row":
            return self.rows[index]
        return (self.lower if side == "lower" else self.upper)[index]


def weights_of(model: ParsedModel, rows: Mapping[str, Any], bounds: Mapping[str, Any]) -> Weights:
    """Return the weights that patterns of names give.

    Parameters
    ----------
    model : ParsedModel
        The exact model.
    rows, bounds : mapping of str to number or text
        The weight of each row, or of both bounds of each column, whose name fits a pattern. In a pattern *
        stands for any text and ? for one character. Later patterns replace earlier ones. The weight is a
        number above 0, or "inf" for what must hold.

    Raises
    ------
    UsageError
        For a weight that is not allowed, and for a pattern that no name fits.
    """
    m, n = len(model.row_names), len(model.col_names)
    found = Weights(*(exact.objects([Fraction(1)] * size) for size in (m, n, n)))
    binary = model.integer & (model.lb == 0) & (model.ub == 1)
    found.lower[binary | (model.lb == 0)] = HOLDS
    found.upper[binary | (model.ub == 0)] = HOLDS
    for pattern, given in rows.items():
        found.rows[_fitting("row", pattern, model.row_names)] = _weight(pattern, given)
    for pattern, given in bounds.items():
        columns, weight = _fitting("column", pattern, model.col_names), _weight(pattern, given)
        found.lower[columns] = found.upper[columns] = weight
    return found


def _fitting(kind: str, pattern: str, names: list[str]) -> list[int]:
    """Return the positions of the names that fit a pattern. Raises UsageError if there are none."""
    parts = (".*" if ch == "*" else "." if ch == "?" else re.escape(ch) for ch in str(pattern))
    fits = re.compile("".join(parts), re.DOTALL).fullmatch
    found = [i for i, name in enumerate(names) if fits(name)]
    if not found:
        raise UsageError(f"the model has no {kind} whose name fits {escaped(str(pattern))!r:.80}")
    return found


def _weight(pattern: str, given: Any) -> Any:
    """Return a weight as an exact number. Raises UsageError if it is not allowed."""
    text = str(given).strip().lower()
    if text in ("inf", "infinity"):
        return HOLDS
    try:
        weight = Fraction(exact.number(text.removeprefix("+")))
    except InputError:
        weight = Fraction(-1)
    if _SMALLEST <= weight <= _LARGEST:
        return weight
    raise UsageError(
        f"the weight of {escaped(str(pattern))!r:.60} must be a number from {float(_SMALLEST):g} to "
        f"{_LARGEST:g}, or inf for what must hold, got {escaped(str(given))!r:.40}"
    )
