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

    Numbers are int or Fraction in object arrays. Bounds and sides of at least 1e20 in absolute value are
    float +-inf.

    Attributes
    ----------
    name : str
        The name of the model.
    maximise : bool
        Whether the objective is maximised. `c` and `offset` are not negated then.
    offset : int or Fraction
        The constant of the objective, in the file's own sense.
    c : (n,) object
        The costs, in the file's own sense.
    rows, cols, values : (nnz,) int32, int32, object
        The coefficients as triplets, without duplicates.
    row_lo, row_hi : (m,) object
        The row sides.
    lb, ub : (n,) object
        The column bounds.
    integer : (n,) bool
        The integer columns.
    col_names, row_names : list of str
        The names in column and row order.
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
