"""Random small models with every kind of column and row, and points for them, for the laws of operators."""

from __future__ import annotations

import numpy as np

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays

INF = np.inf


def mixed_problem(rng: np.random.Generator) -> Problem:
    """Return a random problem of 8 columns and 7 rows in random order.

    The columns are three binaries, three general integers (one unbounded above, one with fractional bounds)
    and two continuous columns. The rows are <=, >=, =, ranged, free, <=, and an empty one that no point
    satisfies.
    """
    lb = np.array([0, 0, 0, -2, 3, 0.5, -1.5, -INF])
    ub = np.array([1, 1, 1, 4, INF, 6.5, 2.5, INF])
    integer = np.array([True] * 6 + [False] * 2)
    A = rng.integers(-5, 6, (7, 8)) * (rng.random((7, 8)) < 0.6) + np.zeros((7, 8))
    A[:6, 0] = rng.integers(1, 5, 6)  # only the last row is empty
    A[6] = 0
    b = rng.normal(scale=4, size=7).round(1)
    row_lo = np.array([-INF, b[1], b[2], b[3], -INF, -INF, 1.0])
    row_hi = np.array([b[0], INF, b[2], b[3] + 2, INF, b[5], 2.0])
    order = rng.permutation(7)
    shuffle = rng.permutation(8)
    return from_arrays(
        rng.normal(size=8), A[order][:, shuffle], row_lo[order], row_hi[order],
        lb[shuffle], ub[shuffle], integer[shuffle],
    )  # fmt: skip


def integers_within(problem: Problem, rng: np.random.Generator) -> Vector:
    """Return a random point (n,) within the bounds, integral on the integer columns."""
    lo = np.maximum(problem.lb, -6)
    hi = np.minimum(problem.ub, 9)
    x = rng.uniform(lo, hi)
    j = problem.integer
    x[j] = rng.integers(np.ceil(lo[j]).astype(int), np.floor(hi[j]).astype(int) + 1)
    return x


def smooth_point(problem: Problem, rng: np.random.Generator) -> Vector:
    """Return a random point (n,) within the bounds with no integer column near an integer or a half."""
    x = integers_within(problem, rng)
    offset = rng.uniform(0.05, 0.45, problem.n)
    up = np.where(x + 0.5 <= problem.ub, 1.0, -1.0)
    both = (x - 0.5 >= problem.lb) & (x + 0.5 <= problem.ub)
    side = np.where(both, rng.choice([-1.0, 1.0], problem.n), up)
    return np.where(problem.integer, x + side * offset, x)


def lp_like_point(problem: Problem, rng: np.random.Generator) -> Vector:
    """Return a random point (n,) like an LP's: many columns integral, some at one half, some in between."""
    x = integers_within(problem, rng)
    kinds = rng.integers(0, 4, problem.n)
    shift = np.where(kinds == 1, 0.5, np.where(kinds == 2, rng.random(problem.n), 0.0))
    return np.clip(x + shift, problem.lb, problem.ub)
