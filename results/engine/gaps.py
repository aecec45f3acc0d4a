"""Print the gaps and primal integrals of README.md, from the records of `bench run` over a whole time limit.

    python gaps.py FOLDER BEST.solu      ours first, then the peers

gap        |z - z*| / max(|z|, |z*|), in [0, 1], 1 without a solution
integral   integral of the gap over the time limit, in seconds
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import gap_drops, primal_gap, primal_integral
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import read_objects

Record = dict[str, Any]
LISTED_DIFFERENCE = 0.2  # difference of gaps from which an instance is listed
LARGEST_GAPS = 10  # number of instances that are listed with their gaps


def records(folder: Path) -> dict[tuple[str, int], dict[str, Record]]:
    """Return the records of a folder by (label, seed), then by instance."""
    out: dict[tuple[str, int], dict[str, Record]] = {}
    for record in read_objects(folder / "records.jsonl"):
        out.setdefault((record["label"], record["seed"]), {})[record["instance"]["name"]] = record
    return out


def gap(record: Record, best: float) -> float:
    """Return the gap at the end of a run."""
    value = record["objective"] if record["found"] else np.nan
    return float(primal_gap(np.array(value, float), np.array(best)))


def integral(record: Record, best: float) -> float:
    """Return the primal integral of a run in seconds."""
    points, limit = record["incumbents"], record["limits"]["time"]
    if not record["found"]:
        return float(limit)
    seconds, values = (np.array([point[key] for point in points]) for key in ("seconds", "objective"))
    run = np.zeros(len(points), np.intp)
    drops = gap_drops(run, np.minimum.accumulate(primal_gap(values, np.array(best))))
    return float(primal_integral(run, seconds, drops, np.array([limit]))[0])


def main(folder: str, solu: str) -> None:
    """Print the tables."""
    best, every = known_objectives(solu), records(Path(folder))
    every = dict(sorted(every.items(), key=lambda item: next(iter(item[1].values()))["solver"] != "diffpump"))
    print("| | found | gap, mean | median | integral, mean | refused | latest end |\n" + "|---" * 7 + "|")
    for (label, seed), own in every.items():
        known = [(record, best[name]) for name, record in own.items() if name in best]
        gaps = np.array([gap(*pair) for pair in known])
        late = max(record["seconds"]["total"] - record["limits"]["time"] for record in own.values())
        refused = sum(record["claimed"]["found"] and not record["found"] for record in own.values())
        print(
            f"| {label}, seed {seed} | {sum(record['found'] for record in own.values())} of {len(own)} "
            f"| {gaps.mean():.1%} | {np.median(gaps):.1%} | {np.mean([integral(*pair) for pair in known]):.2f} s "
            f"| {refused} | {late:+.1f} s |"
        )
    ours, *peers = every.values()
    at = {name: gap(record, best[name]) for name, record in ours.items() if name in best}
    print("\nNot found:", *(name for name, record in ours.items() if not record["found"]))
    largest = sorted(at, key=lambda name: -at[name])[:LARGEST_GAPS]
    print(f"Largest gaps, {sum(at[n] for n in largest) / len(at):.1%} together:", end=" ")
    print(*(f"{name} {at[name]:.2f}" for name in largest), sep=", ")
    for (label, _), peer in zip(list(every)[1:], peers, strict=True):
        gain = {name: gap(peer[name], best[name]) - at[name] for name in at if name in peer}
        worse = [
            f"{name} ({at[name]:.2f}, {at[name] + d:.2f})"
            for name, d in gain.items()
            if d < -LISTED_DIFFERENCE
        ]
        print(
            f"{label} is better by more than {LISTED_DIFFERENCE} on {len(worse)}: {', '.join(worse)};",
            end=" ",
        )
        print(f"worse on {sum(d > LISTED_DIFFERENCE for d in gain.values())}")


if __name__ == "__main__":
    main(*sys.argv[1:])
