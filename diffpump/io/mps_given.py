"""The sections RHS, RANGES and BOUNDS of an MPS file, which give numbers for some of the rows and columns.

As in COLUMNS, a chunk of regular lines is read in bulk, and any other chunk line by line.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.io.mps_columns import IGNORED, MARKER, OBJECTIVE
from diffpump.io.mps_layout import Block, Lines, without_comment
from diffpump.io.numbers import Numbers, printable

GivenNumbers = dict[int, tuple[int, int]]  # row or column -> (code of the number, line)

_TYPES_WITH_NUMBER = (b"UP", b"LO", b"FX", b"LI", b"UI")
_TYPES = (*_TYPES_WITH_NUMBER, b"FR", b"MI", b"PL", b"BV")
_LOWER_TYPES, _UPPER_TYPES = (b"LO", b"LI", b"FX"), (b"UP", b"UI", b"FX")
_INTEGER_TYPES = (b"BV", b"LI", b"UI")


class RowNumbers:
    """The section RHS or RANGES. Each line has an optional set name and one or two pairs of row and number.

    label    the set name of the lines so far, empty if none of them has one
    given    the numbers that have been read
    """

    def __init__(self, name: str, rows: dict[bytes, int], numbers: Numbers) -> None:
        self.name, self.rows, self.numbers = name, rows, numbers
        self.label = b""
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
            len(labels | ({self.label} - {b""})) > 1
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
        for number, line in lines:
            fields = without_comment(line, 1, self.rows)
            if not 2 <= len(fields) <= 5:
                raise InputError(
                    f"expected one or two entries of {self.name}, got {len(fields)} field(s)", None, number
                )
            first_pair = len(fields) & 1
            self.label = _same_set(self.name, self.label, fields[0] if first_pair else b"", number)
            for k in range(first_pair, len(fields), 2):
                row = self.rows.get(fields[k], MARKER)
                if row < 0 and (row == MARKER or (row == OBJECTIVE and self.name == "RANGES")):
                    what = "unknown row" if row == MARKER else "a range on the objective"
                    raise InputError(f"{what} '{printable(fields[k])}'", None, number)
                code = self.numbers.code(fields[k + 1], number)
                if row in self.given and row != IGNORED and not self._is_repetition(row, code):
                    raise InputError(
                        f"second {self.name} entry of row '{printable(fields[k])}'", None, number
                    )
                self.given[row] = code, number

    def _is_repetition(self, row: int, code: int) -> bool:
        """Return whether a second number for a row is the first one again, and readers do not add the two.

        SCIP adds up the ranges of a row and the right-hand sides of the objective.
        """
        number = self.numbers.number
        return self.name == "RHS" and row != OBJECTIVE and number(code) == number(self.given[row][0])


def _same_set(section: str, label: bytes, name: bytes, line: int) -> bytes:
    """Return the name of a section's only set. A line without a set name belongs to that set.

    label    the set name of the lines so far, empty if none of them has one
    name     that of the next line, empty if it has none

    Raises InputError if the line begins a second set.
    """
    if label and name and label != name:
        raise InputError(f"a second {section} set '{printable(name)}'", None, line)
    return name or label


class Bounds:
    """The section BOUNDS. Each line has a type, an optional set name, a column and, for some types, a number.

    label           the set name of the lines so far, empty if none of them has one
    lower, upper    the bounds that have been read
    only_here       the columns without entries, which no other section mentions, and their lines
    code_of         code by token of a number; a cache, since most columns share a few bounds
    """

    def __init__(self, index: dict[bytes, int], integer: list[bool], numbers: Numbers) -> None:
        self.index, self.integer, self.numbers = index, integer, numbers
        self.label = b""
        self.lower: GivenNumbers = {}
        self.upper: GivenNumbers = {}
        self.only_here: dict[bytes, int] = {}
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
                self.code_of[token] = self.numbers.bound_code(token, 0)
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
        if len(labels | ({self.label} - {b""})) > 1:
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
        for number, line in lines:
            kind, *names = without_comment(line, 2, index)
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
                if len(names) == 1:  # HiGHS and SCIP take no new column from a line without a set name
                    raise InputError(f"unknown column '{printable(names[-1])}'", None, number)
                self.only_here[names[-1]] = number
                index[names[-1]] = len(index)
                self.integer.append(False)
            self.label = _same_set("BOUNDS", self.label, names[0] if len(names) == 2 else b"", number)
            self._store_bound(kind, names[-1], token, number)

    def _store_bound(self, kind: bytes, name: bytes, token: bytes | None, line: int) -> None:
        """Store the bounds that one line gives.

        A line that gives a side for the second time must change nothing. Of two different bounds, HiGHS
        keeps the first one, without the rest of the second line, and SCIP the last one.
        """
        col = self.index[name]
        numbers = self.numbers
        lower: int | None = None
        upper: int | None = None
        if token is not None:
            limit = numbers.bound_code(token, line)
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
        sides = (lower, self.lower, "lower"), (upper, self.upper, "upper")
        repeated = [side for value, given, side in sides if value is not None and col in given]
        if repeated and not self._changes_nothing(col, kind, lower, upper):
            what = f"second {repeated[0]} bound of column '{printable(name)}'"
            raise InputError(f"{what}: readers differ on which one counts", None, line)
        if not repeated:
            for value, given, _ in sides:
                if value is not None:
                    given[col] = value, line
            self.integer[col] |= kind in _INTEGER_TYPES

    def _changes_nothing(self, col: int, kind: bytes, lower: int | None, upper: int | None) -> bool:
        """Return whether a line leaves a column as it is, for HiGHS and for SCIP."""
        old_lower, old_upper = self._bounds_of(col)
        if any(
            code is not None and self.numbers.number(code) != old
            for code, old in ((lower, old_lower), (upper, old_upper))
        ):
            return False
        if kind in (b"LO", b"LI") and self.integer[col] and old_lower >= 0 and old_upper <= 1:
            return False  # SCIP takes it for the end of a binary column and sets the upper bound to infinity
        return self.integer[col] or kind not in _INTEGER_TYPES

    def _bounds_of(self, col: int) -> tuple[Any, Any]:
        """Return the lower and the upper bound of a column that the section mentions, as exact numbers."""
        numbers = self.numbers
        upper = numbers.number(self.upper[col][0]) if col in self.upper else math.inf
        if col in self.lower:
            return numbers.number(self.lower[col][0]), upper
        return 0 if upper >= 0 else -math.inf, upper
