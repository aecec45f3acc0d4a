"""Writing files: the check of a target path, atomic replacement, and the text form of numbers.

A file is first written under a temporary name beside its target. The temporary file is locked as long as its
process lives. If the process is killed, the file stays, and the next process that writes to the directory
finds it without a lock and removes it.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from diffpump.core.arrays import Vector
from diffpump.core.errors import OutputError

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")
_TEMPORARY_NAME = re.compile(r"\.diffpump-[0-9a-f]{16}\.tmp")
_STALE_SECONDS = 86_400.0  # age of a stale file where a file system has no locks


def shortest_decimal(value: float) -> str:
    """Return the shortest decimal that reads back as the same float; a whole number has no decimal point."""
    return repr(value + 0.0).removesuffix(".0")  # + 0.0 turns -0.0 into 0.0


def decimal_values(names: Iterable[str], x: Vector) -> dict[str, str]:
    """Return the nonzero values of x (n,) by column name, as the decimal texts of a solution file."""
    return {name: shortest_decimal(value) for name, value in zip(names, x.tolist(), strict=True) if value}


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
    try:
        with temporary_beside(target) as temporary:
            with temporary.open("wb") as file:
                file.writelines([data] if isinstance(data, bytes) else data)
                file.flush()
                os.fsync(file.fileno())
            verified = verify(temporary)
            temporary.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    _sync_directory(target.parent)
    return verified


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """Yield the path of a new, empty file in the directory of `target`, and remove the file at the end.

    The block writes the file and renames it to the target. Raises OSError if the file cannot be made.
    """
    _remove_stale_files(target.parent)
    temporary, locked = _locked_file(target.parent)
    try:
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()  # after a successful rename there is nothing to remove
        locked.close()


def _locked_file(directory: Path) -> tuple[Path, BinaryIO]:
    """Make a temporary file and return its path and the open file, which is locked until it is closed."""
    while True:
        path = directory / f".diffpump-{secrets.token_hex(8)}.tmp"
        file = path.open("xb")
        if sys.platform == "win32":  # no locks, and no open file can be renamed
            file.close()
            return path, file
        with suppress(OSError):  # the file system has no locks
            fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():
            return path, file
        file.close()  # another process took it for a stale file before it was locked


@cache
def _remove_stale_files(directory: Path) -> None:
    """Remove the temporary files of killed processes from a directory, once in the life of this process."""
    with suppress(OSError):  # stale files do no harm, and some may belong to other users
        for path in directory.iterdir():
            if _TEMPORARY_NAME.fullmatch(path.name):
                with suppress(OSError):
                    _remove_if_stale(path)


def _remove_if_stale(path: Path) -> None:
    info = path.lstat()
    if not stat.S_ISREG(info.st_mode):
        return
    if sys.platform != "win32":
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            return
        except BlockingIOError:  # the process that writes the file is alive
            return
        except OSError:
            pass  # the file system has no locks
        finally:
            os.close(handle)
    if time.time() - info.st_mtime > _STALE_SECONDS:
        path.unlink()


def _sync_directory(path: Path) -> None:
    """Sync a directory, so that a rename survives a power failure. Some file systems do not support this."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
