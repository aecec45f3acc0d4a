"""RHS, RANGES and BOUNDS of an MPS file: what is given for some rows and columns.

As in COLUMNS, a chunk of lines of the usual kind is read at once, and any other line by line.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.io.mps_columns import DROPPED, MARKER, OBJECTIVE
from diffpump.io.mps_layout import Block, Lines
from diffpump.io.numbers import Numbers, show

Given = dict[int, tuple[int, int]]  # row or column -> code of its number, and its line

_VALUED = (b"UP", b"LO", b"FX", b"LI", b"UI")
_KINDS = (*_VALUED, b"FR", b"MI", b"PL", b"BV")
_LOWER, _UPPER = (b"LO", b"LI", b"FX"), (b"UP", b"UI", b"FX")
_INTEGER = (b"BV", b"LI", b"UI")


class Vector:
    """RHS or RANGES: an optional set name, then one or two pairs of row and number."""

    def __init__(self, name: str, rows: dict[bytes, int], numbers: Numbers) -> None:
        self.name, self.rows, self.numbers = name, rows, numbers
        self.label: bytes | None = None
        self.given: Given = {}

    def bulk(self, lines: Block, number: int) -> bool:
        """Read lines, the first of which has that number; False, with nothing changed, if one is unusual."""
        if not ((lines.counts == 3) | (lines.counts == 5)).all():
            return False
        labels = set(lines.field(0))
        two = lines.counts == 5
        at = np.concatenate([lines.line, lines.line[two]]) + number
        try:
            rows = [self.rows[name] for name in chain(lines.field(1), lines.field(3, two))]
            values = [self.numbers[token] for token in chain(lines.field(2), lines.field(4, two))]
        except (KeyError, ValueError):
            return False
        new = dict(zip(rows, zip(values, at.tolist(), strict=True), strict=True))
        if (
            len(labels | {self.label} - {None}) > 1
            or len(new) < len(rows)
            or min(rows) < OBJECTIVE + (self.name == "RANGES")
            or not self.given.keys().isdisjoint(new)
        ):
            return False
        self.label = labels.pop()
        self.given.update(new)
        return True

    def by_line(self, lines: Lines) -> None:
        """Read lines one at a time, refusing with the line's number."""
        for number, fields in lines:
            if not 2 <= len(fields) <= 5:
                raise InputError(
                    f"expected one or two entries of {self.name}, got {len(fields)} field(s)", None, number
                )
            odd = len(fields) & 1
            label = fields[0] if odd else b""
            if label != self.label:
                if self.label is not None:
                    raise InputError(f"a second {self.name} set '{show(label)}'", None, number)
                self.label = label
            for k in range(odd, len(fields), 2):
                row = self.rows.get(fields[k], MARKER)
                if row < 0 and (row == MARKER or (row == OBJECTIVE and self.name == "RANGES")):
                    what = "unknown row" if row == MARKER else "a range on the objective"
                    raise InputError(f"{what} '{show(fields[k])}'", None, number)
                if row in self.given and row != DROPPED:
                    raise InputError(f"second {self.name} entry of row '{show(fields[k])}'", None, number)
                self.given[row] = self.numbers.at(fields[k + 1], number), number


class Bounds:
    """BOUNDS: a type, an optional set name, a column, and for some types a number."""

    def __init__(self, index: dict[bytes, int], integer: list[bool], numbers: Numbers) -> None:
        self.index, self.integer, self.numbers = index, integer, numbers
        self.label: bytes | None = None
        self.lower: Given = {}
        self.upper: Given = {}
        self.limits: dict[bytes, int] = {}  # by token: most columns have the same ones

    def bulk(self, lines: Block, number: int) -> bool:
        """Read lines, the first of which has that number; False, with nothing changed, if one is unusual."""
        if lines.counts.min() < 3 or lines.counts.max() > 4:
            return False
        kinds, labels = lines.field(0), set(lines.field(1))
        kind = np.array(kinds, "S3")
        if not set(kinds) <= set(_KINDS) or ((lines.counts == 4) != np.isin(kind, _VALUED)).any():
            return False
        try:
            cols = np.array([self.index[name] for name in lines.field(2)])
            tokens = lines.field(3, lines.counts == 4)
            for token in set(tokens) - self.limits.keys():
                self.limits[token] = self._limit(token, 0)
        except (KeyError, InputError):
            return False
        numbers, value = self.numbers, np.zeros(cols.size, np.int32)
        value[lines.counts == 4] = [self.limits[token] for token in tokens]
        at = lines.line + number
        sides: list[Given] = []
        for kinds_of, wrong, given, free, own in (
            (_LOWER, numbers.inf, self.lower, (b"FR", b"MI"), (numbers.minus_inf, numbers.zero)),
            (_UPPER, numbers.minus_inf, self.upper, (b"FR", b"PL"), (numbers.inf, numbers.one)),
        ):
            side = value.copy()
            side[np.isin(kind, free)], side[kind == b"BV"] = own
            of = np.flatnonzero(np.isin(kind, (*kinds_of, *free, b"BV")))
            new = dict(
                zip(cols[of].tolist(), zip(side[of].tolist(), at[of].tolist(), strict=True), strict=True)
            )
            if len(new) < of.size or not given.keys().isdisjoint(new) or (side[of] == wrong).any():
                return False
            sides.append(new)
        if len(labels | {self.label} - {None}) > 1:
            return False
        self.label = labels.pop()
        self.lower.update(sides[0])
        self.upper.update(sides[1])
        for col in cols[np.isin(kind, _INTEGER)].tolist():
            self.integer[col] = True
        return True

    def by_line(self, lines: Lines) -> None:
        """Read lines one at a time, refusing with the line's number."""
        index = self.index
        for number, (kind, *names) in lines:
            if kind == b"SC":
                raise UnsupportedError("semicontinuous columns are not supported", None, number)
            if kind not in _KINDS:
                raise InputError(f"unknown bound type '{show(kind)}'", None, number)
            token = names.pop() if kind in _VALUED and names else None
            if kind not in _VALUED and (
                len(names) == 3 or (len(names) == 2 and names[0] in index and names[1] not in index)
            ):
                self.numbers.at(names.pop(), number)  # a number that means nothing here, but must be one
            if not 1 <= len(names) <= 2:
                raise InputError(f"a {kind.decode()} bound with too few or too many fields", None, number)
            if names[-1] not in index:
                raise InputError(f"unknown column '{show(names[-1])}'", None, number)
            label = names[0] if len(names) == 2 else b""
            if self.label not in (None, label):
                raise InputError(f"a second BOUNDS set '{show(label)}'", None, number)
            self.label = label
            self._bound(kind, names[-1], token, number)

    def _bound(self, kind: bytes, name: bytes, token: bytes | None, line: int) -> None:
        """One bound; each side of a column may be given once."""
        col = self.index[name]
        numbers = self.numbers
        lower: int | None = None
        upper: int | None = None
        if token is not None:
            limit = self._limit(token, line)
            lower = limit if kind in _LOWER else None
            upper = limit if kind in _UPPER else None
            if lower == numbers.inf or upper == numbers.minus_inf:
                raise InputError(f"column '{show(name)}': an infinite bound on the wrong side", None, line)
        elif kind == b"BV":
            lower, upper = numbers.zero, numbers.one
        else:
            lower = numbers.minus_inf if kind in (b"FR", b"MI") else None
            upper = numbers.inf if kind in (b"FR", b"PL") else None
        for value, given, side in ((lower, self.lower, "lower"), (upper, self.upper, "upper")):
            if value is not None:
                if col in given:
                    raise InputError(f"second {side} bound of column '{show(name)}'", None, line)
                given[col] = value, line
        if kind in _INTEGER:
            self.integer[col] = True

    def _limit(self, token: bytes, line: int) -> int:
        """A number as a bound, or an infinity."""
        numbers = self.numbers
        if token.lower().lstrip(b"+-") in (b"inf", b"infinity"):
            return numbers.inf if float(token) > 0 else numbers.minus_inf
        return numbers.bound(numbers.at(token, line))
