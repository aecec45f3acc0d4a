"""The contract of the LP backends, tested on each: optimum, verdicts, limits, bases and repeatability."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from diffpump.backends.interface import BACKENDS, Basis, Relaxation
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus

INF = np.inf
MIPLIB = os.environ.get("DIFFPUMP_MIPLIB")


@pytest.fixture(params=list(BACKENDS))
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "scip":
        pytest.importorskip("pyscipopt")
    return str(request.param)


@pytest.fixture(params=["warm", "cold"])
def start(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def lp(
    rows: ArrayLike | sp.csr_matrix, lo: ArrayLike, hi: ArrayLike, lb: ArrayLike, ub: ArrayLike
) -> Problem:
    """Return a continuous problem with cost 0, since each solve has its own cost."""
    A = sp.csr_matrix(rows, dtype=np.float64)
    A.eliminate_zeros()
    A.indices, A.indptr = A.indices.astype(np.int32), A.indptr.astype(np.int32)
    m, n = A.shape
    lo, hi, lb, ub = (np.array(v, dtype=np.float64) for v in (lo, hi, lb, ub))
    names = [f"x{j}" for j in range(n)], [f"r{i}" for i in range(m)]
    return Problem("lp", np.zeros(n), 0.0, False, A, lo, hi, lb, ub, np.zeros(n, dtype=bool), *names)


def random_lp(seed: int) -> Problem:
    """Return a feasible, bounded LP with ranges, equalities, free and fixed columns, empty and free rows."""
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(1, 15)), int(rng.integers(2, 25))
    A = sp.random(
        m, n, 0.4, random_state=rng, data_rvs=lambda k: rng.integers(-5, 6, k).astype(float)
    ).tolil()
    A[0] = 0
    lb, ub = rng.integers(-4, 1, n).astype(float), rng.integers(0, 5, n).astype(float)
    inside = lb + rng.random(n) * (ub - lb)
    ub[0] = lb[0] = inside[0]
    activity = A.tocsr() @ inside
    kind = rng.integers(0, 5, m)  # equality, range, <=, >=, free
    lo = np.where((kind == 2) | (kind == 4), -INF, activity - np.where(kind == 0, 0, rng.random(m)))
    hi = np.where((kind == 3) | (kind == 4), INF, activity + np.where(kind == 0, 0, rng.random(m)))
    # The free column is bounded by an additional row.
    lb[1], ub[1] = -INF, INF
    A = sp.vstack([A, sp.csr_matrix(([1.0], ([0], [1])), shape=(1, n))])
    return lp(A, [*lo, -7.0], [*hi, 9.0], lb, ub)


def optimum(problem: Problem, cost: Vector, lb: Vector | None = None, ub: Vector | None = None) -> float:
    """Return the optimal value according to SciPy."""
    A, eq = problem.A, problem.row_lo == problem.row_hi
    upper, lower = ~eq & np.isfinite(problem.row_hi), ~eq & np.isfinite(problem.row_lo)
    bounds = np.column_stack([problem.lb if lb is None else lb, problem.ub if ub is None else ub])
    result = linprog(
        cost,
        A_ub=sp.vstack([A[upper], -A[lower]]),
        b_ub=np.concatenate([problem.row_hi[upper], -problem.row_lo[lower]]),
        A_eq=A[eq],
        b_eq=problem.row_hi[eq],
        bounds=bounds,
        method="highs",
    )
    assert result.status == 0, result.message
    return float(result.fun)


def check_optimal(problem: Problem, relaxation: Relaxation, cost: Vector) -> Vector:
    result = relaxation.solve(cost)
    assert result.status is LpStatus.OPTIMAL
    x, activity = result.x, problem.A @ result.x
    assert x.dtype == np.float64 and x.shape == (problem.n,)
    assert (activity >= problem.row_lo - 1e-5).all() and (activity <= problem.row_hi + 1e-5).all()
    assert result.algorithm in ("primal", "dual") and result.seconds > 0 and result.iterations >= 0
    return x


@pytest.mark.parametrize("seed", range(25))
def test_optimum_under_changing_costs(backend: str, start: str, seed: int) -> None:
    problem, rng = random_lp(seed), np.random.default_rng(seed)
    relaxation = load(problem, backend, start)
    for _ in range(8):
        cost = rng.integers(-9, 10, problem.n).astype(float)
        x = check_optimal(problem, relaxation, cost)
        assert ((x >= problem.lb) & (x <= problem.ub)).all()
        assert cost @ x == pytest.approx(optimum(problem, cost), rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_bounds_change_and_come_back(backend: str, start: str, seed: int) -> None:
    problem, rng = random_lp(seed), np.random.default_rng(seed)
    relaxation, cost = load(problem, backend, start), rng.standard_normal(problem.n)
    x = check_optimal(problem, relaxation, cost)
    lb, ub = problem.lb.copy(), problem.ub.copy()
    lb[2:], ub[2:] = np.maximum(lb, x - 0.25)[2:], np.minimum(ub, x + 0.25)[2:]
    ub[-1] = x[-1]
    other = rng.standard_normal(problem.n)
    relaxation.set_bounds(lb, ub)
    y = check_optimal(problem, relaxation, other)
    assert ((y >= lb) & (y <= ub)).all()
    assert other @ y == pytest.approx(optimum(problem, other, lb, ub), rel=1e-6, abs=1e-5)
    relaxation.set_bounds(problem.lb, problem.ub)
    assert cost @ check_optimal(problem, relaxation, cost) == pytest.approx(cost @ x, rel=1e-6, abs=1e-5)


def test_no_rows(backend: str, start: str) -> None:
    relaxation = load(lp(np.zeros((0, 2)), [], [], [0, -INF], [1, INF]), backend, start)
    assert relaxation.solve(np.array([-1.0, 0.0])).x[0] == 1.0
    assert relaxation.solve(np.array([-1.0, 1.0])).status is LpStatus.UNBOUNDED
    assert relaxation.solve(np.array([1.0, 0.0])).x[0] == 0.0


def test_no_columns(backend: str, start: str) -> None:
    assert (
        load(lp(np.zeros((1, 0)), [-1], [2], [], []), backend, start).solve(np.zeros(0)).status
        is LpStatus.OPTIMAL
    )
    result = load(lp(np.zeros((1, 0)), [1], [2], [], []), backend, start).solve(np.zeros(0))
    assert result.status is LpStatus.INFEASIBLE and result.ray is not None


def excludes(problem: Problem, ray: Vector) -> bool:
    """Return whether a ray y proves infeasibility.

    It does if no x within its bounds has a y'Ax that y'r takes for row activities r within their sides.
    """

    def span(weight: Vector, lo: Vector, hi: Vector) -> tuple[float, float]:
        used = np.abs(weight) > 1e-9
        w, lo, hi = weight[used], lo[used], hi[used]
        return float(np.where(w > 0, w * lo, w * hi).sum()), float(np.where(w > 0, w * hi, w * lo).sum())

    row_lo, row_hi = span(ray, problem.row_lo, problem.row_hi)
    box_lo, box_hi = span(problem.A.T @ ray, problem.lb, problem.ub)
    return row_lo > box_hi + 1e-9 or box_lo > row_hi + 1e-9


INFEASIBLE = {
    "two rows": lp([[1, 1], [1, 1]], [1, -INF], [INF, 0.5], [0, 0], [5, 5]),
    "two rows and an unbounded column": lp(
        [[1, 1, 0], [1, 1, 0], [1, -1, 0]], [1, -INF, 0], [INF, 0.5, 0], [-INF] * 3, [INF] * 3
    ),
    "an empty row": lp(np.zeros((1, 2)), [1], [2], [0, 0], [1, 1]),
    "a row against its box": lp([[2, -1]], [5], [INF], [0, 0], [2, 1]),
    "a cycle": lp([[1, -1, 0], [0, 1, -1], [-1, 0, 1]], [1] * 3, [INF] * 3, [-INF] * 3, [INF] * 3),
}


@pytest.mark.parametrize("name", INFEASIBLE)
@pytest.mark.parametrize("algorithm", ["auto", "primal", "dual"])
def test_infeasible_with_a_ray(backend: str, start: str, algorithm: str, name: str) -> None:
    problem = INFEASIBLE[name]
    relaxation = load(problem, backend, start, algorithm)
    for cost in (np.zeros(problem.n), -np.ones(problem.n), np.ones(problem.n)):
        result = relaxation.solve(cost)
        assert result.status is LpStatus.INFEASIBLE
        assert result.ray is not None and result.ray.shape == (problem.m,) and excludes(problem, result.ray)
        assert np.isnan(result.x).all()
    assert relaxation.failures == 0


@pytest.mark.parametrize("algorithm", ["auto", "primal", "dual"])
def test_unbounded_is_not_infeasible(backend: str, start: str, algorithm: str) -> None:
    problem = lp([[1, 1, 0], [1, 1, 0], [1, -1, 0]], [1, -INF, 0], [INF, 1.5, 0], [-INF] * 3, [INF] * 3)
    relaxation = load(problem, backend, start, algorithm)
    result = relaxation.solve(np.array([0.0, 0.0, -1.0]))
    assert result.status is LpStatus.UNBOUNDED and result.ray is None and np.isnan(result.x).all()
    assert relaxation.solve(np.array([1.0, 1.0, 0.0])).x.sum() == pytest.approx(1.0)


def test_bounds_make_infeasible_and_feasible_again(backend: str, start: str) -> None:
    problem = lp([[1, 1]], [1], [INF], [0, 0], [1, 1])
    relaxation, cost = load(problem, backend, start), np.array([1.0, 2.0])
    assert relaxation.solve(cost).status is LpStatus.OPTIMAL
    relaxation.set_bounds(np.zeros(2), np.full(2, 0.25))
    assert relaxation.solve(cost).status is LpStatus.INFEASIBLE
    relaxation.set_bounds(problem.lb, problem.ub)
    assert relaxation.solve(cost).x == pytest.approx([1.0, 0.0])


BAD_COSTS = {
    "short": np.zeros(2), "long": np.zeros(4), "matrix": np.zeros((3, 1)), "NaN": np.array([0, np.nan, 0]),
    "infinite": np.array([0, INF, 0]), "infinite to the solver": np.array([0, -1e20, 0]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_COSTS)
def test_bad_costs_are_refused(backend: str, name: str) -> None:
    relaxation = load(lp([[1, 1, 1]], [1], [2], [0] * 3, [1] * 3), backend)
    with pytest.raises(ValueError, match="cost"):
        relaxation.solve(BAD_COSTS[name])
    assert relaxation.solve(np.arange(6.0)[::2]).status is LpStatus.OPTIMAL  # strides are allowed


@pytest.mark.parametrize(
    ("lb", "ub"),
    [([0, 0], [1, 1]), ([0, 2, 0], [1, 1, 1]), ([0, np.nan, 0], [1, 1, 1]), ([INF] * 3, [INF] * 3)],
)
def test_bad_bounds_are_refused(backend: str, lb: list[float], ub: list[float]) -> None:
    relaxation = load(lp([[1, 1, 1]], [1], [2], [0] * 3, [1] * 3), backend)
    with pytest.raises(ValueError, match="bound"):
        relaxation.set_bounds(np.array(lb), np.array(ub))


def test_a_basis_comes_back(backend: str) -> None:
    problem = packing(30, 60)
    relaxation, rng = load(problem, backend, "warm", "dual"), np.random.default_rng(1)
    assert relaxation.save_basis() is None
    cost = -rng.random(problem.n)
    x = check_optimal(problem, relaxation, cost)
    basis = relaxation.save_basis()
    for _ in range(5):
        check_optimal(problem, relaxation, rng.standard_normal(problem.n))
    relaxation.restore_basis(basis)
    result = relaxation.solve(cost)
    assert result.iterations == 0 and result.x == pytest.approx(x, abs=1e-9)
    relaxation.restore_basis(None)
    assert relaxation.save_basis() is None and relaxation.solve(cost).status is LpStatus.OPTIMAL
    with pytest.raises(ValueError, match="basis"):
        relaxation.restore_basis((np.zeros(3, dtype=np.int32), np.zeros(3, dtype=np.int32)))


@pytest.mark.parametrize("other", list(BACKENDS))
def test_a_plain_basis_starts_any_solver_at_the_vertex(backend: str, other: str) -> None:
    if other == "scip":
        pytest.importorskip("pyscipopt")
    problem = packing(30, 60)
    relaxation, cost = load(problem, backend), -np.random.default_rng(1).random(problem.n)
    assert relaxation.plain_basis() is None
    x = check_optimal(problem, relaxation, cost)
    basis = relaxation.plain_basis()
    assert (
        basis is not None and np.count_nonzero(basis.columns == 1) + np.count_nonzero(basis.rows == 1) == 30
    )
    again = load(problem, other)
    again.restore_basis(basis)
    result = again.solve(cost)
    assert result.iterations == 0 and result.x == pytest.approx(x, abs=1e-9)
    with pytest.raises(ValueError, match="basis"):
        again.restore_basis(Basis(basis.columns[:3], basis.rows))


def test_reduced_costs_are_those_of_the_optimum(backend: str) -> None:
    problem = packing(30, 60)
    relaxation, cost = load(problem, backend), -np.random.default_rng(1).random(problem.n)
    x = check_optimal(problem, relaxation, cost)
    reduced = relaxation.reduced_costs()
    inside = (x > 1e-9) & (x < 1 - 1e-9)
    assert np.abs(reduced[inside]).max() < 1e-6 and (reduced[x <= 1e-9] > -1e-6).all()
    assert (reduced[x >= 1 - 1e-9] < 1e-6).all() and np.abs(reduced).max() > 0.01


def test_multipliers_explain_the_reduced_costs_and_the_optimum(backend: str) -> None:
    """c - A'y are the reduced costs, y has the sign of its side, and both sides price the optimum."""
    problem = random_lp(11)
    relaxation, cost = load(problem, backend), np.random.default_rng(2).normal(size=problem.n)
    x = check_optimal(problem, relaxation, cost)
    y, reduced = relaxation.duals(), relaxation.reduced_costs()
    assert y.shape == (problem.m,) and np.abs(y).max() > 0.01
    assert cost - problem.A.T @ y == pytest.approx(reduced, abs=1e-9)
    y, reduced = (np.where(np.abs(v) < 1e-12, 0.0, v) for v in (y, reduced))
    sides = np.where(y > 0, problem.row_lo, problem.row_hi)[y != 0]
    bounds = np.where(reduced > 0, problem.lb, problem.ub)[reduced != 0]
    assert y[y != 0] @ sides + reduced[reduced != 0] @ bounds == pytest.approx(cost @ x, abs=1e-9)
    relaxation.set_cutoff(cost, float(cost @ x) + 1.0)
    relaxation.solve(cost)
    assert relaxation.duals() == pytest.approx(y, abs=1e-9)


def test_a_primal_simplex_cut_off_stays_in_the_relaxation(backend: str) -> None:
    """Under a new cost, five iterations at a time from a vertex give feasible points, then the optimum."""
    problem, rng = packing(60, 120), np.random.default_rng(8)
    relaxation, cost = load(problem, backend, "warm", "primal"), -np.ones(problem.n)
    x, few = check_optimal(problem, relaxation, cost), LpLimits(iterations=5)
    cost = -rng.random(problem.n)
    value, ended = cost @ x, LpStatus.ITERATION_LIMIT
    while ended is LpStatus.ITERATION_LIMIT:
        result = relaxation.solve(cost, few)
        ended = result.status
        assert result.iterations <= 6
        assert (problem.A @ result.x <= problem.row_hi + 1e-6).all()
        assert ((result.x >= problem.lb) & (result.x <= problem.ub)).all()
        assert cost @ result.x <= value + 1e-9
        value = cost @ result.x
    assert ended is LpStatus.OPTIMAL and value == pytest.approx(optimum(problem, cost))
    full = relaxation.solve(-rng.random(problem.n))  # no limit is left from the call before
    assert full.status is LpStatus.OPTIMAL and full.iterations > 6


def test_a_point_outside_the_relaxation_is_not_given(backend: str, start: str) -> None:
    """A first LP with one iteration gives no point or one of the relaxation; the next LP has no limit."""
    problem = random_lp(3)
    relaxation = load(problem, backend, start, "dual")
    result = relaxation.solve(np.ones(problem.n), LpLimits(iterations=1))
    if result.status is LpStatus.ITERATION_LIMIT and not np.isnan(result.x).any():
        activity = problem.A @ result.x
        assert (activity >= problem.row_lo - 1e-6).all() and (activity <= problem.row_hi + 1e-6).all()
    check_optimal(problem, relaxation, np.ones(problem.n))


def test_a_cutoff_row_comes_and_tightens(backend: str, start: str) -> None:
    problem = packing(30, 60)
    relaxation, rng = load(problem, backend, start), np.random.default_rng(9)
    row = -rng.random(problem.n)
    best = row @ check_optimal(problem, relaxation, row)
    for share in (0.5, 0.9, 0.2):
        relaxation.set_cutoff(row, share * best)
        for _ in range(2):
            x = check_optimal(problem, relaxation, rng.random(problem.n))
            assert row @ x == pytest.approx(share * best, rel=1e-5)  # the cost pulls x to 0, the row stops it
            other = rng.standard_normal(problem.n)
            assert row @ check_optimal(problem, relaxation, other) <= share * best + 1e-5
    relaxation.set_bounds(problem.lb, problem.ub)
    relaxation.restore_basis(relaxation.save_basis())
    assert row @ check_optimal(problem, relaxation, row) == pytest.approx(best)
    relaxation.set_cutoff(row, best - 1)
    beyond = relaxation.solve(row)
    assert beyond.status is LpStatus.INFEASIBLE and beyond.ray is None


def packing(m: int, n: int) -> Problem:
    """Return A x <= 1, 0 <= x <= 1 with a matrix that is dense enough to need many iterations."""
    rng = np.random.default_rng(0)
    A = sp.random(m, n, 0.2, random_state=rng, format="csr")
    return lp(A, np.full(m, -INF), np.ones(m), np.zeros(n), np.ones(n))


def test_warm_starts_save_iterations(backend: str) -> None:
    problem, rng = packing(60, 120), np.random.default_rng(2)
    cost = -rng.random(problem.n)
    warm, cold = load(problem, backend, "warm"), load(problem, backend, "cold")
    spent = {"warm": 0, "cold": 0}
    for _ in range(10):
        a, b = warm.solve(cost), cold.solve(cost)
        assert cost @ a.x == pytest.approx(cost @ b.x, rel=1e-6)
        spent["warm"] += a.iterations
        spent["cold"] += b.iterations
        cost = cost + 0.01 * rng.standard_normal(problem.n)
    assert 0 < spent["warm"] < spent["cold"]


@pytest.mark.parametrize("algorithm", ["auto", "primal", "dual"])
def test_cold_results_depend_on_the_cost_alone(backend: str, algorithm: str) -> None:
    problem, rng = packing(40, 80), np.random.default_rng(3)
    costs = [*rng.standard_normal((6, problem.n)), -np.ones(problem.n)]
    one, other = load(problem, backend, "cold", algorithm), load(problem, backend, "cold", algorithm)
    forward = [one.solve(cost) for cost in costs]
    backward = [other.solve(cost) for cost in reversed(costs)][::-1]
    for a, b in zip(forward, backward, strict=True):
        assert np.array_equal(a.x, b.x) and a.iterations == b.iterations and a.algorithm == b.algorithm


@pytest.mark.parametrize("start", ["warm", "cold"])
def test_the_same_sequence_repeats(backend: str, start: str) -> None:
    problem, rng = packing(40, 80), np.random.default_rng(4)
    costs = rng.standard_normal((12, problem.n))
    runs = [
        [r.solve(cost).x for cost in costs]
        for r in (load(problem, backend, start), load(problem, backend, start))
    ]
    assert np.array_equal(runs[0], runs[1])


def test_auto_compares_iterations_and_settles(backend: str) -> None:
    problem, rng = packing(60, 120), np.random.default_rng(5)
    relaxation, spent = load(problem, backend), {"primal": 0, "dual": 0}
    assert relaxation.solve(-rng.random(problem.n)).algorithm == "dual"
    for turn in ("primal", "dual") * 2:
        assert relaxation.algorithm == "undecided"
        result = relaxation.solve(-rng.random(problem.n))
        assert result.algorithm == turn
        spent[turn] += result.iterations
    best = "primal" if spent["primal"] < spent["dual"] else "dual"
    assert relaxation.algorithm == best and spent[best] > 0
    assert relaxation.solve(-rng.random(problem.n)).algorithm == best


@pytest.mark.parametrize("algorithm", ["primal", "dual"])
def test_a_fixed_algorithm_stays(backend: str, start: str, algorithm: str) -> None:
    problem, rng = packing(20, 40), np.random.default_rng(6)
    relaxation = load(problem, backend, start, algorithm)
    ran = [relaxation.solve(-rng.random(problem.n)).algorithm for _ in range(6)]
    assert relaxation.algorithm == algorithm and set(ran[1:]) == {algorithm}
    assert ran[0] == (algorithm if start == "cold" else "dual")  # the first warm LP has no basis yet


@pytest.fixture(scope="module")
def long_lp() -> Problem:
    """An LP that takes either solver several seconds."""
    return packing(1200, 2400)


def still_works(relaxation: Relaxation, problem: Problem) -> None:
    relaxation.restore_basis(None)
    assert relaxation.solve(np.ones(problem.n), LpLimits(seconds=10)).x == pytest.approx(0.0)


def test_time_limit_holds_inside_the_lp(backend: str, long_lp: Problem) -> None:
    relaxation, cost = load(long_lp, backend), -np.random.default_rng(7).random(long_lp.n)
    for seconds in (0.0, 1e-3, 0.3):
        begin = time.perf_counter()
        result = relaxation.solve(cost, LpLimits(seconds=seconds))
        assert result.status is LpStatus.TIME_LIMIT and np.isnan(result.x).all()
        assert time.perf_counter() - begin < seconds + 2.0  # 2 s more for a busy machine
    still_works(relaxation, long_lp)


def test_stop_is_honoured_inside_the_lp(backend: str, start: str, long_lp: Problem) -> None:
    relaxation, cost = load(long_lp, backend, start), -np.random.default_rng(7).random(long_lp.n)
    begin = time.perf_counter()
    result = relaxation.solve(cost, LpLimits(stop=lambda: time.perf_counter() > begin + 0.8))
    assert result.status is LpStatus.INTERRUPTED and np.isnan(result.x).all()
    assert 0.8 < time.perf_counter() - begin < 2.8
    still_works(relaxation, long_lp)


def test_what_stop_raises_is_raised(backend: str, long_lp: Problem) -> None:
    def stop() -> bool:
        raise KeyboardInterrupt

    relaxation, cost = load(long_lp, backend), -np.ones(long_lp.n)
    with pytest.raises(KeyboardInterrupt):
        relaxation.solve(cost, LpLimits(stop=stop))
    still_works(relaxation, long_lp)


@pytest.mark.miplib
@pytest.mark.skipif(MIPLIB is None, reason="DIFFPUMP_MIPLIB is not set")
@pytest.mark.parametrize("name", ["neos-4763324-toguru", "rd-rplusc-21", "fast0507"])
@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_limits_hold_on_large_models(backend: str, name: str, seconds: float) -> None:
    from diffpump.io.read import read

    problem = read(next(Path(str(MIPLIB)).rglob(f"{name}.mps.gz")))
    relaxation = load(problem, backend)
    for limits in (
        lambda begin: LpLimits(seconds=seconds),
        lambda begin: LpLimits(stop=lambda: time.perf_counter() > begin + seconds),
    ):
        begin = time.perf_counter()
        relaxation.solve(problem.c, limits(begin))
        assert time.perf_counter() - begin < seconds + 2.0


def test_versions_are_named(backend: str) -> None:
    relaxation = load(lp([[1.0]], [0], [1], [0], [1]), backend)
    assert backend in relaxation.versions and all(relaxation.versions.values())


def test_unknown_names_are_refused() -> None:
    problem = lp([[1.0]], [0], [1], [0], [1])
    for names in (("glop",), ("highs", "tepid"), ("highs", "warm", "barrier")):
        with pytest.raises(UsageError, match="known:"):
            load(problem, *names)
