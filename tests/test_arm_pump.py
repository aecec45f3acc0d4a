"""The pump as an arm: sequences of pumps, and the arm on the original model."""

from __future__ import annotations

import numpy as np
import pytest

from diffpump.core.arrays import Vector
from diffpump.core.limits import LpLimits, RunLimits
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.pump import Pump
from diffpump.search.arms import pump as module
from diffpump.search.arms.pump import PumpArm
from diffpump.search.budget import Budget
from diffpump.search.context import RunContext
from diffpump.search.lp_process import solve_root_lp
from diffpump.search.pool import Pool
from diffpump.search.space import Space, Spaces

pytest.importorskip("numba", reason="the kernels extra is not installed")
ORDERS = (("search", "perturbation", "flip"), ("flip", "search", "perturbation"))


def parity(n: int = 30) -> Problem:
    """2 (x_1 + ... + x_n) = n + 1 - n % 2, which no integers satisfy.

    Every LP point rounds to a point nearby.
    """
    odd = float(n + 1 - n % 2)
    return from_arrays(
        np.zeros(n), np.full((1, n), 2.0), [odd], [odd], np.zeros(n), np.ones(n), np.ones(n, bool)
    )


def easy() -> Problem:
    """x_1 + ... + x_n >= n / 2."""
    return from_arrays(np.ones(9), np.ones((1, 9)), [4.5], [9], np.zeros(9), np.ones(9), np.ones(9, bool))


def arm_of(problem: Problem, original: bool = False, root: Vector | None = None) -> tuple[PumpArm, Pool]:
    pool = Pool(RunSetup(problem))
    space, other = Space(problem, root=root), Space(problem)
    spaces = Spaces(space, other) if original else Spaces(other, space)
    name = "raw-pump" if original else "pump"  # raw-pump does not wait for the root LP
    context = RunContext(problem, pool, spaces, 7 if original else 6, RunLimits())
    assert context.seed_of(name) == 7
    return PumpArm(context, name), pool


@pytest.fixture
def pumps(monkeypatch: pytest.MonkeyPatch) -> list[Pump]:
    """Return the list of all pumps that the arm begins, with a patience of 3 iterations."""
    begun: list[Pump] = []

    def begin(*args: object, **kwargs: object) -> Pump:
        begun.append(Pump(*args, **kwargs))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr("diffpump.pump.Pump", begin)
    monkeypatch.setattr(module, "PATIENCE", 3)
    return begun


def test_pumps_take_turns_with_the_order_and_have_more_and_more_patience(pumps: list[Pump]) -> None:
    arm, pool = arm_of(parity(), root=np.full(30, 31 / 60))
    while len(pumps) < 6 and not arm.exhausted:
        arm.run(Budget(0.1, RunLimits(), deterministic=True))
    assert pool.best is None and not arm.exhausted
    assert [tuple(spec.name for spec in pump.config.restarts) for pump in pumps[:6]] == [*ORDERS] * 3
    assert [pump.config.max_iter for pump in pumps[:6]] == [3, 3, 6, 6, 12, 12]
    assert [pump.seed for pump in pumps[:6]] == [7, 8, 9, 10, 11, 12]


def test_a_solution_ends_the_slice(pumps: list[Pump]) -> None:
    arm, pool = arm_of(easy(), root=np.full(9, 0.5))
    arm.run(Budget(60.0, RunLimits()))
    assert pool.best is not None and pool.value == 5 and len(pumps) == 1


def test_on_the_model_as_it_is_the_arm_solves_the_root_lp() -> None:
    waiting, _ = arm_of(easy())
    assert waiting.exhausted
    arm, pool = arm_of(easy(), original=True)
    assert not arm.exhausted
    arm.run(Budget(60.0, RunLimits()))
    assert pool.value == 5


def test_and_leaves_off_where_one_slice_is_not_enough_for_that() -> None:
    arm, pool = arm_of(parity(), original=True)
    arm.run(Budget(0.0, RunLimits()))
    assert arm.exhausted and pool.best is None


def cover(n: int = 9) -> Problem:
    """Minimise x_1 + 2 x_2 + ... + n x_n with x_1 + ... + x_n >= n / 2 and x_1 + x_2 <= 1."""
    rows = np.vstack([np.ones((1, n)), np.eye(n)[:2].sum(0, keepdims=True)])
    return from_arrays(
        np.arange(1.0, n + 1), rows, [n / 2, 0], [n, 1], np.zeros(n), np.ones(n), np.ones(n, bool)
    )


def test_a_pump_goes_on_after_a_solution_with_a_share_of_the_gap(pumps: list[Pump]) -> None:
    problem = cover()
    arm, pool = arm_of(problem, root=np.full(9, 0.5))
    space = arm._space
    space.bound = 15.0
    assert pool.offer(np.ones(9) - np.eye(9)[0], "another")
    arm.run(Budget(60.0, RunLimits()))
    assert len(pumps) == 1 and pumps[0].has_cutoff
    value = pool.value
    assert value < 44 - 0.3 * (44 - 15) + 1e-6  # the first pump was asked for this
    arm.run(Budget(60.0, RunLimits()))
    assert pumps[0].config.max_iter > 3  # it had as many iterations again
    assert pool.value <= value


def test_a_pump_without_success_is_followed_by_one_that_asks_for_half() -> None:
    arm, pool = arm_of(cover(), root=np.full(9, 0.5))
    arm._space.bound = 0.0
    assert pool.offer(np.r_[1.0, 0, 1, 1, 1, 1, np.zeros(3)], "another")  # 19, near the optimum
    arm.run(Budget(0.05, RunLimits(), deterministic=True))
    assert arm._share < 0.3 and pool.value <= 19


def test_the_early_turn_needs_a_basis_and_a_cheap_root() -> None:
    arm, _ = arm_of(cover(), root=np.full(9, 0.5))
    assert not arm.due
    outcome = solve_root_lp(cover(), "simplex", LpLimits())
    arm._space.keep_root(outcome)
    assert arm.due
    arm._space.root_iterations = 10**6
    assert not arm.due
