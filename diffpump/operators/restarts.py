"""Restarts: policies that look at a stalled pump and return a Kick (Fischetti, Glover, Lodi 2005).

A policy is `kick(situation, rng) -> Kick | None`; it changes nothing itself. The pump asks its policies
in order and applies the first kick: perturbation stands before flip and so suppresses it.

A kick moves x_round on some columns and theta with it. On a binary column y <- 1 - y and
theta <- -theta. A general integer moves to another value y' and theta takes the sign that pulls x_lp
towards it, sign(x_lp - y'), at its old magnitude (1 if it was 0): `1 - y` and `-theta` are binary notions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Registry
from diffpump.core.tolerances import SAME_POINT_TOL


@dataclass(frozen=True, eq=False)
class Situation:
    """What a policy may look at: the iteration (from 1), the point, theta after the step, and the past.

    `previous_round` is the last x_round after its own kick; `recent` the last two LP points before x_lp;
    `cycles`: the pump turns in a circle (see `pump.stalls`); `weights` (m,) the rows' multipliers.
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

    `candidate` (n,) is a full point met on the way that may be a solution, `weights` (m,) new multipliers.
    """

    kind: str
    columns: NDArray[np.intp]
    theta: Vector
    x_round: Vector
    candidate: Vector | None = None
    weights: Vector | None = None


class Restart(Protocol):
    """A restart policy."""

    kind: str

    def kick(self, at: Situation, rng: np.random.Generator) -> Kick | None:
        """The kick to apply now, or None; then nothing was drawn, and the next policy draws first."""
        ...


RESTARTS: Registry[Restart] = Registry("restart")


def _same_point(at: Situation) -> bool:
    """Whether x_lp is one of the last two LP points."""
    return any(np.abs(at.x_lp - past).max(initial=0.0) <= SAME_POINT_TOL for past in at.recent)


class _Columns:
    """The integer columns with what a kick needs to know of them."""

    def __init__(self, problem: Problem) -> None:
        self.index = problem.integers
        self.general = problem.general[self.index]
        self.lo, self.hi = problem.integer_range

    def moved(self, kind: str, at: Situation, chosen: NDArray[np.intp], general_y: Vector) -> Kick:
        """The kick that flips the binaries among `chosen` (positions in `index`) and moves the general
        integers among them to `general_y` (one value per chosen position, ignored on binaries)."""
        columns = self.index[chosen]
        general = self.general[chosen]
        theta, y = at.theta[columns], at.x_round[columns]
        new_y = np.where(general, np.clip(general_y, self.lo[chosen], self.hi[chosen]), 1.0 - y)
        magnitude = np.where(theta == 0, 1.0, np.abs(theta))
        new_theta = np.where(general, magnitude * np.sign(at.x_lp[columns] - new_y), -theta)
        return Kick(kind, columns, new_theta, new_y)


@RESTARTS.register("flip")
class Flip:
    """When x_round repeats: move the T ~ U{low..high} integer columns of largest x (1 - x).

    On general integers x stands for the fractional part, and the column moves by one towards x_lp (away
    from x_lp's side, upwards first, if it is equal). If all those theta are 0 they are drawn from
    {-1, 0, 1} instead of negated.
    """

    kind = "flip"

    def __init__(self, problem: Problem, low: int = 10, high: int = 30) -> None:
        if not 1 <= low <= high:
            raise UsageError(f"restart 'flip': expected 1 <= low <= high, got {low} and {high}")
        self.columns = _Columns(problem)
        self.low, self.high = low, high

    def kick(self, at: Situation, rng: np.random.Generator) -> Kick | None:
        columns = self.columns
        y = at.x_round[columns.index]
        if not np.array_equal(y, at.previous_round[columns.index]):
            return None
        count = min(int(rng.integers(self.low, self.high + 1)), y.size)
        x = at.x_lp[columns.index]
        fraction = np.where(columns.general, x - np.floor(x), x)
        chosen = _largest(fraction * (1 - fraction), count)
        toward = np.sign(x[chosen] - y[chosen])
        away = np.where(y[chosen] < columns.hi[chosen], 1.0, -1.0)
        kick = columns.moved(self.kind, at, chosen, y[chosen] + np.where(toward == 0, away, toward))
        if chosen.size and not at.theta[kick.columns].any():
            drawn = rng.integers(-1, 2, size=chosen.size).astype(np.float64)
            kick = Kick(kick.kind, kick.columns, drawn, kick.x_round)
        return kick


def _largest(score: Vector, count: int) -> NDArray[np.intp]:
    """Positions of the `count` largest scores (all >= 0), ties by position: a stable sort, made cheap by
    sorting only the positive scores, which are few at a vertex."""
    positive = np.flatnonzero(score > 0)
    order = positive[np.argsort(-score[positive], kind="stable")][:count]
    if order.size < count:
        order = np.concatenate([order, np.flatnonzero(score <= 0)[: count - order.size]])
    return order


@RESTARTS.register("perturbation")
class PerturbationKick:
    """When x_lp repeats one of the last two LP points, when the pump cycles (memory=all, stall=k), or every
    `period` iterations.

    rho_j ~ U[low, high] for all columns; a column moves where |x_j - y_j| + max(rho_j, 0) > 1/2. A
    general integer is redrawn uniformly among the integers of [y - reach, y + reach] inside its bounds.
    """

    kind = "perturbation"

    def __init__(
        self, problem: Problem, period: int = 100, low: float = -0.3, high: float = 0.7, reach: int = 3
    ) -> None:
        if period < 1 or reach < 1 or not low < high:
            raise UsageError("restart 'perturbation': expected period >= 1, reach >= 1 and low < high")
        self.columns = _Columns(problem)
        self.period, self.low, self.high, self.reach = period, low, high, reach

    def kick(self, at: Situation, rng: np.random.Generator) -> Kick | None:
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


@RESTARTS.register("search")
class Search:
    """When x_lp or x_round repeats, or the pump cycles (memory=all, stall=k): local search from it.

    The best point after `work` touched nonzeros (`kernels.focused`, which moves continuous columns too) is
    the new rounding, and is judged as a whole. Theta takes the sign that pulls every integer column to it, at
    its old magnitude. The rows' multipliers, where there are any, are the search's weights and come back
    raised, their mean 1. None if the point stays. Source: Dey, Iroume, Molinaro, Salvagnin, Improving the
    randomization step in feasibility pump (2018), whose search is a WalkSAT.
    """

    kind = "search"

    def __init__(self, problem: Problem, mode: str = "count", work: int = 500_000) -> None:
        from diffpump.kernels import focused  # here: numba takes a while to import
        from diffpump.kernels.model import model
        from diffpump.kernels.rng import rng

        if mode not in focused.MODES or work < 1:
            raise UsageError(f"restart 'search': mode is {', '.join(focused.MODES)}, and work at least 1")
        self.columns, self.mode, self.work = _Columns(problem), mode, work
        self._focused, self._seeded, self._m = focused, rng, problem.m
        self._model = model(problem)
        self._state = focused.focus(self._model)

    def kick(self, at: Situation, rng: np.random.Generator) -> Kick | None:
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

    def _search(self, at: Situation, rng: np.random.Generator) -> tuple[Vector, Vector | None]:
        """The best point (n,) of a search from x_round, and the multipliers (m,) it ends with."""
        state, m = self._state, self._m
        self._focused.restart(self._model, state, at.x_round, keep_weights=True)
        if at.weights is not None:
            state.weight[:m] = at.weights
        state.rng[:] = self._seeded(int(rng.spawn(1)[0].integers(2**31)))  # spawned: nothing is drawn from it
        self._focused.search(self._model, state, self.mode, self.work)
        weights = None if at.weights is None or not m else state.weight[:m] / state.weight[:m].mean()
        return state.best.copy(), weights
