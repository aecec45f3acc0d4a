"""Numbers as tables print them, and the table itself: plain values that both renderers draw.

Three significant digits for what was measured, all digits for what was counted; an en dash for what is not
known, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NONE = "–"


@dataclass(frozen=True)
class Table:
    """A table with its title; the first column is text, the others are numbers unless they are in `texts`.
    `notes` say what the columns are."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    texts: Sequence[int] = (0,)


def measured(value: float, unit: str = "") -> str:
    """Three significant digits, no exponent within reason.

    >>> [measured(v) for v in (0.01234, 1.234, 123.4, 12345.6)]
    ['0.0123', '1.23', '123', '12346']
    """
    if not math.isfinite(value):
        return NONE
    size = abs(float(f"{value:.3g}"))  # 99.99 is 100
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.2e}{unit}"
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    return f"{value:.{decimals if size else 0}f}{unit}"


def counted(value: float) -> str:
    """A whole number; a sum or a median of such may end in a half."""
    return NONE if not math.isfinite(value) else f"{value:.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """A share in per cent, without the sign (heads carry the unit): 0.034 is `3.4`."""
    return NONE if not math.isfinite(share) else f"{100 * share:.1f}"


def p_value(p: float) -> str:
    """Three decimals."""
    return NONE if not math.isfinite(p) else "< 0.001" if p < 0.001 else f"{p:.3f}"


def objective(value: float) -> str:
    """Up to ten significant digits, as in the solver's own report."""
    return NONE if not math.isfinite(value) else f"{value:.10g}"


def many(n: int, noun: str) -> str:
    """A count with its noun: `1 run`, `2 runs`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def several(values: Iterable[object], most: int = 6, comma: str = ", ") -> str:
    """A list in words, cut where it is long."""
    texts = [str(value) for value in values]
    more = f"{comma}... ({len(texts)} in all)" if len(texts) > most else ""
    return comma.join(texts[:most]) + more


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers, runs of three and more as a range.

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
