"""Active rows, and the orthogonal projection onto the directions that they leave.

    g - M'(M M' + damping I)^+ M g

Here M'z is found by LSMR (Fong and Saunders 2011) as that which minimises ||M'z - g||^2 + damping ||z||^2.
An iteration takes one product with M and one with M'. At iterates of DP2 on ten of the paper's instances,
with 376 to 22 327 nonzeros in M, LSMR needed 11 to 90 iterations (1 to 5 ms, and 90 ms on drayage-25-23), and
701 and 757 on csched008 and mcsched (30 to 50 ms). LSQR needed as many. Conjugate gradients on M M' took half
the time where few iterations were enough, but an error of 1e-2 was left on mcsched after 500. A sparse
factorisation of M M' + 1e-10 I took 1 to 16 ms, but its fill has no bound if columns have many entries, and
the shift, which dependent rows make necessary, costs up to 1e-7 of the result.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL

LSMR_TOL = 1e-12  # relative, on the residual and on the normal equations
LSMR_ITERATIONS = 1000  # with them LSMR ends at the best point of its Krylov space


def active_rows(problem: Problem, x: Vector) -> Mask:
    """Return the rows (m,) whose activity at x (n,) is at a side, within FEASIBILITY_TOL max(1, |side|)."""
    activity = problem.A @ x
    return _at(activity, problem.row_lo) | _at(activity, problem.row_hi)


def columns_at_bounds(problem: Problem, x: Vector) -> Mask:
    """Return the columns (n,) that are at a bound in x (n,), within FEASIBILITY_TOL max(1, |bound|)."""
    return _at(x, problem.lb) | _at(x, problem.ub)


def _at(value: Vector, side: Vector) -> Mask:
    finite = np.isfinite(side)
    size = np.where(finite, side, 0.0)
    return np.asarray(finite & (np.abs(value - size) <= FEASIBILITY_TOL * np.maximum(1.0, np.abs(size))))


def null_space_part(M: sp.csr_matrix, g: Vector, damping: float = 0.0) -> Vector:
    """Return g - M'(M M' + damping I)^+ M g, with the rows of M scaled to norm 1.

    Without damping this is the orthogonal projection of g onto {d : M d = 0}, whatever the scale and the rank
    of M.

    Parameters
    ----------
    M : (k, n) CSR float64
        The rows.
    g : (n,) float64
        The vector to project.
    damping : float
        The damping, >= 0.

    Returns
    -------
    (n,) float64
        The part of g.
    """
    from scipy.sparse.linalg import lsmr  # imported here since the import takes as long as that of numpy

    squares = np.bincount(np.repeat(np.arange(M.shape[0]), np.diff(M.indptr)), M.data**2, M.shape[0])
    if not squares.any() or not g.any():
        return g.copy()
    scale = 1 / np.sqrt(np.where(squares > 0, squares, 1.0))
    M = sp.csr_matrix((M.data * np.repeat(scale, np.diff(M.indptr)), M.indices, M.indptr), shape=M.shape)
    Mt = M.T.tocsr()
    z = lsmr(
        Mt, g, damp=np.sqrt(damping), atol=LSMR_TOL, btol=LSMR_TOL, conlim=0, maxiter=LSMR_ITERATIONS
    )[0]  # fmt: skip
    return np.asarray(g - Mt @ z)
