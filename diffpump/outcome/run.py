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
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.verifier import Verifier


@dataclass(frozen=True)
class SliceReport:
    """A finished slice of an arm.

    Attributes
    ----------
    arm : str
        The name of the arm.
    began, ended : float
        Seconds since the run began.
    work : int
        Touched nonzeros.
    incumbents : int
        The number of incumbents that the slice found.
    violated : int or None
        The fewest violated rows of any near-feasible point so far; None without one.
    bound : float or None
        The proven LP bound in the model's own sense; None without one.
    process : int
        The number of the process that ran the slice; 0 is the one that the user started.
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

    Attributes
    ----------
    problem : Problem
        The model.
    seed : int
        The seed of all random numbers.
    run_limits : RunLimits
        The deadline and the user's interrupt; by default, there are none.
    started : float
        time.monotonic() when the run began, reading included.
    read_seconds : float
        The seconds that reading the model took.
    verifier : Verifier
        The exact check, with the exact model once it has been made; made from the problem by default.
    on_incumbent : callable
        Called with every verified incumbent and its point (n,) as it is found.
    on_notice : callable
        Called with a line that the user should see, such as an arm that sits out.
    on_slice : callable
        Called with the `SliceReport` of every slice of the engine.
    on_iterate : callable
        Called with the `PumpState` of every iteration of the pump alone.
    """

    problem: Problem
    seed: int = 0
    run_limits: RunLimits = field(default_factory=RunLimits)
    started: float = field(default_factory=time.monotonic)
    read_seconds: float = 0.0
    verifier: Verifier = None  # type: ignore[assignment]  # made below from the problem
    on_incumbent: Callable[[Incumbent, Vector], None] = _ignore
    on_notice: Callable[[str], None] = _ignore
    on_slice: Callable[[SliceReport], None] = _ignore
    on_iterate: Callable[[Any], None] = _ignore

    def __post_init__(self) -> None:
        if self.verifier is None:
            object.__setattr__(self, "verifier", Verifier(self.problem))

    def seconds(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self.started
