"""The LP reader: valid and invalid files, and the agreement with HiGHS on the same file."""

from __future__ import annotations

import random
import tracemalloc
from fractions import Fraction
from math import inf
from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from models import highs_differences, scip_differences

from diffpump.core.errors import InputError, InputWarning, UnsupportedError
from diffpump.core.parsed import ParsedModel
from diffpump.io import lp
from diffpump.io.read import read, to_problem

GOOD = r"""\ a comment
Maximize
 profit: 3 x + 2y - .5 z + 1e1 + x   \ x twice
Subject To
 cap: x + y + z + 1 <= 10
 3 x - 2 y >= -4
 band: -5 <= x - z <= 5
 + y - - z = 3
 low: 2 <= y
Bounds
 x <= 4
 -3 <= y <= 3.5
 z free
General
 x
Binary
 w
End
""".replace(" cap: x", " cap: 0 w + x")


def parse(text: str) -> ParsedModel:
    return lp.parse(text.encode()).exact()


def small(objective: str = "x", rows: str = "c: x + y >= 1", rest: str = "") -> str:
    return f"min\n {objective}\nst\n {rows}\n{rest}end\n"


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def test_a_model_in_full():
    model = parse(GOOD)
    assert model.maximise and model.offset == 10
    assert model.col_names == ["x", "y", "z", "w"] and model.c.tolist() == [4, 2, -0.5, 0]
    assert model.row_names == ["cap", "R2", "band", "R4", "low"]
    assert model.row_lo.tolist() == [-inf, -4, -5, 3, 2] and model.row_hi.tolist() == [9, inf, 5, 3, inf]
    entries = {(i, j): v for i, j, v in zip(model.rows, model.cols, model.values, strict=True)}
    assert entries == {
        (0, 0): 1,
        (0, 1): 1,
        (0, 2): 1,
        (0, 3): 0,
        (1, 0): 3,
        (1, 1): -2,
        (2, 0): 1,
        (2, 2): -1,
        (3, 1): 1,
        (3, 2): 1,
        (4, 1): 1,
    }
    assert model.lb.tolist() == [0, -3, -inf, 0] and model.ub.tolist() == [4, 3.5, inf, 1]
    assert model.integer.tolist() == [True, False, False, True]


def test_sums_are_exact():
    model = parse(small("0.1 x + 0.2 x + 0.1 + 0.2", "c: x - 0.3 x >= 1"))
    assert model.c[0] == Fraction(3, 10) == model.offset and model.values[0] == Fraction(7, 10)
    assert (
        to_problem(lp.parse(small("0.1 x + 0.2 x").encode()), None).c[0] == 0.3
    )  # and not 0.30000000000000004


@pytest.mark.parametrize("word", ["max", "MAX", "Maximize", "maximise", "Maximum"])
def test_spellings_of_the_sense(word: str):
    assert parse(small().replace("min", word)).maximise
    assert not parse(small().replace("min", word.lower().replace("max", "min"))).maximise


@pytest.mark.parametrize("word", ["subject to", "SUBJECT  TO", "such that", "st", "s.t.", "St."])
def test_spellings_of_the_rows(word: str):
    assert parse(small().replace("st\n", f"{word}\n")).row_names == ["c"]


@pytest.mark.parametrize(
    "words",
    [("general", "binary"), ("Generals", "BIN"), ("gen", "Binaries"), ("integers", "bin"), ("int", "bin")],
)
def test_spellings_of_the_types(words: tuple[str, str]):
    model = parse(small(rest=f"{words[0]}\n x\n{words[1]}\n y\n"))
    assert model.integer.all() and model.ub.tolist() == [inf, 1]


@pytest.mark.parametrize(
    ("row", "sides"),
    [
        ("x <= 4", (-inf, 4)),
        ("x =< 4", (-inf, 4)),
        ("x < 4", (-inf, 4)),
        ("x => 4", (4, inf)),
        ("x > 4", (4, inf)),
        ("x = -4", (-4, -4)),
        ("4 >= x", (-inf, 4)),
        ("4 = x", (4, 4)),
        ("-inf <= x <= 3", (-inf, 3)),
        ("9 >= x >= 3", (3, 9)),
        ("x + 1 <= 4", (-inf, 3)),
        ("1 <= x + 1 <= 4", (0, 3)),
        ("x >= -1e30", (-inf, inf)),
        ("x <= +infinity", (-inf, inf)),
        ("c: x >= 1", (1, inf)),
        ("c: 1 <= x", (1, inf)),
        ("c: >= -1", (-1, inf)),
        ("c: 0 >= -1", (-inf, 1)),
        ("x\n >=\n 1", (1, inf)),
    ],
)
def test_rows(row: str, sides: tuple[float, float]):
    model = parse(small(rows=row))
    assert (model.row_lo[0], model.row_hi[0]) == sides


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ("x <= 4", (0, 4)),
        ("4 >= x", (0, 4)),
        ("x >= 1\n x <= 4", (1, 4)),
        ("-1 <= x <= 4", (-1, 4)),
        ("4 >= x >= -1", (-1, 4)),
        ("x = 3", (3, 3)),
        ("3 = x", (3, 3)),
        ("x free", (-inf, inf)),
        ("x FREE", (-inf, inf)),
        ("-inf <= x", (-inf, inf)),
        ("x >= -Infinity\n x <= -2", (-inf, -2)),
        ("-inf <= x <= 1e20", (-inf, inf)),
        ("x <= +inf", (0, inf)),
    ],
)
def test_bounds(bounds: str, expected: tuple[float, float]):
    model = parse(small(rest=f"bounds\n {bounds}\n"))
    assert (model.lb[0], model.ub[0]) == expected


def test_a_binary_keeps_bounds_inside_zero_and_one():
    model = parse(small(rest="bounds\n x = 0\n y <= 1\nbinary\n x y\n"))
    assert model.lb.tolist() == [0, 0] and model.ub.tolist() == [0, 1]


def test_a_row_that_begins_with_a_sign_is_not_the_end_of_the_one_before():
    model = parse(small(rows="x >= 1\n + y <= 3\n - x >= -9"))
    assert model.row_lo.tolist() == [1, -inf, -9] and model.row_hi.tolist() == [inf, 3, inf]


@pytest.mark.parametrize(
    "text", ["min\nst\nend\n", "min\n 3\nst\nend", "min\n x\nst\nend", "min\n obj:\nst\n c: x >= 1\nend\n"]
)
def test_no_rows_no_columns_no_integers_are_models(text: str):
    assert not parse(text).integer.any()


def test_line_ends_and_brackets_in_names_and_names_outside_ascii():
    assert parse(GOOD.replace("\n", "\r\n")).c.tolist() == parse(GOOD).c.tolist()
    assert parse(small("x[1,2] + x(3)")).col_names[:2] == ["x[1,2]", "x(3)"]
    assert parse(small("2 u/1 - v/w/3")).col_names[:2] == ["u/1", "v/w/3"]
    assert lp.parse(small("é").encode("latin-1")).col_names[0] == "é"


BAD = [  # old, new, line, fragment of the reason
    ("3 x + 2y", "3 x 2y", 3, "a sign or a relation"),
    ("3 x + 2y", "3 3 x + 2y", 3, "a sign or a relation"),
    ("3 x + 2y", "nan x + 2y", 3, "a sign or a relation"),
    ("3 x + 2y", "inf x + 2y", 3, "a sign or a relation"),
    ("3 x + 2y", "1e999 x + 2y", 3, "outside the range"),
    ("3 x + 2y", "1e-999 x + 2y", 3, "outside the range"),
    ("3 x + 2y", "9" * 500 + " x", 3, "not a finite"),
    ("3 x + 2y", "3 x + ;", 3, "a term"),
    ("3 x + 2y", "3 x + inf", 3, "finite"),
    ("3 x + 2y", "1e308 x + 1e308 x", 3, "a sum is outside"),
    ("3 x + 2y", "/ x", 3, "a term"),
    ("Maximize", "Maximal", 2, "before the objective's sense"),
    ("Subject To", "Subject", 4, "objective"),
    ("band:", "cap:", 7, "row 'cap' appears twice"),
    ("-5 <= x - z", "5.5 <= x - z", 7, "lower side above upper"),
    ("-5 <= x - z", "-5 >= x - z", 7, "two relations"),
    ("-5 <= x - z", "-5 = x - z", 7, "two relations"),
    ("2 <= y", "2 <=", 9, "a term"),
    ("2 <= y", "y", 9, "a relation"),
    ("2 <= y", "y <= 1 z", 9, "a new line"),
    ("2 <= y", "y >= z", 9, "a number"),
    ("2 <= y", "y <= -inf", 9, "wrong direction"),
    ("low: 2 <= y", "2 <= 3", 9, "a term"),
    ("low: 2 <= y", ">= 3", 9, "without a column"),
    ("2 <= y", "y <> 3", 9, "a number"),
    (" x <= 4", " x <= -4", 11, "needs a lower bound"),
    (" x <= 4", " x <= four", 11, "a number"),
    (" x <= 4", " 2 x <= 4", 11, "a relation"),
    (" x <= 4", " x", 12, "a relation or"),
    (" x <= 4", " x >= inf", 11, "wrong side"),
    (" x <= 4", " x <= +-inf", 11, "an infinite bound on the wrong side"),
    (" x <= 4", " x <= 4\n x <= inf", 12, "second upper bound of column 'x' is the default"),
    (" x <= 4", " x <= 4\n x free", 12, "second upper bound of column 'x' is the default"),
    (" x <= 4", " x >= 2\n x >= 0", 12, "second lower bound of column 'x' is the default"),
    (" x <= 4", " 1 <= x <= 4\n x = 0", 12, "second lower bound of column 'x' is the default"),
    (" -3 <= y <= 3.5", " 3 <= y <= -3", 12, "lower bound above"),
    (" -3 <= y <= 3.5", " 3 <= y >= 4", 12, "two relations"),
    ("General\n x", "General\n v", 15, "column 'v' is in neither"),
    ("Binary\n w", "Binary\n v", 17, "column 'v' is in neither"),
    ("General\n x", "General\n 3", 15, "the name of a column"),
    ("Binary\n w", "Binary\n y", 17, "outside [0, 1]"),
    ("Binary\n w", "Binary\n x", 17, "outside [0, 1]"),
    ("End\n", "", 18, "cut off"),
    ("End\n", "End\n x\n", 19, "after 'end'"),
    ("General", "Subject To", 14, "out of place"),
    ("Bounds", "Subject To", 10, "out of place"),
    ("General", "Minimize", 14, "out of place"),
    ("2y", "2\x00y", 3, "0x00"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), BAD)
def test_refusals_name_line_and_reason(old: str, new: str, line: int, reason: str):
    with pytest.raises(InputError) as refusal:
        parse(changed(old, new))
    assert refusal.value.exit_code == 3
    assert (refusal.value.line, reason in refusal.value.reason) == (line, True), refusal.value


@pytest.mark.parametrize("text", ["", "\n \n", "\\ nothing\n"])
def test_empty(text: str):
    with pytest.raises(InputError, match="empty"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (small("x + [ x^2 ] / 2"), 2, "quadratic"),
        (small("x^2"), 2, "quadratic"),
        (small("x * y"), 2, "products"),
        (small(rows="c: x + [ x * y ] <= 1"), 4, "quadratic"),
        (small(rows="c: x = 1 -> y <= 1"), 4, "indicator"),
        (small(rest="sos\n s1: S1:: x:1 y:2\n"), 5, "ordered"),
        (small(rest="SOS2\n s: x:1 y:2\n"), 5, "ordered"),
        (small(rest="semi-continuous\n x\n"), 5, "semicontinuous"),
        (small(rest="semis\n x\n"), 5, "semicontinuous"),
        (small(rest="lazy constraints\n l: x <= 1\n"), 5, "lazy"),
        (small(rest="user cuts\n l: x <= 1\n"), 5, "user cuts"),
        (small(rest="General Constraints\n g: x = MAX ( y , 3 )\n"), 5, "general constraints"),
        (small(rest="general constraints\n"), 5, "general constraints"),
        (small(rest="GenConstr\n g: x = MAX ( y , 3 )\n"), 5, "general constraints"),
        (small(rest="PWLObj\n x: (0, 0) (1, 2)\n"), 5, "piecewise linear"),
        (small(rest="semi-integer\n x\n"), 5, "semi-integer"),
        (small("x").replace("min", "Minimize multi-objectives"), 1, "several objectives"),
    ],
)
def test_unsupported(text: str, line: int, what: str):
    with pytest.raises(UnsupportedError, match=what) as refusal:
        parse(text)
    assert refusal.value.exit_code == 4 and refusal.value.line == line


# -- constructs beyond the plainest files, each beside the readers of HiGHS and SCIP ------------------

PLAIN = "min\n obj: x + 2 y\nst\n c: x + y >= 1\n"
CONSTRUCTS = {  # name -> text, the bounds of the columns, the integer ones
    "no objective": ("subject to\n c: x + y >= 1\nbounds\n x <= 4\nend\n", [(0, 4), (0, inf)], ""),
    "no objective, but types": ("st\n c: x + y >= 1\ngenerals\n x\nend\n", [(0, inf), (0, inf)], "x"),
    "no rows": ("max\n obj: x - y\nbounds\n x <= 4\ngenerals\n y\nend\n", [(0, 4), (0, inf)], "y"),
    "no rows and no bounds": ("min\n obj: x + y\nend\n", [(0, inf), (0, inf)], ""),
    "no columns": ("min\nend\n", [], ""),
    "empty bounds and generals": (f"{PLAIN}bounds\ngenerals\nend\n", [(0, inf), (0, inf)], ""),
    "a general column twice": (f"{PLAIN}generals\n x y x\nend\n", [(0, inf), (0, inf)], "xy"),
    "two sections of generals": (f"{PLAIN}generals\n x\ngenerals\n x\nend\n", [(0, inf), (0, inf)], "x"),
    "a binary column twice": (f"{PLAIN}binaries\n x x\nend\n", [(0, 1), (0, inf)], "x"),
    "general, then binary": (f"{PLAIN}generals\n x\nbinaries\n x\nend\n", [(0, 1), (0, inf)], "x"),
    "binary, then general": (f"{PLAIN}binaries\n x\ngenerals\n x\nend\n", [(0, 1), (0, inf)], "x"),
    "a binary with bounds": (f"{PLAIN}bounds\n 0 <= x <= 1\nbinary\n x\nend\n", [(0, 1), (0, inf)], "x"),
    "a binary with no upper end": (f"{PLAIN}bounds\n x <= inf\nbinary\n x\nend\n", [(0, 1), (0, inf)], "x"),
    "a fixed binary": (f"{PLAIN}bounds\n x = 1\nbinary\n x\nend\n", [(1, 1), (0, inf)], "x"),
    "wider bounds after the binary": (
        f"{PLAIN}binary\n x\nbounds\n -1 <= x <= 5\nend\n", [(-1, 5), (0, inf)], "x"
    ),
    "the same bounds again": (
        f"{PLAIN}bounds\n x <= 4\n x <= 4\n 0 <= x <= 4\n y = 3\n y = 3\nend\n", [(0, 4), (3, 3)], ""
    ),
    "free again": (f"{PLAIN}bounds\n x free\n x free\n x >= -inf\nend\n", [(-inf, inf), (0, inf)], ""),
    "a bound behind free": (f"{PLAIN}bounds\n x free\n x <= 4\nend\n", [(-inf, 4), (0, inf)], ""),
    "the last bound counts": (
        f"{PLAIN}bounds\n x <= 4\n x <= 5\n 1 <= y <= 9\n y = 3\nend\n", [(0, 5), (3, 3)], ""
    ),
    "names that begin with a full stop or comma": (
        "min\n obj: 2 .x + ,y\nst\n c: .x + ,y >= 1\nend\n", [(0, inf), (0, inf)], ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_highs_and_scip_read_is_read_as_they_read_it(tmp_path: Path, name: str):
    text, bounds, integer = CONSTRUCTS[name]
    path = tmp_path / "m.lp"
    path.write_text(text)
    ours = read(path)
    assert list(zip(ours.lb.tolist(), ours.ub.tolist(), strict=True)) == bounds
    assert "".join(name for name, kind in zip(ours.col_names, ours.integer, strict=True) if kind) == integer
    assert highs_differences(path, ours) == [] == scip_differences(path, ours)


def test_empty_sections_are_read_as_scip_reads_them(tmp_path: Path):
    """HiGHS 1.16 refuses an empty section of special ordered sets, which HiGHS 1.15 reads."""
    path = tmp_path / "m.lp"
    path.write_text(f"{PLAIN}bounds\nsemi-continuous\nsos\nend\n")
    ours = read(path)
    assert ours.lb.tolist() == [0, 0] and ours.ub.tolist() == [inf, inf] and not ours.integer.any()
    assert scip_differences(path, ours) == []


def test_a_slash_is_part_of_a_name_as_scip_reads_it(tmp_path: Path):
    path = tmp_path / "m.lp"
    path.write_text("min\n obj: 2 u/1 + 3 v/2\nst\n r/1: u/1 + v/2 >= 4\nbounds\n u/1 <= 3\nend\n")
    ours = read(path)
    assert ours.c.tolist() == [2, 3] and ours.row_names == ["r/1"] and ours.ub.tolist() == [3, inf]
    assert scip_differences(path, ours) == []


@pytest.mark.parametrize("quotient", ["1/2 x", "2 / x", "x / 2", "2 /x", "1,5 x", "x + 1,5", "x + ,5 y"])
def test_a_quotient_and_a_decimal_comma_are_no_names(quotient: str):
    with pytest.raises(InputError):
        parse(small(quotient))


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("R2: x >= 1\n x + y >= 2", ["R2", "R2_"]),
        ("x >= 1\n R1: x + y >= 2", ["R1_", "R1"]),
        ("x >= 1\n R1: x >= 2\n R1_: x >= 3\n y >= 1", ["R1__", "R1", "R1_", "R4"]),
        ("R3: x >= 1\n R2_: x >= 1\n x >= 1\n R3_: y >= 1", ["R3", "R2_", "R3__", "R3_"]),
    ],
)
def test_a_made_up_row_name_steps_aside(rows: str, names: list[str]):
    assert parse(small(rows=rows)).row_names == names


def test_a_column_that_only_bounds_mention_is_read_with_a_warning(tmp_path: Path):
    path = tmp_path / "m.lp"
    path.write_text(f"{PLAIN}bounds\n x <= 4\n z <= 9\n 1 <= w\ngenerals\n w\nend\n")
    with pytest.warns(InputWarning) as warned:
        ours = read(path)
    assert [str(w.message) for w in warned] == [
        f"{path}:7: column 'z' has bounds but no entries, like 1 more"
    ]
    assert ours.col_names == ["x", "y", "z", "w"] and ours.ub.tolist() == [4, inf, 9, inf]
    assert ours.integer.tolist() == [False, False, False, True] and ours.lb.tolist() == [0, 0, 0, 1]
    assert highs_differences(path, ours) == [] == scip_differences(path, ours)


@pytest.mark.parametrize(
    "text",
    [
        small(rows="c: x - 1e308 >= 1e308"),
        small(rows="c: -1e308 <= x + 1e308 <= 3"),
        small("inf"),
        small(rows="c: inf >= x + inf"),
        small(rows="c: 0 inf <= x"),
    ],
)
def test_numbers_beyond_float64_and_infinite_terms_are_refused_or_read(text: str):
    assert judge(text) in ("accepted", "InputError")


@pytest.mark.parametrize(
    "text",
    [
        "min\n x\nst\n c: x +",
        "min\n x\nst\n end: x >= 1\n",
        "min\n x\nst\n c: x >= 1\nbounds\n end <= 3\n",
        "min\n x\nst\n c: x >= 1\nsemi\n",
        "min\n x\nst\n c: x >= 1\n\\ end\n",
    ],
)
def test_a_file_without_its_end_was_cut_off(text: str):
    with pytest.raises(InputError, match="without 'end': it was cut off") as refusal:
        parse(text)
    assert refusal.value.line == text.count("\n") + 1


def test_the_tokens_of_a_row_are_not_all_in_memory_at_once():
    data = b"min\n x\nst\n c:" + b" + x - - y" * 20_000 + b" >= 1\nend\n"
    tracemalloc.start()
    model = lp.parse(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert model.exact().values.tolist() == [20_000, 20_000]
    assert peak < 3 * len(data)  # tokens in a list took 45 times the size of the file


WORDS = [
    "x",
    "y",
    "w",
    "3",
    "-",
    "+",
    "<=",
    ">=",
    "=",
    ":",
    "end",
    "st",
    "bounds",
    "free",
    "inf",
    "\\",
    "[",
    "->",
    "c:",
    "nan",
    "1e9",
    "1e999",
    "1e308",
    "\x00",
    "é",
    "",
    "\n",
    "general",
    "binary",
    "semi",
    "*",
]


def mutate(text: str, rng: random.Random) -> str:
    """Return a copy with one to three words replaced, repeated or deleted, or with the tail cut off."""
    for _ in range(rng.randint(1, 3)):
        words = text.split(" ")
        at, what = rng.randrange(len(words)), rng.randrange(5)
        if what < 2:
            words[at] = rng.choice(WORDS)
        elif what == 2:
            words.insert(rng.randrange(len(words)), words[at])
        elif what == 3:
            del words[at]
        else:
            return text[: rng.randrange(len(text) + 1)]
        text = " ".join(words)
    return text


def judge(text: str) -> str:
    """Assert that a file is read, or refused with a line and a reason. Return the outcome's name."""
    try:
        model = lp.parse(text.encode())
    except InputError as refusal:
        assert refusal.line is not None and refusal.reason and "\n" not in str(refusal), text
        return type(refusal).__name__
    problem = to_problem(model, None)
    assert np.isfinite(problem.c).all() and np.isfinite(problem.A.data).all(), text
    assert (problem.lb <= problem.ub).all(), text
    return "accepted"


def test_mutations_are_refused_or_read():
    rng = random.Random(1)
    for _ in range(500):
        judge(mutate(GOOD, rng))


NUMBER = st.one_of(st.integers(-9, 9).map(float), st.floats(-1e6, 1e6).map(lambda v: round(v, 3)))


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
        solver.changeColCost(j, data.draw(NUMBER.filter(bool)))
        if data.draw(st.booleans()):
            solver.changeColIntegrality(j, highspy.HighsVarType.kInteger)
    for _ in range(m):
        low = data.draw(NUMBER)
        cols = np.array(data.draw(st.lists(st.integers(0, n - 1), unique=True, min_size=1)), np.int32)
        values = np.array([data.draw(NUMBER.filter(bool)) for _ in cols])
        kind = data.draw(st.integers(0, 2))
        solver.addRow(-inf if kind == 1 else low, inf if kind == 2 else low, cols.size, cols, values)
    solver.changeObjectiveOffset(data.draw(NUMBER))
    path = tmp_path_factory.mktemp("written") / "m.lp"
    solver.writeModel(str(path))
    assert highs_differences(path, read(path)) == []
