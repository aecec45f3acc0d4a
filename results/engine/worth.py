"""What the engine's arms cost and brought, from the records of runs with their gaps known.

    python worth.py FOLDER BEST.solu

Gap |z - z*| / max(|z|, |z*|), in [0, 1]: what an arm's incumbents closed of it, summed over the runs, without the
first solution's step; and the same weighed with the share of the time that was left, which is what it took from
the primal integral.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from gaps import best_known

from diffpump.bench.report.stats import primal_gap


def main(folder: str, solu: str) -> None:
    """Print the table."""
    best = best_known(solu)
    slices, seconds, first = Counter[str](), Counter[str](), Counter[str]()
    closed, saved, runs = Counter[str](), Counter[str](), 0
    for line in (Path(folder) / "records.jsonl").read_text().splitlines():
        record = json.loads(line)
        if record["solver"] != "diffpump" or record["instance"]["name"] not in best:
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
