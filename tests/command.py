"""Helpers that call the command line, and models on which a search does not end."""

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
    """Run `diffpump` with these arguments in a separate process."""
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, **options)


def children(module: str = "diffpump.search") -> list[Any]:
    """Return the running child processes of this process that run a module, as psutil's objects."""
    import psutil

    found = []
    for one in psutil.Process().children():
        with suppress(
            psutil.NoSuchProcess
        ):  # a process that has just started may still be a copy of this one
            if module in " ".join(one.cmdline()):
                found.append(one)
    return found


def endless(columns: int = 21) -> str:
    """Return a model with a feasible LP and without an integer point: sum 2 x_j is an odd number."""
    names = [f"x{j}" for j in range(columns)]
    return "\n".join([
        "NAME endless", "ROWS", " N obj", " E odd", "COLUMNS", " M 'MARKER' 'INTORG'",
        *(f" {name} obj {j % 7 + 1} odd 2" for j, name in enumerate(names)), " M 'MARKER' 'INTEND'",
        "RHS", f" R odd {columns}", "BOUNDS", *(f" BV B {name}" for name in names), "ENDATA", "",
    ])  # fmt: skip


def market_split() -> Problem:
    """Return a market split model (Cornuejols, Dawande 1998) of 5 rows and 45 binaries.

    Branch and cut takes hours on it.
    """
    rng = np.random.default_rng(0)
    A = rng.integers(0, 100, (5, 45)).astype(float)
    half = np.floor(A.sum(1) / 2)
    return from_arrays(np.ones(45), A, half, half, np.zeros(45), np.ones(45), np.ones(45, bool))
