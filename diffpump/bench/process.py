"""One job from outside: its own process, held to its limits; a record comes back whatever happens to it."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from diffpump.bench.plan import FORMAT, Job
from diffpump.core.version import __version__

POLL_SECONDS = 0.1  # between looks at the memory; the end of a job is noticed sooner
FAMILY_SECONDS = 2.0  # between looks for processes that a job has started
STDERR_LINES = 20
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")}


def execute(
    job: Job, side_by_side: int = 1, stop: Callable[[], bool] = lambda: False
) -> dict[str, Any] | None:
    """Run a job in a process of its own; its record, or None when `stop` turned true before it ended.

    The process is killed, with all that it started, `limits.grace` seconds after its time limit and when its
    resident memory passes `limits.memory`.
    """
    started, before = datetime.now(UTC), time.monotonic()
    cause, peak = None, 0.0
    # What a killed solver leaves goes with its folder.
    with tempfile.TemporaryDirectory(prefix="diffpump-", ignore_cleanup_errors=True) as scratch:
        child = _Child(job, scratch)
        while not child.ended(POLL_SECONDS):
            memory = child.memory()
            peak = max(peak, memory)
            cause = _exceeded(job, time.monotonic() - before, memory)
            if cause or stop():
                child.kill()
                break
        child.wait()
    if cause is None and stop() and not child.output.endswith(b"\n"):
        return None
    record = child.record() or _killed(cause, child.returncode, child.errors, job)
    return {
        **_identity(job),
        **record,
        "rss_mb": max(peak, record.get("rss_mb") or 0.0) or None,
        "instance": {**record.get("instance", {}), **_instance(job)},
        "exit_code": child.returncode,
        "stderr": child.errors if record["status"] in ("crashed", "error", "memory") else None,
        "wall_seconds": time.monotonic() - before,
        "started": started.isoformat(timespec="seconds"),
        "host": {"name": platform.node(), "cpus": os.cpu_count(), "jobs": side_by_side},
    }


def lost(job: Job, why: str) -> dict[str, Any]:
    """The record of a job that took with it whoever watched it."""
    unknown = dict.fromkeys(("rss_mb", "exit_code", "stderr", "wall_seconds", "started", "host"))
    return {**_identity(job), **unknown, **ended("crashed", why), "instance": _instance(job)}


class _Child:
    """The job's process."""

    def __init__(self, job: Job, scratch: str) -> None:
        read_end, self._alive = os.pipe()  # the child ends when nobody holds this end any more
        self._process = subprocess.Popen(
            [sys.executable, "-m", "diffpump.bench.child"],
            stdin=read_end, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, env={**os.environ, **_ONE_THREAD, "TMPDIR": scratch},
        )  # fmt: skip
        os.close(read_end)
        self.output, self.errors = b"", ""
        self._family: list[Any] = []  # psutil processes
        self._look_again = 0.0
        with suppress(BrokenPipeError):  # it has died already: there will be no record
            os.write(self._alive, json.dumps({**job.as_dict(), "spawned": time.time()}).encode() + b"\n")

    @property
    def returncode(self) -> int | None:
        """Negative for a signal."""
        return self._process.returncode

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, after waiting for so long at most."""
        try:
            self.output, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            if self._process.poll() is not None:  # what it started holds its output open
                self._kill_group()
            return False
        self.errors = "\n".join(errors.decode(errors="replace").splitlines()[-STDERR_LINES:])
        return True

    def wait(self) -> None:
        """Wait for the end and for whatever the process started."""
        while not self.ended(1.0):
            pass
        os.close(self._alive)
        self._kill_group()

    def kill(self) -> None:
        """End it, and all that it started, now."""
        self._kill_group()
        self._process.kill()

    def _kill_group(self) -> None:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def memory(self) -> float:
        """Resident MB of the process and of what it started."""
        import psutil

        total = 0.0
        with suppress(psutil.Error):
            if time.monotonic() >= self._look_again:  # for what it started: that takes milliseconds
                self._look_again = time.monotonic() + FAMILY_SECONDS
                process = psutil.Process(self._process.pid)
                self._family = [process, *process.children(recursive=True)]
        for member in self._family:
            with suppress(psutil.Error):
                total += member.memory_info().rss / 2**20
        return total

    def record(self) -> dict[str, Any] | None:
        """What the process wrote, if it came to that."""
        if not self.output.endswith(b"\n"):
            return None
        record: dict[str, Any] = json.loads(self.output)
        return record


def _exceeded(job: Job, seconds: float, memory: float) -> str | None:
    """The limit that was passed, if one was."""
    limit = job.setting.config["time_limit"]
    if limit is not None and seconds > limit + job.limits.grace:
        return "timeout"
    if job.limits.memory is not None and memory > job.limits.memory:
        return "memory"
    return None


def _killed(cause: str | None, returncode: int | None, errors: str, job: Job) -> dict[str, Any]:
    """The record of a process that did not come to write one."""
    if cause == "timeout":
        limit = job.setting.config["time_limit"]
        message = f"killed {job.limits.grace:g} s after its time limit of {limit:g} s"
    elif cause == "memory":
        message = f"killed at its memory limit of {job.limits.memory:g} MB"
    elif returncode is not None and returncode < 0:
        message = f"killed by {signal.Signals(-returncode).name}"
        if returncode == -9:
            message += " (by hand, or by the system for want of memory)"
    else:
        last = errors.splitlines()[-1] if errors else "no message"
        message = f"ended with exit code {returncode}: {last}"
    return ended(cause or "crashed", message)


def ended(status: str, message: str) -> dict[str, Any]:
    return {"status": status, "message": message, "found": False, "incumbents": []}


def _identity(job: Job) -> dict[str, Any]:
    setting = job.setting
    return {
        "format": FORMAT, "key": job.key, "attempt": job.attempt, "seed": job.seed,
        "solver": setting.solver, "label": setting.label,
        "config": dict(setting.config), "config_digest": setting.digest,
        "versions": {"diffpump": __version__, "python": platform.python_version()},
        "limits": {
            "time": setting.config["time_limit"],
            "memory": job.limits.memory,
            "stop": setting.config.get("stop") or setting.config.get("until", "first"),
        },
    }  # fmt: skip


def _instance(job: Job) -> dict[str, Any]:
    return {"name": job.name, "path": job.path, "sha256": job.sha256}
