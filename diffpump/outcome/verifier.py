"""The exact check of a run's points, on one exact model; and the versions in its record."""

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
from diffpump.io.read import read_exact
from diffpump.io.solution import Values
from diffpump.verify.check import Proof, exact_model, farkas, prove

if TYPE_CHECKING:
    from diffpump.core.parsed import ParsedModel


@dataclass(eq=False)
class Verifier:
    """Exact verification of points on one problem; the exact model is made on first use and kept."""

    problem: Problem
    model: ParsedModel | None = None
    proof: Proof | None = None
    seconds: float = 0.0

    def __call__(self, x: Vector) -> bool:
        """Prove x; the outcome stays in `proof`."""
        start = time.monotonic()
        self.proof = self.prove(self.values(x))
        self.seconds += time.monotonic() - start
        return self.proof.accepted

    def prove(self, values: Values) -> Proof:
        """Prove a point given by column name, as `io.solution.prove_solution` does, on the model kept."""
        return prove(
            self._exact(), values, "model as given" if self.problem.source is None else "original file"
        )

    def refute(self, ray: Vector) -> bool:
        """Whether a dual ray proves that the LP relaxation, and so the model, has no solution."""
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
        """The nonzero values by column name, as the decimal texts that a solution file holds."""
        return {name: repr(v) for name, v in zip(self.problem.col_names, x.tolist(), strict=True) if v}


def versions(backend: dict[str, str]) -> dict[str, str]:
    """The versions that a record carries: ours, Python's, the libraries' and the LP solver's."""
    libraries = {"numpy": np.__version__, "scipy": scipy.__version__}
    return {"diffpump": __version__, "python": platform.python_version(), **libraries, **backend}
