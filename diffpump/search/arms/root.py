"""The root LP relaxation, under the model's cost: a point that other arms round, and a bound.

Most LPs are solved by the dual simplex in moments: it has SOON seconds here. The others go on in two
processes, by the simplex and by interior point without crossover, which share the slices and rest in between:
either may be the faster one by far (results/engine/root-lp.md). The simplex ends with a vertex and a basis to
start from; the interior point is no vertex, but a good enough hint to round. Where the LP is infeasible that
is proven here, on the original model.

Where work is counted, and where processes cannot rest, both are started anew in every slice, each slice twice
as long as the last.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpStatus
from diffpump.search.arm import Slice
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_REST, Lost
from diffpump.search.relaxing import Job, Relaxed, Relaxing, relax
from diffpump.search.space import Spaces

SOON = 1.2  # seconds
TURN = {"ipm": 0.4, "simplex": 0.6}  # seconds for one before it is the other's turn
SHARES = {"simplex": 0.4, "ipm": 1.0}  # of what is left of a slice, where they start anew
PASSES = {"simplex": 1, "ipm": 100}  # over the matrix, that an iteration counts as
LONGER = 2.0


class Root:
    """An arm; it offers nothing. Exhausted when there are point and bound, or the LP has none.

    `refute` has the last word on a ray, (m,), of the original LP. ending: of the run.
    """

    def __init__(
        self, spaces: Spaces, pool: Pool, refute: Callable[[Vector], bool], ending: ExitStack
    ) -> None:
        self.exhausted = False
        self._spaces, self._space, self._pool = spaces, spaces.work, pool
        self._refute, self._ending = refute, ending
        self._seconds = 0.0  # of the longest slice so far
        self._resting: dict[str, Relaxing] | None = None

    def run(self, piece: Slice) -> None:
        """Solve it, or go on with it."""
        if self._space.bound is not None:  # another arm came to it
            self._end()
        elif piece.counted or not CAN_REST:
            self._anew(piece)
        elif self._resting is None:
            limits = piece.limits(self._space.problem)
            soon = replace(limits, seconds=min(SOON, piece.left()))
            self._ended("simplex", relax(self._space.problem, "simplex", soon), piece)
            if not self.exhausted:
                self._resting = {name: Relaxing(Job(replace(self._space.problem), name)) for name in TURN}
                self._ending.callback(self._end)
                self._go_on(self._resting, piece)
        else:
            self._go_on(self._resting, piece)

    def _go_on(self, resting: dict[str, Relaxing], piece: Slice) -> None:
        """The two in turn."""
        while resting and not (piece.over() or self.exhausted):
            for name, process in list(resting.items()):
                ended = process.run(piece.part(TURN[name]).over)
                if ended is not None:
                    resting.pop(name).end()
                if isinstance(ended, Relaxed):
                    self._ended(name, ended, piece)
                self._pool.lost += isinstance(ended, Lost)
                if self.exhausted:
                    break
        if self.exhausted or not resting:
            self._end()

    def _end(self) -> None:
        """There is nothing more to be found out."""
        self.exhausted = True
        for process in (self._resting or {}).values():
            process.end()

    def _anew(self, piece: Slice) -> None:
        """Both from the beginning, one after the other."""
        problem = self._space.problem
        self._seconds = piece.seconds = max(piece.seconds, LONGER * self._seconds)
        for name, share in SHARES.items():
            if not (piece.over() or self.exhausted):
                self._ended(name, relax(problem, name, self._limits(piece, name, share)), piece)

    def _ended(self, name: str, relaxed: Relaxed, piece: Slice) -> None:
        """Keep what it found: a point, as a bound if it is one; or that there is none."""
        space, problem = self._space, self._space.problem
        piece.solved(problem, relaxed.iterations, PASSES[name])
        if relaxed.status is LpStatus.INFEASIBLE:
            self.exhausted = True
            original, ray = self._spaces.raw.problem, relaxed.ray
            if problem is not original:
                ray = relax(original, "simplex", piece.limits(original)).ray
            self._spaces.refuted = ray is not None and self._refute(ray)
        space.relaxed(relaxed)
        self.exhausted |= relaxed.x is not None

    def _limits(self, piece: Slice, name: str, share: float) -> LpLimits:
        """A share of what is left; where work is counted, time ends the run only."""
        limits, passes = piece.limits(self._space.problem), PASSES[name]
        seconds = limits.seconds
        if seconds is not None and not piece.counted:
            seconds *= share
        return replace(
            limits,
            seconds=seconds,
            iterations=None if limits.iterations is None else int(share * limits.iterations / passes) + 1,
        )
