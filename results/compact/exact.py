"""Solve the instances of Santini and Malaguti exactly: `python exact.py FOLDER > exact.md`

FOLDER has the JSON files of github.com/alberto-santini/min-knapsack-with-compactness in any depth. The memory is that of
the labels and of the sums for the bounds, 32 bytes a label and 16 (n + 1)^2 bytes.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from diffpump.knapsack.compact import Compact, read, solve


def main(folder: str) -> None:
    solve(Compact(np.ones(4), np.ones(4), 2.0, 1))  # compiles the kernels
    rows: dict[tuple[str, int], list[tuple[float, int, float, bool]]] = defaultdict(list)
    for path in sorted(Path(folder).rglob("*.json")):
        one = read(path)
        began = time.perf_counter()
        found = solve(one)
        spent = time.perf_counter() - began
        assert one.holds(found.items)
        kind = "synthetic" if path.name.startswith("gen_") else "change points"
        rows[kind, one.n].append((spent, found.labels, float(found.value - found.bound), found.finished))
    print("# The exact optimum\n\nPrinted by `python exact.py FOLDER`, one thread.\n")
    print(
        "| kind | items | instances | finished | seconds: mean | largest | labels: largest | MiB | value - bound |"
    )
    print("|---" * 9 + "|")
    for (kind, n), of in sorted(rows.items()):
        seconds, labels, gaps, finished = (np.array(one) for one in zip(*of, strict=True))
        memory = (32 * labels.max() + 16 * (n + 1) ** 2) / 2**20
        print(
            f"| {kind} | {n} | {len(of)} | {finished.sum()} | {seconds.mean():.3f} | {seconds.max():.3f} | "
            f"{labels.max()} | {memory:.0f} | {gaps.max():.0e} |"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
