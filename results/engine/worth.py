"""Print the time and the gain of each arm, from the records of runs on instances with a known objective.

    python worth.py FOLDER BEST.solu [SECONDS]

With SECONDS only the runs whose root LP was solved in less than these count.
The gain is the part of the gap |z - z*| / max(|z|, |z*|), in [0, 1], that an arm's incumbents close, summed over
the runs, without the first solution's step. The last column weighs it with the share of the time that was left;
this is the reduction of the primal integral, in units of the time limit.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import primal_gap
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import read_objects


def root_seconds(record: dict[str, Any]) -> float:
    """Return the seconds that the arm `root` took, infinite if the LP was not solved."""
    arms = record["arms"]
    solved = "root" in arms and ("rens" in arms or "pump" in arms or "rins" in arms)  # which need its point
    return float(arms["root"]["seconds"]) if solved else np.inf


def main(folder: str, solu: str, under: str = "inf") -> None:
    """Print the table."""
    best = known_objectives(solu)
    slices, seconds, first = Counter[str](), Counter[str](), Counter[str]()
    closed, saved, runs = Counter[str](), Counter[str](), 0
    for record in read_objects(Path(folder) / "records.jsonl"):
        if record["solver"] != "diffpump" or record["instance"]["name"] not in best:
            continue
        if float(under) < np.inf and root_seconds(record) >= float(under):
            continue
        runs += 1
        limit, points = record["limits"]["time"], record["incumbents"]
        for arm, entry in record["arms"].items():
            slices[arm] += entry["slices"]
            seconds[arm] += entry["seconds"]
        if points:
            first[points[0]["arm"]] += 1
        values = np.array([point["objective"] for point in points])
        gaps = primal_gap(values, np.array(best[record["instance"]["name"]]))
        for point, drop in zip(points[1:], -np.diff(gaps), strict=True):
            closed[point["arm"]] += drop
            saved[point["arm"]] += drop * (1.0 - min(1.0, point["seconds"] / limit))
    print(f"{runs} runs\n\n| arm | slices | seconds | first | gap closed | in 100 s | of the integral |")
    print("|---" * 7 + "|")
    for arm, spent in seconds.most_common():
        rate = 100 * closed[arm] / spent if spent else 0.0
        print(
            f"| `{arm}` | {slices[arm]} | {spent:.0f} | {first[arm] or ''} | {closed[arm]:.2f} | {rate:.2f} "
            f"| {saved[arm]:.2f} |"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
