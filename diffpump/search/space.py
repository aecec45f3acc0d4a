"""Where arms work, the model as it is or presolved, and what they leave there for each other."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL

if TYPE_CHECKING:
    from diffpump.backends.interface import Basis
    from diffpump.kernels.model import Model
    from diffpump.search.relaxing import Relaxed

KEPT = 8  # near points of a space


@dataclass(frozen=True, eq=False)
class Near:
    """An integral point (n,) that violates some rows of its space."""

    x: Vector
    violated: int
    arm: str


@dataclass(eq=False)
class Space:
    """A model, `lift`, which carries its points, (n,), to the original columns, and `shift`, by which the
    original c'x differs from the model's. `drop` is the way back: what presolve decided against drops to a
    point that is no solution.

    root     the LP relaxation's optimum under the model's cost, (n,), or a point near it, once there is one
    basis    its basis, for `Relaxation.restore_basis`; None where it is no basic solution
    reduced  its reduced costs, (n,), None if they are not known
    bound    c'x of the LP relaxation's optimum, None if it is not known
    near     the points with the fewest violated rows so far
    weights  row weights, (m,), that say how hard rows are to satisfy; mean 1
    """

    problem: Problem
    lift: Callable[[Vector], Vector] = lambda x: x
    shift: float = 0.0
    drop: Callable[[Vector], Vector] = lambda x: x
    root: Vector | None = None
    basis: Basis | None = None
    reduced: Vector | None = None
    bound: float | None = None
    near: list[Near] = field(default_factory=list)
    weights: Vector | None = None

    @cached_property
    def model(self) -> Model:
        """The problem as kernels take it; whoever changes bounds or sides changes a copy."""
        from diffpump.kernels.model import model

        return model(self.problem)

    def into(self, x: Vector) -> Vector:
        """An original point on the model's columns, integers whole, within bounds."""
        problem, inner = self.problem, self.drop(x)
        return np.clip(np.where(problem.integer, np.rint(inner), inner), problem.lb, problem.ub)

    def within(self, lb: Vector, ub: Vector) -> Space | None:
        """The space within bounds (n,), without the columns that these fix, which leave their share in the
        rows' sides, and without the rows that have no others; None where bounds or such a row cannot hold.

        On a large model that is what makes a small part cheap: HiGHS would look at every fixed column.
        """
        if (lb > ub).any():
            return None
        problem, free = self.problem, np.flatnonzero(lb != ub)
        fixed = np.where(lb == ub, lb, 0.0)
        activity = problem.A @ fixed
        lo, hi = problem.row_lo - activity, problem.row_hi - activity
        A = problem.csc[:, free].tocsr()
        kept = np.diff(A.indptr) > 0
        if (lo[~kept] > FEASIBILITY_TOL).any() or (hi[~kept] < -FEASIBILITY_TOL).any():
            return None
        rows = np.flatnonzero(kept)

        def lift(y: Vector) -> Vector:
            x = fixed.copy()
            x[free] = y
            return self.lift(x)

        part = Problem(
            problem.name, problem.c[free], 0.0, problem.maximise, A[rows], lo[rows], hi[rows], lb[free],
            ub[free], problem.integer[free], [""] * free.size, [""] * rows.size,
        )  # fmt: skip
        shift = self.shift + float(problem.c @ fixed)
        return Space(part, lift, shift, lambda x: self.drop(x)[free])

    def relaxed(self, found: Relaxed) -> None:
        """Keep what solving the LP relaxation came to, if it came to a point."""
        if found.x is None:
            return
        self.root, self.basis, self.reduced = found.x, found.basis, found.reduced
        if found.status is LpStatus.OPTIMAL:
            self.bound = float(self.problem.c @ found.x)

    def note(self, x: Vector, violated: int, arm: str) -> None:
        """Keep a near point, if it is one of the nearest; one for each (arm, number of violated rows)."""
        if any(near.arm == arm and near.violated <= violated for near in self.near[:KEPT]):
            return
        self.near[:] = [near for near in self.near if near.arm != arm]
        insort(self.near, Near(x.copy(), violated, arm), key=lambda near: near.violated)
        del self.near[KEPT:]

    def weigh(self, weights: Vector) -> None:
        """Keep row weights, (m,) or with the objective's (m + 1,), positive."""
        own = weights[: self.problem.m]
        if own.size:
            self.weights = own / max(float(np.mean(own)), np.finfo(float).tiny)


@dataclass(eq=False)
class Spaces:
    """`raw`, the original model, and `work`, the presolved one once there is one; `refuted`: the LP
    relaxation has been proven infeasible."""

    raw: Space
    work: Space
    refuted: bool = False

    def root(self) -> Vector | None:
        """The root LP's point on the original columns, (n,)."""
        if self.raw.root is None and self.work.root is not None:
            self.raw.root = self.work.lift(self.work.root)
        return self.raw.root

    @property
    def bound(self) -> float | None:
        """A lower bound on c'x of the original columns: the LP relaxation's value."""
        bounds = [space.bound + space.shift for space in (self.raw, self.work) if space.bound is not None]
        return max(bounds, default=None)
