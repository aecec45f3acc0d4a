"""Peers solve our parsed model: the same to the last bit, whatever their own readers make of the file."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from math import inf, nextafter
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest
from conftest import miplib_files
from hypothesis import given, settings
from small_models import feasible_models

from diffpump.bench import peers
from diffpump.bench.peers.task import PEERS, Incumbents, Loader, Outcome, Peer, Task
from diffpump.core.errors import InputError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.io.foreign import from_arrays, to_problem
from diffpump.io.native import plain_file
from diffpump.io.read import read

INSTANCES = Path(__file__).parent.parent / "instances"
MIPLIB = ("p0033", "egout", "gesa2", "bell5", "p0548")  # offsets, empty rows, free and integer columns

# Files of which other readers make another model, or none, and the value that is right.
NEGATIVE_UPPER = """NAME ub
ROWS
 N obj
 G low
COLUMNS
 u obj 1 low 1
 v obj 5 low 1
RHS
 R low -8
BOUNDS
 UP B u -3
 UP B v 1
ENDATA
"""
BRACKETS = """min
 obj: 2 x[0] + 3 x[1]
st
 c[0,1]: x[0] + x[1] >= 4
bounds
 x[0] <= 3
generals
 x[0] x[1]
end
"""
CONSTANT_ON_THE_LEFT = """min
 u
st
 u - 1 >= 2
integers
 u
end
"""
HASH = """NAME w
OBJSENSE
    MAX
ROWS
 N cost
 L need
COLUMNS
 M 'MARKER' 'INTORG'
 #u cost 2 need 1
 =v= cost 3 need 1
 M 'MARKER' 'INTEND'
RHS
 R need 4
 R cost -10
BOUNDS
 UP B #u 3
 UP B =v= 3
ENDATA
"""
MISREAD = [
    (NEGATIVE_UPPER, "mps", -8), (BRACKETS, "lp", 9), (CONSTANT_ON_THE_LEFT, "lp", 3), (HASH, "mps", 21),
]  # fmt: skip


def everything(maximise: bool = False) -> Problem:
    """Return a model with every kind of bound, side, number and name."""
    tiny = nextafter(0.1, 1)
    lb = [0, -inf, -inf, -3.3, 0.1, -7, 0, -inf, 2]
    ub = [1, inf, -0.7, inf, 0.1, -2, 1e19, 5, 2]
    integer = [True, False, True, False, False, True, True, False, True]
    A = np.zeros((9, 9))
    A[0, :4] = 1 / 3, -2.5e-7, 1e9 + 0.1, tiny
    A[1, 2:6] = 0.1, 0.2, 0.3, -1
    A[2, 0] = A[3, 1] = A[4, 2] = A[5, 3] = A[6, 7] = 1  # row 7 is empty, and so is column 8
    A[8, 6] = -1e-4
    row_lo = [-inf, 0.1, -inf, -1.1, 0.3, -5.3, -1, -1, -inf]
    row_hi = [2.2, 0.3, inf, inf, 0.3, tiny, 1 + 2**-52, 1, 1e17]
    return from_arrays(
        [1 / 3, -1, 0, 2**53 + 2, 0.1, 1e-300, 5, -0.3, 7], A, row_lo, row_hi, lb, ub, integer,
        offset=-1234.1, maximise=maximise,
        col_names=["a b", "#", "$x", "x[1]", "RHS", "MARKER", "=infeas=", "ü", "x" * 300],
    )  # fmt: skip


def peer(name: str) -> Peer:
    """Return a peer; the test is skipped with a reason if it is not installed."""
    if reason := peers.missing(name):
        pytest.skip(reason)
    return PEERS.factory(name)()


def loaded(name: str, problem: Problem) -> Problem:
    """Return what a solver holds after the hand-over, as a problem with columns in our order."""
    loader = peer(name)
    assert isinstance(loader, Loader)
    model = loader.load(problem)
    if name == "highs":  # it gets no names
        return replace(to_problem(model), col_names=problem.col_names, row_names=problem.row_names)
    scip, variables = model
    assert [variable.name for variable in variables] == problem.col_names
    return sorted_as(problem, to_problem(scip))


def sorted_as(ours: Problem, theirs: Problem) -> Problem:
    """Return a problem with the columns in the order that they have in another one."""
    at = {name: j for j, name in enumerate(theirs.col_names)}
    order = np.array([at[name] for name in ours.col_names], int)
    A = theirs.A[:, order].tocsr()
    A.sort_indices()
    return replace(
        theirs, A=A, c=theirs.c[order], lb=theirs.lb[order], ub=theirs.ub[order],
        integer=theirs.integer[order], col_names=ours.col_names,
    )  # fmt: skip


def assert_same_minimisation(ours: Problem, theirs: Problem) -> None:
    """Assert that all numbers of two models are equal to the last bit."""
    assert not theirs.maximise and theirs.offset == ours.offset
    for what in ("c", "lb", "ub", "integer", "row_lo", "row_hi"):
        np.testing.assert_array_equal(getattr(theirs, what), getattr(ours, what), what)
    assert theirs.A.shape == ours.A.shape
    np.testing.assert_array_equal(theirs.A.toarray(), ours.A.toarray())


def models() -> list[Any]:
    """Return small models and a few of MIPLIB as parameters of tests."""
    miplib = [path for path in miplib_files() if path.name.partition(".")[0] in MIPLIB]
    return [pytest.param(path, id=path.name) for path in [*sorted(INSTANCES.glob("*s0.mps")), *miplib]]


@pytest.mark.parametrize("solver", ["highs", "scip"])
@pytest.mark.parametrize("path", models())
def test_the_loaded_model_is_the_file(solver: str, path: Path) -> None:
    assert_same_minimisation(problem := read(path), loaded(solver, problem))


@pytest.mark.parametrize("solver", ["highs", "scip"])
@pytest.mark.parametrize("maximise", [False, True])
def test_the_loaded_model_has_every_kind_of_number(solver: str, maximise: bool) -> None:
    assert_same_minimisation(problem := everything(maximise), loaded(solver, problem))


@settings(max_examples=30)
@given(feasible_models())
def test_any_small_model_is_loaded_unchanged(drawn: tuple[Problem, Any]) -> None:
    for solver in ("highs", "scip"):
        assert_same_minimisation(drawn[0], loaded(solver, drawn[0]))


def test_local_mip_gets_the_same_columns() -> None:
    problem, mip = everything(), peer("localmip")
    assert isinstance(mip, Loader)
    manager = mip.load(problem).prepare().model_manager
    columns = [manager.var(j) for j in range(manager.var_num)]
    assert [one.name for one in columns] == problem.col_names
    assert np.clip(problem.lb, -1e20, 1e20).tolist() == [one.lower_bound for one in columns]
    whole = np.where(problem.integer, np.floor(problem.ub), problem.ub)  # it rounds these bounds itself
    assert np.clip(whole, -1e20, 1e20).tolist() == [one.upper_bound for one in columns]
    free = [one.type.name in ("binary", "general_integer") for one in columns if one.type.name != "fixed"]
    assert free == [
        integer for integer, one in zip(problem.integer, columns, strict=True) if one.type.name != "fixed"
    ]
    assert manager.obj_offset == problem.offset and manager.is_min


# --- the file for peers that take nothing else ------------------------------------------------


def read_by_highs(path: str) -> Problem:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(path) == highspy.HighsStatus.kOk
    return to_problem(highs)


def read_by_scip(path: str) -> Problem:
    pyscipopt = pytest.importorskip("pyscipopt", reason="PySCIPOpt is not installed")
    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(path)
    return to_problem(model)


@pytest.mark.parametrize("path", models())
def test_every_reader_finds_our_model_in_the_file(path: Path) -> None:
    problem = read(path)
    with plain_file(problem) as (file, names):
        assert list(names.values()) == problem.col_names
        plain = replace(problem, col_names=list(names))
        for reader in (read, read_by_highs, read_by_scip):
            assert_same_minimisation(problem, sorted_as(plain, reader(file)))
    assert not Path(file).exists()


@pytest.mark.parametrize("maximise", [False, True])
def test_the_file_has_every_kind_of_number(maximise: bool) -> None:
    problem = everything(maximise)
    kept = np.isfinite(problem.row_lo) | np.isfinite(problem.row_hi)  # readers leave free rows out
    problem = replace(
        problem, A=problem.A[kept], row_lo=problem.row_lo[kept], row_hi=problem.row_hi[kept],
        row_names=[name for name, is_kept in zip(problem.row_names, kept, strict=True) if is_kept],
    )  # fmt: skip
    with plain_file(problem) as (file, _):
        ours, theirs = read(file), read_by_highs(file)
    assert_same_minimisation(problem, ours)
    ranged = np.isfinite(problem.row_lo) & np.isfinite(problem.row_hi)
    np.testing.assert_allclose(theirs.row_lo[ranged], ours.row_lo[ranged], rtol=0, atol=1e-15)
    theirs.row_lo[ranged] = ours.row_lo[ranged]  # HiGHS subtracts in float64
    assert_same_minimisation(ours, theirs)


# --- what it is for ---------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "suffix", "value"), MISREAD)
@pytest.mark.parametrize("solver", list(PEERS))
def test_files_that_other_readers_misread(
    solver: str, text: str, suffix: str, value: float, tmp_path: Path
) -> None:
    peer(solver)
    path = tmp_path / f"model.{suffix}"
    path.write_text(text)
    record = run(solver, path)
    assert (record["found"], record["objective"], record["claimed"]["objective"]) == (True, value, value)
    assert record["status"] == "feasible" and record["incumbents"][-1]["verified"]


def run(name: str, path: Path, elapsed: Callable[[], float] | None = None, **options: Any) -> dict[str, Any]:
    began = time.monotonic()
    given = {"time_limit": 1.0, "stop": "time", "threads": 1, **options}
    return peers.run(name, str(path), 0, elapsed=elapsed or (lambda: time.monotonic() - began), **given)


def test_a_row_without_entries_that_does_not_hold() -> None:
    problem = from_arrays([1], [[0.0]], [1], [2], [0], [1], [True], row_names=["none"])
    mip = peer("localmip")
    assert isinstance(mip, Loader)
    with pytest.raises(InputError, match="takes no rows without entries, and none does not hold"):
        mip.load(problem)


@pytest.mark.parametrize(("c", "a", "what"), [(1e300, 1.0, "cost"), (1.0, 1e20, "coefficient")])
def test_numbers_that_scip_takes_as_infinite_are_refused(c: float, a: float, what: str) -> None:
    problem = from_arrays([c, 1], [[1, a]], [0], [1], [0, 0], [1, 1], [True, True], col_names=["u", "v"])
    scip = peer("scip")
    assert isinstance(scip, Loader)
    with pytest.raises(InputError, match=f"column {'u' if what == 'cost' else 'v'} has a {what} of 1e"):
        scip.load(problem)


# --- peers of other packages, and the clock ---------------------------------------------------


class Reader:
    """A peer that only reads files: it claims the point that costs most, in another order of columns."""

    gzip = False

    def missing(self) -> str | None:
        return None

    def versions(self) -> dict[str, str]:
        return {"reader": "1"}

    def run(self, task: Task) -> Outcome:
        problem, began = read(task.path), task.elapsed()
        found, x = Incumbents(task), np.where(problem.c < 0, problem.ub, problem.lb)
        found.add(problem.value(x), lambda: x[::-1])
        return Outcome(found, problem.col_names[::-1], Status.TIME_LIMIT, "done", (began, began), bound=-30.0)


class SlowLoader(Reader):
    """A peer whose hand-over takes 50 seconds of a clock."""

    def __init__(self) -> None:
        self.now = 0.0

    def load(self, problem: Problem) -> Problem:
        self.now += 50
        return problem

    def run(self, task: Task) -> Outcome:
        assert (task.elapsed(), task.left()) == (0, 1)
        self.now += 0.5
        found = Incumbents(task)
        found.add(task.model.value(task.model.lb), lambda: task.model.lb)
        return Outcome(found, None, Status.TIME_LIMIT, "done", (0.0, 0.0))


def test_a_peer_that_reads_files_gets_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(PEERS._entries, "plugged", replace(PEERS.entry("cbc"), factory=Reader))
    path = tmp_path / "m.mps"
    path.write_text(HASH.replace("R need 4", "R need 6"))
    record = run("plugged", path)
    assert (record["objective"], record["bound"], record["sense"]) == (25, 30, "maximise")
    assert record["seconds"]["handover"] > 0
    assert run("plugged", path, reader="native")["seconds"]["handover"] is None


def test_the_clock_stands_still_during_the_handover(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowLoader()
    monkeypatch.setitem(PEERS._entries, "slow", replace(PEERS.entry("cbc"), factory=lambda: slow))
    record = run("slow", INSTANCES / "gap-3x8-s0.mps", elapsed=lambda: slow.now)
    assert record["seconds"]["handover"] == 50 and record["seconds"]["total"] == 0.5
    assert record["incumbents"][0]["seconds"] == 0.5
