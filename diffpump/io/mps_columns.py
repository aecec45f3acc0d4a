"""The COLUMNS section of an MPS file, nearly all of it, read in bulk.

A chunk of whole lines is split into tokens at once (`mps_layout.block`); names and numbers become indices and
codes by one dictionary look-up per token. A chunk with anything unusual in it (a comment, a stray field, an
unknown name, a number that is none) goes line by line instead, which also finds the line of a refusal.
"""

from __future__ import annotations

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError
from diffpump.io.mps_layout import Block, Lines
from diffpump.io.numbers import Codes, Numbers, show

OBJECTIVE, DROPPED, MARKER = -1, -2, -3  # what a row name can stand for besides a row
_SWITCH = {b"'INTORG'": 1, b"'INTEND'": -1}

Ints = NDArray[np.int32]


class Columns:
    """Column names, integrality and entries, as they are read."""

    def __init__(self, rows: dict[bytes, int], numbers: Numbers) -> None:
        self.rows, self.numbers = rows, numbers
        self.index: dict[bytes, int] = {}
        self.integer: list[bool] = []
        self.inside = False  # between integer markers
        self.seen: set[bytes] = set()  # rows of the column that is read line by line
        self.entries: list[tuple[Ints, Ints, Codes]] = []  # as `triplets`, chunk by chunk

    def triplets(self) -> tuple[Ints, Ints, Codes]:
        """Rows (or OBJECTIVE, DROPPED), columns, values; they are handed over."""
        none = np.empty(0, np.int32)
        rows, cols, values = (np.concatenate(parts) for parts in zip((none,) * 3, *self.entries, strict=True))
        self.entries.clear()
        return rows, cols, values

    def bulk(self, lines: Block, number: int) -> bool:
        """Read lines, the first of which has that number; False, with nothing changed, if one is unusual."""
        if not ((lines.counts == 3) | (lines.counts == 5)).all():
            return False
        tokens, count = lines.tokens, lines.counts
        field = np.arange(len(tokens)) - np.repeat(lines.first, count)
        is_row = (field & 1).astype(np.bool_)
        is_value = (field > 0) & ~is_row
        names = list(compress(tokens, (field == 0).tobytes()))
        inside, last = np.full(len(names), self.inside), self.inside
        try:
            found = map(self.rows.__getitem__, compress(tokens, is_row.tobytes()))
            rows = np.fromiter(found, np.int32, np.count_nonzero(is_row))
            if (rows == MARKER).any():
                marks = rows[np.cumsum(count >> 1) - (count >> 1)] == MARKER  # by line
                words = compress(compress(tokens, (field == 2).tobytes()), marks.tobytes())
                steps = np.zeros(len(names), np.int8)
                steps[marks] = np.fromiter(map(_SWITCH.__getitem__, words), np.int8)
                level = self.inside + np.cumsum(steps)
                odd = np.count_nonzero(rows == MARKER) != np.count_nonzero(marks) or (count[marks] != 3).any()
                if odd or level.min() < 0 or level.max() > 1:
                    return False
                is_value &= np.repeat(~marks, count)
                names, rows = list(compress(names, (~marks).tobytes())), rows[rows != MARKER]
                count, inside, last = count[~marks], level[~marks] > 0, bool(level[-1])
            codes = map(self.numbers.__getitem__, compress(tokens, is_value.tobytes()))
            values = np.fromiter(codes, np.int32, np.count_nonzero(is_value))
        except (KeyError, ValueError):
            return False
        if names and not self._add(names, inside, np.repeat(np.arange(len(names)), count >> 1), rows, values):
            return False
        self.inside = last
        return True

    def _add(
        self,
        names: list[bytes],
        inside: NDArray[np.bool_],
        at: NDArray[np.int64],
        rows: Ints,
        values: Codes,
    ) -> bool:
        """Add entries, and the lines (name, integrality) that they are `at`; False when a column is split."""
        resumed = self.index.get(names[0], -2) == len(self.index) - 1
        new = {name: k for k, name in enumerate(dict.fromkeys(names), len(self.index) - resumed)}
        lines = np.fromiter(map(new.__getitem__, names), np.int32, len(names))
        step = np.diff(lines)
        if (
            (step < 0).any()
            or ((step == 0) & (inside[1:] != inside[:-1])).any()
            or (resumed and self.integer[-1] != inside[0])
            or not self.index.keys().isdisjoint(list(new)[resumed:])
        ):
            return False
        self.integer += inside[np.concatenate([[not resumed], step > 0])].tolist()
        self.index.update(new)
        self.entries.append((rows, lines[at], values))
        return True

    def by_line(self, lines: Lines) -> None:
        """Read lines one at a time, refusing with the line's number."""
        rows: list[int] = []
        cols: list[int] = []
        values: list[int] = []
        for number, fields in lines:
            if len(fields) == 3 and fields[1] == b"'MARKER'":
                turn = _SWITCH.get(fields[2])
                if turn is None or self.inside == (turn > 0):
                    raise InputError(f"marker '{show(fields[2])}' is unknown or out of turn", None, number)
                self.inside = turn > 0
                continue
            if len(fields) not in (3, 5):
                raise InputError(
                    f"expected a column and one or two entries, got {len(fields)} fields", None, number
                )
            col = self._column(fields[0], number)
            for row_name, token in zip(fields[1::2], fields[2::2], strict=True):
                row = self.rows.get(row_name, MARKER)
                if row == MARKER:
                    raise InputError(f"unknown row '{show(row_name)}'", None, number)
                if row_name in self.seen:
                    what = f"second entry of column '{show(fields[0])}' in row '{show(row_name)}'"
                    raise InputError(what, None, number)
                self.seen.add(row_name)
                rows.append(row)
                cols.append(col)
                values.append(self.numbers.at(token, number))
        self.entries.append((np.array(rows, np.int32), np.array(cols, np.int32), np.array(values, np.int32)))

    def _column(self, name: bytes, line: int) -> int:
        """The index of the column that a line belongs to: the last one, or a new one."""
        col = self.index.setdefault(name, len(self.index))
        if col == len(self.integer):
            self.integer.append(self.inside)
            self.seen.clear()
        elif col != len(self.index) - 1:
            raise InputError(f"column '{show(name)}' is not in one piece", None, line)
        elif self.integer[col] != self.inside:
            raise InputError(f"a marker in the middle of column '{show(name)}'", None, line)
        return col


def twice(rows: Ints, cols: Ints) -> bool:
    """Whether a row and column occur together more than once."""
    key = cols * (rows.max(initial=0) + np.int64(3)) + rows
    key.sort()
    return bool((key[1:] == key[:-1]).any())
