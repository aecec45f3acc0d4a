"""What a reader hands on: a model in either arithmetic.

With ``exact=False`` numbers are float64 and `problem()` makes the `Problem`. With ``exact=True`` the
same reader keeps every number as the rational that the file's decimal text denotes (`0.1` is 1/10), in
object arrays of `fractions.Fraction` (infinite bounds are float +-inf); that is what `check` verifies
against. Both come from one parser, so a model and its proof cannot disagree on what a file means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ParsedModel:
    """A parsed model. `rows`, `cols` (int32), `values` are the coefficients as triplets, no duplicates.

    `c` and `offset` are in the FILE's sense (not negated when `maximise`); numbers are float64, or
    Fraction objects when `exact`. Bounds at or beyond 1e20 in absolute value are +-inf.
    """

    name: str
    maximise: bool
    exact: bool
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
