"""The state that `Pump.iterates` yields after each iteration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diffpump.core.arrays import Vector
from diffpump.core.status import LpResult, Status, Violation
from diffpump.operators.restarts import Kick


@dataclass(frozen=True, eq=False)
class PumpState:
    """The state of the pump at the end of one iteration.

    Attributes
    ----------
    iteration : int
        0 for the LP under the model's own cost, then 1, 2, ...
    theta : (n,) float64
        The cost vector from which the next iteration starts: theta_0 in iteration 0, later after the
        optimizer step and the kick. Where the iteration found a solution before its step, the theta of its
        LP.
    x_lp : (n,) float64
        The LP point x*(theta) of this iteration.
    x_round : (n,) float64
        Its rounding, after the kick: the reference of the next iteration.
    recent : tuple of (n,) float64
        The LP points of the two iterations before this one, the older one first: none in iteration 0 and one
        in iteration 1.
    lp : LpResult
        The result of the LP that gave `x_lp`.
    violation : Violation
        The largest violations of the rounding before the kick, those of a cutoff row included.
    violated_rows : int
        The number of rows that the rounding before the kick violates, a cutoff row included.
    fractional : int
        The number of integer columns on which x_lp and the rounding before the kick differ by more than
        INTEGRAL_TOL.
    lp_seconds : float
        Wall seconds in the LP solver so far, those of `Pump.complete` left out.
    counters : mapping of str to int
        Totals since the pump was made. All but the first two may be missing while they are 0:

            lp_solves       LPs on the relaxation, those of repairs and of the Jacobian included
            lp_iterations   simplex iterations of all LPs, those of `Pump.complete` included
            flip, perturbation, search, walksat   kicks, by the kind of restart
            unbounded       cost vectors theta that made the LP unbounded
            truncated       LPs that `Config.lp_iterations` ended at a point of P
            lp_failures     LPs after the first that failed numerically
            repairs         LP repairs that were tried
            rejected        candidates that `Pump.accept` refused
            segment         solutions found by rounding points of segments
            final           last searches by branch and cut

    terms : mapping of str to float
        The unweighted value of every loss by name, at the theta of this iteration's LP, x_lp and the rounding
        before the kick. It is empty if the iteration ended before its losses were evaluated, as iteration 0
        does.
    loss : float
        The weighted total of these losses; 0 without them.
    kick : Kick or None
        The kick of this iteration.
    status : Status or None
        None while the pump goes on, else how it ended.
    solution : (n,) float64 or None
        If the status is FEASIBLE, a solution accepted by `Pump.accept`: the rounding, its repair, a rounding
        on a segment, or the candidate of a kick. Otherwise None.

    Notes
    -----
    If the LP of an iteration gives no point, `lp` holds its result. In iteration 0 theta is then 0, x_lp and
    x_round are the point within the bounds that is nearest to 0, and `fractional` is the number of integer
    columns. In a later iteration `kick` is None, the points, violations, terms and loss are those of the
    state before, and theta is made of random signs after a numerical failure and unchanged otherwise.
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
