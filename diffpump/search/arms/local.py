"""Local search in a space: focused search or Feasibility Jump, both for a first solution and below a cutoff.

A search that has made no progress for a while starts anew, from points in turn: the best near-feasible
points of all arms with some columns moved, the root LP's point in randomised rounding, and the point nearest
to zero with some columns moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.search.budget import KERNEL_CALL_WORK, Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Model

# Passes over the matrix without progress before a new start; a pass counts as KERNEL_CALL_WORK at least.
STAGNATION_PASSES = 6
MOVED_SHARE = 0.02  # share of the integer columns that a perturbed start moves


class Walk(Protocol):
    """The state of a kernel's local search.

    best      the best point (n,) so far
    weights   the rows' weights (m + 1,)
    """

    best: Vector
    weights: Vector

    def search(self, budget: int) -> tuple[int, int]:
        """Continue for `budget` touched nonzeros; return the best point's violated rows and the work."""
        ...

    def restart(self, x: Vector) -> None:
        """Continue from x (n,)."""
        ...


WalkFactory = Callable[["Model", Vector, int], Walk]  # model, start (n,), seed


def focused() -> WalkFactory:
    """Return the factory of walks by the focused search."""
    from diffpump.kernels import focused as kernel

    class Focused:
        """A walk by the focused search."""

        def __init__(self, model: Model, x: Vector, seed: int) -> None:
            self._model, self._state = model, kernel.focus(model, x, seed)
            self.best, self.weights = self._state.best, self._state.weight

        def search(self, budget: int) -> tuple[int, int]:
            return kernel.search(self._model, self._state, "count", budget)

        def restart(self, x: Vector) -> None:
            kernel.restart(self._model, self._state, x)

    return Focused


def jump() -> WalkFactory:
    """Return the factory of walks by Feasibility Jump."""
    from diffpump.kernels.jump import search as kernel

    class Jump:
        """A walk by Feasibility Jump."""

        def __init__(self, model: Model, x: Vector, seed: int) -> None:
            self._model, self._state = model, kernel.jumper(model, x, seed)
            self.best, self.weights = self._state.best_x, self._state.F.weight

        def search(self, budget: int) -> tuple[int, int]:
            return kernel.jump(self._model, self._state, budget)

        def restart(self, x: Vector) -> None:
            self._state.best[:] = np.inf
            kernel.restart(self._model, self._state, x, False)

    return Jump


class LocalSearch:
    """Local search in a space for a first solution.

    make   `focused` or `jump`, which returns the factory of the walk
    """

    exhausted = False

    def __init__(
        self, space: Space, pool: Pool, name: str, make: Callable[[], WalkFactory], seed: int
    ) -> None:
        self._space, self._pool, self._name = space, pool, name
        self._rng = np.random.default_rng(seed)
        # Loading a kernel takes as long as the first slice, so it must not count towards that slice.
        self._walk = make()(space.model, np.zeros(space.problem.n), seed)
        self._starts = self._start_points()
        self._fewest, self._work_since = np.inf, 0

    def run(self, budget: Budget) -> None:
        """Search until the budget is spent or a solution is found."""
        walk, patience = self._walk, STAGNATION_PASSES * max(KERNEL_CALL_WORK, self._space.problem.nnz)
        while not budget.is_spent():
            violated, work = walk.search(budget.kernel_work())
            budget.spend(work)
            self._work_since += work
            if violated < self._fewest:
                self._fewest, self._work_since = violated, 0
                self._space.keep_near_feasible(walk.best, violated, self._name)
            if violated == 0 and self._pool.offer(self._space.to_original(walk.best), self._name):
                return
            if violated == 0 or self._work_since > patience:
                self._space.keep_row_weights(walk.weights)
                walk.restart(next(self._starts))
                self._fewest, self._work_since = np.inf, 0

    def _start_points(self) -> Iterator[Vector]:
        """Yield the points (n,) to start from, without end."""
        space, problem = self._space, self._space.problem
        while True:
            for near in list(space.near_feasible):
                yield self._perturbed(near.x)
            if space.root is not None:
                yield randomly_rounded(problem, space.root, self._rng)
            yield self._perturbed(np.clip(np.zeros(problem.n), problem.lb, problem.ub))

    def _perturbed(self, x: Vector) -> Vector:
        """Return x with some integer columns moved by one, up or down; binaries are flipped."""
        problem = self._space.problem
        chosen = problem.integer & (self._rng.random(x.size) < MOVED_SHARE)
        step = np.where(self._rng.random(x.size) < 0.5, -1.0, 1.0)
        step = np.where(x + step > problem.ub, -1.0, np.where(x + step < problem.lb, 1.0, step))
        return np.where(chosen, x + step, x)


def randomly_rounded(problem: Problem, x: Vector, rng: np.random.Generator) -> Vector:
    """Return x (n,) with integer columns rounded up with probability their fractional part, else down."""
    return np.where(problem.integer, np.floor(x + rng.random(x.size)), x)


@arm("raw", "focused local search on the original model", space="original", before={10: 0.12})
def _raw(context: RunContext) -> Arm:
    return _local_search(context, "raw", focused)


@arm("raw-jump", "Feasibility Jump on the original model", space="original", before={30: 0.2})
def _raw_jump(context: RunContext) -> Arm:
    return _local_search(context, "raw-jump", jump)


@arm("focused", "focused local search on the presolved model", before={80: 0.7, 210: 1.0})
def _focused(context: RunContext) -> Arm:
    return _local_search(context, "focused", focused)


@arm("jump", "Feasibility Jump on the presolved model", before={70: 0.2, 130: 0.5, 260: 0.7})
def _jump(context: RunContext) -> Arm:
    return _local_search(context, "jump", jump)


def _local_search(context: RunContext, name: str, make: Callable[[], WalkFactory]) -> Arm:
    return LocalSearch(context.space(name), context.pool, name, make, context.seed_of(name))
