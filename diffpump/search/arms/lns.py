"""Large-neighbourhood search: branch and cut by HiGHS on a part of the model around the incumbent.

The part's size adapts. Solved to its end it was small: the free share grows, up to WIDEN times when that took
no time at all. Out of time without a gain it was large: the share shrinks by NARROW, and the next sub-problem
has more time. (After Hendel's adaptive large neighbourhood search, 2022, one arm for each neighbourhood.)

It works on the presolved model where the incumbent is a solution of that too: presolve may have decided
against it.
"""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.search.arm import Slice
from diffpump.search.arms.neighbourhoods import VISITED, Neighbourhood, Part, View, rins
from diffpump.search.arms.submip import search_mip
from diffpump.search.pool import Pool, Solution
from diffpump.search.space import Space, Spaces
from diffpump.verify.check import Judge

WIDEN, NARROW = 3.0, 0.6
SHORTEST, LONGEST = 0.5, 8.0  # seconds of a sub-problem
LONGER = 1.3  # after one that ran out of time without a gain
REST = 0.5  # of its time a sub-problem must have left in a slice to be begun


class Views:
    """The incumbent and what else is known, in the space to work in; made once for each incumbent."""

    def __init__(self, spaces: Spaces, pool: Pool) -> None:
        self._spaces, self._pool = spaces, pool
        self._of: Solution | None = None

    def __call__(self) -> tuple[Space, View] | None:
        """None without an incumbent."""
        best = self._pool.best
        if best is None:
            return None
        if best is not self._of:
            self._of, self._space = best, self._spaces.work
            if not Judge(self._space.problem).feasible(self._space.into(best.x)):
                self._space = self._spaces.raw
            latest = self._pool.solutions[::-1][: VISITED + 1]
            self._points = [self._space.into(solution.x) for solution in latest]
        space = self._space
        root = space.root if space is self._spaces.work else self._spaces.root()
        near = [near.x for near in space.near]
        return space, View(space.problem, self._points[0], root, self._points[1:], near, space.reduced)


class Lns:
    """An arm; exhausted, until there is another incumbent or a root LP, when its neighbourhood has nothing
    to offer or was searched as a whole."""

    def __init__(self, views: Views, pool: Pool, name: str, around: Neighbourhood, seed: int) -> None:
        self._views, self._pool, self._name, self._around = views, pool, name, around
        self._rooted = around is rins
        self._seed, self._rng = seed, np.random.default_rng(seed)
        self._share: float | None = None
        self._seconds = SHORTEST
        self._done: tuple[int, bool] | None = None

    @property
    def exhausted(self) -> bool:
        """There is nothing to begin with, or nothing has changed since nothing was left to do."""
        seen = self._views()
        if seen is None or not seen[0].problem.integer.any():
            return True
        return (self._rooted and seen[1].root is None) or self._state(seen[1]) == self._done

    def run(self, piece: Slice) -> None:
        """One sub-problem after another."""
        first, piece.seconds = True, max(piece.seconds, self._seconds)
        while not piece.over() and (first or piece.left() > REST * self._seconds):
            seen, first = self._views(), False
            if seen is None:
                return
            part = self._around(seen[1], self._share, self._rng)
            if part is None or not self._search(piece, seen[0], part, seen[1].x):
                self._done = self._state(seen[1])
                return

    def _search(self, piece: Slice, space: Space, part: Part, x: Vector) -> bool:
        """One sub-problem: whether there is more to do."""
        before, sub = self._pool.value, piece.part(self._seconds)
        seconds = sub.seconds
        ended = self._solve(sub, space, part, x)
        piece.taken(sub)
        self._seed += 1
        gained = self._pool.value < before
        took = 1.0 - sub.left() / seconds if seconds > 0 else 1.0  # the run may end at any moment
        if ended:
            self._share = min(1.0, part.share * WIDEN ** (1.0 - max(0.0, took)))
        elif not gained:
            self._share = part.share * NARROW
            self._seconds = min(LONGEST, LONGER * self._seconds)
        else:
            self._share = part.share
        return not (ended and part.share >= 1.0)

    def _solve(self, piece: Slice, space: Space, part: Part, x: Vector) -> bool:
        """Whether the part was searched to its end."""
        rest = space.within(part.lb, part.ub)
        if rest is None:
            return True
        free = part.lb != part.ub
        if not free.any():
            self._pool.offer(rest.lift(np.zeros(0)), self._name)
            return True
        row = None if part.row is None else (part.row[0][free], part.row[1])
        result = search_mip(rest, self._pool, piece, self._name, row=row, start=x[free], seed=self._seed)
        return result.status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE)

    def _state(self, view: View) -> tuple[int, bool]:
        return len(self._pool.solutions), view.root is None
