"""Further solutions that differ from those that are kept (`search.solutions`).

Branch and cut minimises the objective of the model with a row for every solution v that is kept,

    sum of (x_j - l_j) / (u_j - l_j) where v_j = l_j, and of (u_j - x_j) / (u_j - l_j) where v_j = u_j,

at least `Collection.least`, over its integer columns at a bound l_j or u_j. Each term is at most 1, and 0 if
x_j = v_j, so that the point differs from v in that many columns. A solution with fewer columns at bounds has
no row. If the whole model takes too long, the integer columns outside a random share have the values of a
solution that is kept.

The arm runs only if more than one solution is wanted. It begins when the incumbent has stayed for
`STEADY_SECONDS`, or the run's goal is reached. Once there are enough it looks for better ones in place of the
worst, unless all are within the share that the user gave or the run's goal is reached.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.search.arms.submip import SUBMIP_GAP, search_mip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.solutions import Collection
from diffpump.search.space import Space

NAME = "several"
STEADY_SECONDS = 1.0  # age of an incumbent from which on others like it are looked for
FIRST_SECONDS, LONGEST_SECONDS = 1.0, 16.0  # time limits of the first search of a size, and of the longest
SHRINKAGE, GROWTH = 0.5, 1.5  # of the share of free columns after a search that was too long, or too easy
FEWEST_FREE = 2.0  # free columns in units of `least`, at least
MAX_FRUITLESS = 5  # searches of the whole model in a row whose solutions were not kept


class Several:
    """Searches for solutions that differ from those of a collection, on the original columns."""

    def __init__(self, context: RunContext, collection: Collection) -> None:
        self._problem, self._pool, self._collection = context.problem, context.pool, collection
        self._rng, self._seed = np.random.default_rng(context.seed), context.seed
        self._share, self._seconds, self._fruitless = 1.0, FIRST_SECONDS, 0
        self._ended: Vector | None = None  # the incumbent for which there is nothing more to find

    @property
    def exhausted(self) -> bool:
        """True while the incumbent is new, once enough are kept that are good, and if there are no more."""
        best, collection = self._pool.best, self._collection
        if best is None or best.x is self._ended:
            return True
        if collection.is_full and (collection.is_urgent or collection.is_bounded):
            return True
        return not (self._collection.is_urgent or self._pool.is_steady(STEADY_SECONDS))

    @property
    def min_seconds(self) -> float:
        """The time limit in seconds of the next search, which a slice must have at least."""
        return self._seconds

    def run(self, budget: Budget) -> None:
        """Search until the budget is spent."""
        while not (budget.is_spent() or self.exhausted):
            sub = budget.split(self._seconds)
            self._search(sub)
            budget.absorb(sub)
            self._seed += 1

    def _search(self, budget: Budget) -> None:
        """Run branch and cut once, and adapt the share of free columns and the seconds."""
        best, problem, before = self._pool.best, self._apart(), self._collection.kept
        assert best is not None
        lb, ub = self._bounds(problem)
        space = Space(problem).restrict(lb, ub)
        status = LpStatus.INFEASIBLE
        if space is not None and space.problem.n:
            cutoff = self._collection.cutoff - space.shift
            status = search_mip(
                space, self._pool, budget, NAME, seed=self._seed, gap=SUBMIP_GAP,
                cutoff=cutoff if np.isfinite(cutoff) else None,
            ).status  # fmt: skip
        found, whole = self._collection.kept is not before, self._share >= 1.0
        if status is LpStatus.INFEASIBLE and whole:
            self._ended = best.x
        elif status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE):
            self._fruitless = 0 if found else self._fruitless + 1
            if whole and self._fruitless >= MAX_FRUITLESS:
                self._ended = best.x
            self._share = min(1.0, GROWTH * self._share) if not found else self._share
        elif not found:
            self._share *= SHRINKAGE
            self._seconds = min(LONGEST_SECONDS, 2.0 * self._seconds)

    def _bounds(self, problem: Problem) -> tuple[Vector, Vector]:
        """Return bounds (n,) that fix the integer columns outside a random share at a kept point."""
        columns = np.flatnonzero(problem.integer)
        free = max(int(self._share * columns.size), int(FEWEST_FREE * self._collection.least))
        if free >= columns.size:
            self._share = 1.0
            return problem.lb, problem.ub
        kept = self._collection.kept[self._rng.integers(len(self._collection.kept))]
        fixed = self._rng.permutation(columns)[free:]
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[fixed] = ub[fixed] = kept.x[fixed]
        return lb, ub

    def _apart(self) -> Problem:
        """Return the model with the rows that require the least difference from each kept solution."""
        problem = self._problem
        rows, sides = [], []
        for solution in self._collection.kept:
            row, side = apart(problem, solution.x, self._collection.least)
            if row.any():
                rows.append(sp.csr_matrix(row))
                sides.append(side)
        return replace(
            problem, A=sp.vstack([problem.A, *rows], "csr"), row_lo=np.append(problem.row_lo, sides),
            row_hi=np.append(problem.row_hi, np.full(len(rows), np.inf)),
            row_names=[*problem.row_names, *(f"apart_{k}" for k in range(len(rows)))], source=None,
        )  # fmt: skip


def apart(problem: Problem, v: Vector, least: int) -> tuple[Vector, float]:
    """Return a row (n,) and its lower side that keep points at least that far from v.

    The row is 0 if v has fewer than `least` integer columns at a bound with another finite bound beside it.
    """
    width = problem.ub - problem.lb
    usable = problem.integer & (width > 0) & np.isfinite(width)
    low, high = usable & (v <= problem.lb + 0.5), usable & (v >= problem.ub - 0.5)
    high &= ~low
    row = np.zeros(problem.n)
    if np.count_nonzero(low | high) < least:
        return row, -np.inf
    row[low], row[high] = 1.0 / width[low], -1.0 / width[high]
    return row, least + float(row[low] @ problem.lb[low] + row[high] @ problem.ub[high])


@arm(
    NAME, "further solutions that differ from those that are kept", space="original", with_several=1.0,
    min_share=0.25, min_share_stagnant=0.5, needs_kernels=False, alone=True,
)  # fmt: skip
def _several(context: RunContext) -> Arm:
    collection = context.pool.collection
    assert collection is not None  # else the arm has no turn
    return Several(context, collection)
