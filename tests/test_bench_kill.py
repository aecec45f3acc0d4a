"""A batch under signals, full disks and misbehaving children, with real processes: no record is lost."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import psutil
import pytest
from command import COMMAND, GAP, endless, process
from killing import (
    PATIENCE_SECONDS,
    Batch,
    Tally,
    at_end,
    at_random,
    at_start,
    check_folder,
    in_append,
    planned,
)

from diffpump.bench.plan import Job, Limits, Setting, jobs
from diffpump.bench.process import execute
from diffpump.bench.store import Store
from diffpump.config.presets import config

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
ENDLESS_NATIVE_CODE = "import re\nre.match('(a+)+b', 'a' * 60)\n"  # it never ends and keeps the GIL


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A model on which the pump runs until its iteration limit."""
    path = tmp_path / "endless.mps"
    path.write_text(endless())
    return str(path)


def batch(tmp_path: Path, *plan: str, jobs: int = 2) -> Batch:
    return Batch(tmp_path / "out", list(plan), Tally(), jobs)


def whole(run: Batch) -> list[dict[str, object]]:
    """Return the records; assert that none of them is torn, duplicated or unplanned."""
    keys = {job.key for job in Store(run.folder).planned().values()}
    records = check_folder(run, keys)
    assert run.tally.broken == []
    return records


# --- SIGKILL ------------------------------------------------------------------------------------


def test_kills_lose_nothing_double_nothing_and_tear_nothing(tmp_path: Path, model: str) -> None:
    random, tally = Random(5), Tally()
    at_start(tmp_path, [GAP, "--preset", "FP,DP4", "--seeds", "0-199"], tally, random, 3)
    in_append(tmp_path, tally, random, 2)
    plan = [GAP, model, "--preset", "FP", "--seeds", "0-2", "--max-iter", "300"]
    keys = planned(tmp_path / "batch", plan, tally)
    run = Batch(tmp_path / "batch", plan, tally)
    at_random(run, random, 5, spread=1.0)
    at_end(run, len(keys), random, 2)
    assert run.finish() == 0
    check_folder(run, keys)
    assert run.finish("--retry", "crashed") == 0
    check_folder(run, keys)
    assert {record["status"] for record in Store(run.folder).records().values()} <= {
        "feasible", "iteration_limit",
    }  # fmt: skip
    assert tally.broken == []
    assert tally.kills.total() == 12


def test_a_killed_child_is_a_row_and_the_rest_goes_on(tmp_path: Path, model: str) -> None:
    run = batch(tmp_path, model, GAP, "--preset", "FP", "--max-iter", "100000", "--time-limit", "3", jobs=1)
    run.start()
    assert wait_until(lambda: bool(run.children()))
    assert run.kill("once", "child", Random(0))
    assert run.parent is not None and run.parent.wait(PATIENCE_SECONDS) == 0
    killed, other = whole(run)
    assert (killed["status"], killed["exit_code"]) == ("crashed", -signal.SIGKILL)
    assert "SIGKILL" in str(killed["message"])
    assert other["status"] == "feasible"


def test_native_code_that_never_returns_ends_with_its_parent(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    child = stand_in(
        tmp_path,
        "import os, pathlib, sys\nfrom diffpump.bench.child import die_with_parent\n"
        "sys.stdin.buffer.readline()\ndie_with_parent()\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(f'{{os.getpid()}}\\n')\n{ENDLESS_NATIVE_CODE}",
    )
    code = (
        "import sys\nfrom diffpump.bench.process import execute\nfrom test_bench_kill import job\n"
        f"sys.executable = {child!r}\nexecute(job())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    )
    assert wait_until(lambda: pid_file.exists() and pid_file.read_text().endswith("\n"))
    pid = int(pid_file.read_text())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    assert wait_until(lambda: gone(pid), 5)


# --- SIGINT and SIGTERM, and concurrent runs ----------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_an_interrupted_batch_ends_at_once_and_goes_on_later(
    number: signal.Signals, tmp_path: Path, model: str
) -> None:
    run = batch(tmp_path, GAP, model, "--preset", "FP", "--seeds", "0-1", "--max-iter", "1500")
    parent = run.start()
    run.wait_for(records=1)
    assert wait_until(lambda: bool(run.children()))
    parent.send_signal(number)
    sent = time.perf_counter()
    assert parent.wait(PATIENCE_SECONDS) == 128 + number
    assert time.perf_counter() - sent < 5
    assert run.children() == []
    assert "Traceback" not in run.stderr()
    assert run.stderr().splitlines()[-1] == (
        f"interrupted; run the same command again to continue {run.folder}"
    )
    run.witness()
    stored = run.records()
    assert 1 <= stored < 4
    assert run.finish() == 0
    assert len(whole(run)) == 4
    assert run.stderr().startswith(f"4 jobs, {stored} already done\n")


def test_a_second_run_into_the_folder_is_told_and_the_first_one_goes_on(tmp_path: Path, model: str) -> None:
    plan = [model, "--preset", "FP", "--seeds", "0-3", "--max-iter", "2000"]
    run = batch(tmp_path, *plan)
    run.start()
    assert wait_until(lambda: bool(run.children()))
    second = process("bench", "run", *plan, "--out", str(run.folder))
    assert run.parent is not None
    assert second.returncode == 2
    (line,) = second.stderr.splitlines()
    assert "is being written by another run" in line and str(run.parent.pid) in line
    assert run.parent.wait(PATIENCE_SECONDS) == 0
    assert len(whole(run)) == 4


def test_many_processes_share_a_folder_and_each_key_is_there_once(tmp_path: Path) -> None:
    run = batch(tmp_path, GAP, "--preset", "FP", "--seeds", "0-3")
    listed = process("bench", "list-jobs", *run.plan, "--out", str(run.folder))
    lines = [shlex.split(line) for line in listed.stdout.splitlines()]
    assert len(lines) == 4
    at_once = [
        subprocess.Popen([*COMMAND, *line[1:]], stderr=subprocess.PIPE, text=True) for line in lines * 2
    ]
    for one in at_once:
        assert (one.communicate(timeout=PATIENCE_SECONDS)[1], one.returncode) == ("", 0)
    assert len(whole(run)) == 4


# --- a full disk --------------------------------------------------------------------------------


def full_at(size: int) -> None:
    """Limit the size of files to `size` bytes; called in the child before the command starts."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_disk_that_stays_full_costs_the_last_records_alone(tmp_path: Path) -> None:
    run = batch(tmp_path, GAP, "--preset", "FP", "--seeds", "0-4")
    ended = process(
        "bench", "run", *run.plan, "--out", str(run.folder), "--jobs", "2", "-q",
        preexec_fn=lambda: full_at(8000),
    )  # fmt: skip
    assert ended.returncode == 6
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"diffpump: error: {run.folder}/records.jsonl: cannot be written: ")
    run.witness()
    assert 1 <= run.records() < 5
    assert (run.folder / "records.jsonl").read_bytes().endswith(b"\n")
    assert run.finish() == 0
    assert len(whole(run)) == 5


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="limits of another process: Linux")
def test_a_disk_that_has_room_again_gets_every_record(tmp_path: Path, model: str) -> None:
    plan = [GAP, model, "--preset", "FP", "--seeds", "0-2", "--max-iter", "1000"]
    command = [*COMMAND, "bench", "run", *plan, "--out", str(tmp_path / "out")]
    parent = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: full_at(8000))
    assert parent.stderr is not None
    said = []
    with parent.stderr:
        for line in parent.stderr:
            said.append(line)
            if "kept in memory" in line:
                psutil.Process(parent.pid).rlimit(psutil.RLIMIT_FSIZE, (2**40, psutil.RLIM_INFINITY))
    assert parent.wait(PATIENCE_SECONDS) == 0, said
    assert sum("kept in memory" in line for line in said) == 1
    assert len(whole(batch(tmp_path))) == 6


# --- files and children that misbehave ----------------------------------------------------------


def test_bad_files_are_rows_and_missing_ones_a_line(tmp_path: Path) -> None:
    torn, empty = tmp_path / "torn.mps.gz", tmp_path / "folder.mps"
    torn.write_bytes(b"\x1f\x8b\x08\x00 this is no gzip file")
    empty.mkdir()
    text = tmp_path / "text.mps"
    text.write_text("not a model\n")
    missing = tmp_path / "missing.mps"
    files = [str(path) for path in (torn, text, missing, empty)]
    ended = process(
        "bench", "run", *files, GAP, "--preset", "FP", "--out", str(tmp_path / "out"), "--jobs", "2"
    )
    assert ended.returncode == 3
    lines = [line for line in ended.stderr.splitlines() if "error:" in line]
    assert [str(path) in line for path, line in zip((missing, empty), lines, strict=True)] == [True, True]
    statuses = {record["instance"]["name"]: record["status"] for record in whole(batch(tmp_path))}
    assert statuses == {"torn": "refused", "text": "refused", "gap-3x8-s0": "feasible"}


@pytest.mark.parametrize(
    ("code", "limits", "status", "words"),
    [
        (
            "import sys, time\nprint('x' * 10**6, file=sys.stderr)\ntime.sleep(600)\n",
            Limits(grace=0.5),
            "timeout",
            "0.5 s after",
        ),
        (ENDLESS_NATIVE_CODE, Limits(grace=0.5), "timeout", "0.5 s after its time limit of 1 s"),
        ("x = b'x' * 2**28\nimport time\ntime.sleep(600)\n", Limits(memory=150), "memory", "150 MB"),
        ("import os\nos.kill(os.getpid(), 11)\n", Limits(), "crashed", "killed by SIGSEGV"),
        ("import sys\nprint('no more', file=sys.stderr)\nsys.exit(3)\n", Limits(), "crashed", "3: no more"),
    ],
    ids=["sleeps", "native loop", "memory", "SIGSEGV", "exit"],
)
def test_what_a_child_does_is_its_row(
    code: str, limits: Limits, status: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", stand_in(tmp_path, code))
    began = time.perf_counter()
    record = execute(job(limits))
    assert record is not None
    assert (record["status"], record["found"]) == (status, False)
    assert words in record["message"]
    assert time.perf_counter() - began < 20
    json.dumps(record)


def test_what_a_child_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess, sys\n"
        "below = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(below.pid))\n"
    )
    monkeypatch.setattr(sys, "executable", stand_in(tmp_path, code))
    record = execute(job())
    assert record is not None and record["status"] == "crashed"
    assert wait_until(lambda: gone(int(note.read_text())), 5)


def job(limits: Limits | None = None) -> Job:
    """Return a job that runs the pump on a small model for one second."""
    (made,) = jobs([GAP], [Setting.ours(config("FP", time_limit=1.0))], [0], limits or Limits())
    return made


def stand_in(folder: Path, code: str) -> str:
    """Write an executable that runs `code` whatever its arguments; it replaces sys.executable."""
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\n{code}")
    script.chmod(0o755)
    return str(script)


def gone(pid: int) -> bool:
    """Return whether a process has ended."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until `holds()` is true; return False if that takes longer than `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False
