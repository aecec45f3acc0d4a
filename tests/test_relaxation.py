"""The relaxation on a scripted simplex: recovered failures, calls left behind; and the fake relaxation."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp

from diffpump.backends import worker
from diffpump.backends.fake import FakeRelaxation
from diffpump.backends.relaxation import SimplexRelaxation, load
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus


@pytest.fixture
def problem() -> Problem:
    A = sp.csr_matrix(np.ones((1, 2)))
    one = np.ones(1)
    bounds = np.zeros(2), np.ones(2)
    return Problem("p", np.ones(2), 0.0, False, A, 0 * one, one, *bounds, np.ones(2, bool), ["x", "y"], ["r"])


class ScriptedSimplex:
    """Each run takes the next act of a script: a status, a point, an exception, or a function to call."""

    def __init__(self, acts: list[object]) -> None:
        self.version = {"scripted": "1"}
        self.acts, self.ran, self.basis = acts, list[str](), False
        self.bounds: tuple[Vector, Vector] | None = None
        self.cancelled = threading.Event()

    def set_cost(self, cost: Vector) -> None: ...
    def set_bounds(self, lb: Vector, ub: Vector) -> None:
        self.bounds = lb, ub

    def clear(self) -> None:
        self.basis = False

    def has_basis(self) -> bool:
        return self.basis

    def get_basis(self) -> object:
        return "basis"

    def set_basis(self, basis: object) -> None:
        self.basis = True

    def prepare(self, algorithm: str, seconds: float, presolve: bool, iterations: int) -> None:
        self.ran.append(algorithm if presolve else algorithm + ", cost zero")

    def run(self) -> object:
        self.basis, self.act = True, self.acts.pop(0)
        if isinstance(self.act, Exception):
            raise self.act
        return self.act() if callable(self.act) else None

    def cancel(self) -> None:
        self.cancelled.set()

    def status(self) -> LpStatus | None:
        return LpStatus.OPTIMAL if isinstance(self.act, np.ndarray) else self.act

    def iterations(self) -> int:
        return 1

    def point(self) -> Vector:
        return self.act

    def ray(self) -> Vector | None:
        return None


Make = Callable[..., tuple[SimplexRelaxation, list[ScriptedSimplex]]]


@pytest.fixture
def make(problem: Problem) -> Make:
    def relaxation(*acts: object) -> tuple[SimplexRelaxation, list[ScriptedSimplex]]:
        solvers: list[ScriptedSimplex] = []
        script = list(acts)  # shared by the solvers that replace each other

        def solver(problem: Problem) -> ScriptedSimplex:
            solvers.append(ScriptedSimplex(script))
            return solvers[-1]

        return SimplexRelaxation(problem, solver, "warm", "auto"), solvers

    return relaxation


COST, HALF = np.ones(2), np.array([0.5, 0.0])


@pytest.mark.parametrize(
    "trouble", [LpStatus.FAILED, np.array([np.nan, 0.0]), RuntimeError("singular basis")]
)
def test_a_failure_is_tried_again_with_the_other_simplex(make: Make, trouble: object) -> None:
    relaxation, solvers = make(trouble, HALF, trouble, trouble, HALF)
    result = relaxation.solve(COST)
    assert result.status is LpStatus.OPTIMAL and np.array_equal(result.x, HALF)
    assert result.algorithm == "primal" and relaxation.failures == 1
    assert relaxation.solve(COST).status is LpStatus.FAILED and relaxation.failures == 3
    assert relaxation.solve(COST).status is LpStatus.OPTIMAL  # later solves are not affected
    assert [name for solver in solvers for name in solver.ran][:2] == ["dual", "primal"]


def test_points_are_clipped_to_the_bounds(make: Make) -> None:
    relaxation, _ = make(np.array([1 + 1e-9, -1e-9]))
    assert np.array_equal(relaxation.solve(COST).x, [1.0, 0.0])


def test_verdicts_without_proof_are_settled_by_cost_zero(make: Make) -> None:
    for verdict, zero, expected in (
        (None, HALF, LpStatus.UNBOUNDED),
        (None, LpStatus.INFEASIBLE, LpStatus.INFEASIBLE),
        (None, None, LpStatus.FAILED),
        (LpStatus.INFEASIBLE, HALF, LpStatus.FAILED),  # a contradiction
        (LpStatus.INFEASIBLE, LpStatus.INFEASIBLE, LpStatus.INFEASIBLE),
        (None, LpStatus.TIME_LIMIT, LpStatus.TIME_LIMIT),
    ):
        relaxation, solvers = make(verdict, zero)
        result = relaxation.solve(COST)
        assert result.status is expected and np.isnan(result.x).all() and result.ray is None
        assert solvers[0].ran == ["dual", "dual, cost zero"]


@pytest.mark.parametrize("limits", [LpLimits(seconds=0.1), LpLimits(stop=lambda: True)])
def test_a_call_that_will_not_end_is_left_behind(
    make: Make, monkeypatch: pytest.MonkeyPatch, limits: LpLimits
) -> None:
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.1)
    release = threading.Event()
    relaxation, solvers = make(release.wait, HALF)
    lb, ub = np.zeros(2), np.array([0.25, 1.0])
    relaxation.set_bounds(lb, ub)
    begin = time.perf_counter()
    status = relaxation.solve(COST, limits).status
    assert status is (LpStatus.TIME_LIMIT if limits.stop is None else LpStatus.INTERRUPTED)
    assert time.perf_counter() - begin < 1.0 and solvers[0].cancelled.is_set()
    result = relaxation.solve(COST)  # on a fresh solver, with the bounds of the old one
    assert result.status is LpStatus.OPTIMAL and result.x[0] == 0.25
    assert len(solvers) == 2 and solvers[1].bounds is not None and np.array_equal(solvers[1].bounds[1], ub)
    assert worker.left_behind()
    release.set()
    worker._wait_for_calls_left_behind()
    assert not worker.left_behind()


def test_a_dropped_relaxation_ends_its_thread(make: Make) -> None:
    before = set(threading.enumerate())  # threads of other tests may still be ending
    relaxation, solvers = make(HALF)
    relaxation.solve(COST)
    (thread,) = set(threading.enumerate()) - before
    del relaxation
    solvers.clear()
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_scip_without_pyscipopt_names_the_extra(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    lpi = pytest.importorskip("diffpump.backends.lpi")
    monkeypatch.setitem(sys.modules, "pyscipopt.scip", None)
    monkeypatch.setitem(sys.modules, "pyscipopt", None)
    lpi.library.cache_clear()
    with pytest.raises(UsageError, match=r"pip install 'diffpump\[scip\]"):
        load(problem, "scip")
    lpi.library.cache_clear()


def test_the_fake_follows_its_script_then_the_box(problem: Problem) -> None:
    fake = FakeRelaxation(problem, [HALF, LpStatus.FAILED])
    assert np.array_equal(fake.solve(COST).x, HALF)
    assert fake.solve(COST).status is LpStatus.FAILED
    assert np.array_equal(fake.solve(np.array([-1.0, 2.0])).x, [1.0, 0.0])
    assert fake.solve(COST, LpLimits(stop=lambda: True)).status is LpStatus.INTERRUPTED
    fake.set_bounds(np.zeros(2), np.full(2, np.inf))
    assert fake.solve(-COST).status is LpStatus.UNBOUNDED
    assert len(fake.costs) == 5
    with pytest.raises(ValueError, match="cost"):
        fake.solve(np.ones(3))
