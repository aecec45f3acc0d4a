"""An independent classic feasibility pump, with which tests compare the FP preset (Proposition 3.2).

It shares no code with diffpump: it uses the standard library, numpy and highspy only. Its state is that of
the classic pump, the rounding y, whereas diffpump keeps a cost vector theta and takes gradient steps on it.
With the FP preset both must visit the same LP points.

Iteration 0 solves the LP under the model's own objective, as a minimisation. Iteration k = 1, 2, ... solves
the LP under the distance cost of y (+1 where y_j = 0, -1 where y_j = 1, 0 on continuous columns), rounds its
point x to y, applies the stop test, and does at most one restart.

Conventions: B is the set of integer columns with bounds inside [0, 1], and models with other integer columns
are refused; x is clipped to its bounds; 1/2 rounds down; each LP starts cold. Each iteration makes its random
generator from (seed, k), so that its draws do not depend on the restarts before it.

With general integers only the projection is here, `least_distance`: which vertex an LP returns decides all
iterates after it, and only the value of an LP is the same for two formulations.

Sources: Fischetti, Glover, Lodi, *The feasibility pump*, Mathematical Programming 104 (2005); Bertacco,
Fischetti, Lodi, *A feasibility pump heuristic for general mixed-integer problems*, Discrete Optimization 4
(2007).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np

TOLERANCE = 1e-6  # absolute, on integrality, rows and bounds
SAME_POINT = 1e-9  # LP points that differ by no more than this in every column are equal
PERTURB_EVERY = 100  # iterations from one unconditional perturbation to the next
FLIP_MIN, FLIP_MAX = 10, 30  # the number of columns that a flip moves is uniform on this range
RHO_LOW, RHO_HIGH = -0.3, 0.7  # the noise of a perturbation is uniform on this range


@dataclass(frozen=True, eq=False)
class Iterate:
    """One iteration.

    k        its number
    x        the LP point (n,)
    y        its rounding (n,): round(x) on B, x elsewhere
    kick     "flip", "perturbation" or None
    y_after  y after the kick (n,); the next LP minimises the distance to it
    solved   whether the stop test held
    """

    k: int
    x: np.ndarray
    y: np.ndarray
    kick: str | None
    y_after: np.ndarray
    solved: bool


class Model:
    """A model as highspy reads it from a file, whose relaxation can be minimised under any cost.

    Raises ValueError if the file cannot be read or has integer columns outside B that are not allowed.
    """

    def __init__(self, path: str | Path, general: bool = False) -> None:
        highspy.Highs.resetGlobalScheduler(
            True
        )  # HiGHS 1.16 refuses `threads` after a run with another number
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("solve_relaxation", True)
        if self.highs.readModel(str(path)) == highspy.HighsStatus.kError:
            raise ValueError(f"{path}: cannot be read")
        lp = self.lp = self.highs.getLp()
        self.n: int = lp.num_col_
        self.m: int = lp.num_row_
        sign = -1.0 if lp.sense_ == highspy.ObjSense.kMaximize else 1.0
        self.c = sign * np.array(lp.col_cost_)
        lp.sense_ = highspy.ObjSense.kMinimize
        self.lb, self.ub = np.array(lp.col_lower_), np.array(lp.col_upper_)
        self.row_lo, self.row_hi = np.array(lp.row_lower_), np.array(lp.row_upper_)
        matrix = lp.a_matrix_
        counts = np.diff(np.array(matrix.start_))
        major = np.repeat(np.arange(counts.size), counts)
        minor = np.array(matrix.index_, dtype=int)
        by_column = matrix.format_ == highspy.MatrixFormat.kColwise
        self.rows, self.cols = (minor, major) if by_column else (major, minor)
        self.values = np.array(matrix.value_)
        integer = np.zeros(self.n, dtype=bool)
        if len(lp.integrality_):
            integer[:] = [kind == highspy.HighsVarType.kInteger for kind in lp.integrality_]
        self.B = np.flatnonzero(integer & (self.lb >= 0) & (self.ub <= 1))
        self.G = np.flatnonzero(integer & ~((self.lb >= 0) & (self.ub <= 1)))
        if self.G.size and not general:
            raise ValueError(f"{path}: general integers are outside the classic pump")

    def argmin(self, cost: np.ndarray) -> np.ndarray:
        """Return a vertex (n,) of the relaxation that minimises the cost (n,), clipped to the bounds."""
        # A cold start needs a new model: after clearSolver the vertex may still depend on earlier LPs.
        self.highs.passModel(self.lp)
        self.highs.changeColsCost(self.n, np.arange(self.n, dtype=np.int32), np.array(cost, dtype=np.float64))
        self.highs.run()
        status = self.highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"LP ended as {self.highs.modelStatusToString(status)}")
        return np.clip(np.array(self.highs.getSolution().col_value), self.lb, self.ub)

    def round(self, x: np.ndarray) -> np.ndarray:
        """Return x (n,) with the nearest integers on B, 1/2 rounded down."""
        y = x.copy()
        y[self.B] = np.ceil(x[self.B] - 0.5) + 0.0  # + 0.0 turns -0.0 into 0.0
        return y

    def feasible(self, y: np.ndarray) -> bool:
        """Return whether y (n,) satisfies all rows and bounds within the tolerance."""
        activity = np.bincount(self.rows, self.values * y[self.cols], self.m)
        return bool(
            np.all(activity >= self.row_lo - TOLERANCE)
            and np.all(activity <= self.row_hi + TOLERANCE)
            and np.all(y >= self.lb - TOLERANCE)
            and np.all(y <= self.ub + TOLERANCE)
        )


def stops(model: Model, x: np.ndarray, y: np.ndarray) -> bool:
    """Return whether the pump stops: x is integral on B, or y is feasible."""
    return bool(np.all(np.abs(x - y)[model.B] <= TOLERANCE)) or model.feasible(y)


def distance_cost(model: Model, y: np.ndarray) -> np.ndarray:
    """Return the cost (n,) whose value is, up to a constant, the l1 distance to y on B."""
    cost = np.zeros(model.n)
    cost[model.B] = np.where(y[model.B] == 0, 1.0, -1.0)
    return cost


def least_distance(model: Model, y: np.ndarray) -> float:
    """Return the least sum of |x_j - y_j| over the integer columns of a point x of the relaxation.

    This is the LP of Bertacco, Fischetti and Lodi: each general integer has a column d_j >= 0 with the rows
    x_j - d_j <= y_j and -x_j - d_j <= -y_j.
    """
    highs, infinity = model.highs, highspy.kHighsInf
    highs.passModel(model.lp)
    cost = distance_cost(model, y)
    highs.changeColsCost(model.n, np.arange(model.n, dtype=np.int32), cost)
    for d, j in enumerate(model.G, start=model.n):
        highs.addCol(1.0, 0.0, infinity, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
        for sign in (1.0, -1.0):
            highs.addRow(-infinity, sign * y[j], 2, np.array([j, d], dtype=np.int32), np.array([sign, -1.0]))
    highs.changeObjectiveOffset(float(np.count_nonzero(cost < 0)))
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getObjectiveValue())


def restart(
    model: Model,
    k: int,
    x: np.ndarray,
    y: np.ndarray,
    y_last: np.ndarray,
    recent: list[np.ndarray],
    seed: int,
) -> tuple[str | None, np.ndarray]:
    """Return the kind of the kick of iteration k, or None, and y after it.

    x, y    the LP point of this iteration and its rounding
    y_last  y of the iteration before, after its kick
    recent  the last two LP points before x
    """
    B = model.B
    rng = np.random.default_rng((seed, k))
    if k % PERTURB_EVERY == 0 or any(np.max(np.abs(x - old)) <= SAME_POINT for old in recent):
        kind, rho = "perturbation", rng.uniform(RHO_LOW, RHO_HIGH, size=model.n)
        flipped = B[np.abs(x - y)[B] + np.maximum(rho, 0)[B] > 0.5]
    elif np.array_equal(y[B], y_last[B]):
        kind, size = "flip", rng.integers(FLIP_MIN, FLIP_MAX + 1)
        flipped = B[np.argsort(-(x * (1 - x))[B], kind="stable")[:size]]
    else:
        return None, y
    y_after = y.copy()
    y_after[flipped] = 1 - y[flipped]
    return kind, y_after


def classic_pump(
    path: str | Path, seed: int = 0, max_iter: int = 1000, stop: bool = True
) -> Iterator[Iterate]:
    """Yield the iterates 0 to max_iter, up to the first that passes the stop test unless `stop` is False."""
    model = Model(path)
    x = model.argmin(model.c)
    y = y_after = model.round(x)
    solved = stops(model, x, y)
    yield Iterate(0, x, y, None, y, solved)
    recent = [x]
    for k in range(1, max_iter + 1):
        if solved and stop:
            return
        x = model.argmin(distance_cost(model, y_after))
        y = model.round(x)
        solved = stops(model, x, y)
        kick, y_next = None, y
        if not (solved and stop):
            kick, y_next = restart(model, k, x, y, y_after, recent, seed)
        yield Iterate(k, x, y, kick, y_next, solved)
        y_after, recent = y_next, [x, recent[0]]
