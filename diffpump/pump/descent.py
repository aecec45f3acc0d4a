"""The total loss at a point and its gradient in theta, by the chain theta -> x_lp -> x_round backwards."""

from __future__ import annotations

import numpy as np

from diffpump.config.pump import Config
from diffpump.core.arrays import Vector
from diffpump.core.interior import Interior
from diffpump.core.problem import Problem
from diffpump.operators.jacobians import JACOBIANS, Argmin, Optimum
from diffpump.operators.losses import LOSSES, ArgminFeasibility, Point, Term
from diffpump.operators.roundings import Rounding


class Descent:
    """The losses of a configuration on one problem, with the rounding and the argmin's surrogate Jacobian."""

    def __init__(self, problem: Problem, config: Config, rounding: Rounding, interior: Interior) -> None:
        self.losses = [
            (
                spec.name,
                1.0 if spec.weight is None else spec.weight,
                LOSSES.build(spec, problem, interior=interior),
            )
            for spec in config.losses
        ]
        self.rounding = rounding
        self.jacobian = JACOBIANS.build(config.jacobian, problem, interior=interior)
        self.scaled = config.scaling == "max"

    def __call__(
        self, point: Point, argmin: Argmin, rng: np.random.Generator
    ) -> tuple[dict[str, float], float, Vector]:
        """Return the unweighted losses by name, their weighted total, and its gradient in theta (n,).

        point   theta, x_lp and x_round before its kick, with the multipliers of the rows
        argmin  theta (n,) -> x*(theta) (n,), or None if that LP gives no point
        rng     for the Jacobian

        With `scaling=max` each loss's gradient at x_lp, the part through the rounding included, is divided by
        its largest absolute entry before it is weighted. The returned total is not scaled.
        """
        n = point.theta.size
        terms: dict[str, float] = {}
        g_theta, g_lp, g_round = np.zeros(n), np.zeros(n), None
        total = 0.0
        for name, weight, loss in self.losses:
            term = loss.evaluate(point)
            terms[name] = term.value
            total += weight * term.value
            if term.theta is not None:
                g_theta += weight * term.theta
            if self.scaled:
                g_lp += weight * self._scaled(point.x_lp, term)
                continue
            if term.x_lp is not None:
                g_lp += weight * term.x_lp
            if term.x_round is not None:
                g_round = weight * term.x_round + (0.0 if g_round is None else g_round)
        if g_round is not None:
            g_lp += self.rounding.vjp(point.x_lp, g_round)
        return terms, total, self.jacobian.vjp(Optimum(point.theta, point.x_lp, argmin), g_lp, rng) + g_theta

    def judged(self, x_round: Vector) -> Vector:
        """Return the point (n,) at which the losses count violated rows after an evaluation at x_round (n,).

        That is x_round, with other continuous columns if `argmin_feasibility` has chosen them.
        """
        for _, _, loss in self.losses:
            if isinstance(loss, ArgminFeasibility) and (candidate := loss.candidate()) is not None:
                return candidate
        return x_round

    def _scaled(self, x_lp: Vector, term: Term) -> Vector:
        """Return a term's whole gradient at x_lp (n,), scaled to largest absolute entry 1 (0 stays 0)."""
        g = np.zeros(x_lp.size) if term.x_lp is None else term.x_lp
        if term.x_round is not None:
            g = g + self.rounding.vjp(x_lp, term.x_round)
        largest = float(np.abs(g).max(initial=0.0))
        return g / largest if largest > 0 else g
