"""One job in its own process: `python -m diffpump.bench.child` reads the job from standard input.

The record is written to the original standard output. File descriptor 1 is redirected to standard error
before the job runs, so that the output of native code cannot mix with the record. The parent keeps this
process's standard input open while it lives. When standard input ends, this process and its children are
killed. That watch starts before any large import, which is why large modules are imported inside functions.
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
    """Read the job, run it, write its record and exit.

    The job's clock starts here, so that the job's time includes the imports.
    """
    began, now = time.monotonic(), time.time()
    job = json.loads(sys.stdin.buffer.readline())
    die_with_parent()
    from diffpump.bench.plan import expand_path
    from diffpump.outcome.record import dumps

    out = os.dup(1)
    os.dup2(2, 1)
    record = run({**job, "path": expand_path(job["path"])}, lambda: time.monotonic() - began)
    record["seconds"] = {**record.get("seconds", {}), "startup": max(0.0, now - job["spawned"])}
    data = memoryview((dumps({**record, **_resources_used()}) + "\n").encode())
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)  # an LP solve that ignored its limits may still be running in a thread


def run(job: dict[str, Any], elapsed: Callable[[], float]) -> dict[str, Any]:
    """Return the job's record, as far as its own process can know it.

    Exceptions become records with the status "refused", "memory" or "error".

    job       the plain values of `plan.Job.as_dict`
    elapsed   returns the seconds since the job began
    """
    from diffpump.bench.process import unsolved
    from diffpump.core.errors import InputError, TimeLimitError

    setting, path = job["setting"], job["path"]
    try:
        if setting["solver"] == "diffpump":
            return _ours(path, setting["config"], job["seed"], elapsed)
        from diffpump.bench import peers
        from diffpump.bench.plan import NATIVE_READER

        config = setting["config"]
        return peers.run(
            config["solver"], path, job["seed"], time_limit=config["time_limit"],
            stop=config["stop"], threads=config["threads"], elapsed=elapsed,
            reader=config.get("reader", NATIVE_READER),  # without: planned when peers read files themselves
        )  # fmt: skip
    except InputError as error:
        return unsolved("refused", str(error))
    except TimeLimitError as error:
        return unsolved(error.status, str(error))
    except MemoryError:
        return unsolved("memory", "out of memory")
    except Exception as error:
        traceback.print_exc()
        return unsolved("error", f"{type(error).__name__}: {error}")


def _ours(path: str, settings: dict[str, Any], seed: int, elapsed: Callable[[], float]) -> dict[str, Any]:
    from diffpump.search.launch import member_ahead

    with member_ahead(settings.get("threads")):
        return _our_record(path, settings, seed, elapsed)


def _our_record(
    path: str, settings: dict[str, Any], seed: int, elapsed: Callable[[], float]
) -> dict[str, Any]:
    from diffpump.api import configuration_from, run
    from diffpump.core.limits import RunLimits, reading_check
    from diffpump.io.read import read
    from diffpump.outcome.record import result_record
    from diffpump.outcome.run import RunSetup

    config, started = configuration_from(settings), time.monotonic() - elapsed()
    read_began = elapsed()
    problem = read(path, reading_check(config.time_limit, started))
    ready = elapsed()
    deadline = None if config.time_limit is None else started + config.time_limit
    setup = RunSetup(problem, seed, RunLimits(deadline), started, read_seconds=ready - read_began)
    record = result_record(result := run(setup, config))
    unproven = record["status"] == "unproven"
    return {
        **record,
        "claimed": {
            "found": result.found or unproven,
            "objective": result.objective,
            "violation": None if unproven or result.violation is None else result.violation.worst,
        },
        "seconds": {**record["seconds"], "ready": ready, "handover": None},
        "incumbents": [{**point, "verified": True, "violation": None} for point in record["incumbents"]],
        "bound": None,
        "nodes": None,
    }


def _resources_used() -> dict[str, float]:
    """Return the CPU seconds and the largest resident size (MB) of this process and its children."""
    if sys.platform == "win32":
        return {}
    import resource

    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    units_per_mb = 1024**2 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return {
        "cpu_seconds": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "rss_mb": max(own.ru_maxrss, children.ru_maxrss) / units_per_mb,
    }


def die_with_parent() -> None:
    """Kill this process group once standard input ends, which happens when the parent ends."""
    Thread(target=_kill_group_at_end_of_input, daemon=True).start()
    if sys.platform == "win32":
        return
    import fcntl

    # The thread needs the GIL, which native code may never release; SIGIO ends the group without it.
    with suppress(OSError):
        fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _kill_group_at_end_of_input() -> None:
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
