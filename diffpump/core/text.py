"""Texts of messages: those from files made safe to show, and numbers with nouns."""

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


def counted(number: float, noun: str) -> str:
    """Return a number and a noun, in the plural unless the number is 1."""
    return f"{number:g} {noun}" + "s" * (number != 1)
