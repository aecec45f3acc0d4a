"""The same jobs on a Dask cluster, whatever started it (Slurm, Kubernetes, SSH): its workers run `execute`.

A worker's threads are its slots; each holds one child process. A worker that dies loses nothing: Dask gives
its jobs to others, its children end with it, and only this side stores records, by key. A job whose workers
die again and again becomes a "crashed" record. Workers see the model files under the same paths.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from diffpump.bench.plan import Job
from diffpump.bench.process import execute
from diffpump.bench.runner import GONE, Work
from diffpump.bench.store import Record
from diffpump.core.errors import DiffpumpError, UsageError
from diffpump.core.version import __version__

CONNECT_SECONDS = 10
HANDED_OUT = 2  # jobs for each slot: the next one lies there when one ends


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, Work, Callable[[], int]]]:
    """What `runner.Batch.run` needs, workers that join later included; UsageError when nobody answers."""
    try:
        from distributed import Client
        from distributed.comm import CommClosedError
    except ImportError:
        raise UsageError("--scheduler needs Dask: pip install 'diffpump[dask]'") from None
    for name in ["distributed", *logging.Logger.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":  # each has a level of its own
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said here, in one line
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"no Dask scheduler answers at {address}: {reason}") from None
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor, remote, lambda: HANDED_OUT * max(1, sum(client.nthreads().values()))
        except Exception as error:
            if isinstance(error, CommClosedError) or (
                client.status == "closed" and not isinstance(error, DiffpumpError)
            ):
                raise UsageError(GONE) from None  # it went while it was asked something
            raise
        finally:
            executor.shutdown(wait=False)


def remote(job: Job) -> Record | None:
    """`execute` on a worker, until nobody waits for it; UsageError there when its diffpump is another one."""
    if job.version != __version__:
        raise UsageError(f"a worker has diffpump {__version__}, this is {job.version}")
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks[worker.get_current_task()]
    return execute(job, worker.state.nthreads, lambda: task.state != "executing")  # cancelled: nobody waits
