"""Compilation of the kernels in a process of its own, while the search runs the arms that need none.

numba holds the GIL while it compiles, for seconds at a time, in which a run could neither stop at its limit
nor show anything. The process keeps what it has compiled in the cache (`kernels.compile.cache`). It sends
what cannot be kept there. Of several processes that compile at the same time, one works, and the others wait
for its lock.

A run that ends first ends the process. The kernels that it has compiled by then need not be compiled again.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from diffpump.core.limits import RunLimits
from diffpump.kernels.compile import cache
from diffpump.kernels.compile.jit import mode
from diffpump.kernels.compile.warm import is_warm, warm
from diffpump.search.process import Process, serve

POLL_SECONDS = 0.1  # between two checks whether the kernels are compiled


@dataclass(frozen=True)
class CompileTask:
    """The task of the process: all kernels."""


@dataclass(frozen=True)
class FileMessage:
    """A file of the cache that could not be written."""

    name: str
    content: bytes


@dataclass(frozen=True)
class CompiledMessage:
    """Reports that the process has ended, with all kernels compiled or with an error."""


class Compilation:
    """The kernels of a run that may not be compiled yet.

    Parameters
    ----------
    exit_stack : ExitStack
        Ends the process.
    starts : bool
        Whether to start the process if there are kernels to compile. Otherwise another process of the run
        does it, and this one finds them in the cache. If there is no cache, it compiles them itself.
    """

    def __init__(self, exit_stack: ExitStack, starts: bool = True) -> None:
        self._ready = mode()[0] == "numba" or is_warm() or not (starts or cache.is_writable())
        self._looked = 0.0
        if starts and not self._ready:
            process = Process("diffpump.search.compilation", CompileTask(), self._take, CompiledMessage)
            exit_stack.callback(process.end)

    def is_ready(self) -> bool:
        """Return whether kernels can be called: they are compiled, or this process has to compile them."""
        if not self._ready and time.monotonic() > self._looked + POLL_SECONDS:
            self._ready = is_warm()
            self._looked = time.monotonic()
        return self._ready

    def wait(self, limits: RunLimits) -> bool:
        """Wait until the kernels are ready or a limit is reached; return whether they are ready."""
        while not self.is_ready():
            if limits.reached() is not None:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _take(self, message: Any) -> None:
        """Take a message of the process, in the thread that reads them."""
        if isinstance(message, FileMessage):
            cache.remember(message.name, message.content)
        else:  # if the process has failed, the first call of a kernel here raises the same error
            self._ready = True


def main() -> None:
    """Take a `CompileTask` from standard input, and compile the kernels."""
    serve(CompileTask, _compile)


def _compile(task: CompileTask, latest: list[Any], send: Any) -> None:
    sent = set[str]()
    with suppress(Exception):  # the parent process calls the same kernels, and reports the same error
        for _ in warm(in_memory=True):
            for name, content in cache.remembered().items():
                if name not in sent:
                    send(FileMessage(name, content))
                    sent.add(name)
    send(CompiledMessage())
