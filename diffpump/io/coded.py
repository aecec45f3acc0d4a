"""The result of parsing a model file, with every number stored as a code.

The float64 value of a code is available at once. Its exact rational is computed only on request.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diffpump.core.parsed import ParsedModel
from diffpump.io.numbers import Codes, Numbers


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
