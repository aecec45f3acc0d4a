"""A batch that is killed repeatedly with SIGKILL, with real processes, and what must hold afterwards.

Records are only appended, so the complete lines at one kill are a prefix of the file at the next kill.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psutil
from command import COMMAND

MARK = "DIFFPUMP_BATCH_UNDER_TEST"  # an environment variable that identifies this batch's processes
TARGETS = ("parent", "child", "both")
SURVIVAL_SECONDS = 1.0  # a child may outlive its parent by this much
PATIENCE_SECONDS = 120.0  # a test fails if it waits longer

WRITER = """
import itertools, random, sys
from diffpump.bench.store import Store
folder, name = sys.argv[1:]
store, draw = Store(folder), random.Random(name)
for number in itertools.count():
    keys = f"{name} {number}", f"common {number}"
    store.add([{"key": key, "attempt": 1, "filling": "x" * draw.randrange(4_000_000)} for key in keys])
    print(keys[0], flush=True)
"""


@dataclass
class Tally:
    """The kills of several batches, and the demands that failed after them.

    kills       by (time, target)
    broken      failed demands as (kind, sentence); kinds are lost, told, twice, torn, keys, outlived, other
    witnessed   records seen at a kill, each counted once
    told        records that a process reported as stored
    torn        incomplete lines that a kill left at the end of a file
    outlived    the longest time in seconds for which a child outlived its parent
    """

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)
    witnessed: int = 0
    told: int = 0
    torn: int = 0
    outlived: float = 0.0

    def demand(self, kind: str, holds: bool, sentence: str) -> None:
        """Add the sentence to `broken` unless the demand holds."""
        if not holds:
            self.broken.append((kind, sentence))


class Batch:
    """`diffpump bench run` with the arguments `plan`, which is started again after every kill."""

    def __init__(self, folder: Path, plan: list[str], tally: Tally, jobs: int = 2) -> None:
        self.folder, self.plan, self.tally = folder, plan, tally
        self._command = [*COMMAND, "bench", "run", *plan, "--out", str(folder), "--jobs", str(jobs)]
        self._environment = {**os.environ, MARK: secrets.token_hex(8)}
        self._log = folder.with_suffix(".log")
        self._seen = b""
        self.parent: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """Start the command; only one runs at a time."""
        with self._log.open("wb") as log:
            self.parent = subprocess.Popen([*self._command, *more], stderr=log, env=self._environment)
        self._stored_before = self.records()
        return self.parent

    def finish(self, *more: str) -> int:
        """Run the command to its end and return its exit code."""
        return self.start(*more).wait(PATIENCE_SECONDS * 5)

    def running(self) -> bool:
        """Return whether the parent process runs."""
        return self.parent is not None and self.parent.poll() is None

    def stderr(self) -> str:
        """Return the parent's standard error."""
        return self._log.read_text()

    def children(self) -> list[psutil.Process]:
        """Return every live process of this batch except the parent, also orphans."""
        return [process for process in psutil.process_iter() if self._ours(process)]

    def _ours(self, process: psutil.Process) -> bool:
        try:
            return (
                (self.parent is None or process.pid != self.parent.pid)
                and process.environ().get(MARK) == self._environment[MARK]
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return False

    def kill(self, when: str, whom: str, random: Random) -> bool:
        """Kill the target `whom` now and check the folder; return False if the target does not run."""
        if not self.running():
            return False
        assert self.parent is not None
        children = [] if whom == "parent" else self.children()
        if whom == "child" and not children:
            return False
        pids = [random.choice(children).pid] if children else []
        pids += [self.parent.pid] if whom != "child" else []
        for pid in random.sample(pids, len(pids)):
            end_now(pid)
        self.tally.kills[when, whom] += 1
        if whom != "child":
            self.parent.wait()
            self._wait_for_children()
            self._check_reported()
        self.witness()
        return True

    def _wait_for_children(self) -> None:
        """Demand that the children end within SURVIVAL_SECONDS of their parent."""
        began = time.monotonic()
        while children := self.children():
            if time.monotonic() - began > 10 * SURVIVAL_SECONDS:
                for child in children:
                    end_now(child.pid)
        seconds = time.monotonic() - began
        self.tally.outlived = max(self.tally.outlived, seconds)
        self.tally.demand(
            "outlived", seconds <= SURVIVAL_SECONDS, f"a child outlived its parent by {seconds:.1f} s"
        )

    def _check_reported(self) -> None:
        """Demand that every record that the parent reported is stored."""
        told = sum(line.startswith("[") for line in self.stderr().splitlines())
        stored = self.records() - self._stored_before
        self.tally.told += told
        self.tally.demand("told", told <= stored, f"{told} records reported, {stored} stored")

    def witness(self) -> None:
        """Demand that the complete lines seen before are still there, byte by byte."""
        data = read(self.folder / "records.jsonl")
        complete = data[: data.rfind(b"\n") + 1]
        self.tally.demand(
            "lost", complete.startswith(self._seen), "a stored record has disappeared or changed"
        )
        self.tally.witnessed += complete.count(b"\n") - self._seen.count(b"\n")
        self.tally.torn += len(data) > len(complete) and not self.running()
        self._seen = complete

    def records(self) -> int:
        """Return the number of complete lines of the records file."""
        return read(self.folder / "records.jsonl").count(b"\n")

    def wait_for(self, records: int) -> None:
        """Wait until so many records are stored or the parent ends."""
        began = time.monotonic()
        while self.running() and self.records() < records and time.monotonic() - began < PATIENCE_SECONDS:
            time.sleep(0.002)


def end_now(pid: int) -> None:
    """Send SIGKILL to a process that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def read(path: Path) -> bytes:
    """Return a file's bytes, empty if there is no file."""
    return path.read_bytes() if path.exists() else b""


def objects(path: Path, tally: Tally) -> list[dict[str, Any]]:
    """Return a file's JSON lines; demand that all lines are JSON and complete."""
    data = read(path)
    tally.demand("torn", data.endswith(b"\n") or not data, f"{path.name} ends in half a line")
    found = []
    for line in data.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            tally.demand("torn", False, f"{path.name} has a line that is no JSON: {line[:60]!r}")
    return found


def check_folder(batch: Batch, keys: set[str]) -> list[dict[str, Any]]:
    """Return the records of a batch that has ended.

    Demand that no line is torn, no attempt is stored twice, and the keys are exactly the given ones.
    """
    batch.witness()
    records = objects(batch.folder / "records.jsonl", batch.tally)
    attempts = Counter((record["key"], record["attempt"]) for record in records)
    batch.tally.demand("twice", max(attempts.values(), default=1) == 1, "a record is stored twice")
    found = {record["key"] for record in records}
    batch.tally.demand(
        "keys", found == keys, f"{len(keys - found)} keys missing, {len(found - keys)} not planned"
    )
    return records


def planned(folder: Path, plan: list[str], tally: Tally) -> set[str]:
    """Make or complete a folder's plan with `list-jobs` and return its keys, each of which must be unique."""
    listed = [*COMMAND, "bench", "list-jobs", *plan, "--out", str(folder)]
    done = subprocess.run(listed, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    tally.demand("other", done.returncode == 0, f"list-jobs: {done.stderr}")
    keys = [job["key"] for job in objects(folder / "jobs.jsonl", tally)]
    tally.demand("twice", len(keys) == len(set(keys)), "a job is planned twice")
    return set(keys)


# --- the times of kills -----------------------------------------------------------------------------


def at_start(root: Path, plan: list[str], tally: Tally, random: Random, kills: int) -> None:
    """Kill batches in new folders: before any file exists, as a file appears, while the plan is written."""
    expected = planned(root / "undisturbed", plan, tally)
    for number in range(kills):
        batch = Batch(root / f"start-{number}", plan, tally)
        batch.start()
        name = ("", "bench.json", "jobs.jsonl.lock", "jobs.jsonl", "run.lock")[number % 5]
        if name:
            while batch.running() and not (batch.folder / name).exists():
                time.sleep(0.0005)
            time.sleep(random.choice([0, 0, random.uniform(0, 0.02)]))
        else:
            time.sleep(random.uniform(0, 1))
        batch.kill("start", "parent", random)
        found = planned(batch.folder, plan, tally)
        tally.demand(
            "keys", found == expected, f"after a kill at the start: {len(found)} of {len(expected)} planned"
        )


def in_append(root: Path, tally: Tally, random: Random, kills: int) -> None:
    """Run two processes that store large records as fast as they can; kill one, then the other."""
    from diffpump.bench.store import Store

    for number in range(kills // 2):
        store = Store(root / f"append-{number}")
        store.create()
        path = store.folder / "records.jsonl"
        writers = [start_writer(store.folder, name) for name in ("one", "two")]
        for name, writer in zip(("one", "two"), writers, strict=True):
            assert writer.stdout is not None
            told = [writer.stdout.readline()]
            if random.random() < 0.5:
                time.sleep(random.uniform(0, 0.2))
            else:
                size = path.stat().st_size
                while path.stat().st_size <= size:  # wait until a write has begun
                    pass
            writer.kill()
            told += [line for line in writer.stdout if line.endswith("\n")]
            writer.stdout.close()
            writer.wait()
            tally.kills["append", "writer"] += 1
            tally.told += len(told)
            present = {json.loads(line)["key"] for line in read(path).split(b"\n")[:-1]}
            missing = {line.strip() for line in told} - present
            tally.demand(
                "told", not missing, f"writer {name}: {len(missing)} records reported but not stored"
            )
        before = read(path)
        whole = before[: before.rfind(b"\n") + 1]
        tally.torn += len(before) > len(whole)
        tally.witnessed += whole.count(b"\n")
        store.add([{"key": "last", "attempt": 1}])
        after = read(path)
        tally.demand("lost", after.startswith(whole), "a stored record has disappeared or changed")
        keys = [record["key"] for record in objects(path, tally)]
        tally.demand(
            "twice", len(keys) == len(set(keys)) == whole.count(b"\n") + 1, "a record is stored twice"
        )


def start_writer(folder: Path, name: str) -> subprocess.Popen[str]:
    """Start a process that stores records and prints their keys until it is killed."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name], stdout=subprocess.PIPE, text=True
    )


def at_random(batch: Batch, random: Random, kills: int, spread: float = 4.0) -> None:
    """Kill the parent, a child or both at random times, in half of the cases just as a record is stored."""
    while kills:
        if not batch.running():
            batch.start()
            time.sleep(random.uniform(0, 1))
        if random.random() < 0.5:
            time.sleep(random.uniform(0, spread))
        else:
            batch.wait_for(batch.records() + random.choice([1, 2, 3]))
        kills -= batch.kill("middle", random.choice(TARGETS), random)


def at_end(batch: Batch, planned: int, random: Random, kills: int) -> None:
    """Kill the parent or both while the last records are stored and the parent ends."""
    while kills:
        if not batch.running():
            batch.start()
        batch.wait_for(planned - random.randrange(3))
        time.sleep(random.choice([0, random.uniform(0, 0.3)]))
        kills -= batch.kill("end", random.choice(TARGETS[::2]), random)
