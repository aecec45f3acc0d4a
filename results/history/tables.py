"""Compare the sequences of records.jsonl: `python tables.py > tables.md`

The gap is |z - z*| / max(|z|, |z*|), z* the best objective that any method has found for the file, and 1 before the first
solution. The integral is that of the gap over the time limit. The first file of a series is left out. Ratios are to `cold` on the
same files; the interval of the integral's mean difference is 1.96 standard errors wide on both sides.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import gap_drops, primal_gap, primal_integral, shifted_geomean
from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
Record = dict[str, Any]


def integral(one: Record, best: float) -> float:
    """Return the primal integral in seconds."""
    points = [point for point in one["incumbents"] if point[0] <= one["limit"]]
    if not points:
        return float(one["limit"])
    seconds, values = np.array([point[0] for point in points]), np.array([point[1] for point in points])
    gaps = np.minimum.accumulate(primal_gap(values, np.array(best)))
    run = np.zeros(len(points), np.intp)
    return float(primal_integral(run, seconds, gap_drops(run, gaps), np.array([one["limit"]]))[0])


def main() -> None:
    every = read_objects(HERE / "records.jsonl")
    print("# The same model every day\n\nPrinted by `python tables.py`.")
    for limit in sorted({one["limit"] for one in every}):
        print(f"\n## {limit:g} s a file\n")
        print(
            "| series | method | files | found | first, s | gap at the end | integral, s | to cold | difference, s |\n"
            + "|---" * 9
            + "|"
        )
        for series in sorted({one["series"] for one in every}):
            own = [one for one in every if one["series"] == series and one["limit"] == limit]
            first = min(one["file"] for one in own)
            best: dict[str, float] = {}
            for one in own:
                for _, value, _ in one["incumbents"][-1:]:
                    best[one["file"]] = min(best.get(one["file"], np.inf), value)  # all series minimise
            by = {
                method: {one["file"]: one for one in own if one["method"] == method and one["file"] != first}
                for method in dict.fromkeys(one["method"] for one in own)
            }
            files = sorted(set.intersection(*(set(one) for one in by.values())) & set(best))
            cold = (
                np.array([integral(by["cold"][file], best[file]) for file in files]) if "cold" in by else None
            )
            for method, runs in by.items():
                areas = np.array([integral(runs[file], best[file]) for file in files])
                found = [file for file in files if runs[file]["incumbents"]]
                times = np.array([runs[file]["incumbents"][0][0] for file in found])
                gaps = [
                    primal_gap(np.array(runs[file]["incumbents"][-1][1]), np.array(best[file]))
                    for file in found
                ]
                cells = ["-", "-"]
                if cold is not None and method != "cold":
                    change = areas - cold
                    width = 1.96 * change.std(ddof=1) / len(files) ** 0.5
                    cells = [
                        f"{areas.mean() / cold.mean():.2f}",
                        f"{change.mean():+.2f} ({change.mean() - width:+.2f} to {change.mean() + width:+.2f})",
                    ]
                print(
                    f"| {series} | {method} | {len(files)} | {len(found)} | {shifted_geomean(times, 1.0) if found else np.nan:.2f} "
                    f"| {(sum(gaps) + len(files) - len(found)) / len(files):.1%} | {areas.mean():.2f} | {' | '.join(cells)} |"
                )


if __name__ == "__main__":
    main()
