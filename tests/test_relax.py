"""`relax`: the least violation against enumeration, what is claimed about it, and the command."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import GAP, endless
from exact_lp import exact_minimum
from small_models import small

import diffpump
from diffpump.cli import run
from diffpump.core.arrays import Vector
from diffpump.core.errors import OutputError, ProofError, UsageError
from diffpump.core.problem import Problem
from diffpump.elastic.model import elastic
from diffpump.elastic.relaxed import outside, write_relaxed
from diffpump.elastic.weights import HOLDS, weights_of
from diffpump.io.read import load_bytes, read, read_exact
from diffpump.io.solution import verify_file
from diffpump.verify import exact
from diffpump.verify.check import exact_model, prove
from diffpump.verify.violations import violations

LIMIT = 120  # seconds; the runs end by themselves, a busy machine must not end them
CAPACITY = """\\ two customers want more than the two sites can give
max
 obj: 3 x + 2 y + z
st
 demand_a: x + y >= 7.3
 demand_b: y + z >= 6
 site_1: x + 2 y + z <= 8
 open: z - 4 u <= 0
bounds
 1 <= x <= 3
 y <= 4
generals
 x
binaries
 u
end
"""


@pytest.fixture
def capacity(tmp_path: Path) -> str:
    path = tmp_path / "capacity.lp"
    path.write_text(CAPACITY)
    return str(path)


def broken(seed: int, integer: bool) -> Problem:
    """Return a random small model whose rows contradict each other."""
    rng = np.random.default_rng(seed)
    n, m = 4, 5
    A = rng.integers(-3, 4, (m, n)).astype(float)
    lo = rng.integers(3, 9, m).astype(float)
    A[-1] = -A[0]  # the first and the last row exclude each other
    hi = np.where(rng.random(m) < 0.5, np.inf, lo)
    return small(np.ones(n), A, lo, hi, np.zeros(n), np.full(n, 3.0), np.full(n, integer))


def weighted(problem: Problem, x: Vector, weights: list[int]) -> Fraction:
    """Return the weighted violation of the rows at an integral point, by the definition."""
    activity = problem.A @ x
    amounts = np.maximum(np.maximum(problem.row_lo - activity, activity - problem.row_hi), 0)
    return sum((w * Fraction(v) for w, v in zip(weights, amounts.tolist(), strict=True)), Fraction(0))


@pytest.mark.parametrize("seed", range(4))
def test_the_least_violation_of_integers_is_that_of_enumeration(seed: int) -> None:
    problem, weights = broken(seed, integer=True), [1, 2, 3, 1, 5]
    found = diffpump.relax(
        problem, rows={f"r{i}": w for i, w in enumerate(weights)}, bounds={"*": "inf"}, time_limit=LIMIT
    )
    points = (np.array(x, dtype=float) for x in product(range(4), repeat=4))
    least = min(weighted(problem, x, weights) for x in points)
    assert found.violation == least and found.x is not None
    assert weighted(problem, found.x, weights) == least
    assert found.least is not None and found.bound is not None and found.bound <= least
    assert found.conflict is not None and not found.is_solution
    assert found.verdict == "the model is infeasible, which was proven exactly"


@pytest.mark.parametrize("seed", range(4))
def test_the_least_violation_of_an_lp_is_that_of_the_exact_simplex(seed: int) -> None:
    problem = broken(seed, integer=False)
    found = diffpump.relax(problem, bounds={"*": 2}, time_limit=LIMIT)
    soft = elastic(exact_model(problem), weights_of(exact_model(problem), {}, {"*": 2})).exact
    A = [[0] * len(soft.col_names) for _ in soft.row_names]
    for i, j, a in zip(soft.rows, soft.cols, soft.values, strict=True):
        A[i][j] += a
    least = exact_minimum(list(soft.c), A, *map(list, (soft.row_lo, soft.row_hi, soft.lb, soft.ub)))
    assert isinstance(least, Fraction) and found.violation is not None
    assert 0 <= found.violation - least <= Fraction(1, 10**7)
    assert found.least is not None and found.least.proven


def test_the_elastic_model_has_the_violations_as_its_objective() -> None:
    problem = broken(1, integer=True)
    model = exact_model(problem)
    weights = weights_of(model, {"r1": 4, "r2": "inf"}, {"*": "inf", "x0": 2, "x1": "0.5"})
    soft = elastic(model, weights)
    assert soft.exact.col_names[: problem.n] == problem.col_names
    # Slacks: the lower sides of all rows but r2, the upper one of r0, and two bounds of x0 and of x1.
    assert [len(soft.exact.col_names), len(soft.exact.row_names)] == [problem.n + 9, problem.m + 2]
    x = np.array([4.0, -1.0, 0.0, 2.0])
    point = exact.numbers(x)
    cost = {"r1": Fraction(4), "x0": Fraction(2), "x1": Fraction(1, 2)}
    expected = sum((cost.get(one.name, 1) * one.amount for one in violations(model, point)), Fraction(0))
    slacks = soft.exact.c[problem.n :]
    rows = exact.activities(
        soft.exact.rows, soft.exact.cols, soft.exact.values,
        np.concatenate([point, exact.objects([0] * slacks.size)]), len(soft.exact.row_names),
    )  # fmt: skip
    missing = exact.excess(rows, soft.exact.row_lo, soft.exact.row_hi).ints.tolist()
    given = [weights.rows[i] for i in range(problem.m)] + [Fraction(2), Fraction(1, 2)]
    total = sum((v * w for v, w in zip(missing, given, strict=True) if w != HOLDS and v), Fraction(0))
    held = [one for one in violations(model, point) if one.name == "r2"]
    assert total == expected - sum((one.amount for one in held), Fraction(0))


def test_the_plain_point_is_one_of_the_elastic_model() -> None:
    for seed in range(8):
        problem = broken(seed, integer=bool(seed % 2))
        soft = elastic(exact_model(problem), weights_of(exact_model(problem), {}, {"*": 1}))
        values = dict(zip(soft.exact.col_names, map(Fraction, soft.plain.tolist()), strict=True))
        assert prove(soft.exact, values).exactly_feasible


def test_weights_say_what_gives_way(capacity: str) -> None:
    soft = diffpump.relax(capacity, time_limit=LIMIT)
    assert soft.found and soft.violation == Fraction("5.3")  # 7.3 + 6 - 8: what the three rows ask for
    firm = diffpump.relax(capacity, rows={"*": "inf", "site*": 1}, time_limit=LIMIT)
    assert {one.breach.name for one in firm.violated} == {"site_1", "y"}  # x + y <= 7 < 7.3
    assert firm.violation is not None and firm.violation > 0
    tight = small([1, 1], [[1, 1]], [5], [inf], [0, 0], [1.5, 1], [True, False])
    assert {one.breach.name for one in diffpump.relax(tight, bounds={"*": 3}, time_limit=LIMIT).violated} == {
        "r0"
    }
    cheap = diffpump.relax(tight, bounds={"x0": "inf", "x1": "0.1"}, time_limit=LIMIT)
    assert cheap.violation == Fraction("0.3") and [one.breach.name for one in cheap.violated] == ["x1"]
    assert cheap.x is not None and cheap.x.tolist() == [1, 4]


def test_by_default_signs_and_binary_bounds_hold(capacity: str) -> None:
    model = read_exact(load_bytes(capacity)[1])
    weights = weights_of(model, {}, {})
    sides = zip(model.col_names, weights.lower, weights.upper, strict=True)
    held = {name: (low == HOLDS, high == HOLDS) for name, low, high in sides}
    assert held == {"x": (False, False), "y": (True, False), "z": (True, False), "u": (True, True)}
    assert set(weights.rows) == {1}


def test_names_with_brackets_are_no_patterns() -> None:
    problem = replace(broken(0, True), col_names=["x[1]", "x[2]", "x1", "x.1"])
    weights = weights_of(exact_model(problem), {}, {"x[1]": 3, "x?1": 5})
    assert weights.lower.tolist() == [3, HOLDS, HOLDS, 5]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"rows": {"r9*": 1}}, "no row whose name fits 'r9*'"),
        ({"bounds": {"r0": 1}}, "no column whose name fits 'r0'"),
        ({"rows": {"r0": 0}}, "'r0' must be a number from 1e-06"),
        ({"rows": {"r0": -1}}, "got '-1'"),
        ({"rows": {"r0": "soft"}}, "got 'soft'"),
        ({"rows": {"r0": float("nan")}}, "got 'nan'"),
        ({"rows": {"r0": 1e13}}, "inf for what must hold"),
        ({"seed": -1}, "seed"),
        ({"threads": 0}, "threads"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("*", r"\*")):
        diffpump.relax(broken(0, True), **arguments)


def test_what_must_hold_may_have_no_solution(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "hard.lp"
    path.write_text("min\n obj: x\nst\n a: x >= 3\n b: x <= 2\n c: x >= 7\nend\n")
    code = run(["relax", str(path), "--rows", "a=inf", "--rows", "b=inf", "--json", "-q"])
    found = json.loads(capsys.readouterr().out)
    assert code == found["exit_code"] == 11 and found["status"] == "infeasible"
    assert found["violation"] is None and found["rows"] == []
    assert found["contradiction"]["irreducible"] and len(found["contradiction"]["rows"]) == 2
    assert run(["relax", str(path), "--rows", "?=inf", "-q"]) == 11
    assert capsys.readouterr().out.startswith("no point found: the model is infeasible")


def test_a_limit_that_is_too_short_gives_the_plain_point(capsys: pytest.CaptureFixture[str]) -> None:
    problem = broken(0, integer=True)
    found = diffpump.relax(problem, time_limit=0)
    assert found.x is not None and not found.x.any() and found.lp.status == "unknown"
    assert found.violation == weighted(problem, found.x, [1] * 5)
    assert found.least is None and "not known" in found.verdict
    assert diffpump.relax(problem, rows={"r0": "inf"}, time_limit=0).x is None


def test_a_model_with_a_solution_gets_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["relax", GAP, "-q", "--time-limit", "120"]) == 0
    assert capsys.readouterr().out.startswith("feasible: the model has a solution")
    found = diffpump.relax(GAP, time_limit=LIMIT)
    assert found.is_solution and found.violation == 0 and not found.slacks and found.lp.status == "feasible"
    assert found.least is not None and found.least.proven and found.conflict is None


def test_integrality_that_branch_and_cut_refutes_is_not_called_proven(tmp_path: Path) -> None:
    """x + y = 1, x + z = 1, y + z = 1 has the point 1/2 and no integral one; no row alone says so."""
    pairs = [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    problem = small([1] * 3, pairs, [1] * 3, [1] * 3, [0] * 3, [1] * 3, [True] * 3)
    found = diffpump.relax(problem, time_limit=LIMIT)
    assert found.violation == 1 and found.lp.status == "feasible" and found.lp.proven
    assert found.conflict is None and found.bound == 0
    assert found.least is not None and not found.least.proven
    assert (
        "reports" in found.verdict and "only integrality" in found.verdict and "not verified" in found.verdict
    )


def test_a_row_that_no_integers_satisfy_is_proven(tmp_path: Path) -> None:
    path = tmp_path / "endless.mps"
    path.write_text(endless())
    found = diffpump.relax(path, time_limit=5)
    assert found.violation == 1 and found.conflict is not None and found.conflict.integer
    assert [one.name for one in found.conflict.members] == ["odd", "odd"] and "proven" in found.verdict


def test_the_relaxed_model_has_the_point_as_a_solution(
    capacity: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, solution = str(tmp_path / "relaxed.mps.gz"), str(tmp_path / "point.sol")
    code = run(["relax", capacity, "-o", output, "--solution-file", solution, "--json", "-q"])
    found = json.loads(capsys.readouterr().out)
    assert code == 0 and found["status"] == "relaxed" and found["output"] == output
    proof = verify_file(output, solution)[1]
    assert proof.accepted and proof.exactly_feasible
    assert not verify_file(capacity, solution)[1].accepted
    original, relaxed = read(capacity), read(output)
    assert relaxed.maximise and relaxed.col_names == original.col_names
    moved = {one["name"]: one["amount"] for one in found["rows"]}
    for before, after in ((original.row_lo, relaxed.row_lo), (original.row_hi, relaxed.row_hi)):
        for i in np.flatnonzero(np.isfinite(before)):
            assert abs(after[i] - before[i]) == pytest.approx(moved.get(original.row_names[i], 0))
    assert run(["solve", output, "--until", "first", "-q"]) == 0
    with gzip.open(output, "rb") as file:
        assert file.read(4) == b"NAME"


def test_the_report_names_the_sides_and_what_they_would_have_to_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "inf.lp"
    path.write_text("min\n obj: x + y\nst\n c1: x + y >= 5\n c2: x + y <= 3\nend\n")
    assert run(["relax", str(path), "--rows", "c2=10", "-q"]) == 0
    out = capsys.readouterr().out
    assert "relaxed: the model is infeasible, which was proven exactly" in out
    assert "violation   2 (weighted, exact), the least: proven exactly" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["row", "c1", "lower", "5", "3", "2", "1"] in lines
    assert ["row", "c1", "lower", "5", "1"] in lines and ["row", "c2", "upper", "3", "1"] in lines
    assert run(["relax", str(path), "--no-irreducible", "-q"]) == 0
    assert "contradiction" not in capsys.readouterr().out
    assert run(["solve", str(path)]) == 11
    assert "`diffpump relax` shows which rows and bounds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["{file}", "--rows", "c1"], 2, "PATTERN=WEIGHT"),
        (["{file}", "--rows", "c9=1"], 2, "no row whose name fits"),
        (["{file}", "-o", "r.lp"], 2, "must end in .mps or .mps.gz"),
        (["{file}", "-o", "/nowhere/r.mps"], 6, "cannot be written"),
        (["{file}", "--solution-file", "r.txt"], 2, "unknown solution file type"),
        (["{file}", "--time-limit", "soon"], 2, "soon"),
        (["gone.lp"], 3, "gone.lp: cannot be read"),
    ],
)
def test_what_does_not_fit_is_one_line(
    arguments: list[str], code: int, says: str, capacity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["relax", "-q", *(one.format(file=capacity) for one in arguments)]) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("diffpump: error:") and says in err and err.count("\n") == 1


def test_no_file_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.mps"
    path.write_text(endless(5))
    assert run(["relax", str(path), "-o", str(path)]) == 2
    assert "would overwrite the model" in capsys.readouterr().err and path.read_text() == endless(5)


def test_a_model_that_does_not_hold_the_point_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "wrong.mps"
    with pytest.raises(ProofError, match="not written"):
        write_relaxed(path, broken(0, True), {"x0": "3"})
    assert not path.exists()
    with pytest.raises(OutputError, match="cannot carry the name"):
        write_relaxed(path, replace(broken(0, True), row_names=["a b", "b", "c", "d", "e"]), {})


@pytest.mark.parametrize("value", ["1/3", "-1/3", "0.1", "12345678901234567/10", "7", "1e300", "-1e-30"])
def test_a_moved_side_is_never_inside(value: str) -> None:
    exactly = Fraction(value)
    low, high = outside(exactly, "lower"), outside(exactly, "upper")
    assert Fraction(repr(low)) <= exactly <= Fraction(repr(high))
    assert high - low <= 4 * np.spacing(abs(float(exactly)))
    assert outside(Fraction(10) ** 400, "upper") == inf


def test_an_infeasible_miplib_file(miplib: list[Path]) -> None:
    path = next((path for path in miplib if path.name == "diamond.mps.gz"), None)
    if path is None:
        pytest.skip("diamond is not among the MIPLIB files")
    found = diffpump.relax(path, time_limit=10)
    assert found.violation == Fraction(1, 2) and not found.is_solution and found.lp.status == "feasible"
