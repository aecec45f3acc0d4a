"""Who is next, for how long: the schedule as data, and the loop.

Until the first solution arms get their slices of `first` in its order; then its round is repeated, every
slice twice as long as in the round before.

After a solution arms of `better` are chosen by what they pay: the relative improvement of the objective for
each second, of which what is longer ago counts less, and still less after a slice for nothing. Those AT_ONCE
go whenever they can; of the others the next one is that of the largest

    (paid + PRIOR OPTIMISM mean) / (spent + PRIOR)

with the mean pay of them all but SOWS, on which others live and which pays nothing itself, so that one that
was tried little is taken to be better than the mean; where nobody has paid, the one on which least was spent.
A slice for nothing costs the mean less than the arm that had it: otherwise an arm that alone has paid, and
does no more, would stay the best of all. Before all that come those who have had less than their SHARES of
the time: the root LP until it is there, then branch and cut, which pays nothing before its root node is over,
and RINS and RENS, which have to find their size. The longer nobody has paid, the more have root LP and branch
and cut, which alone goes on where it was, and the less RINS and RENS, which search around what does not move;
but until everybody has had a turn that does not count: what HiGHS searches for a minute in vain may be
conflict-driven search's in seconds (satellites2-40).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from diffpump.core.limits import Clock
from diffpump.search.arm import ITERATION, SPEED, Arm, Slice
from diffpump.search.pool import Pool, Solution

AT_ONCE, SOWS = ("polish", "presolve"), "root"
# Of the time, at least, where they can go: while somebody pays, and when nobody has for long.
SHARES = {"root": 0.5, "mip": 0.15, "rins": 0.2, "rens": 0.15}
LATE = {"root": 0.67, "mip": 0.5, "rins": 0.1, "rens": 0.08}
PAYS = 1e-3  # relative improvement that counts for that
HALF = 8.0  # seconds after which what was paid and spent counts half, and it is half as late as it can be
FADE, MEAN_FADE = 0.5, 0.8  # of what it paid, and of the mean, is left after an arm's slice for nothing
LEAST = 0.05  # seconds that a slice counts as, at least
PRIOR, OPTIMISM = 2.0, 2.0  # seconds that an arm is taken to have paid so many times the mean already


@dataclass
class Ledger:
    """What an arm cost and brought; `paid`, in relative improvement, and `spent`, in seconds, of late."""

    slices: int = 0
    seconds: float = 0.0
    work: int = 0
    lp_iterations: int = 0
    incumbents: int = 0
    paid: float = 0.0
    spent: float = 0.0


@dataclass(frozen=True)
class Event:
    """A slice that is over: began and ended in seconds since the run began; work in touched nonzeros; the
    incumbents it found; the fewest violated rows of any near point so far, and the LP bound in the model's
    own sense, None without one. process: 0 is this one."""

    arm: str
    began: float
    ended: float
    work: int
    incumbents: int
    violated: int | None
    bound: float | None
    process: int = 0


@dataclass(eq=False)
class Portfolio:
    """Arms under one clock. `first`: rounds of (arm, seconds) until there is a solution, the last repeated;
    `better`: arms after that, and how long a slice of each is; `watch` is told of every slice."""

    pool: Pool
    clock: Clock
    arms: Callable[[str], Arm]  # made when first asked for
    first: tuple[tuple[tuple[str, float], ...], ...]
    better: tuple[tuple[str, float], ...]
    enough: Callable[[], bool] = lambda: False
    counted: bool = False
    work_limit: float = float("inf")  # touched nonzeros
    watch: Callable[[str, float, Slice, int], None] = lambda arm, began, piece, incumbents: None
    ledger: dict[str, Ledger] = field(default_factory=dict)
    earned: float = 0.0  # by all arms, of late
    late: float = 0.0  # seconds since one has paid

    def run(self) -> None:
        """Until the clock ends, the pool has enough, or nobody can do anything more."""
        for name, seconds in self._turns():
            self.give(name, seconds)

    def _turns(self) -> Iterator[tuple[str, float]]:
        factor, rounds = 1.0, list(self.first)
        while self.open() and self.pool.best is None:
            idle = True
            for name, seconds in rounds[0]:
                if self.open() and self.pool.best is None and not self.arms(name).exhausted:
                    idle = False
                    yield name, factor * seconds
            if len(rounds) > 1:
                del rounds[0]
            elif idle:
                return
            else:
                factor *= 2
        while self.open():
            ready = self._ready(at_once=True) or self._ready(at_once=False)
            if not ready:
                return
            yield self._chosen(ready)

    def open(self) -> bool:
        """Whether there is time, and something to gain."""
        return self.clock.ended() is None and not self.pool.closed and not self.enough() and self._work() > 0

    def _work(self) -> float:
        """Touched nonzeros that are left."""
        return self.work_limit - sum(entry.work for entry in self.ledger.values())

    def _ready(self, at_once: bool) -> list[tuple[str, float]]:
        """Who can go, of those that go at once or of the others, which are made when presolve is over."""
        turns = [turn for turn in self.better if (turn[0] in AT_ONCE) == at_once]
        return [turn for turn in turns if not self.arms(turn[0]).exhausted]

    def _chosen(self, ready: list[tuple[str, float]]) -> tuple[str, float]:
        """Who is next, of those who can go."""
        shares = self._shares([name for name, _ in ready])
        return max(ready, key=lambda turn: self._rank(turn[0], shares))

    def _rank(self, name: str, shares: dict[str, float]) -> tuple[float, float]:
        entry = self.ledger.get(name, Ledger())
        others = {arm: entry for arm, entry in self.ledger.items() if arm not in AT_ONCE}
        spent = sum(entry.spent for arm, entry in others.items() if arm != SOWS)
        if name in shares:
            due = shares[name] * (spent + (entry.spent if name == SOWS else 0.0))
            if entry.spent < due:
                return float("inf"), due - entry.spent
        paid = sum(entry.paid for arm, entry in others.items() if arm != SOWS)
        mean = max(paid, self.earned) / spent if spent else 0.0
        return (entry.paid + PRIOR * OPTIMISM * mean) / (entry.spent + PRIOR), -entry.spent

    def _shares(self, ready: list[str]) -> dict[str, float]:
        """Of the time, at least; it is not late as long as there are arms that have not been tried."""
        tried = all(name in SHARES or self.ledger.get(name, Ledger()).spent for name in ready)
        late = self.late / (self.late + HALF) if tried else 0.0
        shares = {name: share + (LATE[name] - share) * late for name, share in SHARES.items()}
        return {SOWS: shares[SOWS]} if SOWS in ready else shares

    def give(self, name: str, seconds: float) -> None:
        """A slice to an arm."""
        entry, pool, began = self.ledger.setdefault(name, Ledger()), self.pool, time.monotonic()
        before, found, completing = pool.best, len(pool.solutions), pool.complete.iterations
        if self.counted:
            seconds = min(seconds, self._work() / SPEED)
        piece = Slice(seconds, self.clock, lambda: self.enough() or self._overtaken(before), self.counted)
        self.arms(name).run(piece)
        pool.settle()
        piece.solved(pool.problem, pool.complete.iterations - completing)
        piece.spend(ITERATION)  # a slice that costs nothing could be had for ever
        took, new = time.monotonic() - began, pool.solutions[found:]
        own = sum(not solution.foreign for solution in new)
        gain = 0.0 if before is None else _gain(before, new)
        cost = piece.work / SPEED if self.counted else took
        entry.slices += 1
        entry.seconds += took
        entry.work += piece.work
        entry.lp_iterations += piece.lp_iterations
        entry.incumbents += own
        if before is not None:
            left = 0.5 ** (cost / HALF)
            for one in self.ledger.values():
                one.paid, one.spent = left * one.paid, left * one.spent
            self.earned *= left
            self.late = 0.0 if gain >= PAYS else self.late + cost
            if name not in AT_ONCE:
                barren = not gain and name not in SHARES
                self.earned = self.earned * MEAN_FADE if barren else self.earned + gain
            entry.paid = entry.paid + gain if gain else FADE * entry.paid
            entry.spent += max(cost, LEAST)
        self.watch(name, began, piece, own)

    def _overtaken(self, before: Solution | None) -> bool:
        """Whether another process has found the first solution, which this slice was to find."""
        best = self.pool.best
        return before is None and best is not None and best.foreign


def _gain(before: Solution, new: list[Solution]) -> float:
    """The relative improvement by solutions of this process."""
    gain, value = 0.0, before.value
    for solution in new:
        gain += 0.0 if solution.foreign else value - solution.value
        value = solution.value
    return gain / max(abs(before.value), abs(value), 1e-9)
