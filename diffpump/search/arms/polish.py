"""Polishing of every new incumbent: 1-opt, then an LP for the best continuous columns."""

from __future__ import annotations

from diffpump.config.schedule import arm
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.solutions import Solution
from diffpump.search.space import Space

NAME = "polish"


class Polish:
    """Polishes each incumbent once, on the original columns."""

    def __init__(self, space: Space, pool: Pool) -> None:
        self._space, self._pool = space, pool
        self._polished: Solution | None = None

    @property
    def exhausted(self) -> bool:
        """True if there is no incumbent, if it has been polished, or if there is no objective."""
        return self._pool.best in (None, self._polished) or not self._space.problem.c.any()

    def run(self, budget: Budget) -> None:
        """Improve the incumbent by 1-opt, then by the LP over its continuous columns."""
        from diffpump.kernels.oneopt import ONEOPT_PASSES, oneopt

        problem, pool = self._space.problem, self._pool
        assert pool.best is not None
        x, work = oneopt(self._space.model, pool.best.x, ONEOPT_PASSES * max(1, problem.nnz))
        budget.spend(work)
        pool.offer_with_completion(
            x, NAME, lambda: budget.lp_limits(problem), may_complete=lambda: not budget.is_spent()
        )
        pool.prove_waiting()
        self._polished = pool.best


@arm(
    NAME, "1-opt and the LP of the continuous columns, on every new incumbent", space="original",
    after=(10, 1.0), immediate=True,
)  # fmt: skip
def _polish(context: RunContext) -> Arm:
    return Polish(context.space(NAME), context.pool)
