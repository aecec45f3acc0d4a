"""Parallel search: more processes run the engine, and this one proves what they find.

Each process has another seed, and the turns of a round are dealt to all of them (`dealt`), so that every arm
has its turn sooner. What one process finds out about the presolved model serves the others.

    to a member    its task (model, settings, seed), then every new best solution and new findings
    from a member  that it begins to search, every improving point with its arm, every slice, its findings,
                   and a final message

Members (`diffpump.search.member`) are processes as `diffpump.search.process` starts them, one after another
(`diffpump.search.starter`). One that dies is counted, the others go on, and no more are started.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType

from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS, Turns, role
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import OPTIMALITY_TOL
from diffpump.outcome.claim import Claim
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.search.launch import MEMBER
from diffpump.search.pool import Pool
from diffpump.search.process import Process, ProcessLost
from diffpump.search.solutions import Solution
from diffpump.search.space import Findings, Spaces
from diffpump.search.starter import Starter

SEED_STRIDE = 7919  # between the seeds of two processes
MEMBER_SECONDS = 0.2  # from the first turn of the process that the user started to that of a member
LEADING_SECONDS = 0.8  # that presolve is expected to take


@dataclass(frozen=True, eq=False)
class MemberTask:
    """The task of a member.

    number    of the process, from 1
    began     when the run began (time.monotonic, which all processes share)
    deadline  when it must end, on the same scale; None for no limit
    """

    problem: Problem
    settings: Settings
    seed: int
    number: int
    began: float
    deadline: float | None


@dataclass(frozen=True, eq=False)
class IncumbentMessage:
    """The best proven solution, and the number of points that the exact check has refused so far.

    When that number grows, a member must give up its own incumbent, which may be the refused point.
    """

    solution: Solution | None
    refused: int


@dataclass(frozen=True, eq=False)
class CandidateMessage:
    """A point (n,) that a member takes for a solution, and the arm that found it."""

    x: Vector
    arm: str


@dataclass(frozen=True)
class SearchingMessage:
    """Reports that a member begins to search."""


@dataclass(frozen=True)
class FinishedMessage:
    """Reports that a member has ended its search.

    complete        the claim of a complete search that nothing is better than c'x = `value`, or None
    lost_processes  the number of processes that the member lost
    """

    complete: Claim | None
    value: float
    lost_processes: int = 0


_Waiting = CandidateMessage | SliceReport | Findings | FinishedMessage | ProcessLost


def dealt(turns: Turns, number: int, count: int) -> Turns:
    """Return the turns of a round in the order of process `number` of `count`.

    Each turn is dealt to the process that is free first if all turns take their seconds. A process begins
    with those that were dealt to it and goes on with the others, which the other processes have had by then.
    Turns of arms with `Role.leads` are every process's own and count `LEADING_SECONDS`, since they end early.
    They stay in place in the process that the user started, and come first in the others.
    """
    leading = [turn for turn in turns if role(turn[0]).leads]
    free = [(LEADING_SECONDS * len(leading) + MEMBER_SECONDS) * (process > 0) for process in range(count)]
    own, others = list[tuple[str, float]](), list[tuple[str, float]]()
    if number > 0:
        own += leading
    for turn in turns:
        if turn in leading:
            free[0] += LEADING_SECONDS
            own += [turn] * (number == 0)
            continue
        process = min(range(count), key=lambda one: free[one])
        free[process] += turn[1]
        (own if process == number else others).append(turn)
    return (*own, *others)


def complementary(settings: Settings, number: int) -> Settings:
    """Return the settings of process `number`, with its order of turns.

    Every member has all arms but those with `Role.alone`. Arms with `Role.once` run after the first solution
    in the first member only.
    """
    first, cold = (dealt(turns, number, settings.threads) for turns in (settings.first, settings.cold))
    better = dealt(settings.better, number, settings.threads)
    if number == 0:
        return settings.with_(first=first, cold=cold, better=better)
    if number > 1:
        better = tuple(turn for turn in better if not role(turn[0]).once)
    alone = {name for name in ARMS if role(name).alone}
    without = (*settings.without, *sorted(alone.difference(settings.without)))
    return settings.with_(
        threads=1, until="time", solutions=1, objective_target=None, without=without, first=first, cold=cold,
        better=better,
    )  # fmt: skip


class ParallelSearch:
    """The other processes of a run, as a context; call `poll` often to take their messages to the pool.

    spaces    receive the members' findings
    on_slice  called with every slice of a member
    enough    returns whether the run needs no more solutions

    Members that died, and processes that members lost, count as the pool's lost processes.
    """

    def __init__(
        self,
        setup: RunSetup,
        settings: Settings,
        pool: Pool,
        spaces: Spaces,
        on_slice: Callable[[SliceReport], None],
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        self._pool, self._spaces, self._on_slice, self._enough = pool, spaces, on_slice, enough
        self._messages: deque[_Waiting] = deque()
        self._polling = False
        self._nothing: dict[type, object] = {IncumbentMessage: IncumbentMessage(None, 0)}
        self._news = dict(self._nothing)
        self._known: list[dict[type, object]] = []  # what each member that has been started knows of the news
        self._ended = 0  # members that have ended
        bare = replace(setup.problem)  # without the matrices that were derived from it

        def start(number: int) -> Process:
            task = MemberTask(
                bare, complementary(settings, number), setup.seed + SEED_STRIDE * number, number,
                setup.started, setup.run_limits.deadline,
            )  # fmt: skip
            return Process(MEMBER, task, self._receive, FinishedMessage)

        self._starter = Starter(
            start, settings.threads - 1, setup.run_limits.deadline, lambda: self._receive(ProcessLost(False))
        )
        self._starter.begin()

    @property
    def pids(self) -> list[int]:
        """The process ids of the members that have been started."""
        return [member.pid for member in self._starter.started]

    @property
    def is_busy(self) -> bool:
        """Whether a member is still at work, or may still be started."""
        return self._starter.is_starting or self._ended < len(self._starter.started)

    def share(self, found: Findings) -> None:
        """Send findings to every member, also to those that start later."""
        self._news[Findings] = found
        self._post_news()

    def _receive(self, message: SearchingMessage | _Waiting) -> None:
        """Take a message of a member, in the thread that reads it."""
        if isinstance(message, SearchingMessage):
            return self._starter.count_at_work()
        if isinstance(message, ProcessLost):  # another one might be lost as well
            self._starter.stop()
        self._messages.append(message)

    def poll(self) -> None:
        """Take the messages that have come, and send what is new; only in the thread that owns the pool."""
        if self._polling:  # called by the stop callback of the pool's LP, from within this method
            return
        self._polling = True
        try:
            while self._messages and not self._enough():
                self._take(self._messages.popleft())
            self._pool.prove_waiting(if_due=True)
            state, latest = (self._pool.best, self._pool.rejected), self._news[IncumbentMessage]
            assert isinstance(latest, IncumbentMessage)
            if state != (latest.solution, latest.refused):
                self._news[IncumbentMessage] = IncumbentMessage(*state)
            self._post_news()
        finally:
            self._polling = False

    def _post_news(self) -> None:
        """Send each member the news that it does not know."""
        started = self._starter.started[:]
        self._known += [dict(self._nothing) for _ in started[len(self._known) :]]
        for member, known in zip(started, self._known, strict=True):
            for kind, message in self._news.items():
                if known.get(kind) is not message:
                    known[kind] = message
                    member.post(message)

    def _take(self, message: _Waiting) -> None:
        if isinstance(message, CandidateMessage):
            self._pool.offer(message.x, message.arm, foreign=True)
        elif isinstance(message, SliceReport):
            self._on_slice(message)
        elif isinstance(message, Findings):
            self._spaces.received[message.process] = message
        else:
            if isinstance(message, ProcessLost):
                self._ended += message.started
                self._pool.lost_processes += 1
            else:
                self._ended += 1
                self._finish(message)

    def _finish(self, message: FinishedMessage) -> None:
        self._pool.lost_processes += message.lost_processes
        if message.complete is not None:
            self._pool.prove_waiting()
            without = self._pool.best is None
            same = without == (message.value == float("inf"))
            hidden = 0 < self._pool.step < 2 * OPTIMALITY_TOL  # steps that the member's solver cannot see
            if same and self._pool.value <= message.value and not hidden:
                self._pool.complete = message.complete

    def __enter__(self) -> ParallelSearch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._starter.end()
        self._messages.clear()  # messages that have not been taken by now do not count
