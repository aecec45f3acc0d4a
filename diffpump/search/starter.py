"""Starts the processes of a parallel search one after another, in a thread.

Each process needs a core for about 0.7 s before it is at work. If all begin at once, they take the cores from
the search: with 63 on 2 cores a run with a limit of 1 s took 18 s. So the next one starts when the one before
is at work, and only while there is enough time and memory for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread

from diffpump.core.machine import available_memory, resident_memory
from diffpump.search.process import END_SECONDS, Process

START_SECONDS = (
    0.7  # until the first process is at work; each next one is expected to take as long as the last
)
MIN_TIME_FACTOR = 2.0  # a process starts if it can then work at least as long as it took to start
MEMORY_FACTOR = 4  # a process, with those that it starts for LPs and MIPs, needs this many times our memory


class Starter:
    """Starts processes until `end` or `stop` is called or no more of them fit.

    start     starts the process with a number, from 1, and returns it
    count     the largest number
    deadline  when the run ends (time.monotonic); None for no limit
    refused   called if the system does not start a process; no other one is tried then

    started   the processes so far
    """

    def __init__(
        self,
        start: Callable[[int], Process],
        count: int,
        deadline: float | None,
        refused: Callable[[], None],
    ) -> None:
        self._start, self._count, self._deadline, self._refused = start, count, deadline, refused
        self._memory = available_memory()
        self._condition, self._at_work, self._stopped = Condition(), 0, False
        self.started: list[Process] = []
        self._thread = Thread(target=self._work, daemon=True, name="diffpump-starter")

    def begin(self) -> None:
        """Begin to start processes."""
        self._thread.start()

    @property
    def is_starting(self) -> bool:
        """Whether another process may still be started."""
        return self._thread.is_alive()

    def count_at_work(self) -> None:
        """Count a process that is at work now, so that the next one starts."""
        with self._condition:
            self._at_work += 1
            self._condition.notify()

    def stop(self) -> None:
        """Start no more processes."""
        with self._condition:
            self._stopped = True
            self._condition.notify()

    def end(self) -> None:
        """Start no more processes, and end those that run."""
        self.stop()
        self._thread.join()
        for process in self.started:
            process.kill()  # all at once, since each one that still works slows down the end of the others
        last = time.monotonic() + END_SECONDS
        for process in self.started:
            process.end(max(0.0, last - time.monotonic()))

    def _work(self) -> None:
        seconds = START_SECONDS
        for number in range(1, self._count + 1):
            began = time.monotonic()
            if self._stopped or not (self._has_time(seconds) and self._has_memory(number)):
                return
            try:
                self.started.append(self._start(number))
            except OSError:
                return self._refused()
            with self._condition:
                while not self._stopped and self._at_work < number:
                    self._condition.wait()
            seconds = time.monotonic() - began

    def _has_time(self, seconds: float) -> bool:
        """Return whether the run lasts long enough for a process that takes so long to start."""
        return self._deadline is None or self._deadline - time.monotonic() >= MIN_TIME_FACTOR * seconds

    def _has_memory(self, number: int) -> bool:
        """Return whether the memory that was free at the beginning holds `number` processes."""
        size = resident_memory()
        return self._memory is None or size is None or number * MEMORY_FACTOR * size <= self._memory
