"""Several solutions: proven, far enough apart, within the bound on their objectives, and all there are."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from command import GAP
from hypothesis import given, settings
from hypothesis import strategies as st

import diffpump
from diffpump.cli import run
from diffpump.core.errors import UsageError
from diffpump.core.problem import Problem
from diffpump.io.foreign import from_arrays
from diffpump.outcome.run import RunSetup
from diffpump.search.arms.several import apart
from diffpump.search.pool import Pool
from diffpump.search.solutions import Collection
from diffpump.verify.check import Judge

SECONDS = 60.0  # a limit for slow machines


def pairs(result: diffpump.SolveResult) -> list[int]:
    """Return the differences of all pairs of solutions, counted anew."""
    integer = result.problem.integer
    points = [np.rint(one.x[integer]) for one in result.solutions]
    return [int((a != b).sum()) for a, b in combinations(points, 2)]


def choices(*, maximise: bool = False, offset: float = 0.0) -> Problem:
    """Return the choice of two of four items with the costs 1, 2, 4 and 8."""
    ones = np.ones(4)
    return from_arrays(
        [1, 2, 4, 8], [ones], [2], [2], 0 * ones, ones, ones > 0, maximise=maximise, offset=offset
    )


@pytest.mark.parametrize("maximise", [False, True])
def test_a_run_ends_by_itself_with_all_solutions_there_are(maximise: bool) -> None:
    found = diffpump.solve(choices(maximise=maximise), solutions=10, time_limit=SECONDS)
    assert sorted(one.found.objective for one in found.solutions) == [3, 5, 6, 9, 10, 12]
    assert found.objective == found.solutions[0].found.objective == (12 if maximise else 3)
    assert found.seconds["total"] is not None and found.seconds["total"] < SECONDS / 2


@pytest.mark.parametrize(("least", "objectives"), [(3, {(3, 12)}), (2, {(3, 5, 6, 9, 10, 12)})])
def test_solutions_differ_in_enough_columns(least: int, objectives: set[tuple[float, ...]]) -> None:
    """Two choices of two differ in 2 or in 4 columns."""
    found = diffpump.solve(choices(), solutions=10, min_difference=least, time_limit=SECONDS)
    assert tuple(sorted(one.found.objective for one in found.solutions)) in objectives
    assert min(pairs(found)) >= least
    assert found.differences == [[int((a.x != b.x).sum()) for b in found.solutions] for a in found.solutions]


def test_a_point_that_is_better_by_a_rounding_error_does_not_displace_the_best() -> None:
    """Both have the same integers, and the second is lower by 1e-13: no two solutions may have both."""
    problem = from_arrays([1, 1, 1], [[1, 1, 0]], [1], [np.inf], [0, 0, 0], [1, 1, 1], [True, True, False])
    collection = Collection(problem, 2, 1, None)
    pool = Pool(RunSetup(problem), collection=collection)
    assert pool.offer(np.array([1, 0, 0.5]), "first")
    assert not pool.offer(np.array([1, 0, 0.5 - 1e-13]), "again")
    assert pool.kept == collection.kept == [pool.best]
    for y in (0.7, 0.6):
        pool.offer(np.array([0, 1, y]), "other")
    assert [one.x.tolist() for one in pool.kept] == [[1, 0, 0.5], [0, 1, 0.6]]


def test_the_best_solution_is_kept_even_if_it_is_worse_by_the_tolerance() -> None:
    problem = from_arrays([1, 1], [[1, 1]], [1], [np.inf], [0, 0], [1, 1], [True, True])
    pool = Pool(RunSetup(problem))
    one, other = (pool._proven(np.array(x), 1.0, "made", False) for x in ([1.0, 0.0], [0.0, 1.0]))
    assert one is not None and other is not None
    collection = Collection(problem, 1, 1, None)
    collection.add(one)
    collection.add(replace(other, value=1.0 + 1e-9), is_best=True)
    assert [one.x.tolist() for one in collection.kept] == [[0, 1]]


def test_other_solutions_are_within_the_share_of_the_best_objective() -> None:
    """With an offset of 17 the best of 20 allows 22 and 23 within 15 %."""
    found = diffpump.solve(choices(offset=17), solutions=10, within=0.15, time_limit=SECONDS)
    assert sorted(one.found.objective for one in found.solutions) == [20, 22, 23]


def test_solutions_of_an_instance_are_proven_and_far_apart() -> None:
    settings = {"solutions": 4, "min_difference": 0.1, "within": 0.1, "deterministic": True}
    found = diffpump.solve(GAP, time_limit=SECONDS, **settings)
    judge, values = Judge(found.problem), [one.found.objective for one in found.solutions]
    assert len(values) == 4 and values == sorted(values) and values[0] == found.objective
    assert all(judge.feasible(one.x) for one in found.solutions)
    assert all(found.problem.value(one.x) == one.found.objective for one in found.solutions)
    assert min(pairs(found)) >= 0.1 * found.problem.integer.sum() and values[-1] <= 1.1 * values[0]


def test_a_repeated_run_has_the_same_solutions() -> None:
    one, two = (
        diffpump.solve(GAP, solutions=3, until="first", deterministic=True, time_limit=SECONDS) for _ in "ab"
    )
    assert len(one.solutions) == 3
    assert [a.x.tolist() for a in one.solutions] == [b.x.tolist() for b in two.solutions]


def test_without_further_solutions_the_best_is_the_only_one() -> None:
    found = diffpump.solve(GAP, until="first", time_limit=SECONDS)
    assert len(found.solutions) == 1 and found.solutions[0].x is found.x and found.differences == [[0]]


COLUMNS = st.lists(st.sampled_from([(0, 1), (0, 3), (-2, 2), (5, 5), (0, np.inf)]), min_size=1, max_size=5)


@settings(max_examples=150)
@given(columns=COLUMNS, least=st.integers(1, 4), data=st.data())
def test_a_point_on_the_far_side_of_the_row_differs_enough(
    columns: list[tuple[float, float]], least: int, data: st.DataObject
) -> None:
    """For binaries the row says it exactly: no point that differs enough is cut off."""
    lb, ub = np.array(columns, float).T
    problem = from_arrays(0 * lb, np.zeros((0, lb.size)), [], [], lb, ub, np.ones(lb.size, bool))
    x, v = (
        np.array([data.draw(st.integers(int(a), int(min(b, 9)))) for a, b in columns], float) for _ in "xv"
    )
    row, side = apart(problem, v, least)
    differs = problem.difference(x, v) >= least
    if row.any() and row @ x >= side - 1e-9:
        assert differs
    if all(one == (0, 1) for one in columns):
        assert differs == (row.any() and row @ x >= side - 1e-9)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"solutions": 0}, "solutions must be a whole number from 1"),
        ({"solutions": 2, "min_difference": -1}, "min_difference must be"),
        ({"solutions": 2, "within": -0.1}, "within must be"),
        ({"solutions": 2, "min_difference": 5}, "differ in 5 integer columns: the model has 4"),
        ({"better": (("several", 1.0),)}, "runs only with more than one solution to look for"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        diffpump.solve(choices(), time_limit=SECONDS, **arguments)


def test_a_folder_holds_the_solutions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "plans"
    args = [
        "solve",
        GAP,
        "--solutions",
        "3",
        "--within",
        "20%",
        "--stop",
        "first",
        "--solution-file",
        f"{folder}/",
    ]
    assert run([*args, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert len(record["solutions"]) == len(record["differences"]) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["1.sol", "2.sol", "3.sol"]
    for name in ("1.sol", "2.sol", "3.sol"):
        assert run(["check", GAP, str(folder / name)]) == 0
    args[3] = "2"
    capsys.readouterr()
    assert run(args) == 0
    assert "2 of 2 solutions" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == ["1.sol", "2.sol"]
    args[-1] = str(tmp_path / "one.sol")
    assert run(args) == 2
    assert "write --solution-file one/" in capsys.readouterr().err
