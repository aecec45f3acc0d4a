"""Run the missing jobs, several at a time, and store each record as soon as it arrives.

`Executor` is the standard library's: local threads that supervise one child process each, or a Dask cluster
(`cluster.py`). If the disk is full, records wait in memory. Every further record triggers another attempt to
store them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from threading import Event

from diffpump.bench.plan import Job
from diffpump.bench.process import execute, lost_record
from diffpump.bench.store import Record, Store
from diffpump.core.errors import DiffpumpError, OutputError, UsageError

Work = Callable[[Job], Record | None]
TICK_SECONDS = 0.2  # the longest time between two calls of `Watcher.tick`
CLUSTER_LOST = "the connection to the Dask cluster is lost; run the same command again to continue"


class Watcher:
    """The progress callbacks of a batch; every method does nothing and may be overridden."""

    def finished(self, record: Record) -> None:
        """Receive the record of a job that has ended."""

    def waiting(self, error: OutputError, records: int) -> None:
        """Receive the error for which that many records wait in memory."""

    def tick(self) -> None:
        """Refresh a display; called at least every TICK_SECONDS."""


class Batch:
    """Runs jobs and stores their records."""

    def __init__(self, store: Store, watcher: Watcher, stop: Callable[[], bool]) -> None:
        self._store, self._watcher, self._stop = store, watcher, stop
        self._unstored: list[Record] = []

    def run(self, jobs: Iterable[Job], executor: Executor, work: Work, at_once: Callable[[], int]) -> None:
        """Run all jobs until they are done or `stop` returns true.

        executor   runs `work`
        work       runs one job and returns its record, or None if the job was stopped
        at_once    returns the number of jobs that may be submitted at the same time

        Raises OutputError if some records cannot be stored at the end; their jobs remain missing.
        """
        pending = iter(jobs)
        running: dict[Future[Record | None], Job] = {}
        while True:
            if self._stop():
                for future in running:
                    future.cancel()  # local jobs that already run poll `stop` themselves
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
        """Return a job's record, or None if the job was stopped and remains missing."""
        if future.cancelled():
            if self._stop():
                return None
            raise UsageError(CLUSTER_LOST)
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, DiffpumpError):
            raise error
        return lost_record(job, f"{type(error).__name__}: {error}")

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
        self._watcher.finished(record)  # after storing: a record that is reported is on the disk


def missing(store: Store, jobs: Iterable[Job], retry: Iterable[str] = ()) -> list[Job]:
    """Return the jobs without a record, and new attempts of those whose status is in `retry`."""
    records, retried, out = store.records(), set(retry), []
    for job in jobs:
        record = records.get(job.key)
        if record is None:
            out.append(job)
        elif record["status"] in retried:
            out.append(replace(job, attempt=record["attempt"] + 1))
    return out


@contextmanager
def local(jobs: int, stop: Callable[[], bool]) -> Iterator[tuple[Executor, Work]]:
    """Yield an executor and a work function that run up to `jobs` child processes on this machine.

    Leaving the block ends the processes that still run.
    """
    leaving = Event()

    def work(job: Job) -> Record | None:
        return execute(job, jobs, lambda: stop() or leaving.is_set())

    with ThreadPoolExecutor(jobs) as executor:
        try:
            yield executor, work
        finally:
            leaving.set()
