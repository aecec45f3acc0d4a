"""Restarts: policies that kick a stalled pump (Fischetti, Glover, Lodi 2005).

A policy looks at the stalled pump and returns a `Kick` or None; it changes nothing itself. The pump asks its
policies in order and applies the first kick. In the presets perturbation comes before flip and so suppresses
it.

A kick moves x_round on some integer columns, and theta with it. On a binary column y <- 1 - y and
theta <- -theta. Since neither formula has a meaning for a general integer, such a column moves to another
value y', and theta takes the sign that pulls x_lp towards it, sign(x_lp - y'), with its old magnitude (1 if
theta was 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.core.tolerances import SAME_POINT_TOL


@dataclass(frozen=True, eq=False)
class StallContext:
    """The data from which a policy decides.

    Attributes
    ----------
    iteration : int
        From 1.
    theta : (n,) float64
        After the optimizer step of this iteration.
    x_lp : (n,) float64
        The LP point of this iteration.
    x_round : (n,) float64
        Its rounding, before a kick.
    previous_round : (n,) float64
        x_round of the iteration before, after its kick.
    recent : tuple of (n,) float64
        The LP points of the last two iterations before this one, the older one first.
    cycles : bool
        Whether `pump.stalls.StallDetector` has detected a cycle or stagnation.
    weights : (m,) float64 or None
        The multipliers of the rows, or None for 1 each.
    """

    iteration: int
    theta: Vector
    x_lp: Vector
    x_round: Vector
    previous_round: Vector
    recent: tuple[Vector, ...]
    cycles: bool = False
    weights: Vector | None = None


@dataclass(frozen=True, eq=False)
class Kick:
    """New values of theta and x_round on some integer columns.

    Attributes
    ----------
    kind : str
        The name of the policy, under which kicks are counted.
    columns : (k,) int
        The integer columns that move.
    theta : (k,) float64
        Their new entries of theta.
    x_round : (k,) float64
        Their new integer values.
    candidate : (n,) float64 or None
        A full point that may be a solution.
    weights : (m,) float64 or None
        New multipliers of the rows.
    """

    kind: str
    columns: NDArray[np.intp]
    theta: Vector
    x_round: Vector
    candidate: Vector | None = None
    weights: Vector | None = None


class Restart(Protocol):
    """A restart policy.

    Attributes
    ----------
    kind : str
        The name under which its kicks are counted.
    """

    kind: str

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick to apply now, or None.

        A policy that returns None has drawn nothing from `rng`, so that the next policy draws first.

        Parameters
        ----------
        at : StallContext
            The state of the pump. The policy must not change it.
        rng : numpy.random.Generator
            For random draws.
        """
        ...


RESTARTS: Registry[Restart] = Registry("restart", package="diffpump.operators", group="diffpump.restarts")


def _same_point(at: StallContext) -> bool:
    """Return whether x_lp is one of the last two LP points, within SAME_POINT_TOL on every column."""
    return any(np.abs(at.x_lp - past).max(initial=0.0) <= SAME_POINT_TOL for past in at.recent)


class _Columns:
    """The integer columns of a problem: their index, their integer ranges, and which are general integers."""

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.general = problem.general[self.index]
        self.lo, self.hi = problem.integer_range

    def moved(self, kind: str, at: StallContext, chosen: NDArray[np.intp], general_y: Vector) -> Kick:
        """Return the kick that flips binaries and moves general integers to given values.

        Parameters
        ----------
        kind : str
            The name of the policy.
        at : StallContext
            The state of the pump.
        chosen : (k,) int
            The columns that move, as positions in `index`.
        general_y : (k,) float64
            The new values of the general integers among them. They are ignored on binaries.
        """
        columns = self.index[chosen]
        general = self.general[chosen]
        theta, y = at.theta[columns], at.x_round[columns]
        new_y = np.where(general, np.clip(general_y, self.lo[chosen], self.hi[chosen]), 1.0 - y)
        magnitude = np.where(theta == 0, 1.0, np.abs(theta))
        new_theta = np.where(general, magnitude * np.sign(at.x_lp[columns] - new_y), -theta)
        return Kick(kind, columns, new_theta, new_y)


@RESTARTS.register("flip", help="move the most fractional columns when a rounding repeats")
class Flip:
    """If x_round repeats on I, moves the T ~ U{low, ..., high} integer columns of largest x (1 - x).

    On a general integer, x stands for the fractional part, and the column moves by one towards x_lp. If it is
    at x_lp, it moves up by one, or down by one at its upper bound. If all T entries of theta are 0, they are
    drawn from {-1, 0, 1} instead.

    Parameters
    ----------
    problem : Problem
        The model.
    low, high : int
        The fewest and the most columns that one kick moves, 1 <= low <= high.

    Raises
    ------
    UsageError
        Unless 1 <= low <= high.
    """

    kind = "flip"

    def __init__(self, problem: Problem, low: int = 10, high: int = 30) -> None:
        if not 1 <= low <= high:
            raise UsageError(f"restart 'flip': expected 1 <= low <= high, got {low} and {high}")
        self.columns = _Columns(problem)
        self.low, self.high = low, high

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the rounding repeats, else None (see `Restart`)."""
        columns = self.columns
        y = at.x_round[columns.index]
        if not np.array_equal(y, at.previous_round[columns.index]):
            return None
        count = min(int(rng.integers(self.low, self.high + 1)), y.size)
        x = at.x_lp[columns.index]
        fraction = np.where(columns.general, x - np.floor(x), x)
        chosen = _largest(fraction * (1 - fraction), count)
        towards_lp = np.sign(x[chosen] - y[chosen])
        up_or_down = np.where(y[chosen] < columns.hi[chosen], 1.0, -1.0)
        step = np.where(towards_lp == 0, up_or_down, towards_lp)
        kick = columns.moved(self.kind, at, chosen, y[chosen] + step)
        if chosen.size and not at.theta[kick.columns].any():
            drawn = rng.integers(-1, 2, size=chosen.size).astype(np.float64)
            kick = Kick(kick.kind, kick.columns, drawn, kick.x_round)
        return kick


def _largest(score: Vector, count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` largest scores, all >= 0, ties by position.

    Only the positive scores are sorted, which are few at a vertex.
    """
    positive = np.flatnonzero(score > 0)
    order = positive[np.argsort(-score[positive], kind="stable")][:count]
    if order.size < count:
        order = np.concatenate([order, np.flatnonzero(score <= 0)[: count - order.size]])
    return order


@RESTARTS.register("perturbation", help="move random columns when an LP point repeats")
class PerturbationKick:
    """Moves the integer columns with |x_j - y_j| + max(rho_j, 0) > 1/2, where rho_j ~ U[low, high].

    It does so if x_lp repeats one of the last two LP points, if the pump cycles (memory=all, stall=k), and in
    every iteration whose number is a multiple of `period`. A general integer gets a value drawn uniformly
    from the integers of [y - reach, y + reach] within its bounds.

    Parameters
    ----------
    problem : Problem
        The model.
    period : int
        Iterations between two kicks of a pump that does not stall, at least 1.
    low, high : float
        The range of rho, low < high.
    reach : int
        The largest step of a general integer, at least 1.

    Raises
    ------
    UsageError
        If a parameter lies outside its range.
    """

    kind = "perturbation"

    def __init__(
        self, problem: Problem, period: int = 100, low: float = -0.3, high: float = 0.7, reach: int = 3
    ) -> None:
        if period < 1 or reach < 1 or not low < high:
            raise UsageError("restart 'perturbation': expected period >= 1, reach >= 1 and low < high")
        self.columns = _Columns(problem)
        self.period, self.low, self.high, self.reach = period, low, high, reach

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the pump stalls or the period ends, else None (see `Restart`)."""
        if not (at.cycles or _same_point(at)) and at.iteration % self.period:
            return None
        columns = self.columns
        rho = rng.uniform(self.low, self.high, size=at.x_lp.size)[columns.index]
        y = at.x_round[columns.index]
        distance = np.abs(at.x_lp[columns.index] - y)
        chosen = np.flatnonzero(distance + np.maximum(rho, 0.0) > 0.5)
        drawn = y[chosen]
        general = np.flatnonzero(columns.general[chosen])
        if general.size:
            low = np.maximum(drawn[general] - self.reach, columns.lo[chosen[general]])
            high = np.minimum(drawn[general] + self.reach, columns.hi[chosen[general]])
            drawn[general] = np.floor(rng.uniform(low, high + 1))
        return columns.moved(self.kind, at, chosen, drawn)


@RESTARTS.register("search", help="local search from the rounding when the pump stalls")
class Search:
    """Replaces the rounding by the best point of a local search that starts from it.

    It does so if x_lp or x_round repeats or the pump cycles (memory=all, stall=k), unless the integer columns
    of the best point are those of the rounding. The search is `kernels.focused`, which moves continuous
    columns too. Its best point is also the kick's candidate. On every integer column theta takes the sign
    that pulls x_lp to the new value, with its old magnitude (1 if it was 0). The multipliers of the rows, if
    there are any, are the weights of the search, and the kick returns them as the search leaves them, scaled
    to mean 1. Without multipliers the search keeps its own weights from one kick to the next.

    Parameters
    ----------
    problem : Problem
        The model.
    mode : str
        The mode of `kernels.focused.search`.
    work : int
        Touched nonzeros of one search, at least 1.

    Raises
    ------
    UsageError
        If the mode is unknown or `work` is below 1.

    References ---------- Dey, Iroume, Molinaro, Salvagnin, Improving the randomization step in feasibility
    pump (2018), whose search is a WalkSAT.
    """

    kind = "search"

    def __init__(self, problem: Problem, mode: str = "count", work: int = 500_000) -> None:
        from diffpump.kernels import focused  # imported here since it imports numba, which is slow
        from diffpump.kernels.model import model
        from diffpump.kernels.rng import rng

        if mode not in focused.MODES or work < 1:
            known = ", ".join(focused.MODES)
            raise UsageError(f"restart 'search': expected a mode among {known}, and work >= 1")
        self.columns, self.mode, self.work = _Columns(problem), mode, work
        self._focused, self._seeded, self._m = focused, rng, problem.m
        self._model = model(problem)
        self._state = focused.focus(self._model)

    def kick(self, at: StallContext, rng: np.random.Generator) -> Kick | None:
        """Return the kick if the pump stalls and the search moves an integer, else None (see `Restart`)."""
        columns = self.columns.index
        y = at.x_round[columns]
        if not (np.array_equal(y, at.previous_round[columns]) or at.cycles or _same_point(at)):
            return None
        best, weights = self._search(at, rng)
        new, old = best[columns], at.theta[columns]
        if np.array_equal(new, y):
            return None
        side = np.where(self.columns.general, np.sign(at.x_lp[columns] - new), 1.0 - 2.0 * new)
        return Kick(self.kind, columns, side * np.where(old == 0, 1.0, np.abs(old)), new, best, weights)

    def _search(self, at: StallContext, rng: np.random.Generator) -> tuple[Vector, Vector | None]:
        """Return the best point (n,) of a search from x_round, and the multipliers (m,) after it, if any."""
        state, m = self._state, self._m
        self._focused.restart(self._model, state, at.x_round, keep_weights=True)
        if at.weights is not None:
            state.weight[:m] = at.weights
        # A spawned generator: if no kick follows, nothing may have been drawn from `rng`.
        state.rng[:] = self._seeded(int(rng.spawn(1)[0].integers(2**31)))
        self._focused.search(self._model, state, self.mode, self.work)
        weights = None if at.weights is None or not m else state.weight[:m] / state.weight[:m].mean()
        return state.best.copy(), weights
