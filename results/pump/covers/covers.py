"""Measure what one round of minimal cover cuts does to the first LP, and to the pump.

    python covers.py bounds ../../paper/lists/all124.txt     bounds.jsonl; the same command goes on where it stopped
    python covers.py table runs > covers.md                  after the batch of README.md

The cuts are those of `cuts=cover`: they are violated by the optimum of the LP relaxation. An LP or the separation that
takes more than `SECONDS` ends, and the instance then has no bound after the cuts.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import shifted_geomean
from diffpump.bench.solu import known_objectives
from diffpump.bench.store import Lines, Store, read_objects
from diffpump.config.presets import config
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.core.status import LpStatus
from diffpump.io.read import read
from diffpump.knapsack.covers import with_covers
from diffpump.pump import relaxation_for

HERE = Path(__file__).parent
RECORDS = HERE / "bounds.jsonl"
SECONDS = 10.0
Record = dict[str, Any]


def first_lp(problem: Problem) -> np.ndarray | None:
    """Return the optimum of the LP relaxation, or None if it takes too long."""
    found = relaxation_for(problem, config("DP4")).solve(problem.c, LpLimits(seconds=SECONDS))
    return found.x if found.status is LpStatus.OPTIMAL else None


def measured(path: str) -> Record:
    """Return the record of an instance."""
    problem = read(path).in_moderate_numbers()
    record: Record = {"name": Path(path).name.split(".")[0], "rows": problem.m, "cuts": None}
    began = time.perf_counter()
    x = first_lp(problem)
    record["lp_seconds"] = time.perf_counter() - began
    if x is None:
        return record
    began = time.perf_counter()
    cut = with_covers(problem, x, lambda: time.perf_counter() - began > SECONDS)
    record |= {
        "cuts": cut.m - problem.m, "seconds": time.perf_counter() - began, "sense": -1 if problem.maximise else 1,
        "before": problem.value(x), "after": problem.value(x),
    }  # fmt: skip
    if cut.m > problem.m:
        again = first_lp(cut)
        record["after"] = None if again is None else problem.value(again)
    return record


def bounds(listed: str) -> None:
    """Append the record of every instance of a list that has none."""
    records = Lines(RECORDS, lambda one: one["name"])
    known = {one["name"] for one in records.new()}
    lines = [line.strip() for line in Path(listed).read_text().splitlines()]
    for path in [os.path.expandvars(line) for line in lines if line and not line.startswith("#")]:
        if Path(path).name.split(".")[0] not in known:
            record = measured(path)
            records.append([record])
            print(record, file=sys.stderr)


def closed(one: Record, best: dict[str, float]) -> float:
    """Return the share of the gap between the first LP and the best known objective that the cuts close."""
    whole = one["sense"] * (best.get(one["name"], float("nan")) - one["before"])
    return one["sense"] * (one["after"] - one["before"]) / whole if whole > 1e-9 else float("nan")


def table(folder: str) -> None:
    """Print what the cuts do to the bound, and to the pump on the instances that have cuts."""
    own, best = read_objects(RECORDS), known_objectives(Path(os.environ["DIFFPUMP_MIPLIB"]) / "best.solu")
    cut = {one["name"]: one for one in own if one["cuts"]}
    late = sum(one["cuts"] is None for one in own)
    none, cover = (Store(HERE / folder).by_label()[name] for name in ("none", "cover"))
    print("# Minimal cover cuts\n\nPrinted by `python covers.py table`.\n")
    print(
        f"{len(own)} instances; on {late} the first LP takes more than {SECONDS:g} s, {len(cut)} have violated cuts."
    )
    rest = [key for key in none if key in cover and key[0] not in cut]
    for title, keys in (
        ("with cuts", [key for key in none if key in cover and key[0] in cut]),
        ("without", rest),
    ):
        if not keys:
            continue
        found = [sum(of[key]["found"] for key in keys) for of in (none, cover)]
        both = [key for key in keys if none[key]["found"] and cover[key]["found"]]
        means = [
            shifted_geomean(np.array([of[key]["iterations"] for key in both], float), 1.0) if both else np.nan
            for of in (none, cover)
        ]
        print(
            f"\nOn the {len(keys)} instances {title} the pump finds a solution of {found[0]} without and of {found[1]} "
            f"with `cuts=cover`; on the {len(both)} that both solve it needs {means[0]:.1f} and {means[1]:.1f} "
            "iterations (shifted geometric mean)."
        )
    print(
        "\n| instance | cuts | seconds | first LP | with cuts | gap closed | iterations | with cuts |\n"
        + "|---" * 8
        + "|"
    )
    for name, one in cut.items():
        cells = []
        for of in (none, cover):
            record = next((record for key, record in of.items() if key[0] == name), None)
            cells.append(
                "" if record is None else ("" if record["found"] else "– ") + str(record["iterations"])
            )
        after, share = one["after"], float("nan") if one["after"] is None else closed(one, best)
        print(
            f"| {name} | {one['cuts']} | {one['seconds']:.2f} | {one['before']:.8g} | "
            f"{'-' if after is None else f'{after:.8g}'} | {'-' if np.isnan(share) else f'{share:.1%}'} | "
            f"{' | '.join(cells)} |"
        )


if __name__ == "__main__":
    {"bounds": bounds, "table": table}[sys.argv[1]](sys.argv[2])
