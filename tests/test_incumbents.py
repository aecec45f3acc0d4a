"""The engine's displays: rows of incumbents, on a terminal and elsewhere."""

from __future__ import annotations

import pytest

from diffpump.cli.incumbents import HEAD, Lines, LiveTable
from diffpump.outcome.incumbent import Incumbent
from diffpump.outcome.result import lp_gap
from diffpump.outcome.run import SliceReport
from diffpump.progress import Display, SearchStatus


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


def test_many_solutions_have_few_rows_and_the_last_one_has_its_own() -> None:
    lines: list[str] = []
    clock = SetClock()
    search = SearchStatus(clock)
    displays: list[Display] = [search, Lines(lines.append, search)]
    for k in range(5000):  # in 2.5 s
        clock.now = k / 2000
        report(displays, Incumbent(clock.now, -1.0 - k, "raw"))
    shown = lines[1:]
    assert [line.split()[1] for line in shown[:10]] == [str(-1 - k) for k in range(10)]
    assert 20 <= len(shown) <= 30
    assert shown[10] == "     1.00s              -2001             raw  (+1990 more)"
    for display in displays:
        display.close()
    assert lines[-1].startswith("     2.50s              -5000") and lines[-1].endswith(" more)")
    more = [int(line.split("(+")[1].split()[0]) for line in lines[1:] if "(+" in line]
    assert len(lines) - 1 + sum(more) == 5000  # each solution has a row or is counted
    assert len(lines) - len(shown) == 2  # the head, and the row that closing adds


def test_a_row_that_waits_is_written_once_it_is_due() -> None:
    lines: list[str] = []
    clock = SetClock()
    search = SearchStatus(clock)
    displays: list[Display] = [search, Lines(lines.append, search)]
    report(displays, *(Incumbent(0.0, -float(k), "raw") for k in range(13)))
    assert len(lines) == 11
    for clock.now in (0.5, 1.0, 1.5):
        displays[1].refresh()
    assert len(lines) == 12 and lines[-1] == "     0.00s                -12             raw  (+2 more)"
    report(displays, *(Incumbent(1.5, -float(k), "raw") for k in range(13, 33)))
    before = len(lines)
    displays[1].close()
    assert len(lines) == before + 1 and lines[-1].split()[1] == "-32"


def test_a_slice_comes_after_its_solutions() -> None:
    lines: list[str] = []
    search = SearchStatus(SetClock())
    displays: list[Display] = [search, Lines(lines.append, search, every_slice=True)]
    report(displays, *(Incumbent(0.0, -float(k), "raw") for k in range(20)), SLICES[0])
    assert lines[-2].split()[1] == "-19" and "raw: 0.10 s" in lines[-1]


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
