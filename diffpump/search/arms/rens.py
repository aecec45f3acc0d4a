"""Relaxation-enforced neighbourhood search (Berthold 2014): branch and cut around the root LP's point.

Of the integer columns that are integers there those with the largest reduced costs are fixed: MOST of all at
first, and STEP fewer whenever such a part was searched to its end, which takes moments where they were too
many. A search that finds nothing for as long as PATIENCE gives way to one with more columns fixed, and LONGER
patience. Such a part leaves more to search than other neighbourhoods do, and HiGHS looks for neighbourhoods
of its own inside: so a search goes on from slice to slice.
"""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np

from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arm import Slice
from diffpump.search.arms.submip import SubMip
from diffpump.search.pool import Pool
from diffpump.search.space import Space

MOST, STEP = 0.9, 0.1  # shares of the integer columns
PATIENCE, LONGER = 6.0, 1.5  # seconds of a search without a better solution


class Rens:
    """An arm. Exhausted without a root LP, and when the whole was searched; ending: of the run."""

    def __init__(self, space: Space, pool: Pool, seed: int, ending: ExitStack) -> None:
        self._space, self._pool, self._seed = space, pool, seed
        self._rng = np.random.default_rng(seed)
        self._share, self._many = MOST, 1.0  # of the columns that are fixed; that was too many
        self._patience, self._spent = PATIENCE, 0.0
        self._search: SubMip | None = None
        self._ending = ending.enter_context(ExitStack())  # of the search

    @property
    def exhausted(self) -> bool:
        """There is nothing to go on from, or nothing more to do."""
        return self._many <= 0 or self._space.root is None or not self._space.problem.integer.any()

    def run(self, piece: Slice) -> None:
        """Go on with the search, or with the next."""
        while not (piece.over() or self.exhausted or self._pool.closed):
            if self._search is None:
                self._search = self._begin()
            if self._search is None:
                self._fewer()
                continue
            value, before, part = self._pool.value, piece.left(), piece.part(self._patience - self._spent)
            self._search.run(part)
            piece.taken(part)
            self._spent = 0.0 if self._pool.value < value else self._spent + before - piece.left()
            if self._search.exhausted:
                self._fewer()
            elif self._spent >= self._patience:
                self._more()

    def _fewer(self) -> None:
        """The part was searched to its end: fix fewer columns."""
        self._many, self._share = self._share, max(0.0, self._share - STEP)
        self._end()

    def _more(self) -> None:
        """Nothing came of it: fix more."""
        self._share = (self._share + self._many) / 2
        self._patience *= LONGER
        self._end()

    def _end(self) -> None:
        self._ending.close()
        self._search, self._spent = None, 0.0

    def _begin(self) -> SubMip | None:
        """The search with that share of the columns fixed; None where a row cannot hold then."""
        space, problem = self._space, self._space.problem
        assert space.root is not None
        x, columns = space.root, problem.integers
        away = np.abs(x - np.rint(x))
        if space.basis is not None:
            columns = columns[away[columns] <= INTEGRAL_TOL]
        self._share = min(self._share, columns.size / problem.integers.size)
        if not columns.size:
            return None
        size = np.zeros(problem.n) if space.reduced is None else np.abs(space.reduced)
        order = np.lexsort((self._rng.random(columns.size), away[columns], -size[columns]))
        fixed = columns[order[: round(self._share * problem.integers.size)]]
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[fixed] = ub[fixed] = np.rint(x[fixed])
        rest = space.within(lb, ub)
        if rest is None or not rest.problem.n:
            return None
        self._seed += 1
        return SubMip(rest, self._pool, "rens", self._seed, self._ending, part=True)
