"""Compare the sequences of records.jsonl: `python tables.py > tables.md`

The gap is |z - z*| / max(|z|, |z*|), z* the best objective that any method has found for the file, and 1 before the first
solution. The integral is that of the gap over the time limit. The first file of a series is left out, and a second table has the
files after those that a network was trained on. Times and integrals are shifted geometric means (shifts 1 and 0.1 s). A ratio is the
geometric mean of (integral + 0.1 s) over the same of `cold`, paired by file, with the 95 % interval of its logarithm.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from measure import TRAINING

from diffpump.bench.report.stats import gap_drops, primal_gap, primal_integral, shifted_geomean
from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
SHIFT = 0.1  # seconds, of integrals
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


def table(every: list[Record]) -> None:
    """Print the lines of runs with one limit, whose methods all have the same files."""
    print(
        "| series | method | files | found | first, s | gap at the end | integral, s | ratio to cold |\n"
        + "|---" * 8
        + "|"
    )
    for series in sorted({one["series"] for one in every}):
        own = [one for one in every if one["series"] == series]
        best: dict[str, float] = {}
        for one in own:
            for _, value, _ in one["incumbents"]:
                best[one["file"]] = min(best.get(one["file"], np.inf), value)  # all series minimise
        by = {
            method: {one["file"]: one for one in own if one["method"] == method}
            for method in dict.fromkeys(one["method"] for one in own)
        }
        files = sorted(set.intersection(*(set(one) for one in by.values())) & set(best))
        areas = {m: np.array([integral(runs[file], best[file]) for file in files]) for m, runs in by.items()}
        for method, runs in by.items():
            found = [file for file in files if runs[file]["incumbents"]]
            times = np.array([runs[file]["incumbents"][0][0] for file in found])
            gaps = [
                primal_gap(np.array(runs[file]["incumbents"][-1][1]), np.array(best[file])) for file in found
            ]
            ratio = "-"
            if method != "cold":
                change = np.log((areas[method] + SHIFT) / (areas["cold"] + SHIFT))
                width = 1.96 * change.std(ddof=1) / len(files) ** 0.5
                low, middle, high = np.exp(change.mean() + np.array((-width, 0.0, width)))
                ratio = f"{middle:.2f} ({low:.2f} to {high:.2f})"
            print(
                f"| {series} | {method} | {len(files)} | {len(found)} "
                f"| {shifted_geomean(times, 1.0) if found else np.nan:.2f} "
                f"| {(sum(gaps) + len(files) - len(found)) / len(files):.1%} "
                f"| {shifted_geomean(areas[method], SHIFT):.2f} | {ratio} |"
            )


def main() -> None:
    """Print two tables for each limit."""
    every = read_objects(HERE / "records.jsonl")
    print("# The same model every day\n\nPrinted by `python tables.py`.")
    for limit in sorted({one["limit"] for one in every}):
        own = [one for one in every if one["limit"] == limit and number(one) > 1]
        print(f"\n## {limit:g} s a file\n")
        table([one for one in own if one["method"] != "learned"])
        trained = {one["series"] for one in own if one["method"] == "learned"}
        if trained:
            print(f"\nThe files after the first {TRAINING}:\n")
            table([one for one in own if one["series"] in trained and number(one) > TRAINING])


def number(one: Record) -> int:
    """Return the place of a run's file in its series, from 1; names end with it, as in `bnd_s1_i07.mps.gz`."""
    return int(one["file"].removesuffix(".mps.gz").rpartition("i")[2])


if __name__ == "__main__":
    main()
