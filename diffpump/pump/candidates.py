"""The check of a candidate: by the judge, after an LP repair if need be, and by the caller's `accept`."""

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


class CandidateCheck:
    """Decides whether a point solves a problem.

    problem   the model, with a cutoff row if there is one
    repair    the LP repair of points that the judge rejects; None for none
    accept    called with a point (n,) that the judge accepts; returns whether it is a solution
    counters  its "rejected" counts the points that `accept` refuses
    """

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
        """Return the largest violations at a point y (n,), and the number of rows that it violates."""
        activity = self.problem.A @ y
        violated = self.problem.violated_rows(y, activity)
        return self.judge.violation(y, activity), int(np.count_nonzero(violated))

    def solution(self, y: Vector, violation: Violation | None = None) -> Vector | None:
        """Return y (n,) if it is a solution, else its repair (n,) if that is one, else None.

        `violation` is that of y if the caller has it already.
        """
        if violation is None:
            violation = self.judge.violation(y)
        if violation.worst <= FEASIBILITY_TOL and self.accepted(y):
            return y
        x = None if self.repair is None else self.repair(y)
        return x if x is not None and self.judge.feasible(x) and self.accepted(x) else None

    def accepted(self, x: Vector) -> bool:
        """Return whether the caller's `accept` takes a point (n,) as a solution."""
        accepted = self.accept(x)
        self.counters["rejected"] += not accepted
        return accepted
