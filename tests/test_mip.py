"""Sub-problems in HiGHS: presolve and the way back, branch and cut under other costs, bounds and limits."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command import GAP

from diffpump.backends.mip import presolve, solve_mip
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.verify.check import Judge

INSTANCES = Path(GAP).parent
NAMES = ("gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0", "lotsizing-1x3-s3")


def model(name: str) -> Problem:
    return read(INSTANCES / f"{name}.mps")


def optimum(name: str) -> float:
    lines = (INSTANCES / "instances.solu").read_text().splitlines()
    return next(float(line.split()[2]) for line in lines if line.split()[1] == name)


def rounded(problem: Problem, x: Vector) -> Vector:
    return np.where(problem.integer, np.rint(x), x)


def odd() -> Problem:
    """Return a model with a feasible LP and no integer point, which takes branch and cut very long."""
    n = 41
    return from_arrays(np.ones(n), np.full((1, n), 2.0), [n], [n], np.zeros(n), np.ones(n), np.ones(n, bool))


@pytest.mark.parametrize("name", NAMES)
def test_the_optimum_and_every_incumbent_on_the_way(name: str) -> None:
    problem, seen = model(name), []
    result = solve_mip(problem, LpLimits(60), incumbent=lambda x, value: seen.append((x, value)))
    assert result.status is LpStatus.OPTIMAL and result.x is not None
    assert result.objective + problem.offset == pytest.approx(optimum(name))
    assert Judge(problem).feasible(rounded(problem, result.x))
    values = [value for _, value in seen]
    assert values == sorted(values, reverse=True)
    assert all(Judge(problem).feasible(rounded(problem, x)) for x, _ in seen)


@pytest.mark.parametrize("name", ["lotsizing-1x3-s3", "lotsizing-2x12-s0"])
def test_a_presolved_solution_comes_back(name: str) -> None:
    problem = model(name)
    reduced = presolve(problem)
    assert reduced is not None and reduced.problem.nnz < problem.nnz
    inner = solve_mip(reduced.problem, LpLimits(60))
    assert inner.x is not None
    x = rounded(problem, reduced.restore(inner.x))
    assert Judge(problem).feasible(x)
    assert float(problem.c @ x) + problem.offset == pytest.approx(optimum(name))


def test_presolve_may_solve_everything() -> None:
    problem = from_arrays([1, 2], [[1, 1]], [1], [2], [0, 0], [1, 1], [True, True])
    reduced = presolve(problem)
    assert reduced is not None and reduced.problem.n == 0
    assert reduced.restore(np.empty(0)).tolist() == [1, 0]


def test_another_cost_fixed_columns_and_a_cutoff() -> None:
    problem = model("gap-3x8-s0")
    free = solve_mip(problem, LpLimits(60), cost=np.zeros(problem.n), first=True)
    assert free.x is not None and Judge(problem).feasible(rounded(problem, free.x))
    lb, ub = np.rint(free.x), np.rint(free.x)
    fixed = solve_mip(replace(problem, lb=lb, ub=ub), LpLimits(60))
    assert fixed.x is not None and np.array_equal(np.rint(fixed.x), lb)
    best = optimum("gap-3x8-s0")
    none = solve_mip(problem, LpLimits(60), cutoff=best - problem.offset - 1.0)
    assert none.x is None or none.objective + problem.offset >= best - 1e-6


def test_a_start_is_an_incumbent() -> None:
    problem = model("gap-5x25-s0")
    first = solve_mip(problem, LpLimits(60), first=True)
    assert first.x is not None
    again = solve_mip(problem, LpLimits(60, iterations=0), start=first.x)
    assert again.x is not None and again.objective <= first.objective + 1e-6


def test_limits_hold() -> None:
    began = time.monotonic()
    timed = solve_mip(odd(), LpLimits(0.5))
    assert timed.status in (LpStatus.TIME_LIMIT, LpStatus.INFEASIBLE) and timed.x is None
    stopped = solve_mip(odd(), LpLimits(None, lambda: time.monotonic() - began > 1.0))
    assert stopped.status in (LpStatus.INTERRUPTED, LpStatus.INFEASIBLE)
    assert time.monotonic() - began < 6


def test_the_same_seed_the_same_run() -> None:
    problem = model("cflp-30x40-s0")
    a, b = (solve_mip(problem, LpLimits(iterations=200), seed=5) for _ in range(2))
    assert (a.objective, a.nodes, a.lp_iterations) == (b.objective, b.nodes, b.lp_iterations)
