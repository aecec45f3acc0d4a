"""The problem with its objective bounded, by one more row: every operator sees it as it sees the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from diffpump.core.problem import Problem


def with_cutoff(problem: Problem, value: float) -> Problem:
    """The problem with c'x <= value, row number m, of the minimisation and without the offset."""
    A = sp.vstack([problem.A, sp.csr_matrix(problem.c[None, :])], format="csr")
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    return replace(
        problem,
        A=A,
        row_lo=np.append(problem.row_lo, -np.inf),
        row_hi=np.append(problem.row_hi, value),
        row_names=[*problem.row_names, "cutoff"],
    )
