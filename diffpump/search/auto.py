"""The engine, from a model to the best proven solution within the time: spaces, arms, portfolio, result."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

from diffpump.config.engine import GRADIENT, Settings, Turns
from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.kernels.compile.warm import is_warm
from diffpump.outcome.result import Incumbent, SolveResult
from diffpump.outcome.verifier import Verifier, versions
from diffpump.search.arm import Slice
from diffpump.search.arms import Arms
from diffpump.search.pool import Pool
from diffpump.search.portfolio import Event, Ledger, Portfolio
from diffpump.search.space import Space, Spaces

if TYPE_CHECKING:
    from diffpump.search.parallel import Team

IDLE_SECONDS = 0.05  # between two looks for news where there is nothing else to do
START: Turns = (("start", 3.0),)  # before all others and among them, where there is one


def run(
    problem: Problem,
    settings: Settings,
    seed: int,
    clock: Clock,
    *,
    observe: Callable[[Incumbent, Vector], None] = lambda incumbent, x: None,
    watch: Callable[[Event], None] = lambda event: None,
    start: Vector | None = None,
    started: float | None = None,
    read_seconds: float = 0.0,
    verifier: Verifier | None = None,
) -> SolveResult:
    """Search until the clock ends.

    observe  called with every incumbent and its point, (n,), as it comes
    watch    called with every slice of an arm when it is over
    start    a point to begin with, (n,), NaN where a column is not given
    started, read_seconds  date the run (`time.monotonic`) from before the model was read
    """
    search = Search(
        problem, settings, seed, clock, verifier or Verifier(problem),
        time.monotonic() if started is None else started, observe, watch, start,
    )  # fmt: skip
    search.run()
    return search.result(read_seconds)


class Search:
    """A search: `spaces`, `pool` and `portfolio` tell what it has found, and at what cost; `ending`, a
    context, ends the processes that it has started."""

    def __init__(
        self, problem: Problem, settings: Settings, seed: int, clock: Clock, verifier: Verifier,
        began: float,
        observe: Callable[[Incumbent, Vector], None] = lambda incumbent, x: None,
        watch: Callable[[Event], None] = lambda event: None,
        start: Vector | None = None,
    ) -> None:  # fmt: skip
        self._problem, self._settings, self._seed, self._stop = problem, settings, seed, clock.stop
        self._verifier, self._began, self._watch = verifier, began, watch
        self._clock = clock = replace(clock, stop=self._stopped)
        self._team: Team | None = None
        self._elsewhere: list[Event] = []
        self.ending = ExitStack()
        self.pool = Pool(
            problem, verifier, clock, lambda: time.monotonic() - began, observe, settings.deterministic
        )
        least, most = problem.integer_range
        self.pool.closed = bool((least > most).any())  # a column that no integer fits
        raw = Space(problem)
        self.spaces = Spaces(raw, raw)
        first: tuple[Turns, ...] = (settings.turns(settings.first),)
        if not (settings.deterministic or is_warm()):
            first = (settings.turns(settings.cold), *first)
        better = settings.turns(settings.better)
        if start is not None:
            first, better = (START, *first[:-1], (*first[-1], *START)), (*better, *START)
        gradient = GRADIENT not in settings.without
        arms = Arms(self.spaces, self.pool, seed, clock, verifier.refute, start, self.ending, gradient)
        self.portfolio = Portfolio(
            self.pool, clock, cache(arms),
            first, better,
            enough=lambda: _enough(settings, self.pool, self.spaces), counted=settings.deterministic,
            work_limit=float("inf") if settings.work_limit is None else settings.work_limit, watch=self._told,
        )  # fmt: skip

    def run(self) -> None:
        """Search until the clock ends."""
        with self.ending:
            self._run()
            self._refute()

    def _run(self) -> None:
        if self._settings.threads == 1:
            return self.portfolio.run()
        from diffpump.search.parallel import Team

        with Team(
            self._problem, self._settings, self._seed, self.pool, self._began, self._clock.deadline,
            self._heard, self.portfolio.enough,
        ) as self._team:  # fmt: skip
            self.portfolio.run()
            while self.portfolio.open() and self._team.busy:  # nothing to do here; others may find something
                time.sleep(IDLE_SECONDS)
                self.portfolio.run()
            self.pool.settle()

    def _refute(self) -> None:
        """Branch and cut has said that there is no solution; the LP relaxation may prove it."""
        pool, turns = self.pool, dict(self._settings.turns(self._settings.first))
        if pool.closed and pool.best is None and "root" in turns and not self.spaces.refuted:
            self.portfolio.give("root", turns["root"])

    def _stopped(self) -> bool:
        """Asked often, and so the moment for news of other processes."""
        if self._team is not None:
            self._team.poll()
        return self._stop is not None and self._stop()

    def _heard(self, event: Event) -> None:
        self._elsewhere.append(event)
        self._watch(event)

    def result(self, read_seconds: float) -> SolveResult:
        """What was found so far."""
        pool, verifier, settings = self.pool, self._verifier, self._settings
        best = pool.best
        return SolveResult(
            status=_status(pool, self.spaces, self._clock),
            problem=self._problem,
            iterations=0,
            restarts={"flip": 0, "perturbation": 0},
            lp_solves=0,
            lp_iterations=sum(entry.lp_iterations for entry in self.portfolio.ledger.values()),
            seconds={
                "total": time.monotonic() - self._began,
                "read": read_seconds,
                "lp": 0.0,
                "check": verifier.seconds,
                "first_solution": None if best is None else pool.solutions[0].incumbent.seconds,
            },
            config=settings.as_dict(),
            config_digest=settings.digest,
            seed=self._seed,
            versions=versions({}),
            counters={"rejected": pool.rejected, "lost": pool.lost},
            arms=self._shares(),
            bound=self._bound(),
            complete=pool.closed,
            **pool.outcome(),
        )

    def _told(self, arm: str, at: float, piece: Slice, incumbents: int) -> None:
        nearest = min(
            (near.violated for space in (self.spaces.raw, self.spaces.work) for near in space.near),
            default=None,
        )
        began, ended = at - self._began, time.monotonic() - self._began
        self._watch(Event(arm, began, ended, piece.work, incumbents, nearest, self._bound()))

    def _shares(self) -> dict[str, dict[str, float]]:
        """Who worked how much and found what, in all processes."""
        arms = {name: asdict(entry) for name, entry in self.portfolio.ledger.items()}
        for event in self._elsewhere:
            entry = arms.setdefault(event.arm, asdict(Ledger()))
            entry["slices"] += 1
            entry["seconds"] += event.ended - event.began
            entry["work"] += event.work
        for solution in self.pool.solutions:
            if solution.foreign:
                arms.setdefault(solution.incumbent.arm, asdict(Ledger()))["incumbents"] += 1
        return arms

    def _bound(self) -> float | None:
        return None if self.spaces.bound is None else self._problem.own(self.spaces.bound)


def _enough(settings: Settings, pool: Pool, spaces: Spaces) -> bool:
    """Whether the goal is reached."""
    if pool.best is None or settings.until == "time":
        return spaces.refuted
    if settings.until == "first":
        return True
    if spaces.bound is None:
        return False
    value, bound = pool.problem.own(pool.best.value), pool.problem.own(spaces.bound)
    return abs(value - bound) <= settings.gap * max(abs(value), abs(bound))


def _status(pool: Pool, spaces: Spaces, clock: Clock) -> Status:
    """How it ended."""
    if pool.best is not None:
        return Status.FEASIBLE
    if spaces.refuted:
        return Status.INFEASIBLE
    return Status.UNPROVEN if pool.rejected else clock.ended() or Status.EXHAUSTED
