"""Numbers as texts, and the table: plain values for both renderings.

Measured numbers have three significant digits, counted numbers all digits. A number that is not known is an
en dash, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NONE = "–"  # in place of a number that is not known


@dataclass(frozen=True)
class Table:
    """A table with its title.

    name    an identifier
    head    the column heads
    rows    of cells
    notes   sentences that explain the columns
    texts   the columns that are texts; the others are numbers
    """

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    texts: Sequence[int] = (0,)


def measured(value: float, unit: str = "") -> str:
    """Return a number with three significant digits, with an exponent from 1e9 on and below 1e-4.

    >>> [measured(v) for v in (0.01234, 1.234, 123.4, 12345.6)]
    ['0.0123', '1.23', '123', '12346']
    """
    if not math.isfinite(value):
        return NONE
    size = abs(float(f"{value:.3g}"))  # 99.99 is printed as 100
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.2e}{unit}"
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    return f"{value:.{decimals if size else 0}f}{unit}"


def counted(value: float) -> str:
    """Return a count as text; the median of counts may end in .5."""
    return NONE if not math.isfinite(value) else f"{value:.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """Return a share in per cent without the sign, which the head of a column has: 0.034 is "3.4"."""
    return NONE if not math.isfinite(share) else f"{100 * share:.1f}"


def p_value(p: float) -> str:
    """Return a p value with three decimals."""
    return NONE if not math.isfinite(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def objective(value: float) -> str:
    """Return an objective with up to ten significant digits, as in the report of `diffpump solve`."""
    return NONE if not math.isfinite(value) else f"{value:.10g}"


def with_noun(n: int, noun: str) -> str:
    """Return a count with its noun: "1 run", "2 runs"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def joined(values: Iterable[object], most: int = 6, separator: str = ", ") -> str:
    """Return the first `most` values as a list, and the number of all if there are more."""
    texts = [str(value) for value in values]
    more = f"{separator}... ({len(texts)} in all)" if len(texts) > most else ""
    return separator.join(texts[:most]) + more


def ranges(numbers: Iterable[int]) -> str:
    """Return integers as a list in which three or more consecutive ones form a range.

    >>> ranges([3, 0, 1, 2, 7])
    '0–3, 7'
    """
    out: list[list[int]] = []
    for value in sorted(set(numbers)):
        if out and value == out[-1][-1] + 1:
            out[-1].append(value)
        else:
            out.append([value])
    parts = (f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in out)
    return ", ".join(parts)
