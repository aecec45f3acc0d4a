"""Another interpreter at the end of two pipes: messages are pickled, and read and written by threads.

It is started anew, not forked: native libraries keep threads and locks. Nobody waits for one that is slow,
stopped or dead. It must end when its standard input does, as it does however this process ends, kill -9
included; it keeps nothing, so it is ended by SIGKILL.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import IO, Any

START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
CAN_REST = hasattr(signal, "SIGSTOP")


@dataclass(frozen=True)
class Lost:
    """A process ended without its last word."""


class Process:
    """`module`'s `main` in a process of its own, with its job as the first message.

    news   called with every message from it, and with `Lost` if it ends without one of the kind `last`
    apart  it will be stopped and continued: in a process group of its own, to which the system sends SIGHUP
           and SIGCONT when this process ends while that one rests (POSIX, orphaned process groups)
    """

    def __init__(
        self, module: str, job: object, news: Callable[[Any], None], last: type, apart: bool = False
    ) -> None:
        self._news, self._last, self._turn = news, last, Condition()
        self._word: object | None = None
        self._over = False
        with _deaf():
            self._process = subprocess.Popen(
                [sys.executable, "-c", START.format(path=sys.path, module=module)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                process_group=0 if apart else None,
            )  # fmt: skip
        self._threads = [
            Thread(target=self._write, args=(job,), daemon=True), Thread(target=self._read, daemon=True)
        ]  # fmt: skip
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def tell(self, message: object) -> None:
        """Have it know; of what it was told after its job only the last word counts."""
        with self._turn:
            self._word = message
            self._turn.notify()

    def rest(self) -> None:
        """Stop it where it is."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Have it go on."""
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it now."""
        with self._turn:
            self._over = True
            self._turn.notify()
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _write(self, message: object) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # the reader will notice, too
            while message is not None:
                send(self._process.stdin.fileno(), message)
                with self._turn:
                    self._turn.wait_for(lambda: self._over or self._word is not None)
                    message, self._word = (None if self._over else self._word), None

    def _read(self) -> None:
        assert self._process.stdout is not None
        done = False
        for message in messages(self._process.stdout):
            done |= isinstance(message, self._last)
            self._news(message)
        if not (done or self._over):
            self._news(Lost())


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C, which a terminal sends to all, waits within; a process that is started here never hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def send(pipe: int, message: object) -> None:
    """Write a message, all of it."""
    data = memoryview(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    while data:
        data = data[os.write(pipe, data) :]


def messages(pipe: IO[bytes]) -> Any:
    """The messages that come until the other end is closed; one that was cut off is none."""
    with os.fdopen(pipe.fileno(), "rb", closefd=False) as stream, suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(stream)
