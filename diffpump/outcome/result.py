"""The result of a run: `SolveResult`, which can be read, shown, written, and given to a library's model."""

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
from diffpump.io.foreign import Answer, apply
from diffpump.io.solution import write_solution
from diffpump.outcome.claim import Certificate, Claim
from diffpump.outcome.html import summary
from diffpump.outcome.incumbent import Incumbent


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

    @property
    def optimal(self) -> bool:
        """True if the run claims that `x` is optimal; `complete` says by whose proof or report."""
        return self.found and self.complete is not None and self.status is Status.FEASIBLE

    def apply(self, model: Any) -> Any:
        """Give the solution to the model that was solved, or to another one with these columns.

        Columns are matched by name, or else by position.

        Parameters
        ----------
        model : object
            What the result does to it depends on its class:

            * highspy.Highs, pyscipopt.Model: the solution becomes a MIP start.
            * pulp.LpProblem: sets the variables' `varValue`, and `status` and `sol_status`.
            * A Pyomo model: sets the variables' values.
            * linopy.Model: sets `solution` of the variables, `objective.value`, `status` and
              `termination_condition`.
            * cvxpy.Problem: sets the variables' and the problem's `value`, and `status`.
            * mathopt.Model: is left as it is; a `mathopt.SolutionHint` with the values is returned.

        Returns
        -------
        None or mathopt.SolutionHint
            An object that holds the solution if the model of the library cannot.

        Raises
        ------
        UsageError
            For any other object, if the columns do not fit, and without a solution, except by PuLP, linopy
            and cvxpy, whose models have a status for this.

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
        answer = Answer(self.problem, self.status, self.x, self.objective, self.optimal)
        return apply(answer, model)

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

    def _repr_html_(self) -> str:
        """Return the result as HTML for notebooks: who says what, and the time line of incumbents."""
        rows = {"status": f"{self.status.name.lower().replace('_', ' ')}: {self.status.value}"}
        if self.objective is not None:
            sense = "maximise" if self.problem.maximise else "minimise"
            exactly = ", exactly feasible" if self.exactly_feasible else ""
            rows["objective"] = f"{self.objective:.12g} ({sense}), verified against the {self.proof}{exactly}"
        if self.bound is not None:
            gap = "" if self.gap_to_lp is None else f", gap {self.gap_to_lp:.2%}"
            rows["LP bound"] = f"{self.bound:.12g}{gap}, verified exactly"
        if self.complete is not None:
            rows["search"] = self.complete.sentence(self.found)
        if self.certificate is not None:
            rows["reason"] = f"{self.certificate.sentence()}, verified exactly"
        rows["time"] = f"{self.seconds['total'] or 0.0:.2f} s"
        return summary(rows, self.incumbents, self.seconds["total"] or 0.0)

    def __repr__(self) -> str:
        found = f", objective {self.objective!r}" if self.found else ""
        exactly = ", exactly feasible" if self.exactly_feasible else ""
        if self.engine is not None:
            effort = f", {len(self.engine.arms)} arms"
        else:
            effort = "" if self.pump is None else f", {self.pump.iterations} iterations"
        return f"SolveResult({self.status.name}{found}{effort}{exactly})"
