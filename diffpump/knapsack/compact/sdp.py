"""Semidefinite programs over X, by SCS or Clarabel, and certified lower bounds from their multipliers.

The program has the entries X_ij, i <= j, as variables:

    min c'X   s.t.  rows,   Y = [1 diag(X)'; diag(X) X] positive semidefinite.

For multipliers u >= 0 of the rows and a matrix Z (n + 1, n + 1), with r = c - rows' u,

    c'X >= side'u + r'X = side'u - Z_00 + <Z, Y>   if <Z, Y> = Z_00 + r'X for all X,

that is if 2 Z_ij = r_ij for i < j and Z_ii + 2 Z_0i = r_ii. Whatever a solver returns, u is clipped to u >= 0
and Z is set so that these equations hold up to rounding. Its least eigenvalue is at least -delta by a
Cholesky factorisation with a proven error (Rump 2006), and the trace of Y is at most n + 1 since
X_ii = x_i <= 1. So

    bound = side'u - Z_00 - delta (n + 1) - the errors of r, since |X_ij| <= 1,

is a lower bound, rounded down. Where a violation of a row has a price, its multiplier is at most that.

Source: Rump, Verification of positive definiteness (BIT Numerical Mathematics 46, 2006).
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array
from diffpump.knapsack.compact.rows import Rows, diagonal, place, size

EPS = float(np.finfo(np.float64).eps)
SOLVERS = ("scs", "clarabel")


@dataclass(frozen=True, eq=False)
class SdpPoint:
    """What a solver returns, whatever its quality.

    Attributes
    ----------
    entries : (N,) float64
        The entries of X.
    value : float
        The objective there.
    multipliers : (m,) float64
        Those of the rows.
    Z : (n + 1, n + 1) float64
        That of the semidefinite constraint.
    status : str
        How the solver ended.
    iterations : int
        Its iterations.
    warm : tuple or None
        The solver's point, for a warm start of a program with further rows.
    penalty : (m,) float64 or None
        As of `solve_sdp`.
    """

    entries: Array
    value: float
    multipliers: Array
    Z: Array
    status: str
    iterations: int
    warm: tuple[Array, Array, Array] | None = None
    penalty: Array | None = None


def solve_sdp(
    n: int, cost: Array, rows: Rows, solver: str = "scs", tolerance: float = 1e-5,
    seconds: float = math.inf, warm: tuple[Array, Array, Array] | None = None, penalty: Array | None = None,
) -> SdpPoint:  # fmt: skip
    """Solve the program by SCS (a first-order method, warm-started) or Clarabel (an interior-point method).

    Parameters
    ----------
    n : int
        The number of items.
    cost : (N,) float64
        c.
    rows : Rows
        The rows.
    solver, tolerance, seconds
        The solver, its tolerance, and a limit on its wall seconds.
    warm : tuple, optional
        `SdpPoint.warm` of a program with the first of these rows.
    penalty : (m,) float64, optional
        What a violation of each row costs, inf where a row must hold.

    Raises
    ------
    UsageError
        If the solver is unknown or not installed, or returns no point.
    """
    if solver not in SOLVERS:
        raise UsageError(f"solver must be one of {', '.join(SOLVERS)}, got {solver!r}")
    try:
        module = importlib.import_module(solver)
    except ModuleNotFoundError:
        raise UsageError(f"this needs {solver}: pip install 'diffpump[sdp]'") from None
    elastic = np.empty(0, np.intp) if penalty is None else np.flatnonzero(np.isfinite(penalty))
    M, constant = _cone(n, lower=solver == "scs")
    m, k = len(rows), elastic.size
    parts: list[Any] = [-rows.matrix, -M]
    if k:
        relief = sp.csr_array((-np.ones(k), (elastic, np.arange(k))), shape=(m, k))
        own = sp.hstack([sp.csr_array((k, size(n))), -sp.eye_array(k)])
        parts = [sp.hstack([-rows.matrix, relief]), own, sp.hstack([-M, sp.csr_array((M.shape[0], k))])]
    A = sp.csc_matrix(sp.vstack(parts))
    b = np.concatenate((-rows.side, np.zeros(k), constant))
    full = cost if penalty is None else np.append(cost, penalty[elastic])
    call = _scs if solver == "scs" else _clarabel
    x, y, status, iterations, kept = call(module, A, b, full, m + k, n + 1, tolerance, seconds, warm)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise UsageError(f"{solver} ended without a point ({status})")
    Z = _matrix(y[m + k :], n, lower=solver == "scs")
    return SdpPoint(x[: size(n)], float(full @ x), y[:m], Z, status, iterations, kept, penalty)


def lower_bound(n: int, cost: Array, rows: Rows, point: SdpPoint) -> float:
    """Return a proven lower bound on c'X."""
    u = np.maximum(point.multipliers, 0.0)
    if point.penalty is not None:
        u = np.minimum(u, point.penalty)
    taken = rows.matrix.T @ u
    magnitude = np.abs(cost) + abs(rows.matrix).T @ u
    terms = np.bincount(rows.matrix.indices, minlength=size(n)) + 3
    reduced = cost - taken
    error = terms * EPS * magnitude * 1.01
    Z = np.array(point.Z)
    i, j = np.triu_indices(n, 1)
    ends = diagonal(n)
    Z[i + 1, j + 1] = Z[j + 1, i + 1] = reduced[place(i.astype(np.int64), j.astype(np.int64), n)] / 2.0
    every = np.arange(1, n + 1)
    Z[0, every] = Z[every, 0] = (point.Z[0, 1:] + point.Z[1:, 0]) / 2.0
    Z[every, every] = reduced[ends] - 2.0 * Z[0, 1:]
    error[ends] += 2.0 * EPS * (np.abs(reduced[ends]) + 2.0 * np.abs(Z[0, 1:]))
    # Z_00 is free: the value at which Z is singular, as in the optimum, or nearly so.
    Z[0, 0] = max(float(point.Z[0, 0]), 0.0)
    delta = _least_shift(Z)
    products = rows.side * u
    value = math.fsum(products) - Z[0, 0] - delta * (n + 1)
    rounding = EPS * (float(np.abs(products).sum()) + abs(Z[0, 0]) + delta * (n + 1) + abs(value)) * 4
    return float(np.nextafter(value - (float(error.sum()) + rounding) * 1.01, -np.inf))


def _least_shift(Z: Array) -> float:
    """Return a small delta >= 0 for which Z + delta I is proven to be positive semidefinite."""
    least = float(np.linalg.eigvalsh(Z)[0])
    scale = float(np.abs(Z).max(initial=1e-300))
    delta = max(0.0, -least) + 1e-13 * scale * len(Z)
    while delta < math.inf:
        if _is_definite(Z + delta * np.eye(len(Z)), EPS * (scale + delta)):
            return delta
        delta *= 2.0
    return delta


def _is_definite(A: Array, error: float) -> bool:
    """Return whether a floating-point Cholesky factorisation proves that A is positive semidefinite.

    error   of each diagonal entry of A

    The factorisation of A - s I succeeds for s = gamma / (1 - gamma) trace(A) plus the errors only if A is
    positive definite, gamma = (n + 2) eps / (1 - (n + 2) eps).
    """
    n = len(A)
    gamma = (n + 2) * EPS / (1.0 - (n + 2) * EPS)
    shift = 1.1 * (gamma / (1.0 - gamma) * float(np.trace(A)) + error) + n * 1e-300
    try:
        np.linalg.cholesky(A - shift * np.eye(n))
    except np.linalg.LinAlgError:
        return False
    return True


def _cone(n: int, lower: bool) -> tuple[sp.csc_array, Array]:
    """Return (M, constant) with svec(Y) = M X + constant, the off-diagonal scaled by sqrt(2).

    lower   whether columns of the lower triangle are stacked (SCS), or columns of the upper one (Clarabel)
    """
    a, b = np.triu_indices(n + 1)  # row by row of the upper triangle, which is column by column of the lower
    if not lower:
        order = np.lexsort((a, b))
        a, b = a[order], b[order]
    scale = np.where(a == b, 1.0, math.sqrt(2.0))
    first = (a == 0) & (b == 0)
    i = np.where(a == 0, b - 1, a - 1)  # Y_0j is X_jj
    column = place(np.maximum(i, 0).astype(np.int64), np.maximum(b - 1, 0).astype(np.int64), n)
    rows = np.flatnonzero(~first)
    M = sp.csc_array((scale[rows], (rows, column[rows])), shape=(a.size, size(n)))
    return M, first.astype(np.float64)


def _matrix(vector: Array, n: int, lower: bool) -> Array:
    """Return the symmetric matrix (n + 1, n + 1) of a scaled vector."""
    a, b = np.triu_indices(n + 1)
    if not lower:
        order = np.lexsort((a, b))
        a, b = a[order], b[order]
    Z = np.empty((n + 1, n + 1))
    Z[a, b] = Z[b, a] = vector / np.where(a == b, 1.0, math.sqrt(2.0))
    return Z


Solved = tuple[Array, Array, str, int, "tuple[Array, Array, Array] | None"]  # x, y, status, iterations, warm


def _scs(
    scs: Any, A: sp.csc_matrix, b: Array, cost: Array, linear: int, order: int, tolerance: float,
    seconds: float, warm: tuple[Array, Array, Array] | None,
) -> Solved:  # fmt: skip
    limit = {} if math.isinf(seconds) else {"time_limit_secs": max(seconds, 1e-3)}  # 0 would stand for none
    solver = scs.SCS(
        {"A": A, "b": b, "c": cost}, {"l": linear, "s": [order]}, verbose=False, eps_abs=tolerance,
        eps_rel=tolerance, **limit,
    )  # fmt: skip
    start = {}
    if warm is not None:  # rows that were appended since start with zeros
        x, y, s = warm
        cone = order * (order + 1) // 2
        split, added = y.size - cone, b.size - y.size
        longer = (np.concatenate((one[:split], np.zeros(added), one[split:])) for one in (y, s))
        start = dict(zip("xys", (x, *longer), strict=True))
    found = solver.solve(warm_start=warm is not None, **start)
    info = found["info"]
    return found["x"], found["y"], info["status"], int(info["iter"]), (found["x"], found["y"], found["s"])


def _clarabel(
    clarabel: Any, A: sp.csc_matrix, b: Array, cost: Array, linear: int, order: int, tolerance: float,
    seconds: float, warm: tuple[Array, Array, Array] | None,
) -> Solved:  # fmt: skip
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = min(tolerance, 1e-7)
    if not math.isinf(seconds):
        settings.time_limit = seconds
    cones = [clarabel.NonnegativeConeT(linear), clarabel.PSDTriangleConeT(order)]
    P = sp.csc_matrix((cost.size, cost.size))
    try:
        found = clarabel.DefaultSolver(P, cost, A, b, cones, settings).solve()
    except BaseException as error:  # a panic of its native code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise UsageError("clarabel failed on these numbers; scale them, or try scs") from None
    return np.array(found.x), np.array(found.z), str(found.status), int(found.iterations), None
