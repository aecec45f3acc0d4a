"""More and better solutions for a history folder: every model is solved for some seconds more (`label`).

The solutions go where `--history` puts them, and `DIR/labels.jsonl` notes for how long each model was solved,
so that a call that was killed goes on and a repeated one has nothing to do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
                entry = waiting.pop(0)
                running.append((_started(history.folder, entry, seconds, seed), entry))
            for process, entry in [one for one in running if one[0].poll() is not None]:
                running.remove((process, entry))
                if note := _failure(process):
                    on_note(f"{entry['name']}: could not be solved: {note}")
                else:
                    _remember(history.folder, entry["id"], seconds)
                done += 1
                on_model(done, count)
            time.sleep(POLL_SECONDS)


def _started(folder: Path, entry: dict[str, Any], seconds: float, seed: int) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-m", "diffpump", "solve", str(folder / entry["model"]), "--history", str(folder),
        "--time-limit", f"{seconds:g}", "--seed", str(seed), "-q",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _failure(process: subprocess.Popen[str]) -> str:
    """Return the last line of what a process that failed has written, else an empty text."""
    written = process.communicate()[1]
    if process.returncode in {status.exit_code for status in Status}:
        return ""
    return (written.strip().splitlines() or [f"exit code {process.returncode}"])[-1]


@contextmanager
def _processes() -> Iterator[list[tuple[subprocess.Popen[str], dict[str, Any]]]]:
    """Yield a list of processes; those that still run at the end are killed."""
    running: list[tuple[subprocess.Popen[str], dict[str, Any]]] = []
    try:
        yield running
    finally:
        for process, _ in running:
            process.kill()
            process.communicate()


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
