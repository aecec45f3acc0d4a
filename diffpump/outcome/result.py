"""What a run found: `SolveResult`, which can be looked at, written, and handed to a solver as a MIP start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.status import Status, Violation
from diffpump.io.foreign import mip_start
from diffpump.io.solution import write_solution


@dataclass(frozen=True)
class Incumbent:
    """A verified solution when it came: seconds since the run began, its objective in the model's own sense,
    and what found it."""

    seconds: float
    objective: float
    arm: str


def lp_gap(objective: float | None, bound: float | None) -> float | None:
    """|z - b| / max(|z|, |b|), 0 where they are equal; an upper bound on the gap to the optimum, no more."""
    if objective is None or bound is None:
        return None
    return abs(objective - bound) / max(abs(objective), abs(bound)) if objective != bound else 0.0


@dataclass(frozen=True, eq=False)
class SolveResult:
    """What a run found, how, and at what cost. `x` is in the original column order, the best of `incumbents`,
    which are in order of time.

    `objective` is in the model's own sense, offset included. `seconds` has the keys total, read,
    lp, check and first_solution (None when there is none); `restarts` has flip and perturbation.
    `violation` and `exactly_feasible` come from the exact verification. `proof` says what the
    solution was verified against ("original file" or "model as given"). `arms` has, for the engine, each
    arm's slices, seconds and incumbents. `bound` is the LP relaxation's value in the model's own sense, where
    the engine has it, within the solver's tolerance: no solution is better, and the best may be far from it.
    `complete`: a branch and cut of the engine has come to its end; by its word, which is not proven, nothing
    is better, or there is no solution at all.
    """

    status: Status
    problem: Problem
    x: Vector | None
    objective: float | None
    iterations: int
    restarts: Mapping[str, int]
    lp_solves: int
    lp_iterations: int
    seconds: Mapping[str, float | None]
    violation: Violation | None
    exactly_feasible: bool
    proof: str | None
    config: Mapping[str, Any]
    config_digest: str
    seed: int
    versions: Mapping[str, str]
    counters: Mapping[str, int] = field(default_factory=dict)
    lp_algorithm: str = ""
    incumbents: tuple[Incumbent, ...] = ()
    arms: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    bound: float | None = None
    complete: bool = False

    @property
    def found(self) -> bool:
        """True when a verified solution is in `x`."""
        return self.x is not None

    @property
    def gap_to_lp(self) -> float | None:
        """The gap between the objective and the LP bound (`lp_gap`); None where one of them is missing."""
        return lp_gap(self.objective, self.bound)

    @cached_property
    def values(self) -> dict[str, float]:
        """The solution by column name, all columns, in the original order; empty when there is none."""
        if self.x is None:
            return {}
        return dict(zip(self.problem.col_names, self.x.tolist(), strict=True))

    def apply(self, model: Any) -> None:
        """Give the solution to a `highspy.Highs` or a `pyscipopt.Model` as a MIP start.

        The model may be the one that was solved or another one with these columns, by name or else by
        position (see `models.mip_start`, which says when this is a UsageError).

        >>> import highspy, diffpump
        >>> highs = highspy.Highs()
        >>> highs.silent()
        >>> x, y = highs.addIntegral(0, 4, obj=-1, name="x"), highs.addIntegral(0, 4, obj=-1, name="y")
        >>> row = highs.addConstr(3 * x + 5 * y <= 14.5)
        >>> result = diffpump.solve(highs)
        >>> result.values
        {'x': 4.0, 'y': 0.0}
        >>> result.apply(highs)
        >>> status = highs.run()
        """
        mip_start(self.problem, self._solution(), model)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the solution by the path's suffix (.sol, .mst, .json), proven again from the disk before the
        file appears under its name (`io.solution.write_solution`, which lists the errors).

        UsageError when there is no solution.
        """
        write_solution(path, self.problem, self._solution(), self.objective)

    def _solution(self) -> Vector:
        if self.x is None:
            raise UsageError(f"there is no solution: {self.status.value}")
        return self.x

    def __repr__(self) -> str:
        found = f", objective {self.objective!r}" if self.found else ""
        exactly = ", exactly feasible" if self.exactly_feasible else ""
        effort = f"{len(self.arms)} arms" if self.arms else f"{self.iterations} iterations"
        return f"SolveResult({self.status.name}{found}, {effort}{exactly})"
