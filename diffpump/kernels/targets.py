"""The orders and targets, by name, with which `fixing.fix` fixes the integer columns.

A target is a point (n,). The following ones use only bounds, costs and locks (`bounds_target`):

    low, high    the lower or the upper bound; if it is infinite the other bound, or 0 if both are
    cheap        the bound that has the better cost; on columns without a cost the one with fewer locks
    dear         the bound that `cheap` does not choose
    loose        the bound in whose direction the column has fewer locks; the cheap one on ties
    random       low or high with equal probability

These use the LP's point (`root_target`):

    root         the LP's point
    drawn        the LP's point, which the caller rounds with random thresholds
    loose root   the LP's point with fractional columns rounded in the direction of fewer locks

A lock is a side of a row that a move of the column in that direction can violate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.problem import count_locks
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.kernels import fixing
from diffpump.kernels.model import Index, Model

# (model, target (n,), generator) -> the integer columns in the order in which they are fixed
Order = Callable[[Model, Vector, np.random.Generator], Index]
ORDERS: Mapping[str, Order] = {
    "locks": lambda model, target, rng: fixing.by_locks(model),
    "objective": lambda model, target, rng: fixing.by_objective(model),
    "fractionality": lambda model, target, rng: fixing.by_fractionality(model, target),
    "random": lambda model, target, rng: fixing.at_random(model, int(rng.integers(2**31))),
}


def bounds_target(name: str, model: Model, lb: Vector, ub: Vector, rng: np.random.Generator) -> Vector:
    """Return the target (n,) of that name (low, high, cheap, dear, loose, random) from bounds (n,)."""
    low = np.where(np.isfinite(lb), lb, np.where(np.isfinite(ub), ub, 0.0))
    high = np.where(np.isfinite(ub), ub, low)
    down, up = locks(model)
    up_is_loose = up < down
    costs = model.cost != 0
    up_is_cheap = np.where(costs, model.cost < 0, up_is_loose)
    takes_high: Mapping[str, NDArray[np.bool_]] = {
        "low": np.zeros(low.size, np.bool_),
        "high": np.ones(low.size, np.bool_),
        "cheap": up_is_cheap,
        "dear": ~up_is_cheap,
        "loose": np.where(up == down, up_is_cheap, up_is_loose),
        "random": rng.random(low.size) < 0.5,
    }
    return np.where(takes_high[name], high, low)


def root_target(name: str, model: Model, root: Vector) -> Vector:
    """Return the target (n,) of that name (root, drawn, loose root) from the LP's point `root` (n,)."""
    if name != "loose root":
        return root
    down, up = locks(model)
    fractional = model.integer & (np.abs(root - np.rint(root)) > INTEGRAL_TOL)
    return np.where(fractional & (up != down), np.where(up < down, np.ceil(root), np.floor(root)), root)


def locks(model: Model) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of locks of each column against moves down and up, (n,) each (`Problem.locks`)."""
    return count_locks(
        model.row_start, model.row_col, model.row_val, model.row_lo, model.row_hi, model.lb.size
    )
