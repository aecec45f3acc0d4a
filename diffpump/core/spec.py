"""`Spec`: a registered name with a weight and parameters, in one text form for options, records and tables.

A spec is read from and printed as ``name[:weight][,key=value]...``, for example ``integrality:10,order=2``
or ``gaussian,sigma=0.15``. `diffpump.core.registry` holds the names and the parameters that they take.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

from diffpump.core.errors import UsageError

Value = float | int | bool | str


def parse_value(text: str) -> Value:
    """Return the truth value ("true" or "false"), the number or else the word that a text stands for."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def format_value(value: Value) -> str:
    """Return a text that `parse_value` reads back as an equal value; 1.0 gives "1"."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def plain_number(value: object, whole: bool = False) -> int | float | None:
    """Return a number as a Python int or float, and None for any other value.

    Parameters
    ----------
    value : object
        Numbers of NumPy are numbers, too; truth values and texts are not.
    whole : bool
        Whether only whole numbers count, 2.0 included.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    if isinstance(value, Integral):
        return int(value)
    number = float(value)
    if not whole:
        return number
    return int(number) if number.is_integer() else None


def digest(values: Mapping[str, Any], contents: bytes = b"") -> str:
    """Return the digest that names a configuration.

    Parameters
    ----------
    values : mapping
        Plain values.
    contents : bytes
        The contents of the files that they name.

    Returns
    -------
    str
        The first 12 hexadecimal digits of the sha256 of both.
    """
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode() + contents).hexdigest()[:12]


@dataclass(frozen=True)
class Spec:
    """A registered name with its weight and parameters.

    Attributes
    ----------
    name : str
        The registered name.
    weight : float or None
        The weight; None where none was given.
    params : mapping of str to float, int, bool or str
        The parameters by name.
    """

    name: str
    weight: float | None = None
    params: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Spec:
        """Return the spec of a text ``name[:weight][,key=value]...``.

        Raises
        ------
        UsageError
            For a weight that is not a number, a malformed or repeated parameter, and an empty name.
        """
        head, *rest = text.split(",")
        name, colon, weight_text = head.partition(":")
        weight: float | None = None
        if colon:
            try:
                weight = float(weight_text)
            except ValueError:
                raise UsageError(f"'{text}': the weight '{weight_text}' is not a number") from None
        params: dict[str, Value] = {}
        for item in rest:
            key, equals, value = item.partition("=")
            if not (key and equals and value):
                raise UsageError(f"'{text}': expected key=value, got '{item}'")
            if key in params:
                raise UsageError(f"'{text}': {key} is given twice")
            params[key] = parse_value(value)
        if not name:
            raise UsageError(f"'{text}': a name is missing")
        return cls(name, weight, params)

    def __str__(self) -> str:
        head = self.name if self.weight is None else f"{self.name}:{format_value(self.weight)}"
        return ",".join([head, *(f"{key}={format_value(value)}" for key, value in self.params.items())])
