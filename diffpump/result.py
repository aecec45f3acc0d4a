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

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from diffpump.problem import Problem

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
    INTERRUPTED = "interrupted"
    FAILED = "numerical failure"


@dataclass(frozen=True, eq=False)
class LpResult:
    """One LP solve.

    `x` is (n,) float64, clipped to the bounds; only meaningful when `status` is OPTIMAL.
    `iterations` counts simplex iterations, `seconds` is wall time inside the solver.
    `algorithm` is the simplex that ran ("primal" or "dual"). `ray` is a dual ray (m,) in the
    rows' own signs when the LP is infeasible and the solver gave one: `check.farkas` judges it.
    """

    status: LpStatus
    x: Vector
    iterations: int
    seconds: float
    algorithm: str
    ray: Vector | None = None


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


@dataclass(frozen=True, eq=False)
class SolveResult:
    """What a run found, how, and at what cost. `x` is in the original column order.

    `objective` is in the model's own sense, offset included. `seconds` has the keys total, read,
    lp, check and first_solution (None when there is none); `restarts` has flip and perturbation.
    `violation` and `exactly_feasible` come from the exact verification. `proof` says what the
    solution was verified against ("original file" or "model as given").
    """

    status: Status
    problem: Problem
    x: Vector | None
    objective: float | None
    iterations: int
    restarts: Mapping[str, int]
    lp_solves: int
    lp_iterations: int
    seconds: Mapping[str, float | None]
    violation: Violation | None
    exactly_feasible: bool
    proof: str | None
    config: Mapping[str, Any]
    config_digest: str
    seed: int
    versions: Mapping[str, str]
    counters: Mapping[str, int] = field(default_factory=dict)
    lp_algorithm: str = ""

    @property
    def found(self) -> bool:
        """True when a verified solution is in `x`."""
        return self.x is not None

    @cached_property
    def values(self) -> dict[str, float]:
        """The solution by column name, all columns, in the original order; empty when there is none."""
        if self.x is None:
            return {}
        return dict(zip(self.problem.col_names, self.x.tolist(), strict=True))

    def apply(self, model: Any) -> None:
        """Give the solution to a `highspy.Highs` or a `pyscipopt.Model` as a MIP start.

        The model may be the one that was solved or another one with these columns, by name or else by
        position (see `models.mip_start`, which says when this is a UsageError).

        >>> import highspy, diffpump
        >>> highs = highspy.Highs()
        >>> highs.silent()
        >>> x, y = highs.addIntegral(0, 4, obj=-1, name="x"), highs.addIntegral(0, 4, obj=-1, name="y")
        >>> row = highs.addConstr(3 * x + 5 * y <= 14.5)
        >>> result = diffpump.solve(highs)
        >>> result.values
        {'x': 4.0, 'y': 0.0}
        >>> result.apply(highs)
        >>> status = highs.run()
        """
        from diffpump.models import mip_start

        mip_start(self, model)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the solution by the path's suffix (.sol, .mst, .json), proven again from the disk before the
        file appears under its name (`io.solution.write_solution`, which lists the errors).

        UsageError when there is no solution.
        """
        from diffpump.io.solution import write_solution

        if self.x is None:
            raise UsageError(f"there is no solution to write: {self.status.value}")
        write_solution(path, self.problem, self.x, self.objective)

    def __repr__(self) -> str:
        found = f", objective {self.objective!r}" if self.found else ""
        exactly = ", exactly feasible" if self.exactly_feasible else ""
        return f"SolveResult({self.status.name}{found}, {self.iterations} iterations{exactly})"
