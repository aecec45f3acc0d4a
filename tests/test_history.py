"""A folder of earlier models: what it recalls, what it survives, and what a run makes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import COMMAND

import diffpump
from diffpump.cli import run
from diffpump.core.errors import DiffpumpError, UsageError
from diffpump.core.problem import Problem
from diffpump.core.status import Status
from diffpump.families import generate
from diffpump.io.foreign import from_arrays
from diffpump.io.read import read
from diffpump.io.write import write_mps
from diffpump.learn.history import INDEX, History

INSTANCES = Path(__file__).parent.parent / "instances"
GAP = str(INSTANCES / "gap-5x25-s0.mps")
X = np.array([1.0, 0.0, 2.0])


def model(costs: tuple[float, ...] = (1, 2, 3), side: float = 2.0, name: str = "m") -> Problem:
    """Return min costs'x, sum x >= side, 0 <= x <= 5, x integer, with X as a solution."""
    n = len(costs)
    problem = from_arrays(
        costs, [[1] * n], [side], [np.inf], [0] * n, [5] * n, [True] * n,
        name=name, col_names=[f"x{j}" for j in range(n)],
    )  # fmt: skip
    return problem


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "h")


def test_what_was_added_is_recalled(history: History) -> None:
    assert history.entries() == [] and history.recall(model()).points == []
    assert history.add(model(), X, 7.0, {"incumbents": {"pump": 1}})
    (entry,) = history.entries()
    assert (entry["name"], entry["objective"], entry["incumbents"]) == ("m", 7.0, {"pump": 1})
    found = history.recall(model())
    assert found.names == ["m"] and found.distances == [0.0] and found.notes == []
    np.testing.assert_array_equal(found.points, [X])
    again = read(str(history.folder / entry["model"]))
    np.testing.assert_array_equal(again.c, model().c)
    assert "x2 2" in (history.folder / entry["solution"]).read_text()


def test_only_a_better_solution_takes_the_place_of_one(history: History) -> None:
    assert history.add(model(), X, 7.0)
    assert not history.add(model(), X, 7.0)
    assert history.add(model(), np.array([2.0, 0, 0]), 2.0)
    assert [entry["objective"] for entry in history.entries()] == [2.0]
    np.testing.assert_array_equal(history.recall(model()).points, [[2.0, 0, 0]])
    for folder in ("models", "solutions", "data"):
        assert len(list((history.folder / folder).iterdir())) == 1


def test_a_line_has_the_files_of_its_own_solution(history: History) -> None:
    """Two runs add solutions of one model at once: whichever line comes last, its files have its point."""
    assert history.add(model(), X, 7.0)
    kept = history.entries()[0]
    files = {name: (history.folder / kept[name]).read_bytes() for name in ("solution", "data")}
    assert history.add(model(), np.array([2.0, 0, 0]), 2.0)
    for name, content in files.items():  # the first run is late with its files and its line
        (history.folder / kept[name]).write_bytes(content)
    with (history.folder / INDEX).open("a") as stream:
        stream.write(json.dumps(kept) + "\n")
    np.testing.assert_array_equal(history.recall(model()).points, [X])


def test_the_nearest_models_come_first(history: History) -> None:
    for k, costs in enumerate([(9, 2, 3), (2, 2, 3), (1.5, 2, 3), (30, 2, 3)]):
        history.add(model(costs, name=f"day {k}"), X, 0.0)
    found = history.recall(model((1, 2, 3)), nearest=3)
    assert found.names == ["day 2", "day 1", "day 0"] and found.distances == sorted(found.distances)
    assert history.recall(model((29, 2, 3)), nearest=1).names == ["day 3"]


def test_columns_come_and_go(history: History) -> None:
    history.add(model((1, 2, 3)), X, 7.0)
    wider = history.recall(model((1, 2, 3, 4)))
    np.testing.assert_array_equal(wider.points, [[1, 0, 2, np.nan]])
    np.testing.assert_array_equal(history.recall(model((1, 2))).points, [[1, 0]])
    other = from_arrays([1], [[1]], [0], [1], [0], [1], [True], col_names=["z"])
    assert history.recall(other).points == []


def test_infinite_sides_have_distances(history: History) -> None:
    for name, side in (("bounded", 1.0), ("free", -np.inf)):
        history.add(model(side=side, name=name), X, 0.0)
    assert history.recall(model(side=-np.inf)).names == ["free", "bounded"]


def test_damage_is_noted_and_left_out(history: History) -> None:
    for k in range(3):
        history.add(model((k, 2, 3), name=f"day {k}"), X, 0.0)
    index = history.folder / INDEX
    lines = index.read_text().splitlines()
    index.write_text(
        "\n".join(["{", "[]", json.dumps({"format": 9}), lines[0], lines[1][:-9], lines[2]]) + "\n"
    )
    (history.folder / json.loads(lines[0])["data"]).write_bytes(b"PK\x03\x04 no archive")
    found = History(history.folder).recall(model((1, 2, 3)))
    assert found.names == ["day 2"] and len(found.notes) == 5
    assert all(str(history.folder) in note for note in found.notes)


def test_models_that_differ_in_their_matrix_alone_are_different(history: History) -> None:
    """A star and a path on four nodes have the same names, sides and row sums."""
    for name, edges in (("star", [(0, 1), (0, 2), (0, 3)]), ("path", [(0, 1), (2, 3), (1, 2)])):
        rows = np.array([[float(j in edge) for j in range(4)] for edge in edges])
        problem = from_arrays([1] * 4, rows, [0] * 3, [1] * 3, [0] * 4, [1] * 4, [True] * 4, name=name)
        assert history.add(problem, np.zeros(4), 0.0)
    assert [entry["name"] for entry in history.entries()] == ["star", "path"]


def test_models_without_rows_and_new_unbounded_columns_are_recalled(history: History) -> None:
    bare = from_arrays([1, 2, 3], np.zeros((0, 3)), [], [], [0] * 3, [5] * 3, [True] * 3, name="bare")
    bare = replace(bare, col_names=["x0", "x1", "x2"])
    history.add(bare, X, 7.0)
    wide = model((1, 2, 3, 4))
    found = history.recall(replace(wide, ub=np.array([5.0, 5.0, 5.0, np.inf])))
    assert found.names == ["bare"] and found.notes == []


def test_a_torn_last_line_does_not_spoil_the_next_one(history: History) -> None:
    history.add(model(), X, 7.0)
    index = history.folder / INDEX
    index.write_bytes(index.read_bytes() + b'\n{"format": \xff')
    assert history.add(model((9, 2, 3), name="next"), X, 0.0)
    again = History(history.folder)
    assert [entry["name"] for entry in again.entries()] == ["m", "next"] and len(again.notes) == 1


def test_an_older_folder_is_noted_once(history: History) -> None:
    history.add(model(), X, 7.0)
    index = history.folder / INDEX
    index.write_text(3 * (json.dumps({"format": 1, "id": "a"}) + "\n") + index.read_text())
    assert len(history.entries()) == 1 and len(history.notes) == 1 and "3 entries" in history.notes[0]


def test_a_solution_that_is_none_is_not_added(history: History) -> None:
    with pytest.raises(DiffpumpError, match="violates"):
        history.add(model(), np.zeros(3), 0.0)
    assert history.entries() == []


def test_several_processes_share_a_folder(history: History, tmp_path: Path) -> None:
    def child(who: int) -> subprocess.Popen[bytes]:
        code = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "from test_history import History, X, model\n"
            f"for k in range({10 * who}, {10 * who + 10}):\n"
            f"    History({str(history.folder)!r}).add(model((k, 2, 3)), X, 0.0)\n"
        )
        return subprocess.Popen([sys.executable, "-c", code])

    children = [child(who) for who in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    assert len(history.entries()) == 20 and len(history.recall(model()).points) == 5 and not history.notes


# -- runs --


def solved(path: Path | str, folder: Path, **settings: Any) -> diffpump.SolveResult:
    return diffpump.solve(str(path), history=folder, until="first", time_limit=30, **settings)


def test_a_run_adds_and_the_next_one_recalls(tmp_path: Path) -> None:
    folder = tmp_path / "h"
    first = diffpump.solve(GAP, history=folder, time_limit=2)
    second = solved(GAP, folder)
    assert second.engine is not None and second.engine.arms["recall"]["incumbents"] == 1
    assert second.objective == first.objective


def test_a_recalled_point_is_repaired(tmp_path: Path) -> None:
    """The capacities shrink, so that yesterday's solution does not fit."""
    folder, today = tmp_path / "h", tmp_path / "today.mps"
    yesterday = read(GAP)
    diffpump.solve(yesterday, history=folder, time_limit=2)
    loads = yesterday.A @ History(folder).recall(yesterday).points[0]
    sides = np.where(yesterday.row_lo < 0, np.minimum(yesterday.row_hi, loads), yesterday.row_hi)
    tight = int(np.flatnonzero(yesterday.row_lo < 0)[0])
    sides[tight] -= 1.0
    others = np.flatnonzero(yesterday.row_lo < 0)[1:]
    sides[others] = yesterday.row_hi[others]
    write_mps(replace(yesterday, row_hi=sides, name="today"), today)
    result = solved(today, folder)
    assert result.found and len(History(folder).entries()) == 2


def test_agreement_is_the_first_neighbourhood(tmp_path: Path) -> None:
    folder = tmp_path / "h"
    for seed in range(3):
        problem = generate("gap", 0, agents=8, jobs=60)
        problem = replace(
            problem, c=problem.c + np.random.default_rng(seed).integers(0, 3, problem.n), name=f"d{seed}"
        )
        diffpump.solve(problem, history=folder, time_limit=2)
    result = diffpump.solve(generate("gap", 0, agents=8, jobs=60), history=folder, time_limit=2)
    assert result.engine is not None and result.engine.arms["recall"]["incumbents"] >= 1
    assert "recalled" in result.engine.arms


def test_trouble_is_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("this is no folder")
    with pytest.warns(RuntimeWarning) as caught:
        result = solved(GAP, folder)
    assert result.found and any("not added" in str(one.message) for one in caught)


def test_the_pump_alone_has_no_history(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="history is an argument of the engine"):
        diffpump.solve(GAP, "DP4", history=tmp_path)


def test_a_deterministic_run_repeats(tmp_path: Path) -> None:
    folder = tmp_path / "h"
    diffpump.solve(GAP, history=folder, time_limit=2)
    settings = {"deterministic": True, "work_limit": 2_000_000, "time_limit": None}
    problem = replace(read(GAP), name="again")
    copies = [shutil.copytree(folder, tmp_path / name) for name in ("one", "two")]  # a run adds what it finds
    runs = [diffpump.solve(problem, history=copy, **settings) for copy in copies]
    points = [[(found.objective, found.arm) for found in one.incumbents] for one in runs]
    assert points[0] == points[1] and points[0][0][1] == "recall"


# -- the commands --


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "h")
    assert run(["solve", GAP, "--history", folder, "--time-limit", "2"]) == 0
    assert "history: no earlier model yet" in capsys.readouterr().err
    assert run(["solve", GAP, "--history", folder, "--until", "first", "-q", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["arms"]["recall"]["incumbents"] == 1
    solution = tmp_path / "x.sol"
    diffpump.solve(GAP, time_limit=1).write(solution)
    other = tmp_path / "other"
    assert run(["history", "add", str(other), GAP, str(solution)]) == 0
    assert "added" in capsys.readouterr().out
    assert run(["history", "list", str(other)]) == 0
    assert capsys.readouterr().out.endswith("gap-5x25-s0\n1 models\n")
    assert run(["history", "list", str(other), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["entries"]) == 1


def test_what_is_no_solution_is_not_added(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "x.sol"
    bad.write_text("x_0_0 1\n")
    assert run(["history", "add", str(tmp_path / "h"), GAP, str(bad)]) == 5
    assert "is no solution" in capsys.readouterr().err and not (tmp_path / "h").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("")
    done = subprocess.run(
        [*COMMAND, "solve", GAP, "--history", str(folder), "--until", "first", "-q"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and done.stderr.count("warning") == done.stderr.count("\n") >= 1
    assert Status.FEASIBLE.value.split(":")[0] in done.stdout
