"""The compact knapsack: its optimum, its smoothed choices, and bounds that hold whatever a solver returns."""

from __future__ import annotations

import itertools
import json
import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import chisquare

from diffpump.compact_api import pump
from diffpump.core.errors import InputError, UsageError
from diffpump.families import generate, generate_json
from diffpump.families.mkpc import draw
from diffpump.knapsack.base import Array
from diffpump.knapsack.compact import (
    Compact,
    CompactSet,
    credible,
    exact,
    nearest,
    read,
    relax,
    relaxations,
    solve,
    threshold,
)
from diffpump.knapsack.compact import rows as r
from diffpump.knapsack.compact.relaxations import KINDS, _linear_bound
from diffpump.knapsack.compact.sdp import SdpPoint, lower_bound, solve_sdp
from diffpump.knapsack.covers import complete, separate, whole_weights

SDP = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("scs", "clarabel")),
    reason="the sdp extra is not installed",
)


@st.composite
def instances(draw_from: st.DrawFn, items: int = 9) -> Compact:
    """Draw small instances, with items of weight 0 and of cost 0 among them."""
    rng = np.random.default_rng(draw_from(st.integers(0, 2**32 - 1)))
    n = draw_from(st.integers(1, items))
    weights = np.where(rng.random(n) < 0.2, 0.0, rng.random(n))
    costs = np.ones(n) if draw_from(st.booleans()) else rng.integers(0, 20, n) / 2
    return Compact(weights, costs, float(weights.sum() * rng.random()), draw_from(st.integers(1, 4)))


def choices(instance: Compact) -> Iterator[Array]:
    """Yield every choice as a vector."""
    for y in itertools.product((0.0, 1.0), repeat=instance.n):
        if instance.holds(np.flatnonzero(y)):
            yield np.array(y)


def optimum(instance: Compact) -> Fraction:
    return min(instance.cost(np.flatnonzero(y)) for y in choices(instance))


def made(seed: int, items: int = 12, peaks: int = 1, costs: int = 1, distance: int = 2) -> Compact:
    weights, price = draw(seed, items, peaks, 4, costs)
    return Compact(weights, price, 0.9 * math.fsum(weights), distance)


def entries_of(y: Array) -> Array:
    """Return the entries of yy'."""
    i, j = (index.astype(np.int64) for index in np.triu_indices(y.size))
    found = np.empty(r.size(y.size))
    found[r.place(i, j, y.size)] = y[i] * y[j]
    return found


# -- the optimum --


@given(instances())
@settings(max_examples=150, deadline=None)
def test_the_optimum_is_that_of_enumeration(instance: Compact) -> None:
    found = solve(instance)
    assert instance.holds(found.items) and instance.cost(found.items) == found.value == optimum(instance)
    assert found.value - Fraction(1, 10**12) <= found.bound <= found.value


@given(instances(items=8))
@settings(max_examples=60, deadline=None)
def test_the_rows_of_the_program_are_the_choices(instance: Compact) -> None:
    problem = instance.problem()
    for y in itertools.product((0.0, 1.0), repeat=instance.n):
        point = np.array(y)
        activity = problem.A[1:] @ point
        compact = bool((activity <= problem.row_hi[1:]).all())
        heavy = sum(Fraction(w) for w in instance.weights[point > 0].tolist()) >= Fraction(instance.least)
        assert (compact and heavy) == instance.holds(np.flatnonzero(point))


@pytest.mark.parametrize("costs", [0, 1, 2])
def test_highs_finds_no_better_choice(costs: int) -> None:
    instance = made(3, 30, 2, costs, 3)
    problem = instance.problem()
    found = milp(
        problem.c, constraints=LinearConstraint(problem.A, problem.row_lo, problem.row_hi),
        integrality=np.ones(problem.n), bounds=Bounds(0, 1), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert float(solve(instance).value) == pytest.approx(found.fun, abs=1e-6)


def test_unit_costs_without_compactness_take_the_heaviest_items() -> None:
    weights = np.random.default_rng(0).random(200)
    instance = Compact(weights, np.ones(200), 0.7 * weights.sum(), 200)
    heaviest = np.sort(weights)[::-1]
    assert solve(instance).value == int(np.searchsorted(np.cumsum(heaviest), instance.least)) + 1


@pytest.mark.parametrize("peaks", [0, 1, 2])
def test_six_hundred_items(peaks: int) -> None:
    weights, costs = draw(0, 600, peaks, 16, 1)
    instance = Compact(weights, costs, 0.95 * math.fsum(weights), 3)
    found = solve(instance)
    assert instance.holds(found.items) and 0 <= found.value - found.bound < Fraction(1, 10**9)


# -- smoothed choices --


@given(instances(items=8), st.integers(0, 2**32 - 1), st.floats(-1, 1))
@settings(max_examples=80, deadline=None)
def test_smoothed_choices_are_those_of_enumeration(instance: Compact, seed: int, power: float) -> None:
    try:
        own = CompactSet(instance)
    except UsageError as error:
        assert "least weight is 0" in str(error) or "do not reach q" in str(error)
        return
    rng, g = np.random.default_rng(seed), 10.0**power
    members = np.array([y for y in choices(instance) if y @ own._weights >= own.steps])
    score, z = rng.normal(size=instance.n), rng.normal(size=instance.n)
    values = members @ score
    p = np.exp((values - values.max()) / g)
    value = values.max() + g * np.log(p.sum())
    p /= p.sum()
    mean = p @ members
    covariance = (members.T * p) @ members - np.outer(mean, mean)
    assert own.value(score, g) == pytest.approx(value, abs=1e-10)
    np.testing.assert_allclose(own.marginals(score, g), mean, rtol=0, atol=1e-10)
    np.testing.assert_allclose(own.vjp(score, g, z), covariance @ z / g, rtol=1e-9, atol=1e-9)
    best, y = own.best(score)
    assert best == pytest.approx(values.max(), abs=1e-12) and instance.holds(np.flatnonzero(y))
    for sample in own.sample(score, g, 5, rng):
        assert instance.holds(np.flatnonzero(sample))


def test_samples_follow_the_gibbs_distribution() -> None:
    instance = Compact(np.array([1.0, 2, 1, 3, 2]), np.ones(5), 4.0, 2)
    own, rng = CompactSet(instance), np.random.default_rng(0)
    members = np.array(list(choices(instance)))
    score = rng.normal(size=5)
    p = np.exp(members @ score / 0.8)
    drawn = own.sample(score, 0.8, 20_000, rng)
    counts = (drawn[:, None] == members[None]).all(axis=2).sum(axis=0)
    assert counts.sum() == 20_000
    assert chisquare(counts, 20_000 * p / p.sum()).pvalue > 1e-4


def test_batches_change_nothing() -> None:
    own, rng = CompactSet(made(0)), np.random.default_rng(0)
    score = rng.normal(size=(3, 12))
    for call in (own.best, lambda s: (own.value(s, 0.5),), lambda s: (own.marginals(s, 0.5),)):
        for k, every in enumerate(call(score)):
            np.testing.assert_array_equal(every, [call(row)[k] for row in score])


# -- rows and bounds --


@given(instances(items=7))
@settings(max_examples=50, deadline=None)
def test_rows_hold_for_choices_and_the_first_ones_for_no_other_vector(instance: Compact) -> None:
    n = instance.n
    own = r.stacked([r.weight(instance), r.compactness(instance)])
    linear = r.linear_compactness(instance)
    further = r.stacked([r.bounds(n), r.lifted_weights(instance)])
    for y in itertools.product((0.0, 1.0), repeat=n):
        entries = entries_of(np.array(y))
        holds = instance.holds(np.flatnonzero(y))
        assert bool(own.violations(entries).max(initial=0.0) <= 1e-12) == holds
        assert len(r.triangles(n, entries, 1e-9, 100)) == 0
        if holds:
            assert linear.violations(entries).max(initial=0.0) <= 0
            assert further.violations(entries).max(initial=0.0) <= 1e-12


@given(instances(items=7), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_bounds_hold_for_any_multipliers(instance: Compact, seed: int) -> None:
    """Even those of a solver that has failed."""
    rng, n = np.random.default_rng(seed), instance.n
    cost = np.zeros(r.size(n))
    cost[r.diagonal(n)] = instance.costs
    rows = r.stacked([r.weight(instance), r.compactness(instance), r.bounds(n)])
    scale = 10.0 ** rng.integers(-3, 4)
    Z = rng.normal(size=(n + 1, n + 1)) * scale
    point = SdpPoint(
        np.zeros(r.size(n)), 0.0, rng.normal(size=len(rows)) * scale, (Z + Z.T) / 2, "made up", 0
    )
    best = float(optimum(instance))
    assert lower_bound(n, cost, rows, point) <= best
    matrix, side = instance.problem().A, instance.problem().row_lo
    kept = np.isfinite(side)
    multipliers = rng.normal(size=int(kept.sum())) * scale
    assert _linear_bound(instance.costs, matrix[kept], side[kept], multipliers) <= best


@SDP
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("covers", [False, True])
def test_relaxations_are_below_the_optimum(kind: str, covers: bool) -> None:
    for instance in (made(1), made(2, peaks=2, costs=0)):
        found = relax(instance, kind, covers=covers, seconds=5.0)
        best = float(solve(instance).value)
        assert found.bound <= best and found.value <= best + 1e-3
        assert ((found.x >= 0) & (found.x <= 1)).all() and found.rounds >= 1
        assert found.value - found.bound <= 0.05 * max(1.0, abs(found.value))  # nothing is given away
        assert instance.holds(nearest(instance, found.x))
        for items in found.sets:
            assert not instance.holds(items)


@SDP
def test_solvers_agree_and_more_rows_are_no_worse() -> None:
    instance = made(5)
    values = {
        (kind, solver): relax(instance, kind, solver=solver, seconds=10.0).value
        for kind in ("naive", "strengthened") for solver in ("scs", "clarabel")
    }  # fmt: skip
    assert values["naive", "scs"] == pytest.approx(values["naive", "clarabel"], abs=1e-2)
    assert values["strengthened", "clarabel"] >= values["naive", "clarabel"] - 1e-2
    assert relax(instance, "lp").value <= values["strengthened", "clarabel"] + 1e-2


@SDP
@pytest.mark.parametrize("relaxation", ["lp", "sdp"])
def test_the_pump_finds_a_choice(relaxation: str) -> None:
    for instance in (made(1), made(2, peaks=2, costs=0)):
        found = pump(instance, relaxation, max_iter=60, time_limit=30.0)
        assert found.items is not None and instance.holds(found.items)
        assert instance.cost(found.items) >= solve(instance).value


def test_the_pump_takes_two_relaxations() -> None:
    with pytest.raises(UsageError, match="'lp' or 'sdp', got 'qp'"):
        pump(made(1), "qp")


# -- cuts --


@given(instances(items=8), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_separation_finds_the_most_violated_cut(instance: Compact, seed: int) -> None:
    x = np.random.default_rng(seed).random(instance.n) * 0.6
    weights, capacity = whole_weights(instance.weights, instance.least)
    light = [
        np.array(y)
        for y in itertools.product((0.0, 1.0), repeat=instance.n)
        if np.array(y) @ weights <= capacity
    ]
    least = min((float(x @ (1 - y)) for y in light), default=np.inf)
    items = separate(instance.weights, instance.least, x)
    if items is None:
        assert least >= 1.0 - 2e-4
        return
    inside = np.zeros(instance.n)
    inside[items] = 1.0
    assert inside @ weights <= capacity and x @ (1 - inside) == pytest.approx(least, abs=1e-4) and least < 1
    assert all(weights[j] > capacity - inside @ weights for j in np.flatnonzero(inside == 0))  # maximal
    assert all(y @ (1 - inside) >= 1 for y in choices(instance))


def test_completion_adds_the_lightest_items() -> None:
    weights = np.array([5, 1, 2, 9])
    assert complete(np.array([True, False, False, False]), weights, 8).tolist() == [0, 1, 2]


# -- files, points and what is refused --


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    instance, path = made(0), tmp_path / "m.json"
    path.write_text(instance.text())
    again = read(path)
    assert again.text() == instance.text() and (again.least, again.distance) == (instance.least, 2)


@pytest.mark.parametrize("family", ["mkpc", "noroad"])
def test_both_forms_of_a_generated_instance_are_the_same(family: str, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(generate_json(family, 3))
    found, model = read(path).problem(), generate(family, 3)
    assert (found.A != model.A).nnz == 0
    for name in ("c", "row_lo", "row_hi", "lb", "ub"):
        np.testing.assert_array_equal(getattr(found, name), getattr(model, name))


@pytest.mark.parametrize("family", ["mkpc", "noroad"])
@pytest.mark.parametrize("lifted", [0, 1])
def test_the_rows_of_pairs_hold_for_compact_choices_alone(family: str, lifted: int, tmp_path: Path) -> None:
    path, sizes = tmp_path / "m.json", {"items": 9, "distance": 2}
    path.write_text(generate_json(family, 1, lifted=lifted, **sizes))
    instance, model = read(path), generate(family, 1, lifted=lifted, **sizes)
    points = np.array(list(itertools.product((0.0, 1.0), repeat=9)))
    values = points @ model.A.T.toarray()
    feasible = ((values >= model.row_lo) & (values <= model.row_hi)).all(axis=1)
    np.testing.assert_array_equal(feasible, [instance.holds(np.flatnonzero(x)) for x in points])
    assert 0 < feasible.sum() < len(points)
    if lifted:
        i, j = instance.pairs()
        assert np.all((j - i - 1) - 2 * instance.required() == -model.A[1:].sum(axis=1).A1)


@SDP
def test_the_naive_relaxation_can_be_above_the_linear_one() -> None:
    """The counter-example of results/compact, whose linear optimum is 3/2 and semidefinite one above 8."""
    weights, costs = np.array([2.0, 0, 0, 2, 0, 0, 2]), np.array([1.0, 100, 100, 1, 100, 100, 1])
    instance = Compact(weights, costs, 3.0, 1)
    linear, naive = relax(instance, "lp"), relax(instance, "naive")
    assert linear.value == pytest.approx(1.5) and 8 < naive.bound <= solve(instance).value


@pytest.mark.parametrize("seed", range(8))
def test_the_point_without_road(seed: int, tmp_path: Path) -> None:
    """The linear relaxation's only optimum is the one of the family's formula, and lacks ROAD at the ends."""
    path = tmp_path / "m.json"
    path.write_text(generate_json("noroad", seed, items=11, distance=2))
    instance = read(path)
    x, w = relax(instance, "lp").x, instance.weights
    ends = np.array([w[-1] - instance.least, instance.least - w[0]]) / (w[-1] - w[0])
    np.testing.assert_allclose(x[[0, -1]], ends, atol=1e-9)
    np.testing.assert_allclose(x[1:-1], 0.0, atol=1e-9)
    between, m = float(x[1:-1].sum()), (11 - 2) // 2
    assert m * (x[0] + x[-1] - 1.0) <= between + 1e-9 and m * x[0] * x[-1] > between + 0.5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weights": [1.0, -1.0]}, "weights must be finite numbers >= 0"),
        ({"profits": [1.0, float("nan")]}, "costs must be finite"),
        ({"profits": [1.0]}, "must both be"),
        ({"min_weight": 9.0}, "do not reach 9"),
        ({"min_weight": None}, "least weight must be"),
        ({"max_distance": 0}, "whole number, at least 1"),
        ({"max_distance": 1.5}, "whole number, at least 1"),
        ({"max_distance": float("nan")}, "whole number, at least 1, got nan"),
        ({"max_distance": None}, "whole number, at least 1, got None"),
        ({"max_distance": True}, "whole number, at least 1, got True"),
        ({"n_items": 3}, "n_items is 3, but there are 2"),
        ({"weights": ["a", "b"]}, "weights must be numbers"),
        ({"weights": ["1", "2"]}, "weights must be numbers"),
        ({"min_weight": "2"}, "least weight must be numbers"),
    ],
)
def test_a_file_that_is_no_instance_is_refused(change: dict[str, object], says: str, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    data = {"n_items": 2, "weights": [1.0, 2.0], "profits": [1.0, 1.0], "min_weight": 2.0, "max_distance": 1}
    path.write_text(json.dumps(data | change))
    with pytest.raises(InputError, match=says) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_files_that_are_no_json(tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{")
    (tmp_path / "list.json").write_text("[1]")
    for name, says in (
        ("no.json", "no compact"),
        ("list.json", "has no weights"),
        ("gone.json", "cannot be read"),
    ):
        with pytest.raises(InputError, match=says):
            read(tmp_path / name)


def test_points_become_choices() -> None:
    instance = Compact(np.array([1.0, 1, 1, 1, 1]), np.array([1.0, 9, 1, 9, 1]), 2.0, 2)
    assert threshold(np.array([0.5, 0.4, 0.6, 0, 1])).tolist() == [0, 2, 4]
    assert nearest(instance, np.array([1.0, 0, 0, 0, 1])).tolist() in ([0, 2], [2, 4])
    found = instance.indicators(np.array([1.0, 0, 0, 0.25, 1]))
    assert found["imprecision"] == pytest.approx(2 / 21) and found["compactness"] == 0.6
    assert found["fractionality"] == pytest.approx(2 / 5**0.5 * 0.25)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: relax(made(0), "conic"), "one of lp, naive"),
        (lambda: relax(made(0), "penalised", lam=-1.0), "lambda"),
        (lambda: relax(made(0, 300), "naive"), "up to 250 items"),
        (lambda: relax(made(0), "naive", solver="mosek"), "one of scs, clarabel"),
        (lambda: CompactSet(made(0), steps=0), "at least 1"),
        (lambda: CompactSet(made(0), steps=10**9).value(np.zeros(12), 1.0), "GiB"),
        (lambda: Compact(np.empty(0), np.empty(0), 0.0, 1), "at least one item"),
        (lambda: CompactSet(Compact(np.ones(2), np.ones(2), 0.0, 1)), "least weight is 0"),
        (lambda: CompactSet(made(0)).sample(np.zeros(12), 1.0, -1, np.random.default_rng(0)), "size"),
        (lambda: CompactSet(made(0)).marginals(np.zeros(3), 1.0), "score"),
        (lambda: CompactSet(made(0)).value(np.zeros(12), 0.0), "g must be"),
        (lambda: CompactSet(made(0)).sample(np.zeros(12), 1.0, 1, 0), "numpy.random.Generator"),
        (lambda: CompactSet(made(0), steps=1.5), "steps must be a whole number"),
        (lambda: made(0).holds([-1]), "items must be from 0 to 11, got -1 to -1"),
        (lambda: made(0).cost([0, 12]), "items must be from 0 to 11, got 0 to 12"),
        (lambda: made(0).holds(np.ones(12, bool)), "items must be a vector of whole numbers"),
        (lambda: made(0).holds([0.5]), "items must be a vector of whole numbers"),
        (lambda: nearest(made(0), np.ones(3)), r"point must be finite numbers \(12,\), got \(3,\)"),
        (lambda: nearest(made(0), np.full(12, np.nan)), "point must be finite"),
        (lambda: made(0).indicators(np.ones((2, 12))), "point must be finite"),
        (lambda: relax(made(0), "lp", lam="a"), "lambda must be"),
        (lambda: relax(made(0), "naive", tolerance=-1.0), "tolerance must be"),
        (lambda: relax(made(0), "lp", seconds=float("nan")), "time limit must be"),
        (lambda: solve(made(0), float("nan")), "time limit must be"),
        (lambda: pump(made(0), time_limit=None), "time limit must be"),
        (lambda: Compact(["1"], [1], 1, 1), "weights must be numbers"),
        (lambda: Compact([3], [1], np.nextafter(3, 4), 1), "3.0, do not reach 3.0000000000000004"),
    ],
)
def test_what_does_not_fit_is_refused(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]


# -- faults that were found --


@pytest.mark.parametrize("solver", ["scs", "clarabel"])
def test_a_solver_that_is_not_installed(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, solver, None)
    with pytest.raises(UsageError, match=rf"this needs {solver}: pip install 'diffpump\[sdp\]'"):
        relax(made(0), "naive", solver=solver)


def test_costs_that_differ_below_a_float_are_told_apart() -> None:
    """Labels were compared as floats, in which these costs are equal."""
    unit = 2.0**-58
    instance = Compact(np.array([1, 10, 10, 1.0]), np.array([3 * unit, 0.5, 0.5, 2 * unit]), 11.0, 1)
    found = solve(instance)
    assert found.items.tolist() == [2, 3] and found.value == found.bound == optimum(instance)


def test_all_items_may_be_needed() -> None:
    instance = Compact(np.ones(3), np.ones(3), 3.0, 1)
    assert nearest(instance, np.full(3, 0.1)).tolist() == [0, 1, 2]
    assert nearest(Compact(np.ones(3), np.ones(3), 0.0, 1), np.ones(3)).size == 0
    for seed in range(20):
        p = np.random.default_rng(seed).random(30)
        assert credible(p / p.sum(), level=1.0).holds(np.arange(30))


def test_a_distance_beyond_the_last_item() -> None:
    instance = Compact(np.ones(4), np.ones(4), 2.0, 2**70)
    assert instance.distance == 4 and solve(instance).value == 2
    assert CompactSet(instance).marginals(np.zeros(4), 1.0).sum() > 2


def test_scores_out_of_range_are_refused() -> None:
    own = CompactSet(made(0))
    for call in (own.value, own.marginals, lambda s, g: own.vjp(s, g, s)):
        for score, g in ((1e5, 1e-95), (1.0, 1e-10)):
            with pytest.raises(UsageError, match="too large for g"):
                call(np.full(12, score), g)
    assert own.best(np.full(12, 1e99))[0] == pytest.approx(12e99)


def test_marginals_at_the_least_temperature() -> None:
    """Sums of score / g have errors that the exponential multiplies."""
    instance, rng = made(0), np.random.default_rng(0)
    own = CompactSet(instance)
    members = np.array([y for y in choices(instance) if y @ own._weights >= own.steps])
    for _ in range(20):
        score = rng.normal(size=instance.n)
        g = np.abs(score).sum() / 0.99e9
        values = members @ score
        share = np.exp((values - values.max()) / g)
        y = own.marginals(score, g)
        assert y == pytest.approx(share @ members / share.sum(), abs=1e-6) and y.max() <= 1.0


def test_an_item_counts_once() -> None:
    instance = Compact(np.ones(3), np.ones(3), 2.0, 1)
    assert not instance.holds([0, 0]) and instance.cost([0, 0]) == 1


def test_the_search_ends_with_its_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "PAUSE", 1)
    instance = made(0, 60, 0)
    found, best = solve(instance, seconds=0.0), solve(instance)
    assert best.finished and not found.finished and instance.holds(found.items)
    assert found.bound <= best.bound and found.bound > 0 and found.value >= best.value


HUGE = '{"weights": [1e308, 1e308], "profits": [1, 1], "min_weight": 1, "max_distance": 1}'


@pytest.mark.parametrize("text", ["[" * 100_000, HUGE, '{"series": []}', '{"probabilities": [1]}'])
def test_strange_files_are_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(text)
    if "probabilities" in text:
        assert solve(read(path)).value == 1
        return
    with pytest.raises(InputError):
        read(path)


@SDP
def test_a_solver_that_fails_later_leaves_the_bound_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def failing(*arguments: object) -> SdpPoint:
        calls.append(arguments)
        if len(calls) > 1:
            raise UsageError("it failed")
        return solve_sdp(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(relaxations, "solve_sdp", failing)
    found = relax(made(1), "strengthened")
    assert found.status == "it failed" and found.rounds == 1 and found.bound > 0


@SDP
@pytest.mark.parametrize("solver", ["scs", "clarabel"])
def test_numbers_that_a_solver_cannot_take(solver: str) -> None:
    """Either it answers, with a bound that holds, or there is one clear error."""
    instance = Compact(np.ones(4), np.full(4, 1e90), 2.0, 1)
    try:
        found = relax(instance, "naive", solver=solver, seconds=2.0)
    except UsageError:
        return
    assert found.bound <= 2e90
