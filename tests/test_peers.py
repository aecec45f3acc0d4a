"""Other solvers as peers: every record obeys one law, and a claim never counts as a proof."""

from __future__ import annotations

import bz2
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from command import endless

from diffpump.bench import peers
from diffpump.bench.peers.cbc_model import variants
from diffpump.bench.peers.task import MAX_STORED_POINTS, Incumbents, Outcome, Task
from diffpump.bench.plan import READERS, STOPS
from diffpump.bench.solu import read_solu
from diffpump.core.errors import InputError, TimeLimitError, UsageError
from diffpump.core.status import Status
from diffpump.io.native import native

INSTANCES = Path(__file__).parent.parent / "instances"
GAP = INSTANCES / "gap-3x8-s0.mps"
TOL = 1e-6
LIMIT_SECONDS = 1.0  # seconds
TASK = Task("", 0, None, first=False, threads=1, elapsed=lambda: 0.0)

# max 3 x + 2 y + 5 over 2 x + 2 y <= 9, 0 <= x <= 3, 0 <= y <= 10 integer: 16 at (3, 1)
INTEGERS = """NAME ints
OBJSENSE
    MAX
ROWS
 N obj
 L c1
COLUMNS
 M 'MARKER' 'INTORG'
 x obj 3 c1 2
 y obj 2 c1 2
 M 'MARKER' 'INTEND'
RHS
 R c1 9
 R obj -5
BOUNDS
 UP B x 3
 UP B y 10
ENDATA
"""
INTEGERS_LP = """\\ Minimise nothing
Maximize
 obj: 3 x + 2 y + 5
Subject To
 c1: 2 x + 2 y <= 9
Bounds
 x <= 3
 y <= 10
General
 x y
End
"""
INFEASIBLE = """NAME none
ROWS
 N obj
 G row
COLUMNS
 M 'MARKER' 'INTORG'
 xone obj 1 row 1
 xtwo obj 2 row 1
 M 'MARKER' 'INTEND'
RHS
 R row 5
BOUNDS
 UP B xone 1
 UP B xtwo 1
ENDATA
"""
# min x one + 2 x two, x one + x two >= 1, in the fields of fixed format
BLANKS = """NAME          blank
ROWS
 N  obj
 G  row 1
COLUMNS
    M         'MARKER'                 'INTORG'
    x one     obj                1   row 1              1
    x two     obj                2   row 1              1
    M         'MARKER'                 'INTEND'
RHS
    RHS       row 1              1
BOUNDS
 UP BND       x one              1
 UP BND       x two              1
ENDATA
"""


@pytest.fixture(params=peers.PEERS)
def name(request: pytest.FixtureRequest) -> str:
    """Every peer; the test is skipped with a reason if the peer is not installed."""
    reason = peers.missing(request.param)
    if reason:
        pytest.skip(reason)
    return str(request.param)


def run(
    name: str, path: str | Path, seed: int = 0, limit: float | None = LIMIT_SECONDS, stop: str = "first",
    reader: str = "diffpump",
) -> dict[str, Any]:  # fmt: skip
    """Return a peer's record; the job's clock starts now."""
    began = time.monotonic()
    return peers.run(
        name, str(path), seed, time_limit=limit, stop=stop, threads=1,
        elapsed=lambda: time.monotonic() - began, reader=reader,
    )  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """A function that writes a model's text to a file and returns its path."""

    def write(text: str, suffix: str = "mps") -> Path:
        path = tmp_path / f"model.{suffix}"
        path.write_text(text)
        return path

    return write


# --- the law ----------------------------------------------------------------------------------


def assert_law(record: dict[str, Any], optimum: float | None = None) -> None:
    """Assert what holds for every record of a peer."""
    sign = -1 if record["sense"] == "maximise" else 1
    seconds, incumbents = record["seconds"], record["incumbents"]
    times = [entry["seconds"] for entry in incumbents]
    assert times == sorted(times)
    assert all(0 <= at <= seconds["total"] for at in times)
    minimised = [sign * entry["objective"] for entry in incumbents]
    assert all(b <= a + TOL * max(1, abs(a)) for a, b in pairwise(minimised))
    verified = [entry for entry in incumbents if entry["verified"]]
    assert record["found"] == bool(verified) == (record["status"] == "feasible")
    assert record["claimed"]["found"] == bool(incumbents)
    if record["found"]:
        assert sign * record["objective"] == min(sign * entry["objective"] for entry in verified)
        assert 0 <= seconds["first_solution"] <= seconds["total"]
        assert max(record["violation"].values()) <= TOL
        if optimum is not None:
            assert sign * record["objective"] >= sign * optimum - TOL * max(1, abs(optimum))
    else:
        assert record["objective"] is None and seconds["first_solution"] is None
    assert set(seconds) == {"ready", "read", "handover", "total", "first_solution", "check", "lp"}
    assert 0 <= seconds["read"] <= seconds["total"]
    assert record["versions"].keys() >= {"diffpump", "python", "numpy", "scipy"}


@pytest.mark.parametrize("instance", ["gap-3x8-s0", "cflp-6x8-s0", "setcover-20x15-s0", "lotsizing-1x3-s3"])
@pytest.mark.parametrize("stop", STOPS)
def test_peers_claim_nothing_that_is_not_so(name: str, instance: str, stop: str) -> None:
    path = INSTANCES / f"{instance}.mps"
    limit = 1.0 if name == "localmip" else 20.0  # seconds; the others prove the optimum and end sooner
    record = run(name, path, seed=1, limit=limit, stop=stop)
    assert_law(record, read_solu(INSTANCES / "instances.solu")[instance].value)
    assert record["solver"] == name
    assert record["instance"]["name"] == instance
    assert record["instance"]["path"] == str(path)
    assert record["instance"]["rows"] > 0 and record["instance"]["binaries"] > 0
    if name != "scip-feaspump":  # a feasibility pump may fail
        assert record["found"] and record["incumbents"][-1]["verified"]
        if stop == "first":
            assert len(record["incumbents"]) == 1


def test_the_first_seed_and_a_large_one_work(name: str) -> None:
    for seed in (0, 2**40):
        assert_law(run(name, INSTANCES / "cflp-6x8-s0.mps", seed=seed))


def test_nothing_is_found_where_there_is_nothing(name: str, written: Callable[..., Path]) -> None:
    record = run(name, written(INFEASIBLE), limit=2.0)
    assert_law(record)
    assert not record["found"] and not record["claimed"]["found"]
    if name == "localmip":
        assert record["status"] == "time_limit"
    else:
        assert record["status"] == "infeasible" and "claim" in record["message"]


def test_the_time_limit_holds(name: str, written: Callable[..., Path]) -> None:
    record = run(name, written(endless(41)), limit=1.0, stop="time")
    assert_law(record)
    assert record["status"] in ("time_limit", "infeasible", "iteration_limit")
    assert record["seconds"]["total"] < 3.0


def test_the_time_limit_holds_while_diffpump_reads_for_a_peer(written: Callable[..., Path]) -> None:
    with pytest.raises(TimeLimitError):
        peers.run(
            "highs", str(written(endless())), 0, time_limit=1.0, stop="time", threads=1, elapsed=lambda: 2.0
        )


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("text", "suffix"), [(INTEGERS, "mps"), (INTEGERS_LP, "lp")])
def test_general_integers_and_maximisation(
    name: str, text: str, suffix: str, reader: str, written: Callable[..., Path]
) -> None:
    record = run(name, written(text, suffix), limit=2.0, stop="time", reader=reader)
    assert_law(record, 16)
    assert record["sense"] == "maximise" and record["instance"]["integers"] == 2
    assert record["objective"] == record["claimed"]["objective"] == 16
    assert record["bound"] is None or record["bound"] >= 16


@pytest.mark.parametrize("reader", READERS)
def test_compressed_files_whatever_they_are_called(name: str, reader: str, tmp_path: Path) -> None:
    for file in ("small.mps.bz2", "-o", "small.lp.gz.old"):
        path = tmp_path / file
        path.write_bytes(bz2.compress(GAP.read_bytes()))
        record = run(name, path, reader=reader)
        assert_law(record, 446)
        assert record["instance"]["path"] == str(path)
        assert record["found"] or name == "scip-feaspump"


def test_a_misread_file_is_no_wrong_claim(name: str, written: Callable[..., Path]) -> None:
    """Some readers see another model if names contain blanks."""
    try:
        record = run(name, written(BLANKS), limit=2.0, reader="native")
    except InputError:
        return  # the peer's own reader refuses the file
    assert_law(record, 1)
    assert record["status"] in ("feasible", "refused", "unproven")


def test_nothing_is_printed(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    run(name, GAP, limit=2.0)
    print("still there")
    assert capfd.readouterr().out == "still there\n"


def test_what_no_reader_takes_is_refused(name: str, written: Callable[..., Path], tmp_path: Path) -> None:
    for path in (written("NAME x\nROWS\n N obj\nnonsense\n"), tmp_path / "absent.mps"):
        with pytest.raises(InputError):
            run(name, path, limit=2.0)


# --- a peer that makes wrong claims -----------------------------------------------------------


class Liar:
    """A peer that claims the given points, each an (objective, values of x and y)."""

    gzip = True

    def __init__(self, *points: tuple[float, list[float]], columns: list[str | None] | None = None) -> None:
        self.points, self.columns = points, columns or ["x", "y"]

    def missing(self) -> str | None:
        return None

    def versions(self) -> dict[str, str]:
        return {"liar": "1"}

    def run(self, task: Task) -> Outcome:
        found = Incumbents(task)
        for objective, x in self.points:
            found.add(objective, lambda x=x: np.array(x))  # type: ignore[misc]
        return Outcome(found, self.columns, Status.INFEASIBLE, "infeasible", (0.0, 0.0))


@pytest.fixture
def lie(monkeypatch: pytest.MonkeyPatch, written: Callable[..., Path]) -> Iterator[Callable[..., Any]]:
    """A function that returns the record of a `Liar` on INTEGERS."""

    def record_of(
        *points: tuple[float, list[float]], columns: list[str | None] | None = None
    ) -> dict[str, Any]:
        registry = SimpleNamespace(factory=lambda name: lambda: Liar(*points, columns=columns))
        monkeypatch.setattr(peers, "PEERS", registry)
        return run("liar", written(INTEGERS), stop="time", reader="native")

    return record_of


def test_a_wrong_claim_is_unproven(lie: Callable[..., dict[str, Any]]) -> None:
    record = lie((18.0, [3.0, 2.0]))
    assert (record["status"], record["found"], record["objective"]) == ("unproven", False, None)
    assert record["claimed"] == {"found": True, "objective": 18.0, "violation": 1.0}
    (entry,) = record["incumbents"]
    assert (entry["verified"], entry["violation"]) == (False, 1.0)


def test_the_best_verified_one_counts(lie: Callable[..., dict[str, Any]]) -> None:
    record = lie((11.0, [2.0, 0.0]), (17.0, [3.0, 1.0]), (18.0, [3.0, 2.0]))
    assert_law(record)
    assert (record["status"], record["objective"]) == ("feasible", 16.0)  # exact, not the claimed 17
    assert [entry["verified"] for entry in record["incumbents"]] == [True, True, False]
    assert record["claimed"]["objective"] == 18.0


def test_points_that_are_no_numbers_are_refused(lie: Callable[..., dict[str, Any]]) -> None:
    for bad in (float("nan"), float("inf")):
        record = lie((16.0, [bad, 1.0]))
        assert record["status"] == "unproven" and record["incumbents"][0]["verified"] is False


def test_columns_by_name_then_by_position(lie: Callable[..., dict[str, Any]]) -> None:
    assert lie((16.0, [1.0, 3.0]), columns=["y", "x"])["objective"] == 16.0
    assert lie((16.0, [3.0, 1.0]), columns=["C1", "C2"])["objective"] == 16.0
    assert lie((16.0, [3.0, 1.0]), columns=[None, "y"])["objective"] == 16.0
    other = lie((16.0, [3.0, 1.0, 1.0]), columns=["C1", "C2", "C3"])
    assert other["status"] == "refused" and not other["found"]


def test_a_peers_infeasible_is_called_its_claim(lie: Callable[..., dict[str, Any]]) -> None:
    record = lie()
    assert record["status"] == "infeasible" and "claim" in record["message"]


# --- parts ------------------------------------------------------------------------------------


def test_few_points_are_kept_and_evenly() -> None:
    found = Incumbents(TASK)
    for k in range(1000):
        found.add(-k, lambda k=k: np.array([float(k)]))  # type: ignore[misc]
    found.end(-1000.0, np.array([1000.0]))
    assert len(found) == 1001 and len(found.points) <= MAX_STORED_POINTS + 1
    assert {0, 1000} <= set(found.points)
    gaps = np.diff(sorted(found.points)[:-1])
    assert gaps.min() == gaps.max()


def test_the_end_is_no_second_incumbent() -> None:
    found = Incumbents(TASK)
    found.add(10.0, seconds=0.5)
    found.end(10.000001, np.array([1.0]))
    assert (len(found), found.objectives[0]) == (1, 10.000001)
    found.end(9.0, np.array([2.0]))  # a solution that the peer did not report before
    assert (found.objectives, found.seconds) == ([10.000001, 9.0], [0.5, 0.0])


def test_the_first_solution_is_the_only_one() -> None:
    found = Incumbents(replace(TASK, first=True))
    for objective in (10.0, 9.0):
        found.add(objective, lambda value=objective: np.array([value]))  # type: ignore[misc]
    found.end(8.0, np.array([8.0]))
    assert found.objectives == [10.0] and found.points[0].values == [10.0]


def test_native_files_are_copied_only_where_they_must(tmp_path: Path) -> None:
    with native(str(GAP), gzip=False) as path:
        assert path == str(GAP)
    packed = tmp_path / "gap.mps"  # compressed, although the suffix does not say so
    packed.write_bytes(bz2.compress(GAP.read_bytes()))
    with native(str(packed), gzip=True) as path:
        assert path != str(packed) and Path(path).read_bytes() == GAP.read_bytes()
    assert not Path(path).exists()


def test_cbc_gets_the_sense_as_an_option(tmp_path: Path) -> None:
    for head in ("OBJSENSE\n    MAX\n", "OBJSENSE MAXIMIZE\n", "objsense\r\n max\r\n"):
        model = tmp_path / "a.mps"
        model.write_text(f"NAME a\n{head}ROWS\n N obj\nENDATA\n", newline="")
        tries = list(variants(model, tmp_path))
        assert [(t.options, t.maximise) for t in tries] == [(["-max"], True)] * 2
        assert tries[1].path.read_text() == "NAME a FREE\nROWS\n N obj\nENDATA\n"


def test_unknown_names_and_stops_are_told() -> None:
    with pytest.raises(UsageError, match="known: cbc, highs"):
        peers.missing("gurobi")
    with pytest.raises(UsageError, match="unknown peer"):
        run("gurobi", GAP)
    with pytest.raises(UsageError, match="known: first, time"):
        run("highs", GAP, stop="never")
    with pytest.raises(UsageError, match="known: diffpump, native"):
        run("highs", GAP, reader="mine")


@pytest.mark.parametrize("peer", ["scip", "scip-feaspump", "cbc", "localmip"])
def test_what_is_not_installed_says_how(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("scip", "cbc", "localmip"):
        monkeypatch.setattr(sys.modules[f"diffpump.bench.peers.{module}"], "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", os.devnull)
    assert f"{peer} is not installed: pip install" in str(peers.missing(peer))
    with pytest.raises(UsageError, match="not installed"):
        run(peer, GAP)
