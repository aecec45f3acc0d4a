"""The pump's oracle x*(theta) = argmin_{x in P} theta'x, which solves and counts LPs on one relaxation.

The LP that is solved may differ from this argmin in five ways:

* If theta makes the LP unbounded, the entries that do so are set to 0. A loss on x_round gives continuous
  columns a cost, and theta'x may then be unbounded on P although c'x is not.
* `Oracle.box` bounds general integers, so that the LP's vertices reach integer points inside P.
* With integers=aux, general integers cost |theta_j| |x_j - y_j| instead of theta_j x_j, with the targets y of
  `Oracle.distance`.
* A function `blend` makes the LP's cost from theta by adding the objective's share.
* A limit on simplex iterations ends the LP at a point of P that need not be optimal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from diffpump.backends.distance import DistanceRelaxation
from diffpump.backends.interface import Relaxation
from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus
from diffpump.core.tolerances import NOISE

Blend = Callable[[Vector], Vector]
MAX_THETA = 1e100  # largest |cost| of a run that has not diverged
MAX_COST = 1e15  # larger |costs| are scaled down to this for the solvers, which read 1e20 as infinite


def _unblended(theta: Vector) -> Vector:
    return theta


class Oracle:
    """Solves LPs over P and counts them.

    Parameters
    ----------
    problem : Problem
        The model.
    relaxation : Relaxation
        Its LP relaxation.
    run_limits : RunLimits
        The limits of the run.
    iterations : int, optional
        Simplex iterations that one LP under a theta may take. By default there is no limit.
    pause : callable
        Returns the seconds that the next LP under a theta may take if it starts from a basis. Solved again,
        the same LP continues from the basis that it has reached. An LP without a basis would start from
        scratch each time, so it has no such limit. By default there is none.
    integers : {"box", "aux", "periodic"}
        The treatment of general integers (see `Config`). "aux" needs a `DistanceRelaxation` of this problem.

    Attributes
    ----------
    integers : {"box", "aux", "periodic"}
        The treatment; "periodic" for a model without general integers, where all three are the same.
    free : (n,) bool
        The columns that `box` and `distance` leave alone.
    counters : Counter of str
        lp_solves, lp_iterations, unbounded (cost vectors that made the LP unbounded) and truncated (LPs that
        `iterations` ended at a point of P).
    seconds : float
        Wall seconds in the solver so far.

    Raises
    ------
    UsageError
        If integers="aux" and the relaxation has no distances.
    """

    def __init__(
        self,
        problem: Problem,
        relaxation: Relaxation,
        run_limits: RunLimits,
        iterations: int | None = None,
        pause: Callable[[], float] = lambda: np.inf,
        integers: str = "periodic",
    ) -> None:
        self.problem, self.relaxation, self.run_limits = problem, relaxation, run_limits
        self.iterations, self.pause = iterations, pause
        self.integers = integers if problem.general.any() else "periodic"
        self._distances: DistanceRelaxation | None = None
        if self.integers == "aux":
            if not isinstance(relaxation, DistanceRelaxation):
                raise UsageError("integers=aux needs a relaxation with distances: see pump.relaxation_for")
            self._distances = relaxation
        self.free: Mask = np.zeros(problem.n, dtype=np.bool_)
        self.counters: Counter[str] = Counter(lp_solves=0, lp_iterations=0)
        self.seconds = 0.0

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """Return `relaxation.solve(cost, limits)`, by default within what is left of the run.

        Raises
        ------
        UsageError
            If theta has diverged.
        """
        largest = float(np.abs(cost).max(initial=0.0))
        if not largest < MAX_THETA:  # true for NaN as well
            raise UsageError("theta has grown beyond all bounds: use smaller weights or a smaller eta")
        if largest > MAX_COST:
            cost = cost * (MAX_COST / largest)  # the argmin is the same
        lp = self.relaxation.solve(cost, limits or self.run_limits.for_lp())
        self.counters["lp_solves"] += 1
        self.counters["lp_iterations"] += lp.iterations
        self.seconds += lp.seconds
        return lp

    def argmin(self, theta: Vector, blend: Blend = _unblended) -> tuple[Vector, LpResult]:
        """Solve the LP under blend(theta).

        If the LP is unbounded, entries of theta are set to 0 until it is not: those of continuous columns
        that are pulled towards a missing bound, then those of all continuous columns, then those of integer
        columns that are pulled towards a missing bound, then all. An LP that reaches the limit on simplex
        iterations without a point of P is solved again without that limit.

        Parameters
        ----------
        theta : (n,) float64
            The cost before the objective's share is added.
        blend : callable
            Makes the LP's cost from theta, by default theta itself. With integers=aux both have the weights
            of the k distances behind their n entries.

        Returns
        -------
        theta : (n,) float64
            Theta as the LP took it.
        lp : LpResult
            The result.
        """
        lp = self._solve_under(theta, blend)
        if lp.status is not LpStatus.UNBOUNDED:
            return theta, lp
        self.counters["unbounded"] += 1
        problem, theta = self.problem, theta.copy()
        unbounded = ((theta > 0) & (problem.lb == -np.inf)) | ((theta < 0) & (problem.ub == np.inf))
        continuous = ~problem.integer
        for zeroed in (unbounded & continuous, continuous, unbounded, np.ones_like(unbounded)):
            if theta[zeroed].any():
                theta[zeroed] = 0.0
                lp = self._solve_under(theta, blend)
                if lp.status is not LpStatus.UNBOUNDED:
                    break
        return theta, lp

    def _solve_under(self, theta: Vector, blend: Blend) -> LpResult:
        cost, limits, basis = _scaled_up(blend(self._folded(theta))), self.run_limits.for_lp(), None
        pause = self.pause()
        if pause < (np.inf if limits.seconds is None else limits.seconds):
            basis = self.relaxation.save_basis()
        if basis is not None:
            limits = replace(limits, seconds=pause)
        truncating = limits if self.iterations is None else replace(limits, iterations=self.iterations)
        lp = self.solve(cost, truncating)
        if basis is not None and lp.status is LpStatus.TIME_LIMIT and not lp.iterations:
            self.relaxation.restore_basis(basis)  # a solver that had to be cancelled has lost it
        if lp.status is LpStatus.ITERATION_LIMIT:
            if not has_point(lp):
                return lp if truncating is limits else self.solve(cost, limits)
            self.counters["truncated"] += 1
        return lp

    def point(self, theta: Vector, blend: Blend = _unblended) -> Vector | None:
        """Return x*(theta) (n,), or None if the LP gives no point of P."""
        lp = self.argmin(theta, blend)[1]
        return lp.x if has_point(lp) else None

    def box(self, theta: Vector, x: Vector, y: Vector, rng: np.random.Generator) -> Vector:
        """Bound the general integers of the next LP (integers=box).

        A linear cost pulls a general integer to a bound that may be far away. The box stops the pull at the
        next integer: at min(y_j, floor(x_j)) where theta_j >= 0, at max(y_j, ceil(x_j)) where theta_j <= 0.
        The bound on the other side stays as it is. So theta_j (x_j - target) is the exact distance to the
        target, x stays feasible, and vertices of the LP reach integer points inside P.

        If theta_j = 0 and x_j = y_j, theta_j becomes the sign that holds the column at its bound, or a random
        sign between the bounds, where an integral value has no side.

        Parameters
        ----------
        theta : (n,) float64
            The cost of the next LP.
        x : (n,) float64
            The last LP point.
        y : (n,) float64
            Its rounding.
        rng : numpy.random.Generator
            For the random signs.

        Returns
        -------
        (n,) float64
            The theta with which to solve the next LP.
        """
        problem = self.problem
        j = np.flatnonzero(problem.general & ~self.free)
        y, theta = y[j], theta.copy()
        x = np.where(np.abs(x[j] - y) <= NOISE, y, x[j])
        drawn = rng.choice([-1.0, 1.0], size=j.size)
        side = np.where(y <= problem.lb[j], 1.0, np.where(y >= problem.ub[j], -1.0, drawn))
        theta[j] = np.where((theta[j] == 0) & (x == y), side, theta[j])
        lb, ub = problem.lb.copy(), problem.ub.copy()
        lb[j] = np.where(theta[j] >= 0, np.maximum(lb[j], np.minimum(y, np.floor(x))), lb[j])
        ub[j] = np.where(theta[j] <= 0, np.minimum(ub[j], np.maximum(y, np.ceil(x))), ub[j])
        self.relaxation.set_bounds(lb, ub)
        return theta

    def distance(self, theta: Vector, x: Vector, y: Vector) -> Vector:
        """Aim the general integers of the next LPs at y (integers=aux).

        The LPs that follow minimise |theta_j| |x_j - y_j| for a general integer: the sign of theta_j is
        irrelevant, and x_j may lie on both sides of y_j. Binaries need no distance, which is linear on them.

        If theta_j = 0 and x_j = y_j, theta_j becomes 1, which holds the column at its target. Such a value
        between the bounds has no side, so that order 1 gives it theta_j = 0, although its distance counts.

        Parameters
        ----------
        theta, x, y : (n,) float64
            As for `box`.

        Returns
        -------
        (n,) float64
            The theta with which to solve the next LP.
        """
        assert self._distances is not None
        j, theta = self._distances.columns, theta.copy()
        self._distances.set_targets(y[j], x)
        unheld = (theta[j] == 0) & (np.abs(x[j] - y[j]) <= NOISE) & ~self.free[j]
        theta[j[unheld]] = 1.0
        return theta

    @property
    def distances(self) -> int:
        """The number k of distances in the LP: that of the general integers with integers=aux, else 0."""
        return 0 if self._distances is None else self._distances.columns.size

    def lifted(self, x: Vector) -> Vector:
        """Return a point (n,) with its distances to the targets behind it, (n + k,)."""
        if self._distances is None:
            return x
        return np.append(x, np.abs(x[self._distances.columns] - self._distances.targets))

    def _folded(self, theta: Vector) -> Vector:
        """Return theta (n,) with |theta_j| of the general integers moved to their distances, (n + k,)."""
        if self._distances is None:
            return theta
        j = self._distances.columns
        cost = np.append(theta, np.abs(theta[j]))
        cost[j] = 0.0
        return cost


def has_point(lp: LpResult) -> bool:
    """Return whether an LP ended with a point of P, be it optimal or not."""
    return lp.status is LpStatus.OPTIMAL or (
        lp.status is LpStatus.ITERATION_LIMIT and not bool(np.isnan(lp.x).any())
    )


def _scaled_up(cost: Vector) -> Vector:
    """Return the cost, multiplied by a power of two if its largest |entry| is below 1, to bring it to [1, 2).

    The argmin stays the same. The solvers' tolerances are absolute: with DP3 theta fades to 1e-5, where a
    point that is optimal within 1e-7 is so for almost any theta, and the pump loses its direction. A power of
    two changes the exponents and no other bit.
    """
    largest = float(np.abs(cost).max(initial=0.0))
    return np.ldexp(cost, -int(np.floor(np.log2(largest)))) if 0 < largest < 1 else cost
