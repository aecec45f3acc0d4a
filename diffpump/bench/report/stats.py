"""The statistics of the report: pure functions on arrays, each with its formula and source.

Costs are positive, `inf` where a run did not succeed, `nan` where there is no number. Gaps lie in [0, 1].

    shifted geometric mean   exp(mean(log(v + s))) - s; Achterberg, Constraint Integer Programming, 2007
    primal gap, integral     Berthold, Measuring the impact of primal heuristics, OR Letters 41, 2013
    performance profile      Dolan and More, Benchmarking optimization software, Math. Program. 91, 2002
    McNemar                  McNemar, Psychometrika 12, 1947; exact: a binomial test of the discordant pairs
    Wilcoxon                 signed ranks, differences of zero left out; Biometrics Bulletin 1, 1945
    Holm                     Holm, Scandinavian Journal of Statistics 6, 1979
    bootstrap                percentiles of resampled means; Efron and Tibshirani 1993
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffpump.core.arrays import Vector

Matrix = NDArray[np.float64]
SAME = 1e-9  # objectives that differ by no more, absolutely or relatively, have gap 0
RESAMPLES = 2000  # of the bootstrap
EXACT = 300  # differences up to which signed ranks are counted exactly


def mean(values: Vector) -> float:
    """The mean; nan of nothing."""
    return float(values.mean()) if values.size else np.nan


def median(values: Vector) -> float:
    """The median; nan of nothing."""
    return float(np.median(values)) if values.size else np.nan


def shifted_geomean(values: Vector, shift: float) -> float:
    """exp(mean(log(v + shift))) - shift; nan of nothing.

    >>> shifted_geomean(np.array([0.0, 3.0]), 1.0)
    1.0
    """
    return float(np.exp(np.log(values + shift).mean()) - shift) if values.size else np.nan


def primal_gap(values: Vector, reference: Vector) -> Vector:
    """Berthold's gap: 0 when equal, 1 when there is no value (nan) or signs differ, else
    |v - r| / max(|v|, |r|). nan where the reference is."""
    values, reference = np.broadcast_arrays(values, reference)
    difference, size = np.abs(values - reference), np.maximum(np.abs(values), np.abs(reference))
    with np.errstate(invalid="ignore"):
        gap = np.where(values * reference < 0, 1.0, difference / np.where(size > 0, size, 1.0))
        gap[difference <= SAME * np.maximum(1.0, size)] = 0.0
    gap[np.isnan(values)] = 1.0
    return np.where(np.isnan(reference), np.nan, gap)


def gap_drops(run: NDArray[np.intp], gaps: Vector) -> Vector:
    """How far each incumbent lowers its run's gap, from 1 at the start; `run` is sorted, gaps fall in it."""
    before = np.roll(gaps, 1)
    before[np.flatnonzero(np.diff(run, prepend=-1))] = 1.0
    return before - gaps


def primal_integral(run: NDArray[np.intp], seconds: Vector, drops: Vector, limits: Vector) -> Vector:
    """Integral of every run's gap over [0, limit]: each drop of the gap saves its size for the time left."""
    saved = drops * np.maximum(limits[run] - seconds, 0.0)
    return limits - np.bincount(run, weights=saved, minlength=limits.size)


def mean_gap_at(seconds: Vector, drops: Vector, n: int, at: Vector) -> Vector:
    """Mean gap of n runs at the given times, from the drops of all of them."""
    order = np.argsort(seconds, kind="stable")
    fallen = np.concatenate([[0.0], np.cumsum(drops[order])])
    return 1.0 - fallen[np.searchsorted(seconds[order], at, side="right")] / n


def share_until(costs: Vector, at: Vector) -> Vector:
    """Share of costs that are <= each value of `at`: the empirical distribution function."""
    return np.searchsorted(np.sort(costs), at, side="right") / costs.size


def performance_ratios(costs: Matrix) -> Matrix:
    """(problems, solvers) -> each cost over the best one of its problem; inf where not solved."""
    best = costs.min(axis=1, keepdims=True, initial=np.inf)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(costs), costs / best, np.inf)


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p of as many discordant pairs; nan without any."""
    n = only_first + only_second
    return float(stats.binomtest(only_first, n).pvalue) if n else np.nan


def wilcoxon(differences: Vector) -> float:
    """Two-sided p of the signed ranks, zeros left out; nan of nothing.

    Exact, ties included: the distribution of the sum of doubled mid-ranks (whole numbers) over all signs.
    """
    kept = differences[differences != 0]
    if not kept.size:
        return np.nan
    if kept.size > EXACT:
        return float(stats.wilcoxon(kept, method="approx").pvalue)
    doubled = np.rint(2 * stats.rankdata(np.abs(kept))).astype(int)
    chance = np.zeros(doubled.sum() + 1)
    chance[0] = 1.0
    for rank in doubled:
        chance[rank:] += chance[:-rank].copy()
        chance /= 2
    positive = int(doubled[kept > 0].sum())
    tail = min(chance[: positive + 1].sum(), chance[positive:].sum())
    return float(min(1.0, 2 * tail))


def bootstrap_mean(values: Vector, seed: int = 0, level: float = 0.95) -> tuple[float, float, float]:
    """The mean with the percentile interval of its resamples; nan of nothing."""
    if not values.size:
        return np.nan, np.nan, np.nan
    rng = np.random.default_rng(seed)
    means = values[rng.integers(values.size, size=(RESAMPLES, values.size))].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)


def holm(p: Vector) -> Vector:
    """p values adjusted for their number (step-down); nan stay and do not count."""
    out = np.full(p.shape, np.nan)
    order = np.argsort(p)[: int(np.isfinite(p).sum())]
    factors = np.arange(order.size, 0, -1)
    out[order] = np.minimum(1.0, np.maximum.accumulate(factors * p[order]))
    return out
