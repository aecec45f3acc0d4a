"""The cutoff: a row that bounds the objective, which every operator treats like any other row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from diffpump.core.problem import Problem


def with_cutoff(problem: Problem, value: float) -> Problem:
    """Return the problem with c'x <= value as an additional last row, called "cutoff".

    c'x is that of the minimisation, the offset left out.
    """
    A = sp.vstack([problem.A, sp.csr_matrix(problem.c[None, :])], format="csr")
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    return replace(
        problem,
        A=A,
        row_lo=np.append(problem.row_lo, -np.inf),
        row_hi=np.append(problem.row_hi, value),
        row_names=[*problem.row_names, "cutoff"],
    )
