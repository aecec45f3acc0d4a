"""The parent's side of one job: start its process, enforce its limits, and always return a record."""

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

POLL_SECONDS = 0.1  # between two memory measurements; the end of a job is noticed sooner
CHILD_SCAN_SECONDS = 2.0  # between two searches for processes that a job has started
STDERR_LINES = 20  # the last lines of standard error that a record keeps
_ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")}


def execute(
    job: Job, side_by_side: int = 1, stop: Callable[[], bool] = lambda: False
) -> dict[str, Any] | None:
    """Run a job in its own process and return its record, or None if `stop` became true before the end.

    The process and its children are killed `limits.grace` seconds after the time limit, or once their
    resident memory exceeds `limits.memory`.

    side_by_side   how many jobs run on this machine at the same time, for the record
    stop           polled every POLL_SECONDS
    """
    started, before = datetime.now(UTC), time.monotonic()
    cause, peak = None, 0.0
    # The temporary files of a killed solver are removed with this folder.
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


def lost_record(job: Job, why: str) -> dict[str, Any]:
    """Return a "crashed" record of a job whose supervising process or worker died."""
    unknown = dict.fromkeys(("rss_mb", "exit_code", "stderr", "wall_seconds", "started", "host"))
    return {**_identity(job), **unknown, **unsolved("crashed", why), "instance": _instance(job)}


class _Child:
    """The process of a job.

    output   its standard output: the record as one line
    errors   the last lines of its standard error
    """

    def __init__(self, job: Job, scratch: str) -> None:
        read_end, self._alive = os.pipe()  # the child exits once this end is closed
        self._process = subprocess.Popen(
            [sys.executable, "-m", "diffpump.bench.child"],
            stdin=read_end, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True, env={**os.environ, **_ONE_THREAD, "TMPDIR": scratch},
        )  # fmt: skip
        os.close(read_end)
        self.output, self.errors = b"", ""
        self._processes: list[Any] = []  # psutil.Process of the child and its descendants
        self._next_scan = 0.0  # time.monotonic()
        with suppress(BrokenPipeError):  # the child has already died and will write no record
            os.write(self._alive, json.dumps({**job.as_dict(), "spawned": time.time()}).encode() + b"\n")

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while the process runs."""
        return self._process.returncode

    def ended(self, seconds: float) -> bool:
        """Wait for at most `seconds` and return whether the process has ended."""
        try:
            self.output, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            if self._process.poll() is not None:  # it has ended, but its children hold its output open
                self._kill_group()
            return False
        self.errors = "\n".join(errors.decode(errors="replace").splitlines()[-STDERR_LINES:])
        return True

    def wait(self) -> None:
        """Wait for the end of the process, then kill its remaining children."""
        while not self.ended(1.0):
            pass
        os.close(self._alive)
        self._kill_group()

    def kill(self) -> None:
        """Kill the process and its children."""
        self._kill_group()
        self._process.kill()

    def _kill_group(self) -> None:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def memory(self) -> float:
        """Return the resident memory of the process and its descendants in MB."""
        import psutil

        total = 0.0
        with suppress(psutil.Error):
            if time.monotonic() >= self._next_scan:  # a scan for descendants takes milliseconds
                self._next_scan = time.monotonic() + CHILD_SCAN_SECONDS
                process = psutil.Process(self._process.pid)
                self._processes = [process, *process.children(recursive=True)]
        for member in self._processes:
            with suppress(psutil.Error):
                total += member.memory_info().rss / 2**20
        return total

    def record(self) -> dict[str, Any] | None:
        """Return the record that the process wrote, or None if it wrote none."""
        if not self.output.endswith(b"\n"):
            return None
        record: dict[str, Any] = json.loads(self.output)
        return record


def _exceeded(job: Job, seconds: float, memory: float) -> str | None:
    """Return the status of the limit that the job exceeds ("timeout" or "memory"), or None."""
    limit = job.setting.config["time_limit"]
    if limit is not None and seconds > limit + job.limits.grace:
        return "timeout"
    if job.limits.memory is not None and memory > job.limits.memory:
        return "memory"
    return None


def _killed(cause: str | None, returncode: int | None, errors: str, job: Job) -> dict[str, Any]:
    """Return the record of a process that ended without writing one."""
    if cause == "timeout":
        limit = job.setting.config["time_limit"]
        message = f"killed {job.limits.grace:g} s after its time limit of {limit:g} s"
    elif cause == "memory":
        message = f"killed at its memory limit of {job.limits.memory:g} MB"
    elif returncode is not None and returncode < 0:
        message = f"killed by {signal.Signals(-returncode).name}"
        if returncode == -9:
            message += " (by a user, or by the operating system because it ran out of memory)"
    else:
        last = errors.splitlines()[-1] if errors else "no message"
        message = f"ended with exit code {returncode}: {last}"
    return unsolved(cause or "crashed", message)


def unsolved(status: str, message: str) -> dict[str, Any]:
    """Return the fields that the record of a run without a solution always has."""
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
