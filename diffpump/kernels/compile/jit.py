"""Compilation of kernels by numba, once per combination of argument types; the machine code is cached.

    >>> import numpy as np
    >>> from diffpump.kernels.rng import rng, uniform
    >>> uniform(rng(0)) == uniform(rng(0))
    True

The first call of a kernel in a process loads its machine code from the cache, without importing numba. If it
is missing, numba compiles it: one object file for a kernel that Python calls and all kernels that it calls.

Kernels are compiled without numba's run-time. They must not allocate, and numba refuses those that do. With
the run-time, numba would count references to every array of every tuple that passes through a call, with
atomic operations: two tuples of thirteen arrays cost half a microsecond per call, ten times as much as the
propagation of a short row. Kernels must not raise either. Callers allocate arrays of sufficient size.

This mode, "native", uses parts of numba that are not public. If they have changed, or if the environment
variable DIFFPUMP_JIT is "numba", numba's own `njit` compiles the kernels instead. The results are the same,
but every process compiles again (some 20 s for all kernels), and calls are slower. `mode` returns which of
the two modes is in use, and why.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Sequence
from functools import cache, cached_property, update_wrapper
from threading import RLock
from typing import Any, TypeVar, cast

from diffpump.core.errors import UsageError
from diffpump.kernels.compile import cache as files
from diffpump.kernels.compile import native

F = TypeVar("F", bound=Callable[..., object])
Call = Callable[[Sequence[Any]], Any]
# Functions of the C library that the machine code may call; others are numba's run-time, which is absent.
LIBRARY = {"memset", "memcpy", "memmove", "floor", "ceil", "rint", "trunc", "fmod", "log", "exp", "pow"}
# What a use of names, signatures or LLVM text that have changed raises.
INTERFACE = (AttributeError, KeyError, NameError, TypeError, IndexError, RuntimeError)
_lock = RLock()
MODES = ("native", "numba")
WARM_UPS: dict[str, Callable[[Any], object]] = {}
LATER: set[str] = set()  # names of those that no run of the engine waits for
_changed: list[str] = []  # differences of numba's private interface that calls have met


class InterfaceChanged(Exception):
    """A part of numba or llvmlite that is not public has changed."""


class NeedsRuntime(Exception):
    """A kernel needs numba's run-time, which is a mistake in the kernel."""


def mode() -> tuple[str, str]:
    """Return "native" or "numba", and the reason if it is "numba".

    Raises UsageError if DIFFPUMP_JIT has another value.
    """
    if _chosen() == "numba":
        return "numba", "DIFFPUMP_JIT=numba"
    return ("numba", f"numba's private interface has changed: {_changed[0]}") if _changed else ("native", "")


@cache
def _chosen() -> str:
    chosen = os.environ.get("DIFFPUMP_JIT") or "native"
    if chosen not in MODES:
        raise UsageError(f"DIFFPUMP_JIT is '{chosen}'; known: {', '.join(MODES)}")
    return chosen


def warm_up(name: str, engine: bool = True) -> Callable[[F], F]:
    """Return a decorator that registers a function (model) -> None as the warm-up of some kernels.

    It calls them on a tiny model with the argument types of later calls, so that `diffpump doctor --warm`
    compiles them. Each module of kernels registers its own. With `engine=False` a run of the engine, which
    does not use the kernels, does not wait for them. Raises ValueError for a taken name.
    """

    def add(function: F) -> F:
        if name in WARM_UPS:
            raise ValueError(f"the warm-up '{name}' is registered twice")
        WARM_UPS[name] = function
        if not engine:
            LATER.add(name)
        return function

    return add


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
        if mode()[0] == "numba":
            return self.plain(*arguments)
        try:
            return self._call(arguments)
        except InterfaceChanged as change:
            _changed.append(str(change))
            warnings.warn(
                f"kernels are compiled by numba's njit in every process: {change}",
                RuntimeWarning,
                stacklevel=2,
            )
            return self.plain(*arguments)

    def _call(self, arguments: Sequence[Any]) -> Any:
        types, values = native.flat(arguments)
        call = self._calls.get(types)
        if call is None:
            with _lock:  # another thread may have loaded it already
                if types not in self._calls:
                    self._calls[types] = self._load(types, values, arguments)
                call = self._calls[types]
        return call(values)

    def _load(self, types: str, values: Sequence[Any], arguments: Sequence[Any]) -> Call:
        """Load the machine code from the cache, or compile it now and keep it for the next process."""
        module, digest = self.function.__module__, hashlib.sha256(types.encode())
        name = f"{module.removeprefix('diffpump.kernels.')}.{self.function.__name__}"
        symbol = f"{name}-{files.sources(module)}-{digest.hexdigest()[:16]}"
        parameters = native.letters(values)
        found = _kept(f"{symbol}.o")
        if found is None:
            found = self._compile(symbol, parameters, arguments)
            _keep(f"{symbol}.o", *found)
        code, result = found
        try:
            return native.load(code, symbol, parameters, result)
        except INTERFACE as error:
            raise InterfaceChanged(f"{type(error).__name__}: {error}") from error

    def _compile(self, symbol: str, parameters: str, arguments: Sequence[Any]) -> tuple[bytes, str]:
        """Return the object file that defines the symbol for arguments of these types, and its result type.

        Raises InterfaceChanged if numba's private interface has changed, NeedsRuntime as `_export` does.
        """
        import numba

        types = tuple(_wide(numba.typeof(value)) for value in arguments)
        try:
            self.dispatcher.compile(types)
            compiled = self.dispatcher.overloads[types]
            module = compiled.library._final_module.clone()
            _export(module, symbol, compiled.fndesc.llvm_func_name, parameters, arguments)
            return compiled.library.codegen._tm.emit_object(module), _result(compiled.signature.return_type)
        except numba.core.errors.NumbaError:  # a mistake in the kernel itself
            raise
        except INTERFACE as error:
            raise InterfaceChanged(f"{type(error).__name__}: {error}") from error

    @cached_property
    def plain(self) -> Any:
        """The function compiled by numba's public `njit`, as are the kernels that it calls."""
        import numba

        return numba.njit(nogil=True, error_model="numpy")(self.function)

    @cached_property
    def dispatcher(self) -> Any:
        """numba's dispatcher of the function, compiled for calls from kernels only."""
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
        """The type that numba sees when another kernel calls this one."""
        return (self.plain if mode()[0] == "numba" else self.dispatcher)._numba_type_


def _result(returned: Any) -> str:
    """Return a kernel's result type as `native.load` takes it: "", a letter, or "(letters)"."""
    import numba

    letters = {numba.types.none: "", numba.types.boolean: "?", numba.types.float64: "d",
               numba.types.int64: "q", numba.types.uint64: "Q", numba.types.int32: "i"}  # fmt: skip
    if isinstance(returned, numba.types.BaseTuple):
        return f"({''.join(letters[part] for part in returned)})"
    return letters[returned]


def _export(module: Any, symbol: str, inner: str, parameters: str, arguments: Sequence[Any]) -> None:
    """Add the function that `native` calls: it reads the words and passes them to the function `inner`.

    All other functions become internal, since the object files of a process must not share symbols. Raises
    NeedsRuntime if the code needs numba's run-time: loading a code with a missing symbol ends the process.
    """
    import llvmlite.binding as llvm

    function = module.get_function(inner)
    kinds = [str(argument.type) for argument in function.arguments]
    words = sum(
        len(native.flat([argument])[1][0]) if letter == "p" else 1
        for letter, argument in zip(parameters, arguments, strict=True)
    )
    if kinds[:2] != ["ptr", "ptr"] or len(kinds) != words + 2:
        raise InterfaceChanged(f"a kernel of {words} words takes {len(kinds)} arguments ({', '.join(kinds)})")
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
                raise NeedsRuntime(f"{symbol} needs {function.name} of numba's run-time")
        elif function.name != symbol:
            function.linkage = "internal"


def _keep(file: str, code: bytes, result: str) -> None:
    """Keep the code and its result type for other processes, else at least for this one."""
    content = result.encode() + b"\n" + code
    try:
        files.write(file, content)
    except OSError:  # in a read-only home every process compiles, as doctor reports
        files.remember(file, content)
    except RuntimeError as refusal:
        files.remember(file, content)
        _warn(f"kernels are compiled in memory: {refusal}")


@cache
def _warn(text: str) -> None:
    """Warn once in this process; Python's own filter forgets what it has shown when numba changes filters."""
    warnings.warn(text, RuntimeWarning, stacklevel=4)


def _kept(file: str) -> tuple[bytes, str] | None:
    """Return what `_keep` has kept of a file, else None."""
    content = files.read(file)
    if content is None:
        return None
    result, _, code = content.partition(b"\n")
    return code, result.decode()


def _wide(kind: Any) -> Any:
    """Return int64 for every integer type and float64 for every float, so that a kernel is compiled once."""
    from numba import types

    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer):
        return types.int64
    return types.float64 if isinstance(kind, types.Float) else kind
