"""Full disks, read-only homes, closed streams."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import limited
from trial import ROOT, Skipped, Trial, row

LONG = "a_rather_long_name_of_a_column_" * 3
MODEL = f"""NAME tiny
ROWS
 N obj
 L c1
 G c2
COLUMNS
 M 'MARKER' 'INTORG'
 {LONG}1 obj 1 c1 1
 {LONG}1 c2 1
 {LONG}2 obj 2 c1 1
 M 'MARKER' 'INTEND'
RHS
 R c1 1 c2 1
BOUNDS
 BV B {LONG}1
 BV B {LONG}2
ENDATA
"""
OUTPUTS = (
    "--solution-file x.sol",
    "--solution-file x.mst",
    "--solution-file x.json",
    "--trace x.jsonl",
    "--log-file x.log",
)
UNWRITABLE = "/proc/self"  # for everybody, also for root
COLD_SECONDS = 90.0  # the engine compiles its kernels anew if their cache cannot be used


def sized(limit: int) -> Callable[[], None]:
    """Return what limits the size of files to some bytes, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def closing(stream: int) -> Callable[[], None]:
    """Return what closes a stream."""
    return lambda: os.close(stream)


def full(trial: Trial) -> None:
    """A file that may not grow: code 6, one line, the result all the same, and nothing partial."""
    option = trial.random.choice(OUTPUTS)
    until = [] if "trace" in option else ["--until", "first"]
    preset = ["--preset", "FP"] if "trace" in option else []
    done = limited.run(
        "solve", "m.mps", "-q", "--json", *until, *preset, *option.split(), cwd=trial.folder,
        before=sized(trial.random.randrange(1, 60)), env={"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    trial.case = f"full, {option.split()[0]}"
    limited.demand_orderly(trial, done, (6,))
    trial.demand(done.err.count("\n") == 1 and "cannot be written" in done.err, f"not one line: {done.err}")
    trial.demand(bool(done.out) and json.loads(done.out)["status"] == "feasible", "the result is lost")
    limited.demand_clean(trial, {"m.mps"})


def device(trial: Trial) -> None:
    """/dev/full as log, trace or standard output: code 6, one line, and the solution file is there."""
    if not Path("/dev/full").exists():
        raise Skipped("there is no /dev/full")
    where = trial.random.choice(["--log-file /dev/full", "--trace /dev/full --preset FP", "standard output"])
    trial.case = f"/dev/full, {where.split()[0]}"
    options = [] if where == "standard output" else where.split()
    if where == "standard output":
        shell = ["/bin/sh", "-c", 'exec "$0" "$@" > /dev/full', *limited.COMMAND]
    else:
        shell = limited.COMMAND
    until = [] if "--preset" in where else ["--until", "first"]
    done = limited.run(
        "solve", "m.mps", "-q", *until, *options, "--solution-file", "x.sol", cwd=trial.folder, command=shell
    )
    limited.demand_orderly(trial, done, (6,))
    trial.demand(done.err.count("\n") == 1, f"not one line: {done.err}")
    if trial.demand((trial.folder / "x.sol").exists(), "the solution file is missing"):
        limited.demand_proven(trial, trial.folder / "m.mps", trial.folder / "x.sol")


def closed(trial: Trial) -> None:
    """A closed standard output or error: no traceback, and the solution file is there."""
    stream = trial.random.choice([1, 2])
    trial.case = f"closed stream {stream}"
    done = limited.run(
        "solve", "m.mps", "--until", "first", "--solution-file", "x.sol", cwd=trial.folder,
        command=["/bin/sh", "-c", f'exec "$0" "$@" {stream}>&-', *limited.COMMAND],
    )  # fmt: skip
    limited.demand_orderly(trial, done, (0, 6, 141))
    trial.demand((trial.folder / "x.sol").exists(), "the solution file is missing")


def read_only(trial: Trial) -> None:
    """No folder for the kernels' cache: the run goes on without it."""
    if not Path(UNWRITABLE).exists():
        raise Skipped(f"there is no {UNWRITABLE}")
    pump = trial.random.random() < 0.8
    trial.case = f"read-only home, {'pump' if pump else 'engine'}"
    env = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "MPLCONFIGDIR"), UNWRITABLE)
    how = ["--preset", "FP"] if pump else ["--until", "first"]
    done = limited.run(
        "solve",
        "m.mps",
        *how,
        "--json",
        "--solution-file",
        "x.sol",
        cwd=trial.folder,
        env=env,
        patience=COLD_SECONDS,
    )
    limited.demand_orderly(trial, done, (0,))
    trial.demand((trial.folder / "x.sol").exists(), "the solution file is missing")


def batch(trial: Trial) -> None:
    """A batch on a disk that is full: code 6, one line, whole records, and the next run completes them."""
    trial.case = "batch"
    plan = [
        "bench",
        "run",
        str(ROOT / "instances" / "gap-3x8-s0.mps"),
        "--preset",
        "FP",
        "--seeds",
        "0-2",
        "--out",
        "out",
    ]
    done = limited.run(*plan, "-q", cwd=trial.folder, before=sized(trial.random.randrange(2000, 7000)))
    limited.demand_orderly(trial, done, (0, 6))
    records = trial.folder / "out" / "records.jsonl"
    data = records.read_bytes() if records.exists() else b""
    trial.demand(data.endswith(b"\n") or not data, "half a record is left")
    again = limited.run(*plan, "-q", cwd=trial.folder)
    limited.demand_orderly(trial, again, (0,))
    lines = records.read_bytes().splitlines() if records.exists() else []
    keys = {json.loads(line)["key"] for line in lines}
    trial.demand(len(lines) == len(keys) == 3, f"{len(lines)} records with {len(keys)} keys, not 3")
    trial.demand(lines[: data.count(b"\n")] == data.splitlines(), "a stored record has changed")


WAYS = (full, device, closed, read_only, full, batch, full, device)


@row(
    "disks", "full disks, read-only homes, closed streams", trials=48, seconds=90, patience=120, quick=(0, 1)
)
def disks(trial: Trial) -> None:
    """A full disk ends with code 6 and one line, keeps the result, and leaves no partial file; a batch loses no stored
    record and completes later; without a writable home or cache, and with closed streams, the solution is written.
    """
    if sys.platform != "linux":
        raise Skipped("needs Linux")
    (trial.folder / "m.mps").write_text(MODEL)
    WAYS[trial.number % len(WAYS)](trial)
