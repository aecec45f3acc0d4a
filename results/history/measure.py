"""Solve each series in sequence, cold and with what earlier files leave: `python measure.py SERIES... --jobs 2`

    cold      diffpump, every file by itself
    start     diffpump, from the solution of the file before (`--start`)
    history   diffpump with `--history`
    learned   the same from the history of the first `TRAINING` files, with `--model` trained on it, on the files after them
    highs     HiGHS, from the solution of the file before

SERIES are folders with the files of a series in order. A sequence is a series with a method; two of them run at a time. Each run
has its record in records.jsonl, and a call that is repeated goes on after the last complete run of each sequence: solutions and
histories are kept in `runs`. `learned` waits for the first files of `history`, so it is given after that. Times count from the start of the process, and solutions are verified exactly.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
RECORDS, RUNS = HERE / "records.jsonl", HERE / "runs"
METHODS = ("cold", "start", "history", "highs")
DIFFPUMP = (sys.executable, "-m", "diffpump")
TRAINING = 20  # files of a series that a network is trained on


def known() -> set[tuple[str, str, str, float]]:
    """Return the runs that have a record: (series, method, file, seconds)."""
    return {(one["series"], one["method"], one["file"], one["limit"]) for one in read_objects(RECORDS)}


def ours(
    method: str, file: Path, before: Path | None, after: Path, folder: Path, limit: float
) -> dict[str, Any]:
    """Run diffpump and return its incumbents."""
    command = [*DIFFPUMP, "solve", str(file), "--time-limit", f"{limit:g}", "--json", "-q"]
    command += ["--solution-file", str(after)]
    if method == "start" and before is not None:
        command += ["--start", str(before)]
    if method in ("history", "learned"):
        command += ["--history", str(folder / "history")]
    if method == "learned":
        command += ["--model", str(folder / "family.npz")]
    done = subprocess.run(command, capture_output=True, text=True)
    found = json.loads(done.stdout)
    return {
        "incumbents": [[one["seconds"], one["objective"], one["arm"]] for one in found["incumbents"]],
        "status": found["status"], "bound": found.get("lp_bound"), "total": found["seconds"]["total"],
    }  # fmt: skip


def highs(file: Path, before: Path | None, after: Path, limit: float) -> dict[str, Any]:
    """Run HiGHS from a solution, and return its incumbents; the last one is verified."""
    began = time.perf_counter()
    import highspy
    import numpy as np

    from diffpump.io.read import read
    from diffpump.io.solution import write_solution
    from diffpump.io.start import start_of
    from diffpump.verify.check import Judge

    problem = read(file)
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("time_limit", max(0.1, limit - (time.perf_counter() - began))),
    ):
        solver.setOptionValue(option, value)
    solver.readModel(str(file))
    found: list[list[Any]] = []

    def improved(event: Any) -> None:
        found.append([time.perf_counter() - began, float(event.data_out.mip_primal_bound), "highs"])

    solver.cbMipImprovingSolution += improved
    if before is not None and before.exists():
        point = start_of(problem, str(before)).point
        if point is not None:
            chosen = np.flatnonzero(problem.integer & ~np.isnan(point)).astype(np.int32)
            solver.setSolution(chosen.size, chosen, np.rint(point[chosen]))
    solver.run()
    x = np.array(solver.getSolution().col_value)
    if x.size == problem.n and found and Judge(problem).feasible(x):
        write_solution(after, problem, x)
    return {
        "incumbents": found, "status": str(solver.getModelStatus()).rpartition(".")[2], "bound": solver.getInfo().mip_dual_bound,
        "total": time.perf_counter() - began,
    }  # fmt: skip


def train(folder: Path, histories: Path) -> None:
    """Copy the history of the first files to a folder, and train a network on it."""
    if not (folder / "history").exists():
        shutil.copytree(histories / f"history-{TRAINING}", folder / "history")
    if not (folder / "family.npz").exists():
        began = time.perf_counter()
        target = str(folder / "family.npz")
        subprocess.run([*DIFFPUMP, "learn", str(folder / "history"), "-o", target, "-q"], check=True)
        print(f"{folder.name}: trained in {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)


def sequence(series: str, method: str, limit: float, count: int | None) -> str:
    """Run the first `count` files of a series with a method, from the first file without a record on."""
    name = Path(series).name
    folder = RUNS / f"{name}-{method}-{limit:g}"
    folder.mkdir(parents=True, exist_ok=True)
    before: Path | None = None
    files = sorted(Path(series).glob("*.mps.gz"))[:count]
    if method == "learned":
        train(folder, RUNS / f"{name}-history-{limit:g}")
        files = files[TRAINING:]
    for k, file in enumerate(files):
        if method == "history" and k == TRAINING and not (folder / f"history-{TRAINING}").exists():
            shutil.copytree(folder / "history", folder / f"history-{TRAINING}")
        after = folder / f"{file.name.removesuffix('.mps.gz')}.sol"
        if (name, method, file.name, limit) not in known():
            run = (
                highs(file, before, after, limit)
                if method == "highs"
                else ours(method, file, before, after, folder, limit)
            )
            record = {"series": name, "method": method, "file": file.name, "limit": limit, **run}
            with RECORDS.open("a") as stream:
                stream.write(json.dumps(record) + "\n")
        if after.exists():
            before = after
    return f"{name} {method}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("series", nargs="+")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--files", type=int, help="the first files of each series (default: all)")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(options.jobs) as pool:
        runs = [
            pool.submit(sequence, one, method, options.seconds, options.files)
            for one in options.series
            for method in options.methods.split(",")
        ]
        for run in runs:
            print(run.result(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
