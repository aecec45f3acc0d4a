"""What every backend needs: validated vectors, the choice of the simplex, and a watched call.

The choice (`SimplexChoice`): the first re-solves alternate primal and dual; the one that took fewer simplex
iterations in total stays (ties: dual). Iterations, not seconds, so that a run repeats.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

import numpy as np

from diffpump.backends import LpLimits
from diffpump.result import Vector

OTHER = {"dual": "primal", "primal": "dual"}
QUICK_SECONDS = 0.05  # after a solve this quick, the next one runs without the watch of a second thread
SOLVER_INFINITY = 1e20  # both solvers read a cost or bound this large as infinite
PROBES = 4  # re-solves that alternate primal, dual before the choice is made
POLL_SECONDS = 0.05  # how often a watched call looks at `stop`
GRACE_SECONDS = 1.0  # how long a cancelled solve may take to end before it is left behind


def checked_cost(cost: Vector, n: int) -> Vector:
    """`cost` as a contiguous float64 (n,) vector; ValueError when it is not finite or of another length.

    Neither solver looks: a short array is read past its end and a NaN is "optimal".
    """
    cost = np.ascontiguousarray(cost, dtype=np.float64)
    if cost.shape != (n,):
        raise ValueError(f"the cost has shape {cost.shape}, expected ({n},)")
    if n and not np.abs(cost).max() < SOLVER_INFINITY:  # also false for NaN
        raise ValueError(f"a cost is not a finite number below {SOLVER_INFINITY:g}")
    return cost


def checked_bounds(lb: Vector, ub: Vector, n: int) -> tuple[Vector, Vector]:
    """Private float64 copies of both bounds; ValueError unless both are (n,) and lb <= ub."""
    lb, ub = np.array(lb, dtype=np.float64), np.array(ub, dtype=np.float64)
    if lb.shape != (n,) or ub.shape != (n,):
        raise ValueError(f"the bounds have shapes {lb.shape} and {ub.shape}, expected ({n},)")
    if not (lb <= ub).all() or (lb == np.inf).any() or (ub == -np.inf).any():  # `<=` is false for NaN
        raise ValueError("a lower bound is above its upper bound, or a bound is not a number")
    return lb, ub


class SimplexChoice:
    """Which simplex re-solves next, and which one has been chosen."""

    def __init__(self, algorithm: str) -> None:
        self._chosen = None if algorithm == "auto" else algorithm
        self._spent = {"primal": 0, "dual": 0}
        self._probes = 0

    @property
    def algorithm(self) -> str:
        """The choice: "primal", "dual", or "undecided" while the probes last."""
        return self._chosen or "undecided"

    def next(self) -> str:
        """The simplex for the next re-solve."""
        return self._chosen or ("primal", "dual")[self._probes % 2]

    def record(self, algorithm: str, iterations: int) -> None:
        """Count an optimal re-solve; after PROBES of them the choice is made."""
        if self._chosen is None:
            self._spent[algorithm] += iterations
            self._probes += 1
            if self._probes == PROBES:
                self._chosen = "primal" if self._spent["primal"] < self._spent["dual"] else "dual"


class Clock:
    """One solve: its limits, the time left of them, and the simplex iterations so far."""

    def __init__(self, limits: LpLimits) -> None:
        self.limits, self.iterations = limits, 0
        self._start = time.perf_counter()

    def elapsed(self) -> float:
        """Seconds since the solve began."""
        return time.perf_counter() - self._start

    def left(self) -> float:
        """Seconds left, infinite without a limit."""
        return math.inf if self.limits.seconds is None else self.limits.seconds - self.elapsed()


class WatchedCall:
    """A library call in a worker thread, so that the caller's stays free for signals and for `stop`.

    Afterwards: `error` is what the call raised; `stopped` says that `stop` asked for its end; `running`
    that it was left behind, still busy: then the objects it works on must not be touched again.
    """

    def __init__(self, call: Callable[[], object]) -> None:
        self.stopped = False
        self.error: Exception | None = None
        self._call = call
        self._thread = threading.Thread(target=self.here, daemon=True, name="diffpump-lp")

    @property
    def running(self) -> bool:
        """True while the worker thread is in the call."""
        return self._thread.is_alive()

    def here(self) -> None:
        """Make the call in the caller's own thread, unwatched."""
        try:
            self._call()
        except Exception as error:  # a failing LP must not kill its host: the backend reports it
            self.error = error

    def wait(self, cancel: Callable[[], None], stop: Callable[[], bool] | None, seconds: float) -> None:
        """Make the call; `cancel` it on `stop`, or when it is late by more than max(1 s, 5 %)."""
        end = time.perf_counter() + seconds + max(GRACE_SECONDS, 0.05 * seconds)
        self._thread.start()
        try:
            while self.running and not self.stopped and time.perf_counter() < end:
                self._thread.join(POLL_SECONDS)
                self.stopped = stop is not None and self.running and stop()
        finally:  # `stop` or a signal handler may have raised
            if self.running:
                cancel()
                self._thread.join(GRACE_SECONDS)
