"""The seconds that each arm alone needs to a first solution, and the schedules that follow from them.

`python alone.py` prints both tables of alone.md from the records in alone/: the times, and the mean
log(1 + t) of two schedules, computed from the times.

The records are those of `bench run alone/list.txt --config ... --until first --jobs 2`, with configurations
such as `first = [["presolve", 5.0], ["fix", 20.0]]`. Those of the raw arms have no presolve. A run has 4.5 s
(7 s with conflict and mip-zero). The list has the instances of the paper's list and of `miplib/general` on
which `raw` does not find a solution at once.
"""

from __future__ import annotations

import math
from pathlib import Path

from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
# By the column of the table, which is also in the labels of the records: the arm that runs.
ARMS = {"rawfix": "fix", "rawjump": "jump", "fix": "fix", "conflict": "conflict", "jump": "jump",
        "focused": "focused", "zero": "mip-zero"}  # fmt: skip
SECONDS_IF_MISSED = 12.0  # s that count if a schedule finds no solution
Schedule = list[tuple[str, float]]  # turns: a column of the table (or presolve) and its seconds
BEFORE: Schedule = [
    ("presolve", 5), ("focused", 0.35), ("jump", 0.5), ("fix", 0.3), ("conflict", 1), ("zero", 1.5),
    ("focused", 0.5), ("jump", 0.7), ("conflict", 2.5), ("zero", 8),
]  # fmt: skip
NOW: Schedule = [
    ("rawfix", 0.5), ("rawjump", 0.2), ("presolve", 15), ("fix", 0.15), ("conflict", 0.4), ("jump", 0.2),
    ("focused", 0.5), ("fix", 0.6), ("conflict", 2.5), ("zero", 4), ("rawfix", 1), ("focused", 1.5),
]  # fmt: skip


def times() -> dict[str, dict[str, float | None]]:
    """Return by instance presolve's seconds, and each arm's own until its solution, without the proof."""
    out: dict[str, dict[str, float | None]] = {}
    for record in read_objects(HERE / "alone" / "records.jsonl"):
        key, seconds = record["label"].split()[0].removeprefix("a-"), record["seconds"]
        own = out.setdefault(record["instance"]["name"], {})
        presolve = record["arms"].get("presolve", {}).get("seconds", 0.0)
        if presolve:
            own["presolve"] = min(presolve, own.get("presolve") or presolve)
        if not record["found"]:
            own[key] = None
        elif record["incumbents"][0]["arm"] != ARMS[key]:
            own[key] = 0.0  # presolve itself found it
        else:
            spent = seconds["first_solution"] - seconds["ready"] - seconds["check"] - presolve
            own[key] = max(0.005, spent)
    return out


def first(schedule: Schedule, own: dict[str, float | None]) -> float:
    """Return the seconds after which a schedule finds a solution; `raw` has 0.1 s before it."""
    at, spent, presolved = 0.1, dict.fromkeys(ARMS, 0.0), False
    for arm, seconds in schedule:
        if arm == "presolve":
            at, presolved = at + min(own.get("presolve") or 0.0, seconds), True
            continue
        need = own.get(arm) if presolved or arm.startswith("raw") else None
        if need is not None and need - spent[arm] <= seconds:
            return at + max(0.0, need - spent[arm])
        spent[arm] += seconds
        at += seconds
    return SECONDS_IF_MISSED


def main() -> None:
    """Print both tables."""
    every = times()
    print("| | presolve |", " | ".join(ARMS), "|\n" + "|---" * (len(ARMS) + 2) + "|")
    for name, own in every.items():
        cells = ["-" if own.get(k) is None else f"{own[k]:.2f}" for k in ("presolve", *ARMS)]
        print(f"| {name} |", " | ".join(cells), "|")
    names = list(every)
    print("\n| mean log(1 + t) | one half | the other |\n|---|---|---|")
    for label, schedule in (("before", BEFORE), ("now", NOW)):
        halves = [
            sum(math.log1p(first(schedule, every[n])) for n in half) / len(half)
            for half in (names[::2], names[1::2])
        ]
        print(f"| {label} | {halves[0]:.3f} | {halves[1]:.3f} |")


if __name__ == "__main__":
    main()
