"""Download MIPLIB files by name from the library's own address, each with a pinned sha256.

`miplib.csv` lists the known files: name, sha256 and length in bytes of the .mps.gz file, and its set. A
download with another hash is refused and removed. A file that is already in the folder is recognised by its
hash, not by its name. A file appears complete or not at all, so two processes may fetch the same one.

    known()                        returns the table by name
    find("air05")                  returns an entry; an unknown name raises UsageError with similar names
    fetch(find("air05"), folder)   returns the file, downloaded if it is missing
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
TIMEOUT_SECONDS = 30.0  # without a byte from the server
RETRY_PAUSES = (1.0, 4.0)  # seconds before the second and the third attempt
CHUNK_BYTES = 1 << 18  # read at a time
_TEMPORARY_ERRORS = (408, 425, 429, 500, 502, 503, 504)  # HTTP codes after which a retry may succeed
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")  # safe as part of a path and of an address
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Unreachable(InputError):
    """A failure of the network or the server; a retry may succeed."""


@dataclass(frozen=True)
class Pinned:
    """The identity of a file.

    name     of the instance
    sha256   of the .mps.gz file
    bytes    the file's length, None if only the hash is known
    set      the set that the file is part of, None if only the hash is known
    """

    name: str
    sha256: str
    bytes: int | None = None
    set: str | None = None


@dataclass(frozen=True)
class Fetched:
    """A local file with the pinned hash; `downloaded` is False if it was there before."""

    name: str
    path: str
    sha256: str
    bytes: int
    downloaded: bool


@cache
def known() -> Mapping[str, Pinned]:
    """Return every file of `miplib.csv` by name."""
    table = resources.files("diffpump.bench").joinpath("miplib.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {row["name"]: Pinned(row["name"], row["sha256"], int(row["bytes"]), row["set"]) for row in rows}


def find(name: str, sha256: str | None = None) -> Pinned:
    """Return the entry of a known name, or a new one if its sha256 is given.

    Raises UsageError, with similar names, for an unknown name, and for a malformed name or hash.
    """
    name = name.removesuffix(".mps.gz")
    if sha256 is not None:
        if not _NAME.fullmatch(name):
            raise UsageError(f"'{name}' is no valid instance name: expected letters, digits and . _ + -")
        if not _SHA256.fullmatch(sha256.lower()):
            raise UsageError(f"'{sha256}' is no sha256: expected 64 hexadecimal digits")
        return Pinned(name, sha256.lower())
    try:
        return known()[name]
    except KeyError:
        spellings = {key.lower(): key for key in known()}
        close = [spellings[key] for key in difflib.get_close_matches(name.lower(), spellings)]
        hint = f"did you mean {', '.join(close)}?" if close else "--list shows all known names;"
        raise UsageError(
            f"unknown instance '{name}'; {hint} give --sha256 to fetch an unlisted file"
        ) from None


def cache_folder(to: str | None = None) -> Path:
    """Return the folder for files: `to`, else DIFFPUMP_CACHE, else diffpump/miplib in the user's cache."""
    folder = to or os.environ.get("DIFFPUMP_CACHE")
    if folder:
        return Path(folder)
    cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        home = cache if cache.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        raise UsageError("there is no home folder; name a folder with --to or DIFFPUMP_CACHE") from None
    return home / "diffpump" / "miplib"


def address(template: str | None = None) -> str:
    """Return the address of files, which contains {name}.

    It is `template`, else DIFFPUMP_MIPLIB_URL, else MIPLIB's own. Raises UsageError if it is no such address.
    """
    found = template or os.environ.get("DIFFPUMP_MIPLIB_URL") or ADDRESS
    try:
        parts = urlsplit(found)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # the port is no number, or brackets do not match
        fits = False
    if not fits or "{name}" not in found or not re.fullmatch("[!-~]+", found):
        raise UsageError(f"'{found}': expected http(s)://... with {{name}} where the instance's name belongs")
    return found


def fetch(
    pinned: Pinned,
    folder: Path,
    template: str = ADDRESS,
    *,
    pauses: Sequence[float] = RETRY_PAUSES,
    progress: Callable[[int], None] = lambda received: None,
) -> Fetched:
    """Return the file in a folder; download it unless it is there with the pinned hash.

    template   the address, with {name} in it
    pauses     seconds before each retry; a download is retried only after an `Unreachable` error
    progress   called with the number of bytes received so far

    Raises InputError if the file is refused or the server does not have it, `Unreachable` if the network
    fails, and OutputError if the folder cannot be written.
    """
    target = folder / f"{pinned.name}.mps.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from None
    refuse_directory(target)
    found, size = _hash_and_length(target)
    if found == pinned.sha256:
        return Fetched(pinned.name, str(target), pinned.sha256, size, downloaded=False)
    url = template.replace("{name}", pinned.name)
    for pause in (*pauses, None):
        try:
            size = replace_file(
                target, _download(pinned, url, progress), partial(_verified_length, pinned, url)
            )
            return Fetched(pinned.name, str(target), pinned.sha256, size, downloaded=True)
        except Unreachable:
            if pause is None:
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _hash_and_length(path: Path) -> tuple[str | None, int]:
    """Return a file's sha256 and its length in bytes, None and 0 if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), os.fstat(file.fileno()).st_size
    except OSError:
        return None, 0


def _verified_length(pinned: Pinned, url: str, path: Path) -> int:
    """Return the file's length in bytes; raise InputError if its hash is not the pinned one."""
    found, size = _hash_and_length(path)
    if found != pinned.sha256:
        raise InputError(f"{pinned.name}: {url}: refused: its sha256 is {found}, expected {pinned.sha256}")
    return size


def _download(pinned: Pinned, url: str, progress: Callable[[int], None]) -> Iterator[bytes]:
    """Yield the bytes of the response as they arrive; raise InputError if the download fails."""
    where = f"{pinned.name}: {url}"
    received = 0
    try:
        request = Request(url, headers={"User-Agent": f"diffpump/{__version__}"})
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            promised = response.length
            while chunk := response.read(CHUNK_BYTES):
                received += len(chunk)
                if pinned.bytes is not None and received > pinned.bytes:  # the response may be endless
                    raise InputError(f"{where}: refused: longer than the {pinned.bytes} bytes expected")
                progress(received)
                yield chunk
    except HTTPError as error:
        error.close()
        kind = Unreachable if error.code in _TEMPORARY_ERRORS else InputError
        raise kind(f"{where}: HTTP {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{where}: {_reason(error)}") from None
    if promised is not None and received < promised:
        raise Unreachable(f"{where}: the response ended after {received} of {promised} bytes")


def _reason(error: OSError | HTTPException) -> Any:
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, TimeoutError):
        return f"no answer within {TIMEOUT_SECONDS:.0f} seconds"
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__
