"""How a search and an LP solve ended, and by how much a point violates a model.

Every search ends with a `Status`, whose value is a sentence for the user. Only a mistake in the user's input
raises an exception (`diffpump.core.errors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from diffpump.core.arrays import Vector


class Status(Enum):
    """How a search ended; the value is a sentence that says what this means and what to do next."""

    FEASIBLE = "a solution was found and verified exactly"
    ITERATION_LIMIT = (
        "no solution found within the iteration limit; this proves nothing about the model. "
        "Try another --preset or --seed, or a larger --max-iter"
    )
    TIME_LIMIT = (
        "no solution found within the time limit; this proves nothing about the model. "
        "Try a larger --time-limit or another --preset"
    )
    INFEASIBLE = "the model has no solution, which was proven exactly"
    REPORTED_INFEASIBLE = (
        "no solution found: branch and cut reports that the model is infeasible (not verified independently)"
    )
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
        """The exit code of the command line; for an interrupt it depends on the signal as well."""
        return _EXIT.get(self, 10)


_EXIT = {
    Status.FEASIBLE: 0,
    Status.INFEASIBLE: 11,
    Status.UNBOUNDED: 12,
    Status.INTERRUPTED: 130,
    Status.UNPROVEN: 5,
}


class LpStatus(Enum):
    """How an LP solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    TIME_LIMIT = "time limit"
    ITERATION_LIMIT = "iteration limit"
    INTERRUPTED = "interrupted"
    FAILED = "numerical failure"


@dataclass(frozen=True, eq=False)
class LpResult:
    """The result of an LP solve.

    Attributes
    ----------
    status : LpStatus
        How the solve ended.
    x : (n,) float64
        The point, clipped to the bounds. It has a meaning if `status` is OPTIMAL, and on ITERATION_LIMIT if
        the simplex stopped at a point of the relaxation (NaN if it did not).
    iterations : int
        Simplex iterations.
    seconds : float
        Wall seconds inside the solver.
    algorithm : str
        The simplex that ran, "primal" or "dual".
    ray : (m,) float64 or None
        A dual ray in the rows' own signs if the LP is infeasible and the solver returned one;
        `verify.check.farkas` checks it.
    reduced : (n,) float64 or None
        The reduced costs if an interior point was requested.
    duals : (m,) float64 or None
        The multipliers of the rows from `backends.lp.solve_lp`: >= 0 at the lower side, <= 0 at the upper.
    """

    status: LpStatus
    x: Vector
    iterations: int
    seconds: float
    algorithm: str
    ray: Vector | None = None
    reduced: Vector | None = None
    duals: Vector | None = None


@dataclass(frozen=True)
class Violation:
    """The largest absolute violations of a point on the original model.

    Attributes
    ----------
    rows : float
        The largest violation of a row.
    bounds : float
        The largest violation of a column bound.
    integrality : float
        The largest distance of an integer column's value to an integer.
    """

    rows: float
    bounds: float
    integrality: float

    @property
    def worst(self) -> float:
        """The largest of the three."""
        return max(self.rows, self.bounds, self.integrality)
