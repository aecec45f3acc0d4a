"""The contract of a relaxation with distances to targets, on each LP backend.

The optimum of min cost'x + sum_j w_j |x_j - y_j| is compared with SciPy's on the formulation of Bertacco,
Fischetti and Lodi: a column d_j with the two rows d_j >= x_j - y_j and d_j >= y_j - x_j.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
import scipy.sparse as sp
from test_backends import INFEASIBLE, check_optimal, excludes, lp, optimum, random_lp
from test_backends import packing as binary_packing

from diffpump.backends.distance import DistanceRelaxation
from diffpump.backends.interface import BACKENDS, Basis
from diffpump.backends.relaxation import SimplexRelaxation, load
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.pump import relaxation_for

INF = np.inf
backends = pytest.mark.parametrize(
    "backend",
    [
        pytest.param(
            name,
            marks=pytest.mark.skipif(
                name == "scip" and find_spec("pyscipopt") is None, reason="needs PySCIPOpt"
            ),
        )
        for name in BACKENDS
    ],
)
starts = pytest.mark.parametrize("start", ["warm", "cold"])


def general(problem: Problem, seed: int = 0) -> Problem:
    """Return the problem with about half of its columns integer, always the second, which may be free."""
    integer = np.random.default_rng(seed).random(problem.n) < 0.5
    integer[1] = True
    return replace(problem, integer=integer)


def packing(m: int, n: int, ub: float = 4.0) -> Problem:
    """Return a packing problem on 0 <= x <= ub of which half of the columns are general integers."""
    binary = binary_packing(m, n)
    return general(replace(binary, ub=np.full(n, ub), row_hi=2 * ub * binary.row_hi))


def nearest_value(
    problem: Problem, cost: Vector, weights: Vector, targets: Vector, lb: Vector, ub: Vector
) -> float:
    """Return the optimal value according to SciPy, by a distance column and two rows each."""
    j = np.flatnonzero(problem.general)
    k = j.size
    pick = sp.csr_matrix((np.ones(k), (np.arange(k), j)), shape=(k, problem.n))
    rows = sp.bmat([[problem.A, None], [pick, -sp.eye(k)], [pick, sp.eye(k)]], format="csr")
    lo = [*problem.row_lo, *[-INF] * k, *targets]
    hi = [*problem.row_hi, *targets, *[INF] * k]
    extended = lp(rows, lo, hi, [*lb, *[0] * k], [*ub, *[INF] * k])
    return optimum(extended, np.append(cost, weights))


def value(relaxation: DistanceRelaxation, cost: Vector, x: Vector) -> float:
    """Return cost'x + sum_j w_j |x_j - y_j| at x (n,) for cost and weights (n + k,)."""
    return float(cost[: x.size] @ x + cost[x.size :] @ np.abs(x[relaxation.columns] - relaxation.targets))


def random_targets(rng: np.random.Generator, k: int) -> Vector:
    """Return targets of which some lie outside the bounds of `random_lp`."""
    return rng.integers(-6, 7, k).astype(float)


@backends
@starts
@pytest.mark.parametrize("seed", range(20))
def test_the_optimum_is_that_of_distance_columns(backend: str, start: str, seed: int) -> None:
    """It is so under changing costs, weights, targets and bounds, whatever the LP before has left."""
    problem, rng = general(random_lp(seed), seed), np.random.default_rng(seed)
    relaxation = DistanceRelaxation(problem, backend, start)
    k, x = relaxation.columns.size, np.zeros(problem.n)
    assert k and relaxation.columns.tolist() == np.flatnonzero(problem.general).tolist()
    inside = check_optimal(problem, relaxation, np.ones(problem.n))
    for step in range(12):
        if step % 3 != 2:  # every third LP has the targets of the one before
            relaxation.set_targets(random_targets(rng, k), x)
        lb, ub = problem.lb, problem.ub
        if step % 4 == 3:
            lb, ub = np.maximum(lb, inside - 1), np.minimum(ub, inside + 0.5)
        relaxation.set_bounds(lb, ub)
        cost = rng.integers(-3, 4, problem.n).astype(float)
        weights = rng.integers(0, 9, k).astype(float)
        x = check_optimal(problem, relaxation, np.append(cost, weights))
        assert ((x >= lb) & (x <= ub)).all()
        expected = nearest_value(problem, cost, weights, relaxation.targets, lb, ub)
        assert value(relaxation, np.append(cost, weights), x) == pytest.approx(expected, rel=1e-6, abs=1e-5)
        plain = check_optimal(problem, relaxation, cost)  # a cost (n,) has no distances
        assert cost @ plain == pytest.approx(optimum(problem, cost, lb, ub), rel=1e-6, abs=1e-5)
    assert relaxation.failures == 0 and relaxation.algorithm in ("primal", "dual")


@backends
def test_a_distance_is_minimised_on_both_sides_of_its_target(backend: str) -> None:
    """On 3x + 5y = 44 the nearest point to (3, 7) is itself, though it is no vertex."""
    problem = replace(lp([[3, 5]], [44], [44], [0, 0], [20, 20]), integer=np.ones(2, dtype=bool))
    relaxation, cost = DistanceRelaxation(problem, backend), np.array([0.0, 0.0, 1.0, 1.0])
    x = relaxation.solve(problem.c).x
    for target in ([3.0, 7.0], [8.0, 4.0], [13.0, 1.0], [3.0, 7.0]):
        relaxation.set_targets(np.array(target), x)
        x = relaxation.solve(cost).x
        assert x.tolist() == target


@backends
@pytest.mark.parametrize("seed", range(8))
def test_moving_targets_leave_the_basis_at_its_point(backend: str, seed: int) -> None:
    """Under a cost without distances the old vertex stays optimal, and no simplex iteration is needed."""
    problem, rng = packing(20, 40, ub=9.0), np.random.default_rng(seed)
    relaxation = DistanceRelaxation(problem, backend, "warm", "primal")
    cost = -rng.random(problem.n)
    x = check_optimal(problem, relaxation, cost)
    assert (x == 0).any() and ((x > 0) & (x < 9)).any()
    relaxation.set_targets(np.full(relaxation.columns.size, 5.0), x)
    for targets in (np.zeros(relaxation.columns.size), rng.integers(0, 10, relaxation.columns.size) + 0.0):
        result = relaxation.solve(cost)
        assert result.iterations == 0 and result.x == pytest.approx(x, abs=1e-9)
        relaxation.set_targets(targets, x)


@backends
@pytest.mark.parametrize("other", list(BACKENDS))
@pytest.mark.parametrize("seed", range(4))
def test_a_basis_of_the_plain_lp_is_accepted(backend: str, other: str, seed: int) -> None:
    if other == "scip":
        pytest.importorskip("pyscipopt")
    problem, rng = general(random_lp(seed), seed), np.random.default_rng(seed)
    plain, cost = load(problem, other), rng.standard_normal(problem.n)
    x = check_optimal(problem, plain, cost)
    basis, relaxation = plain.plain_basis(), DistanceRelaxation(problem, backend)
    assert basis is not None
    relaxation.restore_basis(basis)
    result = relaxation.solve(cost)
    assert result.iterations == 0 and result.x == pytest.approx(x, abs=1e-9)
    relaxation.set_targets(random_targets(rng, relaxation.columns.size), x)
    relaxation.restore_basis(basis)
    assert cost @ check_optimal(problem, relaxation, cost) == pytest.approx(cost @ x, abs=1e-6)
    with pytest.raises(ValueError, match="basis"):
        relaxation.restore_basis(Basis(basis.columns[:-1], basis.rows))


@backends
def test_a_basis_comes_back(backend: str) -> None:
    problem = packing(30, 60)
    relaxation, rng = DistanceRelaxation(problem, backend, "warm", "dual"), np.random.default_rng(1)
    assert relaxation.save_basis() is None
    cost = np.append(-rng.random(problem.n), rng.random(relaxation.columns.size))
    relaxation.set_targets(rng.integers(0, 2, relaxation.columns.size) + 0.0, np.zeros(problem.n))
    x, basis = check_optimal(problem, relaxation, cost), relaxation.save_basis()
    for _ in range(5):
        check_optimal(problem, relaxation, rng.standard_normal(problem.n))
    relaxation.restore_basis(basis)
    result = relaxation.solve(cost)
    assert result.iterations == 0 and result.x == pytest.approx(x, abs=1e-9)
    relaxation.restore_basis(None)
    assert relaxation.save_basis() is None and relaxation.solve(cost).status is LpStatus.OPTIMAL


@backends
@starts
def test_a_cutoff_row_holds_under_distances(backend: str, start: str) -> None:
    """The cutoff counts both parts of a column, and an LP that it makes infeasible has no ray."""
    problem, rng = packing(30, 60), np.random.default_rng(9)
    relaxation, row = DistanceRelaxation(problem, backend, start), -rng.random(problem.n)
    best, k = row @ check_optimal(problem, relaxation, row), relaxation.columns.size
    with_row = replace(
        problem, A=sp.csr_matrix(sp.vstack([problem.A, row[None, :]])),
        row_lo=np.append(problem.row_lo, -INF), row_names=[*problem.row_names, "cutoff"],
        row_hi=np.append(problem.row_hi, 0.0),
    )  # fmt: skip
    x = np.zeros(problem.n)
    for share in (0.5, 0.9, 0.2):
        relaxation.set_cutoff(row, share * best)
        with_row.row_hi[-1] = share * best
        relaxation.set_targets(rng.integers(0, 4, k) + 0.0, x)
        cost, weights = rng.random(problem.n), 2 * rng.random(k)
        x = check_optimal(problem, relaxation, np.append(cost, weights))
        assert row @ x <= share * best + 1e-5
        expected = nearest_value(with_row, cost, weights, relaxation.targets, problem.lb, problem.ub)
        assert value(relaxation, np.append(cost, weights), x) == pytest.approx(expected, rel=1e-6)
    relaxation.set_cutoff(row, best - 1)
    beyond = relaxation.solve(row)
    assert beyond.status is LpStatus.INFEASIBLE and beyond.ray is None


@backends
@starts
@pytest.mark.parametrize("name", INFEASIBLE)
def test_an_infeasible_lp_has_a_ray_of_the_models_rows(backend: str, start: str, name: str) -> None:
    problem = general(INFEASIBLE[name])
    relaxation = DistanceRelaxation(problem, backend, start)
    n, k = problem.n, relaxation.columns.size
    for cost in (np.zeros(n), np.append(-np.ones(n), np.ones(k))):
        result = relaxation.solve(cost)
        assert result.status is LpStatus.INFEASIBLE and np.isnan(result.x).all() and result.x.shape == (n,)
        assert result.ray is not None and result.ray.shape == (problem.m,) and excludes(problem, result.ray)
        relaxation.set_targets(np.full(k, 2.0), np.zeros(n))


@backends
@starts
def test_a_distance_bounds_an_unbounded_lp(backend: str, start: str) -> None:
    """-x is unbounded on x >= 0 and -x + w |x - 7| is not for w >= 1."""
    problem = replace(lp([[1, 1]], [1], [INF], [0, 0], [INF, INF]), integer=np.array([True, False]))
    relaxation, cost = DistanceRelaxation(problem, backend, start), np.array([-1.0, 1.0, 0.5])
    assert relaxation.solve(cost[:2]).status is LpStatus.UNBOUNDED
    relaxation.set_targets(np.array([7.0]), np.zeros(2))
    assert relaxation.solve(cost).status is LpStatus.UNBOUNDED
    assert relaxation.solve(np.array([-1.0, 1.0, 2.0])).x == pytest.approx([7.0, 0.0])


@backends
def test_a_primal_simplex_cut_off_stays_in_the_relaxation(backend: str) -> None:
    problem, rng = packing(60, 120), np.random.default_rng(8)
    relaxation, ended, count = DistanceRelaxation(problem, backend, "warm", "primal"), None, 0
    x = check_optimal(problem, relaxation, -np.ones(problem.n))
    cost = np.append(-rng.random(problem.n), np.ones(relaxation.columns.size))
    relaxation.set_targets(rng.integers(0, 5, relaxation.columns.size) + 0.0, x)
    while ended is not LpStatus.OPTIMAL:
        result = relaxation.solve(cost, LpLimits(iterations=5))
        ended, count = result.status, count + 1
        assert ended in (LpStatus.OPTIMAL, LpStatus.ITERATION_LIMIT)
        assert (problem.A @ result.x <= problem.row_hi + 1e-6).all()
        assert ((result.x >= problem.lb) & (result.x <= problem.ub)).all()
    assert count > 3


@backends
def test_wrong_costs_and_bounds_are_refused(backend: str) -> None:
    relaxation = DistanceRelaxation(packing(5, 10), backend)
    k = relaxation.columns.size
    negative, not_a_number = np.zeros(10 + k), np.zeros(10 + k)
    negative[-1], not_a_number[-1] = -1.0, np.nan
    for cost in (np.zeros(9), np.zeros(11 + k), negative, not_a_number):
        with pytest.raises(ValueError, match="cost"):
            relaxation.solve(cost)
    for lb, ub in ((np.zeros(9), np.ones(10)), (np.ones(10), np.zeros(10)), (np.zeros(10 + k),) * 2):
        with pytest.raises(ValueError, match="bound"):
            relaxation.set_bounds(lb, ub)
    assert relaxation.solve(np.zeros(10 + k)).status is LpStatus.OPTIMAL


def test_only_general_integers_need_distances() -> None:
    """A model without general integers, or another treatment of them, has the plain relaxation."""
    plain = random_lp(0)
    aux = config("FP", integers="aux")
    assert isinstance(relaxation_for(plain, aux), SimplexRelaxation)
    assert isinstance(relaxation_for(general(plain), config("FP")), SimplexRelaxation)
    relaxation = relaxation_for(general(plain), aux)
    assert isinstance(relaxation, DistanceRelaxation) and "highs" in relaxation.versions
