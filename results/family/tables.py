"""Print the tables of this folder: `python results/family/tables.py best.solu > results/family/tables.md`

The program reads the results folders beside this file (README.md says how they were made). In an incomplete
batch a table has the instances of which every configuration has a record. Gaps are |z - z*| / max(|z|, |z*|)
against the .solu file, 0 where both are 0, and at most 1.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import primal_gap
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import Store

HERE = Path(__file__).parent
MOST = ("bertacco-2007", "mexi-2023", "fischetti-2009", "dey-2018", "baena-2011", "DP3r")
CUT = ("time_limit", "timeout", "memory", "crashed")  # the time limit or the machine ended the run
Record = Mapping[str, Any]
Runs = dict[tuple[str, int], Record]  # by instance and seed


def complete(runs: Mapping[str, Runs]) -> list[tuple[str, int]]:
    """Return the instances and seeds of which every configuration has a record."""
    return sorted(set.intersection(*(set(one) for one in runs.values()))) if runs else []


def gap(record: Record, known: Mapping[str, float]) -> float | None:
    """Return the gap of a record's solution, or None if no objective is known."""
    best = known.get(record["instance"]["name"])
    if best is None or not record["found"]:
        return None
    return float(primal_gap(np.array(record["objective"], float), np.array(best)))


def row(label: str, runs: Runs, keys: list[tuple[str, int]], common: list[tuple[str, int]],
        known: Mapping[str, float]) -> str:  # fmt: skip
    """Return the row of a configuration."""
    records = [runs[key] for key in keys]
    fails = [record for record in records if not record["found"]]
    cut = sum(record["status"] in CUT for record in fails)
    made = sum(record.get("iterations") or 0 for record in records)
    kicks = sum(sum((record.get("restarts") or {}).values()) for record in records)
    lp = sum(record.get("lp_iterations") or 0 for record in records)
    shared = [runs[key] for key in common]
    gaps = [g for g in (gap(record, known) for record in shared) if g is not None]
    return (
        f"| {label} | {len(records) - len(fails)} | {cut} | {made} | {kicks / max(1, made):.0%} | {lp / 1000:.0f} "
        f"| {sum(r['iterations'] for r in shared)} | {statistics.fmean(gaps) if gaps else float('nan'):.3f} |"
    )


def table(title: str, runs: Mapping[str, Runs], known: Mapping[str, float]) -> list[str]:
    """Return the table of configurations, with a line on what it stands on."""
    keys = complete(runs)
    common = [key for key in keys if all(one[key]["found"] for one in runs.values())]
    seeds = sorted({seed for _, seed in keys})
    return [
        f"## {title}", "",
        f"{len(keys)} runs each, seeds {', '.join(map(str, seeds))}; the last two columns are over the "
        f"{len(common)} runs that all solve.", "",
        "| | found | fails cut by the clock | iterations | restart ratio | LP iterations, thousands "
        "| iterations, on common | gap of the first solution, on common |",
        "|---|---|---|---|---|---|---|---|",
        *(row(label, runs[label], keys, common, known) for label in runs), "",
    ]  # fmt: skip


def grid(preset: str, runs: Mapping[str, Runs]) -> list[str]:
    """Return the table of a preset's two weights, each cell the fails and the iterations."""
    keys = complete(runs)
    weights = sorted({label.split("-")[1] for label in runs})
    lines = [
        f"## {preset} with eta = w_reg = 1", "",
        f"Fails / iterations of {len(keys)} runs, where a fail counts as 1000 iterations.", "",
        "| w_int \\ w_feas | " + " | ".join(weights) + " |", "|---|" + "---|" * len(weights),
    ]  # fmt: skip
    for first in weights:
        cells = []
        for second in weights:
            records = [runs[f"{preset}-{first}-{second}"][key] for key in keys]
            fails = sum(not record["found"] for record in records)
            total = sum(record["iterations"] if record["found"] else 1000 for record in records)
            cells.append(f"{fails} / {total}")
        lines.append(f"| {first} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def chosen(runs: Mapping[str, Runs], labels: Iterable[str]) -> dict[str, Runs]:
    """Return the runs of these labels, in this order."""
    return {label: runs[label] for label in labels if label in runs}


def of_seed(runs: Mapping[str, Runs], seed: int) -> dict[str, Runs]:
    """Return the runs of a seed, without configurations that have none."""
    own = {
        label: {key: record for key, record in one.items() if key[1] == seed} for label, one in runs.items()
    }
    return {label: one for label, one in own.items() if one}


def main(solu: str) -> None:
    known = known_objectives(solu)
    lines = [
        "# The family of pumps, measured",
        "",
        "Printed by `python results/family/tables.py best.solu`.",
        "",
    ]
    if (HERE / "general").is_dir():
        every = Store(HERE / "general").by_label()
        runs = of_seed(every, 0)
        order = [
            f"{preset}-{mode}"
            for preset in ("FP", "DP2", "DP4", "DP5")
            for mode in ("box", "aux", "periodic")
        ]
        lines += table("General integers", chosen(runs, order), known)
        if again := of_seed(every, 1):
            lines += table("General integers, a second seed", chosen(again, order), known)
    for name, title in (("presets", "Presets"), ("presets-general", "Presets on general integers")):
        if (HERE / name).is_dir():
            runs = Store(HERE / name).by_label()
            lines += table(title, of_seed(runs, 0), known)
            if again := of_seed(runs, 1):
                lines += table(f"{title}, a second seed of six", again, known)
    if (HERE / "presets-general").is_dir():
        runs = Store(HERE / "presets-general").by_label()
        lines += table("Six presets on all of general", chosen(of_seed(runs, 0), MOST), known)
    if (HERE / "revision").is_dir():
        runs = Store(HERE / "revision").by_label()
        for preset in ("DP4", "DP5"):
            labels = [one for one in runs if one.startswith(preset) and "width" not in one]
            lines += grid(preset, chosen(runs, sorted(labels)))
        widths = sorted((one for one in runs if "width" in one), key=lambda one: float(one.split("-")[-1]))
        lines += table("Width of the soft rounding", chosen(runs, widths), known)
    for name, title in (
        ("ingredients", "Ingredients"),
        ("slope", "The slope on continuous columns"),
        ("multipliers", "Row multipliers"),
    ):
        if (HERE / name).is_dir():
            runs = Store(HERE / name).by_label()
            lines += table(title, chosen(runs, sorted(runs)), known)
    print("\n".join(lines).rstrip())


if __name__ == "__main__":
    main(sys.argv[1])
