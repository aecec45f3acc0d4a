"""Whatever is wrong with input or outputs: the right exit code, one clear line, nothing left behind."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from command import process

from diffpump.backends.interface import BACKENDS
from diffpump.cli import run

GOOD = """NAME tiny
ROWS
 N obj
 L c1
 G c2
COLUMNS
 M 'MARKER' 'INTORG'
 x obj 1 c1 1
 x c2 1
 y obj 2 c1 1
 M 'MARKER' 'INTEND'
RHS
 R c1 1 c2 1
BOUNDS
 BV B x
 BV B y
ENDATA
"""


def changed(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


PACKED = gzip.compress(GOOD.encode() * 50)

# name of the file, its bytes, exit code, what the line must say (lower case)
REFUSED = {
    "empty": ("m.mps", b"", 3, "m.mps"),
    "only blanks": ("m.mps", b"\n  \n", 3, "m.mps"),
    "text": ("m.mps", b"hello world\n", 3, "m.mps:1:"),
    "binary": ("m.mps", bytes(range(256)), 3, "m.mps"),
    "truncated": ("m.mps", GOOD.encode()[:80], 3, "m.mps"),
    "no ENDATA": ("m.mps", changed("ENDATA\n", ""), 3, "endata"),
    "gzip cut": ("m.mps.gz", PACKED[: len(PACKED) // 2], 3, "compressed"),
    "gzip garbage": ("m.mps.gz", b"\x1f\x8b" + b"garbage" * 9, 3, "compressed"),
    "bzip2 garbage": ("m.mps", b"BZh" + b"garbage" * 9, 3, "compressed"),
    "bzip2 cut": ("m.mps", bz2.compress(GOOD.encode())[:-9], 3, "compressed"),
    "xz garbage": ("m.mps", b"\xfd7zXZ\x00" + b"garbage" * 9, 3, "compressed"),
    "NaN cost": ("m.mps", changed("x obj 1", "x obj nan"), 3, "m.mps:8:"),
    "NaN coefficient": ("m.mps", changed("x c2 1", "x c2 NaN"), 3, "m.mps:9:"),
    "infinite coefficient": ("m.mps", changed("x c2 1", "x c2 inf"), 3, "m.mps:9:"),
    "overflowing coefficient": ("m.mps", changed("x c2 1", "x c2 1e999"), 3, "m.mps:9:"),
    "no number": ("m.mps", changed("x c2 1", "x c2 1.0abc"), 3, "m.mps:9:"),
    "coefficient twice": ("m.mps", changed("x c2 1", "x c1 1"), 3, "c1"),
    "row twice": ("m.mps", changed(" G c2", " G c1"), 3, "m.mps:5:"),
    "column twice": ("m.mps", changed(" y obj 2 c1 1", " y obj 2 c1 1\n x c2 1"), 3, "m.mps"),
    "unknown row": ("m.mps", changed("x c2 1", "x c9 1"), 3, "m.mps:9:"),
    "unknown row in RHS": ("m.mps", changed("c2 1\nBOUNDS", "c9 1\nBOUNDS"), 3, "m.mps:13:"),
    "unknown column": ("m.mps", changed("BV B y", "BV z"), 3, "m.mps:16:"),
    "bound with two signs": ("m.mps", changed("BV B y", "UP B y +-inf"), 3, "m.mps:16:"),
    "unknown section": ("m.mps", changed("BOUNDS", "BONDS"), 3, "m.mps:14:"),
    "unknown bound type": ("m.mps", changed("BV B y", "XX B y"), 3, "m.mps:16:"),
    "lower above upper": ("m.mps", changed(" BV B y", " LO B y 3\n UP B y 2"), 3, "m.mps"),
    "SOS": ("m.mps", changed("ENDATA", "SOS\n S1 SOS s1\n SOS x 1\nENDATA"), 4, "sos"),
    "quadratic": ("m.mps", changed("ENDATA", "QUADOBJ\n x x 1\nENDATA"), 4, "quad"),
    "indicator": ("m.mps", changed("ENDATA", "INDICATORS\n IF c1 x 1\nENDATA"), 4, "indicator"),
    "semicontinuous": ("m.mps", changed("BV B y", "SC B y 4"), 4, "semi"),
    "general constraint": (
        "m.lp",
        b"min\n x\ngeneral constraints\n g: x = MAX ( 3 )\nend\n",
        4,
        "m.lp:3: general",
    ),
    "lp_solve's format": ("m.lp", b"max: 3x + 2y;\nc1: x + y <= 4;\n", 4, "lp_solve"),
    "lp without a sense": ("m.lp", b"hello\nsubject to\n x <= 1\nend\n", 3, "m.lp:1:"),
    "lp cut": ("m.lp", b"minimize\n x + 2 y\nsubject to\n c1: x + \n", 3, "m.lp"),
    "lp quadratic": ("m.lp", b"minimize\n [ x^2 ] / 2\nsubject to\n x <= 1\nend\n", 4, "quadratic"),
}


def refused(capsys: pytest.CaptureFixture[str], args: list[str], code: int) -> str:
    """Run; exactly one line on standard error, nothing on standard output; the line."""
    assert run(args) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("diffpump: error: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("case", REFUSED)
def test_refused_models(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, data, code, says = REFUSED[case]
    model = tmp_path / name
    model.write_bytes(data)
    for command in ("info", "solve"):
        args = [command, str(model), *(["-q"] if command == "solve" else [])]
        assert says in refused(capsys, args, code).lower()
    assert run(["solve", str(model), "-q", "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "error"
    assert found["exit_code"] == code
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_warning_about_the_model_is_one_line_of_the_log(tmp_path: Path) -> None:
    model = tmp_path / "m.mps"
    model.write_text("*SENSE:Maximize\n" + GOOD)
    solved = process("solve", str(model), "--json", "-q", "--preset", "FP")
    assert solved.returncode == 0 and json.loads(solved.stdout)["exit_code"] == 0
    assert (
        solved.stderr.startswith(f"diffpump: warning: {model}:1: a comment says")
        and solved.stderr.count("\n") == 1
    )
    told = process("info", str(model))
    assert told.returncode == 0 and told.stderr == solved.stderr and "warning" not in told.stdout
    model.write_text(GOOD)
    assert process("info", str(model)).stderr == ""


def test_a_refusal_is_in_the_log_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, log, trace = tmp_path / "m.mps", tmp_path / "m.log", tmp_path / "m.jsonl"
    model.write_bytes(REFUSED["unknown row"][1])
    args = ["solve", str(model), "-q", "--preset", "DP4", "--log-file", str(log), "--trace", str(trace)]
    line = refused(capsys, args, 3)
    assert log.read_text().splitlines()[-1] == line.rstrip("\n").removeprefix("diffpump: ")
    assert not trace.exists()


def test_unreadable_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.mps").write_text(GOOD)
    for path in (tmp_path, tmp_path / "none.mps", tmp_path / "a" / "b.mps"):
        refused(capsys, ["solve", str(tmp_path / "m.mps"), "-q", "--start", str(path)], 3)
        for args in (["solve", str(path), "-q"], ["info", str(path)], ["check", str(path), str(path)]):
            refused(capsys, args, 3)


def test_outputs_over_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The solution file alone may be the start's: it is read before."""
    (tmp_path / "m.mps").write_text(GOOD)
    start = tmp_path / "a.sol"
    start.write_text("x one\n")
    args = ["solve", str(tmp_path / "m.mps"), "-q", "--start", str(start)]
    assert "overwrite the start" in refused(capsys, [*args, "--log-file", str(start)], 2)
    assert "'one' is not a number" in refused(capsys, [*args, "--solution-file", str(start)], 3)
    assert start.read_text() == "x one\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "m.mps"
    model.write_text(GOOD)
    model.chmod(0)
    assert "denied" in refused(capsys, ["info", str(model)], 3)


# --- models that are valid, and what becomes of them ---------------------------------------------

CONTINUOUS = (
    GOOD.replace(" M 'MARKER' 'INTORG'\n", "")
    .replace(" M 'MARKER' 'INTEND'\n", "")
    .replace("BV B x", "UP B x 1")
    .replace("BV B y", "UP B y 1")
)
UNBOUNDED = GOOD.replace("x obj 1", "x obj -1").replace("BV B x", "PL B x").replace(" L c1", " G c1")
NO_INTEGER_POINT = GOOD.replace("c1 1 c2 1\n", "c1 1 c2 0.5\n").replace(" G c2", " E c2")
NO_COLUMNS = "NAME a\nROWS\n N obj\n L c1\nCOLUMNS\nRHS\n R c1 1\nENDATA\n"

# options, model, exit code, status
ENDS = {
    "as it is": ("", GOOD, 0, "feasible"),
    "infeasible LP": ("", GOOD.replace("c1 1 c2 1\n", "c1 1 c2 5\n"), 11, "infeasible"),
    "unbounded LP": ("", UNBOUNDED, 12, "unbounded"),
    "no integers": ("", CONTINUOUS, 0, "feasible"),
    "no rows": ("", "NAME a\nROWS\n N obj\nCOLUMNS\n x obj 1\nBOUNDS\n BV B x\nENDATA\n", 0, "feasible"),
    "no columns": ("", NO_COLUMNS, 0, "feasible"),
    "no columns, infeasible": ("", NO_COLUMNS.replace(" L c1", " G c1"), 11, "infeasible"),
    "nothing": ("", "NAME a\nROWS\n N obj\nCOLUMNS\nENDATA\n", 0, "feasible"),
    "no integer point": ("--max-iter 5", NO_INTEGER_POINT, 10, "iteration_limit"),
    "zero iterations": ("--max-iter 0", NO_INTEGER_POINT, 10, "iteration_limit"),
    "zero time": ("--time-limit 0", GOOD, 10, "time_limit"),
}


@pytest.mark.parametrize("backend", list(BACKENDS))
@pytest.mark.parametrize("case", ENDS)
def test_ends(case: str, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if backend == "scip":
        pytest.importorskip("pyscipopt")
        pytest.importorskip("diffpump.backends.scip")
    options, text, code, status = ENDS[case]
    model, solution = tmp_path / "m.mps", tmp_path / "m.sol"
    model.write_text(text)
    args = ["solve", str(model), "--json", "-q", "--backend", backend, "--solution-file", str(solution)]
    assert run([*args, *options.split()]) == code
    out, err = capsys.readouterr()
    first = next(name for name in ("--max-iter", "--backend") if name in (*args, *options.split()))
    assert err == f"{first} selects the pump alone, preset DP4, and not the engine\n"
    found = json.loads(out)
    assert (found["status"], found["exit_code"], found["found"]) == (status, code, code == 0)
    assert solution.exists() == (code == 0)
    if code == 0:
        assert run(["check", str(model), str(solution)]) == 0
    assert {path.name for path in tmp_path.iterdir()} <= {"m.mps", "m.sol"}


# --- usage --------------------------------------------------------------------------------------

USAGE = {
    "unknown option": ("--nonsense", "--nonsense"),
    "unknown preset": ("--preset DP9", "known: fp, dp1, dp2, dp3, dp4, dp1r"),
    "unknown backend": ("--backend gurobi", "highs"),
    "unknown loss": ("--loss nonsense", "integrality"),
    "unknown parameter": ("--loss integrality:1,colour=2", "order"),
    "infinite weight": ("--loss integrality:1e400", "finite"),
    "NaN weight": ("--loss integrality:nan", "finite"),
    "no number": ("--set time_limit=soon", "time_limit"),
    "no whole number": ("--set max_iter=true", "max_iter"),
    "preset as a setting": ("--set preset=FP", "--preset"),
    "no weight": ("--loss integrality:x", "number"),
    "unknown rounding": ("--rounding nonsense", "gaussian"),
    "unknown restart": ("--restart nonsense", "flip"),
    "unknown setting": ("--set nonsense=1", "nonsense"),
    "no value": ("--set repair", "key=value"),
    "negative seed": ("--seed -1", "seed"),
    "negative time": ("--time-limit -1", "time_limit"),
    "unknown goal": ("--stop soon", "first, time, gap-to-lp=number"),
    "goal without a number": ("--stop gap-to-lp", "gap-to-lp=0.01"),
    "goal with a word": ("--stop gap-to-lp=x", "gap-to-lp=0.01"),
    "goal with too much": ("--stop time=3", "first, time"),
    "negative gap": ("--stop gap-to-lp=-1", "gap must be"),
    "NaN gap": ("--stop gap-to-lp=nan", "gap must be"),
    "goal without an objective": ("--stop objective", "objective=100"),
    "NaN objective": ("--stop objective=nan", "objective_target must be"),
    "infinite objective": ("--stop objective=-inf", "objective_target must be"),
    "no threads": ("--threads 0", "threads must be"),
    "threads in words": ("--threads two", "threads"),
    "deterministic threads": ("--deterministic --threads 2", "one thread"),
    "goal of the engine": ("--preset FP --stop time", "option of auto"),
    "goal beside a pump's option": ("--loss cost:1 --stop gap-to-lp=0.1", "--loss implies preset dp4"),
    "threads of the pump": ("--preset DP1 --threads 1", "--threads is an option of auto"),
    "start of the pump": ("--preset DP1 --start m.mps", "--start is an option of auto"),
    "loss of the engine": ("--preset auto --loss cost:1", "--loss is an option of the pump's presets"),
    "NaN time": ("--time-limit nan", "time_limit"),
    "no time": ("--time-limit soon", "seconds"),
    "negative iterations": ("--max-iter -1", "max_iter"),
    "no iterations": ("--max-iter many", "max-iter"),
    "solution type": ("--solution-file x.txt", ".sol"),
    "trace type": ("--trace x.txt", ".jsonl"),
    "plot type": ("--plot x.pdf", ".png"),
    "quiet and verbose": ("-q -v", "exclude"),
    "two outputs in one": ("--trace x.jsonl --log-file x.jsonl", "overwrite"),
    "over the model": ("--log-file m.mps", "overwrite"),
}


@pytest.mark.parametrize("case", USAGE)
def test_usage(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options, says = USAGE[case]
    monkeypatch.chdir(tmp_path)
    Path("m.mps").write_text(GOOD)
    assert says in refused(capsys, ["solve", "m.mps", *options.split()], 2).lower()
    assert Path("m.mps").read_text() == GOOD
    assert len(list(tmp_path.iterdir())) == 1


# --- names and formats --------------------------------------------------------------------------

NAMES = {
    "hash": ("#u", [".mst"]),
    "infeas": ("=infeas=", []),
    "obj": ("=obj=", []),
    "no-break space": ("M\u00a0", []),
    "zero width": ("a\u200bb", []),
    "stars": ("**", []),
    "number": ("1e5", []),
}


@pytest.mark.parametrize("preset", ["auto", "DP4"])
@pytest.mark.parametrize("case", NAMES)
def test_no_solution_is_lost_for_a_name(
    case: str,
    preset: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A format that cannot hold a column's name is refused before the search."""
    name, refusing = NAMES[case]
    model = tmp_path / "m.mps"
    model.write_text(GOOD.replace(" y obj", f" {name} obj").replace("BV B y", f"BV B {name}"))
    for suffix in (".sol", ".mst", ".json"):
        target = tmp_path / f"a{suffix}"
        args = ["solve", str(model), "-q", "--preset", preset, "--solution-file", str(target)]
        if preset == "auto":
            args += ["--stop", "first"]
        if suffix in refusing:
            with monkeypatch.context() as patch:
                patch.setattr("diffpump.api.run", None)  # no search begins
                line = refused(capsys, args, 2)
            assert "cannot hold the column name '#u': write .sol or .json" in line
            assert not target.exists()
            continue
        assert run(args) == 0
        assert run(["check", str(model), str(target)]) == 0
        capsys.readouterr()
    args = ["solve", str(model), "-q", "--stop", "first", "--start", str(tmp_path / "a.json")]
    assert run(args) == 0
    assert capsys.readouterr().err == ""


def test_usage_without_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    for args in (
        ["solve"],
        ["check"],
        ["nonsense"],
        ["generate", "nonsense"],
        ["generate", "gap", "--set", "a=b"],
    ):
        refused(capsys, args, 2)


# --- outputs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--solution-file", "--trace", "--plot", "--log-file"])
def test_unwritable_output(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suffix = {"--solution-file": ".sol", "--trace": ".jsonl", "--plot": ".png", "--log-file": ".log"}[option]
    (tmp_path / "m.mps").write_text(GOOD)
    (tmp_path / f"dir{suffix}").mkdir()
    for target in (tmp_path / "none" / f"x{suffix}", tmp_path / f"dir{suffix}"):
        line = refused(capsys, ["solve", str(tmp_path / "m.mps"), option, str(target)], 6)
        assert "cannot be written" in line
    assert {path.name for path in tmp_path.iterdir()} == {"m.mps", f"dir{suffix}"}


needs_dev_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@needs_dev_full
@pytest.mark.parametrize("option", ["--trace", "--log-file"])
def test_full_device(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The log or trace is lost, the result is not."""
    (tmp_path / "m.mps").write_text(GOOD)
    solution = tmp_path / "m.sol"
    args = ["solve", str(tmp_path / "m.mps"), option, "/dev/full", "-q", "--json", "--preset", "DP4"]
    assert run([*args, "--solution-file", str(solution)]) == 6
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["status"], found["exit_code"]) == ("feasible", 6)
    assert err.count("\n") == 1
    assert "/dev/full: cannot be written: No space left" in err
    assert found["errors"] == [err.removeprefix("diffpump: error: ").rstrip("\n")]
    assert solution.exists()
    assert Path("/dev/full").is_char_device()


def _tiny_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, 60))


@pytest.mark.parametrize(
    "option", ["--solution-file x.sol", "--trace x.jsonl", "--plot x.svg", "--log-file x.log"]
)
def test_full_disk(option: str, tmp_path: Path) -> None:
    """Files may not grow beyond 60 bytes: nothing partial stays, and the result is still reported."""
    if "--plot" in option:  # its fonts' cache is made now, not under the limit
        pytest.importorskip("matplotlib.font_manager")
    (tmp_path / "m.mps").write_text(GOOD.replace("x", "a_rather_long_name_of_a_column_" * 2))
    command = [sys.executable, "-m", "diffpump", "solve", "m.mps", "-q", "--json", "--preset", "DP4"]
    command += option.split()
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=_tiny_files, timeout=60,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert json.loads(done.stdout)["status"] == "feasible"
    assert done.stderr.count("\n") == 1
    assert "cannot be written: File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["m.mps"]


@needs_dev_full
def test_full_standard_output_costs_no_file(tmp_path: Path) -> None:
    (tmp_path / "m.mps").write_text(GOOD)
    command = [sys.executable, "-m", "diffpump", "solve", "m.mps", "-q", "--preset", "DP4"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*command, "--solution-file", "m.sol", "--trace", "m.jsonl"], cwd=tmp_path, timeout=60,
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert done.returncode == 6
    assert done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"m.mps", "m.sol", "m.jsonl"}


@needs_dev_full
def test_full_standard_output() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "diffpump", "presets"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 6
    assert done.stderr == "diffpump: error: standard output: cannot be written: No space left on device\n"


HUGE = {
    "a cost of 1e25": ("--preset DP4", "obj 1e25", 0),
    "a weight of 1e300": ("--loss integrality:1e300 --max-iter 9", "obj 1", (0, 2, 10)),
    "eta of 1e300": ("--optimizer momentum,eta=1e300 --max-iter 9", "obj 1", (0, 2, 10)),
}


@pytest.mark.parametrize("case", HUGE)
def test_huge_numbers(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They may lead nowhere, but are told in one line and are not a bug."""
    options, cost, codes = HUGE[case]
    for text in (GOOD, NO_INTEGER_POINT):
        model = tmp_path / "m.mps"
        model.write_text(text.replace("obj 1", cost))
        code = run(["solve", str(model), "-q", "--json", *options.split()])
        out, err = capsys.readouterr()
        assert code in (codes if isinstance(codes, tuple) else (codes, 10)), err
        json.loads(out)
        assert "internal error" not in err
