"""What a peer is given and what it hands back: one run's limits, its incumbents as they come, its outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.status import Status

KEPT = 50  # points held between the first and the last: large models have large points
SEEDS = 2**31 - 1  # seeds of native solvers are C integers


@dataclass(frozen=True)
class Task:
    """One run: the file as the peer can read it, and its limits.

    `first`: end at the first solution. `elapsed` is the job's clock, the time limit's and the record's.
    """

    path: str
    seed: int
    time_limit: float | None
    first: bool
    threads: int
    elapsed: Callable[[], float]

    def left(self) -> float:
        """Seconds until the time limit, infinite without one."""
        return inf if self.time_limit is None else max(0.0, self.time_limit - self.elapsed())


class Point(NamedTuple):
    """The nonzeros of a solution: columns as the peer counts them, and their values."""

    columns: NDArray[np.intp]
    values: Vector


class Incumbents:
    """A peer's solutions in order of time: what it claims of each, and the points of some.

    Points are kept of the first, of the last, and of at most `KEPT` between, evenly: whenever there are
    more, every second one is dropped and only every second is taken from then on.

    Where the run ends at the first solution, the first is the only one: what a solver finds on its way out
    is not counted.
    """

    def __init__(self, task: Task) -> None:
        self._task, self._stride = task, 1
        self.seconds: list[float] = []
        self.objectives: list[float] = []
        self.points: dict[int, Point] = {}

    def __len__(self) -> int:
        return len(self.seconds)

    def add(
        self, objective: float, point: Callable[[], Vector] | None = None, seconds: float | None = None
    ) -> None:
        """A new incumbent, found now or at `seconds`; `point` is asked for the values if they are kept."""
        index = len(self)
        if index and self._task.first:
            return
        self.seconds.append(self._task.elapsed() if seconds is None else seconds)
        self.objectives.append(objective)
        if point is not None and index % self._stride == 0:
            self.points[index] = _sparse(point())
            if len(self.points) > KEPT:
                self._stride *= 2
                self.points = {k: kept for k, kept in self.points.items() if k % self._stride == 0}

    def end(self, objective: float, point: Vector) -> None:
        """The solution that the peer has at its end: the last incumbent, or one that it did not tell of."""
        if self.points and self._task.first:
            return
        if not self or not np.isclose(objective, self.objectives[-1], rtol=1e-6, atol=1e-9):
            self.add(objective)
        self.objectives[-1] = objective  # some logs round
        self.points[len(self) - 1] = _sparse(point)


def _sparse(x: Vector) -> Point:
    columns = np.flatnonzero(x)
    return Point(columns, np.asarray(x, dtype=np.float64)[columns])


@dataclass
class Outcome:
    """How a peer's run ended.

    columns      its names of the columns, in its order; None where it did not tell
    status       what it says of a model without a solution: INFEASIBLE, UNBOUNDED, TIME_LIMIT, ...
    words        the same in its own words
    read         when reading began and ended, on the job's clock
    bound        the dual bound, in the model's own sense, as are the incumbents' objectives
    """

    incumbents: Incumbents
    columns: Sequence[str | None] | None
    status: Status
    words: str
    read: tuple[float, float]
    bound: float | None = None
    nodes: int | None = None
    lp_iterations: int | None = None


class Peer(Protocol):
    """Another solver. `gzip`: its reader inflates .gz itself."""

    name: str
    about: str
    gzip: bool

    def missing(self) -> str | None:
        """None if it can run here, else one line on why not and what to install; cheap."""
        ...

    def versions(self) -> dict[str, str]:
        """The versions of the solver and its Python package."""
        ...

    def run(self, task: Task) -> Outcome:
        """Read and search within the limits. InputError when its reader refuses the file."""
        ...
