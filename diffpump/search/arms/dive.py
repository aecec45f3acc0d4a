"""LP dives: fix some fractional columns of the LP's point, propagate, solve the LP again.

A dive starts from the root LP's point, or solves the root LP if there is no point yet. Each step fixes a
share of the fractional columns, in the order and towards the values of a rule. If the step ends in a
conflict, in an infeasible LP, or above the incumbent, it is undone. Then a few of its columns are tried,
then one column, then the other value of that column, then the step before it. When a dive has used up its
backtracks, the next rule follows. Every LP point on the way is rounded with propagation.

Rules: Achterberg, Constraint integer programming (2007), section 9.2; guided dives: Danna, Rothberg, Le Pape
(2005).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from diffpump.backends.relaxation import load
from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arms.fix_propagate import CALL_WORK, FixPropagate
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.backends.relaxation import SimplexRelaxation
    from diffpump.kernels.model import Index

RULES = ("fractional", "locks", "guided", "random")
STEP_SHARE = 0.2  # share of the fractional columns that one step fixes
SHRINK_FACTOR = 4  # a step that is undone is repeated with so many times fewer columns
MAX_BACKTRACKS = 12  # of one dive, before the next rule follows


class Step(NamedTuple):
    """One step of a dive.

    columns  the columns to fix
    target   their values (n,)
    other    the values (n,) on the other side of the LP's point, or None if the step uses these already
    mark     the bounds before the step
    """

    columns: Index
    target: Vector
    other: Vector | None
    mark: int = 0


class Dive:
    """LP dives in a space. The arm keeps its LP and its place in the dive between slices.

    It is exhausted if the LP has no point, or if the root LP's point has no fractional columns.
    """

    def __init__(self, space: Space, pool: Pool, seed: int) -> None:
        self.exhausted = not space.problem.integer.any()
        self._space, self._pool = space, pool
        self._fixer, self._rng = FixPropagate(space, pool, "dive", seed), np.random.default_rng(seed)
        self._steps, self._backtracks, self._dives = list[Step](), 0, 0
        self._cost = space.problem.c

    @cached_property
    def _relaxation(self) -> SimplexRelaxation:
        relaxation = load(self._space.problem, lp_algorithm="dual")
        relaxation.restore_basis(self._space.basis)
        return relaxation

    def run(self, budget: Budget) -> None:
        """Solve LPs and take steps until the budget is spent or a solution is found."""
        found = self._fixer.resume(budget)
        while not found and not budget.is_spent() and not self.exhausted:
            status, x = self._solve(budget)
            if status is LpStatus.OPTIMAL:
                found = self._descend(x, budget)
            elif status is LpStatus.INFEASIBLE:
                self._backtrack(budget)
            elif status is LpStatus.UNBOUNDED:
                self.exhausted = not self._cost.any()
                self._cost = np.zeros(self._space.problem.n)
            else:
                return

    def _solve(self, budget: Budget) -> tuple[LpStatus, Vector]:
        """Return the LP's status and point within the current bounds.

        The status is INFEASIBLE, too, if the point is no better than the incumbent.
        """
        space, problem, bounds = self._space, self._space.problem, self._fixer.domain
        if not self._steps and space.root is not None:
            return LpStatus.OPTIMAL, space.root
        free = ~problem.integer
        self._relaxation.set_bounds(
            np.where(free, problem.lb, bounds.lb), np.where(free, problem.ub, bounds.ub)
        )
        result = self._relaxation.solve(self._cost, budget.lp_limits(problem))
        budget.spend_lp(problem, result.iterations)
        budget.spend(CALL_WORK)
        if result.status is not LpStatus.OPTIMAL:
            self.exhausted = result.status is LpStatus.INFEASIBLE and not self._steps
            return result.status, result.x
        value = float(problem.c @ result.x)
        if not self._steps and self._cost.any():
            space.root, space.bound = result.x, value
            space.basis = self._relaxation.plain_basis()
        not_better = self._cost.any() and not self._pool.improves(value + space.shift)
        return LpStatus.INFEASIBLE if not_better else LpStatus.OPTIMAL, result.x

    def _descend(self, x: Vector, budget: Budget) -> bool:
        """Round x (n,) with propagation, then fix more columns; return whether a solution was found."""
        from diffpump.kernels.fixing import by_fractionality

        order = by_fractionality(self._space.model, x)
        fixed = self._fixer.round(order, x, 0.5, 0, budget)
        if not fixed.conflict and self._fixer.offer(fixed.x, fixed.holds, budget):
            return True
        columns, target = self._ranked_columns(x)
        if columns.size:
            size = int(np.ceil(STEP_SHARE * columns.size))
            self._apply(Step(columns[:size], target, np.floor(x) + np.ceil(x) - target), budget)
        else:
            # At the root, the rounded point fails in its continuous columns alone.
            self.exhausted = not self._steps
            self._return_to_root(budget)
        return False

    def _ranked_columns(self, x: Vector) -> tuple[Index, Vector]:
        """Return the fractional columns in the order of the rule, and the rule's values for them (n,)."""
        problem, near_feasible = self._space.problem, self._space.near_feasible
        rule = RULES[self._dives % len(RULES)]
        bounds, distance = self._fixer.domain, np.abs(x - np.rint(x))
        candidates = problem.integer & (bounds.lb < bounds.ub) & (distance > INTEGRAL_TOL)
        columns = np.flatnonzero(candidates).astype(np.int32)
        target = np.rint(x)
        key = distance
        if rule == "locks":
            down, up = problem.locks
            target = np.where(up < down, np.ceil(x), np.where(down < up, np.floor(x), target))
            key = np.minimum(down, up) + distance
        elif rule == "guided" and near_feasible:
            guide = near_feasible[0].x
            target, key = np.where(guide > x, np.ceil(x), np.floor(x)), np.abs(guide - x)
        elif rule == "random":
            target, key = np.floor(x + self._rng.random(x.size)), self._rng.random(x.size)
        return columns[np.argsort(key[columns], kind="stable")], target

    def _apply(self, step: Step, budget: Budget) -> None:
        """Take a step, and backtrack if it ends in a conflict."""
        mark = self._fixer.mark()
        self._steps.append(step._replace(mark=mark))
        if self._fixer.fix(step.columns, step.target, 0.5, 0, budget).conflict:
            self._backtrack(budget)

    def _backtrack(self, budget: Budget) -> None:
        """Undo the last step and take a smaller or another one; end the dive if there is none left."""
        self._backtracks += 1
        while self._steps and self._backtracks <= MAX_BACKTRACKS:
            columns, target, other, mark = self._steps.pop()
            self._fixer.undo(mark, budget)
            if columns.size > 1:
                return self._apply(Step(columns[: -(-columns.size // SHRINK_FACTOR)], target, other), budget)
            if other is not None:
                return self._apply(Step(columns, other, None), budget)
        self._return_to_root(budget)

    def _return_to_root(self, budget: Budget) -> None:
        """Undo all steps, so that the next dive starts from the root with the next rule."""
        if self._steps:
            self._fixer.undo(self._steps[0].mark, budget)
            self._steps.clear()
        self._backtracks, self._dives = 0, self._dives + 1


@arm("dive", "LP dives below the incumbent", before={290: 2.0}, after=(180, 1.0))
def _dive(context: RunContext) -> Arm:
    return Dive(context.space("dive"), context.pool, context.seed)
