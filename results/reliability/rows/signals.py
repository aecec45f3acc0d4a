"""SIGINT, SIGTERM and SIGKILL at random times, from the start of the process on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import limited
import psutil
from trial import ROOT, Trial, row

LATEST = 2.5  # seconds after the start at which a signal is sent at the latest
MOST_SECONDS = 2.0  # from the signal to the end
HANDLED = b"diffpump "  # the first line of the log: from then on, signals are handled
SETS = (
    [], ["--threads", "2"], ["--preset", "DP4"], ["--preset", "FP"], ["--log-file", "m.log"],
    ["--preset", "DP4", "--trace", "m.jsonl"],
)  # fmt: skip


def hard_model(random: Random) -> str:
    """Return a market split model with slacks (Cornuejols, Dawande 1998): solutions come soon, the optimum never."""
    rows, columns = 4, 40
    lines = [
        "NAME split",
        "ROWS",
        " N cost",
        *(f" E r{i}" for i in range(rows)),
        "COLUMNS",
        " M 'MARKER' 'INTORG'",
    ]
    sums = [0] * rows
    for j in range(columns):
        for i in range(rows):
            a = random.randint(1, 99)
            sums[i] += a
            lines.append(f" x{j} r{i} {a}")
    lines.append(" M 'MARKER' 'INTEND'")
    for i in range(rows):
        lines += [f" s{i} cost 1 r{i} 1", f" t{i} cost 1 r{i} -1"]
    lines += ["RHS", *(f" R r{i} {total // 2}" for i, total in enumerate(sums))]
    return "\n".join([*lines, "BOUNDS", *(f" BV B x{j}" for j in range(columns)), "ENDATA", ""])


def await_end(trial: Trial, process: subprocess.Popen[bytes], number: int, wait: float) -> float:
    """Send a signal after some seconds; return the seconds until the end, or 0 if it had ended before."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(wait)
        return 0.0
    process.send_signal(number)
    sent = time.monotonic()
    try:
        process.wait(20 * trial.leeway)
    except subprocess.TimeoutExpired:
        trial.demand(False, f"no end long after {signal.Signals(number).name}")
        process.kill()
        process.wait()
    return time.monotonic() - sent


def demand_no_orphans(trial: Trial, session: int) -> None:
    """Demand that no process of the command's session outlives it by a second.

    A process that has ended and waits to be reaped by the system does not count.
    """
    deadline = time.monotonic() + trial.leeway
    while time.monotonic() < deadline:
        if not _works(session):
            return
        time.sleep(0.02)
    trial.demand(False, "a process outlives the command by more than 1 s")
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


def _works(session: int) -> bool:
    """Return whether a process of a session is alive and no zombie."""
    for process in psutil.process_iter(["status"]):
        with suppress(ProcessLookupError):
            if os.getsid(process.pid) == session and process.info["status"] != psutil.STATUS_ZOMBIE:
                return True
    return False


@row(
    "signals", "signals and kills at random times", trials=100, seconds=140, patience=60, jobs=1, quick=(0, 2)
)
def signals(trial: Trial) -> None:
    """After SIGINT or SIGTERM the command ends within 2 s with code 130 or 143 and without a traceback, its JSON object is
    whole, its solution file is absent or proven, and no other file is partial. After SIGKILL the solution file is absent
    or proven. No process of it lives on.
    """
    random = trial.random
    number = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[trial.number % 3]
    trial.case = number.name
    if random.random() < 0.7:
        (trial.folder / "m.mps").write_text(hard_model(random))
    else:
        (trial.folder / "m.mps").write_bytes((ROOT / "instances" / "setcover-200x60-s1.mps").read_bytes())
    options = random.choice(SETS)
    suffix = random.choice([".sol", ".json", ".mst"])
    command = [
        *limited.COMMAND, "solve", "m.mps", "--json", "--time-limit", "none", "--solution-file", f"m{suffix}", *options,
    ]  # fmt: skip
    out, err = trial.folder / "out", trial.folder / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            cwd=trial.folder,
            stdout=stdout,
            stderr=stderr,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    seconds = await_end(trial, process, number, random.uniform(0, LATEST))
    demand_no_orphans(trial, process.pid)
    handled = HANDLED in err.read_bytes()[:200]
    _judge(trial, process.returncode, number, seconds, handled, out, err)
    solution = trial.folder / f"m{suffix}"
    if solution.exists():
        limited.demand_proven(trial, trial.folder / "m.mps", solution)
    if number != signal.SIGKILL:
        limited.demand_clean(trial, {"m.mps", "out", "err", "m.log", "m.jsonl", solution.name})


def _judge(trial: Trial, code: int, number: int, seconds: float, handled: bool, out: Path, err: Path) -> None:
    trial.demand("Traceback" not in err.read_text(errors="replace"), f"a traceback: {err.read_text()[-200:]}")
    if number == signal.SIGKILL or seconds == 0.0:
        return
    trial.demand(
        seconds <= MOST_SECONDS * trial.leeway,
        f"the end comes {seconds:.1f} s after {signal.Signals(number).name}",
    )
    # Until Python runs our code, the system's own handling is as good.
    expected = (128 + number,) if handled else (128 + number, -number, 0)
    last = err.read_text(errors="replace").strip().splitlines()[-1:]
    trial.demand(code in expected, f"exit code {code} after {signal.Signals(number).name}: {last}")
    text = out.read_text()
    if handled and code in (130, 143):
        try:
            said = json.loads(text)
        except ValueError:
            trial.demand(False, f"standard output is no JSON object: {text[:80]!r}")
        else:
            trial.demand(
                said["exit_code"] == code, f"exit code {code}, but the object says {said['exit_code']}"
            )
