"""Jobs on a Dask cluster, however it was started (Slurm, Kubernetes, SSH): its workers call `execute`.

Each thread of a worker is a slot for one child process. If a worker dies, no job is lost: Dask reassigns its
jobs, its child processes end with it, and only the client stores records, by key. A job whose workers die
repeatedly gets a "crashed" record. Workers must see the model files under the same paths as the client.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from diffpump.bench.plan import Job
from diffpump.bench.process import execute
from diffpump.bench.runner import CLUSTER_LOST, Work
from diffpump.bench.store import Record
from diffpump.core.errors import DiffpumpError, UsageError
from diffpump.core.version import __version__

CONNECT_SECONDS = 10  # for the connection to the scheduler
JOBS_PER_SLOT = 2  # submitted: a slot whose job ends begins the next one at once


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, Work, Callable[[], int]]]:
    """Yield the executor, the work function and the slot count that `runner.Batch.run` needs.

    address   of the Dask scheduler, such as tcp://host:8786

    The slot count includes workers that join later. Raises UsageError if Dask is not installed, if no
    scheduler answers, or if the connection is lost.
    """
    try:
        from distributed import Client
        from distributed.comm import CommClosedError
    except ImportError:
        raise UsageError("--scheduler needs Dask: pip install 'diffpump[dask]'") from None
    for name in ["distributed", *logging.Logger.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":  # every one of these loggers has its own level
            logging.getLogger(name).setLevel(logging.CRITICAL)  # errors are reported here, in one line
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"no Dask scheduler answers at {address}: {reason}") from None
    with client:
        executor = client.get_executor(pure=False)
        try:
            yield executor, remote, lambda: JOBS_PER_SLOT * max(1, sum(client.nthreads().values()))
        except Exception as error:
            if isinstance(error, CommClosedError) or (
                client.status == "closed" and not isinstance(error, DiffpumpError)
            ):
                raise UsageError(CLUSTER_LOST) from None  # the connection broke during a request
            raise
        finally:
            executor.shutdown(wait=False)


def remote(job: Job) -> Record | None:
    """Run a job on a worker and return its record, or None if the client has cancelled it.

    Raises UsageError if the worker has another version of diffpump.
    """
    if job.version != __version__:
        raise UsageError(
            f"a worker has diffpump {__version__}, the client {job.version}; install the same version on both"
        )
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks[worker.get_current_task()]
    return execute(job, worker.state.nthreads, lambda: task.state != "executing")  # true once cancelled
