"""What a reader hands on: a model whose numbers are the rationals that the file's decimal texts denote.

`0.1` is 1/10. `check` verifies against this; `read.to_problem` rounds it to float64 for the search, so a
model and its proof cannot disagree on what a file means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ParsedModel:
    """A parsed model. `rows`, `cols` (int32), `values` are the coefficients as triplets, no duplicates.

    `c` and `offset` are in the FILE's sense (not negated when `maximise`). Numbers are int or Fraction in
    object arrays; bounds and sides at or beyond 1e20 in absolute value are float +-inf.
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
