"""The parameters and limits of the heuristic, named as those of SCIP's own feasibility pump."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

from diffpump.core.errors import UsageError
from diffpump.pump.stalls import Progress


@dataclass(frozen=True)
class Parameters:
    """The parameters of this heuristic; SCIP itself holds those that every heuristic has.

    maxlpiterquot   simplex iterations of the heuristic, as a share of those that SCIP has taken
    maxlpiterofs    simplex iterations beyond that share. A call has a limit of at least 5000, and may take up
                    to four times its limit while the number of violated rows decreases, as SCIP's own pump.
    maxsols         the heuristic does not run once SCIP has found more solutions; -1 for no limit
    maxloops        iterations of the pump in one call
    maxstallloops   iterations in a row without fewer violated rows after which a call ends
    minimprove      gain over the incumbent that a solution needs, as a share of its distance to the LP value
    seed            of the pump, added to SCIP's `randomization/randomseedshift`
    """

    maxlpiterquot: float = 0.1
    maxlpiterofs: int = 2000
    maxsols: int = 10
    maxloops: int = 100
    maxstallloops: int = 30
    minimprove: float = 0.01
    seed: int = 0

    def __post_init__(self) -> None:
        for each in fields(self):
            value, least = getattr(self, each.name), -1 if each.name == "maxsols" else 0
            whole = each.type == "int"
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise UsageError(
                    f"{each.name} must be a {'whole ' if whole else ''}number, got {value!r:.60}"
                )
            if not least <= value < math.inf:
                raise UsageError(f"{each.name} must be at least {least} and finite, got {value}")
        if self.minimprove > 1:
            raise UsageError(f"minimprove must be at most 1, got {self.minimprove}")


@dataclass
class Patience:
    """Decides when a call ends.

    limit      LP iterations of the call
    extension  the multiple of the limit that it may take while the number of violated rows decreases
    stalls     iterations in a row without fewer violated rows after which the call ends
    """

    limit: float
    extension: int
    stalls: int
    progress: Progress = field(default_factory=Progress)

    def left(self, lp_iterations: int) -> int:
        """Return the LP iterations that the next LP may take after `lp_iterations` in this call."""
        return max(0, int(self.limit * self.extension) - lp_iterations)

    def exhausted(self, violated: int, lp_iterations: int) -> bool:
        """Return whether the call ends after an iteration.

        violated       the violated rows of this iteration
        lp_iterations  the LP iterations of the call so far
        """
        since = self.progress.update(violated)
        return lp_iterations >= self.limit * (self.extension if since <= 1 else 1) or since > self.stalls


NAMES = tuple(each.name for each in fields(Parameters))
