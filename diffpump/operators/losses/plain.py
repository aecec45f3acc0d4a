"""The losses on neither integrality nor rows: the objective and the regularisation."""

from __future__ import annotations

from diffpump.core.arrays import dot
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.operators.losses.base import LOSSES, Point, Term


@LOSSES.register("cost", help="the objective, at x_lp with weight `share` and at x_round with the rest")
class Cost:
    """The objective, share * c'x_lp + (1 - share) * c'x_round (paper, eq. 14-16).

    Parameters
    ----------
    problem : Problem
        The model, whose cost is c.
    share : float
        In [0, 1]. By default 0, which evaluates the objective at x_round alone.

    Raises
    ------
    UsageError
        If share does not lie in [0, 1].
    """

    def __init__(self, problem: Problem, share: float = 0.0) -> None:
        if not 0 <= share <= 1:
            raise UsageError(f"loss 'cost': share must lie in [0, 1], got {share}")
        self.c, self.share = problem.c, share

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradients in x_lp and x_round (see `Loss`)."""
        at_lp, at_round = self.share, 1 - self.share
        value = at_lp * dot(self.c, point.x_lp) + at_round * dot(self.c, point.x_round)
        return Term(
            value,
            x_lp=at_lp * self.c if at_lp else None,
            x_round=at_round * self.c if at_round else None,
        )


@LOSSES.register("regularisation", help="half the squared norm of theta")
class Regularisation:
    """The regularisation 1/2 ||theta||^2 (paper, eq. 17)."""

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in theta (see `Loss`)."""
        return Term(0.5 * dot(point.theta, point.theta), theta=point.theta)
