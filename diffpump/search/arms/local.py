"""Local search on a space: focused or Feasibility Jump, before a solution and, below a cutoff, after one.

A search that has not come nearer for a while starts anew, from points in turn: the best so far with some
columns moved, the root LP's point rounded, what other arms have left nearest to feasible, zero.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.search.arm import CHUNK, Slice
from diffpump.search.pool import Pool
from diffpump.search.space import Space

if TYPE_CHECKING:
    from diffpump.kernels.model import Model

STALE = 6  # chunks, or passes over the matrix, without a gain before a new start
MOVED = 0.02  # share of the integer columns that a new start from the best point moves


class Walk(Protocol):
    """A kernel's local search where it stands."""

    best: Vector
    weights: Vector

    def search(self, budget: int) -> tuple[int, int]:
        """Go on: the violated rows of the best point, and the work."""
        ...

    def restart(self, x: Vector) -> None:
        """Go on from x (n,)."""
        ...


Maker = Callable[["Model", Vector, int], Walk]  # model, start (n,), seed


def focused() -> Maker:
    """The focused search."""
    from diffpump.kernels import focused as kernel

    class Focused:
        def __init__(self, model: Model, x: Vector, seed: int) -> None:
            self._model, self._state = model, kernel.focus(model, x, seed)
            self.best, self.weights = self._state.best, self._state.weight

        def search(self, budget: int) -> tuple[int, int]:
            return kernel.search(self._model, self._state, "count", budget)

        def restart(self, x: Vector) -> None:
            kernel.restart(self._model, self._state, x)

    return Focused


def jump() -> Maker:
    """Feasibility Jump."""
    from diffpump.kernels.jump import search as kernel

    class Jump:
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
    """An arm."""

    exhausted = False

    def __init__(self, space: Space, pool: Pool, name: str, make: Callable[[], Maker], seed: int) -> None:
        self._space, self._pool, self._name, self._make = space, pool, name, make
        self._rng, self._seed = np.random.default_rng(seed), seed
        self._walk: Walk | None = None
        self._starts = self._turns()
        self._nearest, self._since = np.inf, 0

    def run(self, piece: Slice) -> None:
        """Search until the slice is over, or a solution is found."""
        if self._walk is None:
            zero = np.zeros(self._space.problem.n)
            self._walk = self._make()(self._space.model, zero, self._seed)
            piece.began = time.monotonic()  # loading a kernel takes as long as the first slice
        walk, patience = self._walk, STALE * max(CHUNK, self._space.problem.nnz)
        while not piece.over():
            violated, work = walk.search(piece.chunk())
            piece.spend(work)
            self._since += work
            if violated < self._nearest:
                self._nearest, self._since = violated, 0
                self._space.note(walk.best, violated, self._name)
            if violated == 0 and self._pool.offer(self._space.lift(walk.best), self._name):
                return
            if violated == 0 or self._since > patience:
                self._space.weigh(walk.weights)
                walk.restart(next(self._starts))
                self._nearest, self._since = np.inf, 0

    def _turns(self) -> Iterator[Vector]:
        """Where to start next, for ever."""
        space, problem = self._space, self._space.problem
        while True:
            for near in list(space.near):
                yield self._moved(near.x)
            if space.root is not None:
                yield drawn(problem, space.root, self._rng)
            yield self._moved(np.clip(np.zeros(problem.n), problem.lb, problem.ub))

    def _moved(self, x: Vector) -> Vector:
        """x with some integer columns one up or down, binaries at their other value."""
        problem = self._space.problem
        chosen = problem.integer & (self._rng.random(x.size) < MOVED)
        step = np.where(self._rng.random(x.size) < 0.5, -1.0, 1.0)
        step = np.where(x + step > problem.ub, -1.0, np.where(x + step < problem.lb, 1.0, step))
        return np.where(chosen, x + step, x)


def drawn(problem: Problem, x: Vector, rng: np.random.Generator) -> Vector:
    """x (n,) with its integer columns rounded up with probability their fractional part, else down."""
    return np.where(problem.integer, np.floor(x + rng.random(x.size)), x)
