"""Limits: a run's `Clock`, and the `LpLimits` of one LP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from diffpump.core.status import Status


@dataclass(frozen=True)
class LpLimits:
    """Limits of one solve: wall `seconds` and simplex `iterations` (None: none), and `stop`, polled at least
    every 0.2 s.

    A simplex that ends at `iterations` leaves its point where that lies in the relaxation: a primal simplex
    from a basis that is feasible under the old cost always does, a dual one hardly ever.
    """

    seconds: float | None = None
    stop: Callable[[], bool] | None = None
    iterations: int | None = None


@dataclass
class Clock:
    """The run's limits: `deadline` on the scale of `now`; `stop`, which turns true on an interrupt; and how
    many simplex iterations an LP that begins may take."""

    deadline: float | None = None
    stop: Callable[[], bool] | None = None
    now: Callable[[], float] = time.monotonic
    iterations: Callable[[], int] | None = None

    def ended(self) -> Status | None:
        """Why the run must end now, if it must."""
        if self.stop is not None and self.stop():
            return Status.INTERRUPTED
        if self.deadline is not None and self.now() >= self.deadline:
            return Status.TIME_LIMIT
        return None

    def limits(self) -> LpLimits:
        """What is left, for one LP."""
        left = None if self.deadline is None else max(0.0, self.deadline - self.now())
        return LpLimits(left, self.stop, None if self.iterations is None else self.iterations())
