"""The conflict-driven arm: integers as bits, cuts from the LP, and solutions compared to branch and cut's."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command import GAP
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.backends.mip import solve_mip
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.outcome.run import RunSetup
from diffpump.search.arms import conflict
from diffpump.search.arms.benders import BendersSubproblem
from diffpump.search.arms.bits import bits
from diffpump.search.arms.conflict import Conflict
from diffpump.search.budget import Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space

INSTANCES = Path(GAP).parent
SEEDS = st.integers(0, 2**32 - 1)


def mixed(seed: int, binary: bool = False) -> Problem:
    """Return a small random problem over binaries and, unless `binary`, integer and continuous columns.

    Some of the integer and continuous columns are unbounded.
    """
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 8)), int(rng.integers(1, 7))
    kinds = np.zeros(n, int) if binary else rng.integers(0, 5, n)  # 3 and 4: unbounded
    lb = np.where(kinds == 0, 0, rng.integers(-3, 2, n)).astype(float)
    width = np.where(kinds == 0, 1, rng.integers(0, 6, n))
    A = rng.integers(-4, 5, (m, n)) * (rng.random((m, n)) < 0.6)
    side = A @ (lb + np.floor(rng.random(n) * (width + 1))) + rng.integers(-2, 3, m)
    lo, hi = np.where(rng.random(m) < 0.5, side, -np.inf), np.where(rng.random(m) < 0.7, side, np.inf)
    lb, ub = np.where(kinds >= 3, -np.inf, lb), np.where(kinds >= 3, np.inf, lb + width)
    return from_arrays(rng.integers(-5, 6, n), A, lo, hi, lb, ub, np.isin(kinds, (0, 1, 4)))


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem))


def run(problem: Problem, seconds: float = 600.0, slices: int = 1, seed: int = 0) -> tuple[Pool, Conflict]:
    """Run deterministic slices of the arm until there is a solution."""
    pool = pool_of(problem)
    arm = Conflict(Space(problem), pool, seed)
    for _ in range(slices):
        if not arm.exhausted and pool.best is None:
            arm.run(Budget(seconds, RunLimits(), deterministic=True))
    return pool, arm


# -- bits --


@given(lb=st.integers(-20, 20), width=st.integers(0, 70))
@settings(max_examples=40, deadline=None)
def test_bits_write_every_value_and_no_other(lb: int, width: int) -> None:
    problem = from_arrays([3, 1], [[2, 1]], [1], [9], [lb, 0], [lb + width, 5], [True, False])
    in_bits = bits(problem, problem.lb, problem.ub)
    extra = in_bits.problem.n - 2
    assert extra == max(0, width.bit_length() - 1)
    values = set()
    for pattern in itertools.product((0.0, 1.0), repeat=1 + extra):
        z = np.array([pattern[0], 2.5, *pattern[1:]])
        z = np.clip(z, in_bits.problem.lb, in_bits.problem.ub)
        x = in_bits.decode(z)
        values.add(int(x[0]))
        assert x[1] == 2.5 and in_bits.problem.value(z) == problem.value(x)
        gap = in_bits.problem.A @ z - in_bits.problem.row_lo
        assert np.array_equal(gap, problem.A @ x - problem.row_lo)
    assert values == set(range(lb, lb + width + 1))
    for value in values:
        z = in_bits.encode(np.array([value, 2.5]))
        assert in_bits.decode(z).tolist() == [value, 2.5]
        assert set(np.delete(z, 1)) <= {0.0, 1.0} or width == 0


def test_wide_and_unbounded_integers_stay_as_they_are() -> None:
    problem = from_arrays([0] * 3, [[1, 1, 1]], [0], [9], [0, 0, -np.inf], [1023, 1024, 5], [True] * 3)
    in_bits = bits(problem, problem.lb, problem.ub)
    assert in_bits.problem.n == 3 + 9
    assert in_bits.problem.ub[:3].tolist() == [1, 1024, 5] and in_bits.problem.lb[2] == -np.inf


# -- cuts from the LP --


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_cut_forbids_the_point_and_nothing_feasible(seed: int) -> None:
    problem = mixed(seed)
    columns = np.flatnonzero(problem.integer & (problem.lb == 0) & (problem.ub == 1)).astype(np.int32)
    rest = BendersSubproblem(problem, columns, problem.lb, problem.ub)
    fits, cuts = [], []
    for pattern in itertools.product((0.0, 1.0), repeat=columns.size):
        values = np.array(pattern)
        result = rest.solve(values, LpLimits())
        if result.status is LpStatus.OPTIMAL:
            fits.append(values)
        elif result.status is LpStatus.INFEASIBLE:
            cuts.append(rest.cut(values, result.ray))
            assert cuts[-1].val @ values[cuts[-1].col] > cuts[-1].hi + 1e-7
    for cut, values in itertools.product(cuts, fits):
        assert cut.val @ values[cut.col] <= cut.hi + 1e-9


# -- the arm --


@given(seed=SEEDS, binary=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_solution_where_there_is_one(seed: int, binary: bool) -> None:
    problem = mixed(seed, binary)
    pool, arm = run(problem)
    known = solve_mip(problem, LpLimits(), cost=np.zeros(problem.n))
    assert arm.exhausted or pool.best is not None
    if problem.integer.any():
        assert (pool.best is not None) == (known.x is not None)


@given(seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_below_its_incumbents_it_comes_to_the_optimum(seed: int) -> None:
    problem = mixed(seed, binary=True)
    pool = pool_of(problem)
    arm = Conflict(Space(problem), pool, 0)
    while not arm.exhausted:
        before = pool.value
        arm.run(Budget(600.0, RunLimits(), deterministic=True))
        assert arm.exhausted or pool.value < before
    pool.prove_waiting()
    known = solve_mip(problem, LpLimits())
    assert (pool.best is None) == (known.x is None)
    if pool.best is not None and problem.c.any():
        assert pool.best.value == pytest.approx(known.objective)


def test_an_objective_of_columns_that_the_search_does_not_see_leaves_it_nothing_to_ask_for() -> None:
    problem = from_arrays([0, -1], [[1, 1]], [1], [5], [0, 0], [1, 9], [True, False])
    pool, arm = run(problem)
    assert pool.best is not None and not arm.exhausted
    arm.run(Budget(600.0, RunLimits(), deterministic=True))
    assert arm.exhausted and len(pool.solutions) <= 2


@pytest.mark.parametrize("name", ["gap-3x8-s0", "setcover-20x15-s0", "lotsizing-1x3-s3"])
def test_slices_go_on_where_the_last_one_stopped(name: str) -> None:
    problem = read(INSTANCES / f"{name}.mps")
    whole, _ = run(problem)
    parts, arm = run(problem, 2e-5, slices=10_000)  # 1000 nonzeros per slice, less than most LPs take
    assert not arm.exhausted and whole.best is not None and parts.best is not None
    whole_x, parts_x = (pool.solutions[0].x[problem.integer] for pool in (whole, parts))
    assert np.array_equal(whole_x, parts_x)  # an interrupted LP may end at another vertex


def test_continuous_columns_are_the_best_for_the_integers() -> None:
    problem = read(INSTANCES / "cflp-6x8-s0.mps")
    pool, _ = run(problem)
    assert pool.best is not None
    fixed = np.where(problem.integer, pool.best.x, np.nan)
    lb, ub = np.where(np.isnan(fixed), problem.lb, fixed), np.where(np.isnan(fixed), problem.ub, fixed)
    assert np.isclose(pool.best.value, solve_mip(replace(problem, lb=lb, ub=ub), LpLimits()).objective)


def test_huge_models_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict, "MAX_ROWS", 2)
    assert Conflict(Space(problem := read(GAP)), pool_of(problem), 0).exhausted
