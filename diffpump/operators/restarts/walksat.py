"""A random walk that repairs violated rows (Dey et al. 2018)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.operators.losses import Rows
from diffpump.operators.restarts.base import RESTARTS, Columns, Kick, StallContext


@RESTARTS.register("walksat", help="a random walk on the columns of violated rows when a rounding repeats")
class WalkSat:
    """Moves integer columns one after another, each in a violated row that is drawn at random.

    It does so if x_round repeats on I or the pump cycles (memory=all, stall=k), and some row is violated. It
    makes T ~ U{low, ..., high} moves, fewer if all rows hold before. A move takes an integer column of the
    drawn row by one in the direction that reduces the row's violation, which flips a binary. With probability
    p the column is drawn from those whose move makes the violation smaller; otherwise it is the one whose
    move leaves the least total violation

        sum_i w_i viol_i,   viol_i the violation of the normalised row i, w_i its multiplier or 1,

    the first one on ties. A violated row may have no such move, since its integer columns are at their bounds
    or their coefficients are too large. Then a random integer column of the row moves by one in a random
    direction that its bounds allow. Rows without an integer column that can move are not drawn. If there are
    no other violated rows, one random integer column of the model moves. If the T moves lead back to the
    rounding, one more follows, so that the kick is never empty.

    Continuous columns stay where they are. If every row holds in the end, the point is also the kick's
    candidate. On the columns that have moved, theta takes the sign that pulls x_lp to the new value, with its
    old magnitude (1 if it was 0).

    Parameters
    ----------
    problem : Problem
        The model.
    low, high : int
        The fewest and the most moves of one kick, 1 <= low <= high.
    p : float
        The probability of a random move among those that reduce the row's violation, in [0, 1].

    Raises
    ------
    UsageError
        If a parameter lies outside its range.

    References
    ----------
    Dey, Iroume, Molinaro, Salvagnin, Improving the randomization step in feasibility pump, SIAM J. Optim.
    2018, after WalkSAT (Selman, Kautz, Cohen 1994). They draw at random alone; the greedy choice is that of
    WalkSAT.
    """

    kind = "walksat"

    def __init__(self, problem: Problem, low: int = 10, high: int = 30, p: float = 0.5) -> None:
        if not 1 <= low <= high or not 0 <= p <= 1:
            raise UsageError(
                f"restart 'walksat': expected 1 <= low <= high and p in [0, 1], got {low}, {high} and {p}"
            )
        self.problem, self.columns = problem, Columns(problem)
        self.low, self.high, self.p = low, high, p
        self.rows = Rows(problem)
        self.lo, self.hi = problem.lb.copy(), problem.ub.copy()  # (n,), integers on I
        self.lo[problem.integers], self.hi[problem.integers] = problem.integer_range
        self.movable: Mask = problem.integer & (self.lo < self.hi)
        self.repairable: Mask = problem.pattern @ self.movable.astype(np.float64) > 0

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the rounding repeats or the pump cycles, else None (see `Restart`)."""
        index = self.columns.index
        if not (np.array_equal(at.x_round[index], at.previous_round[index]) or at.cycles):
            return None
        walk = _Walk(self, at)
        if not (walk.violated.any() and self.movable.any()):
            return None
        moves = int(rng.integers(self.low, self.high + 1))
        for made in range(moves + 1):
            listed = np.flatnonzero(walk.violated & self.repairable)
            if (made == moves or not listed.size) and not np.array_equal(walk.y, at.x_round):
                break
            walk.move(*walk.choose(listed, rng))
        moved = np.flatnonzero(walk.y[index] != at.x_round[index])
        candidate = None if walk.violated.any() else walk.y
        return self.columns.pulled(self.kind, at, moved, walk.y[index[moved]], candidate=candidate)


class _Walk:
    """The point of one walk with its activities and violated rows, updated at every move.

    Attributes
    ----------
    y : (n,) float64
        The point.
    violated : (m,) bool
        The rows that it violates by more than FEASIBILITY_TOL.
    """

    def __init__(self, walksat: WalkSat, at: StallContext) -> None:
        self.walksat, problem = walksat, walksat.problem
        self.y = at.x_round.copy()
        self.activity = problem.A @ self.y
        self.violated = problem.violated_rows(self.y, self.activity)
        self.weights = np.ones(problem.m) if at.weights is None else at.weights

    def choose(self, listed: NDArray[np.intp], rng: np.random.Generator) -> tuple[int, float]:
        """Return the next column that moves and its step, 1 or -1.

        Parameters
        ----------
        listed : (k,) int
            The violated rows that can be drawn.
        rng : numpy.random.Generator
            For the draws.
        """
        walksat = self.walksat
        if not listed.size:
            return self._any(np.flatnonzero(walksat.movable), rng)
        i = int(rng.choice(listed))
        A = walksat.problem.A
        entries = slice(A.indptr[i], A.indptr[i + 1])
        columns, a = A.indices[entries], A.data[entries]
        movable = walksat.movable[columns]
        columns, a = columns[movable], a[movable]
        need = self._need(i)
        step = np.sign(need) * np.sign(a)
        target = self.y[columns] + step
        allowed = (target >= walksat.lo[columns]) & (target <= walksat.hi[columns])
        reducing = allowed & (self._excess(i, self.activity[i] + a * step) < abs(need))
        if not reducing.any():
            return self._any(columns, rng)
        columns, step = columns[reducing], step[reducing]
        at_random = rng.random() < walksat.p
        k = int(rng.integers(columns.size)) if at_random else int(self._changes(columns, step).argmin())
        return int(columns[k]), float(step[k])

    def move(self, column: int, step: float) -> None:
        """Move a column and update its rows."""
        problem = self.walksat.problem
        entries = slice(problem.csc.indptr[column], problem.csc.indptr[column + 1])
        rows = problem.csc.indices[entries]
        self.y[column] += step
        self.activity[rows] += problem.csc.data[entries] * step
        outside = self._excess(rows, self.activity[rows])
        self.violated[rows] = ~(outside <= FEASIBILITY_TOL)

    def _any(self, columns: NDArray[np.integer], rng: np.random.Generator) -> tuple[int, float]:
        """Return a random one of some movable columns and a random step that its bounds allow."""
        j = int(rng.choice(columns))
        up, down = self.y[j] < self.walksat.hi[j], self.y[j] > self.walksat.lo[j]
        return j, 1.0 if up and (not down or rng.random() < 0.5) else -1.0

    def _need(self, i: int) -> float:
        """Return the change of activity that makes violated row i hold."""
        problem, activity = self.walksat.problem, self.activity[i]
        side = problem.row_hi[i] if activity > problem.row_hi[i] else problem.row_lo[i]
        return float(side - activity)

    def _excess(self, rows: NDArray[np.integer] | int, activity: Vector) -> Vector:
        """Return the violation, >= 0, of some rows at some activities, in the unit of the rows."""
        problem = self.walksat.problem
        outside = np.maximum(problem.row_lo[rows] - activity, activity - problem.row_hi[rows])
        return np.asarray(np.maximum(outside, 0.0))

    def _changes(self, columns: NDArray[np.integer], step: Vector) -> Vector:
        """Return by how much each single move (k,) changes the total violation."""
        rows, entries = self.walksat.rows, self.walksat.problem.csc[:, columns]
        i, which = entries.indices, np.repeat(np.arange(columns.size), np.diff(entries.indptr))
        old = self.activity[i]
        new = old + entries.data * step[which]

        def violation(activity: Vector) -> Vector:
            over, under = rows.distances_at(activity, i)
            return np.maximum(np.maximum(over, under), 0.0)

        change: Vector = np.bincount(
            which, self.weights[i] * (violation(new) - violation(old)), columns.size
        ).astype(np.float64)
        return change
