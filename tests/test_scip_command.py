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


NEGATIVE_UPPER = (
    "NAME ub\nROWS\n N obj\n G low\nCOLUMNS\n u obj 1 low 1\n v obj 5 low 1\nRHS\n R low -8\n"
    "BOUNDS\n UP B u -3\n UP B v 1\nENDATA\n"
)
BRACKETS = (
    "min\n obj: 2 x[0] + 3 x[1]\nst\n c[0,1]: x[0] + x[1] >= 4\nbounds\n x[0] <= 3\n"
    "generals\n x[0] x[1]\nend\n"
)
CONSTANT = "max\n 5 - u\nst\n u - 1 >= 2\nintegers\n u\nend\n"


@pytest.mark.parametrize(
    ("text", "suffix", "value"),
    [(NEGATIVE_UPPER, "mps", -8), (BRACKETS, "lp", 9), (CONSTANT, "lp", 2)],
)
def test_the_model_is_the_one_that_solve_reads(
    text: str, suffix: str, value: float, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, solution = tmp_path / f"model.{suffix}", tmp_path / "best.sol"
    path.write_text(text)
    code, record = scip(capsys, str(path), "--solution-file", str(solution))
    assert (code, record["objective"], record["proof"]) == (0, value, "original file")
    assert record["complete"] and record["config"]["native_reader"] is False
    assert run(["check", str(path), str(solution)]) == 0


def test_scips_own_reader_on_request(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "model.mps"
    path.write_text(NEGATIVE_UPPER)
    assert run(["scip", str(path), "--native-reader", "--json", "-q"]) == 10  # SCIP keeps 0 <= u
    record = json.loads(capfd.readouterr().out)
    assert not record["found"] and record["config"]["native_reader"] is True
    (tmp_path / "model.lp").write_text(BRACKETS)
    assert run(["scip", str(tmp_path / "model.lp"), "--native-reader"]) == 3
    assert "SCIP's reader refuses the file" in capfd.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "min\n y\nst\n c: 1e-10 x + y >= 1\nbounds\n x <= 1e10\nbinaries\n y\nend\n",
        "min\n x0\nst\n c: x0 + 1e-09 x1 >= 1\nbounds\n x1 <= 2e9\ngeneral\n x0 x1\nend\n",
        "min\n x\nst\n c: x >= 9007199254740993\ngenerals\n x\nend\n",
    ],
)
def test_no_claim_about_a_model_that_scip_cannot_hold(
    text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """SCIP drops small coefficients and rounds large sides, and then proves something about another model."""
    path = tmp_path / "model.lp"
    path.write_text(text)
    assert scip(capsys, str(path))[1]["complete"] is None


def test_an_unbounded_model_ends_in_order(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "model.lp"
    path.write_text("max\n obj: u + v\nst\n c: u - w <= 3\nbounds\n v <= 10\nend\n")
    code, record = scip(capsys, str(path))
    assert (code, record["status"]) in ((12, "unbounded"), (0, "feasible")) and not record["complete"]


@pytest.mark.parametrize("cost", ["1e20", "1e300"])
def test_a_number_that_scip_takes_as_infinite(
    cost: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "model.lp"
    path.write_text(f"min\n {cost} x + y\nst\n c: x + y >= 1\nbinaries\n x y\nend\n")
    assert run(["scip", str(path), "-q"]) == 3
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "as infinite: column x has a cost of 1e+" in err


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


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("min\n x + y\nst\n a: x + y >= 5\n b: x + y <= 3\ngenerals\n x y\nend\n", 11, "dual ray"),
        ("min\n x\nst\n a: x >= 0\nbounds\n 1.2 <= x <= 1.8\ngenerals\n x\nend\n", 11, "integer column"),
        ("max\n u + v\nst\n a: u - w <= 3\nbounds\n v <= 10\nend\n", 12, "primal ray"),
    ],
)
def test_what_scip_reports_is_proven(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, code: int, kind: str
) -> None:
    path = tmp_path / "model.lp"
    path.write_text(text)
    ended, record = scip(capsys, str(path))
    certificate = record["certificate"]
    assert ended == code and isinstance(certificate, dict) and certificate["kind"] == kind
