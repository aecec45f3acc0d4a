"""The result of parsing a model file, with every number stored as a code, and remarks on the file.

The float64 value of a code is available at once. Its exact rational is computed only on request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.parsed import ParsedModel
from diffpump.io.numbers import Codes, Numbers, printable


class Remark(NamedTuple):
    """A sentence on a line of a valid file whose author may have meant something else."""

    line: int
    text: str


def unmentioned_columns(lines: dict[bytes, int]) -> list[Remark]:
    """Return a remark if there are columns in neither the objective nor a row. `lines` has them by name."""
    if not lines:
        return []
    name, line = next(iter(lines.items()))
    others = f", like {len(lines) - 1} more" if len(lines) > 1 else ""
    return [Remark(line, f"column '{printable(name)}' has bounds but no entries{others}")]


@dataclass(frozen=True, eq=False)
class CodedModel:
    """A `ParsedModel` (same fields, shapes and sense) whose numbers are codes into the table `numbers`."""

    name: str
    maximise: bool
    numbers: Numbers
    offset: int
    c: Codes
    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: Codes
    row_lo: Codes
    row_hi: Codes
    lb: Codes
    ub: Codes
    integer: NDArray[np.bool_]
    col_names: list[str]
    row_names: list[str]
    remarks: list[Remark] = field(default_factory=list)

    def exact(self) -> ParsedModel:
        """Return the model in the exact numbers of the file. Every call returns the same object."""
        return self._exact

    @cached_property
    def _exact(self) -> ParsedModel:
        table = self.numbers.table()
        return ParsedModel(
            name=self.name, maximise=self.maximise, offset=table[self.offset], c=table[self.c],
            rows=self.rows, cols=self.cols, values=table[self.values],
            row_lo=table[self.row_lo], row_hi=table[self.row_hi], lb=table[self.lb], ub=table[self.ub],
            integer=self.integer, col_names=self.col_names, row_names=self.row_names,
        )  # fmt: skip
