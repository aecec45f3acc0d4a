"""Conversion of arrays to a `Problem`, and the names and bounds that all adapters share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import INFINITE


def from_arrays(
    c: ArrayLike, A: Any, row_lo: ArrayLike, row_hi: ArrayLike, lb: ArrayLike, ub: ArrayLike,
    integer: ArrayLike, *, offset: float = 0.0, maximise: bool = False, name: str = "",
    col_names: Sequence[str] | None = None, row_names: Sequence[str] | None = None,
) -> Problem:  # fmt: skip
    """Build a `Problem` from arrays, which are copied.

    Parameters
    ----------
    c : (n,) array_like
        Costs, in the model's own sense.
    A : (m, n) array_like or sparse matrix
        The coefficients; duplicate entries are added up.
    row_lo, row_hi : (m,) array_like
        Row sides.
    lb, ub : (n,) array_like
        Column bounds.
    integer : (n,) array_like of bool
        The integer columns.
    offset : float
        The constant of the objective, in the model's own sense.
    maximise : bool
        Whether the objective is maximised.
    name : str
        The name of the model.
    col_names, row_names : sequence of str, optional
        Names; empty and repeated ones are replaced (`unique_names`). Default: all are empty.

    Raises
    ------
    InputError
        For shapes that do not agree and for numbers that form no valid model.
    """
    matrix = sp.csr_matrix(A, dtype=np.float64, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    m, n = matrix.shape
    sign = -1.0 if maximise else 1.0
    return Problem(
        name=name,
        c=sign * np.array(c, dtype=np.float64) + 0.0,  # + 0.0 turns -0.0 into 0.0
        offset=sign * offset + 0.0,
        maximise=maximise,
        A=matrix,
        row_lo=_bounds(row_lo),
        row_hi=_bounds(row_hi),
        lb=_bounds(lb),
        ub=_bounds(ub),
        integer=np.array(integer, dtype=bool),
        col_names=unique_names([""] * n if col_names is None else col_names, "x"),
        row_names=unique_names([""] * m if row_names is None else row_names, "row"),
    )


def unique_names(names: Sequence[str], prefix: str) -> list[str]:
    """Return the names, with empty and repeated ones replaced by prefix + position.

    An underscore is appended to a replacement until it is unique.
    """
    taken, seen, unique = set(names), set(), []
    for j, name in enumerate(names):
        if not name or name in seen:
            name = f"{prefix}{j}"
            while name in taken:
                name += "_"
            taken.add(name)
        seen.add(name)
        unique.append(name)
    return unique


def _bounds(values: ArrayLike) -> Vector:
    bounds = np.array(values, dtype=np.float64)
    huge = np.abs(bounds) >= INFINITE
    bounds[huge] = np.copysign(np.inf, bounds[huge])
    return bounds
