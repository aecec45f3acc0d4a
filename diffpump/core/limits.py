"""Limits: of a whole run (`RunLimits`), of reading its model (`reading_check`), of one LP (`LpLimits`)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from diffpump.core.errors import TimeLimitError
from diffpump.core.status import Status


@dataclass(frozen=True)
class LpLimits:
    """The limits of one LP or MIP solve; None stands for no limit.

    Attributes
    ----------
    seconds : float or None
        Wall seconds.
    stop : callable or None
        Polled at least every 0.2 s; the solve ends once it returns True.
    iterations : int or None
        Simplex iterations.

    Notes
    -----
    A simplex that ends at `iterations` keeps its point if that lies in the relaxation: a primal simplex that
    began at a basis which was feasible under the old cost always does, a dual simplex hardly ever.
    """

    seconds: float | None = None
    stop: Callable[[], bool] | None = None
    iterations: int | None = None


@dataclass
class RunLimits:
    """The limits of a run.

    Attributes
    ----------
    deadline : float or None
        The end of the run on the scale of `now`, in seconds; None for none.
    stop : callable or None
        Returns True once the user has interrupted the run.
    now : callable
        Returns the present time in seconds.
    iterations : callable or None
        Returns the number of simplex iterations that the next LP may take; None for no limit.
    """

    deadline: float | None = None
    stop: Callable[[], bool] | None = None
    now: Callable[[], float] = time.monotonic
    iterations: Callable[[], int] | None = None

    def reached(self) -> Status | None:
        """Return INTERRUPTED or TIME_LIMIT if the run must end now, else None."""
        if self.stop is not None and self.stop():
            return Status.INTERRUPTED
        if self.deadline is not None and self.now() >= self.deadline:
            return Status.TIME_LIMIT
        return None

    def for_lp(self) -> LpLimits:
        """Return what is left of the run as the limits of one LP."""
        left = None if self.deadline is None else max(0.0, self.deadline - self.now())
        return LpLimits(left, self.stop, None if self.iterations is None else self.iterations())


def no_check() -> None:
    """Do nothing: the check of a reader that has no limit."""


def reading_check(seconds: float | None, started: float) -> Callable[[], None]:
    """Return a function that a reader calls often, and that raises once the time limit is reached.

    Parameters
    ----------
    seconds : float or None
        The time limit of the run, which includes reading; None for none.
    started : float
        time.monotonic() when the run began.

    Returns
    -------
    callable
        It raises TimeLimitError at the limit. A call takes about 0.1 us.
    """
    if seconds is None or math.isinf(seconds):
        return no_check
    deadline = started + seconds

    def check() -> None:
        if time.monotonic() >= deadline:
            raise TimeLimitError(
                f"the time limit of {seconds:g} s was reached before the model was read, so nothing was "
                "searched; try a larger time limit"
            )

    return check
