"""Relaxations of the compact knapsack, each with a certified lower bound.

    lp             the linear relaxation, m_ij (x_i + x_j - 1) <= sum_{i < k < j} x_k
    naive          X for xx', Y = [1 diag(X)'; diag(X) X] positive semidefinite, and compactness rows
                   m_ij X_ij <= sum_{i < k < j} X_kk
    strengthened   naive with bounds of X_ij, triangles, and products of the weight row (`rows`)
    penalised      lambda times the left minus the right sides of these rows in the objective, not as rows
    penalised-strengthened   penalised with the further rows of strengthened
    penalised-linear         the same penalty of the linear rows, m_ij (X_ii + X_jj - 1) - sum X_kk
    penalised-slack          lambda times the violations of the rows alone, max(0, m_ij X_ij - sum X_kk)

A penalty is at most 0 at every choice, so that the penalised optimum is a lower bound, too. The rows of
`strengthened` are added in rounds, the most violated ones first. With `covers`, cuts of insufficient sets are
added as well (`covers`).

Source: Knapsack with compactness: a semidefinite approach. The last two are our reading of its Remark 2.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from diffpump.core.errors import UsageError
from diffpump.knapsack.base import Array, duration, number
from diffpump.knapsack.compact import rows as r
from diffpump.knapsack.compact.instance import Compact
from diffpump.knapsack.compact.sdp import EPS, lower_bound, solve_sdp
from diffpump.knapsack.covers import separate

Integers = NDArray[np.int64]
KINDS = (
    "lp", "naive", "strengthened", "penalised", "penalised-strengthened", "penalised-linear",
    "penalised-slack",
)  # fmt: skip
MOST_ITEMS = 250  # items of a semidefinite relaxation, whose X has 31 375 entries
ROUNDS = 30  # of added rows
ADDED = 10  # rows that are added in a round, for each item
ROW_VIOLATION, LINEAR_VIOLATION = 1e-3, 1e-7  # of a row that is added


@dataclass(eq=False)
class Relaxed:
    """The outcome of a relaxation.

    Attributes
    ----------
    kind : str
        The relaxation.
    x : (n,) float64
        The point, the diagonal of X, within [0, 1].
    value : float
        The solver's objective at its point, which may be below the relaxation's optimum.
    bound : float
        A certified lower bound on the optimum of the instance.
    seconds : float
        Wall seconds.
    rounds : int
        Programs that were solved.
    iterations : int
        Iterations of the solver in all of them.
    sets : list of (k,) int64
        The insufficient sets whose cuts were added.
    status : str
        How the solver ended the last program.
    """

    kind: str
    x: Array
    value: float
    bound: float
    seconds: float
    rounds: int
    iterations: int
    sets: list[Integers] = field(default_factory=list)
    status: str = ""


def relax(
    instance: Compact, kind: str = "penalised", lam: float = 1.0, covers: bool = False, solver: str = "scs",
    tolerance: float = 1e-5, seconds: float = 60.0, scale: bool = True,
) -> Relaxed:  # fmt: skip
    """Solve a relaxation.

    Parameters
    ----------
    instance : Compact
        The instance.
    kind : str
        The relaxation, one of `KINDS`.
    lam : float
        lambda, >= 0. Item k appears in about k (n - k) pairs, hence `scale`.
    covers : bool
        Whether cuts of insufficient sets are added.
    solver : {"scs", "clarabel"}
        The semidefinite solver.
    tolerance : float
        Its tolerance; Clarabel takes at most 1e-7.
    seconds : float
        Wall seconds after which no further round begins; the solver's own limit is what is left, but at least
        one second.
    scale : bool
        Whether lambda is multiplied by 4 / n^2.

    Raises
    ------
    UsageError
        For other arguments, without the solver, and beyond `MOST_ITEMS` items of a semidefinite relaxation.
    """
    if kind not in KINDS:
        raise UsageError(f"the relaxation must be one of {', '.join(KINDS)}, got {kind!r}")
    if not 0 <= number(lam) < math.inf:
        raise UsageError(f"lambda must be a finite number >= 0, got {lam!r}")
    if not 0 <= number(tolerance) < math.inf:
        raise UsageError(f"the tolerance must be a finite number >= 0, got {tolerance!r}")
    seconds = duration(seconds)
    if kind == "lp":
        return _linear(instance, covers, seconds)
    if instance.n > MOST_ITEMS:
        raise UsageError(f"a semidefinite relaxation takes up to {MOST_ITEMS} items, got {instance.n}")
    factor = lam * (4.0 / instance.n**2 if scale else 1.0)
    return _semidefinite(instance, kind, factor, covers, solver, tolerance, seconds)


def _semidefinite(
    instance: Compact, kind: str, factor: float, covers: bool, solver: str, tolerance: float, seconds: float
) -> Relaxed:
    began, n = time.perf_counter(), instance.n
    cost, offset, rounding, rows, penalty = _program(instance, kind, factor)
    pool = r.stacked([r.bounds(n), r.lifted_weights(instance)]) if "strengthened" in kind else None
    added = np.zeros(0 if pool is None else len(pool), bool)
    out = Relaxed(kind, np.zeros(n), np.nan, -np.inf, 0.0, 0, 0)
    warm = None
    while True:
        left = max(1.0, seconds - (time.perf_counter() - began))
        try:
            point = solve_sdp(n, cost, rows, solver, tolerance, left, warm, penalty)
        except UsageError as error:
            if out.rounds == 0:
                raise
            out.status = str(error)  # the bound and the point of the round before remain
            return out
        warm, out.status = point.warm, point.status
        out.rounds, out.iterations = out.rounds + 1, out.iterations + point.iterations
        bound = offset - rounding + lower_bound(n, cost, rows, point)
        out.bound = max(out.bound, float(np.nextafter(bound - 2 * EPS * abs(bound), -np.inf)))
        out.x, out.value = np.clip(point.entries[r.diagonal(n)], 0.0, 1.0), point.value + offset
        new = [] if pool is None else _violated(n, pool, added, point.entries)
        if covers and (items := separate(instance.weights, instance.least, out.x)) is not None:
            out.sets.append(items)
            new.append(r.insufficient(n, items))
        out.seconds = time.perf_counter() - began
        if not new or out.rounds >= ROUNDS or out.seconds > seconds:
            return out
        rows = r.stacked([rows, *new])
        if penalty is not None:
            penalty = np.append(penalty, np.full(len(rows) - penalty.size, np.inf))


def _violated(n: int, pool: r.Rows, added: NDArray[np.bool_], entries: Array) -> list[r.Rows]:
    """Return the most violated rows of a pool that were not added yet, and of the triangles."""
    lack = np.where(added, -np.inf, pool.violations(entries))
    chosen = np.argsort(-lack, kind="stable")[: ADDED * n]
    chosen = chosen[lack[chosen] > ROW_VIOLATION]
    added[chosen] = True
    triangles = r.triangles(n, entries, ROW_VIOLATION, ADDED * n)
    return [part for part in (pool[chosen], triangles) if len(part)]


def _program(instance: Compact, kind: str, factor: float) -> tuple[Array, float, float, r.Rows, Array | None]:
    """Return the cost (N,), the constant, the error of both, the first rows, and the rows' penalties.

    The error is a bound on what rounding changes in the objective, since all |X_ij| <= 1.
    """
    cost = np.zeros(r.size(instance.n))
    cost[r.diagonal(instance.n)] = instance.costs
    weight, compact = r.weight(instance), r.compactness(instance)
    if kind in ("naive", "strengthened"):
        return cost, 0.0, 0.0, r.stacked([weight, compact]), None
    if kind == "penalised-slack":
        penalty = np.append(np.inf, np.full(len(compact), factor))
        return cost, 0.0, 0.0, r.stacked([weight, compact]), penalty
    if kind == "penalised-linear":
        compact = r.linear_compactness(instance)
    penalised = cost - factor * np.asarray(compact.matrix.sum(axis=0)).ravel()
    size = factor * (float(abs(compact.matrix).sum()) + float(np.abs(compact.side).sum()))
    error = EPS * (len(compact) + 4) * (size + float(instance.costs.sum()))
    return penalised, factor * float(compact.side.sum()), error, weight, None


def _linear(instance: Compact, covers: bool, seconds: float) -> Relaxed:
    """Solve the linear relaxation, whose compactness rows are added as a point violates them."""
    began, n = time.perf_counter(), instance.n
    (i, j), m = instance.pairs(), instance.required()
    matrix, side = sp.csr_array(instance.weights[None]), np.array([instance.least])
    out = Relaxed("lp", np.zeros(n), np.nan, -np.inf, 0.0, 0, 0)
    while True:
        negative: Any = sp.csr_matrix(-matrix)
        found: Any = linprog(instance.costs, A_ub=negative, b_ub=-side, bounds=(0.0, 1.0), method="highs")
        if found.status != 0:
            raise UsageError(f"the linear relaxation ended as: {found.message}")
        out.rounds, out.iterations, out.status = out.rounds + 1, out.iterations + int(found.nit), "optimal"
        out.x, out.value = np.clip(found.x, 0.0, 1.0), float(found.fun)
        out.bound = max(out.bound, _linear_bound(instance.costs, matrix, side, -found.ineqlin.marginals))
        before = np.concatenate(([0.0], np.cumsum(out.x)))
        lack = m * (out.x[i] + out.x[j] - 1.0) - (before[j] - before[i + 1])
        chosen = np.argsort(-lack, kind="stable")[: ADDED * n]
        rows = r.linear_rows(instance, chosen[lack[chosen] > LINEAR_VIOLATION])
        new, sides = [rows.matrix], [rows.side]
        if covers and (items := separate(instance.weights, instance.least, out.x)) is not None:
            out.sets.append(items)
            new.append(r.outside(n, items))
            sides.append(np.ones(1))
        out.seconds = time.perf_counter() - began
        if sum(part.shape[0] for part in new) == 0 or out.seconds > seconds:
            return out
        matrix = sp.csr_array(sp.vstack([matrix, *new], format="csr"))
        side = np.concatenate((side, *sides))


def _linear_bound(costs: Array, matrix: sp.csr_array, side: Array, multipliers: Array) -> float:
    """Return a proven lower bound on min c'x, matrix x >= side, 0 <= x <= 1, for any multipliers."""
    u = np.maximum(multipliers, 0.0)
    reduced = costs - matrix.T @ u
    magnitude = np.abs(costs) + abs(matrix).T @ u
    terms = np.bincount(matrix.indices, minlength=costs.size) + 3
    parts = np.concatenate((side * u, np.minimum(reduced, 0.0)))
    error = float((terms * EPS * magnitude).sum()) + 4 * EPS * float(np.abs(parts).sum())
    return float(np.nextafter(math.fsum(parts) - 1.01 * error, -np.inf))
