"""What users of other solvers type first: it works, or one line says what to write."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from command import GAP

import diffpump
from diffpump.cli import cli, run
from diffpump.cli.habits import FOREIGN_COMMANDS, FOREIGN_OPTIONS
from diffpump.cli.solve import solve

# What follows `diffpump solve m.mps`, or with `m.mps` in it `diffpump`, and what is written instead.
OPTIONS = {
    "--gap 0.01": "write --until gap-to-lp=0.01 (",
    "--MIPGap=1e-3": "write --until gap-to-lp=1e-3 (",
    "--mip_rel_gap 0.1": "write --until gap-to-lp=0.1 (",
    "-ratio 0.1": "write --until gap-to-lp=0.1 (",
    "--gap": "write --until gap-to-lp=0.01 (",
    "--objective-target 7": "write --until objective=7 (",
    "--objective_target -7": "write --until objective=-7 (",
    "--BestObjStop=7": "write --until objective=7 (",
    "--initial-solution x.sol": "write --start x.sol (",
    "--mipstart x.mst": "write --start x.mst (",
    "--mip-start=x.mst": "write --start x.mst (",
    "--read_solution_file x.sol": "write --start x.sol (",
    "-t 10": "write --time-limit 10 (",
    "-time 10": "write --time-limit 10 (",
    "-sec 10": "write --time-limit 10 (",
    "--timelimit 10": "write --time-limit 10 (",
    "-o out.sol": "write --solution-file out.sol (",
    "--output out.sol": "write --solution-file out.sol (",
    "-o 'my plan.sol'": "write --solution-file 'my plan.sol' (",
    "--random_seed 3": "write --seed 3 (",
    "-s 3": "write --seed 3 (",
    "-s scip.set": "write --config scip.set (toml) (",
    "-threads 2": "write --threads 2 (",
    "--treads 2": "write --threads 2 (",
    "--maximize": "write the sense of the objective into the file (",
    "--presolve off": "no such option '--presolve' (",
    "--unheard-of": "no such option '--unheard-of' (",
    "-q --unheard-of": "no such option '--unheard-of' (",
    # whole lines of cbc, gurobi_cl, scip, glpsol and highs
    "m.mps -sec 60 -solve -solu x.sol": (
        "'-sec', '-solve', '-solu': write --time-limit 60 --solution-file x.sol and leave out -solve ("
    ),
    "TimeLimit=60 ResultFile=x.sol m.mps": "write --time-limit 60 --solution-file x.sol (",
    "m.mps TimeLimit=60": "no such option 'timelimit': write --time-limit 60 (",
    "-f m.mps -l scip.log": "write m.mps --log-file scip.log (",
    "-c 'read m.mps' -c optimize": "write options instead of commands",
    "--freemps m.mps --tmlim 60 -o x.txt": "write m.mps --time-limit 60 --solution-file x.txt (",
    "--model_file m.mps --mip_rel_gap 0.1 --threads 2": "write m.mps --until gap-to-lp=0.1 (",
}


def refused(capsys: pytest.CaptureFixture[str], args: list[str]) -> str:
    """Return the one line on standard error of a command that ends with exit code 2."""
    assert run(args) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("diffpump: error: ") and err.count("\n") == 1
    return err


@pytest.mark.parametrize("line", OPTIONS)
def test_options_of_other_solvers(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    Path("m.mps").write_text(Path(GAP).read_text())
    words = shlex.split(line)
    args = words if "m.mps" in line else ["solve", "m.mps", *words]
    assert OPTIONS[line] in refused(capsys, args).lower()
    assert [path.name for path in tmp_path.iterdir()] == ["m.mps"]


def test_the_advice_is_to_options_that_exist() -> None:
    known = {name for parameter in solve.params for name in parameter.opts}
    for name, advice in FOREIGN_OPTIONS.items():
        assert advice[:2] != "--" or advice.split(" ")[0] in known
        assert f"--{name}" not in known and f"-{name}" not in known


def test_the_advice_of_another_command_is_to_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert "'-t': write --time-limit 3 (" in refused(capsys, ["explain", GAP, "-t", "3"])
    assert "'--gap' (" in refused(capsys, ["explain", GAP, "--gap", "0.1"])
    assert "'-t': write --time-limit 3 (" in refused(capsys, ["scip", GAP, "-t", "3"])


LINES = {
    "a model alone": [GAP, "--until", "first"],
    "underscores": [GAP, "--time_limit=5", "--until", "first"],
    "options first": ["--time_limit", "5", "--until", "first", GAP],
}


@pytest.mark.parametrize("line", LINES)
def test_a_model_needs_no_command(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*LINES[line], "--json", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["found"] and found["config"]["time_limit"] == (60 if line == "a model alone" else 5)


def test_a_file_without_a_suffix_is_a_model_and_a_command_comes_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("plan", "presets"):
        Path(name).write_text(Path(GAP).read_text())
    assert run(["plan", "--until", "first", "-q"]) == 0
    assert "objective" in capsys.readouterr().out
    assert run(["presets"]) == 0
    assert "DP4" in capsys.readouterr().out


def test_a_model_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["nosuch.mps"]) == 3
    assert "nosuch.mps: cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["-V", "--version"])
def test_version(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word]) == 0
    assert capsys.readouterr().out == f"diffpump {diffpump.__version__}\n"


@pytest.mark.parametrize(("line", "says"), [("help", "Commands:"), ("help check", "Usage: diffpump check")])
def test_help(line: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 0
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("optimize", "No such command 'optimize': write diffpump solve ("),
        ("version", "No such command 'version': write diffpump --version ("),
        ("solv", "No such command 'solv': write diffpump solve ("),
        ("air05", "'air05' is neither a command nor a file ("),
        ("x" * 5000, "is neither a command nor a file ("),
    ],
)
def test_commands_that_do_not_exist(word: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert advice in refused(capsys, [word])


def test_the_advice_is_to_commands_that_exist() -> None:
    for name, command in FOREIGN_COMMANDS.items():
        assert name not in cli.commands
        assert command in cli.commands or command == "--version"


def test_the_shell_completes_the_name_of_a_model() -> None:
    context = click.Context(cli, info_name="diffpump")
    assert [item.value for item in cli.shell_complete(context, "sol")] == ["solve"]
    assert [item.type for item in cli.shell_complete(context, "mod")] == ["file"]
