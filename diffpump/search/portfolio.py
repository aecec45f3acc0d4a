"""Who is next, for how long: the schedule as data, and the loop.

Until the first solution arms get the slices of `FIRST` in its order; then its round is repeated, every slice
twice as long as in the round before. After a solution `BETTER` arms are chosen by what they have paid so far:
the share of the gap to the bound that they closed for each second, older rounds counting less, each arm tried
now and then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from diffpump.oracle import Clock
from diffpump.search.arm import Arm, Slice
from diffpump.search.pool import Pool

FORGET = 0.7  # what an arm paid counts so much after another slice of it
CURIOUS = 0.1  # what an arm that was never tried is taken to pay, and the least it is taken to


@dataclass
class Ledger:
    """What an arm cost and brought."""

    slices: int = 0
    seconds: float = 0.0
    incumbents: int = 0
    worth: float = CURIOUS


@dataclass(eq=False)
class Portfolio:
    """Arms under one clock. `first`: (arm, seconds) until there is a solution; `better`: arms after that, and
    how long a slice of each is."""

    pool: Pool
    clock: Clock
    arms: Callable[[str], Arm]  # made when first asked for
    first: tuple[tuple[str, float], ...]
    better: tuple[tuple[str, float], ...]
    enough: Callable[[], bool] = lambda: False
    ledger: dict[str, Ledger] = field(default_factory=dict)

    def run(self) -> None:
        """Until the clock ends, the pool has enough, or nobody can do anything more."""
        for name, seconds in self._turns():
            self._slice(name, seconds)

    def _turns(self) -> Iterator[tuple[str, float]]:
        factor, turns = 1.0, 0
        while self._open() and self.pool.best is None:
            before = turns
            for name, seconds in self.first:
                if self._open() and self.pool.best is None and not self.arms(name).exhausted:
                    turns += 1
                    yield name, factor * seconds
            if turns == before:
                return
            factor *= 2
        while self._open():
            ready = [(n, s) for n, s in self.better if not self.arms(n).exhausted]
            if not ready:
                return
            yield max(ready, key=lambda entry: self._worth(entry[0]))

    def _open(self) -> bool:
        return self.clock.ended() is None and not self.enough()

    def _worth(self, name: str) -> float:
        return self.ledger.get(name, Ledger()).worth

    def _slice(self, name: str, seconds: float) -> None:
        entry, before, began = self.ledger.setdefault(name, Ledger()), self.pool.best, time.monotonic()
        found = len(self.pool.solutions)
        self.arms(name).run(Slice(seconds, self.clock, self.enough))
        took, best = time.monotonic() - began, self.pool.best
        gain = 0.0
        if before is not None and best is not None:
            gain = (before.value - best.value) / max(abs(before.value), abs(best.value), 1e-9)
        entry.slices += 1
        entry.seconds += took
        entry.incumbents += len(self.pool.solutions) - found
        entry.worth = FORGET * entry.worth + (1 - FORGET) * gain / max(took, 0.1)
