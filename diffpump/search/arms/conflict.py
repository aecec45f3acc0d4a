"""Conflict-driven search over the binaries, combined with an LP for the other columns.

The search sees the rows relaxed by the bounds of the other columns, which bound propagation has made finite
where it can. Integer columns of a small domain are written in bits (`bits`). If an assignment of the search
leaves no point for the LP, the LP's ray becomes a row of the search (`benders`), which continues. Integer
columns that are too wide for bits belong to the LP, and then to branch and cut.

Learnt clauses, rows and phases are kept between slices. Each slice begins with the phases of another point:
the search's own, the root LP's, or those of a near-feasible point. With an incumbent, a row of the search
requires a smaller objective, with the other columns at their cheapest, and the incumbent's phases have their
turn, too (solution-guided search, Beck 2007).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diffpump.backends.mip import solve_mip
from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arms.benders import BendersSubproblem, Cut, forbid
from diffpump.search.arms.bits import Bits, bits
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.conflict.search import State
    from diffpump.kernels.model import Index

NAME = "conflict"
MAX_ROWS, MAX_NONZEROS = 200_000, 1_500_000  # of models whose set-up takes about a second at most
PROPAGATION_PASSES = 20  # passes of bound propagation over the matrix
BRANCH_SHARE = 0.3  # share of the rest of a slice that one call of branch and cut may take
MIN_IMPROVEMENT = 1e-4  # relative improvement that the objective's row requires
CUT_TOL = 1e-9  # feasibility tolerance of added rows, whose largest entry is 1


@dataclass(eq=False)
class Decomposition:
    """The model, split between the search and the LP.

    bits         the model in bits
    columns      its binaries that the search decides (N,)
    state        the state of the search
    subproblem   the LP over the other columns
    other_cost   the smallest value that all but these binaries add to c'x
    """

    bits: Bits
    columns: Index
    state: State
    subproblem: BendersSubproblem
    other_cost: float


class Conflict:
    """Conflict-driven search in a space.

    It is exhausted if the rows of the search have no solution, if they do not involve the objective once
    there is an incumbent, and on huge models (`MAX_ROWS`, `MAX_NONZEROS`).
    """

    def __init__(self, space: Space, pool: Pool, seed: int) -> None:
        problem = space.problem
        self.exhausted = problem.m > MAX_ROWS or problem.nnz > MAX_NONZEROS or not problem.integer.any()
        self._space, self._pool, self._seed = space, pool, seed
        self._parts: Decomposition | None = None
        self._assignment: Vector | None = None  # the search's last answer (N,), not tested yet
        self._phases = self._phase_points()
        self._last_value = np.inf  # the incumbent's value in the last row on the objective

    def run(self, budget: Budget) -> None:
        """Search until the budget is spent or a better solution is found."""
        from diffpump.kernels.conflict.search import Outcome, search, set_phases

        parts = self._parts = self._parts or self._set_up(budget)
        if parts is None:
            self.exhausted = True
            return
        self._require_improvement(parts)
        before = self._pool.value
        if self._assignment is None:
            phases = next(self._phases)
            if phases is not None:
                set_phases(parts.state, parts.bits.encode(phases)[parts.columns])
        while not (self.exhausted or budget.is_spent() or self._pool.value < before):
            if self._assignment is not None:
                self._test_assignment(parts, self._assignment, budget)
                continue
            outcome, work = search(parts.state, budget.kernel_work())
            budget.spend(work)
            if outcome is Outcome.SAT:
                self._assignment = parts.state.assignment
            self.exhausted = outcome is Outcome.UNSAT

    def _set_up(self, budget: Budget) -> Decomposition | None:
        """Return the decomposition, or None if bound propagation proves that there is no point."""
        from diffpump.kernels.conflict.binary_rows import binary_rows
        from diffpump.kernels.conflict.search import start
        from diffpump.kernels.model import model
        from diffpump.kernels.propagation import domain, propagate

        problem, source = self._space.problem, self._space.model
        tight = domain(source)
        conflict, work = propagate(source, tight, PROPAGATION_PASSES * source.row_val.size)
        budget.spend(work)
        if conflict >= 0:
            return None
        integer = problem.integer
        lb, ub = np.where(integer, tight.lb, problem.lb), np.where(integer, tight.ub, problem.ub)
        in_bits = bits(problem, lb, ub)
        bit_problem, continuous = in_bits.problem, np.flatnonzero(~integer)
        lb, ub = bit_problem.lb.copy(), bit_problem.ub.copy()
        lb[continuous], ub[continuous] = tight.lb[continuous], tight.ub[continuous]
        rows, columns = binary_rows(model(bit_problem)._replace(lb=lb, ub=ub))
        cheapest = np.where(bit_problem.c > 0, lb, np.where(bit_problem.c < 0, ub, 0.0))
        cheapest[columns] = 0.0
        other_cost = float(problem.c @ in_bits.shift + bit_problem.c @ cheapest)
        state = start(rows, columns.size, self._seed)
        return Decomposition(
            in_bits, columns, state, BendersSubproblem(bit_problem, columns, lb, ub), other_cost
        )

    def _require_improvement(self, parts: Decomposition) -> None:
        """Add the row that requires less than the incumbent's value, if the incumbent is new."""
        from diffpump.kernels.conflict.search import add_row

        value, cost = self._pool.value, parts.bits.problem.c[parts.columns]
        if value >= self._last_value:
            return
        self._last_value = value
        used = np.flatnonzero(cost).astype(np.int32)
        hi = self._pool.target(MIN_IMPROVEMENT, self._space.shift) - parts.other_cost
        if not used.size or not np.isfinite(hi):
            self.exhausted = True
            return
        largest = float(np.abs(cost).max())
        add_row(parts.state, used, cost[used] / largest, hi / largest, CUT_TOL)

    def _phase_points(self) -> Iterator[Vector | None]:
        """Yield a point (n,) for the phases of each slice; None keeps the phases of the search."""
        space = self._space
        if space.root is None:
            yield np.clip(np.zeros(space.problem.n), space.problem.lb, space.problem.ub)
        while True:
            if space.root is not None:
                yield space.root
            if space.near_feasible:
                yield space.near_feasible[0].x
            if self._pool.best is not None:
                yield space.project(self._pool.best.x)
            yield None

    def _test_assignment(self, parts: Decomposition, values: Vector, budget: Budget) -> None:
        """Complete the values (N,) of an assignment: offer the point, or add a row that forbids the values.

        If the budget ends first, the assignment is kept for the next slice.
        """
        from diffpump.kernels.conflict.search import add_row

        found = self._solve_subproblem(parts, values, budget)
        if found is None:
            return
        self._assignment = None
        if not isinstance(found, Cut):
            self._offer(parts.bits.decode(found), budget)
            found = forbid(values, np.arange(values.size, dtype=np.int32))
        add_row(parts.state, found.col, found.val, found.hi, CUT_TOL)

    def _solve_subproblem(self, parts: Decomposition, values: Vector, budget: Budget) -> Vector | Cut | None:
        """Return a point (n + extra,) with these values, a row that forbids them, or None at a limit."""
        bit_problem, subproblem = parts.bits.problem, parts.subproblem
        if not subproblem.columns.size:
            z = bit_problem.lb.copy()
            z[parts.columns] = values
            return z
        result = subproblem.solve(values, budget.lp_limits(subproblem.part))
        budget.spend_lp(subproblem.part, result.iterations)
        if result.status is LpStatus.INFEASIBLE:
            return subproblem.cut(values, result.ray)
        if result.status is LpStatus.OPTIMAL:
            rounded = np.rint(result.x)
            if (np.abs(result.x - rounded) <= INTEGRAL_TOL)[bit_problem.integer].all():
                return np.where(bit_problem.integer, rounded, result.x)
            return self._solve_by_branching(parts, values, budget)
        if result.status is LpStatus.FAILED:
            return subproblem.cut(values, None)
        return None

    def _solve_by_branching(self, parts: Decomposition, values: Vector, budget: Budget) -> Vector | Cut:
        """Return a point with these values by branch and cut, or a row that forbids them if none is found."""
        bit_problem, columns = parts.bits.problem, parts.columns
        lb, ub = bit_problem.lb.copy(), bit_problem.ub.copy()
        lb[columns] = ub[columns] = values
        part = Space(bit_problem).restrict(lb, ub)
        if part is None:
            return parts.subproblem.cut(values, None)
        share, cost = budget.split(BRANCH_SHARE * budget.left()), np.zeros(part.problem.n)
        result = solve_mip(
            part.problem, share.lp_limits(part.problem), cost=cost, first=True, seed=self._seed
        )
        budget.spend_lp(part.problem, result.effort)
        return parts.subproblem.cut(values, None) if result.x is None else part.to_original(result.x)

    def _offer(self, x: Vector, budget: Budget) -> None:
        """Offer x (n,) and its integers with the best continuous columns."""
        self._pool.offer_with_completion(
            self._space.to_original(x), NAME, lambda: budget.lp_limits(self._space.problem),
            may_complete=lambda: not budget.must_stop(),
        )  # fmt: skip


@arm(
    NAME, "conflict-driven search over the integers, below the incumbent",
    before={60: 0.4, 100: 3.0, 270: 2.0}, after=(70, 1.0),
)  # fmt: skip
def _conflict(context: RunContext) -> Arm:
    return Conflict(context.space(NAME), context.pool, context.seed)
