"""Compare element-wise, structured and sampled roundings: `python pump.py families mps > pump.md`

The arguments are results folders. Generated instances are grouped by family, files by the kind of most of their packed rows
(covered.md), and all files come first. A row has a configuration beside its base, `fp` or `engine`:

found        runs that find a solution
gained       found here and not by the base
lost         found by the base and not here
iterations   shifted geometric mean (shift 1) over the runs in which both find a solution, and the base's
seconds      the same of the seconds to the end of the run, with shift 0.1
objective    in the same runs, how often the solution is better, and how often it is worse
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import shifted_geomean
from diffpump.bench.store import Store
from diffpump.families import FAMILIES

HERE = Path(__file__).parent
HEADER = "| | found | gained | lost | iterations | seconds | objective |\n" + "|---" * 7 + "|"
COVERED_CELLS, PACKED = 8, 5  # cells of a line of covered.md, and the place of the packed rows
Record = Mapping[str, Any]
Runs = dict[tuple[str, int], Record]  # by instance and seed


def kinds() -> dict[str, str]:
    """Return the kind of most of the packed rows of each file in covered.md."""
    lines = [line.split(" | ") for line in (HERE / "covered.md").read_text().splitlines()]
    found = {}
    for cells in lines:
        if len(cells) == COVERED_CELLS and " " in cells[PACKED]:
            counts = [part.split(" ", 1) for part in cells[PACKED].split(", ")]
            found[cells[0].removeprefix("| ")] = max(counts, key=lambda pair: int(pair[0]))[1]
    return found


def groups(names: set[str]) -> dict[str, set[str]]:
    """Return the instances of each family, or all files and those of each kind."""
    kind, out = kinds(), {}
    for name in sorted(names):
        family = name.split("-")[0]
        if family in FAMILIES and name not in kind:
            out.setdefault(family, set()).add(name)
        else:
            out.setdefault("all files", set()).add(name)
            out.setdefault(f"files with {kind[name]} rows", set()).add(name)
    return out


def row(label: str, own: Runs, base: Runs, keys: list[tuple[str, int]]) -> str:
    """Return the row of a configuration."""
    gained, lost = (
        sum(a[key]["found"] and not b[key]["found"] for key in keys) for a, b in ((own, base), (base, own))
    )
    both = [key for key in keys if own[key]["found"] and base[key]["found"]]

    def mean(of: Runs, value: Callable[[Record], float], shift: float) -> float:
        return shifted_geomean(np.array([value(of[key]) for key in both]), shift) if both else np.nan

    signs = [
        (own[key]["objective"] - base[key]["objective"]) * (-1 if own[key]["sense"] == "maximise" else 1)
        for key in both
    ]
    iterations, seconds = (
        " : ".join(f"{mean(of, value, shift):.{digits}f}" for of in (own, base))
        for value, shift, digits in (
            (lambda record: record["iterations"], 1.0, 1),
            (lambda record: record["seconds"]["total"], 0.1, 2),
        )
    )
    return (
        f"| {label} | {sum(own[key]['found'] for key in keys)} of {len(keys)} | {gained} | {lost} "
        f"| {iterations} | {seconds} | {sum(s < -1e-9 for s in signs)} : {sum(s > 1e-9 for s in signs)} |"
    )


def main(folders: list[str]) -> None:
    """Print a table for each family and one for the files."""
    print("# Element-wise, structured and sampled roundings\n\nPrinted by `python pump.py`.")
    for folder in folders:
        runs = Store(HERE / folder).by_label()
        every = sorted(set.intersection(*(set(one) for one in runs.values())))
        for group, names in groups({name for name, _ in every}).items():
            keys = [key for key in every if key[0] in names]
            print(f"\n## {group}\n\n{HEADER}")
            for label in runs:
                print(row(label, runs[label], runs["engine" if label.startswith("engine") else "fp"], keys))


if __name__ == "__main__":
    main(sys.argv[1:])
