"""What an arm is, and the slice of effort that it gets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from diffpump.backends import LpLimits
from diffpump.oracle import Clock


@dataclass
class Slice:
    """So many wall seconds from now, within the run's clock; an arm asks `over` often and stops then.

    enough: the run needs no more solutions
    """

    seconds: float
    clock: Clock
    enough: Callable[[], bool] = lambda: False
    began: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds left, of the slice or of the run, whichever ends first."""
        now = time.monotonic()
        mine = self.began + self.seconds - now
        run = mine if self.clock.deadline is None else self.clock.deadline - self.clock.now()
        return max(0.0, min(mine, run))

    def over(self) -> bool:
        """Whether to stop now."""
        return self.left() <= 0 or self.stopped()

    def stopped(self) -> bool:
        """Whether to stop whatever time is left."""
        return self.enough() or (self.clock.stop is not None and self.clock.stop())

    def limits(self) -> LpLimits:
        """The same for a solver."""
        return LpLimits(self.left(), self.stopped)


class Arm(Protocol):
    """One way to look for solutions. It offers points to the pool that it was made with."""

    @property
    def exhausted(self) -> bool:
        """Whether a slice now would bring nothing."""
        ...

    def run(self, piece: Slice) -> None:
        """Work for a slice, going on where the last one stopped."""
        ...
