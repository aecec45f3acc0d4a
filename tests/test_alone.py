"""The pump alone on the presolved model: what it finds and claims is about the original one."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import diffpump
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays
from diffpump.search import alone

INSTANCES = Path(__file__).parent.parent / "instances"


LOTSIZING = INSTANCES / "lotsizing-2x12-s0.mps"  # presolve removes 4 of its 72 columns and moves the offset


def test_a_solution_of_the_presolved_model_solves_the_original_one() -> None:
    sizes = set[int]()
    result = diffpump.solve(
        LOTSIZING, "DP4", presolve="on", observers=[lambda state: sizes.add(state.x_lp.size)]
    )
    assert sizes == {68} and result.problem.n == 72
    assert result.found and result.x is not None and result.x.size == 72 and result.proof is not None
    assert result.objective == pytest.approx(result.problem.value(result.x))


def test_presolve_alone_may_solve_the_model() -> None:
    """Presolve reduces x + y = 2 on binaries to nothing."""
    model = from_arrays([1, 1], [[1, 1]], [2], [2], [0, 0], [1, 1], [True, True])
    result = diffpump.solve(model, "FP", presolve="on")
    assert result.found and result.x is not None and result.x.tolist() == [1, 1]


def test_infeasibility_is_proven_on_the_original_model() -> None:
    rows = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
    model = from_arrays([1] * 3, rows, [2.5, -np.inf], [np.inf, 2], [0] * 3, [1] * 3, [True] * 3)
    result = diffpump.solve(model, "FP", presolve="on")
    assert result.status is Status.INFEASIBLE and result.certificate is not None


def test_an_unbounded_relaxation_is_one_of_the_original_model() -> None:
    model = from_arrays([-1, 0], [[1, -1]], [-np.inf], [0], [0, 0], [np.inf, np.inf], [False, True])
    result = diffpump.solve(model, "FP", presolve="on")
    assert result.status is Status.UNBOUNDED and result.certificate is not None


def test_a_cutoff_is_one_of_the_original_objective() -> None:
    """The presolved model has another offset."""
    bound = diffpump.solve(LOTSIZING, time_limit=1, until="first").bound
    assert bound is not None
    below = diffpump.solve(LOTSIZING, "DP4", presolve="on", cutoff=0.99 * bound)
    assert below.status is Status.EXHAUSTED and below.pump is not None and below.pump.iterations == 0
    free = diffpump.solve(LOTSIZING, "DP4", presolve="on")
    assert free.objective is not None
    above = diffpump.solve(LOTSIZING, "DP4", presolve="on", cutoff=1.01 * free.objective)
    assert above.objective is not None and above.objective <= 1.01 * free.objective


def test_a_polished_solution_is_better_and_proven() -> None:
    """1-opt removes sets from a cover, and the proof is that of the better point."""
    path = INSTANCES / "setcover-200x60-s0.mps"
    rough, fine = diffpump.solve(path, "DP2"), diffpump.solve(path, "DP2", polish="on")
    assert rough.objective is not None and fine.objective is not None and fine.x is not None
    assert fine.objective < rough.objective
    assert fine.objective == pytest.approx(fine.problem.value(fine.x)) and fine.exactly_feasible


def test_a_long_presolve_leaves_time_for_the_pump(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS's presolve takes more than a minute on some models (eilA101-2)."""

    def endless(problem: Problem, limits: LpLimits) -> None:
        assert limits.seconds is not None
        time.sleep(limits.seconds)

    monkeypatch.setattr(alone, "presolve", endless)
    result = diffpump.solve(LOTSIZING, "DP4", presolve="on", time_limit=4)
    assert result.found and 0.9 < result.seconds["total"] < 4
