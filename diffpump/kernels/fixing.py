"""Fix and propagate: a full point from a target, one integer column at a time.

Fischetti, Salvagnin, Feasibility pump 2.0 (2009), section 3; Salvagnin, Roberti, Fischetti, A fix-propagate-
repair heuristic (2025). A column takes the value floor(t_j + threshold), clipped into its bounds as they are
by then, and the rows are propagated before the next column is asked. At a conflict the latest decision that
has another value left takes it (chronological backtracking); when the backtracks are used up, conflicts are
counted and passed over ("soft"), so that there always is a point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Index, Model, model
from diffpump.kernels.propagation import LOWER, UPPER, Domain, domain, mark, propagate, tighten, undo
from diffpump.kernels.rng import Rng, rng, uniform

FEASIBLE = 0  # every row holds at the point
OPEN = 1  # no conflict was left, but a row does not hold: the continuous columns are an LP's, or work ran out
CONFLICT = 2  # a conflict was passed over

ROOM = 0.9  # share of a row's tolerance that a FEASIBLE point uses: a judge adds up in another order
CAP_SHARE, CAP_START = 5, 100_000  # one propagation: this many passes over the matrix plus this much work
PASSES = 20  # the same share for all of a `rounder`'s rounding


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
    """(status, x, decided, conflicts, work) of fixing the integer columns `order` to `target` (n,) in turn.

    threshold: in [0, 1]; negative: a new random one per column, so that t is rounded up with probability
    t - floor(t). x (n,): integral and within bounds; integer columns that are not in `order`, or were not
    reached within the budget (in touched nonzeros), are rounded without propagation, continuous columns are
    the target clipped into the final bounds. decided (n,): columns whose value is the target's own rounding,
    by neither propagation nor backtracking. conflicts (m + 1,): how often each row was in conflict.
    The domain is left as it is at the end; `mark` and `undo` around the call take it back.
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
    """Decisions: the next position in the order, the mark before it, the value left to try or NaN."""

    ahead: NDArray[np.int64]
    marks: NDArray[np.int64]
    spare: Vector


@kernel
def _fix(
    model: Model, domain: Domain, order: Index, target: Vector, threshold: float, rng: Rng,
    max_backtracks: int, budget: int, x: Vector, decided: Mask, conflicts: NDArray[np.int64], stack: Stack,
) -> tuple[int, int]:  # fmt: skip
    """`fix`, with room for its results: (status, work)."""
    ahead, marks, spare = stack
    cap = CAP_SHARE * model.row_val.size + CAP_START
    depth, backtracks, position, soft = 0, 0, 0, False
    row, work = propagate(model, domain, min(cap, budget))
    while True:
        while row >= 0:
            conflicts[row] += 1
            while depth > 0 and np.isnan(spare[depth - 1]) and not soft:
                depth -= 1
            soft = soft or depth == 0 or backtracks >= max_backtracks
            if not soft:
                top = depth - 1
                backtracks += 1
                decided[order[ahead[top] - 1 : position]] = False
                position = ahead[top]
                work += undo(model, domain, marks[top])
                work += _assign(model, domain, order[position - 1], spare[top])
                spare[top] = np.nan
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
            ahead[depth], marks[depth] = position, mark(domain)
            spare[depth] = _other(value, target[column], domain.lb[column], domain.ub[column], rng)
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
    """floor(target + threshold); a tie goes down, as in every rounding here."""
    up = threshold if threshold >= 0.0 else uniform(rng)
    down = np.floor(target)
    return float(down + 1.0 if target - down > 1.0 - up else down)


@kernel
def _other(value: float, target: float, lb: float, ub: float, rng: Rng) -> float:
    """The neighbour of a value on the target's side (a random one if the target is there), within bounds."""
    up = value < target or (value == target and uniform(rng) < 0.5)
    if up:
        return value + 1.0 if value < ub else value - 1.0
    return value - 1.0 if value > lb else value + 1.0


@kernel
def _assign(model: Model, domain: Domain, column: int, value: float) -> int:
    """Fix a column: touched nonzeros."""
    return max(0, tighten(model, domain, column, LOWER, value)) + max(
        0, tighten(model, domain, column, UPPER, value)
    )


@kernel
def _holds(model: Model, x: Vector) -> bool:
    """Whether x satisfies bounds and rows."""
    for row in range(model.row_lo.size):
        activity = 0.0
        for k in range(model.row_start[row], model.row_start[row + 1]):
            activity += model.row_val[k] * x[model.row_col[k]]
        tol = ROOM * model.row_tol[row]
        if activity > model.row_hi[row] + tol or activity < model.row_lo[row] - tol:
            return False
    for j in range(x.size):  # noqa: SIM110 - a kernel has no generators
        if not model.lb[j] <= x[j] <= model.ub[j]:
            return False
    return True


def rounder(problem: Problem, max_backtracks: int) -> Callable[[Vector], tuple[Vector, Mask]]:
    """x -> (x, decided) of `fix` from the root's bounds, by fractionality; equal x, equal results."""
    m = model(problem)
    bounds, budget = domain(m), PASSES * m.row_val.size + 10 * CAP_START
    propagate(m, bounds, budget)

    def round(x: Vector) -> tuple[Vector, Mask]:
        start = mark(bounds)
        result = fix(m, bounds, by_fractionality(m, x), x, 0.5, rng(0), max_backtracks, budget)
        undo(m, bounds, start)
        return result[1], result[2]

    return round


def by_fractionality(model: Model, target: Vector) -> Index:
    """The integer columns, binaries before others, the nearest to an integer first (2009, section 3)."""
    columns = np.flatnonzero(model.integer)
    general = (model.lb[columns] < 0) | (model.ub[columns] > 1)
    distance = np.abs(target[columns] - np.rint(target[columns])).round(6)  # an LP's noise is no order
    return columns[np.lexsort((distance, general))].astype(np.int32)


def by_locks(model: Model) -> Index:
    """The integer columns, most locks first: sides of rows that a move of the column can violate."""
    sides = np.isfinite(model.row_lo).astype(np.int64) + np.isfinite(model.row_hi)
    rows = np.repeat(np.arange(sides.size), np.diff(model.row_start))
    locks: Vector = np.bincount(model.row_col, sides[rows], model.lb.size).astype(np.float64)
    return _sorted(model, -locks)


def by_objective(model: Model) -> Index:
    """The integer columns, the largest |cost| first."""
    return _sorted(model, -np.abs(model.cost))


def at_random(model: Model, seed: int) -> Index:
    """The integer columns in random order."""
    columns = np.flatnonzero(model.integer).astype(np.int32)
    return np.random.default_rng(seed).permutation(columns)


def conflicts_first(model: Model, order: Index, conflicts: NDArray[np.int64]) -> Index:
    """An order for a restart: the columns of the rows with most conflicts (m + 1,) first, else as it was."""
    rows = np.repeat(np.arange(conflicts.size), np.diff(model.row_start))
    counts = np.bincount(model.row_col, conflicts[rows], model.lb.size)
    return order[np.argsort(-counts[order], kind="stable")]


def _sorted(model: Model, key: Vector) -> Index:
    """The integer columns by a key (n,), the least first, ties by position."""
    columns = np.flatnonzero(model.integer).astype(np.int32)
    return columns[np.argsort(key[columns], kind="stable")]
