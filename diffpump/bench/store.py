"""A results folder: planned jobs and their records as JSON lines that survive kill -9.

    bench.json       format and version
    jobs.jsonl       the planned jobs, one per line
    records.jsonl    the records, one per line, each written as soon as its job has ended

One `os.write` appends the new lines and `os.fsync` syncs them, under a lock that is held for that write
alone. An incomplete last line (its writer was killed, or the disk was full) is ignored by readers and
truncated by the next writer. Under the lock a writer first reads the lines of other processes, so that no key
is stored twice, however many processes write.

Each .jsonl file may have an archive beside it, under the same name with .gz. It holds older lines; it is read
first and never written.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import zlib
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
    """An append-only file of JSON objects, at most one for each identity.

    Parameters
    ----------
    path : Path
        The file, which need not exist.
    identity : callable
        Returns the identity of an object.
    """

    def __init__(self, path: Path, identity: Callable[[Mapping[str, Any]], object]) -> None:
        self.path, self._identity = path, identity
        self._archive_read = False
        self._read = 0  # bytes of the plain file seen so far
        self._numbered = 0  # lines seen so far
        self._seen: set[object] = set()

    def new(self) -> Iterator[Record]:
        """Yield the objects that any process added since the last call; those of the archive come first.

        If the plain file has been moved into the archive meanwhile, all objects are yielded again.

        Raises
        ------
        InputError
            If a file cannot be read, or if a line is no JSON object with an identity.
        """
        if self._read and not (self.path.exists() and self.path.stat().st_size >= self._read):
            self._archive_read, self._read, self._numbered = False, 0, 0
        if not self._archive_read:
            self._archive_read = True
            archive = self.path.with_name(f"{self.path.name}.gz")
            if archive.exists() and archive.stat().st_size == 0:  # gzip would read it as no lines
                raise InputError("cannot be read: it is empty", str(archive))
            yield from self._parsed(_bytes(archive, gzip.open).splitlines(), archive)
        data = _bytes(self.path, Path.open, self._read)
        complete = data[: data.rfind(b"\n") + 1]
        self._read += len(complete)
        self._numbered += complete.count(b"\n")
        yield from self._parsed(complete.splitlines(), self.path, self._numbered - complete.count(b"\n"))

    def _parsed(self, lines: list[bytes], path: Path, before: int = 0) -> Iterator[Record]:
        for number, line in enumerate(lines, before + 1):
            try:
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise TypeError
                self._seen.add(self._identity(value))
            except (ValueError, LookupError, TypeError):
                raise InputError("not a line that diffpump wrote", str(path), number) from None
            yield value

    def append(self, values: Iterable[Mapping[str, Any]]) -> None:
        """Append the objects whose identity is new.

        Raises
        ------
        OutputError
            If the file cannot be written; then none of them is stored.
        """
        from filelock import FileLock

        try:
            with FileLock(f"{self.path}.lock"):
                for _ in self.new():  # lines that other processes have written
                    pass
                missing = {key: value for value in values if (key := self._identity(value)) not in self._seen}
                if missing:
                    self._write("".join(dumps(value) + "\n" for value in missing.values()).encode())
                    self._seen |= missing.keys()
        except OSError as error:
            raise OutputError(f"{self.path}: cannot be written: {error.strerror or error}") from None

    def _write(self, data: bytes) -> None:
        """Write the data after the last complete line: all of it, or nothing if an OSError is raised."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            os.ftruncate(handle, self._read)  # cut off the incomplete line of a writer that was killed
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


def _bytes(path: Path, opened: Callable[..., Any], start: int = 0) -> bytes:
    """Return a file's bytes from `start` on, empty if there is no file."""
    try:
        with opened(path, "rb") as file:
            if start:
                file.seek(start)
            data: bytes = file.read()
            return data
    except FileNotFoundError:
        return b""
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}", str(path)) from None


def read_objects(path: str | os.PathLike[str]) -> list[Record]:
    """Return the JSON objects of a .jsonl file, one per line, those of its archive (path + ".gz") first.

    Raises
    ------
    InputError
        If the file cannot be read or if a line is not an object.
    """
    return list(Lines(Path(path), len).new())


def _key(job: Mapping[str, Any]) -> object:
    return job["key"]


def _attempt(record: Mapping[str, Any]) -> object:
    return record["key"], record["attempt"]


class Store:
    """A results folder.

    Reading needs only the files. A run first calls `create` to make the folder and `claim` to exclude other
    runs.

    Parameters
    ----------
    folder : path-like
        The path of the folder, which need not exist before `create`.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._jobs = Lines(self.folder / "jobs.jsonl", _key)
        self._records = Lines(self.folder / "records.jsonl", _attempt)
        self._claim: Any = None

    @property
    def version(self) -> str:
        """The version of diffpump that made the folder.

        Raises
        ------
        InputError
            If this is no results folder, or if its format is another one.
        """
        path = self.folder / "bench.json"
        try:
            head = json.loads(path.read_text(encoding="utf-8"))
            number, version = head["format"], str(head["version"])
        except FileNotFoundError:
            raise InputError("this is no results folder of diffpump bench", str(self.folder)) from None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise InputError(f"cannot be read: {error}", str(path)) from None
        if number != FORMAT:
            raise InputError(
                f"made by diffpump {version} in format {number}; this version reads format {FORMAT}",
                str(path),
            )
        return version

    def create(self, any_version: bool = False) -> None:
        """Make the folder unless it exists, and `open` it.

        Raises
        ------
        OutputError
            If the folder cannot be made.
        UsageError, InputError
            As `open` does.
        """
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
        """Check that this version of diffpump may write to the folder.

        Parameters
        ----------
        any_version : bool
            Whether a folder that another version made is allowed too.

        Raises
        ------
        UsageError
            If another version made the folder and `any_version` is False.
        InputError
            As `version` does.
        """
        if self.version != __version__ and not any_version:
            raise UsageError(
                f"{self.folder} was made by diffpump {self.version}, this is {__version__}: "
                "choose another --out, or give --any-version to add records of this version"
            )

    def claim(self) -> None:
        """Exclude other runs until this process ends.

        Raises
        ------
        UsageError
            If another run has the folder.
        OutputError
            If the folder cannot be written.
        """
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
        """Store planned jobs, each key once."""
        self._jobs.append([job.as_dict() for job in jobs])

    def planned(self) -> dict[str, Job]:
        """Return every job that was ever planned in this folder, by key.

        Raises
        ------
        InputError
            If the file cannot be read, or if a line is no job.
        """
        jobs = {}
        for values in Lines(self._jobs.path, _key).new():
            try:
                jobs[values["key"]] = Job.from_dict(values)
            except (KeyError, TypeError):
                raise InputError(f"the job '{values['key']}' is incomplete", str(self._jobs.path)) from None
        return jobs

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Store records, each attempt of a key once."""
        self._records.append(records)

    def records(self) -> dict[str, Record]:
        """Return the records by key: the last attempt of each."""
        return {record["key"]: record for record in Lines(self._records.path, _attempt).new()}

    def by_label(self) -> dict[str, dict[tuple[str, int], Record]]:
        """Return the records by the label of their configuration, then by instance and seed."""
        found: dict[str, dict[tuple[str, int], Record]] = {}
        for record in self.records().values():
            found.setdefault(record["label"], {})[record["instance"]["name"], record["seed"]] = record
        return found
