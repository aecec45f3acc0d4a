"""Compare what two checkouts of diffpump compute, for a change that must not change behaviour.

    python results/engine/unchanged.py OLD NEW        (needs DIFFPUMP_MIPLIB; some 5 minutes)

OLD and NEW are folders, each with its own environment in .venv. On ten instances the engine runs with counted work,
and the pump runs with the presets FP and DP4. Compared are the status, every incumbent with its arm, the slices,
work and LP iterations of every arm, and the pump's iterations, restarts and LP iterations. Writes unchanged.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
INSTANCES = (
    "small/gesa2 small/p0201 paper/air05 paper/lotsize paper/swath1 paper/csched008 small/noswot small/timtab1 "
    "small/cap6000 paper/glass4"
).split()
WAYS = {
    "engine": "--deterministic --work-limit 30000000 --seed 1",
    "FP": "--preset FP --max-iter 200 --time-limit 600 --seed 1",
    "DP4": "--preset DP4 --max-iter 200 --time-limit 600 --seed 1",
}
COUNTS = ("slices", "work", "lp_iterations", "incumbents")  # of an arm; seconds differ in every run


def outcome(folder: Path, model: Path, options: str) -> dict[str, Any]:
    """Return what a checkout's run must repeat."""
    command = [folder / ".venv" / "bin" / "diffpump", "solve", model, *options.split(), "-q", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/")
    record = json.loads(done.stdout)
    arms = {name: [arm[key] for key in COUNTS] for name, arm in record["arms"].items()}
    points = [(found["objective"], found["arm"]) for found in record["incumbents"]]
    kept = (
        "status",
        "objective",
        "lp_bound",
        "iterations",
        "restarts",
        "lp_solves",
        "lp_iterations",
        "config_digest",
    )
    return {
        "exit code": done.returncode,
        "incumbents": points,
        "arms": arms,
        **{key: record[key] for key in kept},
    }


def main(old: Path, new: Path) -> int:
    """Run everything in both checkouts, write the page, and return 1 if something differs."""
    miplib, rows, differ = Path(os.environ["DIFFPUMP_MIPLIB"]), list[str](), 0
    for name in INSTANCES:
        for way, options in WAYS.items():
            before, after = (outcome(folder, miplib / f"{name}.mps.gz", options) for folder in (old, new))
            differ += before != after
            work = sum(arm[1] for arm in after["arms"].values())
            effort = f"{work} work" if work else f"{after['iterations']} iterations"
            same = "yes" if before == after else "no"
            rows.append(
                f"| {name} | {way} | {len(after['incumbents'])} | {after['objective']} | {effort} | {same} |"
            )
            print(rows[-1], flush=True)
    total = len(rows)
    head = [
        "# Before and after", "",
        f"`python results/engine/unchanged.py OLD NEW` of {datetime.now(UTC):%Y-%m-%d}: {total - differ} of {total} runs "
        "are the same in status, incumbents, arms' slices and work, iterations, restarts and LP iterations.", "",
        "| instance | run | incumbents | objective | effort | the same |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    (HERE / "unchanged.md").write_text("\n".join([*head, *rows]) + "\n")
    return int(differ > 0)


if __name__ == "__main__":
    if len(sys.argv) != 3 or "DIFFPUMP_MIPLIB" not in os.environ:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
