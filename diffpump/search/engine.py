"""The engine: from a model to the best proven solution within the limits."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING

from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS, GRADIENT, Turns, default_schedule, role
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.status import Status
from diffpump.outcome.result import EngineStatistics, SolveResult
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.outcome.verifier import versions
from diffpump.search.budget import Arm, Budget
from diffpump.search.compilation import Compilation
from diffpump.search.context import RunContext
from diffpump.search.pool import Pool
from diffpump.search.portfolio import ArmStatistics, Portfolio
from diffpump.search.space import Space, Spaces

if TYPE_CHECKING:
    from diffpump.search.parallel import ParallelSearch

IDLE_SECONDS = 0.05  # between two polls for messages and kernels while this process has no arm to run


def run(setup: RunSetup, settings: Settings, start: Vector | None = None) -> SolveResult:
    """Search until the run must end, and return the result.

    Parameters
    ----------
    setup, settings, start
        As of `Engine`.
    """
    engine = Engine(setup, settings, start)
    engine.run()
    return engine.result()


class Engine:
    """One run of the engine.

    Parameters
    ----------
    setup : RunSetup
        The model, seed, limits and callbacks of the run.
    settings : Settings
        The settings of the engine.
    start : (n,) float64, optional
        A point to begin with, NaN where a column is not given.
    compiles : bool
        Whether to compile kernels, or else to wait until another process of the run has done it.

    Attributes
    ----------
    pool : Pool
        The proven solutions.
    spaces : Spaces
        The original and the presolved model, with the root LP's point and bound.
    portfolio : Portfolio
        Chooses the arms, and counts what each has cost and found.
    exit_stack : ExitStack
        Ends the processes that the run has started.
    """

    def __init__(
        self, setup: RunSetup, settings: Settings, start: Vector | None = None, compiles: bool = True
    ) -> None:
        self._given, self._settings = setup, settings
        limits = replace(setup.run_limits, stop=self._stopped)
        self._setup = setup = replace(setup, run_limits=limits)
        self._parallel: ParallelSearch | None = None
        self._foreign_slices: list[SliceReport] = []  # those of other processes
        self.exit_stack = ExitStack()
        self._compilation = Compilation(self.exit_stack, compiles)
        self.pool = Pool(setup, settings.deterministic)
        least, greatest = setup.problem.integer_range
        self.pool.complete = bool((least > greatest).any())  # a column that no integer fits
        original = Space(setup.problem)
        self.spaces = Spaces(original, original)
        self._context = RunContext(
            setup.problem, self.pool, self.spaces, setup.seed, limits, setup.verifier.refute,
            self.exit_stack, start, GRADIENT not in settings.without, self._compilation.is_ready,
        )  # fmt: skip
        first, better = self._schedule(with_start=start is not None)
        self.portfolio = Portfolio(
            self.pool, limits, cache(self._arm), {name: role(name) for name in ARMS}, first, better,
            enough=lambda: _goal_reached(settings, self.pool, self.spaces),
            has_kernels=self._compilation.is_ready,
            deterministic=settings.deterministic,
            work_limit=float("inf") if settings.work_limit is None else settings.work_limit,
            on_slice=self._report,
        )  # fmt: skip

    def _arm(self, name: str) -> Arm:
        arm: Arm = ARMS.factory(name)(self._context)
        return arm

    def _schedule(self, with_start: bool) -> tuple[tuple[Turns, ...], Turns]:
        """Return the rounds of turns until there is a solution, and the turns after the first solution."""
        settings = self._settings
        first: tuple[Turns, ...] = (settings.turns(settings.first),)
        if not (settings.deterministic or self._compilation.is_ready()):
            first = (settings.turns(settings.cold), *first)
        better = settings.turns(settings.better)
        if with_start:
            start = settings.turns(default_schedule().start)
            first, better = (start, *first[:-1], (*first[-1], *start)), (*better, *start)
        return first, better

    def run(self) -> None:
        """Search until the run must end."""
        with self.exit_stack:
            self._run()
            self._refute()

    def _run(self) -> None:
        if self._settings.deterministic:  # what runs first must not depend on the time of compilation
            self._compilation.wait(self._setup.run_limits)
        if self._settings.threads == 1:
            return self._run_portfolio()
        from diffpump.search.parallel import ParallelSearch

        with ParallelSearch(
            self._setup, self._settings, self.pool, self._record_foreign, self.portfolio.enough
        ) as self._parallel:
            self._run_portfolio()
            self.pool.prove_waiting()

    def _run_portfolio(self) -> None:
        """Run the arms; wait for kernels and for what other processes may find."""
        while True:
            has_kernels = self._compilation.is_ready()
            is_busy = self._parallel is not None and self._parallel.is_busy
            self.portfolio.run()
            if (has_kernels and not is_busy) or not self.portfolio.is_open():
                return
            time.sleep(IDLE_SECONDS)

    def _refute(self) -> None:
        """Try to prove by a dual ray that there is no solution, if branch and cut reports this."""
        pool, turns = self.pool, dict(self._settings.turns(self._settings.first))
        if pool.complete and pool.best is None and "root" in turns and not self.spaces.refuted:
            self.portfolio.run_slice("root", turns["root"])

    def _stopped(self) -> bool:
        """Return whether the caller wants the run to stop.

        The run polls this often, so the messages of other processes are taken here as well.
        """
        if self._parallel is not None:
            self._parallel.poll()
        stop = self._given.run_limits.stop
        return stop is not None and stop()

    def _record_foreign(self, report: SliceReport) -> None:
        """Record a slice of another process."""
        self._foreign_slices.append(report)
        self._setup.on_slice(report)

    def result(self) -> SolveResult:
        """Return the result so far."""
        pool, setup, settings = self.pool, self._setup, self._settings
        return SolveResult(
            status=_status(pool, self.spaces, setup.run_limits),
            problem=setup.problem,
            seconds={
                "total": setup.seconds(),
                "read": setup.read_seconds,
                "check": setup.verifier.seconds,
                "first_solution": pool.solutions[0].incumbent.seconds if pool.solutions else None,
            },
            config=settings.as_dict(),
            config_digest=settings.digest,
            seed=setup.seed,
            versions=versions({}),
            bound=self._bound(),
            engine=EngineStatistics(
                arms=self._arms(),
                lp_iterations=sum(entry.lp_iterations for entry in self.portfolio.statistics.values()),
                counters={"rejected": pool.rejected, "lost": pool.lost_processes},
            ),
            **pool.outcome(),
        )

    def _report(self, arm: str, started: float, budget: Budget, incumbents: int) -> None:
        fewest = min(
            (
                near.violated
                for space in (self.spaces.original, self.spaces.presolved)
                for near in space.near_feasible
            ),
            default=None,
        )
        began, ended = started - self._setup.started, self._setup.seconds()
        self._setup.on_slice(SliceReport(arm, began, ended, budget.work, incumbents, fewest, self._bound()))

    def _arms(self) -> dict[str, dict[str, float]]:
        """Return what each arm has cost and found, in all processes."""
        arms = {name: asdict(entry) for name, entry in self.portfolio.statistics.items()}
        for report in self._foreign_slices:
            entry = arms.setdefault(report.arm, asdict(ArmStatistics()))
            entry["slices"] += 1
            entry["seconds"] += report.ended - report.began
            entry["work"] += report.work
        for solution in self.pool.solutions:
            if solution.foreign:
                arms.setdefault(solution.incumbent.arm, asdict(ArmStatistics()))["incumbents"] += 1
        return arms

    def _bound(self) -> float | None:
        return None if self.spaces.bound is None else self._setup.problem.in_own_sense(self.spaces.bound)


def _goal_reached(settings: Settings, pool: Pool, spaces: Spaces) -> bool:
    """Return whether `settings.until` is reached, or the model has been refuted."""
    if pool.best is None or settings.until == "time":
        return spaces.refuted
    if settings.until == "first":
        return True
    if spaces.bound is None:
        return False
    value, bound = pool.problem.in_own_sense(pool.best.value), pool.problem.in_own_sense(spaces.bound)
    return abs(value - bound) <= settings.gap * max(abs(value), abs(bound))


def _status(pool: Pool, spaces: Spaces, run_limits: RunLimits) -> Status:
    """Return how the run ended."""
    if pool.best is not None:
        return Status.FEASIBLE
    if spaces.refuted:
        return Status.INFEASIBLE
    return Status.UNPROVEN if pool.rejected else run_limits.reached() or Status.EXHAUSTED
