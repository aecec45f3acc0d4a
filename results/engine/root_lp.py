"""Seconds that the root LP takes, by algorithm, and what that makes of ways to share a slice.

`python results/engine/root_lp.py FOLDER NAME...` adds what is missing to root-lp.jsonl and writes root-lp.md.
Every LP is that of the presolved model, solved in a process of its own with a limit of CPU seconds, so that a
busy machine changes little. FOLDER has the .mps.gz files, or folders of them.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.backends.lp import ALGORITHMS, solve_lp
from diffpump.backends.mip import presolve
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.io.read import read

CAP = 5  # CPU seconds of one LP
SLICE, LAST = 2.0, 16.0  # seconds: slices of 2, 4, 8, 16
HERE = Path(__file__).parent
Shares = tuple[tuple[str, float], ...]
PLANS: dict[str, Shares] = {
    "simplex": (("simplex", 1.0),),
    "ipm": (("ipm", 1.0),),
    "ipm 0.6, simplex": (("ipm", 0.6), ("simplex", 1.0)),
    **{f"simplex {share}, ipm": (("simplex", share), ("ipm", 1.0)) for share in (0.1, 0.2, 0.25, 0.3, 0.5)},
    "simplex 0.25, ipm 0.8, pdlp": (("simplex", 0.25), ("ipm", 0.8), ("pdlp", 1.0)),
}


def child(problem: Problem, algorithm: str, pipe: Connection) -> None:
    """Solve, and tell the CPU seconds, the ending, and c'x."""
    began = time.process_time()
    spent = math.ceil(began) + CAP
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent + 1))
    result = solve_lp(problem, LpLimits(100.0 * CAP), algorithm)
    pipe.send((time.process_time() - began, result.status.name.lower(), float(problem.c @ result.x)))


def measured(problem: Problem, algorithm: str) -> tuple[float, str, float]:
    """The child's word; where it ran out of seconds "late"."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=child, args=(problem, algorithm, there))
    process.start()
    there.close()
    try:
        return here.recv()  # type: ignore[no-any-return]
    except EOFError:
        return np.inf, "late", np.nan
    finally:
        process.join()


def replayed(row: dict[str, Any], shares: Shares) -> float:
    """Seconds until there is a point, if each algorithm gets its share of what is left of every slice."""
    spent, length = 0.0, SLICE
    while length <= LAST:
        left = length
        for algorithm, share in shares:
            seconds, status = row[algorithm][:2]
            if status == "optimal" and seconds <= share * left:
                return spent + length - left + float(seconds)
            left -= share * left
        spent, length = spent + length, 2 * length
    return spent


def mean(seconds: list[float]) -> str:
    """Geometric, shifted by 0.1 s."""
    return f"{math.exp(np.mean(np.log(np.array(seconds) + 0.1))) - 0.1:.2f}" if seconds else ""


def table(head: list[str], rows: list[list[Any]]) -> str:
    lines: list[list[Any]] = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def page(rows: list[dict[str, Any]]) -> str:
    """Both tables."""
    rows = sorted(rows, key=lambda row: (row["n"] + row["m"], row["name"]))

    def cell(seconds: float, status: str, value: float) -> str:
        return f"> {CAP}" if status == "late" else f"{seconds:.2f}" if status == "optimal" else status

    times = [
        [row["name"], row["n"], row["m"], row["nonzeros"], *(cell(*row[a]) for a in ALGORITHMS)]
        for row in rows
    ]
    plans = [
        [name, *(mean([replayed(row, shares) for row in half]) for half in (rows[::2], rows[1::2]))]
        for name, shares in PLANS.items()
    ]
    return (
        "CPU seconds of the presolved model's LP relaxation: dual simplex, interior point without crossover,\n"
        f"PDLP to 1e-4; HiGHS, one thread, at most {CAP} s each. By rows and columns.\n\n"
        + table(["instance", "n", "m", "nonzeros", *ALGORITHMS], times)
        + "\n\nSeconds to a root point, by the shares of slices of 2, 4, 8 and 16 s: geometric means, shifted by 0.1 s\n"
        "(never: 30 s), computed from the table.\n\n"
        + table(["shares", "odd rows", "even rows"], plans)
        + "\n\nA slice that is cut off is lost, so the engine gives the simplex 1.2 s and then goes on with both in\n"
        "processes that rest between slices, 0.6 of the time for the simplex. Whole, unlimited and unpresolved, the\n"
        "large ones take: sing44 8.3 s (interior point 11.3), sing326 7.2 (12.2), uccase9 11.4 (7.1), rmatr200-p5 9.6\n"
        "(> 30), neos-4763324-toguru 8.6 (failed), eilA101-2 2.8 (7.5); PDLP none of them in 30 s. The page is written by\n"
        "`python results/engine/root_lp.py FOLDER NAME...`; the instances are those of root-lp.jsonl.\n"
    )


def main(folder: Path, names: list[str]) -> None:
    """Measure what is missing, and write the page."""
    records = HERE / "root-lp.jsonl"
    rows = [json.loads(line) for line in records.read_text().splitlines()] if records.exists() else []
    paths = {path.name.removesuffix(".mps.gz"): path for path in sorted(folder.rglob("*.mps.gz"))}
    for name in names:
        if any(row["name"] == name for row in rows):
            continue
        problem = read(paths[name])
        reduced = presolve(problem, LpLimits(120.0))
        problem = problem if reduced is None else reduced.problem
        row: dict[str, Any] = {"name": name, "n": problem.n, "m": problem.m, "nonzeros": problem.nnz}
        row |= {algorithm: measured(problem, algorithm) for algorithm in ALGORITHMS}
        rows.append(row)
        with records.open("a") as out:
            out.write(json.dumps(row) + "\n")
        (HERE / "root-lp.md").write_text(page(rows))
    (HERE / "root-lp.md").write_text(page(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
