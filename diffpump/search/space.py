"""The spaces that arms work in, the original or the presolved model, and what they leave for each other."""

from __future__ import annotations

import hashlib
from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from diffpump.core.arrays import Mask, Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.core.tolerances import FEASIBILITY_TOL

if TYPE_CHECKING:
    from diffpump.backends.interface import Basis
    from diffpump.kernels.model import Model
    from diffpump.search.lp_process import LpOutcome

MAX_NEAR_FEASIBLE = 8  # near-feasible points that a space keeps


@dataclass(frozen=True, eq=False)
class NearFeasiblePoint:
    """An integral point that violates some rows of its space.

    Attributes
    ----------
    x : (n,) float64
        The point.
    violated : int
        The number of rows that it violates.
    arm : str
        The name of the arm that found it.
    """

    x: Vector
    violated: int
    arm: str


@dataclass(frozen=True, eq=False)
class Findings:
    """What is known about a space's model, as processes of a parallel search exchange it.

    Attributes
    ----------
    process : int
        The number of the process that knows it.
    key : str
        The `Space.key` of the model.
    root, basis, reduced, bound, root_iterations, row_weights
        As of `Space`.
    near_feasible : tuple of NearFeasiblePoint
        The best of those of `Space`, if any: more of them would make the message large.
    """

    process: int
    key: str
    root: Vector | None
    basis: Basis | None
    reduced: Vector | None
    bound: float | None
    root_iterations: int
    near_feasible: tuple[NearFeasiblePoint, ...]
    row_weights: Vector | None


@dataclass(eq=False)
class Space:
    """A model to search in, with the way to the original columns and back.

    Attributes
    ----------
    problem : Problem
        The model.
    to_original : callable
        Carries a point (n,) of the model to the original columns.
    shift : float
        The original c'x minus the model's c'x.
    to_presolved : callable
        Carries an original point to the model. Points that presolve cut off map to infeasible ones.
    root : (n,) float64 or None
        The optimum of the LP relaxation, or a point near it. None as long as there is none.
    basis : Basis or None
        Its basis, for `Relaxation.restore_basis`. None where the point is not a basic solution.
    reduced : (n,) float64 or None
        Its reduced costs, None where they are not known.
    bound : float or None
        c'x of the LP relaxation's optimum as the solver reports it, None where it is not known.
    root_iterations : int
        The simplex iterations of that LP.
    near_feasible : list of NearFeasiblePoint
        The points with the fewest violated rows so far, at most `MAX_NEAR_FEASIBLE`, the fewest first.
    row_weights : (m,) float64 or None
        Weights with mean 1, larger for rows that are harder to satisfy. None if nothing is known.
    """

    problem: Problem
    to_original: Callable[[Vector], Vector] = lambda x: x
    shift: float = 0.0
    to_presolved: Callable[[Vector], Vector] = lambda x: x
    root: Vector | None = None
    basis: Basis | None = None
    reduced: Vector | None = None
    bound: float | None = None
    root_iterations: int = 0
    near_feasible: list[NearFeasiblePoint] = field(default_factory=list)
    row_weights: Vector | None = None

    @cached_property
    def model(self) -> Model:
        """The problem as the kernels take it; a caller that changes bounds or sides must copy it first."""
        from diffpump.kernels.model import model

        return model(self.problem)

    @cached_property
    def key(self) -> str:
        """A hash of the model's numbers, the same in every process that has the same model."""
        p = self.problem
        digest = hashlib.blake2b(digest_size=16)
        arrays = (p.c, p.lb, p.ub, p.row_lo, p.row_hi, p.integer, p.A.indptr, p.A.indices, p.A.data)
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def project(self, x: Vector) -> Vector:
        """Return an original point on the model's columns, integers rounded, clipped to the bounds."""
        problem, inner = self.problem, self.to_presolved(x)
        return np.clip(np.where(problem.integer, np.rint(inner), inner), problem.lb, problem.ub)

    def restrict(self, lb: Vector, ub: Vector) -> Space | None:
        """Return the space within narrower bounds.

        The columns that these bounds fix are left out, their part of each row goes into its sides, and rows
        without other columns are left out too. This makes a small part of a large model cheap: HiGHS would
        look at every fixed column.

        Parameters
        ----------
        lb, ub : (n,) float64
            The bounds.

        Returns
        -------
        Space or None
            None where the bounds or a row without other columns cannot hold.
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

        def to_original(y: Vector) -> Vector:
            x = fixed.copy()
            x[free] = y
            return self.to_original(x)

        part = Problem(
            problem.name, problem.c[free], 0.0, problem.maximise, A[rows], lo[rows], hi[rows], lb[free],
            ub[free], problem.integer[free], [""] * free.size, [""] * rows.size,
        )  # fmt: skip
        shift = self.shift + float(problem.c @ fixed)
        return Space(part, to_original, shift, lambda x: self.to_presolved(x)[free])

    def with_fixed(self, fixed: Mask, value: Vector) -> Space | None:
        """Return the space with some columns (n,) fixed at values (n,), or None as `restrict` does."""
        lb, ub = (np.where(fixed, value, bound) for bound in (self.problem.lb, self.problem.ub))
        return self.restrict(lb, ub)

    def keep_root(self, found: LpOutcome) -> None:
        """Keep the outcome of the LP relaxation if it has a point."""
        if found.x is None:
            return
        self.root, self.basis, self.reduced = found.x, found.basis, found.reduced
        self.root_iterations = found.iterations
        if found.status is LpStatus.OPTIMAL:
            self.bound = float(self.problem.c @ found.x)

    def keep_near_feasible(self, x: Vector, violated: int, arm: str) -> None:
        """Keep an integral point if it is an arm's best and among the best of all.

        Parameters
        ----------
        x : (n,) float64
            The point, of which a copy is kept.
        violated : int
            The number of rows that it violates.
        arm : str
            The name of the arm that found it.
        """
        if any(near.arm == arm and near.violated <= violated for near in self.near_feasible):
            return
        self.near_feasible[:] = [near for near in self.near_feasible if near.arm != arm]
        insort(self.near_feasible, NearFeasiblePoint(x.copy(), violated, arm), key=lambda near: near.violated)
        del self.near_feasible[MAX_NEAR_FEASIBLE:]

    def keep_row_weights(self, weights: Vector) -> None:
        """Keep row weights, scaled to mean 1.

        Parameters
        ----------
        weights : (m,) or (m + 1,) float64
            Positive weights. The last of m + 1 is the objective row's, which is left out.
        """
        own = weights[: self.problem.m]
        if own.size:
            self.row_weights = own / max(float(np.mean(own)), np.finfo(float).tiny)

    def findings(self, process: int) -> Findings:
        """Return what is known about the model in the process with a number, for the other processes."""
        return Findings(
            process, self.key, self.root, self.basis, self.reduced, self.bound, self.root_iterations,
            tuple(self.near_feasible[:1]), self.row_weights,
        )  # fmt: skip

    def adopt(self, found: Findings) -> None:
        """Take what another process has found out: what is missing here, and a better near-feasible point.

        Parameters
        ----------
        found : Findings
            What another process knows about the same model.
        """
        if self.root is None:
            self.root, self.basis, self.reduced = found.root, found.basis, found.reduced
            self.bound, self.root_iterations = found.bound, found.root_iterations
        if self.row_weights is None:
            self.row_weights = found.row_weights
        for near in found.near_feasible:
            self.keep_near_feasible(near.x, near.violated, near.arm)


@dataclass(eq=False)
class Spaces:
    """The spaces of a run.

    Attributes
    ----------
    original : Space
        The model as it was given.
    presolved : Space
        The presolved model; the original one until presolve is done.
    received : dict of int to Findings
        The latest findings of each other process that have not been adopted.
    """

    original: Space
    presolved: Space
    received: dict[int, Findings] = field(default_factory=dict)

    def adopt_received(self) -> None:
        """Let the presolved space adopt what was received about its model, once presolve is done here too."""
        for process in list(self.received):
            found = self.received.pop(process)
            if found.key == self.presolved.key:
                self.presolved.adopt(found)
            else:  # another thread may have put newer ones in their place
                self.received.setdefault(process, found)

    def root(self) -> Vector | None:
        """Return the root LP's point on the original columns (n,), or None as long as there is none."""
        if self.original.root is None and self.presolved.root is not None:
            self.original.root = self.presolved.to_original(self.presolved.root)
        return self.original.root
