"""A batch that is killed again and again: real processes, SIGKILL, and what must hold afterwards.

Records are only ever appended, so what was there at one kill is the beginning of what is there at the next.
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

MARK = "DIFFPUMP_BATCH_UNDER_TEST"  # in the environment: tells this batch's processes from others
TARGETS = ("parent", "child", "both")
SURVIVAL_SECONDS = 1.0  # how long a child may outlive its parent
PATIENCE_SECONDS = 120.0

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
    """What was done to batches, and what they did not stand."""

    kills: Counter[tuple[str, str]] = field(default_factory=Counter)  # (when, whom)
    broken: list[tuple[str, str]] = field(default_factory=list)  # (lost, told, twice, ..., what happened)
    witnessed: int = 0  # records seen at a kill, each counted once
    told: int = 0  # records that a process reported as stored
    torn: int = 0  # half lines that a kill left at the end of a file
    outlived: float = 0.0  # seconds that a child lived on, the longest

    def demand(self, kind: str, holds: bool, what: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.broken.append((kind, what))


class Batch:
    """`diffpump bench run` with these arguments, started again after every kill."""

    def __init__(self, folder: Path, plan: list[str], tally: Tally, jobs: int = 2) -> None:
        self.folder, self.plan, self.tally = folder, plan, tally
        self._command = [*COMMAND, "bench", "run", *plan, "--out", str(folder), "--jobs", str(jobs)]
        self._environment = {**os.environ, MARK: secrets.token_hex(8)}
        self._told = folder.with_suffix(".log")
        self._seen = b""
        self.parent: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """Start the command; there is one at a time."""
        with self._told.open("wb") as log:
            self.parent = subprocess.Popen([*self._command, *more], stderr=log, env=self._environment)
        self._stored_before = self.records()
        return self.parent

    def finish(self, *more: str) -> int:
        """Run to the end; the exit code."""
        return self.start(*more).wait(PATIENCE_SECONDS * 5)

    def running(self) -> bool:
        """Whether the parent is there."""
        return self.parent is not None and self.parent.poll() is None

    def said(self) -> str:
        """What the parent wrote to standard error."""
        return self._told.read_text()

    def children(self) -> list[psutil.Process]:
        """Every live process of this batch but the parent, whoever its parent is now."""
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
        """Kill now; False when who was meant is not there. What is stored must still be there afterwards."""
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
            self._outlive()
            self._hold_to_its_word()
        self.witness()
        return True

    def _outlive(self) -> None:
        """Children end with their parent."""
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

    def _hold_to_its_word(self) -> None:
        """Every record that the parent reported is stored."""
        told = sum(line.startswith("[") for line in self.said().splitlines())
        stored = self.records() - self._stored_before
        self.tally.told += told
        self.tally.demand("told", told <= stored, f"{told} records reported, {stored} stored")

    def witness(self) -> None:
        """What was there is there, byte by byte."""
        data = read(self.folder / "records.jsonl")
        complete = data[: data.rfind(b"\n") + 1]
        self.tally.demand(
            "lost", complete.startswith(self._seen), "a record that was there has gone or changed"
        )
        self.tally.witnessed += complete.count(b"\n") - self._seen.count(b"\n")
        self.tally.torn += len(data) > len(complete) and not self.running()
        self._seen = complete

    def records(self) -> int:
        """Complete lines so far."""
        return read(self.folder / "records.jsonl").count(b"\n")

    def wait_for(self, records: int) -> None:
        """Until so many are stored, or the parent ends."""
        began = time.monotonic()
        while self.running() and self.records() < records and time.monotonic() - began < PATIENCE_SECONDS:
            time.sleep(0.002)


def end_now(pid: int) -> None:
    """SIGKILL to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def read(path: Path) -> bytes:
    """A file's bytes, none where there is no file."""
    return path.read_bytes() if path.exists() else b""


def objects(path: Path, tally: Tally) -> list[dict[str, Any]]:
    """A file's JSON lines; whatever is none is noted."""
    data = read(path)
    tally.demand("torn", data.endswith(b"\n") or not data, f"{path.name} ends in half a line")
    found = []
    for line in data.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            tally.demand("torn", False, f"{path.name} has a line that is no JSON: {line[:60]!r}")
    return found


def settle(batch: Batch, keys: set[str]) -> list[dict[str, Any]]:
    """Judge a folder whose batch has ended: no line torn, no attempt twice, every key there and no other."""
    batch.witness()
    records = objects(batch.folder / "records.jsonl", batch.tally)
    attempts = Counter((record["key"], record["attempt"]) for record in records)
    batch.tally.demand("twice", max(attempts.values(), default=1) == 1, "a record is there twice")
    found = {record["key"] for record in records}
    batch.tally.demand(
        "keys", found == keys, f"{len(keys - found)} keys missing, {len(found - keys)} not planned"
    )
    return records


def planned(folder: Path, plan: list[str], tally: Tally) -> set[str]:
    """The keys that a folder's plan has after `list-jobs` made or completed it; each must be there once."""
    listed = [*COMMAND, "bench", "list-jobs", *plan, "--out", str(folder)]
    done = subprocess.run(listed, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    tally.demand("other", done.returncode == 0, f"list-jobs: {done.stderr}")
    keys = [job["key"] for job in objects(folder / "jobs.jsonl", tally)]
    tally.demand("twice", len(keys) == len(set(keys)), "a job is planned twice")
    return set(keys)


# --- when to kill -----------------------------------------------------------------------------------


def at_start(root: Path, plan: list[str], tally: Tally, random: Random, kills: int) -> None:
    """Fresh folders, killed before there is anything, as each file appears, and as the plan is written."""
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
    """Two writers at once that store large records as fast as they can; one is killed, then the other."""
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
                while path.stat().st_size <= size:  # until a write has begun
                    pass
            writer.kill()
            told += [line for line in writer.stdout if line.endswith("\n")]
            writer.stdout.close()
            writer.wait()
            tally.kills["append", "writer"] += 1
            tally.told += len(told)
            present = {json.loads(line)["key"] for line in read(path).split(b"\n")[:-1]}
            missing = {line.strip() for line in told} - present
            tally.demand("told", not missing, f"writer {name}: {len(missing)} records told and not stored")
        before = read(path)
        whole = before[: before.rfind(b"\n") + 1]
        tally.torn += len(before) > len(whole)
        tally.witnessed += whole.count(b"\n")
        store.add([{"key": "last", "attempt": 1}])
        after = read(path)
        tally.demand("lost", after.startswith(whole), "a record that was there has gone or changed")
        keys = [record["key"] for record in objects(path, tally)]
        tally.demand(
            "twice", len(keys) == len(set(keys)) == whole.count(b"\n") + 1, "a record is there twice"
        )


def start_writer(folder: Path, name: str) -> subprocess.Popen[str]:
    """A process that stores records and says so, until it is killed."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name], stdout=subprocess.PIPE, text=True
    )


def at_random(batch: Batch, random: Random, kills: int, spread: float = 4.0) -> None:
    """At any time: parent, child or both; half of them just as a record is being stored."""
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
    """The last records and the parent's own end."""
    while kills:
        if not batch.running():
            batch.start()
        batch.wait_for(planned - random.randrange(3))
        time.sleep(random.choice([0, random.uniform(0, 0.3)]))
        kills -= batch.kill("end", random.choice(TARGETS[::2]), random)
