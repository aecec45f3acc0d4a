"""Runs with a work limit, twice, and under load."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

from trial import ROOT, Trial, row

WORK = 3_000_000  # touched nonzeros: one or two seconds
ITERATIONS = 60
SMALLEST = 40  # of MIPLIB's files, the number that models are drawn from


def models() -> list[Path]:
    """Return our instances, and the smallest files of MIPLIB."""
    found = sorted((ROOT / "instances").glob("*.mps"))
    if folder := os.environ.get("DIFFPUMP_MIPLIB"):
        files = Path(folder).rglob("*.mps.gz")
        found += sorted(files, key=lambda path: (path.stat().st_size, path.name))[:SMALLEST]
    return found


def told(result: Any) -> dict[str, Any]:
    """Return everything about a run except its seconds."""
    arms = {} if result.engine is None else result.engine.arms
    return {
        "status": result.status.name,
        "incumbents": [(found.objective, found.arm) for found in result.incumbents],
        "x": None if result.x is None else result.x.tolist(),
        "bound": result.bound,
        "complete": result.complete,
        "arms": {name: {k: v for k, v in arm.items() if k != "seconds"} for name, arm in arms.items()},
        "pump": None if result.pump is None else (result.pump.iterations, dict(result.pump.restarts)),
    }


@row(
    "determinism", "the same run twice, with limits on work or iterations", trials=40, seconds=100, quick=(1,)
)
def determinism(trial: Trial) -> None:
    """A second run with the same seed and `--deterministic --work-limit`, or the pump alone with the same iteration
    limit, has the same status, solution, bound, incumbents with their arms, and the same slices.
    """
    import diffpump

    model = trial.random.choice(models())
    preset = "auto" if trial.number % 4 else trial.random.choice(["FP", "DP1", "DP3", "DP4"])
    trial.case = f"{preset}, {model.name.split('.')[0]}"
    settings: dict[str, Any] = {"seed": trial.random.randrange(1000), "time_limit": None}
    if preset == "auto":
        settings |= {"deterministic": True, "work_limit": WORK}
    else:
        settings |= {"max_iter": ITERATIONS}
    data = model.read_bytes()
    copy = trial.folder / "m.mps"  # the second run reads another path
    copy.write_bytes(gzip.decompress(data) if model.suffix == ".gz" else data)
    first, second = (told(diffpump.solve(path, preset, **settings)) for path in (model, copy))
    differ = [key for key in first if first[key] != second[key]]
    trial.demand(not differ, f"two runs differ in {', '.join(differ)}")
