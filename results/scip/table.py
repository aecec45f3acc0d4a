"""Print the tables of README.md from records.jsonl and its archive.

    python table.py BEST.solu

first      seconds and nodes to the first solution, over the runs in which both arms have one
integral   integral of the gap to the best known objective, over the time of the longest of an instance's runs with
           that seed shift; a run that ended earlier keeps its last gap
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import (
    bootstrap_mean,
    gap_drops,
    primal_gap,
    primal_integral,
    shifted_geomean,
)
from diffpump.bench.solu import read_solu
from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
ARMS = ("default", "off", "off + feaspump", "off + diffpump", "default + diffpump")
PUMP = "diffpump"
LATE_SHARE = 0.25  # of the time; a first solution after that comes late
INTEGRAL_SHIFT = 0.1  # s, added to integrals whose ratio is taken
Record = dict[str, Any]
Runs = dict[tuple[str, int], dict[str, Record]]  # by instance and shift, by arm


def runs() -> Runs:
    """Return the records of the instances and shifts that every arm has a record of."""
    out: Runs = {}
    for record in read_objects(HERE / "records.jsonl"):
        out.setdefault((record["instance"], record["shift"]), {})[record["arm"]] = record
    return {key: arms for key, arms in out.items() if len(arms) == len(ARMS)}


def integral(record: Record, best: float, horizon: float) -> float:
    """Return the integral of the gap over [0, horizon] in seconds."""
    found = record["incumbents"]
    if not found:
        return horizon
    gaps = np.minimum.accumulate(primal_gap(np.array([entry[3] for entry in found]), np.array(best)))
    at, run = np.array([entry[0] for entry in found]), np.zeros(len(found), np.intp)
    return float(primal_integral(run, at, gap_drops(run, gaps), np.array([horizon]))[0])


def firsts(every: Runs, one: str, other: str) -> str:
    """Return a row that compares two arms' first solutions."""
    both = [(arms[one], arms[other]) for arms in every.values()]
    both = [(a, b) for a, b in both if a["incumbents"] and b["incumbents"]]
    out = [f"| {one} against {other} | {len(both)}"]
    for column, shift in ((0, 1.0), (1, 10.0)):
        a, b = (np.array([pair[k]["incumbents"][0][column] for pair in both], float) for k in (0, 1))
        out.append(f"{shifted_geomean(a, shift):.2f} : {shifted_geomean(b, shift):.2f}")
    return " | ".join(out) + " |"


def ratios(every: Runs, integrals: dict[tuple[str, int], dict[str, float]], names: list[str]) -> str:
    """Return the mean paired log-ratio of the integrals, default + diffpump over default, with its interval.

    The interval comes from resampling the instances.
    """
    per = []
    for name in names:
        pairs = [arms for (instance, _), arms in integrals.items() if instance == name]
        logs = [np.log((a[ARMS[4]] + INTEGRAL_SHIFT) / (a[ARMS[0]] + INTEGRAL_SHIFT)) for a in pairs]
        per.append(float(np.mean(logs)))
    mean, low, high = (100 * np.expm1(v) for v in bootstrap_mean(np.array(per)))
    return f"{mean:+.1f} % [{low:+.1f}, {high:+.1f}] on {len(per)} instances"


def main(solu: str) -> None:
    """Print the tables."""
    every, known = runs(), read_solu(Path(solu))
    best = {name: known[name].value for name, _ in every}
    integrals = {}
    for (name, shift), arms in every.items():
        value = best[name]
        assert value is not None
        horizon = max(record["seconds"] for record in arms.values())
        integrals[name, shift] = {arm: integral(record, value, horizon) for arm, record in arms.items()}
    names = sorted({name for name, _ in every})
    print(f"{len(every)} of {len(names)} instances and seed shifts have all arms.\n")
    print(
        "| arm | runs with a solution | instances | s | nodes | integral, mean s | by diffpump | its time |"
    )
    print("|---" * 8 + "|")
    for arm in ARMS:
        own = [arms[arm] for arms in every.values()]
        found = [record for record in own if record["incumbents"]]
        first = np.array([record["incumbents"][0][:2] for record in found], float).reshape(-1, 2)
        pump = [record["pump"]["seconds"] for record in own if "pump" in record]
        total = sum(record["seconds"] for record in own)
        by = Counter(entry[4] for record in own for entry in record["incumbents"])
        print(
            f"| {arm} | {len(found)} of {len(own)} | {len({r['instance'] for r in found})} "
            f"| {shifted_geomean(first[:, 0], 1.0):.2f} | {shifted_geomean(first[:, 1], 10.0):.1f} "
            f"| {np.mean([one[arm] for one in integrals.values()]):.2f} | {by[PUMP]} of {by.total()} "
            f"| {f'{sum(pump) / total:.1%}' if pump else ''} |"
        )
    print("\n| first solutions | runs | s | nodes |\n|---|---|---|---|")
    print(firsts(every, "off + diffpump", "off + feaspump"))
    print(firsts(every, "default + diffpump", "default"))
    late = [
        name for name in names
        if np.median([
            (arms["default"]["incumbents"] or [[np.inf]])[0][0] / max(r["seconds"] for r in arms.values())
            for (instance, _), arms in every.items() if instance == name
        ]) > LATE_SHARE
    ]  # fmt: skip
    print("\nIntegral, default + diffpump against default:", ratios(every, integrals, names))
    print("Where the default's first solution comes late:", ratios(every, integrals, late), late)
    fractional = {name for (name, _), arms in every.items() if arms["off + diffpump"]["fractional"]}
    ran = {name for (name, _), arms in every.items() if arms["off + diffpump"]["pump"]["runs"]}
    print(f"The pump ran on {len(ran & fractional)} of {len(fractional)} with a fractional root LP.")
    errors = sum(arms[arm]["pump"]["errors"] for arms in every.values() for arm in ARMS[3:])
    refused = sum(arms[arm]["pump"]["refused"] for arms in every.values() for arm in ARMS[3:])
    print(f"Exceptions caught: {errors}; points that SCIP refused: {refused}.")


if __name__ == "__main__":
    main(sys.argv[1])
