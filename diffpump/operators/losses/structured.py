"""The integrality loss of whole subsets (Vivier-Ardisson, Sander, Parmentier, Blondel, arXiv 2601.21775)."""

from __future__ import annotations

import numpy as np

from diffpump.core.problem import Problem
from diffpump.knapsack.base import temperature
from diffpump.knapsack.packed import packed
from diffpump.operators.losses.base import LOSSES, Point, Term
from diffpump.operators.losses.integrality import Integrality, power


@LOSSES.register("structured", help="smoothed distance to the choices that packed rows allow; else d")
class StructuredIntegrality(Integrality):
    """The loss l_g(x) = 1'x - 2 V_g(x - 1/2) on packed columns, and the distance d on the others.

    V_g is the smoothed maximum over the points whose packed rows hold, so the gradient 1 - 2 mu_g(x) pulls x
    to whole subsets. For g -> 0 and rows that always hold it is the integrality loss of order 1.

    The penalties of a point weight the other columns only.

    Parameters
    ----------
    problem : Problem
        The model.
    g : float
        The temperature, positive.

    Raises
    ------
    UsageError
        If g is not from 1e-100 to 1e100.
    """

    def __init__(self, problem: Problem, g: float = 0.1) -> None:
        super().__init__(problem, *power("structured", 1.0))
        self.packed, self.g = packed(problem), temperature(g, "loss 'structured': ")
        # The positions of the packed columns within I.
        self.own = np.searchsorted(self.sides.index, self.packed.columns)

    def evaluate(self, point: Point) -> Term:
        """Return the value and the gradient in x_lp (see `Loss`)."""
        term = super().evaluate(point)
        if not self.own.size:
            return term
        gradient, columns = term.x_lp, self.packed.columns
        assert gradient is not None
        alone = np.abs(gradient[columns]) @ self.sides(point.x_lp)[0][self.own]
        value, gradient[columns] = self.packed.loss(point.x_lp[columns], self.g)
        return Term(term.value - float(alone) + value, x_lp=gradient)
