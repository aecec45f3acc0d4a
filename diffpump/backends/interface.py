"""The interface of LP backends: a relaxation P that is loaded once and re-solved under changing costs.

`relaxation.load(problem, ...)` returns a `Relaxation`. The pump needs its `solve` and, for general integers
and the LP repair, its `set_bounds`. A backend is a `Simplex` that is registered in `BACKENDS`. Its module
is imported on first use.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.registry import Registry
from diffpump.core.status import LpResult, LpStatus


class Basis(NamedTuple):
    """The status of every column (n,) and row (m,) as int32.

    0 means at the lower bound, 1 basic, 2 at the upper bound, 3 free and at zero. Both solvers use these
    numbers.
    """

    columns: NDArray[np.int32]
    rows: NDArray[np.int32]


class Relaxation(Protocol):
    """An LP relaxation that a solver holds.

    versions   the versions of the solver, by name
    failures   the number of numerical failures, including those that a second attempt recovered from
    """

    versions: dict[str, str]
    failures: int

    @property
    def algorithm(self) -> str:
        """ "primal" or "dual" once the re-solves use only one of the two, "undecided" before."""
        ...

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return argmin cost'x over P and the current bounds; `x` is clipped to the bounds.

        Raises ValueError if `cost` is not a finite float64 vector (n,), which solvers would not notice.
        """
        ...

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds, (n,) each, with lb <= ub."""
        ...

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value; `row` (n,) must be the same in all calls.

        From then on an infeasible LP has no ray, and bases that were saved before do not fit.
        """
        ...

    def save_basis(self) -> object:
        """Return the current basis as an opaque value for `restore_basis`."""
        ...

    def restore_basis(self, basis: object) -> None:
        """Start the next LP from a saved basis, or from a `Basis` of the rows without the cutoff."""
        ...


class Simplex(Protocol):
    """An LP solver that holds one model; `run` is called in a worker thread.

    version   the versions of the solver and its libraries, by name
    """

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
        """Return how the last run ended; None means infeasible or unbounded, not known which."""
        ...

    def iterations(self) -> int: ...
    def point(self) -> Vector: ...
    def reduced_costs(self) -> Vector: ...
    def ray(self) -> Vector | None: ...


BACKENDS: Registry[Simplex] = Registry("backend", package="diffpump.backends", group="diffpump.backends")
