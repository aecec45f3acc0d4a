"""Writes the best solution so far to a file while the search continues.

Every incumbent replaces the file in one step: `io.solution.write_solution` writes it under a temporary name,
reads it back, checks it exactly and renames it. A run that is killed leaves its last solution in the file.
Writing happens in a separate thread, so that a slow disk does not delay the search. Of several incumbents
that arrive during a write only the last is written, and writing takes at most a share of the time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread

from diffpump.core.arrays import Vector
from diffpump.core.errors import DiffpumpError
from diffpump.core.problem import Problem
from diffpump.io.solution import check_names, write_solution
from diffpump.io.solution_file import Values
from diffpump.verify.check import Proof

MIN_PAUSE_SECONDS = 0.5  # shortest pause between two writes
MAX_WRITE_SHARE = 0.2  # share of the time that writing may take


class Keeper:
    """Keeps the last solution that `put` was called with in a file; `verify` checks the written file exactly.

    A write that fails does not end the run: the next solution is written as usual, and `close` tries the last
    one again. UsageError is raised at once for a column name that the file's format cannot hold, since no
    solution could be written after the search.
    """

    def __init__(self, path: str, problem: Problem, verify: Callable[[Values], Proof]) -> None:
        check_names(path, problem)
        self.path = path
        self._problem, self._verify = problem, verify
        self._turn = Condition()
        self._next: tuple[Vector, float] | None = None
        self._last: tuple[Vector, float] | None = None
        self._error: Exception | None = None
        self._closed = self._reported = False
        self._thread = Thread(target=self._work, daemon=True, name="diffpump-keeper")

    def put(self, x: Vector, objective: float) -> None:
        """Write a better solution x (n,) with its objective in the model's sense as soon as possible.

        The caller must not change x any more.
        """
        with self._turn:
            self._next = x, objective
            self._turn.notify()
        if self._thread.ident is None:
            self._thread.start()

    def first_failure(self) -> str | None:
        """Return why a write failed, once in a run; None otherwise."""
        error = self._error
        if error is None or self._reported:
            return None
        self._reported = True
        return str(error)

    def close(self) -> DiffpumpError | None:
        """Finish writing, and return the error if the last solution could not be written, else None."""
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
            pause = max(MIN_PAUSE_SECONDS, (time.monotonic() - began) * (1 / MAX_WRITE_SHARE - 1))
            with self._turn:
                self._turn.wait_for(lambda: self._closed, pause)

    def _write(self) -> None:
        assert self._last is not None
        x, objective = self._last
        try:
            write_solution(self.path, self._problem, x, objective, self._verify)
            self._error = None
        except Exception as error:  # the search continues; `close` returns the error, or raises a bug
            self._error = error
