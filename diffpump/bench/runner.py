"""The jobs that are missing, several at a time; each record is stored as soon as it is there.

`Executor` is the standard library's: threads here, each watching one child process, or a Dask cluster
(`cluster.py`). A disk that is full costs nothing while the run lasts: records wait in memory and are offered
again with every further one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from threading import Event

from diffpump.bench.plan import Job
from diffpump.bench.process import execute, lost
from diffpump.bench.store import Record, Store
from diffpump.core.errors import DiffpumpError, OutputError, UsageError

Work = Callable[[Job], Record | None]
TICK_SECONDS = 0.2
GONE = "the cluster has gone away; the same command goes on where this ended"


class Watcher:
    """What a run tells while it goes on; every method may be overridden."""

    def finished(self, record: Record) -> None:
        """A job's record has come."""

    def waiting(self, error: OutputError, records: int) -> None:
        """Records could not be stored and wait in memory."""

    def tick(self) -> None:
        """Called several times a second."""


class Batch:
    """Runs jobs and stores their records."""

    def __init__(self, store: Store, watcher: Watcher, stop: Callable[[], bool]) -> None:
        self._store, self._watcher, self._stop = store, watcher, stop
        self._unstored: list[Record] = []

    def run(self, jobs: Iterable[Job], executor: Executor, work: Work, at_once: Callable[[], int]) -> None:
        """All jobs, `at_once()` of them handed out at a time, until done or told to stop.

        OutputError when, at the end, records could not be stored; their jobs are still missing.
        """
        pending = iter(jobs)
        running: dict[Future[Record | None], Job] = {}
        while True:
            if self._stop():
                for future in running:
                    future.cancel()  # those that run here have heard of it themselves
            else:
                for job in islice(pending, max(0, at_once() - len(running))):
                    running[executor.submit(work, job)] = job
            if not running:
                break
            done, _ = wait(running, TICK_SECONDS, FIRST_COMPLETED)
            for future in done:
                self._take(self._outcome(future, running.pop(future)))
            self._watcher.tick()
        if self._unstored:
            self._store.add(self._unstored)

    def _outcome(self, future: Future[Record | None], job: Job) -> Record | None:
        """A job's record; None when it was stopped, and stays missing."""
        if future.cancelled():
            if self._stop():
                return None
            raise UsageError(GONE)
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, DiffpumpError):
            raise error
        return lost(job, f"{type(error).__name__}: {error}")

    def _take(self, record: Record | None) -> None:
        if record is None:
            return
        self._unstored.append(record)
        try:
            self._store.add(self._unstored)
        except OutputError as error:
            self._watcher.waiting(error, len(self._unstored))
        else:
            self._unstored.clear()
        self._watcher.finished(record)  # what is told is stored


def missing(store: Store, jobs: Iterable[Job], retry: Iterable[str] = ()) -> list[Job]:
    """The jobs without a record, and, as another attempt, those whose status is to be tried again."""
    records, again, out = store.records(), set(retry), []
    for job in jobs:
        record = records.get(job.key)
        if record is None:
            out.append(job)
        elif record["status"] in again:
            out.append(replace(job, attempt=record["attempt"] + 1))
    return out


@contextmanager
def local(jobs: int, stop: Callable[[], bool]) -> Iterator[tuple[Executor, Work]]:
    """This machine: so many child processes side by side; leaving ends those that still run."""
    leaving = Event()

    def work(job: Job) -> Record | None:
        return execute(job, jobs, lambda: stop() or leaving.is_set())

    with ThreadPoolExecutor(jobs) as executor:
        try:
            yield executor, work
        finally:
            leaving.set()
