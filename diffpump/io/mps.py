"""A strict MPS reader for free and fixed format. It refuses every file that has more than one interpretation.

Where readers differ, this one follows these rules:
* The first N row, or the one named in OBJNAME, is the objective. Other N rows are ignored.
* An RHS entry of the objective is minus the offset. A range on an E row extends it in the direction of the
  range's sign.
* An integer column between markers has the bounds [0, 1] if BOUNDS does not mention it. Otherwise its default
  bounds are [0, inf).
* A negative UP bound without a lower bound makes the lower bound -inf, as CPLEX and Gurobi read it.
* There is at most one set each of RHS, RANGES and BOUNDS, to which lines without a set name belong. An entry
  may be given again only if it changes nothing, except for a bound UP or UI behind FR, PL or BV. Bounds and
  sides of magnitude 1e20 or more are infinite.
* A column may appear only in BOUNDS, on a line with a set name. It then has no entries.
* The first line of a column decides whether it is integer, even if a marker follows before its last line.
* A `$` at the beginning of the third or the fifth field begins a comment, unless the field is a known name.
* Names with blanks exist only in fixed format, which is tried if the file is not valid in free format.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from diffpump.core.errors import InputError, UnsupportedError
from diffpump.core.limits import no_check
from diffpump.core.tolerances import INFINITE
from diffpump.io.coded import CodedModel, Remark, unmentioned_columns
from diffpump.io.mps_columns import IGNORED, MARKER, OBJECTIVE, Columns, has_duplicates
from diffpump.io.mps_given import Bounds, RowNumbers
from diffpump.io.mps_layout import (
    Block,
    Lines,
    Section,
    Split,
    chunk_ranges,
    sections,
    split_block,
    split_fixed,
    split_free,
    split_lines,
    without_comment,
)
from diffpump.io.numbers import Codes, Numbers, decode_names, printable, refuse_control_characters

_SENSES = {  # word -> whether the objective is maximised
    b"MIN": False,
    b"MINIMIZE": False,
    b"MINIMISE": False,
    b"MAX": True,
    b"MAXIMIZE": True,
    b"MAXIMISE": True,
}
_REQUIRED_BEFORE = {  # section -> the section that must come before it
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
# PuLP writes the sense of the objective as a comment, which no reader of MPS takes into account.
_PULP_MAXIMISES = re.compile(rb"^\*[ \t]*SENSE[ \t]*:[ \t]*MAX", re.IGNORECASE | re.MULTILINE)


def parse(data: bytes, check: Callable[[], None] = no_check) -> CodedModel:
    """Parse the bytes of an MPS file, in free format or else in fixed format.

    check    called for every chunk of the file; an exception from it ends the parsing

    Raises InputError for an invalid file and UnsupportedError for a part that a MILP does not have. Both name
    the line. If neither format fits, the error is the one of the format that was read further.
    """
    refuse_control_characters(data)
    check()
    try:
        return _Reader(data, split_free, check=check).read()
    except UnsupportedError:
        raise
    except InputError as refusal:
        try:
            return _Reader(data, split_fixed, bulk=False, check=check).read()
        except InputError as other:
            raise (other if (other.line or 0) > (refusal.line or 0) else refusal) from None


class _Reader:
    """A parser for one file.

    split              the function that splits a line into fields
    bulk               whether chunks of lines may be read in bulk
    check              called for every chunk
    objective          the name given in OBJNAME and its line, or None
    rows               by name: the position of a constraint, or OBJECTIVE, IGNORED or MARKER
    kinds              E, L or G for each constraint
    objective_found    whether the objective's row has been read
    """

    def __init__(
        self, data: bytes, split: Split, bulk: bool = True, check: Callable[[], None] = no_check
    ) -> None:
        self.data, self.split, self.bulk, self.check = data, split, bulk, check
        self.numbers = Numbers()
        self.name, self.maximise = b"", False
        self.objective: tuple[bytes, int] | None = None
        self.rows: dict[bytes, int] = {b"'MARKER'": MARKER}
        self.kinds: list[bytes] = []
        self.objective_found = False
        self.columns = Columns(self.rows, self.numbers)
        self.rhs, self.ranges = (RowNumbers(name, self.rows, self.numbers) for name in ("RHS", "RANGES"))
        self.bounds = Bounds(self.columns.index, self.columns.integer, self.numbers)

    def read(self) -> CodedModel:
        """Read all sections in order and assemble the model. Raises InputError or UnsupportedError."""
        outline = list(sections(self.data))
        self._check_sections(outline)
        for section in outline:
            self.check()
            if section.key == b"NAME":
                self.name = section.rest
            elif section.rest and section.key not in (b"OBJSENSE", b"OBJNAME"):
                raise InputError(f"text after the keyword {section.key.decode()}", None, section.line)
            if section.key == b"COLUMNS":
                self._read_section(section, self.columns.bulk, self.columns.by_line)
                self.triplets = self.columns.triplets()
                # Reading again line by line finds the line of the duplicate. There is none if the pairs only
                # coincide because all ignored N rows share one code.
                if self.bulk and has_duplicates(*self.triplets[:2]):
                    self._read_section(section, lambda *_: False, Columns(self.rows, self.numbers).by_line)
            elif section.key in (b"OBJSENSE", b"OBJNAME"):
                self._objective(section)
            elif section.key == b"ROWS":
                self._read_section(section, self._rows_bulk, self._rows_by_line)
                if self.objective and not self.objective_found:
                    name, line = self.objective
                    raise InputError(f"OBJNAME '{printable(name)}' is not an N row", None, line)
            elif section.key == b"RHS":
                self._read_section(section, self.rhs.bulk, self.rhs.by_line)
            elif section.key == b"RANGES":
                self._read_section(section, self.ranges.bulk, self.ranges.by_line)
            elif section.key == b"BOUNDS":
                self._read_section(section, self.bounds.bulk, self.bounds.by_line)
            else:
                for number, _ in self._lines(section):
                    raise InputError(f"a line of data after {section.key.decode()}", None, number)
        return self._model(self._remarks(outline[0].start))

    def _check_sections(self, outline: list[Section]) -> None:
        """Raise InputError or UnsupportedError for unknown, repeated, missing or misplaced sections."""
        if not outline:
            raise InputError("no section at all: the file is empty or not MPS", None, 1)
        seen: list[bytes] = []
        for section in outline:
            key, line = section.key, section.line
            if key in _UNSUPPORTED:
                raise UnsupportedError(
                    f"section {key.decode()}: {_UNSUPPORTED[key]} are not supported", None, line
                )
            if key not in _REQUIRED_BEFORE:
                raise InputError(f"unknown section '{printable(key)}'", None, line)
            name = key.decode()
            if key in seen:
                raise InputError(f"section {name} appears twice", None, line)
            if seen[-1:] == [b"ENDATA"]:
                raise InputError("text after ENDATA", None, line)
            for needed in _REQUIRED_BEFORE[key]:
                if needed not in seen:
                    raise InputError(f"section {name} before any section {needed.decode()}", None, line)
            if key in (b"OBJSENSE", b"OBJNAME") and b"ROWS" in seen:
                raise InputError(f"section {name} after section ROWS", None, line)
            seen.append(key)
        if seen[-1] != b"ENDATA":
            last = self.data.count(b"\n") + (not self.data.endswith(b"\n"))
            raise InputError("the file ends without ENDATA: it was cut off", None, last)

    def _lines(self, section: Section) -> Lines:
        return split_lines(self.data, section.start, section.stop, section.line + 1, self.split)

    def _read_section(
        self, section: Section, bulk: Callable[[Block, int], bool], by_line: Callable[[Lines], None]
    ) -> None:
        """Read a section chunk by chunk: in bulk if possible, else line by line."""
        number = section.line + 1
        for begin, end in chunk_ranges(self.data, section.start, section.stop):
            self.check()
            chunk = self.data[begin:end]
            whole = split_block(chunk) if self.bulk else None
            if whole is None or not bulk(whole, number):
                by_line(split_lines(chunk, 0, len(chunk), number, self.split))
            number += chunk.count(b"\n")

    # -- sections ------------------------------------------------------------------------------

    def _objective(self, section: Section) -> None:
        """Read OBJSENSE or OBJNAME, whose single word is behind the keyword or on a line of its own."""
        words = [(section.rest, section.line)] if section.rest else []
        words += [(b" ".join(fields), number) for number, fields in self._lines(section)]
        if len(words) != 1:
            line = words[1][1] if words else section.line
            raise InputError(f"section {section.key.decode()} must have one word", None, line)
        word, line = words[0]
        if section.key == b"OBJNAME":
            self.objective = words[0]
        elif word.upper() in _SENSES:
            self.maximise = _SENSES[word.upper()]
        else:
            raise InputError(f"'{printable(word)}' is not an objective sense (MIN or MAX)", None, line)

    def _rows_bulk(self, lines: Block, number: int) -> bool:
        """Read a block of lines of ROWS. Return False, without any change, if one of the lines is unusual."""
        if (lines.counts != 2).any() or self.objective:
            return False
        kinds, names = lines.tokens[::2], lines.tokens[1::2]
        kind = np.array(kinds, "S2")
        is_n_row = kind == b"N"
        if not set(kinds) <= {b"L", b"G", b"E", b"N"} or len(set(names)) < len(names):
            return False
        if not self.rows.keys().isdisjoint(names):
            return False
        rows = np.where(is_n_row, IGNORED, np.cumsum(~is_n_row) + (len(self.kinds) - 1))
        if not self.objective_found and is_n_row.any():
            self.objective_found, rows[is_n_row.argmax()] = True, OBJECTIVE
        self.rows.update(zip(names, rows.tolist(), strict=True))
        self.kinds += kind[~is_n_row].tolist()
        return True

    def _rows_by_line(self, lines: Lines) -> None:
        rows, kinds = self.rows, self.kinds
        for number, line in lines:
            fields = without_comment(line, 2, ())
            if len(fields) != 2:
                raise InputError(f"expected a row type and a name, got {len(fields)} field(s)", None, number)
            kind, name = fields
            if name in rows:
                what = "has the reserved name of markers" if rows[name] == MARKER else "is declared twice"
                raise InputError(f"row {printable(name)} {what}", None, number)
            if kind in (b"L", b"G", b"E"):
                rows[name] = len(kinds)
                kinds.append(kind)
            elif kind == b"N":
                chosen = not self.objective_found and (self.objective is None or self.objective[0] == name)
                rows[name] = OBJECTIVE if chosen else IGNORED
                self.objective_found |= chosen
            else:
                raise InputError(f"unknown row type '{printable(kind)}'", None, number)

    # -- the model -----------------------------------------------------------------------------

    def _remarks(self, head: int) -> list[Remark]:
        """Return what the author of the file may have meant otherwise.

        head    the position behind the line of the first keyword
        """
        remarks = unmentioned_columns(self.bounds.only_here) + self.bounds.remarks
        comment = None if self.maximise else _PULP_MAXIMISES.search(self.data, 0, head)
        if comment:
            what = (
                "a comment says that the objective is maximised, but comments do not count: it is minimised; "
            )
            line = self.data.count(b"\n", 0, comment.start()) + 1
            remarks.append(Remark(line, what + "to maximise it, add `OBJSENSE` and ` MAX` before ROWS"))
        return remarks

    def _model(self, remarks: list[Remark]) -> CodedModel:
        """Assemble the model from what the sections have given."""
        names = list(self.columns.index)
        rows, cols, values = self.triplets
        del self.triplets  # so that only the filtered copies below stay in memory
        numbers = self.numbers
        c = np.full(len(names), numbers.zero, np.int32)
        of_objective = rows == OBJECTIVE
        c[cols[of_objective]] = values[of_objective]
        kept = rows >= 0
        cols, values = cols[kept], values[kept]
        row_names = [name for name, row in self.rows.items() if row >= 0]
        lb, ub = self._column_bounds(names)
        row_lo, row_hi = self._row_sides(row_names)
        objective_rhs = self.rhs.given.get(OBJECTIVE)
        return CodedModel(
            name=printable(self.name, 200), maximise=self.maximise, numbers=numbers,
            offset=numbers.add(-numbers.number(objective_rhs[0])) if objective_rhs else numbers.zero, c=c,
            rows=rows[kept], cols=cols, values=values, row_lo=row_lo, row_hi=row_hi, lb=lb, ub=ub,
            integer=np.array(self.columns.integer, np.bool_),
            col_names=decode_names(names), row_names=decode_names(row_names), remarks=remarks,
        )  # fmt: skip

    def _column_bounds(self, names: list[bytes]) -> tuple[Codes, Codes]:
        numbers = self.numbers
        lb = np.full(len(names), numbers.zero, np.int32)
        ub = np.full(len(names), numbers.inf, np.int32)
        has_no_bound = np.array(self.columns.integer, np.bool_)
        for given, side in ((self.bounds.lower, lb), (self.bounds.upper, ub)):
            at = np.fromiter(given, np.int64, len(given))
            side[at] = [value for value, _ in given.values()]
            has_no_bound[at] = False
        ub[has_no_bound] = numbers.one  # an integer column without a bound is in [0, 1]
        for col in np.flatnonzero(numbers.floats(lb) > numbers.floats(ub)).tolist():
            if col in self.bounds.lower:
                line = max(self.bounds.lower[col][1], self.bounds.upper[col][1])
                raise InputError(
                    f"column '{printable(names[col])}': lower bound above upper bound", None, line
                )
            lb[col] = numbers.minus_inf  # a negative upper bound and no lower bound
        return lb, ub

    def _row_sides(self, names: list[bytes]) -> tuple[Codes, Codes]:
        rhs, ranges = self.rhs.given, self.ranges.given
        at = np.fromiter(rhs, np.int64, len(rhs))
        numbers = self.numbers
        side = np.full(len(names) + 3, numbers.zero, np.int32)  # the last three: OBJECTIVE, IGNORED, MARKER
        side[at] = [value for value, _ in rhs.values()]
        side = side[: len(names)]
        kinds = np.array(self.kinds, "S1")
        row_lo = np.where(kinds == b"L", np.int32(numbers.minus_inf), side)
        row_hi = np.where(kinds == b"G", np.int32(numbers.inf), side)
        for row, (code, line) in ranges.items():
            if row >= 0:
                span = numbers.number(numbers.bound(code))
                given_side = numbers.number(numbers.bound(int(side[row])))
                if abs(given_side) == math.inf:
                    raise InputError(
                        f"row '{printable(names[row])}': a range on an infinite side", None, line
                    )
                up = self.kinds[row] == b"G" or (self.kinds[row] == b"E" and span > 0)
                other_side = numbers.add(given_side + abs(span) if up else given_side - abs(span))
                row_lo[row], row_hi[row] = (side[row], other_side) if up else (other_side, side[row])
        for sides in (row_lo, row_hi):
            huge = np.flatnonzero(abs(numbers.floats(sides)) >= INFINITE)
            sides[huge] = [numbers.bound(code) for code in sides[huge].tolist()]
        wrong = np.flatnonzero((row_lo == numbers.inf) | (row_hi == numbers.minus_inf))
        if wrong.size:
            row = int(wrong[0])
            line = ranges.get(row, rhs.get(row, (0, 0)))[1]
            raise InputError(
                f"row '{printable(names[row])}': a side infinite in the wrong direction", None, line
            )
        return row_lo, row_hi
