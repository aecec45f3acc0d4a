"""What every new incumbent gets at once: 1-opt, and the best continuous columns for its integers."""

from __future__ import annotations

from diffpump.search.arm import Slice
from diffpump.search.pool import Pool, Solution
from diffpump.search.space import Space

NAME = "polish"
PASSES = 20  # over the matrix, that 1-opt may take


class Polish:
    """An arm on the original columns; exhausted until there is another incumbent, and without one."""

    def __init__(self, space: Space, pool: Pool) -> None:
        self._space, self._pool = space, pool
        self._done: Solution | None = None

    @property
    def exhausted(self) -> bool:
        """The incumbent has been polished, or there is nothing to gain."""
        return self._pool.best in (None, self._done) or not self._space.problem.c.any()

    def run(self, piece: Slice) -> None:
        """1-opt, then the LP from what it found."""
        from diffpump.kernels.oneopt import oneopt

        problem, pool = self._space.problem, self._pool
        assert pool.best is not None
        x, work = oneopt(self._space.model, pool.best.x, PASSES * max(1, problem.nnz))
        piece.spend(work)
        pool.offer(x, NAME)
        if not piece.over() and not problem.integer.all():
            completed = pool.complete(x, piece.limits(problem))
            if completed is not None:
                pool.offer(completed, NAME)
        pool.settle()
        self._done = pool.best
