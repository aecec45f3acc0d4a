"""Roundings x_lp -> x_round, with a hard forward pass and a differentiable backward pass.

A rounding has two methods on (n,) float64 vectors: `forward(x)` returns x_round, and `vjp(x, g)` carries a
gradient g at x_round back to x_lp. The backward pass is straight-through: it uses the derivative of a
smoothed rounding at x. One tie rule holds everywhere: one half rounds DOWN (`nearest`).

    nearest        the nearest integers, backward the identity
    gaussian       the same, backward the slope of a Gaussian (arXiv 2411.03535, section 4.3)
    random         up from a random threshold on, which the pump draws once for every iteration
    propagation    columns one after another, with propagation of the rows after each
    random-propagation    the same with a random threshold
    structured     the nearest choice that packed rows allow (knapsack, cardinality, one-of)
    centre         the best rounding on the segment to the analytic centre of P

A new rounding is one decorated class in a module of this package.
"""

from diffpump.operators.roundings.base import ROUNDINGS, Randomised, Rounding, Several, nearest
from diffpump.operators.roundings.elementwise import Nearest
from diffpump.operators.roundings.safe import Safe

__all__ = ["ROUNDINGS", "Nearest", "Randomised", "Rounding", "Safe", "Several", "nearest"]
