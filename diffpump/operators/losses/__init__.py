"""Losses on a point (theta, x_lp, x_round): what the pump descends on (paper, eq. 6-19).

A loss is evaluated once per iteration into a `Term`: its value and its gradients with respect to
theta, x_lp and x_round (None where it does not depend on one). The pump weighs and adds the terms and
carries them back through the rounding and the LP argmin. All vectors are (n,) float64.

`integrality` has the losses on the integer columns, `rows` those on the rows, `plain` the others; a new
loss is one decorated class in any of them.
"""

from diffpump.operators.losses.base import LOSSES, Loss, Point, Sides, Term
from diffpump.operators.losses.integrality import Integrality
from diffpump.operators.losses.plain import Cost, Regularisation
from diffpump.operators.losses.rows import Feasibility, Rows
from diffpump.operators.losses.user import python_loss

__all__ = [
    "LOSSES", "Cost", "Feasibility", "Integrality", "Loss", "Point", "Regularisation", "Rows", "Sides",
    "Term", "python_loss",
]  # fmt: skip
