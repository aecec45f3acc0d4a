"""Measure what the pump costs beside its LPs: overhead per iteration, start-up, peak memory.

    python results/cost/measure.py        (needs DIFFPUMP_MIPLIB and a machine doing nothing else)

Writes cost.md beside this file; README.md has the conclusions.
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
MIPLIB = Path(os.environ["DIFFPUMP_MIPLIB"])
INSTANCES = (
    "small/stein27 small/p0201 small/misc07 small/harp2 small/air03 small/roll3000 small/cap6000 small/mod011 "
    "paper/glass4 paper/tr12-30 paper/csched007 paper/seymour paper/neos-860300 paper/sp97ar paper/air05 "
    "paper/CMS750_4 paper/sorrell3 paper/academictimetablesmall paper/neos-957323 paper/eilA101-2 "
    "paper/rmatr200-p5 paper/opm2-z10-s4"
).split()
WARMUP, ITERATIONS = 5, 80  # iterations before the measured ones, and of them
TIME_LIMIT = 20.0  # s, of the iterations of an instance
SLOW_LP_MS = 5  # from here the share outside the LP solver has a target
HIGHS = (
    "import sys, highspy; h = highspy.Highs(); h.setOptionValue('output_flag', False);"
    "h.setOptionValue('threads', 1); h.setOptionValue('solver', 'simplex');"
    "h.setOptionValue('solve_relaxation', True); h.setOptionValue('time_limit', 60.0);"
    "h.readModel(sys.argv[1]); h.run()"
)


def overhead(name: str, preset: str) -> tuple[int, int, int, float, float] | None:
    """Return columns, nonzeros, iterations, and the milliseconds per iteration in LPs and outside them.

    LPs start warm, there is no repair, and solutions do not stop the run. The number of iterations is 0 if
    there are too few; None stands for an instance that is not there.
    """
    from diffpump.backends.relaxation import load
    from diffpump.config.presets import config
    from diffpump.core.limits import RunLimits
    from diffpump.io.read import read
    from diffpump.pump import Pump

    path = MIPLIB / f"{name}.mps.gz"
    if not path.exists():
        return None
    problem = read(path)
    run_config = config(preset, max_iter=ITERATIONS + WARMUP, repair="off", time_limit=None)
    limits = RunLimits(time.monotonic() + TIME_LIMIT)
    states = Pump(problem, run_config, load(problem), 0, limits, accept=lambda x: False).iterates()
    first = None
    for state in states:
        if state.iteration == WARMUP:
            first, begun = state, time.perf_counter()
        if first is not None and state.status is None:
            last, ended = state, time.perf_counter()
    if first is None or last.iteration - first.iteration < 5:
        return problem.n, problem.nnz, 0, 0.0, 0.0
    count = last.iteration - first.iteration
    in_lp = last.lp_seconds - first.lp_seconds
    return problem.n, problem.nnz, count, 1e3 * in_lp / count, 1e3 * (ended - begun - in_lp) / count


def overheads() -> list[str]:
    out = [
        "| instance | preset | columns | nonzeros | iterations | LP ms | other ms | share | 0.2 ms + 20 ns nnz |"
    ]
    out.append("|---" * 9 + "|")
    sizes, others, slow = [], [], []
    for name in INSTANCES:
        for preset in ("FP", "DP4"):
            measured = overhead(name, preset)
            if measured is None:
                continue
            n, nnz, count, lp, other = measured
            if not count:
                out.append(f"| {name} | {preset} | {n} | {nnz} | fewer than 10 in {TIME_LIMIT:g} s | | | | |")
                continue
            share, budget = other / (lp + other), 0.2 + 20e-6 * nnz
            out.append(
                f"| {name} | {preset} | {n} | {nnz} | {count} | {lp:.2f} | {other:.2f} | {100 * share:.1f} % | "
                f"{budget:.2f}{'' if other <= budget else ' **exceeded**'} |"
            )
            sizes.append(nnz)
            others.append(other)
            if lp > SLOW_LP_MS:
                slow.append((share, f"{name} {preset}"))
    # Relative least squares, so that the small instances count as much as the large.
    A = np.column_stack([np.ones(len(sizes)), sizes]) / np.array(others)[:, None]
    a, b = np.linalg.lstsq(A, np.ones(len(sizes)), rcond=None)[0]
    worst = max(slow)
    out += [
        "",
        f"The fit over all rows is {a:.2f} ms + {1e6 * b:.0f} ns x nonzeros per iteration. Where an LP takes over {SLOW_LP_MS} ms "
        f"({len(slow)} rows) the share outside the LP solver is at most {100 * worst[0]:.1f} % ({worst[1]}), "
        f"with a median of {100 * statistics.median(s for s, _ in slow):.1f} %.",
    ]
    return out


def startup() -> list[str]:
    solution = HERE / "tmp.sol"
    model = "instances/gap-3x8-s0.mps"
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import highspy": [sys.executable, "-c", "import highspy"],
        "diffpump --help": ["--help"],
        "diffpump presets": ["presets"],
        "diffpump info": ["info", model],
        "diffpump solve (gap-3x8)": ["solve", model, "-q", "--solution-file", str(solution)],
        "diffpump check": ["check", model, str(solution)],
    }
    out = ["| command | median s | min s | of 7 |", "|---|---|---|---|"]
    for name, command in commands.items():
        if not command[0].endswith(("python", "python3")) and command[0] != sys.executable:
            command = [str(Path(sys.executable).parent / "diffpump"), *command]
        taken = []
        for _ in range(8):
            begun = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True, cwd=HERE.parent.parent)
            taken.append(time.perf_counter() - begun)
        out.append(f"| {name} | {statistics.median(taken[1:]):.2f} | {min(taken[1:]):.2f} | |")
    solution.unlink()
    return out


def peak(command: list[str]) -> float:
    """Return the peak resident memory of a command in MB."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    shown = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    return int(shown.stdout) / 1024


def memory() -> list[str]:
    with (MIPLIB / "catalogue.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["set"] == "paper"]
    rows.sort(key=lambda row: -int(row["nonzeros"]))
    out = ["| instance | nonzeros | highspy alone MB | diffpump MB | ratio |", "|---|---|---|---|---|"]
    for row in rows[:3]:
        path = str(MIPLIB / "paper" / f"{row['name']}.mps.gz")
        alone = peak([sys.executable, "-c", HIGHS, path])
        ours = peak(
            [sys.executable, "-m", "diffpump", "solve", path, "-q", "--time-limit", "60", "--max-iter", "5"]
        )
        out.append(f"| {row['name']} | {row['nonzeros']} | {alone:.0f} | {ours:.0f} | {ours / alone:.2f} |")
    return out


def main() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "diffpump", "solve", "instances/gap-3x8-s0.mps", "--json", "-q"],
        capture_output=True, text=True, check=True, cwd=HERE.parent.parent,
    )  # fmt: skip
    versions = ", ".join(f"{k} {v}" for k, v in json.loads(shown.stdout)["versions"].items())
    lines = [
        "# Costs beside the LP", "", f"Made by `python results/cost/measure.py`; {versions}; one core.", "",
        "## An iteration", "", "LPs start warm in HiGHS, there is no repair, and solutions do not stop the run. Times are means over the iterations.",
        "", *overheads(), "", "## Start-up", "", *startup(), "", "## Peak memory", "",
        "highspy alone reads the file and solves the root LP by the simplex. diffpump reads it with its own reader, "
        "loads the LP, runs up to 5 iterations and verifies. Both have 60 s.", "", *memory(),
    ]  # fmt: skip
    (HERE / "cost.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
