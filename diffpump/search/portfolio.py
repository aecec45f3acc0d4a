"""Who is next, for how long: the schedule as data, and the loop.

Until the first solution arms get their slices of `first` in its order; then its round is repeated, every
slice twice as long as in the round before.

After a solution the arms of `better` share the time. AT_ONCE goes whenever it can, then the first of
PAY_LATE that can go, if it has had less than its share: the root LP, then branch and cut, which pays nothing
before its root node is over. Of the others the next one is that of the smallest

    (spent + NEW) / (1 + FAVOUR luck pay)

where `luck` is the share of its slices, of late, that paid, and `pay` the relative improvement of the
objective for each second, as a part of the best arm's. So who goes on paying has most of the time, and where
nobody pays all have the same. What is longer ago counts less, and what was paid still less after a slice for
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from diffpump.oracle import Clock
from diffpump.search.arm import ITERATION, SPEED, Arm, Slice
from diffpump.search.pool import Pool, Solution

AT_ONCE = "polish"
PAY_LATE = {"root": 0.67, "mip": 0.33}  # and the share of the time that the first of them that can go has
HALF = 8.0  # seconds after which what was paid and spent counts half
FADE = 0.5  # of luck and of what was paid is left after a slice that paid nothing
LEAST = 0.05  # seconds that a slice counts as, at least
NEW = 0.5  # seconds that every arm is taken to have spent
FAVOUR = 15.0  # times as much as an arm that pays nothing, one that always pays and most may have


@dataclass
class Ledger:
    """What an arm cost and brought; `paid`, in relative improvement, `spent`, in seconds, and `luck`, the
    share of its slices that paid, of late."""

    slices: int = 0
    seconds: float = 0.0
    work: int = 0
    lp_iterations: int = 0
    incumbents: int = 0
    paid: float = 0.0
    spent: float = 0.0
    luck: float = 0.0

    @property
    def pay(self) -> float:
        """For each second."""
        return self.paid / self.spent if self.paid else 0.0


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
            ready = [(n, s) for n, s in self.better if not self.arms(n).exhausted]
            if not ready:
                return
            yield self._chosen(ready)

    def open(self) -> bool:
        """Whether there is time, and something to gain."""
        return self.clock.ended() is None and not self.pool.closed and not self.enough() and self._work() > 0

    def _work(self) -> float:
        """Touched nonzeros that are left."""
        return self.work_limit - sum(entry.work for entry in self.ledger.values())

    def _chosen(self, ready: list[tuple[str, float]]) -> tuple[str, float]:
        """Who is next, of those who can go."""
        names = [name for name, _ in ready]
        late = next((name for name in PAY_LATE if name in names), None)
        return min(ready, key=lambda entry: self._rank(entry[0], late))

    def _rank(self, name: str, late: str | None) -> float:
        if name == AT_ONCE:
            return -2.0
        entry = self.ledger.get(name, Ledger())
        others = {arm: entry for arm, entry in self.ledger.items() if arm != AT_ONCE}
        rest = sum(entry.spent for arm, entry in others.items() if arm not in PAY_LATE)
        if name == late and entry.spent < PAY_LATE[name] * (entry.spent + rest):
            return -1.0
        best = max((entry.pay for entry in others.values()), default=0.0)
        return (entry.spent + NEW) / (1.0 + FAVOUR * entry.luck * (entry.pay / best if best else 0.0))

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
            for one in self.ledger.values():
                one.paid, one.spent = one.paid * 0.5 ** (cost / HALF), one.spent * 0.5 ** (cost / HALF)
            entry.paid = entry.paid + gain if gain else FADE * entry.paid
            entry.luck = FADE * entry.luck + (1.0 - FADE) * (gain > 0)
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
