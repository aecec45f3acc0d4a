"""The content of a solution file, its lines, and the collector that every reader of a style fills.

A reader gives each value to a `Collector` as soon as it is read. Values of names that the model does not have
are counted and not stored, so a file needs no more memory than the model's own columns.

Only ASCII blanks and tabs separate the fields of a line. The blanks of Unicode are part of a name, as they
are in the model readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from diffpump.core.errors import InputError
from diffpump.io.numbers import printable
from diffpump.io.read import BYTE_ORDER_MARK
from diffpump.verify.exact import number

Values = Mapping[str, Fraction | int | str]
BLANKS = " \t\r"  # a carriage return ends the lines of Windows
# Words of a status that mean "there is no solution". "(no integer solution - continuous used)" has none.
_DENIAL = re.compile(r"\b(?:infeasible|undefined|empty|no solution)\b|^(?:none|=\w+=)$", re.IGNORECASE)


@dataclass(frozen=True)
class SolutionFile:
    """The content of a solution file.

    Attributes
    ----------
    values : mapping of str to Fraction, int or str
        Exact values by column name; verification takes an absent column for 0.
    objective : str or None
        The text of the objective that the file claims.
    style : str
        "miplib", "highs", "scip", "cbc", "glpk", "plain", "cplex" or "json".
    status : str or None
        The status in the file's own words.
    denied_at : int or None
        The line at which the file says that it holds no solution; None if it does not say so.
    unknown : int
        The number of names that are no columns of the model. They are not in `values`.
    first_unknown : str or None
        The first of them.
    nonzero_unknown : str or None
        The first of them with a value other than 0.
    """

    values: Values
    objective: str | None
    style: str
    status: str | None = None
    denied_at: int | None = None
    unknown: int = 0
    first_unknown: str | None = None
    nonzero_unknown: str | None = None

    @property
    def denial(self) -> InputError:
        """The refusal of a file that says that it holds no solution."""
        says = f"the file says: {shown(str(self.status))}"
        return InputError(f"{says}; it holds no solution", line=self.denied_at)


def shown(name: str) -> str:
    """Return a name for a message: printable, on one line, and not too long."""
    return printable(name.encode("utf-8", "surrogatepass"))


class Lines:
    """The lines of a file, decoded one at a time: an iterable of the number (from 1) and the text.

    encoding   UTF-8 if the whole file is valid UTF-8, else Latin-1, as the model readers decode names
    """

    def __init__(self, data: bytes) -> None:
        self.data = data.removeprefix(BYTE_ORDER_MARK)
        try:
            self.data.decode()
            self.encoding = "utf-8"
        except UnicodeDecodeError:
            self.encoding = "latin-1"

    def __iter__(self) -> Iterator[tuple[int, str]]:
        at, line, data = 0, 0, self.data
        while at < len(data):
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            line += 1
            yield line, data[at:end].decode(self.encoding)
            at = end + 1

    def stripped(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not blank, without the blanks around them."""
        for line, text in self:
            if text := text.strip(BLANKS):
                yield line, text

    @property
    def count(self) -> int:
        """The number of the last line, at least 1."""
        return self.data.count(b"\n") + 1


class Collector:
    """Collects what a reader finds in a solution file.

    columns   the model's column names in its order, or None if the model is not known; then every name is
              stored
    rows      its row names
    """

    def __init__(self, columns: Sequence[str] | None, rows: Sequence[str] = ()) -> None:
        self.columns, self.rows = columns, rows
        self.objective: str | None = None
        self.status: str | None = None
        self.denied_at: int | None = None
        self.values: dict[str, Fraction | int] = {}
        self._known = None if columns is None else frozenset(columns)
        self._unknown = 0
        self._first_unknown: str | None = None
        self._nonzero_unknown: str | None = None

    @property
    def names(self) -> int:
        """The number of names so far."""
        return len(self.values) + self._unknown

    def is_column(self, name: str) -> bool:
        """Return whether the model is known to have a column of this name."""
        return self._known is not None and name in self._known

    @cached_property
    def _row_names(self) -> frozenset[str]:
        return frozenset(self.rows)

    def is_row(self, name: str) -> bool:
        """Return whether the model is known to have a row of this name, and no such column."""
        return name in self._row_names and not self.is_column(name)

    def add(self, line: int, name: str, text: str) -> None:
        """Add a column's value. Raises InputError for a second value and for a text that is not a number."""
        if name in self.values:
            raise InputError(f"column {shown(name)} has a second value", line=line)
        try:
            value = number(text)
        except InputError as refusal:
            raise InputError(f"column {shown(name)}: {refusal.reason}", line=line) from None
        if self._known is None or name in self._known:
            self.values[name] = value
            return
        self._unknown += 1
        if self._first_unknown is None:
            self._first_unknown = name
        if value and self._nonzero_unknown is None:
            self._nonzero_unknown = name

    def says(self, line: int, status: str) -> None:
        """Record the status line of the file, and that the file holds no solution if the line says so."""
        self.status = status if self.status is None else self.status
        if _DENIAL.search(status):
            self.deny(line, status)

    def deny(self, line: int, status: str) -> None:
        """Record the first line that denies a solution; later ones change nothing."""
        self.status = self.status or status
        self.denied_at = self.denied_at or line

    def file(self, style: str) -> SolutionFile:
        """Return the content, as that of a file in the given style."""
        return SolutionFile(
            self.values, self.objective, style, self.status, self.denied_at,
            self._unknown, self._first_unknown, self._nonzero_unknown,
        )  # fmt: skip


def name_and_value(line: int, text: str) -> tuple[str, str]:
    """Split a line without outer blanks into a column name, which may contain blanks, and a value."""
    fields = split_last(text)
    if fields is None:
        raise InputError("expected a column name and a value", line=line)
    return fields


def split_last(text: str) -> tuple[str, str] | None:
    """Return what is before the last blanks of a text, and its last field; None if it has one field only."""
    cut = max(text.rfind(" "), text.rfind("\t"))
    return None if cut < 0 else (text[:cut].rstrip(BLANKS), text[cut + 1 :])
