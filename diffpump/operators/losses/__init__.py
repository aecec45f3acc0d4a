"""Losses: functions of (theta, x_lp, x_round) whose weighted sum is the total loss (paper, eq. 6-19).

A loss is evaluated once per iteration into a `Term`: its value and its gradients with respect to theta, x_lp
and x_round, None for those on which it does not depend. `pump.descent` weights and adds the terms and carries
their gradients back through the rounding and the LP argmin. All vectors are (n,) float64.

    integrality   losses on the integer columns        plain   the objective and the regularisation
    rows          losses on the rows                   slack   integrality weighted by the rows' slack
    argmin        the loss on the rows with the        user    losses that a user writes in torch
                  best continuous columns

A new loss is one decorated class or function in a module of this package.
"""

from diffpump.operators.losses.argmin import ArgminFeasibility
from diffpump.operators.losses.base import LOSSES, Loss, Point, Sides, Term
from diffpump.operators.losses.integrality import Integrality
from diffpump.operators.losses.plain import Cost, Regularisation
from diffpump.operators.losses.rows import Feasibility, Rows
from diffpump.operators.losses.user import python_loss

__all__ = [
    "LOSSES", "ArgminFeasibility", "Cost", "Feasibility", "Integrality", "Loss", "Point", "Regularisation",
    "Rows", "Sides", "Term", "python_loss",
]  # fmt: skip
