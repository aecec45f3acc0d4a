"""Measure the engine without each of its arms, without both pumps, and without their gradient.

    python ablation.py run [JOBS]        make the runs that are missing, 20 s each, in ablation/ (resumable)
    python ablation.py BEST.solu         print the table of README.md from the records in ablation/

ablation/list.txt has the 40 of the paper's instances that are slowest to a first solution (mean over three
seeds). The whole engine runs with seeds 0 and 1; their difference shows how far a row of the table may be off
by chance. An arm is left out, with seed 0, on the instances on which it had a slice; elsewhere it makes no
difference. The pumps and their gradient are left out with three seeds, on the instances on which a pump had a
slice.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from gaps import Record, gap, integral, records

from diffpump.bench.solu import known_objectives
from diffpump.config.schedule import GRADIENT, default_schedule

HERE = Path(__file__).parent
TIME_LIMIT = 20.0  # s, of a run
PUMPS = ["pump", "raw-pump"]
ARMS = dict.fromkeys(name for name, _ in (*default_schedule().first, *default_schedule().better))
PUMP_SEEDS = "0-2"
# By the label of a row: the arms that it leaves out.
LEFT_OUT = {GRADIENT: [GRADIENT], "pumps": PUMPS} | {arm: [arm] for arm in ARMS}


def run(jobs: str) -> None:
    """Make every run that has no record yet."""
    names = (HERE / "ablation" / "list.txt").read_text().split("\n")
    _bench(names, "all", [], "0-1", jobs)
    whole = records(HERE / "ablation")["all", 0]

    def with_slices_of(arms: list[str]) -> list[str]:
        """Return the instances on which one of these arms had a slice."""
        own = {name for name, record in whole.items() if set(arms) & record["arms"].keys()}
        return [line for line in names if Path(line).name.split(".")[0] in own]

    _bench(with_slices_of(PUMPS), "all", [], PUMP_SEEDS, jobs)
    for label, left_out in LEFT_OUT.items():
        pumps = label in (GRADIENT, "pumps")
        chosen = with_slices_of(PUMPS if pumps else left_out)
        if chosen:
            _bench(chosen, f"without {label}", left_out, PUMP_SEEDS if pumps else "0", jobs)


def _bench(instances: list[str], label: str, left_out: list[str], seeds: str, jobs: str) -> None:
    """Run the engine without some arms on some instances."""
    with tempfile.TemporaryDirectory() as folder:
        listed, config = Path(folder) / "list.txt", Path(folder) / f"{label}.toml"
        listed.write_text("\n".join(instances))
        config.write_text(
            f'preset = "auto"\nname = "{label}"\nwithout = {left_out}\ntime_limit = {TIME_LIMIT}\n'
        )
        subprocess.run(
            [sys.executable, "-m", "diffpump", "bench", "run", str(listed), "--config", str(config),
             "--seeds", seeds, "--jobs", jobs, "--out", str(HERE / "ablation"), "-q"],
            check=True,
        )  # fmt: skip


def first(record: Record) -> float:
    """Return the seconds to the first solution, or the time limit if there is none."""
    return float(record["seconds"]["first_solution"] if record["found"] else TIME_LIMIT)


def table(solu: str) -> None:
    """Print a row per label, relative to the whole engine with the same seed on the same instances.

    The whole engine itself is compared with its seed 0.
    """
    best, runs = known_objectives(solu), records(HERE / "ablation")
    pairs: dict[str, list[tuple[str, Record, Record]]] = {}
    for (label, seed), own in runs.items():
        whole = runs["all", 0 if label == "all" else seed]
        if own is not whole:
            pairs.setdefault(label, []).extend(
                (name, own[name], whole[name]) for name in own.keys() & whole.keys()
            )
    print("| | runs | found | lost, gained | first solution | gap | primal integral, s |")
    print("|---|---|---|---|---|---|---|")
    for label, both in sorted(pairs.items(), key=lambda item: item[0] != "all"):
        found = sum(own["found"] for _, own, _ in both)
        lost = sum(whole["found"] and not own["found"] for _, own, whole in both)
        gained = sum(own["found"] and not whole["found"] for _, own, whole in both)
        ratio = math.exp(np.mean([math.log((1 + first(own)) / (1 + first(whole))) for _, own, whole in both]))
        known = [(best[name], own, whole) for name, own, whole in both if name in best]
        cells = []
        for measure, digits in ((gap, 3), (integral, 2)):
            mine, theirs = (np.mean([measure(pair[k], pair[0]) for pair in known]) for k in (1, 2))
            cells.append(f"{mine:.{digits}f} ({mine - theirs:+.{digits}f})")
        row = "all, other seeds" if label == "all" else label
        print(f"| {row} | {len(both)} | {found} | {lost}, {gained} | {ratio:.2f} | {cells[0]} | {cells[1]} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2] if len(sys.argv) > 2 else "2")
    else:
        table(sys.argv[1])
