"""A fast selection of the trials of `results/reliability`, its ground truth, and its driver."""

from __future__ import annotations

import json
import random
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint
from scipy.optimize import milp as scipy_milp

RELIABILITY = Path(__file__).parents[1] / "results" / "reliability"
sys.path.insert(0, str(RELIABILITY))

import exact_mip  # noqa: E402
import reliability  # noqa: E402
from child import Child, Ended  # noqa: E402
from exact_mip import Column, Mip, Numbers, Row  # noqa: E402
from rows import claims as claims_row  # noqa: E402
from small_mips import KINDS, draw  # noqa: E402
from trial import ROWS, Trial, carry_out, load_rows  # noqa: E402
from trial import Row as TableRow  # noqa: E402

load_rows()
SELECTION = [(name, number) for name, row in ROWS.items() for number in row.quick]
LEEWAY = 20.0  # no test depends on how busy the machine is; `make reliability` measures the seconds
IN_ONE_TEST = ("mutants", "checker", "names")  # trials of milliseconds


@pytest.fixture(autouse=True)
def without_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The peers' figures are not ours to test."""
    monkeypatch.setattr("peer_solvers.present", lambda: ())
    monkeypatch.delenv("RELIABILITY_CORPUS", raising=False)


# --- the selection ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "number"), [pair for pair in SELECTION if pair[0] not in IN_ONE_TEST], ids=lambda part: str(part)
)
def test_a_trial(name: str, number: int) -> None:
    record = carry_out(ROWS[name], number, reliability.SEED, LEEWAY)
    if record["skipped"] is not None:
        pytest.skip(record["skipped"])
    assert record["failures"] == [], (
        f"python results/reliability/reliability.py --row {name} --trial {number}"
    )


@pytest.mark.parametrize("name", IN_ONE_TEST)
def test_trials(name: str) -> None:
    failed = {}
    for number in ROWS[name].quick:
        record = carry_out(ROWS[name], number, reliability.SEED, LEEWAY)
        if record["failures"]:
            failed[number] = record["failures"]
    assert failed == {}


# --- the ground truth ---------------------------------------------------------------------------


def small(source: random.Random) -> Mip:
    """Return a model with all kinds of bounds and rows, feasible or not, bounded or not."""
    n, m = source.randint(1, 5), source.randint(0, 4)
    columns = []
    for j in range(n):
        cost, lo, hi = (
            str(source.randint(-5, 5)),
            source.choice(["0", "-3", None]),
            source.choice(["4", "2.5", None]),
        )
        columns.append(Column(f"x{j}", cost, lo, hi, source.random() < 0.6))
    rows = []
    for _ in range(m):
        lo = source.choice([None, source.randint(-6, 3)])
        hi = (
            None
            if lo is not None and source.random() < 0.5
            else (-9 if lo is None else lo) + source.randint(0, 12)
        )
        terms = {j: str(source.randint(-4, 4)) for j in range(n) if source.random() < 0.8}
        rows.append(Row(terms, None if lo is None else str(lo), None if hi is None else str(hi)))
    return Mip(columns, rows)


def by_scipy(model: Numbers) -> tuple[int, float]:
    """Return the status and the value of scipy's milp without a gap."""
    A = np.array([[float(row.get(j, 0)) for j in range(len(model.c))] for row in model.rows])

    def sides(pairs: list[tuple[Fraction | None, Fraction | None]]) -> tuple[list[float], list[float]]:
        low = [-np.inf if lo is None else float(lo) for lo, _ in pairs]
        return low, [np.inf if hi is None else float(hi) for _, hi in pairs]

    rows = LinearConstraint(A, *sides(model.sides)) if model.rows else None
    found = scipy_milp(
        np.array([float(c) for c in model.c]), integrality=np.array(model.integer, int),
        bounds=Bounds(*sides(model.bounds)), constraints=rows, options={"mip_rel_gap": 0},
    )  # fmt: skip
    return found.status, found.fun


def test_the_exact_optimum_is_that_of_a_solver_in_floats() -> None:
    """On models with small numbers; 4 is scipy's status for "infeasible or unbounded"."""
    ends: dict[str, int] = {}
    for number in range(150):
        model = small(random.Random(number)).numbers()
        try:
            mine = exact_mip.solve(model)
        except exact_mip.TooHard:
            continue
        status, value = by_scipy(model)
        ends[mine.status] = ends.get(mine.status, 0) + 1
        if mine.value is None:
            assert status in ({"infeasible": 2, "unbounded": 3}[mine.status], 4)
        else:
            assert status == 0 and value == pytest.approx(float(mine.value), abs=1e-6)
            assert mine.x is not None and model.excess(mine.x) == (0, 0) and model.cost(mine.x) == mine.value
    assert min(ends.values()) > 20, ends


@pytest.mark.parametrize("kind", KINDS)
def test_branch_and_bound_and_enumeration_prove_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mip, answer = draw(kind, random.Random(3))
    monkeypatch.setattr(exact_mip, "MAX_POINTS", 0)
    monkeypatch.setattr(exact_mip, "MAX_MIXED_POINTS", 0)
    try:
        again = exact_mip.solve(mip.numbers())
    except exact_mip.TooHard:
        pytest.skip("needs too many nodes")
    assert (again.status, again.value) == (answer.status, answer.value)


@pytest.mark.parametrize("kind", KINDS)
def test_both_texts_of_a_model_are_read_as_the_model(kind: str, tmp_path: Path) -> None:
    from diffpump.io.read import read, read_exact

    mip, _ = draw(kind, random.Random(5))
    right = mip.numbers()
    for name, text in (("m.lp", mip.lp_text()), ("m.mps", mip.mps_text())):
        (tmp_path / name).write_text(text)
        source = read(tmp_path / name).source
        assert source is not None
        found = read_exact(source)
        order = [found.col_names.index(column.name) for column in mip.columns]
        sign = -1 if found.maximise else 1
        assert [sign * Fraction(found.c[j]) for j in order] == right.c and found.offset == Fraction(
            mip.offset
        )
        bounds = [
            tuple(None if abs(v) == float("inf") else v for v in (found.lb[j], found.ub[j])) for j in order
        ]
        assert bounds == right.bounds and [bool(found.integer[j]) for j in order] == right.integer
        kept = [
            (row, side) for row, side in zip(right.rows, right.sides, strict=True) if side != (None, None)
        ]
        for i, (row, side) in enumerate(kept):
            mine = {
                j: v for r, j, v in zip(found.rows, found.cols, found.values, strict=True) if r == i and v
            }
            assert mine == {order[j]: a for j, a in row.items()}
            assert side == tuple(
                None if abs(v) == float("inf") else v for v in (found.row_lo[i], found.row_hi[i])
            )


# --- what a row calls a failure -----------------------------------------------------------------

CAP = Mip(
    [Column("x", "1", "0", "10", True)], [Row({0: "2"}, "5", None)]
)  # min x, 2 x >= 5: 3, and 2.5 as an LP


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (claims_row.Said(0, 3.0, 2.5, True, {"x": "3"}), None),
        (claims_row.Said(0, 4.0, 2.5, False, {"x": "4"}), None),
        (claims_row.Said(0, 4.0, 2.5, True, {"x": "4"}), "complete at 4.0, but the optimum is 3.0"),
        (claims_row.Said(0, 3.0, 3.1, False, {"x": "3"}), "bound 3.1 cuts off the optimum 3.0"),
        (claims_row.Said(0, 2.0, None, False, {"x": "2"}), "the solution violates a row by 1"),
        (
            claims_row.Said(0, 3.5, None, False, {"x": "3.5"}),
            "an integer column of the solution is fractional",
        ),
        (claims_row.Said(0, 3.1, None, False, {"x": "3"}), "it says objective 3.1, its solution has 3.0"),
        (claims_row.Said(11, None, None, False, None), "infeasible, but the model is optimal"),
        (claims_row.Said(12, None, None, False, None), "the LP relaxation is optimal, not unbounded"),
        (claims_row.Said(10, None, None, False, None), "no solution of a model with the optimum 3.0"),
        (
            claims_row.Said(10, None, None, True, None),
            "complete without a solution, but the model is optimal",
        ),
        (claims_row.Said(0, None, None, False, None), "exit code 0 without a solution"),
    ],
)
def test_a_false_claim_is_a_failure(said: claims_row.Said, failure: str | None, tmp_path: Path) -> None:
    trial = Trial(0, random.Random(0), tmp_path)
    claims_row.judge(trial, claims_row.truth_of(CAP, exact_mip.solve(CAP.numbers())), said)
    assert (failure is None) == (not trial.failures)
    assert failure is None or any(text.startswith(failure) for text in trial.failures), trial.failures


def test_a_gain_within_the_tolerance_is_told_from_other_integers(tmp_path: Path) -> None:
    """min 2 x + 3 z, x + z >= 5.5: 11 exactly, and 10.999998 by violating the row."""
    columns = [Column("x", "2", "0", "10"), Column("z", "3", "0", "10", True)]
    model = Mip(columns, [Row({0: "1", 1: "1"}, "5.5", None)])
    truth = claims_row.truth_of(model, exact_mip.solve(model.numbers()))
    trial = Trial(0, random.Random(0), tmp_path)
    claims_row.judge(
        trial, truth, claims_row.Said(0, 10.999998, None, False, {"x": "5.499999"}, (12.0, 11.0))
    )
    assert any("a gain within the tolerance" in text for text in trial.failures)
    again = Trial(0, random.Random(0), tmp_path)
    claims_row.judge(again, truth, claims_row.Said(0, 10.999998, None, False, {"x": "5.499999"}, (12.0,)))
    assert again.failures == []
    whole = Mip([Column("x", "5", "2.0000005", "3", True)])  # 3 exactly, and 2 within the tolerance
    truth = claims_row.truth_of(whole, exact_mip.solve(whole.numbers()))
    claims_row.judge(again, truth, claims_row.Said(0, 10.0, None, False, {"x": "2"}, (15.0,)))
    assert again.failures == []


# --- the driver ---------------------------------------------------------------------------------


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch) -> TableRow:
    """A row whose trial 1 fails."""

    def run(trial: Trial) -> None:
        trial.case = "odd" if trial.number % 2 else "even"
        trial.demand(trial.number != 1, f"number 1 fails in {trial.folder}")

    return TableRow("made", "a made-up row", "Nothing in particular.", run, trials=4, seconds=60)


def test_the_page_counts_failures_without_this_machines_paths(row: TableRow, tmp_path: Path) -> None:
    run = reliability.Run(tmp_path / "trials.jsonl", 7, "state", 1)
    for number in range(3):
        run._add(row, number, {**carry_out(row, number, 7), "seconds": 0.1})
    run._store(now=True)
    page = reliability.page([row], run, {"made": 4})
    assert (
        "| made | a made-up row | 3 of 4 | **1** |" in page and "trial 1 (odd): number 1 fails in ." in page
    )
    assert str(tmp_path) not in page and "/tmp/" not in page


def test_finished_trials_are_kept_and_those_of_other_sources_are_not(row: TableRow, tmp_path: Path) -> None:
    store = tmp_path / "trials.jsonl"
    first = reliability.Run(store, 7, "state", 1)
    first._add(row, 0, {**carry_out(row, 0, 7), "seconds": 0.1})
    first._store(now=True)
    assert set(reliability.Run(store, 7, "state", 1).records) == {("made", 0)}
    assert not reliability.Run(store, 7, "another", 1).records and not store.exists()


def test_a_row_runs_in_child_processes_and_resumes(tmp_path: Path) -> None:
    store, page = tmp_path / "trials.jsonl", tmp_path / "page.md"
    arguments = ["--rows", "checker", "--scale", "0.004", "--store", str(store), "--page", str(page)]
    assert reliability.main(arguments) == 0
    lines = store.read_text().splitlines()
    assert len(lines) == 4 and all(json.loads(line)["failures"] == [] for line in lines)
    assert reliability.main(arguments) == 0 and store.read_text().splitlines() == lines
    assert "| checker | the exact checker against corrupted points | 4 | 0 |" in page.read_text()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "no end within 0.5 s"),
        ("import os; os.kill(os.getpid(), 11)", "killed by SIGSEGV"),
        ("import os; os._exit(7)", "ended with exit code 7"),
        ("x = bytearray(1 << 31)", "ended with exit code 1"),
    ],
)
def test_a_child_that_hangs_or_dies_says_so_and_is_replaced(code: str, why: str) -> None:
    main = (
        f"import sys; sys.path.insert(0, {str(RELIABILITY)!r}); from child import answer\n"
        f"def work(asked):\n    if asked['bad']:\n        {code}\n    return {{'fine': True}}\nanswer(work)"
    )
    child = Child([sys.executable, "-c", main], memory=2000)
    try:
        with pytest.raises(Ended, match=why):
            child.ask({"bad": True}, 0.5 if "sleep" in code else 20)
        assert child.ask({"bad": False}, 20) == {"fine": True}
    finally:
        child.close()
