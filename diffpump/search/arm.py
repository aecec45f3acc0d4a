"""What an arm is, and the slice of effort that it gets.

A slice is so many seconds: of the clock on the wall or, in a deterministic run, of a machine that touches
`SPEED` nonzeros a second. Arms tell what they did by `spend`, either way, and decide by `left` alone: in a
deterministic run no wall time is in it, and the run's own clock does no more than end the run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from diffpump.core.limits import Clock, LpLimits
from diffpump.core.problem import Problem

SPEED = 50_000_000  # touched nonzeros a second, of a deterministic run
ITERATION = 1_000  # touched nonzeros of a simplex iteration, beside one pass over the matrix
CHUNK = 1_000_000  # touched nonzeros between two looks at the clock


@dataclass
class Slice:
    """So many seconds from now, within the run's clock; an arm asks `over` often and stops then.

    enough    the run needs no more solutions
    counted   seconds are work (a deterministic run): the clock ends such a slice only with the run
    work      touched nonzeros so far
    lp_iterations  so far, as far as they are known
    """

    seconds: float
    clock: Clock
    enough: Callable[[], bool] = lambda: False
    counted: bool = False
    work: int = 0
    lp_iterations: int = 0
    began: float = field(default_factory=time.monotonic)

    def spend(self, work: int) -> None:
        """Count touched nonzeros."""
        self.work += work

    def solved(self, problem: Problem, iterations: int, passes: int = 1) -> None:
        """Count iterations of an LP: each as so many passes over the matrix, and a little."""
        self.work += passes * iterations * _pass(problem)
        self.lp_iterations += iterations

    def part(self, seconds: float) -> Slice:
        """A slice of this one, from now; what it spends is `taken` back when it is over."""
        seconds = min(seconds, self.left())
        return replace(self, seconds=seconds, work=0, lp_iterations=0, began=time.monotonic())

    def taken(self, part: Slice) -> None:
        """Count what a part has spent."""
        self.work += part.work
        self.lp_iterations += part.lp_iterations

    def chunk(self) -> int:
        """Work for one call of a kernel."""
        if not self.counted:
            return CHUNK
        return max(1, min(CHUNK, int(self.seconds * SPEED) - self.work))

    def left(self) -> float:
        """Seconds left, of the slice or of the run, whichever ends first; counted ones are the slice's."""
        if self.counted:
            return max(0.0, self.seconds - self.work / SPEED)
        return max(0.0, min(self.began + self.seconds - time.monotonic(), self._run()))

    def over(self) -> bool:
        """Whether to stop now."""
        return self.left() <= 0 or self.stopped()

    def stopped(self) -> bool:
        """Whether to stop whatever time is left."""
        return self.enough() or self.clock.ended() is not None

    def limits(self, problem: Problem) -> LpLimits:
        """The same for a solver."""
        if not self.counted:
            return LpLimits(self.left(), self.stopped)
        return LpLimits(self._run(), self.stopped, int(self.left() * SPEED / _pass(problem)) + 1)

    def _run(self) -> float:
        deadline = self.clock.deadline
        return float("inf") if deadline is None else max(0.0, deadline - self.clock.now())


def _pass(problem: Problem) -> int:
    return problem.nnz + problem.n + problem.m + ITERATION


class Arm(Protocol):
    """One way to look for solutions. It offers points to the pool that it was made with."""

    @property
    def exhausted(self) -> bool:
        """Whether a slice now would bring nothing."""
        ...

    def run(self, piece: Slice) -> None:
        """Work for a slice, going on where the last one stopped."""
        ...
