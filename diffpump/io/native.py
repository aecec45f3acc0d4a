"""A model file as native readers take it: known by its suffix, and compressed by nothing but gzip."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diffpump.core.problem import Source
from diffpump.io.read import bytes_of, load_bytes

_GZIP = b"\x1f\x8b"
_MAGICS = (_GZIP, b"BZh", b"\xfd7zXZ\x00")


@contextmanager
def native(path: str, gzip: bool, source: Source | None = None) -> Iterator[str]:
    """The file itself where its name tells the truth, else an inflated copy that lives as long as the block.

    gzip: whether the reader inflates .gz; source: where the model came from, if that was read before. The
    path is absolute: a leading - would be an option to some.
    """
    if _understood(path, gzip):
        yield str(Path(path).absolute())
        return
    data, kind = bytes_of(load_bytes(path)[1] if source is None else source)
    with tempfile.TemporaryDirectory(prefix="diffpump-") as folder:
        copy = Path(folder) / f"model.{kind}"
        copy.write_bytes(data)
        del data
        yield str(copy)


def _understood(path: str, gzip: bool) -> bool:
    try:
        with Path(path).open("rb") as file:
            begins = file.read(6)
    except (OSError, ValueError):
        return False  # `load_bytes` says why
    if begins.startswith(_GZIP):
        return gzip and path.endswith((".mps.gz", ".lp.gz"))
    return not begins.startswith(_MAGICS) and path.endswith((".mps", ".lp"))
