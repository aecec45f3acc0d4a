"""The command as a process: start-up, terminals, closed pipes and signals."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import COMMAND, GAP, endless, process

from diffpump.cli import run

# --- start-up -----------------------------------------------------------------------------------


def test_help_answers_at_once() -> None:
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        assert process("--help").returncode == 0
        best = min(best, time.perf_counter() - start)
    assert best < 0.3


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (["--help"], {"numpy", "scipy", "rich", "torch", "highspy", "matplotlib"}),
        (["solve", "--help"], {"numpy", "scipy", "rich", "torch", "highspy", "matplotlib"}),
        (["info", GAP], {"torch", "highspy", "pyscipopt", "matplotlib", "rich"}),
        (["check", GAP, "SOLUTION"], {"torch", "highspy", "pyscipopt", "matplotlib", "rich"}),
        (["presets"], {"torch", "highspy", "pyscipopt", "matplotlib"}),
        (["solve", GAP, "-q"], {"torch", "pyscipopt", "matplotlib", "rich"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_imports(args: list[str], unwanted: set[str], tmp_path: Path) -> None:
    solution = tmp_path / "x.sol"
    if "SOLUTION" in args:
        assert run(["solve", GAP, "-q", "--solution-file", str(solution)]) == 0
    args = [str(solution) if arg == "SOLUTION" else arg for arg in args]
    code = (
        "import sys\nfrom diffpump.cli import run\ncode = run(sys.argv[1:])\n"
        "print(*sys.modules, file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not unwanted & set(done.stderr.split())


# --- terminals and pipes ------------------------------------------------------------------------


def on_terminal(*args: str, **environment: str) -> tuple[str, int]:
    """Return the output of `diffpump solve` on a terminal and its exit code."""
    pty = pytest.importorskip("pty")
    pid, handle = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", "COLUMNS": "100", **environment})
        os.execv(sys.executable, [*COMMAND, "solve", GAP, *args])
    shown = b""
    while True:
        try:
            chunk = os.read(handle, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(("preset", "head"), [("DP4", "frac."), ("auto", "gap to LP")])
def test_live_table(preset: str, head: str) -> None:
    shown, code = on_terminal("--preset", preset, "--time-limit", "20")
    assert code == 0
    assert head in shown
    if preset == "auto":
        plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "\n", shown)
        rows = re.findall(r"^ *[\d.]+s +(\d+) +(?:[\d.]+%)? +[a-z-]+$", plain, re.MULTILINE)
        assert rows and rows[-1] == "446"  # the optimum
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")  # the cursor is visible again
    assert "\x1b[32m" in shown  # green


def test_no_color() -> None:
    shown, _ = on_terminal("--stop", "first", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)


def test_reader_of_the_result_goes_away() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, "presets"], stdout=writer, stderr=subprocess.PIPE, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_reader_of_the_log_goes_away() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "solve", GAP, "--json"], stdout=subprocess.PIPE, stderr=writer, timeout=60
    )
    os.close(writer)
    assert done.returncode == 0
    assert json.loads(done.stdout)["found"]


# --- signals ------------------------------------------------------------------------------------


LARGE = Path(os.environ.get("DIFFPUMP_MIPLIB", ""), "paper", "rd-rplusc-21.mps.gz")
MODELS = [("endless", ""), *([("miplib", str(LARGE))] if LARGE.exists() else [])]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model[0])
@pytest.mark.parametrize("trial", range(3))
def test_interrupt(model: tuple[str, str], number: signal.Signals, trial: int, tmp_path: Path) -> None:
    """A signal at a random time ends the command within two seconds, with valid JSON and no partial file."""
    path = model[1] or str(tmp_path / "m.mps")
    if not model[1]:
        Path(path).write_text(endless())
    names = {"m.sol", "m.jsonl", "m.svg", "m.log"}
    options = "--solution-file m.sol --trace m.jsonl --plot m.svg --log-file m.log".split()
    limits = "--time-limit none --max-iter 1000000000".split()
    child = subprocess.Popen(
        [*COMMAND, "solve", path, "--json", *options, *limits], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    assert child.stderr.readline().startswith("diffpump ")
    time.sleep(random.Random(f"{model[0]} {number} {trial}").uniform(0, 3 if model[1] else 1))
    child.send_signal(number)
    sent = time.perf_counter()
    out, err = child.communicate(timeout=60)
    seconds = time.perf_counter() - sent
    assert child.returncode == 128 + number, err
    assert "Traceback" not in err
    found = json.loads(out)
    assert (found["status"], found["exit_code"]) == ("interrupted", 128 + number)
    left = {file.name for file in tmp_path.iterdir()} - {"m.mps"}
    assert left <= names - {"m.sol"}
    if "m.jsonl" in left:
        lines = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text().splitlines()]
        assert lines[-1]["kind"] == "result"
    assert seconds < 3  # two seconds, and one more because other tests may run at the same time


def test_second_signal_ends_at_once() -> None:
    code = (
        "import os, signal, time\nfrom diffpump.cli.interrupt import Interrupt\n"
        "with Interrupt() as interrupt:\n    interrupt.deferred = True\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n    assert interrupt()\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(30)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=20)
    assert done.returncode == 143
