"""LP dives: fix some fractional columns of the LP's point, propagate, solve the LP again.

A dive goes down from the root LP's point, or from the LP's own optimum where there is none yet. Each step
fixes a share of the fractional columns, those that a rule puts first, in its direction. Where that ends in a
conflict, an infeasible LP or above the incumbent, the step is taken back: a few of its columns are tried,
then one, then the other value of that one, then the step before; when a dive has used up its backtracks, the
next rule has its turn. On the way every LP point is rounded with propagation.

Rules: Achterberg, Constraint integer programming (2007), section 9.2; guided dives: Danna, Rothberg, Le Pape
(2005).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.search.arm import Slice
from diffpump.search.arms.fixer import CALL, Fixer
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.backends.relaxation import SimplexRelaxation
    from diffpump.kernels.model import Index

RULES = ("fractional", "locks", "guided", "random")
SHARE = 0.2  # of the fractional columns that one step fixes
FEWER = 4  # a step that is taken back is tried with so many times fewer columns
BACKTRACKS = 12  # of one dive


class Step(NamedTuple):
    """Columns to fix, to their values in `target` (n,), and the values on the other side of the LP's point;
    None: these were it. mark: the bounds before."""

    columns: Index
    target: Vector
    other: Vector | None
    mark: int = 0


class Dive:
    """An arm; it keeps its LP and its place between slices. Exhausted where the LP has no point."""

    def __init__(self, space: Space, pool: Pool, seed: int) -> None:
        self.exhausted = not space.problem.integer.any()
        self._space, self._pool = space, pool
        self._fixer, self._rng = Fixer(space, pool, "dive", seed), np.random.default_rng(seed)
        self._steps, self._backtracks, self._dives = list[Step](), 0, 0
        self._cost = space.problem.c

    @cached_property
    def _relaxation(self) -> SimplexRelaxation:
        relaxation = load(self._space.problem, lp_algorithm="dual")
        relaxation.restore_basis(self._space.basis)
        return relaxation

    def run(self, piece: Slice) -> None:
        """LPs and steps until the slice is over, or a solution is found."""
        found = self._fixer.resume(piece)
        while not found and not piece.over() and not self.exhausted:
            status, x = self._solve(piece)
            if status is LpStatus.OPTIMAL:
                found = self._descend(x, piece)
            elif status is LpStatus.INFEASIBLE:
                self._turn_back(piece)
            elif status is LpStatus.UNBOUNDED:
                self.exhausted = not self._cost.any()
                self._cost = np.zeros(self._space.problem.n)
            else:
                return

    def _solve(self, piece: Slice) -> tuple[LpStatus, Vector]:
        """The LP's point within the bounds as they are; INFEASIBLE, too, where it is no better than the
        incumbent."""
        space, problem, bounds = self._space, self._space.problem, self._fixer.domain
        if not self._steps and space.root is not None:
            return LpStatus.OPTIMAL, space.root
        free = ~problem.integer
        self._relaxation.set_bounds(
            np.where(free, problem.lb, bounds.lb), np.where(free, problem.ub, bounds.ub)
        )
        result = self._relaxation.solve(self._cost, piece.limits(problem))
        piece.solved(problem, result.iterations)
        piece.spend(CALL)
        if result.status is not LpStatus.OPTIMAL:
            self.exhausted = result.status is LpStatus.INFEASIBLE and not self._steps
            return result.status, result.x
        value = float(problem.c @ result.x)
        if not self._steps and self._cost.any():
            space.root, space.bound = result.x, value
            space.basis = self._relaxation.plain_basis()
        worse = self._cost.any() and not self._pool.better(value + space.shift)
        return LpStatus.INFEASIBLE if worse else LpStatus.OPTIMAL, result.x

    def _descend(self, x: Vector, piece: Slice) -> bool:
        """Round x (n,), then fix some more columns: whether a solution was found."""
        from diffpump.kernels.fixing import by_fractionality

        order = by_fractionality(self._space.model, x)
        fixed = self._fixer.round(order, x, 0.5, 0, piece)
        if not fixed.conflict and self._fixer.offer(fixed.x, fixed.holds, piece):
            return True
        columns, target = self._ranked(x)
        if columns.size:
            size = int(np.ceil(SHARE * columns.size))
            self._take(Step(columns[:size], target, np.floor(x) + np.ceil(x) - target), piece)
        else:
            self.exhausted = not self._steps  # the rounded root is wrong in the continuous columns
            self._rise(piece)
        return False

    def _ranked(self, x: Vector) -> tuple[Index, Vector]:
        """The fractional columns, the rule's first, and where it wants them, (n,)."""
        from diffpump.kernels.targets import locks

        problem, near, rule = self._space.problem, self._space.near, RULES[self._dives % len(RULES)]
        bounds, distance = self._fixer.domain, np.abs(x - np.rint(x))
        open_ = problem.integer & (bounds.lb < bounds.ub) & (distance > INTEGRAL_TOL)
        columns = np.flatnonzero(open_).astype(np.int32)
        target = np.rint(x)
        key = distance
        if rule == "locks":
            down, up = locks(self._space.model)
            target = np.where(up < down, np.ceil(x), np.where(down < up, np.floor(x), target))
            key = np.minimum(down, up) + distance
        elif rule == "guided" and near:
            target, key = np.where(near[0].x > x, np.ceil(x), np.floor(x)), np.abs(near[0].x - x)
        elif rule == "random":
            target, key = np.floor(x + self._rng.random(x.size)), self._rng.random(x.size)
        return columns[np.argsort(key[columns], kind="stable")], target

    def _take(self, step: Step, piece: Slice) -> None:
        """Make a step; in a conflict take it back."""
        mark = self._fixer.mark()
        self._steps.append(step._replace(mark=mark))
        if self._fixer.fix(step.columns, step.target, 0.5, 0, piece).conflict:
            self._turn_back(piece)

    def _turn_back(self, piece: Slice) -> None:
        """Take the last step back and make a smaller one, or another; end the dive without any left."""
        self._backtracks += 1
        while self._steps and self._backtracks <= BACKTRACKS:
            columns, target, other, mark = self._steps.pop()
            self._fixer.undo(mark, piece)
            if columns.size > 1:
                return self._take(Step(columns[: -(-columns.size // FEWER)], target, other), piece)
            if other is not None:
                return self._take(Step(columns, other, None), piece)
        self._rise(piece)

    def _rise(self, piece: Slice) -> None:
        """Back to the root, for the next rule's dive."""
        if self._steps:
            self._fixer.undo(self._steps[0].mark, piece)
            self._steps.clear()
        self._backtracks, self._dives = 0, self._dives + 1
