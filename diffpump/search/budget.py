"""The budget of one slice of an arm, and what an arm is.

A budget is a number of seconds: of wall time or, in a deterministic run, of a machine that touches
`WORK_PER_SECOND` nonzeros a second. An arm reports its work with `spend` in either case and decides by `left`
alone. In a deterministic run no decision depends on wall time, which can only end the run as a whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem

WORK_PER_SECOND = 50_000_000  # touched nonzeros of a second in a deterministic run
LP_ITERATION_WORK = 1_000  # touched nonzeros of a simplex iteration, beside one pass over the matrix
KERNEL_CALL_WORK = 1_000_000  # touched nonzeros of one kernel call, between two checks of the limits


@dataclass
class Budget:
    """The seconds of one slice, counted from `started` and bounded by the run's limits.

    Attributes
    ----------
    seconds : float
        The length of the slice.
    run_limits : RunLimits
        The limits of the whole run.
    enough : callable
        Returns whether the run needs no more solutions.
    deterministic : bool
        Whether seconds are counted in work. The deadline of the run then does not shorten the slice; it only
        ends the run.
    work : int
        Touched nonzeros so far.
    lp_iterations : int
        Simplex iterations so far, as far as they are known.
    started : float
        time.monotonic() at the beginning.
    """

    seconds: float
    run_limits: RunLimits
    enough: Callable[[], bool] = lambda: False
    deterministic: bool = False
    work: int = 0
    lp_iterations: int = 0
    started: float = field(default_factory=time.monotonic)

    def spend(self, work: int) -> None:
        """Count touched nonzeros."""
        self.work += work

    def spend_lp(self, problem: Problem, iterations: int, passes: int = 1) -> None:
        """Count the iterations of an LP, in touched nonzeros too.

        Parameters
        ----------
        problem : Problem
            The model of the LP.
        iterations : int
            Simplex iterations.
        passes : int
            Each iteration counts as so many passes over the problem, each with `LP_ITERATION_WORK` more.
        """
        self.work += passes * iterations * _pass(problem)
        self.lp_iterations += iterations

    def split(self, seconds: float) -> Budget:
        """Return a budget for a part of this one, which begins now; `absorb` it when it is spent.

        Parameters
        ----------
        seconds : float
            Its length. It is cut to what is left of this budget.
        """
        seconds = min(seconds, self.left())
        return replace(self, seconds=seconds, work=0, lp_iterations=0, started=time.monotonic())

    def absorb(self, part: Budget) -> None:
        """Count what a budget from `split` has spent."""
        self.work += part.work
        self.lp_iterations += part.lp_iterations

    def kernel_work(self) -> int:
        """Return the touched nonzeros that the next call of a kernel may take."""
        if not self.deterministic:
            return KERNEL_CALL_WORK
        return max(1, min(KERNEL_CALL_WORK, int(self.seconds * WORK_PER_SECOND) - self.work))

    def left(self) -> float:
        """Return the seconds left of the slice or of the run, whichever ends first.

        In a deterministic run these are the slice's counted seconds.
        """
        if self.deterministic:
            return max(0.0, self.seconds - self.work / WORK_PER_SECOND)
        return max(0.0, min(self.started + self.seconds - time.monotonic(), self._left_of_run()))

    def is_spent(self) -> bool:
        """Return whether the arm must stop now."""
        return self.left() <= 0 or self.must_stop()

    def must_stop(self) -> bool:
        """Return whether the arm must stop although seconds may be left."""
        return self.enough() or self.run_limits.reached() is not None

    def lp_limits(self, problem: Problem) -> LpLimits:
        """Return what is left as the limits of one LP over the problem."""
        if not self.deterministic:
            return LpLimits(self.left(), self.must_stop)
        iterations = int(self.left() * WORK_PER_SECOND / _pass(problem)) + 1
        return LpLimits(self._left_of_run(), self.must_stop, iterations)

    def _left_of_run(self) -> float:
        deadline = self.run_limits.deadline
        return float("inf") if deadline is None else max(0.0, deadline - self.run_limits.now())


def lp_seconds(problem: Problem, iterations: int) -> float:
    """Return the seconds that simplex iterations over a problem count as in a deterministic run."""
    return iterations * _pass(problem) / WORK_PER_SECOND


def _pass(problem: Problem) -> int:
    """Return the touched nonzeros of one simplex iteration over the problem."""
    return problem.nnz + problem.n + problem.m + LP_ITERATION_WORK


class Arm(Protocol):
    """A primal heuristic that offers points to the run's pool and keeps its state between slices.

    An arm may also have an attribute `min_seconds`, the shortest length of its next slice in seconds, and one
    with an early turn (`Role`) an attribute `due`, whether it takes that turn now.
    """

    @property
    def exhausted(self) -> bool:
        """Whether the arm has nothing to do in a slice now."""
        ...

    def run(self, budget: Budget) -> None:
        """Search until the budget is spent, going on where the last slice stopped."""
        ...
