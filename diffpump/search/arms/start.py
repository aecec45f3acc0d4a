"""The user's start, repaired: a point that may be incomplete, fractional, out of bounds and infeasible.

In turn, until one is a solution: the start rounded and clipped, columns not given at their bound nearest 0;
branch and cut over the integer columns that were not given, with the given ones fixed; focused local search
from the completed start; branch and cut with the given integers fixed, except those in the rows that the
nearest point violates, then also those in the rows of these, and so on outwards until none is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.search.arm import CHUNK, Slice
from diffpump.search.arms.submip import search_mip
from diffpump.search.pool import Pool
from diffpump.search.space import Space

NAME = "start"
STALE = 20  # passes over the matrix without fewer violated rows before local search gives up ...
LEAST = CHUNK // 2  # ... but at least so many touched nonzeros


class Start:
    """An arm on the original columns. start: (n,), NaN where a column was not given."""

    def __init__(self, space: Space, pool: Pool, start: Vector, seed: int) -> None:
        self.exhausted = False
        self._space, self._pool, self._seed = space, pool, seed
        self._given = space.problem.integer & ~np.isnan(start)
        self._nearest = completed(space.problem, start)
        self._tries = self._all()
        self._piece: Slice

    def run(self, piece: Slice) -> None:
        """Try until the slice is over."""
        self._piece = piece
        for found in self._tries:
            if found:
                break
            if piece.over():
                return
        self.exhausted = True

    def _all(self) -> Iterator[bool]:
        """One try after the other: whether it found a solution that counts."""
        yield self._pool.offer(self._nearest, NAME)
        if self._given.any() and (self._space.problem.integer & ~self._given).any():
            yield self._fixed(self._given)
        yield from self._local()
        pattern = self._space.problem.pattern
        rows = broken(self._space.problem, self._nearest)
        while rows.any():
            free = pattern.T @ rows.astype(np.float64) > 0
            fixed = self._given & ~free
            if not fixed.any():
                return
            yield self._fixed(fixed)
            wider = pattern @ free.astype(np.float64) > 0
            if (wider == rows).all():
                return
            rows = wider

    def _fixed(self, fixed: Mask) -> bool:
        """Branch and cut with some integers at the nearest point's values."""
        problem, best = self._space.problem, self._pool.value
        lb, ub = (np.where(fixed, self._nearest, bound) for bound in (problem.lb, problem.ub))
        rest = self._space.within(lb, ub)
        if rest is not None and rest.problem.n:
            search_mip(rest, self._pool, self._piece, NAME, seed=self._seed)
        return self._pool.value < best

    def _local(self) -> Iterator[bool]:
        """Local search, a chunk at a time; it leaves the point that it came nearest with."""
        from diffpump.kernels import focused

        space, nnz = self._space, self._space.problem.nnz
        state = focused.focus(space.model, self._nearest, self._seed)
        fewest, since = space.problem.m + 1, 0
        while since <= max(LEAST, STALE * nnz):
            violated, work = focused.search(space.model, state, "count", self._piece.chunk())
            self._piece.spend(work)
            since = 0 if violated < fewest else since + work
            fewest = min(fewest, violated)
            self._nearest = state.best.copy()
            space.note(self._nearest, violated, NAME)
            if violated == 0:
                yield self._pool.offer(self._nearest, NAME)
                return
            yield False


def completed(problem: Problem, start: Vector) -> Vector:
    """A start (n,) with every column: rounded, clipped, and at the bound nearest 0 where it has NaN."""
    x = np.where(np.isnan(start), 0.0, start)
    lb = np.where(problem.integer, np.ceil(problem.lb), problem.lb)
    ub = np.where(problem.integer, np.floor(problem.ub), problem.ub)
    return np.clip(np.where(problem.integer, np.rint(x), x), lb, ub)


def broken(problem: Problem, x: Vector) -> Mask:
    """The rows (m,) that x (n,) violates."""
    return np.asarray(problem.excess(x) > FEASIBILITY_TOL)
