"""The report: hand-computed numbers on a few records, laws on many, and the safety of the page."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="the bench extra is not installed")
pytest.importorskip("jinja2", reason="the bench extra is not installed")

from report_records import batch, crashed, failed, known, peer, record

from diffpump.bench.report import pairs, report, tables, write
from diffpump.bench.report.runs import Record, columns, trajectory
from diffpump.bench.report.text import NONE, Table
from diffpump.bench.solu import Known
from diffpump.core.errors import OutputError, UsageError

FEW = [
    record("a", "FP", 0), failed("a", "FP", 1), record("b", "FP", 0, iterations=15), crashed("b", "FP", 1),
    record("a", "DP4", 0, iterations=0, restarts={"flip": 0, "perturbation": 0}), record("a", "DP4", 1),
    failed("b", "DP4", 0, status="iteration_limit"), record("b", "DP4", 1), peer("a", 0), peer("b", 0),
]  # fmt: skip


def row(table: Table | None, name: str) -> dict[str, str]:
    assert table is not None
    return next(dict(zip(table.head, cells, strict=True)) for cells in table.rows if cells[0] == name)


def test_fails_count_with_the_iteration_limit() -> None:
    fp = row(tables.fails(columns(FEW, {})), "FP")
    assert (fp["runs"], fp["instances"], fp["fails"], fp["time limit"]) == ("4", "2", "2", "1")
    assert (fp["crashed, refused, memory"], fp["iteration limit"], fp["other"]) == ("1", "0", "0")
    assert fp["iterations, total"] == "2020"  # 5 + 15 + 1000 + 1000
    assert fp["restart ratio, total (%)"] == "10.0"  # 2 + 2 + 2 kicks in 5 + 15 + 40 iterations
    assert fp["restart ratio, mean (%)"] == "19.4"  # of 2/5, 2/15 and 2/40
    assert row(tables.fails(columns(FEW, {})), "DP4")["iterations, total"] == "1010"


def test_what_a_peer_does_not_have_is_a_dash() -> None:
    runs = columns(FEW, {})
    for table in (tables.fails(runs), tables.common(runs), tables.means(runs)):
        assert {v for k, v in row(table, "highs").items() if k.startswith(("iterations", "restart"))} == {
            NONE
        }


def test_commonly_solved_takes_the_same_seeds() -> None:
    table = tables.common(columns(FEW, {}))
    assert "1 of 4 pairs" in table.notes[0]  # a, seed 0
    assert (row(table, "FP")["iterations, total"], row(table, "DP4")["iterations, total"]) == ("5", "0")
    stray = [*FEW, *(record("c", "DP4", seed) for seed in range(9))]
    assert row(tables.common(columns(stray, {})), "highs")["n"] == NONE  # left out: it has too few runs
    assert "less than half as many" in tables.common(columns(stray, {})).notes[1]


def test_means_take_fails_at_their_limits() -> None:
    runs = columns([record("a"), failed("b")], {})
    assert row(tables.means(runs), "FP")["first solution (s, shift 1 s)"] == "5.48"  # sqrt(2 * 21) - 1
    assert "20 s" in tables.means(runs).notes[0]


def test_gaps_and_integrals() -> None:
    points = [{"seconds": 1.0, "objective": 20.0, "verified": True}, {"seconds": 5.0, "objective": 10.0}]
    rows = [record("a", incumbents=points), failed("b"), record("unknown")]
    solu = {"a": Known("opt", 8.0), "b": Known("best", 1.0), "unknown": Known("unkn")}
    gaps = row(tables.gaps(columns(rows, solu)), "FP")
    assert (gaps["n"], gaps["gap, mean (%)"]) == ("2", "60.0")  # 1 - 8/10, and 1
    assert gaps["integral, mean (s)"] == "13.2"  # of 1 + 4 * (1 - 8/20) + 15 * (1 - 8/10) = 6.4, and 20
    # The first run has 1 s of 20 without a solution more, the second one all of them: P is 0.37 and 2.
    assert float(gaps["P, geom. mean (shift 0.001)"]) == pytest.approx(
        (0.371 * 2.001) ** 0.5 - 0.001, abs=5e-3
    )
    assert tables.gaps(columns(rows, {})) is None


@pytest.mark.parametrize(
    ("verified", "expected"),
    [
        ((True, True, True), [9.0, 8.0, 7.0]),
        ((None, None, True), [9.0, 8.0, 7.0]),
        ((True, False, True), [9.0, 7.0]),  # the check refused the second one
        ((None, False, None), [9.0, 7.0]),
    ],
)
def test_what_counts_of_a_trajectory(verified: tuple[bool | None, ...], expected: list[float]) -> None:
    points = [
        {"seconds": t, "objective": v, "verified": ok}
        for t, v, ok in zip((1, 2, 3), (9, 8, 7), verified, strict=True)
    ]
    assert [value for _, value in trajectory(record(objective=7.0, incumbents=points))] == expected
    # An unchecked claim that is better than the verified last solution does not count; that solution does.
    unchecked = [p for p in points if p["verified"] is not True]
    assert [v for _, v in trajectory(record(objective=8.5, incumbents=unchecked))] == (
        [9.0, 8.5] if None in verified else [8.5]
    )
    assert not list(trajectory(failed(incumbents=points)))
    maximised = record(sense="maximise", objective=9.0, incumbents=points[::-1])
    assert [v for _, v in trajectory(maximised)][-1] == 9.0


@pytest.mark.parametrize(
    ("row_", "known_", "expected"),
    [
        (record(), Known("opt", 10.0 + 2e-5), "objective 10 is better than the optimum 10.00002"),
        (record(), Known("opt", 10.0 + 5e-6), ""),
        (record(sense="maximise"), Known("opt", 9.0), "objective 10 is better than the optimum 9"),
        (record(), Known("best", 11.0), ""),
        (record(), Known("inf"), "a verified solution (10), but the .solu file calls it infeasible"),
        (failed(status="infeasible"), Known("opt", 1.0), "claimed to be infeasible, but =opt= is known"),
        (failed(status="infeasible"), Known("inf"), ""),
        (record(bound=11.0), Known("opt", 10.0), "dual bound 11 cuts off the known objective 10"),
        (record(bound=9.0), Known("opt", 10.0), ""),
        (
            failed(claimed={"found": True, "objective": 1.0, "violation": 0.5}), None,
            "a solution was claimed, but none was verified (violation 0.500)",
        ),
        (record(claimed={"found": True, "objective": 9.0}), None, "objective 9 was claimed, 10 was verified"),
        (
            failed(incumbents=[{"seconds": 1, "verified": False, "violation": {"rows": 2.0}}]), None,
            "the check refused 1 incumbent, the worst with violation 2.00",
        ),
    ],
)  # fmt: skip
def test_contradictions(row_: Record, known_: Known | None, expected: str) -> None:
    made = report([row_, row_ | {"seed": 1}], title="t", solu={"a": known_} if known_ else None)
    assert made.warnings == ([f"a, FP, seed 0, 1: {expected}"] if expected else [])
    assert (expected in made.html) and (expected.replace("_", r"\_") in made.markdown)


def test_contradictions_between_runs_and_good_news() -> None:
    made = report(
        [record(), failed("a", "DP4", status="infeasible")], title="t", solu={"a": Known("best", 12.0)}
    )
    assert made.warnings == [
        "a, DP4, seed 0: claimed to be infeasible, but another run has a verified solution"
    ]
    assert "objective 10 is better than the best known 12" in made.html


def test_names_that_need_telling_apart() -> None:
    old, new = record(), record(config_digest="0123456789ab")
    assert columns([old, new], {}).configs == ("FP 0123456789ab", f"FP {old['config_digest']}")
    assert columns([old, record(version="0.2.0")], {}).configs == ("FP 0.1.0", "FP 0.2.0")
    other = record() | {"instance": {"name": "a", "sha256": "f" * 64}}
    assert columns([old, other], {}).instances == (f"a {old['instance']['sha256'][:6]}", "a ffffff")
    assert columns([peer(), record("a", "mine"), record("a", "DP1"), old], {}).configs == (
        "FP",
        "DP1",
        "mine",
        "highs",
    )


def test_the_latest_record_of_a_run_counts() -> None:
    late = failed(started="2025-06-01T10:00:00Z")
    for rows in ([record(), late], [late, record()]):
        assert columns(rows, {}).found.tolist() == [False]


def test_infeasible_instances_and_those_tuned_on() -> None:
    rows = [record("a"), record("b"), failed("c")]
    made = report(rows, title="t", solu={"c": Known("inf")}, tuned_on=["b"])
    assert "| FP | 2 | 2 | 0 |" in made.markdown and "| FP | 1 | 1 | 0 |" in made.markdown
    assert "left out of all statistics: c." in made.html and "b †" in made.markdown


def test_pairs() -> None:
    first = [record(i, "FP", iterations=9, seconds={"first_solution": 2.0, "total": 2.0}) for i in "abc"]
    second = [record(i, "DP4", iterations=4, seconds={"first_solution": 1.0, "total": 1.0}) for i in "ab"]
    runs = columns([*first, *second, failed("c", "DP4")], {})
    (pair,) = pairs.pairs(runs, None)
    assert (pair.first, pair.second, pair.n, pair.only_first, pair.only_second) == ("FP", "DP4", 3, 1, 0)
    assert (pair.wins, pair.losses, pair.p_found) == (1, 2, 1.0)
    assert (pair.seconds.n, pair.seconds.value, pair.seconds.p) == (2, pytest.approx(2), 0.5)
    assert pair.iterations.value == pytest.approx(2)
    assert pair.integral.n == 0
    (turned,) = pairs.pairs(runs, 0)
    assert (turned.first, turned.seconds.value) == ("DP4", pytest.approx(0.5))


def test_usage() -> None:
    with pytest.raises(UsageError, match="no records"):
        report([], title="t")
    with pytest.raises(UsageError, match="unknown baseline 'x'; known: FP"):
        report([record()], title="t", baseline="x")


def test_the_order_of_the_records_does_not_matter() -> None:
    rows = batch(9, 3)
    one = report(rows, title="t", solu=known(9))
    random.Random(1).shuffle(rows)
    assert report(rows, title="t", solu=known(9)) == one


class Page(HTMLParser):
    """The tags, ids and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "xlink:href"):
                self.links.append(value or "")


def test_the_page_stands_alone() -> None:
    evil = "<script>alert(1)</script>|`x`"
    made = report([*batch(6, 2), crashed(evil), record("b", evil)], title=evil, solu=known(6))
    page = Page(made.html)
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    assert "@import" not in made.html and not re.search(r"url\((?!#)", made.html)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    assert "<script>" not in made.html + made.markdown.replace(r"\<script\>", "")


HOSTILE = "a\x1b[2Jb\nc|d\x00\u202ee\udcff$f$\\"
SHOWN = r"a\x1b[2Jb\nc|d\x00\u202ee\udcff$f$" + "\\"


def test_names_are_shown_in_printable_characters() -> None:
    bad = record(HOSTILE, HOSTILE, bound=11.0, status=HOSTILE, host={"name": HOSTILE, "cpus": 1, "jobs": 1})
    made = report([*batch(3, 2), bad, crashed(HOSTILE), record(HOSTILE)], title=HOSTILE, solu=known(3))
    for text in (made.html, made.markdown, *made.figures.values()):
        wrong = {ch for ch in text.replace("\n", "").replace("\t", "") if not ch.isprintable()}
        assert not wrong, wrong
        text.encode()
    unescaped = re.sub(r"\\([\\|*_`<>\[\]])", r"\1", made.markdown)
    assert made.html.count(SHOWN) > 5 and unescaped.count(SHOWN) > 5
    assert len(re.findall(r"^\*\*.*x1b.*", made.markdown, re.MULTILINE)) == 1  # one instance, on one line


def test_markdown_tables_are_whole() -> None:
    made = report([*batch(6, 2), record("a|b", "x|y")], title="t", solu=known(6))
    blocks = re.findall(r"(?:^\|.*\n)+", made.markdown, re.MULTILINE)
    assert len(blocks) > 8
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    assert set(re.findall(r"figures/([\w-]+)\.svg", made.markdown)) == set(made.figures)


@pytest.mark.parametrize(
    "rows",
    [[crashed()], [failed()], [record()], [peer()], [failed(iterations=None), peer(found=False)],
     [record(limits={"time": None}, seed=None)], [{"label": "x", "status": "error", "found": False}]],
    ids=["crashed", "failed", "one", "peer", "nothing found", "no limit, no seed", "almost nothing"],
)  # fmt: skip
def test_little_to_report(rows: list[Record]) -> None:
    for solu in ({}, {"a": Known("opt", 10.0)}):
        made = report(rows, title="t", solu=solu)
        assert "Instances at a glance" in made.html
        assert not re.search(r"\b(nan|inf|None)\b", made.markdown)


def test_write(tmp_path: Path) -> None:
    made = report(FEW, title="t", solu={"a": Known("opt", 9.0)})
    paths = write(made, tmp_path / "new")
    assert [path.name for path in paths[:2]] == ["report.html", "report.md"]
    assert sorted(path.stem for path in paths[2:]) == sorted(made.figures)
    for path in paths[2:]:
        assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write(made, tmp_path / "file" / "below")


def test_four_thousand_records() -> None:
    rows = batch(60, 11)
    assert len(rows) == 3960
    start = time.process_time()
    made = report(rows, title="t", solu=known(60))
    assert time.process_time() - start < 15  # seconds; an idle core needs a fifth of that
    assert len(made.html) < 3_000_000 and len(made.markdown) < 400_000
    assert np.isclose(made.html.count("<tr>"), 3960, rtol=0.4)  # every run has its line


def test_nothing_heavy_before_it_is_needed() -> None:
    code = "import sys, diffpump.bench; print({'matplotlib', 'jinja2', 'scipy.stats'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
