"""Run presets over instances, one process per run, and write the tables beside this file.

    python results/pump/measure.py run small paper60 --jobs 2      # resumable: runs with a record are skipped
    python results/pump/measure.py run paper60-paper scip10 highs10 authors
    python results/pump/measure.py table

Needs DIFFPUMP_MIPLIB (a folder with paper/, small/, general/, catalogue.csv, authors_runs.csv). Every run is
`diffpump solve FILE ... --json`; its object is one line of records-<set>.jsonl. Records of earlier runs are in
the archive records-<set>.jsonl.gz, which is read first. A run reports a solution only after it has been proven
against the original file.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from diffpump.bench.store import read_objects

HERE = Path(__file__).parent
MIPLIB = Path(os.environ.get("DIFFPUMP_MIPLIB", ""))
PRESETS = ("FP", "DP1", "DP2", "DP3", "DP4")
SCIP_TEN = ("p0201", "stein27", "gesa2", "noswot", "misc07", "vpm2", "glass4", "neos5", "tr12-30", "timtab1")
INFEASIBLE = ("diamond", "enlight14", "ns1766074", "p2m2p1m1p0n100")

Job = dict[str, object]


def catalogue() -> list[dict[str, str]]:
    with (MIPLIB / "catalogue.csv").open() as stream:
        return list(csv.DictReader(stream))


def jobs(name: str) -> Iterator[Job]:
    """Yield the runs of a set: file, preset, seed and the remaining arguments.

    Exits with a message for an unknown set.
    """
    rows = catalogue()
    small = sorted(r["name"] for r in rows if r["set"] == "small")
    paper = sorted((r for r in rows if r["set"] == "paper"), key=lambda r: int(r["nonzeros"]))
    limits = ["--time-limit", "20", "--max-iter", "1000"]
    if name == "small":
        for instance in small:
            for preset in PRESETS:
                yield {"file": f"small/{instance}", "preset": preset, "seed": 0, "args": limits}
    elif name in ("paper60", "paper60-paper"):
        # The authors' setting changes only presets with the feasibility loss, on continuous columns: DP3, DP4.
        setting, presets = (["--paper"], PRESETS[3:]) if name.endswith("-paper") else ([], PRESETS)
        for row in paper[:60]:
            for preset in presets:
                yield {"file": f"paper/{row['name']}", "preset": preset, "seed": 0, "args": limits + setting}
    elif name in ("scip10", "highs10"):
        for instance in SCIP_TEN:
            folder = "small" if instance in small else "paper"
            for preset in PRESETS:
                backend = ["--backend", name.removesuffix("10")]
                yield {"file": f"{folder}/{instance}", "preset": preset, "seed": 0, "args": limits + backend}
    elif name in ("authors", "authors-default"):
        with (MIPLIB / "authors_runs.csv").open() as stream:
            instances = sorted({row["instance"] for row in csv.DictReader(stream)})
        limits = ["--time-limit", "60", "--max-iter", "1000"] + (["--paper"] if name == "authors" else [])
        for seed in range(5):
            for instance in instances:
                for preset in ("FP", "DP2", "DP3", "DP4"):
                    yield {"file": f"paper/{instance}", "preset": preset, "seed": seed, "args": limits}
    elif name == "all-DP4":
        for row in rows:
            if row["set"] != "small":
                yield {"file": f"{row['set']}/{row['name']}", "preset": "DP4", "seed": 0, "args": limits}
    else:
        sys.exit(f"unknown set {name}")


def key(job: Job) -> str:
    return f"{job['file']} {job['preset']} {job['seed']}"


def run(name: str, parallel: int) -> None:
    """Make the runs of a set that have no record; each record is appended as soon as its run ends."""
    target = HERE / f"records-{name}.jsonl"
    done = {record["key"] for record in read_objects(target)}
    todo = [job for job in jobs(name) if key(job) not in done]
    lock = Lock()

    def one(job: Job) -> None:
        command = [
            sys.executable,
            "-m",
            "diffpump",
            "solve",
            str(MIPLIB / f"{job['file']}.mps.gz"),
            "-q",
            "--json",
        ]
        command += ["--preset", str(job["preset"]), "--seed", str(job["seed"]), *job["args"]]  # type: ignore[misc]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=180)
            record = json.loads(ended.stdout)
            record["exit_code"] = ended.returncode
        except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
            record = {"status": "crashed", "found": False, "error": str(error)[:200]}
        if (
            "found" not in record
        ):  # an input that was refused, or a bug: it does not count as a run, and is not repeated
            record = {"found": False, "restart_ratio": None, **record}
        record = {"key": key(job), "args": job["args"], "preset": job["preset"], **record}
        with lock, target.open("a") as stream:
            stream.write(json.dumps(record) + "\n")

    with ThreadPoolExecutor(parallel) as pool:
        for count, _ in enumerate(pool.map(one, todo), 1):
            if count % 50 == 0:
                print(f"{name}: {count} of {len(todo)}", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    parallel = int(arguments.pop(arguments.index("--jobs") + 1)) if "--jobs" in arguments else 1
    sets = [a for a in arguments[1:] if not a.startswith("--")]
    if arguments[:1] == ["run"] and sets:
        for chosen in sets:
            run(chosen, parallel)
    elif arguments[:1] == ["table"]:
        from tables import write

        write(HERE)
    else:
        sys.exit(__doc__)
