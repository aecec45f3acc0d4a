"""A child process that answers JSON lines, under a time and a memory cap; it is replaced when it dies.

The trials of the table and the other solvers run in such processes, since whatever is tried may hang, crash,
or take all memory.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

PATIENCE_AT_START = 60.0  # seconds in which a child must have imported its modules


class Ended(Exception):
    """Raised if a child did not answer; the text says why."""


class Child:
    """A process that runs `command`, reads a JSON object from each line, and answers each by one.

    memory   the most address space that it may use, in MB
    """

    def __init__(self, command: list[str], memory: int) -> None:
        self._command, self._memory = command, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Return the answer. Raises `Ended`, after which the next question gets a new process."""
        try:
            if self._process is None:
                self._start()
                self._line(PATIENCE_AT_START)  # it says that it is ready
            assert self._process is not None and self._process.stdin is not None
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._line(seconds))
            return answer
        except BrokenPipeError:
            raise Ended(self._end()) from None
        except Ended:
            self.close()
            raise

    def _start(self) -> None:
        self._buffer = b""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        if hasattr(resource, "prlimit"):
            cap = self._memory << 20
            resource.prlimit(self._process.pid, resource.RLIMIT_AS, (cap, cap))

    def _line(self, seconds: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        deadline, pipe = time.monotonic() + seconds, self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.close()
                raise Ended(f"no end within {seconds:g} s")
            piece = os.read(pipe, 1 << 16)
            if not piece:
                raise Ended(self._end())
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _end(self) -> str:
        """Return how the process ended."""
        assert self._process is not None
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def close(self) -> None:
        """Kill the process and everything in its session."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()
        self._process = None


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer the lines of standard input until it ends; the `main` of a child.

    Whatever else is printed goes to standard error, so that it cannot mix with the answers.
    """
    out = os.dup(1)
    os.dup2(2, 1)
    sys.stdout.flush()
    os.write(out, b"ready\n")
    for line in sys.stdin.buffer:
        os.write(out, json.dumps(work(json.loads(line))).encode() + b"\n")
