"""Conflict-driven search over the binaries, an LP for the other columns, and each teaches the other.

The search sees the rows relaxed by the other columns' bounds, which bound propagation has made finite where
it can; integer columns of a small domain take part as bits. Where its answer leaves no point for the LP, the
LP's ray becomes a row of the search (`benders`), which goes on. Integer columns that are too wide for bits
belong to the LP, then to branch and cut. Learnt clauses, rows and phases stay between slices; a slice begins
with other phases than the last: the search's own, the root LP's, those of a point near to feasible.

With an incumbent a row of the search says that the objective, the other columns at their cheapest, is to be
less; then the incumbent's phases have their turn, too (solution-guided search, Beck 2007).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diffpump.backends.mip import solve_mip
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arm import Slice
from diffpump.search.arms.benders import Cut, Rest, forbid
from diffpump.search.arms.bits import Bits, bits
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.conflict.search import State
    from diffpump.kernels.model import Index

NAME = "conflict"
MOST_ROWS, MOST_ENTRIES = 200_000, 1_500_000  # of a model that a second can set up
PASSES = 20  # over the matrix, of bound propagation
BRANCHING = 0.3  # share of what is left of a slice that one call of branch and cut may take
LESS = 1e-4  # relative improvement that is asked for
CUT_TOL = 1e-9  # what a ray's row, of largest entry 1, may be exceeded by


@dataclass(eq=False)
class Parts:
    """The model in bits, the search over the binaries at `columns` (N,), the rest's LP, and the least that
    everything but these binaries adds to c'x."""

    bits: Bits
    columns: Index
    state: State
    rest: Rest
    least: float


class Conflict:
    """An arm. Exhausted where the search's rows have no solution, or say nothing of the objective once there
    is one, and on huge models."""

    def __init__(self, space: Space, pool: Pool, seed: int) -> None:
        problem = space.problem
        self.exhausted = problem.m > MOST_ROWS or problem.nnz > MOST_ENTRIES or not problem.integer.any()
        self._space, self._pool, self._seed = space, pool, seed
        self._parts: Parts | None = None
        self._answer: Vector | None = None  # of the search, (N,), not judged yet
        self._phases = self._turns()
        self._below = np.inf  # the value that the last row on the objective asked to be below

    def run(self, piece: Slice) -> None:
        """Search until the slice is over, or a better solution is found."""
        from diffpump.kernels.conflict.search import Outcome, search, set_phases

        parts = self._parts = self._parts or self._set_up(piece)
        if parts is None:
            self.exhausted = True
            return
        self._ask(parts)
        before = self._pool.value
        if self._answer is None:
            phases = next(self._phases)
            if phases is not None:
                set_phases(parts.state, parts.bits.encode(phases)[parts.columns])
        while not (self.exhausted or piece.over() or self._pool.value < before):
            if self._answer is not None:
                self._judge(parts, self._answer, piece)
                continue
            outcome, work = search(parts.state, piece.chunk())
            piece.spend(work)
            if outcome is Outcome.SAT:
                self._answer = parts.state.assignment
            self.exhausted = outcome is Outcome.UNSAT

    def _set_up(self, piece: Slice) -> Parts | None:
        """None where bound propagation finds no point at all."""
        from diffpump.kernels.conflict.binary_rows import binary_rows
        from diffpump.kernels.conflict.search import start
        from diffpump.kernels.model import model
        from diffpump.kernels.propagation import domain, propagate

        problem, given = self._space.problem, self._space.model
        tight = domain(given)
        conflict, work = propagate(given, tight, PASSES * given.row_val.size)
        piece.spend(work)
        if conflict >= 0:
            return None
        whole = problem.integer
        lb, ub = np.where(whole, tight.lb, problem.lb), np.where(whole, tight.ub, problem.ub)
        inside = bits(problem, lb, ub)
        over, plain = inside.problem, np.flatnonzero(~whole)
        lb, ub = over.lb.copy(), over.ub.copy()
        lb[plain], ub[plain] = tight.lb[plain], tight.ub[plain]
        rows, columns = binary_rows(model(over)._replace(lb=lb, ub=ub))
        cheapest = np.where(over.c > 0, lb, np.where(over.c < 0, ub, 0.0))
        cheapest[columns] = 0.0
        least = float(problem.c @ inside.shift + over.c @ cheapest)
        state = start(rows, columns.size, self._seed)
        return Parts(inside, columns, state, Rest(over, columns, lb, ub), least)

    def _ask(self, parts: Parts) -> None:
        """Add the row that says less than the incumbent, if there is a new one."""
        from diffpump.kernels.conflict.search import add_row

        value, cost = self._pool.value, parts.bits.problem.c[parts.columns]
        if value >= self._below:
            return
        self._below = value
        used = np.flatnonzero(cost).astype(np.int32)
        hi = self._pool.below(LESS) - self._space.shift - parts.least
        if not used.size or not np.isfinite(hi):
            self.exhausted = True
            return
        largest = float(np.abs(cost).max())
        add_row(parts.state, used, cost[used] / largest, hi / largest, CUT_TOL)

    def _turns(self) -> Iterator[Vector | None]:
        """Points (n,) for the phases of one slice after the other, None for the search's own."""
        space = self._space
        if space.root is None:
            yield np.clip(np.zeros(space.problem.n), space.problem.lb, space.problem.ub)
        while True:
            if space.root is not None:
                yield space.root
            if space.near:
                yield space.near[0].x
            if self._pool.best is not None:
                yield space.into(self._pool.best.x)
            yield None

    def _judge(self, parts: Parts, values: Vector, piece: Slice) -> None:
        """Is there a point with these values (N,)? A solution, or a row that forbids them, or time is up."""
        from diffpump.kernels.conflict.search import add_row

        found = self._rest_of(parts, values, piece)
        if found is None:
            return
        self._answer = None
        if not isinstance(found, Cut):
            self._offer(parts.bits.decode(found), piece)
            found = forbid(values, np.arange(values.size, dtype=np.int32))
        add_row(parts.state, found.col, found.val, found.hi, CUT_TOL)

    def _rest_of(self, parts: Parts, values: Vector, piece: Slice) -> Vector | Cut | None:
        """A point (n + extra,) with these values, a row that forbids them, None when time was up."""
        over, rest = parts.bits.problem, parts.rest
        if not rest.columns.size:
            z = over.lb.copy()
            z[parts.columns] = values
            return z
        result = rest.solve(values, piece.limits(rest.part))
        piece.solved(rest.part, result.iterations)
        if result.status is LpStatus.INFEASIBLE:
            return rest.cut(values, result.ray)
        if result.status is LpStatus.OPTIMAL:
            whole = np.rint(result.x)
            if (np.abs(result.x - whole) <= INTEGRAL_TOL)[over.integer].all():
                return np.where(over.integer, whole, result.x)
            return self._branch(parts, values, piece)
        if result.status is LpStatus.FAILED:
            return rest.cut(values, None)
        return None

    def _branch(self, parts: Parts, values: Vector, piece: Slice) -> Vector | Cut:
        """The same by branch and cut; what it does not find in time is forbidden."""
        over, columns = parts.bits.problem, parts.columns
        lb, ub = over.lb.copy(), over.ub.copy()
        lb[columns] = ub[columns] = values
        rest = Space(over).within(lb, ub)
        if rest is None:
            return parts.rest.cut(values, None)
        share, cost = piece.part(BRANCHING * piece.left()), np.zeros(rest.problem.n)
        result = solve_mip(rest.problem, share.limits(rest.problem), cost=cost, first=True, seed=self._seed)
        piece.solved(rest.problem, result.effort)
        return parts.rest.cut(values, None) if result.x is None else rest.lift(result.x)

    def _offer(self, x: Vector, piece: Slice) -> None:
        """Offer x (n,), and its integers with the best continuous columns."""
        pool, limits = self._pool, piece.limits(self._space.problem)
        point = self._space.lift(x)
        pool.offer(point, NAME, limits)
        whole = np.where(pool.problem.integer, np.rint(point), point)
        best = None if piece.stopped() else pool.complete(whole, limits)
        if best is not None:
            pool.offer(best, NAME, limits)
