"""The cores that this process may use, and the memory that is free."""

from __future__ import annotations

import os
import re
from pathlib import Path


def usable_cores() -> int:
    """Return the number of cores that this process may use, at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)  # absent on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def available_memory() -> int | None:
    """Return the bytes that new processes may use without swapping; None if the system does not report it."""
    found = re.search(r"^MemAvailable: +(\d+) kB$", _proc("meminfo"), re.MULTILINE)
    return None if found is None else 1024 * int(found[1])


def resident_memory() -> int | None:
    """Return the bytes of this process in memory; None if the system does not report them."""
    found = re.match(r"\d+ (\d+) ", _proc("self/statm"))
    return None if found is None else os.sysconf("SC_PAGE_SIZE") * int(found[1])


def _proc(name: str) -> str:
    """Return a file of the /proc file system, which only Linux has; empty elsewhere."""
    path = Path("/proc") / name
    return path.read_text() if path.exists() else ""
