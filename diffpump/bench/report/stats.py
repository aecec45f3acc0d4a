"""The statistics of the report: pure functions on arrays, each with its formula and source.

Costs are positive, `inf` for a run without success and `nan` for a missing number. Gaps lie in [0, 1].

    shifted geometric mean   exp(mean(log(v + s))) - s; Achterberg, Constraint Integer Programming, 2007
    primal gap, integral     Berthold, Measuring the impact of primal heuristics, OR Letters 41, 2013
    performance profile      Dolan and More, Benchmarking optimization software, Math. Program. 91, 2002
    McNemar                  McNemar, Psychometrika 12, 1947; exact: a binomial test of the discordant pairs
    Wilcoxon                 signed ranks without zero differences; Biometrics Bulletin 1, 1945
    Holm                     Holm, Scandinavian Journal of Statistics 6, 1979
    bootstrap                percentiles of resampled means; Efron and Tibshirani 1993
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffpump.core.arrays import Vector

Matrix = NDArray[np.float64]
GAP_TOLERANCE = 1e-9  # objectives that differ by at most this, absolutely or relatively, have gap 0
RESAMPLES = 2000  # samples of the bootstrap
MAX_EXACT_DIFFERENCES = 300  # of an exact Wilcoxon test; with more, the normal approximation is used


def mean(values: Vector) -> float:
    """Return the mean, nan for no values."""
    return float(values.mean()) if values.size else np.nan


def median(values: Vector) -> float:
    """Return the median, nan for no values."""
    return float(np.median(values)) if values.size else np.nan


def shifted_geomean(values: Vector, shift: float) -> float:
    """Return exp(mean(log(v + shift))) - shift, nan for no values.

    >>> shifted_geomean(np.array([0.0, 3.0]), 1.0)
    1.0
    """
    return float(np.exp(np.log(values + shift).mean()) - shift) if values.size else np.nan


def primal_gap(values: Vector, reference: Vector) -> Vector:
    """Return Berthold's primal gap of each value v (n,) to its reference r (n,).

    It is 0 if v = r, 1 if v is missing (nan) or the signs differ, else |v - r| / max(|v|, |r|). It is nan if
    the reference is nan.
    """
    values, reference = np.broadcast_arrays(values, reference)
    difference, size = np.abs(values - reference), np.maximum(np.abs(values), np.abs(reference))
    with np.errstate(invalid="ignore"):
        gap = np.where(values * reference < 0, 1.0, difference / np.where(size > 0, size, 1.0))
        gap[difference <= GAP_TOLERANCE * np.maximum(1.0, size)] = 0.0
    gap[np.isnan(values)] = 1.0
    return np.where(np.isnan(reference), np.nan, gap)


def gap_drops(run: NDArray[np.intp], gaps: Vector) -> Vector:
    """Return by how much each incumbent lowers the gap of its run, which begins at 1.

    run    the run of each incumbent, sorted
    gaps   after each incumbent, decreasing within a run
    """
    before = np.roll(gaps, 1)
    before[np.flatnonzero(np.diff(run, prepend=-1))] = 1.0
    return before - gaps


def primal_integral(run: NDArray[np.intp], seconds: Vector, drops: Vector, limits: Vector) -> Vector:
    """Return the integral of each run's gap over [0, limit] in seconds.

    It is limit - sum_k drop_k (limit - t_k)+, since each drop of the gap lasts for the rest of the time.

    run       the run of each incumbent (k,)
    seconds   the time of each incumbent (k,)
    drops     by how much it lowers the gap (k,)
    limits    the time limit of each run (n,), in seconds
    """
    reduction = drops * np.maximum(limits[run] - seconds, 0.0)
    return limits - np.bincount(run, weights=reduction, minlength=limits.size)


def mean_gap_at(seconds: Vector, drops: Vector, n: int, at: Vector) -> Vector:
    """Return the mean gap of n runs at the times `at`, from the times and drops of all their incumbents."""
    order = np.argsort(seconds, kind="stable")
    total_drop = np.concatenate([[0.0], np.cumsum(drops[order])])
    return 1.0 - total_drop[np.searchsorted(seconds[order], at, side="right")] / n


def share_until(costs: Vector, at: Vector) -> Vector:
    """Return the share of costs that are <= each value of `at`: the empirical distribution function."""
    return np.searchsorted(np.sort(costs), at, side="right") / costs.size


def performance_ratios(costs: Matrix) -> Matrix:
    """Return each cost divided by the best cost of its problem, inf if the solver failed on it.

    `costs` and the result have the shape (problems, solvers).
    """
    best = costs.min(axis=1, keepdims=True, initial=np.inf)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(costs), costs / best, np.inf)


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided exact p value of McNemar's test; nan without discordant pairs.

    only_first, only_second   the numbers of discordant pairs: only the first (second) solver succeeded
    """
    n = only_first + only_second
    return float(stats.binomtest(only_first, n).pvalue) if n else np.nan


def wilcoxon(differences: Vector) -> float:
    """Return the two-sided p value of Wilcoxon's signed-rank test without zeros; nan if none are left.

    The test is exact, also with ties, for up to MAX_EXACT_DIFFERENCES: it computes the distribution of the
    sum of doubled mid-ranks, which are integers, over all signs.
    """
    nonzero = differences[differences != 0]
    if not nonzero.size:
        return np.nan
    if nonzero.size > MAX_EXACT_DIFFERENCES:
        return float(stats.wilcoxon(nonzero, method="approx").pvalue)
    doubled = np.rint(2 * stats.rankdata(np.abs(nonzero))).astype(int)
    probability = np.zeros(doubled.sum() + 1)  # of each sum of positive ranks
    probability[0] = 1.0
    for rank in doubled:
        probability[rank:] += probability[:-rank].copy()
        probability /= 2
    positive = int(doubled[nonzero > 0].sum())
    tail = min(probability[: positive + 1].sum(), probability[positive:].sum())
    return float(min(1.0, 2 * tail))


def bootstrap_mean(values: Vector, seed: int = 0, level: float = 0.95) -> tuple[float, float, float]:
    """Return the mean and the bounds of its bootstrap percentile interval; all nan for no values."""
    if not values.size:
        return np.nan, np.nan, np.nan
    rng = np.random.default_rng(seed)
    means = values[rng.integers(values.size, size=(RESAMPLES, values.size))].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(values.mean()), float(low), float(high)


def holm(p: Vector) -> Vector:
    """Return p values adjusted by Holm's step-down method; nan values stay and are not counted."""
    out = np.full(p.shape, np.nan)
    order = np.argsort(p)[: int(np.isfinite(p).sum())]
    factors = np.arange(order.size, 0, -1)
    out[order] = np.minimum(1.0, np.maximum.accumulate(factors * p[order]))
    return out
