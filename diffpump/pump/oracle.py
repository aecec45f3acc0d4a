"""The pump's oracle x*(theta) = argmin_{x in P} theta'x: one relaxation under a run's limits, counted.

Things may stand between theta and its LP. A theta that makes the LP unbounded loses the entries that do
so (a loss on x_round gives continuous columns a cost, and theta'x may then be unbounded on P though c'x is
not). `box` bounds general integers, so that the LP's vertices reach integer points inside P. `blend` makes
the LP's cost from theta (the objective's share in it), and `iterations` cuts the simplex off inside P.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from diffpump.backends.interface import Relaxation
from diffpump.core.arrays import Mask, Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import Clock, LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpResult, LpStatus
from diffpump.core.tolerances import NOISE

Blend = Callable[[Vector], Vector]
MAX_THETA = 1e100  # beyond this a run has diverged
MAX_COST = 1e15  # costs above this are scaled down for the solvers, which read 1e20 as infinite


def _plain(theta: Vector) -> Vector:
    return theta


class Oracle:
    """LPs over P. `counters` has lp_solves, lp_iterations, unbounded and truncated (LPs cut off inside P);
    `seconds` is time in the solver.

    iterations  of the simplex that one LP under a theta may take, None for no limit
    pause       seconds that such an LP may take now if it starts from a basis (from scratch it would begin
                again); the same LP goes on from there when asked for again
    """

    def __init__(
        self,
        problem: Problem,
        relaxation: Relaxation,
        clock: Clock,
        iterations: int | None = None,
        pause: Callable[[], float] = lambda: np.inf,
    ) -> None:
        self.problem, self.relaxation, self.clock = problem, relaxation, clock
        self.iterations, self.pause = iterations, pause
        self.free: Mask = np.zeros(problem.n, dtype=np.bool_)  # columns that `box` leaves alone
        self.counters: Counter[str] = Counter(lp_solves=0, lp_iterations=0)
        self.seconds = 0.0

    def solve(self, cost: Vector, limits: LpLimits | None = None) -> LpResult:
        """One LP; `cost` (n,), limits: the clock's if not given. UsageError when theta has diverged."""
        largest = float(np.abs(cost).max(initial=0.0))
        if not largest < MAX_THETA:  # also true for NaN
            raise UsageError("theta has grown beyond all bounds: use smaller weights or a smaller eta")
        if largest > MAX_COST:
            cost = cost * (MAX_COST / largest)  # the argmin is the same
        lp = self.relaxation.solve(cost, limits or self.clock.limits())
        self.counters["lp_solves"] += 1
        self.counters["lp_iterations"] += lp.iterations
        self.seconds += lp.seconds
        return lp

    def argmin(self, theta: Vector, blend: Blend = _plain) -> tuple[Vector, LpResult]:
        """The LP under blend(theta), and theta with the entries zeroed that made it unbounded, if any.

        An LP that `iterations` cuts off outside P is solved to its end, or to the clock's.
        First the continuous columns go that are pulled towards a missing bound, then all continuous ones,
        then the integer ones pulled towards a missing bound, then everything.
        """
        lp = self._solve(theta, blend)
        if lp.status is not LpStatus.UNBOUNDED:
            return theta, lp
        self.counters["unbounded"] += 1
        problem, theta = self.problem, theta.copy()
        endless = ((theta > 0) & (problem.lb == -np.inf)) | ((theta < 0) & (problem.ub == np.inf))
        continuous = ~problem.integer
        for zeroed in (endless & continuous, continuous, endless, np.ones_like(endless)):
            if theta[zeroed].any():
                theta[zeroed] = 0.0
                lp = self._solve(theta, blend)
                if lp.status is not LpStatus.UNBOUNDED:
                    break
        return theta, lp

    def _solve(self, theta: Vector, blend: Blend) -> LpResult:
        cost, limits, before = _refreshed(blend(theta)), self.clock.limits(), None
        pause = self.pause()
        if pause < (np.inf if limits.seconds is None else limits.seconds):
            before = self.relaxation.save_basis()
        if before is not None:
            limits = replace(limits, seconds=pause)
        cut = limits if self.iterations is None else replace(limits, iterations=self.iterations)
        lp = self.solve(cost, cut)
        if before is not None and lp.status is LpStatus.TIME_LIMIT and not lp.iterations:
            self.relaxation.restore_basis(before)  # a solver that had to be cancelled has lost it
        if lp.status is LpStatus.ITERATION_LIMIT:
            if not reached(lp):
                return lp if cut is limits else self.solve(cost, limits)
            self.counters["truncated"] += 1
        return lp

    def point(self, theta: Vector, blend: Blend = _plain) -> Vector | None:
        """x*(theta), or None where that LP has no optimum."""
        lp = self.argmin(theta, blend)[1]
        return lp.x if reached(lp) else None

    def box(self, theta: Vector, x: Vector, y: Vector, rng: np.random.Generator) -> Vector:
        """integers=box: bound the general integers for the next LP; the theta it is to be solved with.

        A linear cost pulls a general integer to a far bound; here it pulls no further than the next integer:
        the smaller of the rounding y and floor(x) where theta_j > 0, the larger of y and ceil(x) where
        theta_j < 0 (x the last LP point). Against the pull the column stays free, so theta_j (x_j - target)
        is the exact distance there, x stays feasible, and vertices of the LP reach integer points inside P.
        Where theta_j is 0 (an integral value between the bounds has no side) a column at its rounding draws
        its side.
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


def reached(lp: LpResult) -> bool:
    """Whether an LP ended with a point of P, optimal or cut off on the way."""
    return lp.status is LpStatus.OPTIMAL or (
        lp.status is LpStatus.ITERATION_LIMIT and not bool(np.isnan(lp.x).any())
    )


def _refreshed(theta: Vector) -> Vector:
    """theta, scaled up to a largest entry in [1, 2) where it has faded below 1: the argmin is the same.

    The solvers' tolerances are absolute. With DP3 theta fades to 1e-5, where an LP optimal within 1e-7
    is optimal for almost any theta, and the pump loses its direction. A power of two changes no other bit.
    """
    largest = float(np.abs(theta).max(initial=0.0))
    return np.ldexp(theta, -int(np.floor(np.log2(largest)))) if 0 < largest < 1 else theta
