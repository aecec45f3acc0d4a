"""The time limit holds in every phase of a run: while the model is read, searched, and processes start.

A run may exceed its limit by max(1 s, 5 %). The start of the interpreter, which no program can shorten, is
measured on the same machine and added to what a test allows.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import COMMAND, GAP

import diffpump
from diffpump.bench import child
from diffpump.config.engine import Settings
from diffpump.core.errors import TimeLimitError
from diffpump.core.limits import reading_check
from diffpump.core.machine import usable_cores
from diffpump.io.read import read

LARGER = GAP.replace("3x8", "5x25")  # the engine does not finish it within seconds
SIGNAL_SECONDS = 2.0  # within which a signal must end a run


def lp_text(rows: int, separator: str = "\n") -> bytes:
    """Return an LP file with 20 terms in each row, which takes about 0.1 ms a row to read."""
    terms = [f"+ {k}.5 x{k}" for k in range(20)]
    lines = [f" r{i}: {separator.join(terms)} >= {i}" for i in range(rows)]
    return "\n".join(["minimize", " x0", "subject to", *lines, "end", ""]).encode()


def mps_text(columns: int, name: str = "x") -> bytes:
    lines = [f" {name}{j} r{j % 100} {j % 89 + 1} r{(j + 1) % 100 + 100} 2.5" for j in range(columns)]
    rows = [f" G r{i}" for i in range(200)]
    return "\n".join(["NAME m", "ROWS", " N obj", *rows, "COLUMNS", *lines, "ENDATA", ""]).encode()


class Stop(Exception):
    """An exception of the test's own."""


class Countdown:
    """A check that counts its calls and raises `Stop` at the one with the number `last`."""

    def __init__(self, last: float = float("inf")) -> None:
        self.calls, self._last = 0, last

    def __call__(self) -> None:
        self.calls += 1
        if self.calls >= self._last:
            raise Stop


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "LP": ("m.lp", lambda: lp_text(1000)),
    "LP with one long line": ("m.lp", lambda: lp_text(1) .replace(b" >=", b" + 1 y" * 20_000 + b" >=")),
    "MPS": ("m.mps", lambda: mps_text(60_000)),
    "MPS line by line": ("m.mps", lambda: mps_text(60_000).replace(b"\n x0 ", b"\n* comment\n x0 ")),
    "compressed": ("m.mps.gz", lambda: gzip.compress(mps_text(60_000))),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_the_check_is_called_throughout_and_its_exception_ends_the_reading(kind: str, tmp_path: Path) -> None:
    name, text = FILES[kind]
    path = tmp_path / name
    path.write_bytes(text())
    whole = Countdown()
    assert read(path, whole).n > 1
    assert whole.calls >= 8
    for last in (1, 2, whole.calls // 2, whole.calls):
        partial = Countdown(last)
        with pytest.raises(Stop):
            read(path, partial)
        assert partial.calls == last


def test_the_check_of_a_time_limit() -> None:
    now = time.monotonic()
    for seconds, started in ((None, now), (float("inf"), now), (60.0, now)):
        reading_check(seconds, started)()
    with pytest.raises(TimeLimitError, match="the time limit of 60 s was reached before the model was read"):
        reading_check(60.0, now - 61.0)()


def test_the_interface_raises_and_a_batch_records_it(tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    path.write_bytes(lp_text(1000))
    began = time.monotonic()
    with pytest.raises(TimeLimitError, match="before the model was read"):
        diffpump.solve(path, time_limit=0.02)
    assert time.monotonic() - began < 1.05
    settings = Settings(time_limit=0.02).as_dict()
    job = {"setting": {"solver": "diffpump", "config": settings}, "path": str(path), "seed": 0}
    record = child.run(job, lambda: time.monotonic() - began)
    assert record["status"] == "time_limit" and not record["found"] and "was read" in record["message"]


# -- real processes --


@pytest.fixture(scope="module")
def start_seconds() -> float:
    """Return the seconds of a run whose limit is 0: the start of the interpreter and the imports."""
    return max(timed("solve", GAP, "--time-limit", "0")[1] for _ in range(2))


def timed(*args: str, **options: Any) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run the command and return it with its seconds."""
    began = time.monotonic()
    done = subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, **options)
    return done, time.monotonic() - began


def allowed(limit: float, start: float) -> float:
    """Return the seconds that a run with this limit may take."""
    return limit + max(1.0, 0.05 * limit) + start


@pytest.mark.parametrize("preset", ["auto", "DP4"])
def test_reading_longer_than_the_limit_ends_at_the_limit(
    preset: str, tmp_path: Path, start_seconds: float
) -> None:
    path, log = tmp_path / "m.lp", tmp_path / "log"
    path.write_bytes(lp_text(80_000))
    command = ["solve", str(path), "--time-limit", "1", "--preset", preset]
    done, seconds = timed(*command, "--json", "-q", "--log-file", str(log))
    assert seconds < allowed(1, start_seconds)
    found = json.loads(done.stdout)
    assert (done.returncode, found["exit_code"], found["status"]) == (10, 10, "time_limit")
    assert found["found"] is False and found["objective"] is None and found["instance"] is None
    assert "before the model was read" in found["message"] and found["message"] in log.read_text()
    assert done.stderr == ""
    complete = json.loads(timed("solve", GAP, "--time-limit", "1", "--preset", preset, "--json")[0].stdout)
    assert found.keys() == complete.keys()


@pytest.mark.parametrize("command", ["solve", "explain", "relax", "scip"])
def test_a_pipe_that_sends_nothing_ends_at_the_limit(command: str, start_seconds: float) -> None:
    if command == "scip":
        pytest.importorskip("pyscipopt")
    read_end, write_end = os.pipe()
    try:
        done, seconds = timed(command, "-", "--time-limit", "1", stdin=read_end)
    finally:
        os.close(read_end)
        os.close(write_end)
    assert seconds < allowed(1, start_seconds)
    assert done.returncode == 10 and "before the model was read" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def ended_by(run: subprocess.Popen[str], number: signal.Signals) -> dict[str, Any]:
    """Send a signal, demand an orderly end soon, and return the JSON object of the run."""
    run.send_signal(number)
    began = time.monotonic()
    out, err = run.communicate(timeout=60)
    assert time.monotonic() - began < SIGNAL_SECONDS
    assert run.returncode == 128 + number and "Traceback" not in err
    record: dict[str, Any] = json.loads(out)
    return record


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_reading(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    path.write_bytes(lp_text(80_000))
    for model in (str(path), "-"):
        run = subprocess.Popen(
            [*COMMAND, "solve", model, "--json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert run.stderr is not None
        while not run.stderr.readline().startswith("reading"):
            assert run.poll() is None
        time.sleep(0.3)
        assert ended_by(run, number)["status"] == "interrupted"


@pytest.mark.parametrize("threads", [1, 2, 64])
@pytest.mark.parametrize("limit", [1, 3])
def test_the_limit_holds_with_any_number_of_processes(threads: int, limit: int, start_seconds: float) -> None:
    done, seconds = timed("solve", LARGER, "--threads", str(threads), "--time-limit", str(limit))
    assert seconds < allowed(limit, start_seconds)
    assert done.returncode in (0, 10)
    warned = f"--threads {threads}: this machine lets diffpump use" in done.stderr
    assert warned == (threads > usable_cores())
    ran = f" of {threads} ran (time or memory was too short" in done.stdout
    assert ran or threads < 64 or "before the model was read" in done.stdout  # the imports took it all


@pytest.mark.skipif(os.name == "nt", reason="no signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_that_starts_many_processes(number: signal.Signals) -> None:
    run = subprocess.Popen(
        [*COMMAND, "solve", LARGER, "--threads", "64", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    while "arm" not in run.stderr.readline():
        assert run.poll() is None
    time.sleep(1.0)
    assert ended_by(run, number)["exit_code"] == 128 + number
