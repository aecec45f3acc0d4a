"""Starts: reading them from files, mappings and arrays, checking them, and repairing them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import GAP
from hypothesis import given, settings
from hypothesis import strategies as st

import diffpump
from diffpump import read
from diffpump.cli import run
from diffpump.cli.report import start_line
from diffpump.core.arrays import Vector
from diffpump.core.errors import InputError, UsageError
from diffpump.core.limits import RunLimits
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.io.start import Start as Given
from diffpump.io.start import start_of, violated
from diffpump.outcome.run import RunSetup
from diffpump.search.arms.start import Start, completed
from diffpump.search.budget import Budget
from diffpump.search.pool import Pool
from diffpump.search.space import Space
from diffpump.verify.check import violation

INSTANCES = Path(GAP).parent
NAN, INF = float("nan"), float("inf")
NAMES = ["x", "y", "a name", "z"]


def small() -> Problem:
    """Return a problem with three integer columns and a continuous one.

    The rows are x + y <= 2, 3 y - z >= 1 and `a name` + z <= 9.5. The columns x, y and `a name` are integer
    in [0, 4], and z is in [-1, 8].
    """
    return from_arrays(
        [1, 1, 1, 1], [[1, 1, 0, 0], [0, 3, 0, -1], [0, 0, 1, 1]], [-INF, 1, -INF], [2, INF, 9.5],
        [0, 0, 0, -1], [4, 4, 4, 8], [True, True, True, False],
        col_names=NAMES, row_names=["cap", "link", "top"],
    )  # fmt: skip


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected", "zeros"),
    [
        ("a.sol", "=obj= 3\nx 1\na name 2.5\n", [1, 0, 2.5, 0], 2),
        ("a.sol", "solution status: feasible\nobjective value: 3\nx 1 \t(obj:1)\n", [1, 0, 0, 0], 3),
        ("a.sol", "# Primal solution values\nFeasible\nObjective 1\n# Columns -1\nx 7 0\n", [7, 0, 0, 0], 3),
        ("a.sol", "# Objective value = 3\nx 1\ny -3\n", [1, -3, NAN, NAN], 0),
        ("a.mst", "# MIP start\nx 1\nz 99.5\n", [1, NAN, NAN, 99.5], 0),
        ("a.MST", "objective value: 3\nx 1 (obj:1)\n", [1, NAN, NAN, NAN], 0),
        ("a.json", '{"values": {"z": 1e-3}}', [NAN, NAN, NAN, 1e-3], 0),
        ("a.sol", "Optimal - objective value 3\n 0 x 1 0\n** 2 a name 2.5 -1\n", [1, 0, 2.5, 0], 2),
        ("a.mst", "Stopped on time - objective value 0\n 0 x 1 0\n 2 a name 2 0\n", [1, NAN, 2, NAN], 0),
        ("a.sol", "Optimal - objective value 0\n", [0, 0, 0, 0], 4),
        ("a.sol", "s mip 3 4 f 3\nj 1 1\nj 2 0\nj 3 2.5\nj 4 -1\ne o f\n", [1, 0, 2.5, -1], 0),
        (
            "a.mst",
            '<?xml version = "1.0" encoding="UTF-8" standalone="yes"?>\n<CPLEXSolution version="1.2">\n'
            ' <header objectiveValue="3"/>\n <linearConstraints><constraint name="cap" slack="0"/>'
            '</linearConstraints>\n <variables>\n  <variable name="x" index="0" value="1"/>\n'
            '  <variable name="a name" index="2" value="-0.5"/>\n </variables>\n</CPLEXSolution>\n',
            [1, NAN, -0.5, NAN],
            0,
        ),
    ],
)
def test_what_an_absent_column_means_is_the_styles(
    tmp_path: Path, name: str, text: str, expected: list[float], zeros: int
) -> None:
    (tmp_path / name).write_text(text)
    start = start_of(small(), tmp_path / name)
    np.testing.assert_array_equal(start.x, expected)
    assert start.zeros == zeros


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x 1\nx 2\n", r"a\.mst:2: column x has a second value"),
        ("x inf\n", r"a\.mst:1: column x: the value inf is not finite"),
        ("<variables><variable name='x' value='1'/></variables><a>", r"a\.mst:1: not XML: "),
        ("<variables><variable name='x'/></variables>", r"a\.mst:1: a variable without value"),
        ("<a/>", r"a\.mst:1: the XML holds no variables"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", r"a\.mst:1: XML with entity declarations"),
        ("<a><CPLEXSolution/>\n<CPLEXSolution/></a>", r"a\.mst:2: a second solution"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.mst").write_text(text)
    with pytest.raises(InputError, match=says):
        start_of(small(), str(tmp_path / "a.mst"))


def test_mappings_and_arrays() -> None:
    problem = small()
    np.testing.assert_array_equal(start_of(problem, {"y": 2, "z": NAN}).x, [NAN, 2, NAN, NAN])
    np.testing.assert_array_equal(start_of(problem, [1, NAN, 2.5, -9]).x, [1, NAN, 2.5, -9])
    for wrong, says in (
        ({"x": "one"}, "must be numbers"),
        ({"x": INF}, "value of column x is not finite"),
        ([1, 2, 3, -INF], "value of column z is not finite"),
        (["one", 2, 3, 4], "must be a path, a mapping"),
        ([1, 2], r"shape \(2,\)"),
    ):
        with pytest.raises(UsageError, match=says):
            start_of(problem, wrong)


@pytest.mark.parametrize("kind", ["file", "mapping"])
def test_names_that_the_model_does_not_have_are_counted_and_ignored(tmp_path: Path, kind: str) -> None:
    def given(values: dict[str, float]) -> Any:
        if kind == "mapping":
            return values
        (tmp_path / "a.mst").write_text("".join(f"{name} {value}\n" for name, value in values.items()))
        return tmp_path / "a.mst"

    start = start_of(small(), given({"u\u200b": 7, "x": 1, "v": 2}))
    np.testing.assert_array_equal(start.x, [1, NAN, NAN, NAN])
    assert start.notes == ("start: 2 of 3 names are not columns of the model (first: u\\u200b); ignored",)
    start = start_of(small(), given({"u": 7, "v": 2}))
    assert start.point is None
    assert start.notes == (
        "start: 2 of 2 names are not columns of the model (first: u); ignored, "
        "and the run begins without a start",
    )
    assert start_of(small(), given({"x": 7})).notes == ()


def test_omitted_zeros_of_another_model_are_no_start(tmp_path: Path) -> None:
    (tmp_path / "a.sol").write_text("=obj= 1\nu 1\n")
    assert start_of(small(), tmp_path / "a.sol").point is None
    (tmp_path / "a.sol").write_text("=obj= 0\n")
    assert start_of(small(), tmp_path / "a.sol").point is not None


@pytest.mark.parametrize(
    ("text", "status", "use", "x"),
    [
        ("Infeasible - objective value 1\n** 0 x 1 0\n", "Infeasible", "its values", [1, 0, 0, 0]),
        (
            "Stopped on time (no integer solution - continuous used) - objective value -9\n 0 x 1.5 -1\n",
            "Stopped on time (no integer solution - continuous used)", "its values", [1.5, 0, 0, 0],
        ),
        ("solution status: infeasible\nno solution available\n", "infeasible", "it has no values", None),
        ("Integer infeasible - objective value 1\n", "Integer infeasible", "it has no values", None),
        ("=infeas=\n", "=infeas=", "it has no values", None),
        ("Model status\nInfeasible\n\n# Primal solution values\nNone\n", "Infeasible", "it has no", None),
    ],
)  # fmt: skip
def test_a_status_without_a_solution_is_said_and_its_values_are_used(
    tmp_path: Path, text: str, status: str, use: str, x: list[float] | None
) -> None:
    (tmp_path / "a.sol").write_text(text)
    start = start_of(small(), tmp_path / "a.sol")
    assert len(start.notes) == 1 and start.notes[0].startswith(f"start: the file says: {status}; {use}")
    assert (None if start.point is None else start.point.tolist()) == x


# --- checking -------------------------------------------------------------------------------------

values = st.one_of(st.just(NAN), st.integers(-3, 9).map(float), st.floats(-3, 9))


@given(x=st.lists(values, min_size=4, max_size=4), free=st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=60)
def test_no_completion_within_the_bounds_mends_a_violated_row(x: list[float], free: list[float]) -> None:
    problem, start = small(), np.array(x)
    found = violated(problem, start)
    absent = np.isnan(start)
    point = np.where(absent, problem.lb + np.array(free) * (problem.ub - problem.lb), start)
    activity = problem.A @ point
    excess = np.maximum(problem.row_lo - activity, activity - problem.row_hi)
    assert (excess > 1e-6).sum() >= found.rows
    if found.worst is not None:
        assert excess[problem.row_names.index(found.worst)] >= found.amount - 1e-9
    if not absent.any():
        assert (found.rows, found.amount) == ((excess > 1e-6).sum(), max(excess.max(), 0) * (found.rows > 0))


@pytest.mark.parametrize(
    ("start", "line"),
    [
        (Given(np.array([1.0, 1, 0, 2])), "start: all 4 columns given; no row violated"),
        (
            Given(np.array([3.0, 1, NAN, NAN])),
            "start: 2 of 4 columns given; 1 row violated (worst: cap, by 2)",
        ),
        (
            Given(np.array([0.0, 0, 4.5, 9]), 2),
            "start: 2 of 4 columns named, the others are 0 (such files omit zeros); "
            "2 rows violated (worst: link, by 10); 2 out of bounds; 1 fractional",
        ),
    ],
)
def test_the_line_about_a_start(start: Given, line: str) -> None:
    assert start_line(small(), start) == line


# --- repairing ------------------------------------------------------------------------------------


def repaired(problem: Problem, start: Vector, seconds: float = 4.0) -> tuple[Pool, Start]:
    """Run the arm alone on a start, for one slice. Return the pool and the arm."""
    pool = Pool(RunSetup(problem))
    arm = Start(Space(problem), pool, start, seed=0)
    arm.run(Budget(seconds, RunLimits()))
    return pool, arm


def test_a_feasible_start_is_the_first_solution() -> None:
    pool, arm = repaired(small(), np.array([1, 1, 0, 2.0]))
    assert arm.exhausted and pool.best is not None
    assert pool.best.x.tolist() == [1, 1, 0, 2] and pool.best.incumbent.arm == "start"


@pytest.mark.parametrize(
    ("start", "x"),
    [
        ([1.2, 0.9, -7, -1], [1, 1, 0, -1]),  # rounded and clipped
        ([NAN, 1, NAN, 2], [0, 1, 0, 2]),  # at the bound nearest 0
        ([NAN, 1, NAN, 7], [0, 1, 0, -1]),  # continuous columns by LP
    ],
)
def test_what_needs_no_search(start: list[float], x: list[float]) -> None:
    pool, _ = repaired(small(), np.array(start))
    assert pool.best is not None and pool.best.x.tolist() == x


@given(x=st.lists(values, min_size=4, max_size=4))
def test_completion_is_integral_and_within_the_bounds(x: list[float]) -> None:
    problem = small()
    point = completed(problem, np.array(x))
    found = violation(problem, point)
    assert found.bounds == 0 and found.integrality == 0


@pytest.mark.parametrize("name", ["gap-5x25-s0", "cflp-6x8-s0", "lotsizing-1x3-s3", "setcover-20x15-s0"])
@pytest.mark.parametrize("kind", ["ones", "nothing", "half", "noise"])
def test_starts_of_all_kinds_are_repaired(name: str, kind: str) -> None:
    problem = read(INSTANCES / f"{name}.mps")
    rng = np.random.default_rng(0)
    starts: dict[str, Any] = {
        "ones": np.ones(problem.n),
        "nothing": np.full(problem.n, NAN),
        "half": np.where(rng.random(problem.n) < 0.5, NAN, rng.random(problem.n)),
        "noise": rng.normal(0, 9, problem.n),
    }
    pool, _ = repaired(problem, starts[kind])
    assert pool.best is not None and pool.best.proof.accepted


def test_the_given_integers_are_kept_where_they_can_be(tmp_path: Path) -> None:
    """Given integers of a feasible assignment are kept, and branch and cut chooses the others."""
    problem = read(INSTANCES / "gap-5x25-s0.mps")
    pool, _ = repaired(problem, np.full(problem.n, NAN))
    assert pool.best is not None
    start = np.where(np.arange(problem.n) % 2 == 0, pool.best.x, NAN)
    again, _ = repaired(problem, start)
    assert again.best is not None
    kept = ~np.isnan(start)
    assert again.best.x[kept].tolist() == start[kept].tolist()
    assert again.best.value <= pool.best.value + 1e-9


def test_a_start_without_a_way_out_ends() -> None:
    odd = from_arrays([1, 1], [[2, 2]], [1], [1], [0, 0], [1, 1], [True, True])  # 2a + 2b = 1
    pool, arm = repaired(odd, np.array([1.0, 1.0]), 60.0)
    assert pool.best is None and arm.exhausted


# --- end to end -----------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2])
def test_solve_begins_with_the_start(threads: int, tmp_path: Path) -> None:
    path = INSTANCES / "gap-5x25-s0.mps"
    good = diffpump.solve(path, until="first")
    good.write(tmp_path / "a.sol")
    with pytest.warns(RuntimeWarning, match=r"start: 1 of 126 names are not columns .*\(first: u\); ignored"):
        diffpump.solve(path, start={**good.values, "u": 1}, until="first")
    for start in (good.x, good.values, tmp_path / "a.sol"):
        again = diffpump.solve(path, start=start, until="first", threads=threads)
        assert again.objective == good.objective and again.incumbents[0].arm == "start"


def test_the_command_tells_about_its_start_and_repairs_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = tmp_path / "a.mst"
    start.write_text("x_0_0 1\nx_1_0 1\nx_2_0 0.4\n")  # job 0 is assigned 2.4 times
    args = [str(INSTANCES / "gap-5x25-s0.mps"), "--start", str(start), "--stop", "first"]
    assert run(["solve", *args, "--json"]) == 0
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert f"--start {start}" in lines[0]
    assert lines[3] == "start: 3 of 125 columns given; 1 row violated (worst: job_0, by 1.4); 1 fractional"
    assert json.loads(out)["arms"]["start"]["slices"] >= 1


def test_the_command_says_what_it_ignores_even_when_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, log = tmp_path / "a.mst", tmp_path / "a.log"
    start.write_text("x_0_0 1\nu 1\n")
    args = [str(INSTANCES / "gap-5x25-s0.mps"), "--start", str(start), "--stop", "first"]
    line = "start: 1 of 2 names are not columns of the model (first: u); ignored"
    assert run(["solve", *args, "-q", "--log-file", str(log)]) == 0
    assert capsys.readouterr().err == f"{line}\n"
    assert line in log.read_text().splitlines()
    start.write_text("u 1\n")
    assert run(["solve", *args]) == 0
    lines = [text for text in capsys.readouterr().err.splitlines() if text.startswith("start:")]
    assert lines == [
        "start: 1 of 1 names are not columns of the model (first: u); ignored, "
        "and the run begins without a start"
    ]


def test_a_value_beyond_float64_is_refused() -> None:
    with pytest.raises(UsageError, match="x_0_0 is not finite"):
        diffpump.solve(GAP, start={"x_0_0": 10**400}, until="first")
