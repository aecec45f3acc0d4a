"""The command as a process: start-up, terminals, closed pipes and signals."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

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


COMMANDS = {
    "results": ["info", GAP],
    "help": ["--help"],
    "version": ["--version"],
    "completion script": ["completion", "bash"],
    "a run": ["solve", GAP, "-q", "--stop", "first"],
}
COMPLETION = {
    "_DIFFPUMP_COMPLETE": "bash_complete", "COMP_WORDS": "diffpump solve --preset D", "COMP_CWORD": "3",
}  # fmt: skip


def shell(redirections: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `diffpump` by a shell, with redirections."""
    return subprocess.run(
        f"{shlex.join([*COMMAND, *args])} {redirections}", shell=True, capture_output=True, text=True,
        timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("what", COMMANDS)
def test_standard_output_is_closed(what: str) -> None:
    done = shell(">&-", *COMMANDS[what])
    assert (done.returncode, done.stdout, done.stderr) == (141, "", "")


@pytest.mark.parametrize("what", [*COMMANDS, "completions"])
def test_every_output_ends_with_its_reader(what: str) -> None:
    args, environment = COMMANDS.get(what, []), COMPLETION if what == "completions" else {}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, *args], stdout=writer, stderr=subprocess.PIPE, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("what", [*COMMANDS, "completions"])
def test_standard_output_is_full(what: str) -> None:
    args, environment = COMMANDS.get(what, []), COMPLETION if what == "completions" else {}
    done = shell(">/dev/full", *args, **environment)
    assert done.returncode == 6
    assert done.stderr == ("diffpump: error: standard output: cannot be written: No space left on device\n")


def test_standard_error_is_closed(tmp_path: Path) -> None:
    """Only the log is lost, and no file of the run gets the free number of a missing descriptor."""
    solution = tmp_path / "x.sol"
    args = ["solve", GAP, "--stop", "first", "--solution-file", str(solution)]
    for redirections in ("2>&-", "2>/dev/full", "2>&- <&-"):
        done = shell(redirections, *args, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["found"]
    for redirections in (">&-", ">&- 2>&- <&-"):
        solution.unlink()
        assert shell(redirections, *args).returncode == 141
        assert run(["check", GAP, str(solution), "--json"]) == 0  # it was written, and nothing else into it


def test_standard_input_is_closed() -> None:
    done = shell("<&-", "info", "-")
    assert done.returncode == 3
    assert done.stderr.startswith("diffpump: error: -:1: ") and done.stderr.count("\n") == 1


CHATTY = """
import os, subprocess, sys
print("imported")
sys.__stdout__.write("written\\n")
sys.__stdout__.flush()
os.write(1, b"native\\n")
subprocess.run(["echo", "child"])
def chatty(theta, x_lp, x_round):
    print("called")
    return (theta * theta).sum()
"""


def test_standard_output_has_nothing_but_the_result(tmp_path: Path) -> None:
    """What a user's loss, native code and a child process print is on standard error."""
    pytest.importorskip("torch")
    losses = tmp_path / "losses.py"
    losses.write_text(CHATTY)
    args = ["solve", GAP, "--loss", "integrality:1", "--loss", f"python:0.1,file={losses},name=chatty"]
    for quiet in ([], ["-q"]):
        done = process(*args, "--json", *quiet)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1 and json.loads(done.stdout)["found"]
        assert set("imported written native child called".split()) <= set(done.stderr.split())
    losses.write_text("def chatty(*points):\n    print('called')\n    return (points[0] ** 2).sum()\n")
    done = shell("2>/dev/full", *args, "-q")
    assert done.returncode == 0 and done.stdout.count("\n") == 2  # `print` does not fail


def test_a_loss_does_not_end_the_command(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    losses = tmp_path / "losses.py"
    losses.write_text("import sys\nsys.exit(0)\n")
    done = process("solve", GAP, "-q", "--preset", "DP4", "--loss", f"python:1,file={losses},name=x")
    assert done.returncode == 2
    assert done.stderr == "diffpump: error: a user's loss or a plug-in has called sys.exit(0)\n"


def test_the_first_highs_of_a_process_prints_nothing() -> None:
    """HiGHS 1.16 would print two lines; the library leaves standard output as it is."""
    code = (
        "import diffpump\nprint('before', flush=True)\n"
        "found = diffpump.milp([5, 4], integrality=1, constraints=([2, 3], 2, 5))\nprint(found.success)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("before\nTrue\n", "")


def test_a_path_with_blanks_in_the_makefile(tmp_path: Path) -> None:
    """`make solve MODEL=...` passes the path as it is."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    shown = tmp_path / "diffpump"
    shown.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    shown.chmod(0o755)
    path = 'a b/it\'s "x" (1) `c`;.mps'
    done = subprocess.run(
        ["make", "-s", "-o", "install", "solve", f"BIN={tmp_path}", f"MODEL={path}", "ARGS=-q"],
        cwd=Path(GAP).parent.parent, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["solve", path, "-q"], done.stderr


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_interrupt_during_imports(number: signal.Signals) -> None:
    """From the command's first own line on, a signal ends it with one line and no traceback."""
    marked = (
        "import os, sys\nsys.argv = ['diffpump', *sys.argv[1:]]\n"
        "from diffpump.__main__ import main\nos.write(2, b'begun\\n')\nmain()\n"
    )
    args = ["solve", GAP, "-q", "--json", "--preset", "DP4", "--set", "max_iter=1"]
    for delay in [k * 0.02 for k in range(2, 14)]:
        child = subprocess.Popen(
            [sys.executable, "-c", marked, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stderr is not None and child.stderr.readline() == "begun\n"
        time.sleep(delay)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        assert "Traceback" not in err and "Exception ignored" not in err, err
        assert json.loads(out)["exit_code"] == child.returncode  # 128 + number, unless it had ended
        if child.returncode == 128 + number and json.loads(out)["status"] == "interrupted" and err:
            assert err.strip() == "diffpump: error: interrupted before there was a result"


def test_an_error_of_an_interrupted_import(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """An extension module may turn a KeyboardInterrupt into an ImportError."""

    def interrupted(path: str) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            raise ImportError("a module failed to import") from None

    monkeypatch.setattr("diffpump.io.read.read", interrupted)
    assert run(["info", GAP]) == 130
    assert capsys.readouterr().err == "diffpump: error: interrupted before there was a result\n"


def test_second_signal_ends_at_once() -> None:
    code = (
        "import os, signal, time\nfrom diffpump.cli.interrupt import Interrupt\n"
        "with Interrupt() as interrupt:\n    interrupt.deferred = True\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n    assert interrupt()\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n    time.sleep(30)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=20)
    assert done.returncode == 143
