"""Known objectives: `.solu` files, as MIPLIB and SCIP publish them beside their instances.

    =opt=  name value     proven optimal            =inf=  name     infeasible
    =best= name value     best known objective      =unbd= name     unbounded
    =feas= name [value]   feasible                  =unkn= name     nothing is known

A file has one instance per line, in any order. Blank lines and `#` comments are skipped. The reader is
strict: it refuses any other line, a second line for a name, a missing or superfluous value, and a value that
is not finite.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from diffpump.core.errors import InputError
from diffpump.io.read import MAX_BYTES, load_bytes

# The numbers of values that each tag allows.
_VALUE_COUNTS = {"opt": (1,), "best": (1,), "feas": (0, 1), "inf": (0,), "unbd": (0,), "unkn": (0,)}


@dataclass(frozen=True)
class Known:
    """The entry of one instance.

    status   a tag without its equality signs, such as "opt"
    value    the objective in the model's own sense: always there for "opt" and "best", sometimes for "feas",
             otherwise None
    """

    status: str
    value: float | None = None

    @property
    def feasible(self) -> bool:
        """True if a solution is known to exist."""
        return self.status in ("opt", "best", "feas", "unbd")


def read_solu(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> dict[str, Known]:
    """Return the entries of a `.solu` file, compressed or not, by instance name.

    Raises InputError, with path, line and reason, if the file cannot be read or is refused.
    """
    path = os.fspath(path)
    data = load_bytes(path, max_bytes)[0]
    try:
        return parse_solu(data.decode())
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", path) from None
    except InputError as refusal:
        raise refusal.at(path) from None


def known_objectives(path: str | os.PathLike[str]) -> dict[str, float]:
    """Return the objective value of each instance of a `.solu` file that has one.

    Raises InputError as `read_solu` does.
    """
    return {name: entry.value for name, entry in read_solu(path).items() if entry.value is not None}


def parse_solu(text: str) -> dict[str, Known]:
    """Return the entries of a `.solu` text by instance name; raise InputError for a line that is refused.

    >>> parse_solu("=opt= p0033 3089")
    {'p0033': Known(status='opt', value=3089.0)}
    """
    known: dict[str, Known] = {}
    for line, words in enumerate(map(str.split, text.split("\n")), 1):
        if not words or words[0].startswith("#"):
            continue
        name, entry = _entry(words, line)
        if name in known:
            raise InputError(f"instance {name} has a second line", line=line)
        known[name] = entry
    return known


def _entry(words: list[str], line: int) -> tuple[str, Known]:
    tag, name, values = words[0], words[1] if len(words) > 1 else "", words[2:]
    status = tag.strip("=")
    if tag != f"={status}=" or status not in _VALUE_COUNTS:
        expected = ", ".join(f"={known}=" for known in _VALUE_COUNTS)
        raise InputError(f"unknown tag '{tag}'; expected one of {expected}", line=line)
    if not name:
        raise InputError(f"{tag} without an instance name", line=line)
    if len(values) not in _VALUE_COUNTS[status]:
        expected_count = max(_VALUE_COUNTS[status])
        raise InputError(f"{tag} {name}: expected {expected_count} value, got {len(values)}", line=line)
    return name, Known(status, _value(values[0], name, line) if values else None)


def _value(text: str, name: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:  # float() accepts 1_000, other readers do not
        raise InputError(f"instance {name}: '{text}' is not a finite number", line=line)
    return value
