"""Branch and cut by HiGHS in a process of its own, which is stopped between two slices.

HiGHS cannot be made to rest: seconds pass between two of its callbacks, in a sub-problem of its own or a long
LP. A process can, at any moment, so what it has found out is kept from one slice to the next.

    to it     the job, then the best solution whenever there is a better one
    from it   every improving point, then the result
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import numpy as np

from diffpump.backends import LpLimits
from diffpump.backends.mip import MipResult, solve_mip
from diffpump.backends.worker import NAP_SECONDS
from diffpump.problem import Problem
from diffpump.result import Vector
from diffpump.search.process import Lost, Process, messages, send

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


@dataclass(frozen=True, eq=False)
class Job:
    """What to solve; `zero`: without the objective, to the first solution. start: (n,), or None.

    patience: seconds of its own after which it ends once it is past the root node.
    """

    problem: Problem
    zero: bool
    seed: int
    start: Vector | None
    patience: float = float("inf")


class Branching:
    """The process, seen from the one that started it; it rests until `run`."""

    def __init__(self, job: Job) -> None:
        self._news: queue.SimpleQueue[Vector | MipResult | Lost] = queue.SimpleQueue()
        self._process = Process("diffpump.search.branching", job, self._news.put, MipResult, apart=True)

    def tell(self, x: Vector) -> None:
        """Have it know a solution (n,), for when it goes on."""
        self._process.tell(x)

    def run(self, over: Callable[[], bool], found: Callable[[Vector], object]) -> MipResult | Lost | None:
        """Go on until over; what it ended with, if it did. found: called with every improving point (n,)."""
        self._process.wake()
        try:
            while not over():
                try:
                    news = self._news.get(timeout=NAP_SECONDS)
                except queue.Empty:
                    continue
                if not isinstance(news, np.ndarray):
                    return news
                self._process.rest()  # one of the two works at a time
                found(news)
                self._process.wake()
        finally:
            self._process.rest()
        return None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.end()


def main() -> None:
    """The process: take the job from standard input, solve it, leave."""
    _end_with_parent()
    out = os.dup(1)
    os.dup2(2, 1)  # what native code prints there is no message
    mail: Iterator[Any] = messages(sys.stdin.buffer)
    job = next(mail, None)
    if isinstance(job, Job):
        told: list[Vector] = []
        Thread(target=_listen, args=(mail, told), daemon=True).start()
        result = solve_mip(
            job.problem, LpLimits(), cost=np.zeros(job.problem.n) if job.zero else None, start=job.start,
            first=job.zero, seed=job.seed, incumbent=lambda x, value: send(out, x),
            better=lambda: told.pop() if told else None,
            enough=lambda nodes: nodes > 0 and time.process_time() > job.patience,
        )  # fmt: skip
        send(out, result)
    os._exit(0)


def _end_with_parent() -> None:
    """Even stopped; elsewhere than on Linux an orphaned process group's SIGHUP sees to it (`Process`)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _listen(mail: Iterator[Any], told: list[Vector]) -> None:
    for x in mail:
        told[:] = [x]
    os._exit(0)
