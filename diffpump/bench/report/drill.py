"""Details of single runs: an overview of instances x configurations, then each instance's runs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from diffpump.bench.report.names import Record
from diffpump.bench.report.runs import Index, Runs, end_seconds, number
from diffpump.bench.report.stats import median
from diffpump.bench.report.text import NONE, Table, counted, measured, objective, percent
from diffpump.core.arrays import Vector

SHOWN_INCUMBENTS = 3  # at the beginning and at the end of a run's list
RUN_HEAD = (
    "seed", "status", "claimed", "verified", "gap (%)", "iterations", "first solution (s)", "total (s)",
    "incumbents (s: objective)",
)  # fmt: skip
SHORT_STATUS = {"iteration_limit": "iterations", "time_limit": "time limit", "timeout": "time limit (killed)"}


@dataclass(frozen=True)
class Config:
    """The runs of a configuration on an instance: a summary (as CONFIG_HEAD) and each run (as RUN_HEAD)."""

    cells: Sequence[str]
    runs: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Instance:
    """An instance and its runs.

    about      its size and known objective, as text
    overview   a cell for each configuration
    found      "all", "some", "none" or "missing" for each configuration: the runs with a solution
    configs    the configurations that ran it
    tuned      whether a configuration was tuned on it
    """

    name: str
    about: str
    overview: Sequence[str]
    found: Sequence[str]
    configs: Sequence[Config]
    tuned: bool = False


CONFIG_HEAD = (
    "configuration", "found", "fails", "objective, median", "best", "gap, median (%)", "iterations, median",
    "first solution, median (s)", "total, median (s)",
)  # fmt: skip


def instances(runs: Runs, tuned: frozenset[int] = frozenset()) -> Iterator[Instance]:
    """Yield every instance with its runs; `tuned` has the indices of instances that were tuned on."""
    cut = np.flatnonzero(np.diff(runs.instance * (len(runs.configs) + 1) + runs.config)) + 1
    groups = {
        (runs.instance[g[0]], runs.config[g[0]]): g for g in np.split(np.arange(len(runs)), cut) if g.size
    }
    objectives = np.array(
        [number(r.get("objective")) if r.get("found") else math.nan for r in runs.records], float
    )
    totals = np.array([end_seconds(row) for row in runs.records], float)
    for at, name in enumerate(runs.instances):
        cells, kinds, configs = [], [], []
        for config, label in enumerate(runs.configs):
            mine = groups.get((at, config))
            if mine is None:
                cells.append(NONE)
                kinds.append("missing")
                continue
            k = int(runs.found[mine].sum())
            kinds.append("all" if k == mine.size else "some" if k else "none")
            cells.append(_overview(runs, mine, k))
            line = [label, *_line(runs, mine, objectives, totals)]
            configs.append(Config(line, [_run(runs, i, totals) for i in mine.tolist()]))
        yield Instance(name, _about(runs, at), cells, kinds, configs, at in tuned)


def _overview(runs: Runs, mine: Index, found: int) -> str:
    if found:
        detail = measured(median(runs.first[mine][runs.found[mine]]), " s")
    else:
        status = Counter(runs.status[mine].tolist()).most_common(1)[0][0]
        detail = SHORT_STATUS.get(status, status.replace("_", " "))
    return f"{found}/{mine.size} {detail}"


def _line(runs: Runs, mine: Index, objectives: Vector, totals: Vector) -> list[str]:
    found = runs.found[mine]
    values = objectives[mine][found]
    ends = Counter(SHORT_STATUS.get(s, s.replace("_", " ")) for s in runs.status[mine][~found].tolist())
    best = max if runs.records[mine[0]].get("sense") == "maximise" else min
    return [
        f"{found.sum()}/{mine.size}",
        ", ".join(f"{end}: {n}" for end, n in ends.most_common()) or NONE,
        objective(median(values)),
        objective(best(values.tolist(), default=math.nan)),
        percent(median(runs.gap[mine])),
        counted(median(runs.iterations[mine])),
        measured(median(runs.first[mine][found])),
        measured(median(totals[mine])),
    ]


def _run(runs: Runs, i: int, totals: Vector) -> list[str]:
    row = runs.records[i]
    claimed = row.get("claimed") or {}
    return [
        NONE if row.get("seed") is None else str(row["seed"]),
        str(row.get("status")).replace("_", " "),
        objective(number(claimed.get("objective")) if claimed.get("found") else math.nan),
        objective(number(row.get("objective")) if runs.found[i] else math.nan),
        percent(runs.gap[i]),
        counted(runs.iterations[i]),
        measured(runs.first[i]),
        measured(totals[i]),
        _incumbents(row),
    ]


def _incumbents(row: Record) -> str:
    """Return the first and the last incumbents; `?` marks unchecked ones, `×` those the check refused."""
    points = row.get("incumbents") or []
    few = len(points) <= 2 * SHOWN_INCUMBENTS
    shown = points if few else [*points[:SHOWN_INCUMBENTS], *points[-SHOWN_INCUMBENTS:]]
    texts = [_incumbent(point) for point in shown]
    if not few:
        texts.insert(SHOWN_INCUMBENTS, f"… {len(points) - 2 * SHOWN_INCUMBENTS} more …")
    return ", ".join(texts) or NONE


def _incumbent(point: Record) -> str:
    mark = " ?" if (verified := point.get("verified")) is None else "" if verified else " ×"
    return f"{measured(number(point.get('seconds')))}: {objective(number(point.get('objective')))}{mark}"


def _about(runs: Runs, at: int) -> str:
    """Return the instance's sizes, from any record that has them, and its known objective."""
    rows = (runs.records[int(i)].get("instance") or {} for i in np.flatnonzero(runs.instance == at))
    about = next((row for row in rows if row.get("rows") is not None), {})
    sizes = [
        f"{about[key]} {key if key != 'integers' else 'general integers'}"
        for key in ("rows", "columns", "binaries", "integers", "nonzeros")
        if about.get(key)
    ]
    known = runs.known[at]
    if known is not None:
        sizes.append(f"={known.status}=" + ("" if known.value is None else f" {objective(known.value)}"))
    return ", ".join(sizes)


def overview(made: Sequence[Instance], configs: Sequence[str]) -> Table:
    """Return the table of instances x configurations: runs with a solution, and the median seconds to it."""
    rows = [[row.name + (" †" if row.tuned else ""), *row.overview] for row in made]
    notes = (
        "Runs with a solution / all runs, and the median seconds to the first solution; without any "
        "solution, the most frequent status.",
    )
    return Table("overview", "Instances at a glance", ("instance", *configs), rows, notes)
