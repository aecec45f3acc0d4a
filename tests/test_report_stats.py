"""The report's statistics: hand-computed values and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats as scipy_stats

from diffpump.bench.report import stats

FINITE = st.floats(-1e9, 1e9)


def array(*values: float) -> stats.Vector:
    return np.array(values, float)


def test_shifted_geomean() -> None:
    assert stats.shifted_geomean(array(1, 4), 0) == pytest.approx(2)
    assert stats.shifted_geomean(array(0, 3), 1) == pytest.approx(1)
    assert np.isnan(stats.shifted_geomean(array(), 1))


@given(st.floats(0, 1e6), st.integers(1, 9), st.floats(0.1, 1e3))
def test_shifted_geomean_of_constants(value: float, n: int, shift: float) -> None:
    assert stats.shifted_geomean(np.full(n, value), shift) == pytest.approx(value, rel=1e-9, abs=1e-9 * shift)


@pytest.mark.parametrize(
    ("value", "reference", "gap"),
    [
        (0, 0, 0), (10, 10, 0), (10, 8, 0.2), (8, 10, 0.2), (-10, -8, 0.2), (1, -1, 1), (0, 5, 1), (5, 0, 1),
        (np.nan, 5, 1), (924 - 3e-13, 924, 0), (1e-12, 0, 0),
    ],
)  # fmt: skip
def test_primal_gap(value: float, reference: float, gap: float) -> None:
    assert stats.primal_gap(array(value), array(reference)) == pytest.approx(array(gap))


def test_no_reference_no_gap() -> None:
    assert np.isnan(stats.primal_gap(array(1, np.nan), array(np.nan, np.nan))).all()


@given(FINITE, FINITE)
def test_a_gap_is_a_share_and_symmetric(value: float, reference: float) -> None:
    gap = stats.primal_gap(array(value), array(reference))
    assert 0 <= gap[0] <= 1
    assert gap == stats.primal_gap(array(reference), array(value))


def test_primal_integral() -> None:
    """The integral covers incumbents within the limit, a run without any, and one after the limit.

    Run 0 has gap 1 until 2 s, 0.5 until 6 s and 0.1 until 10 s. Run 1 has no incumbent. Run 2 is solved after
    its limit.
    """
    run, seconds = np.array([0, 0, 2]), array(2, 6, 30)
    drops = stats.gap_drops(run, array(0.5, 0.1, 0.0))
    assert drops == pytest.approx(array(0.5, 0.4, 1.0))
    integral = stats.primal_integral(run, seconds, drops, array(10, 20, 20))
    assert integral == pytest.approx(array(2 + 2 + 0.4, 20, 20))
    assert stats.mean_gap_at(seconds, drops, 3, array(0, 2, 7, 30)) == pytest.approx(
        array(1, 2.5 / 3, 2.1 / 3, 1.1 / 3)
    )


@given(st.floats(0, 1), st.floats(0.1, 100))
def test_the_integral_of_a_constant(gap: float, limit: float) -> None:
    run = np.array([0])
    drops = stats.gap_drops(run, array(gap))
    assert stats.primal_integral(run, array(0), drops, array(limit)) == pytest.approx(gap * limit)


def test_performance_profile() -> None:
    costs = array(1, 2, 4, 2, np.inf, 3, np.inf, np.inf).reshape(4, 2)
    ratios = stats.performance_ratios(costs)
    assert ratios.tolist() == [[1, 2], [2, 1], [np.inf, 1], [np.inf, np.inf]]
    at = array(1, 1.9, 2, 100)
    assert stats.share_until(ratios[:, 0], at).tolist() == [0.25, 0.25, 0.5, 0.5]
    assert stats.share_until(ratios[:, 1], at).tolist() == [0.5, 0.5, 0.75, 0.75]


@given(arrays(float, (7, 3), elements=st.sampled_from([0.5, 1.0, 3.0, 8.0, np.inf])))
def test_a_profile_rises_to_the_solved_share(costs: stats.Matrix) -> None:
    ratios, at = stats.performance_ratios(costs), np.geomspace(1, 16, 20)
    for own, ratio in zip(costs.T, ratios.T, strict=True):
        shares = stats.share_until(ratio, at)
        assert (np.diff(shares) >= 0).all()
        assert shares[-1] == pytest.approx(np.isfinite(own).mean())


def test_mcnemar() -> None:
    assert stats.mcnemar(0, 5) == pytest.approx(2 / 32)
    assert stats.mcnemar(3, 3) == 1
    assert np.isnan(stats.mcnemar(0, 0))


def test_wilcoxon() -> None:
    assert stats.wilcoxon(array(1, 2, 3, 0)) == pytest.approx(2 / 8)  # the zero does not count
    assert stats.wilcoxon(array(1, 1, -1)) == pytest.approx(1)  # ties: mid-ranks 2, 2, 2; P(W >= 4) = 1/2
    assert np.isnan(stats.wilcoxon(array(0, 0)))


@pytest.mark.parametrize("n", [4, 20, stats.MAX_EXACT_DIFFERENCES + 1])
def test_wilcoxon_as_in_scipy(n: int) -> None:
    values = np.random.default_rng(n).normal(0.3, 1, n)
    expected = scipy_stats.wilcoxon(
        values, method="exact" if n <= stats.MAX_EXACT_DIFFERENCES else "approx"
    ).pvalue
    assert stats.wilcoxon(values) == pytest.approx(expected)
    assert stats.wilcoxon(-values) == pytest.approx(expected)


def test_holm() -> None:
    assert stats.holm(array(0.01, 0.04, 0.03, np.nan)) == pytest.approx(
        array(0.03, 0.06, 0.06, np.nan), nan_ok=True
    )
    assert stats.holm(array(0.9, 0.8)).tolist() == [1, 1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_holm_keeps_the_order_and_never_lowers(p: list[float]) -> None:
    adjusted = stats.holm(array(*p))
    assert (adjusted >= array(*p) - 1e-15).all() and (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()


def test_bootstrap() -> None:
    assert stats.bootstrap_mean(array(2, 2, 2)) == (2, 2, 2)
    values = np.random.default_rng(1).normal(5, 1, 400)
    mean, low, high = stats.bootstrap_mean(values)
    assert mean == pytest.approx(values.mean())
    assert (low, high) == pytest.approx((mean - 1.96 / 20, mean + 1.96 / 20), abs=0.02)
    assert stats.bootstrap_mean(values) == (mean, low, high)  # same numbers, same interval
    assert np.isnan(stats.bootstrap_mean(array())).all()
