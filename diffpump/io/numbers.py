"""Tokens of model files: numbers (the rational that a decimal text denotes) and names.

A number is a plain decimal (`12`, `-3.5`, `.5e+3`): `nan`, `inf`, hexadecimal, underscores and Fortran
exponents are not numbers. One that overflows float64, or underflows to zero, is refused: the model
that is solved and the one that is verified against must be the same.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.problem import INFINITE
from diffpump.result import InputError

DIGITS = 15  # float64 tells any two decimals of so many digits apart
LONGEST = 400  # characters in a number; longer ones only serve to make rational arithmetic slow

_CONTROL = bytes(code for code in range(32) if not bytes([code]).isspace()) + b"\x7f"
_DECIMAL = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NONZERO = re.compile(rb"[+-]?[0.]*[1-9]")


class Numbers(dict[bytes, Any]):
    """Token -> int or Fraction, each distinct token converted once. ValueError carries the reason."""

    def __missing__(self, token: bytes) -> Any:
        if len(token) > LONGEST or not _DECIMAL.fullmatch(token):
            raise ValueError(f"'{show(token)}' is not a finite decimal number")
        value = float(token)
        if math.isinf(value) or (value == 0 and _NONZERO.match(token)):
            raise ValueError(f"'{show(token)}' is outside the range of float64")
        self[token] = _rational(token, value)  # after the range check: 1e999999999 must not become an integer
        return self[token]

    def at(self, token: bytes, line: int) -> Any:
        """The number; a refusal that names the line otherwise."""
        try:
            return self[token]
        except ValueError as reason:
            raise InputError(str(reason), None, line) from None


def _rational(token: bytes, value: float) -> Fraction | int:
    """What a decimal token denotes, exactly; value: its float64, in range."""
    if len(token) <= DIGITS and abs(value) < 2.0**53 and value.is_integer():
        return int(value)  # decimals of so few digits are distinct in float64
    number, _, power = token.lower().partition(b"e")
    whole, _, decimals = number.partition(b".")
    digits, power10 = int(whole + decimals), int(power or b"0") - len(decimals)
    return digits * 10**power10 if power10 >= 0 else Fraction(digits, 10**-power10)


def refuse_control_characters(data: bytes) -> None:
    """InputError with the line of the first one: they belong to no name, and other readers stop at a NUL."""
    for at in range(0, len(data), 1 << 20):
        piece = data[at : at + (1 << 20)]
        if len(piece.translate(None, _CONTROL)) != len(piece):
            first = at + next(k for k, code in enumerate(piece) if code in _CONTROL)
            what = f"control character 0x{data[first]:02x}: not a text file"
            raise InputError(what, None, data.count(b"\n", 0, first) + 1)


def bound(value: Any) -> Any:
    """The value as a bound: infinite at and beyond `INFINITE`."""
    size = float(value)  # as the search sees it; and a rational compares with a float slowly
    return value if -INFINITE < size < INFINITE else math.copysign(math.inf, size)


def floats(values: NDArray[Any]) -> NDArray[np.float64]:
    """The values in float64; a rational that stands at many places is converted once."""
    numbers = values.tolist()
    keys = list(map(id, numbers))
    known = {
        key: value if type(value) is float else value.numerator / value.denominator  # rounded correctly, once
        for key, value in dict(zip(keys, numbers, strict=True)).items()
    }
    return np.fromiter(map(known.__getitem__, keys), np.float64, len(keys))


def show(token: bytes, width: int = 60) -> str:
    """A token for a message: printable, on one line, not too long."""
    text = token.decode("utf-8", "backslashreplace")
    text = "".join(ch if ch.isprintable() else ascii(ch)[1:-1] for ch in text)
    return text if len(text) <= width else text[: width - 3] + "..."


def decode_names(names: list[bytes]) -> list[str]:
    """All names as text: UTF-8 when every one of them is, Latin-1 otherwise, so they stay distinct."""
    joined = b"\n".join(names)
    try:
        text = joined.decode()
    except UnicodeDecodeError:
        text = joined.decode("latin-1")
    return text.split("\n") if names else []
