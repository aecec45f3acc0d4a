"""Contradictions of rows and bounds, held against an exact LP solver that leaves out each member."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from exact_lp import exact_minimum
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_models import feasible_models, small

from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.verify import exact
from diffpump.verify.check import exact_model
from diffpump.verify.irreducible import Conflict, Member, conflict, integer_conflict


def has_point(model: ParsedModel, members: list[Member]) -> bool:
    """Return whether an x satisfies these sides alone, integrality ignored."""
    m, n = len(model.row_names), len(model.col_names)
    sides = {("row", "lower"): [-inf] * m, ("row", "upper"): [inf] * m,
             ("column", "lower"): [-inf] * n, ("column", "upper"): [inf] * n}  # fmt: skip
    for one in members:
        names = model.row_names if one.kind == "row" else model.col_names
        sides[one.kind, one.side][names.index(one.name)] = one.value
    A = [[0] * n for _ in range(m)]
    for i, j, a in zip(model.rows, model.cols, model.values, strict=True):
        A[i][j] = a
    return exact_minimum([0] * n, A, *sides.values()) != inf


def check(model: ParsedModel, found: Conflict) -> None:
    """Assert that the members contradict each other, and that they do not if any one of them is left out."""
    members = list(found.members)
    given = {
        ("row", "lower"): (model.row_names, model.row_lo), ("row", "upper"): (model.row_names, model.row_hi),
        ("column", "lower"): (model.col_names, model.lb), ("column", "upper"): (model.col_names, model.ub),
    }  # fmt: skip
    for one in members:
        names, numbers = given[one.kind, one.side]
        assert one.value == numbers[names.index(one.name)] and one.multiplier > 0
    assert not has_point(model, members)
    assert found.irreducible
    for k in range(len(members)):
        assert has_point(model, members[:k] + members[k + 1 :])


def broken(problem: Problem, seed: int, rows: int = 3) -> Problem:
    """Return the model with random rows that tend to contradict the others."""
    rng = np.random.default_rng(seed)
    A = np.vstack([problem.A.toarray(), rng.integers(-3, 4, (rows, problem.n))])
    lo = np.append(problem.row_lo, rng.choice([-np.inf, 5.0, 9.5], rows))
    hi = np.append(problem.row_hi, np.where(np.isinf(lo[-rows:]), -7.25, np.inf))
    return small(problem.c, A, lo, hi, problem.lb, problem.ub, problem.integer)


@given(feasible_models(), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_no_member_of_a_contradiction_can_be_left_out(drawn: tuple[Problem, Vector], seed: int) -> None:
    problem = broken(drawn[0], seed)
    result = load(problem).solve(np.zeros(problem.n))
    assume(result.status is LpStatus.INFEASIBLE and result.ray is not None)
    assert result.ray is not None
    found = conflict(exact_model(problem), result.ray)
    assert found is not None
    check(exact_model(problem), found)


@given(feasible_models(), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_a_ray_with_superfluous_members_is_reduced(drawn: tuple[Problem, Vector], seed: int) -> None:
    """The rays of several contradictory models, added up, are no vertex: members are left out exactly."""
    problem = broken(drawn[0], seed)
    rng = np.random.default_rng(seed)
    total = np.zeros(problem.m)
    for _ in range(3):
        chosen = rng.random(problem.m) < 0.8
        part = replace(
            problem, row_lo=np.where(chosen, problem.row_lo, -np.inf),
            row_hi=np.where(chosen, problem.row_hi, np.inf),
        )  # fmt: skip
        result = load(part).solve(np.zeros(problem.n))
        if result.status is LpStatus.INFEASIBLE and result.ray is not None:
            total += result.ray * rng.integers(1, 4)
    assume(total.any())
    found = conflict(exact_model(problem), total)
    assume(found is not None)  # rays of opposite signs on a row may cancel
    assert found is not None
    check(exact_model(problem), found)


def two_contradictions() -> Problem:
    """Return x >= 3 and x <= 2, y >= 3 and y <= 2, each as rows."""
    return small([0, 0], [[1, 0], [1, 0], [0, 1], [0, 1]], [3, -np.inf] * 2, [np.inf, 2] * 2,
                 [-np.inf] * 2, [np.inf] * 2, [False] * 2)  # fmt: skip


@pytest.mark.parametrize("ray", [[1, -1, 1, -1], [2, -2, 1, -1], [-1, 1, -5, 5]])
def test_of_two_contradictions_one_is_left(ray: list[float]) -> None:
    model = exact_model(two_contradictions())
    found = conflict(model, np.array(ray, dtype=float))
    assert found is not None and len(found.members) == 2
    assert {one.multiplier for one in found.members} == {1}
    check(model, found)


@pytest.mark.parametrize("weight", [0.25, 0.75])
def test_a_consistent_pair_beside_a_contradiction_is_left_out(weight: float) -> None:
    problem = small([0, 0], [[1, 0], [1, 0], [0, 1], [0, 1]], [3, -np.inf, 2, -np.inf],
                    [np.inf, 2, np.inf, 3], [-np.inf] * 2, [np.inf] * 2, [False] * 2)  # fmt: skip
    for order in ([0, 1, 2, 3], [2, 3, 0, 1]):
        rows = replace(
            problem, A=problem.A[order], row_lo=problem.row_lo[order], row_hi=problem.row_hi[order]
        )
        ray = np.array([1.0, -1.0, weight, -weight])[order]
        found = conflict(exact_model(rows), ray)
        assert found is not None and len(found.members) == 2
        check(exact_model(rows), found)


def test_a_contradiction_that_cannot_be_reduced_in_time_is_still_proven() -> None:
    problem = small([0, 0], [[1, 1], [1, 1], [2, 2]], [3, -np.inf, 7], [np.inf, 2, np.inf],
                    [-np.inf] * 2, [np.inf] * 2, [False] * 2)  # fmt: skip
    found = conflict(exact_model(problem), np.array([1.0, -3.0, 1.0]), lambda: True)
    assert found is not None and len(found.members) == 3 and not found.irreducible


def test_bounds_are_members_with_their_multipliers() -> None:
    problem = small([0, 0], [[2, 1]], [9], [np.inf], [0, 0], [3, 1.5], [True, False])
    found = conflict(exact_model(problem), np.array([1.0]))
    assert found is not None and found.irreducible
    named = {(one.kind, one.name, one.side): one.multiplier for one in found.members}
    assert named == {
        ("row", "r0", "lower"): Fraction(1, 2), ("column", "x0", "upper"): 1,
        ("column", "x1", "upper"): Fraction(1, 2),
    }  # fmt: skip


@pytest.mark.parametrize("ray", [[0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [np.nan] * 4, [1.0, 1.0]])
def test_a_vector_that_proves_nothing_gives_no_contradiction(ray: list[float]) -> None:
    assert conflict(exact_model(two_contradictions()), np.array(ray)) is None


def test_rounding_errors_of_a_ray_do_not_add_members() -> None:
    """0.1 + 0.2 is not 0.3 in floats: d of x0 is 5.6e-17, and its bound would be a member."""
    problem = small([0], [[0.1], [0.2], [0.3]], [1, 1, -np.inf], [np.inf, np.inf, 1], [-100], [100], [False])
    model = exact_model(problem)
    model = replace(model, values=exact.objects([Fraction(k, 10) for k in (1, 2, 3)]))
    found = conflict(model, np.array([1.0, 1.0, -1.0]))
    assert found is not None and {one.kind for one in found.members} == {"row"}
    check(model, found)


@pytest.mark.parametrize(
    ("row", "lo", "hi", "bounds", "expected"),
    [
        ([2, 2], 5, 5, (0, 9), "r0"),  # an odd sum of even numbers
        ([0.5, 1.5], 0.25, 0.25, (0, 9), "r0"),
        ([6, 4], 3, 3.5, (0, 9), "r0"),  # a range between two even numbers
        ([2, 3], 5, 5, (0, 9), None),
        ([2, 2], 5, 6, (0, 9), None),
        ([2, 2], 4.0000005, 4.0000005, (0, 9), None),  # within the tolerance
        ([1, 1], 0, 9, (0.25, 0.75), "x0"),
    ],
)
def test_integrality_alone_can_contradict(
    row: list[float], lo: float, hi: float, bounds: tuple[float, float], expected: str | None
) -> None:
    lb, ub = bounds
    found = integer_conflict(exact_model(small([0, 0], [row], [lo], [hi], [lb, 0], [ub, 9], [True] * 2)))
    assert (found and found.members[0].name) == expected
    assert found is None or (found.integer and [one.side for one in found.members] == ["lower", "upper"])


def test_a_continuous_column_takes_any_value() -> None:
    problem = small([0, 0], [[2, 2]], [5], [5], [0, 0], [9, 9], [True, False])
    assert integer_conflict(exact_model(problem)) is None
