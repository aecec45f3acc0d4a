"""MIPLIB files by name, from the library's own address, each held to a pinned sha256.

`miplib.csv` says what is known: name, sha256 and length of the .mps.gz, and the set it is part of. What has
another hash is refused and nothing of it is kept; what is already in the folder is judged by its hash, not by
its name. A file appears complete or not at all, so two that fetch the same one do no harm.

    known()                        the table, by name
    find("air05")                  an entry; UsageError with close names
    fetch(find("air05"), folder)   the file, downloaded unless it is there
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPException
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from diffpump.core.errors import InputError, OutputError, UsageError
from diffpump.core.version import __version__
from diffpump.io.files import refuse_directory, replace_file

ADDRESS = "https://miplib.zib.de/WebData/instances/{name}.mps.gz"
TIMEOUT = 30.0  # seconds without a byte
PAUSES = (1.0, 4.0)  # seconds before the second and the third try
PIECE = 1 << 18  # bytes read at a time
_BUSY = (408, 425, 429, 500, 502, 503, 504)  # HTTP's ways to say: try again
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")  # it becomes part of a path and of an address
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Unreachable(InputError):
    """The network's fault: another try may help."""


@dataclass(frozen=True)
class Pinned:
    """What a file must be; length and set are None where only the hash is known."""

    name: str
    sha256: str
    bytes: int | None = None
    set: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A file that is there and has the pinned hash."""

    name: str
    path: str
    sha256: str
    bytes: int
    downloaded: bool


@cache
def known() -> Mapping[str, Pinned]:
    """Every file with a pinned hash, by name."""
    table = resources.files("diffpump.bench").joinpath("miplib.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["name"]: Pinned(row["name"], row["sha256"], int(row["bytes"]), row["set"]) for row in rows}


def find(name: str, sha256: str | None = None) -> Pinned:
    """The entry of a name, or one made of the name and a hash; UsageError suggests close names."""
    name = name.removesuffix(".mps.gz")
    if sha256 is not None:
        if not _NAME.fullmatch(name):
            raise UsageError(f"'{name}' is no name of a file")
        if not _SHA256.fullmatch(sha256.lower()):
            raise UsageError(f"'{sha256}' is no sha256: expected 64 hexadecimal digits")
        return Pinned(name, sha256.lower())
    try:
        return known()[name]
    except KeyError:
        spelt = {key.lower(): key for key in known()}
        close = [spelt[key] for key in difflib.get_close_matches(name.lower(), spelt)]
        meant = f"did you mean {', '.join(close)}?" if close else "--list shows what is known,"
        raise UsageError(f"unknown instance '{name}'; {meant} --sha256 fetches others") from None


def cache_folder(to: str | None = None) -> Path:
    """Where files are kept: the folder given, or DIFFPUMP_CACHE, or diffpump/miplib in the user's cache."""
    folder = to or os.environ.get("DIFFPUMP_CACHE")
    if folder:
        return Path(folder)
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        home = cache if cache.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        raise UsageError("there is no home folder; name one with --to or DIFFPUMP_CACHE") from None
    return home / "diffpump" / "miplib"


def address(template: str | None = None) -> str:
    """Where files come from, with {name} in it: the template, or DIFFPUMP_MIPLIB_URL, or MIPLIB's own."""
    found = template or os.environ.get("DIFFPUMP_MIPLIB_URL") or ADDRESS
    try:
        parts = urlsplit(found)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not match
        fits = False
    if not fits or "{name}" not in found or not re.fullmatch("[!-~]+", found):
        raise UsageError(f"'{found}': expected http(s)://... with {{name}} where the instance's name belongs")
    return found


def fetch(
    pinned: Pinned,
    folder: Path,
    template: str = ADDRESS,
    *,
    pauses: Sequence[float] = PAUSES,
    progress: Callable[[int], None] = lambda received: None,
) -> Fetched:
    """The file, downloaded unless it is there with the right hash; one more try after each of the pauses.

    `progress` is told the bytes received. InputError: refused, or not to be had (`Unreachable`: the network);
    OutputError: the folder.
    """
    target = folder / f"{pinned.name}.mps.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from None
    refuse_directory(target)
    found, size = _read(target)
    if found == pinned.sha256:
        return Fetched(pinned.name, str(target), pinned.sha256, size, downloaded=False)
    url = template.replace("{name}", pinned.name)
    for pause in (*pauses, None):
        try:
            size = replace_file(target, _pieces(pinned, url, progress), partial(_judge, pinned, url))
            return Fetched(pinned.name, str(target), pinned.sha256, size, downloaded=True)
        except Unreachable:
            if pause is None:
                raise
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _read(path: Path) -> tuple[str | None, int]:
    """The file's sha256 and length; None and 0 where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
    except OSError:
        return None, 0


def _judge(pinned: Pinned, url: str, path: Path) -> int:
    """The file's length; InputError unless it has the pinned hash."""
    found, size = _read(path)
    if found != pinned.sha256:
        raise InputError(f"{pinned.name}: {url}: refused: its sha256 is {found}, expected {pinned.sha256}")
    return size


def _pieces(pinned: Pinned, url: str, progress: Callable[[int], None]) -> Iterator[bytes]:
    """The bytes of an answer as they come; whatever the network does wrong as an InputError."""
    where = f"{pinned.name}: {url}"
    received = 0
    try:
        request = Request(url, headers={"User-Agent": f"diffpump/{__version__}"})
        with urlopen(request, timeout=TIMEOUT) as answer:
            promised = answer.length
            while piece := answer.read(PIECE):
                received += len(piece)
                if pinned.bytes is not None and received > pinned.bytes:  # it may never end
                    raise InputError(f"{where}: refused: longer than the {pinned.bytes} bytes expected")
                progress(received)
                yield piece
    except HTTPError as error:
        error.close()
        kind = Unreachable if error.code in _BUSY else InputError
        raise kind(f"{where}: HTTP {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{where}: {_reason(error)}") from None
    if promised is not None and received < promised:
        raise Unreachable(f"{where}: ended after {received} of {promised} bytes")


def _reason(error: OSError | HTTPException) -> Any:
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, TimeoutError):
        return f"no answer within {TIMEOUT:.0f} seconds"
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
