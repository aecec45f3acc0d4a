"""All rows and bounds that a point violates, with the exact amounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from diffpump.core.parsed import ParsedModel
from diffpump.verify import exact


@dataclass(frozen=True)
class Breach:
    """A side of a row or a bound of a column that a point violates.

    Attributes
    ----------
    kind : {"row", "column"}
        What has this side.
    index : int
        Its position among the rows or columns.
    name : str
        Its name.
    side : {"lower", "upper"}
        The side.
    given : int or Fraction
        The number of this side in the model.
    value : Fraction
        The activity of the row or the value of the column, which the side would have to be.
    """

    kind: str
    index: int
    name: str
    side: str
    given: Any
    value: Fraction

    @property
    def amount(self) -> Fraction:
        """The violation |value - given|, above 0."""
        return abs(self.value - Fraction(self.given))


def violations(model: ParsedModel, x: exact.Array) -> list[Breach]:
    """Return all sides that a point violates, rows first, in the order of the model.

    Parameters
    ----------
    model : ParsedModel
        The exact model, whose integrality is not examined.
    x : (n,) object
        The point in exact numbers.
    """
    rows = exact.activities(model.rows, model.cols, model.values, x, len(model.row_names))
    return [
        *_breaches("row", rows, model.row_lo, model.row_hi, model.row_names),
        *_breaches("column", exact.scaled(x), model.lb, model.ub, model.col_names),
    ]


def _breaches(
    kind: str, at: exact.Scaled, lo: exact.Array, hi: exact.Array, names: list[str]
) -> Iterator[Breach]:
    for i in np.flatnonzero(exact.excess(at, lo, hi).ints).tolist():
        value = Fraction(at.ints[i], at.scale)
        side, given = ("lower", lo[i]) if value < lo[i] else ("upper", hi[i])
        yield Breach(kind, i, names[i], side, given, value)
