"""`diffpump` as a command, under caps on time and memory, and what every ending of it must look like."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trial import Trial

COMMAND = [sys.executable, "-m", "diffpump"]
WATCH_SECONDS = 0.02  # between two looks at the memory of a process
KNOWN_CODES = (0, 2, 3, 4, 5, 6, 10, 11, 12, 130, 141, 143)


@dataclass(frozen=True)
class Done:
    """A command that has ended.

    code      its exit code; minus the signal that killed it
    seconds   wall seconds from its start to its end
    peak      peak resident memory in MB
    late      whether it was killed because it took too long
    """

    code: int
    out: str
    err: str
    seconds: float
    peak: float
    late: bool

    def json(self) -> dict[str, Any]:
        """Return the object on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def run(
    *args: str,
    cwd: Path,
    patience: float = 60.0,
    memory: int | None = None,
    env: dict[str, str] | None = None,
    stdin: bytes | None = None,
    before: Callable[[], None] | None = None,
    during: Callable[[subprocess.Popen[bytes]], None] | None = None,
    command: list[str] | None = None,
) -> Done:
    """Run `diffpump ARGS` in a folder and return how it ended.

    memory   address space in MB that it may use
    before   called in the process before the command starts
    during   called with the process while it runs
    """

    def prepare() -> None:
        if memory is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory << 20, memory << 20))
        if before is not None:
            before()

    began = time.monotonic()
    process = subprocess.Popen(
        [*(command or COMMAND), *args], cwd=cwd, env={**os.environ, **(env or {})}, preexec_fn=prepare,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    texts: dict[str, str] = {"out": "", "err": ""}
    readers = [
        threading.Thread(target=_gather, args=(pipe, texts, name), daemon=True)
        for name, pipe in (("out", process.stdout), ("err", process.stderr))
    ]
    for reader in readers:
        reader.start()
    # Not process.kill, which waits for the process itself and would take its resource usage away.
    killer = threading.Timer(patience, _kill, [process.pid])
    killer.start()
    ended, peaks = threading.Event(), [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, ended, peaks), daemon=True)
    watcher.start()
    try:
        if stdin is not None:
            assert process.stdin is not None
            with suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(stdin)
        if during is not None:
            during(process)
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        ended.set()
        late = killer.finished.is_set()
        killer.cancel()
    seconds = time.monotonic() - began
    process.returncode = code = os.waitstatus_to_exitcode(status)
    for reader in readers:
        reader.join(5)  # a process that it started may hold the pipe open
    watcher.join()
    return Done(code, texts["out"], texts["err"], seconds, peaks[0] or usage.ru_maxrss / 1024, late)


def _watch(pid: int, ended: threading.Event, peaks: list[float]) -> None:
    """Keep the peak resident memory of a process in MB, as Linux has it, until it ends.

    `wait4` has the memory of this process as well, which the other one shares until it starts its command.
    """
    while not ended.wait(WATCH_SECONDS):
        with suppress(OSError):  # it has ended, or there is no such file
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    peaks[0] = int(line.split()[1]) / 1024


def _gather(pipe: IO[bytes], texts: dict[str, str], name: str) -> None:
    with pipe:
        texts[name] = pipe.read().decode(errors="replace")


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def demand_orderly(trial: Trial, done: Done, codes: tuple[int, ...] = KNOWN_CODES) -> bool:
    """Demand an end in time, with a known exit code, without a traceback, errors being single lines."""
    last = done.err.strip().splitlines()[-1:] or ["nothing on standard error"]
    errors = [line for line in done.err.splitlines() if line.startswith("diffpump: error:")]
    return all([
        trial.demand(not done.late, f"no end within {done.seconds:.0f} s"),
        trial.demand(done.late or done.code in codes, f"exit code {done.code}: {last[0]}"),
        trial.demand("Traceback" not in done.err, f"a traceback: {last[0]}"),
        trial.demand(
            done.code not in (2, 3, 4) or len(errors) == 1, f"{len(errors)} error lines with code {done.code}"
        ),
    ])  # fmt: skip


def demand_proven(trial: Trial, model: Path, solution: Path) -> None:
    """Demand that a solution file reads back and is accepted by the exact check."""
    from diffpump.core.errors import DiffpumpError
    from diffpump.io.solution import verify_file

    try:
        accepted = verify_file(str(model), solution)[1].accepted
    except DiffpumpError as error:
        trial.demand(False, f"{solution.name} cannot be read: {error}")
    else:
        trial.demand(accepted, f"{solution.name} holds a point that the exact check refuses")


def demand_clean(trial: Trial, kept: set[str]) -> None:
    """Demand that the trial's folder holds no other files than these."""
    more = sorted({path.name for path in trial.folder.iterdir()} - kept)
    trial.demand(not more, f"left behind: {', '.join(more)}")
