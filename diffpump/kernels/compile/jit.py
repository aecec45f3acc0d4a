"""How kernels are compiled: by numba, for the types of a call's arguments, when there is no machine code yet.

    >>> import numpy as np
    >>> from diffpump.kernels.rng import rng, uniform
    >>> uniform(rng(0)) == uniform(rng(0))
    True

The first call in a process looks for the machine code in the cache, and does without numba if it is there.
Kernels that call one another become one piece of machine code, the one of that which Python calls.

Kernels are compiled without numba's run-time: they allocate nothing, and numba refuses those that do. With
it, numba counts references to every array of every tuple that passes through a call, with atomic operations:
two tuples of thirteen arrays cost half a microsecond a call, ten times what propagating a short row costs.
They do not raise either. Callers make room in Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, update_wrapper
from threading import RLock
from typing import Any, TypeVar, cast

from diffpump.kernels.compile import cache, native

F = TypeVar("F", bound=Callable[..., object])
Call = Callable[[Sequence[Any]], Any]
# What LLVM may leave to the C library; anything else would be numba's, which is not there.
LIBRARY = {"memset", "memcpy", "memmove", "floor", "ceil", "rint", "trunc", "fmod", "log", "exp", "pow"}
_lock = RLock()


def kernel(function: F) -> F:
    """Compile a function when it is first called, from Python (positional arguments) or from a kernel."""
    return cast(F, Kernel(function))


class Kernel:
    """A function and its machine code, by the types of the arguments."""

    def __init__(self, function: Callable[..., object]) -> None:
        update_wrapper(self, function)
        self.function = function
        self._calls: dict[str, Call] = {}

    def __call__(self, *arguments: Any) -> Any:
        types, values = native.flat(arguments)
        call = self._calls.get(types)
        if call is None:
            with _lock:  # another thread may have been first
                if types not in self._calls:
                    self._calls[types] = self._load(types, values, arguments)
                call = self._calls[types]
        return call(values)

    def _load(self, types: str, values: Sequence[Any], arguments: Sequence[Any]) -> Call:
        """The machine code from the cache, or made now and kept there for the next process."""
        module, digest = self.function.__module__, hashlib.sha256(types.encode())
        name = f"{module.removeprefix('diffpump.kernels.')}.{self.function.__name__}"
        symbol = f"{name}-{cache.sources(module)}-{digest.hexdigest()[:16]}"
        parameters = native.letters(values)
        found = _unpacked(cache.read(f"{symbol}.o"))
        if found is None:
            found = self._compile(symbol, parameters, arguments)
            _keep(f"{symbol}.o", *found)
        code, result = found
        return native.load(code, symbol, parameters, result)

    def _compile(self, symbol: str, parameters: str, arguments: Sequence[Any]) -> tuple[bytes, str]:
        """The object file that defines the symbol for arguments like these, and what it returns."""
        import numba

        types = tuple(_wide(numba.typeof(value)) for value in arguments)
        self.dispatcher.compile(types)
        compiled = self.dispatcher.overloads[types]
        module = compiled.library._final_module.clone()
        _export(module, symbol, compiled.fndesc.llvm_func_name, parameters, arguments)
        letters = {numba.types.none: "", numba.types.boolean: "?", numba.types.float64: "d",
                   numba.types.int64: "q", numba.types.uint64: "Q", numba.types.int32: "i"}  # fmt: skip
        returned = compiled.signature.return_type
        if isinstance(returned, numba.types.BaseTuple):
            result = f"({''.join(letters[part] for part in returned)})"
        else:
            result = letters[returned]
        return compiled.library.codegen._tm.emit_object(module), result

    @cached_property
    def dispatcher(self) -> Any:
        """The function as numba knows it, compiled for calls from kernels only."""
        import numba

        dispatcher = numba.njit(
            nogil=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
        )(self.function)
        resolve = dispatcher.get_call_template

        def widened(types: Sequence[Any], keywords: Any) -> Any:
            return resolve([_wide(kind) for kind in types], keywords)

        dispatcher.get_call_template = widened
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What a kernel that calls this one gets for its name."""
        return self.dispatcher._numba_type_


def _export(module: Any, symbol: str, inner: str, parameters: str, arguments: Sequence[Any]) -> None:
    """Add the function that `native` calls: it reads the words and passes them to the function `inner`.

    All others are hidden, so that objects of one process share no names; and nothing of numba's may be
    needed: what needs a name that is not there would end the process.
    """
    import llvmlite.binding as llvm

    kinds = [str(argument.type) for argument in module.get_function(inner).arguments]
    own, loads, passed = ["ptr %result", "ptr %exception"], [""], ["ptr %result", "ptr %exception"]
    for number, (letter, argument) in enumerate(zip(parameters, arguments, strict=True)):
        name, kind = f"%a{number}", kinds[len(passed)]
        own.append(f"ptr {name}" if letter == "p" else f"{kind} {name}")
        if letter != "p":
            passed.append(own[-1])
            continue
        for word in range(len(native.flat([argument])[1][0])):
            kind = kinds[len(passed)]
            loads.append(f"{name}.{word}.at = getelementptr i64, ptr {name}, i64 {word}")
            loads.append(f"{name}.{word} = load {kind}, ptr {name}.{word}.at")
            passed.append(f"{kind} {name}.{word}")
    text = "\n".join(loads)
    module.link_in(llvm.parse_assembly(f"""
        target datalayout = "{module.data_layout}"
        target triple = "{module.triple}"
        declare i32 @{inner}({", ".join(kinds)})
        define i32 @"{symbol}"({", ".join(own)}) {{{text}
        %status = call i32 @{inner}({", ".join(passed)})
        ret i32 %status
        }}
    """))  # fmt: skip
    for function in module.functions:
        if function.is_declaration:
            if not function.name.startswith("llvm.") and function.name not in LIBRARY:
                raise RuntimeError(f"{symbol} needs {function.name} of numba's run-time")
        elif function.name != symbol:
            function.linkage = "internal"


def _keep(file: str, code: bytes, result: str) -> None:
    content = result.encode() + b"\n" + code
    with suppress(OSError, RuntimeError):  # a read-only home: every process compiles, and doctor says so
        cache.write(file, hashlib.sha256(content).digest() + content)


def _unpacked(kept: bytes | None) -> tuple[bytes, str] | None:
    """What `_keep` kept; None if it is not there or not whole: LLVM would end the process at a torn file."""
    digest, content = (kept or b"")[:32], (kept or b"")[32:]
    if hashlib.sha256(content).digest() != digest:
        return None
    result, _, code = content.partition(b"\n")
    return code, result.decode()


def _wide(kind: Any) -> Any:
    """One type for all integers and one for all floats, so that a kernel is compiled once."""
    from numba import types

    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer):
        return types.int64
    return types.float64 if isinstance(kind, types.Float) else kind
