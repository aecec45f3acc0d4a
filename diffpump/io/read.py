"""Reading a model file into a `Problem`: compression, size limit, format, and the sense of the objective.

* Compression (gzip, bzip2, xz, Zstandard) is detected by the first bytes of the file, never by its name.
* A byte order mark of UTF-8 at the beginning and Ctrl-Z at the end, as old editors write it, are no data.
* The size limit applies to the decompressed data and is checked during decompression.
* A `check` is called for every chunk of the file and may raise an exception to end the reading
  (`core.limits.reading_check`).
* The path `-` is standard input. Its bytes and those of any pipe are kept in `Source`, since another process
  that receives the problem may have to parse the model again.
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
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import IO, Any

import numpy as np
import scipy.sparse as sp

from diffpump.core.errors import InputError, InputWarning, UnsupportedError, UsageError
from diffpump.core.limits import no_check
from diffpump.core.parsed import ParsedModel
from diffpump.core.problem import Problem, Source
from diffpump.io import mps
from diffpump.io.coded import CodedModel
from diffpump.io.formats import COMPRESSION_SUFFIXES, other_format

MAX_BYTES = 1 << 30  # default limit on the decompressed size of a file
_CHUNK_BYTES = 1 << 20  # bytes that are read, decompressed, or searched for the format, at once
POLL_SECONDS = 0.05  # between two calls of `check` while a pipe sends nothing

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # of UTF-8
_CTRL_Z = b"\x1a"  # the end of a text for CP/M and DOS
_TAIL_BYTES = 1024  # bytes at the end that are searched for it: a file may have been padded to a whole block

_Opener = tuple[Callable[..., Any] | None, type[Exception]]  # what opens a file, and its own error
_OPENERS: dict[bytes, _Opener] = {
    b"\x1f\x8b": (gzip.open, zlib.error),
    b"BZh": (bz2.open, OSError),
    b"\xfd7zXZ\x00": (lzma.open, lzma.LZMAError),
}
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


def read(path: str | os.PathLike[str], check: Callable[[], None] = no_check) -> Problem:
    """Read a model file.

    Parameters
    ----------
    path : str or os.PathLike
        A file in MPS or LP format, possibly compressed; `-` is standard input.
    check : callable, optional
        Called many times a second while the file is read. An exception from it ends the reading.

    Raises
    ------
    InputError
        For a file that cannot be read or is invalid.
    UnsupportedError
        For a part that a MILP does not have, and for a format that is neither MPS nor LP.
    UsageError
        If `path` is no path.

    Warns
    -----
    InputWarning
        If the file is valid, but its author may have meant something else.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise UsageError(f"the path of a model must be a str or an os.PathLike, got {path!r:.60}")
    data, source, kind = load_bytes(os.fspath(path), check=check)
    parsed = _parse(data, source, kind, check)
    for line, text in parsed.remarks:
        warnings.warn(f"{source.path}:{line}: {text}", InputWarning, stacklevel=2)
    del data  # lower the peak of memory before the matrix is built
    return to_problem(parsed, source)


def read_exact(source: Source) -> ParsedModel:
    """Return the model in the exact numbers of its file.

    The parsed model that `read` kept is used if there is one, else the file is parsed again.

    Raises
    ------
    InputError
        If the file has changed since it was read.
    """
    if source.model is not None and _stored_unchanged(source):
        return source.model()
    data, kind = reread_bytes(source)
    return _parse(data, source, kind, no_check).exact()


def reread_bytes(source: Source) -> tuple[bytes, str]:
    """Return the decompressed bytes of a source and their format, "mps" or "lp".

    Raises
    ------
    InputError
        If the file has changed since it was read.
    """
    data = _text(_decompress(_stored_unchanged(source), source.path, MAX_BYTES))
    return data, _detect_format(source.path, data)


def _stored_unchanged(source: Source) -> bytes:
    """Return the stored bytes of a source. Raises InputError if they have changed."""
    stored = source.data if source.data is not None else _read_stored(source.path, MAX_BYTES)
    if hashlib.sha256(stored).hexdigest() != source.sha256:
        raise InputError("the file changed while it was being solved", source.path)
    return stored


def load_bytes(
    path: str, max_bytes: int = MAX_BYTES, check: Callable[[], None] = no_check
) -> tuple[bytes, Source, str]:
    """Read a model or solution file and decompress it.

    Parameters
    ----------
    path : str
        The file; `-` is standard input.
    max_bytes : int
        The limit on the size of the file, stored or decompressed, in bytes.
    check : callable, optional
        As of `read`.

    Returns
    -------
    data : bytes
        The decompressed bytes, without marks at their beginning and end.
    source : Source
        The source of the model, without the exact model.
    format : str
        "mps" or "lp".

    Raises
    ------
    InputError
        If the file cannot be read, or if it is larger than `max_bytes`.
    """
    stored = _read_stored(path, max_bytes, check)
    check()
    rereadable = path != "-" and Path(path).is_file()  # a named pipe cannot be read twice
    source = Source(path, hashlib.sha256(stored).hexdigest(), None if rereadable else stored)
    data = _text(_decompress(stored, path, max_bytes, check))
    check()
    return data, source, _detect_format(path, data)


def load_text(path: str, max_bytes: int) -> bytes:
    """Return the decompressed bytes of a file that is not a model. Raises InputError as `load_bytes` does."""
    return _decompress(_read_stored(path, max_bytes), path, max_bytes)


def to_problem(parsed: CodedModel, source: Source | None) -> Problem:
    """Return the parsed model as a minimisation in float64.

    The parsers keep the sense of the file. A maximisation is negated only here.

    Parameters
    ----------
    parsed : CodedModel
        The parsed model.
    source : Source or None
        Its file. The problem's source also returns the exact model.
    """
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
    row_lo, row_hi = parsed.numbers.interval(parsed.row_lo, parsed.row_hi)
    lb, ub = parsed.numbers.interval(parsed.lb, parsed.ub)
    return Problem(
        name=parsed.name,
        c=sign * floats(parsed.c) + 0.0, offset=sign * offset + 0.0,  # + 0.0 turns -0.0 into 0.0
        maximise=parsed.maximise, A=matrix, row_lo=row_lo, row_hi=row_hi, lb=lb, ub=ub,
        integer=parsed.integer,
        col_names=parsed.col_names, row_names=parsed.row_names,
        source=source and replace(source, model=parsed.exact),
    )  # fmt: skip


def _parse(data: bytes, source: Source, kind: str, check: Callable[[], None]) -> CodedModel:
    try:
        if kind == "mps":
            return mps.parse(data, check)
        from diffpump.io import lp  # imported only on demand, since few models are LP files

        return lp.parse(data, check)
    except UnsupportedError as refusal:
        raise refusal.at(source.path) from None
    except InputError as refusal:
        raise (other_format(source.path, data) or refusal).at(source.path) from None


def _read_stored(path: str, max_bytes: int, check: Callable[[], None] = no_check) -> bytes:
    """Return the bytes of a file or of standard input, still compressed."""
    try:
        if check is no_check or Path(path).is_file():
            return _read_pieces(path, max_bytes, check)
        return _in_thread(lambda: _read_pieces(path, max_bytes, no_check), check)
    except (OSError, ValueError) as error:  # a path with a NUL raises ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", path) from None


def _read_pieces(path: str, max_bytes: int, check: Callable[[], None]) -> bytes:
    with _standard_input() if path == "-" else Path(path).open("rb") as file:
        return _all_of(file, path, max_bytes, check)


def _all_of(file: IO[bytes], path: str, max_bytes: int, check: Callable[[], None]) -> bytes:
    """Return what an open file holds. Raises InputError, which names `path`, beyond `max_bytes`."""
    data = io.BytesIO()  # it grows in place, and getvalue() does not copy
    while piece := file.read(_CHUNK_BYTES):
        check()
        size = data.tell() + len(piece)
        if size > max_bytes:
            raise InputError(f"larger than the limit of {max_bytes} bytes", path)
        data.write(piece)
    return data.getvalue()


def _standard_input() -> IO[bytes]:
    """Return standard input without the buffer, whose lock a thread that still waits would keep for ever."""
    try:
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    except io.UnsupportedOperation:  # a program has put an object of its own there
        return sys.stdin.buffer


def _in_thread(call: Callable[[], bytes], check: Callable[[], None]) -> bytes:
    """Return the value of `call`, which may wait for a pipe for ever, and call `check` in the meantime."""
    outcome: Future[bytes] = Future()

    def work() -> None:
        try:
            outcome.set_result(call())
        except BaseException as error:
            outcome.set_exception(error)

    Thread(target=work, daemon=True, name="diffpump-read").start()
    while not wait([outcome], POLL_SECONDS).done:
        check()
    return outcome.result()


def _decompress(stored: bytes, path: str, max_bytes: int, check: Callable[[], None] = no_check) -> bytes:
    """Decompress the bytes if their first ones identify a compression, never to more than `max_bytes`."""
    opener, own_error = _opener(stored, path)
    if opener is None:
        return stored
    try:
        return _all_of(opener(io.BytesIO(stored)), path, max_bytes, check)
    except (EOFError, OSError, MemoryError, own_error) as error:
        reason = "it was cut off" if isinstance(error, EOFError) else str(error) or "out of memory"
        raise InputError(f"the compressed data cannot be read: {reason}", path) from None


def _opener(stored: bytes, path: str) -> _Opener:
    """Return what opens these bytes, and its own error; (None, OSError) if they are not compressed."""
    if stored.startswith(_ZSTANDARD):
        return _zstandard(path)
    return next((found for magic, found in _OPENERS.items() if stored.startswith(magic)), (None, OSError))


def _zstandard(path: str) -> _Opener:
    """Return what opens a Zstandard file, and its own error. Raises UnsupportedError without a library."""
    for library in ("compression.zstd", "backports.zstd"):  # of Python 3.14, and its backport
        try:
            module = import_module(library)
        except ImportError:
            continue
        return module.open, module.ZstdError
    advice = "decompress it with `zstd -d`, or use Python 3.14 or `pip install backports.zstd`"
    raise UnsupportedError(f"a Zstandard file cannot be read here: {advice}", path)


def _text(data: bytes) -> bytes:
    """Return the data without the marks that some editors put at the beginning and at the end of a text."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    return data.rstrip(_CTRL_Z + b" \t\r\n") + b"\n" if _CTRL_Z in data[-_TAIL_BYTES:] else data


def _detect_format(path: str, data: bytes) -> str:
    """Return the format by the suffix, ignoring that of a compression, or else by the first line of data."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    while suffixes and suffixes[-1] in COMPRESSION_SUFFIXES:
        suffixes.pop()
    if suffixes and suffixes[-1] in (".mps", ".lp"):
        return suffixes[-1][1:]
    found = re.search(rb"^(?!\*)[ \t\r\f\v]*([^\s\\]\S*)", data[:_CHUNK_BYTES], re.MULTILINE)
    begins_lp = rb"(?i)((max|min)(imi[sz]e|imum)?:?|subject|such|st\.?|s\.t\.)$"
    return "lp" if found and re.match(begins_lp, found[1]) else "mps"
