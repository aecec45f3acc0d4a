"""The interior points of a relaxation: its centre, and optima of its regularised LP against other solvers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from diffpump.backends import interior
from diffpump.backends.interior import HighsInterior
from diffpump.backends.lp import solve_lp
from diffpump.config.presets import config
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.interior import Interior
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.registry import Registry
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.operators.jacobians import JACOBIANS
from diffpump.operators.losses import LOSSES, Point, Term
from diffpump.operators.restarts import RESTARTS, StallContext
from diffpump.operators.roundings import ROUNDINGS, Nearest
from diffpump.pump import Pump, relaxation_for

INF = np.inf
INSTANCES = sorted((Path(__file__).parent.parent / "instances").glob("*.mps"))


def random_model(rng: np.random.Generator) -> Problem:
    """Return a feasible problem of 6 columns and 5 rows: two <=, one >=, one = and one ranged row."""
    A, inside = rng.normal(size=(5, 6)).round(2), rng.uniform(0.2, 0.8, 6)
    activity, slack = A @ inside, rng.uniform(0.1, 0.6, 5)
    lo = np.array([-INF, -INF, activity[2] - slack[2], activity[3], activity[4] - slack[4]])
    hi = np.array([activity[0] + slack[0], activity[1] + slack[1], INF, activity[3], activity[4] + 0.1])
    return from_arrays(rng.normal(size=6), A, lo, hi, [0] * 6, [1, 1, 1, 1, INF, 3], [True] * 3 + [False] * 3)


def slacks(problem: Problem, x: Vector) -> Vector:
    """Return the distances to the finite sides of inequalities and to finite bounds that are not fixed."""
    activity = problem.A @ x
    pairs = [(activity, problem.row_lo, problem.row_hi), (x, problem.lb, problem.ub)]
    found = []
    for value, lo, hi in pairs:
        free = lo < hi
        found += [(value - lo)[free & np.isfinite(lo)], (hi - value)[free & np.isfinite(hi)]]
    return np.concatenate(found)


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_the_centre_lies_strictly_inside(path: Path) -> None:
    problem = read(path)
    centre = HighsInterior(problem).centre()
    assert centre is not None and not problem.violated_rows(centre).any()
    assert slacks(problem, centre).min() > 1e-4


@pytest.mark.parametrize("seed", range(8))
def test_the_centre_is_near_the_analytic_centre(seed: int) -> None:
    """The gradient of the sum of log slacks, on the directions that the equality leaves, is nearly 0.

    It is compared with the sum of the terms' norms, with which it would agree at a point beside one side.
    """
    problem = random_model(np.random.default_rng(seed))
    centre = HighsInterior(problem).centre()
    assert centre is not None
    A = problem.A.toarray()
    normals, activity = np.vstack([A, np.eye(6)]), np.append(problem.A @ centre, centre)
    lo, hi = np.append(problem.row_lo, problem.lb), np.append(problem.row_hi, problem.ub)
    free = lo < hi
    terms = (normals[free].T / (activity - lo)[free], -normals[free].T / (hi - activity)[free])
    equality = A[3] / np.linalg.norm(A[3])
    project = np.eye(6) - np.outer(equality, equality)
    gradient = project @ (terms[0].sum(axis=1) + terms[1].sum(axis=1))
    size = sum(float(np.linalg.norm(project @ term, axis=0).sum()) for term in terms)
    assert np.linalg.norm(gradient) < 0.35 * size


def test_the_centre_is_solved_once_and_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, solved = random_model(np.random.default_rng(0)), []
    solve = interior.solve_lp

    def counting(*arguments: object, **how: object) -> object:
        solved.append(1)
        return solve(*arguments, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(interior, "solve_lp", counting)
    points = HighsInterior(problem)
    assert not solved
    first = points.centre()
    assert first is not None and points.centre() is first and len(solved) == 1
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0


def test_an_empty_relaxation_and_an_expired_limit_have_no_points() -> None:
    empty = from_arrays([0, 0], [[1, 1]], [3], [3], [0, 0], [1, 1], [True, True])
    assert HighsInterior(empty).centre() is None
    assert HighsInterior(empty).regularised(np.ones(2), 1.0) is None
    late = HighsInterior(read(INSTANCES[0]), lambda: LpLimits(0.0))
    assert late.centre() is None and late.regularised(np.ones(230), 1.0) is None


@pytest.mark.parametrize("weight", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("seed", range(5))
def test_regularised_optima_agree_with_another_solver(seed: int, weight: float) -> None:
    rng = np.random.default_rng(seed)
    problem, cost = random_model(rng), rng.normal(size=6)
    x = HighsInterior(problem).regularised(cost, weight)
    assert x is not None
    A, equal = problem.A.toarray(), problem.row_lo == problem.row_hi
    sides = [(A[~equal], problem.row_lo[~equal], 1.0), (A[~equal], problem.row_hi[~equal], -1.0)]
    kept = [(s * M[np.isfinite(b)], s * b[np.isfinite(b)]) for M, b, s in sides]
    constraints = [{"type": "ineq", "fun": lambda v, M=M, b=b: M @ v - b} for M, b in kept]
    constraints += [{"type": "eq", "fun": lambda v: A[equal] @ v - problem.row_lo[equal]}]
    bounds = [(lo, None if np.isinf(hi) else hi) for lo, hi in zip(problem.lb, problem.ub, strict=True)]
    theirs = minimize(
        lambda v: cost @ v + weight / 2 * v @ v, np.full(6, 0.5), jac=lambda v: cost + weight * v,
        method="SLSQP", bounds=bounds, constraints=constraints, options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip
    assert theirs.success
    np.testing.assert_allclose(x, theirs.x, atol=1e-5)


@pytest.mark.parametrize("path", INSTANCES[:8], ids=lambda path: path.stem)
def test_regularised_optima_satisfy_the_optimality_conditions(path: Path) -> None:
    """x is optimal if and only if the LP under the gradient cost + weight x at x has optimum x."""
    problem, rng = read(path), np.random.default_rng(1)
    cost = rng.normal(size=problem.n)
    x = HighsInterior(problem).regularised(cost, 0.7)
    assert x is not None and not problem.violated_rows(x).any()
    gradient = cost + 0.7 * x
    best = solve_lp(problem, LpLimits(10.0), cost=gradient)
    assert gradient @ x == pytest.approx(gradient @ best.x, abs=1e-5 * (1 + np.abs(gradient) @ np.abs(x)))


def test_what_the_quadratic_solver_does_not_take() -> None:
    problem = random_model(np.random.default_rng(0))
    points = HighsInterior(problem)
    for cost, weight in (
        (np.ones(5), 1.0), (np.full(6, np.nan), 1.0), (np.ones(6), 0.0), (np.ones(6), np.inf)
    ):  # fmt: skip
        with pytest.raises(ValueError, match="must be"):
            points.regularised(cost, weight)
    n = interior.QP_COLUMNS + 1
    large = from_arrays([0] * n, [[1] * n], [0], [n], [0] * n, [1] * n, [True] * n)
    with pytest.raises(UsageError, match=f"at most {interior.QP_COLUMNS} columns .* has {n}"):
        HighsInterior(large).regularised(np.ones(n), 1.0)


def test_every_kind_of_operator_has_the_interior_of_the_present_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator that asks for `interior` has one; under a cutoff its centre satisfies the cutoff."""
    asked: list[Interior] = []
    kinds: list[Registry[Any]] = [LOSSES, ROUNDINGS, JACOBIANS, RESTARTS]
    for registry in kinds:
        monkeypatch.setattr(registry, "_entries", dict(registry.entries))

    @LOSSES.register("asking", help="a loss for this test")
    class Loss:
        def __init__(self, interior: Interior) -> None:
            asked.append(interior)

        def evaluate(self, point: Point) -> Term:
            return Term(0.0)

    @ROUNDINGS.register("asking", help="a rounding for this test")
    def rounding(problem: Problem, interior: Interior) -> Nearest:
        asked.append(interior)
        return Nearest(problem)

    @JACOBIANS.register("asking", help="a Jacobian for this test")
    class Jacobian:
        def __init__(self, interior: Interior) -> None:
            asked.append(interior)

        def vjp(self, at: object, g: Vector, rng: object) -> Vector:
            return -g

    @RESTARTS.register("asking", help="a restart for this test")
    class Restart:
        kind = "asking"

        def __init__(self, interior: Interior) -> None:
            asked.append(interior)

        def kick(self, at: StallContext, rng: object) -> None:
            return None

    solved: list[Problem] = []
    solve = interior.solve_lp

    def counting(problem: Problem, *arguments: Any, **how: Any) -> Any:
        solved.append(problem)
        return solve(problem, *arguments, **how)

    monkeypatch.setattr(interior, "solve_lp", counting)
    problem = read(INSTANCES[0])
    setting = config(
        "FP",
        max_iter=3,
        losses=["asking:1", "integrality:1"],
        rounding="asking",
        jacobian="asking",
        restarts="asking",
    )
    pump = Pump(problem, setting, relaxation_for(problem, setting))
    assert len(asked) == 4 and len(set(map(id, asked))) == 1  # one centre serves all of them
    root = next(states := pump.iterates()).x_lp
    list(states)
    assert not solved  # nothing is solved unless asked
    plain = asked[0].centre()
    assert plain is not None and len(solved) == 1
    cutoff = float(problem.c @ (root + plain)) / 2
    pump.set_cutoff(cutoff)
    assert len(asked) == 8
    beyond = asked[-1].centre()
    assert beyond is not None and problem.c @ beyond < cutoff < problem.c @ plain
