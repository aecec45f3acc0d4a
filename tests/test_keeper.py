"""The solution file during a run: always a complete verified solution, at the end the last one."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from command import COMMAND, GAP

from diffpump.cli import keeper as module
from diffpump.cli.keeper import Keeper
from diffpump.core.errors import OutputError, ProofError
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.solution import read_solution, verify_file
from diffpump.outcome.verifier import Verifier
from diffpump.verify.check import Proof


def counting(n: int = 5) -> Problem:
    """Return a problem with n integer columns in [0, 1000], all of whose points are feasible."""
    return from_arrays(np.ones(n), np.ones((1, n)), [0], [np.inf], [0] * n, [1000] * n, [True] * n)


def keeper(path: Path, problem: Problem) -> Keeper:
    return Keeper(str(path), problem, Verifier(problem).prove)


def test_the_last_of_many_is_kept_and_few_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, written = counting(), []
    real = module.write_solution

    def write(path: str, problem: Problem, x: Any, *more: Any) -> Proof:
        written.append(x[0])
        return real(path, problem, x, *more)

    monkeypatch.setattr(module, "write_solution", write)
    kept = keeper(tmp_path / "a.sol", problem)
    for value in range(1, 1000):
        kept.put(np.full(problem.n, float(value)), 5.0 * value)
    assert kept.close() is None and kept.first_failure() is None
    assert written[-1] == 999 and len(written) <= 3
    assert read_solution(tmp_path / "a.sol").values == {f"x{j}": 999 for j in range(5)}


def test_the_first_is_written_at_once(tmp_path: Path) -> None:
    kept = keeper(tmp_path / "a.sol", counting())
    kept.put(np.ones(5), 5.0)
    end = time.monotonic() + 60
    while not (tmp_path / "a.sol").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert (tmp_path / "a.sol").exists()  # before `close`
    assert kept.close() is None


def test_nothing_was_given(tmp_path: Path) -> None:
    assert keeper(tmp_path / "a.sol", counting()).close() is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("failures", [1, 2, 99])
def test_a_failure_is_told_once_and_the_last_solution_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    monkeypatch.setattr(module, "MIN_PAUSE_SECONDS", 0.0)
    left, tried, real = [failures], threading.Semaphore(0), module.write_solution

    def write(*arguments: Any) -> Proof:
        left[0] -= 1
        try:
            if left[0] >= 0:
                raise OutputError("a.sol: cannot be written: No space left on device")
            return real(*arguments)
        finally:
            tried.release()

    monkeypatch.setattr(module, "write_solution", write)
    kept = keeper(tmp_path / "a.sol", counting())
    failures_reported = []
    for value in (1.0, 2.0):
        kept.put(np.full(5, value), value)
        assert tried.acquire(timeout=60)
        while (failure := kept.first_failure()) is None and not failures_reported and value == 1.0:
            time.sleep(0.001)  # the writer keeps its error a moment later
        failures_reported.append(failure)
    error = kept.close()
    assert [failure is not None for failure in failures_reported] == [True, False]
    assert (error is None) == (failures < 99) == (tmp_path / "a.sol").exists()
    if error is not None:
        assert "No space left" in str(error)


def test_what_is_no_solution_is_never_written(tmp_path: Path) -> None:
    kept = keeper(tmp_path / "a.sol", counting())
    kept.put(np.full(5, 0.5), 2.5)
    assert isinstance(kept.close(), ProofError)
    assert not list(tmp_path.iterdir())


def test_a_bug_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*arguments: Any) -> Proof:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(module, "write_solution", write)
    kept = keeper(tmp_path / "a.sol", counting())
    kept.put(np.ones(5), 5.0)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        kept.close()


HARD = GAP.replace("3x8", "5x25")  # takes the engine some seconds


def until_there_is_a_solution(target: Path, *args: str) -> subprocess.Popen[str]:
    """Start a run with a solution file, and return its process once the first solution is written."""
    command = [*COMMAND, "solve", HARD, "--solution-file", str(target), *args]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not target.exists():
        assert run.poll() is None, run.communicate()
        time.sleep(0.01)
    return run


def test_kill_9_leaves_the_last_solution(tmp_path: Path) -> None:
    """A run that is killed at any time after its first solution leaves a verified solution."""
    for number, seconds in enumerate((0.0, Random(0).uniform(0, 0.5))):
        target = tmp_path / f"{number}.sol"
        run = until_there_is_a_solution(target, "-q")
        time.sleep(seconds)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        found, proof = verify_file(HARD, target)
        assert proof.accepted and found.objective is not None
        assert float(found.objective) == pytest.approx(float(proof.objective))
        if not seconds:
            assert run.returncode == -signal.SIGKILL  # it was still searching


def test_an_interrupt_writes_the_last_solution(tmp_path: Path) -> None:
    run = until_there_is_a_solution(tmp_path / "a.sol", "-q", "--json")
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    found = json.loads(out)
    assert (run.returncode, found["exit_code"], found["status"], err) == (130, 130, "feasible", "")
    _, proof = verify_file(HARD, tmp_path / "a.sol")
    assert float(proof.objective) == found["objective"] == found["incumbents"][-1]["objective"]
