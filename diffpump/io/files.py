"""Files out: where one can be made, how it appears complete or not at all, and how numbers read in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from diffpump.core.errors import OutputError

T = TypeVar("T")


def decimal(value: float) -> str:
    """The shortest decimal that reads back as the same float, whole numbers without a point."""
    return repr(value + 0.0).removesuffix(".0")  # + 0.0: no -0


def refuse_directory(path: str | os.PathLike[str]) -> None:
    """OutputError for a name where no file can be made: a directory, or a place without one."""
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{path}: cannot be written: it is a directory")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: cannot be written: no directory {target.parent}")


def replace_file(
    path: str | os.PathLike[str], data: bytes | Iterable[bytes], verify: Callable[[Path], T]
) -> T:
    """Put the bytes, or pieces as they come, under the name in one step; what `verify` returned.

    A temporary file beside the target is written, synced, handed to `verify` (which raises to refuse it), and
    renamed. OutputError when it cannot be written; nothing partial is left.
    """
    target = Path(os.path.realpath(path))  # a link's target is replaced, not the link
    temporary = target.with_name(f".diffpump-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        found = verify(temporary)
        temporary.replace(target)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink()  # gone already after the rename
    _sync_directory(target.parent)
    return found


def _sync_directory(path: Path) -> None:
    """Make the rename last; not every file system can."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
