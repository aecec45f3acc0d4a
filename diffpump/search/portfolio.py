"""Who is next, for how long: the schedule as data, and the loop.

Until the first solution arms get their slices of `first` in its order; then its round is repeated, every
slice twice as long as in the round before. After a solution arms of `better` are chosen by what they have
paid so far: the relative improvement they brought for each second, older slices counting less, each arm
tried now and then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from diffpump.oracle import Clock
from diffpump.search.arm import SPEED, Arm, Slice
from diffpump.search.pool import Pool

FORGET = 0.7  # what an arm paid counts so much after another slice of it
CURIOUS = 0.1  # what an arm that was never tried is taken to pay, and the least it is taken to


@dataclass
class Ledger:
    """What an arm cost and brought."""

    slices: int = 0
    seconds: float = 0.0
    work: int = 0
    incumbents: int = 0
    worth: float = CURIOUS


@dataclass(frozen=True)
class Event:
    """A slice that is over: began and ended in seconds since the run began; work in touched nonzeros; the
    incumbents it found; the fewest violated rows of any near point so far, and the LP bound in the model's
    own sense, None without one."""

    arm: str
    began: float
    ended: float
    work: int
    incumbents: int
    violated: int | None
    bound: float | None


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
            self._slice(name, seconds)

    def _turns(self) -> Iterator[tuple[str, float]]:
        factor, rounds = 1.0, list(self.first)
        while self._open() and self.pool.best is None:
            idle = True
            for name, seconds in rounds[0]:
                if self._open() and self.pool.best is None and not self.arms(name).exhausted:
                    idle = False
                    yield name, factor * seconds
            if len(rounds) > 1:
                del rounds[0]
            elif idle:
                return
            else:
                factor *= 2
        while self._open():
            ready = [(n, s) for n, s in self.better if not self.arms(n).exhausted]
            if not ready:
                return
            yield max(ready, key=lambda entry: self._worth(entry[0]))

    def _open(self) -> bool:
        return self.clock.ended() is None and not self.pool.closed and not self.enough() and self._work() > 0

    def _work(self) -> float:
        """Touched nonzeros that are left."""
        return self.work_limit - sum(entry.work for entry in self.ledger.values())

    def _worth(self, name: str) -> float:
        return self.ledger.get(name, Ledger()).worth

    def _slice(self, name: str, seconds: float) -> None:
        entry, pool, began = self.ledger.setdefault(name, Ledger()), self.pool, time.monotonic()
        before, found, completing = pool.best, len(pool.solutions), pool.complete.iterations
        if self.counted:
            seconds = min(seconds, self._work() / SPEED)
        piece = Slice(seconds, self.clock, self.enough, self.counted)
        self.arms(name).run(piece)
        pool.settle()
        # One at least: a slice that costs nothing could be had for ever.
        piece.solved(pool.problem, 1 + pool.complete.iterations - completing)
        took, best = time.monotonic() - began, pool.best
        gain = 0.0
        if before is not None and best is not None:
            gain = (before.value - best.value) / max(abs(before.value), abs(best.value), 1e-9)
        cost = piece.work / SPEED if self.counted else took
        entry.slices += 1
        entry.seconds += took
        entry.work += piece.work
        entry.incumbents += len(pool.solutions) - found
        entry.worth = FORGET * entry.worth + (1 - FORGET) * gain / max(cost, 0.1)
        self.watch(name, began, piece, len(pool.solutions) - found)
