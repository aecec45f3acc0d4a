"""Configurations two by two: who finds more, who is faster, and whether that could be chance.

Runs are paired by instance and seed. What is averaged is averaged within an instance first, over its seeds,
and tested across instances: seeds of one instance are not independent, instances are taken to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from diffpump.bench.report.runs import Index, Mask, Runs
from diffpump.bench.report.stats import Matrix, bootstrap_mean, holm, mcnemar, wilcoxon
from diffpump.bench.report.tables import SECONDS, integrals
from diffpump.bench.report.text import NONE, Table, measured, p_value

CLEARLY = 1.1  # a first solution wins when it comes this many times sooner
TICK = 1e-3  # seconds; shorter times count as this
MANY = 12  # configurations up to which all pairs are made


@dataclass(frozen=True, eq=False)
class Ratio:
    """A geometric mean over instances of first / second, and the p value of its logarithms' signed ranks."""

    n: int
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, eq=False)
class Pair:
    """Two configurations on the pairs (instance, seed) that both ran."""

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
        """McNemar's, exact."""
        return mcnemar(self.only_first, self.only_second)


def pairs(runs: Runs, baseline: int | None) -> list[Pair]:
    """Every configuration against the baseline, or all pairs where there is none and they are few."""
    n = len(runs.configs)
    if baseline is not None:
        chosen = [(i, baseline) for i in range(n) if i != baseline]
    else:
        chosen = list(combinations(range(n), 2)) if n <= MANY else []
    found, instance = runs.spread(runs.found), runs.problem_instance
    seconds = np.log(np.maximum(runs.spread(np.where(runs.found, runs.first, np.nan)), TICK))
    iterations = np.log1p(runs.spread(runs.iterations))
    judged = np.where(np.isfinite(runs.gap), integrals(runs), np.nan)
    integral = np.log(runs.spread(judged) + SECONDS)

    def pair(i: int, j: int) -> Pair:
        both = np.isfinite(found[:, i]) & np.isfinite(found[:, j])
        first, second = found[both, i] == 1, found[both, j] == 1
        solved = both & (found[:, i] == 1) & (found[:, j] == 1)
        faster = (seconds[:, i] - seconds[:, j])[solved]
        only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
        return Pair(
            runs.configs[i],
            runs.configs[j],
            int(both.sum()),
            only_first,
            only_second,
            only_first + int((faster < -np.log(CLEARLY)).sum()),
            only_second + int((faster > np.log(CLEARLY)).sum()),
            _ratio(seconds, i, j, solved, instance),
            _ratio(iterations, i, j, solved, instance),
            _ratio(integral, i, j, both, instance),
        )

    return [pair(i, j) for i, j in chosen]


def _ratio(logs: Matrix, i: int, j: int, rows: Mask, instance: Index) -> Ratio:
    """Mean log ratio of the given problems, within instances first; problems without a number left out."""
    difference = logs[:, i] - logs[:, j]
    kept = rows & np.isfinite(difference)
    _, group, sizes = np.unique(instance[kept], return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=difference[kept], minlength=sizes.size) / np.maximum(sizes, 1)
    value, low, high = np.exp(bootstrap_mean(means))
    return Ratio(sizes.size, value, low, high, wilcoxon(means))


def tables(made: list[Pair], baseline: str | None) -> list[Table]:
    """Found or not, first solutions, iterations and primal integrals; p values adjusted within a column."""
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
            "Found or not, and who is first",
            ("first : second", "n pairs", "only the first found", "only the second found", "p, McNemar",
             "wins", "ties", "losses"),
            found,
            (
                f"Runs paired by instance and seed, {against}. McNemar's exact test on who found a solution "
                f"({adjusted}); it takes pairs as independent, which seeds of one instance are not quite.",
                f"A win: it alone found a solution, or its first one came {CLEARLY:g} times sooner.",
            ),
        )
    ]  # fmt: skip
    head = (
        "first : second",
        *(h for what in ("first solution (s / s)", "iterations", "integral (s / s)")
          for h in (f"n, {what.split(' (')[0]}", f"{what}, ratio and 95 % interval", "p")),
    )  # fmt: skip
    columns = [
        _column(made, part) for part in (lambda p: p.seconds, lambda p: p.iterations, lambda p: p.integral)
    ]
    rows = [[name, *(cell for column in columns for cell in column[k])] for k, name in enumerate(names)]
    notes = (
        "Ratio: geometric mean of first over second, with a bootstrap 95 % interval over instances; below "
        f"1 the first is better. p: Wilcoxon's signed ranks of the logarithms, two-sided ({adjusted}). n: "
        "instances; each counts with its mean over seeds.",
        "First solution and iterations + 1 where both found one; primal integral + "
        f"{SECONDS:g} s wherever an objective is known, found or not.",
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
