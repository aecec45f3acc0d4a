"""Configurations as TOML files: they read back as written, and errors are reported in one line."""

from __future__ import annotations

import io
import json
import shlex
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from command import GAP
from hypothesis import given
from hypothesis import strategies as st
from test_config import configs, law

from diffpump.cli import run
from diffpump.config.engine import Settings
from diffpump.config.presets import PRESETS, config
from diffpump.config.pump import Config
from diffpump.config.schedule import default_schedule
from diffpump.config.toml import dump_config, load_config, load_configuration
from diffpump.core.errors import UsageError


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "mine.toml"


def written(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    return load_config(file)


# --- writing and reading back ---------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("paper", [False, True])
def test_presets_read_back(preset: str, paper: bool, file: Path) -> None:
    configuration = PRESETS[preset].paper() if paper else PRESETS[preset]
    again = written(file, dump_config(configuration))
    assert again == configuration
    assert again.digest == configuration.digest


@given(configuration=configs)
@law
def test_every_configuration_reads_back(file: Path, configuration: Config) -> None:
    again = written(file, dump_config(configuration))
    assert again == configuration
    assert again.digest == configuration.digest


def test_what_is_written_says_every_field() -> None:
    assert set(tomllib.loads(dump_config(config()))) == {"name", *config().as_dict()} - {"preset"}


@given(configuration=configs)
@law
def test_the_command_reads_what_it_printed(file: Path, configuration: Config) -> None:
    """`--config FILE --dump-config` prints the text of the file."""
    text = dump_config(configuration)
    file.write_text(text)
    with redirect_stdout(io.StringIO()) as printed:
        assert run(["solve", "--config", str(file), "--dump-config"]) == 0
    assert printed.getvalue() == text


arms = st.lists(
    st.tuples(st.sampled_from([name for name, _ in default_schedule().first]), st.floats(0.01, 99)),
    max_size=4,
)
engines = st.builds(
    Settings, preset=st.sampled_from(["auto", "mine"]), without=st.sampled_from([(), ("rins", "mip")]),
    until=st.sampled_from(["first", "time", "gap-to-lp"]), gap=st.floats(0, 1),
    objective_target=st.none() | st.floats(-1e9, 1e9),
    time_limit=st.none() | st.floats(0, 1e6), threads=st.just(1), deterministic=st.booleans(),
    work_limit=st.none() | st.integers(1, 10**15),
    first=arms.map(tuple), better=st.just(default_schedule().better),
)  # fmt: skip


@given(configuration=engines)
@law
def test_the_engines_settings_read_back(file: Path, configuration: Settings) -> None:
    file.write_text(dump_config(configuration))
    again = load_configuration(file)
    assert again == configuration and again.digest == configuration.digest


def test_the_engines_settings_may_leave_out_what_is_default(file: Path) -> None:
    file.write_text('preset = "Auto"\ntime_limit = 5\nwithout = ["rins"]\ngap = 1\n')
    assert load_configuration(file) == Settings("mine", ("rins",), gap=1.0, time_limit=5.0)
    with pytest.raises(UsageError, match="a configuration of the pump is needed here"):
        load_config(file)


# --- keys that a file may leave out ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "base", "label"),
    [
        ("", "DP4", "mine"),
        ('preset = "fp"', "FP", "mine"),
        ('preset = "FP"\nname = "classic, ünusual"', "FP", "classic, ünusual"),
        ("\ufeff# by an editor that marks its files\r\nmax_iter = 1000\r\n", "DP4", "mine"),
    ],
)
def test_the_preset_gives_the_rest_and_the_name_is_a_label(
    text: str, base: str, label: str, file: Path
) -> None:
    configuration = written(file, text)
    assert configuration.preset == label
    assert configuration.digest == PRESETS[base].digest


@pytest.mark.parametrize(
    ("text", "limit"),
    [("60", 60.0), ("60.0", 60.0), ("6e1", 60.0), ('"none"', None), ("inf", None), ("0", 0.0)],
)
def test_time_limits(text: str, limit: float | None, file: Path) -> None:
    configuration = written(file, f"time_limit = {text}")
    assert configuration.time_limit == limit
    assert configuration.digest == config("DP4", time_limit=limit).digest


def test_no_restarts(file: Path) -> None:
    assert written(file, "restarts = []").restarts == ()


# --- files that are refused -----------------------------------------------------------------------

REFUSED = {
    "unknown key": ("speed = 3", "unknown setting 'speed'; known: name, preset, losses"),
    "a key of the engine": ("without = ['pump']", 'add the line preset = "auto"'),
    "unknown table": ("[gradient]\neta = 1", "unknown setting 'gradient'"),
    "a table for an operator": ('[optimizer]\nname = "adam"', "optimizer must be a text, got {"),
    "one text for losses": ('losses = "integrality"', "losses must be a list of texts"),
    "numbers for losses": ("losses = [1]", "losses must be a list of texts, got [1]"),
    "no losses": ("losses = []", "at least one loss"),
    "unknown loss": ('losses = ["nonsense"]', "unknown loss 'nonsense'; known: "),
    "unknown parameter": ('optimizer = "adam,colour=1"', "it has: "),
    "unknown choice": ('repair = "maybe"', "unknown repair 'maybe'; known: lp, off"),
    "unknown preset": ('preset = "DP9"', "known: FP, DP1"),
    "preset is no text": ("preset = 4", "preset must be a text"),
    "empty name": ('name = ""', "name must be"),
    "two-line name": (r'name = "a\nb"', "name must be"),
    "iterations in words": ('max_iter = "9"', "max_iter must be a whole number, got '9'"),
    "broken iterations": ("max_iter = 1.5", "max_iter must be a whole number"),
    "true iterations": ("max_iter = true", "max_iter must be a whole number"),
    "negative iterations": ("max_iter = -1", "max_iter must be a whole number >= 0"),
    "time in words": ('time_limit = "soon"', "a number of seconds or \"none\", got 'soon'"),
    "true time": ("time_limit = true", "time_limit must be a number"),
    "negative time": ("time_limit = -1", "time_limit must be a number"),
    "no time at all": ("time_limit = nan", "time_limit must be a number"),
    "too much time": (f"time_limit = 1{'0' * 400}", "time_limit must be a number"),
    "too little time": (f"time_limit = -1{'0' * 400}", "time_limit must be a number"),
    "a date": ("backend = 2020-02-02", "backend must be a text"),
    "syntax": ("max_iter 3", "not TOML: Expected '='"),
    "twice": ("max_iter = 3\nmax_iter = 4", "not TOML: "),
    "endless number": (f"max_iter = 1{'0' * 5000}", "not TOML: "),
    "endless nesting": (f"losses = {'[' * 10000}", "not TOML: "),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, says = REFUSED[case]
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as refusal:
        load_config(file)
    assert says in str(refusal.value)
    for option in ("--json", "--dump-config"):
        assert run(["solve", GAP, "--config", str(file), option]) == 2
        out, err = capsys.readouterr()
        assert err.startswith(f"diffpump: error: {file}: ")
        assert err.count("\n") == 1
        assert (json.loads(out)["exit_code"] == 2) if option == "--json" else (out == "")


ENGINE_REFUSED = {
    "a pump's key": (
        'losses = ["integrality"]',
        "auto has no setting 'losses'; it has: name, preset, without",
    ),
    "unknown arm": ('without = ["luck"]', "unknown arm 'luck'"),
    "a number for an arm": ("without = [3]", "unknown arm '3'"),
    "one text for arms": ('without = "rins"', "without must be a list, got 'rins'"),
    "arms without seconds": ('first = ["rins"]', "--dump-config shows"),
    "seconds in words": ('first = [["rins", "soon"]]', "--dump-config shows"),
    "no slice": ('first = [["rins", 0.0]]', "the slice of arm 'rins' must be a positive number of seconds"),
    "endless slice": ('better = [["rins", inf]]', "the slice of arm 'rins' must be a positive number"),
    "unknown goal": ('until = "now"', "unknown until 'now'"),
    "threads in words": ('threads = "2"', "threads must be a whole number, got '2'"),
    "half a thread": ("threads = 1.5", "threads must be a whole number"),
    "true threads": ("threads = true", "threads must be a whole number"),
    "a number for a choice": ("deterministic = 1", "deterministic must be true or false"),
    "gap in words": ('gap = "small"', "gap must be a number"),
    "negative gap": ("gap = -1", "gap must be a number >= 0"),
    "time in words": ('time_limit = "soon"', "time_limit must be a number of seconds"),
    "work in words": ('work_limit = "much"', "work_limit must be a number or"),
    "no work": ("work_limit = 0", "work_limit must be a number of touched nonzeros > 0"),
    "endless work": ("work_limit = nan", "work_limit must be a number"),
    "two-line name": (r'name = "a\nb"', "name must be"),
}


@pytest.mark.parametrize("case", ENGINE_REFUSED)
def test_engine_refused(case: str, file: Path) -> None:
    text, says = ENGINE_REFUSED[case]
    file.write_text(f'preset = "auto"\n{text}\n')
    with pytest.raises(UsageError) as refusal:
        load_configuration(file)
    assert says in str(refusal.value) and "\n" not in str(refusal.value)


def test_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name, says in {"": "directory", "none.toml": "No such file", "binary.toml": "not TOML: "}.items():
        assert run(["solve", GAP, "--config", str(tmp_path / name)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"diffpump: error: {tmp_path / name}: ")
        assert says in err


# --- the command ----------------------------------------------------------------------------------


def dumped(capsys: pytest.CaptureFixture[str], line: str) -> str:
    assert run(["solve", *shlex.split(line), "--dump-config"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_precedence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options override the file, --set overrides options, and --paper overrides --set."""
    file.write_text('preset = "FP"\nmax_iter = 5\nbackend = "scip"\nrepair = "lp"\noptimizer = "adam"\n')
    text = dumped(
        capsys, f"--config {file} --max-iter 7 --loss cost:2 --set max_iter=9 --set repair=lp --paper"
    )
    expected = config("FP", backend="scip", losses=["cost:2"], max_iter=9, optimizer="adam").paper()
    assert expected.repair == "off"
    assert tomllib.loads(text) == tomllib.loads(dump_config(expected)) | {"name": "mine"}


def test_dump_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """--dump-config neither reads a model nor writes a file."""
    text = dumped(capsys, "none.mps --preset fp --time-limit none --restart none")
    assert text == dump_config(config("FP", time_limit=None, restarts=()))
    assert dumped(capsys, "--max-iter 1000") == dump_config(config())
    assert dumped(capsys, "") == dump_config(Settings())


def test_a_run(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The label is in the record, and the options in the first line of output make the same run."""
    file.write_text('name = "my own"\nmax_iter = 40\n')
    digest = config("DP4", max_iter=40).digest
    run(["solve", GAP, "--config", str(file), "--json"])
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["config"]["preset"], found["config_digest"]) == ("my own", digest)
    first = err.splitlines()[0]
    assert ", preset my own, " in first
    run(["solve", GAP, "--json", "-q", *shlex.split(first.partition(": ")[2])])
    assert json.loads(capsys.readouterr().out)["config_digest"] == digest


def test_a_run_of_the_engine(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('preset = "auto"\nuntil = "first"\nwithout = ["pump"]\n')
    assert run(["solve", GAP, "--config", str(file), "--json", "--time-limit", "30"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["config_digest"] == Settings(until="first", without=("pump",), time_limit=30.0).digest
    assert found["config"]["preset"] == "mine" and len(found["incumbents"]) == 1
    run(["solve", GAP, "--json", "-q", *shlex.split(err.splitlines()[0].partition(": ")[2])])
    assert json.loads(capsys.readouterr().out)["config_digest"] == found["config_digest"]
    assert run(["solve", GAP, "--config", str(file), "--loss", "cost:1"]) == 2
    assert "--loss is an option of the pump's presets" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--config {file} --preset DP4", "--config and --preset exclude each other"),
        ("--dump-config --json", "--dump-config prints TOML"),
        ("--dump-config --preset DP9", "known: FP"),
        ("--config {file} --log-file {file}", "would overwrite the configuration"),
        ("--config {file} --threads 2", "--threads is an option of auto"),
    ],
)
def test_usage(options: str, says: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("max_iter = 3\n")
    assert run(["solve", GAP, *options.format(file=file).split()]) == 2
    assert says in capsys.readouterr().err
    assert file.read_text() == "max_iter = 3\n"
