"""A run of the engine whose slices, solutions and nearest points are recorded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from diffpump.config.engine import Settings
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.explain.model import describe
from diffpump.explain.rows import KINDS, kinds
from diffpump.outcome.record import result_record
from diffpump.outcome.result import SolveResult
from diffpump.outcome.run import RunSetup, SliceReport
from diffpump.search.engine import Engine

PARTS = {"presolve": "presolve", "root": "root LP"}  # arms whose time is reported separately
MAX_NEAREST = 4  # near-feasible points that are reported
MAX_WORST_ROWS = 8  # violated rows of a point that are named


@dataclass(frozen=True)
class ViolatedRow:
    """A row that a point violates.

    Attributes
    ----------
    name : str
        The name of the row.
    kind : str
        The kind of the row, one of `explain.rows.KINDS`.
    amount : float
        The absolute violation.
    """

    name: str
    kind: str
    amount: float


@dataclass(frozen=True)
class NearPoint:
    """A near-feasible point in the original columns.

    Attributes
    ----------
    arm : str
        The name of the arm that found it.
    violated : int
        The number of violated rows.
    kinds : dict of str to int
        The number of violated rows of each kind, the most frequent first.
    worst : tuple of ViolatedRow
        The most violated rows, at most `MAX_WORST_ROWS`.
    outside : int
        The number of columns outside their bounds.
    """

    arm: str
    violated: int
    kinds: dict[str, int]
    worst: tuple[ViolatedRow, ...]
    outside: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """A run of the engine with its model.

    Attributes
    ----------
    result : SolveResult
        The result of the run.
    model, presolved : dict
        The statistics of both models (`describe`); `presolved` is None if there is only one.
    slices : tuple of SliceReport
        The slices in the order of their ends; those of other processes in the order of their reports.
    proofs : dict of str to float
        The seconds of the exact check within the slices of each arm.
    nearest : tuple of NearPoint
        Near-feasible points, the one with the fewest violated rows first, at most `MAX_NEAREST`.
    """

    result: SolveResult
    model: dict[str, Any]
    presolved: dict[str, Any] | None
    slices: tuple[SliceReport, ...]
    proofs: dict[str, float]
    nearest: tuple[NearPoint, ...]

    @property
    def total(self) -> float:
        """The wall seconds of the run."""
        return self.result.seconds["total"] or 0.0

    @property
    def read(self) -> float:
        """The wall seconds of reading the model."""
        return self.result.seconds["read"] or 0.0

    def seconds_by_part(self) -> dict[str, float]:
        """Return the seconds of this process by part; the seconds of an arm exclude its exact checks."""
        seconds_of = {"read": self.read, "presolve": 0.0, "root LP": 0.0, "other arms": 0.0}
        for report in self.slices:
            if not report.process:
                seconds_of[PARTS.get(report.arm, "other arms")] += report.ended - report.began
        for arm, seconds in self.proofs.items():
            seconds_of[PARTS.get(arm, "other arms")] -= seconds
        seconds_of["proofs"] = sum(self.proofs.values())
        return {**seconds_of, "rest": max(0.0, self.total - sum(seconds_of.values()))}

    def record(self) -> dict[str, Any]:
        """Return the explanation as one JSON object."""
        return {
            "model": self.model,
            "presolved": self.presolved,
            "run": result_record(self.result),
            "slices": [asdict(report) for report in self.slices],
            "spent": self.seconds_by_part(),
            "nearest": [asdict(point) for point in self.nearest],
        }


def explain(setup: RunSetup, settings: Settings) -> Explanation:
    """Run the engine until a limit is reached, and return the explanation of the run."""
    problem, verifier = setup.problem, setup.verifier
    reports, proofs, proven = list[SliceReport](), dict[str, float](), 0.0

    def on_slice(report: SliceReport) -> None:
        nonlocal proven
        reports.append(report)
        if not report.process:  # points of other processes are proven during slices of this process
            proofs[report.arm] = proofs.get(report.arm, 0.0) + verifier.seconds - proven
            proven = verifier.seconds
        setup.on_slice(report)

    engine = Engine(replace(setup, on_slice=on_slice), settings)
    engine.run()
    original, presolved = engine.spaces.original, engine.spaces.presolved
    points = [(near.arm, near.x) for near in original.near_feasible]
    if presolved is not original:
        points += [(near.arm, presolved.to_original(near.x)) for near in presolved.near_feasible]
    described = (near_point(problem, arm, x) for arm, x in points)
    nearest = sorted(
        (point for point in described if point.violated or point.outside), key=lambda point: point.violated
    )
    return Explanation(
        engine.result(), describe(problem),
        None if presolved is original else describe(presolved.problem),
        tuple(reports), proofs, tuple(nearest[:MAX_NEAREST]),
    )  # fmt: skip


def near_point(problem: Problem, arm: str, x: Vector) -> NearPoint:
    """Return how a point violates the problem.

    Parameters
    ----------
    problem : Problem
        The original problem.
    arm : str
        The name of the arm that found the point.
    x : (n,) float64
        The point.
    """
    amount = np.maximum(problem.excess(x), 0.0)
    violated = np.flatnonzero(problem.violated_rows(x))
    kind = kinds(problem)
    counts = np.bincount(kind[violated], minlength=len(KINDS))
    worst = violated[np.argsort(-amount[violated], kind="stable")][:MAX_WORST_ROWS]
    outside = (x < problem.lb - FEASIBILITY_TOL) | (x > problem.ub + FEASIBILITY_TOL)
    return NearPoint(
        arm, int(violated.size),
        {KINDS[k]: int(counts[k]) for k in np.argsort(-counts, kind="stable") if counts[k]},
        tuple(ViolatedRow(problem.row_names[i], KINDS[kind[i]], float(amount[i])) for i in worst),
        int(outside.sum()),
    )  # fmt: skip
