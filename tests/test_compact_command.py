"""`diffpump compact` and credible sets of change points."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diffpump.cli import run
from diffpump.core.errors import UsageError
from diffpump.families.mkpc import draw
from diffpump.knapsack.compact import Compact, change_point, credible, intervals, members, solve


@pytest.fixture
def instance() -> Compact:
    weights, costs = draw(1, 14, 1, 4, 1)
    return Compact(weights, costs, 0.9 * math.fsum(weights), 2)


@pytest.fixture
def file(instance: Compact, tmp_path: Path) -> str:
    path = tmp_path / "m.json"
    path.write_text(instance.text())
    return str(path)


def record(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = run(["compact", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("method", ["exact", "lp", "sdp", "penalised", "pump", "milp"])
def test_every_method_gives_a_choice_and_a_bound(
    method: str, instance: Compact, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if method in ("sdp", "penalised"):
        pytest.importorskip("scs", reason="the sdp extra is not installed")
    code, found = record([file, "--method", method, "--time-limit", "5"], capsys)
    best = solve(instance).value
    assert code == 0 and found["feasible"] and found["method"] == method
    assert instance.holds(found["items"]) and instance.cost(found["items"]) >= best
    assert found["objective"] == float(instance.cost(found["items"]))
    assert method == "pump" or Fraction(found["bound"]) <= best
    assert members([tuple(run) for run in found["intervals"]]).tolist() == found["items"]
    if method in ("exact", "milp"):
        assert found["objective"] == float(best)
    if method == "exact":
        assert found["gap"] <= 1e-9


def test_the_report_and_the_picture(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib", reason="the plot extra is not installed")
    picture = tmp_path / "m.svg"
    assert run(["compact", file, "--plot", str(picture)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("14 items, least weight") and "\noptimal" in out and "(proven)" in out
    assert picture.read_text().startswith("<?xml") and "written" in err


def test_a_credible_set_of_a_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    series = np.append(rng.normal(0, 1, 60), rng.normal(2, 1, 40))
    probabilities = change_point(series)
    assert abs(int(probabilities.argmax()) - 59) <= 3 and probabilities.sum() == pytest.approx(1)
    path = tmp_path / "s.json"
    for data in ({"series": series.tolist()}, {"probabilities": probabilities.tolist()}):
        path.write_text(json.dumps(data))
        code, found = record([str(path), "--level", "0.9", "--distance", "2"], capsys)
        assert code == 0 and found["weight"] >= 0.9 - 1e-12 and found["objective"] == len(found["items"])
        assert max(np.diff(found["items"]), default=1) <= 2
        assert any(first <= 59 <= last + 2 for first, last in found["intervals"])


def test_the_likelihood_of_a_change_is_that_of_two_fitted_means() -> None:
    x = np.random.default_rng(1).normal(size=12)
    expected = [
        (k * (12 - k)) ** -0.5 * (x[:k].var() * k + x[k:].var() * (12 - k)) ** -5.0 for k in range(1, 12)
    ]
    np.testing.assert_allclose(change_point(x)[:-1], np.array(expected) / sum(expected), rtol=1e-9)


@pytest.mark.parametrize("scale", [1e-250, 1e-160, 1e160, 1e250])
def test_the_unit_of_a_series_changes_nothing(scale: float) -> None:
    """Squares of these numbers overflow, or are 0."""
    x = np.random.default_rng(1).normal(size=12)
    np.testing.assert_allclose(change_point(x * scale), change_point(x), rtol=1e-9)
    assert change_point([1.5e308, -1.5e308, 1.4e308, -1.4e308, 0.0]).sum() == pytest.approx(1)


def test_runs_and_back() -> None:
    assert intervals([7, 2, 3, 4, 9]) == [(2, 4), (7, 7), (9, 9)]
    assert members([(7, 7), (2, 4), (9, 9)]).tolist() == [2, 3, 4, 7, 9]
    assert intervals([]) == [] and members([]).size == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["{file}", "--plot", "m.pdf"], 2, ".png or .svg"),
        (["{file}", "--time-limit", "0"], 2, "must be positive"),
        (["{file}", "--method", "guess"], 2, "guess"),
        (["{file}", "--method", "lp", "--lambda", "-1"], 2, "lambda"),
        (["gone.json"], 3, "gone.json: cannot be read"),
    ],
)
def test_what_does_not_fit_is_one_line(
    arguments: list[str], code: int, says: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compact", *(one.format(file=file) for one in arguments)]) == code
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("diffpump: error:") and says in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: change_point([1.0, 2.0]), "n >= 4"),
        (lambda: change_point([1.0, 2.0, 1.0, float("nan")]), "finite"),
        (lambda: change_point([1.0, 1.0, 2.0, 2.0]), "no noise"),
        (lambda: credible([0.5, 0.4]), "sum 1"),
        (lambda: credible([0.5, 0.5], level=1.5), "level"),
        (lambda: credible([0.5, 0.5], level="a"), "level"),
        (lambda: intervals([0.5]), "whole numbers"),
        (lambda: credible([0.5, 0.5], costs=[-1.0, 1.0]), "costs"),
    ],
)
def test_what_is_no_series_is_refused(call: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        call()  # type: ignore[operator]
