"""The exact check of the points, rays and bounds of a run, and the versions in the run's record."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import scipy
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.version import __version__
from diffpump.io.files import decimal_values
from diffpump.io.read import read_exact
from diffpump.io.solution_file import Values
from diffpump.outcome.claim import Certificate
from diffpump.verify.bound import Grid, objective_grid, proven_bound
from diffpump.verify.check import Proof, empty_column, exact_model, prove
from diffpump.verify.farkas import farkas, support_of
from diffpump.verify.recession import recession

if TYPE_CHECKING:
    from diffpump.core.parsed import ParsedModel


@dataclass(eq=False)
class Verifier:
    """Verifies points of one problem in exact arithmetic.

    Attributes
    ----------
    problem : Problem
        The problem, whose file is the reference if it was read from one.
    model : ParsedModel or None
        The exact model, made on first use and kept.
    known_grid : Grid or None
        The values that the optimum can have, if more is known about them than the costs say.
    proof : Proof or None
        The outcome of the last check by `__call__`, None before the first.
    certificate : Certificate or None
        The last one that `refute`, `recedes` or `empty_column` returned.
    seconds : float
        Wall seconds of all checks so far.
    """

    proves: ClassVar[bool] = True  # whether this process proves anything

    problem: Problem
    model: ParsedModel | None = None
    known_grid: Grid | None = None
    proof: Proof | None = None
    certificate: Certificate | None = None
    seconds: float = 0.0

    def __call__(self, x: Vector) -> bool:
        """Return whether x (n,) is a solution, and keep the outcome in `proof`."""
        with self._timed():
            self.proof = self.prove(self.values(x))
        return self.proof.accepted

    def prove(self, values: Values) -> Proof:
        """Return the outcome of the exact check of values by column name.

        Parameters
        ----------
        values : mapping of str to Fraction, int or str
            Rationals or decimal texts; an absent column is 0 (see `io.solution.prove_solution`).
        """
        return prove(
            self._exact(), values, "model as given" if self.problem.source is None else "original file"
        )

    def refute(self, ray: Vector) -> Certificate | None:
        """Return the certificate that a dual ray (m,) gives if it proves that the model is infeasible."""
        with self._timed():
            model = self._exact()
            if not farkas(model, ray):
                return None
            return self._certify("dual ray", named(ray, model.row_names, support_of(model, ray)))

    def recedes(self, ray: Vector) -> Certificate | None:
        """Return the certificate that a primal ray (n,) gives if the LP relaxation is unbounded along it."""
        with self._timed():
            model = self._exact()
            found = recession(model, ray)
            if found is None:
                return None
            direction = found.astype(np.float64)
            return self._certify("primal ray", named(direction, model.col_names, np.flatnonzero(direction)))

    def bound(self, duals: Vector) -> Fraction | None:
        """Return a bound on the objective in the model's own sense, proven by row multipliers, or None.

        Parameters
        ----------
        duals : (m,) float64
            The multipliers of the minimisation, as a solver returned them.
        """
        with self._timed():
            bound = proven_bound(self._exact(), duals)
            return bound if bound is None or self.grid is None else self.grid.tighten(bound)

    @cached_property
    def grid(self) -> Grid | None:
        """The values of the optimum: the known ones, or those of the costs if their columns are integer."""
        return self.known_grid or objective_grid(self._exact())

    def empty_column(self) -> Certificate | None:
        """Return the certificate of an integer column whose bounds no integer satisfies within 1e-6.

        The exact model is asked only if the floats of the problem have such a column.
        """
        least, greatest = self.problem.integer_range
        if not (least > greatest).any():
            return None
        with self._timed():
            name = empty_column(self._exact())
            return None if name is None else self._certify("integer column", {name: 1.0})

    def _certify(self, kind: str, entries: dict[str, float]) -> Certificate:
        """Return a certificate, and keep it."""
        self.certificate = Certificate(kind, entries)
        return self.certificate

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Add the seconds of the block to `seconds`."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - start

    def _exact(self) -> ParsedModel:
        if self.model is None:
            source = self.problem.source
            self.model = exact_model(self.problem) if source is None else read_exact(source)
        return self.model

    def values(self, x: Vector) -> dict[str, str]:
        """Return the nonzero values of x (n,) by column name, as the decimal texts of a solution file."""
        return decimal_values(self.problem.col_names, x)


def named(values: Vector, names: list[str], at: NDArray[np.intp]) -> dict[str, float]:
    """Return the entries at these positions by name, the largest first."""
    order = at[np.argsort(-np.abs(values[at]), kind="stable")]
    return {names[i]: float(values[i]) for i in order.tolist()}


def versions(backend: dict[str, str]) -> dict[str, str]:
    """Return the versions for a record: of diffpump, Python, NumPy, SciPy and the LP solver.

    Parameters
    ----------
    backend : dict of str to str
        The versions of the LP solver by name.
    """
    libraries = {"numpy": np.__version__, "scipy": scipy.__version__}
    return {"diffpump": __version__, "python": platform.python_version(), **libraries, **backend}
