"""What a run of the engine IS: frozen settings, the schedule among them, and the digest that names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from diffpump.core.errors import UsageError
from diffpump.core.spec import digest

AUTO, GRADIENT = "auto", "gradient"
GOALS = ("first", "time", "gap-to-lp")
MOST_THREADS = 256
Turns = tuple[tuple[str, float], ...]

# Arms and the seconds of their slices. Before a solution: in this order, then again, twice as long.
FIRST: Turns = (
    ("raw", 0.12), ("raw-fix", 0.6), ("raw-jump", 0.2), ("presolve", 15.0), ("fix", 0.15), ("conflict", 0.4),
    ("jump", 0.2), ("focused", 0.7), ("fix", 0.6), ("conflict", 3.0), ("root", 1.2), ("pump", 1.0),
    ("jump", 0.5), ("mip-zero", 4.0), ("root", 3.0), ("fix-lp", 0.6), ("raw-pump", 4.0), ("pump", 2.5),
    ("raw-fix", 0.5), ("mip", 3.0), ("focused", 1.0), ("mip-zero", 7.0), ("mip", 21.0), ("raw-pump", 2.5),
    ("pump", 2.5), ("jump", 0.7), ("conflict", 2.0), ("mip-zero", 10.0), ("dive", 2.0), ("root", 4.0),
)  # fmt: skip
# The same where no kernel is compiled yet: at first without them.
COLD: Turns = (("presolve", 15.0), ("root", 2.0), ("mip-zero", 1.5), ("mip-zero", 4.0), ("mip", 4.0))
# After one: polish whenever it can, of the others whoever pays.
BETTER: Turns = (
    ("polish", 1.0), ("presolve", 6.0), ("root", 3.0), ("rins", 1.0), ("cutoff", 0.5), ("mutation", 1.0),
    ("conflict", 1.0), ("rows", 1.0), ("rens", 1.0), ("fix-lp", 0.6), ("pump", 1.5), ("crossover", 1.0),
    ("cutoff-jump", 0.5), ("fix", 0.6), ("mip", 1.0), ("visited", 1.0), ("branching", 1.0), ("dive", 1.0),
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """The engine's settings, as `Config` is the pump's.

    without        arms left out, for an ablation; "gradient": the pump goes by the original pump's projection
    until          the "first" solution, the whole "time", or the gap to the LP bound ("gap-to-lp")
    gap            for "gap-to-lp": |z - bound| <= gap max(|z|, |bound|)
    time_limit     wall seconds, reading and checking included; None for none
    threads        processes that search, each with arms of its own
    deterministic  slices count work instead of seconds: a run that ends before its time limit repeats
    work_limit     touched nonzeros after which no new slice begins; None for none
    first, better  (arm, seconds) before and after the first solution; `cold` instead of the first round of
                   `first` where kernels would have to be compiled
    """

    preset: str = AUTO
    without: tuple[str, ...] = ()
    until: str = "time"
    gap: float = 0.0
    time_limit: float | None = 60.0
    threads: int = 1
    deterministic: bool = False
    work_limit: int | None = None
    first: Turns = FIRST
    cold: Turns = COLD
    better: Turns = BETTER

    def __post_init__(self) -> None:
        if self.until not in GOALS:
            raise UsageError(f"unknown until '{self.until}'; known: {', '.join(GOALS)}")
        known = dict.fromkeys(name for name, _ in (*FIRST, *COLD, *BETTER))
        for name in (
            *set(self.without) - {GRADIENT},
            *(name for name, _ in (*self.first, *self.cold, *self.better)),
        ):
            if name not in known:
                raise UsageError(f"unknown arm '{name}'; known: {', '.join(known)}")
        if self.time_limit is not None and not self.time_limit >= 0:
            raise UsageError(f"time_limit must be a number of seconds >= 0, got {self.time_limit}")
        if not self.gap >= 0:
            raise UsageError(f"gap must be a number >= 0, got {self.gap}")
        if not 1 <= self.threads <= MOST_THREADS or int(self.threads) != self.threads:
            raise UsageError(f"threads must be a whole number from 1 to {MOST_THREADS}, got {self.threads}")
        if self.work_limit is not None and not self.work_limit > 0:
            raise UsageError(f"work_limit must be a number of touched nonzeros > 0, got {self.work_limit}")
        if self.deterministic and self.threads > 1:
            raise UsageError("deterministic runs have one thread")

    def turns(self, turns: Turns) -> Turns:
        """The turns of the arms that take part."""
        return tuple(turn for turn in turns if turn[0] not in self.without)

    def with_(self, **changes: Any) -> Settings:
        """A copy with fields changed; UsageError for one that does not exist."""
        known = [field.name for field in fields(self)]
        for name in changes:
            if name not in known:
                raise UsageError(f"auto has no setting '{name}'; it has: {', '.join(known)}")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """The settings in plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """The settings that `as_dict` wrote down, through JSON or not."""
        turns = {
            key: tuple((str(n), float(s)) for n, s in values[key]) for key in ("first", "cold", "better")
        }
        return cls(**{**values, "without": tuple(values["without"]), **turns})

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name these settings (the label left out)."""
        values = {key: value for key, value in self.as_dict().items() if key != "preset"}
        return digest(values)
