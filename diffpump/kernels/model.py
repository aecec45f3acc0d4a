"""A problem in the form that kernels take: the matrix by rows and by columns, scaled rows, an objective row.

Row i is row i of the file divided by its largest |a_ij|, so that violations of different rows are comparable;
`row_tol` is the file's tolerance of 1e-6 in the unit of the scaled row. The last row, number m, is the cutoff
c'x <= row_hi[m], scaled likewise. Its side is infinite until a caller that has a solution lowers it. All
kernels follow this convention.
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
BOUND_TOL = 1e-9  # an integer column's bound may lie this far beyond an integer and still round to it


class Model(NamedTuple):
    """A problem of m rows and n columns as plain arrays; float64 unless another type is named.

    row_start, row_col, row_val   the scaled entries by rows, the objective row last: (m + 2,) int64,
                                  (nnz,) int32, (nnz,)
    col_start, col_row, col_val   the same entries by columns: (n + 1,) int64, (nnz,) int32, (nnz,)
    row_lo, row_hi, row_tol       sides and tolerances of the scaled rows (m + 1,); sides may be infinite
    lb, ub                        bounds (n,), integers on integer columns, or infinite
    integer                       (n,) bool
    cost                          c (n,), unscaled
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
    """Return the model of a problem.

    The arrays are copies, so callers may change the bounds and sides.
    """
    matrix = sp.vstack([problem.A, sp.csr_matrix(problem.c[None, :])], format="csr")
    matrix.eliminate_zeros()
    largest = np.zeros(matrix.shape[0])
    entries = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    np.maximum.at(largest, entries, np.abs(matrix.data))
    scale = np.where(largest > 0, 1.0 / np.where(largest > 0, largest, 1.0), 1.0)
    matrix.data = matrix.data * scale[entries]
    by_column = matrix.tocsc()
    lb, ub, integer = problem.lb.copy(), problem.ub.copy(), problem.integer
    lb[integer], ub[integer] = np.ceil(lb[integer] - BOUND_TOL), np.floor(ub[integer] + BOUND_TOL)
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
