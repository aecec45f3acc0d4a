"""The command line as tests call it, and a model on which it never ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "diffpump"]
GAP = str(Path(__file__).parent.parent / "instances" / "gap-3x8-s0.mps")


def process(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """`diffpump` with these arguments, in a process of its own."""
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, **options)


def endless(columns: int = 21) -> str:
    """A model whose LP is feasible and which has no integer point: sum 2 x_j = an odd number."""
    names = [f"x{j}" for j in range(columns)]
    return "\n".join([
        "NAME endless", "ROWS", " N obj", " E odd", "COLUMNS", " M 'MARKER' 'INTORG'",
        *(f" {name} obj {j % 7 + 1} odd 2" for j, name in enumerate(names)), " M 'MARKER' 'INTEND'",
        "RHS", f" R odd {columns}", "BOUNDS", *(f" BV B {name}" for name in names), "ENDATA", "",
    ])  # fmt: skip
