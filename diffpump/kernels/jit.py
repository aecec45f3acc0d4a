"""The one decorator of all kernels: compiled on first use, cached, run without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function; its machine code is kept beside the package, or in the user's cache directory."""
    compiled: F = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
