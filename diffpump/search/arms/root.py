"""The root LP relaxation, under the model's cost: a point that other arms round, and a bound.

The dual simplex has the first 40 % of a slice: where it is the faster one it mostly ends there, with a
vertex and a basis to start from. Then interior point without crossover, whose point is no vertex but a good
enough hint to round; it solves LPs on which the simplex takes ten times as long. From the second slice on
PDLP has what they leave: its point is a hint and no bound (results/engine/root-lp.md). A slice is at least
twice as long as the last: an LP that is cut off in its presolve's model leaves nothing to go on from. Where
the LP is infeasible that is proven here, on the original model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from diffpump.backends import LpLimits, load
from diffpump.backends.lp import solve_lp
from diffpump.result import LpResult, LpStatus, Vector
from diffpump.search.arm import Slice
from diffpump.search.space import Spaces

Shares = tuple[tuple[str, float], ...]  # algorithms, and the share of what is left of a slice that each gets
FIRST: Shares = (("simplex", 0.4), ("ipm", 1.0))
AGAIN: Shares = (("simplex", 0.4), ("ipm", 0.8), ("pdlp", 1.0))
PASSES = {"simplex": 1, "ipm": 100, "pdlp": 4}  # over the matrix, that an iteration counts as
LONGER = 2.0


class Root:
    """An arm; it offers nothing. Exhausted when there are point and bound, or the LP has none.

    `refute` has the last word on a ray, (m,), of the original LP.
    """

    def __init__(self, spaces: Spaces, refute: Callable[[Vector], bool]) -> None:
        self.exhausted = False
        self._spaces, self._space, self._refute = spaces, spaces.work, refute
        self._seconds = 0.0  # of the longest slice so far

    def run(self, piece: Slice) -> None:
        """Solve it, if it can be done in the slice."""
        problem = self._space.problem
        shares = AGAIN if self._seconds else FIRST
        self._seconds = piece.seconds = max(piece.seconds, LONGER * self._seconds)
        for algorithm, share in shares:
            if piece.over():
                return
            if algorithm == "pdlp" and self._space.root is not None:
                continue
            limits = self._limits(piece, algorithm, share)
            if algorithm == "simplex":
                self._simplex(limits, piece)
            else:
                result = solve_lp(problem, limits, algorithm)
                piece.solved(problem, result.iterations, PASSES[algorithm])
                if result.status is LpStatus.OPTIMAL:
                    self._found(result, bound=algorithm == "ipm")
            if self.exhausted:
                return

    def _simplex(self, limits: LpLimits, piece: Slice) -> None:
        """A vertex; or that there is none, or no optimum."""
        space, problem = self._space, self._space.problem
        relaxation = load(problem)
        result = relaxation.solve(problem.c, limits)
        piece.solved(problem, result.iterations)
        if result.status is LpStatus.UNBOUNDED:
            result = relaxation.solve(np.zeros(problem.n), piece.limits(problem))
            piece.solved(problem, result.iterations)
            if result.status is LpStatus.OPTIMAL:
                self._found(result, bound=False)
            self.exhausted = True
        elif result.status is LpStatus.OPTIMAL:
            self._found(result, bound=True)
            space.basis = relaxation.save_basis()
        elif result.status is LpStatus.INFEASIBLE:
            self.exhausted = True
            original = self._spaces.raw.problem
            ray = result.ray
            if problem is not original:
                ray = load(original).solve(original.c, piece.limits(original)).ray
            self._spaces.refuted = ray is not None and self._refute(ray)

    def _found(self, result: LpResult, bound: bool) -> None:
        """Keep the point, as a bound if it is one."""
        space = self._space
        space.root = result.x
        if bound:
            space.bound = float(space.problem.c @ result.x)
            self.exhausted = True

    def _limits(self, piece: Slice, algorithm: str, share: float) -> LpLimits:
        """A share of what is left; where work is counted, time ends the run only."""
        limits, passes = piece.limits(self._space.problem), PASSES[algorithm]
        seconds = limits.seconds
        if seconds is not None and not piece.counted:
            seconds *= share
        return replace(
            limits,
            seconds=seconds,
            iterations=None if limits.iterations is None else int(share * limits.iterations / passes) + 1,
        )
