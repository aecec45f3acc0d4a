"""Compilation of all kernels before their first use, by the warm-up of each module on a tiny model.

`is_warm` looks for one file and does not import numba, so that a run can call it to choose its first arms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from diffpump.kernels.compile import cache
from diffpump.kernels.compile.jit import LATER, WARM_UPS, mode

if TYPE_CHECKING:
    from diffpump.core.problem import Problem
    from diffpump.kernels.model import Model

COLD = "compiling kernels in the background; `diffpump doctor --warm` does it once"
ELSEWHERE = "waiting for another process that compiles kernels"
IN_MEMORY = "kernels are compiled in memory, which every run repeats: {}"
EVERY_PROCESS = "compiling kernels by numba's njit, which every process repeats ({})"


def is_warm() -> bool:
    """Return whether every kernel is in the cache."""
    return mode()[0] == "native" and cache.is_complete()


def notice() -> str | None:
    """Return a line for the user if the run will compile kernels, else None."""
    way, reason = mode()
    if way == "numba":
        return EVERY_PROCESS.format(reason)
    if is_warm():
        return None
    if (refused := cache.refusal()) is not None:
        return IN_MEMORY.format(refused)
    with cache.locked(wait=False) as free:
        return COLD if free else ELSEWHERE


def warm(in_memory: bool = False, later: bool = False) -> Iterator[tuple[str, float]]:
    """Compile the kernels that are not in the cache yet; yield (name of the warm-up, seconds) after each one.

    Another process that does the same is waited for. Raises RuntimeError if numba's `njit` compiles the
    kernels, since their machine code is then not kept.

    in_memory   whether to go on if the cache cannot be written; else OSError or RuntimeError is raised before
                anything is compiled
    later       whether to compile as well, after the others, what the engine does not use
    """
    from diffpump.kernels.model import model

    if mode()[0] == "numba":
        raise RuntimeError(mode()[1])
    if not in_memory:
        cache.write(cache.PROBE, b"")
    with cache.locked():
        for module in sorted(cache.every_module()):
            import_module(module)
        tiny = model(_tiny())
        yield from _timed([name for name in WARM_UPS if name not in LATER], tiny)
        if mode()[0] == "numba":  # the change was noticed by one of the kernels
            raise RuntimeError(mode()[1])
        cache.complete()
        if later:
            yield from _timed([name for name in WARM_UPS if name in LATER], tiny)


def _timed(names: list[str], tiny: Model) -> Iterator[tuple[str, float]]:
    """Use the kernels of warm-ups; yield the name and the seconds of each."""
    for name in names:
        began = time.monotonic()
        WARM_UPS[name](tiny)
        yield name, time.monotonic() - began


def _tiny() -> Problem:
    """Return max sum x, 2 x0 + 3 x1 + 4 x2 + x3 + x4 <= 6: 3 binaries, an integer, a continuous column."""
    import scipy.sparse as sp  # imported here, since it is slow and `is_warm` must be fast

    from diffpump.core.problem import Problem

    A = sp.csr_matrix(np.array([[2.0, 3.0, 4.0, 1.0, 1.0]]))
    return Problem(
        name="tiny", c=-np.ones(5), offset=0.0, maximise=True, A=A,
        row_lo=np.array([-np.inf]), row_hi=np.array([6.0]),
        lb=np.zeros(5), ub=np.array([1.0, 1.0, 1.0, 2.0, 2.0]), integer=np.arange(5) < 4,
        col_names=[f"x{j}" for j in range(5)], row_names=["row"],
    )  # fmt: skip
