"""How kernels are compiled: on first use, cached beside the package or in the user's cache directory, and run
without the interpreter's lock.

`bare` is for functions that allocate nothing and are called in hot loops. numba counts references to every
array of every named tuple that passes through a call, with atomic operations: two tuples of thirteen arrays
cost about half a microsecond a call, ten times what propagating a short row costs. A function compiled
without its run-time does not count, and may not allocate: numba refuses to compile it if it does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function."""
    compiled: F = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def bare(function: F) -> F:
    """Compile a function without reference counts; callers may be of either kind."""
    compiled: F = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return compiled
