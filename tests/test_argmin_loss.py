"""The argmin feasibility loss: its minimum over the continuous columns, and how it is reached.

The exact minimum comes from HiGHS: min (1/m) sum_i w_i t_i^q subject to t_i >= d_i - 1e-8 and t_i >= 0, which
is a convex quadratic program for q = 2 and a linear program for q = 1.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.tolerances import FEASIBILITY_MARGIN, FEASIBILITY_TOL
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import LOSSES, Point, Rows
from diffpump.operators.losses.argmin import WIDTH, ArgminFeasibility

sys.path.insert(0, str(Path(__file__).with_name("contracts")))
from mixed import integers_within, mixed_problem

INF = np.inf
TIGHT = "products=100000,tolerance=1e-13"
seeds = st.integers(0, 2**32 - 1)
law = settings(derandomize=True, deadline=None, max_examples=25)


def build(problem: Problem, text: str = "") -> ArgminFeasibility:
    loss = LOSSES.build(Spec.parse("argmin_feasibility" + (text and "," + text)), problem)
    assert isinstance(loss, ArgminFeasibility)
    return loss


def at(y: Vector, weights: Vector | None = None) -> Point:
    return Point(y, y, y, weights)


def bounded_problem(rng: np.random.Generator, m: int = 25, n: int = 18, k: int = 12) -> Problem:
    """Return a random problem with rows of all kinds, k continuous columns and finite bounds."""
    A = rng.integers(-5, 6, (m, n)) * (rng.random((m, n)) < 0.3) + 0.0
    b, kind = rng.normal(scale=4, size=m).round(1), rng.integers(0, 4, m)
    integer = rng.permutation(np.arange(n) >= k)
    return from_arrays(
        rng.normal(size=n), A, np.where(kind == 0, -INF, b), np.where(kind == 1, INF, b + 2 * (kind == 3)),
        -rng.integers(0, 3, n) + 0.0, rng.integers(0, 4, n) + 0.0, integer,
    )  # fmt: skip


def sides(problem: Problem, weights: Vector) -> tuple[Vector, Vector, Vector]:
    """Return the coefficients, right sides (margin included) and weights of the normalised rows a'x <= b."""
    rows, A = Rows(problem), problem.A.toarray()
    upper, lower = rows.scale_hi > 0, rows.scale_lo > 0
    a = np.vstack([(A * rows.scale_hi[:, None])[upper], (-A * rows.scale_lo[:, None])[lower]])
    b = np.concatenate([(rows.hi * rows.scale_hi)[upper], (-rows.lo * rows.scale_lo)[lower]])
    return a, b + FEASIBILITY_MARGIN, np.concatenate([weights[upper], weights[lower]])


def plain(problem: Problem, x: Vector, order: int, weights: Vector) -> float:
    """Return the mean of w relu(d - 1e-8)^order at a point."""
    a, b, w = sides(problem, weights)
    return float(np.sum(w * np.maximum(a @ x - b, 0) ** order)) / b.size


def exact(problem: Problem, y: Vector, order: int, weights: Vector) -> float:
    """Return the minimum over the continuous columns by HiGHS."""
    a, b, w = sides(problem, weights)
    free, count = np.flatnonzero(~problem.integer), b.size
    rows = sp.csc_matrix(np.hstack([a[:, free], -np.eye(count)]))
    lp, k = highspy.HighsLp(), free.size
    lp.num_col_, lp.num_row_ = k + count, count
    lp.col_cost_ = np.concatenate([np.zeros(k), w / count if order == 1 else np.zeros(count)])
    lp.col_lower_ = np.concatenate([problem.lb[free], np.zeros(count)])
    lp.col_upper_ = np.concatenate([problem.ub[free], np.full(count, INF)])
    lp.row_lower_, lp.row_upper_ = np.full(count, -INF), b - a[:, problem.integers] @ y[problem.integers]
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", 20.0)
    assert highs.passModel(lp) == highspy.HighsStatus.kOk
    if order == 2:
        start = np.concatenate([np.zeros(k), np.arange(count + 1)]).astype(np.int32)
        index = np.arange(k, k + count, dtype=np.int32)
        kind = int(highspy.HessianFormat.kTriangular)
        status = highs.passHessian(k + count, count, kind, start, index, 2 * w / count)
        assert status == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)


@given(seed=seeds)
@law
def test_order_2_is_the_minimum_of_the_quadratic_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = bounded_problem(rng)
    y, weights = integers_within(problem, rng), rng.uniform(0.5, 3, problem.m)
    value = build(problem, TIGHT).evaluate(at(y, weights)).value
    assert value == pytest.approx(exact(problem, y, 2, weights), rel=1e-6, abs=1e-9)


@given(seed=seeds)
@law
def test_order_1_is_below_the_linear_program_by_at_most_half_the_width(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = bounded_problem(rng)
    y, weights = integers_within(problem, rng), rng.uniform(0.5, 3, problem.m)
    value = build(problem, f"order=1,{TIGHT}").evaluate(at(y, weights)).value
    minimum = exact(problem, y, 1, weights)
    assert minimum - weights.max() * WIDTH / 2 - 1e-9 <= value <= minimum + 1e-6


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("products", [0, 1, 5, 60])
@given(seed=seeds)
@law
def test_it_is_never_above_the_plain_loss_and_stays_within_the_bounds(
    order: int, products: int, seed: int
) -> None:
    """This holds for each evaluation of a sequence, with whatever u* the one before has left."""
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    loss = build(problem, f"order={order},products={products}")
    assert loss.candidate() is None
    for _ in range(4):
        y, weights = integers_within(problem, rng), rng.uniform(0.5, 3, problem.m)
        value = loss.evaluate(at(y, weights)).value
        assert 0 <= value <= plain(problem, y, order, weights) * (1 + 1e-12) + 1e-15
        x = loss.candidate()
        assert x is not None
        assert np.array_equal(x[problem.integer], y[problem.integer])
        assert (x >= problem.lb).all() and (x <= problem.ub).all()
        least = plain(problem, x, order, weights)
        gap = weights.max() * WIDTH / 2 if order == 1 else 0.0
        assert least - gap - 1e-12 <= value <= least * (1 + 1e-12) + 1e-15


@given(seed=seeds)
@law
def test_the_gradient_is_the_partial_one_at_the_candidate_and_zero_on_continuous_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = bounded_problem(rng)
    loss, weights = build(problem), rng.uniform(0.5, 3, problem.m)
    gradient = loss.evaluate(at(integers_within(problem, rng), weights)).x_round
    x = loss.candidate()
    assert gradient is not None and x is not None
    a, b, w = sides(problem, weights)
    partial = 2 / b.size * a.T @ (w * np.maximum(a @ x - b, 0))
    np.testing.assert_allclose(gradient, np.where(problem.integer, partial, 0), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("order", [1, 2])
def test_what_continuous_columns_can_repair_costs_nothing(order: int) -> None:
    """With y = 3 the rows y + u = 5 and u <= 4 y hold for u = 2; with y = 0 the second one needs u = 0."""
    problem = from_arrays([0, 0], [[1, 1], [-4, 1]], [5, -INF], [5, 0], [0, 0], [9, INF], [True, False])
    loss = build(problem, f"order={order},products=1000")
    term = loss.evaluate(at(np.array([3.0, 7.0])))
    x = loss.candidate()
    assert term.value <= 1e-18
    assert term.x_round is not None and abs(term.x_round).max() <= 1e-6
    assert x is not None and (problem.excess(x) <= FEASIBILITY_TOL).all()
    term = loss.evaluate(at(np.array([0.0, 0.0])))
    assert term.value > 0.01
    assert term.x_round is not None and term.x_round[0] < 0  # a larger y helps both rows
    assert term.x_round[1] == 0


def test_a_bound_on_the_continuous_column_limits_the_repair() -> None:
    """On y + u = 5 with u <= 1, y = 3 leaves a violation of 1 - that of the margin aside."""
    problem = from_arrays([0, 0], [[1, 1]], [5], [5], [0, 0], [9, 1], [True, False])
    loss = build(problem)
    value = loss.evaluate(at(np.array([3.0, 0.0]))).value
    t = 1 / np.sqrt(1 + 1 + 25) - FEASIBILITY_MARGIN
    assert value == pytest.approx(t * t / 2)  # an equality counts as two rows
    x = loss.candidate()
    assert x is not None and x[1] == 1


@pytest.mark.parametrize("order", [1, 2])
@given(seed=seeds)
@law
def test_without_continuous_columns_it_is_the_plain_loss(order: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixed = bounded_problem(rng)
    problem = from_arrays(
        mixed.c, mixed.A.toarray(), mixed.row_lo, mixed.row_hi, mixed.lb, mixed.ub, np.ones(mixed.n, bool)
    )
    y, weights = integers_within(problem, rng), rng.uniform(0.5, 3, problem.m)
    loss = build(problem, f"order={order}")
    term = loss.evaluate(at(y, weights))
    assert term.value == pytest.approx(plain(problem, y, order, weights), rel=1e-10, abs=1e-15)
    assert loss.completion.products == 0
    if order == 1:
        other = LOSSES.build(Spec.parse("feasibility"), problem).evaluate(at(y, weights))
        assert term.x_round is not None and other.x_round is not None
        np.testing.assert_allclose(term.x_round, other.x_round, rtol=1e-9, atol=1e-13)


def test_infinite_sides_and_bounds_and_empty_rows_are_no_rows() -> None:
    """The free column u repairs y + u >= 4 alone; the free row and the empty rows, though false, count 0."""
    problem = from_arrays(
        [0, 0], [[1, 1], [1, -1], [0, 0], [0, 0]], [4, -INF, 1, -INF], [INF, INF, 2, -1],
        [0, -INF], [9, INF], [True, False],
    )  # fmt: skip
    loss = build(problem)
    with np.errstate(all="raise"):
        term = loss.evaluate(at(np.array([1.0, -50.0])))
    assert loss.count == 1
    assert term.value <= 1e-18
    empty = from_arrays([0, 0], np.zeros((1, 2)), [1], [2], [0, 0], [1, 1], [True, False])
    term = build(empty).evaluate(at(np.zeros(2)))
    assert term.value == 0 and term.x_round is not None and not term.x_round.any()


def test_multipliers_move_the_minimum_to_the_heavier_row() -> None:
    """The rows 3 u = 0 and 3 u = 4 are divided by ||(3, 0)|| and ||(3, 4)||, so by their squares 9 and 25."""
    problem = from_arrays([0, 0], [[0, 3], [0, 3]], [0, 4], [0, 4], [0, -INF], [1, INF], [True, False])
    loss = build(problem, TIGHT)
    for weights in (np.array([1.0, 3.0]), np.array([3.0, 1.0])):
        loss.evaluate(at(np.zeros(2), weights))
        x = loss.candidate()
        first, second = weights[0] / 9, weights[1] / 25  # w / ||(a, b)||^2
        assert x is not None
        assert x[1] == pytest.approx(4 / 3 * second / (first + second), abs=1e-6)


def chain(length: int = 40) -> Problem:
    """Return a flow along a path: node k sends on what it gets and 1 for each y_k, up to the capacity 5."""
    eye = np.eye(length)
    A = np.hstack([eye, np.eye(length, k=-1) - eye])
    integer = np.arange(2 * length) < length
    ub = np.where(integer, 1.0, 5.0)
    return from_arrays(
        np.zeros(2 * length), A, np.zeros(length), np.zeros(length), np.zeros(2 * length), ub, integer
    )


def nearby(problem: Problem, count: int = 15) -> list[Vector]:
    """Return points of which each differs from the last in one integer column."""
    rng = np.random.default_rng(3)
    x = np.where(problem.integer, rng.random(problem.n) < 0.3, 0.0)
    points = []
    for _ in range(count):
        j = rng.choice(problem.integers)
        x[j] = 1 - x[j]
        points.append(x.copy())
    return points


def test_the_warm_start_saves_products_on_nearby_points() -> None:
    problem = chain()
    points, text = nearby(problem), "products=100000"
    warm, cold = build(problem, text), 0
    for x in points:
        value = warm.evaluate(at(x)).value
        fresh = build(problem, text)
        assert value == pytest.approx(fresh.evaluate(at(x)).value, rel=1e-2, abs=1e-12)
        cold += fresh.completion.products
    assert warm.completion.products < 0.8 * cold


def test_the_same_sequence_of_points_gives_the_same_values() -> None:
    problem = chain()

    def values() -> list[Any]:
        loss = build(problem)
        terms = [loss.evaluate(at(x)) for x in nearby(problem)]
        return [(term.value, None if term.x_round is None else term.x_round.tolist()) for term in terms]

    assert values() == values()


def test_products_limit_an_evaluation_and_a_later_one_goes_on() -> None:
    problem = chain()
    loss, y = build(problem, "products=12,tolerance=1e-12"), nearby(problem)[-1]
    first = loss.evaluate(at(y)).value
    used = loss.completion.products
    assert 12 <= used <= 16  # an iteration that has begun ends, with one product for each step it tries
    assert loss.evaluate(at(y)).value < first
    patient = build(problem, "products=100000")
    value = patient.evaluate(at(y)).value
    done = patient.completion.products
    assert patient.evaluate(at(y)).value == value
    assert patient.completion.products == done
