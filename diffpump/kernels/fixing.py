"""Fix and propagate: build a full point by fixing one integer column at a time towards a target t.

Column j takes the value floor(t_j + threshold), clipped into its bounds at that moment, and the rows are
propagated before the next column is fixed. At a conflict the latest decision that has an alternative value
left takes that value (chronological backtracking). When no decision has one left or the backtracks are used
up, the search becomes "soft": it counts further conflicts and ignores them, so it always returns a point.

Sources: Fischetti, Salvagnin, Feasibility pump 2.0 (2009), section 3; Salvagnin, Roberti, Fischetti, A
fix-propagate-repair heuristic (2025).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem, count_locks
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Index, Model, model
from diffpump.kernels.propagation import LOWER, UPPER, Domain, domain, mark, propagate, tighten, undo
from diffpump.kernels.rng import Rng, rng, uniform

FEASIBLE = 0  # every row holds at the point
# No conflict was ignored, but a row is violated: an LP must choose the continuous columns, or the budget was
# used up.
OPEN = 1
CONFLICT = 2  # a conflict was ignored

# Share of a row's tolerance that a FEASIBLE point may use: the judge sums activities in another order.
TOLERANCE_SHARE = 0.9
# The budget of one propagation: passes over the matrix, plus touched nonzeros.
PROPAGATION_PASSES, PROPAGATION_WORK = 5, 100_000
ROUNDING_PASSES = 20  # passes over the matrix per rounding of a `rounder`, besides 10 PROPAGATION_WORK


def fix(
    model: Model,
    domain: Domain,
    order: Index,
    target: Vector,
    threshold: float,
    rng: Rng,
    max_backtracks: int,
    budget: int,
) -> tuple[int, Vector, Mask, NDArray[np.int64], int]:
    """Fix integer columns one after another towards a target.

    domain           the bounds to start from, tightened in place; `mark` before and `undo` after the call
                     restore them
    order            the integer columns in the order in which they are fixed
    target           (n,)
    threshold        in [0, 1], or negative for a random threshold per column: t is then rounded up with
                     probability t - floor(t)
    max_backtracks   the number of conflicts that are answered by backtracking
    budget           touched nonzeros

    Returns (status, x, decided, conflicts, work).

    status      FEASIBLE, OPEN or CONFLICT
    x           (n,), within bounds and integral on integer columns. Integer columns that are not in `order`
                or were not reached within the budget are rounded without propagation; continuous columns are
                the target clipped into the final bounds.
    decided     (n,) bool: the integer columns whose value is the rounding of their target, chosen neither by
                propagation nor by backtracking
    conflicts   (m + 1,): how often each row was in conflict
    work        touched nonzeros
    """
    decided = np.zeros(domain.lb.size, dtype=np.bool_)
    conflicts = np.zeros(domain.reach.size, dtype=np.int64)
    x = np.empty(domain.lb.size)
    depth = order.size
    stack = Stack(np.empty(depth, dtype=np.int64), np.empty(depth, dtype=np.int64), np.empty(depth))
    status, work = _fix(
        model, domain, order, target, threshold, rng, max_backtracks, budget, x, decided, conflicts, stack
    )
    return status, x, decided, conflicts, work


class Stack(NamedTuple):
    """The decisions that backtracking can revise, the latest one last.

    positions      the position in the order that follows the decision's column
    marks          the mark before the decision
    alternatives   the value that is left to try, NaN if there is none
    """

    positions: NDArray[np.int64]
    marks: NDArray[np.int64]
    alternatives: Vector


@kernel
def _fix(
    model: Model, domain: Domain, order: Index, target: Vector, threshold: float, rng: Rng,
    max_backtracks: int, budget: int, x: Vector, decided: Mask, conflicts: NDArray[np.int64], stack: Stack,
) -> tuple[int, int]:  # fmt: skip
    """Do the work of `fix` in the given arrays. Return (status, work)."""
    positions, marks, alternatives = stack
    cap = PROPAGATION_PASSES * model.row_val.size + PROPAGATION_WORK
    depth, backtracks, position, soft = 0, 0, 0, False
    row, work = propagate(model, domain, min(cap, budget))
    while True:
        while row >= 0:
            conflicts[row] += 1
            while depth > 0 and np.isnan(alternatives[depth - 1]) and not soft:
                depth -= 1
            soft = soft or depth == 0 or backtracks >= max_backtracks
            if not soft:
                top = depth - 1
                backtracks += 1
                decided[order[positions[top] - 1 : position]] = False
                position = positions[top]
                work += undo(model, domain, marks[top])
                work += _assign(model, domain, order[position - 1], alternatives[top])
                alternatives[top] = np.nan
            row, touched = propagate(model, domain, min(cap, budget - work))
            work += touched
        while position < order.size and domain.lb[order[position]] >= domain.ub[order[position]]:
            position += 1
        if position == order.size or work >= budget:
            break
        column = order[position]
        position += 1
        wanted = _rounded(target[column], threshold, rng)
        value = min(max(wanted, domain.lb[column]), domain.ub[column])
        decided[column] = value == wanted
        if not soft:
            positions[depth], marks[depth] = position, mark(domain)
            alternatives[depth] = _alternative(
                value, target[column], domain.lb[column], domain.ub[column], rng
            )
            depth += 1
        work += _assign(model, domain, column, value)
        row, touched = propagate(model, domain, min(cap, budget - work))
        work += touched
    for j in range(x.size):
        lb, ub = domain.lb[j], domain.ub[j]
        wanted = _rounded(target[j], threshold, rng) if model.integer[j] and lb < ub else target[j]
        x[j] = min(max(wanted, lb), ub)
        decided[j] |= model.integer[j] and lb < ub and x[j] == wanted
    if _holds(model, x):
        return FEASIBLE, work + model.row_val.size
    return CONFLICT if soft else OPEN, work + model.row_val.size


@kernel
def _rounded(target: float, threshold: float, rng: Rng) -> float:
    """Return floor(target + threshold), rounding ties down as all roundings of the package do."""
    up = threshold if threshold >= 0.0 else uniform(rng)
    down = np.floor(target)
    return float(down + 1.0 if target - down > 1.0 - up else down)


@kernel
def _alternative(value: float, target: float, lb: float, ub: float, rng: Rng) -> float:
    """Return the integer next to a value on its target's side, or on the other side if a bound is in the way.

    A value that equals its target has a random side.
    """
    up = value < target or (value == target and uniform(rng) < 0.5)
    if up:
        return value + 1.0 if value < ub else value - 1.0
    return value - 1.0 if value > lb else value + 1.0


@kernel
def _assign(model: Model, domain: Domain, column: int, value: float) -> int:
    """Fix a column to a value. Return the touched nonzeros."""
    return max(0, tighten(model, domain, column, LOWER, value)) + max(
        0, tighten(model, domain, column, UPPER, value)
    )


@kernel
def _holds(model: Model, x: Vector) -> bool:
    """Return whether x satisfies the bounds and, within TOLERANCE_SHARE of their tolerances, all rows."""
    for row in range(model.row_lo.size):
        activity = 0.0
        for k in range(model.row_start[row], model.row_start[row + 1]):
            activity += model.row_val[k] * x[model.row_col[k]]
        tol = TOLERANCE_SHARE * model.row_tol[row]
        if activity > model.row_hi[row] + tol or activity < model.row_lo[row] - tol:
            return False
    for j in range(x.size):  # noqa: SIM110 - a kernel has no generators
        if not model.lb[j] <= x[j] <= model.ub[j]:
            return False
    return True


def rounder(problem: Problem, max_backtracks: int) -> Callable[[Vector, float], tuple[Vector, Mask]]:
    """Return a function (x (n,), threshold) -> (rounded x, decided): `fix` in order of fractionality.

    Every rounding starts from the problem's propagated bounds, so equal arguments give equal results.
    """
    m = model(problem)
    bounds, budget = domain(m), ROUNDING_PASSES * m.row_val.size + 10 * PROPAGATION_WORK
    propagate(m, bounds, budget)

    def round(x: Vector, threshold: float) -> tuple[Vector, Mask]:
        start = mark(bounds)
        result = fix(m, bounds, by_fractionality(m, x), x, threshold, rng(0), max_backtracks, budget)
        undo(m, bounds, start)
        return result[1], result[2]

    return round


def by_fractionality(model: Model, target: Vector) -> Index:
    """Return the integer columns, binaries first, and among each kind those nearest to an integer first.

    Source: Fischetti, Salvagnin (2009), section 3.
    """
    columns = np.flatnonzero(model.integer)
    general = (model.lb[columns] < 0) | (model.ub[columns] > 1)
    distance = np.abs(target[columns] - np.rint(target[columns])).round(6)  # below 1e-6 it is noise of the LP
    return columns[np.lexsort((distance, general))].astype(np.int32)


def by_locks(model: Model) -> Index:
    """Return the integer columns, most locks first: sides of rows that a move of the column can violate."""
    down, up = count_locks(
        model.row_start, model.row_col, model.row_val, model.row_lo, model.row_hi, model.lb.size
    )
    return _sorted(model, -(down + up).astype(np.float64))


def by_objective(model: Model) -> Index:
    """Return the integer columns, the largest |cost| first."""
    return _sorted(model, -np.abs(model.cost))


def at_random(model: Model, seed: int) -> Index:
    """Return the integer columns in random order."""
    columns = np.flatnonzero(model.integer).astype(np.int32)
    return np.random.default_rng(seed).permutation(columns)


def conflicts_first(model: Model, order: Index, conflicts: NDArray[np.int64]) -> Index:
    """Return the given columns, those whose rows have the most conflicts first, ties in the given order.

    conflicts   (m + 1,): the number of conflicts of each row
    """
    rows = np.repeat(np.arange(conflicts.size), np.diff(model.row_start))
    counts = np.bincount(model.row_col, conflicts[rows], model.lb.size)
    return order[np.argsort(-counts[order], kind="stable")]


def _sorted(model: Model, key: Vector) -> Index:
    """Return the integer columns by ascending key (n,), ties by position."""
    columns = np.flatnonzero(model.integer).astype(np.int32)
    return columns[np.argsort(key[columns], kind="stable")]


@warm_up("fix and propagate")
def _warm_up(model: Model) -> None:
    fix(model, domain(model), by_locks(model), np.zeros(model.lb.size), 0.5, rng(0), 10, 1000)
