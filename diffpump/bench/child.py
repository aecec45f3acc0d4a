"""One job inside its own process: `python -m diffpump.bench.child`, the job on standard input.

The record goes to what was standard output when the process began; from then on everything that native code
prints there goes to standard error. Standard input stays open as long as the process that started this one
lives: when it ends, this process and all that it started end too. That is seen to before anything large is
imported, so large things are imported where they are used.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any


def main() -> None:
    """Read the job, run it, write its record, leave. The clock runs from here: imports are the job's."""
    began, now = time.monotonic(), time.time()
    job = json.loads(sys.stdin.buffer.readline())
    die_with_parent()
    from diffpump.bench.plan import located
    from diffpump.outcome.record import dumps

    out = os.dup(1)
    os.dup2(2, 1)
    record = run({**job, "path": located(job["path"])}, lambda: time.monotonic() - began)
    record["seconds"] = {**record.get("seconds", {}), "startup": max(0.0, now - job["spawned"])}
    data = memoryview((dumps({**record, **_used()}) + "\n").encode())
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)  # an LP that did not end when told to may still be running in its thread


def run(job: dict[str, Any], elapsed: Callable[[], float]) -> dict[str, Any]:
    """The job's record as far as its own process knows it; what goes wrong is a record too."""
    from diffpump.bench.process import ended
    from diffpump.core.errors import InputError

    setting, path = job["setting"], job["path"]
    try:
        if setting["solver"] == "diffpump":
            return _ours(path, setting["config"], job["seed"], elapsed)
        from diffpump.bench import peers

        config = setting["config"]
        return peers.run(
            config["solver"], path, job["seed"], time_limit=config["time_limit"],
            stop=config["stop"], threads=config["threads"], elapsed=elapsed,
        )  # fmt: skip
    except InputError as error:
        return ended("refused", str(error))
    except MemoryError:
        return ended("memory", "out of memory")
    except Exception as error:
        traceback.print_exc()
        return ended("error", f"{type(error).__name__}: {error}")


def _ours(path: str, settings: dict[str, Any], seed: int, elapsed: Callable[[], float]) -> dict[str, Any]:
    from diffpump.api import search, settled_of
    from diffpump.core.limits import Clock
    from diffpump.io.read import read
    from diffpump.outcome.record import result_record

    config, started = settled_of(settings), time.monotonic() - elapsed()
    before = elapsed()
    problem = read(path)
    ready = elapsed()
    deadline = None if config.time_limit is None else started + config.time_limit
    result = search(
        problem, config, seed, Clock(deadline), started=started, read_seconds=ready - before
    )  # fmt: skip
    record = result_record(result)
    unproven = record["status"] == "unproven"
    return {
        **record,
        "claimed": {
            "found": result.found or unproven,
            "objective": result.objective,
            "violation": None if unproven or result.violation is None else result.violation.worst,
        },
        "seconds": {**record["seconds"], "ready": ready},
        "incumbents": [{**point, "verified": True, "violation": None} for point in record["incumbents"]],
        "bound": None,
        "nodes": None,
    }


def _used() -> dict[str, float]:
    """CPU seconds and the largest resident size of this process and what it started."""
    if sys.platform == "win32":
        return {}
    import resource

    own, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1024**2 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return {
        "cpu_seconds": own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime,
        "rss_mb": max(own.ru_maxrss, below.ru_maxrss) / unit,
    }


def die_with_parent() -> None:
    """End this process group when standard input ends, which is when the parent does."""
    Thread(target=_wait_for_the_end, daemon=True).start()
    if sys.platform == "win32":
        return
    import fcntl

    with suppress(OSError):  # SIGIO from the system: native code may hold the lock that the thread needs
        fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _wait_for_the_end() -> None:
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
