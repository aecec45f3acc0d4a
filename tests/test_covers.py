"""Minimal cover cuts: valid for every integer point, violated by the LP's, and used by the pump alone."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import diffpump
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.knapsack.covers import with_covers

INSTANCES = Path(__file__).parent.parent / "instances"


def never() -> bool:
    return False


def relaxed(problem: Problem) -> np.ndarray:
    """Return the optimum of the LP relaxation."""
    A = problem.A.toarray()
    finite_hi, finite_lo = np.isfinite(problem.row_hi), np.isfinite(problem.row_lo)
    found = linprog(
        problem.c, A_ub=np.concatenate((A[finite_hi], -A[finite_lo])),
        b_ub=np.concatenate((problem.row_hi[finite_hi], -problem.row_lo[finite_lo])),
        bounds=np.stack((problem.lb, problem.ub), axis=1),
    )  # fmt: skip
    return np.asarray(found.x)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_cuts_hold_for_integer_points_and_cut_the_lp_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(2, 9)), int(rng.integers(1, 4))
    A = rng.integers(-9, 10, (m, n)).astype(float) / rng.choice([1.0, 8.0, 10.0])
    low, high = np.where(A < 0, A, 0).sum(axis=1), np.where(A > 0, A, 0).sum(axis=1)
    side = low + (high - low) * rng.random(m)
    lower = rng.random(m) < 0.5
    problem = from_arrays(
        rng.normal(size=n), A, np.where(lower, side, -np.inf), np.where(lower, np.inf, side), np.zeros(n),
        np.ones(n), np.ones(n, bool),
    )  # fmt: skip
    x = relaxed(problem)
    if x.ndim == 0:  # there is no point
        return
    strengthened = with_covers(problem, x, never)
    new = strengthened.A[m:].toarray()
    assert (strengthened.row_hi[m:] < new @ x - 1e-4).all()
    for y in itertools.product((0.0, 1.0), repeat=n):
        activity = A @ y
        if (activity >= problem.row_lo - 1e-9).all() and (activity <= problem.row_hi + 1e-9).all():
            assert (new @ y <= strengthened.row_hi[m:] + 1e-9).all()


def test_a_cover_of_a_knapsack() -> None:
    """3 a + 3 b + 3 c <= 7 has the LP point (1, 1, 1/3); of a, b and c two fit."""
    problem = from_arrays([-3, -2, -1], [[3, 3, 3]], [-np.inf], [7], [0] * 3, [1] * 3, [True] * 3)
    strengthened = with_covers(problem, np.array([1, 1, 1 / 3]), never)
    assert strengthened.A[[1]].toarray().tolist() == [[1, 1, 1]] and strengthened.row_hi[1] == 2
    assert strengthened.row_names[1] == "cover_0" and strengthened.m == 2
    assert with_covers(problem, np.array([1.0, 1.0, 0.0]), never) is problem
    assert with_covers(problem, np.array([1, 1, 1 / 3]), lambda: True) is problem


def test_the_bound_of_an_instance_rises() -> None:
    problem = read(str(INSTANCES / "gap-5x25-s0.mps"))
    x = relaxed(problem)
    strengthened = with_covers(problem, x, never)
    assert strengthened.m > problem.m
    assert strengthened.c @ relaxed(strengthened) > problem.c @ x + 1e-6


@pytest.mark.parametrize("presolve", ["off", "on"])
def test_the_pump_solves_the_original_model(presolve: str) -> None:
    model = str(INSTANCES / "gap-5x25-s1.mps")
    result = diffpump.solve(model, "DP4", cuts="cover", presolve=presolve)
    assert result.found and result.x is not None and result.x.size == read(model).n
    assert result.config["cuts"] == "cover"


def test_what_the_cuts_prove_is_no_claim_about_the_model() -> None:
    """With its cover the LP is infeasible, without it is not; the run goes on with the model as it is."""
    A = [[3, 3, 3], [1, 1, 1]]
    problem = from_arrays([-3, -2, -1], A, [-np.inf, 2.2], [7, np.inf], [0] * 3, [1] * 3, [True] * 3)
    result = diffpump.solve(problem, "FP", cuts="cover", max_iter=5)
    assert not result.found and result.status is not diffpump.Status.INFEASIBLE
