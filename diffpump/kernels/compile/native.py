"""Calls of compiled kernels by ctypes, without numba.

Importing numba and its first call take 0.5 s of processor time in every process. Loading machine code from
the cache takes a few hundredths of a second. The called function is

    int32 function(result *, exception **, argument, ...),   0 if all went well,

where an argument is a number (int64, double, bool) or, for an array or a tuple of arrays, a pointer to its
words. Those of an array are (0, 0, size, itemsize, data, shape ..., strides ...), as numba passes arrays
among kernels (numba/core/datamodel/models.py, ArrayModel). The two zeros stand for its reference counts,
which kernels do not use. The call releases the GIL.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

CTYPES: dict[str, Any] = {
    "q": ctypes.c_int64, "Q": ctypes.c_uint64, "i": ctypes.c_int32, "d": ctypes.c_double, "?": ctypes.c_bool,
    "p": ctypes.c_void_p,
}  # fmt: skip
BY_ROWS, BY_COLUMNS, OTHERS = 0x1, 0x2, 0x500  # array flags: C and F contiguous; aligned and writeable
REMEMBERED = 16  # tuples whose words are kept, since a search passes the same tuples in every call
_remembered: dict[int, tuple[tuple[Any, ...], str, Any]] = {}


def flat(arguments: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return (types, values): the argument types as a text, and the values to pass, words as ctypes arrays.

    Numbers count as int64, float64 or bool, whatever their width, a tuple as its class and its members.
    Raises TypeError for an argument of any other type.
    """
    types: list[str] = []
    values: list[Any] = []
    for value in arguments:
        if isinstance(value, (np.ndarray, tuple)):
            kind, words = _pointed(value)
            types.append(kind)
            values.append(words)
        elif isinstance(value, (bool, np.bool_)):
            types.append("?")
            values.append(bool(value))
        elif isinstance(value, (int, np.integer)):
            types.append("q")
            values.append(int(value))
        elif isinstance(value, (float, np.floating)):
            types.append("d")
            values.append(float(value))
        else:
            raise TypeError(
                f"a kernel takes numbers, arrays and tuples of arrays, not {type(value).__name__}"
            )
    return "".join(types), values


def _pointed(value: Any) -> tuple[str, Any]:
    """Return (types, words) of an array or a tuple."""
    known = _remembered.get(id(value))
    if known is not None and known[0] is value:
        return known[1:]
    types: list[str] = []
    words: list[int] = []
    _append(value, types, words)
    kind, block = "".join(types), (ctypes.c_int64 * len(words))(*words)
    if isinstance(value, tuple):  # an array may change its shape in place
        _forget_unused()
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        _remembered[id(value)] = value, kind, block
    return kind, block


def _forget_unused() -> None:
    """Forget the tuples without another reference, so that their arrays are freed.

    Tuples cannot be referenced weakly. Such a one has two references: its entry's, and that of the argument
    of `getrefcount`.
    """
    for key, known in list(_remembered.items()):
        if sys.getrefcount(known[0]) <= 2:
            _remembered.pop(key, None)


def _append(value: Any, types: list[str], words: list[int]) -> None:
    if isinstance(value, np.ndarray):
        flags = value.flags.num
        layout = flags & (OTHERS | (BY_ROWS if flags & BY_ROWS else BY_COLUMNS))
        types.append(f"{value.dtype.str}{value.ndim}.{layout:x},")
        words += (0, 0, value.size, value.itemsize, value.ctypes.data)
        words += value.shape
        words += value.strides
    elif isinstance(value, tuple):
        types.append(f"{type(value).__module__}.{type(value).__qualname__}(")
        for member in value:
            _append(member, types, words)
        types.append(")")
    else:
        raise TypeError(f"a kernel takes tuples of arrays, not of {type(value).__name__}")


def letters(values: Sequence[Any]) -> str:
    """Return the values from `flat` as letters of `CTYPES`."""
    kinds = {bool: "?", int: "q", float: "d"}
    return "".join(kinds.get(type(value), "p") for value in values)


def load(code: bytes, symbol: str, parameters: str, result: str) -> Callable[[Sequence[Any]], Any]:
    """Return a function that calls the symbol of an object file.

    code        the object file
    parameters  a letter of `CTYPES` for each
    result      "" for None, a letter of `CTYPES`, or "(letters)" for a tuple
    """
    import llvmlite.binding as llvm

    linker = _linker()
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    prototype = ctypes.CFUNCTYPE(ctypes.c_int32, *(CTYPES[letter] for letter in f"pp{parameters}"))
    function = prototype(linker.get_function_address(symbol))
    fields = [(f"f{i}", CTYPES[letter]) for i, letter in enumerate(result.strip("()"))]
    returned = type("Result", (ctypes.Structure,), {"_fields_": fields or [("none", ctypes.c_void_p)]})
    single = result and not result.startswith("(")

    def call(values: Sequence[Any]) -> Any:
        into, exception = returned(), ctypes.c_void_p()
        if status := function(ctypes.addressof(into), ctypes.addressof(exception), *values):
            raise RuntimeError(f"{symbol} ended with status {status}")
        if single:
            return into.f0
        return tuple(getattr(into, name) for name, _ in fields) if fields else None

    return call


@cache
def _linker() -> Any:
    """Return the linker that loads object files into this process."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
