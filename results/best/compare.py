"""Print the table of README.md: `python results/best/compare.py FOLDER BEST.solu`

FOLDER is a results folder beside this file. A row has the runs of a configuration, those that find a solution,
the mean gap of its first and of its last solution over the instances that all configurations solve, the seconds
to these, and the same gaps over the instances that it and the engine's arms without an LP solve, beside theirs.
Theirs are the first solutions of results/engine/minute and general, where such an arm found them. Gaps are
|z - z*| / max(|z|, |z*|).
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from diffpump.bench.report.stats import primal_gap
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import Store

HERE = Path(__file__).parent
LP_FREE = ("raw", "raw-fix", "raw-jump", "fix", "jump", "focused")
Record = dict[str, Any]


def records(folder: Path) -> list[Record]:
    return list(Store(folder).records().values())


def main(folder: str, solu: str) -> None:
    best = known_objectives(solu)

    def gap(record: Record, point: int) -> float:
        name, value = record["instance"]["name"], record["incumbents"][point]["objective"]
        return float(primal_gap(np.array(value, float), np.array(best[name])))

    free: dict[str, float] = {}
    for name in ("minute", "general"):
        for record in records(HERE.parent / "engine" / name):
            ours = record["label"] == "auto" and record["seed"] == 0 and record["found"]
            if ours and record["incumbents"][0]["arm"] in LP_FREE and record["instance"]["name"] in best:
                free[record["instance"]["name"]] = gap(record, 0)
    runs: dict[str, dict[str, Record]] = {}
    for record in records(HERE / folder):
        runs.setdefault(record["label"], {})[record["instance"]["name"]] = record
    instances = set.intersection(*(set(one) for one in runs.values()))
    common = sorted(
        name for name in instances if name in best and all(one[name]["found"] for one in runs.values())
    )
    print(
        f"{len(instances)} instances, {len(common)} solved by all with a known objective\n\n| | found | gap, first "
        "| last | seconds, first | last | solved by LP-free arms too | their gap | its, first | last |"
    )
    print("|---" * 10 + "|")
    for label, one in runs.items():
        shared = [one[name] for name in common]
        both = [one[name] for name in sorted(free) if name in instances and one[name]["found"]]
        theirs = fmean(free[record["instance"]["name"]] for record in both)
        print(
            f"| {label} | {sum(one[name]['found'] for name in instances)} "
            f"| {fmean(gap(r, 0) for r in shared):.3f} | {fmean(gap(r, -1) for r in shared):.3f} "
            f"| {fmean(r['incumbents'][0]['seconds'] for r in shared):.1f} "
            f"| {fmean(r['seconds']['total'] for r in shared):.1f} | {len(both)} | {theirs:.3f} "
            f"| {fmean(gap(r, 0) for r in both):.3f} | {fmean(gap(r, -1) for r in both):.3f} |"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
