"""The best solution so far on the disk, while the search goes on.

Every incumbent replaces the file in one step (`io.solution.write_solution`: written beside it, proven from
the disk, renamed), in a thread of its own, so that a run that is killed leaves its last one and a slow disk
holds up nobody. Of those that come while one is being written only the last is kept, and writing takes at
most a share of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread

from diffpump.core.arrays import Vector
from diffpump.core.errors import DiffpumpError
from diffpump.core.problem import Problem
from diffpump.io.solution import Values, write_solution
from diffpump.verify.check import Proof

PAUSE_SECONDS = 0.5  # at least, between two writes
SHARE = 0.2  # of the time that writing may take


class Keeper:
    """Keeps the last solution that it was given in a file; `verify` proves what was written.

    A write that fails does not end anything: the next solution is tried again, and the last one by `close`.
    """

    def __init__(self, path: str, problem: Problem, verify: Callable[[Values], Proof]) -> None:
        self.path = path
        self._problem, self._verify = problem, verify
        self._turn = Condition()
        self._next: tuple[Vector, float] | None = None
        self._last: tuple[Vector, float] | None = None
        self._error: Exception | None = None
        self._closed = self._told = False
        self._thread = Thread(target=self._work, daemon=True, name="diffpump-keeper")

    def put(self, x: Vector, objective: float) -> None:
        """A better solution, (n,), and its objective in the model's sense; x may not change any more."""
        with self._turn:
            self._next = x, objective
            self._turn.notify()
        if self._thread.ident is None:
            self._thread.start()

    def news(self) -> str | None:
        """Why a write failed, the first time that one did; None otherwise."""
        error = self._error
        if error is None or self._told:
            return None
        self._told = True
        return str(error)

    def close(self) -> DiffpumpError | None:
        """Write what is left. None when the last solution is in the file, or there was none; else why not."""
        with self._turn:
            self._closed = True
            self._turn.notify()
        if self._thread.ident is not None:
            self._thread.join()
        if self._error is not None:
            self._write()
        if self._error is None or isinstance(self._error, DiffpumpError):
            return self._error
        raise self._error

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._closed or self._next is not None)
                if self._next is None:
                    return
                self._last, self._next = self._next, None
            began = time.monotonic()
            self._write()
            pause = max(PAUSE_SECONDS, (time.monotonic() - began) * (1 / SHARE - 1))
            with self._turn:
                self._turn.wait_for(lambda: self._closed, pause)

    def _write(self) -> None:
        assert self._last is not None
        x, objective = self._last
        try:
            write_solution(self.path, self._problem, x, objective, self._verify)
            self._error = None
        except Exception as error:  # the search goes on; `close` tells, or raises what is a bug
            self._error = error
