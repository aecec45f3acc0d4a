"""CBC: COIN-OR's branch and cut with its defaults, the `cbc` on the PATH or else the binary inside PuLP.

    -timeMode elapsed -sec         the rest of the job's time at the start of CBC; reading counts
    -randomSeed, -randomCbcSeed    the seed of the run plus one, because 0 would mean the time of day
    -maxSolutions 1                to end at the first solution in the log; the feasibility pump at the root
                                   has improved its own solution before, and postprocessing may improve it
    -threads                       if more than one is requested

CBC runs as a subprocess in this process's group. Incumbents are read from its log and timed when their line
arrives; only the values of the last one are available. They come from two files: the text file has the names
but only 8 digits, the binary file has every digit. After the time limit CBC gets SIGINT, which makes it stop
and write its solution; if it continues, it is killed.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from threading import Timer

import numpy as np

from diffpump.bench.peers.cbc_model import Variant, variants
from diffpump.bench.peers.task import PEERS, SEED_LIMIT, Incumbents, Outcome, Task
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.status import Status

# PuLP's folders of binaries, by platform.machine() and by sys.platform.
_FOLDERS = {"x86_64": ("i64", "64"), "amd64": ("i64", "64"), "aarch64": ("arm64",), "arm64": ("arm64", "i64")}
_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}
# Seconds after the time limit until SIGINT and until SIGKILL; a run may exceed its limit by 2 seconds.
_INTERRUPT_SECONDS, _KILL_SECONDS = 0.5, 1.8

_FOUND = re.compile(r"Cbc00(?:04|12|16)I Integer solution of (\S+) found")
_HEADER = "iid"  # the struct format of the binary file's header: rows, columns, objective
_SOLVING = re.compile(r"^(?:Continuous objective value|Problem|Presolve) ")
_ERRORS = re.compile(r"There were -?\d+ errors on input")
_END = re.compile(
    r"Cbc00\d\dI .*best objective ([^ ,]+)(?: \(best possible ([^ )]+)\))?,"
    r" took (\d+) iterations and (\d+) nodes"
)
_STATUS = {
    "infeasible": Status.INFEASIBLE,
    "unbounded": Status.UNBOUNDED,
    "stopped": Status.TIME_LIMIT,
    "ctrl-c": Status.TIME_LIMIT,  # the SIGINT after the time limit
    "killed": Status.TIME_LIMIT,
}


@PEERS.register("cbc", help="CBC, branch and cut, its defaults", extra="peers", modules=("pulp",))
class Cbc:
    """CBC as a `Peer`, through its binary, which takes only files."""

    gzip = False  # builds without zlib crash on .gz files

    def missing(self) -> str | None:
        """Return None if there is a binary."""
        if _binary():
            return None
        return "pip install pulp, which contains a binary, or put cbc on the PATH"

    def versions(self) -> dict[str, str]:
        """Return the version that the binary reports."""
        printed = subprocess.run(
            [str(_binary()), "-quit"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
        ).stdout
        found = re.search(r"Version: *(\S+)", printed)
        return {"cbc": found[1] if found else "unknown"}

    def run(self, task: Task) -> Outcome:
        """Read the file and search in a subprocess; if CBC misreads the file, try its next variant."""
        with tempfile.TemporaryDirectory(prefix="diffpump-") as name:
            folder = Path(name)
            for model in variants(Path(task.path), folder):
                log = _Log(Incumbents(task), task.elapsed(), -1.0 if model.maximise else 1.0)
                for line in _solve(task, model, folder):
                    log.line(line, task.elapsed())
                if not log.misread:
                    return _outcome(log, folder, late=task.left() == 0)
        raise InputError("CBC's reader refuses the file", task.path)


@dataclass
class _Log:
    """The content of CBC's log so far.

    sign     -1 for a maximisation, since CBC minimises the negated objective, else 1
    misread  whether CBC reported errors in the file
    read     when the model was read, on the job's clock; 0 before
    bound    the dual bound in the model's own sense
    words    the result in CBC's words, in lower case
    """

    incumbents: Incumbents
    began: float
    sign: float
    misread: bool = False
    read: float = 0.0
    bound: float | None = None
    nodes: int | None = None
    iterations: int | None = None
    words: str = ""

    def line(self, line: str, now: float) -> None:
        """Parse a line of the log that arrived at `now` on the job's clock."""
        if found := _FOUND.search(line):
            self.incumbents.add(self.sign * float(found[1]), seconds=now)
        elif not self.read and _SOLVING.match(line):
            self.read = now
        elif found := _END.search(line):
            self.bound = self.sign * float(found[2] or found[1])
            self.iterations, self.nodes = int(found[3]), int(found[4])
        elif line.startswith("Result - "):
            self.words = line.removeprefix("Result - ").strip().lower()
        self.misread = self.misread or _ERRORS.search(line) is not None


def _solve(task: Task, model: Variant, folder: Path) -> Iterator[str]:
    """Run CBC and yield the lines of its log as they arrive; its solution files are in the folder then."""
    seed = str(task.seed % (SEED_LIMIT - 1) + 1)
    command = [str(_binary()), str(model.path), *model.options, "-randomSeed", seed, "-randomCbcSeed", seed]
    if isfinite(task.left()):
        command += ["-timeMode", "elapsed", "-sec", f"{max(task.left(), 0.01):.3f}"]
    if task.first:
        command += ["-maxSolutions", "1"]
    if task.threads > 1:
        command += ["-threads", str(task.threads)]
    command += ["-solve", "-solution", "text", "-saveSolution", "binary"]
    read_end, write_end = _pipe()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=write_end, stderr=write_end, cwd=folder
    ) as process:
        os.close(write_end)
        timers = []
        if isfinite(task.left()):
            timers = [
                Timer(task.left() + _INTERRUPT_SECONDS, process.send_signal, (signal.SIGINT,)),
                Timer(task.left() + _KILL_SECONDS, process.kill),
            ]
        for timer in timers:
            timer.start()
        try:
            # The end of a pseudo-terminal raises OSError.
            with os.fdopen(read_end, errors="replace") as lines, suppress(OSError):
                yield from lines
        finally:
            for timer in timers:
                timer.cancel()
            process.kill()


def _pipe() -> tuple[int, int]:
    """Return a read and a write end, of a pseudo-terminal if there is one, so that CBC flushes each line."""
    return os.openpty() if hasattr(os, "openpty") else os.pipe()


def _outcome(log: _Log, folder: Path, late: bool) -> Outcome:
    """Return the outcome of a log and of the solution files in the folder.

    late   whether the time limit has passed
    """
    text, binary = folder / "text", folder / "binary"
    lines = text.read_text(errors="replace").splitlines() if text.exists() else [""]
    verdict, _, objective = lines[0].partition(" - objective value ")
    columns: list[str | None] | None = None
    if binary.exists():
        point = _point(binary.read_bytes())
        columns = [None] * point.size
        for index, name in map(_named, lines[1:]):
            columns[index] = name
        # Without an integer solution the files contain the point of the LP relaxation.
        if verdict.startswith(("Optimal", "Stopped")) and "no integer solution" not in verdict:
            log.incumbents.end(float(objective), point)
    no_result = "nothing (killed after its time limit)" if late else "nothing (ended without a result)"
    words = log.words or verdict.lower() or no_result
    status = next((status for word, status in _STATUS.items() if word in words), Status.LP_FAILED)
    return Outcome(
        log.incumbents, columns, status, words, (log.began, log.read), log.bound, log.nodes, log.iterations
    )


def _named(line: str) -> tuple[int, str]:
    """Return index and name of a line `index name value reduced-cost`; ** marks violated bounds."""
    head = line.removeprefix("**").strip().rsplit(None, 2)[0]
    index, _, name = head.partition(" ")
    return int(index), name.strip()


def _point(data: bytes) -> Vector:
    """Return the column values of a binary file: header, row activities, row duals, column values."""
    rows, columns, _ = struct.unpack_from(_HEADER, data)
    return np.frombuffer(data, np.float64, columns, struct.calcsize(_HEADER) + 16 * rows)


def _binary() -> Path | None:
    """Return the binary on the PATH or in PuLP's folder, which is found without importing PuLP."""
    if path := shutil.which("cbc"):
        return Path(path)
    pulp = find_spec("pulp")
    for folder in (pulp.submodule_search_locations or ()) if pulp else ():
        system = Path(folder, "solverdir", "cbc", _SYSTEMS.get(sys.platform, "none"))
        for machine in _FOLDERS.get(platform.machine().lower(), ()):
            for binary in (system / machine / "cbc", system / machine / "cbc.exe"):
                if os.access(binary, os.X_OK):
                    return binary
    return None
