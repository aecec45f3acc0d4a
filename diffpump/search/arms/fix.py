"""Fix, propagate, repair (Salvagnin, Roberti, Fischetti, A fix-propagate-repair heuristic, 2025).

The integer columns are fixed one by one, in some order, to some target, with propagation. Where conflicts
were passed over, focused local search goes on from the point that came out, and the columns are fixed once
more towards what it reached. Orders and targets are taken in turn; after one round of all of them, the
columns of the rows that were in conflict go first, and thresholds and ties are drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.search.arm import CHUNK, Slice
from diffpump.search.arms.fixer import Fixer
from diffpump.search.arms.local import Walk, focused
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Index

FREE = (
    ("locks", "cheap"), ("random", "cheap"), ("locks", "random"), ("locks", "dear"), ("locks", "loose"),
    ("locks", "low"), ("objective", "high"),
)  # fmt: skip
GUIDED = (
    ("fractionality", "root"), ("locks", "root"), ("fractionality", "loose root"), ("random", "drawn"),
    ("objective", "root"),
)  # fmt: skip
GUIDED_BY_LP = "fix-lp"  # the arm's name
BACKTRACKS = 200
REPAIRS = 2  # of one plan
REPAIR = 5  # a local search touches so many times the matrix, and a CHUNK


class Fix:
    """An arm. `fix-lp` goes towards the root LP's point, and waits for that."""

    def __init__(self, space: Space, pool: Pool, name: str, seed: int) -> None:
        self._space, self._pool = space, pool
        self._guided, self._seed = name == GUIDED_BY_LP, seed
        self._name = name
        self._fixer = Fixer(space, pool, self._name, seed)
        self._rng, self._plans = np.random.default_rng(seed), self._turns()
        self._walk: Walk | None = None

    @property
    def exhausted(self) -> bool:
        """There is no LP point yet, nothing to fix, or nothing to improve."""
        problem = self._space.problem
        done = self._pool.best is not None and not problem.c.any()
        return done or not problem.integer.any() or (self._guided and self._space.root is None)

    def run(self, piece: Slice) -> None:
        """One plan after another until the slice is over, or a solution is found."""
        found, tried = self._fixer.resume(piece), self._pool.best is not None
        while not found and not piece.over():
            found = self._follow(*next(self._plans), piece)
        if tried:
            self._fixer.aim.ended(found)

    def _follow(self, order: Index, target: Vector, threshold: float, piece: Slice) -> bool:
        """Fix and repair in turn: whether that found a solution."""
        from diffpump.kernels.fixing import conflicts_first

        for _ in range(1 + REPAIRS):
            fixed = self._fixer.round(order, target, threshold, BACKTRACKS, piece)
            if not fixed.conflict and self._fixer.offer(fixed.x, fixed.holds, piece):
                return True
            if piece.over():
                return False
            target, violated = self._repaired(fixed.x, piece)
            if violated == 0 and self._fixer.offer(target, True, piece):
                return True
            order, threshold = conflicts_first(self._space.model, order, self._fixer.conflicts), 0.5
        return False

    def _repaired(self, x: Vector, piece: Slice) -> tuple[Vector, int]:
        """The best point (n,) of a local search from x, and the number of rows that it violates."""
        if self._walk is None:
            self._walk = focused()(self._fixer.aim.model, x, self._seed)
        else:
            self._walk.restart(x)
        budget, violated = REPAIR * self._space.problem.nnz + CHUNK, 1
        while budget > 0 and violated and not piece.over():
            violated, work = self._walk.search(min(budget, piece.chunk()))
            piece.spend(work)
            budget -= work
        if self._pool.best is None:
            self._space.note(self._walk.best, violated, self._name)
        return self._walk.best.copy(), violated

    def _turns(self) -> Iterator[tuple[Index, Vector, float]]:
        """Orders of the integer columns, targets (n,) and thresholds (negative: drawn), for ever."""
        from diffpump.kernels import targets
        from diffpump.kernels.fixing import conflicts_first

        model, bounds, again = self._space.model, self._fixer.domain, False
        low, high = bounds.lb.copy(), bounds.ub.copy()
        while True:
            for order_name, target_name in GUIDED if self._guided else FREE:
                root = self._space.root
                if self._guided and root is not None:
                    target = targets.root_target(target_name, model, root)
                else:
                    target = targets.bounds_target(target_name, model, low, high, self._rng)
                order = targets.ORDERS[order_name](model, target, self._rng)
                if again:
                    order = conflicts_first(model, order, self._fixer.conflicts)
                yield order, target, -1.0 if again or target_name == "drawn" else 0.5
            again = True
