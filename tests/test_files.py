"""Atomic writing, and what a process that is killed while it writes leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from diffpump.core.errors import OutputError
from diffpump.io import files
from diffpump.io.files import replace_file

# Writes a file, says when it is about to rename it, and then waits.
WRITER = """
import sys, time
from diffpump.io.files import replace_file
def wait(path):
    print(path.name, flush=True)
    time.sleep(600)
replace_file(sys.argv[1], b"new", wait)
"""


def nothing(written: Path) -> None:
    """Accept every file."""


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".diffpump-"))


def writing(target: Path) -> tuple[subprocess.Popen[str], str]:
    """Return a process that is about to rename its temporary file, and the name of that file."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    with process:
        process.send_signal(signal.SIGKILL)


def end_of_cache() -> None:
    """Make this process search for stale files again, as a new process does."""
    files._remove_stale_files.cache_clear()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file locks of this kind")
def test_the_file_of_a_killed_process_is_removed_and_that_of_a_living_one_stays(tmp_path: Path) -> None:
    target = tmp_path / "x.sol"
    target.write_bytes(b"old")
    killed, stale = writing(target)
    living, kept = writing(target)
    try:
        kill(killed)
        assert target.read_bytes() == b"old" and leftovers(tmp_path) == sorted([stale, kept])
        replace_file(tmp_path / "y.sol", b"mine", nothing)
        assert leftovers(tmp_path) == [kept]
    finally:
        kill(living)
    end_of_cache()
    replace_file(target, b"newer", nothing)
    assert target.read_bytes() == b"newer" and leftovers(tmp_path) == []


def test_only_own_files_are_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"")
    names = [".diffpump-0123456789abcdef.tmp.bak", ".diffpump-notes.tmp", "diffpump-0123456789abcdef.tmp"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".diffpump-000000000000000d.tmp").mkdir()
    (tmp_path / ".diffpump-000000000000000e.tmp").symlink_to(elsewhere)
    os.mkfifo(tmp_path / ".diffpump-000000000000000f.tmp")  # to open it would take forever
    before = sorted(tmp_path.iterdir())
    (tmp_path / ".diffpump-0123456789abcdef.tmp").write_bytes(b"stale")
    replace_file(tmp_path / "x", b"", nothing)
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "x"])


def test_without_locks_only_old_files_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(file: object, operation: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(files.fcntl, "flock", refused)
    young, old = (tmp_path / f".diffpump-{digit * 16}.tmp" for digit in "01")
    for path in (young, old):
        path.write_bytes(b"")
    os.utime(old, (time.time() - 2 * files._STALE_SECONDS,) * 2)
    replace_file(tmp_path / "x", b"data", nothing)
    assert leftovers(tmp_path) == [young.name] and (tmp_path / "x").read_bytes() == b"data"


def test_a_file_that_is_taken_for_stale_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the creation of a file and its lock, another process may remove it."""
    lock, removed = files.fcntl.flock, []

    def late(file: BinaryIO, operation: int) -> None:
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(file, operation)

    monkeypatch.setattr(files.fcntl, "flock", late)
    replace_file(tmp_path / "x", b"data", nothing)
    assert len(removed) == 1 and [path.name for path in tmp_path.iterdir()] == ["x"]


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for _ in range(30):
            end_of_cache()
            replace_file(tmp_path / str(number), str(number).encode(), nothing)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {str(k): str(k) for k in range(4)}


def test_a_refused_file_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_bytes(b"old")

    def refuse(written: Path) -> None:
        assert written.read_bytes() == b"new"
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        replace_file(target, b"new", refuse)
    assert target.read_bytes() == b"old" and leftovers(tmp_path) == []
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        replace_file(tmp_path / "none" / "x", b"new", nothing)
