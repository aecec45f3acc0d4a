"""Another interpreter at the end of two pipes: messages are pickled, and read and written by threads.

It is started anew, not forked: native libraries keep threads and locks. Nobody waits for one that is slow,
stopped or dead. It must end when its standard input does, as it does however this process ends, kill -9
included; it keeps nothing, so it is ended by SIGKILL.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import IO, Any, Generic, NoReturn, TypeVar

from diffpump.backends.worker import NAP_SECONDS

START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
CAN_REST = hasattr(signal, "SIGSTOP")
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
Job = TypeVar("Job")
Message = TypeVar("Message")
Last = TypeVar("Last")


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


class Resting(Generic[Message, Last]):
    """A process that works while it is told to and rests in between, so that nothing is lost.

    Native code cannot be made to rest: seconds pass between two of its callbacks. A process can, at any
    moment. It sends messages of the kind `Message`, and one of the kind `last` at its end.
    """

    def __init__(self, module: str, job: object, last: type[Last]) -> None:
        self._news: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._last = last
        self._process = Process(module, job, self._news.put, last, apart=True)
        self._process.rest()

    def tell(self, message: object) -> None:
        """Have it know, for when it goes on."""
        self._process.tell(message)

    def run(
        self, over: Callable[[], bool], found: Callable[[Message], object] = lambda message: None
    ) -> Last | Lost | None:
        """Go on until over; what it ended with, if it did. found: called with every other message."""
        self._process.wake()
        try:
            while not over():
                try:
                    news = self._news.get(timeout=NAP_SECONDS)
                except queue.Empty:
                    continue
                if isinstance(news, (self._last, Lost)):
                    return news
                self._process.rest()  # one of the two works at a time
                found(news)
                self._process.wake()
        finally:
            self._process.rest()
        return None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.end()


def serve(kind: type[Job], work: Callable[[Job, list[Any], Callable[[object], None]], None]) -> NoReturn:
    """The main of such a process: take the job from standard input, work, leave; also when the input ends.

    work: gets the job, a list that holds the last message after it until that is taken out, and what sends
    one.
    """
    if sys.platform == "linux":  # elsewhere an orphaned process group's SIGHUP sees to it (`Process`)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    out = os.dup(1)
    os.dup2(2, 1)  # what native code prints there is no message
    mail: Iterator[Any] = messages(sys.stdin.buffer)
    job = next(mail, None)
    if isinstance(job, kind):
        told: list[Any] = []
        Thread(target=_listen, args=(mail, told), daemon=True).start()
        work(job, told, lambda message: send(out, message))
    os._exit(0)


def _listen(mail: Iterator[Any], told: list[Any]) -> None:
    for message in mail:
        told[:] = [message]
    os._exit(0)


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
