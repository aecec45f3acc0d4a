"""CBC: branch and cut of COIN-OR with its defaults; the `cbc` on the PATH, else the one that PuLP brings.

    -timeMode elapsed -sec         what is left of the job's time when it starts; its reading counts
    -randomSeed, -randomCbcSeed    the run's seed plus one: 0 would mean the time of day
    -maxSolutions 1                to end at the first solution that its log tells of: the feasibility pump at
                                   the root has improved its own before, and postprocessing may improve it
    -threads                       where more than one is asked for

It runs as a subprocess in this process's group. Incumbents are the solutions that its log tells of, timed as
the line comes; only the last one's values can be had. They come from two files: the text has the names but 8
digits, the binary one has every digit. Past the time it gets the signal that makes it stop and write, SIGINT,
and is killed if that does not help.
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
from diffpump.bench.peers.task import SEEDS, Incumbents, Outcome, Task
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError
from diffpump.core.status import Status

_FOLDERS = {"x86_64": ("i64", "64"), "amd64": ("i64", "64"), "aarch64": ("arm64",), "arm64": ("arm64", "i64")}
_SYSTEMS = {"linux": "linux", "darwin": "osx", "win32": "win"}
_STOP, _KILL = 0.5, 1.8  # seconds past the limit: limits are kept within 2 seconds

_FOUND = re.compile(r"Cbc00(?:04|12|16)I Integer solution of (\S+) found")
_HEADER = "iid"  # of the binary file: rows, columns, objective
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
    "ctrl-c": Status.TIME_LIMIT,  # our signal
    "killed": Status.TIME_LIMIT,
}


class Cbc:
    """A `Peer`."""

    name = "cbc"
    about = "CBC, branch and cut, its defaults"
    gzip = False  # builds without zlib die on it

    def missing(self) -> str | None:
        """None if there is a binary."""
        if _binary():
            return None
        return "cbc is not installed: pip install pulp, which brings one, or put cbc on the PATH"

    def versions(self) -> dict[str, str]:
        """What the binary says."""
        said = subprocess.run(
            [str(_binary()), "-quit"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
        )
        found = re.search(r"Version: *(\S+)", said.stdout)
        return {"cbc": found[1] if found else "unknown"}

    def run(self, task: Task) -> Outcome:
        """Read and search, in a subprocess; a file that it misreads is offered as its other variants."""
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
    """What the log told; it minimises, so a maximisation's values have the other sign there."""

    incumbents: Incumbents
    began: float
    sign: float
    misread: bool = False
    read: float = 0.0  # when it was read, on the job's clock
    bound: float | None = None
    nodes: int | None = None
    iterations: int | None = None
    words: str = ""

    def line(self, line: str, now: float) -> None:
        """Take in the next line."""
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
    """The lines of its log as they come; the solution is in the folder afterwards."""
    seed = str(task.seed % (SEEDS - 1) + 1)
    command = [str(_binary()), str(model.path), *model.options, "-randomSeed", seed, "-randomCbcSeed", seed]
    if isfinite(task.left()):
        command += ["-timeMode", "elapsed", "-sec", f"{max(task.left(), 0.01):.3f}"]
    if task.first:
        command += ["-maxSolutions", "1"]
    if task.threads > 1:
        command += ["-threads", str(task.threads)]
    command += ["-solve", "-solution", "text", "-saveSolution", "binary"]
    ours, theirs = _pipe()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=folder
    ) as process:
        os.close(theirs)
        timers = []
        if isfinite(task.left()):
            timers = [
                Timer(task.left() + _STOP, process.send_signal, (signal.SIGINT,)),
                Timer(task.left() + _KILL, process.kill),
            ]
        for timer in timers:
            timer.start()
        try:
            with os.fdopen(ours, errors="replace") as lines, suppress(OSError):
                yield from lines  # a terminal's end is an error
        finally:
            for timer in timers:
                timer.cancel()
            process.kill()


def _pipe() -> tuple[int, int]:
    """Ends to read from and to write to: a terminal's where there are any, so that it sends each line."""
    return os.openpty() if hasattr(os, "openpty") else os.pipe()


def _outcome(log: _Log, folder: Path, late: bool) -> Outcome:
    """The solution in the folder, and what was said of it; late: its time was up."""
    text, binary = folder / "text", folder / "binary"
    lines = text.read_text(errors="replace").splitlines() if text.exists() else [""]
    verdict, _, objective = lines[0].partition(" - objective value ")
    columns: list[str | None] | None = None
    if binary.exists():
        point = _point(binary.read_bytes())
        columns = [None] * point.size
        for index, name in map(_named, lines[1:]):
            columns[index] = name
        # Without an integer solution the files hold the LP's point.
        if verdict.startswith(("Optimal", "Stopped")) and "no integer solution" not in verdict:
            log.incumbents.end(float(objective), point)
    silent = "nothing: it was killed, past its time limit" if late else "nothing: it ended without a result"
    words = log.words or verdict.lower() or silent
    status = next((status for word, status in _STATUS.items() if word in words), Status.LP_FAILED)
    return Outcome(
        log.incumbents, columns, status, words, (log.began, log.read), log.bound, log.nodes, log.iterations
    )


def _named(line: str) -> tuple[int, str]:
    """Index and name of `index name value reduced-cost`, marked with ** where its bounds do not hold."""
    head = line.removeprefix("**").strip().rsplit(None, 2)[0]
    index, _, name = head.partition(" ")
    return int(index), name.strip()


def _point(data: bytes) -> Vector:
    """The columns' values; before them come the header, the rows' values and the rows' duals."""
    rows, columns, _ = struct.unpack_from(_HEADER, data)
    return np.frombuffer(data, np.float64, columns, struct.calcsize(_HEADER) + 16 * rows)


def _binary() -> Path | None:
    """On the PATH, or in PuLP's folder, which is found without importing it."""
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
