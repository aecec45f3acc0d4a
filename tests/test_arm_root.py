"""The root LP: point, bound and basis by either algorithm, infeasible and unbounded LPs, short slices."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import children
from hypothesis import given, settings
from scipy.optimize import Bounds, LinearConstraint, milp
from small_models import feasible_models

import diffpump
from diffpump.backends.relaxation import load
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.outcome.verifier import Verifier
from diffpump.search.arms import root as module
from diffpump.search.arms.root import Root
from diffpump.search.budget import Budget
from diffpump.search.facts import Facts
from diffpump.search.lp_process import LpOutcome
from diffpump.search.pool import Pool
from diffpump.search.process import CAN_PAUSE
from diffpump.search.space import Space, Spaces

pytest.importorskip("psutil", reason="the bench extra is not installed")
INF = np.inf
INSTANCES = Path(__file__).parent.parent / "instances"


def rooted(problem: Problem, slices: int = 1, counted: bool = True) -> tuple[Spaces, Root]:
    space = Space(problem)
    spaces = Spaces(space, space)
    with ExitStack() as exit_stack:
        root = root_of(spaces, exit_stack)
        for _ in range(slices):
            if not root.exhausted:
                root.run(Budget(1.0, RunLimits(), deterministic=counted))
    return spaces, root


def root_of(spaces: Spaces, exit_stack: ExitStack, facts: Facts | None = None) -> Root:
    problem = spaces.original.problem
    verifier = Verifier(problem)
    pool = Pool(RunSetup(problem, verifier=verifier))
    return Root(spaces, pool, (facts or Facts(problem, verifier)).learn, exit_stack)


def facts_of(problem: Problem) -> Facts:
    """Return the facts that the root arm proves about a model that presolve has not changed."""
    facts, space = Facts(problem, Verifier(problem)), Space(problem)
    with ExitStack() as exit_stack:
        root_of(Spaces(space, space), exit_stack, facts).run(Budget(5.0, RunLimits()))
    return facts


def value(problem: Problem) -> Any:
    """Return scipy's result for the LP relaxation."""
    rows = [LinearConstraint(problem.A, problem.row_lo, problem.row_hi)] if problem.m else []
    return milp(problem.c, constraints=rows, bounds=Bounds(problem.lb, problem.ub))


@given(model=feasible_models())
@settings(derandomize=True, deadline=None, max_examples=40)
def test_the_bound_is_the_relaxations_value(model: tuple[Problem, Vector]) -> None:
    problem = model[0]
    spaces, root = rooted(problem)
    found = value(problem)
    assert root.exhausted and spaces.original.root is not None
    activity = problem.A @ spaces.original.root
    assert (activity >= problem.row_lo - 1e-6).all() and (activity <= problem.row_hi + 1e-6).all()
    if found.status == 0:
        assert spaces.original.bound == pytest.approx(found.fun, abs=1e-6)
    else:  # unbounded, but with a point
        assert found.status in (3, 4) and spaces.original.bound is None


@pytest.mark.parametrize("name", ["gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0", "lotsizing-1x3-s3"])
def test_where_the_simplex_is_cut_off_interior_point_has_the_bound(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = diffpump.read(INSTANCES / f"{name}.mps")
    vertex, _ = rooted(problem)
    monkeypatch.setattr(module, "RESTART_SHARES", {"ipm": 1.0})
    interior, root = rooted(problem)
    assert root.exhausted and interior.original.bound == pytest.approx(vertex.original.bound, rel=1e-6)
    assert vertex.original.basis is not None and interior.original.basis is None


@pytest.mark.skipif(not CAN_PAUSE, reason="processes cannot be paused here")
@pytest.mark.parametrize("algorithm", ["simplex", "ipm"])
def test_what_is_not_over_soon_goes_on_in_processes(algorithm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No slice suffices for the LP, so each one continues the work of the last."""
    problem = diffpump.read(INSTANCES / "cflp-30x40-s0.mps")
    in_this_process, _ = rooted(problem)
    monkeypatch.setattr(module, "QUICK_SECONDS", 0.0)
    monkeypatch.setattr(module, "TURN_SECONDS", {algorithm: 0.02})
    space = Space(problem)
    spaces = Spaces(space, space)
    with ExitStack() as exit_stack:
        root = root_of(spaces, exit_stack)
        slices = 0
        while not root.exhausted:
            root.run(Budget(0.05, RunLimits()))
            slices += 1
        assert not children()
    assert slices > 2 and spaces.original.bound == pytest.approx(in_this_process.original.bound, rel=1e-6)
    assert (space.basis is not None) == (algorithm == "simplex")


@pytest.mark.skipif(not CAN_PAUSE, reason="processes cannot be paused here")
def test_processes_that_die_are_counted_and_cost_the_arm_only(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = diffpump.read(INSTANCES / "cflp-30x40-s0.mps")
    monkeypatch.setattr(module, "QUICK_SECONDS", 0.0)
    space = Space(problem)
    with ExitStack() as exit_stack:
        root = root_of(Spaces(space, space), exit_stack)
        root.run(Budget(0.0, RunLimits()))
        for child in children():
            child.kill()
        root.run(Budget(10.0, RunLimits()))
    assert root.exhausted and root._pool.lost_processes == 2 and space.root is None


def test_the_basis_starts_a_relaxation_at_the_optimum() -> None:
    problem = diffpump.read(INSTANCES / "cflp-6x8-s0.mps")
    spaces, _ = rooted(problem)
    relaxation = load(problem)
    relaxation.restore_basis(spaces.original.basis)
    assert relaxation.solve(problem.c).iterations == 0


def test_every_slice_is_longer_than_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, given = diffpump.read(INSTANCES / "gap-3x8-s0.mps"), list[float]()

    def solve_root_lp(problem: Problem, algorithm: str, limits: object) -> LpOutcome:
        return LpOutcome(LpStatus.TIME_LIMIT, None, 0)

    monkeypatch.setattr(module, "solve_root_lp", solve_root_lp)
    space = Space(problem)
    with ExitStack() as exit_stack:
        root = root_of(Spaces(space, space), exit_stack)
        for seconds in (1.0, 1.0, 9.0, 1.0):
            budget = Budget(max(seconds, root.min_seconds), RunLimits(), deterministic=True)
            root.run(budget)
            given.append(budget.seconds)
    assert given == [1, 2, 9, 18]


def test_an_infeasible_relaxation_is_refuted_on_the_original_model() -> None:
    infeasible = from_arrays([1, 1], [[2, 2]], [5], [6], [0, 0], [1, 1], [True, True])
    spaces, root = rooted(infeasible)
    assert root.exhausted and spaces.original.root is None
    certificate = facts_of(infeasible).refutation
    assert certificate is not None and certificate.kind == "dual ray" and len(certificate.entries) == 1
    raw = from_arrays([1, 1], [[1, 1]], [1], [2], [0, 0], [1, 1], [True, True])
    spaces = Spaces(Space(raw), Space(infeasible))  # a wrong presolve refutes nothing
    facts = Facts(raw, Verifier(raw))
    with ExitStack() as exit_stack:
        root_of(spaces, exit_stack, facts).run(Budget(1.0, RunLimits()))
    assert facts.refutation is None


def test_a_slice_that_is_too_short_leaves_nothing() -> None:
    problem = diffpump.read(INSTANCES / "cflp-6x8-s0.mps")
    space = Space(problem)
    with ExitStack() as exit_stack:
        root = root_of(Spaces(space, space), exit_stack)
        root.run(Budget(0.0, RunLimits(), deterministic=True))
        assert space.root is None and space.bound is None and not root.exhausted
        root.run(Budget(1.0, RunLimits(), deterministic=True))
    assert space.root is not None and space.bound is not None and root.exhausted
