"""A law over all arms on models that break solvers.

No arm raises an exception, makes a false claim, or changes shared data. Every arm gets slices of its own,
without a solution and with one, before and after the root LP.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike

from diffpump.config.engine import Settings
from diffpump.config.schedule import ARMS, role
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.search.engine import Engine
from diffpump.verify.check import feasible

NAMES = tuple(name for name in ARMS if role(name).only_with is None)
SLICE_SECONDS = 0.05
MAX_SECONDS = 10.0  # an arm that takes longer hangs
INF = np.inf


def dense(
    c: ArrayLike, A: ArrayLike, lo: ArrayLike, hi: ArrayLike, lb: ArrayLike, ub: ArrayLike, integer: ArrayLike
) -> Problem:
    n = np.size(c)
    return from_arrays(c, np.reshape(A, (np.size(lo), n)), lo, hi, lb, ub, np.broadcast_to(integer, n))


def one_dense_column() -> tuple[Problem, Vector]:
    """Return a model whose first column has an entry in each of 400 rows."""
    rng = np.random.default_rng(0)
    A = np.where(rng.random((400, 30)) < 0.1, rng.integers(1, 4, (400, 30)), 0.0)
    A[:, 0] = -5.0
    return dense(
        -np.ones(30), A, np.full(400, -INF), np.zeros(400), np.zeros(30), np.full(30, 4), True
    ), np.zeros(30)


def wide() -> tuple[Problem, Vector]:
    """7 x - 11 y = 13 over integers that are free or nearly free, with a free continuous column."""
    return dense(
        [1, 1, 1], [[7, -11, 0], [1, 1, 1]], [13, 0], [13, INF], [-INF, -1e9, -INF], [INF, 1e9, INF],
        [True, True, False],
    ), np.array([5.0, 2.0, -7.0])  # fmt: skip


def scales() -> tuple[Problem, Vector]:
    """Return a model with coefficients, sides and costs from 1e-9 to 1e9."""
    return dense(
        [1e9, -1e-9, 1], [[1e9, 1e-9, 1], [1e-9, 1e9, -1e9], [1, 1, 1]], [-INF, 0, 1], [2e9, 1e9, INF],
        [0, 0, 0], [3, 3, 1e9], [True, True, False],
    ), np.array([0.0, 1.0, 0.0])  # fmt: skip


# Each model with a feasible point, or with None if there is no solution.
MODELS: dict[str, Callable[[], tuple[Problem, Vector | None]]] = {
    "no columns": lambda: (dense([], [[]], [0], [1], [], [], []), np.zeros(0)),
    "no columns, infeasible": lambda: (dense([], [[]], [1], [1], [], [], []), None),
    "no rows": lambda: (dense([1, -1], [], [], [], [0, 0], [3, 3], True), np.zeros(2)),
    "no integers": lambda: (dense([1, 1], [[1, 1]], [1.5], [9], [0, 0], [9, 9], False), np.ones(2)),
    "all fixed": lambda: (dense([1, 1], [[1, 1]], [3], [3], [1, 2], [1, 2], True), np.array([1.0, 2.0])),
    "all fixed, infeasible": lambda: (dense([1, 1], [[1, 1]], [4], [4], [1, 2], [1, 2], True), None),
    "empty rows and columns": lambda: (
        dense([0, -1, 0], [[0, 0, 0], [1, 0, 0], [0, 0, 0]], [0, 1, -INF], [0, 2, 5],
              [0, 0, -INF], [3, 3, INF], [True, True, False]), np.array([1.0, 0.0, 0.0])),
    "an empty row, infeasible": lambda: (dense([1], [[0]], [1], [2], [0], [9], True), None),
    "infeasible by bounds": lambda: (dense([1, 1], [[1, 1]], [-INF], [1], [1, 1], [3, 3], True), None),
    "no integer point": lambda: (dense([1, 1], [[2, 2]], [3], [3], [0, 0], [9, 9], True), None),
    "unbounded": lambda: (dense([-1, -1], [[1, -1]], [-1], [1], [0, 0], [INF, INF], True), np.zeros(2)),
    "wide domains": wide,
    "scales": scales,
    "a dense column": one_dense_column,
}  # fmt: skip


@pytest.mark.parametrize("case", MODELS)
@pytest.mark.parametrize("arm", NAMES)
def test_alone(arm: str, case: str) -> None:
    problem, x = MODELS[case]()
    before = [np.copy(v) for v in shared(problem)]
    began = time.monotonic()
    search = Engine(RunSetup(problem, run_limits=RunLimits(began + MAX_SECONDS), started=began), Settings())
    pool, portfolio = search.pool, search.portfolio

    def give(name: str) -> None:
        if portfolio.is_open() and not portfolio.arms(name).exhausted:
            portfolio.run_slice(name, SLICE_SECONDS)

    with search.exit_stack:
        give(arm)
        if x is not None:
            assert feasible(problem, x)  # the point of the case is correct
            pool.offer(x, "given")
        give(arm)
        give("root")
        give(arm)
        give(arm)
    assert time.monotonic() - began < MAX_SECONDS
    assert pool.rejected == 0 and all(feasible(problem, solution.x) for solution in pool.solutions)
    assert (pool.best is not None) == (x is not None)
    if x is not None:
        assert pool.value <= problem.c @ x
        bound = search.facts.bound
        assert bound is None or not search.facts.is_better(pool.solutions[-1].proof.objective, bound)
    for now, then in zip(shared(problem), before, strict=True):
        np.testing.assert_array_equal(now, then)


def shared(problem: Problem) -> list[Vector]:
    """Return the arrays that no arm may change."""
    return [problem.c, problem.A.data, problem.row_lo, problem.row_hi, problem.lb, problem.ub]
