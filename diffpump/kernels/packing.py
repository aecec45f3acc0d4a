"""The greedy choice of rows that share no column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask
from diffpump.kernels.compile.jit import kernel


@kernel
def choose_disjoint(
    order: NDArray[np.int64], start: NDArray[np.int64], columns: NDArray[np.int64], used: Mask, chosen: Mask
) -> None:
    """Choose each row, in order, that has no column of a row chosen before.

    Parameters
    ----------
    order : (k,) int64
        The rows in the order in which they are tried.
    start : (k + 1,) int64
        Row i has the columns start[i] to start[i + 1].
    columns : (nonzeros,) int64
        The columns of all rows.
    used : (n,) bool
        Whether a chosen row has the column; false at first.
    chosen : (k,) bool
        Whether the row is chosen; false at first.
    """
    for i in order:
        free = True
        for k in range(start[i], start[i + 1]):
            free = free and not used[columns[k]]
        if free:
            chosen[i] = True
            for k in range(start[i], start[i + 1]):
                used[columns[k]] = True
