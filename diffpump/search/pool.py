"""Solutions. A point offered here is judged in float64, completed by an LP where its continuous columns are
wrong, and proven exactly before it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock, LpLimits
from diffpump.core.problem import Problem
from diffpump.core.tolerances import IMPROVEMENT, INTEGRAL_TOL
from diffpump.outcome.result import Incumbent
from diffpump.outcome.verifier import Verifier
from diffpump.search.completion import Completion
from diffpump.verify.check import Judge, Proof

PROVING = 0.1  # share of the time after the first solution that proofs of better ones may take


@dataclass(frozen=True, eq=False)
class Solution:
    """A proven solution; `value` is c'x of the minimisation. foreign: another process found it."""

    x: Vector
    value: float
    proof: Proof
    incumbent: Incumbent
    foreign: bool = False


class Pool:
    """Solutions, each better than the one before; `observe` is called with each.

    Solutions may come faster than they can be proven. The first is proven at once; a better one waits while
    proofs take more than their share of the time, and `settle` proves the best that waits. Where no decision
    may depend on time (`counted`) every better one waits for `settle`.

    rejected: points that the judge took and the exact check did not. lost: processes at work for it that
    died (of the system's memory, or of a crash in HiGHS). closed: by the word of a complete search
    there is no better solution than the best, or none at all; set by the arm that searched.
    """

    def __init__(
        self,
        problem: Problem,
        verifier: Verifier,
        clock: Clock,
        seconds: Callable[[], float],
        observe: Callable[[Incumbent, Vector], None],
        counted: bool = False,
    ) -> None:
        self.problem, self.solutions = problem, list[Solution]()
        self.rejected, self.lost, self.closed, self._counted = 0, 0, False, counted
        self.complete = Completion(problem)
        self._verifier, self._clock, self._seconds, self._observe = verifier, clock, seconds, observe
        self._judge = Judge(problem)
        self._waiting: tuple[Vector, float, str, bool] | None = None
        self._first = 0.0  # seconds that the first solution's proof took

    @property
    def best(self) -> Solution | None:
        """The last solution."""
        return self.solutions[-1] if self.solutions else None

    @property
    def value(self) -> float:
        """c'x of the best point, one that waits for its proof included; infinite without one."""
        if self._waiting is not None:
            return self._waiting[1]
        return self.solutions[-1].value if self.solutions else np.inf

    def outcome(self) -> dict[str, Any]:
        """The fields of a `SolveResult` that the best solution and those before it decide."""
        best = self.best
        return {
            "x": None if best is None else best.x,
            "objective": None if best is None else best.incumbent.objective,
            "violation": None if best is None else best.proof.violation,
            "exactly_feasible": best is not None and best.proof.exactly_feasible,
            "proof": None if best is None else best.proof.against,
            "incumbents": tuple(solution.incumbent for solution in self.solutions),
        }

    def offer(self, x: Vector, arm: str, limits: LpLimits | None = None, *, foreign: bool = False) -> bool:
        """Take a point (n,) that may be a solution; True when it is a new best one.

        limits: of the LP that completes it, the run's if not given.
        """
        problem = self.problem
        x = np.clip(x, problem.lb, problem.ub)
        whole = np.rint(x)
        if not (np.abs(x - whole) <= INTEGRAL_TOL)[problem.integer].all():
            return False
        x = np.where(problem.integer, whole, x)
        if not self._judge.feasible(x):
            completed = self.complete(x, limits or self._clock.limits())
            if completed is None or not self._judge.feasible(completed):
                return False
            x = completed
        return self._take(x, arm, foreign)

    def better(self, value: float) -> bool:
        """Whether c'x = value would be a new best one."""
        return value < self.value - IMPROVEMENT * max(1.0, abs(value))

    def below(self, share: float) -> float:
        """The c'x that is better than the best solution's by a share of it; there must be one."""
        return self.value - share * max(1.0, abs(self.value))

    def settle(self, due: bool = False) -> None:
        """Prove the point that waits, if one does; `due`: only where proofs have not taken their share."""
        if self._waiting is not None and not (due and self._busy()):
            waiting, self._waiting = self._waiting, None
            self._prove(*waiting)

    def adopt(self, solution: Solution) -> None:
        """Take a solution that was proven elsewhere, if it is better; nobody is told."""
        if self.better(solution.value):
            self._waiting = None
            self.solutions.append(replace(solution, foreign=True))

    def forget(self) -> None:
        """Begin again without a solution."""
        self._waiting = None
        self.solutions.clear()

    def _take(self, x: Vector, arm: str, foreign: bool) -> bool:
        """A feasible point: prove it now, or have it wait."""
        value = float(self.problem.c @ x)
        if not self.better(value):
            return False
        if self.solutions and (self._counted or self._busy()):
            self._waiting = x, value, arm, foreign
            return True
        self._waiting = None
        return self._prove(x, value, arm, foreign)

    def _busy(self) -> bool:
        """Whether proofs have taken more than their share of the time."""
        since = self._seconds() - self.solutions[0].incumbent.seconds
        return self._verifier.seconds - self._first > PROVING * since

    def _prove(self, x: Vector, value: float, arm: str, foreign: bool) -> bool:
        if not self._verifier(x):
            self.rejected += 1
            return False
        proof = self._verifier.proof
        assert proof is not None
        if not self.solutions:
            self._first = self._verifier.seconds
        incumbent = Incumbent(self._seconds(), float(proof.objective), arm)
        self.solutions.append(Solution(x, value, proof, incumbent, foreign))
        self._observe(incumbent, x)
        return True
