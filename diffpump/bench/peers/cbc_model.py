"""A model file as CBC reads it right: CBC 2.10 ignores OBJSENSE, and takes short free-format lines for fixed.

The sense goes to an option instead. A file that it misreads is offered again with its first line saying FREE;
marked from the beginning, a file with blanks in its names would be the one that is misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_OBJSENSE = re.compile(rb"(?im)^OBJSENSE[ \t]*(?:\r?\n)?[ \t]*(MAX|MIN)\w*[ \t]*\r?\n")
_ROWS = re.compile(rb"(?m)^ROWS")
_NAME = re.compile(rb"(?m)^NAME[ \t]*(\S*)[^\n]*\n")
_LP_SENSE = re.compile(rb"(?im)^\s*(max|min)")


class Variant(NamedTuple):
    """A file to try, CBC's options for it, and whether its objective is maximised."""

    path: Path
    options: list[str]
    maximise: bool


def variants(path: Path, folder: Path) -> Iterator[Variant]:
    """The file as it is or without its OBJSENSE, then marked as free; copies go to the folder."""
    data = path.read_bytes()
    if path.suffix == ".lp":
        sense = _LP_SENSE.search(data)
        yield Variant(path, [], sense is not None and sense[1].lower() == b"max")
        return
    rows = _ROWS.search(data)
    start = rows.start() if rows else 0  # OBJSENSE comes before ROWS
    sense = _OBJSENSE.search(data, 0, start)
    maximise = sense is not None and sense[1].upper() == b"MAX"
    options = ["-max"] if maximise else []
    head = data[:start]
    if sense is None:
        yield Variant(path, options, False)
    else:
        head = head[: sense.start()] + head[sense.end() :]
        yield Variant(_written(folder / "model.mps", head + data[start:]), options, maximise)
    name = _NAME.search(head)
    rest = head[name.end() :] if name else head
    free = b"NAME %s FREE\n" % (name[1] if name and name[1] else b"model") + rest
    yield Variant(_written(folder / "free.mps", free + data[start:]), options, maximise)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
