"""Large-neighbourhood search: branch and cut by HiGHS on a part of the model around the incumbent.

The size of the part adapts. If a sub-problem was solved to its end, the part was small: its free share
grows, by up to `GROWTH` if the solve took almost no time. If the sub-problem ran out of time without a gain,
the part was large: the share shrinks by `SHRINKAGE`, and the next sub-problem gets more time. This follows
Hendel's adaptive large neighbourhood search (2022), with one arm for each neighbourhood.

The search works on the presolved model if the incumbent is a solution of that model, too. Otherwise presolve
has cut off the incumbent, and the search works on the original model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from diffpump.config.schedule import arm
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.search.arms.start import completed
from diffpump.search.arms.submip import SUBMIP_GAP, search_mip
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.solutions import Solution
from diffpump.search.space import Space
from diffpump.verify.check import Judge

GROWTH = 3.0  # largest factor of the free share after a sub-problem that was solved to its end
SHRINKAGE = 0.6  # factor of the free share after one that ran out of time without a gain
MIN_SECONDS, MAX_SECONDS = 0.5, 8.0  # time limit of a sub-problem, in seconds: the first one and the largest
SECONDS_GROWTH = 1.3  # factor of the time limit after a sub-problem that ran out of time without a gain
MIN_LEFT_SHARE = 0.5  # share of its time limit that a slice must have left for another sub-problem
VISITED_POINTS = 8  # the numbers of solutions and of near-feasible points that `visited` takes


@dataclass(frozen=True, eq=False)
class View:
    """An incumbent and the other points that a neighbourhood may use, all on the columns of one model, (n,).

    x              the incumbent
    root           the root LP's point, or None
    solutions      earlier solutions, the latest first
    near_feasible  integral points that violate some rows
    reduced        the root LP's reduced costs, or None
    recalled       solutions of earlier models and the predicted point, which may violate rows
    probability    the predicted probability of 1 for binaries, NaN for other columns, or None
    """

    problem: Problem
    x: Vector
    root: Vector | None = None
    solutions: list[Vector] = field(default_factory=list)
    near_feasible: list[Vector] = field(default_factory=list)
    reduced: Vector | None = None
    recalled: list[Vector] = field(default_factory=list)
    probability: Vector | None = None


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a model.

    lb, ub   bounds (n,)
    share    the share of the integer columns that are free
    row      (a, b): the row a'x <= b over free columns, or None
    """

    lb: Vector
    ub: Vector
    share: float
    row: tuple[Vector, float] | None = None


Neighbourhood = Callable[[View, float | None, np.random.Generator], Part | None]


class Views:
    """The view of the current incumbent, and its space; computed once for each incumbent."""

    def __init__(self, context: RunContext) -> None:
        self._spaces, self._pool = context.spaces, context.pool
        self._recalled = [completed(context.problem, point) for point in context.earlier.every]
        self._confidence = context.earlier.confidence
        self._incumbent: Solution | None = None

    def __call__(self) -> tuple[Space, View] | None:
        """Return the space to work in and the view, or None without an incumbent."""
        best = self._pool.best
        if best is None:
            return None
        if best is not self._incumbent:
            self._incumbent, self._space = best, self._spaces.presolved
            if not Judge(self._space.problem).feasible(self._space.project(best.x)):
                self._space = self._spaces.original
            latest = self._pool.solutions[::-1][: VISITED_POINTS + 1]
            self._points = [self._space.project(solution.x) for solution in latest]
        space = self._space
        root = space.root if space is self._spaces.presolved else self._spaces.root()
        incumbent, *solutions = self._points
        near_feasible = [near.x for near in space.near_feasible]
        recalled = [space.project(point) for point in self._recalled]
        return space, View(
            space.problem, incumbent, root, solutions, near_feasible, space.reduced, recalled,
            self._probability(space),
        )  # fmt: skip

    def _probability(self, space: Space) -> Vector | None:
        """Return the predicted probabilities on the columns of a space."""
        if self._confidence is None:
            return None
        return space.to_presolved((1.0 + self._confidence) / 2.0)


class Lns:
    """Large-neighbourhood search in one neighbourhood.

    If the neighbourhood is empty or was searched to its end with every integer column free, the arm is
    exhausted until there is a new incumbent or a root LP.

    needs_root   whether the arm waits for the root LP
    before_root  whether its early turn is due only as long as there is no root LP
    """

    def __init__(
        self, context: RunContext, name: str, neighbourhood: Neighbourhood, *, needs_root: bool = False,
        before_root: bool = False,
    ) -> None:  # fmt: skip
        self._views, self._pool = context.shared(Views), context.pool
        self._name, self._neighbourhood = name, neighbourhood
        self._needs_root, self._before_root = needs_root, before_root
        self._seed, self._rng = context.seed, np.random.default_rng(context.seed)
        self._share: float | None = None
        self._seconds = MIN_SECONDS
        self._done: tuple[int, bool] | None = None

    @property
    def exhausted(self) -> bool:
        """True if there is no incumbent, no integer column, or no root LP although it is needed.

        Also True if the search has ended and nothing has changed since.
        """
        known = self._views()
        if known is None or not known[0].problem.integer.any():
            return True
        return (self._needs_root and known[1].root is None) or self._state(known[1]) == self._done

    @property
    def due(self) -> bool:
        """Whether the arm takes its early turn now."""
        known = self._views()
        return not (self._before_root and known is not None and known[1].root is not None)

    @property
    def min_seconds(self) -> float:
        """The time limit in seconds of the next sub-problem, which a slice must have at least."""
        return self._seconds

    def run(self, budget: Budget) -> None:
        """Solve one sub-problem after another until the budget is spent."""
        first = True
        while not budget.is_spent() and (first or budget.left() > MIN_LEFT_SHARE * self._seconds):
            known, first = self._views(), False
            if known is None:
                return
            part = self._neighbourhood(known[1], self._share, self._rng)
            if part is None or not self._search(budget, known[0], part, known[1].x):
                self._done = self._state(known[1])
                return

    def _search(self, budget: Budget, space: Space, part: Part, x: Vector) -> bool:
        """Solve one sub-problem and adapt the sizes; return whether there is more to search."""
        before, sub = self._pool.value, budget.split(self._seconds)
        seconds = sub.seconds
        ended = self._solve(sub, space, part, x)
        budget.absorb(sub)
        self._seed += 1
        gained = self._pool.value < before
        took = 1.0 - sub.left() / seconds if seconds > 0 else 1.0  # the run may have ended in between
        if ended:
            self._share = min(1.0, part.share * GROWTH ** (1.0 - max(0.0, took)))
        elif not gained:
            self._share = part.share * SHRINKAGE
            self._seconds = min(MAX_SECONDS, SECONDS_GROWTH * self._seconds)
        else:
            self._share = part.share
        return not (ended and part.share >= 1.0)

    def _solve(self, budget: Budget, space: Space, part: Part, x: Vector) -> bool:
        """Solve the sub-problem of a part; return whether it was solved to its end."""
        subspace = space.restrict(part.lb, part.ub)
        if subspace is None:
            return True
        free = part.lb != part.ub
        if not free.any():
            self._pool.offer(subspace.to_original(np.zeros(0)), self._name)
            return True
        return self._searched(budget, subspace, part, x[free])

    def _searched(self, budget: Budget, subspace: Space, part: Part, start: Vector) -> bool:
        """Search the space of a part, with the incumbent as the start; return whether to its end."""
        free = part.lb != part.ub
        row = None if part.row is None else (part.row[0][free], part.row[1])
        gap = SUBMIP_GAP if part.share < 1.0 else 0.0
        result = search_mip(
            subspace, self._pool, budget, self._name, row=row, start=start, seed=self._seed, gap=gap
        )
        return result.status in (LpStatus.OPTIMAL, LpStatus.INFEASIBLE)

    def _state(self, view: View) -> tuple[int, bool]:
        return len(self._pool.solutions), view.root is None


def neighbourhood(
    name: str, help: str, *, needs_root: bool = False, before_root: bool = False, **role: Any
) -> Callable[[Neighbourhood], Neighbourhood]:
    """Return a decorator that registers a neighbourhood as an arm.

    needs_root, before_root  as of `Lns`
    role                     the fields of `Role` to set
    """

    def register(choose: Neighbourhood) -> Neighbourhood:
        @arm(name, help, needs_kernels=False, **role)
        def make(context: RunContext) -> Arm:
            return Lns(context, name, choose, needs_root=needs_root, before_root=before_root)

        return choose

    return register
