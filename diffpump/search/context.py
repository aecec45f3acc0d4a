"""What the arms of a run share: its model, pool, spaces, seed, limits, and what to close at its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from diffpump.config.schedule import role
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.search.earlier import Earlier
from diffpump.search.lp_process import LpOutcome
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class RunContext:
    """The data of a run that its arms share; an arm is created by `ARMS.factory(name)(context)`.

    Attributes
    ----------
    problem : Problem
        The original model.
    pool : Pool
        The proven solutions, to which an arm offers points.
    spaces : Spaces
        The original and the presolved model.
    seed : int
        The seed of the run. Arms take theirs from `seed_of`.
    run_limits : RunLimits
        The limits of the run.
    learn : callable
        Takes the outcome of the original model's LP relaxation, and proves what it implies (`Facts.learn`).
    exit_stack : ExitStack
        Closes processes when the run ends.
    start : (n,) float64 or None
        The user's start, NaN where a column was not given. None without one.
    earlier : Earlier
        What earlier models of the family suggest; without points if nothing is known.
    gradient : bool
        Whether the pump arms use the gradient, or else the original pump's projection (an ablation).
    has_kernels : callable
        Returns whether compiled kernels can be called.
    number : int
        The number of this process in a parallel search, 0 for the one that the user started.
    is_shared : callable
        Returns whether another process searches as well.
    """

    problem: Problem
    pool: Pool
    spaces: Spaces
    seed: int
    run_limits: RunLimits
    learn: Callable[[LpOutcome, LpLimits], None] = lambda outcome, limits: None
    exit_stack: ExitStack = field(default_factory=ExitStack)
    start: Vector | None = None
    earlier: Earlier = field(default_factory=Earlier)
    gradient: bool = True
    has_kernels: Callable[[], bool] = lambda: True
    number: int = 0
    is_shared: Callable[[], bool] = lambda: False
    _shared: dict[Any, Any] = field(default_factory=dict)

    def space(self, name: str) -> Space:
        """Return the present space of an arm, original or presolved, as its role says."""
        return self.spaces.original if role(name).space == "original" else self.spaces.presolved

    def seed_of(self, name: str) -> int:
        """Return a seed that differs between an arm's original and presolved variants.

        If presolve changes nothing, the two variants differ only in the seed.
        """
        return self.seed if role(name).space == "original" else self.seed + 1

    def shared(self, make: Callable[[RunContext], T]) -> T:
        """Return make(self), which is computed once in a run and shared by all arms.

        Parameters
        ----------
        make : callable
            Makes the value from this context. It is also the key, so all arms pass the same function.
        """
        if make not in self._shared:
            self._shared[make] = make(self)
        return cast(T, self._shared[make])
