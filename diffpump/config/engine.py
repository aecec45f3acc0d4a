"""The configuration of the engine: the frozen `Settings`, schedule included, and the digest that names it."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from diffpump.config.schedule import ARMS, GRADIENT, Turns, default_schedule, role
from diffpump.core.errors import UsageError
from diffpump.core.spec import digest, plain_number

AUTO = "auto"
GOALS = ("first", "time", "gap-to-lp")
MAX_THREADS = 256
MAX_SOLUTIONS = 1000
_ANY = sys.float_info.max
NUMBERS: Mapping[str, tuple[float, float, str]] = {  # the least and the largest value, and what is expected
    "time_limit": (0, math.inf, "a number of seconds >= 0"),
    "gap": (0, math.inf, "a number >= 0"),
    "objective_target": (-_ANY, _ANY, "a finite number"),
    "solutions": (1, MAX_SOLUTIONS, f"a whole number from 1 to {MAX_SOLUTIONS}"),
    "min_difference": (0, _ANY, "a number of integer columns, or a share of them below 1"),
    "within": (0, math.inf, "a number >= 0, such as 0.05 for 5 %"),
    "threads": (1, MAX_THREADS, f"a whole number from 1 to {MAX_THREADS}"),
    "work_limit": (1, math.inf, "a number of touched nonzeros > 0"),
}
MAY_BE_MISSING = ("time_limit", "objective_target", "within", "work_limit")
# Settings that earlier versions did not have, with their defaults.
LATER = {"objective_target": None, "solutions": 1, "min_difference": 1.0, "within": None}


@dataclass(frozen=True)
class Settings:
    """The settings of a run of the engine, as `Config` are those of a run of the pump.

    Attributes
    ----------
    preset : str
        The label of the settings in tables and logs. It is not part of the digest.
    without : tuple of str
        Arms to leave out, for an ablation. "gradient" stands for the gradient of the pump arms, which then
        use the projection of the original pump.
    until : {"time", "first", "gap-to-lp"}
        The goal: the best solution in the "time" limit, the "first" solution, or a gap to the LP bound
        ("gap-to-lp").
    gap : float
        For "gap-to-lp": the run ends when |z - bound| <= gap max(|z|, |bound|).
    objective_target : float or None
        The run ends, whatever else is its goal, once a solution's objective, in the model's own sense, is
        this value or better. None stands for no such value.
    solutions : int
        The number of solutions that are wanted. If more than one, the run looks for others beside the best
        and goes on for them after its goal is reached.
    min_difference : float
        The number of integer columns in which any two of them must differ, or below 1 the share of all
        integer columns.
    within : float or None
        The largest |z - z*| / |z*| of another solution's objective z beside the best one's, z*. None for no
        such bound.
    time_limit : float or None
        Wall seconds, reading and checking included. None stands for no limit.
    threads : int
        The number of processes that search, each with its own arms, from 1 to `MAX_THREADS`.
    deterministic : bool
        Slices are measured in work instead of seconds, so that a run repeats exactly unless it ends at its
        time limit. Such a run has one thread.
    work_limit : int or None
        Touched nonzeros after which no new slice begins. None stands for no limit.
    first : tuple of (str, float)
        (arm, seconds) of the round of slices that is repeated until the first solution. By default this and
        the next two are those of `default_schedule`.
    cold : tuple of (str, float)
        The round that replaces the first one of `first` if kernels are not compiled yet.
    better : tuple of (str, float)
        (arm, seconds) of the slices after the first solution.

    Raises
    ------
    UsageError
        If a field does not allow a value, if an arm is unknown, or if the schedule has an arm that runs only
        with a start.
    """

    preset: str = AUTO
    without: tuple[str, ...] = ()
    until: str = "time"
    gap: float = 0.0
    objective_target: float | None = None
    solutions: int = 1
    min_difference: float = 1.0
    within: float | None = None
    time_limit: float | None = 60.0
    threads: int = 1
    deterministic: bool = False
    work_limit: int | None = None
    first: Turns = field(default_factory=lambda: default_schedule().first)
    cold: Turns = field(default_factory=lambda: default_schedule().cold)
    better: Turns = field(default_factory=lambda: default_schedule().better)

    def __post_init__(self) -> None:
        if self.until not in GOALS:
            raise UsageError(f"unknown until '{self.until}'; known: {', '.join(GOALS)}")
        if isinstance(self.without, str) or not isinstance(self.without, Iterable):
            raise UsageError(f"without must be a list of arms, got {self.without!r:.60}")
        for what in ("first", "cold", "better"):
            _check_turns(what, getattr(self, what))
        turns = [name for name, _ in (*self.first, *self.cold, *self.better)]
        for name in (*(name for name in self.without if name != GRADIENT), *turns):
            if name not in tuple(ARMS):  # a tuple also answers for a value that cannot be hashed
                raise UsageError(f"unknown arm '{name}'; known: {', '.join(ARMS)}")
        for name in turns:
            if (needed := role(name).only_with) is not None:
                raise UsageError(f"arm '{name}' runs only with {needed}: leave it out of the schedule")
        for what in NUMBERS:
            self._check_number(what, getattr(self, what))
        if not isinstance(self.deterministic, bool):
            raise UsageError(f"deterministic must be True or False, got {self.deterministic!r:.60}")
        if self.deterministic and self.threads > 1:
            raise UsageError("a deterministic run has one thread; leave threads at 1")

    def _check_number(self, name: str, value: object) -> None:
        """Store a number as a Python number. Raises UsageError for a value that the field does not allow."""
        if value is None and name in MAY_BE_MISSING:
            return
        least, most, kind = NUMBERS[name]
        number = plain_number(value, whole=kind.startswith("a whole number") or name == "work_limit")
        if number is None or not least <= number <= most:
            raise UsageError(f"{name} must be {kind}, got {value!r:.60}")
        object.__setattr__(self, name, number)

    def turns(self, turns: Turns) -> Turns:
        """Return the turns without those of the arms in `without`."""
        return tuple(turn for turn in turns if turn[0] not in self.without)

    def with_(self, **changes: Any) -> Settings:
        """Return a copy with changed fields.

        Raises
        ------
        UsageError
            If a field is unknown, and as `Settings` does.
        """
        known = [field.name for field in fields(self)]
        for name in changes:
            if name not in known:
                raise UsageError(f"auto has no setting '{name}'; it has: {', '.join(known)}")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """Return the settings from what `as_dict` returned, before or after a round trip through JSON."""
        turns = {
            key: tuple((str(n), float(s)) for n, s in values[key]) for key in ("first", "cold", "better")
        }
        return cls(**{**values, "without": tuple(values["without"]), **turns})

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name these settings; their label is left out.

        So are settings that earlier versions did not have, as long as they are at their defaults.
        """
        values = {
            key: value
            for key, value in self.as_dict().items()
            if key != "preset" and not (key in LATER and value == LATER[key])
        }
        return digest(values)


def _check_turns(name: str, turns: object) -> None:
    """Raise UsageError unless the turns are pairs of an arm and a positive number of seconds."""
    pairs = list(turns) if isinstance(turns, Iterable) and not isinstance(turns, str) else [None]
    for pair in pairs:
        if not isinstance(pair, Sequence) or len(pair) != 2 or not isinstance(pair[0], str):
            raise UsageError(f"{name} must be a list of pairs (arm, seconds), got {turns!r:.60}")
        seconds = plain_number(pair[1])
        if seconds is None or not 0 < seconds < math.inf:
            raise UsageError(
                f"the slice of arm '{pair[0]}' must be a positive number of seconds, got {pair[1]!r:.60}"
            )
