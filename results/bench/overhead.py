"""Measure the runner's overhead beside the jobs: `python results/bench/overhead.py > results/bench/overhead.md`

The program needs DIFFPUMP_MIPLIB, a quiet machine, and about six minutes.

* Overhead: a batch of jobs that each use their whole limit of 10 s runs one at a time and two at a time. The wall
  time of `bench run` is compared with the seconds of the jobs by their own clocks.
* Start: a job with a time limit of 0 s (process, import, read, hand the LP to HiGHS, end) is compared with a bare
  process that imports highspy and reads the same file. The two run in turn; the table has medians of seven.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIPLIB = Path(os.environ["DIFFPUMP_MIPLIB"]) / "paper"
READ = ("markshare2", "air05", "seymour", "supportcase26", "academictimetablesmall", "sp97ar")
BARE = "import sys, highspy; h = highspy.Highs(); h.silent(); h.readModel(sys.argv[1])"
BENCH = [sys.executable, "-m", "diffpump", "bench", "run", "--quiet"]


def batch(files: list[str], limit: float, side_by_side: int) -> tuple[float, list[dict[str, float]]]:
    """Return the wall seconds of a batch, and its records' own times."""
    with tempfile.TemporaryDirectory() as out:
        options = ["--preset", "FP", "--time-limit", str(limit), "--max-iter", "1000000"]
        began = time.monotonic()
        subprocess.run([*BENCH, *files, *options, "--jobs", str(side_by_side), "--out", out], check=True)
        wall = time.monotonic() - began
        records = [json.loads(line) for line in Path(out, "records.jsonl").read_text().splitlines()]
    return wall, [{**record["seconds"], "wall": record["wall_seconds"]} for record in records]


def path(name: str) -> str:
    """Return the instance's file."""
    return str(MIPLIB / f"{name}.mps.gz")


def endless(folder: str) -> list[str]:
    """Write twelve models that no pump solves, sums of even numbers that should be odd; return their paths."""
    files = []
    for columns in range(21, 45, 2):
        names = [f"x{j}" for j in range(columns)]
        text = ["NAME odd", "ROWS", " N obj", " E odd", "COLUMNS", " M 'MARKER' 'INTORG'"]
        text += [f" {name} obj {j % 7 + 1} odd 2" for j, name in enumerate(names)]
        text += [" M 'MARKER' 'INTEND'", "RHS", f" R odd {columns}", "BOUNDS"]
        text += [f" BV B {name}" for name in names] + ["ENDATA", ""]
        files.append(str(Path(folder) / f"odd{columns}.mps"))
        Path(files[-1]).write_text("\n".join(text))
    return files


def main() -> None:
    """Print both tables."""
    print("# The overhead of the runner\n")
    print("This page is made by `results/bench/overhead.py`; its head says how.\n")
    print(
        "| side by side | jobs | batch (s) | jobs by their own clocks (s) | overhead |\n|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for side_by_side in (1, 2):
            wall, jobs = batch(endless(folder), 10, side_by_side)
            own = sum(job["total"] for job in jobs) / side_by_side
            print(
                f"| {side_by_side} | {len(jobs)} | {wall:.2f} | {own:.2f} | {100 * (wall - own) / wall:.1f} % |"
            )
    print("\n| instance | job (s) | bare highspy (s) | 1.5 x bare + 0.5 s |\n|---|---|---|---|")
    for name in READ:
        ours, bare = [], []
        for _ in range(7):
            ours += [job["wall"] for job in batch([path(name)], 0, 1)[1]]
            began = time.monotonic()
            subprocess.run([sys.executable, "-c", BARE, path(name)], check=True, stdout=subprocess.DEVNULL)
            bare.append(time.monotonic() - began)
        job, alone = statistics.median(ours), statistics.median(bare)
        print(f"| {name} | {job:.2f} | {alone:.2f} | {1.5 * alone + 0.5:.2f} |")


if __name__ == "__main__":
    main()
