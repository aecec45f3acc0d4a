"""What `fixing.fix` is asked for: orders of the integer columns and targets for them, by name.

A target (n,) is made of bounds lb, ub (n,), of costs, locks and an LP point: FREE ones need no point.

    low, high   the lower bound, the upper one; where it is infinite the other one, or 0
    cheap, dear the bound that the cost likes, the other one; without a cost the loose one, the tight one
    loose       the bound in whose direction fewer sides of rows can become violated; a tie is cheap
    random      low or high, by a coin
    root        the LP point;   drawn: the LP point, for a random threshold
    loose root  the LP point, fractional columns rounded in the direction of fewer locks
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.core.tolerances import INTEGRAL_TOL
from diffpump.kernels import fixing
from diffpump.kernels.model import Index, Model

Order = Callable[[Model, Vector, np.random.Generator], Index]  # model, target (n,)
ORDERS: Mapping[str, Order] = {
    "locks": lambda model, target, rng: fixing.by_locks(model),
    "objective": lambda model, target, rng: fixing.by_objective(model),
    "fractionality": lambda model, target, rng: fixing.by_fractionality(model, target),
    "random": lambda model, target, rng: fixing.at_random(model, int(rng.integers(2**31))),
}


def bounds_target(name: str, model: Model, lb: Vector, ub: Vector, rng: np.random.Generator) -> Vector:
    """A target without an LP point."""
    low = np.where(np.isfinite(lb), lb, np.where(np.isfinite(ub), ub, 0.0))
    high = np.where(np.isfinite(ub), ub, low)
    down, up = locks(model)
    rises = up < down
    costs = model.cost != 0
    likes = np.where(costs, model.cost < 0, rises)
    chosen: Mapping[str, NDArray[np.bool_]] = {
        "low": np.zeros(low.size, np.bool_),
        "high": np.ones(low.size, np.bool_),
        "cheap": likes,
        "dear": ~likes,
        "loose": np.where(up == down, likes, rises),
        "random": rng.random(low.size) < 0.5,
    }
    return np.where(chosen[name], high, low)


def root_target(name: str, model: Model, root: Vector) -> Vector:
    """A target made of an LP point."""
    if name != "loose root":
        return root
    down, up = locks(model)
    fractional = model.integer & (np.abs(root - np.rint(root)) > INTEGRAL_TOL)
    return np.where(fractional & (up != down), np.where(up < down, np.ceil(root), np.floor(root)), root)


def locks(model: Model) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sides of rows that a move of each column down, up, can violate, (n,) each."""
    rows = np.repeat(np.arange(model.row_lo.size), np.diff(model.row_start))
    lo, hi = np.isfinite(model.row_lo)[rows], np.isfinite(model.row_hi)[rows]
    positive, n = model.row_val > 0, model.lb.size
    down = np.bincount(model.row_col, np.where(positive, lo, hi), n)
    up = np.bincount(model.row_col, np.where(positive, hi, lo), n)
    return down.astype(np.int64), up.astype(np.int64)
