"""The bar of `diffpump.solve(..., progress=True)` and the HTML of a result."""

from __future__ import annotations

import re
import sys
import types
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

import diffpump
from diffpump.core.errors import UsageError
from diffpump.outcome.html import MAX_DOTS, summary
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.run import SliceReport
from diffpump.progress import Bar

GAP = str(Path(__file__).parent.parent / "instances" / "gap-3x8-s0.mps")
QUICK = {"until": "first", "time_limit": 60.0}


def test_nothing_is_printed_without_progress(capfd: pytest.CaptureFixture[str]) -> None:
    assert diffpump.solve(GAP, **QUICK).found
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("preset", ["auto", "DP2"])
def test_elsewhere_one_line_shows_the_final_state(preset: str, capfd: pytest.CaptureFixture[str]) -> None:
    settings = QUICK if preset == "auto" else {}
    result = diffpump.solve(GAP, preset, progress=True, **settings)
    out, err = capfd.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if line.strip()]
    assert len(lines) == 1, err
    assert f"best {result.objective:.12g}" in lines[0]
    assert ("iteration" if preset == "DP2" else "last arm") in lines[0]


def test_a_terminal_shows_a_bar_that_ends_complete(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    clock = [0.0]
    bar = Bar(lambda: clock[0], 10.0)
    bar.slice(SliceReport("root", 0.0, 1.0, 5, 0, 3, 80.0))
    clock[0] = 5.0
    bar.refresh()
    bar.refresh()  # not due
    bar.incumbent(Incumbent(5.5, 100.0, "rins"))
    clock[0] = 6.0
    bar.close()
    shown = capsys.readouterr().err
    assert shown.count("5.0 s, no solution yet, nearest point violates 3 rows") == 1
    assert "6.0 s, best 100, 20.00% from the LP bound, last arm root" in shown


class Cell:
    """The output of a notebook's cell, which stands for IPython.display."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def module(self) -> types.ModuleType:
        """Return IPython.display with the two names that are used."""
        module = types.ModuleType("IPython.display")
        module.HTML = lambda text: text  # type: ignore[attr-defined]

        def display(content: str, display_id: bool) -> Cell:
            assert display_id
            self.shown.append(content)
            return self

        module.display = display  # type: ignore[attr-defined]
        return module

    def update(self, content: str) -> None:
        """Replace the output."""
        self.shown.append(content)


def test_a_notebook_shows_an_element_that_is_updated(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    cell = Cell()
    monkeypatch.setitem(sys.modules, "IPython", types.ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", cell.module())
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    result = diffpump.solve(GAP, progress=True, **QUICK)
    assert capfd.readouterr() == ("", "")
    assert len(cell.shown) >= 2
    assert all(re.match(r'<progress value="[\d.]+" max="1"></progress> ', text) for text in cell.shown)
    assert cell.shown[-1].startswith('<progress value="1.000"')
    assert f"best {result.objective:.12g}" in cell.shown[-1]


def test_an_exception_of_a_callback_ends_the_bar(capfd: pytest.CaptureFixture[str]) -> None:
    def stop(found: Incumbent) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        diffpump.solve(GAP, progress=True, incumbent=stop, **QUICK)
    assert "best" in capfd.readouterr().err


def test_progress_is_a_switch() -> None:
    with pytest.raises(UsageError, match="progress must be True or False, got 'yes'"):
        diffpump.solve(GAP, progress="yes")  # type: ignore[arg-type]


def test_the_html_of_a_result_says_who_says_what() -> None:
    result = diffpump.solve(GAP, time_limit=60.0)
    page = result._repr_html_()
    text = " ".join(ET.fromstring(page).itertext())
    assert f"{result.objective:.12g} (minimise), verified against the original file, exactly feasible" in text
    assert result.bound is not None and result.complete is not None
    assert f"{result.bound:.12g}, gap {result.gap_to_lp:.2%}, verified exactly" in text
    assert result.complete.sentence(True) in text
    assert page.count("<circle") == len(result.incumbents)
    for arm in {one.arm for one in result.incumbents}:
        assert f"</span> {arm} " in page
    assert len(repr(result)) < 100


def test_the_html_of_a_run_without_a_solution_gives_the_reason() -> None:
    from diffpump.io.foreign import from_arrays

    hopeless = from_arrays([1, 1], [[1, 1]], [3], [3], [0, 0], [1, 1], [True, True], row_names=["<r>"])
    result = diffpump.solve(hopeless, time_limit=60.0)
    text = " ".join(ET.fromstring(result._repr_html_()).itertext())
    assert "infeasible: the model has no solution, which was proven exactly" in text
    assert "row <r> cannot hold within the bounds (dual ray), verified exactly" in text
    assert "<svg" not in result._repr_html_()


@pytest.mark.parametrize(
    "objectives",
    [
        [5.0],
        [5.0, 5.0],
        [1e300, 1.0, -1e300],
        [-1.0, -1e9],
        [3e8, 20.0, 0.0],
        [float(-k) for k in range(999)],
    ],
    ids=["one", "equal", "huge", "negative", "to-zero", "many"],
)
def test_every_time_line_lies_in_its_image(objectives: list[float]) -> None:
    incumbents = [Incumbent(0.01 * k, value, "<arm>") for k, value in enumerate(objectives)]
    page = summary({}, incumbents, 0.01 * len(objectives))
    image = next(one for one in ET.fromstring(page).iter() if one.tag.endswith("svg"))
    width, height = float(image.get("width", "")), float(image.get("height", ""))
    dots = [one for one in image if one.tag.endswith("circle")]
    assert len(dots) == min(MAX_DOTS, len(incumbents))
    at = [float(dot.get("cx", "")) for dot in dots]
    heights = [float(dot.get("cy", "")) for dot in dots]
    assert at == sorted(at) and at[0] > 0 and at[-1] < width
    assert all(0 < one < height for one in heights)
    assert heights == sorted(heights)  # a minimisation descends
    assert dots[-1][0].text == f"{incumbents[-1].seconds:.2f} s: {objectives[-1]:.12g} by <arm>"
