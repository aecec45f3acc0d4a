"""The tables over configurations: fails and iterations, commonly solved, means, primal gaps.

A row a configuration, in the same order everywhere. Every row says over how many runs it is taken.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.bench.report.runs import CLOCK, DIED, Mask, Runs
from diffpump.bench.report.stats import mean, median, primal_integral, shifted_geomean
from diffpump.bench.report.text import NONE, Table, counted, measured, percent, ranges
from diffpump.core.arrays import Vector

SECONDS, ITERATIONS, LP_ITERATIONS, GAP = 1.0, 10.0, 1000.0, 0.01  # shifts of the geometric means


def of_configs(runs: Runs) -> Iterator[tuple[str, Mask]]:
    """Each configuration's name and its runs."""
    for i, name in enumerate(runs.configs):
        yield name, runs.config == i


def limits(runs: Runs) -> str:
    """The time limits of the runs, in words."""
    return "/".join(f"{value:.4g}" for value in np.unique(runs.limit[np.isfinite(runs.limit)])) + " s"


def fails(runs: Runs, name: str = "fails", title: str = "Fails and iterations") -> Table:
    """The paper's Table 3: a fail counts as the iteration limit."""
    rows = []
    for config, mine in of_configs(runs):
        failed = mine & ~runs.found
        ended = [failed & np.isin(runs.status, kind) for kind in (CLOCK, ("iteration_limit",), DIED)]
        told = mine & np.isfinite(runs.restarts) & np.isfinite(runs.iterations)
        restarts, iterations = runs.restarts[told], runs.iterations[told]
        ratio = restarts.sum() / max(1.0, iterations.sum()) if told.any() else np.nan
        rows.append(
            [
                config,
                str(mine.sum()),
                str(np.unique(runs.instance[mine]).size),
                str(failed.sum()),
                percent(failed.sum() / mine.sum()) if mine.any() else percent(np.nan),
                *(str(part.sum()) for part in ended),
                str(failed.sum() - sum(part.sum() for part in ended)),
                counted(runs.iterations_charged[mine].sum() if mine.any() else np.nan),
                percent(ratio),
                percent(mean(restarts / np.maximum(1.0, iterations))),
            ]
        )
    caps = ranges(int(v) for v in np.unique(runs.max_iter[np.isfinite(runs.max_iter)]))
    head = (
        "configuration", "runs", "instances", "fails", "fails (%)", "cut by the clock", "iteration limit",
        "crashed, refused, memory", "other", "iterations, total", "restart ratio, total (%)",
        "restart ratio, mean (%)",
    )  # fmt: skip
    notes = (
        "As in the paper's Table 3: a run that fails counts with its iteration limit"
        + (f" ({caps})" if caps else "")
        + ", however it ended. The four columns after fails (%) say how.",
        "Restart ratio: flips and perturbations over iterations, all runs together and the mean over runs.",
    )
    return Table(name, title, head, rows, notes)


def common(runs: Runs) -> Table:
    """Only problems that all configurations solved: iterations and seconds that compare."""
    problems = np.unique(runs.problem)
    solved = (runs.spread(runs.found) == 1)[:, runs.comparable].all(axis=1)
    mine = runs.only(np.isin(runs.problem, problems[solved]))
    n, instances = int(solved.sum()), np.unique(mine.instance).size
    rows = []
    for (config, own), compared in zip(of_configs(mine), runs.comparable, strict=True):
        if not compared:
            rows.append([config, *[NONE] * 7])
            continue
        iterations, seconds = mine.iterations[own], mine.first[own]
        rows.append(
            [
                config,
                str(n),
                counted(iterations.sum() if n else np.nan),
                counted(median(iterations)),
                measured(shifted_geomean(iterations, ITERATIONS)),
                measured(median(seconds)),
                measured(shifted_geomean(seconds, SECONDS)),
                measured(shifted_geomean(mine.lp_iterations[own], LP_ITERATIONS)),
            ]
        )
    head = (
        "configuration", "n", "iterations, total", "iterations, median",
        f"iterations, mean (shift {ITERATIONS:g})",
        "first solution, median (s)", f"first solution, mean (s, shift {SECONDS:g} s)",
        f"LP iterations, mean (shift {LP_ITERATIONS:g})",
    )  # fmt: skip
    problems_text = f"{n} of {problems.size} pairs (instance, seed), on {instances} instances"
    notes = (
        f"Solved by every configuration, with the same seed: {problems_text}. Means are shifted geometric.",
        *([] if runs.comparable.all() else ["A configuration with less than half of the runs is left out."]),
    )
    return Table("common", "On commonly solved instances", head, rows, notes)


def means(runs: Runs) -> Table:
    """Shifted geometric means over all runs, fails at their limits."""
    seconds = np.where(runs.found, np.minimum(runs.first, runs.limit), runs.limit)
    rows = [
        [
            config,
            str(mine.sum()),
            measured(shifted_geomean(seconds[mine], SECONDS)),
            measured(shifted_geomean(runs.iterations_charged[mine], ITERATIONS)),
            str((mine & np.isfinite(runs.lp_iterations)).sum()),
            measured(shifted_geomean(_finite(runs.lp_iterations[mine]), LP_ITERATIONS)),
        ]
        for config, mine in of_configs(runs)
    ]
    head = (
        "configuration", "n", f"first solution (s, shift {SECONDS:g} s)",
        f"iterations (shift {ITERATIONS:g})",
        "n, LP iterations", f"LP iterations spent (shift {LP_ITERATIONS:g})",
    )  # fmt: skip
    notes = (
        f"Over all runs. A fail counts with its time limit ({limits(runs)}) and its iteration limit; "
        "LP iterations are those that were spent, wherever the run ended.",
    )
    return Table("means", "Shifted geometric means", head, rows, notes)


def gaps(runs: Runs) -> Table | None:
    """Primal gap and primal integral, where an objective is known; None where none is."""
    judged = runs.only(np.isfinite(runs.gap))
    if not len(judged):
        return None
    share = integrals(judged) / judged.limit
    rows = []
    for config, mine in of_configs(judged):
        gap, integral = judged.gap[mine], (share * judged.limit)[mine]
        rows.append(
            [
                config,
                str(mine.sum()),
                str(np.unique(judged.instance[mine]).size),
                percent(mean(gap)),
                percent(median(gap)),
                percent(shifted_geomean(gap, GAP)),
                measured(mean(integral)),
                measured(shifted_geomean(integral, SECONDS)),
                percent(mean(share[mine])),
            ]
        )
    head = (
        "configuration", "n", "instances", "gap, mean (%)", "gap, median (%)",
        f"gap, geom. mean (%, shift {percent(GAP)} %)", "integral, mean (s)",
        f"integral, geom. mean (s, shift {SECONDS:g} s)", "integral over limit, mean (%)",
    )  # fmt: skip
    unknown = np.unique(runs.instance).size - np.unique(judged.instance).size
    notes = (
        f"Against the .solu file; {unknown} instances without a known objective are left out. Primal gap "
        "(Berthold 2013): 0 when equal, 100 % without a solution or with the other sign, else |v − v*| / "
        "max(|v|, |v*|) of the verified objective.",
        f"Primal integral: the gap over [0, {limits(judged)}], from verified incumbents; a solver's "
        "unchecked ones count where its last solution was verified, as far as they claim no more than that.",
    )
    return Table("gaps", "Primal gap and primal integral", head, rows, notes)


def integrals(runs: Runs) -> Vector:
    """The primal integral of each run, in seconds."""
    return primal_integral(runs.drop_run, runs.drop_seconds, runs.drops, runs.limit)


def _finite(values: Vector) -> Vector:
    return values[np.isfinite(values)]
