"""Too little memory."""

from __future__ import annotations

import gzip
import json
import os

import limited
from trial import ROOT, Trial, row

from rows.signals import hard_model

LEAST_MB, MOST_MB = 250, 2500
SECONDS = 2.0


def address_space(trial: Trial) -> None:
    """A limit on the address space of one command."""
    random = trial.random
    megabytes = random.randint(LEAST_MB, MOST_MB)
    trial.case = f"{'below' if megabytes < 1000 else 'above'} 1000 MB"
    folder = os.environ.get("DIFFPUMP_MIPLIB")
    large = trial.miplib is not None and random.random() < 0.4
    if large and folder:
        files = sorted(trial.miplib.rglob("*.mps.gz"), key=lambda path: -path.stat().st_size)[:20]  # type: ignore[union-attr]
        (trial.folder / "m.mps").write_bytes(gzip.decompress(random.choice(files).read_bytes()))
    else:
        (trial.folder / "m.mps").write_text(hard_model(random))
    done = limited.run(
        "solve", "m.mps", "-q", "--json", "--time-limit", f"{SECONDS:g}", "--solution-file", "m.sol",
        "--threads", str(random.choice([1, 1, 2])), cwd=trial.folder, memory=megabytes, patience=45,
        env={"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    # Code 1 is documented for a lack of memory; with less than Python and its libraries need, nothing can be said.
    orderly = megabytes >= 500
    if orderly:
        limited.demand_orderly(trial, done, (0, 1, 3, 10, 11))
        words = "memory" in done.err.lower() or "cannot be read" in done.err
        trial.demand(
            done.code not in (1, 3) or words,
            f"code {done.code} without a word on memory: {done.err.strip()[-200:]}",
        )
    trial.demand(not done.late, "no end within 45 s")
    solution = trial.folder / "m.sol"
    trial.demand(done.code != 0 or solution.exists(), "code 0 without a solution file")
    if solution.exists():
        limited.demand_proven(trial, trial.folder / "m.mps", solution)


def batch(trial: Trial) -> None:
    """A batch with `--memory-limit`: one record for each job, and the batch goes on."""
    trial.case = "batch"
    limit = trial.random.choice([20, 60, 120, 400])
    done = limited.run(
        "bench", "run", str(ROOT / "instances" / "gap-3x8-s0.mps"), "--preset", "FP,auto", "--time-limit", "2",
        "--memory-limit", str(limit), "--out", "out", "-q", cwd=trial.folder, patience=60,
    )  # fmt: skip
    limited.demand_orderly(trial, done, (0,))
    records = [json.loads(line) for line in (trial.folder / "out" / "records.jsonl").read_text().splitlines()]
    trial.demand(len(records) == 2, f"{len(records)} records of 2 jobs")
    for record in records:
        known = record["status"] in ("feasible", "memory", "time_limit", "crashed")
        trial.demand(known, f"a record with status {record['status']} at {limit} MB")
        trial.demand(limit > 20 or record["status"] == "memory", f"{record['status']} with {limit} MB")


@row("memory", "limits on memory", trials=30, seconds=80, patience=150, quick=(0,))
def memory(trial: Trial) -> None:
    """With an address space of 500 to 2500 MB the command ends in time with a known code, or with code 1 (3 while reading)
    and one line about memory, never with a traceback; a solution file is proven or absent. With less it ends, and writes
    nothing wrong. `bench --memory-limit` stores one record for each job.
    """
    batch(trial) if trial.number % 5 == 4 else address_space(trial)
