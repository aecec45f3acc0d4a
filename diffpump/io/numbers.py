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

from diffpump.core.errors import InputError
from diffpump.core.tolerances import INFINITE

DIGITS = 15  # float64 tells any two decimals of so many digits apart
LONGEST = 400  # characters in a number; longer ones only serve to make rational arithmetic slow

Codes = NDArray[np.int32]

_CONTROL = bytes(code for code in range(32) if not bytes([code]).isspace()) + b"\x7f"
_DECIMAL = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NONZERO = re.compile(rb"[+-]?[0.]*[1-9]")


class Numbers(dict[bytes, int]):
    """Token -> code: the place of its number among the distinct ones. ValueError carries the reason.

    float64 values are there at once, rationals when they are asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._floats: list[float] = []
        self._texts: list[bytes | int | Fraction | float] = []  # a token, or a number that was added
        self.zero, self.one = self[b"0"], self[b"1"]
        self.inf, self.minus_inf = self.add(math.inf), self.add(-math.inf)

    def __missing__(self, token: bytes) -> int:
        if len(token) > LONGEST or not _DECIMAL.fullmatch(token):
            raise ValueError(f"'{show(token)}' is not a finite decimal number")
        value = float(token)
        if math.isinf(value) or (value == 0 and _NONZERO.match(token)):
            raise ValueError(f"'{show(token)}' is outside the range of float64")
        code = self[token] = len(self._floats)
        self._floats.append(value)
        self._texts.append(token)
        return code

    def add(self, number: int | Fraction | float) -> int:
        """The code of a number that is in no token, a new one."""
        self._floats.append(float(number))
        self._texts.append(number)
        return len(self._floats) - 1

    def at(self, token: bytes, line: int) -> int:
        """The code; a refusal that names the line otherwise."""
        try:
            return self[token]
        except ValueError as reason:
            raise InputError(str(reason), None, line) from None

    def bound(self, code: int) -> int:
        """The number as a bound: infinite at and beyond `INFINITE`."""
        value = self._floats[code]
        return code if -INFINITE < value < INFINITE else self.inf if value > 0 else self.minus_inf

    def number(self, code: int) -> Any:
        """The int or Fraction, or an infinity."""
        text = self._texts[code]
        if isinstance(text, bytes):  # in range by now: 1e999999999 must not become an integer
            text = self._texts[code] = _rational(text, self._floats[code])
        return text

    def floats(self, codes: Codes) -> NDArray[np.float64]:
        """The float64 values of codes."""
        return np.array(self._floats)[codes]

    def table(self) -> NDArray[Any]:
        """The rational of each code, one object for each."""
        table = np.empty(len(self._texts), object)
        table[:] = list(map(self.number, range(len(self._texts))))
        return table


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
    size = float(value)  # a rational compares with a float slowly
    return value if -INFINITE < size < INFINITE else math.copysign(math.inf, size)


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
