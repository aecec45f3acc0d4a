"""The input of a run and the callbacks that follow it.

The engine, the pump alone, SCIP with the pump, and `explain` take the same `RunSetup`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.outcome.result import Incumbent
from diffpump.outcome.verifier import Verifier


@dataclass(frozen=True)
class SliceReport:
    """A finished slice of an arm.

    began, ended  seconds since the run began
    work          touched nonzeros
    incumbents    the number of incumbents that it found
    violated      the fewest violated rows of any near-feasible point so far; None without one
    bound         the LP bound in the model's own sense; None without one
    process       the number of the process that ran it; 0 is the one that the user started
    """

    arm: str
    began: float
    ended: float
    work: int
    incumbents: int
    violated: int | None
    bound: float | None
    process: int = 0


def _ignore(*report: Any) -> None:
    """Ignore a report: the default of the callbacks."""


@dataclass(frozen=True, eq=False)
class RunSetup:
    """The model, seed and limits of a run, and the callbacks that follow it.

    started       time.monotonic() when the run began, reading included
    read_seconds  the seconds that reading the model took
    verifier      the exact check, with the exact model once it has been made
    on_incumbent  called with every verified incumbent and its point (n,) as it is found
    on_slice      called with the `SliceReport` of every slice of the engine
    on_iterate    called with the `PumpState` of every iteration of the pump alone
    """

    problem: Problem
    seed: int = 0
    run_limits: RunLimits = field(default_factory=RunLimits)
    started: float = field(default_factory=time.monotonic)
    read_seconds: float = 0.0
    verifier: Verifier = None  # type: ignore[assignment]  # made below from the problem
    on_incumbent: Callable[[Incumbent, Vector], None] = _ignore
    on_slice: Callable[[SliceReport], None] = _ignore
    on_iterate: Callable[[Any], None] = _ignore

    def __post_init__(self) -> None:
        if self.verifier is None:
            object.__setattr__(self, "verifier", Verifier(self.problem))

    def seconds(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self.started
