"""LP oracles: the relaxation P loaded once, re-solved under changing costs.

`load(problem, ...)` gives a `Relaxation`; the pump needs its `solve` and, for general integers and the
LP repair, its `set_bounds`. Solver libraries are imported by the one module that needs them, on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult

if TYPE_CHECKING:
    from diffpump.backends.relaxation import EngineRelaxation


class Basis(NamedTuple):
    """Where every column (n,) and row (m,) stands, int32: 0 at its lower end, 1 basic, 2 at its upper end, 3
    free and zero. Both solvers use these numbers."""

    columns: NDArray[np.int32]
    rows: NDArray[np.int32]


class Relaxation(Protocol):
    """An LP relaxation held by a solver.

    `versions` names the solver. `failures` counts numerical failures, those survived included.
    """

    versions: dict[str, str]
    failures: int

    @property
    def algorithm(self) -> str:
        """ "primal" or "dual" once the re-solves have settled on one, "undecided" before."""
        ...

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """argmin cost'x over P and the current bounds; `x` is clipped to the bounds.

        Raises ValueError when `cost` is not a finite float64 (n,) vector (solvers would not notice).
        """
        ...

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds; both (n,), lb <= ub."""
        ...

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value if it is there; `row` (n,) is the same every time.

        From then on an infeasible verdict has no ray, and bases saved before do not fit.
        """
        ...

    def save_basis(self) -> object:
        """The current basis, for `restore_basis`; an opaque value."""
        ...

    def restore_basis(self, basis: object) -> None:
        """Continue from a saved basis, or from a `Basis` of the rows without a cutoff."""
        ...


def load(
    problem: Problem, backend: str = "highs", lp_start: str = "warm", lp_algorithm: str = "auto"
) -> EngineRelaxation:
    """The LP relaxation of `problem` in a solver: a `Relaxation` that can tell more of its last optimum.

    backend: "highs" or "scip". lp_start: "warm" re-solves from the last basis, "cold" from scratch.
    lp_algorithm: "primal", "dual", or "auto": the one that took fewer simplex iterations in the first
    re-solves (iterations, not seconds, so that runs repeat). It concerns re-solves: a warm run's first LP,
    without a basis, takes the dual. In cold runs it concerns every LP, and "auto" is the dual.
    """
    for what, value, known in (
        ("lp_start", lp_start, ("warm", "cold")),
        ("lp_algorithm", lp_algorithm, ("auto", "primal", "dual")),
    ):
        if value not in known:
            raise UsageError(f"unknown {what} '{value}'; known: {', '.join(known)}")
    from diffpump.backends.relaxation import EngineRelaxation

    if backend == "highs":
        from diffpump.backends.highs import HighsEngine

        return EngineRelaxation(problem, HighsEngine, lp_start, lp_algorithm)
    if backend == "scip":
        from diffpump.backends.scip import ScipEngine

        return EngineRelaxation(problem, ScipEngine, lp_start, lp_algorithm)
    raise UsageError(f"unknown backend '{backend}'; known: highs, scip")
