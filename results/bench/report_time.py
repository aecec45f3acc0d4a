"""Measure the seconds of `bench report` on 20 000 records: `python results/bench/report_time.py`

The program writes a results folder of invented records (124 instances, 8 configurations, 20 seeds and some) to a
temporary place and times the command on it, reading and writing included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from diffpump.bench.plan import FORMAT, Limits, Setting, jobs
from diffpump.bench.process import execute  # a real record is the pattern of the invented ones
from diffpump.config.presets import PRESETS
from diffpump.core.version import __version__

ROOT = Path(__file__).parent.parent.parent
RECORDS, INSTANCES, CONFIGURATIONS = 20_000, 124, 8


def main() -> None:
    """Write the records, time the report, and print one line."""
    (job,) = jobs([str(ROOT / "instances/gap-3x8-s0.mps")], [Setting.ours(PRESETS["FP"])], [0], Limits())
    real, rng = execute(job), np.random.default_rng(0)
    assert real is not None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bench.json").write_text(json.dumps({"format": FORMAT, "version": __version__}))
        with Path(folder, "records.jsonl").open("w") as file, Path(folder, "known.solu").open("w") as known:
            known.writelines(f"=opt= i{k} 100\n" for k in range(INSTANCES))
            for k in range(RECORDS):
                instance, rest = k % INSTANCES, k // INSTANCES
                configuration, seed = rest % CONFIGURATIONS, rest // CONFIGURATIONS
                found, seconds = bool(rng.random() < 0.8), float(rng.exponential(5))
                changes = {
                    "key": f"{instance}:{configuration}:{seed}", "label": f"c{configuration}", "seed": seed,
                    "config_digest": f"{configuration:012d}", "found": found,
                    "status": "feasible" if found else "time_limit",
                    "objective": float(100 + rng.exponential(9)) if found else None,
                    "iterations": int(rng.integers(1, 999)),
                    "instance": {**real["instance"], "name": f"i{instance}", "sha256": f"{instance:064d}"},
                    "seconds": {**real["seconds"], "total": seconds, "first_solution": seconds if found else None},
                }  # fmt: skip
                incumbent = {
                    "seconds": seconds,
                    "objective": changes["objective"],
                    "verified": True,
                    "violation": None,
                }
                changes["claimed"] = {"found": found, "objective": changes["objective"], "violation": None}
                changes["incumbents"] = [incumbent] if found else []
                file.write(json.dumps({**real, **changes}) + "\n")
        command = [sys.executable, "-m", "diffpump", "bench", "report", folder]
        began = time.monotonic()
        subprocess.run([*command, "--solu", f"{folder}/known.solu"], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        size = Path(folder, "report.html").stat().st_size / 2**20
    print(f"{RECORDS} records, {CONFIGURATIONS} configurations: {seconds:.1f} s, a page of {size:.1f} MB")


if __name__ == "__main__":
    main()
