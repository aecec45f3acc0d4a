"""A strict MPS reader, free and fixed format: it refuses what it cannot read in exactly one way.

What a file means, where traditions differ:
* the first N row (or the one named in OBJNAME) is the objective, other N rows are dropped;
* an RHS on the objective is minus the offset; RANGES on an E row extends it towards the range's sign;
* an integer column between markers with no bound at all is [0, 1]; with any bound the default is [0, inf);
* a negative UP without a lower bound makes the lower bound -inf (as CPLEX and Gurobi read it);
* one RHS, RANGES and BOUNDS set, each entry once; magnitudes >= 1e20 are infinite bounds and sides;
* names with blanks exist only in fixed format, which is tried when the file is not valid free format.

COLUMNS, nearly all of a file, is read in bulk: a chunk of lines at a time, by token lists, one dictionary
look-up per token and NumPy. A chunk with anything unusual in it goes line by line instead, which also
finds the line number of a refusal; `bulk=False` sends every chunk that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.io.numbers import Numbers, bound, decode_names, show
from diffpump.io.parsed import ParsedModel
from diffpump.result import InputError, UnsupportedError

CHUNK = 1 << 19  # bytes of COLUMNS read at once; the token list is some eight times as large

_OBJECTIVE, _DROPPED, _MARKER = -1, -2, -3  # what a row name can stand for besides a row
_SWITCH = {b"'INTORG'": 1, b"'INTEND'": -1}
_SENSE = {
    b"MIN": False,
    b"MINIMIZE": False,
    b"MINIMISE": False,
    b"MAX": True,
    b"MAXIMIZE": True,
    b"MAXIMISE": True,
}
_UNSUPPORTED = {
    b"SOS": "special ordered sets", b"SOS1": "special ordered sets", b"SOS2": "special ordered sets",
    b"SETS": "special ordered sets", b"INDICATORS": "indicator constraints", b"QSECTION": "a quadratic objective",
    b"QUADOBJ": "a quadratic objective", b"QMATRIX": "a quadratic objective", b"QUADS": "a quadratic objective",
    b"QCMATRIX": "quadratic constraints", b"CSECTION": "cone constraints", b"PSD": "semidefinite constraints",
    b"LAZYCONS": "lazy constraints", b"USERCUTS": "user cuts", b"GENCONS": "general constraints",
    b"PWLOBJ": "a piecewise linear objective", b"PWLNAM": "piecewise linear functions",
}  # fmt: skip

Section = tuple[bytes, bytes, int, int, int]  # keyword, rest of its line, its line number, body start and end
Split = Callable[[bytes, int], list[bytes]]


def parse(data: bytes, exact: bool = False) -> ParsedModel:
    """The model in an MPS file's bytes; InputError or UnsupportedError with the line otherwise."""
    try:
        return _Reader(data, exact, _free).read()
    except UnsupportedError:
        raise
    except InputError as refusal:
        try:
            return _Reader(data, exact, _fixed, bulk=False).read()
        except InputError:
            raise refusal from None


def _free(line: bytes, number: int) -> list[bytes]:
    """The fields of a line in free format."""
    return line.split()


def _fixed(line: bytes, number: int) -> list[bytes]:
    """The non-empty fields of a line in fixed format, blanks inside them kept."""
    line = line.rstrip()
    gaps = line[:1] + line[3:4] + line[12:14] + line[22:24] + line[36:39] + line[47:49] + line[61:]
    if b"\t" in line or gaps.strip():
        raise InputError("not in the fields of fixed format", None, number)
    fields = (line[1:3], line[4:12], line[14:22], line[24:36], line[39:47], line[49:61])
    return [field for field in map(bytes.strip, fields) if field]


def _sections(data: bytes) -> Iterator[Section]:
    """The sections in file order: lines that begin in the first column and are no comments."""
    heads: list[tuple[int, int]] = []  # (position, line number)
    number = 1
    if data[:1] > b" " and data[:1] != b"*":
        heads.append((0, 1))
    for at in range(0, len(data), CHUNK):
        text = np.frombuffer(data, np.uint8, min(CHUNK + 1, len(data) - at), at)
        ends = np.flatnonzero(text[:CHUNK] == 10)
        inside = ends[: ends.size - 1] if ends.size and ends[-1] + 1 == text.size else ends
        first = text[inside + 1]
        for k in np.flatnonzero((first > 32) & (first != ord("*"))).tolist():
            heads.append((at + int(inside[k]) + 1, number + k + 1))
        number += ends.size
    for k, (start, line) in enumerate(heads):
        stop = heads[k + 1][0] if k + 1 < len(heads) else len(data)
        newline = data.find(b"\n", start, stop)
        body = stop if newline < 0 else newline + 1
        head = data[start:body].split(None, 1)
        yield head[0], head[1].strip() if len(head) > 1 else b"", line, body, stop


class _Reader:
    """One pass over one file; the attributes fill up section by section."""

    def __init__(self, data: bytes, exact: bool, split: Split, bulk: bool = True) -> None:
        self.data, self.exact, self.split, self.bulk = data, exact, split, bulk
        self.numbers = Numbers(exact)
        self.zero: Any = self.numbers[b"0"]
        self.name, self.maximise = b"", False
        self.objective: tuple[bytes, int] | None = None  # OBJNAME and its line
        self.rows: dict[bytes, int] = {}
        self.kinds: list[bytes] = []  # of the kept rows: E, L or G
        self.cols: dict[bytes, int] = {}
        self.integer: list[bool] = []
        self.integral = False  # inside integer markers
        self.seen: set[bytes] = set()  # rows of the column that is read line by line
        self.entries: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[Any]]] = []
        self.sides: dict[str, dict[int, tuple[Any, int]]] = {"RHS": {}, "RANGES": {}}  # row -> value, line
        self.lower: dict[int, tuple[Any, int]] = {}
        self.upper: dict[int, tuple[Any, int]] = {}
        self.binary: set[int] = set()

    def read(self) -> ParsedModel:
        """Read all sections in order and put the model together."""
        sections = list(_sections(self.data))
        if not sections and not self.data.strip():
            raise InputError("the file is empty")
        self._outline(sections)
        body = {
            b"OBJSENSE": self._sense, b"OBJNAME": self._objname, b"ROWS": self._rows,
            b"COLUMNS": self._columns, b"RHS": self._rhs, b"RANGES": self._ranges, b"BOUNDS": self._bounds,
        }  # fmt: skip
        for key, rest, line, start, stop in sections:
            if key == b"NAME":
                self.name = rest
            if key in (b"NAME", b"ENDATA"):
                for number, _ in self._lines(start, stop, line + 1):
                    raise InputError(f"a line of data after {key.decode()}", None, number)
            else:
                body[key](rest, line, start, stop)
        return self._model()

    def _outline(self, sections: list[Section]) -> None:
        """Refuse unknown, repeated, missing or misplaced sections."""
        seen: list[bytes] = []
        known = (b"NAME", b"OBJSENSE", b"OBJNAME", b"ROWS", b"COLUMNS", b"RHS", b"RANGES", b"BOUNDS")
        for key, rest, line, _, _ in sections:
            if key in _UNSUPPORTED:
                raise UnsupportedError(
                    f"section {key.decode()}: {_UNSUPPORTED[key]} are not supported", None, line
                )
            if seen[-1:] == [b"ENDATA"]:
                raise InputError("text after ENDATA", None, line)
            if key not in (*known, b"ENDATA"):
                raise InputError(f"unknown section '{show(key)}'", None, line)
            if key in seen:
                raise InputError(f"section {key.decode()} appears twice", None, line)
            if key in (b"ROWS", b"COLUMNS", b"ENDATA") and rest:
                raise InputError(f"text after the keyword {key.decode()}", None, line)
            for needed in {b"COLUMNS": [b"ROWS"], b"RHS": [b"COLUMNS"], b"RANGES": [b"COLUMNS"],
                           b"BOUNDS": [b"COLUMNS"], b"ENDATA": [b"ROWS", b"COLUMNS"]}.get(key, []):  # fmt: skip
                if needed not in seen:
                    raise InputError(
                        f"section {key.decode()} before any section {needed.decode()}", None, line
                    )
            if key in (b"OBJSENSE", b"OBJNAME") and b"ROWS" in seen:
                raise InputError(f"section {key.decode()} after section ROWS", None, line)
            seen.append(key)
        if seen[-1:] != [b"ENDATA"]:
            last = self.data.count(b"\n") + (not self.data.endswith(b"\n"))
            raise InputError("the file ends without ENDATA: it was cut off", None, last)

    def _lines(self, start: int, stop: int, number: int) -> Iterator[tuple[int, list[bytes]]]:
        """Line number and fields of each line that is neither blank nor a comment."""
        for line in self.data[start:stop].split(b"\n"):
            if line[:1] != b"*":
                fields = self.split(line, number)
                if fields:
                    yield number, fields
            number += 1

    # -- sections ------------------------------------------------------------------------------

    def _word(self, rest: bytes, line: int, start: int, stop: int) -> tuple[bytes, int]:
        """The single word of a section that has one, behind the keyword or on a line of its own."""
        words = [(rest, line)] if rest else []
        words += [
            (fields[0] if len(fields) == 1 else b" ".join(fields), k)
            for k, fields in self._lines(start, stop, line + 1)
        ]
        if len(words) != 1:
            raise InputError(
                "expected exactly one word in this section", None, words[1][1] if words else line
            )
        return words[0]

    def _sense(self, rest: bytes, line: int, start: int, stop: int) -> None:
        word, line = self._word(rest, line, start, stop)
        if word.upper() not in _SENSE:
            raise InputError(f"'{show(word)}' is not an objective sense (MIN or MAX)", None, line)
        self.maximise = _SENSE[word.upper()]

    def _objname(self, rest: bytes, line: int, start: int, stop: int) -> None:
        self.objective = self._word(rest, line, start, stop)

    def _rows(self, rest: bytes, line: int, start: int, stop: int) -> None:
        rows, kinds = self.rows, self.kinds
        found = False
        for number, fields in self._lines(start, stop, line + 1):
            if len(fields) != 2:
                raise InputError(f"expected a row type and a name, got {len(fields)} fields", None, number)
            kind, name = fields
            if name in rows:
                raise InputError(f"row '{show(name)}' is declared twice", None, number)
            if name == b"'MARKER'" or name[:1] == b"*":
                raise InputError(f"'{show(name)}' cannot be the name of a row", None, number)
            if kind in (b"L", b"G", b"E"):
                rows[name] = len(kinds)
                kinds.append(kind)
            elif kind == b"N":
                chosen = self.objective is None or self.objective[0] == name
                rows[name] = _DROPPED if found or not chosen else _OBJECTIVE
                found |= chosen
            else:
                raise InputError(f"unknown row type '{show(kind)}'", None, number)
        if self.objective and not found:
            raise InputError(f"OBJNAME '{show(self.objective[0])}' is not an N row", None, self.objective[1])
        rows[b"'MARKER'"] = _MARKER

    def _columns(self, rest: bytes, line: int, start: int, stop: int) -> None:
        number = line + 1
        while start < stop:
            end = self.data.find(b"\n", min(start + CHUNK, stop) - 1, stop) + 1 or stop
            chunk = self.data[start:end]
            if not (self.bulk and self._bulk(chunk)):
                self._slow(start, end, number)
            number += chunk.count(b"\n")
            start = end

    def _bulk(self, chunk: bytes) -> bool:
        """Read whole lines at once; False, with nothing changed, when any of them is unusual."""
        text = np.frombuffer(chunk, np.uint8)
        blank = text <= 32
        begins = np.flatnonzero(blank[:-1] > blank[1:])  # a token begins behind each of these
        ends = np.flatnonzero(text == 10)
        tokens = chunk.split()
        if len(tokens) != begins.size or not blank[0] or not blank[ends[:-1] + 1].all():
            return False  # a control character, a comment
        count = np.diff(np.searchsorted(begins, ends), prepend=0)
        count = count[count > 0]
        if not count.size or not ((count == 3) | (count == 5)).all():
            return not count.size
        place = np.arange(len(tokens)) - np.repeat(np.cumsum(count) - count, count)  # which field of its line
        odd = (place & 1).astype(np.bool_)
        names = list(compress(tokens, (place == 0).tobytes()))
        terms = compress(tokens, ((place > 0) & ~odd).tobytes())
        entries = count >> 1
        try:
            rows = np.fromiter(map(self.rows.__getitem__, compress(tokens, odd.tobytes())), np.int32)
            inside: NDArray[Any] = np.full(len(names), self.integral)
            marks = rows == _MARKER
            if marks.any():
                terms = iter(everything := list(terms))
                turn = np.fromiter(map(_SWITCH.__getitem__, compress(everything, marks.tobytes())), np.int64)
                at = np.repeat(np.arange(len(names)), entries)[marks]
                steps = np.zeros(len(names), np.int64)
                steps[at] = turn
                level = self.integral + np.cumsum(steps)
                if (count[at] != 3).any() or level.min() < 0 or level.max() > 1:
                    return False
                lines = steps == 0
                terms = compress(everything, (~marks).tobytes())
                names = list(compress(names, lines.tobytes()))
                rows, entries, inside = rows[~marks], entries[lines], level[lines] > 0
            values = np.fromiter(map(self.numbers.__getitem__, terms), object if self.exact else np.float64)
        except (KeyError, ValueError):
            return False
        if names and not self._register(names, inside, entries, rows, values):
            return False
        if marks.any():
            self.integral = bool(level[-1])
        return True

    def _register(
        self,
        names: list[bytes],
        inside: NDArray[Any],
        entries: NDArray[Any],
        rows: NDArray[np.int32],
        values: NDArray[Any],
    ) -> bool:
        """Add the lines' columns and entries; False when a column is not in one piece or oddly named."""
        cols = self.cols
        known = dict.fromkeys(names)
        resumed = cols.get(names[0], -2) == len(cols) - 1
        new = {name: k for k, name in enumerate(known, len(cols) - resumed)}
        line_cols = np.fromiter(map(new.__getitem__, names), np.int32, len(names))
        step = np.diff(line_cols)
        fresh = list(known)[resumed:]
        if (
            (step < 0).any()
            or not cols.keys().isdisjoint(fresh)
            or any(name.startswith(b"*") for name in fresh)
            or ((step == 0) & (inside[1:] != inside[:-1])).any()
            or (resumed and self.integer[-1] != inside[0])
        ):
            return False
        first = np.concatenate([[not resumed], step > 0]).astype(np.bool_)
        self.integer += inside[first].tolist()
        cols.update(new)
        self.entries.append((rows, np.repeat(line_cols, entries), values))
        return True

    def _slow(self, start: int, stop: int, number: int) -> None:
        """Read lines one by one, refusing with the line's number."""
        rows: list[int] = []
        cols: list[int] = []
        values: list[Any] = []
        for number, fields in self._lines(start, stop, number):
            if len(fields) == 3 and fields[1] == b"'MARKER'":
                turn = _SWITCH.get(fields[2])
                if turn is None or self.integral == (turn > 0):
                    raise InputError(f"marker '{show(fields[2])}' is unknown or out of turn", None, number)
                self.integral = turn > 0
                continue
            if len(fields) not in (3, 5):
                raise InputError(
                    f"expected a column and one or two entries, got {len(fields)} fields", None, number
                )
            name = fields[0]
            col = self.cols.setdefault(name, len(self.cols))
            if col == len(self.integer):
                if name[:1] == b"*":
                    raise InputError(f"'{show(name)}' cannot be the name of a column", None, number)
                self.integer.append(self.integral)
                self.seen.clear()
            elif col != len(self.cols) - 1:
                raise InputError(f"column '{show(name)}' is not in one piece", None, number)
            elif self.integer[col] != self.integral:
                raise InputError(f"a marker in the middle of column '{show(name)}'", None, number)
            for row_name, token in zip(fields[1::2], fields[2::2], strict=True):
                row = self.rows.get(row_name, _MARKER)
                if row == _MARKER:
                    raise InputError(f"unknown row '{show(row_name)}'", None, number)
                if row_name in self.seen:
                    raise InputError(
                        f"second entry of column '{show(name)}' in row '{show(row_name)}'", None, number
                    )
                self.seen.add(row_name)
                rows.append(row)
                cols.append(col)
                values.append(self._number(token, number))
        if rows:
            kind = object if self.exact else np.float64
            self.entries.append((np.array(rows, np.int32), np.array(cols, np.int32), np.array(values, kind)))

    def _number(self, token: bytes, line: int) -> Any:
        try:
            return self.numbers[token]
        except ValueError as reason:
            raise InputError(str(reason), None, line) from None

    def _rhs(self, rest: bytes, line: int, start: int, stop: int) -> None:
        self._vector("RHS", rest, line, start, stop)

    def _ranges(self, rest: bytes, line: int, start: int, stop: int) -> None:
        self._vector("RANGES", rest, line, start, stop)

    def _vector(self, section: str, rest: bytes, line: int, start: int, stop: int) -> None:
        """RHS and RANGES: an optional set name, then one or two pairs of row and number."""
        if rest:
            raise InputError(f"text after the keyword {section}", None, line)
        out, the_set = self.sides[section], None
        for number, fields in self._lines(start, stop, line + 1):
            if not 2 <= len(fields) <= 5:
                raise InputError(
                    f"expected one or two entries of {section}, got {len(fields)} fields", None, number
                )
            label = fields.pop(0) if len(fields) & 1 else b""
            if the_set not in (None, label):
                raise InputError(f"a second {section} set '{show(label)}'", None, number)
            the_set = label
            for name, token in zip(fields[::2], fields[1::2], strict=True):
                row = self.rows.get(name, _MARKER)
                if row == _MARKER:
                    raise InputError(f"unknown row '{show(name)}'", None, number)
                if row == _OBJECTIVE and section == "RANGES":
                    raise InputError("a range on the objective", None, number)
                if row in out and row != _DROPPED:
                    raise InputError(f"second {section} entry of row '{show(name)}'", None, number)
                out[row] = self._number(token, number), number

    def _bounds(self, rest: bytes, line: int, start: int, stop: int) -> None:
        if rest:
            raise InputError("text after the keyword BOUNDS", None, line)
        the_set = None
        for number, fields in self._lines(start, stop, line + 1):
            kind, *names = fields
            if kind == b"SC":
                raise UnsupportedError("semicontinuous columns are not supported", None, number)
            valued = kind in (b"UP", b"LO", b"FX", b"LI", b"UI")
            if not valued and kind not in (b"FR", b"MI", b"PL", b"BV"):
                raise InputError(f"unknown bound type '{show(kind)}'", None, number)
            token = names.pop() if valued and names else None
            if not valued and (
                len(names) == 3 or (len(names) == 2 and names[1] not in self.cols and names[0] in self.cols)
            ):
                self._number(names.pop(), number)  # a value that means nothing here, but must be one
            if not 1 <= len(names) <= 2:
                raise InputError(
                    f"expected a bound type, set, column and value, got {len(fields)} fields", None, number
                )
            label = names[0] if len(names) == 2 else b""
            if the_set not in (None, label):
                raise InputError(f"a second BOUNDS set '{show(label)}'", None, number)
            the_set = label
            col = self.cols.get(names[-1])
            if col is None:
                raise InputError(f"unknown column '{show(names[-1])}'", None, number)
            self._bound(kind, col, names[-1], token, number)

    def _bound(self, kind: bytes, col: int, name: bytes, token: bytes | None, line: int) -> None:
        """One bound; each side of a column may be given once."""
        lower: Any = None
        upper: Any = None
        if token is not None:
            infinite = token.lower().lstrip(b"+-") in (b"inf", b"infinity")
            value = bound(float(token) if infinite else self._number(token, line))
            lower = value if kind in (b"LO", b"LI", b"FX") else None
            upper = value if kind in (b"UP", b"UI", b"FX") else None
            if lower == math.inf or upper == -math.inf:
                raise InputError(f"column '{show(name)}': an infinite bound on the wrong side", None, line)
        elif kind == b"BV":
            lower, upper = self.zero, self.numbers[b"1"]
        else:
            lower = -math.inf if kind in (b"FR", b"MI") else None
            upper = math.inf if kind in (b"FR", b"PL") else None
        for value, given, side in ((lower, self.lower, "lower"), (upper, self.upper, "upper")):
            if value is not None:
                if col in given:
                    raise InputError(f"second {side} bound of column '{show(name)}'", None, line)
                given[col] = value, line
        if kind in (b"BV", b"LI", b"UI"):
            self.integer[col] = True

    # -- the model -----------------------------------------------------------------------------

    def _model(self) -> ParsedModel:
        """Settle bounds, sides and the objective."""
        m, n = len(self.kinds), len(self.cols)
        kind = object if self.exact else np.float64
        blank = [(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, kind))]
        rows, cols, values = (np.concatenate(parts) for parts in zip(*(self.entries or blank), strict=True))
        self.entries.clear()
        self._refuse_duplicates(rows, cols)
        c = np.full(n, self.zero, kind)
        of_objective = rows == _OBJECTIVE
        c[cols[of_objective]] = values[of_objective]
        if rows.size and rows.min() < 0:
            kept = rows >= 0
            rows, cols, values = rows[kept], cols[kept], values[kept]
        lb, ub = self._column_bounds(n, kind)
        row_lo, row_hi = self._row_sides(m, kind)
        return ParsedModel(
            name=show(self.name, 200), maximise=self.maximise, exact=self.exact,
            offset=-self.sides["RHS"].get(_OBJECTIVE, (self.zero, 0))[0],
            c=c, rows=rows, cols=cols, values=values, row_lo=row_lo, row_hi=row_hi, lb=lb, ub=ub,
            integer=np.array(self.integer, np.bool_), col_names=decode_names(list(self.cols)),
            row_names=decode_names([name for name, row in self.rows.items() if row >= 0]),
        )  # fmt: skip

    def _refuse_duplicates(self, rows: NDArray[np.int32], cols: NDArray[np.int32]) -> None:
        key = cols.astype(np.int64) * (len(self.kinds) + 2) + (rows + 2)
        key.sort()
        again = bool((key[1:] == key[:-1]).any())
        if again and self.bulk:  # which line? (or none: dropped N rows share one code)
            _Reader(self.data, self.exact, self.split, bulk=False).read()

    def _column_bounds(self, n: int, kind: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        lb, ub = np.full(n, self.zero, kind), np.full(n, math.inf, kind)
        free = np.array(self.integer, np.bool_)
        for given, side in ((self.lower, lb), (self.upper, ub)):
            if given:
                at = np.fromiter(given, np.int64, len(given))
                side[at] = [value for value, _ in given.values()]
                free[at] = False
        ub[free] = self.numbers[b"1"]
        for col, (value, line) in self.upper.items():
            if col not in self.lower and value < 0:
                lb[col] = -math.inf
            elif lb[col] > value:
                line = max(line, self.lower.get(col, (0, 0))[1])
                name = show(list(self.cols)[col])
                raise InputError(f"column '{name}': lower bound above upper bound", None, line)
        return lb, ub

    def _row_sides(self, m: int, kind: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        rhs, ranges = self.sides["RHS"], self.sides["RANGES"]
        kinds = np.array(self.kinds, "S1")
        row_lo, row_hi = np.full(m, self.zero, kind), np.full(m, self.zero, kind)
        row_lo[kinds == b"L"], row_hi[kinds == b"G"] = -math.inf, math.inf
        for row in chain(rhs, (row for row in ranges if row not in rhs)):
            if row < 0:
                continue
            side, line = rhs.get(row, (self.zero, 0))
            low = high = side
            if row in ranges:
                span, line = ranges[row]
                if self.kinds[row] == b"G" or (self.kinds[row] == b"E" and span > 0):
                    high = side + abs(span)
                else:
                    low = side - abs(span)
            elif self.kinds[row] != b"E":
                low = -math.inf if self.kinds[row] == b"L" else low
                high = math.inf if self.kinds[row] == b"G" else high
            row_lo[row], row_hi[row] = low, high = bound(low), bound(high)
            if low == math.inf or high == -math.inf:
                name = show(next(name for name, k in self.rows.items() if k == row))
                raise InputError(f"row '{name}': a side infinite in the wrong direction", None, line)
        return row_lo, row_hi
