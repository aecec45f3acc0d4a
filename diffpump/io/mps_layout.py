"""The layout of an MPS file: its sections, and the fields of its lines in free and in fixed format."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError

CHUNK_BYTES = 1 << 19  # bytes processed at once; their token list takes about eight times as much memory

Split = Callable[[bytes], list[bytes]]
Lines = Iterator[tuple[int, list[bytes]]]  # the number and the fields of each line
split_free: Split = bytes.split
_BLANK = bytes(bytes([code]).isspace() for code in range(256))  # the bytes at which bytes.split() splits


def split_fixed(line: bytes) -> list[bytes]:
    """Return the non-empty fields of a line in fixed format, without surrounding blanks.

    The third and the fifth field may open a comment with a `$`, which need not keep to the fields.

    Raises InputError if the line has a tab or a character outside the six fields.
    """
    if line[:1] == b"*":
        return []
    line = line.rstrip()
    for end in (len(line), 40, 15):  # the whole line, or up to the `$` in the fifth or in the third field
        text = line[:end]
        gaps = text[:1] + text[3:4] + text[12:14] + text[22:24] + text[36:39] + text[47:49] + text[61:]
        if (end == len(line) or text.endswith(b"$")) and b"\t" not in text and not gaps.strip():
            fields = (text[1:3], text[4:12], text[14:22], text[24:36], text[39:47], text[49:61])
            return [field for field in map(bytes.strip, fields) if field]
    raise InputError("not in the fields of fixed format")


def without_comment(fields: list[bytes], start: int, names: Container[bytes]) -> list[bytes]:
    """Return the fields before a comment, which a `$` opens at the third or the fifth field of fixed format.

    start    the index of the first field in which a comment can begin
    names    the rows or columns of the model: a field that is one of these names opens no comment
    """
    for k in range(start, len(fields)):
        if fields[k].startswith(b"$") and fields[k] not in names:
            return fields[:k]
    return fields


class Section(NamedTuple):
    """A section of the file.

    key            the keyword
    rest           the text behind the keyword
    line           the line number of the keyword
    start, stop    the range of the section's lines of data, in bytes from the beginning of the file
    """

    key: bytes
    rest: bytes
    line: int
    start: int
    stop: int


def sections(data: bytes) -> Iterator[Section]:
    """Yield the sections in file order.

    A line begins a section if its first character is neither blank nor `*`.
    """
    heads: list[tuple[int, int]] = []  # (position, line number)
    number = 1
    if data[:1] > b" " and data[:1] != b"*":
        heads.append((0, 1))
    for at in range(0, len(data), CHUNK_BYTES):
        text = np.frombuffer(data, np.uint8, min(CHUNK_BYTES + 1, len(data) - at), at)
        ends = np.flatnonzero(text[:CHUNK_BYTES] == ord("\n"))
        line_ends = ends[:-1] if ends.size and ends[-1] + 1 == text.size else ends
        first = text[line_ends + 1]
        begins = np.flatnonzero((first > 32) & (first != ord("*")))
        heads.extend((at + int(line_ends[k]) + 1, number + k + 1) for k in begins.tolist())
        number += ends.size
    for k, (start, line) in enumerate(heads):
        stop = heads[k + 1][0] if k + 1 < len(heads) else len(data)
        body = data.find(b"\n", start, stop) + 1 or stop
        key, _, rest = data[start:body].strip().replace(b"\t", b" ").partition(b" ")
        yield Section(key, rest.strip(), line, body, stop)


def chunk_ranges(data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges (start, stop) of chunks of whole lines, each of about `CHUNK_BYTES` bytes."""
    while start < stop:
        end = data.find(b"\n", min(start + CHUNK_BYTES, stop) - 1, stop) + 1 or stop
        yield start, end
        start = end


class Block(NamedTuple):
    """The tokens of a chunk of lines, with one entry per non-empty line in each array.

    tokens    all tokens in file order
    counts    the number of tokens of the line
    first     the index of its first token
    line      the number of lines of the chunk before it, empty ones included
    """

    tokens: list[bytes]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    line: NDArray[np.int64]

    def field(self, k: int, of: Any = slice(None)) -> list[bytes]:
        """Return token k of every line, or of the lines selected by `of` (a mask, indices or a slice)."""
        return list(map(self.tokens.__getitem__, (self.first[of] + k).tolist()))


def split_block(chunk: bytes) -> Block | None:
    """Split a chunk of lines in free format.

    Return None if a line does not begin with a blank or if all lines are empty.
    """
    text, blank = np.frombuffer(chunk, np.uint8), np.frombuffer(chunk.translate(_BLANK), np.bool_)
    ends = np.flatnonzero(text == ord("\n"))
    if not blank[0] or not blank[ends[:-1] + 1].all():
        return None
    begins = np.flatnonzero(blank[:-1] > blank[1:])  # the position before the first byte of each token
    count = np.diff(np.searchsorted(begins, ends), prepend=0)
    line = np.flatnonzero(count)
    count = count[line]
    return Block(chunk.split(), count, np.cumsum(count) - count, line) if line.size else None


def split_lines(data: bytes, start: int, stop: int, number: int, split: Split) -> Lines:
    """Yield the number (`number` for the first line) and the fields of each line with data."""
    for begin, end in chunk_ranges(data, start, stop):
        raw = data[begin:end].removesuffix(b"\n").split(b"\n")
        for line, fields in zip(raw, map(split, raw), strict=True):
            if fields and line[:1] != b"*":
                yield number, fields
            number += 1
