"""Sweeps of the smoothed dynamic program of a knapsack, in the memory of some sqrt(n) rows of its table.

Row i of the table has, for every capacity c, the smoothed maximum over the first i items. A regulariser keeps
a row as a state (2, C + 1) of its own kind, and brings two kernels: `advance` computes the state of a row
from that of the row before, and `choose` the probabilities q[i, c] of taking item i. `sweeps` compiles the
rest around them.

On the way forward only the state at the beginning of every block of items is kept. On the way back the q of a
block are computed anew, so that they stay in the cache, and the marginals y or the samples pass through:

    E[n, C] = 1,   P[c] = E[i, c] q[i, c],   y_i = sum_c P[c],   E[i - 1, c] = E[i, c] - P[c] + P[c + w_i].

The product of z and the Jacobian of y is the derivative of y in the direction z, since the Jacobian is a
Hessian and so symmetric. A third row of the state has the derivative dV of the table, and dE that of E:

    D[c] = dV[i - 1, c - w_i] - dV[i - 1, c] + z_i,           dV[i, c] = dV[i - 1, c] + q[i, c] D[c],
    T[c] = dE[i, c] q[i, c] + E[i, c] q'[i, c] D[c],          dE[i - 1, c] = dE[i, c] - T[c] + T[c + w_i],

and the product is sum_c T[c] for item i. A row is needed from the capacity on that is left if all later items
are taken.

Source: Vivier-Ardisson, Sander, Parmentier, Blondel, Differentiable knapsack and top-k operators via dynamic
programming (arXiv 2601.21775), Algorithms 1 to 4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.arrays import Vector
from diffpump.kernels.compile.jit import kernel, warm_up
from diffpump.kernels.rng import Rng, rng, uniform

Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]
LARGEST_BLOCK = 128  # items in a block, so that numbers without a common scale stay in range within one


class Items(NamedTuple):
    """The items of a batch of knapsacks.

    Attributes
    ----------
    terms : (batch, n, 2) float64
        What `advance` and `choose` take of each score.
    weights : (batch, n) int64
        The weights, >= 0.
    capacity : (batch,) int64
        The capacities, >= 0.
    direction : (batch, n) float64
        z, or (batch, 0) without a derivative.
    start : (2, C + 1) float64
        The state of row 0, for the largest capacity C of the batch.
    """

    terms: NDArray[np.float64]
    weights: Integers
    capacity: Integers
    direction: Matrix
    start: Matrix


class Workspace(NamedTuple):
    """Arrays for one knapsack at a time, which the kernels overwrite. B is the number of items in a block.

    Attributes
    ----------
    rows : (2, 3, C + 1) float64
        The state of the present row and of the next one, each with dV.
    kept : (ceil(n / B), 3, C + 1) float64
        The states at the beginning of the blocks.
    q : (B, C + 1) float64
        The probabilities q of the items of a block.
    slopes : (B, C + 1) float64, or (0, C + 1) without a derivative
        Their derivatives q' D in the direction z.
    mass : (2, C + 1) float64
        E and dE.
    moved : (2, C + 1) float64
        P and T.
    first : (n + 1,) int64
        The smallest capacity that is needed of each row.
    """

    rows: NDArray[np.float64]
    kept: NDArray[np.float64]
    q: Matrix
    slopes: Matrix
    mass: Matrix
    moved: Matrix
    first: Integers


def workspace(n: int, capacity: int, derivative: bool) -> Workspace:
    """Return the arrays for knapsacks of n items and capacities up to `capacity`."""
    block, size = block_size(n), capacity + 1
    blocks = -(-n // block)
    return Workspace(
        np.empty((2, 3, size)), np.empty((blocks, 3, size)), np.empty((block, size)),
        np.empty((block if derivative else 0, size)), np.empty((2, size)), np.empty((2, size)),
        np.empty(n + 1, np.int64),
    )  # fmt: skip


def workspace_bytes(n: int, capacity: int, derivative: bool) -> int:
    """Return the size of `workspace(n, capacity, derivative)` in bytes."""
    block = block_size(n)
    rows = 6 + 3 * -(-n // block) + block * (2 if derivative else 1) + 4
    return 8 * (rows * (capacity + 1) + n + 1)


def block_size(n: int) -> int:
    """Return the number of items in a block, about sqrt(n)."""
    return min(LARGEST_BLOCK, max(1, int(np.ceil(np.sqrt(n)))))


class Sweeps(NamedTuple):
    """The kernels of a regulariser.

    Attributes
    ----------
    solve : callable
        (items, begin, end, g, workspace, values, marginals, products) -> None. For the knapsacks from `begin`
        to `end` of the batch it writes the last state at capacity C to values (batch, 2), y to marginals
        (batch, n), or nothing if that is (batch, 0), and the product with z to products (batch, n), or
        nothing.
    sample : callable
        (items, begin, end, g, workspace, values, states, left, taken) -> None. It writes samples to taken
        (batch, size, n). states (batch,) are those of random numbers, and left (size,) is overwritten.
    """

    solve: Callable[..., None]
    sample: Callable[..., None]


@kernel
def _begin(items: Items, b: int, work: Workspace) -> int:
    """Set row 0 and the needed capacities of knapsack b, and return its capacity."""
    weights, capacity = items.weights[b], items.capacity[b]
    n = weights.size
    work.first[n] = capacity
    for i in range(n - 1, -1, -1):
        work.first[i] = max(0, work.first[i + 1] - weights[i])
    for c in range(capacity + 1):
        work.rows[0, 0, c] = items.start[0, c]
        work.rows[0, 1, c] = items.start[1, c]
        work.rows[0, 2, c] = 0.0
    return int(capacity)


@kernel
def assign(target: Vector, source: Vector) -> None:
    """Copy a vector; an assignment of slices would allocate."""
    for c in range(target.size):
        target[c] = source[c]


@kernel
def fill(target: Vector, value: float) -> None:
    """Set every entry to a value."""
    for c in range(target.size):
        target[c] = value


@kernel
def _copy(source: Matrix, target: Matrix, first: int, capacity: int) -> None:
    """Copy the states (3, C + 1) of the capacities from `first` on."""
    for k in range(3):
        assign(target[k, first : capacity + 1], source[k, first : capacity + 1])


@kernel
def _derive(old: Vector, new: Vector, q: Vector, first: int, capacity: int, weight: int, z: float) -> None:
    """Compute dV of a row from that of the row before."""
    begin, end = max(first, weight), capacity + 1
    assign(new[first : min(begin, end)], old[first : min(begin, end)])
    skip, pick, taken, after = old[begin:end], old[begin - weight :], q[begin:end], new[begin:end]
    for c in range(after.size):
        after[c] = skip[c] + taken[c] * (pick[c] - skip[c] + z)


@kernel
def _take(mass: Vector, q: Vector, moved: Vector) -> None:
    """Take the part of E that has the item, P."""
    for c in range(mass.size):
        moved[c] = mass[c] * q[c]
        mass[c] -= moved[c]


@kernel
def _take_derivative(mass: Vector, derivative: Vector, q: Vector, slopes: Vector, moved: Vector) -> None:
    """Take the derivative of that part, T, from dE."""
    for c in range(mass.size):
        moved[c] = derivative[c] * q[c] + mass[c] * slopes[c]
    for c in range(mass.size):
        derivative[c] -= moved[c]


@kernel
def _give(moved: Vector, mass: Vector) -> None:
    """Add what was taken at the capacities that are left."""
    for c in range(moved.size):
        mass[c] += moved[c]


@kernel
def _sum(values: Vector) -> float:
    """Return the sum, in four partial sums of every fourth value, which the compiler adds at once."""
    a = b = c = d = 0.0
    quarter = values.size // 4
    first, second = values[:quarter], values[quarter : 2 * quarter]
    third, fourth = values[2 * quarter : 3 * quarter], values[3 * quarter : 4 * quarter]
    for k in range(quarter):
        a += first[k]
        b += second[k]
        c += third[k]
        d += fourth[k]
    for k in range(4 * quarter, values.size):
        a += values[k]
    return (a + b) + (c + d)


def sweeps(
    module: str,
    advance: Callable[..., None],
    choose: Callable[..., None],
    slope: Callable[..., float],
    normalise: Callable[..., None],
) -> Sweeps:
    """Return the kernels of a regulariser.

    Parameters
    ----------
    module : str
        The module of the regulariser, whose source its machine code depends on.
    advance : kernel
        (old, new, first, capacity, weight, a, b, g) -> None: writes the state `new` (2, C + 1) of the row
        after an item of this weight with the terms a and b, for the capacities from `first` to `capacity`.
    choose : kernel
        (old, q, first, capacity, weight, a, b, g) -> None: writes the probabilities (C + 1,) of the item.
    slope : kernel
        (q, g) -> dq/dd, where d is the score with the item minus that without it.
    normalise : kernel
        (state, first, capacity) -> None: may rewrite the state of the first row of every block.
    """

    def write_slopes(
        old: Vector, q: Vector, slopes: Vector, first: int, capacity: int, weight: int, z: float, g: float
    ) -> None:
        """Write q' D of an item."""
        begin, end = max(first, weight), capacity + 1
        fill(slopes[first : min(begin, end)], 0.0)
        skip, pick, taken, own = old[begin:end], old[begin - weight :], q[begin:end], slopes[begin:end]
        for c in range(own.size):
            own[c] = slope(taken[c], g) * (pick[c] - skip[c] + z)

    write_slopes = kernel_of(module, write_slopes)

    def refill(items: Items, b: int, g: float, work: Workspace, begin: int, capacity: int) -> None:
        """Compute the rows of the block that begins with this item, and its q and slopes."""
        block, n = work.q.shape[0], items.weights.shape[1]
        derivative = items.direction.shape[1] > 0
        _copy(work.kept[begin // block], work.rows[begin % 2], work.first[begin], capacity)
        for i in range(begin, min(begin + block, n)):
            old, new, k, first = work.rows[i % 2], work.rows[1 - i % 2], i - begin, work.first[i + 1]
            weight, term_a, term_b = items.weights[b, i], items.terms[b, i, 0], items.terms[b, i, 1]
            choose(old, work.q[k], first, capacity, weight, term_a, term_b, g)
            advance(old, new, first, capacity, weight, term_a, term_b, g)
            if derivative:
                z = items.direction[b, i]
                write_slopes(old[2], work.q[k], work.slopes[k], first, capacity, weight, z, g)
                _derive(old[2], new[2], work.q[k], first, capacity, weight, z)

    refill = kernel_of(module, refill)

    def forward(items: Items, b: int, g: float, work: Workspace) -> int:
        """Compute all rows, keep the first one of each block, and return the capacity."""
        capacity, block = _begin(items, b, work), work.q.shape[0]
        derivative = items.direction.shape[1] > 0
        for i in range(items.weights.shape[1]):
            old, new, first = work.rows[i % 2], work.rows[1 - i % 2], work.first[i + 1]
            if i % block == 0:
                normalise(old, work.first[i], capacity)
                _copy(old, work.kept[i // block], work.first[i], capacity)
            weight, term_a, term_b = items.weights[b, i], items.terms[b, i, 0], items.terms[b, i, 1]
            if derivative:
                choose(old, work.q[0], first, capacity, weight, term_a, term_b, g)
                _derive(old[2], new[2], work.q[0], first, capacity, weight, items.direction[b, i])
            advance(old, new, first, capacity, weight, term_a, term_b, g)
        return capacity

    forward = kernel_of(module, forward)

    def solve(
        items: Items, begin: int, end: int, g: float, work: Workspace, values: Matrix, marginals: Matrix,
        products: Matrix,
    ) -> None:  # fmt: skip
        n, block = items.weights.shape[1], work.q.shape[0]
        for b in range(begin, end):
            capacity = forward(items, b, g, work)
            values[b, 0], values[b, 1] = work.rows[n % 2, 0, capacity], work.rows[n % 2, 1, capacity]
            if marginals.shape[1] == 0:
                continue
            mass, moved, derivative = work.mass, work.moved, products.shape[1] > 0
            fill(mass[0, work.first[0] : capacity + 1], 0.0)
            fill(mass[1, work.first[0] : capacity + 1], 0.0)
            mass[0, capacity] = 1.0
            for start in range((n - 1) // block * block, -1, -block):
                refill(items, b, g, work, start, capacity)
                for i in range(min(start + block, n) - 1, start - 1, -1):
                    first, before, weight = work.first[i + 1], work.first[i], items.weights[b, i]
                    q, left, end = work.q[i - start, first : capacity + 1], before + weight, capacity + 1
                    taken = moved[:, first:end]
                    if derivative:
                        slopes = work.slopes[i - start, first:end]
                        _take_derivative(mass[0, first:end], mass[1, first:end], q, slopes, taken[1])
                        _give(moved[1, left:end], mass[1, before:])
                        products[b, i] = _sum(taken[1])
                    _take(mass[0, first:end], q, taken[0])
                    _give(moved[0, left:end], mass[0, before:])
                    marginals[b, i] = _sum(taken[0])

    def sample(
        items: Items, begin: int, end: int, g: float, work: Workspace, values: Matrix, states: Rng,
        left: Integers, taken: NDArray[np.float64],
    ) -> None:  # fmt: skip
        n, block = items.weights.shape[1], work.q.shape[0]
        for b in range(begin, end):
            capacity, state = forward(items, b, g, work), states[b : b + 1]
            values[b, 0], values[b, 1] = work.rows[n % 2, 0, capacity], work.rows[n % 2, 1, capacity]
            left[:] = capacity
            for start in range((n - 1) // block * block, -1, -block):
                refill(items, b, g, work, start, capacity)
                for i in range(min(start + block, n) - 1, start - 1, -1):
                    q, weight = work.q[i - start], items.weights[b, i]
                    for k in range(left.size):
                        takes = uniform(state) < q[left[k]]
                        taken[b, k, i] = 1.0 if takes else 0.0
                        left[k] -= weight if takes else 0

    found = Sweeps(kernel_of(module, solve), kernel_of(module, sample))
    warm_up(f"knapsack, {module.rpartition('.')[2]}", engine=False)(lambda model: _use(found))
    return found


def _use(kernels: Sweeps) -> None:
    """Call the kernels of a regulariser on one item."""
    none, out = np.empty((1, 0)), np.empty((1, 1))
    items = Items(
        np.zeros((1, 1, 2)), np.ones((1, 1), np.int64), np.ones(1, np.int64), none, np.zeros((2, 2))
    )
    work, values = workspace(1, 1, False), np.empty((1, 2))
    kernels.solve(items, 0, 1, 1.0, work, values, out, none)
    kernels.sample(items, 0, 1, 1.0, work, values, rng(0), np.empty(1, np.int64), np.empty((1, 1, 1)))


def kernel_of(module: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of `sweeps` as a kernel of the regulariser's module."""
    function.__module__ = module
    return kernel(function)
