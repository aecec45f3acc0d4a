"""Traces have a row for each iteration, with the run's totals as sums, and leave no partial file behind."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffpump.api import solve
from diffpump.cli.progress import Columns, Lines, LiveTable, milestone_after
from diffpump.core.errors import OutputError
from diffpump.core.status import LpResult, LpStatus, Violation
from diffpump.explain.trace import JsonLines, LineFile, Memory, Row
from diffpump.families import generate
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.record import dumps, plain, result_record
from diffpump.outcome.result import SolveResult
from diffpump.pump import PumpState


def clock() -> float:
    return time.monotonic()


@pytest.fixture(scope="module")
def kept() -> tuple[SolveResult, list[Row]]:
    memory = Memory(clock)
    result = solve(generate("gap", 0), "FP", observers=[memory], max_iter=200)
    return result, memory.rows


def test_one_row_for_each_iteration(kept: tuple[SolveResult, list[Row]]) -> None:
    result, rows = kept
    assert result.pump is not None
    assert [row["iteration"] for row in rows] == list(range(result.pump.iterations + 1))
    assert result.pump.iterations > 10
    assert [row["status"] for row in rows[:-1]] == [None] * result.pump.iterations
    assert rows[-1]["status"] == result.status.name.lower()


def test_rows_add_up_to_the_result(kept: tuple[SolveResult, list[Row]]) -> None:
    result, rows = kept
    assert result.pump is not None
    assert sum(row["lp"]["iterations"] for row in rows) == result.pump.lp_iterations
    assert sum(row["lp"]["seconds"] for row in rows) == pytest.approx(result.pump.lp_seconds)
    kinds = [row["kick"]["kind"] for row in rows if row["kick"]]
    assert {kind: kinds.count(kind) for kind in ("flip", "perturbation")} == result.pump.restarts


def test_rows_hold_terms_and_their_weighted_total(kept: tuple[SolveResult, list[Row]]) -> None:
    _, rows = kept
    assert rows[0]["terms"] is None
    for row in rows[1:-1]:
        assert row["loss"] == pytest.approx(sum(row["terms"].values()))  # FP's weights are 1


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    trace = JsonLines(LineFile(str(path)), {"seed": 0}, clock)
    result = solve(generate("gap", 0), max_iter=5, observers=[trace])
    trace.close(result_record(result))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert result.pump is not None
    assert [line["kind"] for line in lines] == [
        "header",
        *["iteration"] * (result.pump.iterations + 1),
        "result",
    ]
    assert lines[-1]["config_digest"] == result.config_digest
    assert trace.error is None


def test_records_are_valid_json() -> None:
    values = {"a": math.nan, "b": [math.inf, 1.5, np.float64("inf")], "c": np.int64(3), 4: (True, None, "x")}
    assert plain(values) == {"a": None, "b": [None, 1.5, None], "c": 3, "4": [True, None, "x"]}
    assert json.loads(dumps(values)) == plain(values)


def test_a_file_that_fails_is_removed_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    file = LineFile(str(path), line_buffered=True)
    file.line("one")

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    real = file._file
    file._file = type("Full", (), {"write": full, "close": real.close, "closed": False})()  # type: ignore[assignment]
    file.line("two")
    assert str(file.error) == f"{path}: cannot be written: No space left on device"
    assert not path.exists()
    file.line("three")
    file.close()
    assert not path.exists()


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file or directory"):
        LineFile(str(tmp_path / "none" / "x.log"))


# --- displays -----------------------------------------------------------------------------------


def test_milestones() -> None:
    seen, k = [], 0
    while k < 1000:
        k = milestone_after(k)
        seen.append(k)
    assert seen == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


def state(iteration: int) -> PumpState:
    x = np.zeros(2)
    lp = LpResult(LpStatus.OPTIMAL, x, 1, 0.0, "dual")
    return PumpState(iteration, x, x, x, (), lp, Violation(0, 0, 0), 3, 2, 0.0, {"flip": 4}, {"cost": 0.25})


class SetClock:
    """A clock that the test sets, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_at_growing_intervals() -> None:
    out: list[str] = []
    lines = Lines(out.append, Columns(["cost"], SetClock()))
    for k in range(101):
        lines.iterate(state(k))
    assert [int(line.split()[0]) for line in out[1:]] == [0, 1, 2, 5, 10, 20, 50, 100]
    assert out[0].split() == ["iter.", "frac.", "viol.", "cost", "flips", "pert.", "LP", "iter.", "time"]
    assert out[-1].split() == ["100", "2", "3", "0.25", "4", "0", "0", "0.0s"]
    assert len({len(line) for line in out}) == 1


def test_lines_are_never_silent() -> None:
    out: list[str] = []
    clock = SetClock()
    lines = Lines(out.append, Columns([], clock))
    for clock.now in np.arange(0.0, 35.0, 0.1):
        lines.refresh()
    assert out[1:] == [f"  ... in the first LP, {n} s" for n in (10, 20, 30)]
    lines.iterate(state(0))
    for k in range(51, 60):
        clock.now += 2.6
        lines.iterate(state(k))
    assert [int(line.split()[0]) for line in out[5:]] == [51, 53, 55, 57, 59]


def test_every_line_on_wish() -> None:
    out: list[str] = []
    lines = Lines(out.append, Columns([], SetClock()), every_iteration=True)
    for k in range(30):
        lines.iterate(state(k))
    assert len(out) == 31


@pytest.mark.parametrize("display", ["lines", "live"])
def test_a_line_for_each_solution(display: str, capsys: pytest.CaptureFixture[str]) -> None:
    out: list[str] = []
    columns = Columns([], SetClock())
    shown = Lines(out.append, columns) if display == "lines" else LiveTable(columns)
    for value in (7.5, -3.0):
        shown.incumbent(Incumbent(0.25, value, "pump"))
        shown.iterate(state(0))
    shown.close()
    text = "\n".join(out) + capsys.readouterr().err
    assert text.count("solution with objective 7.5, 0.25 s") == 1
    assert text.count("solution with objective -3, 0.25 s") == 1


@pytest.mark.parametrize("display", ["lines", "live"])
def test_observers_cost_microseconds(display: str) -> None:
    columns = Columns(["cost"], clock)
    shown = Lines(lambda text: None, columns) if display == "lines" else LiveTable(columns)
    at = state(1)
    shown.iterate(at)
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(1000):
            shown.iterate(at)
            shown.refresh()
        best = min(best, (time.perf_counter() - start) / 1000)
    shown.close()
    assert best < 20e-6, f"{best * 1e6:.1f} us an iteration"
