"""The pump as an arm: pumps that follow one another, and the one on the model as it is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from diffpump.config.pump import ENGINE
from diffpump.core.arrays import Vector
from diffpump.core.limits import Clock
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.verifier import Verifier
from diffpump.pump import Pump
from diffpump.search.arm import Slice
from diffpump.search.arms import pump as module
from diffpump.search.arms.pump import PumpArm
from diffpump.search.pool import Pool
from diffpump.search.space import Space

pytest.importorskip("numba", reason="the kernels extra is not installed")
ORDERS = (("search", "perturbation", "flip"), ("flip", "search", "perturbation"))


def parity(n: int = 30) -> Problem:
    """2 (x_1 + ... + x_n) = n + 1 - n % 2, which no integers are, and every LP point rounds to a near one."""
    odd = float(n + 1 - n % 2)
    return from_arrays(
        np.zeros(n), np.full((1, n), 2.0), [odd], [odd], np.zeros(n), np.ones(n), np.ones(n, bool)
    )


def easy() -> Problem:
    """x_1 + ... + x_n >= n / 2."""
    return from_arrays(np.ones(9), np.ones((1, 9)), [4.5], [9], np.zeros(9), np.ones(9), np.ones(9, bool))


def arm_of(problem: Problem, own: bool = False, root: Vector | None = None) -> tuple[PumpArm, Pool]:
    pool = Pool(problem, Verifier(problem), Clock(), time.monotonic, lambda incumbent, x: None)
    return PumpArm(Space(problem, root=root), pool, "pump", ENGINE, 7, Clock(), own), pool


@pytest.fixture
def pumps(monkeypatch: pytest.MonkeyPatch) -> list[Pump]:
    """Every pump that begins."""
    begun: list[Pump] = []

    def begin(*args: object, **kwargs: object) -> Pump:
        begun.append(Pump(*args, **kwargs))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr(module, "Pump", begin)
    monkeypatch.setattr(module, "PATIENCE", 3)
    return begun


def test_pumps_take_turns_with_the_order_and_have_more_and_more_patience(pumps: list[Pump]) -> None:
    arm, pool = arm_of(parity(), root=np.full(30, 31 / 60))
    while len(pumps) < 6 and not arm.exhausted:
        arm.run(Slice(0.1, Clock(), counted=True))
    assert pool.best is None and not arm.exhausted
    assert [tuple(spec.name for spec in pump.config.restarts) for pump in pumps[:6]] == [*ORDERS] * 3
    assert [pump.config.max_iter for pump in pumps[:6]] == [3, 3, 6, 6, 12, 12]
    assert [pump.seed for pump in pumps[:6]] == [7, 8, 9, 10, 11, 12]


def test_a_solution_ends_the_slice(pumps: list[Pump]) -> None:
    arm, pool = arm_of(easy(), root=np.full(9, 0.5))
    arm.run(Slice(60.0, Clock()))
    assert pool.best is not None and pool.value == 5 and len(pumps) == 1


def test_on_the_model_as_it_is_the_arm_solves_the_root_lp() -> None:
    waiting, _ = arm_of(easy())
    assert waiting.exhausted
    arm, pool = arm_of(easy(), own=True)
    assert not arm.exhausted
    arm.run(Slice(60.0, Clock()))
    assert pool.value == 5


def test_and_leaves_off_where_one_slice_is_not_enough_for_that() -> None:
    arm, pool = arm_of(parity(), own=True)
    arm.run(Slice(0.0, Clock()))
    assert arm.exhausted and pool.best is None
