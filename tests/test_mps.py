"""The MPS reader: valid and invalid files, and the agreement of its bulk and its line-by-line path."""

from __future__ import annotations

import random
import warnings
from fractions import Fraction
from math import inf
from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models import highs_differences, same_parsed, scip_differences

from diffpump.core.errors import InputError, InputWarning, UnsupportedError
from diffpump.core.parsed import ParsedModel
from diffpump.io import mps, mps_layout
from diffpump.io.coded import CodedModel
from diffpump.io.numbers import Numbers
from diffpump.io.read import read, to_problem

GOOD = """\
* a comment
NAME          small model
ROWS
 N  cost
 L  cap
 G  need
 E  bal
 N  other
COLUMNS
    x         cost      1.5   cap       2
    x         other     7
    M1        'MARKER'  'INTORG'
    y         need      -3    bal       .5
    z         cost      1e1
    M2        'MARKER'  'INTEND'
* in the middle

    w         cap       +4.   bal       1
RHS
    RHS       cost      -2.5  cap       10
    RHS       other     3
BOUNDS
 UP BND       y         4
 MI BND       w
ENDATA
"""

USUAL = """\
NAME
ROWS
 N  cost
 L  cap
 G  need
 E  bal
COLUMNS
    x         cost      1.5   cap       2
    M1        'MARKER'  'INTORG'
    y         need      -3    bal       .5
    z         cost      1e1
    M2        'MARKER'  'INTEND'
    w         cap       +4.   bal       1
RHS
    RHS       cost      -2.5  cap       10
    RHS       need      3
RANGES
    RNG       need      3     cap       1e1
BOUNDS
 UP BND       y         4
 LO BND       y         -2
 FX BND       x         .5
 BV BND       z
 MI BND       w
 UP BND       w         1e20
ENDATA
"""


def parse(text: str | bytes) -> ParsedModel:
    return coded(text).exact()


def coded(text: str | bytes) -> CodedModel:
    return mps.parse(text.encode() if isinstance(text, str) else text)


def line_by_line(data: bytes) -> ParsedModel:
    return mps._Reader(data, mps_layout.split_free, bulk=False).read().exact()


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_model_in_full():
    model = parse(GOOD)
    assert (model.name, model.maximise, model.offset) == ("small model", False, 2.5)
    assert model.col_names == ["x", "y", "z", "w"] and model.row_names == ["cap", "need", "bal"]
    assert model.c.tolist() == [1.5, 0, 10, 0]
    assert list(zip(model.rows, model.cols, model.values, strict=True)) == [
        (0, 0, 2),
        (1, 1, -3),
        (2, 1, 0.5),
        (0, 3, 4),
        (2, 3, 1),
    ]
    assert model.row_lo.tolist() == [-inf, 0, 0] and model.row_hi.tolist() == [10, inf, 0]
    assert model.lb.tolist() == [0, 0, 0, -inf] and model.ub.tolist() == [inf, 4, 1, inf]
    assert model.integer.tolist() == [False, True, True, False]


def test_exact_numbers_are_the_decimals():
    model = parse(changed("1e1", "0.1"))
    assert model.c[2] == Fraction(1, 10) and model.offset == Fraction(5, 2) and model.row_hi[0] == 10
    assert to_problem(coded(changed("1e1", "0.1")), None).c[2] == 0.1


@pytest.mark.parametrize(
    ("kind", "span", "sides"),
    [
        ("E", 3, (10, 13)),
        ("E", -3, (7, 10)),
        ("E", 0, (10, 10)),
        ("L", 3, (7, 10)),
        ("L", -3, (7, 10)),
        ("G", 3, (10, 13)),
        ("G", -3, (10, 13)),
        ("G", 1e20, (10, inf)),
    ],
)
def test_ranges(kind: str, span: float, sides: tuple[float, float]):
    text = changed("BOUNDS", f"RANGES\n    RNG  cap {span!r}\nBOUNDS", changed(" L  cap", f" {kind}  cap"))
    model = parse(text)
    assert (model.row_lo[0], model.row_hi[0]) == sides


@pytest.mark.parametrize(
    ("lines", "integer", "bounds"),
    [
        ([], True, (0, 1)),
        ([], False, (0, inf)),
        (["LO B y 2"], True, (2, inf)),
        (["PL B y"], True, (0, inf)),
        (["UP B y -2"], False, (-inf, -2)),
        (["UP B y -2"], True, (-inf, -2)),
        (["UP B y 0"], False, (0, 0)),
        (["UP B y -2", "LO B y -3"], False, (-3, -2)),
        (["MI B y", "UP B y -2"], False, (-inf, -2)),
        (["FR B y"], True, (-inf, inf)),
        (["FR B y 0"], True, (-inf, inf)),
        (["FX B y 3"], True, (3, 3)),
        (["BV B y"], False, (0, 1)),
        (["BV B y 1"], False, (0, 1)),
        (["LI B y -4", "UI B y 4"], False, (-4, 4)),
        (["UP B y 1e20"], True, (0, inf)),
        (["LO B y -1e30"], True, (-inf, inf)),
        (["UP y 5"], True, (0, 5)),
        (["MI y"], False, (-inf, inf)),
        (["UP B y inf", "LO B y -Infinity"], True, (-inf, inf)),
    ],
)
def test_bounds(lines: list[str], integer: bool, bounds: tuple[float, float]):
    body = "".join(f" {line}\n" for line in lines)
    text = changed(" UP BND       y         4\n MI BND       w\n", body)
    if not integer:
        text = changed(
            "    M1        'MARKER'  'INTORG'\n", "", changed("    M2        'MARKER'  'INTEND'\n", "", text)
        )
    model = parse(text)
    assert (model.lb[1], model.ub[1]) == bounds
    assert model.integer[1] == (integer or lines[:1] in (["BV B y"], ["BV B y 1"], ["LI B y -4"]))


@pytest.mark.parametrize(
    ("new", "maximise"),
    [
        ("OBJSENSE MAX\nROWS", True),
        ("OBJSENSE\n    MAX\nROWS", True),
        ("OBJSENSE\n  MAXIMIZE\nROWS", True),
        ("OBJSENSE min\nROWS", False),
        ("OBJSENSE\n    Minimise\nROWS", False),
    ],
)
def test_sense(new: str, maximise: bool):
    assert parse(changed("ROWS", new)).maximise == maximise


def test_the_objective_can_be_named():
    model = parse(changed("ROWS", "OBJNAME\n    other\nROWS"))
    assert model.c.tolist() == [7, 0, 0, 0] and model.offset == -3


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_and_tabs_and_missing_set_names(ending: str):
    text = GOOD.replace("    RHS       ", "    ").replace(" BND  ", "\t").replace("\n", ending)
    assert same_parsed(parse(text), parse(GOOD))


def test_names_outside_ascii():
    text = GOOD.replace(" w", " é")
    assert parse(text).col_names[3] == parse(text.encode("latin-1")).col_names[3] == "é"


FIXED = """\
NAME          BLANKS
ROWS
 N  COST
 L  ROW ONE
COLUMNS
    COL ONE   COST               1.0   ROW ONE            2.0
RHS
    RHS       ROW ONE            4.0
BOUNDS
 UP BND       COL ONE            4.0
ENDATA
"""


def test_fixed_format_is_read_when_names_have_blanks():
    model = parse(FIXED)
    assert model.col_names == ["COL ONE"] and model.row_names == ["ROW ONE"]
    assert model.values.tolist() == [2] and model.ub.tolist() == [4] and model.row_hi.tolist() == [4]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("4.0\nENDATA", "4.x\nENDATA", 10),
        (" UP BND       COL ONE", " XX BND       COL ONE", 10),
        ("           2.0", " 2.0", 4),
    ],
)
def test_a_refusal_in_fixed_format_names_its_line(old: str, new: str, line: int):
    with pytest.raises(InputError) as refusal:
        parse(changed(old, new, FIXED))
    assert refusal.value.line == line


@pytest.mark.parametrize(
    "cut",
    ["ROWS\nCOLUMNS\n", "ROWS\n N c\nCOLUMNS\n", "ROWS\n L r\nCOLUMNS\n", "ROWS\n N c\nCOLUMNS\n x c 1\n"],
)
def test_no_rows_no_columns_no_integers_are_models(cut: str):
    model = parse(f"NAME\n{cut}ENDATA\n")
    assert len(model.col_names) == cut.count("x") and len(model.row_names) == cut.count(" L")


BAD = [  # old, new, line, fragment of the reason
    ("1.5   cap", "nan   cap", 10, "'nan' is not a finite"),
    ("1.5   cap", "inf   cap", 10, "'inf' is not a finite"),
    ("1.5   cap", "1.5abc cap", 10, "'1.5abc'"),
    ("1.5   cap", "1_5 cap", 10, "'1_5'"),
    ("1.5   cap", "0x10 cap", 10, "'0x10'"),
    ("1.5   cap", "1d5 cap", 10, "'1d5'"),
    ("1.5   cap", "1e400 cap", 10, "outside the range"),
    ("1.5   cap", "1e-400 cap", 10, "outside the range"),
    ("1.5   cap", "1e999999999999 cap", 10, "outside the range"),
    ("1.5   cap", "9" * 5000 + " cap", 10, "not a finite"),
    ("cap       2\n", "cap\n", 10, "got 4 fields"),
    ("cap       2\n", "nope 2\n", 10, "unknown row 'nope'"),
    ("other     7", "cost     7", 11, "second entry of column 'x' in row 'cost'"),
    ("other     7", "other 7 other 7", 11, "second entry"),
    ("w         cap", "y         cap", 18, "not contiguous"),
    ("    w ", "w ", 18, "unknown section 'w'"),
    ("'INTEND'", "'INTORG'", 15, "out of turn"),
    ("'INTORG'", "'INTOGR'", 12, "unknown or out of turn"),
    (" E  bal", " E  cap", 7, "declared twice"),
    (" E  bal", " X  bal", 7, "unknown row type 'X'"),
    (" E  bal", " bal", 7, "got 1 field"),
    (" E  bal", " E 'MARKER'", 7, "the reserved name of markers"),
    ("    RHS       other", "    RH2       other", 21, "second RHS set 'RH2'"),
    ("other     3", "cap     3", 21, "second RHS entry of row 'cap'"),
    ("other     3", "nope  3", 21, "unknown row"),
    ("other     3", "other  nan", 21, "not a finite"),
    ("other     3", "a b c d e", 21, "got 6 field"),
    ("cap       10", "cap      -1e20", 20, "infinite in the wrong direction"),
    (" MI BND       w", " MI v", 24, "unknown column 'v'"),
    (" MI BND       w", " UP BND w +-inf", 24, "'+-inf' is not a finite"),
    (" MI BND       w", " UP BND w inf+", 24, "'inf+' is not a finite"),
    (" MI BND       w", " UP BND w -+infinity", 24, "'-+infinity' is not a finite"),
    (" MI BND       w", " FR BND y", 24, "second upper bound of column 'y'"),
    (" MI BND       w", " BV BND y", 24, "second upper bound of column 'y'"),
    (
        " MI BND       w",
        " LI BND w 0\n LI BND w 0\n BV BND w\n LO BND w 0",
        26,
        "second lower bound of column 'w'",
    ),
    (" MI BND", " MI BD2", 24, "second BOUNDS set"),
    (" MI BND       w", " UP BND y 5", 24, "second upper bound of column 'y'"),
    (" MI BND       w", " LO BND y 5", 24, "lower bound above upper bound"),
    (" MI BND       w", " LO BND y 1e20", 24, "infinite bound on the wrong side"),
    (" MI BND       w", " ZZ BND w", 24, "unknown bound type 'ZZ'"),
    (" MI BND       w", " UP BND w", 24, "unknown column"),
    (" MI BND       w", " UP w", 24, "few or too many"),
    (" MI BND       w", " FR BND w abc", 24, "'abc'"),
    (" MI BND       w", " UP BND w x1", 24, "'x1'"),
    (
        "    RHS       other     3",
        "    RHS need 1e308\nRANGES\n RNG need 1e308",
        23,
        "a range on an infinite side",
    ),
    ("BOUNDS", "RANGES\n RNG cost 3\nBOUNDS", 23, "range on the objective"),
    ("BOUNDS", "RANGES\n RNG cap 3 cap 4\nBOUNDS", 23, "second RANGES entry"),
    ("BOUNDS", "BOUND", 22, "unknown section"),
    ("BOUNDS", "RHS\nBOUNDS", 22, "section RHS appears twice"),
    ("RHS\n", "RHS x\n", 19, "text after the keyword"),
    ("ROWS\n", "ROWS\nOBJSENSE MAX\n", 4, "ROWS"),
    ("ROWS\n", "OBJSENSE\n UP\nROWS\n", 4, "not an objective sense"),
    ("ROWS\n", "OBJSENSE\nROWS\n", 3, "must have one word"),
    ("ROWS\n", "OBJNAME nix\nROWS\n", 3, "is not an N row"),
    ("ENDATA\n", "", 24, "without ENDATA"),
    ("ENDATA\n", "ENDATA\nx\n", 26, "unknown section 'x'"),
    ("ENDATA\n", "ENDATA\n x\n", 26, "after ENDATA"),
    ("COLUMNS\n", "", 18, "before any section COLUMNS"),
    ("small model\n", "small\n stray\n", 3, "after NAME"),
    ("    x         other", "    x\x00         other", 11, "0x00"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BAD)
def test_refusals_name_line_and_reason(old: str, new: str, line: int, reason: str):
    text = changed(old, new)
    with pytest.raises(InputError) as refusal:
        parse(text)
    assert refusal.value.exit_code == 3
    assert (refusal.value.line, reason in refusal.value.reason) == (line, True), refusal.value
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 200


@pytest.mark.parametrize("text", ["", "\n\n", "* nothing\n"])
def test_empty(text: str):
    with pytest.raises(InputError, match="empty"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (changed("ENDATA", f"{key}\nENDATA"), 25, what)
        for key, what in [
            ("SOS", "ordered"),
            ("SOS1", "ordered"),
            ("QUADOBJ", "quadratic"),
            ("QMATRIX", "quadratic"),
            ("QSECTION cost", "quadratic"),
            ("QCMATRIX cap", "quadratic"),
            ("INDICATORS", "indicator"),
            ("CSECTION k 0 QUAD", "cone"),
            ("LAZYCONS", "lazy"),
            ("GENCONS", "general"),
        ]
    ]
    + [(changed(" MI BND       w", " SC BND w 5"), 24, "semicontinuous")],
)
def test_unsupported(text: str, line: int, what: str):
    with pytest.raises(UnsupportedError, match=what) as refusal:
        parse(text)
    assert refusal.value.exit_code == 4 and refusal.value.line == line


def test_a_number_is_not_asked_of_a_regular_expression_that_backtracks():
    with pytest.raises(InputError, match="not a finite"):
        parse(changed("1e1", "1" * 100_000 + "x"))


# -- constructs beyond the plainest files, each beside the readers of HiGHS and SCIP ------------------

SMALL = """\
NAME small
ROWS
 N cost
 L cap
 G need
COLUMNS
 x cost -1 cap 1
 x need 1
 y cost -1 cap 1
 M 'MARKER' 'INTORG'
 z cost 1 need 1
 M 'MARKER' 'INTEND'
RHS
 R cap 4 need 2
BOUNDS
 UP B y 9
ENDATA
"""

BOTH, HIGHS, SCIP = "highs scip", "highs", "scip"
CONSTRUCTS = {  # name -> old text, new text, the readers that read the file, the change of the plain model
    "a comment in the fifth field": (" x need 1\n", " x need 1 $ why 3\n", BOTH, {}),
    "a comment behind both entries": (" x cost -1 cap 1\n", " x cost -1 cap 1 $why\n", BOTH, {}),
    "a comment behind a marker": ("'INTEND'\n", "'INTEND' $ no more\n", BOTH, {}),
    "a comment in ROWS": (" G need\n", " G need $k1 0\n", SCIP, {}),
    "a comment in RHS": (" R cap 4 need 2\n", " R cap 4 $ cap\n R need 2 $x\n", BOTH, {}),
    "a comment in BOUNDS": (" UP B y 9\n", " UP B y 9 $ none\n FR B x $ free\n", BOTH, {"lb": [-inf, 0, 0]}),
    "RHS without a set name at the end": (" R cap 4 need 2\n", " R cap 4\n need 2\n", HIGHS, {}),
    "RHS without a set name at the beginning": (" R cap 4 need 2\n", " cap 4\n R need 2\n", HIGHS, {}),
    "BOUNDS without a set name at the end": (
        " UP B y 9\n", " UP B y 9\n UP x 3\n BV z\n", HIGHS, {"ub": [3, 9, 1]}
    ),
    "BOUNDS without a set name at the beginning": (" UP B y 9\n", " FX x 2\n UP B y 9\n", HIGHS,
        {"lb": [2, 0, 0], "ub": [2, 9, 1]}),
    "an upper bound again": (" UP B y 9\n", " UP B y 9\n UP B y 9.0\n", BOTH, {}),
    "every bound again": (" UP B y 9\n", " UP B y 9\n LO B x 1\n FX B z 1\n" * 2, BOTH,
        {"lb": [1, 0, 1], "ub": [inf, 9, 1]}),
    "a free column again": (" UP B y 9\n", " FR B y\n FR B y\n MI B y\n PL B y\n UP B y inf\n", BOTH,
        {"lb": [0, -inf, 0], "ub": [inf, inf, 1]}),
    "an upper bound behind PL": (" UP B y 9\n", " PL B y\n UP B y 1e30\n", BOTH, {"ub": [inf, inf, 1]}),
    "an upper bound behind BV": (" UP B y 9\n", " BV B z\n UP B z 1\n UP B y 9\n", BOTH, {}),
    "a binary behind its bound": (" UP B y 9\n", " UP B z 1\n BV B z\n UP B y 9\n", BOTH, {}),
    "a fixed column behind its bound": (" UP B y 9\n", " UP B y 0\n FX B y 0\n", BOTH, {"ub": [inf, 0, 1]}),
    "a right-hand side again": (" R cap 4 need 2\n", " R cap 4 need 2\n R cap 4.0\n", BOTH, {}),
    "a column that ends behind a marker": (" M 'MARKER' 'INTORG'\n z cost",
        " M 'MARKER' 'INTORG'\n y need 1\n z cost", BOTH, {"A": [[1, 1, 0], [1, 1, 1]]}),
    "a column that begins before a marker": (" M 'MARKER' 'INTEND'\n", " M 'MARKER' 'INTEND'\n z cap 1\n",
        BOTH, {"A": [[1, 1, 1], [1, 0, 1]]}),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_highs_or_scip_reads_is_read_as_they_read_it(tmp_path: Path, name: str):
    old, new, readers, difference = CONSTRUCTS[name]
    path = tmp_path / "m.mps"
    path.write_text(changed(old, new, SMALL))
    ours = read(path)
    expected = {"lb": [0, 0, 0], "ub": [inf, 9, 1], "A": [[1, 1, 0], [1, 0, 1]], **difference}
    assert ours.lb.tolist() == expected["lb"] and ours.ub.tolist() == expected["ub"]
    assert ours.A.toarray().tolist() == expected["A"] and ours.integer.tolist() == [False, False, True]
    assert ours.row_lo.tolist() == [-inf, 2] and ours.row_hi.tolist() == [4, inf]
    assert ours.c.tolist() == [-1, -1, 1]
    if "highs" in readers:
        assert highs_differences(path, ours) == []
    if "scip" in readers:
        assert scip_differences(path, ours) == []
    assert same_parsed(line_by_line(path.read_bytes()), parse(path.read_bytes()))


@pytest.mark.parametrize(
    ("bounds", "lower", "upper"),
    [
        (" FR B y\n UP B y 5\n", -inf, 5),
        (" PL B y\n UP B y 5\n", 0, 5),
        (" BV B y\n UP B y 5\n", 0, 5),
        (" FR B y\n UP B y -5\n", -inf, -5),
    ],
)
def test_a_limit_on_a_declared_column_counts_as_scip_reads_it(
    tmp_path: Path, bounds: str, lower: float, upper: float
):
    path = tmp_path / "m.mps"
    path.write_text(changed(" UP B y 9\n", bounds, SMALL))
    with pytest.warns(InputWarning, match=r"m\.mps:\d+: second upper bound of column 'y': it counts"):
        ours = read(path)
    assert (ours.lb[1], ours.ub[1]) == (lower, upper)
    assert scip_differences(path, ours) == []
    assert same_parsed(line_by_line(path.read_bytes()), parse(path.read_bytes()))


@pytest.mark.parametrize(
    ("bound", "lower", "upper", "integer"),
    [
        ("UP B new 3", 0, 3, False),
        ("LO B new -3", -3, inf, False),
        ("FX B new 2", 2, 2, False),
        ("FR B new", -inf, inf, False),
        ("PL B new", 0, inf, False),
        ("BV B new", 0, 1, True),
        ("LI B new 1", 1, inf, True),
        ("UI B new 7", 0, 7, True),
        ("LO B new 1\n UP B new 4", 1, 4, False),
    ],
)
def test_a_column_that_only_bounds_mention_is_read_with_a_warning(
    tmp_path: Path, bound: str, lower: float, upper: float, integer: bool
):
    path = tmp_path / "m.mps"
    path.write_text(changed(" UP B y 9\n", f" UP B y 9\n {bound}\n", SMALL))
    with pytest.warns(InputWarning, match=r"m\.mps:17: column 'new' has bounds but no entries$"):
        ours = read(path)
    assert ours.col_names[-1] == "new" and ours.A[:, [-1]].nnz == 0 and ours.c[-1] == 0
    assert (ours.lb[-1], ours.ub[-1], bool(ours.integer[-1])) == (lower, upper, integer)
    assert highs_differences(path, ours) == [] == scip_differences(path, ours)


def test_columns_that_only_bounds_mention_make_one_warning(tmp_path: Path):
    path = tmp_path / "m.mps"
    path.write_text(changed(" UP B y 9\n", " UP B p 9\n UP B q 9\n UP B r 9\n", SMALL))
    with pytest.warns(InputWarning) as warned:
        read(path)
    assert [str(w.message) for w in warned] == [
        f"{path}:16: column 'p' has bounds but no entries, like 2 more"
    ]
    assert warned[0].filename == __file__


@pytest.mark.parametrize(
    ("head", "line"),
    [("*SENSE:Maximize\n", 1), ("* made by hand\n\n* sense : max\n", 3), ("*SENSE:Minimize\n", 0), ("", 0)],
)
def test_a_comment_of_pulp_that_the_objective_is_maximised_makes_a_warning(
    tmp_path: Path, head: str, line: int
):
    path = tmp_path / "m.mps"
    path.write_text(head + SMALL)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ours = read(path)
    assert not ours.maximise and highs_differences(path, ours) == [] == scip_differences(path, ours)
    assert [str(w.message).startswith(f"{path}:{line}: a comment says") for w in caught] == [True] * bool(
        line
    )
    path.write_text(head + SMALL.replace("ROWS", "OBJSENSE\n    MAX\nROWS"))
    assert read(path).maximise  # no warning: the file says in both ways that it is to be maximised


def test_names_may_begin_with_a_dollar():
    text = SMALL.replace("need", "$need").replace(" x", " $x").replace("cost", "$cost")
    assert same_parsed(parse(text.replace(" 9\n", " 9 $need no more\n")), parse(text))
    assert parse(text).col_names[0] == "$x" and parse(text).row_names[1] == "$need"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (" x need 1\n", " x $ 1\n", 8),
        (" x need 1\n", " x need $ 1\n", 8),
        (" L cap\n", " L $ cap\n", 4),
        (" R cap 4 need 2\n", " R cap $ 4\n", 14),
        (" UP B y 9\n", " UP B $ y 9\n", 16),
        (" UP B y 9\n", " UP $ 9\n", 16),
    ],
)
def test_a_comment_does_not_replace_a_field(old: str, new: str, line: int):
    with pytest.raises(InputError) as refusal:
        parse(changed(old, new, SMALL))
    assert refusal.value.line == line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" L  ROW ONE\n", " L  ROW ONE   $ in the third field, with\ttabs\n"),
        ("1.0   ROW ONE            2.0\n", "1.0   $ in the fifth field and far beyond the sixth\n"),
        ("4.0\nENDATA", "4.0   $9\nENDATA"),
    ],
)
def test_comments_in_fixed_format(old: str, new: str):
    text = changed(old, new, FIXED)
    model = parse(text)
    assert model.col_names == ["COL ONE"] and model.row_names == ["ROW ONE"] and model.c.tolist() == [1]
    assert model.ub.tolist() == [4] and len(model.values) == ("fifth" not in new)


@given(st.text("0123456789+-.eEinfatyx_", max_size=12) | st.text(max_size=6))
def test_no_token_breaks_the_table_of_numbers(text: str):
    numbers, token = Numbers(), text.encode()
    for code in (numbers.code, numbers.bound_code):
        try:
            value = numbers.number(code(token, 7))
        except InputError as refusal:
            assert refusal.line == 7 and "\n" not in str(refusal)
        else:
            assert float(value) == float(token) or abs(value) == inf


@pytest.mark.parametrize("token", ["0e999999999999", "0.00000000000000000e888888888888", "-0e-999999999999"])
def test_a_zero_with_a_huge_exponent_takes_no_time(token: str):
    assert parse(changed("1e1", token)).c[2] == 0


# -- both paths, and the readers of HiGHS and SCIP ---------------------------------------------------

TOKENS = [
    "x",
    "y",
    "z",
    "w",
    "cap",
    "need",
    "bal",
    "cost",
    "other",
    "'MARKER'",
    "'INTORG'",
    "'INTEND'",
    "1",
    "-2.5",
    "nan",
    "RHS",
    "BND",
    "UP",
    "MI",
    "FX",
    "*",
    "",
    "ENDATA",
    "ROWS",
    "1e20",
    "-1e30",
    "\x01",
    "é",
    "0",
    "$",
    "$x",
    "+-inf",
    "inf",
]


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return a copy with one to three random changes of tokens, lines or bytes."""
    for _ in range(rng.randint(1, 3)):
        lines = data.split(b"\n")
        at = rng.randrange(len(lines))
        what = rng.randrange(8)
        if what < 4:
            words = lines[at].split(b" ")
            words[rng.randrange(len(words))] = rng.choice(TOKENS).encode()
            lines[at] = b" ".join(words)
        elif what == 4:
            del lines[at]
        elif what == 5:
            lines.insert(rng.randrange(len(lines)), lines[at])
        elif what == 6:
            return b"\n".join(lines)[: rng.randrange(len(data) + 1)]
        else:
            flat, where = bytearray(data), rng.randrange(max(1, len(data)))
            flat[where : where + 1] = bytes([rng.choice(b" \t\n\r*'1e.-x\x00\xff")])
            return bytes(flat)
        data = b"\n".join(lines)
    return data


def outcome(read_it, data: bytes):
    try:
        return read_it(data)
    except InputError as refusal:
        assert refusal.line is not None and refusal.reason and "\n" not in str(refusal), data
        return type(refusal), refusal.line, refusal.reason


def judge(data: bytes) -> None:
    """Assert that a file is read or refused with a line, and that the bulk and line-by-line paths agree."""
    fast = outcome(lambda d: mps._Reader(d, mps_layout.split_free).read().exact(), data)
    slow = outcome(line_by_line, data)
    assert type(fast) is type(slow), (data, fast, slow)
    assert same_parsed(fast, slow) if isinstance(fast, ParsedModel) else fast == slow, (data, fast, slow)
    ours = outcome(mps.parse, data)
    if isinstance(ours, CodedModel):
        problem = to_problem(ours, None)
        assert np.isfinite(problem.c).all() and np.isfinite(problem.A.data).all(), data


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        FIXED,
        GOOD.replace("* in the middle\n", ""),
        USUAL,
        SMALL.replace("\n", " $ why\n").replace(" B ", " "),
    ],
    ids=["free", "fixed", "columns", "usual", "dollars"],
)
def test_mutations_are_refused_or_read_alike_by_both_paths(text: str):
    rng = random.Random(1)
    for _ in range(300):
        judge(mutate(text.encode(), rng))


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch):
    text = "NAME\nROWS\n N c\n" + "".join(f" L r{i}\n" for i in range(9)) + "COLUMNS\n"
    for j in range(40):
        text += f" M 'MARKER' '{'INTORG' if j % 2 else 'INTEND'}'\n" * (j > 0)
        text += "".join(f" x{j} r{i} {i}.5\n" for i in range(9))
    text += "RHS\nENDATA\n"
    whole = parse(text)
    for size in (7, 64, 200, 1000):
        monkeypatch.setattr(mps_layout, "CHUNK_BYTES", size)
        assert same_parsed(parse(text), whole)
        with pytest.raises(InputError) as refusal:
            parse(text.replace(" x39 r8", " x39 r9"))
        assert refusal.value.line == text.count("\n") - 2


NUMBER = st.one_of(
    st.integers(-9, 9).map(float), st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-8)
)


@given(data=st.data())
def test_what_highs_writes_is_read_as_highs_reads_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 4))
    solver = highspy.Highs()
    solver.silent()
    for j in range(n):
        low, high = sorted(data.draw(st.tuples(NUMBER, NUMBER)))
        kind = data.draw(st.integers(0, 3))
        solver.addVar(-inf if kind & 1 else low, inf if kind & 2 else high)
        solver.changeColCost(j, data.draw(NUMBER))
        if data.draw(st.booleans()):
            solver.changeColIntegrality(j, highspy.HighsVarType.kInteger)
    for _ in range(m):
        low, high = sorted(data.draw(st.tuples(NUMBER, NUMBER)))
        kind = data.draw(st.integers(0, 2))
        cols = np.array(data.draw(st.lists(st.integers(0, n - 1), unique=True)), np.int32)
        values = np.array([data.draw(NUMBER.filter(bool)) for _ in cols])
        solver.addRow(-inf if kind == 1 else low, inf if kind == 2 else high, cols.size, cols, values)
    solver.changeObjectiveOffset(data.draw(NUMBER))
    solver.changeObjectiveSense(
        data.draw(st.sampled_from([highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize]))
    )
    path = tmp_path_factory.mktemp("written") / "m.mps"
    solver.writeModel(str(path))
    assert highs_differences(path, read(path)) == []


@pytest.mark.miplib
def test_miplib_is_read_as_highs_and_scip_read_it(miplib: list[Path]):
    for path in miplib[:120]:
        ours = read(path)
        assert highs_differences(path, ours) == [], path.name
        if path.stat().st_size < 20_000:
            assert scip_differences(path, ours) == [], path.name


@pytest.mark.miplib
@pytest.mark.slow
def test_miplib_of_all_sizes_is_read_as_highs_and_scip_read_it(miplib: list[Path]):
    for path in miplib[::8]:
        ours = read(path)
        assert highs_differences(path, ours) == [], path.name
        assert scip_differences(path, ours) == [], path.name
