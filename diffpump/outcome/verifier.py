"""The exact check of the points of a run, and the versions in the run's record."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.version import __version__
from diffpump.io.files import shortest_decimal
from diffpump.io.read import read_exact
from diffpump.io.solution import Values
from diffpump.verify.check import Proof, exact_model, farkas, prove

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
    proof : Proof or None
        The outcome of the last check by `__call__`, None before the first.
    seconds : float
        Wall seconds of the checks by `__call__` and `refute` so far.
    """

    problem: Problem
    model: ParsedModel | None = None
    proof: Proof | None = None
    seconds: float = 0.0

    def __call__(self, x: Vector) -> bool:
        """Return whether x (n,) is a solution, and keep the outcome in `proof`."""
        start = time.monotonic()
        self.proof = self.prove(self.values(x))
        self.seconds += time.monotonic() - start
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

    def refute(self, ray: Vector) -> bool:
        """Return whether a dual ray (m,) proves that the LP relaxation, and so the model, is infeasible."""
        start = time.monotonic()
        proven = farkas(self._exact(), ray)
        self.seconds += time.monotonic() - start
        return proven

    def _exact(self) -> ParsedModel:
        if self.model is None:
            source = self.problem.source
            self.model = exact_model(self.problem) if source is None else read_exact(source)
        return self.model

    def values(self, x: Vector) -> dict[str, str]:
        """Return the nonzero values of x (n,) by column name, as the decimal texts of a solution file."""
        columns = zip(self.problem.col_names, x.tolist(), strict=True)
        return {name: shortest_decimal(v) for name, v in columns if v}


def versions(backend: dict[str, str]) -> dict[str, str]:
    """Return the versions for a record: of diffpump, Python, NumPy, SciPy and the LP solver.

    Parameters
    ----------
    backend : dict of str to str
        The versions of the LP solver by name.
    """
    libraries = {"numpy": np.__version__, "scipy": scipy.__version__}
    return {"diffpump": __version__, "python": platform.python_version(), **libraries, **backend}
