"""Writing files: the check of a target path, atomic replacement, and the text form of numbers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from diffpump.core.errors import OutputError

T = TypeVar("T")


def shortest_decimal(value: float) -> str:
    """Return the shortest decimal that reads back as the same float; a whole number has no decimal point."""
    return repr(value + 0.0).removesuffix(".0")  # + 0.0 turns -0.0 into 0.0


def refuse_directory(path: str | os.PathLike[str]) -> None:
    """Raise OutputError if `path` is a directory or if its parent directory does not exist."""
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{path}: cannot be written: it is a directory")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: cannot be written: no directory {target.parent}")


def replace_file(
    path: str | os.PathLike[str], data: bytes | Iterable[bytes], verify: Callable[[Path], T]
) -> T:
    """Replace the file at `path` in one atomic step and return the value of `verify`.

    The data are written to a temporary file in the same directory. That file is synced, passed to `verify`,
    and renamed to `path`. If any step fails, the old file stays and the temporary file is removed.

    path     the target; if it is a symbolic link, the file behind the link is replaced
    data     the content: bytes, or an iterable of bytes that is written piece by piece
    verify   a function of the temporary path; it raises an exception to refuse the file

    Raises OutputError if the file cannot be written, and whatever `verify` raises.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".diffpump-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        verified = verify(temporary)
        temporary.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()  # after a successful rename there is nothing to remove
    _sync_directory(target.parent)
    return verified


def _sync_directory(path: Path) -> None:
    """Sync a directory, so that a rename survives a power failure. Some file systems do not support this."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
