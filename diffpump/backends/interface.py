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
    """The status of every column and row of an LP at a basic solution.

    0 means at the lower bound, 1 basic, 2 at the upper bound, 3 free and at zero. Both solvers use these
    numbers.

    Attributes
    ----------
    columns : (n,) int32
        The status of each column.
    rows : (m,) int32
        The status of each row.
    """

    columns: NDArray[np.int32]
    rows: NDArray[np.int32]


class Relaxation(Protocol):
    """An LP relaxation P that a solver holds.

    Attributes
    ----------
    versions : dict of str to str
        The versions of the solver, by name.
    failures : int
        The number of numerical failures so far, including those that a second attempt recovered from.
    """

    versions: dict[str, str]
    failures: int

    @property
    def algorithm(self) -> str:
        """The simplex of the re-solves: "primal", "dual", or "undecided" until they use only one."""
        ...

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return argmin cost'x over P and the current bounds.

        Parameters
        ----------
        cost : (n,) float64
            The cost to minimise.
        limits : LpLimits, optional
            The limits of this LP. By default there are none.

        Returns
        -------
        LpResult
            How the LP ended. Its `x` is clipped to the bounds.

        Raises
        ------
        ValueError
            If `cost` is not a finite float64 vector (n,), which solvers would not notice.
        """
        ...

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds.

        Parameters
        ----------
        lb, ub : (n,) float64
            The new bounds, with lb <= ub.
        """
        ...

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value, or change its value.

        From then on an infeasible LP has no ray, and bases that were saved before do not fit.

        Parameters
        ----------
        row : (n,) float64
            The coefficients, which must be the same in all calls.
        value : float
            The right-hand side.
        """
        ...

    def save_basis(self) -> object:
        """Return the current basis as an opaque value for `restore_basis`, or None if there is none."""
        ...

    def restore_basis(self, basis: object) -> None:
        """Start the next LP from a saved basis.

        Parameters
        ----------
        basis : object
            What `save_basis` returned, or a `Basis` of the rows without the cutoff, from any solver. None
            makes the next LP start from scratch.
        """
        ...


class Simplex(Protocol):
    """An LP solver that holds one model: the interface that the author of a backend implements.

    A backend is a class that is made from a `Problem`, whose integrality it ignores, and that is registered
    in `BACKENDS`. `SimplexRelaxation` checks the input, calls these methods, and adds to them second attempts
    after failures, proofs of infeasibility, and limits that hold. All vectors are float64. `run` is called in
    a worker thread, `cancel` while `run` is at work, and every other method while it is not.

    Attributes
    ----------
    version : dict of str to str
        The versions of the solver and its libraries, by name.
    """

    version: dict[str, str]

    def set_cost(self, cost: Vector) -> None:
        """Replace all costs by `cost` (n,), which the next run minimises, and keep the basis.

        Every entry is finite and below 1e20 in absolute value. The method is called before each run. The
        array belongs to the caller: copy it if it is kept.
        """
        ...

    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        """Replace all column bounds by `lb` and `ub`, (n,) each, and keep the basis.

        The bounds satisfy lb <= ub. Entries may be infinite, and those of 1e20 and more count as infinite.
        """
        ...

    def set_cutoff(self, row: Vector, value: float) -> None:
        """Add the row row'x <= value as the last row, or change its value if there is one already.

        Parameters
        ----------
        row : (n,) float64
            The coefficients, the same in all calls.
        value : float
            The right-hand side.
        """
        ...

    def clear(self) -> None:
        """Reset the solver, so that the next run starts from scratch.

        The basis and everything else that earlier runs left must go: what follows is a function of the model,
        its cost, its bounds and its cutoff row alone. These four stay.
        """
        ...

    def has_basis(self) -> bool:
        """Return whether the next run starts from a basis.

        If it does not, `get_basis` and `plain_basis` are not called, and with lp_start="warm" the run uses
        the dual simplex. A solver without warm starts returns False.
        """
        ...

    def get_basis(self) -> object:
        """Return a copy of the current basis in any form that `set_basis` accepts.

        Later runs must not change the copy. The method is called only while `has_basis` is True.
        """
        ...

    def plain_basis(self) -> Basis:
        """Return a copy of the current basis as a `Basis`, for another solver or process.

        A cutoff row is its last row. The method is called only while `has_basis` is True.
        """
        ...

    def set_basis(self, basis: object) -> None:
        """Start the next run from a basis.

        Parameters
        ----------
        basis : object
            What `get_basis` returned, or a `Basis`, perhaps of another solver. A solver without warm starts
            may ignore it.

        Raises
        ------
        ValueError
            If this is not a basis of this model.
        """
        ...

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        """Set the options of the next run, and forget an earlier `cancel`.

        Parameters
        ----------
        algorithm : {"primal", "dual"}
            The simplex to use.
        seconds : float
            Wall-clock limit of the run alone, positive. It may be infinite.
        presolve : bool
            Whether the solver may presolve. If False, an infeasible LP should end with a `ray`.
        iterations : int
            Limit on simplex iterations. `relaxation.UNLIMITED` (2^31 - 1) stands for no limit.
        """
        ...

    def run(self) -> object:
        """Solve the LP under the present cost, bounds and options, from the basis if there is one.

        The method is called in a worker thread and should release the GIL, so that the caller can watch the
        clock. Its result is ignored. An exception counts as a numerical failure, after which the
        relaxation discards the solver and creates another one.
        """
        ...

    def cancel(self) -> None:
        """Make the `run` that is at work in another thread end as soon as it can; return at once.

        A run that does not end within `worker.GRACE_SECONDS` is left behind with its solver, and the
        relaxation makes a new one.
        """
        ...

    def status(self) -> LpStatus | None:
        """Return how the last run ended.

        Returns
        -------
        LpStatus or None
            OPTIMAL, INFEASIBLE, UNBOUNDED, TIME_LIMIT or ITERATION_LIMIT, and FAILED for any other ending,
            which makes the relaxation try the other simplex from scratch. None means infeasible or unbounded,
            not known which. The relaxation then decides by an LP with cost zero, as it does for INFEASIBLE
            without a `ray`. It trusts UNBOUNDED, so a solver that does not know the LP to be feasible returns
            None instead.
        """
        ...

    def iterations(self) -> int:
        """Return the number of simplex iterations of the last run, also if it was cancelled."""
        ...

    def point(self) -> Vector:
        """Return the primal solution (n,) of the last run, NaN if there is none.

        The method is called after OPTIMAL, where NaN counts as a numerical failure, and after
        ITERATION_LIMIT, where the point is used only if it satisfies the rows. The relaxation clips it to the
        bounds.
        """
        ...

    def reduced_costs(self) -> Vector:
        """Return the reduced costs (n,) of the last run, which ended with an optimum.

        In a minimum they are >= 0 on columns at their lower bound, <= 0 at the upper bound, and 0 on basic
        columns.
        """
        ...

    def duals(self) -> Vector:
        """Return the multipliers y (m,) of the model's rows in the last run, which ended with an optimum.

        In a minimum they are >= 0 on rows at their lower side and <= 0 at the upper side, and c - A'y are the
        reduced costs. The multiplier of a cutoff row is left out.
        """
        ...

    def ray(self) -> Vector | None:
        """Return a dual ray (m,) in the rows' own signs if the last run left one, else None.

        The ray should prove that the LP is infeasible (`verify.check.farkas` checks it). The method is called
        after INFEASIBLE, never with a cutoff row. It must not start a computation without limits.
        """
        ...


BACKENDS: Registry[Simplex] = Registry("backend", package="diffpump.backends", group="diffpump.backends")
