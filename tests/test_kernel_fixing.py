"""Fix and propagate: it always returns a full point with a true status; backtracking, orders, real models."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.kernels import fixing
from diffpump.kernels.fixing import CONFLICT, FEASIBLE, OPEN, fix
from diffpump.kernels.model import Model, model
from diffpump.kernels.propagation import Domain, domain, mark, propagate, undo
from diffpump.kernels.rng import rng
from diffpump.verify.check import Judge

INF = np.inf
PLENTY = 100_000  # touched nonzeros, far more than a small model needs
seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=60)


def small(random: np.random.Generator, continuous: int = 0) -> Problem:
    """Return a random problem of four bounded integer columns and some continuous ones.

    Its rows are <= rows and equalities. It is feasible.
    """
    n, m = 4 + continuous, int(random.integers(1, 5))
    A = random.integers(-3, 4, (m, n)) * (random.random((m, n)) < 0.8)
    lb = random.integers(-2, 2, n) + 0.0
    ub = lb + random.integers(1, 4, n)
    inside = A @ random.integers(lb.astype(int), ub.astype(int) + 1)
    row_lo = np.where(random.random(m) < 0.3, inside, -INF)
    return from_arrays(random.integers(-3, 4, n), A, row_lo, inside, lb, ub, np.arange(n) < 4)


def run(m: Model, d: Domain, target: Vector, **changes: Any) -> Any:
    arguments = {"order": fixing.by_fractionality(m, target), "threshold": 0.5, "seed": 0}
    arguments |= {"backtracks": 20, "budget": PLENTY} | changes
    order, threshold, seed, backtracks, budget = arguments.values()
    return fix(m, d, order, target, threshold, rng(seed), backtracks, budget)


def feasible_points(problem: Problem) -> Vector:
    ranges = [np.arange(lo, hi + 1) for lo, hi in zip(problem.lb, problem.ub, strict=True)]
    every = np.array(list(itertools.product(*ranges)))
    return np.array([x for x in every if Judge(problem).feasible(x)]).reshape(-1, problem.n)


@given(
    seed=seeds,
    threshold=st.sampled_from([0.0, 0.3, 0.5, 1.0, -1.0]),
    budget=st.sampled_from([0, 10, PLENTY]),
    continuous=st.integers(0, 2),
)
@law
def test_a_point_results_that_is_what_its_status_says(
    seed: int, threshold: float, budget: int, continuous: int
) -> None:
    random = np.random.default_rng(seed)
    problem = small(random, continuous)
    m = model(problem)
    target = random.uniform(problem.lb, problem.ub)
    results = []
    for _ in range(2):
        d = domain(m)
        results.append(run(m, d, target, threshold=threshold, budget=budget, seed=seed % 7, backtracks=3))
    status, x, decided, conflicts, work = results[0]
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))  # the same seed, the same result
    j = problem.integer
    assert np.array_equal(x[j], np.rint(x[j]))
    assert (x >= problem.lb).all() and (x <= problem.ub).all() and (x >= d.lb).all() and (x <= d.ub).all()
    assert work <= budget + 8 * (m.row_val.size + 1)  # one propagation's overrun, and the last check
    assert (status == FEASIBLE) == Judge(problem).feasible(x)
    assert (status == CONFLICT) <= (conflicts.sum() > 0)
    assert not decided[~j].any()
    if threshold >= 0:
        fraction = target - np.floor(target)
        own = np.floor(target) + (fraction > 1 - threshold)
        assert np.array_equal(x[decided], own[decided])
    if not continuous and budget == PLENTY:
        assert status != OPEN


@given(seed=seeds)
@law
def test_a_feasible_target_is_found(seed: int) -> None:
    """Propagation never contradicts a feasible target, so it is returned without any backtracking."""
    random = np.random.default_rng(seed)
    problem = small(random)
    points = feasible_points(problem)  # there is at least one: see `small`
    m = model(problem)
    target = points[random.integers(len(points))]
    status, x, decided, conflicts, _ = run(m, domain(m), target, order=fixing.at_random(m, seed % 100))
    assert status == FEASIBLE and np.array_equal(x, target)
    assert conflicts.sum() == 0
    at_the_root = domain(m)
    propagate(m, at_the_root, PLENTY)
    assert not decided[at_the_root.lb == at_the_root.ub].any()


@given(seed=seeds)
@law
def test_on_binaries_enough_backtracks_decide(seed: int) -> None:
    """Backtracking over both values of every binary is a complete search."""
    random = np.random.default_rng(seed)
    n, m_rows = 6, 4
    A = random.integers(-3, 4, (m_rows, n))
    side = np.floor(A.clip(max=0).sum(axis=1) * random.uniform(0, 1, m_rows))
    problem = from_arrays(
        [0] * n, A, np.where(random.random(m_rows) < 0.3, side, -INF), side, [0] * n, [1] * n, [True] * n
    )
    m = model(problem)
    status, *_ = run(m, domain(m), random.random(n), backtracks=1000)
    assert (status == FEASIBLE) == (len(feasible_points(problem)) > 0)


def test_backtracking_takes_the_other_value() -> None:
    """x + y >= 1, x + z >= 1 and y + z <= 1 refute the target 0 of x but not the value 1."""
    rows = [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    problem = from_arrays([0] * 3, rows, [1, 1, -INF], [INF, INF, 1], [0] * 3, [1] * 3, [True] * 3)
    m = model(problem)
    order = np.arange(3, dtype=np.int32)
    status, x, decided, conflicts, _ = run(m, domain(m), np.zeros(3), order=order)
    assert status == FEASIBLE and x.tolist() == [1, 0, 0]
    assert decided.tolist() == [False, True, True] and conflicts.sum() == 1
    status, x, _, conflicts, _ = run(m, domain(m), np.zeros(3), order=order, backtracks=0)
    assert status == CONFLICT and x[0] == 0 and conflicts.sum() >= 1


def test_continuous_columns_are_left_to_an_lp() -> None:
    """In z = 1/2 + x there is no conflict, but the target of z belongs to another x."""
    m = model(from_arrays([0, 0], [[-1, 1]], [0.5], [0.5], [0, 0], [1, 10], [True, False]))
    status, x, decided, _, _ = run(m, domain(m), np.array([0.6, 1.1]))
    assert status == OPEN and x[0] == 1 and decided.tolist() == [True, False]


def test_a_clipped_value_is_not_the_columns_own() -> None:
    """In x + y <= 3, x takes its target 2, and the target 4 of y is clipped to 1."""
    m = model(from_arrays([0, 0], [[1, 1]], [-INF], [3], [0, 0], [5, 5], [True, True]))
    _, x, decided, _, _ = run(m, domain(m), np.array([2.0, 4.2]))
    assert x.tolist() == [2, 1] and decided.tolist() == [True, False]


@pytest.mark.parametrize(("target", "threshold", "value"), [
    (0.5, 0.5, 0), (1.5, 0.5, 1), (-0.5, 0.5, -1), (0.51, 0.5, 1), (0.9, 0.0, 0), (0.1, 1.0, 1),
    (2.0, 1.0, 2), (7.0, 0.5, 3),
])  # fmt: skip
def test_thresholds_and_ties(target: float, threshold: float, value: float) -> None:
    m = model(from_arrays([0], [[1]], [-INF], [INF], [-3], [3], [True]))
    assert run(m, domain(m), np.array([target]), threshold=threshold)[1].tolist() == [value]


def test_random_thresholds_round_up_as_often_as_the_fraction_says() -> None:
    n = 4000
    m = model(from_arrays([0] * n, np.zeros((0, n)), [], [], [0] * n, [1] * n, [True] * n))
    x = run(m, domain(m), np.full(n, 0.3), threshold=-1.0)[1]
    assert x.mean() == pytest.approx(0.3, abs=0.03)


def test_orders() -> None:
    """Fractionality puts binaries first, the integral ones before others. Ties keep the columns' order."""
    A = [[1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 1, 1]]
    problem = from_arrays([1, -3, 0, 2], A, [0, -INF, -INF], [2, 5, INF], [0] * 4, [9, 1, 1, 1], [True] * 4)
    m = model(problem)
    assert fixing.by_fractionality(m, np.array([1.0, 0.4, 0.0, 0.9])).tolist() == [2, 3, 1, 0]
    assert fixing.by_locks(m).tolist() == [0, 1, 3, 2]
    assert fixing.by_objective(m).tolist() == [1, 3, 0, 2]
    assert sorted(fixing.at_random(m, 3).tolist()) == [0, 1, 2, 3]
    order = np.arange(4, dtype=np.int32)
    assert fixing.conflicts_first(m, order, np.array([0, 0, 2, 0])).tolist() == [0, 2, 3, 1]
    only = model(from_arrays([0, 0], [[1, 1]], [0], [1], [0, 0], [1, 1], [False, True]))
    orders = [fixing.by_locks(only), fixing.by_objective(only), fixing.at_random(only, 0)]
    assert all(o.tolist() == [1] and o.dtype == np.int32 for o in orders)


@pytest.mark.miplib
@pytest.mark.slow
def test_real_models(miplib: list[Path]) -> None:
    """Every order gives a full point within bounds, the judge accepts FEASIBLE points, undo restores all."""
    found = 0
    for path in miplib[:30]:
        problem = read(path)
        m, judge = model(problem), Judge(problem)
        d = domain(m)
        budget = 20 * m.row_val.size + 10**6
        propagate(m, d, budget)
        lb, ub = d.lb.copy(), d.ub.copy()
        target = np.clip(0.0, problem.lb, problem.ub)
        orders = [
            fixing.by_fractionality(m, target),
            fixing.by_locks(m),
            fixing.by_objective(m),
            fixing.at_random(m, 1),
        ]
        for order in orders:
            place = mark(d)
            status, x, _, _, work = fix(m, d, order, target, 0.5, rng(1), 200, budget)
            assert np.array_equal(x[m.integer], np.rint(x[m.integer]))
            assert (x >= m.lb).all() and (x <= m.ub).all()
            if status == FEASIBLE:
                found += 1
                assert judge.feasible(x), path.name
            elif m.integer.all() and status == OPEN:
                assert work >= budget, path.name
            undo(m, d, place)
            assert np.array_equal(d.lb, lb) and np.array_equal(d.ub, ub)
    assert found > 0
