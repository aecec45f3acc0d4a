"""The engine: from a model to the best proven solution within the limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS, GRADIENT, Turns, by_gains, default_schedule, role
from diffpump.core.arrays import Vector
from diffpump.core.errors import SolverRefusal
from diffpump.core.limits import LpLimits
from diffpump.core.status import Status
from diffpump.core.tolerances import IMPROVEMENT
from diffpump.outcome.claim import LP_BOUND, Claim, outward
from diffpump.outcome.result import EngineStatistics, SolveResult
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.outcome.verifier import versions
from diffpump.search.arms.lp_bound import NAME as LP_BOUND_ARM
from diffpump.search.budget import Arm, Budget
from diffpump.search.compilation import Compilation
from diffpump.search.context import RunContext
from diffpump.search.earlier import Earlier
from diffpump.search.facts import Facts
from diffpump.search.lp_process import LpOutcome
from diffpump.search.pool import Pool
from diffpump.search.portfolio import ArmStatistics, Portfolio
from diffpump.search.solutions import Collection, Solution
from diffpump.search.space import Findings, Space, Spaces

if TYPE_CHECKING:
    from diffpump.search.parallel import ParallelSearch

EXAMINED_NONZEROS = 20_000  # nonzeros up to which the original model's LP is solved before all else ...
EXAMINATION_SECONDS = 0.25  # ... for so long: longer LPs would delay the first solution
SMALL_NONZEROS = 2_000  # nonzeros below which the first slices are shorter, in proportion ...
MIN_FIRST_FACTOR = 0.1  # ... down to this factor
IDLE_SECONDS = 0.05  # between two polls for messages and kernels while this process has no arm to run


def run(
    setup: RunSetup, settings: Settings, start: Vector | None = None, earlier: Earlier | None = None
) -> SolveResult:
    """Search until the run must end, and return the result.

    Parameters
    ----------
    setup, settings, start, earlier
        As of `Engine`.
    """
    engine = Engine(setup, settings, start, earlier)
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
    earlier : Earlier, optional
        What earlier models of the family suggest.
    number : int
        The number of this process in a parallel search. Others than 0 wait for the kernels that process 0
        compiles.
    share : callable, optional
        Sends the findings of a process with another number to process 0.

    Attributes
    ----------
    pool : Pool
        The proven solutions.
    spaces : Spaces
        The original and the presolved model, with the root LP's point.
    facts : Facts
        What has been proven about the original model's LP relaxation.
    portfolio : Portfolio
        Chooses the arms, and counts what each has cost and found.
    exit_stack : ExitStack
        Ends the processes that the run has started.
    """

    def __init__(
        self, setup: RunSetup, settings: Settings, start: Vector | None = None,
        earlier: Earlier | None = None, number: int = 0, share: Callable[[Findings], None] | None = None,
    ) -> None:  # fmt: skip
        self._given, self._settings, self._share = setup, settings, share
        limits = replace(setup.run_limits, stop=self._stopped)
        self._setup = setup = replace(
            setup, problem=setup.problem.in_moderate_numbers(), run_limits=limits,
            on_incumbent=_callers(setup.on_incumbent), on_notice=_callers(setup.on_notice),
            on_slice=_callers(setup.on_slice),
        )  # fmt: skip
        self._notices: list[str] = []
        self._bounded = False  # whether the bound without row multipliers is known
        self._met_bound: Solution | None = None  # the last incumbent that met the bound
        self._failed_arms = 0
        self._parallel: ParallelSearch | None = None
        self._shared_state = False, tuple[int, ...]()  # of the findings that were last sent
        self._foreign_slices: list[SliceReport] = []  # those of other processes
        self.exit_stack = ExitStack()
        self._compilation = Compilation(self.exit_stack, starts=number == 0)
        collection = None
        if settings.solutions > 1:
            collection = Collection(
                setup.problem, settings.solutions, settings.min_difference, settings.within
            )
        self.pool = Pool(setup, settings.deterministic, collection)
        self.facts = Facts(setup.problem, setup.verifier)
        original = Space(setup.problem)
        self.spaces = Spaces(original, original)
        self._earlier = earlier = earlier or Earlier()
        self._context = RunContext(
            setup.problem, self.pool, self.spaces, setup.seed, limits, self._learn, self.exit_stack, start,
            earlier, GRADIENT not in settings.without, self._compilation.is_ready, number, self._is_shared,
        )  # fmt: skip
        first, better = self._schedule(start is not None, bool(earlier.every))
        self.portfolio = Portfolio(
            self.pool, limits, cache(self._arm), {name: role(name) for name in ARMS}, first, better,
            enough=self._goal_reached,
            has_kernels=self._compilation.is_ready,
            first_factor=min(1.0, max(MIN_FIRST_FACTOR, setup.problem.nnz / SMALL_NONZEROS)),
            deterministic=settings.deterministic,
            work_limit=float("inf") if settings.work_limit is None else settings.work_limit,
            on_failure=self._sit_out, on_slice=self._report, elsewhere=self._is_elsewhere,
        )  # fmt: skip

    def _arm(self, name: str) -> Arm:
        arm: Arm = ARMS.factory(name)(self._context)
        return arm

    def _schedule(self, with_start: bool, with_history: bool) -> tuple[tuple[Turns, ...], Turns]:
        """Return the rounds of turns until there is a solution, and the turns after the first solution."""
        settings, gains = self._settings, self._earlier.gains
        if settings.threads > 1:
            from diffpump.search.parallel import complementary

            settings = complementary(settings, 0)
        first: tuple[Turns, ...] = (by_gains(settings.turns(settings.first), gains),)
        if not (settings.deterministic or self._compilation.is_ready()):
            first = (by_gains(settings.turns(settings.cold), gains), *first)
        better = by_gains(settings.turns(settings.better), gains)
        every = default_schedule()
        if start := settings.turns((*(every.start * with_start), *(every.history * with_history))):
            first, better = (start, *first[:-1], (*first[-1], *start)), (*better, *start)
        if settings.solutions > 1:
            better = (*better, *settings.turns(every.several))
        return first, better

    def run(self) -> None:
        """Search until the run must end."""
        try:
            with self.exit_stack:
                self._run()
                self._refute()
        except _CallersError as failure:
            raise failure.error from None

    def _examine(self) -> None:
        """Look for what can be proven at once: an integer column without an integer, and the LP's status."""
        self.facts.refutation = self._setup.verifier.empty_column()
        turns = dict(self._settings.turns(self._settings.better))
        if (
            self._setup.problem.nnz <= EXAMINED_NONZEROS
            and LP_BOUND_ARM in turns
            and self.portfolio.is_open()
        ):
            self.portfolio.run_slice(LP_BOUND_ARM, EXAMINATION_SECONDS)

    def _run(self) -> None:
        if self._settings.deterministic:  # what runs first must not depend on the time of compilation
            self._compilation.wait(self._setup.run_limits)
        if self._settings.threads == 1:
            self._examine()
            return self._run_portfolio()
        from diffpump.search.parallel import ParallelSearch

        with ParallelSearch(
            self._setup, self._settings, self.pool, self.spaces, self._record_foreign, self.portfolio.enough
        ) as self._parallel:
            self._share = self._parallel.share
            self._examine()
            self._run_portfolio()
            self.pool.prove_waiting()

    def _is_shared(self) -> bool:
        """Return whether another process searches as well."""
        return self._context.number > 0 or (self._parallel is not None and self._parallel.is_busy)

    def _is_elsewhere(self, arm: str) -> bool:
        """Return whether an arm is left to another process now."""
        return (
            role(arm).once and self._context.number == 0 and self.pool.best is not None and self._is_shared()
        )

    def _exchange(self) -> None:
        """Adopt what other processes have found out about the presolved model, and tell them what is new."""
        self.spaces.adopt_received()
        space = self.spaces.presolved
        state = space.root is not None, tuple(near.violated for near in space.near_feasible[:1])
        if self._share is not None and state != self._shared_state:
            self._shared_state = state
            self._share(space.findings(self._context.number))

    def _run_portfolio(self) -> None:
        """Run the arms; wait for kernels and for what other processes may find."""
        while True:
            has_kernels = self._compilation.is_ready()
            is_busy = self._parallel is not None and self._parallel.is_busy
            self.portfolio.run()
            if (has_kernels and not is_busy) or not self.portfolio.is_open():
                break
            time.sleep(IDLE_SECONDS)
        if self.pool.collection is not None:
            self.pool.collection.is_urgent = True
            self.portfolio.run_on(self._settings.turns(default_schedule().several))

    def _refute(self) -> None:
        """Try to prove by a dual ray that there is no solution, if branch and cut reports this."""
        pool, turns = self.pool, dict(self._settings.turns(self._settings.first))
        if pool.complete and pool.best is None and "root" in turns and self.facts.refutation is None:
            self.portfolio.run_slice("root", turns["root"])

    def _stopped(self) -> bool:
        """Return whether the caller wants the run to stop.

        The run polls this often, so the messages of other processes are taken here as well.
        """
        if self._parallel is not None:
            self._parallel.poll()
        stop = self._given.run_limits.stop
        return stop is not None and bool(_callers(stop)())

    def _record_foreign(self, report: SliceReport) -> None:
        """Record a slice of another process."""
        self._foreign_slices.append(report)
        self._setup.on_slice(report)

    def result(self) -> SolveResult:
        """Return the result so far."""
        pool, setup, settings, facts = self.pool, self._setup, self._settings, self.facts
        return SolveResult(
            status=self._status(),
            problem=self._given.problem,
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
            certificate=facts.refutation or facts.unbounded,
            notices=tuple(self._notices),
            engine=EngineStatistics(
                arms=self._arms(),
                lp_iterations=sum(entry.lp_iterations for entry in self.portfolio.statistics.values()),
                counters={
                    "rejected": pool.rejected,
                    "processes": 1 + (0 if self._parallel is None else len(self._parallel.pids)),
                    "lost": pool.lost_processes + self._failed_arms,
                },
            ),
            **pool.outcome(),
        )

    def _report(self, arm: str, started: float, budget: Budget, incumbents: int) -> None:
        """Report a slice to the caller, and exchange findings with other processes."""
        self._exchange()
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
        """Return the proven bound as a float on its safe side.

        An incumbent that is better uses the tolerance of the exact check. It is a weaker bound then, and the
        one to show.
        """
        bound, best, maximise = self.facts.bound, self.pool.best, self._setup.problem.maximise
        if bound is None:
            return None
        if best is not None and self.facts.is_better(best.proof.objective, bound):
            bound = best.proof.objective
        return outward(bound, maximise)

    def _goal_reached(self) -> bool:
        """Return whether the run needs no more solutions."""
        pool, facts, settings = self.pool, self.facts, self._settings
        if facts.refutation is not None:
            return True
        if pool.best is None:
            return False
        if settings.until == "first" or pool.complete is not None or facts.unbounded is not None:
            return True
        bound, value = self._known_bound(), pool.best.proof.objective
        # Compared as a float, as it was written: 33/10 meets 3.3, although the float 3.3 is smaller.
        wanted, reached = settings.objective_target, pool.best.incumbent.objective
        if wanted is not None and not facts.is_better(wanted, reached):
            return True
        if bound is None:
            return False
        if not facts.is_better(bound, value) and pool.best is not self._met_bound:
            self._met_bound = pool.best
            if self._meets(bound):
                pool.complete = Claim(LP_BOUND, proven=True)
                return True
        if settings.until != "gap-to-lp":
            return False
        return abs(value - bound) <= Fraction(settings.gap) * max(abs(value), abs(bound))

    def _meets(self, bound: Fraction) -> bool:
        """Return whether the incumbent, or an exact one with the same integers, meets the proven bound.

        An incumbent that does not hold exactly may only miss that by rounding errors: where it uses the
        tolerance, it may be better than every point that satisfies the model.
        """
        self.pool.make_exact(self._setup.run_limits.for_lp())
        best, is_better = self.pool.best, self.facts.is_better
        assert best is not None
        value = best.proof.objective
        if is_better(bound, value):
            return False
        if best.proof.exactly_feasible:
            return True
        beyond = abs(value - bound) > Fraction(IMPROVEMENT) * max(Fraction(1), abs(bound))
        return not beyond and not self.pool.uses_tolerance(best.x)

    def _known_bound(self) -> Fraction | None:
        """Return the proven bound; before the LP is solved, that of the columns' costs and bounds alone."""
        if not self._bounded and self._setup.verifier.proves:
            self._bounded = True
            self.facts.improve(self._setup.verifier.bound(np.zeros(self._setup.problem.m)))
        return self.facts.bound

    def _learn(self, outcome: LpOutcome, limits: LpLimits) -> None:
        """Prove what the original model's LP implies, unless another process does so; offer its point."""
        if self._setup.verifier.proves:
            self.facts.learn(outcome, limits)
            if outcome.duals is not None:
                self.pool.multipliers = np.abs(outcome.duals)
        if outcome.x is not None:
            self.pool.offer(outcome.x, LP_BOUND_ARM, limits)

    def _sit_out(self, arm: str, error: Exception) -> None:
        """Count a failed arm and notify the user, once if several arms need the same refused solver."""
        refused = isinstance(error, SolverRefusal)
        self._failed_arms += not refused
        if refused:
            notice = f"{error}; the arms that need it sit out"
        else:
            notice = f"the arm '{arm}' failed and sits out: {type(error).__name__}: {error}"
        if notice not in self._notices:
            self._notices.append(notice)
            self._setup.on_notice(notice)

    def _status(self) -> Status:
        """Return how the run ended."""
        pool = self.pool
        if (proven := self.facts.status(pool.best is not None)) is not None:
            return proven
        if pool.complete is not None:
            return Status.REPORTED_INFEASIBLE
        ended = self._setup.run_limits.reached()
        return Status.UNPROVEN if pool.rejected else ended or Status.EXHAUSTED


class _CallersError(BaseException):
    """Carries an exception of a caller's callback through the arms, whose own exceptions do not end a run."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _callers(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a caller's callback with its exceptions marked as the caller's."""

    def call(*arguments: Any) -> Any:
        try:
            return callback(*arguments)
        except Exception as error:
            raise _CallersError(error) from error

    return call
