"""A strict MPS reader, free and fixed format: it refuses what it cannot read in exactly one way.

What a file means, where traditions differ:
* the first N row (or the one named in OBJNAME) is the objective, other N rows are dropped;
* an RHS on the objective is minus the offset; RANGES on an E row extends it towards the range's sign;
* an integer column between markers with no bound at all is [0, 1]; with any bound the default is [0, inf);
* a negative UP without a lower bound makes the lower bound -inf (as CPLEX and Gurobi read it);
* one RHS, RANGES and BOUNDS set, each entry once; magnitudes >= 1e20 are infinite bounds and sides;
* names with blanks exist only in fixed format, which is tried when the file is not valid free format.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.core.tolerances import INFINITE
from diffpump.io.coded import Coded
from diffpump.io.mps_columns import DROPPED, MARKER, OBJECTIVE, Columns, twice
from diffpump.io.mps_given import Bounds, Vector
from diffpump.io.mps_layout import Block, Lines, Section, Split, block, chunks, fixed, free, lines, sections
from diffpump.io.numbers import Codes, Numbers, decode_names, refuse_control_characters, show

_SENSE = {
    b"MIN": False,
    b"MINIMIZE": False,
    b"MINIMISE": False,
    b"MAX": True,
    b"MAXIMIZE": True,
    b"MAXIMISE": True,
}
_NEEDS = {  # section -> what must stand before it
    b"NAME": (), b"OBJSENSE": (), b"OBJNAME": (), b"ROWS": (), b"COLUMNS": (b"ROWS",), b"RHS": (b"COLUMNS",),
    b"RANGES": (b"COLUMNS",), b"BOUNDS": (b"COLUMNS",), b"ENDATA": (b"COLUMNS",),
}  # fmt: skip
_UNSUPPORTED = {
    b"SOS": "special ordered sets", b"SOS1": "special ordered sets", b"SOS2": "special ordered sets",
    b"SETS": "special ordered sets", b"INDICATORS": "indicator constraints", b"QSECTION": "quadratic terms",
    b"QUADOBJ": "quadratic terms", b"QMATRIX": "quadratic terms", b"QUADS": "quadratic terms",
    b"QCMATRIX": "quadratic constraints", b"CSECTION": "cone constraints", b"PSD": "semidefinite constraints",
    b"LAZYCONS": "lazy constraints", b"USERCUTS": "user cuts", b"GENCONS": "general constraints",
    b"PWLOBJ": "piecewise linear terms", b"PWLNAM": "piecewise linear terms",
}  # fmt: skip


def parse(data: bytes) -> Coded:
    """The model in an MPS file's bytes; InputError or UnsupportedError with the line otherwise."""
    refuse_control_characters(data)
    try:
        return _Reader(data, free).read()
    except UnsupportedError:
        raise
    except InputError as refusal:
        try:
            return _Reader(data, fixed, bulk=False).read()
        except InputError as other:  # the layout that got further is the one that was meant
            raise (other if (other.line or 0) > (refusal.line or 0) else refusal) from None


class _Reader:
    """One pass over one file; `bulk=False` reads line by line throughout."""

    def __init__(self, data: bytes, split: Split, bulk: bool = True) -> None:
        self.data, self.split, self.bulk = data, split, bulk
        self.numbers = Numbers()
        self.name, self.maximise = b"", False
        self.objective: tuple[bytes, int] | None = None  # OBJNAME and its line
        self.rows: dict[bytes, int] = {b"'MARKER'": MARKER}
        self.kinds: list[bytes] = []  # of the kept rows: E, L or G
        self.found = False  # the objective, among the rows
        self.columns = Columns(self.rows, self.numbers)
        self.rhs, self.ranges = (Vector(name, self.rows, self.numbers) for name in ("RHS", "RANGES"))
        self.bounds = Bounds(self.columns.index, self.columns.integer, self.numbers)

    def read(self) -> Coded:
        """Read all sections in order and put the model together."""
        outline = list(sections(self.data))
        self._judge(outline)
        for section in outline:
            if section.key == b"NAME":
                self.name = section.rest
            elif section.rest and section.key not in (b"OBJSENSE", b"OBJNAME"):
                raise InputError(f"text after the keyword {section.key.decode()}", None, section.line)
            if section.key == b"COLUMNS":
                self._each(section, self.columns.bulk, self.columns.by_line)
                self.triplets = self.columns.triplets()
                if self.bulk and twice(*self.triplets[:2]):  # on which line? (or none: N rows share a code)
                    self._each(section, lambda *_: False, Columns(self.rows, self.numbers).by_line)
            elif section.key in (b"OBJSENSE", b"OBJNAME"):
                self._objective(section)
            elif section.key == b"ROWS":
                self._each(section, self._rows_bulk, self._rows_by_line)
                if self.objective and not self.found:
                    name, line = self.objective
                    raise InputError(f"OBJNAME '{show(name)}' is not an N row", None, line)
            elif section.key == b"RHS":
                self._each(section, self.rhs.bulk, self.rhs.by_line)
            elif section.key == b"RANGES":
                self._each(section, self.ranges.bulk, self.ranges.by_line)
            elif section.key == b"BOUNDS":
                self._each(section, self.bounds.bulk, self.bounds.by_line)
            else:
                for number, _ in self._lines(section):
                    raise InputError(f"a line of data after {section.key.decode()}", None, number)
        return self._model()

    def _judge(self, outline: list[Section]) -> None:
        """Refuse unknown, repeated, missing or misplaced sections."""
        if not outline:
            raise InputError("no section at all: the file is empty or not MPS", None, 1)
        seen: list[bytes] = []
        for section in outline:
            key, line = section.key, section.line
            if key in _UNSUPPORTED:
                raise UnsupportedError(
                    f"section {key.decode()}: {_UNSUPPORTED[key]} are not supported", None, line
                )
            if key not in _NEEDS:
                raise InputError(f"unknown section '{show(key)}'", None, line)
            name = key.decode()
            if key in seen:
                raise InputError(f"section {name} appears twice", None, line)
            if seen[-1:] == [b"ENDATA"]:
                raise InputError("text after ENDATA", None, line)
            for needed in _NEEDS[key]:
                if needed not in seen:
                    raise InputError(f"section {name} before any section {needed.decode()}", None, line)
            if key in (b"OBJSENSE", b"OBJNAME") and b"ROWS" in seen:
                raise InputError(f"section {name} after section ROWS", None, line)
            seen.append(key)
        if seen[-1] != b"ENDATA":
            last = self.data.count(b"\n") + (not self.data.endswith(b"\n"))
            raise InputError("the file ends without ENDATA: it was cut off", None, last)

    def _lines(self, section: Section) -> Lines:
        return lines(self.data, section.start, section.stop, section.line + 1, self.split)

    def _each(
        self, section: Section, bulk: Callable[[Block, int], bool], by_line: Callable[[Lines], None]
    ) -> None:
        """Read the section in chunks, by line where a chunk cannot be read in bulk."""
        number = section.line + 1
        for begin, end in chunks(self.data, section.start, section.stop):
            chunk = self.data[begin:end]
            whole = block(chunk) if self.bulk else None
            if whole is None or not bulk(whole, number):
                by_line(lines(chunk, 0, len(chunk), number, self.split))
            number += chunk.count(b"\n")

    # -- sections ------------------------------------------------------------------------------

    def _objective(self, section: Section) -> None:
        """OBJSENSE or OBJNAME: one word, behind the keyword or on a line of its own."""
        words = [(section.rest, section.line)] if section.rest else []
        words += [(b" ".join(fields), number) for number, fields in self._lines(section)]
        if len(words) != 1:
            line = words[1][1] if words else section.line
            raise InputError(f"section {section.key.decode()} must have one word", None, line)
        word, line = words[0]
        if section.key == b"OBJNAME":
            self.objective = words[0]
        elif word.upper() in _SENSE:
            self.maximise = _SENSE[word.upper()]
        else:
            raise InputError(f"'{show(word)}' is not an objective sense (MIN or MAX)", None, line)

    def _rows_bulk(self, lines: Block, number: int) -> bool:
        """Read lines at once; False, with nothing changed, if one of them is unusual."""
        if (lines.counts != 2).any() or self.objective:
            return False
        kinds, names = lines.tokens[::2], lines.tokens[1::2]
        kind = np.array(kinds, "S2")
        none = kind == b"N"
        if not set(kinds) <= {b"L", b"G", b"E", b"N"} or len(set(names)) < len(names):
            return False
        if not self.rows.keys().isdisjoint(names):
            return False
        rows = np.where(none, DROPPED, np.cumsum(~none) + (len(self.kinds) - 1))
        if not self.found and none.any():
            self.found, rows[none.argmax()] = True, OBJECTIVE
        self.rows.update(zip(names, rows.tolist(), strict=True))
        self.kinds += kind[~none].tolist()
        return True

    def _rows_by_line(self, lines: Lines) -> None:
        rows, kinds = self.rows, self.kinds
        for number, fields in lines:
            if len(fields) != 2:
                raise InputError(f"expected a row type and a name, got {len(fields)} field(s)", None, number)
            kind, name = fields
            if name in rows:
                what = "has the word for markers as its name" if rows[name] == MARKER else "is declared twice"
                raise InputError(f"row {show(name)} {what}", None, number)
            if kind in (b"L", b"G", b"E"):
                rows[name] = len(kinds)
                kinds.append(kind)
            elif kind == b"N":
                chosen = not self.found and (self.objective is None or self.objective[0] == name)
                rows[name] = OBJECTIVE if chosen else DROPPED
                self.found |= chosen
            else:
                raise InputError(f"unknown row type '{show(kind)}'", None, number)

    # -- the model -----------------------------------------------------------------------------

    def _model(self) -> Coded:
        """Settle the objective, the bounds and the sides."""
        names = list(self.columns.index)
        rows, cols, values = self.triplets
        del self.triplets  # the copies below are to be the only ones
        numbers = self.numbers
        c = np.full(len(names), numbers.zero, np.int32)
        of_objective = rows == OBJECTIVE
        c[cols[of_objective]] = values[of_objective]
        kept = rows >= 0
        cols, values = cols[kept], values[kept]
        row_names = [name for name, row in self.rows.items() if row >= 0]
        lb, ub = self._column_bounds(names)
        row_lo, row_hi = self._row_sides(row_names)
        moved = self.rhs.given.get(OBJECTIVE)
        return Coded(
            name=show(self.name, 200), maximise=self.maximise, numbers=numbers,
            offset=numbers.add(-numbers.number(moved[0])) if moved else numbers.zero, c=c,
            rows=rows[kept], cols=cols, values=values, row_lo=row_lo, row_hi=row_hi, lb=lb, ub=ub,
            integer=np.array(self.columns.integer, np.bool_),
            col_names=decode_names(names), row_names=decode_names(row_names),
        )  # fmt: skip

    def _column_bounds(self, names: list[bytes]) -> tuple[Codes, Codes]:
        numbers = self.numbers
        lb = np.full(len(names), numbers.zero, np.int32)
        ub = np.full(len(names), numbers.inf, np.int32)
        unit = np.array(self.columns.integer, np.bool_)
        for given, side in ((self.bounds.lower, lb), (self.bounds.upper, ub)):
            at = np.fromiter(given, np.int64, len(given))
            side[at] = [value for value, _ in given.values()]
            unit[at] = False
        ub[unit] = numbers.one
        for col in np.flatnonzero(numbers.floats(lb) > numbers.floats(ub)).tolist():
            if col in self.bounds.lower:
                line = max(self.bounds.lower[col][1], self.bounds.upper[col][1])
                raise InputError(f"column '{show(names[col])}': lower bound above upper bound", None, line)
            lb[col] = numbers.minus_inf
        return lb, ub

    def _row_sides(self, names: list[bytes]) -> tuple[Codes, Codes]:
        rhs, ranges = self.rhs.given, self.ranges.given
        at = np.fromiter(rhs, np.int64, len(rhs))
        numbers = self.numbers
        side = np.full(len(names) + 3, numbers.zero, np.int32)  # the last three: what is not a row
        side[at] = [value for value, _ in rhs.values()]
        side = side[: len(names)]
        kinds = np.array(self.kinds, "S1")
        row_lo = np.where(kinds == b"L", np.int32(numbers.minus_inf), side)
        row_hi = np.where(kinds == b"G", np.int32(numbers.inf), side)
        for row, (code, line) in ranges.items():
            if row >= 0:
                span = numbers.number(numbers.bound(code))
                end = numbers.number(numbers.bound(int(side[row])))
                if abs(end) == math.inf:
                    raise InputError(f"row '{show(names[row])}': a range on an infinite side", None, line)
                up = self.kinds[row] == b"G" or (self.kinds[row] == b"E" and span > 0)
                far = numbers.add(end + abs(span) if up else end - abs(span))
                row_lo[row], row_hi[row] = (side[row], far) if up else (far, side[row])
        for sides in (row_lo, row_hi):
            huge = np.flatnonzero(abs(numbers.floats(sides)) >= INFINITE)
            sides[huge] = [numbers.bound(code) for code in sides[huge].tolist()]
        wrong = np.flatnonzero((row_lo == numbers.inf) | (row_hi == numbers.minus_inf))
        if wrong.size:
            row = int(wrong[0])
            line = ranges.get(row, rhs.get(row, (0, 0)))[1]
            raise InputError(f"row '{show(names[row])}': a side infinite in the wrong direction", None, line)
        return row_lo, row_hi
