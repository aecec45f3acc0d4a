"""Roundings x_lp -> x_round: a hard forward pass and a differentiable backward pass.

One tie rule, everywhere: the nearest integer, one half rounds DOWN (`nearest`). A rounding has two
verbs on (n,) float64 vectors: `forward(x)` and `vjp(x, g)`, the gradient g at x_round carried back to
x_lp (straight-through: the derivative of a smoothed rounding at x). Source: the paper (arXiv
2411.03535), section 4.3.
"""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np

from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Registry
from diffpump.core.tolerances import INTEGRAL_TOL

INV_SQRT_2PI = 0.3989422804014327


def nearest(x: Vector) -> Vector:
    """The nearest integer, ties down: 0.5 -> 0, 1.5 -> 1 (the authors' rule on binaries)."""
    y: Vector = np.ceil(x - 0.5) + 0.0  # + 0.0 turns -0.0 into 0.0, in files and in hashes
    return y


class Rounding(Protocol):
    """A rounding of the integer columns; continuous columns pass through unchanged."""

    def forward(self, x: Vector) -> Vector:
        """x_round: integer columns integral and inside their bounds."""
        ...

    def vjp(self, x: Vector, g: Vector) -> Vector:
        """The gradient at x_round carried to x_lp."""
        ...


ROUNDINGS: Registry[Rounding] = Registry("rounding")


@ROUNDINGS.register("nearest")
class Nearest:
    """Nearest integer; the backward pass is the identity (plain straight-through)."""

    def __init__(self, problem: Problem) -> None:
        self.integer = problem.integers
        self.lo, self.hi = problem.integer_range

    def forward(self, x: Vector) -> Vector:
        y = x.copy()
        y[self.integer] = np.clip(nearest(x[self.integer]), self.lo, self.hi)
        return y

    def vjp(self, x: Vector, g: Vector) -> Vector:
        return g


@ROUNDINGS.register("gaussian")
class Gaussian(Nearest):
    """Nearest integer forward; backward the soft rounding's slope (paper, section 4.3).

    y~(x) = E[argmax_{y in {0,1}} y (x - 1/2 + sigma Z)] = Phi((x - 1/2)/sigma), so
    dy~/dx = phi((x - 1/2)/sigma)/sigma, on general integers with the fractional part in place of x.
    `sigma` -> 0 is a Dirac at 1/2, `sigma` -> infinity a constant. `continuous="identity"` uses the
    right factor 1 on continuous columns; "quirk" applies the same slope there, as the authors' code
    does although the forward pass is the identity.
    """

    def __init__(
        self, problem: Problem, sigma: float = 0.15, continuous: Literal["identity", "quirk"] = "identity"
    ) -> None:
        super().__init__(problem)
        if not sigma > 0:
            raise UsageError(f"rounding '{type(self).__name__.lower()}': sigma must be positive, got {sigma}")
        if continuous not in ("identity", "quirk"):
            raise UsageError(f"rounding 'gaussian': continuous is identity or quirk, got '{continuous}'")
        self.sigma = sigma
        self.quirk = np.flatnonzero(~problem.integer) if continuous == "quirk" else None

    def vjp(self, x: Vector, g: Vector) -> Vector:
        out = g.copy()
        z = x[self.integer]
        out[self.integer] *= self._slope(z - np.floor(z))
        if self.quirk is not None:
            out[self.quirk] *= self._slope(x[self.quirk])
        return out

    def _slope(self, x: Vector) -> Vector:
        z = (x - 0.5) / self.sigma
        slope: Vector = np.exp(-0.5 * z * z) * (INV_SQRT_2PI / self.sigma)
        return slope


class Safe:
    """Another rounding, but integer columns that no row locks one way go that way: up where no finite side of
    a row could be violated by it, else down; where both are safe, as the cost wishes.

    `columns` are these columns. The other rounding's value stays where it is further on the safe side.
    Backward they are constants: no loss has a reason to move them.
    """

    def __init__(self, problem: Problem, rounding: Rounding) -> None:
        self.rounding = rounding
        up, down = (mask[problem.integers] for mask in safe_directions(problem))
        both, cheaper_up = up & down, problem.c[problem.integers] < 0
        self.up, self.down = (
            np.flatnonzero(up & ~(both & ~cheaper_up)),
            np.flatnonzero(down & ~(both & cheaper_up)),
        )
        self.integers = problem.integers
        self.lo, self.hi = problem.integer_range
        self.columns = np.sort(self.integers[np.concatenate([self.up, self.down])])

    def forward(self, x: Vector) -> Vector:
        y = self.rounding.forward(x)
        up, down = self.integers[self.up], self.integers[self.down]
        y[up] = np.maximum(y[up], np.minimum(np.ceil(x[up] - INTEGRAL_TOL), self.hi[self.up]) + 0.0)
        y[down] = np.minimum(y[down], np.maximum(np.floor(x[down] + INTEGRAL_TOL), self.lo[self.down]))
        return y

    def vjp(self, x: Vector, g: Vector) -> Vector:
        out = self.rounding.vjp(x, g).copy()
        out[self.columns] = 0.0
        return out


def safe_directions(problem: Problem) -> tuple[Mask, Mask]:
    """(up, down), (n,): whether a column may rise, or fall, without violating a row that holds (no locks)."""
    rows = np.repeat(np.arange(problem.m), np.diff(problem.A.indptr))
    positive, j = problem.A.data > 0, problem.A.indices
    hi, lo = np.isfinite(problem.row_hi)[rows], np.isfinite(problem.row_lo)[rows]
    up_locked, down_locked = np.where(positive, hi, lo), np.where(positive, lo, hi)
    return (
        np.bincount(j[up_locked], minlength=problem.n) == 0,
        np.bincount(j[down_locked], minlength=problem.n) == 0,
    )


@ROUNDINGS.register("propagation")
class Propagation(Gaussian):
    """Fix and propagate forward: nearest integers, those nearest to one first, with the rows propagated after
    each and `backtracks` second thoughts (`kernels.fixing`; Fischetti, Salvagnin 2009). Backward the Gaussian
    slope on the columns that were rounded, 0 on those that propagation or backtracking fixed: a gradient sees
    only what propagation could not mend. A point that is integral already is its own rounding.
    """

    def __init__(self, problem: Problem, sigma: float = 0.15, backtracks: int = 20) -> None:
        from diffpump.kernels.fixing import rounder  # here: numba takes a while to import

        super().__init__(problem, sigma)
        if backtracks < 0:
            raise UsageError(f"rounding 'propagation': backtracks must not be negative, got {backtracks}")
        self._round = rounder(problem, backtracks)
        self._at: tuple[Vector, Vector, Vector] | None = None  # the last x, its rounding, 1 where decided

    def forward(self, x: Vector) -> Vector:
        return self._rounded(x)[0].copy()

    def vjp(self, x: Vector, g: Vector) -> Vector:
        out = super().vjp(x, g)
        out[self.integer] *= self._rounded(x)[1]
        return out

    def _rounded(self, x: Vector) -> tuple[Vector, Vector]:
        """x_round (n,), and 1 or 0 for every integer column."""
        if self._at is None or not np.array_equal(self._at[0], x):
            y, decided = super().forward(x), np.ones(self.integer.size)
            if not np.array_equal(y[self.integer], x[self.integer]):
                fixed, mask = self._round(x)
                y[self.integer], decided = fixed[self.integer], mask[self.integer].astype(np.float64)
            self._at = x.copy(), y, decided
        return self._at[1:]
