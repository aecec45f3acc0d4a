"""What a candidate is worth: the judge on the rows, the LP repair, and the caller's last word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import Violation
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.pump.repair import Repair
from diffpump.verify.check import Judge


class Judging:
    """Candidates of one problem; `accept` is asked last and refusals are counted as `rejected`."""

    def __init__(
        self,
        problem: Problem,
        repair: Repair | None,
        accept: Callable[[Vector], bool],
        counters: Counter[str],
    ) -> None:
        self.problem, self.repair, self.accept, self.counters = problem, repair, accept, counters
        self.judge = Judge(problem)

    def violation(self, y: Vector) -> tuple[Violation, int]:
        """The judge's violations of a point, and how many rows it violates."""
        problem = self.problem
        activity = problem.A @ y
        over = activity > problem.row_hi + FEASIBILITY_TOL
        over |= activity < problem.row_lo - FEASIBILITY_TOL
        return self.judge.violation(y, activity), int(np.count_nonzero(over))

    def solution(self, y: Vector, violation: Violation | None = None) -> Vector | None:
        """y (n,) if it solves the model, else a repair of it that does, else None."""
        if violation is None:
            violation = self.judge.violation(y)
        if violation.worst <= FEASIBILITY_TOL and self._accepted(y):
            return y
        x = None if self.repair is None else self.repair(y)
        return x if x is not None and self.judge.feasible(x) and self._accepted(x) else None

    def _accepted(self, x: Vector) -> bool:
        accepted = self.accept(x)
        self.counters["rejected"] += not accepted
        return accepted
