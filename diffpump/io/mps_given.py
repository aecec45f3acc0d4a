"""The sections RHS, RANGES and BOUNDS of an MPS file, which give numbers for some of the rows and columns.

As in COLUMNS, a chunk of regular lines is read in bulk, and any other chunk line by line.
"""

from __future__ import annotations

from itertools import chain

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.io.mps_columns import IGNORED, MARKER, OBJECTIVE
from diffpump.io.mps_layout import Block, Lines
from diffpump.io.numbers import Numbers, printable

GivenNumbers = dict[int, tuple[int, int]]  # row or column -> (code of the number, line)

_TYPES_WITH_NUMBER = (b"UP", b"LO", b"FX", b"LI", b"UI")
_TYPES = (*_TYPES_WITH_NUMBER, b"FR", b"MI", b"PL", b"BV")
_LOWER_TYPES, _UPPER_TYPES = (b"LO", b"LI", b"FX"), (b"UP", b"UI", b"FX")
_INTEGER_TYPES = (b"BV", b"LI", b"UI")


class RowNumbers:
    """The section RHS or RANGES. Each line has an optional set name and one or two pairs of row and number.

    label    the set name of the lines so far, empty if they have none, None before the first line
    given    the numbers that have been read
    """

    def __init__(self, name: str, rows: dict[bytes, int], numbers: Numbers) -> None:
        self.name, self.rows, self.numbers = name, rows, numbers
        self.label: bytes | None = None
        self.given: GivenNumbers = {}

    def bulk(self, lines: Block, number: int) -> bool:
        """Read a block of lines. Return False, without any change, if one of the lines is unusual.

        number    the line number of the block's first line
        """
        if not ((lines.counts == 3) | (lines.counts == 5)).all():
            return False
        labels = set(lines.field(0))
        has_second_pair = lines.counts == 5
        at = np.concatenate([lines.line, lines.line[has_second_pair]]) + number
        try:
            rows = [self.rows[name] for name in chain(lines.field(1), lines.field(3, has_second_pair))]
            values = [self.numbers[token] for token in chain(lines.field(2), lines.field(4, has_second_pair))]
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
        """Read lines one at a time. Raises InputError with the number of the line."""
        for number, fields in lines:
            if not 2 <= len(fields) <= 5:
                raise InputError(
                    f"expected one or two entries of {self.name}, got {len(fields)} field(s)", None, number
                )
            first_pair = len(fields) & 1
            label = fields[0] if first_pair else b""
            if label != self.label:
                if self.label is not None:
                    raise InputError(f"a second {self.name} set '{printable(label)}'", None, number)
                self.label = label
            for k in range(first_pair, len(fields), 2):
                row = self.rows.get(fields[k], MARKER)
                if row < 0 and (row == MARKER or (row == OBJECTIVE and self.name == "RANGES")):
                    what = "unknown row" if row == MARKER else "a range on the objective"
                    raise InputError(f"{what} '{printable(fields[k])}'", None, number)
                if row in self.given and row != IGNORED:
                    raise InputError(
                        f"second {self.name} entry of row '{printable(fields[k])}'", None, number
                    )
                self.given[row] = self.numbers.code(fields[k + 1], number), number


class Bounds:
    """The section BOUNDS. Each line has a type, an optional set name, a column and, for some types, a number.

    label           the set name of the lines so far, empty if they have none, None before the first line
    lower, upper    the bounds that have been read
    code_of         code by token of a number; a cache, since most columns share a few bounds
    """

    def __init__(self, index: dict[bytes, int], integer: list[bool], numbers: Numbers) -> None:
        self.index, self.integer, self.numbers = index, integer, numbers
        self.label: bytes | None = None
        self.lower: GivenNumbers = {}
        self.upper: GivenNumbers = {}
        self.code_of: dict[bytes, int] = {}

    def bulk(self, lines: Block, number: int) -> bool:
        """Read a block of lines. Return False, without any change, if one of the lines is unusual.

        number    the line number of the block's first line
        """
        if lines.counts.min() < 3 or lines.counts.max() > 4:
            return False
        kinds, labels = lines.field(0), set(lines.field(1))
        kind = np.array(kinds, "S3")
        if not set(kinds) <= set(_TYPES) or ((lines.counts == 4) != np.isin(kind, _TYPES_WITH_NUMBER)).any():
            return False
        try:
            cols = np.array([self.index[name] for name in lines.field(2)])
            tokens = lines.field(3, lines.counts == 4)
            for token in set(tokens) - self.code_of.keys():
                self.code_of[token] = self._bound_code(token, 0)
        except (KeyError, InputError):
            return False
        numbers, value = self.numbers, np.zeros(cols.size, np.int32)
        value[lines.counts == 4] = [self.code_of[token] for token in tokens]
        at = lines.line + number
        sides: list[GivenNumbers] = []
        for types_of_side, refused, given, unbounded_types, special_codes in (
            (_LOWER_TYPES, numbers.inf, self.lower, (b"FR", b"MI"), (numbers.minus_inf, numbers.zero)),
            (_UPPER_TYPES, numbers.minus_inf, self.upper, (b"FR", b"PL"), (numbers.inf, numbers.one)),
        ):
            side = value.copy()
            side[np.isin(kind, unbounded_types)], side[kind == b"BV"] = special_codes
            of = np.flatnonzero(np.isin(kind, (*types_of_side, *unbounded_types, b"BV")))
            new = dict(
                zip(cols[of].tolist(), zip(side[of].tolist(), at[of].tolist(), strict=True), strict=True)
            )
            if len(new) < of.size or not given.keys().isdisjoint(new) or (side[of] == refused).any():
                return False
            sides.append(new)
        if len(labels | {self.label} - {None}) > 1:
            return False
        self.label = labels.pop()
        self.lower.update(sides[0])
        self.upper.update(sides[1])
        for col in cols[np.isin(kind, _INTEGER_TYPES)].tolist():
            self.integer[col] = True
        return True

    def by_line(self, lines: Lines) -> None:
        """Read lines one at a time. Raises InputError with the number of the line."""
        index = self.index
        for number, (kind, *names) in lines:
            if kind == b"SC":
                raise UnsupportedError("semicontinuous columns are not supported", None, number)
            if kind not in _TYPES:
                raise InputError(f"unknown bound type '{printable(kind)}'", None, number)
            token = names.pop() if kind in _TYPES_WITH_NUMBER and names else None
            if kind not in _TYPES_WITH_NUMBER and (
                len(names) == 3 or (len(names) == 2 and names[0] in index and names[1] not in index)
            ):
                self.numbers.code(names.pop(), number)  # the number is ignored, but it must be valid
            if not 1 <= len(names) <= 2:
                raise InputError(f"a {kind.decode()} bound with too few or too many fields", None, number)
            if names[-1] not in index:
                raise InputError(f"unknown column '{printable(names[-1])}'", None, number)
            label = names[0] if len(names) == 2 else b""
            if self.label not in (None, label):
                raise InputError(f"a second BOUNDS set '{printable(label)}'", None, number)
            self.label = label
            self._store_bound(kind, names[-1], token, number)

    def _store_bound(self, kind: bytes, name: bytes, token: bytes | None, line: int) -> None:
        """Store the bounds that one line gives. Each side of a column may be given once."""
        col = self.index[name]
        numbers = self.numbers
        lower: int | None = None
        upper: int | None = None
        if token is not None:
            limit = self._bound_code(token, line)
            lower = limit if kind in _LOWER_TYPES else None
            upper = limit if kind in _UPPER_TYPES else None
            if lower == numbers.inf or upper == numbers.minus_inf:
                raise InputError(
                    f"column '{printable(name)}': an infinite bound on the wrong side", None, line
                )
        elif kind == b"BV":
            lower, upper = numbers.zero, numbers.one
        else:
            lower = numbers.minus_inf if kind in (b"FR", b"MI") else None
            upper = numbers.inf if kind in (b"FR", b"PL") else None
        for value, given, side in ((lower, self.lower, "lower"), (upper, self.upper, "upper")):
            if value is not None:
                if col in given:
                    raise InputError(f"second {side} bound of column '{printable(name)}'", None, line)
                given[col] = value, line
        if kind in _INTEGER_TYPES:
            self.integer[col] = True

    def _bound_code(self, token: bytes, line: int) -> int:
        """Return the code of a bound. Unlike other numbers, it may be `inf` or `infinity`."""
        numbers = self.numbers
        if token.lower().lstrip(b"+-") in (b"inf", b"infinity"):
            return numbers.inf if float(token) > 0 else numbers.minus_inf
        return numbers.bound(numbers.code(token, line))
