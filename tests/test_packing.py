"""Rows that are choices of subsets are found in every form, packed disjointly, and hold in every choice."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import diffpump
from diffpump.core.arrays import Vector
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Spec
from diffpump.core.tolerances import FEASIBILITY_TOL
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.knapsack.packed import packed
from diffpump.knapsack.rows import KINDS, detect, pack
from diffpump.operators.losses import LOSSES, Point
from diffpump.operators.restarts import RESTARTS, StallContext
from diffpump.operators.roundings import ROUNDINGS

INF = np.inf


def row(coefficients: list[float], lo: float, hi: float, ub: list[float] | None = None) -> Problem:
    """Return a model of one row over binaries, with other upper bounds if given."""
    n = len(coefficients)
    return from_arrays([0] * n, [coefficients], [lo], [hi], [0] * n, ub or [1] * n, [True] * n)


@pytest.mark.parametrize(
    ("problem", "kind", "weights", "capacity", "exact"),
    [
        (row([1, 1, 1], 1, 1), "one-of", [1, 1, 1], 1, True),
        (row([2.5, 2.5, 2.5], 2.5, 2.5), "one-of", [1, 1, 1], 1, True),
        (row([-1, -1, -1], -INF, -2), "packing", [1, 1, 1], 1, False),  # at least two: one may be missing
        (row([1, -1, 1], 0, 0), "one-of", [1, 1, 1], 1, True),  # x0 + (1 - x1) + x2 = 1
        (row([1, 1, 1], -INF, 1), "packing", [1, 1, 1], 1, False),
        (row([1, 1, 1], 2, 2), "cardinality", [1, 1, 1], 2, True),
        (row([1, 1, 1, 1], -INF, 2), "cardinality", [1, 1, 1, 1], 2, False),
        (row([1, 1, 1], -INF, 2), "covering", [1, 1, 1], 2, False),
        (row([1, 1, 1], 1, INF), "covering", [1, 1, 1], 2, False),  # 1 - x: at most two are missing
        (row([3, 5, 4], -INF, 8), "knapsack", [3, 5, 4], 8, False),
        (row([30, 50, 40], -INF, 85), "knapsack", [3, 5, 4], 8, False),
        (row([0.3, 0.5, 0.4], -INF, 0.8), "knapsack", [375, 625, 500], 1000, False),
        (row([3, 5, 4], 7, 7), "knapsack", [3, 5, 4], 7, True),
        (row([1, 1, 1, 5], -INF, 1, [1, 1, 1, 0]), "packing", [1, 1, 1], 1, False),  # a fixed column
        (row([3, 9, 2], -INF, 4), "knapsack", [3, 5, 2], 4, False),  # one that never fits
    ],
)
def test_kinds(problem: Problem, kind: str, weights: list[int], capacity: int, exact: bool) -> None:
    rows = detect(problem)
    assert [KINDS[k] for k in rows.kind] == [kind]
    assert rows.weights.tolist() == weights
    assert rows.capacity.tolist() == [capacity] and rows.exact.tolist() == [exact]


@pytest.mark.parametrize(
    "problem",
    [
        row([1, 1, 1], -INF, 3),  # always holds
        row([1, 1, 1], -INF, -1),  # never holds
        row([1, 1, 1], -INF, INF),
        row([1, 1, 2], -INF, 2, [1, 1, 4]),  # a general integer
        row([np.pi, np.e, 1.1], 3.7, 3.7),  # an equality with real coefficients
        row([1, 1], 1, 1, [1, 0]),  # one free column
        row([3, 5], 7, 7),  # no choice has this weight
        row([12, -8], -5, -5),  # nor this one, which is no multiple of 4
        from_arrays([0, 0], [[1, 1]], [-INF], [1], [0, 0], [1, 1], [True, False]),
    ],
)
def test_other_rows_are_left_out(problem: Problem) -> None:
    assert packed(problem).columns.size == 0


def test_a_row_with_two_sides_counts_twice_and_is_packed_once() -> None:
    rows = detect(row([1, 1, 1, 1], 2, 3))
    assert rows.row.tolist() == [0, 0]
    assert pack(rows, 4).row.tolist() == [0]


@st.composite
def models(draw: st.DrawFn) -> tuple[Problem, np.random.Generator]:
    """Draw a model of rows of every kind, with complements, real weights and fixed columns."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = int(rng.integers(2, 12)), int(rng.integers(1, 6))
    A = np.zeros((m, n))
    lo, hi = np.full(m, -INF), np.full(m, INF)
    for i in range(m):
        columns = rng.permutation(n)[: rng.integers(2, n + 1)]
        size = (
            rng.integers(1, 20, columns.size) if rng.random() < 0.6 else rng.uniform(0.1, 9.0, columns.size)
        )
        A[i, columns] = (size if rng.random() < 0.5 else 1.0) * rng.choice([-1.0, 1.0], columns.size)
        side = float(A[i] @ rng.integers(0, 2, n))
        which = rng.integers(3)
        lo[i], hi[i] = (side if which != 0 else -INF), (side if which != 1 else INF)
    lb = (rng.random(n) < 0.1).astype(float)
    ub = np.maximum(lb, (rng.random(n) < 0.9).astype(float))
    return from_arrays(np.zeros(n), A, lo, hi, lb, ub, [True] * n), rng


def hold(problem: Problem, y: Vector) -> bool:
    """Return whether the packed rows hold at y on their columns, and fixed columns elsewhere."""
    x = problem.lb.copy()
    x[packed(problem).columns] = y
    rows = packed(problem).rows
    activity = (problem.A @ x)[rows.row]
    complemented = np.zeros(problem.n, bool)
    complemented[rows.columns] = rows.complemented
    weight = np.bincount(
        np.repeat(np.arange(rows.row.size), rows.lengths),
        rows.weights * np.where(rows.complemented, 1 - y, y), rows.row.size,
    )  # fmt: skip
    slack = np.where(rows.exact, np.abs(weight - rows.capacity), weight - rows.capacity)
    sides = np.maximum(problem.row_lo[rows.row] - activity, activity - problem.row_hi[rows.row])
    single = problem.row_lo[rows.row] == -INF
    single |= (problem.row_hi[rows.row] == INF) | rows.exact
    return bool((slack <= 0).all() and (sides[single] <= FEASIBILITY_TOL).all())


@given(models())
@settings(max_examples=150, deadline=None)
def test_every_choice_satisfies_the_packed_rows(case: tuple[Problem, np.random.Generator]) -> None:
    problem, rng = case
    one = packed(problem)
    assert np.unique(one.columns).size == one.columns.size
    x = np.clip(rng.uniform(-0.3, 1.3, one.columns.size), 0.0, 1.0)
    assert hold(problem, one.nearest(x))
    assert all(hold(problem, one.sample(x, 0.3, rng)) for _ in range(5))


@given(models())
@settings(max_examples=60, deadline=None)
def test_the_nearest_point_and_the_gradients(case: tuple[Problem, np.random.Generator]) -> None:
    problem, rng = case
    one = packed(problem)
    k = one.columns.size
    if not 0 < k <= 10:
        return
    x, z, g, h = rng.random(k), rng.normal(size=k), 0.3, 1e-6
    every = [np.array(y) for y in itertools.product([0.0, 1.0], repeat=k)]
    rows = one.rows
    chosen = np.where(rows.complemented, 1 - np.array(every), every)
    weight = np.add.reduceat(rows.weights * chosen, rows.start[:-1], axis=1)
    fits = np.where(rows.exact, weight == rows.capacity, weight <= rows.capacity).all(axis=1)
    allowed = [y for y, fit in zip(every, fits, strict=True) if fit]
    distance = [np.abs(x - y).sum() for y in allowed]
    assert np.abs(x - one.nearest(x)).sum() == pytest.approx(min(distance), abs=1e-12)
    terms = np.array([(x - 0.5) @ y / g for y in allowed])
    share = np.exp(terms - terms.max()) / np.exp(terms - terms.max()).sum()
    assert one.marginals(x, g) == pytest.approx(share @ np.array(allowed), abs=1e-12)
    smooth = g * (terms.max() + np.log(np.exp(terms - terms.max()).sum()))
    value, gradient = one.loss(x, g)
    assert value == pytest.approx(x.sum() - 2 * smooth, abs=1e-12)
    difference = one.loss(x + h * z, g)[0] - one.loss(x - h * z, g)[0]
    assert gradient @ z == pytest.approx(difference / (2 * h), abs=1e-6)
    product = one.marginals(x + h * z, g) - one.marginals(x - h * z, g)
    assert one.vjp(x, g, z) == pytest.approx(product / (2 * h), abs=1e-6)


def test_samples_of_every_kind_have_the_marginals_as_means() -> None:
    sides = ([1, -INF, 1, 2], [1, 1, INF, 2])
    problem = from_arrays([0] * 13, _blocks(), *sides, [0] * 13, [1] * 13, [True] * 13)
    one, rng = packed(problem), np.random.default_rng(0)
    assert sorted(KINDS[k] for k in one.rows.kind) == ["cardinality", "covering", "one-of", "packing"]
    for g, low, high in ((0.3, 0.0, 1.0), (0.004, 0.0, 0.3), (1.0, 0.0, 1.0)):
        x = rng.uniform(low, high, one.columns.size)
        samples = np.array([one.sample(x, g, rng) for _ in range(4000)])
        assert all(hold(problem, y) for y in samples[:100])
        assert samples.mean(axis=0) == pytest.approx(one.marginals(x, g), abs=0.04)


def _blocks() -> Vector:
    """Return four rows of three, three, three and four ones without common columns."""
    A = np.zeros((4, 13))
    for i, (begin, end) in enumerate(((0, 3), (3, 6), (6, 9), (9, 13))):
        A[i, begin:end] = 1
    return A


STRUCTURED = {"losses": ["structured:1,g=1e-9", "regularisation:1"], "rounding": "structured"}


def test_without_packed_rows_it_is_the_original_pump() -> None:
    problem = generate("lotsizing", 0)
    assert packed(problem).columns.size == 0
    ours = diffpump.solve(problem, "FP", seed=3, max_iter=60, **STRUCTURED)
    theirs = diffpump.solve(problem, "FP", seed=3, max_iter=60)
    assert ours.pump is not None and theirs.pump is not None
    assert ours.objective == theirs.objective and ours.pump.lp_iterations == theirs.pump.lp_iterations > 0


def test_slack_rows_at_small_temperature_are_the_original_loss() -> None:
    # Every choice but that of all columns is allowed, and x is far from it.
    problem = row([1.0] * 6, -INF, 5)
    x = np.array([0.1, 0.9, 0.0, 1.0, 0.4, 0.2])
    y = ROUNDINGS.build(Spec.parse("nearest"), problem).forward(x)
    assert np.array_equal(ROUNDINGS.build(Spec.parse("structured"), problem).forward(x), y)
    at = Point(np.zeros(6), x, y)
    ours, theirs = (LOSSES.build(Spec.parse(text), problem).evaluate(at)
                    for text in ("structured,g=1e-9", "integrality"))  # fmt: skip
    assert ours.value == pytest.approx(theirs.value, abs=1e-7)
    assert ours.x_lp == pytest.approx(theirs.x_lp)


@pytest.mark.parametrize("g", [1e-13, 1e-9, 1e90])
def test_every_kind_of_row_takes_every_temperature(g: float) -> None:
    """Warnings of overflow are errors here."""
    sides = ([1, -INF, 1, 2], [1, 1, INF, 2])
    problem = from_arrays([0] * 13, _blocks(), *sides, [0] * 13, [1] * 13, [True] * 13)
    one, rng = packed(problem), np.random.default_rng(0)
    for x in (np.zeros(13), np.ones(13), rng.random(13)):
        y = one.marginals(x, g)
        assert ((y >= 0) & (y <= 1 + 1e-12)).all() and hold(problem, one.sample(x, g, rng))
        assert np.isfinite(one.loss(x, g)[0]) and np.isfinite(one.vjp(x, g, np.ones(13))).all()


@pytest.mark.parametrize("g", ["0", "1e-320", "1e308"])
def test_other_temperatures_are_refused(g: str) -> None:
    problem = generate("gap", 0)
    for registry, name in ((ROUNDINGS, "rounding"), (LOSSES, "loss"), (RESTARTS, "restart")):
        member = "sample" if name == "restart" else "structured"
        with pytest.raises(UsageError, match=f"{name} '{member}': g must be"):
            registry.build(Spec.parse(f"{member},g={g}"), problem)


def test_the_sampled_restart_alternates_and_keeps_the_packed_rows() -> None:
    problem = generate("gap", 0)
    x = np.full(problem.n, 0.3)
    at = StallContext(4, np.ones(problem.n), x, np.zeros(problem.n), np.zeros(problem.n), ())
    restart = RESTARTS.build(Spec.parse("sample"), problem)
    kick = restart.kick(at, np.random.default_rng(0))
    assert kick is not None and kick.candidate is not None
    jobs = problem.row_lo == problem.row_hi
    assert (problem.A @ kick.candidate)[jobs] == pytest.approx(1)
    assert np.array_equal(kick.candidate[kick.columns], kick.x_round)
    odd = StallContext(5, *(getattr(at, f) for f in ("theta", "x_lp", "x_round", "previous_round", "recent")))
    assert restart.kick(odd, np.random.default_rng(0)) is None


def test_a_structured_pump_solves_tight_assignments() -> None:
    solved = [
        diffpump.solve(
            generate("gap", seed), "FP", max_iter=200,
            losses=["structured:1", "regularisation:1"], rounding="structured",
        ).found
        for seed in range(5)
    ]  # fmt: skip
    assert sum(solved) >= 3
