"""Compare the pump's switches: the table of pump/README.md, from the records in pump/.

    python pump.py             print every row relative to `base`, the engine's variants relative to `engine`

iterations   shifted geometric mean (shift 1) over the runs in which both find a solution
objective    in the same runs, how often the first solution is better, and how often it is worse
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gaps import Record, records

from diffpump.bench.report.stats import shifted_geomean

HERE = Path(__file__).parent / "pump"
Runs = dict[tuple[str, int], Record]  # by instance and seed


def half(name: str) -> set[str]:
    """Return the names of the instances of a list, "choose" or "confirm"."""
    return {Path(line).name.removesuffix(".mps.gz") for line in (HERE / f"{name}.txt").read_text().split()}


def row(label: str, own: Runs, base: Runs, halves: list[set[str]]) -> str:
    """Return the row of a configuration, relative to `base`."""
    found = [sum(own[key]["found"] for key in own if key[0] in names) for names in halves]
    gained, lost = (
        sum(a[key]["found"] and not b[key]["found"] for key in own) for a, b in ((own, base), (base, own))
    )
    both = [(own[key], base[key]) for key in own if own[key]["found"] and base[key]["found"]]
    steps = [shifted_geomean(np.array([pair[k]["iterations"] for pair in both]), 1.0) for k in (0, 1)]
    signs = [(a["objective"] - b["objective"]) * (1 if a["sense"] != "maximise" else -1) for a, b in both]
    better, worse = sum(s < -1e-9 for s in signs), sum(s > 1e-9 for s in signs)
    return (
        f"| {label} | {found[0]} | {found[1]} | {gained}, {lost} | {steps[0]:.1f} : {steps[1]:.1f} "
        f"| {better}, {worse} |"
    )


def main() -> None:
    """Print the table."""
    every: dict[str, Runs] = {}
    for (label, seed), own in records(HERE).items():
        every.setdefault(label, {}).update({(name, seed): record for name, record in own.items()})
    halves = [half("choose"), half("confirm")]
    print(f"{len(every['base'])} runs each\n")
    print("| | choose | confirm | gained, lost | iterations | objective better, worse |\n" + "|---" * 6 + "|")
    for label, runs in sorted(every.items(), key=lambda item: (item[0].startswith("engine"), item[0])):
        print(row(label, runs, every["engine" if label.startswith("engine-") else "base"], halves))


if __name__ == "__main__":
    main()
