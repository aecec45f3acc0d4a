"""One column's view of the penalty that Feasibility Jump descends: its jump value and its score.

    F(x) = sum_i w_i viol_i(x) + w_obj c'x / max|c|,    viol_i(x) = max(lo_i - a_i x, a_i x - hi_i, 0)

Along one column F is convex and piecewise linear. The jump value is its minimiser over the column's domain
that is nearest to the column's value, the score is the fall of F from here to there (Luteberget, Sartor
2023, Math. Prog. Comp. 15). Of integer columns only the two integers next to the minimiser can be best.
A fall of the objective is a fall of F (the published code has this sign wrong).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel
from diffpump.kernels.model import Model

FAR = 1e15  # no jump is longer: integers are no longer exact floats
SMALL = 1e-5  # least score of a continuous column: smaller ones follow one another without end


class Penalty(NamedTuple):
    """F at a point: activity, weight w (m + 1,), objective (1,) w_obj; work (1,) in scanned nonzeros.

    breaks, rises (2 x the longest column,): scratch.
    """

    activity: Vector
    weight: Vector
    objective: Vector
    work: NDArray[np.int64]
    breaks: Vector
    rises: Vector


def penalty(model: Model) -> Penalty:
    """Room for F; activities and weights come next."""
    rows = model.row_lo.size
    longest = int(np.diff(model.col_start).max(initial=0))
    work = np.zeros(1, np.int64)
    breaks, rises = np.empty(2 * longest), np.empty(2 * longest)
    return Penalty(np.zeros(rows), np.zeros(rows), np.zeros(1), work, breaks, rises)


@kernel
def violation(activity: float, lo: float, hi: float) -> float:
    """viol(a) = max(lo - a, a - hi, 0)."""
    outside: float = max(lo - activity, activity - hi, 0.0)
    return outside


@kernel
def slope(activity: float, lo: float, hi: float, a: float) -> float:
    """The derivative of t -> viol(activity + a t) at 0, from the right."""
    if a > 0:
        return a if activity >= hi else -a if activity < lo else 0.0
    return -a if activity <= lo else a if activity > hi else 0.0


@kernel
def gain(model: Model, at: Penalty, j: int, step: float) -> float:
    """F(x) - F(x + step e_j)."""
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
    """The least b of breaks[:n] with slope + sum of rises over breaks <= b at least 0; infinite if none.

    Quickselect with three parts: O(n) on average, reorders both arrays.
    """
    slope *= 1.0 - 1e-12  # sums in another order: a flat piece may seem to fall a little
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
    """How far column j goes in the direction `sign`, where F falls at rate `slope`, until F is least."""
    n, farthest = 0, 0.0
    for p in range(model.col_start[j], model.col_start[j + 1]):
        i, a = model.col_row[p], sign * model.col_val[p]
        activity, lo, hi = at.activity[i], model.row_lo[i], model.row_hi[i]
        if a < 0:  # the same row, turned round
            a, activity, lo, hi = -a, -activity, -hi, -lo
        for side in (lo, hi):
            if activity < side < np.inf:
                at.breaks[n], at.rises[n] = (side - activity) / a, at.weight[i] * a
                farthest = max(farthest, at.breaks[n])
                n += 1
    at.work[0] += model.col_start[j + 1] - model.col_start[j]
    least = min(crossing(at.breaks, at.rises, n, slope), room)
    return least if least < FAR else farthest if farthest < FAR else 0.0


@kernel
def best_step(model: Model, at: Penalty, j: int, x: float) -> tuple[float, float]:
    """The step of column j from x to its jump value and its score.

    An integer column that is best where it is has its better neighbour as jump value, a continuous one none.
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
        return sign * length, fall if fall > SMALL else 0.0
    first, second = sign * np.floor(length), sign * np.ceil(length)
    if length < 1:
        first, second = min(1.0, above), -min(1.0, under)
    one = gain(model, at, j, first) if first != 0 else -np.inf
    two = gain(model, at, j, second) if second != 0 else -np.inf
    return (first, one) if one >= two else (second, two)
