"""The penalty that Feasibility Jump minimises, and the jump value and score of one column.

    F(x) = sum_i w_i viol_i(x) + w_obj c'x / max|c|,    viol_i(x) = max(lo_i - a_i x, a_i x - hi_i, 0)

As a function of one column, F is convex and piecewise linear. The column's jump value is the minimiser of F
over the column's domain that is nearest to its current value, and its score is the decrease of F from the
current value to the jump value. For an integer column only the two integers next to the continuous minimiser
can be best. A decrease of the objective decreases F (the published code has this sign wrong).

Source: Luteberget, Sartor, Feasibility Jump (2023), Math. Prog. Comp. 15.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Model

MAX_JUMP = 1e15  # no jump is longer: beyond it, floats no longer represent all integers
MIN_CONTINUOUS_SCORE = 1e-5  # smaller decreases of F by continuous columns would follow each other endlessly


class Penalty(NamedTuple):
    """The data of F at a point, and scratch arrays.

    activity        a_i x of each row (m + 1,)
    weight          w (m + 1,)
    objective       w_obj (1,)
    work            scanned nonzeros so far (1,)
    breaks, rises   scratch arrays, each of twice the length of the longest column
    """

    activity: Vector
    weight: Vector
    objective: Vector
    work: NDArray[np.int64]
    breaks: Vector
    rises: Vector


def penalty(model: Model) -> Penalty:
    """Return a penalty whose activities and weights are 0, for the caller to fill in."""
    rows = model.row_lo.size
    longest = int(np.diff(model.col_start).max(initial=0))
    work = np.zeros(1, np.int64)
    breaks, rises = np.empty(2 * longest), np.empty(2 * longest)
    return Penalty(np.zeros(rows), np.zeros(rows), np.zeros(1), work, breaks, rises)


@kernel
def violation(activity: float, lo: float, hi: float) -> float:
    """Return viol(a) = max(lo - a, a - hi, 0) for the activity a."""
    outside: float = max(lo - activity, activity - hi, 0.0)
    return outside


@kernel
def slope(activity: float, lo: float, hi: float, a: float) -> float:
    """Return the right derivative of t -> viol(activity + a t) at 0."""
    if a > 0:
        return a if activity >= hi else -a if activity < lo else 0.0
    return -a if activity <= lo else a if activity > hi else 0.0


@kernel
def gain(model: Model, at: Penalty, j: int, step: float) -> float:
    """Return F(x) - F(x + step e_j)."""
    fall = 0.0
    objective = at.weight.size - 1
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i, change = model.col_row[p], model.col_val[p] * step
        activity, lo, hi = at.activity[i], model.row_lo[i], model.row_hi[i]
        fall += at.weight[i] * (violation(activity, lo, hi) - violation(activity + change, lo, hi))
        if i == objective:
            fall -= at.objective[0] * change
    at.work[0] += model.col_start[j + 1] - model.col_start[j]
    return fall


@kernel
def crossing(breaks: Vector, rises: Vector, n: int, slope: float) -> float:
    """Return the smallest b in breaks[:n] with slope + (sum of the rises at breaks <= b) >= 0.

    The result is infinite if there is no such b. Three-way quickselect takes O(n) on average and reorders
    both arrays.
    """
    slope *= 1.0 - 1e-12  # summed in another order, a flat piece may seem to fall a little
    first, end, found = 0, n, float(np.inf)
    while first < end:
        pivot: float = breaks[(first + end) // 2]
        less, same, top = 0.0, 0.0, -np.inf
        k, left, right = first, first, end
        while k < right:
            b, rise = breaks[k], rises[k]
            if b > pivot:
                right -= 1
                breaks[k], rises[k], breaks[right], rises[right] = breaks[right], rises[right], b, rise
                continue
            if b < pivot:
                less, top = less + rise, max(top, b)
                breaks[k], rises[k], breaks[left], rises[left] = breaks[left], rises[left], b, rise
                left += 1
            else:
                same += rise
            k += 1
        if slope + less >= 0:
            end, found = left, top
        elif slope + less + same >= 0:
            return pivot
        else:
            slope, first = slope + less + same, right
    return found


@kernel
def distance(model: Model, at: Penalty, j: int, sign: float, slope: float, room: float) -> float:
    """Return how far column j moves in the direction `sign` (1 or -1) to the nearest minimiser of F.

    If that is farther than MAX_JUMP, return the distance to the last kink of F, or 0 if even that is farther.

    slope   the derivative of F in that direction, negative
    room    the distance to the column's bound
    """
    n, farthest = 0, 0.0
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i, a = model.col_row[p], sign * model.col_val[p]
        activity, lo, hi = at.activity[i], model.row_lo[i], model.row_hi[i]
        if a < 0:  # the same row times -1
            a, activity, lo, hi = -a, -activity, -hi, -lo
        for side in (lo, hi):
            if activity < side < np.inf:
                at.breaks[n], at.rises[n] = (side - activity) / a, at.weight[i] * a
                farthest = max(farthest, at.breaks[n])
                n += 1
    at.work[0] += model.col_start[j + 1] - model.col_start[j]
    nearest = min(crossing(at.breaks, at.rises, n, slope), room)
    return nearest if nearest < MAX_JUMP else farthest if farthest < MAX_JUMP else 0.0


@kernel
def best_step(model: Model, at: Penalty, j: int, x: float) -> tuple[float, float]:
    """Return the step of column j from its value x to its jump value, and its score.

    If an integer column's minimiser is less than 1 away, its jump value is the better of x - 1 and x + 1. A
    continuous column at its minimiser has step and score 0.
    """
    up, down = 0.0, 0.0
    objective = at.weight.size - 1
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i, a = model.col_row[p], model.col_val[p]
        activity, lo, hi = at.activity[i], model.row_lo[i], model.row_hi[i]
        up += at.weight[i] * slope(activity, lo, hi, a)
        down += at.weight[i] * slope(activity, lo, hi, -a)
        if i == objective:
            up += at.objective[0] * a
            down -= at.objective[0] * a
    at.work[0] += model.col_start[j + 1] - model.col_start[j]
    above, under = model.ub[j] - x, x - model.lb[j]
    sign, length = 1.0, 0.0
    if up < 0 and above > 0:
        length = distance(model, at, j, 1.0, up, above)
    elif down < 0 and under > 0:
        sign, length = -1.0, distance(model, at, j, -1.0, down, under)
    if not model.integer[j]:
        fall = gain(model, at, j, sign * length) if length > 0 else 0.0
        return sign * length, fall if fall > MIN_CONTINUOUS_SCORE else 0.0
    first, second = sign * np.floor(length), sign * np.ceil(length)
    if length < 1:
        first, second = min(1.0, above), -min(1.0, under)
    one = gain(model, at, j, first) if first != 0 else -np.inf
    two = gain(model, at, j, second) if second != 0 else -np.inf
    return (first, one) if one >= two else (second, two)
