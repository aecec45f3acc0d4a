"""From a path to a `Problem`: compression, size cap, format, and the sense of the objective.

Files may be compressed (gzip, bzip2, xz; told by their first bytes, never by the name). The cap is on the
decompressed size and holds while decompressing. `-` is standard input; its bytes, and those of any pipe,
are kept for a process that gets the problem and has to read the model again.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import InputError
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem, Source
from diffpump.io import mps
from diffpump.io.coded import Coded

MAX_BYTES = 1 << 30  # a larger model, decompressed, is refused unless the caller says otherwise
_STEP = 1 << 20

_OPENERS: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}


def read(path: str | os.PathLike[str]) -> Problem:
    """Read a model file (`.mps`, `.lp`, compressed or not; `-` is standard input)."""
    data, source, kind = load_bytes(os.fspath(path))
    parsed = _parse(data, source, kind)
    del data  # before the matrix is made
    return to_problem(parsed, source)


def read_exact(source: Source) -> ParsedModel:
    """The model in the file's own numbers, kept by `read` or read again; InputError if the file changed."""
    if source.model is not None and _unchanged(source):
        return source.model()
    data, kind = bytes_of(source)
    return _parse(data, source, kind).exact()


def bytes_of(source: Source) -> tuple[bytes, str]:
    """The decompressed bytes that a model was read from, and their format; InputError if the file changed."""
    data = _inflate(_unchanged(source), source.path, MAX_BYTES)
    return data, _format(source.path, data)


def _unchanged(source: Source) -> bytes:
    """The bytes as they lie there, the same as when they were read."""
    stored = source.data if source.data is not None else _stored(source.path, MAX_BYTES)
    if hashlib.sha256(stored).hexdigest() != source.sha256:
        raise InputError("the file changed while it was being solved", source.path)
    return stored


def load_bytes(path: str, max_bytes: int = MAX_BYTES) -> tuple[bytes, Source, str]:
    """The decompressed bytes of a file, where they came from, and their format, "mps" or "lp"."""
    stored = _stored(path, max_bytes)
    again = path != "-" and Path(path).is_file()  # a pipe by name cannot be read twice either
    source = Source(path, hashlib.sha256(stored).hexdigest(), None if again else stored)
    data = _inflate(stored, path, max_bytes)
    return data, source, _format(path, data)


def to_problem(parsed: Coded, source: Source | None) -> Problem:
    """The parsed model as a minimisation in float64: the one place that knows the sense's sign."""
    shape = (len(parsed.row_names), len(parsed.col_names))
    floats, offset = parsed.numbers.floats, float(parsed.numbers.number(parsed.offset))
    values = floats(parsed.values)
    kept = values != 0
    entries = (values, (parsed.rows, parsed.cols))
    if not kept.all():
        entries = (values[kept], (parsed.rows[kept], parsed.cols[kept]))
    matrix = sp.csr_matrix(entries, shape=shape, dtype=np.float64)
    matrix.sort_indices()
    sign = -1.0 if parsed.maximise else 1.0
    return Problem(
        name=parsed.name,
        c=sign * floats(parsed.c) + 0.0, offset=sign * offset + 0.0,  # + 0.0: no -0.0
        maximise=parsed.maximise, A=matrix, row_lo=floats(parsed.row_lo), row_hi=floats(parsed.row_hi),
        lb=floats(parsed.lb), ub=floats(parsed.ub), integer=parsed.integer,
        col_names=parsed.col_names, row_names=parsed.row_names,
        source=source and replace(source, model=parsed.exact),
    )  # fmt: skip


def _parse(data: bytes, source: Source, kind: str) -> Coded:
    try:
        if kind == "mps":
            return mps.parse(data)
        from diffpump.io import lp  # here: few files need it

        return lp.parse(data)
    except InputError as refusal:
        raise refusal.at(source.path) from None


def _stored(path: str, max_bytes: int) -> bytes:
    """The bytes as they lie there."""
    try:
        if path == "-":
            stored = sys.stdin.buffer.read(max_bytes + 1)
        else:
            with Path(path).open("rb") as file:
                stored = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", path) from None
    return _within(stored, len(stored), path, max_bytes)


def _inflate(stored: bytes, path: str, max_bytes: int) -> bytes:
    """Decompress, if the first bytes say so, never holding more than the cap."""
    opener = next((make for magic, make in _OPENERS.items() if stored.startswith(magic)), None)
    if opener is None:
        return stored
    data = io.BytesIO()  # grows in place, and hands its bytes over without a copy
    try:
        file: IO[bytes] = opener(io.BytesIO(stored))
        while piece := file.read(_STEP):
            data.write(_within(piece, data.tell() + len(piece), path, max_bytes))
    except (EOFError, OSError, zlib.error, lzma.LZMAError, MemoryError) as error:
        reason = "it was cut off" if isinstance(error, EOFError) else str(error) or "out of memory"
        raise InputError(f"the compressed data cannot be read: {reason}", path) from None
    return data.getvalue()


def _within(data: bytes, size: int, path: str, max_bytes: int) -> bytes:
    if size > max_bytes:
        raise InputError(f"larger than the limit of {max_bytes} bytes", path)
    return data


def _format(path: str, data: bytes) -> str:
    """By the suffix below a compression's; by the first line that says something otherwise."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    while suffixes and suffixes[-1] in (".gz", ".bz2", ".xz"):
        suffixes.pop()
    if suffixes and suffixes[-1] in (".mps", ".lp"):
        return suffixes[-1][1:]
    found = re.search(rb"^(?!\*|\s*$|\s*\\)\s*(\S+)", data[:_STEP], re.MULTILINE)
    return "lp" if found and re.match(rb"(?i)(max|min)(imi[sz]e|imum)?:?$", found[1]) else "mps"
