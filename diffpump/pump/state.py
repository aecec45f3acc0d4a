"""What a pump shows of each iteration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diffpump.core.arrays import Vector
from diffpump.core.status import LpResult, Status, Violation
from diffpump.operators.restarts import Kick


@dataclass(frozen=True, eq=False)
class PumpState:
    """One iterate. theta and x_round are those the next iteration starts from (after step and kick).

    `violation` and `violated_rows` judge the rounding before its kick; `fractional` counts the integer
    columns on which x_lp is not integral. `status` is None while the pump goes on; `solution` is set
    when it is FEASIBLE. `counters` are totals so far: lp_solves, lp_iterations, flip, perturbation,
    unbounded (LPs that theta made unbounded), truncated (LPs cut off), lp_failures, repairs, rejected (proofs
    that failed), search (kicks by local search), segment (solutions on segments).
    """

    iteration: int
    theta: Vector
    x_lp: Vector
    x_round: Vector
    recent: tuple[Vector, ...]
    lp: LpResult
    violation: Violation
    violated_rows: int
    fractional: int
    lp_seconds: float
    counters: Mapping[str, int]
    terms: Mapping[str, float] = field(default_factory=dict)
    loss: float = 0.0
    kick: Kick | None = None
    status: Status | None = None
    solution: Vector | None = None
