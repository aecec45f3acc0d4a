"""Relaxation-enforced neighbourhood search (Berthold 2014): branch and cut around the root LP's point.

Of the integer columns that are integers there those with the largest reduced costs are fixed. How many, is
found by halving: where a part was searched to its end, too many were, and where its search found nothing for
as long as PATIENCE, too few. The former costs less to find out, so it begins NEARER to too many. Such a part
leaves more to search than other neighbourhoods do, and HiGHS looks for neighbourhoods of its own inside: so a
search goes on from slice to slice.
"""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np

from diffpump.search.arm import Slice
from diffpump.search.arms.submip import SubMip
from diffpump.search.pool import Pool
from diffpump.search.space import Space

INTEGRAL = 1e-6
PATIENCE = 5.0  # seconds of a search without a better solution
NEARER = 0.7
CLOSE = 0.1  # shares between which there is nothing more to find out


class Rens:
    """An arm. Exhausted without a root LP, and when the share is known; ending: of the run."""

    def __init__(self, space: Space, pool: Pool, seed: int, ending: ExitStack) -> None:
        self._space, self._pool, self._seed, self._ending = space, pool, seed, ending
        self._rng = np.random.default_rng(seed)
        self._few, self._many = 0.0, 1.0  # shares of columns that were too few, too many to fix
        self._share = NEARER
        self._search: SubMip | None = None
        self._spent = 0.0

    @property
    def exhausted(self) -> bool:
        """There is nothing to go on from, or nothing more to do."""
        known = self._search is None and self._many - self._few <= CLOSE
        return known or self._space.root is None or not self._space.problem.integer.any()

    def run(self, piece: Slice) -> None:
        """Go on with the search, or with the next."""
        while not (piece.over() or self.exhausted or self._pool.closed):
            if self._search is None:
                self._search = self._begin()
            if self._search is None:
                self._decide(many=True)
                continue
            value, before, part = self._pool.value, piece.left(), piece.part(PATIENCE - self._spent)
            self._search.run(part)
            piece.taken(part)
            self._spent = 0.0 if self._pool.value < value else self._spent + before - piece.left()
            if self._search.exhausted or self._spent >= PATIENCE:
                self._decide(many=self._search.exhausted)

    def _decide(self, many: bool) -> None:
        """Whether the share was too large, or too small."""
        if many:
            self._many = self._share
        else:
            self._few = self._share
        if self._search is not None:
            self._search.end()
        self._search, self._spent = None, 0.0
        self._share = (self._few + self._many) / 2

    def _begin(self) -> SubMip | None:
        """The search with that share of the columns fixed; None where a row cannot hold then."""
        space, problem = self._space, self._space.problem
        assert space.root is not None
        x, columns = space.root, problem.integers
        columns = columns[np.abs(x - np.rint(x))[columns] <= INTEGRAL]
        self._many = min(self._many, columns.size / problem.integers.size)
        self._share = min(self._share, self._many)
        size = np.zeros(problem.n) if space.reduced is None else np.abs(space.reduced)
        order = np.lexsort((self._rng.random(columns.size), -size[columns]))
        fixed = columns[order[: round(self._share * problem.integers.size)]]
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[fixed] = ub[fixed] = np.rint(x[fixed])
        rest = space.within(lb, ub)
        if rest is None or not rest.problem.n:
            return None
        self._seed += 1
        return SubMip(rest, self._pool, "rens", self._seed, self._ending, part=True)
