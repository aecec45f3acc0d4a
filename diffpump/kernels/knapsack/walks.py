"""The smoothed maximum over chains of items that are heavy enough, with its marginals and samples.

A chain is a set of items of which two neighbours are at most D apart, and whose whole weights are at least q
in sum. With c the weight so far, at most q, and (+) the smoothed maximum g log(e^(x/g) + e^(y/g)), or the
maximum where g is 0,

    A_i[c] = the (+) over chains that end at item i with weight c, of the sum of their scores,
    B_i[c] = the (+) over what may follow such a chain so that it is heavy enough,

    A_i[min(w_i, q)] (+)= s_i,   A_i[min(c + w_i, q)] (+)= A_j[c] + s_i for i - D <= j < i,
    B_i[q] (+)= 0,               B_i[c] (+)= B_k[min(c + w_k, q)] + s_k for i < k <= i + D,
    V = (+)_i A_i[q],            y_i = sum_c e^((A_i[c] + B_i[c] - V) / g).

A product of the Jacobian of y is the derivative of y in a direction, by the derivatives of A and B.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.model import Model
from diffpump.kernels.rng import Rng, rng, uniform

Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]
LOWEST = -1e300  # in place of -infinity


@kernel
def forward(score: Vector, weights: Integers, reach: int, g: float, table: Matrix) -> float:
    """Write A / g to table (n, q + 1), with the scores over g, and return V / g; for g = 0 A and V."""
    n, top = table.shape[0], table.shape[1] - 1
    scale = 1.0 / g if g > 0.0 else 1.0
    total = LOWEST
    for i in range(n):
        row, weight, own = table[i], weights[i], score[i] * scale
        for c in range(top + 1):
            row[c] = LOWEST
        begins = min(weight, top)
        row[begins] = own
        for j in range(max(0, i - reach), i):
            before = table[j]
            for c in range(top + 1):
                if before[c] > LOWEST / 2:
                    at = min(c + weight, top)
                    row[at] = _join(row[at], before[c] + own, g)
        total = _join(total, row[top], g)
    return total


@kernel
def backward(score: Vector, weights: Integers, reach: int, g: float, table: Matrix) -> None:
    """Write B / g to table (n, q + 1)."""
    n, top = table.shape[0], table.shape[1] - 1
    for i in range(n - 1, -1, -1):
        row = table[i]
        for c in range(top + 1):
            row[c] = LOWEST
        row[top] = 0.0
        for k in range(i + 1, min(n, i + reach + 1)):
            behind, weight, own = table[k], weights[k], score[k] / g
            for c in range(top + 1):
                value = behind[min(c + weight, top)]
                if value > LOWEST / 2:
                    row[c] = _join(row[c], value + own, g)


@kernel
def _join(x: float, y: float, g: float) -> float:
    """Return log(e^x + e^y), or the maximum for g = 0."""
    largest, least = max(x, y), min(x, y)
    if g == 0.0 or least < LOWEST / 2:
        return largest
    return float(largest + np.log(1.0 + np.exp(least - largest)))


@kernel
def marginals(first: Matrix, second: Matrix, total: float, y: Vector) -> None:
    """Write y (n,) from A / g, B / g and V / g."""
    for i in range(y.size):
        y[i] = 0.0
        for c in range(first.shape[1]):
            if first[i, c] > LOWEST / 2 and second[i, c] > LOWEST / 2:
                y[i] += np.exp(first[i, c] + second[i, c] - total)


@kernel
def product(
    z: Vector, weights: Integers, reach: int, g: float, score: Vector, first: Matrix, second: Matrix,
    total: float, change: Matrix, behind: Matrix, out: Vector,
) -> None:  # fmt: skip
    """Write the product of z and the Jacobian of y; change and behind (n, q + 1) become dA and dB."""
    n, top = first.shape[0], first.shape[1] - 1
    rate = 0.0  # dV / g in the direction z
    for i in range(n):
        for c in range(top + 1):
            change[i, c] = 0.0
        weight, own, step = weights[i], score[i] / g, z[i] / g
        begins = min(weight, top)
        change[i, begins] += np.exp(own - first[i, begins]) * step
        for j in range(max(0, i - reach), i):
            for c in range(top + 1):
                if first[j, c] > LOWEST / 2:
                    at = min(c + weight, top)
                    change[i, at] += np.exp(first[j, c] + own - first[i, at]) * (change[j, c] + step)
        if first[i, top] > LOWEST / 2:
            rate += np.exp(first[i, top] - total) * change[i, top]
    for i in range(n - 1, -1, -1):
        for c in range(top + 1):
            behind[i, c] = 0.0
        for k in range(i + 1, min(n, i + reach + 1)):
            weight, own, step = weights[k], score[k] / g, z[k] / g
            for c in range(top + 1):
                at = min(c + weight, top)
                if second[k, at] > LOWEST / 2:
                    behind[i, c] += np.exp(second[k, at] + own - second[i, c]) * (behind[k, at] + step)
        out[i] = 0.0
        for c in range(top + 1):
            if first[i, c] > LOWEST / 2 and second[i, c] > LOWEST / 2:
                part = np.exp(first[i, c] + second[i, c] - total)
                out[i] += part * (change[i, c] + behind[i, c] - rate)


@kernel
def draw(
    weights: Integers, reach: int, g: float, score: Vector, first: Matrix, total: float, state: Rng, y: Vector
) -> None:
    """Write a sample to y (n,); for g = 0 a best chain, the last of equal ends."""
    n, top = first.shape[0], first.shape[1] - 1
    for i in range(n):
        y[i] = 0.0
    last, u, best = 0, uniform(state), LOWEST
    for i in range(n):  # the end
        if g == 0.0:
            if first[i, top] >= best and first[i, top] > LOWEST / 2:
                last, best = i, first[i, top]
        elif first[i, top] > LOWEST / 2:
            u -= np.exp(first[i, top] - total)
            last = i
            if u < 0.0:
                break
    weight_so_far = top
    while True:
        i, at = last, weight_so_far
        y[i] = 1.0
        own, weight = (score[i] / g if g > 0.0 else score[i]), weights[i]
        u = uniform(state)
        starts = at == min(weight, top)
        best = own if starts else LOWEST
        if starts and g > 0.0:
            u -= np.exp(own - first[i, at])
        stop = starts
        if not (starts and g > 0.0 and u < 0.0):
            for j in range(max(0, i - reach), i):
                low = at - weight if at < top else max(0, top - weight)
                high = at - weight if at < top else top
                for c in range(max(low, 0), high + 1):
                    if first[j, c] > LOWEST / 2:
                        value = first[j, c] + own
                        if g == 0.0:
                            if value > best:
                                best, last, weight_so_far, stop = value, j, c, False
                        elif u >= 0.0:
                            u -= np.exp(value - first[i, at])
                            last, weight_so_far, stop = j, c, False
        if stop or last == i:  # the second only if the scores are out of range
            return


@warm_up("knapsack, walks", engine=False)
def _warm_up(model: Model) -> None:
    score, weights, tables = np.zeros(2), np.ones(2, np.int64), np.zeros((4, 2, 2))
    total = forward(score, weights, 1, 1.0, tables[0])
    backward(score, weights, 1, 1.0, tables[1])
    y = np.zeros(2)
    marginals(tables[0], tables[1], total, y)
    product(score, weights, 1, 1.0, score, tables[0], tables[1], total, tables[2], tables[3], y)
    draw(weights, 1, 1.0, score, tables[0], total, rng(0), y)
