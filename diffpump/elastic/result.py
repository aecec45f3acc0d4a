"""`RelaxResult`: the point of least weighted violation that was found, and what is known about the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.elastic.relaxed import relaxed, write_relaxed
from diffpump.elastic.weights import HOLDS
from diffpump.io.files import decimal_values
from diffpump.io.solution import write_solution
from diffpump.outcome.claim import LP_BOUND, Claim
from diffpump.outcome.record import instance_record
from diffpump.outcome.result import SolveResult
from diffpump.verify.check import CHECK_TOL, Proof, exact_model, prove
from diffpump.verify.exact import nearest_float
from diffpump.verify.irreducible import Conflict, Member
from diffpump.verify.violations import Breach


@dataclass(frozen=True)
class Slack:
    """A violated side with its weight.

    Attributes
    ----------
    breach : Breach
        The side, its number in the model, and the number that it would have to be.
    weight : Fraction or float
        The cost of a unit of violation; infinity if the side must hold, and is violated within the tolerance.
    """

    breach: Breach
    weight: Any

    @property
    def cost(self) -> Fraction:
        """The weighted violation, 0 for a side that must hold."""
        return Fraction(0) if self.weight == HOLDS else self.breach.amount * self.weight

    def record(self) -> dict[str, Any]:
        """Return the side as a JSON object; `exact` has the amount as a fraction."""
        one = self.breach
        return {
            "name": one.name, "side": one.side, "given": nearest_float(one.given),
            "needed": nearest_float(one.value), "amount": nearest_float(one.amount),
            "exact": str(one.amount),
            "weight": None if self.weight == HOLDS else nearest_float(self.weight),
        }  # fmt: skip


@dataclass(frozen=True)
class LpStatement:
    """What is known about the LP relaxation of the original model.

    Attributes
    ----------
    status : {"infeasible", "feasible", "unknown"}
        Whether the LP relaxation has a point.
    proven : bool
        Whether this was verified exactly: by a dual ray, or by a point that holds within the tolerance. If
        not, the LP solver reports it.
    conflict : Conflict or None
        The rows and bounds of the dual ray, or an integer column without an integer.
    """

    status: str
    proven: bool
    conflict: Conflict | None = None


@dataclass(frozen=True, eq=False)
class RelaxResult:
    """The outcome of `relax`.

    Attributes
    ----------
    problem : Problem
        The original model.
    x : (n,) float64 or None
        The point of least weighted violation that was found; its integer columns are integral.
    slacks : tuple of Slack
        All sides that `x` violates, however little, computed exactly on the original model.
    bound : float or None
        No point that satisfies what must hold has a smaller weighted violation: proven exactly, rounded down.
    proof : Proof or None
        The exact check of `x` on the original model.
    lp : LpStatement
        What is known about the LP relaxation, with the irreducible subset.
    run : SolveResult
        The run of the engine on the elastic model.
    seconds : mapping of str to float
        Wall seconds: total, read, lp (with the proof of the subset).
    """

    problem: Problem
    x: Vector | None
    slacks: tuple[Slack, ...]
    bound: float | None
    proof: Proof | None
    lp: LpStatement
    run: SolveResult
    seconds: Mapping[str, float]

    @property
    def found(self) -> bool:
        """True if there is a point that satisfies what must hold."""
        return self.x is not None

    @property
    def is_solution(self) -> bool:
        """True if the point is a solution of the original model: the exact check accepts it."""
        return self.proof is not None and self.proof.accepted

    @property
    def conflict(self) -> Conflict | None:
        """The rows and bounds that contradict each other, or None if no contradiction is proven."""
        return self.lp.conflict

    @cached_property
    def violation(self) -> Fraction | None:
        """The exact weighted violation of `x`; None without a point."""
        return sum((one.cost for one in self.slacks), Fraction(0)) if self.found else None

    @property
    def violated(self) -> tuple[Slack, ...]:
        """The sides that `x` violates by more than the tolerance, the most costly first."""
        beyond = [one for one in self.slacks if one.breach.amount > CHECK_TOL]
        return tuple(sorted(beyond, key=lambda one: -one.cost))

    @property
    def least(self) -> Claim | None:
        """The claim that no point has a smaller weighted violation; None without such a claim.

        It is proven if the bound meets the violation up to 1e-6, relative to values above 1. Otherwise it is
        that of branch and cut, if any.
        """
        if self.violation is None:
            return None
        if self.bound is not None:
            gap = self.violation - Fraction(self.bound)
            if gap <= CHECK_TOL * max(Fraction(1), self.violation):
                return Claim(LP_BOUND, proven=True, within=max(0.0, float(gap)))
        claim = self.run.complete
        return None if claim is None or claim.proven else claim

    @property
    def verdict(self) -> str:
        """Say in one sentence what is known about the model, and who says so."""
        if self.is_solution:
            return "the model has a solution: the point satisfies it (verified exactly)"
        if self.conflict is not None:
            return "the model is infeasible, which was proven exactly"
        if self.bound is not None and self.bound > 0:
            least = f"no point has a weighted violation below {self.bound:.6g}"
            return f"the model is infeasible, which was proven exactly: {least}"
        if self.run.status is Status.INFEASIBLE:
            return "the model is infeasible, which was proven exactly: what must hold has no solution"
        integral = "; only integrality makes it so, since its LP relaxation has a point (verified)"
        cause = integral if self.lp.status == "feasible" and self.lp.proven else ""
        by = self.run.complete
        if by is not None:
            return f"{by.by} reports that the model is infeasible (not verified independently){cause}"
        if self.lp.status == "infeasible":
            return "the LP solver reports that the LP relaxation is infeasible (not verified)"
        known = "; its LP relaxation has a point (verified)" if cause else ""
        return f"whether the model has a solution is not known{known}"

    @property
    def relaxed_problem(self) -> Problem:
        """The model with its violated sides moved to the point. Raises UsageError without a point."""
        self._point()
        return relaxed(self.problem, [one.breach for one in self.slacks if one.weight != HOLDS])

    def values(self) -> dict[str, str]:
        """Return the nonzero values of the point by column name, as decimal texts."""
        return decimal_values(self.problem.col_names, self._point())

    def write_model(self, path: str | os.PathLike[str]) -> Proof:
        """Write the relaxed model and return the proof that the point is a solution of the written file.

        Parameters
        ----------
        path : str or os.PathLike
            The file, .mps or .mps.gz.

        Raises
        ------
        UsageError, ProofError, OutputError
            Without a point, and as `elastic.relaxed.write_relaxed` does.
        """
        return write_relaxed(path, self.relaxed_problem, self.values())

    def write(self, path: str | os.PathLike[str]) -> Proof:
        """Write the point to a solution file of the relaxed model, and return the proof of the written file.

        Parameters
        ----------
        path : str or os.PathLike
            The file, whose suffix is .sol, .mst or .json.

        Raises
        ------
        UsageError, ProofError, OutputError
            Without a point, and as `io.solution.write_solution` does.
        """
        problem = self.relaxed_problem
        model = exact_model(problem)
        return write_solution(
            path, problem, self._point(), verify=lambda values: prove(model, values, "relaxed model")
        )

    def _point(self) -> Vector:
        if self.x is None:
            raise UsageError(f"there is no point: {self.run.status.value}")
        return self.x

    def record(self) -> dict[str, Any]:
        """Return the outcome as one JSON object."""
        least, violation = self.least, self.violation
        kinds = {"rows": "row", "bounds": "column"}
        return {
            "status": "feasible" if self.is_solution else "relaxed" if self.found else self._run_status(),
            "message": self.verdict,
            "violation": None if violation is None else nearest_float(violation),
            "exact_violation": None if violation is None else str(violation),
            "bound": self.bound,
            "least": None if least is None else asdict(least),
            **{
                key: [one.record() for one in self.violated if one.breach.kind == kind]
                for key, kind in kinds.items()
            },
            "within_tolerance": len(self.slacks) - len(self.violated),
            "objective": None if self.x is None else self.problem.value(self.x),
            "lp_relaxation": {"status": self.lp.status, "proven": self.lp.proven},
            "contradiction": None if self.conflict is None else _conflict_record(self.conflict),
            "incumbents": [asdict(one) for one in self.run.incumbents],
            "seconds": dict(self.seconds),
            "instance": instance_record(self.problem),
            "config": dict(self.run.config), "seed": self.run.seed, "versions": dict(self.run.versions),
        }  # fmt: skip

    def _run_status(self) -> str:
        return self.run.status.name.lower()

    def __repr__(self) -> str:
        point = "no point" if self.violation is None else f"violation {nearest_float(self.violation):.6g}"
        members = "" if self.conflict is None else f", a contradiction of {len(self.conflict.members)}"
        return f"RelaxResult({point}, {len(self.violated)} sides violated{members})"


def _conflict_record(conflict: Conflict) -> dict[str, Any]:
    def entry(member: Member) -> dict[str, Any]:
        value = nearest_float(member.value)
        return {**asdict(member), "value": value, "multiplier": nearest_float(member.multiplier)}

    return {
        "rows": [entry(member) for member in conflict.members if member.kind == "row"],
        "bounds": [entry(member) for member in conflict.members if member.kind == "column"],
        "irreducible": conflict.irreducible,
        "integrality": conflict.integer,
    }
