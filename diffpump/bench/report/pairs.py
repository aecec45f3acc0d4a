"""Comparison of pairs of configurations: solutions found, times, and the significance of differences.

Runs are paired by instance and seed. Averages are taken over the seeds of an instance first and tested across
instances, since seeds of one instance are not independent. Instances are assumed to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from diffpump.bench.report.runs import Index, Mask, Runs
from diffpump.bench.report.stats import Matrix, bootstrap_mean, holm, mcnemar, wilcoxon
from diffpump.bench.report.tables import SECONDS_SHIFT, integrals
from diffpump.bench.report.text import NONE, Table, measured, p_value

WIN_FACTOR = 1.1  # a first solution wins if the other one took more than this many times as long
MIN_SECONDS = 1e-3  # shorter times count as this
MAX_CONFIGS_FOR_ALL_PAIRS = 12  # with more, pairs are formed with a baseline only


@dataclass(frozen=True, eq=False)
class Ratio:
    """The geometric mean of first / second over n instances.

    low, high   its 95 % bootstrap interval
    p           of Wilcoxon's signed-rank test of the logarithms
    """

    n: int
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, eq=False)
class Pair:
    """Two configurations, compared on the n problems (instance, seed) that both ran.

    only_first, only_second         problems that only one of them solved
    wins, losses                    of the first configuration: only it found a solution, or much sooner
    seconds, iterations, integral   ratios: time to the first solution, iterations + 1, primal integral
    """

    first: str
    second: str
    n: int
    only_first: int
    only_second: int
    wins: int
    losses: int
    seconds: Ratio
    iterations: Ratio
    integral: Ratio

    @property
    def p_found(self) -> float:
        """The exact p value of McNemar's test on who found a solution."""
        return mcnemar(self.only_first, self.only_second)


def pairs(runs: Runs, baseline: int | None) -> list[Pair]:
    """Compare every configuration with the baseline (an index), or all pairs without a baseline.

    Without a baseline, more than MAX_CONFIGS_FOR_ALL_PAIRS configurations give no pairs.
    """
    n = len(runs.configs)
    if baseline is not None:
        chosen = [(i, baseline) for i in range(n) if i != baseline]
    else:
        chosen = list(combinations(range(n), 2)) if n <= MAX_CONFIGS_FOR_ALL_PAIRS else []
    found, instance = runs.spread(runs.found), runs.problem_instance
    seconds = np.log(np.maximum(runs.spread(np.where(runs.found, runs.first, np.nan)), MIN_SECONDS))
    iterations = np.log1p(runs.spread(runs.iterations))
    integral_seconds = np.where(np.isfinite(runs.gap), integrals(runs), np.nan)
    integral = np.log(runs.spread(integral_seconds) + SECONDS_SHIFT)

    def pair(i: int, j: int) -> Pair:
        both = np.isfinite(found[:, i]) & np.isfinite(found[:, j])
        first, second = found[both, i] == 1, found[both, j] == 1
        solved = both & (found[:, i] == 1) & (found[:, j] == 1)
        log_ratio = (seconds[:, i] - seconds[:, j])[solved]
        only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
        return Pair(
            runs.configs[i],
            runs.configs[j],
            int(both.sum()),
            only_first,
            only_second,
            only_first + int((log_ratio < -np.log(WIN_FACTOR)).sum()),
            only_second + int((log_ratio > np.log(WIN_FACTOR)).sum()),
            _ratio(seconds, i, j, solved, instance),
            _ratio(iterations, i, j, solved, instance),
            _ratio(integral, i, j, both, instance),
        )

    return [pair(i, j) for i, j in chosen]


def _ratio(logs: Matrix, i: int, j: int, rows: Mask, instance: Index) -> Ratio:
    """Return the mean ratio on the given problems, averaged within instances first; nan is left out."""
    difference = logs[:, i] - logs[:, j]
    kept = rows & np.isfinite(difference)
    _, group, sizes = np.unique(instance[kept], return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=difference[kept], minlength=sizes.size) / np.maximum(sizes, 1)
    value, low, high = np.exp(bootstrap_mean(means))
    return Ratio(sizes.size, value, low, high, wilcoxon(means))


def tables(made: list[Pair], baseline: str | None) -> list[Table]:
    """Return the table of solutions found and the table of ratios; p values are adjusted within a column."""
    if not made:
        return []
    against = f"each against {baseline}" if baseline else "every pair"
    adjusted = "Holm's correction within the column" if len(made) > 1 else "one pair, no correction"
    names = [f"{pair.first} : {pair.second}" for pair in made]
    found = [
        [name, str(p.n), str(p.only_first), str(p.only_second), text,
         str(p.wins), str(p.n - p.wins - p.losses), str(p.losses)]
        for name, p, text in zip(names, made, _p(made, lambda p: p.p_found), strict=True)
    ]  # fmt: skip
    out = [
        Table(
            "found",
            "Solutions found, and which came first",
            ("first : second", "n pairs", "only the first found", "only the second found", "p, McNemar",
             "wins", "ties", "losses"),
            found,
            (
                f"Runs paired by instance and seed, {against}. McNemar's exact test on who found a solution "
                f"({adjusted}); it assumes independent pairs, which seeds of one instance are not quite.",
                "A win of the first: only it found a solution, or the second took more than "
                f"{WIN_FACTOR:g} times as long.",
            ),
        )
    ]  # fmt: skip
    head = (
        "first : second",
        *(h for quantity in ("first solution (s / s)", "iterations", "integral (s / s)")
          for h in (f"n, {quantity.split(' (')[0]}", f"{quantity}, ratio and 95 % interval", "p")),
    )  # fmt: skip
    columns = [
        _column(made, part) for part in (lambda p: p.seconds, lambda p: p.iterations, lambda p: p.integral)
    ]
    rows = [[name, *(cell for column in columns for cell in column[k])] for k, name in enumerate(names)]
    notes = (
        "Ratio: geometric mean of first over second, with a bootstrap 95 % interval over instances; below "
        f"1 the first is better. p: Wilcoxon's signed ranks of the logarithms, two-sided ({adjusted}). n: "
        "instances; each counts with its mean over seeds.",
        "First solution and iterations + 1: problems that both solved. Primal integral + "
        f"{SECONDS_SHIFT:g} s: all problems with a known objective, solved or not.",
    )
    return [*out, Table("ratios", "Ratios", head, rows, notes)]


def _column(made: list[Pair], part: Callable[[Pair], Ratio]) -> list[list[str]]:
    ps = _p(made, lambda pair: part(pair).p)
    return [_cells(part(pair), p) for pair, p in zip(made, ps, strict=True)]


def _cells(ratio: Ratio, p: str) -> list[str]:
    if not ratio.n:
        return ["0", NONE, NONE]
    interval = f" ({measured(ratio.low)}–{measured(ratio.high)})" if ratio.n > 1 else ""
    return [str(ratio.n), measured(ratio.value) + interval, p]


def _p(made: list[Pair], value: Callable[[Pair], float]) -> list[str]:
    return [p_value(p) for p in holm(np.array([value(pair) for pair in made], float))]
