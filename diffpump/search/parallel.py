"""Parallel search: more processes run the engine, and this one proves what they find.

Each member has another seed and another order of arms.

    to a member    its task (model, settings, seed), then every new best solution
    from a member  every improving point with its arm, every slice, and a final message

Members (`diffpump.search.member`) are processes as `diffpump.search.process` starts them: one that dies is
counted, and the others go on.
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
from diffpump.outcome.claim import Claim
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.search.pool import Pool, Solution
from diffpump.search.process import Process, ProcessLost

SEED_STRIDE = 7919  # between the seeds of two processes
MEMBER = "diffpump.search.member"


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
class FinishedMessage:
    """Reports that a member has ended its search.

    complete        the claim of a complete search that nothing is better than c'x = `value`, or None
    lost_processes  the number of processes that the member lost
    """

    complete: Claim | None
    value: float
    lost_processes: int = 0


def complementary(settings: Settings, number: int) -> Settings:
    """Return the settings of process `number`: arms with `Role.leads` first, then the others, rotated."""

    def rotated(turns: Turns) -> Turns:
        head = tuple(turn for turn in turns if role(turn[0]).leads)
        tail = tuple(turn for turn in turns if not role(turn[0]).leads)
        k = number * len(tail) // settings.threads
        return head + tail[k:] + tail[:k]

    alone = {name for name in ARMS if role(name).alone}
    without = (*settings.without, *sorted(alone.difference(settings.without)))
    return settings.with_(
        threads=1, until="time", without=without, first=rotated(settings.first), cold=rotated(settings.cold),
        better=rotated(settings.better),
    )  # fmt: skip


class ParallelSearch:
    """The other processes of a run, as a context; call `poll` often to take their messages to the pool.

    on_slice  called with every slice of a member
    enough    returns whether the run needs no more solutions

    Members that died, and processes that members lost, count as the pool's lost processes.
    """

    def __init__(
        self,
        setup: RunSetup,
        settings: Settings,
        pool: Pool,
        on_slice: Callable[[SliceReport], None],
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        self._pool, self._on_slice, self._enough = pool, on_slice, enough
        self._messages: deque[CandidateMessage | SliceReport | FinishedMessage | ProcessLost] = deque()
        self._polling = False
        self._sent: tuple[Solution | None, int] = (None, 0)
        bare = replace(setup.problem)  # without the matrices that were derived from it
        self._members: list[Process] = []
        try:
            for k in range(1, settings.threads):
                task = MemberTask(
                    bare, complementary(settings, k), setup.seed + SEED_STRIDE * k, k, setup.started,
                    setup.run_limits.deadline,
                )  # fmt: skip
                self._members.append(Process(MEMBER, task, self._messages.append, FinishedMessage))
        except OSError:  # the system cannot start so many processes
            self._end()
            raise
        self._busy = len(self._members)

    @property
    def pids(self) -> list[int]:
        """The members' process ids."""
        return [member.pid for member in self._members]

    @property
    def is_busy(self) -> bool:
        """Whether a member is still at work."""
        return self._busy > 0

    def poll(self) -> None:
        """Take the messages that have come, and send what is new; only in the thread that owns the pool."""
        if self._polling:  # called by the stop callback of the pool's LP, from within this method
            return
        self._polling = True
        try:
            while self._messages and not self._enough():
                self._take(self._messages.popleft())
            self._pool.prove_waiting(if_due=True)
            state = self._pool.best, self._pool.rejected
            if state != self._sent:
                self._sent = state
                for member in self._members:
                    member.post(IncumbentMessage(*state))
        finally:
            self._polling = False

    def _take(self, message: CandidateMessage | SliceReport | FinishedMessage | ProcessLost) -> None:
        if isinstance(message, CandidateMessage):
            self._pool.offer(message.x, message.arm, foreign=True)
        elif isinstance(message, SliceReport):
            self._on_slice(message)
        else:
            self._busy -= 1
            if isinstance(message, ProcessLost):
                self._pool.lost_processes += 1
            else:
                self._finish(message)

    def _finish(self, message: FinishedMessage) -> None:
        self._pool.lost_processes += message.lost_processes
        if message.complete is not None:
            self._pool.prove_waiting()
            without = self._pool.best is None
            same = without == (message.value == float("inf"))
            if same and self._pool.value <= message.value:
                self._pool.complete = message.complete

    def __enter__(self) -> ParallelSearch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for member in self._members:
            member.end()
        self._messages.clear()  # messages that have not been taken by now do not count
