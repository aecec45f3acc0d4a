"""The batch runner: its plan, its store, its records and its messages."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import pytest
from command import GAP, process
from hypothesis import given
from hypothesis import strategies as st

from diffpump.bench.plan import Job, Limits, Setting, instance_files, instance_name, jobs, parse_seeds
from diffpump.bench.process import execute
from diffpump.bench.ready import check_trusted
from diffpump.bench.runner import missing
from diffpump.bench.store import Lines, Store
from diffpump.config.presets import PRESETS, config
from diffpump.core.errors import InputError, OutputError, UsageError

INSTANCES = Path(GAP).parent
FIELDS = {  # of every record, however its job ended
    "format", "attempt", "key", "solver", "label", "config", "config_digest", "seed", "instance", "status",
    "message", "found", "incumbents", "wall_seconds", "rss_mb", "limits", "host", "started", "exit_code",
    "stderr", "versions",
}  # fmt: skip
MORE_FIELDS = {  # of the record of a job that ran to its end
    "objective", "sense", "claimed", "violation", "exactly_feasible", "proof", "bound", "iterations",
    "restarts", "restart_ratio", "lp_solves", "lp_iterations", "counters", "nodes", "seconds", "cpu_seconds",
}  # fmt: skip


def job(path: str = GAP, preset: str = "FP", seed: int = 0, **changes: object) -> Job:
    (made,) = jobs([path], [Setting.ours(config(preset, **changes))], [seed], Limits())
    return made


def bench(*args: str, **options: object) -> tuple[int, str, str]:
    ended = process("bench", *args, **options)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


# -- the plan --


@pytest.mark.parametrize(
    ("text", "seeds"), [("0", (0,)), ("0-3", (0, 1, 2, 3)), ("7, 1-2", (7, 1, 2)), ("1,1", (1,))]
)
def test_seeds(text: str, seeds: tuple[int, ...]) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "-1", "a", "3-1", "1,,2", "0.5"])
def test_seeds_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match="seeds"):
        parse_seeds(text)


def test_files_folders_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS", str(INSTANCES))
    (tmp_path / "deep").mkdir()
    for name in ("b.mps", "deep/a.lp.gz", "notes.md", "c.mps.zip"):
        (tmp_path / name).write_text("")
    listed = tmp_path / "some.txt"
    listed.write_text("# mine\nb.mps  # beside the list\n\n$MODELS/gap-3x8-s0.mps\nnone.mps\n")
    assert list(instance_files([str(tmp_path)])) == [str(tmp_path / "b.mps"), str(tmp_path / "deep/a.lp.gz")]
    first, second, error = instance_files([str(listed)])
    assert first == str(tmp_path / "b.mps")
    assert second == "$MODELS/gap-3x8-s0.mps"  # not expanded, so that the results are portable
    assert isinstance(error, InputError) and f"{listed}:5" in str(error)
    (gone,) = instance_files([str(tmp_path / "nowhere")])
    assert isinstance(gone, InputError) and "no such file or directory" in str(gone)


def test_a_key_is_file_configuration_seed_and_version(tmp_path: Path) -> None:
    copy = tmp_path / "other-name.mps"
    copy.write_bytes(Path(GAP).read_bytes())
    assert job().key == job(str(copy)).key
    changed = [job(seed=1), job(max_iter=7), job(preset="DP4"), replace(job(), version="9")]
    assert len({job().key, *(other.key for other in changed)}) == 5
    named = replace(config("FP"), preset="mine")
    assert jobs([GAP], [Setting.ours(named)], [0], Limits())[0].key == job().key
    both = jobs([GAP, str(copy)], [Setting.ours(named), Setting.ours(config("FP"))], [0, 0], Limits())
    assert len(both) == 1


@given(st.sampled_from(sorted(PRESETS)), st.integers(0, 99), st.none() | st.floats(1, 1e6))
def test_a_job_survives_being_written_down(preset: str, seed: int, memory: float | None) -> None:
    made = replace(job(preset=preset, seed=seed), limits=Limits(memory))
    assert Job.from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_names() -> None:
    assert [instance_name(p) for p in ("/a/b.c.mps.gz", "x.LP", "air05.mps.xz")] == ["b.c", "x", "air05"]


# -- the store --


def lines(path: Path) -> Lines:
    return Lines(path, lambda value: value["key"])


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=20)), max_size=8), st.binary(max_size=30))
def test_lines_keep_each_key_once_and_cut_a_torn_tail(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, str]], tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("lines") / "x.jsonl"
    for key, text in values:
        lines(path).append([{"key": key, "text": text}])
        with path.open("ab") as file:  # the incomplete line of a writer that was killed
            file.write(tail.replace(b"\n", b""))
    kept = {value["key"]: value["text"] for value in lines(path).new()}
    assert kept == dict(reversed(values))  # the first value of each key
    assert len(list(lines(path).new())) == len(kept)


def test_a_line_that_is_no_record_is_refused_by_number(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"key": 1}\n{"key"\n{"key": 2}\n')
    with pytest.raises(InputError, match=r"x\.jsonl:2: not a line that diffpump wrote"):
        list(lines(path).new())


def _writer(path: Path, number: int) -> None:
    mine = lines(path)
    for k in range(40):
        mine.append([{"key": k, "writer": number}, {"key": f"{number} {k}"}])


def test_many_writers_one_file(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    workers = [get_context("spawn").Process(target=_writer, args=(path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    keys = [json.loads(line)["key"] for line in path.read_text().splitlines()]
    assert len(keys) == len(set(keys)) == 40 + 3 * 40


def test_a_write_that_fails_leaves_nothing_and_is_done_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, write = lines(tmp_path / "x.jsonl"), os.write
    mine.append([{"key": 1}])
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda handle, data: write(handle, data[: len(data) // 2]))
        with pytest.raises(OutputError, match="no space left on device"):
            mine.append([{"key": 2}])
    assert (tmp_path / "x.jsonl").read_text() == '{"key": 1}\n'
    mine.append([{"key": 2}])
    assert [value["key"] for value in lines(tmp_path / "x.jsonl").new()] == [1, 2]


def test_folders_of_other_versions(tmp_path: Path) -> None:
    store = Store(tmp_path / "r")
    with pytest.raises(InputError, match="no results folder"):
        _ = store.version
    store.create()
    (tmp_path / "r" / "bench.json").write_text('{"format": 1, "version": "0.0.9"}')
    with pytest.raises(UsageError, match=r"made by diffpump 0\.0\.9"):
        store.create()
    store.create(any_version=True)
    (tmp_path / "r" / "bench.json").write_text('{"format": 2, "version": "3.1"}')
    with pytest.raises(InputError, match="format 2"):
        store.create(any_version=True)


# -- one job --


def test_a_record_has_everything() -> None:
    record = execute(job(max_iter=200), side_by_side=3)
    assert record is not None and record.keys() >= FIELDS | MORE_FIELDS
    assert record["found"] and record["incumbents"] == [
        {
            "seconds": record["seconds"]["first_solution"], "objective": record["objective"], "arm": "pump",
            "verified": True, "violation": None,
        }
    ]  # fmt: skip
    assert record["key"] == job(max_iter=200).key and record["host"]["jobs"] == 3
    assert record["instance"]["sha256"] in record["key"] and record["instance"]["binaries"] == 24
    assert 0 < record["seconds"]["startup"] < record["wall_seconds"]
    assert record["rss_mb"] > 10 and record["cpu_seconds"] > 0


def test_the_same_job_gives_the_same_record() -> None:
    a, b = (execute(job(preset="DP4", max_iter=50)) for _ in range(2))
    assert a is not None and b is not None
    same = ("key", "objective", "iterations", "restarts", "lp_solves", "lp_iterations", "status", "config")
    assert [a[name] for name in same] == [b[name] for name in same]


@pytest.mark.parametrize("text", ["", "NAME x\nROWS\n N c\n Z r\n", "\x00\x01"])
def test_a_file_that_is_refused_is_a_row(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.mps"
    path.write_text(text)
    record = execute(job(str(path)))
    assert record is not None and record.keys() >= FIELDS
    assert record["status"] == "refused" and str(path) in record["message"] and not record["found"]


def test_a_stopped_job_has_no_record() -> None:
    assert execute(job(), stop=lambda: True) is None


# -- the command --


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The results folder of a batch of three instances, two presets and two seeds."""
    out = str(tmp_path_factory.mktemp("bench") / "r")
    models = [str(INSTANCES / f"{name}.mps") for name in ("gap-3x8-s0", "setcover-20x15-s0", "cflp-6x8-s0")]
    code, stdout, stderr = bench(
        "run",
        *models,
        "--preset",
        "FP,DP4",
        "--seeds",
        "0-1",
        "--max-iter",
        "100",
        "--jobs",
        "2",
        "--out",
        out,
    )
    assert (code, stdout) == (0, "")
    assert "12 jobs, 0 already done" in stderr and "[12/12]" in stderr
    return out


def test_running_again_does_nothing_more(folder: str) -> None:
    before = (Path(folder) / "records.jsonl").read_bytes()
    code, _, stderr = bench("run", "--out", folder)
    assert code == 0 and "12 jobs, 12 already done" in stderr
    assert (Path(folder) / "records.jsonl").read_bytes() == before


def test_status(folder: str) -> None:
    code, stdout, _ = bench("status", folder)
    assert code == 0 and "12 of 12 jobs have a record" in stdout
    found = json.loads(bench("status", folder, "--json")[1])
    assert (found["planned"], found["done"]) == (12, 12)
    assert [entry["label"] for entry in found["configurations"]] == ["FP", "DP4"]


def test_a_shell_line_for_each_job(tmp_path: Path) -> None:
    out = str(tmp_path / "r")
    code, stdout, _ = bench("list-jobs", GAP, "--preset", "FP", "--seeds", "0-2", "--out", out)
    printed = stdout.splitlines()
    assert code == 0 and len(printed) == 3
    command = printed[1].split()
    assert command[:2] == ["diffpump", "bench"]
    assert bench(*command[2:])[0] == 0
    assert [record["seed"] for record in Store(out).records().values()] == [1]
    assert len(bench("list-jobs", "--out", out)[1].splitlines()) == 2


def test_what_went_wrong_can_be_tried_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "r")
    store.create()
    first, second = job(seed=0), job(seed=1)
    store.add([{"key": first.key, "attempt": 1, "status": "crashed"}])
    assert missing(store, [first, second]) == [second]
    assert missing(store, [first, second], ["crashed"]) == [replace(first, attempt=2), second]
    store.add([{"key": first.key, "attempt": 2, "status": "feasible"}])
    assert [record["status"] for record in store.records().values()] == ["feasible"]


def test_a_file_that_is_not_there_stops_nobody_else(tmp_path: Path) -> None:
    code, _, stderr = bench(
        "run", str(tmp_path / "gone.mps"), GAP, "--preset", "FP", "--out", str(tmp_path / "r"), "--quiet"
    )
    assert code == 3 and stderr.count("\n") == 1 and "gone.mps: no such file or directory" in stderr
    assert len(Store(tmp_path / "r").records()) == 1


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ([GAP, "--preset", "DP9"], 2, "unknown preset 'DP9'; known: FP, DP1, DP2, DP3, DP4, DP1r"),
        ([GAP, "--solver", "gurobi"], 2, "unknown peer 'gurobi'"),
        ([GAP, "--config", "none.toml"], 2, "none.toml: cannot be read"),
        ([GAP, "--preset", "FP", "--seeds", "x"], 2, "seeds 'x'"),
        ([GAP, "--preset", "FP", "--native-reader"], 2, "add --solver"),
        ([GAP], 2, "nothing to run"),
        (["--preset", "FP"], 2, "name the models"),
        ([], 3, "no results folder"),
        (["nowhere", "--preset", "FP"], 3, "nowhere: no such file or directory"),
        ([GAP, "--preset", "FP", "--time-limit", "-1"], 2, "time_limit"),
        ([GAP, "--preset", "FP", "--job", "abc"], 2, "no such job"),
        ([GAP, "--preset", "FP", "--retry", "nope"], 2, "unknown status 'nope'; known: feasible, iter"),
        ([GAP, "--preset", "FP", "--memory-limit", "0"], 2, "memory limit must be a positive number of MB"),
        ([GAP, "--preset", "FP", "--memory-limit", "nan"], 2, "memory limit must be a positive number of MB"),
        ([GAP, "--preset", "FP", "--grace", "-1"], 2, "grace must be a number of seconds >= 0"),
    ],
)
def test_mistakes_get_one_line(tmp_path: Path, args: list[str], code: int, words: str) -> None:
    ended, stdout, stderr = bench("run", *args, "--out", str(tmp_path / "r"))
    assert (ended, stdout) == (code, "")
    assert stderr.count("\n") == 1 and words in stderr


def test_configurations_are_written_for_solve(tmp_path: Path, folder: str) -> None:
    code, stdout, _ = bench(
        "run", GAP, "--preset", "DP3,DP4", "--paper", "--dump-config", str(tmp_path), "--out", "unused"
    )
    assert code == 0 and len(stdout.split()) == 2 and not Path("unused").exists()
    ended = process("solve", GAP, "--config", stdout.split()[1], "--json", "-q")
    assert json.loads(ended.stdout)["config_digest"] == config("DP4").paper().digest


@pytest.mark.parametrize(
    ("said", "option", "meant"),
    [("gap-to-lp", [], "gap-to-lp"), ("first", [], "first"), ("first", ["--stop", "time"], "time")],
)
def test_a_configuration_keeps_its_goal(said: str, option: list[str], meant: str, tmp_path: Path) -> None:
    """A configuration's `until` is used unless --stop replaces it."""
    (tmp_path / "mine.toml").write_text(f'preset = "auto"\nuntil = "{said}"\ngap = 0.5\n')
    made = str(tmp_path / "made")
    code, stdout, _ = bench(
        "run", GAP, "--config", str(tmp_path / "mine.toml"), *option, "--dump-config", made, "--out", "unused"
    )
    assert code == 0
    assert f'until = "{meant}"' in Path(stdout.strip()).read_text()


# -- what a batch needs, before it starts --


@pytest.fixture
def without(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """A function that returns an environment in which these modules are not installed."""

    def environment(*modules: str) -> dict[str, str]:
        home = tmp_path / "without"
        home.mkdir(exist_ok=True)
        (home / "sitecustomize.py").write_text(
            "from importlib.machinery import PathFinder\n"
            "find = PathFinder.find_spec\n"
            "def found(name, path=None, target=None):\n"
            f"    return None if name.partition('.')[0] in {modules} else find(name, path, target)\n"
            "PathFinder.find_spec = found\n"
        )
        here = str(Path(__file__).parent.parent)
        return {**os.environ, "PYTHONPATH": os.pathsep.join([str(home), here]), "PATH": os.devnull}

    return environment


def test_peers_that_are_not_installed_are_named_before_the_run(
    tmp_path: Path, without: Callable[..., dict[str, str]]
) -> None:
    out, env = str(tmp_path / "r"), without("pyscipopt", "localmip_py", "pulp")
    plan = (GAP, "--solver", "highs,scip,localmip,cbc", "--time-limit", "1", "--out", out)
    for _ in range(2):  # the second time the jobs come from the folder
        code, stdout, stderr = bench("run", *plan, env=env)
        assert (code, stdout, stderr.count("\n")) == (2, "", 1)
        assert "scip is not installed: pip install 'diffpump[scip]'; localmip" in stderr
        assert "localmip is not installed: pip install 'diffpump[peers]'; cbc" in stderr
        assert "pip install pulp" in stderr and not Path(out, "records.jsonl").exists()
        assert bench("list-jobs", *plan, env=env)[0] == 0  # they may run on another machine
        plan = ("--out", out)
    (highs,) = (job for job in Store(out).planned().values() if job.setting.solver == "highs")
    assert bench("run", "--out", out, "--job", highs.id, "-q", env=env) == (0, "", "")


@pytest.mark.parametrize(
    ("args", "module", "how"),
    [
        (["run", GAP, "--preset", "FP", "--out", "r"], "psutil", "bench"),
        (["list-jobs", "--out", "r"], "filelock", "bench"),
        (["grid", "none.toml", "--out", "r"], "psutil", "bench"),
        (["report", "r"], "jinja2", "bench"),
        (["report", "r"], "matplotlib", "bench"),
        (["run", GAP, "--preset", "FP", "--out", "r", "--scheduler", "tcp://x:1"], "distributed", "dask"),
        (["grid", "none.toml", "--out", "r", "--scheduler", "tcp://x:1"], "distributed", "dask"),
    ],
)
def test_an_extra_that_is_missing_is_named(
    tmp_path: Path, without: Callable[..., dict[str, str]], args: list[str], module: str, how: str
) -> None:
    code, stdout, stderr = bench(*args, env=without(module), cwd=tmp_path)
    assert (code, stdout) == (2, "") and not (tmp_path / "r").exists()
    assert stderr == f"diffpump: error: this command needs {module}: pip install 'diffpump[{how}]'\n"


PEERS_OF_OTHERS = """
import os
from diffpump.bench.peers.task import PEERS

class Peer:
    gzip = False
    def missing(self): return None
    def versions(self): return {}
    def run(self, task): os.abort()

class Raiser(Peer):
    def run(self, task): raise ZeroDivisionError("a mistake")

PEERS.register("aborts", help="ends its process")(Peer)
PEERS.register("raises", help="raises an exception")(Raiser)
"""


def plugged(tmp_path: Path, code: str) -> dict[str, str]:
    """Return an environment in which a package with this code is installed as a plug-in for peers."""
    info = tmp_path / "others-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[diffpump.peers]\nothers = others\n")
    (tmp_path / "others.py").write_text(code)
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def test_a_peer_that_fails_is_a_row_and_the_batch_goes_on(tmp_path: Path) -> None:
    env, out = plugged(tmp_path, PEERS_OF_OTHERS), str(tmp_path / "r")
    code, _, stderr = bench("run", GAP, "--solver", "aborts,raises,highs", "-q", "--out", out, env=env)
    assert (code, stderr) == (0, "")
    records = {record["solver"]: record for record in Store(out).records().values()}
    assert {name: record["status"] for name, record in records.items()} == {
        "aborts": "crashed", "raises": "error", "highs": "feasible",
    }  # fmt: skip
    assert "SIGABRT" in records["aborts"]["message"]
    assert records["raises"]["message"] == "ZeroDivisionError: a mistake"


def test_a_peer_that_cannot_be_loaded_is_named_before_the_run(tmp_path: Path) -> None:
    env, out = plugged(tmp_path, PEERS_OF_OTHERS), str(tmp_path / "r")
    assert bench("list-jobs", GAP, "--solver", "raises", "--out", out, env=env)[0] == 0
    env = plugged(tmp_path, "import no_such_module")
    for args in ((GAP, "--solver", "highs"), ()):
        code, stdout, stderr = bench("run", *args, "--out", out, env=env)
        assert (code, stdout, stderr.count("\n")) == (2, "", 1)
        assert "the peer 'others' of others cannot be loaded" in stderr
    assert not Path(out, "records.jsonl").exists()
    code, _, stderr = bench("run", "--out", out)  # the package is not installed any more
    assert code == 2 and "unknown peer 'raises'" in stderr


def test_the_reader_of_a_peer_is_part_of_the_record(tmp_path: Path) -> None:
    path, out = tmp_path / "left.lp", str(tmp_path / "r")
    path.write_text("min\n u\nst\n u - 1 >= 2\nintegers\n u\nend\n")  # HiGHS reads u >= 2
    for option in ([], ["--native-reader"]):
        assert bench("run", str(path), "--solver", "highs", *option, "-q", "--out", out)[0] == 0
    ours, native = Store(out).records().values()
    assert (ours["label"], ours["config"]["reader"], ours["objective"]) == ("highs", "diffpump", 3)
    assert (native["label"], native["config"]["reader"]) == ("highs (native reader)", "native")
    assert (native["status"], native["claimed"]["objective"]) == ("unproven", 2)
    old = Setting("highs", "highs", {k: v for k, v in ours["config"].items() if k != "reader"}, "0" * 12)
    (job,) = jobs([str(path)], [old], [0], Limits())
    record = execute(job)  # planned by a version in which peers read files themselves
    assert record is not None and record["status"] == "unproven"


def test_configurations_that_execute_files_need_permission(tmp_path: Path) -> None:
    out, ran = str(tmp_path / "r"), tmp_path / "ran"
    (tmp_path / "mine.py").write_text(
        f"open({str(ran)!r}, 'w')\ndef loss(a, b, c):\n    return (a * a).sum()\n"
    )
    (tmp_path / "c.toml").write_text(
        f'preset = "FP"\nmax_iter = 2\nlosses = ["python:1,file={tmp_path}/mine.py,name=loss"]\n'
    )
    plan = (GAP, "--config", str(tmp_path / "c.toml"), "--out", out)
    for command in ("run", "list-jobs"):
        code, stdout, stderr = bench(command, *plan)
        assert (code, stdout, stderr.count("\n")) == (2, "", 1)
        assert "'c' executes the Python file" in stderr and "--allow-python" in stderr
    assert not Path(out).exists()
    code, line, _ = bench("list-jobs", *plan, "--allow-python")
    assert code == 0 and " --allow-python " in line
    assert bench("run", "--out", out)[0] == 2  # a folder of another person may name such a file as well
    (job,) = Store(out).planned().values()
    job.setting.config["losses"] = job.setting.config["losses"][0]  # `Config` takes a single text too
    with pytest.raises(UsageError, match="--allow-python"):
        check_trusted([job])
    assert not ran.exists()
    if find_spec("torch"):
        assert bench(*line.split()[2:])[0] == 0 and ran.exists()


def test_a_grid_that_executes_files_needs_permission(tmp_path: Path) -> None:
    (tmp_path / "g.toml").write_text(
        f'tune = ["{GAP}"]\ntest = ["{INSTANCES / "cflp-6x8-s0.mps"}"]\nbase = "c.toml"\n'
        '[lines]\n"losses.python.name" = ["other"]\n'
    )
    (tmp_path / "c.toml").write_text('losses = ["python:1,file=mine.py,name=loss"]\n')
    code, _, stderr = bench("grid", str(tmp_path / "g.toml"), "--out", str(tmp_path / "r"))
    assert code == 2 and "--allow-python" in stderr and not (tmp_path / "r").exists()


# -- names that a terminal would obey --


def test_file_names_are_shown_escaped_and_kept_exactly(tmp_path: Path) -> None:
    names = [b"a\x1b[2J|b", b"c\nd", "e\u202ef".encode()]
    if sys.platform == "linux":
        names.append(b"g\xff")  # no UTF-8
    for number, name in enumerate(names):
        (tmp_path / os.fsdecode(name + b".mps")).write_text(f"* {number}\n" + Path(GAP).read_text())
    out = str(tmp_path / "r")
    code, _, stderr = bench("run", str(tmp_path), "--solver", "highs", "--out", out)
    assert code == 0 and stderr.count("\n") == 1 + len(names)
    for shown in (r" a\x1b[2J|b ", r" c\nd ", r" e\u202ef "):
        assert shown in stderr
    assert all(ch.isprintable() for line in stderr.splitlines() for ch in line)
    kept = {record["instance"]["name"] for record in Store(out).records().values()}
    assert kept == {os.fsdecode(name) for name in names}
    csv_file = tmp_path / "t.csv"
    assert bench("export", out, "--csv", str(csv_file))[0] == 0
    with csv_file.open(encoding="utf-8", newline="") as file:
        rows = {row["instance.name"] for row in csv.DictReader(file)}
    assert rows >= {"a\x1b[2J|b", "c\nd", "e\u202ef"} and len(rows) == len(names)
    code, _, stderr = bench("run", str(tmp_path / "no\x1b[2J.mps"), "--preset", "FP", "--out", out)
    assert code == 3 and r"no\x1b[2J.mps: no such file" in stderr
