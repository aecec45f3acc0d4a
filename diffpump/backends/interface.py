"""LP oracles: the relaxation P loaded once, re-solved under changing costs.

`load(problem, ...)` gives a `Relaxation`; the pump needs its `solve` and, for general integers and the
LP repair, its `set_bounds`. Solver libraries are imported by the one module that needs them, on use.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpResult, LpStatus


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


class Simplex(Protocol):
    """One instance of an LP solver holding the model; `run` is called in a worker thread."""

    version: dict[str, str]

    def set_cost(self, cost: Vector) -> None: ...
    def set_bounds(self, lb: Vector, ub: Vector) -> None: ...
    def set_cutoff(self, row: Vector, value: float) -> None: ...
    def clear(self) -> None: ...
    def has_basis(self) -> bool: ...
    def get_basis(self) -> object: ...
    def plain_basis(self) -> Basis: ...
    def set_basis(self, basis: object) -> None: ...
    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None: ...
    def run(self) -> object: ...
    def cancel(self) -> None: ...

    def status(self) -> LpStatus | None:
        """How the last run ended; None: infeasible or unbounded, not known which."""
        ...

    def iterations(self) -> int: ...
    def point(self) -> Vector: ...
    def reduced_costs(self) -> Vector: ...
    def ray(self) -> Vector | None: ...
