"""Print what the packed rows cover in each instance: `python covered.py FILE... > covered.md`

A line has the rows that are choices of subsets, by kind, those that are packed without common columns, and the
share of the binary columns that these cover (`diffpump.knapsack.rows`).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from diffpump.io.read import read
from diffpump.knapsack.rows import SubsetRows, detect, pack


def kinds(rows: SubsetRows) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in rows.count().items()) or "none"


def main(files: list[str]) -> None:
    lines = []
    for file in files:
        problem = read(file)
        start = time.perf_counter()
        rows = detect(problem)
        packed = pack(rows, problem.n)
        seconds = time.perf_counter() - start
        binaries = int(problem.binary.sum())
        lines.append((packed.columns.size / max(1, binaries), problem, binaries, rows, packed, seconds))
    lines.sort(key=lambda line: -line[0])
    wide = sum(line[0] >= 0.2 for line in lines)
    print("# What packed rows cover\n\nPrinted by `python covered.py FILE...`.\n")
    print(f"At least 20 % of the binary columns on {wide} of {len(lines)} instances.\n")
    print(
        "| instance | folder | binaries | rows | subset rows | packed | share | seconds |\n"
        + "|---" * 8
        + "|"
    )
    for share, problem, binaries, rows, packed, seconds in lines:
        assert problem.source is not None
        folder = Path(problem.source.path).parent.name
        print(
            f"| {problem.name} | {folder} | {binaries} | {problem.m} | {kinds(rows)} | {kinds(packed)} "
            f"| {share:.0%} | {seconds:.2f} |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
