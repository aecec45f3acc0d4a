"""Pictures of the pump's runs: every kind of run can be drawn, and no partial file is left behind."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the plot extra is not installed")

from diffpump.api import solve
from diffpump.core.errors import OutputError
from diffpump.core.problem import Problem
from diffpump.explain.plot import draw
from diffpump.explain.trace import Memory, Row
from diffpump.families import generate

SVG = "{http://www.w3.org/2000/svg}"


def rows_of(problem: Problem, preset: str, max_iter: int) -> list[Row]:
    memory = Memory(lambda: 0.0)
    solve(problem, preset, observers=[memory], max_iter=max_iter)
    return memory.rows


@pytest.mark.parametrize(
    ("preset", "max_iter"), [("FP", 60), ("DP4", 60), ("DP4", 0)], ids=["FP", "DP4", "no iteration"]
)
def test_draw_png(preset: str, max_iter: int, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    draw(rows_of(generate("gap", 1), preset, max_iter), str(path), "title")
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82")
    assert [p.name for p in tmp_path.iterdir()] == ["x.png"]


def test_draw_svg(tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    draw(rows_of(generate("cflp", 0), "DP4", 30), str(path), "title")
    assert ET.parse(path).getroot().tag == f"{SVG}svg"


def test_a_picture_that_cannot_be_written(tmp_path: Path) -> None:
    rows = rows_of(generate("gap", 1), "FP", 1)
    with pytest.raises(OutputError, match="cannot be written"):
        draw(rows, str(tmp_path / "none" / "x.png"), "title")
    assert not list(tmp_path.iterdir())
