"""A search that is watched: every slice, every solution, and the points that came nearest to being one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from diffpump.config.engine import Settings
from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.explain.model import describe
from diffpump.explain.rows import KINDS, kinds
from diffpump.outcome.record import result_record
from diffpump.outcome.result import Incumbent, SolveResult
from diffpump.outcome.verifier import Verifier
from diffpump.search.auto import Search
from diffpump.search.portfolio import Event

PARTS = {"presolve": "presolve", "root": "root LP"}  # arms that are told apart where time goes
NEAREST, WORST = 4, 8  # near points, and rows of each, that are told


@dataclass(frozen=True)
class BrokenRow:
    """A row that a point violates, by `amount`."""

    name: str
    kind: str
    amount: float


@dataclass(frozen=True)
class NearPoint:
    """A point that is no solution, on the original columns: how many rows it violates, of which kinds, and
    those by the most; how many columns are outside their bounds."""

    arm: str
    violated: int
    kinds: dict[str, int]
    worst: tuple[BrokenRow, ...]
    outside: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """A run and its model.

    model, presolved  records of both (`describe`); `presolved` None where there is no smaller model
    events            the slices in order of their ends, those of other processes as they were told of
    proofs            seconds of the exact check within each arm's slices
    nearest           the fewest violated rows first
    """

    result: SolveResult
    model: dict[str, Any]
    presolved: dict[str, Any] | None
    events: tuple[Event, ...]
    proofs: dict[str, float]
    nearest: tuple[NearPoint, ...]

    @property
    def total(self) -> float:
        """Seconds of the run."""
        return self.result.seconds["total"] or 0.0

    @property
    def read(self) -> float:
        """Seconds of reading the model."""
        return self.result.seconds["read"] or 0.0

    def spent(self) -> dict[str, float]:
        """Where the seconds of this process went; those of arms without their proofs."""
        spent = {"read": self.read, "presolve": 0.0, "root LP": 0.0, "other arms": 0.0}
        for event in self.events:
            if not event.process:
                spent[PARTS.get(event.arm, "other arms")] += event.ended - event.began
        for arm, seconds in self.proofs.items():
            spent[PARTS.get(arm, "other arms")] -= seconds
        spent["proofs"] = sum(self.proofs.values())
        return {**spent, "rest": max(0.0, self.total - sum(spent.values()))}

    def record(self) -> dict[str, Any]:
        """All of it as one object."""
        return {
            "model": self.model,
            "presolved": self.presolved,
            "run": result_record(self.result),
            "slices": [asdict(event) for event in self.events],
            "spent": self.spent(),
            "nearest": [asdict(point) for point in self.nearest],
        }


def explain(
    problem: Problem,
    settings: Settings,
    seed: int,
    clock: Clock,
    started: float,
    read_seconds: float,
    observe: Callable[[Incumbent, Vector], None] = lambda found, x: None,
    watch: Callable[[Event], None] = lambda event: None,
) -> Explanation:
    """Describe the model, search until the clock ends, and tell.

    started   when the run began (`time.monotonic`); reading took `read_seconds`
    observe, watch  as `search.auto.run` has them
    """
    verifier, events, proofs, proven = Verifier(problem), list[Event](), dict[str, float](), 0.0

    def take(event: Event) -> None:
        nonlocal proven
        events.append(event)
        if not event.process:  # points of other processes are proven in the slices of this one
            proofs[event.arm] = proofs.get(event.arm, 0.0) + verifier.seconds - proven
            proven = verifier.seconds
        watch(event)

    search = Search(problem, settings, seed, clock, verifier, started, observe, take)
    search.run()
    result = search.result(read_seconds)
    raw, work = search.spaces.raw, search.spaces.work
    points = [(near.arm, near.x) for near in raw.near]
    if work is not raw:
        points += [(near.arm, work.lift(near.x)) for near in work.near]
    told = (near_point(problem, arm, x) for arm, x in points)
    near = sorted(
        (point for point in told if point.violated or point.outside), key=lambda near: near.violated
    )
    return Explanation(
        result, describe(problem), None if work is raw else describe(work.problem),
        tuple(events), proofs, tuple(near[:NEAREST]),
    )  # fmt: skip


def near_point(problem: Problem, arm: str, x: Vector) -> NearPoint:
    """What is wrong with x, (n,)."""
    amount = np.maximum(problem.excess(x), 0.0)
    broken = np.flatnonzero(amount > FEASIBILITY_TOL)
    kind = kinds(problem)
    counts = np.bincount(kind[broken], minlength=len(KINDS))
    worst = broken[np.argsort(-amount[broken], kind="stable")][:WORST]
    outside = (x < problem.lb - FEASIBILITY_TOL) | (x > problem.ub + FEASIBILITY_TOL)
    return NearPoint(
        arm, int(broken.size),
        {KINDS[k]: int(counts[k]) for k in np.argsort(-counts, kind="stable") if counts[k]},
        tuple(BrokenRow(problem.row_names[i], KINDS[kind[i]], float(amount[i])) for i in worst),
        int(outside.sum()),
    )  # fmt: skip
