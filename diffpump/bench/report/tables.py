"""The tables over configurations: fails and iterations, commonly solved problems, means, primal gaps.

Every table has one row per configuration, in the same order. Every row says how many runs it covers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diffpump.bench.report.runs import DIED_STATUSES, TIME_LIMIT_STATUSES, Mask, Runs
from diffpump.bench.report.stats import mean, median, primal_integral, shifted_geomean
from diffpump.bench.report.text import NONE, Table, counted, measured, percent, ranges
from diffpump.core.arrays import Vector

# Shifts of the geometric means, in the unit of each quantity.
SECONDS_SHIFT, ITERATIONS_SHIFT, LP_ITERATIONS_SHIFT, GAP_SHIFT = 1.0, 10.0, 1000.0, 0.01
YARDSTICK_SHIFT = 0.001


def of_configs(runs: Runs) -> Iterator[tuple[str, Mask]]:
    """Yield each configuration's name and the mask of its runs."""
    for i, name in enumerate(runs.configs):
        yield name, runs.config == i


def limits(runs: Runs) -> str:
    """Return the different time limits of the runs as a text, such as "10/60 s"."""
    return "/".join(f"{value:.4g}" for value in np.unique(runs.limit[np.isfinite(runs.limit)])) + " s"


def fails(runs: Runs, name: str = "fails", title: str = "Fails and iterations") -> Table:
    """Return the paper's Table 3, in which a failed run counts with its iteration limit."""
    rows = []
    for config, mine in of_configs(runs):
        failed = mine & ~runs.found
        ended = [
            failed & np.isin(runs.status, statuses)
            for statuses in (TIME_LIMIT_STATUSES, ("iteration_limit",), DIED_STATUSES)
        ]
        counted_runs = mine & np.isfinite(runs.restarts) & np.isfinite(runs.iterations)
        restarts, iterations = runs.restarts[counted_runs], runs.iterations[counted_runs]
        ratio = restarts.sum() / max(1.0, iterations.sum()) if counted_runs.any() else np.nan
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
        "configuration", "runs", "instances", "fails", "fails (%)", "time limit", "iteration limit",
        "crashed, refused, memory", "other", "iterations, total", "restart ratio, total (%)",
        "restart ratio, mean (%)",
    )  # fmt: skip
    notes = (
        "As in the paper's Table 3: a run that fails counts with its iteration limit"
        + (f" ({caps})" if caps else "")
        + ", however it ended. The four columns after fails (%) count how these runs ended.",
        "Restart ratio: flips and perturbations divided by iterations, of all runs together and as the mean "
        "over runs.",
    )
    return Table(name, title, head, rows, notes)


def common(runs: Runs) -> Table:
    """Return iterations and seconds on the problems that all configurations solved."""
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
                measured(shifted_geomean(iterations, ITERATIONS_SHIFT)),
                measured(median(seconds)),
                measured(shifted_geomean(seconds, SECONDS_SHIFT)),
                measured(shifted_geomean(mine.lp_iterations[own], LP_ITERATIONS_SHIFT)),
            ]
        )
    head = (
        "configuration", "n", "iterations, total", "iterations, median",
        f"iterations, mean (shift {ITERATIONS_SHIFT:g})",
        "first solution, median (s)", f"first solution, mean (s, shift {SECONDS_SHIFT:g} s)",
        f"LP iterations, mean (shift {LP_ITERATIONS_SHIFT:g})",
    )  # fmt: skip
    problems_text = f"{n} of {problems.size} pairs (instance, seed), on {instances} instances"
    few_runs = "A configuration is left out if it has less than half as many runs as the one with the most."
    notes = (
        f"Solved by every configuration, with the same seed: {problems_text}. Means are shifted geometric.",
        *([] if runs.comparable.all() else [few_runs]),
    )
    return Table("common", "On commonly solved instances", head, rows, notes)


def means(runs: Runs) -> Table:
    """Return shifted geometric means over all runs, where a failed run counts with its limits."""
    seconds = np.where(runs.found, np.minimum(runs.first, runs.limit), runs.limit)
    rows = [
        [
            config,
            str(mine.sum()),
            measured(shifted_geomean(seconds[mine], SECONDS_SHIFT)),
            measured(shifted_geomean(runs.iterations_charged[mine], ITERATIONS_SHIFT)),
            str((mine & np.isfinite(runs.lp_iterations)).sum()),
            measured(shifted_geomean(_finite(runs.lp_iterations[mine]), LP_ITERATIONS_SHIFT)),
        ]
        for config, mine in of_configs(runs)
    ]
    head = (
        "configuration", "n", f"first solution (s, shift {SECONDS_SHIFT:g} s)",
        f"iterations (shift {ITERATIONS_SHIFT:g})",
        "n, LP iterations", f"LP iterations spent (shift {LP_ITERATIONS_SHIFT:g})",
    )  # fmt: skip
    notes = (
        f"Over all runs. A run that fails counts with its time limit ({limits(runs)}) and its iteration "
        "limit; LP iterations are those of the run, however it ended.",
    )
    return Table("means", "Shifted geometric means", head, rows, notes)


def gaps(runs: Runs) -> Table | None:
    """Return primal gaps and integrals on instances with a known objective, None if there are none."""
    with_gap = runs.only(np.isfinite(runs.gap))
    if not len(with_gap):
        return None
    share = integrals(with_gap) / with_gap.limit
    # 2 in place of 1 until the first solution.
    yardstick = share + np.minimum(with_gap.first, with_gap.limit) / with_gap.limit
    rows = []
    for config, mine in of_configs(with_gap):
        gap, integral = with_gap.gap[mine], (share * with_gap.limit)[mine]
        rows.append(
            [
                config,
                str(mine.sum()),
                str(np.unique(with_gap.instance[mine]).size),
                percent(mean(gap)),
                percent(median(gap)),
                percent(shifted_geomean(gap, GAP_SHIFT)),
                measured(mean(integral)),
                measured(shifted_geomean(integral, SECONDS_SHIFT)),
                percent(mean(share[mine])),
                measured(shifted_geomean(yardstick[mine], YARDSTICK_SHIFT)),
            ]
        )
    head = (
        "configuration", "n", "instances", "gap, mean (%)", "gap, median (%)",
        f"gap, geom. mean (%, shift {percent(GAP_SHIFT)} %)", "integral, mean (s)",
        f"integral, geom. mean (s, shift {SECONDS_SHIFT:g} s)", "integral over limit, mean (%)",
        f"P, geom. mean (shift {YARDSTICK_SHIFT:g})",
    )  # fmt: skip
    unknown = np.unique(runs.instance).size - np.unique(with_gap.instance).size
    notes = (
        f"Against the .solu file; {unknown} instances without a known objective are left out. Primal gap "
        "(Berthold 2013): 0 when equal, 100 % without a solution or with the other sign, else |v − v*| / "
        "max(|v|, |v*|) of the verified objective.",
        f"Primal integral: the gap over [0, {limits(with_gap)}], from verified incumbents. Unchecked "
        "incumbents count if the run's last solution was verified and is at least as good.",
        "P: the mean over time of the gap, with 2 in place of 1 before the first solution "
        "(mipfeas, by GAMS, Mittelmann, ZIB and NVIDIA, 2026).",
    )
    return Table("gaps", "Primal gap and primal integral", head, rows, notes)


def integrals(runs: Runs) -> Vector:
    """Return the primal integral of each run, in seconds."""
    return primal_integral(runs.drop_run, runs.drop_seconds, runs.drops, runs.limit)


def _finite(values: Vector) -> Vector:
    return values[np.isfinite(values)]
