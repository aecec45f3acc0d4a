"""The engine without each of its arms, without both pumps, and without their gradient: what each is worth.

    python ablation.py run [JOBS]        what is missing, 20 s a run, into ablation/ (resumable)
    python ablation.py BEST.solu         the table, from ablation/records.jsonl

On ablation/list.txt: the 40 of the paper's instances slowest to a first solution (mean over three seeds). The
whole engine runs with seeds 0 and 1: how far these two differ says what a row of the table may be by chance. An
arm is left out, with seed 0, on the instances on which it had a slice; elsewhere it makes no difference.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from gaps import best_known, gap, integral, records

from diffpump.search.settings import BETTER, FIRST, GRADIENT

HERE = Path(__file__).parent
LIMIT = 20.0
PUMPS = ["pump", "raw-pump"]
ARMS = dict.fromkeys(name for name, _ in (*FIRST, *BETTER))
LEFT_OUT = {GRADIENT: [GRADIENT], "pumps": PUMPS} | {arm: [arm] for arm in ARMS}


def run(jobs: str) -> None:
    """Everything that has no record yet."""
    names = (HERE / "ablation" / "list.txt").read_text().split("\n")
    _bench(names, "all", [], "0-1", jobs)
    whole = records(HERE / "ablation")["all", 0]
    for label, left_out in LEFT_OUT.items():
        arms = set(PUMPS if label == GRADIENT else left_out)
        took_part = {name for name, record in whole.items() if arms & record["arms"].keys()}
        chosen = [line for line in names if Path(line).name.split(".")[0] in took_part]
        if chosen:
            _bench(chosen, f"without {label}", left_out, "0", jobs)


def _bench(instances: list[str], label: str, left_out: list[str], seeds: str, jobs: str) -> None:
    """The engine, whole or in part, on some instances."""
    with tempfile.TemporaryDirectory() as folder:
        listed, config = Path(folder) / "list.txt", Path(folder) / f"{label}.toml"
        listed.write_text("\n".join(instances))
        config.write_text(f'preset = "auto"\nname = "{label}"\nwithout = {left_out}\ntime_limit = {LIMIT}\n')
        subprocess.run(
            [sys.executable, "-m", "diffpump", "bench", "run", str(listed), "--config", str(config),
             "--seeds", seeds, "--jobs", jobs, "--out", str(HERE / "ablation"), "-q"],
            check=True,
        )  # fmt: skip


def first(record: dict[str, Any]) -> float:
    """Seconds to the first solution, the limit without one."""
    return float(record["seconds"]["first_solution"] if record["found"] else LIMIT)


def table(solu: str) -> None:
    """Against the whole engine with seed 0, on the instances that both have."""
    best, runs = best_known(solu), records(HERE / "ablation")
    whole = runs["all", 0]
    print("| | n | found | lost, gained | first solution | gap | primal integral, s |")
    print("|---|---|---|---|---|---|---|")
    for (label, seed), own in runs.items():
        names = [name for name in own if name in whole]
        found = [sum(of[n]["found"] for n in names) for of in (own, whole)]
        lost = sum(whole[n]["found"] and not own[n]["found"] for n in names)
        ratio = math.exp(np.mean([math.log((1 + first(own[n])) / (1 + first(whole[n]))) for n in names]))
        known = [n for n in names if n in best]
        gaps = [np.mean([gap(of[n], best[n]) for n in known]) for of in (own, whole)]
        area = [np.mean([integral(of[n], best[n]) for n in known]) for of in (own, whole)]
        row = f"{label}, seed {seed}" if seed else label
        print(
            f"| {row} | {len(names)} | {found[0]} | {lost}, {found[0] - found[1] + lost} | {ratio:.2f} "
            f"| {gaps[0]:.3f} ({gaps[0] - gaps[1]:+.3f}) | {area[0]:.2f} ({area[0] - area[1]:+.2f}) |"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2] if len(sys.argv) > 2 else "2")
    else:
        table(sys.argv[1])
