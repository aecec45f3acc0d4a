"""Random small models with all kinds of columns and rows and a feasible point, for laws of kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem

Draw = st.DrawFn


@st.composite
def feasible_models(draw: Draw, whole: bool = False) -> tuple[Problem, Vector]:
    """Draw a problem of up to 6 rows and 6 columns and a feasible point (n,).

    Columns may be binary, general integer (also with negative values), continuous, free, fixed and empty.
    Rows may be equalities, ranges, one-sided, free and empty, and there may be none. With `whole` all columns
    are bounded integers.
    """
    m, n = draw(st.integers(0, 6)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    A = np.where(rng.random((m, n)) < rng.random(), rng.integers(-4, 5, (m, n)), 0) * 10.0 ** rng.integers(
        -2, 3, (m, 1)
    )
    integer = rng.random(n) < (1.0 if whole else 0.7)
    lb = rng.integers(-3, 1, n).astype(float)
    ub = lb + rng.integers(0, 5, n)
    binary = integer & (rng.random(n) < 0.5)
    lb[binary], ub[binary] = 0.0, 1.0
    x = np.where(integer, np.rint(rng.uniform(lb, ub)), rng.uniform(lb, ub))
    if not whole:
        lb[~binary & (rng.random(n) < 0.2)] = -np.inf
        ub[~binary & (rng.random(n) < 0.2)] = np.inf
    activity = A @ x
    below, above = (rng.choice([0.0, 0.5, 3.0, np.inf], m) * np.abs(A).max(1, initial=1.0) for _ in "lu")
    return small(
        rng.integers(-5, 6, n).astype(float), A, activity - below, activity + above, lb, ub, integer
    ), x


def small(c: Vector, A: Any, row_lo: Vector, row_hi: Vector, lb: Vector, ub: Vector, integer: Any) -> Problem:
    """Return a minimisation problem from arrays, with names x0, x1, ... and r0, r1, ..."""
    matrix = sp.csr_matrix(np.asarray(A, dtype=float).reshape(len(row_lo), len(c)))
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    arrays = (np.asarray(v, dtype=float) for v in (row_lo, row_hi, lb, ub))
    return Problem(
        "small", np.asarray(c, dtype=float), 0.0, False, matrix, *arrays, np.asarray(integer, dtype=bool),
        [f"x{j}" for j in range(len(c))], [f"r{i}" for i in range(len(row_lo))],
    )  # fmt: skip
