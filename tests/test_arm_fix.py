"""The fix-and-propagate arms and the LP dive: their solutions, the shared data, and repeated runs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import feasible_models

import diffpump
from diffpump.core.arrays import Vector
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.kernels import targets
from diffpump.kernels.fixing import at_random
from diffpump.outcome.run import RunSetup
from diffpump.search.arms import fix_propagate as fixer
from diffpump.search.arms.dive import RULES, Dive
from diffpump.search.arms.fix import FREE_PLANS, GUIDED_PLANS, FixPropagateRepair
from diffpump.search.arms.fix_propagate import FixPropagate
from diffpump.search.arms.fix_sample import SampledChoices
from diffpump.search.arms.root import Root
from diffpump.search.budget import Arm, Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

INF = np.inf
INSTANCES = Path(__file__).parent.parent / "instances"
NAMES = ("gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0", "lotsizing-1x3-s3")


def pool_of(problem: Problem) -> Pool:
    return Pool(RunSetup(problem), deterministic=True)


def budget(seconds: float) -> Budget:
    """Return the budget of a deterministic slice, so that tests repeat."""
    return Budget(seconds, RunLimits(), deterministic=True)


def rooted(problem: Problem) -> Space:
    space = Space(problem)
    with ExitStack() as exit_stack:
        root = Root(Spaces(space, space), pool_of(problem), lambda outcome, limits: None, exit_stack)
        root.run(budget(1.0))
    return space


def arm_of(name: str, space: Space, pool: Pool, seed: int = 0) -> Arm:
    return (
        Dive(space, pool, seed)
        if name == "dive"
        else FixPropagateRepair(space, pool, name, seed, guided=name == "fix-lp")
    )


def general() -> Problem:
    """7 a + 11 b + 13 c = 1000, a - b <= 3 + y, general integers in [0, 200], y in [0, 2.5]."""
    return from_arrays(
        [1, 2, 3, 1], [[7, 11, 13, 0], [1, -1, 0, -1]], [1000, -INF], [1000, 3],
        [0] * 4, [200, 200, 200, 2.5], [True, True, True, False],
    )  # fmt: skip


@pytest.mark.parametrize("arm", ["fix", "fix-lp", "dive"])
@pytest.mark.parametrize("name", NAMES)
def test_small_models_are_solved_and_runs_repeat(name: str, arm: str) -> None:
    problem = diffpump.read(INSTANCES / f"{name}.mps")
    found = []
    for _ in range(2):
        space, pool = rooted(problem), pool_of(problem)
        worker = arm_of(arm, space, pool)
        for _ in range(3):
            worker.run(budget(0.05))
        pool.prove_waiting()
        assert pool.best is not None and not pool.rejected
        found.append([(solution.incumbent.arm, solution.value) for solution in pool.solutions])
        assert {entry for entry, _ in found[-1]} == {arm}
    assert found[0] == found[1]


@pytest.mark.parametrize("arm", ["fix", "fix-lp", "dive"])
def test_general_integers_in_an_equality(arm: str) -> None:
    problem = general()
    space, pool = rooted(problem), pool_of(problem)
    arm_of(arm, space, pool).run(budget(0.2))
    assert pool.best is not None and pool.best.x[:3] @ [7, 11, 13] == 1000


@given(model=feasible_models(), name=st.sampled_from(["fix", "fix-lp", "dive"]))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_any_model_is_searched_and_what_is_shared_stays_as_it_was(
    model: tuple[Problem, Vector], name: str
) -> None:
    problem = model[0]
    space, pool = rooted(problem), pool_of(problem)
    before = [array.copy() for array in space.model]
    arm = arm_of(name, space, pool)
    for _ in range(2):
        if not arm.exhausted:
            arm.run(budget(0.002))
    assert not pool.rejected
    for array, was in zip(space.model, before, strict=True):
        np.testing.assert_array_equal(array, was)


def test_without_an_lp_point_the_guided_arm_waits() -> None:
    problem = general()
    space, pool = Space(problem), pool_of(problem)
    arm = FixPropagateRepair(space, pool, "fix-lp", 0, guided=True)
    assert arm.exhausted and not FixPropagateRepair(space, pool, "fix", 0).exhausted
    space.root = np.zeros(problem.n)
    assert not arm.exhausted


def test_sampled_targets_hold_on_packed_rows() -> None:
    problem = read(str(INSTANCES / "mckp-20x6-s0.mps"))
    space, pool = rooted(problem), pool_of(problem)
    arm = SampledChoices(space, pool, "fix-sample", 0, guided=True)
    assert not arm.exhausted
    targets = [next(arm._plans) for _ in range(8)]
    classes = problem.A[:20]  # the rows that choose one option of each class
    for order, target, _ in targets:
        np.testing.assert_array_equal(classes @ target, np.ones(20))
        assert (target[order[:20]] == 1).all() and sorted(order) == list(range(problem.n))
    assert len({target.tobytes() for _, target, _ in targets}) > 1
    for _ in range(20):
        arm.run(budget(0.01))
    assert pool.best is not None


def test_sampling_needs_packed_rows() -> None:
    space = rooted(general())
    assert SampledChoices(space, pool_of(space.problem), "fix-sample", 0, guided=True).exhausted


def test_without_integer_columns_there_is_nothing_to_fix() -> None:
    problem = from_arrays([1], [[1]], [1], [2], [0], [3], [False])
    space, pool = rooted(problem), pool_of(problem)
    assert FixPropagateRepair(space, pool, "fix", 0).exhausted and Dive(space, pool, 0).exhausted


# -- fixing and propagation --


def test_rounding_leaves_the_bounds_and_counts_conflicts() -> None:
    problem = from_arrays([0, 0], [[1, 1], [1, -1]], [1, 0], [1, 0], [0, 0], [1, 1], [True, True])
    work = FixPropagate(Space(problem), pool_of(problem), "fix", 0)
    bounds = work.domain.lb.copy(), work.domain.ub.copy()
    fixed = work.round(at_random(Space(problem).model, 0), np.zeros(2), 0.5, 5, budget(1.0))
    assert fixed.conflict and not fixed.holds and work.conflicts.sum() > 0
    np.testing.assert_array_equal((work.domain.lb, work.domain.ub), bounds)


def test_an_lp_that_was_cut_off_is_tried_again_and_one_that_ended_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = general()
    calls: list[Vector] = []

    class Slow:
        iterations = 0

        def __init__(self, problem: Problem) -> None: ...

        def __call__(self, x: Vector, limits: object) -> None:
            calls.append(x)
            slices[-1].spend(10**9 if len(calls) == 1 else 0)

    monkeypatch.setattr(fixer, "Completion", Slow)
    work, slices = FixPropagate(Space(problem), pool_of(problem), "fix", 0), [budget(1.0)]
    x = np.array([1.0, 90, 0, 0])
    assert not work.offer(x, False, slices[-1]) and len(calls) == 1
    slices.append(budget(1.0))
    assert not work.resume(slices[-1]) and len(calls) == 2  # the LP has ended
    assert not work.resume(slices[-1]) and not work.offer(x, False, slices[-1]) and len(calls) == 2


def test_without_an_objective_there_is_nothing_left_after_a_solution() -> None:
    problem = from_arrays([0, 0], [[1, 1]], [1], [2], [0, 0], [5, 5], [True, True])
    space, pool = rooted(problem), pool_of(problem)
    assert not FixPropagateRepair(space, pool, "fix", 0).exhausted
    assert pool.offer(np.array([1.0, 1.0]), "given")
    assert (
        FixPropagateRepair(space, pool, "fix", 0).exhausted
        and FixPropagateRepair(space, pool, "fix-lp", 0, guided=True).exhausted
    )
    work = FixPropagate(space, pool, "fix", 0)
    assert work.round(at_random(space.model, 0), np.zeros(2), 0.5, 5, budget(1.0)).holds


def test_below_an_incumbent_a_fixing_that_costs_more_is_a_conflict() -> None:
    problem = from_arrays([1, 1], [[1, 1]], [1], [2], [0, 0], [5, 5], [True, True])
    pool = pool_of(problem)
    work = FixPropagate(Space(problem), pool, "fix", 0)
    order, dear = at_random(Space(problem).model, 0), np.array([2.0, 0.0])
    assert work.round(order, dear, 0.5, 5, budget(1.0)).holds
    assert pool.offer(np.array([1.0, 1.0]), "given")
    fixed = work.round(order, dear, 0.5, 5, budget(1.0))
    assert fixed.holds and fixed.x.sum() == 1  # because the objective's row propagates
    assert pool.offer(fixed.x, "fix")
    assert not work.round(order, dear, 0.5, 5, budget(1.0)).holds  # nothing costs less than 1


# -- targets --


@given(model=feasible_models(), seed=st.integers(0, 99))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_targets_are_bounds_and_orders_are_permutations(model: tuple[Problem, Vector], seed: int) -> None:
    problem, x = model
    space, rng = Space(problem), np.random.default_rng(seed)
    lb, ub = space.model.lb, space.model.ub
    for order, name in (*FREE_PLANS, *GUIDED_PLANS):
        if (order, name) in FREE_PLANS:
            target = targets.bounds_target(name, space.model, lb, ub, rng)
            assert np.isfinite(target).all()
            assert ((target == lb) | (target == ub) | (np.isinf(lb) & np.isinf(ub) & (target == 0))).all()
        else:
            target = targets.root_target(name, space.model, x)
            np.testing.assert_array_equal(target, x)  # an integral point stays as it is
        columns = targets.ORDERS[order](space.model, target, rng)
        assert sorted(columns) == np.flatnonzero(problem.integer).tolist()


def test_targets_on_a_covering_row() -> None:
    problem = from_arrays([1, -1, 0], [[1, 1, 1]], [1], [INF], [0] * 3, [1] * 3, [True] * 3)
    model, rng = Space(problem).model, np.random.default_rng(0)

    def target(name: str) -> list[float]:
        return targets.bounds_target(name, model, model.lb, model.ub, rng).tolist()  # type: ignore[no-any-return]

    assert target("loose") == [1, 1, 1] and target("low") == [0, 0, 0] and target("high") == [1, 1, 1]
    assert target("cheap") == [0, 1, 1] and target("dear") == [1, 0, 0]
    assert targets.root_target("loose root", model, np.array([0.1, 1.0, 0.0])).tolist() == [1, 1, 0]
    assert [side.tolist() for side in targets.locks(model)] == [[1, 1, 1], [0, 0, 0]]


# -- the dive --


def test_a_dive_improves_below_the_incumbent_and_goes_through_its_rules() -> None:
    problem = diffpump.read(INSTANCES / "gap-3x8-s0.mps")
    space, pool = rooted(problem), pool_of(problem)
    FixPropagateRepair(space, pool, "fix", 0).run(budget(0.01))
    before, dive = pool.value, Dive(space, pool, 0)
    for _ in range(40):
        dive.run(budget(0.02))
    pool.prove_waiting()
    assert pool.best is not None and pool.value < before < np.inf and pool.best.incumbent.arm == "dive"
    assert dive._dives >= len(RULES)


def test_a_dive_without_a_root_solves_it_and_one_without_an_lp_point_ends() -> None:
    problem = general()
    space, pool = Space(problem), pool_of(problem)
    Dive(space, pool, 0).run(budget(0.1))
    assert space.root is not None and space.basis is not None
    assert space.bound == pytest.approx(float(problem.c @ space.root))
    infeasible = from_arrays([0, 0], [[2, 2]], [5], [5], [0, 0], [1, 1], [True, True])
    dive = Dive(Space(infeasible), pool_of(infeasible), 0)
    dive.run(budget(0.1))
    assert dive.exhausted


def test_a_dive_without_a_bounded_lp_looks_for_any_point() -> None:
    problem = from_arrays([-1, 0], [[1, -1]], [-INF], [0], [0, 0], [INF, INF], [True, True])
    pool = pool_of(problem)
    Dive(Space(problem), pool, 0).run(budget(0.1))
    assert pool.best is not None
