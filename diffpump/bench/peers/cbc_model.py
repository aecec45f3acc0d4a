"""Variants of a model file that CBC reads correctly.

CBC 2.10 ignores OBJSENSE and reads short free-format lines as fixed format. The sense is therefore passed as
an option. If CBC misreads the file, a second variant says FREE in its NAME line. FREE cannot be set from the
beginning, because CBC would then misread files with blanks in their names.
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
    """A file, CBC's options for it, and whether its objective is maximised."""

    path: Path
    options: list[str]
    maximise: bool


def variants(path: Path, folder: Path) -> Iterator[Variant]:
    """Yield the file itself or a copy without OBJSENSE, then a copy marked as free format.

    path     a model file, .mps or .lp
    folder   for the copies
    """
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
    after_name = head[name.end() :] if name else head
    free = b"NAME %s FREE\n" % (name[1] if name and name[1] else b"model") + after_name
    yield Variant(_written(folder / "free.mps", free + data[start:]), options, maximise)


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
