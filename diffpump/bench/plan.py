"""The plan of a batch: one job for every (instance, configuration, seed), identified by its key.

A key is "sha256 of the file:digest of the configuration:seed:version". A finished job is therefore recognised
even if its file or its configuration has another name.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from diffpump.config.engine import Settings
from diffpump.config.pump import Config
from diffpump.core.errors import InputError, UsageError
from diffpump.core.spec import digest
from diffpump.core.status import Status
from diffpump.core.version import __version__
from diffpump.io.formats import COMPRESSION_SUFFIXES

FORMAT = 1  # of records and results folders
OUR_SOLVER = "diffpump"
MODEL_SUFFIXES = (".mps", ".lp")
LIST_SUFFIXES = (".txt", ".list", ".test")
PROCESS_STATUSES = ("refused", "crashed", "timeout", "memory", "error")  # of records, beside `Status`
STOPS = ("first", "time")  # end at the first solution, or use the whole time limit
# Who reads a peer's model: diffpump, which hands its parsed model over, or the peer's own (native) reader.
OUR_READER, NATIVE_READER = "diffpump", "native"
READERS = (OUR_READER, NATIVE_READER)


@dataclass(frozen=True)
class Setting:
    """A solver and its configuration: all of its input except the model and the seed.

    Attributes
    ----------
    solver : str
        "diffpump" or the name of a peer.
    label : str
        The name of the configuration in tables.
    config : mapping
        The settings as plain values.
    digest : str
        12 hexadecimal digits that identify the settings.
    """

    solver: str
    label: str
    config: Mapping[str, Any]
    digest: str

    @classmethod
    def ours(cls, config: Config | Settings, label: str | None = None) -> Setting:
        """Return the setting of the pump (a Config) or of the engine (Settings).

        Parameters
        ----------
        config : Config or Settings
            The configuration.
        label : str, optional
            Its name in tables, by default the label of the configuration.
        """
        return cls(OUR_SOLVER, label or config.preset, config.as_dict(), config.digest)

    @classmethod
    def peer(
        cls, name: str, *, time_limit: float | None, stop: str, threads: int = 1, reader: str = OUR_READER
    ) -> Setting:
        """Return the setting of another solver.

        Its label says if it stops at the first solution and if it reads the file with its own reader.

        Parameters
        ----------
        name : str
            The name of the peer.
        time_limit : float or None
            In seconds, None for no limit.
        stop : {"first", "time"}
            Whether the run ends at the first solution or uses the whole time limit.
        threads : int
            The number of threads of the solver.
        reader : {"diffpump", "native"}
            Whether the peer solves the model that diffpump has read or reads the file with its own reader.

        Raises
        ------
        UsageError
            If `stop` or `reader` is another word.
        """
        check_word("stop", stop, STOPS)
        check_word("reader", reader, READERS)
        config = {
            "solver": name, "stop": stop, "threads": threads, "time_limit": time_limit, "reader": reader,
        }  # fmt: skip
        notes = [stop] if stop != "time" else []
        notes += ["native reader"] if reader == NATIVE_READER else []
        return cls(name, f"{name} ({', '.join(notes)})" if notes else name, config, digest(config))


@dataclass(frozen=True)
class Limits:
    """The limits of a job's process, enforced from outside.

    Attributes
    ----------
    memory : float or None
        Resident MB, None for no limit.
    grace : float
        Seconds beyond the time limit after which the process is killed.

    Raises
    ------
    UsageError
        For a memory limit that is not positive, and for a grace that is negative or not a number.
    """

    memory: float | None = None
    grace: float = 30.0

    def __post_init__(self) -> None:
        if self.memory is not None and not 0 < self.memory < math.inf:
            raise UsageError(f"the memory limit must be a positive number of MB, got {self.memory:g}")
        if not 0 <= self.grace < math.inf:
            raise UsageError(f"grace must be a number of seconds >= 0, got {self.grace:g}")


@dataclass(frozen=True)
class Job:
    """One planned run.

    Attributes
    ----------
    path : str
        The model file. Environment variables in it make a results folder portable.
    sha256 : str or None
        That of the file, None if it could not be read.
    setting : Setting
        The solver and its configuration.
    seed : int
        The seed of the run.
    limits : Limits
        The limits of its process.
    version : str
        The version of diffpump, by default this one.
    attempt : int
        The number of the attempt, from 1.
    """

    path: str
    sha256: str | None
    setting: Setting
    seed: int
    limits: Limits = field(default_factory=Limits)
    version: str = __version__
    attempt: int = 1

    @property
    def key(self) -> str:
        """The key of the job and of its record."""
        file = self.sha256 or f"unread {self.path}"
        return f"{file}:{self.setting.digest}:{self.seed}:{self.version}"

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that identify the job on command lines."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """The instance's name: the file name without its suffixes."""
        return instance_name(self.path)

    def as_dict(self) -> dict[str, Any]:
        """Return the job as plain values, which `from_dict` reads."""
        return {"key": self.key, **asdict(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Job:
        """Return the job that `as_dict` turned into plain values."""
        scalars = {name: values[name] for name in ("path", "sha256", "seed", "version", "attempt")}
        return cls(setting=Setting(**values["setting"]), limits=Limits(**values["limits"]), **scalars)


def jobs(
    files: Iterable[str], settings: Iterable[Setting], seeds: Iterable[int], limits: Limits
) -> list[Job]:
    """Return one job for every combination, ordered by seed, then instance, then setting.

    In this order an unfinished batch still compares all settings on the same instances and seeds. Of jobs
    with the same key only the first one is returned.

    Parameters
    ----------
    files : iterable of str
        Paths of model files, which may have environment variables.
    settings : iterable of Setting
        The solvers and their configurations.
    seeds : iterable of int
        The seeds.
    limits : Limits
        The limits of every job's process.
    """
    settings, hashes = list(settings), {path: _sha256(path) for path in files}
    combinations = (
        Job(path, sha256, setting, seed, limits)
        for seed in seeds
        for path, sha256 in hashes.items()
        for setting in settings
    )
    # Of jobs with the same key the first one stays.
    return list({job.key: job for job in reversed(list(combinations))}.values())[::-1]


def instance_files(paths: Iterable[str]) -> Iterator[str | InputError]:
    """Yield the model files that files, folders (searched recursively) and lists name.

    Parameters
    ----------
    paths : iterable of str
        A list is a file whose name ends in .txt, .list or .test. It has one path per line, relative to the
        list or with environment variables; # begins a comment.

    Yields
    ------
    str or InputError
        The path of a model file. A path that does not exist and a folder without models yield an InputError
        in its place, and so do a list that cannot be read and a path in a list that does not exist.
    """
    for path in paths:
        entry = Path(path)
        if entry.is_dir():
            inside = sorted(str(file) for file in entry.rglob("*") if is_model(file) and file.is_file())
            yield from inside
            if not inside:
                yield InputError("the folder has no model files (.mps or .lp, also compressed)", path)
        elif not entry.exists():
            yield InputError("no such file or directory", path)
        elif entry.suffix.lower() in LIST_SUFFIXES:
            yield from _read_list(entry)
        else:
            yield path


def is_model(path: Path) -> bool:
    """Return whether a path has the suffix of a model file."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return bool(suffixes) and (
        suffixes[-1] in MODEL_SUFFIXES
        or (len(suffixes) > 1 and suffixes[-1] in COMPRESSION_SUFFIXES and suffixes[-2] in MODEL_SUFFIXES)
    )


def instance_name(path: str) -> str:
    """Return a model file's name without its folder and without the suffixes of compression and format."""
    name = Path(path).name
    for suffixes in (COMPRESSION_SUFFIXES, MODEL_SUFFIXES):
        for suffix in suffixes:
            if name.lower().endswith(suffix):
                name = name[: -len(suffix)]
    return name


def parse_seeds(text: str) -> tuple[int, ...]:
    """Return the seeds of a text such as "0-4", "7" or "0,2,5-7", each once.

    Raises
    ------
    UsageError
        For other texts.
    """
    seeds: list[int] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not (low.isdecimal() and (high.isdecimal() if dash else True)):
            raise UsageError(f"seeds '{text}': expected integers and ranges, such as 0-4 or 1,3,5")
        seeds += range(int(low), int(high or low) + 1)
    if not seeds:
        raise UsageError(f"seeds '{text}': the first number of a range must not exceed the second")
    return tuple(dict.fromkeys(seeds))


def check_statuses(statuses: Iterable[str]) -> None:
    """Raise UsageError for a word that is no status of a record."""
    known = (*(status.name.lower() for status in Status), *PROCESS_STATUSES)
    for status in statuses:
        check_word("status", status, known)


def _read_list(file: Path) -> Iterator[str | InputError]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}", str(file))
        return
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text and not Path(expand_path(text)).is_absolute():
            text = str(file.parent / text)
        if text and not Path(expand_path(text)).is_file():
            yield InputError(f"no such file: {text}", str(file), number)
        elif text:
            yield text


def check_word(what: str, word: str, known: tuple[str, ...]) -> None:
    """Raise UsageError with the known words if `word` is another one."""
    if word not in known:
        raise UsageError(f"unknown {what} '{word}'; known: {', '.join(known)}")


def expand_path(path: str) -> str:
    """Return the path with its environment variables expanded."""
    return os.path.expandvars(path)


def _sha256(path: str) -> str | None:
    """Return the sha256 of a file, None if it cannot be read."""
    try:
        with Path(expand_path(path)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
