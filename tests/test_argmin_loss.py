"""The argmin feasibility loss against exact optima, differences, and its own promises."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from contracts.mixed import integers_within, mixed_problem
from scipy.optimize import linprog, lsq_linear

from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.tolerances import FEASIBILITY_MARGIN
from diffpump.io.foreign import from_arrays
from diffpump.operators.losses import LOSSES, Point, Rows
from diffpump.operators.losses.argmin import WIDTH, ArgminFeasibility

INF = np.inf


def at(problem: Problem, y: Vector, weights: Vector | None = None) -> Point:
    return Point(np.zeros(problem.n), y, y, weights)


def exact(problem: Problem, y: Vector, order: int, weights: Vector | None = None) -> float:
    """Return min_u (1/m) sum_i w_i relu(t_i)^order, t_i the normalised violations less the margin.

    Of order 2 it is a bounded least-squares problem, since relu(t)^2 = min_{s >= 0} (t + s)^2, of order 1 an
    LP.
    """
    rows = Rows(problem)
    w = np.ones(problem.m) if weights is None else weights
    continuous, fixed = np.flatnonzero(~problem.integer), np.where(problem.integer, y, 0.0)
    blocks, sides, factors = [], [], []
    for scale, bound, sign in ((rows.scale_hi, rows.hi, 1.0), (rows.scale_lo, rows.lo, -1.0)):
        kept = np.flatnonzero(scale)
        A = problem.A[kept]
        blocks.append((sp.diags(sign * scale[kept]) @ A[:, continuous]).toarray())
        sides.append(sign * scale[kept] * (bound[kept] - A @ fixed) + FEASIBILITY_MARGIN)
        factors.append(w[kept] / rows.count)
    C, side, factor = np.vstack(blocks), np.concatenate(sides), np.concatenate(factors)
    m = side.size
    lb = np.append(problem.lb[continuous], np.zeros(m))
    ub = np.append(problem.ub[continuous], np.full(m, INF))
    if order == 2:
        root = np.sqrt(factor)[:, None]
        found = lsq_linear(root * np.hstack([C, np.eye(m)]), root[:, 0] * side, (lb, ub), tol=1e-14)
        return 2 * float(found.cost)
    cost = np.append(np.zeros(continuous.size), factor)
    found = linprog(cost, np.hstack([C, -np.eye(m)]), side, bounds=np.column_stack([lb, ub]))
    assert found.success
    return float(found.fun)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("order", [1, 2])
def test_the_value_is_the_least_over_the_continuous_columns(order: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = mixed_problem(rng)
    y = integers_within(problem, rng)
    loss = ArgminFeasibility(problem, order, products=10_000, tolerance=1e-12)
    value, best = loss.evaluate(at(problem, y)).value, exact(problem, y, order)
    slack = 0.0 if order == 2 else WIDTH  # of Huber's smoothing
    assert best - slack - 1e-7 <= value <= best + 1e-7
    assert loss.candidate is not None and np.array_equal(loss.candidate[problem.integer], y[problem.integer])
    assert (loss.candidate >= problem.lb - 1e-9).all() and (loss.candidate <= problem.ub + 1e-9).all()


@pytest.mark.parametrize("order", [1, 2])
def test_multipliers_weigh_the_rows(order: int) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        problem = mixed_problem(rng)
        y, weights = integers_within(problem, rng), rng.uniform(0.1, 5, problem.m)
        loss = ArgminFeasibility(problem, order, products=10_000, tolerance=1e-12)
        value = loss.evaluate(at(problem, y, weights)).value
        best = exact(problem, y, order, weights)
        assert best - (order == 1) * 5 * WIDTH - 1e-7 <= value <= best + 1e-7


@pytest.mark.parametrize("order", [1, 2])
def test_the_gradient_is_that_of_the_minimum(order: int) -> None:
    """The envelope theorem, against central differences of fresh evaluations."""
    checked = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        problem = mixed_problem(rng)
        y = integers_within(problem, rng) + 0.3 * problem.integer

        def value(x: Vector, problem: Problem = problem) -> float:
            loss = ArgminFeasibility(problem, order, products=10_000, tolerance=1e-14)
            return loss.evaluate(at(problem, x)).value

        term = ArgminFeasibility(problem, order, products=10_000, tolerance=1e-14).evaluate(at(problem, y))
        assert term.x_round is not None and not term.x_round[~problem.integer].any()
        for j in problem.integers:
            step = np.zeros(problem.n)
            step[j] = 1e-5
            difference = (value(y + step) - value(y - step)) / 2e-5
            assert abs(difference - term.x_round[j]) <= 2e-3 * max(1.0, abs(difference))
            checked += abs(difference) > 1e-6
    assert checked > 30


@pytest.mark.parametrize("order", [1, 2])
def test_it_is_never_above_the_plain_loss(order: int) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        problem = mixed_problem(rng)
        y = integers_within(problem, rng)
        over, under = Rows(problem).distances(y)
        t = np.maximum(np.concatenate([over, under]) - FEASIBILITY_MARGIN, 0.0)
        finite = np.concatenate([Rows(problem).scale_hi, Rows(problem).scale_lo]) != 0
        plain = float((t[finite] ** order).sum()) / Rows(problem).count
        for products in (0, 1, 5, 100):
            loss = ArgminFeasibility(problem, order, products=products)
            assert loss.evaluate(at(problem, y)).value <= plain + 1e-12


def test_what_continuous_columns_can_repair_costs_nothing() -> None:
    """x + u = 3 with x integer and 0 <= u <= 2: free for x = 1, and 1 too much for x = 4."""
    problem = from_arrays([0, 0], [[1, 1]], [3], [3], [0, 0], [9, 2], [True, False])
    loss = ArgminFeasibility(problem)
    assert loss.evaluate(at(problem, np.array([1.0, 0.0]))).value <= 1e-15
    assert loss.candidate is not None and loss.candidate == pytest.approx([1.0, 2.0])
    term = loss.evaluate(at(problem, np.array([4.0, 0.0])))
    assert term.value > 0 and term.x_round is not None and term.x_round[0] > 0


def test_without_continuous_columns_it_is_the_plain_loss() -> None:
    problem = from_arrays([0, 0], [[1, 1], [1, -1]], [1.5, -INF], [INF, 0.5], [0, 0], [2, 2], [True, True])
    y = np.array([1.0, 0.0])
    plain = LOSSES.build(Spec("feasibility"), problem).evaluate(at(problem, y))
    term = ArgminFeasibility(problem, order=1).evaluate(at(problem, y))
    assert term.value == pytest.approx(plain.value) and plain.value > 0
    assert plain.x_round is not None and term.x_round is not None
    np.testing.assert_allclose(term.x_round, plain.x_round)


def test_a_warm_start_saves_products() -> None:
    """Along a sequence of nearby points, against a new start at each."""
    rng = np.random.default_rng(1)
    m, n, k = 60, 20, 40
    A = rng.normal(size=(m, n + k)) * (rng.random((m, n + k)) < 0.3)
    problem = from_arrays(
        np.zeros(n + k), A, [-INF] * m, rng.normal(size=m), [0] * n + [-1] * k, [1] * n + [1] * k,
        [True] * n + [False] * k,
    )  # fmt: skip
    warm, cold, y = ArgminFeasibility(problem, products=5000), 0, rng.integers(0, 2, n + k).astype(float)
    for step in range(20):
        y[step % n] = 1 - y[step % n]
        fresh = ArgminFeasibility(problem, products=5000)
        a, b = warm.evaluate(at(problem, y)).value, fresh.evaluate(at(problem, y)).value
        assert a == pytest.approx(b, rel=1e-3)
        cold += fresh.completion.products
    assert warm.completion.products < 0.8 * cold


@pytest.mark.parametrize(("name", "value"), [("order", 3), ("products", -1), ("tolerance", 0)])
def test_a_wrong_parameter_is_refused(name: str, value: int) -> None:
    with pytest.raises(UsageError, match=name):
        ArgminFeasibility(mixed_problem(np.random.default_rng(0)), **{name: value})  # type: ignore[arg-type]
