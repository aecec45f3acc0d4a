"""The parsed model: its numbers are the rationals that the decimal texts in the file denote.

The text `0.1` becomes 1/10. `verify.check` checks solutions against this model, and `io.read.to_problem`
rounds it to float64 for the search, so the search and the proof read a file in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ParsedModel:
    """A model in exact numbers.

    rows, cols, values  the coefficients as triplets (int32, int32, object), without duplicates
    c, offset           in the file's own sense: they are not negated if `maximise`

    Numbers are int or Fraction in object arrays. Bounds and sides of at least 1e20 in absolute value are
    float +-inf.
    """

    name: str
    maximise: bool
    offset: Any
    c: NDArray[Any]
    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    values: NDArray[Any]
    row_lo: NDArray[Any]
    row_hi: NDArray[Any]
    lb: NDArray[Any]
    ub: NDArray[Any]
    integer: NDArray[np.bool_]
    col_names: list[str]
    row_names: list[str]
