"""Generators of instances. The same seed and sizes give the same model, byte for byte once it is written.

Every family is one file with a registered function of a seed and of size parameters. Each size parameter has
a default and, in its annotation, a `Size` with its meaning and its smallest value. A family with a JSON form
has a function of the same parameters as its `facts`, whose result has a method `text`.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import get_type_hints

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.families.draft import FAMILIES, Size

__all__ = ["FAMILIES", "generate", "generate_json", "parameters"]


@dataclass(frozen=True)
class Parameter:
    """A size parameter of a family.

    Attributes
    ----------
    default : int
        The default value.
    help : str
        The meaning of the parameter.
    minimum, maximum : int
        The smallest and the largest value.
    """

    default: int
    help: str
    minimum: int
    maximum: int


def parameters(family: str) -> dict[str, Parameter]:
    """Return the size parameters of a family by name.

    Raises
    ------
    UsageError
        For an unknown family.
    """
    function = FAMILIES.factory(family)
    hints = get_type_hints(function, include_extras=True)
    found = {}
    for name, argument in inspect.signature(function).parameters.items():
        for size in getattr(hints[name], "__metadata__", ()):
            if isinstance(size, Size):
                found[name] = Parameter(argument.default, size.help, size.minimum, size.maximum)
    return found


def generate(family: str, seed: int, **sizes: int) -> Problem:
    """Return the instance of a family with a seed and sizes.

    Parameters
    ----------
    family : str
        The registered name of the family.
    seed : int
        The seed, at least 0.
    **sizes : int
        The size parameters by name; those that are absent have their defaults.

    Raises
    ------
    UsageError
        For an unknown family or parameter, and for an invalid seed or size.
    """
    complete = _checked(family, seed, sizes)
    return FAMILIES.factory(family)(seed, **complete)


def generate_json(family: str, seed: int, **sizes: int) -> str:
    """Return the JSON form of the instance that `generate` returns.

    Raises
    ------
    UsageError
        As `generate` does, and for a family without a JSON form.
    """
    complete = _checked(family, seed, sizes)
    numbers = FAMILIES.entry(family).facts
    if numbers is None:
        having = ", ".join(name for name, entry in FAMILIES.entries.items() if entry.facts is not None)
        raise UsageError(f"family '{family}' has no JSON form; these have one: {having}")
    text: str = numbers(seed, **complete).text()
    return text


def _checked(family: str, seed: int, sizes: dict[str, int]) -> dict[str, int]:
    """Return all sizes of a family, the defaults among them. Raises UsageError as `generate` does."""
    known = parameters(family)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UsageError(f"the seed must be a whole number >= 0, got {seed}")
    for name, value in sizes.items():
        if name not in known:
            raise UsageError(f"family '{family}' has no parameter '{name}'; it has: {', '.join(known)}")
        least, most = known[name].minimum, known[name].maximum
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UsageError(f"{name} must be a whole number from {least} to {most}, got {value}")
    return {name: parameter.default for name, parameter in known.items()} | sizes
