"""Branch and cut by HiGHS in a process of its own, which rests between two slices.

to it     the job, then the best solution whenever there is a better one
from it   every improving point, then the result
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diffpump.backends.mip import MipResult, solve_mip
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.search.process import Resting, serve


@dataclass(frozen=True, eq=False)
class Job:
    """What to solve; `zero`: without the objective, to the first solution.

    start     (n,), or None; cutoff: as for `solve_mip`
    patience  seconds of its own after which it ends once it is past the root node.
    """

    problem: Problem
    zero: bool
    seed: int
    start: Vector | None = None
    cutoff: float | None = None
    patience: float = float("inf")


class Branching(Resting[Vector, MipResult]):
    """The process, seen from the one that started it; `tell` it of a solution (n,)."""

    def __init__(self, job: Job) -> None:
        super().__init__("diffpump.search.branching", job, MipResult)


def main() -> None:
    """The process."""
    serve(Job, _solve)


def _solve(job: Job, told: list[Vector], send: Callable[[object], None]) -> None:
    send(
        solve_mip(
            job.problem, LpLimits(), cost=np.zeros(job.problem.n) if job.zero else None, start=job.start,
            cutoff=job.cutoff, first=job.zero, seed=job.seed, incumbent=lambda x, value: send(x),
            better=lambda: told.pop() if told else None,
            enough=lambda nodes: nodes > 0 and time.process_time() > job.patience,
        )
    )  # fmt: skip
