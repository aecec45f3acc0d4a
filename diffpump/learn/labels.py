"""More and better solutions for a history folder: every model is solved for some seconds more (`label`).

The solutions go where `--history` puts them, and `DIR/labels.jsonl` notes for how long each model was solved,
so that a call that was killed goes on and a repeated one has nothing to do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from diffpump.core.errors import OutputError
from diffpump.core.status import Status
from diffpump.learn.history import History

INDEX = "labels.jsonl"
POLL_SECONDS = 0.05


def label(
    folder: str | os.PathLike[str], seconds: float, jobs: int = 1, *, seed: int = 0,
    on_model: Callable[[int, int], None] = lambda done, count: None,
    on_note: Callable[[str], None] = lambda note: None,
) -> None:  # fmt: skip
    """Solve each model of a folder that was not solved for so long yet, from what the folder recalls.

    Parameters
    ----------
    folder : path
        The history folder.
    seconds : float
        The time limit of each model.
    jobs : int
        The number of models that are solved at a time, each by a process.
    seed : int
        The seed of the runs.
    on_model : callable
        Called at the start and after each model with the numbers of models done and to do.
    on_note : callable
        Called with a line on a model that could not be solved.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    history = History(folder)
    waiting = [one for one in history.entries() if _known(history.folder).get(one["id"], 0.0) < seconds]
    count, done = len(waiting), 0
    on_model(0, count)
    with _processes() as running:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_Run(history.folder, waiting.pop(0), seconds, seed))
            for run in [one for one in running if one.process.poll() is not None]:
                running.remove(run)
                if note := run.failure():
                    on_note(f"{run.entry['name']}: could not be solved: {note}")
                else:
                    _remember(history.folder, run.entry["id"], seconds)
                done += 1
                on_model(done, count)
            time.sleep(POLL_SECONDS)


class _Run:
    """A process that solves a model; what it prints goes to files, since a pipe would fill up."""

    def __init__(self, folder: Path, entry: dict[str, Any], seconds: float, seed: int) -> None:
        self.entry = entry
        self._output = tempfile.TemporaryFile("w+")  # noqa: SIM115  (`failure` or `kill` closes it)
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        command = [
            sys.executable, "-m", "diffpump", "solve", str(folder / entry["model"]), "--history", str(folder),
            "--time-limit", f"{seconds:g}", "--seed", str(seed), "-q", "--json",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=self._output, stderr=self._errors, text=True)

    def failure(self) -> str:
        """Return why the process, which has ended, has not searched, else an empty text; close the files."""
        with self._output as output, self._errors as errors:
            output.seek(0)
            errors.seek(0)
            if self.process.returncode in {status.exit_code for status in Status}:
                found = json.load(output)
                return str(found["message"]) if found["instance"] is None else ""  # it was not read in time
            return (errors.read().strip().splitlines() or [f"exit code {self.process.returncode}"])[-1]

    def kill(self) -> None:
        """End the process and close the files."""
        self.process.kill()
        self.process.wait()
        self._output.close()
        self._errors.close()


@contextmanager
def _processes() -> Iterator[list[_Run]]:
    """Yield a list of processes; those that still run at the end are killed."""
    running: list[_Run] = []
    try:
        yield running
    finally:
        for run in running:
            run.kill()


def _known(folder: Path) -> dict[str, float]:
    """Return for how many seconds each model was solved, by id; a damaged line counts as absent."""
    found: dict[str, float] = {}
    path = folder / INDEX
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            one = json.loads(line)
            key, seconds = str(one["id"]), float(one["seconds"])
        except (ValueError, KeyError, TypeError):
            continue
        found[key] = max(found.get(key, 0.0), seconds)
    return found


def _remember(folder: Path, key: str, seconds: float) -> None:
    try:
        with (folder / INDEX).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"id": key, "seconds": seconds}) + "\n")
    except OSError as error:
        raise OutputError(f"{folder / INDEX}: cannot be written: {error.strerror or error}") from None
