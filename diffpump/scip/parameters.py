"""What the heuristic may spend and when it gives up, in the vocabulary of SCIP's own feasibility pump."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

from diffpump.core.errors import UsageError
from diffpump.pump.stalls import Progress


@dataclass(frozen=True)
class Parameters:
    """The heuristic's own parameters; those that every SCIP heuristic has are SCIP's.

    maxlpiterquot   of the simplex iterations that SCIP has spent, the share that this heuristic may spend
    maxlpiterofs    and so many more; a call that begins may have 5000, and up to four times its limit while
                    violated rows become fewer, as SCIP's own may
    maxsols         it is not called any more once SCIP has found so many solutions; -1 for no limit
    maxloops        iterations of the pump in one call
    maxstallloops   of them, how many in a row may pass without fewer violated rows
    minimprove      with an incumbent: of the way from it to the dual bound, how much a solution must gain
    seed            of the pump, beside SCIP's own `randomization/randomseedshift`
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
    """When a call ends: its limit of LP iterations, `more` times that while violated rows become fewer, and
    `stalls` iterations in a row without that."""

    limit: float
    more: int
    stalls: int
    progress: Progress = field(default_factory=Progress)

    def left(self, spent: int) -> int:
        """LP iterations that an LP may take after so many: what no call exceeds."""
        return max(0, int(self.limit * self.more) - spent)

    def over(self, violated: int, spent: int) -> bool:
        """Whether to end after an iteration with so many violated rows and LP iterations so far."""
        since = self.progress.after(violated)
        return spent >= self.limit * (self.more if since <= 1 else 1) or since > self.stalls


NAMES = tuple(each.name for each in fields(Parameters))
