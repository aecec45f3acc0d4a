"""Outcomes: how a search and an LP ended, and by how much a point violates a model.

A search ends in a `Status`, whose value is a sentence of advice; a user's mistake is an exception instead
(`diffpump.core.errors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from diffpump.core.arrays import Vector


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
