"""Fix, propagate, repair (Salvagnin, Roberti, Fischetti, A fix-propagate-repair heuristic, 2025).

The integer columns are fixed one by one to target values, with propagation. If conflicts were ignored on the
way, focused local search continues from the resulting point, and the columns are fixed once more towards the
point that it reaches. A plan is an order of the columns and a target; the plans take turns. After the first
round of all plans, the columns in rows with conflicts go first, and thresholds and ties are drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.search.arms.fix_propagate import FixPropagate
from diffpump.search.arms.local import Walk, focused
from diffpump.search.budget import KERNEL_CALL_WORK, Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Index

# Plans: (order of the columns, target), by their names in `kernels.targets`. Guided plans use the root LP.
FREE_PLANS = (
    ("locks", "cheap"), ("random", "cheap"), ("locks", "random"), ("locks", "dear"), ("locks", "loose"),
    ("locks", "low"), ("objective", "high"),
)  # fmt: skip
GUIDED_PLANS = (
    ("fractionality", "root"), ("locks", "root"), ("fractionality", "loose root"), ("random", "drawn"),
    ("objective", "root"),
)  # fmt: skip
MAX_BACKTRACKS = 200  # of one fixing
MAX_REPAIRS = 2  # local searches of one plan
REPAIR_PASSES = 5  # passes over the matrix that one local search may take, plus KERNEL_CALL_WORK


class FixPropagateRepair:
    """Fix, propagate, repair in a space; with `guided`, towards the root LP's point."""

    def __init__(self, space: Space, pool: Pool, name: str, seed: int, guided: bool = False) -> None:
        self._space, self._pool = space, pool
        self._guided, self._seed = guided, seed
        self._name = name
        self._fixer = FixPropagate(space, pool, self._name, seed)
        self._rng, self._plans = np.random.default_rng(seed), self._all_plans()
        self._walk: Walk | None = None

    @property
    def exhausted(self) -> bool:
        """True if there is nothing to fix or to improve, or if the root LP's point is needed and missing.

        There is nothing to improve if there is a solution and no objective.
        """
        problem = self._space.problem
        done = self._pool.best is not None and not problem.c.any()
        return done or not problem.integer.any() or (self._guided and self._space.root is None)

    def run(self, budget: Budget) -> None:
        """Follow one plan after another until the budget is spent or a solution is found."""
        found, tried = self._fixer.resume(budget), self._pool.best is not None
        while not found and not budget.is_spent():
            found = self._follow(*next(self._plans), budget)
        if tried:
            self._fixer.objective.record(found)

    def _follow(self, order: Index, target: Vector, threshold: float, budget: Budget) -> bool:
        """Fix and repair in turn, and return whether that found a solution."""
        from diffpump.kernels.fixing import conflicts_first

        for _ in range(1 + MAX_REPAIRS):
            fixed = self._fixer.round(order, target, threshold, MAX_BACKTRACKS, budget)
            if not fixed.conflict and self._fixer.offer(fixed.x, fixed.holds, budget):
                return True
            if budget.is_spent():
                return False
            target, violated = self._repair(fixed.x, budget)
            if violated == 0 and self._fixer.offer(target, True, budget):
                return True
            order, threshold = conflicts_first(self._space.model, order, self._fixer.conflicts), 0.5
        return False

    def _repair(self, x: Vector, budget: Budget) -> tuple[Vector, int]:
        """Return the best point (n,) of a local search from x, and the number of its violated rows."""
        if self._walk is None:
            self._walk = focused()(self._fixer.objective.model, x, self._seed)
        else:
            self._walk.restart(x)
        work_limit, violated = REPAIR_PASSES * self._space.problem.nnz + KERNEL_CALL_WORK, 1
        while work_limit > 0 and violated and not budget.is_spent():
            violated, work = self._walk.search(min(work_limit, budget.kernel_work()))
            budget.spend(work)
            work_limit -= work
        if self._pool.best is None:
            self._space.keep_near_feasible(self._walk.best, violated, self._name)
        return self._walk.best.copy(), violated

    def _all_plans(self) -> Iterator[tuple[Index, Vector, float]]:
        """Yield orders of the integer columns, targets (n,) and rounding thresholds, without end.

        A negative threshold stands for one that is drawn for each column.
        """
        from diffpump.kernels import targets
        from diffpump.kernels.fixing import conflicts_first

        model, bounds, repeated = self._space.model, self._fixer.domain, False
        lb, ub = bounds.lb.copy(), bounds.ub.copy()
        while True:
            for order_name, target_name in GUIDED_PLANS if self._guided else FREE_PLANS:
                root = self._space.root
                if self._guided and root is not None:
                    target = targets.root_target(target_name, model, root)
                else:
                    target = targets.bounds_target(target_name, model, lb, ub, self._rng)
                order = targets.ORDERS[order_name](model, target, self._rng)
                if repeated:
                    order = conflicts_first(model, order, self._fixer.conflicts)
                yield order, target, -1.0 if repeated or target_name == "drawn" else 0.5
            repeated = True


@arm("raw-fix", "fix, propagate, repair on the original model", space="original", before={20: 0.6, 190: 0.5})
def _raw_fix(context: RunContext) -> Arm:
    return _fix(context, "raw-fix")


@arm("fix", "fix, propagate, repair without an LP", before={50: 0.15, 90: 0.6}, after=(140, 0.6))
def _free(context: RunContext) -> Arm:
    return _fix(context, "fix")


@arm("fix-lp", "fix, propagate, repair towards the root LP's point", before={160: 0.6}, after=(100, 0.6))
def _guided(context: RunContext) -> Arm:
    return _fix(context, "fix-lp", guided=True)


def _fix(context: RunContext, name: str, guided: bool = False) -> Arm:
    return FixPropagateRepair(context.space(name), context.pool, name, context.seed_of(name), guided)
