"""The arms of the engine by name, and the schedule that they propose.

Each arm registers itself with `arm`, in the one file that holds it, and says when it runs and for how long:

    @arm("raw", "focused local search on the original model", space="original", before={10: 0.12})
    def raw(context: RunContext) -> Arm: ...

Sorted by position, these make the engine's default schedule (`default_schedule`). A position is any number,
so that an arm can take its place between two others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from diffpump.core.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])
Space = Literal["original", "presolved"]
Turns = tuple[tuple[str, float], ...]  # (arm, seconds of its slice), in order
GRADIENT = "gradient"  # in `without`: the pump goes by the original pump's projection
ARMS: Registry[Any] = Registry(
    "arm", package="diffpump.search.arms", group="diffpump.arms", reserved=(GRADIENT,)
)


@dataclass(frozen=True)
class Role:
    """When an arm runs, and for how long. Seconds are those of one slice.

    Attributes
    ----------
    space : {"presolved", "original"}
        The model that the arm searches.
    before : mapping of float to float
        {position: seconds} in the round that is repeated until there is a solution.
    cold : mapping of float to float
        {position: seconds} in the round that comes first if kernels are not compiled yet.
    after : (float, float) or None
        (position, seconds) after the first solution. None for an arm that does not run then.
    early : float or None
        Seconds of one turn after the first solution that comes before those chosen by their rewards, as soon
        as the arm can run and is due (`Arm`). None for no such turn. It is short while an arm that runs only
        with a start or a history has still to take its own.
    with_start : float or None
        Seconds of an arm that runs only if the user gave a start. None for other arms. It runs before all
        others, then as the last arm of each round, and after the first solution by its reward.
    with_history : float or None
        The same for an arm that runs only if points of earlier models are recalled.
    with_several : float or None
        Seconds after the first solution of an arm that runs only if several solutions are wanted.
    immediate : bool
        After a solution the arm runs whenever it can, before those chosen by their rewards.
    needs_kernels : bool
        Whether the arm calls compiled kernels. It does not run before they are compiled.
    rewarded : bool
        Whether the arm improves solutions itself. One that only helps others has no reward.
    leads : bool
        Whether the arm comes first in every process, because other arms need its result.
    urgent : bool
        Whether no other arm has a minimum share while this one can run.
    alone : bool
        Whether the arm runs only in the process that the user started.
    once : bool
        Whether only one process runs the arm after the first solution, because a second one would repeat it.
    min_share : float
        Minimum share of the effort while the arm can run.
    min_share_stagnant : float
        The same after long stagnation.
    """

    space: Space = "presolved"
    before: Mapping[float, float] = field(default_factory=dict)
    cold: Mapping[float, float] = field(default_factory=dict)
    after: tuple[float, float] | None = None
    early: float | None = None
    with_start: float | None = None
    with_history: float | None = None
    with_several: float | None = None
    immediate: bool = False
    needs_kernels: bool = True
    rewarded: bool = True
    leads: bool = False
    urgent: bool = False
    alone: bool = False
    once: bool = False
    min_share: float = 0.0
    min_share_stagnant: float = 0.0

    def __post_init__(self) -> None:
        if self.space not in get_args(Space):
            raise ValueError(f"space must be one of {', '.join(get_args(Space))}, got {self.space!r}")
        after = () if self.after is None else (self.after,)
        for position, seconds in (
            *self.before.items(),
            *self.cold.items(),
            *after,
            (0, self.with_start or 1),
            (0, self.with_history or 1),
            (0, self.with_several or 1),
        ):
            if not math.isfinite(position) or not 0 < seconds < math.inf:
                raise ValueError(
                    f"a turn needs a finite position and seconds > 0, got {position} and {seconds}"
                )
        if self.only_with is not None and (self.before or self.cold or after):
            raise ValueError(
                f"an arm that runs only with {self.only_with} has no turns before, cold or after"
            )

    @property
    def only_with(self) -> str | None:
        """What the user must give so that the arm runs; None for an arm that always may."""
        return (
            "a start" if self.with_start is not None
            else "a history" if self.with_history is not None
            else "more than one solution to look for" if self.with_several is not None
            else None
        )  # fmt: skip


class Schedule(NamedTuple):
    """The default turns of all arms, each a tuple of (arm, seconds of its slice) in order.

    Attributes
    ----------
    first : tuple of (str, float)
        Until there is a solution.
    cold : tuple of (str, float)
        In the first round if kernels are not compiled yet.
    better : tuple of (str, float)
        After the first solution.
    start, history : tuple of (str, float)
        Those that are added to all others if the user gave a start, or if earlier points are recalled.
    several : tuple of (str, float)
        Those that are added to `better` if several solutions are wanted.
    """

    first: Turns
    cold: Turns
    better: Turns
    start: Turns
    history: Turns
    several: Turns


def arm(name: str, help: str, **role: Any) -> Callable[[F], F]:
    """Return a decorator that registers a function (context) -> Arm.

    Parameters
    ----------
    name : str
        The name of the arm in schedules, records and tables.
    help : str
        One line for help texts and listings.
    **role
        The fields of `Role`.
    """
    return ARMS.register(name, help=help, facts=Role(**role))


def role(name: str) -> Role:
    """Return an arm's role.

    Raises
    ------
    UsageError
        If the arm is unknown.
    """
    found: Role = ARMS.entry(name).facts
    return found


def by_gains(turns: Turns, gains: Mapping[str, int]) -> Turns:
    """Return turns with those of the arms first that found most incumbents on earlier models.

    Presolve and the LPs, whose results other arms need, keep their places, and no turn moves past them. Arms
    with equally many incumbents keep their order, so that without gains nothing changes.

    Parameters
    ----------
    turns : Turns
        The turns of a round.
    gains : mapping of str to int
        The incumbents by arm.
    """
    ordered: list[tuple[str, float]] = []
    for is_needed, group in groupby(turns, lambda turn: role(turn[0]).leads or not role(turn[0]).rewarded):
        stage = list(group)
        ordered += stage if is_needed else sorted(stage, key=lambda turn: -gains.get(turn[0], 0))
    return tuple(ordered)


@cache
def default_schedule() -> Schedule:
    """Return the schedule that the registered arms propose."""
    roles: dict[str, Role] = {name: entry.facts for name, entry in ARMS.entries.items()}

    def ordered(part: Callable[[Role], Mapping[float, float]]) -> Turns:
        turns = [(at, name, s) for name, one in roles.items() for at, s in part(one).items()]
        return tuple((name, seconds) for _, name, seconds in sorted(turns))

    return Schedule(
        first=ordered(lambda one: one.before),
        cold=ordered(lambda one: one.cold),
        better=ordered(lambda one: {} if one.after is None else {one.after[0]: one.after[1]}),
        start=ordered(lambda one: {} if one.with_start is None else {0: one.with_start}),
        history=ordered(lambda one: {} if one.with_history is None else {0: one.with_history}),
        several=ordered(lambda one: {} if one.with_several is None else {0: one.with_several}),
    )
