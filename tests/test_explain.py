"""`diffpump explain`: the counts and times add up, and the violations of its points are correct."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from command import GAP, endless, process
from hypothesis import given
from small_models import feasible_models

from diffpump.config.engine import Settings
from diffpump.core.arrays import Vector
from diffpump.core.problem import Problem
from diffpump.explain.model import describe
from diffpump.explain.rows import kinds
from diffpump.explain.run import Explanation, explain, near_point
from diffpump.explain.tables import tables
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.outcome.record import dumps
from diffpump.outcome.run import RunSetup

# -- the model --


@given(feasible_models())
def test_counts_add_up(drawn: tuple[Problem, Vector]) -> None:
    problem, _ = drawn
    found = describe(problem)
    assert sum(entry["rows"] for entry in found["row_kinds"]) == problem.m == kinds(problem).size
    assert sum(entry["nonzeros"] for entry in found["row_kinds"]) == problem.nnz
    assert sum(found["domains"].values()) == problem.general.sum()
    assert found["binaries"] + found["integers"] + found["continuous"] == problem.n
    assert sum(found["bounds"].values()) == problem.n
    dumps(found)


@given(feasible_models())
def test_columns_without_locks_are_free_to_move(drawn: tuple[Problem, Vector]) -> None:
    """The counts are those of a slow count, column by column."""
    problem, _ = drawn
    A, up, down = problem.A.toarray(), 0, 0
    for column in A.T:
        up += not any((a > 0 and hi < np.inf) or (a < 0 and lo > -np.inf) for a, lo, hi in
                      zip(column, problem.row_lo, problem.row_hi, strict=True))  # fmt: skip
        down += not any((a < 0 and hi < np.inf) or (a > 0 and lo > -np.inf) for a, lo, hi in
                        zip(column, problem.row_lo, problem.row_hi, strict=True))  # fmt: skip
    found = describe(problem)["columns_without"]
    assert (found["up_locks"], found["down_locks"]) == (up, down)
    assert found["rows"] == (A == 0).all(axis=0).sum()


def test_coverage_domains_blocks_and_dense_columns() -> None:
    """x0 is in the 200 set packing rows; the last two rows are another block, without x0."""
    A = np.zeros((202, 205))
    A[:200, 0] = 1
    A[np.arange(200), 1 + np.arange(200)] = 1
    A[200, 201:203] = A[201, 202:204] = [2, 5]
    ub = np.append(np.ones(201), [7, 7, 20_000, np.inf])
    found = describe(
        from_arrays(
            np.ones(205), A, np.full(202, -np.inf), np.append(np.ones(200), [9, 9]), np.zeros(205), ub,
            np.ones(205, bool),
        )
    )  # fmt: skip
    assert found["row_kinds"] == [
        {"kind": "set packing", "rows": 200, "nonzeros": 400, "columns": 201},
        {"kind": "integer knapsack", "rows": 2, "nonzeros": 4, "columns": 3},
    ]
    assert found["domains"] == {"4 to 10": 2, "more": 1, "unbounded": 1}
    assert found["blocks"] == {"count": 2, "largest": 201 / 205}
    assert found["dense_columns"] == {"count": 1, "longest": ["x0"]}
    assert found["ranges"]["ratio_in_a_row"] == 2.5 and found["lengths"]["column"]["most"] == 200


# -- the run --


@given(feasible_models())
def test_a_near_point_is_as_wrong_as_it_says(drawn: tuple[Problem, Vector]) -> None:
    problem, x = drawn
    found = near_point(problem, "arm", x)
    assert (found.violated, found.kinds, found.worst, found.outside) == (0, {}, (), 0)
    wrong = x + 3
    activity = problem.A @ wrong
    amount = np.maximum(problem.row_lo - activity, activity - problem.row_hi)
    found = near_point(problem, "arm", wrong)
    assert found.violated == (amount > 1e-6).sum() == sum(found.kinds.values())
    assert [row.amount for row in found.worst] == pytest.approx(np.sort(amount[amount > 1e-6])[::-1][:8])
    assert found.outside == (wrong > problem.ub + 1e-6).sum()


def explained(path: str, work: int) -> Explanation:
    """Explain a run that ends by work, so that a busy machine does not change it."""
    began = time.monotonic()
    problem = read(path)
    took = time.monotonic() - began
    settings = Settings(time_limit=None, deterministic=True, work_limit=work)
    return explain(RunSetup(problem, started=began, read_seconds=took), settings)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    """The explanation of a run on a model without a solution."""
    path = tmp_path_factory.mktemp("explain") / "odd.mps"
    path.write_text(endless(61))
    return explained(str(path), 3_000_000)


@pytest.fixture(scope="module")
def solved() -> Explanation:
    return explained(GAP, 1_000_000)


def test_times_add_up(solved: Explanation, odd: Explanation) -> None:
    for found in (solved, odd):
        parts = found.seconds_by_part()
        assert sum(parts.values()) == pytest.approx(found.total, abs=1e-6)
        assert min(parts.values()) >= 0 and parts["other arms"] > 0
        ends = [report.ended for report in found.slices]
        assert ends == sorted(ends) and ends[-1] <= found.total
        assert found.result.engine is not None
        assert set(found.result.engine.arms) == {report.arm for report in found.slices}
    assert solved.seconds_by_part()["proofs"] > odd.seconds_by_part()["proofs"] > 0  # a bound in both
    assert len(solved.result.incumbents) == sum(report.incumbents for report in solved.slices) > 0


def test_no_solution_but_near_points(odd: Explanation) -> None:
    assert not odd.result.found and odd.nearest
    assert odd.nearest[0].violated == 1 and odd.nearest[0].worst[0].name == "odd"
    text = "\n".join(table.plain() for table in tables(odd))
    assert "no solution" in text.lower() and "1 equation knapsack" in text and "odd by 1" in text


def test_the_words(solved: Explanation) -> None:
    found = {table.title.split(":")[0]: table for table in tables(solved)}
    assert {"Model gap-3x8-s0", "Rows by kind", "Where the time went", "Solutions", "Outcome"} <= set(found)
    first, best = found["Solutions"].rows[:2]
    assert float(best[2]) == pytest.approx(solved.result.objective) and float(first[2]) >= float(best[2])
    for table in found.values():
        assert all(len(row) == len(table.header) for row in table.rows)
        assert all(line == line.rstrip() for line in table.plain().splitlines())


def test_the_record_is_json(solved: Explanation) -> None:
    record = json.loads(dumps(solved.record()))
    assert record["model"]["row_kinds"][0]["kind"] == "set partitioning"
    assert record["run"]["found"] and record["slices"][0]["arm"] == "lp-bound"


def test_pictures(solved: Explanation, odd: Explanation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the plot extra is not installed")
    from diffpump.explain.picture import draw

    draw(solved, str(tmp_path / "x.svg"))
    assert ET.parse(tmp_path / "x.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    draw(odd, str(tmp_path / "x.png"))
    assert (tmp_path / "x.png").read_bytes().endswith(b"IEND\xaeB`\x82")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.png", "x.svg"]


# -- the command --


def test_the_command(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the plot extra is not installed")
    picture = tmp_path / "x.png"
    done = process("explain", GAP, "--time-limit", "2", "--to", str(picture), "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0 and record["model"]["name"] == "gap-3x8-s0" and picture.exists()
    assert done.stderr == f"picture: {picture}\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--to", "x.pdf"], "must end in .png or .svg"),
        (["--threads", "0"], "threads must be"),
        (["--time-limit", "-1"], "time_limit must be"),
    ],
)
def test_options_that_do_not_fit(args: list[str], words: str) -> None:
    done = process("explain", GAP, *args)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1
