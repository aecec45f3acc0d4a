"""What arms share. A point offered here is judged in float64, completed by an LP where its continuous columns
are wrong, and proven exactly before it counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diffpump.backends import load
from diffpump.check import Judge, Proof
from diffpump.engine import Verifier
from diffpump.oracle import Clock, Oracle
from diffpump.problem import Problem
from diffpump.repair import Repair
from diffpump.result import Vector
from diffpump.solved import Incumbent

IMPROVEMENT = 1e-9  # relative: less is the same objective
NEAR = 1e-6  # an integer column this near an integer is rounded


@dataclass(frozen=True, eq=False)
class Solution:
    """A proven solution; `value` is c'x of the minimisation."""

    x: Vector
    value: float
    proof: Proof
    incumbent: Incumbent


class Pool:
    """Solutions, each better than the one before; `observe` is called with each.

    rejected: points that the judge took and the exact check did not.
    """

    def __init__(
        self,
        problem: Problem,
        verifier: Verifier,
        clock: Clock,
        seconds: Callable[[], float],
        observe: Callable[[Incumbent], None],
    ) -> None:
        self.problem, self.solutions = problem, list[Solution]()
        self.rejected = 0
        self._verifier, self._clock, self._seconds, self._observe = verifier, clock, seconds, observe
        self._judge = Judge(problem)
        self._repair: Repair | None = None

    @property
    def best(self) -> Solution | None:
        """The last solution."""
        return self.solutions[-1] if self.solutions else None

    def offer(self, x: Vector, arm: str) -> bool:
        """Take a point (n,) that may be a solution; True when it is a new best one."""
        problem = self.problem
        x = np.clip(x, problem.lb, problem.ub)
        whole = np.rint(x)
        if not (np.abs(x - whole) <= NEAR)[problem.integer].all():
            return False
        x = np.where(problem.integer, whole, x)
        point = x if self._judge.feasible(x) else self._completed(x)
        return point is not None and self._take(point, arm)

    def _completed(self, x: Vector) -> Vector | None:
        """The best continuous columns for x's integers, by LP; None where there are none."""
        problem = self.problem
        if problem.integer.all():
            return None
        if self._repair is None:
            self._repair = Repair(problem, Oracle(problem, load(problem), self._clock), share=math.inf)
        x_lp = self._repair(x)
        return x_lp if x_lp is not None and self._judge.feasible(x_lp) else None

    def _take(self, x: Vector, arm: str) -> bool:
        """Prove a feasible point, if it is better than the best."""
        best, value = self.best, float(self.problem.c @ x)
        if best is not None and value >= best.value - IMPROVEMENT * max(1.0, abs(best.value)):
            return False
        if not self._verifier(x):
            self.rejected += 1
            return False
        proof = self._verifier.proof
        assert proof is not None
        incumbent = Incumbent(self._seconds(), float(proof.objective), arm)
        self.solutions.append(Solution(x, value, proof, incumbent))
        self._observe(incumbent)
        return True
