"""The engine's displays: rows of incumbents, on a terminal and elsewhere."""

from __future__ import annotations

import pytest

from diffpump.cli.incumbents import HEAD, Lines, LiveTable, SearchStatus
from diffpump.cli.progress import Display
from diffpump.outcome.result import Incumbent, lp_gap
from diffpump.outcome.run import SliceReport


class SetClock:
    """A clock that the test sets, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def report(displays: list[Display], *events: SliceReport | Incumbent) -> None:
    for event in events:
        for display in displays:
            if isinstance(event, Incumbent):
                display.incumbent(event)
            else:
                display.slice(event)


SLICES = (
    SliceReport("raw", 0.0, 0.1, 10, 0, 7, None),
    SliceReport("root", 0.1, 0.5, 20, 0, 3, 80.0),
)


def test_a_row_for_each_incumbent_with_the_gap_once_there_is_a_bound() -> None:
    lines: list[str] = []
    clock = SetClock()
    search = SearchStatus(clock)
    displays: list[Display] = [search, Lines(lines.append, search)]
    report(displays, SLICES[0], Incumbent(0.2, 100.0, "raw"), SLICES[1], Incumbent(12.345, 90.0, "rins"))
    assert lines == [
        HEAD,
        "     0.20s                100             raw",
        "    12.35s                 90     11.11%  rins",
    ]
    assert len({line.index(word) for line, word in zip(lines, ("arm", "raw", "rins"), strict=True)}) == 1


def test_a_sign_of_life_says_where_the_search_stands() -> None:
    lines: list[str] = []
    clock = SetClock()
    search = SearchStatus(clock)
    displays: list[Display] = [search, Lines(lines.append, search)]
    for clock.now in (5.0, 11.0, 12.0):
        for display in displays:
            display.refresh()
    assert lines[1:] == ["  ... 11.0 s, no solution yet"]
    report(displays, *SLICES)
    clock.now = 25.0
    displays[1].refresh()
    assert lines[-1] == "  ... 25.0 s, no solution yet, nearest point violates 3 rows, last arm root"
    report(displays, Incumbent(30.0, -90.0, "rins"))
    clock.now = 60.0
    displays[1].refresh()
    assert lines[-1] == "  ... 60.0 s, best -90, 188.89% from the LP bound, last arm root"


def test_every_slice_when_that_is_wanted() -> None:
    lines: list[str] = []
    search = SearchStatus(SetClock())
    displays: list[Display] = [search, Lines(lines.append, search, every_slice=True)]
    report(displays, *SLICES)
    assert lines[-1] == "     0.50s  root: 0.40 s, 0 solutions, nearest point violates 3 rows"


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 80, 0.2), (80, 100, 0.2), (0, 0, 0), (0, 5, 1), (-1, 1, 2), (None, 1, None), (1, None, None)],
)
def test_gap_to_lp(objective: float | None, bound: float | None, gap: float | None) -> None:
    assert lp_gap(objective, bound) == gap


def test_the_terminal_may_be_narrow(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    search = SearchStatus(SetClock())
    table = LiveTable(search)
    report([search, table], *SLICES, Incumbent(0.2, 100.0, "raw"))
    table.refresh()
    table.close()
    assert max(map(len, capsys.readouterr().err.splitlines())) <= 20
