"""Instance generators: the same seed and sizes give the same model, byte for byte once written.

One file per family, one line here. A generator is a function of a seed and of size parameters; each of
those carries its default and its `Size`, which says what it means and which whole numbers it takes.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import get_type_hints

from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.core.spec import Registry
from diffpump.families.cflp import cflp
from diffpump.families.draft import Size
from diffpump.families.gap import gap
from diffpump.families.lotsizing import lotsizing
from diffpump.families.setcover import setcover

FAMILIES: Registry[Problem] = Registry("family")
for _name, _family in (("gap", gap), ("setcover", setcover), ("cflp", cflp), ("lotsizing", lotsizing)):
    FAMILIES.register(_name)(_family)


@dataclass(frozen=True)
class Parameter:
    """A size parameter of a family: its default and what `Size` says of it."""

    default: int
    help: str
    least: int


def parameters(family: str) -> dict[str, Parameter]:
    """The size parameters of a family; UsageError on an unknown name."""
    function = FAMILIES.factory(family)
    hints = get_type_hints(function, include_extras=True)
    found = {}
    for name, argument in inspect.signature(function).parameters.items():
        for size in getattr(hints[name], "__metadata__", ()):
            if isinstance(size, Size):
                found[name] = Parameter(argument.default, size.help, size.least)
    return found


def generate(family: str, seed: int, **sizes: int) -> Problem:
    """A model of the family; UsageError on an unknown family or parameter, or a value that does not fit."""
    known = parameters(family)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise UsageError(f"the seed must be a whole number >= 0, got {seed}")
    for name, value in sizes.items():
        if name not in known:
            raise UsageError(f"family '{family}' has no parameter '{name}'; it has: {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, int) or value < known[name].least:
            raise UsageError(f"{name} must be a whole number >= {known[name].least}, got {value}")
    return FAMILIES.factory(family)(seed, **sizes)
