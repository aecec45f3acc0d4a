"""Python processes that exchange pickled messages with this one through pipes, which threads read and write.

A process is started afresh, not forked, because native libraries hold threads and locks. This process never
waits for one that is slow, stopped or dead. The other process must end when its standard input ends, which
happens however this process ends, kill -9 included. It has nothing to save, so it is ended by SIGKILL.
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
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import IO, Any, Generic, NoReturn, TypeVar

from diffpump.backends.worker import POLL_SECONDS
from diffpump.core.errors import SolverRefusal
from diffpump.search.launch import launch

END_SECONDS = 0.5  # that a killed process may take to end
CAN_PAUSE = hasattr(signal, "SIGSTOP")
PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>
Task = TypeVar("Task")
Message = TypeVar("Message")
Final = TypeVar("Final")


@dataclass(frozen=True)
class ProcessLost:
    """Reports that a process ended without a final message, or that the system did not start it.

    started   whether it had started
    """

    started: bool = True


@dataclass(frozen=True)
class ProcessFailed:
    """Reports that the work of a process raised an exception.

    refused   whether a solver could not hold the model
    text      the exception
    """

    refused: bool
    text: str


class Process:
    """A process that runs the `main` of a module and takes its task as its first message.

    on_message   called with every message from the process, and with `ProcessLost` if it ends without a
                 final one
    final_type   the type of the final message
    own_group    True for a process that is paused and resumed: it gets a process group of its own, to which
                 the system sends SIGHUP and SIGCONT if this process ends during a pause (POSIX, orphaned
                 process groups)
    """

    def __init__(
        self,
        module: str,
        task: object,
        on_message: Callable[[Any], None],
        final_type: type,
        own_group: bool = False,
    ) -> None:
        self._on_message, self._final_type, self._condition = on_message, final_type, Condition()
        self._latest: dict[type, object] = {}  # the latest unsent message of each type
        self._ended = False
        self._process = launch(module, own_group)
        self._threads = [
            Thread(target=self._write, args=(task,), daemon=True), Thread(target=self._read, daemon=True)
        ]  # fmt: skip
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def post(self, message: object) -> None:
        """Send a message; an unsent one of the same type is replaced, so only the latest one arrives."""
        with self._condition:
            self._latest[type(message)] = message
            self._condition.notify()

    def pause(self) -> None:
        """Stop the process where it is."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process continue."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill the process; `end` must follow."""
        with self._condition:
            self._ended = True
            self._condition.notify()
        self._process.kill()

    def end(self, seconds: float = END_SECONDS) -> None:
        """Kill the process, and wait at most `seconds` for its end.

        On a busy machine a process needs its turn before it can end. Its threads here end with it.
        """
        self.kill()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _write(self, message: object) -> None:
        assert self._process.stdin is not None
        waiting = [message]
        with suppress(BrokenPipeError):  # the reading thread notices the end, too
            while not self._ended:
                for message in waiting:
                    send(self._process.stdin.fileno(), message)
                with self._condition:
                    self._condition.wait_for(lambda: self._ended or self._latest)
                    waiting, self._latest = list(self._latest.values()), {}

    def _read(self) -> None:
        assert self._process.stdout is not None
        done = False
        for message in messages(self._process.stdout):
            done |= isinstance(message, (self._final_type, ProcessFailed))
            self._on_message(message)
        if not (done or self._ended):
            self._on_message(ProcessLost())


class PausableProcess(Generic[Message, Final]):
    """A process that works during `run` and is paused in between, so that it loses no work.

    Native code cannot be paused from inside, because seconds pass between two of its callbacks. A process
    can be paused at any moment. It sends messages of the type `Message`, and one of the type `Final` at its
    end.
    """

    def __init__(self, module: str, task: object, final_type: type[Final]) -> None:
        self._messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._final_type = final_type
        self._process = Process(module, task, self._messages.put, final_type, own_group=True)
        self._process.pause()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def post(self, message: object) -> None:
        """Send a message that the process reads once it runs; only the latest one counts."""
        self._process.post(message)

    def run(
        self, is_spent: Callable[[], bool], on_message: Callable[[Message], object] = lambda message: None
    ) -> Final | ProcessLost | None:
        """Let the process work until `is_spent()`; return its final message, or None if there is none yet.

        on_message   called with every other message, while the process is paused

        Returns `ProcessLost` if the process ended without a final message. Raises SolverRefusal or
        RuntimeError if its work raised an exception.
        """
        self._process.resume()
        try:
            while not is_spent():
                try:
                    message = self._messages.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    continue
                if isinstance(message, ProcessFailed):
                    raise (SolverRefusal if message.refused else RuntimeError)(message.text)
                if isinstance(message, (self._final_type, ProcessLost)):
                    return message
                self._process.pause()  # only one of the two processes works at a time
                on_message(message)
                self._process.resume()
        finally:
            self._process.pause()
        return None

    def end(self) -> None:
        """End the process at once."""
        self._process.end()


def connect() -> tuple[Callable[[object], None], Iterator[Any]]:
    """Return a function that sends a message to the parent process, and the messages from it.

    The function exits if the parent has ended, which the messages may show a moment later. What native code
    prints to standard output must not mix with messages, and goes to standard error.
    """
    out = os.dup(1)
    os.dup2(2, 1)

    def reply(message: object) -> None:
        try:
            send(out, message)
        except BrokenPipeError:
            os._exit(0)

    return reply, messages(sys.stdin.buffer)


def serve(
    task_type: type[Task], work: Callable[[Task, list[Any], Callable[[object], None]], None]
) -> NoReturn:
    """Take the task from standard input, work on it and exit; the `main` of such a process.

    work   called with the task, a list that holds the latest message after it until that is taken out, and a
           function that sends a message

    The process exits when standard input ends, even during its work.
    """
    if sys.platform == "linux":  # elsewhere SIGHUP ends an orphaned process group (`Process`)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    reply, inbox = connect()
    task = next(inbox, None)
    if isinstance(task, task_type):
        latest: list[Any] = []
        Thread(target=_listen, args=(inbox, latest), daemon=True).start()
        try:
            work(task, latest, reply)
        except Exception as error:
            refused = isinstance(error, SolverRefusal)
            reply(ProcessFailed(refused, str(error) if refused else f"{type(error).__name__}: {error}"))
    os._exit(0)


def _listen(inbox: Iterator[Any], latest: list[Any]) -> None:
    for message in inbox:
        latest[:] = [message]
    os._exit(0)


def send(pipe: int, message: object) -> None:
    """Write a whole message to a pipe."""
    data = memoryview(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
    while data:
        data = data[os.write(pipe, data) :]


def messages(pipe: IO[bytes]) -> Any:
    """Yield the messages of a pipe until its other end is closed; a truncated one is ignored."""
    with os.fdopen(pipe.fileno(), "rb", closefd=False) as stream, suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(stream)
