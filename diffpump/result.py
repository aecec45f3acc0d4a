"""Outcomes: what a run, an LP and a mistake end as.

A search ends in a `Status`, whose value is a sentence of advice. Exceptions are for the
user's mistakes alone, and each knows its exit code:

    DiffpumpError
    ├── UsageError        2   an option, name or argument that does not exist or does not fit
    ├── InputError        3   a file or model that is refused (file, line, reason)
    ├── UnsupportedError  4   a feature outside MILP: SOS, indicator, quadratic, semicontinuous
    ├── ProofError        5   a claimed solution failed the exact check; nothing was written
    └── OutputError       6   an output could not be written; nothing partial is left
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


class DiffpumpError(Exception):
    """A mistake of the user's, told in one line. `exit_code` is the command line's."""

    exit_code = 2


class UsageError(DiffpumpError):
    """An option, name or argument that does not exist or does not fit."""

    exit_code = 2


class InputError(DiffpumpError):
    """A file or model that is refused: which file, which line (1-based), and why."""

    exit_code = 3

    def __init__(self, reason: str, path: str | None = None, line: int | None = None) -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(f"{where}{reason}")
        self.reason, self.path, self.line = reason, path, line

    def at(self, path: str) -> InputError:
        """The same refusal, of the same kind, with the file's name."""
        return type(self)(self.reason, path, self.line)


class UnsupportedError(InputError):
    """A feature that is not part of a MILP (SOS, indicator, quadratic, semicontinuous)."""

    exit_code = 4


class ProofError(DiffpumpError):
    """A claimed solution failed the exact check; nothing was written."""

    exit_code = 5


class OutputError(DiffpumpError):
    """An output could not be written; nothing partial is left behind."""

    exit_code = 6


class Status(Enum):
    """How a search ended; the value says what it means and what to do next."""

    FEASIBLE = "a solution was found and verified exactly"
    ITERATION_LIMIT = (
        "no solution found within the iteration limit; this proves nothing about the model. "
        "Try another --preset or --seed, or a larger --max-iter"
    )
    TIME_LIMIT = (
        "no solution found within the time limit; this proves nothing about the model. "
        "Try a larger --time-limit or another --preset"
    )
    INFEASIBLE = "the LP relaxation is infeasible (Farkas ray checked), so the model has no solution"
    UNBOUNDED = "the LP relaxation is unbounded in the objective's direction; look for missing bounds or rows"
    LP_FAILED = (
        "no solution found: the LP solver failed numerically; this proves nothing about the model. "
        "Try the other --backend"
    )
    EXHAUSTED = (
        "no solution found and nothing left to try; this proves nothing about the model. Try another --seed"
    )
    INTERRUPTED = "interrupted before a solution was found; this proves nothing about the model"
    UNPROVEN = "a candidate failed the exact check against the original model; it was not written"

    @property
    def exit_code(self) -> int:
        """The process exit code that goes with this status (an interrupt is told apart by its signal)."""
        return _EXIT.get(self, 10)


_EXIT = {
    Status.FEASIBLE: 0,
    Status.INFEASIBLE: 11,
    Status.UNBOUNDED: 12,
    Status.INTERRUPTED: 130,
    Status.UNPROVEN: 5,
}


class LpStatus(Enum):
    """How one LP solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time limit"
    ITERATION_LIMIT = "iteration limit"
    INTERRUPTED = "interrupted"
    FAILED = "numerical failure"


@dataclass(frozen=True, eq=False)
class LpResult:
    """One LP solve.

    `x` is (n,) float64, clipped to the bounds; only meaningful when `status` is OPTIMAL, and on
    ITERATION_LIMIT where the simplex stopped at a point of the relaxation (NaN where it did not).
    `iterations` counts simplex iterations, `seconds` is wall time inside the solver.
    `algorithm` is the simplex that ran ("primal" or "dual"). `ray` is a dual ray (m,) in the
    rows' own signs when the LP is infeasible and the solver gave one: `check.farkas` judges it.
    `reduced` has the reduced costs (n,) where an interior point was asked for.
    """

    status: LpStatus
    x: Vector
    iterations: int
    seconds: float
    algorithm: str
    ray: Vector | None = None
    reduced: Vector | None = None


@dataclass(frozen=True)
class Violation:
    """Largest absolute violations of a point on the original model, in the model's own units."""

    rows: float
    bounds: float
    integrality: float

    @property
    def worst(self) -> float:
        """The largest of the three."""
        return max(self.rows, self.bounds, self.integrality)
