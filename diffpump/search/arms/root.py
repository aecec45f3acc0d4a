"""The root LP relaxation under the model's cost: a point that other arms round, and a bound.

The dual simplex solves most LPs within a second, so it runs first, in this process, for `QUICK_SECONDS`.
Longer LPs continue in two processes, one with the simplex and one with interior point without crossover,
which share the slices and are paused in between: either may be the faster one by far
(results/engine/root-lp.md). The simplex ends with a vertex and a basis to start from. The interior point
method's point is no vertex, but it is a good enough guide for rounding. What the LP says about the original
model, such as infeasibility, is proven there.

In a parallel search each process runs one of the two algorithms, and the first point serves all of them.

In deterministic runs, and where processes cannot be paused, both algorithms start again in every slice, and
each slice is twice as long as the last.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from diffpump.config.schedule import arm
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpStatus
from diffpump.search.budget import Arm, Budget
from diffpump.search.context import RunContext
from diffpump.search.lp_process import LpOutcome, LpProcess, LpTask, solve_root_lp
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_PAUSE, ProcessLost
from diffpump.search.space import Spaces

QUICK_SECONDS = 1.2  # seconds of the simplex in this process, before the two processes start
TURN_SECONDS = {"ipm": 0.4, "simplex": 0.6}  # seconds that one process works before the other one does
RESTART_SHARES = {"simplex": 0.4, "ipm": 1.0}  # shares of the rest of a slice, without pausable processes
ITERATION_PASSES = {"simplex": 1, "ipm": 100}  # passes over the matrix that an iteration counts as
SLICE_GROWTH = 2.0  # factor between two slices where each one starts again


Learn = Callable[[LpOutcome, LpLimits], None]


class Root:
    """Solves the root LP; it offers no points.

    It is exhausted once there is a point, or once the LP is infeasible or every algorithm has failed.

    learn       takes the outcome of the original model's LP, and limits for an LP of its own
    exit_stack  ends the processes with the run
    algorithms  returns the algorithms that this process runs
    """

    def __init__(
        self, spaces: Spaces, pool: Pool, learn: Learn, exit_stack: ExitStack,
        algorithms: Callable[[], tuple[str, ...]] = lambda: tuple(TURN_SECONDS),
    ) -> None:  # fmt: skip
        self.exhausted = False
        self._algorithms = algorithms
        self._spaces, self._space, self._pool = spaces, spaces.presolved, pool
        self._learn, self._exit_stack = learn, exit_stack
        self._longest = 0.0  # seconds of the longest slice so far
        self._processes: dict[str, LpProcess] = {}
        self._started: set[str] = set()  # the algorithms that have had a process

    @property
    def min_seconds(self) -> float:
        """The seconds that the next slice must have at least, if each slice starts again; else 0."""
        return SLICE_GROWTH * self._longest

    def run(self, budget: Budget) -> None:
        """Solve the LP, or continue to solve it."""
        if self._space.bound is not None:  # another arm has solved it
            self._end()
        elif budget.deterministic or not CAN_PAUSE:
            self._restart(budget)
        else:
            algorithms = self._algorithms()
            if not self._started:
                self._exit_stack.callback(self._end)
                if "simplex" in algorithms:
                    limits = budget.lp_limits(self._space.problem)
                    quick = replace(limits, seconds=min(QUICK_SECONDS, budget.left()))
                    self._record("simplex", solve_root_lp(self._space.problem, "simplex", quick), budget)
            if not self.exhausted:
                self._continue(algorithms, budget)

    def _continue(self, algorithms: tuple[str, ...], budget: Budget) -> None:
        """Let the processes work in turn; start those of algorithms that have not had one."""
        processes = self._processes
        for name in algorithms:
            if name not in self._started:
                self._started.add(name)
                processes[name] = LpProcess(LpTask(replace(self._space.problem), name))
        while processes and not (budget.is_spent() or self.exhausted):
            self._spaces.adopt_received()
            if self._space.bound is not None:
                break
            for name, process in list(processes.items()):
                message = process.run(budget.split(TURN_SECONDS[name]).is_spent)
                if message is not None:
                    processes.pop(name).end()
                if isinstance(message, LpOutcome):
                    self._record(name, message, budget)
                self._pool.lost_processes += isinstance(message, ProcessLost)
                if self.exhausted:
                    break
        if self.exhausted or not processes or self._space.bound is not None:
            self._end()

    def _end(self) -> None:
        """End the processes, since the LP is solved or nothing can solve it."""
        self.exhausted = True
        for process in self._processes.values():
            process.end()

    def _restart(self, budget: Budget) -> None:
        """Run both algorithms from scratch, one after the other."""
        problem = self._space.problem
        self._longest = max(self._longest, budget.seconds)
        for name, share in RESTART_SHARES.items():
            if not (budget.is_spent() or self.exhausted):
                self._record(name, solve_root_lp(problem, name, self._limits(budget, name, share)), budget)

    def _record(self, name: str, outcome: LpOutcome, budget: Budget) -> None:
        """Keep the point and the bound of an outcome, or prove that the LP is infeasible."""
        space, problem = self._space, self._space.problem
        budget.spend_lp(problem, outcome.iterations, ITERATION_PASSES[name])
        original = self._spaces.original.problem
        if problem is original:
            self._learn(outcome, budget.lp_limits(original))
        elif outcome.status in (LpStatus.INFEASIBLE, LpStatus.UNBOUNDED):  # of the presolved model only
            limits = budget.lp_limits(original)
            self._learn(solve_root_lp(original, "simplex", limits), limits)
        self.exhausted |= outcome.status is LpStatus.INFEASIBLE
        space.keep_root(outcome)
        self.exhausted |= outcome.x is not None

    def _limits(self, budget: Budget, name: str, share: float) -> LpLimits:
        """Return the limits of an algorithm that may use a share of the budget.

        In a deterministic run the share applies to iterations alone, and time only ends the run.
        """
        limits, passes = budget.lp_limits(self._space.problem), ITERATION_PASSES[name]
        seconds = limits.seconds
        if seconds is not None and not budget.deterministic:
            seconds *= share
        return replace(
            limits,
            seconds=seconds,
            iterations=None if limits.iterations is None else int(share * limits.iterations / passes) + 1,
        )


@arm(
    "root", "the root LP, by simplex and interior point", before={110: 1.2, 150: 3.0, 300: 4.0},
    cold={20: 2.0}, after=(30, 3.0), early=0.5, rewarded=False, urgent=True, min_share=0.5,
    min_share_stagnant=0.67, needs_kernels=False,
)  # fmt: skip
def _root(context: RunContext) -> Arm:
    def algorithms() -> tuple[str, ...]:
        every = tuple(TURN_SECONDS)
        return (every[(context.number + 1) % len(every)],) if context.is_shared() else every

    return Root(context.spaces, context.pool, context.learn, context.exit_stack, algorithms)
