"""`solve` in a process of its own, for a Python that cannot load HiGHS because it has loaded OR-Tools.

OR-Tools' wheels for Linux bring a library of HiGHS under the same name as that of highspy, but in another
version. The system's loader keeps one library of a name in a process, so that whichever of the two packages
is imported second fails. `diffpump.solve` is the function of this module where this happens (OR-Tools 9.15
and highspy 1.15 do not load together). The model is converted here, and searched in another process.
"""

from __future__ import annotations

import os
import pickle
import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from diffpump.backends.worker import POLL_SECONDS
from diffpump.core.errors import DiffpumpError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.foreign import to_problem
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.result import SolveResult
from diffpump.search.process import Process, ProcessFailed, ProcessLost, serve


@dataclass(frozen=True, eq=False)
class Call:
    """A call of `diffpump.solve` for the process.

    arguments   all but the model, the callbacks and the observers
    """

    model: str | Problem
    arguments: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Returned:
    """The end of a call: its result, or the error that it raised."""

    result: SolveResult | None = None
    error: DiffpumpError | None = None


def solve(
    model: Any,
    preset: Any = None,
    *,
    incumbent: Callable[[Incumbent], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **arguments: Any,
) -> SolveResult:
    """Do what `diffpump.api.solve` does, in another process.

    The parameters, the result and the errors are the same, except that `observers` are refused.

    Raises
    ------
    RuntimeError
        If the process ends without a result.
    """
    if arguments.pop("observers", ()):
        raise UsageError("observers cannot be called from another process, which OR-Tools makes necessary")
    for name, callback in (("incumbent", incumbent), ("stop", stop)):
        if callback is not None and not callable(callback):
            raise UsageError(f"{name} must be callable, got {callback!r:.60}")
    try:
        pickle.dumps(arguments)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise UsageError(f"the arguments must be picklable for another process: {error}") from None
    given = os.fspath(model) if isinstance(model, (str, os.PathLike)) else to_problem(model)
    message: Any
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    process = Process("diffpump.apart", Call(given, {"preset": preset, **arguments}), inbox.put, Returned)
    try:
        while True:
            try:
                message = inbox.get(timeout=POLL_SECONDS)
            except queue.Empty:
                if stop is not None and stop():
                    process.post("stop")
                continue
            if isinstance(message, Returned):
                break
            if isinstance(message, ProcessFailed):
                raise RuntimeError(message.text)
            if isinstance(message, ProcessLost):
                raise RuntimeError("the process of the search ended without a result")
            if incumbent is not None:
                incumbent(message)
    finally:
        process.end()
    if message.error is not None:
        raise message.error
    assert message.result is not None
    return replace(message.result, problem=given) if isinstance(given, Problem) else message.result


def main() -> None:
    """Take a `Call` from standard input, and send the incumbents and what it `Returned`."""
    serve(Call, _work)


def _work(call: Call, latest: list[Any], send: Callable[[object], None]) -> None:
    from diffpump.api import solve

    try:
        send(Returned(solve(call.model, incumbent=send, stop=lambda: bool(latest), **call.arguments)))
    except DiffpumpError as error:
        send(Returned(error=error))
