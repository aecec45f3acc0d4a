"""The knapsack's exact methods against enumeration, against each other and against HiGHS."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from diffpump.core.errors import UsageError
from diffpump.families.pisinger import CLASSES, knapsack
from diffpump.knapsack import exact, solve
from diffpump.knapsack.exact import METHODS, Choice

EXACT = ("auto", *(name for name in METHODS if name != "fptas"))
Integers = NDArray[np.int64]


def check(found: Choice, p: Integers, w: Integers, capacity: int) -> None:
    """Assert that the items are a choice of the claimed value within the capacity."""
    assert sorted(set(found.items.tolist())) == found.items.tolist()
    assert sum(int(p[j]) for j in found.items) == found.value <= found.bound
    assert sum(int(w[j]) for j in found.items) <= capacity


@given(st.integers(0, 2**32 - 1), st.integers(1, 10), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_enumeration(seed: int, n: int, largest: int) -> None:
    """Zero profits and weights, negative profits, and items that never fit are among the items."""
    rng = np.random.default_rng(seed)
    p, w = rng.integers(-2, largest, n), rng.integers(0, largest, n)
    capacity = int(rng.integers(0, w.sum() + 3))
    every = np.array(list(itertools.product((0, 1), repeat=n)))
    best = int((every @ p)[every @ w <= capacity].max())
    for method in EXACT:
        found = solve(p, w, capacity, method)
        check(found, p, w, capacity)
        assert found.value == best and found.optimal and found.ratio == 1
    for eps in (0.5, 0.1, 0.01):
        found = solve(p, w, capacity, "fptas", eps)
        check(found, p, w, capacity)
        assert (1 - Fraction(eps)) * best <= found.value <= best <= found.bound
        assert found.ratio >= 1 - Fraction(eps)


@pytest.mark.parametrize("kind", range(1, CLASSES + 1))
@pytest.mark.parametrize("n", [60, 300])
def test_all_methods_agree(kind: int, n: int) -> None:
    p, w = knapsack(kind, n, kind, 200)
    capacity = int(w.sum()) // 3
    values = set()
    for method in EXACT:
        found = solve(p, w, capacity, method)
        check(found, p, w, capacity)
        assert found.optimal
        values.add(found.value)
    assert len(values) == 1
    for eps in (0.3, 0.02):
        close = solve(p, w, capacity, "fptas", eps)
        check(close, p, w, capacity)
        assert close.value >= (1 - Fraction(eps)) * values.copy().pop()


@pytest.mark.parametrize("kind", [1, 2, 7])
def test_highs_agrees(kind: int) -> None:
    p, w = knapsack(5, 40, kind, 100)
    capacity = int(w.sum()) // 2
    found = milp(
        -p.astype(float), constraints=LinearConstraint(w[None].astype(float), ub=capacity),
        integrality=np.ones(40), bounds=Bounds(0, 1),
    )  # fmt: skip
    assert solve(p, w, capacity).value == round(-found.fun)


@pytest.mark.parametrize("kind", range(1, CLASSES + 1))
def test_ten_thousand_items(kind: int) -> None:
    p, w = knapsack(0, 10_000, kind, 1000)
    capacity = int(w.sum()) // 2
    found = solve(p, w, capacity)
    check(found, p, w, capacity)
    assert found.optimal and found.method == "core"


def test_rationals_are_exact() -> None:
    third = Fraction(1, 3)
    found = solve([third, third, 1], [third, 2 * third, 0.5], 1)
    assert (found.value, found.items.tolist(), found.bound) == (Fraction(4, 3), [0, 2], Fraction(4, 3))
    # In float64, 0.1 + 0.2 is more than 0.3.
    assert solve([1, 1], [0.1, 0.2], 0.3).value == 1
    assert solve([1, 1], [Fraction(1, 10), Fraction(2, 10)], Fraction(3, 10)).value == 2


def test_numpys_numbers_are_numbers() -> None:
    found = solve(
        np.array([1, 2, 3], np.uint8), np.ones(3, np.float32), np.array(1.0), "fptas", np.float32(0.25)
    )
    assert found.value == 3 and found.optimal


def test_auto_falls_back_to_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    p, w = knapsack(0, 400, 3, 100)
    capacity = int(w.sum()) // 3
    best = solve(p, w, capacity)
    monkeypatch.setattr(exact, "FIRST_STATES", 4)
    monkeypatch.setattr(exact, "MAX_STATES", 4)
    monkeypatch.setattr(exact, "most_by_cardinality", lambda p, w, capacity, known: capacity * 10**6)
    light = solve(p, w, capacity)
    factor = 1_000_003
    heavy = solve(p, w * factor + (np.arange(w.size) == 0), capacity * factor + 1)
    assert (best.method, light.method, heavy.method) == ("core", "weights", "profits")
    assert best.value == light.value == heavy.value


def test_what_no_memory_suffices_for_has_a_bracket(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice is then the core's best one, with a proven bound, and not called optimal."""
    p, w = knapsack(0, 400, 2, 1_000_000)
    capacity = int(w.sum()) // 3
    best = solve(p, w, capacity)
    monkeypatch.setattr(exact, "FIRST_STATES", 4)
    monkeypatch.setattr(exact, "MAX_STATES", 4)
    cut_off = solve(p, w, capacity)
    check(cut_off, p, w, capacity)
    assert best.optimal and not cut_off.optimal and cut_off.method == "core"
    assert cut_off.value <= best.value <= cut_off.bound and cut_off.ratio > Fraction(99, 100)


@pytest.mark.parametrize("kind", range(3, CLASSES + 1))
@pytest.mark.parametrize("seed", range(2))
def test_hard_classes_with_large_weights(kind: int, seed: int) -> None:
    """Neither table has the memory for these; a completed state finds the optimum that a bound proves."""
    p, w = knapsack(seed, 1000, kind, 1_000_000)
    capacity = int(w.sum()) // 2
    found = solve(p, w, capacity)
    check(found, p, w, capacity)
    assert found.optimal and found.method == "core"


@given(st.integers(0, 2**32 - 1), st.integers(2, 10), st.integers(1, CLASSES))
@settings(max_examples=150, deadline=None)
def test_the_bound_by_cardinality_is_a_bound(seed: int, n: int, kind: int) -> None:
    rng = np.random.default_rng(seed)
    p, w = knapsack(seed % 1000, n, kind, 50)
    capacity = int(rng.integers(w.max(), max(w.max() + 1, w.sum())))
    every = np.array(list(itertools.product((0, 1), repeat=n)))
    profits = (every @ p)[every @ w <= capacity]
    for known in (int(p.max()), int(rng.choice(profits)), int(profits.max())):
        bound = exact.most_by_cardinality(p, w, capacity, known)
        assert max(known, int(profits.max())) <= bound <= max(known, exact.dantzig(p, w, capacity))


def test_near_ties_are_sorted_exactly() -> None:
    """The efficiencies differ by less than float64 can tell."""
    big = 10**9
    p, w = np.array([big - 1, big, big + 1]), np.array([big, big + 1, big + 2])
    assert exact._sorted(p, w, big + 5).order.tolist() == [2, 1, 0]
    assert solve(p, w, big + 1).value == big


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_dantzigs_bound_is_the_linear_relaxations(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    p, w = rng.integers(0, 20, n), rng.integers(0, 20, n)
    capacity = int(rng.integers(0, w.sum() + 2))
    found = linprog(-p, A_ub=[w], b_ub=[capacity], bounds=(0, 1))
    assert exact.dantzig(p, w, capacity) == int(np.floor(-found.fun + 1e-9))


def test_nothing_to_choose() -> None:
    for p, w, capacity in (([], [], 3), ([5], [4], 3), ([-1, 0], [1, 0], 3)):
        found = solve(p, w, capacity)
        assert found.value == 0 and found.optimal and found.items.size == 0
    assert solve([3, 4], [1, 0], 0).items.tolist() == [1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1], [1], 1, "guess"), "method must be one of auto, core"),
        (([1], [1], 1, "fptas"), "needs eps"),
        (([1], [1], 1, "fptas", 1.5), "needs eps"),
        (([1], [1], 1, "core", 0.5), "take none"),
        (([1, 2], [1], 1), "2 profits and 1 weights"),
        (([1], [-1], 1), ">= 0"),
        (([1], [1], -1), ">= 0"),
        (([1], [float("nan")], 1), "finite"),
        (([1], [float("inf")], 1), "finite"),
        (([[1]], [1], 1), "vector"),
        (([1, 2], [[1, 2]], 1), "weights must be a vector"),
        (([1, 2], [1, 1], 1, "fptas", "a"), "needs eps"),
        (([1, 2], [1, 1], 1, "fptas", [0.5]), "needs eps"),
        (([2**40 + 1, 2**40, 2**40 + 3], [2**40, 2**40 - 1, 2**40 + 1], 2**41), "GiB"),
        (([2**62, 1], [1, 1], 1), "profits have too many digits"),
        (([2**40, 1], [2**40, 1], 2**40, "core"), "too large for the core"),
        (([2**52 + 1, *[2**52] * 3], [1] * 4, 2, "weights"), "table over weights"),
        (([2**40 + 1, *[2**40] * 3], [1] * 4, 2, "profits"), "GiB"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[object, ...], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        solve(*arguments)  # type: ignore[arg-type]
