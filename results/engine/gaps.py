"""Gaps and primal integrals, from the records of `bench run` for a whole time limit: the tables of README.md.

    python gaps.py FOLDER BEST.solu      ours first, then the peers

gap        |z - z*| / max(|z|, |z*|), in [0, 1], 1 without a solution
integral   of the gap over the limit, in seconds
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import gap_drops, primal_gap, primal_integral
from diffpump.bench.solu import read_solu

Record = dict[str, Any]
FAR = 0.2  # a difference of gaps to be told
MOST = 10  # instances to be told


def best_known(solu: str) -> dict[str, float]:
    """By instance."""
    return {name: known.value for name, known in read_solu(Path(solu)).items() if known.value is not None}


def records(folder: Path) -> dict[tuple[str, int], dict[str, Record]]:
    """By label and seed, by instance."""
    out: dict[tuple[str, int], dict[str, Record]] = {}
    for record in map(json.loads, (folder / "records.jsonl").read_text().splitlines()):
        out.setdefault((record["label"], record["seed"]), {})[record["instance"]["name"]] = record
    return out


def gap(record: Record, best: float) -> float:
    """At the end."""
    value = record["objective"] if record["found"] else np.nan
    return float(primal_gap(np.array(value, float), np.array(best)))


def integral(record: Record, best: float) -> float:
    """In seconds."""
    points, limit = record["incumbents"], record["limits"]["time"]
    if not record["found"]:
        return float(limit)
    seconds, values = (np.array([point[key] for point in points]) for key in ("seconds", "objective"))
    run = np.zeros(len(points), np.intp)
    drops = gap_drops(run, np.minimum.accumulate(primal_gap(values, np.array(best))))
    return float(primal_integral(run, seconds, drops, np.array([limit]))[0])


def main(folder: str, solu: str) -> None:
    """Print the tables."""
    best, every = best_known(solu), records(Path(folder))
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
    largest = sorted(at, key=lambda name: -at[name])[:MOST]
    print(f"Largest gaps, {sum(at[n] for n in largest) / len(at):.1%} together:", end=" ")
    print(*(f"{name} {at[name]:.2f}" for name in largest), sep=", ")
    for (label, _), peer in zip(list(every)[1:], peers, strict=True):
        gain = {name: gap(peer[name], best[name]) - at[name] for name in at if name in peer}
        worse = [f"{name} ({at[name]:.2f}, {at[name] + d:.2f})" for name, d in gain.items() if d < -FAR]
        print(f"{label} is better by more than {FAR} on {len(worse)}: {', '.join(worse)};", end=" ")
        print(f"worse on {sum(d > FAR for d in gain.values())}")


if __name__ == "__main__":
    main(*sys.argv[1:])
