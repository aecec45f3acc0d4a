"""What ten different solutions cost: the loss of objective against the distance that is asked for.

    DIFFPUMP_MIPLIB=... python results/pool/measure.py run       append to rows.jsonl what is missing
    python results/pool/measure.py report > results/pool/tables.md

The instances are `COUNT` feasible files of MIPLIB's small set, evenly over the alphabet. Each has a run without a required
distance (one column) and one for each share of its integer columns.

    loss       |z_k - z_1| / max(|z_k|, |z_1|) of a solution k beside the best one
    distance   the number of integer columns in which two solutions differ, as a share of all
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.bench.solu import known_objectives
from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
ROWS = HERE / "rows.jsonl"
COUNT, SOLUTIONS, SECONDS = 20, 10, 8
DISTANCES = ("1", "0.02", "0.1", "0.3")


def instances() -> list[Path]:
    """Return the files, those with a known objective."""
    folder = Path(os.environ["DIFFPUMP_MIPLIB"])
    known = known_objectives(str(folder / "best.solu"))
    files = [file for file in sorted((folder / "small").glob("*.gz")) if file.name.split(".")[0] in known]
    return [files[k] for k in np.linspace(0, len(files) - 1, COUNT).round().astype(int)]


def measured(file: Path, distance: str) -> dict[str, Any]:
    """Run diffpump and return the row."""
    done = subprocess.run(
        [sys.executable, "-m", "diffpump", "solve", str(file), "--solutions", str(SOLUTIONS), "--min-difference", distance,
         "--time-limit", str(SECONDS), "--json", "-q"],
        capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    return {
        "instance": file.name.split(".")[0], "distance": distance,
        "integers": found["instance"]["binaries"] + found["instance"]["integers"],
        "objectives": [one["objective"] for one in found["solutions"]], "differences": found["differences"],
        "seconds": found["seconds"]["total"],
    }  # fmt: skip


def run() -> None:
    """Measure what has no row, two runs at a time."""
    known = {(one["instance"], one["distance"]) for one in read_objects(ROWS)}
    left = [
        (file, distance)
        for file in instances()
        for distance in DISTANCES
        if (file.name.split(".")[0], distance) not in known
    ]
    with ThreadPoolExecutor(2) as pool:
        for row in pool.map(lambda pair: measured(*pair), left):
            with ROWS.open("a") as stream:
                stream.write(json.dumps(row) + "\n")


def losses(row: dict[str, Any]) -> np.ndarray:
    """Return the losses of all solutions but the best."""
    z = np.array(row["objectives"], float)
    return np.abs(z[1:] - z[0]) / np.maximum(np.maximum(np.abs(z[1:]), abs(z[0])), 1e-9)


def report() -> None:
    """Print the table and draw the picture."""
    rows = [row for row in read_objects(ROWS) if len(row["objectives"]) > 1]
    print("# Ten different solutions\n\nPrinted by `python results/pool/measure.py report`.\n")
    print(
        "| distance asked for | runs with two or more | solutions, mean | least distance, median | mean distance | loss: median | worst |"
    )
    print("|---" * 7 + "|")
    for distance in DISTANCES:
        own = [row for row in rows if row["distance"] == distance]
        pairs = [
            np.array(row["differences"])[np.triu_indices(len(row["objectives"]), 1)] / row["integers"]
            for row in own
        ]
        print(
            f"| {distance} | {len(own)} | {np.mean([len(row['objectives']) for row in own]):.1f} "
            f"| {np.median([one.min() for one in pairs]):.1%} | {np.mean([one.mean() for one in pairs]):.1%} "
            f"| {np.median([losses(row).mean() for row in own]):.2%} | {max(losses(row).mean() for row in own):.1%} |"
        )
    draw(rows)


def draw(rows: list[dict[str, Any]]) -> None:
    """Draw the mean loss of each run against the mean distance of its solutions."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "pool"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4))
    for distance, marker in zip(DISTANCES, "os^D", strict=True):
        own = [row for row in rows if row["distance"] == distance]
        pairs = [
            np.array(row["differences"])[np.triu_indices(len(row["objectives"]), 1)].mean() / row["integers"]
            for row in own
        ]
        label = "1 column" if distance == "1" else f"{float(distance):.0%} of the columns"
        axes.scatter(
            pairs, [max(losses(row).mean(), 1e-5) for row in own], marker=marker, s=22, label=label, alpha=0.8
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="mean distance, share of the integer columns",
        ylabel="mean loss of objective",
    )
    axes.legend(title="least distance asked for")
    figure.tight_layout()
    figure.savefig(HERE / "figures" / "pool.svg", metadata={"Date": None})


if __name__ == "__main__":
    {"run": run, "report": report}[sys.argv[1]]()
