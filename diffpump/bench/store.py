"""A results folder: what was planned and what came of it, as JSON lines that survive kill -9.

    bench.json       format and version
    jobs.jsonl       the planned jobs, one a line
    records.jsonl    the records, one a line, each as soon as it is there

A line is appended by one `os.write` and synced, under a lock that is held for that write alone; a torn last
line (a writer was killed, a disk was full) is cut off by the next writer and not seen by readers. Under the
lock a writer first reads what others have added, so that a key is never stored twice, however many write.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from diffpump.bench.plan import FORMAT, Job
from diffpump.core.errors import InputError, OutputError, UsageError
from diffpump.core.version import __version__
from diffpump.io.files import replace_file
from diffpump.outcome.record import dumps

Record = dict[str, Any]


class Lines:
    """An append-only file of JSON objects, at most one for each value of `identity`."""

    def __init__(self, path: Path, identity: Callable[[Mapping[str, Any]], object]) -> None:
        self.path, self._identity = path, identity
        self._read = 0  # bytes seen so far
        self._numbered = 0  # lines seen so far
        self._seen: set[object] = set()

    def new(self) -> Iterator[Record]:
        """The objects that were added since the last call, by anyone; InputError for a line that is none."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._read)
                data = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", str(self.path)) from None
        complete = data[: data.rfind(b"\n") + 1]
        self._read += len(complete)
        for line in complete.splitlines():
            self._numbered += 1
            try:
                value = json.loads(line)
                self._seen.add(self._identity(value))
            except (ValueError, LookupError, TypeError):
                raise InputError("not a line that diffpump wrote", str(self.path), self._numbered) from None
            yield value

    def append(self, values: Iterable[Mapping[str, Any]]) -> None:
        """Store those that are not there yet; OutputError where none of them could be."""
        from filelock import FileLock

        try:
            with FileLock(f"{self.path}.lock"):
                for _ in self.new():  # what others have written
                    pass
                missing = {key: value for value in values if (key := self._identity(value)) not in self._seen}
                if missing:
                    self._write("".join(dumps(value) + "\n" for value in missing.values()).encode())
                    self._seen |= missing.keys()
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def _write(self, data: bytes) -> None:
        """All of the data after the last complete line, or none of it."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            os.ftruncate(handle, self._read)  # a torn line of a writer that was killed
            os.lseek(handle, self._read, os.SEEK_SET)
            try:
                if os.write(handle, data) != len(data):
                    raise OSError(28, "no space left on device")
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, self._read)
                raise
            self._read += len(data)
            self._numbered += data.count(b"\n")
        finally:
            os.close(handle)


def _key(job: Mapping[str, Any]) -> object:
    return job["key"]


def _attempt(record: Mapping[str, Any]) -> object:
    return record["key"], record["attempt"]


class Store:
    """A results folder. Reading needs nothing but the files; `create` makes it, `claim` keeps others out."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._jobs = Lines(self.folder / "jobs.jsonl", _key)
        self._records = Lines(self.folder / "records.jsonl", _attempt)
        self._claim: Any = None

    @property
    def version(self) -> str:
        """The version of diffpump that made the folder; InputError unless this is one that can be read."""
        path = self.folder / "bench.json"
        try:
            head = json.loads(path.read_text(encoding="utf-8"))
            number, version = head["format"], str(head["version"])
        except FileNotFoundError:
            raise InputError("no results folder of diffpump bench", str(self.folder)) from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise InputError(f"cannot be read: {error}", str(path)) from None
        if number != FORMAT:
            raise InputError(f"made by diffpump {version} in format {number}; this reads {FORMAT}", str(path))
        return version

    def create(self, any_version: bool = False) -> None:
        """Make the folder, or `open` it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be made: {error.strerror}") from None
        path = self.folder / "bench.json"
        if not path.exists():
            head = {"format": FORMAT, "version": __version__}
            replace_file(path, (json.dumps(head) + "\n").encode(), lambda _: None)
        self.open(any_version)

    def open(self, any_version: bool = False) -> None:
        """Make sure that this version made the folder; UsageError when another did."""
        if self.version != __version__ and not any_version:
            raise UsageError(
                f"{self.folder} was made by diffpump {self.version}, this is {__version__}: "
                "take another --out, or --any-version to add this version's records beside the others"
            )

    def claim(self) -> None:
        """Keep other runs out until this process ends; UsageError when one is at it."""
        from filelock import FileLock, Timeout

        lock, owner = FileLock(self.folder / "run.lock"), self.folder / "run.owner"
        try:
            lock.acquire(timeout=0)
            owner.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
        except Timeout:
            who = owner.read_text(encoding="utf-8").strip() if owner.exists() else "another process"
            raise UsageError(f"{self.folder} is being written by another run ({who})") from None
        except OSError as error:
            raise OutputError(f"{self.folder}: cannot be written: {error.strerror or error}") from None
        self._claim = lock

    def plan(self, jobs: Iterable[Job]) -> None:
        """Write down what is to be done."""
        self._jobs.append([job.as_dict() for job in jobs])

    def planned(self) -> dict[str, Job]:
        """Every job that was ever planned here, by key."""
        return {values["key"]: Job.from_dict(values) for values in Lines(self._jobs.path, _key).new()}

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Store records, each once."""
        self._records.append(records)

    def records(self) -> dict[str, Record]:
        """The records by key, the last attempt of each."""
        return {record["key"]: record for record in Lines(self._records.path, _attempt).new()}
