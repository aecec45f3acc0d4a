"""Print what the packed rows cover in each instance: `python covered.py FILE... > covered.md`

A line has the rows that are choices of subsets, by kind, those that are packed without common columns, and the
share of the binary columns that these cover (`diffpump.knapsack.rows`). The instances on which it is at least
`LEAST_SHARE` are written to covered.txt, a list that `diffpump bench run` reads.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from diffpump.io.read import read
from diffpump.knapsack.rows import SubsetRows, detect, pack
from diffpump.search.arms.fix_sample import LEAST_SHARE


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
        name = Path(file).name.removesuffix(".gz").removesuffix(".mps")
        share = packed.columns.size / max(1, binaries)
        lines.append((share, Path(file).parent.name, name, binaries, problem.m, rows, packed, seconds))
    lines.sort(key=lambda line: -line[0])
    wide = [f"$DIFFPUMP_MIPLIB/{line[1]}/{line[2]}.mps.gz\n" for line in lines if line[0] >= LEAST_SHARE]
    Path(__file__).with_name("covered.txt").write_text("".join(sorted(wide)))
    print("# What packed rows cover\n\nPrinted by `python covered.py FILE...`.\n")
    print(f"At least 20 % of the binary columns on {len(wide)} of {len(lines)} instances.\n")
    print(
        "| instance | folder | binaries | rows | subset rows | packed | share | seconds |\n"
        + "|---" * 8
        + "|"
    )
    for share, folder, name, binaries, m, rows, packed, seconds in lines:
        print(
            f"| {name} | {folder} | {binaries} | {m} | {kinds(rows)} | {kinds(packed)} "
            f"| {share:.0%} | {seconds:.2f} |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
