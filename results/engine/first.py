"""Print the tables of first solutions of README.md, from the records of `bench run --until first`.

    python first.py OURS [PEER ...]      folders of records, ours first

proof    seconds from the start of the process to the exact proof
search   seconds from after the read to the float check that the solution passed
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import shifted_geomean
from diffpump.bench.store import read_objects

TIMES = (1, 2, 5, 10, 20, 60)  # s, of the columns; the last is the time limit
SLOWER_BY = 0.5  # s, from which an instance counts as slower than a peer
Record = dict[str, Any]


def records(folder: str) -> dict[str, dict[int, dict[str, Record]]]:
    """Return the records by label, seed and instance."""
    out: dict[str, dict[int, dict[str, Record]]] = {}
    for record in read_objects(Path(folder) / "records.jsonl"):
        out.setdefault(record["label"], {}).setdefault(record["seed"], {})[record["instance"]["name"]] = (
            record
        )
    return out


def proof(record: Record) -> float:
    """Return the seconds to the exact proof, which follows after the run for a peer."""
    seconds = record["seconds"]
    after = 0.0 if record["solver"] == "diffpump" else seconds["check"]
    return float(seconds["startup"] + seconds["first_solution"] + after)


def search(record: Record) -> float:
    """Return the seconds to the float check; ours include the proof, which is subtracted."""
    seconds = record["seconds"]
    within = seconds["check"] if record["solver"] == "diffpump" else 0.0
    return max(0.0, float(seconds["first_solution"] - seconds["ready"] - within))


def sgm(values: list[float]) -> float:
    """Return the shifted geometric mean (shift 1 s)."""
    return shifted_geomean(np.array(values), 1.0)


def counts(label: str, seed: int, runs: dict[str, Record]) -> str:
    """Return a row of the table of solutions found."""
    times = [proof(record) for record in runs.values() if record["found"]]
    cells = [str(sum(t <= limit for t in times)) for limit in TIMES[:-1]]
    return f"| {label}, seed {seed} | **{len(times)}** of {len(runs)} | {' | '.join(cells)} |"


def compared(ours: dict[str, Record], peer: dict[str, Record]) -> str:
    """Compare ours with a peer on the instances on which both find a solution."""
    both = [name for name in ours if ours[name]["found"] and peer.get(name, {}).get("found")]
    out = [f"{len(both)} in common"]
    for name, seconds in (("proof", proof), ("search", search)):
        if name == "search" and any("ready" not in peer[one]["seconds"] for one in both):
            continue
        a, b = [seconds(ours[one]) for one in both], [seconds(peer[one]) for one in both]
        out.append(f"{name} {sgm(a):.2f} s against {sgm(b):.2f} ({sgm(a) / sgm(b):.2f})")
    late = sorted(both, key=lambda one: proof(peer[one]) - proof(ours[one]))
    late = [one for one in late if proof(ours[one]) - proof(peer[one]) > SLOWER_BY]
    listed = ", ".join(f"{one} {proof(ours[one]):.1f}/{proof(peer[one]):.1f}" for one in late)
    return "; ".join([*out, f"slower by more than {SLOWER_BY} s on {len(late)}: {listed}"])


def main(folders: list[str]) -> None:
    """Print the tables."""
    every = [(label, seed, runs) for folder in folders for label, seeds in records(folder).items()
             for seed, runs in sorted(seeds.items())]  # fmt: skip
    print(f"| | found | {' | '.join(f'by {limit} s' for limit in TIMES[:-1])} |")
    print("|---" * (len(TIMES) + 1) + "|")
    for label, seed, runs in every:
        print(counts(label, seed, runs))
    for label, seed, runs in every:
        if label.startswith("auto"):
            arms = Counter(record["incumbents"][0]["arm"] for record in runs.values() if record["found"])
            lost = [name for name, record in runs.items() if not record["found"]]
            print(f"\nseed {seed}: " + ", ".join(f"{arm} {count}" for arm, count in arms.most_common()))
            print("not found: " + ", ".join(lost))
            refused = sum(record["counters"]["rejected"] for record in runs.values())
            over = max(record["seconds"]["total"] - record["limits"]["time"] for record in runs.values())
            print(f"refused by the exact check: {refused}; longest run beyond its limit: {over:.2f} s")
            for other, number, theirs in every:
                if not other.startswith("auto"):
                    print(f"against {other}, seed {number}: {compared(runs, theirs)}")


if __name__ == "__main__":
    main(sys.argv[1:])
