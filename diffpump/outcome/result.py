"""The result of a run: `SolveResult`, which can be read, written, and handed to a solver as a MIP start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.status import Status, Violation
from diffpump.io.foreign import mip_start
from diffpump.io.solution import write_solution
from diffpump.outcome.claim import Certificate, Claim


@dataclass(frozen=True)
class Incumbent:
    """A verified solution at the moment it was found.

    Attributes
    ----------
    seconds : float
        Seconds since the run began.
    objective : float
        The objective in the model's own sense, offset included.
    arm : str
        The name of the arm or heuristic that found it.
    """

    seconds: float
    objective: float
    arm: str


@dataclass(frozen=True, eq=False)
class Kept:
    """One of the solutions of a run.

    Attributes
    ----------
    x : (n,) float64
        The verified solution in the original column order.
    found : Incumbent
        When, by which arm and with which objective it was found.
    """

    x: Vector
    found: Incumbent


@dataclass(frozen=True)
class PumpStatistics:
    """The statistics of a run of the pump alone.

    Attributes
    ----------
    iterations : int
        Iterations after the first LP.
    restarts : mapping of str to int
        The number of kicks by kind; flip and perturbation are always there.
    lp_solves : int
        LPs, those of repairs included.
    lp_iterations : int
        Simplex iterations.
    lp_algorithm : str
        The simplex that re-solves: "primal", "dual" or "undecided".
    lp_seconds : float
        Wall seconds inside the LP solver.
    counters : mapping of str to int
        How often each of these happened: unbounded, lp_failures, repairs, rejected.
    """

    iterations: int
    restarts: Mapping[str, int]
    lp_solves: int
    lp_iterations: int
    lp_algorithm: str
    lp_seconds: float
    counters: Mapping[str, int]


@dataclass(frozen=True)
class EngineStatistics:
    """The statistics of a run of the engine, or of SCIP with the pump.

    Attributes
    ----------
    arms : mapping of str to mapping
        {arm: {"slices", "seconds", "incumbents", ...}}, of all processes.
    lp_iterations : int
        Simplex iterations, as far as they are known.
    counters : mapping of str to int
        Of the engine: rejected (points that failed the exact check), processes (those that ran, at most the
        threads of the settings) and lost (processes that died, and arms that failed). Of the plugin: what it
        counts.
    """

    arms: Mapping[str, Mapping[str, float]]
    lp_iterations: int
    counters: Mapping[str, int]


def lp_gap(objective: float | None, bound: float | None) -> float | None:
    """Return the gap |z - b| / max(|z|, |b|) between an objective z and the LP bound b.

    No exactly feasible point is better than b, so this is an upper bound on the gap to the optimum.

    Parameters
    ----------
    objective, bound : float or None
        z and b.

    Returns
    -------
    float or None
        The gap, 0 if z = b; None if either is missing.
    """
    if objective is None or bound is None:
        return None
    return abs(objective - bound) / max(abs(objective), abs(bound)) if objective != bound else 0.0


@dataclass(frozen=True, eq=False)
class SolveResult:
    """The outcome of a run, with its configuration and statistics.

    Attributes
    ----------
    status : Status
        How the run ended; its value is a sentence.
    problem : Problem
        The model.
    x : (n,) float64 or None
        The best verified solution in the original column order.
    objective : float or None
        The value of `x` in the model's own sense, offset included.
    seconds : mapping of str to float
        Wall seconds: total, read, check, and first_solution (None without a solution).
    violation : Violation or None
        The largest violations of `x`, from the exact check.
    exactly_feasible : bool
        Whether `x` satisfies the model with tolerance 0, from the exact check.
    proof : str or None
        What the solution was checked against: "original file" or "model as given".
    config, config_digest, seed, versions
        The input that repeats the run.
    incumbents : tuple of Incumbent
        Every improving solution in order of time; the last one is `x`.
    solutions : tuple of Kept
        The best verified solution and, if several are wanted, others that differ from it and from each other,
        the best first.
    bound : float or None
        A bound on the objective from the LP relaxation, in the model's own sense and verified exactly on the
        original model: no point that satisfies the model exactly is better. The best one may be far from it.
    complete : Claim or None
        The claim that `x` is optimal or, without `x`, that the model is infeasible; None without a claim.
    certificate : Certificate or None
        The verified reason why the model has no solution, or no finite optimum.
    notices : tuple of str
        What the user should know about the run, such as an arm that could not hold the model.
    pump, engine : PumpStatistics or None, EngineStatistics or None
        The statistics of whichever ran; the other is None.
    """

    status: Status
    problem: Problem
    x: Vector | None
    objective: float | None
    seconds: Mapping[str, float | None]
    violation: Violation | None
    exactly_feasible: bool
    proof: str | None
    config: Mapping[str, Any]
    config_digest: str
    seed: int
    versions: Mapping[str, str]
    incumbents: tuple[Incumbent, ...] = ()
    solutions: tuple[Kept, ...] = ()
    bound: float | None = None
    complete: Claim | None = None
    certificate: Certificate | None = None
    notices: tuple[str, ...] = ()
    pump: PumpStatistics | None = None
    engine: EngineStatistics | None = None

    @property
    def found(self) -> bool:
        """True if `x` holds a verified solution."""
        return self.x is not None

    @property
    def gap_to_lp(self) -> float | None:
        """The gap between the objective and the LP bound (`lp_gap`); None if either is missing."""
        return lp_gap(self.objective, self.bound)

    @property
    def differences(self) -> list[list[int]]:
        """The number of integer columns in which each two of `solutions` differ, a row for each."""
        points = [one.x for one in self.solutions]
        return [[self.problem.difference(x, y) for y in points] for x in points]

    @cached_property
    def values(self) -> dict[str, float]:
        """The solution by column name, all columns in the original order; empty without a solution."""
        if self.x is None:
            return {}
        return dict(zip(self.problem.col_names, self.x.tolist(), strict=True))

    def apply(self, model: Any) -> None:
        """Give the solution to a `highspy.Highs` or a `pyscipopt.Model` as a MIP start.

        Parameters
        ----------
        model : highspy.Highs or pyscipopt.Model
            The model that was solved, or another one with these columns, by name or else by position.

        Raises
        ------
        UsageError
            Without a solution, and as `io.foreign.mip_start` does.

        Examples
        --------
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
        """Write the solution in the format of the path's suffix.

        The file is proven again from the disk before it appears under its name.

        Parameters
        ----------
        path : str or os.PathLike
            The file, whose suffix is .sol, .mst or .json.

        Raises
        ------
        UsageError
            Without a solution, and for an unknown suffix.
        ProofError, OutputError
            As `io.solution.write_solution` does.
        """
        write_solution(path, self.problem, self._solution(), self.objective)

    def _solution(self) -> Vector:
        if self.x is None:
            raise UsageError(f"there is no solution: {self.status.value}")
        return self.x

    def __repr__(self) -> str:
        found = f", objective {self.objective!r}" if self.found else ""
        exactly = ", exactly feasible" if self.exactly_feasible else ""
        if self.engine is not None:
            effort = f", {len(self.engine.arms)} arms"
        else:
            effort = "" if self.pump is None else f", {self.pump.iterations} iterations"
        return f"SolveResult({self.status.name}{found}{effort}{exactly})"
