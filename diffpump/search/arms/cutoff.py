"""Local search below the incumbent: a row requires an objective value slightly below the incumbent's.

The search starts from the incumbent. After a slice without success it starts from other points in turn:
earlier solutions, the root LP's point in randomised rounding, and the incumbent again. After a success the
required improvement grows, and after a failure it shrinks (`objective_target`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.search.arms.local import Walk, WalkFactory, focused, jump, randomly_rounded
from diffpump.search.arms.objective_target import ObjectiveTarget
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Spaces

EARLIER_SOLUTIONS = 2  # solutions before the incumbent that a round of starts takes


class Cutoff:
    """Local search below the incumbent on the original columns.

    make   `local.focused` or `local.jump`, which returns the factory of the walk
    """

    def __init__(
        self, spaces: Spaces, pool: Pool, name: str, make: Callable[[], WalkFactory], seed: int
    ) -> None:
        self._spaces, self._pool, self._name, self._make, self._seed = spaces, pool, name, make, seed
        self._rng, self._target = np.random.default_rng(seed), ObjectiveTarget(spaces.original, pool)
        self._walk: Walk | None = None
        self._starts = self._start_points()

    @property
    def exhausted(self) -> bool:
        """True if there is no incumbent or no objective."""
        return self._pool.best is None or not self._spaces.original.problem.c.any()

    def run(self, budget: Budget) -> None:
        """Search from the next start until the budget is spent."""
        if self._pool.best is None:
            return
        self._target.set()
        start, gained = next(self._starts), False
        if self._walk is None:
            self._walk = self._make()(self._target.model, start, self._seed)
        else:
            self._walk.restart(start)
        while not budget.is_spent():
            violated, work = self._walk.search(budget.kernel_work())
            budget.spend(work)
            if violated:
                continue
            if not self._pool.offer(self._walk.best, self._name):
                break  # the point improves less than the pool counts as an improvement
            gained = True
            self._target.record(True)
            self._target.set()
        if gained:
            self._starts = self._start_points()
        else:
            self._target.record(False)

    def _start_points(self) -> Iterator[Vector]:
        """Yield the points (n,) to start from, without end."""
        problem = self._spaces.original.problem
        while True:
            for solution in self._pool.solutions[::-1][: 1 + EARLIER_SOLUTIONS]:
                yield solution.x
            root = self._spaces.root()
            if root is not None:
                yield randomly_rounded(problem, root, self._rng)


@arm("cutoff", "focused local search below the incumbent", space="original", after=(50, 0.5))
def _cutoff(context: RunContext) -> Arm:
    return Cutoff(context.spaces, context.pool, "cutoff", focused, context.seed)


@arm("cutoff-jump", "Feasibility Jump below the incumbent", space="original", after=(130, 0.5))
def _cutoff_jump(context: RunContext) -> Arm:
    return Cutoff(context.spaces, context.pool, "cutoff-jump", jump, context.seed)
