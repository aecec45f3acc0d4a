"""The smoothed knapsack agrees with enumeration, and its gradients with differences."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from diffpump.core.errors import UsageError
from diffpump.kernels.knapsack import sweeps
from diffpump.knapsack import REGULARIZERS, Knapsack, OneOf, TopK, program
from diffpump.knapsack.base import Array, FeasibleSet

NAMES = list(REGULARIZERS)


def members(weights: Array, capacity: int, exact: bool) -> Array:
    """Return all y of a knapsack, (|Y|, n)."""
    every = np.array(list(itertools.product([0.0, 1.0], repeat=len(weights))))
    weight = every @ weights
    return every[weight == capacity if exact else weight <= capacity]


@st.composite
def cases(draw: Callable[..., object]) -> tuple[Array, int, bool, float, np.random.Generator]:
    """Draw weights, a capacity, whether it is exact, g, and a generator for scores."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 10))
    weights = rng.integers(0, draw(st.integers(1, 8)), n).astype(float)
    capacity = draw(st.integers(0, int(weights.sum()) + 3))
    return weights, capacity, draw(st.booleans()), 10 ** rng.uniform(-1.5, 1.0), rng


@given(cases())
@settings(max_examples=200, deadline=None)
def test_shannon_is_the_gibbs_distribution(
    case: tuple[Array, int, bool, float, np.random.Generator],
) -> None:
    weights, capacity, exact, g, rng = case
    every, knapsack = members(weights, capacity, exact), Knapsack(weights, capacity, exact=exact)
    score, z = rng.normal(size=(2, len(weights)))
    if not len(every):
        with pytest.raises(UsageError, match="no choice of items"):
            knapsack.marginals(score, g)
        return
    terms = every @ score / g
    value = g * (terms.max() + np.log(np.exp(terms - terms.max()).sum()))
    share = np.exp(terms - value / g)
    mean = share @ every
    assert knapsack.value(score, g) == pytest.approx(value, abs=1e-13 * max(1, abs(value)))
    assert knapsack.marginals(score, g) == pytest.approx(mean, abs=1e-12)
    product = ((every.T * share) @ every - np.outer(mean, mean)) @ z / g
    assert knapsack.vjp(score, g, z) == pytest.approx(product, abs=1e-11 / g)


@pytest.mark.parametrize("name", NAMES)
@given(case=cases())
@settings(max_examples=50, deadline=None)
def test_gradients_bounds_and_samples(
    name: str, case: tuple[Array, int, bool, float, np.random.Generator]
) -> None:
    weights, capacity, exact, g, rng = case
    every = members(weights, capacity, exact)
    assume(len(every))
    knapsack, n = Knapsack(weights, capacity, name, exact), len(weights)
    score, z, h = rng.normal(size=n), rng.normal(size=n), 1e-5 * g
    best, y = knapsack.best(score)
    assert best == pytest.approx((every @ score).max(), abs=1e-12)
    assert y.tolist() in every.tolist() and y @ score == pytest.approx(best, abs=1e-12)
    value, mean = knapsack.value(score, g), knapsack.marginals(score, g)
    assert best - 1e-12 <= value <= best + g * np.log(len(every)) + 1e-12
    assert mean @ weights <= capacity * (1 + 1e-12) and (mean >= 0).all() and (mean <= 1 + 1e-12).all()
    steps = h * np.eye(n)
    slope = (knapsack.value(score + steps, g) - knapsack.value(score - steps, g)) / (2 * h)
    assert mean == pytest.approx(slope, abs=1e-5)
    samples = knapsack.sample(score, g, 30, rng)
    assert all(one in every.tolist() for one in samples.tolist())
    assert knapsack.best(score + 0.0)[1] == pytest.approx(knapsack.marginals(score, 1e-9), abs=1e-6)
    product = knapsack.vjp(score, g, z)
    if name != "gini":  # its marginals have kinks
        difference = knapsack.marginals(score + h * z, g) - knapsack.marginals(score - h * z, g)
        assert g * product == pytest.approx(g * difference / (2 * h), abs=1e-4)
    other = rng.normal(size=n)
    assert other @ product == pytest.approx(z @ knapsack.vjp(score, g, other), abs=1e-10 / g)


@pytest.mark.parametrize("name", NAMES)
def test_only_shannon_does_not_depend_on_the_order(name: str) -> None:
    rng = np.random.default_rng(0)
    score, weights = rng.normal(size=12), rng.integers(1, 6, 12)
    order = rng.permutation(12)
    moved = Knapsack(weights[order], 15, name).marginals(score[order], 0.5)
    error = np.abs(moved - Knapsack(weights, 15, name).marginals(score, 0.5)[order]).max()
    assert error < 1e-12 if name == "shannon" else error > 1e-3


def test_gini_and_tsallis_are_sparse() -> None:
    rng = np.random.default_rng(1)
    score, weights = rng.normal(size=40), rng.integers(1, 9, 40)
    integral = {}
    for g in (0.01, 0.1, 1.0):
        for name in NAMES:
            y = Knapsack(weights, 60, name).marginals(score, g)
            integral[name, g] = int(((y == 0) | (y == 1)).sum())
        assert integral["gini", g] >= integral["tsallis", g] >= integral["shannon", g]
        assert integral["gini", g] > integral["shannon", g]


@pytest.mark.parametrize("name", NAMES)
def test_samples_follow_the_distribution(name: str) -> None:
    rng = np.random.default_rng(2)
    score, weights, g, size = rng.normal(size=6), rng.integers(1, 4, 6), 0.7, 20_000
    knapsack = Knapsack(weights, 6, name)
    samples = knapsack.sample(score, g, size, rng)
    assert samples.mean(axis=0) == pytest.approx(knapsack.marginals(score, g), abs=0.02)
    if name == "shannon":
        every = members(weights.astype(float), 6, False)
        share = np.exp(every @ score / g)
        codes = {tuple(y): k for k, y in enumerate(every.tolist())}
        counts = np.bincount([codes[tuple(y)] for y in samples.tolist()], minlength=len(every))
        assert chisquare(counts, size * share / share.sum()).pvalue > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_batches_and_threads_change_nothing(name: str) -> None:
    rng = np.random.default_rng(3)
    score, z = rng.normal(size=(2, 7, 30))
    weights, capacity = rng.integers(0, 9, (7, 30)), rng.integers(0, 60, 7)
    together = Knapsack(weights, capacity, name)
    threaded = Knapsack(weights, capacity, name, threads=3)
    for call in (
        lambda Y, s, z: Y.value(s, 0.3), lambda Y, s, z: Y.marginals(s, 0.3),
        lambda Y, s, z: Y.vjp(s, 0.3, z), lambda Y, s, z: Y.best(s)[1],
    ):  # fmt: skip
        alone = [call(Knapsack(weights[b], capacity[b], name), score[b], z[b]) for b in range(7)]
        assert np.array_equal(call(together, score, z), alone)
        assert np.array_equal(call(threaded, score, z), alone)
    one, three = (Y.sample(score, 0.3, 5, np.random.default_rng(4)) for Y in (together, threaded))
    assert one.shape == (7, 5, 30) and np.array_equal(one, three)
    shared = Knapsack(weights[0], capacity[0], name)
    assert np.array_equal(shared.marginals(score, 0.3)[2], shared.marginals(score[2], 0.3))


def test_long_programs_cross_many_blocks() -> None:
    rng = np.random.default_rng(5)
    n, capacity, g = 700, 900, 0.2
    score, weights = rng.normal(size=n), rng.integers(1, 12, n)
    table = np.zeros(capacity + 1)
    for s, w in zip(score, weights, strict=True):
        pick = np.full(capacity + 1, -np.inf)
        pick[w:] = table[:-w] + s
        table = g * np.logaddexp(table / g, pick / g)
    assert Knapsack(weights, capacity).value(score, g) == pytest.approx(table[-1], rel=1e-13)
    assert sweeps.block_size(n) < n // 20


def test_top_k_and_one_of_agree_with_the_knapsack() -> None:
    rng = np.random.default_rng(6)
    score, z = rng.normal(size=(2, 3, 9))
    one, top = OneOf(9), TopK(9, 1)
    assert top.value(score, 0.4) == pytest.approx(one.value(score, 0.4), abs=1e-13)
    assert top.marginals(score, 0.4) == pytest.approx(one.marginals(score, 0.4), abs=1e-13)
    assert top.vjp(score, 0.4, z) == pytest.approx(one.vjp(score, 0.4, z), abs=1e-13)
    assert np.array_equal(top.best(score)[1], one.best(score)[1])
    for Y in (one, TopK(9, 4)):
        samples = Y.sample(score, 0.4, 4000, rng)
        assert samples.shape == (3, 4000, 9)
        assert samples.mean(axis=1) == pytest.approx(Y.marginals(score, 0.4), abs=0.04)
    largest = np.sort(score, axis=1)[:, -4:].sum(axis=1)
    assert TopK(9, 4).best(score)[0] == pytest.approx(largest)


@pytest.mark.parametrize("make", [lambda: Knapsack([2, 1, 1], 2), lambda: TopK(3, 2), lambda: OneOf(3)])
def test_extreme_scores(make: Callable[[], FeasibleSet]) -> None:
    Y = make()
    for score in ([1e8, -1e8, 0.0], [700.0, 710.0, -745.0], [0.0, 0.0, 0.0], [1e-300, 0.0, -1e-300]):
        for g in (1e-6, 1.0, 1e6):
            y = Y.marginals(score, g)
            assert np.isfinite(y).all() and (y >= 0).all() and (y <= 1 + 1e-12).all()
            assert np.isfinite(Y.value(score, g)) and np.isfinite(Y.vjp(score, g, [1.0, 2.0, 3.0])).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Knapsack([1, -1], 2), "weights must be whole numbers >= 0"),
        (lambda: Knapsack([1, 0.5], 2), "weights must be whole numbers >= 0"),
        (lambda: Knapsack([1, np.nan], 2), "weights must be whole numbers >= 0"),
        (lambda: Knapsack([[1, 2], [3]], 2), "weights must be numbers in a rectangular array"),
        (lambda: Knapsack([1, 2], -1), "capacity must be whole numbers >= 0"),
        (lambda: Knapsack([[1, 2]], [1, 2]), "capacity must be a number or"),
        (lambda: Knapsack([1, 2], 2, "renyi"), "unknown regularizer 'renyi'"),
        (lambda: Knapsack([1, 2], 2, threads=0), "threads must be a whole number, at least 1, got 0"),
        (lambda: Knapsack([1, 2], 2).value([1.0], 1.0), r"score must be \(2,\) or \(batch, 2\), got \(1,\)"),
        (lambda: Knapsack([1, 2], 2).value([1.0, np.inf], 1.0), "score has a value that is not finite"),
        (lambda: Knapsack([[1, 2]], 2).value(np.ones((3, 2)), 1.0), "score has 3 rows for 1 sets"),
        (lambda: Knapsack([1, 2], 2).value([1.0, 2.0], 0.0), "g must be a finite number > 0"),
        (lambda: Knapsack([1, 2], 2).vjp([1.0, 2.0], 1.0, np.ones((2, 2))), "z has 2 rows"),
        (lambda: Knapsack([1, 2], 2).value([1.0, 2.0], 1e-17), "g = 1e-17 is too small"),
        (lambda: Knapsack([1, 2], 2).sample([1.0, 2.0], 1.0, -1, np.random.default_rng()), "size must be"),
        (lambda: Knapsack([2, 2], 3, exact=True).best([1.0, 2.0]), "no choice of items has exactly"),
        (lambda: TopK(3, 4), "k must be a whole number from 0 to 3, got 4"),
        (lambda: TopK(-3, -4), "n must be a whole number, at least 0"),
        (lambda: TopK(3, True), "k must be a whole number"),
        (lambda: Knapsack(["1", "2"], 2), "weights must be numbers"),
        (lambda: Knapsack([1, 2j], 2), "weights must be numbers"),
        (lambda: Knapsack(np.array(["2020-01-01"], "M8[D]"), 2), "weights must be numbers"),
        (lambda: Knapsack([2**60, 1], 2), "the sum of weights must be below"),
        (lambda: Knapsack([1, 2], 2, threads="2"), "threads must be a whole number"),
        (lambda: Knapsack([1, 2], 2).value([1.0, 2.0], "a"), "g must be a finite number > 0, got 'a'"),
        (lambda: Knapsack([1, 2], 2).value([1.0, 2.0], None), "g must be a finite number > 0, got None"),
        (lambda: Knapsack([1, 2], 2, "gini").value([1.0, 2.0], 1e-320), "g must be from 1e-100 to 1e"),
        (lambda: OneOf(2).value([1.0, 2.0], 1e308), "g must be from 1e-100 to 1e"),
        (lambda: Knapsack([1, 1], 1, exact=True).best([-1e300, -1e300]), "score has a value above 1e"),
        (lambda: OneOf(2).value([1e308, -1e308], 1.0), "score has a value above 1e"),
        (lambda: Knapsack([1, 2], 2).sample([1.0, 2.0], 1.0, 1.5, np.random.default_rng()), "size must be"),
        (lambda: Knapsack([1, 2], 2).sample([1.0, 2.0], 1.0, 2, 0), "rng must be a numpy.random.Generator"),
        (lambda: OneOf(2).sample([1.0, 2.0], 1.0, 2, 0), "rng must be a numpy.random.Generator"),
        (lambda: Knapsack([1, 2], 2**52, exact=True).best([1.0, 2.0]), "GiB of working memory"),
        (lambda: OneOf(0), "n must be a whole number"),
    ],
)
def test_bad_input_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "MAX_BYTES", 10_000)
    with pytest.raises(UsageError, match=r"need .* of working memory"):
        Knapsack([100] * 50, 4000).value(np.ones(50), 1.0)


def test_empty_batches() -> None:
    none, rng = np.empty((0, 2)), np.random.default_rng(0)
    for Y in (Knapsack([1, 2], 2), Knapsack(none, 2), Knapsack([1, 2], [], "gini"), TopK(2, 1), OneOf(2)):
        assert Y.value(none, 1.0).shape == (0,) and Y.marginals(none, 1.0).shape == (0, 2)
        assert Y.sample(none, 1.0, 3, rng).shape == (0, 3, 2) and Y.best(none)[1].shape == (0, 2)
    assert Knapsack(none, 2).nonempty().size == 0


def test_empty_sums() -> None:
    Y = Knapsack([3, 4], 0)
    assert Y.value([1.0, 2.0], 0.5) == 0.0
    assert Y.marginals([1.0, 2.0], 0.5).tolist() == [0.0, 0.0]
    free = Knapsack([0, 0], 0)
    assert free.marginals([0.0, 1.0], 1.0) == pytest.approx([0.5, 1 / (1 + np.exp(-1.0))])
