"""1-opt: the point never gets worse or infeasible, and in the end no single column gains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from small_models import feasible_models, small

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.kernels.model import model
from diffpump.kernels.oneopt import oneopt
from diffpump.verify.check import Judge

ENOUGH = 10**6  # touched nonzeros, more than any of these models needs


def gaining(problem: Problem, x: Vector, steps: tuple[float, ...]) -> list[int]:
    """Return the columns that one of the steps, in the improving direction, moves to a feasible point."""
    judge, found = Judge(problem), []
    for j in range(problem.n):
        for step in steps:
            moved = x.copy()
            moved[j] -= np.copysign(step, problem.c[j])
            if (
                problem.c[j]
                and judge.feasible(moved)
                and np.all((problem.lb <= moved) & (moved <= problem.ub))
            ):
                found.append(j)
    return found


@given(feasible_models())
def test_never_worse_never_outside(drawn: tuple[Problem, Vector]) -> None:
    problem, start = drawn
    given_point = start.copy()
    x, work = oneopt(model(problem), start, ENOUGH)
    assert np.array_equal(start, given_point)
    assert Judge(problem).feasible(x)
    assert np.all((problem.lb <= x) & (x <= problem.ub))
    assert problem.c @ x <= problem.c @ start + 1e-9
    assert work >= 0


@given(feasible_models(whole=True))
def test_no_column_is_left_that_gains(drawn: tuple[Problem, Vector]) -> None:
    problem, start = drawn
    x, _ = oneopt(model(problem), start, ENOUGH)
    assert gaining(problem, x, (1.0, 2.0, 3.0, 4.0)) == []


@given(feasible_models())
def test_continuous_columns_end_at_a_row_or_a_bound(drawn: tuple[Problem, Vector]) -> None:
    """Columns that neither a row nor a bound limits do not move, so they may still gain."""
    problem, start = drawn
    x, work = oneopt(model(problem), start, ENOUGH)
    stays = [j for j in gaining(problem, x, (1e-2, 1.0)) if not gaining(problem, x, (1e12,)).count(j)]
    assert work >= ENOUGH or stays == []


@given(feasible_models())
def test_the_budget_holds_but_for_a_check(drawn: tuple[Problem, Vector]) -> None:
    problem, start = drawn
    arrays = model(problem)
    column = int(np.diff(arrays.col_start).max(initial=0))
    for budget in (0, 1, 20, 60):
        x, work = oneopt(arrays, start, budget)
        assert work <= budget + 2 * column + 2 * arrays.row_col.size
        assert Judge(problem).feasible(x)


def test_the_largest_gain_goes_first() -> None:
    """The models are max 3a + 2b, first with a + b <= 1, then with 3a + b <= 3 and b <= 3."""
    packing = small([-3, -2], [[1, 1]], [-np.inf], [1], [0, 0], [1, 1], [True, True])
    assert oneopt(model(packing), np.zeros(2), ENOUGH)[0].tolist() == [1, 0]
    gain = small([-3, -2], [[3, 1]], [-np.inf], [3], [0, 0], [1, 3], [True, True])
    assert oneopt(model(gain), np.zeros(2), ENOUGH)[0].tolist() == [0, 3]


@pytest.mark.parametrize("integer", [True, False])
def test_plain_corners(integer: bool) -> None:
    """Models without rows and with fixed, empty, unlimited and dense columns are handled."""
    kinds = [integer] * 2
    no_rows = small([1, -1], np.zeros((0, 2)), [], [], [0, 0], [2, 2], kinds)
    assert oneopt(model(no_rows), np.ones(2), ENOUGH)[0].tolist() == [0, 2]
    fixed = small([1, -1], [[1, 1]], [0], [9], [1, 1], [1, 1], kinds)
    assert oneopt(model(fixed), np.ones(2), ENOUGH)[0].tolist() == [1, 1]
    endless = small([1, -1], [[1, 0]], [1], [9], [0, 0], [9, np.inf], kinds)
    assert oneopt(model(endless), np.array([4.0, 5.0]), ENOUGH)[0].tolist() == [1, 5]
    dense = small([-1, 0], [[i + 1, 0] for i in range(50)], [-np.inf] * 50, [100] * 50, [0, 0], [9, 9], kinds)
    assert oneopt(model(dense), np.zeros(2), ENOUGH)[0].tolist() == [2, 0]
