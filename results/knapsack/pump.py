"""Compare element-wise, structured and sampled roundings: `python pump.py families mps > pump.md`

The arguments are results folders. A row has a configuration beside its base, `fp` or `engine`:

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
Record = Mapping[str, Any]
Runs = dict[tuple[str, int], Record]  # by instance and seed


def kind(name: str) -> str:
    """Return the family of an instance, or "files"."""
    family = name.split("-")[0]
    return family if family in FAMILIES else "files"


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
        for group in dict.fromkeys(kind(name) for name, _ in every):
            keys = [key for key in every if kind(key[0]) == group]
            print(f"\n## {group}\n\n{HEADER}")
            for label in runs:
                print(row(label, runs[label], runs["engine" if label.startswith("engine") else "fp"], keys))


if __name__ == "__main__":
    main(sys.argv[1:])
