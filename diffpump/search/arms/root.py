"""The root LP relaxation, under the model's cost: a point that other arms round, and a bound.

Interior point without crossover is tried first on larger models: its point is no vertex, but a good enough
hint to round, and there it comes many times sooner than the simplex's. What a slice did not finish, a longer
one starts again. Where the LP is infeasible that is proven here, on the original model.
"""

from __future__ import annotations

from collections.abc import Callable

from diffpump.backends import load
from diffpump.backends.lp import solve_lp
from diffpump.result import LpStatus, Vector
from diffpump.search.arm import Slice
from diffpump.search.space import Spaces

LARGE = 15_000  # rows and columns from which interior point goes first
INTERIOR = 0.6  # its share of a slice


class Root:
    """An arm; it offers nothing. Exhausted when the LP is solved, by whatever algorithm.

    `refute` has the last word on a ray, (m,), of the original LP.
    """

    def __init__(self, spaces: Spaces, refute: Callable[[Vector], bool]) -> None:
        self._spaces, self._space, self._refute = spaces, spaces.work, refute
        self._failed = False

    @property
    def exhausted(self) -> bool:
        """The point is there, or the LP has none."""
        return self._failed or self._space.root is not None

    def run(self, piece: Slice) -> None:
        """Solve it, if it can be done in the slice."""
        space, problem = self._space, self._space.problem
        if problem.n + problem.m > LARGE:
            seconds = piece.seconds
            piece.seconds *= INTERIOR
            result = solve_lp(problem, piece.limits(problem), "ipm")
            piece.seconds = seconds
            piece.solved(problem, result.iterations)
            if result.status is LpStatus.OPTIMAL:
                space.root, space.bound = result.x, float(problem.c @ result.x)
                return
        result = solve_lp(problem, piece.limits(problem), "simplex")
        piece.solved(problem, result.iterations)
        if result.status is LpStatus.OPTIMAL:
            space.root, space.bound, space.vertex = result.x, float(problem.c @ result.x), True
        self._failed = result.status in (LpStatus.INFEASIBLE, LpStatus.UNBOUNDED)
        if result.status is LpStatus.INFEASIBLE:
            original = self._spaces.raw.problem
            lp = load(original).solve(original.c, piece.limits(original))
            self._spaces.refuted = lp.ray is not None and self._refute(lp.ray)
