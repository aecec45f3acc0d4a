"""Fix and propagate in a space, and the offer of its points to the pool; `fix` and `dive` share this."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from diffpump.backends.completion import Completion
from diffpump.core.arrays import Vector
from diffpump.search.arms.objective_target import ObjectiveTarget
from diffpump.search.budget import KERNEL_CALL_WORK, WORK_PER_SECOND, Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Index
    from diffpump.kernels.propagation import Domain
    from diffpump.kernels.rng import Rng

CALL_WORK = 20_000  # touched nonzeros that one fixing or one LP counts as, beside its own work
PROPAGATION_PASSES = 20  # passes over the matrix that one fixing may take, plus KERNEL_CALL_WORK


class FixResult(NamedTuple):
    """The point that a fixing ends with.

    x         integral (n,)
    conflict  whether a conflict was ignored on the way
    holds     whether every row holds
    """

    x: Vector
    conflict: bool
    holds: bool


class FixPropagate:
    """`kernels.fixing.fix` on a space and its bounds, below the incumbent.

    Fixings stay in the bounds until `undo`. A point whose integers were offered before is not offered again,
    unless the slice ended during its LP: then it goes first in the next slice (`resume`).

    conflicts   (m + 1,), how often each row was in conflict
    objective   the objective target below the incumbent
    """

    def __init__(self, space: Space, pool: Pool, name: str, seed: int) -> None:
        self.conflicts = np.zeros(space.problem.m + 1, np.int64)
        self.objective = ObjectiveTarget(space, pool)
        self._space, self._pool, self._name, self._seed = space, pool, name, seed
        self._completion, self._offered = Completion(space.problem), set[bytes]()
        self._cut_off: Vector | None = None

    @cached_property
    def domain(self) -> Domain:
        """The current bounds; at first those that follow from the model alone."""
        from diffpump.kernels import propagation

        model = self._space.model  # without the objective target, whose side may change
        domain = propagation.domain(model)
        propagation.propagate(model, domain, PROPAGATION_PASSES * model.row_val.size + KERNEL_CALL_WORK)
        return domain

    @cached_property
    def _rng(self) -> Rng:
        from diffpump.kernels.rng import rng

        return rng(self._seed)

    def mark(self) -> int:
        """Return a mark of the current bounds, for `undo`."""
        from diffpump.kernels import propagation

        return propagation.mark(self.domain)

    def undo(self, mark: int, budget: Budget) -> None:
        """Restore the bounds of a mark."""
        from diffpump.kernels import propagation

        budget.spend(propagation.undo(self.objective.model, self.domain, mark))

    def fix(
        self, order: Index, target: Vector, threshold: float, backtracks: int, budget: Budget
    ) -> FixResult:
        """Fix integer columns one by one, with propagation, and leave the bounds fixed.

        order       the columns, in order
        target      (n,), the values to fix them to
        threshold   a column takes floor(target + threshold); negative: drawn for each column
        backtracks  the largest number of backtracks
        """
        from diffpump.kernels import fixing

        model = self.objective.model
        work_limit = min(
            PROPAGATION_PASSES * model.row_val.size + KERNEL_CALL_WORK,
            int(budget.left() * WORK_PER_SECOND) + 1,
        )
        status, x, _, conflicts, work = fixing.fix(
            model, self.domain, order, target, threshold, self._rng, backtracks, work_limit
        )
        budget.spend(work + CALL_WORK)
        self.conflicts += conflicts
        return FixResult(x, status == fixing.CONFLICT, status == fixing.FEASIBLE)

    def round(
        self, order: Index, target: Vector, threshold: float, backtracks: int, budget: Budget
    ) -> FixResult:
        """Fix as in `fix`, below the current incumbent, and restore the bounds afterwards."""
        self.objective.set()
        start = self.mark()
        fixed = self.fix(order, target, threshold, backtracks, budget)
        self.undo(start, budget)
        return fixed

    def resume(self, budget: Budget) -> bool:
        """Complete the point whose LP was cut off, if any; return whether that gave a new best solution."""
        return self._cut_off is not None and self.offer(self._cut_off, False, budget)

    def offer(self, x: Vector, holds: bool, budget: Budget) -> bool:
        """Offer a point, then its integers with the continuous columns that an LP chooses for them.

        holds   whether x satisfies every row

        Returns whether one of the two is a new best solution.
        """
        space, problem = self._space, self._space.problem
        integers = x[problem.integer].tobytes()
        if integers in self._offered:
            return False
        before = self._completion.iterations
        may_complete = not problem.integer.all() and not budget.is_spent()
        found, completed = self._pool.offer_with_completion(
            x, self._name, lambda: budget.lp_limits(problem), holds=holds, to_original=space.to_original,
            completion=self._completion, may_complete=lambda: may_complete,
        )  # fmt: skip
        if may_complete:
            budget.spend_lp(problem, self._completion.iterations - before)
            budget.spend(CALL_WORK)
            self._cut_off = x if not completed and budget.left() <= 0 else None
        if self._cut_off is None:
            self._offered.add(integers)
        return found
