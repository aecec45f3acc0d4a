"""Model files for the readers of other solvers.

Those readers detect the format by the suffix, and gzip is the only compression that some of them support.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diffpump.core.problem import Source
from diffpump.io.read import load_bytes, reread_bytes

_GZIP_MAGIC = b"\x1f\x8b"
_COMPRESSION_MAGICS = (_GZIP_MAGIC, b"BZh", b"\xfd7zXZ\x00")


@contextmanager
def native(path: str, gzip: bool, source: Source | None = None) -> Iterator[str]:
    """Yield a path from which a solver can read the model.

    It is the file itself if its suffix agrees with its content, else a decompressed copy that is removed at
    the end of the block. The path is absolute, since some solvers take a leading `-` for an option.

    path      the model file
    gzip      whether the solver can decompress .gz
    source    the source of the model if it has been read before

    Raises InputError if the file cannot be read, or if it has changed since `source` was made.
    """
    if _is_readable(path, gzip):
        yield str(Path(path).absolute())
        return
    data, kind = reread_bytes(load_bytes(path)[1] if source is None else source)
    with tempfile.TemporaryDirectory(prefix="diffpump-") as folder:
        copy = Path(folder) / f"model.{kind}"
        copy.write_bytes(data)
        del data
        yield str(copy)


def _is_readable(path: str, gzip: bool) -> bool:
    try:
        with Path(path).open("rb") as file:
            head = file.read(6)
    except (OSError, ValueError):
        return False  # `load_bytes` raises the error with its reason
    if head.startswith(_GZIP_MAGIC):
        return gzip and path.endswith((".mps.gz", ".lp.gz"))
    return not head.startswith(_COMPRESSION_MAGICS) and path.endswith((".mps", ".lp"))
