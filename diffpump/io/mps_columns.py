"""The COLUMNS section of an MPS file, which makes up most of the file and is read in bulk.

A chunk of whole lines is split into tokens at once (`mps_layout.split_block`). One dictionary look-up per
token turns names into indices and numbers into codes. A chunk with anything unusual (a comment, an extra
field, an unknown name, an invalid number) is read line by line instead, which also locates the error.
"""

from __future__ import annotations

from itertools import compress

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError
from diffpump.io.mps_layout import Block, Lines, without_comment
from diffpump.io.numbers import Codes, Numbers, printable

OBJECTIVE, IGNORED, MARKER = -1, -2, -3  # positions of names in ROWS that are no constraints
_MARKER_STEPS = {b"'INTORG'": 1, b"'INTEND'": -1}  # the change of the nesting level

Ints = NDArray[np.int32]


class Columns:
    """The columns that have been read so far.

    index           position by column name
    integer         whether each column is integer
    inside          whether the next line is between integer markers
    rows_of_last    the row names of the last column, kept only while reading line by line
    entries         arrays of rows, columns and codes of the values, chunk by chunk
    """

    def __init__(self, rows: dict[bytes, int], numbers: Numbers) -> None:
        self.rows, self.numbers = rows, numbers
        self.index: dict[bytes, int] = {}
        self.integer: list[bool] = []
        self.inside = False
        self.rows_of_last: set[bytes] = set()
        self.entries: list[tuple[Ints, Ints, Codes]] = []

    def triplets(self) -> tuple[Ints, Ints, Codes]:
        """Return the rows (or OBJECTIVE or IGNORED), columns and codes of all entries.

        The list of entries is cleared, so that only one copy stays in memory.
        """
        empty = np.empty(0, np.int32)
        rows, cols, values = (
            np.concatenate(parts) for parts in zip((empty,) * 3, *self.entries, strict=True)
        )
        self.entries.clear()
        return rows, cols, values

    def bulk(self, lines: Block, number: int) -> bool:
        """Read a block of lines. Return False, without any change, if one of the lines is unusual.

        number    the line number of the block's first line; unused here
        """
        if not ((lines.counts == 3) | (lines.counts == 5)).all():
            return False
        tokens, count = lines.tokens, lines.counts
        field = np.arange(len(tokens)) - np.repeat(lines.first, count)
        is_row = (field & 1).astype(np.bool_)
        is_value = (field > 0) & ~is_row
        names = list(compress(tokens, (field == 0).tobytes()))
        inside, last = np.full(len(names), self.inside), self.inside
        try:
            positions = map(self.rows.__getitem__, compress(tokens, is_row.tobytes()))
            rows = np.fromiter(positions, np.int32, np.count_nonzero(is_row))
            if (rows == MARKER).any():
                marks = rows[np.cumsum(count >> 1) - (count >> 1)] == MARKER  # whether each line is a marker
                words = compress(compress(tokens, (field == 2).tobytes()), marks.tobytes())
                steps = np.zeros(len(names), np.int8)
                steps[marks] = np.fromiter(map(_MARKER_STEPS.__getitem__, words), np.int8)
                level = self.inside + np.cumsum(steps)
                malformed = (
                    np.count_nonzero(rows == MARKER) != np.count_nonzero(marks) or (count[marks] != 3).any()
                )
                if malformed or level.min() < 0 or level.max() > 1:
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
        """Add the entries of a block. Return False, without any change, if a column is not contiguous.

        names     the column name of each line
        inside    whether the line is between integer markers
        at        the line of each entry
        rows      the row of each entry
        values    the code of each entry
        """
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
        """Read lines one at a time. Raises InputError with the number of the line."""
        rows: list[int] = []
        cols: list[int] = []
        values: list[int] = []
        for number, line in lines:
            fields = without_comment(line, 1, self.rows)
            if len(fields) == 3 and fields[1] == b"'MARKER'":
                step = _MARKER_STEPS.get(fields[2])
                if step is None or self.inside == (step > 0):
                    raise InputError(
                        f"marker '{printable(fields[2])}' is unknown or out of turn", None, number
                    )
                self.inside = step > 0
                continue
            if len(fields) not in (3, 5):
                raise InputError(
                    f"expected a column and one or two entries, got {len(fields)} fields", None, number
                )
            col = self._column(fields[0], number)
            for row_name, token in zip(fields[1::2], fields[2::2], strict=True):
                row = self.rows.get(row_name, MARKER)
                if row == MARKER:
                    raise InputError(f"unknown row '{printable(row_name)}'", None, number)
                if row_name in self.rows_of_last:
                    what = f"second entry of column '{printable(fields[0])}' in row '{printable(row_name)}'"
                    raise InputError(what, None, number)
                self.rows_of_last.add(row_name)
                rows.append(row)
                cols.append(col)
                values.append(self.numbers.code(token, number))
        self.entries.append((np.array(rows, np.int32), np.array(cols, np.int32), np.array(values, np.int32)))

    def _column(self, name: bytes, line: int) -> int:
        """Return the index of the column that a line belongs to, which is the last column or a new one.

        The first line of a column decides whether it is integer, even if a marker follows in its middle.
        """
        col = self.index.setdefault(name, len(self.index))
        if col == len(self.integer):
            self.integer.append(self.inside)
            self.rows_of_last.clear()
        elif col != len(self.index) - 1:
            raise InputError(f"the entries of column '{printable(name)}' are not contiguous", None, line)
        return col


def has_duplicates(rows: Ints, cols: Ints) -> bool:
    """Return whether any pair of a row and a column occurs more than once."""
    key = cols * (rows.max(initial=0) + np.int64(3)) + rows  # unique per pair, since rows >= IGNORED = -2
    key.sort()
    return bool((key[1:] == key[:-1]).any())
