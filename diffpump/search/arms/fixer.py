"""What the arms that fix and propagate share: the space's bounds at work, and the way to a solution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.search.arm import CHUNK, SPEED, Slice
from diffpump.search.arms.aim import Aim
from diffpump.search.completion import Completion
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Index
    from diffpump.kernels.propagation import Domain
    from diffpump.kernels.rng import Rng

CALL = 20_000  # touched nonzeros that a call of anything costs at least
PASSES = 20  # a fixing touches at most so many times the matrix, and a CHUNK


class Fixed(NamedTuple):
    """A point (n,), integral; whether a conflict was passed over on the way, whether every row holds."""

    x: Vector
    conflict: bool
    holds: bool


class Fixer:
    """`fixing.fix` on a space, whose bounds stay as they are left until `undo`, below the incumbent (`aim`).

    conflicts (m + 1,): how often each row was in conflict so far. Integers that were offered once are not
    tried again, but for those whose LP a slice cut off: they go first in the next (`resume`).
    """

    def __init__(self, space: Space, pool: Pool, name: str, seed: int) -> None:
        self.conflicts = np.zeros(space.problem.m + 1, np.int64)
        self.aim = Aim(space, pool)
        self._space, self._pool, self._name, self._seed = space, pool, name, seed
        self._complete, self._tried = Completion(space.problem), set[bytes]()
        self._late: Vector | None = None

    @cached_property
    def domain(self) -> Domain:
        """The bounds: at first those that follow from the model alone."""
        from diffpump.kernels import propagation

        model = self._space.model  # without the aim, which may be lowered
        domain = propagation.domain(model)
        propagation.propagate(model, domain, PASSES * model.row_val.size + CHUNK)
        return domain

    @cached_property
    def _draws(self) -> Rng:
        from diffpump.kernels.rng import rng

        return rng(self._seed)

    def mark(self) -> int:
        """The bounds as they are, for `undo`."""
        from diffpump.kernels import propagation

        return propagation.mark(self.domain)

    def undo(self, mark: int, piece: Slice) -> None:
        """The bounds as they were."""
        from diffpump.kernels import propagation

        piece.spend(propagation.undo(self.aim.model, self.domain, mark))

    def fix(self, order: Index, target: Vector, threshold: float, backtracks: int, piece: Slice) -> Fixed:
        """Fix the integer columns `order` to `target` (n,), one by one, with propagation."""
        from diffpump.kernels import fixing

        model = self.aim.model
        budget = min(PASSES * model.row_val.size + CHUNK, int(piece.left() * SPEED) + 1)
        status, x, _, conflicts, work = fixing.fix(
            model, self.domain, order, target, threshold, self._draws, backtracks, budget
        )
        piece.spend(work + CALL)
        self.conflicts += conflicts
        return Fixed(x, status == fixing.CONFLICT, status == fixing.FEASIBLE)

    def round(self, order: Index, target: Vector, threshold: float, backtracks: int, piece: Slice) -> Fixed:
        """The same, leaving the bounds as they were."""
        self.aim.set()
        start = self.mark()
        fixed = self.fix(order, target, threshold, backtracks, piece)
        self.undo(start, piece)
        return fixed

    def resume(self, piece: Slice) -> bool:
        """Complete the point whose LP the last slice cut off, if there is one: whether that solved it."""
        return self._late is not None and self.offer(self._late, False, piece)

    def offer(self, x: Vector, holds: bool, piece: Slice) -> bool:
        """Whether x, which `holds` or not, or its integers with other continuous columns, is a new best
        solution."""
        space, problem = self._space, self._space.problem
        integers = x[problem.integer].tobytes()
        if integers in self._tried:
            return False
        found = holds and self._pool.offer(space.lift(x), self._name, piece.limits(problem))
        completed = None
        if not problem.integer.all() and not piece.over():
            before = self._complete.iterations
            completed = self._complete(x, piece.limits(problem))
            piece.solved(problem, self._complete.iterations - before)
            piece.spend(CALL)
            self._late = x if completed is None and piece.left() <= 0 else None
        if self._late is None:
            self._tried.add(integers)
        if completed is None:
            return found
        return self._pool.offer(space.lift(completed), self._name, piece.limits(problem)) or found
