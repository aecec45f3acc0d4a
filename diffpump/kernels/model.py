"""A problem as kernels take it: its matrix by rows and by columns, rows scaled, the objective as a last row.

Row i of the file divided by its largest |a_ij| is row i here, so that violations of different rows compare;
`row_tol` is the file's 1e-6 in the scaled row's unit. The last row, number m, is c'x <= row_hi[m]: infinite
until a caller that has a solution lowers it, and the same for every kernel.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL

Index = NDArray[np.int32]


class Model(NamedTuple):
    """Arrays only. `row_*` (m + 1 rows, the objective's last), `col_*`: the same entries by columns.

    row_start (m + 2,) int64, row_col (nnz,) int32, row_val (nnz,); col_start (n + 1,) int64, col_row,
    col_val; row_lo, row_hi, row_tol (m + 1,); lb, ub (n,) with +-inf, integer (n,) bool, cost (n,) unscaled.
    Bounds of integer columns are integers.
    """

    row_start: NDArray[np.int64]
    row_col: Index
    row_val: Vector
    col_start: NDArray[np.int64]
    col_row: Index
    col_val: Vector
    row_lo: Vector
    row_hi: Vector
    row_tol: Vector
    lb: Vector
    ub: Vector
    integer: NDArray[np.bool_]
    cost: Vector


def model(problem: Problem) -> Model:
    """The problem's model; arrays that callers may change (bounds, sides) are its own."""
    matrix = sp.vstack([problem.A, sp.csr_matrix(problem.c[None, :])], format="csr")
    matrix.eliminate_zeros()
    largest = np.zeros(matrix.shape[0])
    entries = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    np.maximum.at(largest, entries, np.abs(matrix.data))
    scale = np.where(largest > 0, 1.0 / np.where(largest > 0, largest, 1.0), 1.0)
    matrix.data = matrix.data * scale[entries]
    by_column = matrix.tocsc()
    lb, ub, integer = problem.lb.copy(), problem.ub.copy(), problem.integer
    lb[integer], ub[integer] = np.ceil(lb[integer] - 1e-9), np.floor(ub[integer] + 1e-9)
    return Model(
        row_start=matrix.indptr.astype(np.int64),
        row_col=matrix.indices.astype(np.int32),
        row_val=matrix.data.astype(np.float64),
        col_start=by_column.indptr.astype(np.int64),
        col_row=by_column.indices.astype(np.int32),
        col_val=by_column.data.astype(np.float64),
        row_lo=np.append(problem.row_lo, -np.inf) * scale,
        row_hi=np.append(problem.row_hi, np.inf) * scale,
        row_tol=FEASIBILITY_TOL * scale,
        lb=lb,
        ub=ub,
        integer=integer.copy(),
        cost=problem.c.copy(),
    )
