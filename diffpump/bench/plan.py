"""What is asked for, as jobs: every (instance, configuration, seed) once, each with a key.

A key is "sha256 of the file:digest of the configuration:seed:version", so a job that was done is known
again whatever its file is called and whatever its configuration was named.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from diffpump.config.engine import Settings
from diffpump.config.pump import Config
from diffpump.core.errors import InputError, UsageError
from diffpump.core.spec import digest
from diffpump.core.version import __version__

FORMAT = 1  # of records and results folders
OURS = "diffpump"
MODELS = (".mps", ".lp")
COMPRESSED = (".gz", ".bz2", ".xz")
LISTS = (".txt", ".list", ".test")
STOPS = ("first", "time")


@dataclass(frozen=True)
class Setting:
    """A solver with everything that it was told but the model and the seed."""

    solver: str
    label: str
    config: Mapping[str, Any]
    digest: str

    @classmethod
    def ours(cls, config: Config | Settings, label: str | None = None) -> Setting:
        """The pump under a configuration, or the engine."""
        return cls(OURS, label or config.preset, config.as_dict(), config.digest)

    @classmethod
    def peer(cls, name: str, *, time_limit: float | None, stop: str, threads: int = 1) -> Setting:
        """Another solver; its label says when it does not use the whole time limit."""
        if stop not in STOPS:
            raise UsageError(f"unknown stop '{stop}'; known: {', '.join(STOPS)}")
        config = {"solver": name, "stop": stop, "threads": threads, "time_limit": time_limit}
        return cls(name, name if stop == "time" else f"{name} ({stop})", config, digest(config))


@dataclass(frozen=True)
class Limits:
    """What a job's process may use: memory in MB (resident, None for no limit), and how long it may go on
    beyond its time limit, in seconds, before it is killed."""

    memory: float | None = None
    grace: float = 30.0


@dataclass(frozen=True)
class Job:
    """One run to be made. `path` may have environment variables in it, so that a results folder can move;
    `sha256` is None for a file that could not be read; `attempt` counts from 1."""

    path: str
    sha256: str | None
    setting: Setting
    seed: int
    limits: Limits = field(default_factory=Limits)
    version: str = __version__
    attempt: int = 1

    @property
    def key(self) -> str:
        """What the job's record is known by."""
        file = self.sha256 or f"unread {self.path}"
        return f"{file}:{self.setting.digest}:{self.seed}:{self.version}"

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits, for command lines."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """The instance's name: the file's, without its suffixes."""
        return instance_name(self.path)

    def as_dict(self) -> dict[str, Any]:
        """The job in plain values; `from_dict` reads them."""
        return {"key": self.key, **asdict(self)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Job:
        """The job that `as_dict` wrote down."""
        rest = {name: values[name] for name in ("path", "sha256", "seed", "version", "attempt")}
        return cls(setting=Setting(**values["setting"]), limits=Limits(**values["limits"]), **rest)


def jobs(
    files: Iterable[str], settings: Iterable[Setting], seeds: Iterable[int], limits: Limits
) -> list[Job]:
    """Every combination once, seed by seed and instance by instance, so that what is done early compares."""
    settings, found = list(settings), {path: _sha256(path) for path in files}
    made = (
        Job(path, sha256, setting, seed, limits)
        for seed in seeds
        for path, sha256 in found.items()
        for setting in settings
    )
    return list({job.key: job for job in reversed(list(made))}.values())[::-1]


def instance_files(paths: Iterable[str]) -> Iterator[str | InputError]:
    """The model files that files, folders (with all below) and lists name; an error for what is not there.

    A list is a file ending in .txt, .list or .test: one path a line, relative to the list or with
    environment variables, # for comments.
    """
    for path in paths:
        place = Path(path)
        if place.is_dir():
            inside = sorted(str(file) for file in place.rglob("*") if is_model(file) and file.is_file())
            yield from inside
            if not inside:
                yield InputError("no model files (.mps, .lp, compressed or not) in it", path)
        elif not place.exists():
            yield InputError("no such file or directory", path)
        elif place.suffix.lower() in LISTS:
            yield from _listed(place)
        else:
            yield path


def is_model(path: Path) -> bool:
    """Whether a file's name says that it holds a model."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return bool(suffixes) and (
        suffixes[-1] in MODELS
        or (len(suffixes) > 1 and suffixes[-1] in COMPRESSED and suffixes[-2] in MODELS)
    )


def instance_name(path: str) -> str:
    """A model file's name without folder, compression and format."""
    name = Path(path).name
    for suffixes in (COMPRESSED, MODELS):
        for suffix in suffixes:
            if name.lower().endswith(suffix):
                name = name[: -len(suffix)]
    return name


def parse_seeds(text: str) -> tuple[int, ...]:
    """Seeds from "0-4", "7" or "0,2,5-7"; UsageError otherwise."""
    seeds: list[int] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not (low.isdecimal() and (high.isdecimal() if dash else True)):
            raise UsageError(f"seeds '{text}': expected whole numbers and ranges, such as 0-4 or 1,3,5")
        seeds += range(int(low), int(high or low) + 1)
    if not seeds:
        raise UsageError(f"seeds '{text}': a range goes from the smaller to the larger")
    return tuple(dict.fromkeys(seeds))


def _listed(place: Path) -> Iterator[str | InputError]:
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield InputError(f"cannot be read: {getattr(error, 'strerror', None) or error}", str(place))
        return
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if text and not Path(located(text)).is_absolute():
            text = str(place.parent / text)
        if text and not Path(located(text)).is_file():
            yield InputError(f"no such file: {text}", str(place), number)
        elif text:
            yield text


def located(path: str) -> str:
    """The path on this machine: environment variables filled in."""
    return os.path.expandvars(path)


def _sha256(path: str) -> str | None:
    """The hash of a file's bytes; None where they cannot be read."""
    try:
        with Path(located(path)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
