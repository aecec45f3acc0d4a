"""Measure the root LP by algorithm, and compute from it what ways to share a slice would need.

`python results/engine/root_lp.py FOLDER NAME...` measures the instances that have no record, adds them to
root-lp.jsonl and writes root-lp.md. Every LP is that of the presolved model, solved in a process of its own
with a limit of CPU seconds, so that a busy machine changes little. FOLDER has the .mps.gz files, or folders of
them.
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
from diffpump.bench.store import read_objects
from diffpump.core.limits import LpLimits
from diffpump.core.problem import Problem
from diffpump.io.read import read

CPU_LIMIT = 5  # CPU seconds of one LP
FIRST_SLICE, LAST_SLICE = 2.0, 16.0  # s; each slice is twice as long as the last: 2, 4, 8, 16
HERE = Path(__file__).parent
Shares = tuple[tuple[str, float], ...]  # algorithms in order, each with its share of the rest of a slice
PLANS: dict[str, Shares] = {
    "simplex": (("simplex", 1.0),),
    "ipm": (("ipm", 1.0),),
    "ipm 0.6, simplex": (("ipm", 0.6), ("simplex", 1.0)),
    **{f"simplex {share}, ipm": (("simplex", share), ("ipm", 1.0)) for share in (0.1, 0.2, 0.25, 0.3, 0.5)},
    "simplex 0.25, ipm 0.8, pdlp": (("simplex", 0.25), ("ipm", 0.8), ("pdlp", 1.0)),
}


def child(problem: Problem, algorithm: str, pipe: Connection) -> None:
    """Solve the LP and send the CPU seconds, the status and c'x."""
    began = time.process_time()
    spent = math.ceil(began) + CPU_LIMIT
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent + 1))
    result = solve_lp(problem, LpLimits(100.0 * CPU_LIMIT), algorithm)
    pipe.send((time.process_time() - began, result.status.name.lower(), float(problem.c @ result.x)))


def measured(problem: Problem, algorithm: str) -> tuple[float, str, float]:
    """Return the child's CPU seconds, status and c'x; the status is "late" if it exceeded `CPU_LIMIT`."""
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
    """Return the seconds to a root point if each algorithm has its share of the rest of every slice."""
    spent, length = 0.0, FIRST_SLICE
    while length <= LAST_SLICE:
        left = length
        for algorithm, share in shares:
            seconds, status = row[algorithm][:2]
            if status == "optimal" and seconds <= share * left:
                return spent + length - left + float(seconds)
            left -= share * left
        spent, length = spent + length, 2 * length
    return spent


def mean(seconds: list[float]) -> str:
    """Return the geometric mean, shifted by 0.1 s, as text."""
    return f"{math.exp(np.mean(np.log(np.array(seconds) + 0.1))) - 0.1:.2f}" if seconds else ""


def table(head: list[str], rows: list[list[Any]]) -> str:
    lines: list[list[Any]] = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def page(rows: list[dict[str, Any]]) -> str:
    """Return the page root-lp.md."""
    rows = sorted(rows, key=lambda row: (row["n"] + row["m"], row["name"]))

    def cell(seconds: float, status: str, value: float) -> str:
        return f"> {CPU_LIMIT}" if status == "late" else f"{seconds:.2f}" if status == "optimal" else status

    times = [
        [row["name"], row["n"], row["m"], row["nonzeros"], *(cell(*row[a]) for a in ALGORITHMS)]
        for row in rows
    ]
    plans = [
        [name, *(mean([replayed(row, shares) for row in half]) for half in (rows[::2], rows[1::2]))]
        for name, shares in PLANS.items()
    ]
    return (
        "# The root LP\n\n"
        "The dual simplex is faster in the mean than the interior point method, but on some large LPs the latter or\n"
        "PDLP is faster by far. The page is written by `python results/engine/root_lp.py FOLDER NAME...`; the instances are\n"
        "those of root-lp.jsonl, which is stored compressed as root-lp.jsonl.gz.\n\n"
        "The first table has the CPU seconds of the presolved model's LP relaxation by dual simplex, interior point\n"
        f"without crossover, and PDLP to 1e-4 (HiGHS, one thread, at most {CPU_LIMIT} s each), sorted by rows and columns:\n\n"
        + table(["instance", "n", "m", "nonzeros", *ALGORITHMS], times)
        + "\n\nThe second table has the seconds to a root point, computed from the first, if the algorithms share slices of\n"
        "2, 4, 8 and 16 s: geometric means, shifted by 0.1 s. An LP that is never solved counts 30 s.\n\n"
        + table(["shares", "odd rows", "even rows"], plans)
        + "\n\nThe work of an interrupted slice is lost. So the engine gives the simplex 1.2 s and then continues with both\n"
        "algorithms in processes that are paused between slices, with 0.6 of the time for the simplex.\n\n"
        "Whole, unlimited and unpresolved, the large LPs take (in brackets interior point): sing44 8.3 s (11.3 s),\n"
        "sing326 7.2 s (12.2 s), uccase9 11.4 s (7.1 s), rmatr200-p5 9.6 s (> 30 s), neos-4763324-toguru 8.6 s (failed),\n"
        "eilA101-2 2.8 s (7.5 s). PDLP solves none of them in 30 s.\n"
    )


def main(folder: Path, names: list[str]) -> None:
    """Measure the instances that have no record, and write the page."""
    records = HERE / "root-lp.jsonl"
    rows = read_objects(records)
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
