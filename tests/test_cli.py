"""The output and the exit code of every command."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, GAP, endless, process

import diffpump
from diffpump.cli import run
from diffpump.config.presets import PRESETS, config

KEYS = {
    "status", "message", "found", "objective", "lp_bound", "sense", "iterations", "restarts", "restart_ratio",
    "arms", "complete", "certificate", "notices",
    "lp_solves", "lp_iterations", "lp_algorithm", "counters", "incumbents", "seconds", "violation",
    "solutions", "differences",
    "exactly_feasible", "proof", "instance", "config", "config_digest", "seed", "versions", "solution_file",
    "errors", "exit_code",
}  # fmt: skip


PLAIN = ["integrality:1", "regularisation:0.1"]

# --- solve --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "last"),
    [("DP4", "solving the first LP"), ("auto", "      time          objective  gap to LP  arm")],
)
def test_streams(preset: str, last: str) -> None:
    """The log is on standard error, the configuration first; standard output has one JSON object."""
    done = process("solve", GAP, "--json", "--seed", "3", "--preset", preset, "--stop", "first")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    first, *rest = done.stderr.splitlines()
    assert first.startswith(
        f"diffpump {diffpump.__version__}, preset {preset}, config {found['config_digest']}: "
    )
    assert rest[0] == f"reading {GAP}"
    assert rest[1].startswith("gap-3x8-s0: 11 rows, 24 columns (24 binary")
    assert rest[2] == last
    assert "feasible: a solution was found and verified exactly" in done.stderr


@pytest.mark.parametrize("args", [[], ["--preset", "DP4"]])
def test_json_keys(args: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solution = str(tmp_path / "x.sol")
    assert run(["solve", GAP, "--json", "-q", "--stop", "first", *args, "--solution-file", solution]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert (found["status"], found["found"], found["sense"], found["errors"]) == (
        "feasible",
        True,
        "minimise",
        [],
    )
    assert set(found["restarts"]) == {"flip", "perturbation"}
    assert set(found["seconds"]) == {"total", "read", "lp", "check", "first_solution"}
    assert set(found["violation"]) == {"rows", "bounds", "integrality"}
    assert set(found["instance"]) == {
        "name", "sha256", "rows", "columns", "nonzeros", "binaries", "integers",
    }  # fmt: skip
    assert found["solution_file"] == solution
    assert run(["check", GAP, solution, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["objective"] == found["objective"]


def test_closing_block(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", GAP, "--preset", "DP4"]) == 0
    out = capsys.readouterr().out
    expected = r"""feasible: a solution was found and verified exactly
  objective   \d+ \(minimise\)
  verified    against the original file: violations rows 0, bounds 0, integrality 0, exactly feasible
  iterations  \d+ \(\d+ flips, \d+ perturbations, restart ratio [\d.]+\)
  LP          \d+ solves, \d+ simplex iterations
  time        [\d.]+ s \(read [\d.]+, lp [\d.]+, check [\d.]+\)
  solution    not written; add --solution-file gap-3x8-s0.sol
"""
    assert re.fullmatch(expected, out), out


def test_the_engines_closing_block(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", GAP, "--time-limit", "20"]) == 0
    out = capsys.readouterr().out
    expected = r"""feasible: a solution was found and verified exactly
  objective   446 \(minimise\)
  LP bound    [\d.]+ \(gap [\d.]+%\)
  verified    against the original file: violations rows 0, bounds 0, integrality 0, exactly feasible
  solutions   \d+, the first at [\d.]+ s by [a-z-]+(, the last at [\d.]+ s by [a-z-]+)?
  search      complete: branch and cut \(HiGHS\) reports that no better solution exists \(not verified .*\)
  arms        [a-z-]+: [\d.]+ s, \d+ solutions?
(              [a-z-]+: [\d.]+ s, \d+ solutions?
)*(              and \d+ more without a solution, each below 5% of the time
)?  time        [\d.]+ s \(read [\d.]+, check [\d.]+\)
  solution    not written; add --solution-file gap-3x8-s0.sol
"""
    assert re.fullmatch(expected, out), out


@pytest.mark.parametrize("preset", ["auto", "DP4"])
def test_quiet(preset: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", GAP, "-q", "--stop", "first", "--preset", preset]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == 2


def test_verbose_prints_every_iteration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "m.mps"
    model.write_text(endless())
    assert run(["solve", str(model), "-v", "--max-iter", "30"]) == 10
    rows = re.findall(r"^ +(\d+) .*s$", capsys.readouterr().err, re.MULTILINE)
    assert [int(row) for row in rows] == list(range(31))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_configuration_line_makes_the_run_again(preset: str, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["--preset", preset, "--seed", "2", "--max-iter", "7", "--set", "optimizer.eta=0.25", "--paper"]
    run(["solve", GAP, *args])
    first = capsys.readouterr().err.splitlines()[0]
    run(["solve", GAP, *shlex.split(first.partition(": ")[2])])
    assert capsys.readouterr().err.splitlines()[0] == first


@pytest.mark.parametrize(
    "args",
    [
        ["--stop", "first", "--time-limit", "9"],
        ["--stop", "gap-to-lp=0.5", "--seed", "2", "--time-limit", "5", "--deterministic"],
        ["--stop", "objective=1e9", "--stop", "gap-to-lp=0.5", "--time-limit", "5"],
    ],
)
def test_the_engines_configuration_line_makes_the_run_again(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["solve", GAP, *args])
    first = capsys.readouterr().err.splitlines()[0]
    run(["solve", GAP, *shlex.split(first.partition(": ")[2])])
    assert capsys.readouterr().err.splitlines()[0] == first


def test_zero_iterations_are_the_pumps_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", GAP, "--max-iter", "0"]) == 10
    assert ", preset DP4 (implied by --max-iter), " in capsys.readouterr().err
    assert run(["solve", GAP, "--max-iter", "0", "--preset", "auto"]) == 2
    assert "--max-iter is an option of the pump's presets" in capsys.readouterr().err


def test_an_option_of_the_pumps_means_the_pump(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", GAP, "--loss", "integrality:1", "--loss", "regularisation:0.1"]) == 0
    first = capsys.readouterr().err.splitlines()[0]
    assert f", preset DP4 (implied by --loss), config {config(losses=PLAIN).digest}: --preset DP4 " in first


def test_options_make_the_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    run(
        shlex.split(
            f"solve {GAP} --json -q --preset fp --loss integrality:2,order=2 --loss cost:0.5 "
            "--rounding nearest --jacobian perturbation,samples=2 --optimizer adam,eta=0.1 --restart none "
            "--time-limit none --max-iter 3 --set losses.cost=0.25 --set repair=off --set lp_start=cold"
        )
    )
    found = json.loads(capsys.readouterr().out)
    expected = config(
        "FP", losses=["integrality:2,order=2", "cost:0.25"], rounding="nearest", restarts=(), max_iter=3,
        jacobian="perturbation,samples=2", optimizer="adam,eta=0.1", time_limit=None, repair="off",
        lp_start="cold",
    )  # fmt: skip
    assert found["config"] == json.loads(json.dumps(expected.as_dict()))
    assert found["config_digest"] == expected.digest


def test_standard_input(capsys: pytest.CaptureFixture[str]) -> None:
    with Path(GAP).open("rb") as model:
        done = subprocess.run(
            [*COMMAND, "solve", "-", "-q", "--json", "--stop", "first"],
            stdin=model,
            capture_output=True,
            timeout=60,
        )
    assert done.returncode == 0
    assert json.loads(done.stdout)["proof"] == "original file"


def test_every_output_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = {"--solution-file": "x.json", "--log-file": "x.log", "--trace": "x.jsonl", "--plot": "x.svg"}
    options = [word for option, name in outputs.items() for word in (option, str(tmp_path / name))]
    assert run(["solve", GAP, *options]) == 0
    out, err = capsys.readouterr()
    assert {path.name for path in tmp_path.iterdir()} == set(outputs.values())
    log = (tmp_path / "x.log").read_text()
    assert "\x1b" not in log
    assert log.startswith(err.splitlines()[0])
    assert log.endswith(out)
    assert run(["check", GAP, str(tmp_path / "x.json")]) == 0


# --- the other commands -------------------------------------------------------------------------


def test_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, solution = tmp_path / "m.mps", tmp_path / "m.sol"
    model.write_text(
        "NAME m\nROWS\n N obj\n L cap\nCOLUMNS\n M 'MARKER' 'INTORG'\n x obj 1 cap 1\n y obj 1 cap 1\n"
        " M 'MARKER' 'INTEND'\nRHS\n R cap 1\nBOUNDS\n BV B x\n BV B y\nENDATA\n"
    )
    solution.write_text("=obj= 1\nx 1\n")
    assert run(["check", str(model), str(solution)]) == 0
    assert capsys.readouterr().out == (
        "accepted: exactly feasible, in exact arithmetic against the original file\n"
        "  objective   1 (the file says 1)\n"
        "  violations  rows 0, bounds 0, integrality 0\n"
    )
    solution.write_text("x 1\ny 1.5\n")
    assert run(["check", str(model), str(solution)]) == 5
    assert capsys.readouterr().out == (
        "rejected: not feasible within 1e-6, in exact arithmetic against the original file\n"
        "  objective   2.5\n"
        "  violations  rows 1.5, bounds 0.5, integrality 0.5\n"
        "  row cap: violated by 1.5, activity 2.5, allowed [-inf, 1]\n"
        "  column y: violated by 0.5, value 1.5, allowed [0, 1]\n"
    )
    assert run(["check", str(model), str(solution), "--json"]) == 5
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["worst_rows"][0]["name"], found["worst_rows"][0]["lo"]) == (
        "rejected",
        "cap",
        None,
    )
    solution.write_text("z 1\n")
    assert run(["check", str(model), str(solution)]) == 3
    assert capsys.readouterr().err == f"diffpump: error: {solution}: the model has no column z\n"


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", GAP, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["columns"], found["binaries"], found["continuous"]) == (11, 24, 24, 0)
    assert found["row_kinds"] == {"set partitioning": 8, "knapsack": 3}
    assert found["bounds"] == {"fixed": 0, "boxed": 24, "one_sided": 0, "free": 0}
    assert run(["info", GAP]) == 0
    assert "row kinds       8 set partitioning, 3 knapsack\n" in capsys.readouterr().out


ROWS = {
    "empty": " L 0",
    "free": " N 0 a 1 b 1",
    "singleton": " G 1 a 2",
    "aggregation": " E 1 a 1 x 2",
    "precedence": " L 0 a 1 b -1",
    "variable bound": " L 0 a -9 x 1",
    "set partitioning": " E 1 a 1 b 1 c 1",
    "set packing": " L 2 a 2 b 2 c 2",
    "set covering": " G 0 a 1 b 1 c -1",
    "cardinality": " E 2 a 1 b 1 c 1",
    "invariant knapsack": " L 2 a 1 b 1 c 1",
    "equation knapsack": " E 5 a 1 b 2 c 4",
    "knapsack": " L 5 a 1 b 2 c 4",
    "integer knapsack": " L 5 a 1 b 2 i 4",
    "mixed binary": " L 5 a 1 b 2 x 4",
    "equality": " E 5 x 1 y 2 i 4",
    "inequality": " G 5 x 1 y 2 i 4.5",
}


@pytest.mark.parametrize("kind", ROWS)
def test_row_kinds(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sense, rhs, *entries = ROWS[kind].split()
    coefficients = dict(zip(entries[::2], entries[1::2], strict=True))
    columns = [f" {name} obj 1 r {coefficients.get(name, 0)}" for name in "abcixy"]
    columns = [" M 'MARKER' 'INTORG'", *columns[:4], " M 'MARKER' 'INTEND'", *columns[4:]]
    bounds = [" BV B a", " BV B b", " BV B c", " UP B i 9"]
    model = tmp_path / "m.mps"
    sections = ["ROWS", " N obj", f" {sense} r", "COLUMNS", *columns, "RHS", f" R r {rhs}", "BOUNDS", *bounds]
    model.write_text("\n".join(["NAME m", *sections, "ENDATA", ""]))
    assert run(["info", str(model), "--json"]) == 0
    # A second N row is no constraint, so a reader may leave it out.
    assert json.loads(capsys.readouterr().out)["row_kinds"] in ({kind: 1}, {} if kind == "free" else None)


def test_presets(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["presets"]) == 0
    out = capsys.readouterr().out
    assert "--loss integrality:10,order=2 --loss feasibility:0.001 --loss regularisation:0.1" in out
    assert run(["presets", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {
        "presets", "losses", "roundings", "jacobians", "optimizers", "restarts", "multipliers",
    }  # fmt: skip
    assert {name: about["digest"] for name, about in found["presets"].items()} == {
        name: preset.digest for name, preset in PRESETS.items()
    }
    assert run(["presets", "--engine"]) == 0
    assert "Feasibility Jump on the original model" in capsys.readouterr().out
    assert run(["presets", "--engine", "--json"]) == 0
    assert {"raw", "pump", "mip"} < set(json.loads(capsys.readouterr().out)["arms"])


def test_generate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ["generate", "gap", "--seed", "1", "--set", "agents=2", "--set", "jobs=4"]
    assert run(args) == 0
    text = capsys.readouterr().out
    assert run([*args, "-o", str(tmp_path / "x.mps")]) == 0
    assert (tmp_path / "x.mps").read_text() == text
    assert run(["generate"]) == 0
    assert "setcover" in capsys.readouterr().out
    assert run([*args, "-o", str(tmp_path / "x.txt")]) == 2
    for name in ("a.json", "b.json"):
        assert run(["generate", "mkpc", "--seed", "4", "--set", "items=9", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert run(["compact", str(tmp_path / "a.json")]) == 0
    assert "9 items" in capsys.readouterr().out
    assert run([*args, "-o", str(tmp_path / "x.json")]) == 2 and not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_DIFFPUMP_COMPLETE" in capsys.readouterr().out


def test_completion_of_presets() -> None:
    words = {
        "COMP_WORDS": "diffpump solve --preset D",
        "COMP_CWORD": "3",
        "_DIFFPUMP_COMPLETE": "bash_complete",
    }
    done = process(env={**os.environ, **words})
    assert done.stdout.split() == [f"plain,{name}" for name in PRESETS if name.lower().startswith("d")]


def test_completion_of_goals() -> None:
    words = {
        "COMP_WORDS": "diffpump solve --stop g",
        "COMP_CWORD": "3",
        "_DIFFPUMP_COMPLETE": "bash_complete",
    }
    assert process(env={**os.environ, **words}).stdout.split() == ["plain,gap-to-lp="]


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"diffpump {diffpump.__version__}\n"
    for args in (
        ["-h"],
        *([name, "-h"] for name in ("solve", "check", "info", "presets", "generate", "completion")),
    ):
        assert run(args) == 0
        assert capsys.readouterr().out.startswith("Usage: diffpump")
    assert run([]) == 2


# --- bugs ---------------------------------------------------------------------------------------


def test_a_bug_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("diffpump.io.read.read", broken)
    assert run(["info", GAP]) == 1
    err = capsys.readouterr().err
    assert err.startswith("diffpump: error: internal error, please report it: RuntimeError: two lines (")
    assert err.count("\n") == 1
    monkeypatch.setenv("DIFFPUMP_TRACEBACK", "1")
    assert run(["info", GAP]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["cli.report.closing_lines", "progress.SearchStatus.slice"])
def test_a_bug_costs_no_solution(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verified solution is in its file, whatever fails after it was found."""

    def broken(*args: object, **options: object) -> None:
        if list(tmp_path.iterdir()) or "report" in place:
            raise RuntimeError("broken")

    monkeypatch.setattr(f"diffpump.{place}", broken)
    solution = tmp_path / "x.sol"
    assert run(["solve", GAP, "--json", "--time-limit", "30", "--solution-file", str(solution)]) == 1
    out, err = capsys.readouterr()
    assert err.splitlines()[-1].startswith("diffpump: error: internal error, please report it: RuntimeError")
    assert json.loads(out)["exit_code"] == 1
    assert run(["check", GAP, str(solution)]) == 0


def test_out_of_memory(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def large(path: str, check: object) -> None:
        raise MemoryError

    monkeypatch.setattr("diffpump.io.read.read", large)
    assert run(["solve", GAP, "-q"]) == 1
    assert capsys.readouterr().err == "diffpump: error: out of memory\n"
