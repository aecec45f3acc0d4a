"""Texts from files and of file names, made safe to show."""

from __future__ import annotations


def escaped(text: str) -> str:
    """Return a text in which the escapes of Python stand for all characters that are not printable.

    A terminal would obey control characters in the name of a file or of an instance, and characters without
    width or with the direction of writing would hide parts of it.

    >>> print(escaped("a\\x1b[2Jb\\nc"))
    a\\x1b[2Jb\\nc
    """
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() else ascii(ch)[1:-1] for ch in text)
