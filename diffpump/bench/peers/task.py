"""The `Peer` protocols: the input of a peer's run (`Task`), its incumbents over time and its `Outcome`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from diffpump.bench.plan import OUR_SOLVER
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.status import Status

MAX_STORED_POINTS = 50  # stored between the first and the last incumbent, since points may be large
SEED_LIMIT = 2**31 - 1  # seeds are taken modulo this, because those of native solvers are C integers


@dataclass(frozen=True)
class Task:
    """The input of one run.

    Attributes
    ----------
    path : str
        A file that the peer can read: the user's, or one that has our parsed model (see `Task.model`).
    seed : int
        The seed of the run. A peer with a native solver takes it modulo `SEED_LIMIT`.
    time_limit : float or None
        In seconds on the clock of `elapsed`, None for no limit.
    first : bool
        Whether the run ends at the first solution.
    threads : int
        The number of threads of the solver.
    elapsed : callable
        Returns the seconds of the job's clock, the clock of all times in the record.
    model : object, optional
        What the peer's `load` has returned. None for a peer without `load`, and for any peer that has to read
        `path` with its own reader.
    """

    path: str
    seed: int
    time_limit: float | None
    first: bool
    threads: int
    elapsed: Callable[[], float]
    model: Any = None

    def left(self) -> float:
        """Return the seconds until the time limit, infinity without one."""
        return inf if self.time_limit is None else max(0.0, self.time_limit - self.elapsed())


class Point(NamedTuple):
    """The nonzeros of a solution.

    Attributes
    ----------
    columns : (k,) int
        Column indices in the peer's order.
    values : (k,) float64
        The values of these columns.
    """

    columns: NDArray[np.intp]
    values: Vector


class Incumbents:
    """A peer's solutions in order of time, as the peer claims them.

    The first and the last point are stored, and at most `MAX_STORED_POINTS` evenly spaced ones between them:
    whenever there are more, every second one is deleted and the stride between stored points doubles.

    If the run ends at the first solution, only the first one counts. Solutions that the solver finds while it
    stops are ignored.

    Parameters
    ----------
    task : Task
        The input of the run, whose clock gives the times.

    Attributes
    ----------
    seconds : list of float
        When each was found, on the job's clock.
    objectives : list of float
        The claimed objective of each, in the sense of the model that the peer was given.
    points : dict of int to Point
        The points of some of them, by index.
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
        """Add an incumbent.

        Parameters
        ----------
        objective : float
            Its objective in the sense of the model that the peer was given.
        point : callable, optional
            Returns the values of all columns, (n,). It is called only if the point will be stored.
        seconds : float, optional
            When it was found, on the job's clock. By default now.
        """
        index = len(self)
        if index and self._task.first:
            return
        self.seconds.append(self._task.elapsed() if seconds is None else seconds)
        self.objectives.append(objective)
        if point is not None and index % self._stride == 0:
            self.points[index] = _sparse(point())
            if len(self.points) > MAX_STORED_POINTS:
                self._stride *= 2
                self.points = {k: kept for k, kept in self.points.items() if k % self._stride == 0}

    def end(self, objective: float, point: Vector) -> None:
        """Add the solution that the peer returns at its end.

        It is the last incumbent if its objective agrees, else one that the peer did not report before.

        Parameters
        ----------
        objective : float
            Its objective in the sense of the model that the peer was given.
        point : (n,) float64
            The values of all columns in the peer's order.
        """
        if self.points and self._task.first:
            return
        if not self or not np.isclose(objective, self.objectives[-1], rtol=1e-6, atol=1e-9):
            self.add(objective)
        self.objectives[-1] = objective  # the log of the peer may have rounded it
        self.points[len(self) - 1] = _sparse(point)

    def negate(self) -> None:
        """Negate the objectives: those of a minimisation become those of the maximisation it stands for."""
        self.objectives = [-objective for objective in self.objectives]


def _sparse(x: Vector) -> Point:
    columns = np.flatnonzero(x)
    return Point(columns, np.asarray(x, dtype=np.float64)[columns])


@dataclass
class Outcome:
    """The outcome of a peer's run, as the peer claims it.

    Attributes
    ----------
    incumbents : Incumbents
        The solutions.
    columns : sequence of (str or None), or None
        The peer's column names in its order, None where a name is not known. None if none is, and for a
        loaded model, whose columns have the order of the problem.
    status : Status
        For a run without a solution: INFEASIBLE, UNBOUNDED, TIME_LIMIT, ...
    words : str
        The status in the peer's own words.
    read : (float, float)
        When the peer's own reading began and ended, on the job's clock. With a loaded model, both are the
        time when the run began.
    bound : float or None
        The dual bound, in the sense of the model that the peer was given, as are the incumbents' objectives.
    nodes : int or None
        Nodes of branch and bound.
    lp_iterations : int or None
        Simplex iterations.
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
    """Another solver, which reads model files.

    Attributes
    ----------
    gzip : bool
        True if its reader decompresses .gz files itself.
    """

    gzip: bool

    def missing(self) -> str | None:
        """Return None if the solver can run here, else what to install ("pip install ...").

        This is cheap: it does not import the solver.
        """
        ...

    def versions(self) -> dict[str, str]:
        """Return the versions of the solver and of its Python package."""
        ...

    def run(self, task: Task) -> Outcome:
        """Read the file, unless the task has a loaded model, and search within the limits.

        Parameters
        ----------
        task : Task
            The model, the limits and the clock.

        Returns
        -------
        Outcome
            The incumbents and how the run ended, as the peer claims.

        Raises
        ------
        InputError
            If the reader refuses the file.
        """
        ...


@runtime_checkable
class Loader(Protocol):
    """A peer that builds its model from our parsed one through the solver's library, without a file."""

    def load(self, problem: Problem) -> Any:
        """Return the solver's own model of a problem, which `Task.model` passes to `Peer.run`.

        Parameters
        ----------
        problem : Problem
            The model. The solver's one is the same minimisation, with all columns and rows in the same order.

        Raises
        ------
        InputError
            If the solver refuses the model.
        """
        ...


PEERS: Registry[Peer] = Registry(
    "peer", package="diffpump.bench.peers", group="diffpump.peers", reserved=(OUR_SOLVER,)
)
