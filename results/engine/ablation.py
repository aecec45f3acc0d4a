"""The engine without each of its arms, and without the pump's gradient: what each is worth.

    python ablation.py run [JOBS]        what is missing, 20 s a run, into ablation/ (resumable)
    python ablation.py BEST.solu         the table, from ablation/records.jsonl

On ablation/list.txt: the 40 of the paper's instances slowest to a first solution (mean over three seeds). The
whole engine runs with seeds 0 and 1: how far these two differ says what a row of the table may be by chance. An
arm is left out, with seed 0, on the instances on which it had a slice; elsewhere it makes no difference.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.report.stats import gap_drops, primal_gap, primal_integral
from diffpump.bench.solu import read_solu
from diffpump.search.settings import BETTER, FIRST, GRADIENT

HERE = Path(__file__).parent
LIMIT = 20.0
PUMPS = {"pump", "raw-pump"}
ARMS = list(dict.fromkeys(name for name, _ in (*FIRST, *BETTER)))


def run(jobs: str) -> None:
    """Everything that has no record yet."""
    names = (HERE / "ablation" / "list.txt").read_text().split("\n")
    _bench(names, None, "0-1", jobs)
    whole = {name: record for (label, seed, name), record in records().items() if (label, seed) == ("all", 0)}
    for left_out in (GRADIENT, *ARMS):
        arms = PUMPS if left_out == GRADIENT else {left_out}
        took_part = {name for name, record in whole.items() if arms & record["arms"].keys()}
        chosen = [line for line in names if Path(line).name.split(".")[0] in took_part]
        if chosen:
            _bench(chosen, left_out, "0", jobs)


def _bench(instances: list[str], left_out: str | None, seeds: str, jobs: str) -> None:
    """The engine, whole or without an arm, on some instances."""
    with tempfile.TemporaryDirectory() as folder:
        listed, config = Path(folder) / "list.txt", Path(folder) / f"{left_out or 'all'}.toml"
        listed.write_text("\n".join(instances))
        name, without = ("all", []) if left_out is None else (f"without {left_out}", [left_out])
        config.write_text(f'preset = "auto"\nname = "{name}"\nwithout = {without}\ntime_limit = {LIMIT}\n')
        subprocess.run(
            [sys.executable, "-m", "diffpump", "bench", "run", str(listed), "--config", str(config),
             "--seeds", seeds, "--jobs", jobs, "--out", str(HERE / "ablation"), "-q"],
            check=True,
        )  # fmt: skip


def records() -> dict[tuple[str, int, str], dict[str, Any]]:
    """By label, seed and instance."""
    lines = (HERE / "ablation" / "records.jsonl").read_text().splitlines()
    every = [json.loads(line) for line in lines]
    return {(one["label"], one["seed"], one["instance"]["name"]): one for one in every}


def integral(record: dict[str, Any], best: float) -> float:
    """The primal integral over the limit, in seconds."""
    points = record["incumbents"]
    seconds, values = (np.array([point[key] for point in points]) for key in ("seconds", "objective"))
    run = np.zeros(len(points), np.intp)
    drops = gap_drops(run, primal_gap(values, np.array(best)))
    return float(primal_integral(run, seconds, drops, np.array([LIMIT]))[0])


def first(record: dict[str, Any]) -> float:
    """Seconds to the first solution, the limit without one."""
    return float(record["seconds"]["first_solution"] if record["found"] else LIMIT)


def table(solu: str) -> None:
    """Against the whole engine with seed 0, on the instances that both have."""
    best = {name: known.value for name, known in read_solu(solu).items() if known.value is not None}
    runs: dict[str, dict[str, dict[str, Any]]] = {}
    for (label, seed, name), record in records().items():
        runs.setdefault(label if seed == 0 else f"{label}, seed {seed}", {})[name] = record
    whole = runs["all"]
    print("| | n | found | lost, gained | first solution | gap | primal integral, s |")
    print("|---|---|---|---|---|---|---|")
    for label, own in runs.items():
        names = [name for name in own if name in whole]
        found = [sum(of[n]["found"] for n in names) for of in (own, whole)]
        lost = sum(whole[n]["found"] and not own[n]["found"] for n in names)
        ratio = math.exp(np.mean([math.log((1 + first(own[n])) / (1 + first(whole[n]))) for n in names]))
        known = [n for n in names if n in best]
        gap = [np.mean([gap_of(of[n]["objective"], best[n]) for n in known]) for of in (own, whole)]
        area = [np.mean([integral(of[n], best[n]) for n in known]) for of in (own, whole)]
        print(
            f"| {label} | {len(names)} | {found[0]} | {lost}, {found[0] - found[1] + lost} | {ratio:.2f} "
            f"| {gap[0]:.3f} ({gap[0] - gap[1]:+.3f}) | {area[0]:.2f} ({area[0] - area[1]:+.2f}) |"
        )


def gap_of(objective: float | None, best: float) -> float:
    """1 without a solution."""
    return float(primal_gap(np.array(np.nan if objective is None else objective), np.array(best)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2] if len(sys.argv) > 2 else "2")
    else:
        table(sys.argv[1])
