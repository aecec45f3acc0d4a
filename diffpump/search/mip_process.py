"""Branch and cut by HiGHS in a process of its own, which is paused between two slices.

to the process     its task, then the best solution (n,) whenever there is a better one
from the process   every improving point (n,), then the result
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
from diffpump.search.process import PausableProcess, serve


@dataclass(frozen=True, eq=False)
class MipTask:
    """A branch-and-cut search for the process.

    zero      whether to search without the objective, and only for the first solution
    start     (n,), or None
    cutoff    an upper bound on c'x of solutions; None for no cutoff
    patience  processor seconds after which the search ends, once it is past the root node
    gap       the relative gap at which the search ends
    """

    problem: Problem
    zero: bool
    seed: int
    start: Vector | None = None
    cutoff: float | None = None
    patience: float = float("inf")
    gap: float = 0.0


class MipProcess(PausableProcess[Vector, MipResult]):
    """The parent's handle on a branch-and-cut process; `post` sends it a better solution (n,)."""

    def __init__(self, task: MipTask) -> None:
        super().__init__("diffpump.search.mip_process", task, MipResult)


def main() -> None:
    """Take a `MipTask` from standard input, search, and send the points and the `MipResult`."""
    serve(MipTask, _solve)


def _solve(task: MipTask, latest: list[Vector], send: Callable[[object], None]) -> None:
    send(
        solve_mip(
            task.problem, LpLimits(), cost=np.zeros(task.problem.n) if task.zero else None, start=task.start,
            cutoff=task.cutoff, first=task.zero, seed=task.seed, gap=task.gap,
            incumbent=lambda x, value: send(x),
            better=lambda: latest.pop() if latest else None,
            enough=lambda nodes: nodes > 0 and time.process_time() > task.patience,
        )
    )  # fmt: skip
