"""Tokens of model files: numbers, each the rational that its decimal text denotes, and names.

A number is a plain decimal (`12`, `-3.5`, `.5e+3`). `nan`, `inf`, hexadecimal digits, underscores and Fortran
exponents are refused. A number that overflows float64 or underflows to zero is also refused, since the model
that is solved in float64 must be the one against which solutions are verified.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffpump.core.errors import InputError
from diffpump.core.text import escaped
from diffpump.core.tolerances import INFINITE, MAX_RESOLVED

MAX_DISTINCT_DIGITS = 15  # significant digits up to which distinct decimals are distinct in float64
MAX_NUMBER_LENGTH = 400  # characters of a number; longer numbers would only slow down the rational arithmetic

Codes = NDArray[np.int32]

_CONTROL_CHARACTERS = bytes(code for code in range(32) if not bytes([code]).isspace()) + b"\x7f"
_DECIMAL = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NONZERO = re.compile(rb"[+-]?[0.]*[1-9]")
_INFINITY = re.compile(rb"[+-]?inf(?:inity)?", re.IGNORECASE)


class Numbers(dict[bytes, int]):
    """A table that maps the token of a number to its code, the number's position in the table.

    A new token is added on look-up, and an invalid one raises ValueError. The float64 values are computed
    immediately, the rationals on demand.

    zero, one, inf, minus_inf    the codes of these numbers
    """

    def __init__(self) -> None:
        super().__init__()
        self._floats: list[float] = []
        self._entries: list[bytes | int | Fraction | float] = []  # a token, or an exact number
        self.zero, self.one = self[b"0"], self[b"1"]
        self.inf, self.minus_inf = self.add(math.inf), self.add(-math.inf)

    def __missing__(self, token: bytes) -> int:
        if len(token) > MAX_NUMBER_LENGTH or not _DECIMAL.fullmatch(token):
            raise ValueError(f"'{printable(token)}' is not a finite decimal number")
        value = float(token)
        if math.isinf(value) or (value == 0 and _NONZERO.match(token)):
            raise ValueError(f"'{printable(token)}' is outside the range of float64")
        code = self[token] = len(self._floats)
        self._floats.append(value)
        self._entries.append(token)
        return code

    def add(self, number: int | Fraction | float) -> int:
        """Add a number that no token denotes. Return its code, which is always a new one."""
        self._floats.append(float(number))
        self._entries.append(number)
        return len(self._floats) - 1

    def code(self, token: bytes, line: int) -> int:
        """Return the code of a token. Raises InputError with the line if the token is no valid number."""
        try:
            return self[token]
        except ValueError as reason:
            raise InputError(str(reason), None, line) from None

    def bound_code(self, token: bytes, line: int) -> int:
        """Return the code of a bound. Unlike other numbers, it may be `inf` or `infinity`, with one sign."""
        if _INFINITY.fullmatch(token):
            return self.minus_inf if token.startswith(b"-") else self.inf
        return self.bound(self.code(token, line))

    def bound(self, code: int) -> int:
        """Return the code itself, or that of an infinity if the number's magnitude is `INFINITE` or more."""
        value = self._floats[code]
        return code if -INFINITE < value < INFINITE else self.inf if value > 0 else self.minus_inf

    def number(self, code: int) -> Any:
        """Return the number of a code: an int, a Fraction, or a float infinity."""
        entry = self._entries[code]
        if isinstance(entry, bytes):  # 1e999999999, a huge integer, has been refused before
            entry = self._entries[code] = _rational(entry, self._floats[code])
        return entry

    def floats(self, codes: Codes) -> NDArray[np.float64]:
        """Return the float64 values of an array of codes, in the same shape."""
        return np.array(self._floats)[codes]

    def interval(self, lo: Codes, hi: Codes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lower and upper limits as float64, large ones rounded inwards so that both imply the file's.

        Beyond 1e9, the error of rounding to the nearest float64 would exceed what the exact check tolerates.
        Where no float64 lies between two limits, both are rounded to the nearest.
        """
        low, high = self.floats(lo), self.floats(hi)
        inner = self._rounded(low, lo, up=True), self._rounded(high, hi, up=False)
        fits = inner[0] <= inner[1]
        return np.where(fits, inner[0], low), np.where(fits, inner[1], high)

    def _rounded(self, values: NDArray[np.float64], codes: Codes, up: bool) -> NDArray[np.float64]:
        """Return the values with large ones rounded up or down from their exact numbers."""
        out, large = values.copy(), np.isfinite(values) & (np.abs(values) > MAX_RESOLVED)
        for code in np.unique(codes[large]).tolist():
            exact, at = self.number(code), codes == code
            value = Fraction(float(values[at][0]))
            if value != exact and (value < exact) == up:
                out[at] = np.nextafter(values[at], np.inf if up else -np.inf)
        return out

    def table(self) -> NDArray[Any]:
        """Return the exact numbers of all codes (number of codes,), as an object array."""
        table = np.empty(len(self._entries), object)
        table[:] = list(map(self.number, range(len(self._entries))))
        return table


def _rational(token: bytes, value: float) -> Fraction | int:
    """Return the rational that a decimal token denotes. `value` is its float64, which must be finite."""
    if value == 0:
        return 0  # the exponent of a zero can be too large to compute its power of ten
    if len(token) <= MAX_DISTINCT_DIGITS and abs(value) < 2.0**53 and value.is_integer():
        return int(value)  # exact, since decimals with so few digits are distinct in float64
    number, _, power = token.lower().partition(b"e")
    whole, _, decimals = number.partition(b".")
    digits, power10 = int(whole + decimals), int(power or b"0") - len(decimals)
    return digits * 10**power10 if power10 >= 0 else Fraction(digits, 10**-power10)


def refuse_control_characters(data: bytes) -> None:
    """Raise InputError with the line of the first control character, if there is one.

    Control characters are part of no name, and other readers stop at a NUL.
    """
    for at in range(0, len(data), 1 << 20):
        piece = data[at : at + (1 << 20)]
        if len(piece.translate(None, _CONTROL_CHARACTERS)) != len(piece):
            first = at + next(k for k, code in enumerate(piece) if code in _CONTROL_CHARACTERS)
            what = f"control character 0x{data[first]:02x}: not a text file"
            raise InputError(what, None, data.count(b"\n", 0, first) + 1)


def bound(value: Any) -> Any:
    """Return the value itself, or a float infinity if its magnitude is `INFINITE` or more."""
    try:
        size = float(value)  # comparing a Fraction with a float is slow
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    return value if -INFINITE < size < INFINITE else math.copysign(math.inf, size)


def printable(token: bytes, width: int = 60) -> str:
    """Return a token for a message: printable, on one line, and at most `width` characters long."""
    text = escaped(token.decode("utf-8", "backslashreplace"))
    return text if len(text) <= width else text[: width - 3] + "..."


def decode_names(names: list[bytes]) -> list[str]:
    """Return all names as text.

    They are decoded as UTF-8 if all of them are valid UTF-8, else as Latin-1. Using one encoding for all of
    them keeps them distinct.
    """
    joined = b"\n".join(names)
    try:
        text = joined.decode()
    except UnicodeDecodeError:
        text = joined.decode("latin-1")
    return text.split("\n") if names else []
