"""The layout of an MPS file: its sections, and the fields of a line in free and in fixed format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError

CHUNK = 1 << 19  # bytes looked at together; a token list is some eight times as large

Split = Callable[[bytes], list[bytes]]
Lines = Iterator[tuple[int, list[bytes]]]  # line numbers and fields
free: Split = bytes.split
_BLANK = bytes(bytes([code]).isspace() for code in range(256))  # exactly what bytes.split() splits at


def fixed(line: bytes) -> list[bytes]:
    """The non-empty fields of a line in fixed format, blanks inside them kept."""
    if line[:1] == b"*":
        return []
    line = line.rstrip()
    gaps = line[:1] + line[3:4] + line[12:14] + line[22:24] + line[36:39] + line[47:49] + line[61:]
    if b"\t" in line or gaps.strip():
        raise InputError("not in the fields of fixed format")
    fields = (line[1:3], line[4:12], line[14:22], line[24:36], line[39:47], line[49:61])
    return [field for field in map(bytes.strip, fields) if field]


class Section(NamedTuple):
    """A section: keyword, the rest of its line and that line's number; where its lines start and stop."""

    key: bytes
    rest: bytes
    line: int
    start: int
    stop: int


def sections(data: bytes) -> Iterator[Section]:
    """The sections in file order: lines that begin in the first column and are no comments."""
    heads: list[tuple[int, int]] = []  # (position, line number)
    number = 1
    if data[:1] > b" " and data[:1] != b"*":
        heads.append((0, 1))
    for at in range(0, len(data), CHUNK):
        text = np.frombuffer(data, np.uint8, min(CHUNK + 1, len(data) - at), at)
        ends = np.flatnonzero(text[:CHUNK] == ord("\n"))
        inside = ends[:-1] if ends.size and ends[-1] + 1 == text.size else ends
        first = text[inside + 1]
        begins = np.flatnonzero((first > 32) & (first != ord("*")))
        heads.extend((at + int(inside[k]) + 1, number + k + 1) for k in begins.tolist())
        number += ends.size
    for k, (start, line) in enumerate(heads):
        stop = heads[k + 1][0] if k + 1 < len(heads) else len(data)
        body = data.find(b"\n", start, stop) + 1 or stop
        key, _, rest = data[start:body].strip().replace(b"\t", b" ").partition(b" ")
        yield Section(key, rest.strip(), line, body, stop)


def chunks(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Start and stop of pieces of `CHUNK` bytes or a little more, each made of whole lines."""
    while start < stop:
        end = data.find(b"\n", min(start + CHUNK, stop) - 1, stop) + 1 or stop
        yield start, end
        start = end


class Block(NamedTuple):
    """Whole lines split at once; of each that is not empty: how many tokens it has, which is the first, and
    how many lines are before it."""

    tokens: list[bytes]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    line: NDArray[np.int64]

    def field(self, k: int, of: Any = slice(None)) -> list[bytes]:
        """Token k of each line, or of those selected."""
        return list(map(self.tokens.__getitem__, (self.first[of] + k).tolist()))


def block(chunk: bytes) -> Block | None:
    """A chunk of free format; None when a line begins with something else than a blank, or there is none."""
    text, blank = np.frombuffer(chunk, np.uint8), np.frombuffer(chunk.translate(_BLANK), np.bool_)
    ends = np.flatnonzero(text == ord("\n"))
    if not blank[0] or not blank[ends[:-1] + 1].all():
        return None
    begins = np.flatnonzero(blank[:-1] > blank[1:])  # a token begins behind each of these
    count = np.diff(np.searchsorted(begins, ends), prepend=0)
    line = np.flatnonzero(count)
    count = count[line]
    return Block(chunk.split(), count, np.cumsum(count) - count, line) if line.size else None


def lines(data: bytes, start: int, stop: int, number: int, split: Split) -> Lines:
    """Line number (the first is `number`) and fields of each line that is neither blank nor a comment."""
    for begin, end in chunks(data, start, stop):
        raw = data[begin:end].removesuffix(b"\n").split(b"\n")
        for line, fields in zip(raw, map(split, raw), strict=True):
            if fields and line[:1] != b"*":
                yield number, fields
            number += 1
