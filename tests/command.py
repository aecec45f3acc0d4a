"""The command line as tests call it, and models on which searches never end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays

COMMAND = [sys.executable, "-m", "diffpump"]
GAP = str(Path(__file__).parent.parent / "instances" / "gap-3x8-s0.mps")


def process(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """`diffpump` with these arguments, in a process of its own."""
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, **options)


def children(module: str = "diffpump.search") -> list[Any]:
    """The processes (psutil's) of a module that this one has started and that are there."""
    import psutil

    found = []
    for one in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # what starts may still be this process's copy for a moment
            if module in " ".join(one.cmdline()):
                found.append(one)
    return found


def endless(columns: int = 21) -> str:
    """A model whose LP is feasible and which has no integer point: sum 2 x_j = an odd number."""
    names = [f"x{j}" for j in range(columns)]
    return "\n".join([
        "NAME endless", "ROWS", " N obj", " E odd", "COLUMNS", " M 'MARKER' 'INTORG'",
        *(f" {name} obj {j % 7 + 1} odd 2" for j, name in enumerate(names)), " M 'MARKER' 'INTEND'",
        "RHS", f" R odd {columns}", "BOUNDS", *(f" BV B {name}" for name in names), "ENDATA", "",
    ])  # fmt: skip


def market_split() -> Problem:
    """5 rows, 45 binaries (Cornuejols, Dawande 1998): branch and cut is busy with it for hours."""
    rng = np.random.default_rng(0)
    A = rng.integers(0, 100, (5, 45)).astype(float)
    half = np.floor(A.sum(1) / 2)
    return from_arrays(np.ones(45), A, half, half, np.zeros(45), np.ones(45), np.ones(45, bool))
