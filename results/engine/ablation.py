"""The engine without each of its arms, and without the pump's gradient: what each is worth.

    python ablation.py run [JOBS]    what is missing, 20 s a run, into ablation/ (resumable)
    python ablation.py               the table, from ablation/records.jsonl

On ablation/list.txt: the 40 of the paper's instances slowest to a first solution (mean over three seeds).
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

from diffpump.bench.report.stats import primal_gap
from diffpump.bench.solu import read_solu
from diffpump.search.settings import BETTER, FIRST, GRADIENT

HERE = Path(__file__).parent
LIMIT = 20.0
ARMS = list(dict.fromkeys(name for name, _ in (*FIRST, *BETTER)))


def run(jobs: str) -> None:
    """Everything that has no record yet."""
    with tempfile.TemporaryDirectory() as folder:
        configs = []
        for arm in (None, GRADIENT, *ARMS):
            path = Path(folder) / f"{arm}.toml"
            name, without = ("all", []) if arm is None else (f"without {arm}", [arm])
            path.write_text(f'preset = "auto"\nname = "{name}"\nwithout = {without}\ntime_limit = {LIMIT}\n')
            configs.append(str(path))
        subprocess.run(
            [sys.executable, "-m", "diffpump", "bench", "run", str(HERE / "ablation" / "list.txt"),
             "--config", ",".join(configs), "--jobs", jobs, "--out", str(HERE / "ablation"), "-q"],
            check=True,
        )  # fmt: skip


def integral(record: dict[str, Any], best: float) -> float:
    """The primal integral over the limit, in seconds."""
    total, at, current = 0.0, 0.0, 1.0
    for point in record["incumbents"]:
        total, at = total + current * (min(point["seconds"], LIMIT) - at), min(point["seconds"], LIMIT)
        current = float(primal_gap(np.array(point["objective"]), np.array(best)))
    return total + current * (LIMIT - at)


def table(solu: str) -> None:
    """Against the whole engine, on the instances that both have; first solutions at the limit where none."""
    best = {name: known.value for name, known in read_solu(solu).items() if known.value is not None}
    runs: dict[str, dict[str, dict[str, Any]]] = {}
    for line in (HERE / "ablation" / "records.jsonl").read_text().splitlines():
        record = json.loads(line)
        runs.setdefault(record["label"], {})[record["instance"]["name"]] = record

    def first(record: dict[str, Any]) -> float:
        return float(record["seconds"]["first_solution"] if record["found"] else LIMIT)

    print("| | n | found | lost, gained | first solution | primal integral |\n|---|---|---|---|---|---|")
    whole = runs["all"]
    for label, own in runs.items():
        names = [name for name in own if name in whole]
        ratio = math.exp(
            sum(math.log((1 + first(own[n])) / (1 + first(whole[n]))) for n in names) / len(names)
        )
        lost = sum(whole[n]["found"] and not own[n]["found"] for n in names)
        gained = sum(own[n]["found"] and not whole[n]["found"] for n in names)
        known = [n for n in names if n in best]
        area = [sum(integral(of[n], best[n]) for n in known) / len(known) for of in (own, whole)]
        found = sum(own[n]["found"] for n in names)
        print(
            f"| {label} | {len(names)} | {found} | {lost}, {gained} | {ratio:.2f} | {area[0]:.2f} ({area[0] - area[1]:+.2f}) |"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2] if len(sys.argv) > 2 else "2")
    else:
        table(sys.argv[1])
