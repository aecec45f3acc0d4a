"""`diffpump scip`: SCIP with the pump, from the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import GAP, market_split

pytest.importorskip("pyscipopt")

from diffpump.cli import run
from diffpump.io.write import write_mps

CFLP = str(Path(GAP).parent / "cflp-6x8-s0.mps")


def scip(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, object]]:
    """Run `diffpump scip` and return its exit code and record."""
    code = run(["scip", *args, "--json", "-q"])
    out, err = capsys.readouterr()
    assert err == ""
    return code, json.loads(out)


def test_the_optimum_with_who_found_what(capsys: pytest.CaptureFixture[str]) -> None:
    code, record = scip(capsys, CFLP, "--param", "heuristics/diffpump/freq=1")
    assert (code, record["status"], record["found"]) == (0, "feasible", True)
    claim = record["complete"]
    assert isinstance(claim, dict) and claim["by"] == "branch and cut (SCIP)" and not claim["proven"]
    assert record["proof"] == "original file" and record["exit_code"] == 0
    incumbents, arms, counters = record["incumbents"], record["arms"], record["counters"]
    assert isinstance(incumbents, list) and isinstance(arms, dict) and isinstance(counters, dict)
    assert incumbents and incumbents[-1]["objective"] == record["objective"]
    assert {point["arm"] for point in incumbents} <= set(arms)
    assert counters["calls"] >= counters["runs"] and counters["errors"] == counters["rejected"] == 0


def test_rows_as_they_come_and_what_the_pump_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scip", CFLP]) == 0
    out, err = capsys.readouterr()
    assert "objective" in err and "heuristic" not in err
    assert "branch and cut (SCIP) reports" in out and "pump        called" in out and "of the time" in out


def test_the_solution_file_is_the_best(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "best.sol"
    code, record = scip(capsys, GAP, "--solution-file", str(path))
    assert code == 0 and record["solution_file"] == str(path)
    assert run(["check", GAP, str(path)]) == 0
    assert f"{record['objective']:g}" in capsys.readouterr().out


def test_compressed_and_misnamed_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import bz2

    path = tmp_path / "model.bin"
    path.write_bytes(bz2.compress(Path(GAP).read_bytes()))
    assert scip(capsys, str(path))[1]["objective"] == scip(capsys, GAP)[1]["objective"]


def test_no_solution(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """SCIP reports that there is no solution, which does not prove infeasibility."""
    path = tmp_path / "odd.mps"
    path.write_text(
        "NAME odd\nROWS\n N obj\n E r\nCOLUMNS\n M 'MARKER' 'INTORG'\n x r 2\n y r 2\n M 'MARKER' 'INTEND'\n"
        "RHS\n R r 3\nBOUNDS\n UP B x 9\n UP B y 9\nENDATA\n"
    )
    code, record = scip(capsys, str(path))
    assert (code, record["status"], bool(record["complete"])) == (10, "reported_infeasible", True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--param", "heuristics/nonsense=1"], "no parameter"),
        (["--param", "limits/nodes=many"], "does not take"),
        (["--param", "limits/nodes"], "NAME=VALUE"),
        (["--param", "limits/time=5"], "time limit"),
        (["--set", "maxloop=3"], "maxloop"),
        (["--set", "max_iter=3"], "maxloops"),
        (["--preset", "DP9"], "DP9"),
        (["--solution-file", "x.txt"], ".sol"),
    ],
)
def test_options_that_do_not_fit(args: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scip", GAP, *args]) == 2
    assert words in capsys.readouterr().err


def test_without_pyscipopt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.modules["diffpump.cli.scip"], "find_spec", lambda name: None)
    assert run(["scip", GAP]) == 2
    assert "pip install" in capsys.readouterr().err


def test_the_model_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.sol"
    path.write_bytes(Path(GAP).read_bytes())
    assert run(["scip", str(path), "--solution-file", str(path)]) == 2
    assert "overwrite" in capsys.readouterr().err and path.read_bytes() == Path(GAP).read_bytes()


def test_limits_and_signals(tmp_path: Path) -> None:
    """The run ends at the time limit; Ctrl-C ends it early, and the result is printed."""
    path = tmp_path / "market.mps"
    write_mps(market_split(), path)
    command = [sys.executable, "-m", "diffpump", "scip", str(path), "--json", "-q"]
    began = time.monotonic()
    limited = subprocess.run([*command, "--time-limit", "2"], capture_output=True, text=True)
    assert time.monotonic() - began < 5
    assert json.loads(limited.stdout)["status"] == "time_limit" and limited.returncode == 10
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=10)
    record = json.loads(out)
    assert (process.returncode, record["exit_code"], record["status"]) == (130, 130, "interrupted")
    assert time.monotonic() - began < 6
