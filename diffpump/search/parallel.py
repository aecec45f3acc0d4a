"""More processes: each runs the engine from another seed, in another order; this one proves what they find.

    to a member    the job (model, settings, seed), then the best solution whenever there is another
    from a member  every improving point with its arm's name, every slice, and how it ended

Members (`diffpump.search.member`) are processes as `diffpump.search.process` starts them: one that dies is
counted, and the rest goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType

from diffpump.config.engine import Settings, Turns
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.search.pool import Pool, Solution
from diffpump.search.portfolio import Event
from diffpump.search.process import Lost, Process

STRIDE = 7919  # between the seeds of two processes
MEMBER = "diffpump.search.member"


@dataclass(frozen=True, eq=False)
class Job:
    """What a member is to do; `number` is from 1, times are `time.monotonic`'s."""

    problem: Problem
    settings: Settings
    seed: int
    number: int
    began: float
    deadline: float | None


@dataclass(frozen=True, eq=False)
class Best:
    """The best proven solution, and how many points the exact check has refused so far: after another one
    a member must give up its own, which may be that point."""

    solution: Solution | None
    refused: int


@dataclass(frozen=True, eq=False)
class Found:
    """A point (n,) that a member takes for a solution."""

    x: Vector
    arm: str


@dataclass(frozen=True)
class Done:
    """A member has nothing left to do. closed: its last word was that nothing is better than `value`; lost:
    processes that it lost."""

    closed: bool
    value: float
    lost: int = 0


def complementary(settings: Settings, number: int) -> Settings:
    """Another order of arms for process `number`: presolve first, what others begin with last."""

    def turned(turns: Turns) -> Turns:
        head = tuple(turn for turn in turns if turn[0] == "presolve")
        rest = tuple(turn for turn in turns if turn[0] != "presolve")
        k = number * len(rest) // settings.threads
        return head + rest[k:] + rest[:k]

    return settings.with_(
        threads=1, until="time", first=turned(settings.first), cold=turned(settings.cold),
        better=turned(settings.better),
    )  # fmt: skip


class Team:
    """The other processes of a search, as a context; `poll`, called often, takes their news to the pool.

    Members that died count as the pool's lost processes, as do those that members lost.
    """

    def __init__(
        self, problem: Problem, settings: Settings, seed: int, pool: Pool, began: float,
        deadline: float | None, watch: Callable[[Event], None], enough: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._pool, self._watch, self._enough = pool, watch, enough
        self._news: deque[Found | Event | Done | Lost] = deque()
        self._polling = False
        self._told: tuple[Solution | None, int] = (None, 0)
        bare = replace(problem)  # without what was derived from it
        self._members: list[Process] = []
        try:
            for k in range(1, settings.threads):
                job = Job(bare, complementary(settings, k), seed + STRIDE * k, k, began, deadline)
                self._members.append(Process(MEMBER, job, self._news.append, Done))
        except OSError:  # the system has no room for so many
            self._end()
            raise
        self._busy = len(self._members)

    @property
    def pids(self) -> list[int]:
        """The members' process ids."""
        return [member.pid for member in self._members]

    @property
    def busy(self) -> bool:
        """Whether anybody is still at work."""
        return self._busy > 0

    def poll(self) -> None:
        """Take what has come, tell what is new; in the thread that the pool belongs to."""
        if self._polling:  # by a call from within the pool
            return
        self._polling = True
        try:
            while self._news and not self._enough():
                self._take(self._news.popleft())
            self._pool.settle(due=True)
            state = self._pool.best, self._pool.rejected
            if state != self._told:
                self._told = state
                for member in self._members:
                    member.tell(Best(*state))
        finally:
            self._polling = False

    def _take(self, news: Found | Event | Done | Lost) -> None:
        if isinstance(news, Found):
            self._pool.offer(news.x, news.arm, foreign=True)
        elif isinstance(news, Event):
            self._watch(news)
        else:
            self._busy -= 1
            self._pool.lost += news.lost if isinstance(news, Done) else 1
        if isinstance(news, Done) and news.closed:
            self._pool.settle()
            none = self._pool.best is None
            self._pool.closed |= none == (news.value == float("inf")) and not self._pool.better(news.value)

    def __enter__(self) -> Team:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for member in self._members:
            member.end()
        self._news.clear()  # too late
