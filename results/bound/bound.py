"""Measure how near proven bounds are to the LP optima, and what they cost.

    python results/bound/bound.py FOLDER

FOLDER has .mps.gz files, or folders of them. Every file that has no row in bound.csv is read, its LP relaxation
is solved by each algorithm, and the bound that the multipliers prove is compared with the LP's value. The rows
are added to bound.csv one by one, so that an interrupted measurement continues, and README.md is written anew.
"""

from __future__ import annotations

import csv
import datetime
import importlib.metadata
import math
import os
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.backends.lp import solve_lp
from diffpump.core.limits import LpLimits
from diffpump.core.status import LpStatus
from diffpump.io.read import read, read_exact
from diffpump.verify.bound import proven_bound

HERE = Path(__file__).parent
LIMITS = {"simplex": 60.0, "ipm": 20.0}  # CPU seconds of one LP, so that a busy machine changes little
SHARES = (1e-6, 1e-9, 1e-12)  # relative losses for which the table counts files
FIELDS = (
    "instance", "algorithm", "status", "n", "m", "nonzeros", "read", "exact", "lp", "bound_s", "value", "bound",
    "loss",
)  # fmt: skip


def cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return the result of a call and its CPU seconds, those of its threads included."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def measured(path: Path, algorithm: str) -> dict[str, Any]:
    """Return the row of a file and an algorithm. The loss is relative to max(1, |value|)."""
    problem, reading = cpu(lambda: read(path))
    end = time.process_time() + LIMITS[algorithm]
    limits = LpLimits(stop=lambda: time.process_time() > end)
    result, solving = cpu(lambda: solve_lp(problem, limits, algorithm))
    row: dict[str, Any] = {
        "instance": f"{path.parent.name}/{path.name.removesuffix('.mps.gz')}", "algorithm": algorithm,
        "status": result.status.value, "n": problem.n, "m": problem.m, "nonzeros": problem.nnz,
        "read": round(reading, 3), "lp": round(solving, 3),
    }  # fmt: skip
    if result.status is LpStatus.OPTIMAL:
        model, exact = cpu(lambda: read_exact(problem.source))
        bound, proving = cpu(lambda: proven_bound(model, result.duals))
        row |= {"exact": round(exact, 3), "bound_s": round(proving, 3), "value": problem.value(result.x)}
        if bound is not None:
            side = -1 if problem.maximise else 1
            loss = float(side * (Fraction(row["value"]) - bound)) / max(1.0, abs(row["value"]))
            row |= {"bound": float(bound), "loss": loss}
    return row


def page(rows: list[dict[str, str]]) -> str:
    """Return README.md."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("highspy", "numpy"))
    python = ".".join(map(str, sys.version_info[:3]))
    lines = []
    for algorithm in LIMITS:
        mine = [row for row in rows if row["algorithm"] == algorithm]
        solved = [row for row in mine if row["status"] == LpStatus.OPTIMAL.value]
        losses = [float(row["loss"]) if row["loss"] else math.inf for row in solved]
        near = [f"{100 * sum(loss <= share for loss in losses) / len(losses):.1f} %" for share in SHARES]
        times = [sum(float(row[part]) for row in solved) for part in ("read", "lp", "bound_s")]
        ratios = [float(row["bound_s"]) / max(0.01, float(row["read"])) for row in solved]
        lines.append([
            algorithm, len(mine), len(mine) - len(solved), sum(not row["bound"] for row in solved), *near,
            f"{max(losses):.1e}", *(f"{seconds:.0f}" for seconds in times), f"{np.median(ratios):.2f}",
            f"{max(ratios):.1f}",
        ])  # fmt: skip
    head = [
        "LP solved by", "files", "unsolved", "no bound", *(f"within {share:g}" for share in SHARES), "worst",
        "reading s", "LPs s", "bounds s", "median ratio", "largest ratio",
    ]  # fmt: skip
    table = [head, ["---", *["--:"] * (len(head) - 1)], *lines]
    text = "\n".join("| " + " | ".join(map(str, line)) + " |" for line in table)
    limits = ", ".join(f"{name} {limit:g} CPU seconds" for name, limit in LIMITS.items())
    return f"""# Proven bounds

A bound is the value of the LP's multipliers on the numbers of the file, in exact arithmetic
(`diffpump.verify.bound`). The table compares it with the value that HiGHS reports for the LP relaxation of the
original model. "Within" counts files, as a share of the solved ones, whose bound is weaker than that value by at
most this share of max(1, |value|). Times are sums of CPU seconds over the solved files, and a ratio is the time
of a bound over that of reading the file, which counts at least 0.01 s. One row per file and algorithm stands
in bound.csv. Interior point runs without crossover.

All multipliers are those of the original model, whose LP HiGHS presolves itself. Those of a model after HiGHS's
presolve for MIPs cannot be used: its postsolve returns no multipliers unless it is given a basis as well, and then
it ended the process on net12 ("corrupted size vs. prev_size").

{text}

Limits per LP: {limits}. {datetime.date.today()}, {versions}, Python {python}, {os.cpu_count()} cores.

    python results/bound/bound.py FOLDER
"""


def main(folder: Path) -> None:
    """Measure what has no row yet, and write the page."""
    table = HERE / "bound.csv"
    if not table.exists():
        table.write_text(",".join(FIELDS) + "\n")
    with table.open(newline="") as file:
        done = {(row["instance"], row["algorithm"]) for row in csv.DictReader(file)}
    files = sorted(folder.rglob("*.mps.gz"), key=lambda path: path.stat().st_size)
    for algorithm in LIMITS:
        for path in files:
            if (f"{path.parent.name}/{path.name.removesuffix('.mps.gz')}", algorithm) not in done:
                row = measured(path, algorithm)
                with table.open("a", newline="") as file:
                    csv.DictWriter(file, FIELDS, lineterminator="\n").writerow(row)
    with table.open(newline="") as file:
        (HERE / "README.md").write_text(page(list(csv.DictReader(file))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
