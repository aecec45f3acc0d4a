"""Model files for the readers of other solvers: the user's own, or one that has our parsed model.

Those readers detect the format by the suffix, and gzip is the only compression that some of them support.
Names with blanks, brackets or `#` and short lines in free format mean different things to different readers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from diffpump.core.problem import Problem, Source
from diffpump.io.read import load_bytes, reread_bytes
from diffpump.io.write import mps_lines

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


@contextmanager
def plain_file(problem: Problem) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the path of an MPS file of a problem that every reader understands alike, and its column names.

    The file is a minimisation, columns are C0, C1, ... and rows R0, R1, ... in the order of the problem, and
    the NAME line says FREE, without which CBC reads short lines as fixed format. A reader that subtracts the
    RANGES entry in float64 may miss the lower side of a ranged row by its last bits. The file is removed at
    the end of the block. The dictionary maps the file's column names to those of the problem.
    """
    columns, rows = [f"C{j}" for j in range(problem.n)], [f"R{i}" for i in range(problem.m)]
    renamed = replace(problem, name="", maximise=False, col_names=columns, row_names=rows)
    with tempfile.TemporaryDirectory(prefix="diffpump-") as folder:
        path = Path(folder) / "model.mps"
        with path.open("w", encoding="ascii", newline="\n") as file:
            file.write("NAME model FREE\n")
            file.writelines(f"{line}\n" for line in islice(mps_lines(renamed), 1, None))
        yield str(path), dict(zip(columns, problem.col_names, strict=True))


def _is_readable(path: str, gzip: bool) -> bool:
    try:
        with Path(path).open("rb") as file:
            head = file.read(6)
    except (OSError, ValueError):
        return False  # `load_bytes` raises the error with its reason
    if head.startswith(_GZIP_MAGIC):
        return gzip and path.endswith((".mps.gz", ".lp.gz"))
    return not head.startswith(_COMPRESSION_MAGICS) and path.endswith((".mps", ".lp"))
