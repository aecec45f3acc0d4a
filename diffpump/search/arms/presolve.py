"""HiGHS's presolve, which runs once and provides the presolved space for the other arms."""

from __future__ import annotations

import numpy as np

from diffpump.backends.mip import presolve
from diffpump.config.schedule import arm
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

NAME = "presolve"


class Presolve:
    """Presolves the model, and offers a point only if presolve solves it.

    The work of a slice that ends during presolve is lost, and the arm does not run again.
    """

    def __init__(self, spaces: Spaces, pool: Pool) -> None:
        self.exhausted = False
        self._spaces, self._pool = spaces, pool

    def run(self, budget: Budget) -> None:
        """Presolve the model if the budget suffices for it."""
        problem = self._spaces.original.problem
        found = presolve(problem, budget.lp_limits(problem))
        self.exhausted = True
        if found is not None and found.problem.n:
            self._spaces.presolved = Space(found.problem, found.restore, found.problem.offset, found.reduce)
        elif found is not None:
            self._pool.offer(found.restore(np.zeros(0)), NAME)


@arm(
    NAME, "HiGHS's presolve", space="original", before={40: 15.0}, cold={10: 15.0}, after=(20, 6.0),
    immediate=True, leads=True, needs_kernels=False,
)  # fmt: skip
def _presolve(context: RunContext) -> Arm:
    return Presolve(context.spaces, context.pool)
