"""Solution files: every style is read exactly, and a written file is complete and verified or absent."""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import json
import lzma
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from diffpump.bench.peers.cbc import _binary
from diffpump.core.errors import InputError, OutputError, ProofError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.io.solution import (
    check_names,
    check_target,
    prove_solution,
    read_solution,
    size_limit,
    verify_file,
    write_solution,
)
from diffpump.verify.check import exact_model, prove

settings.register_profile("steady", deadline=None)  # a shared machine may pause during an example
settings.load_profile("steady")

INF = float("inf")

MODEL = """\
NAME          small
OBJSENSE
    MAX
ROWS
 N  obj
 L  c1
 G  c2
COLUMNS
    M1        'MARKER'                 'INTORG'
    x         obj       1   c1        1
    x         c2        1
    M2        'MARKER'                 'INTEND'
    y#1       obj       0.3   c1        0.1
    z         c1        1
RHS
    RHS       c1        7.3   c2        1
    RHS       obj       -3
BOUNDS
 UP BND       x         4
 UP BND       y#1       5.5
ENDATA
"""


@pytest.fixture
def model(tmp_path) -> Path:
    path = tmp_path / "small.mps"
    path.write_text(MODEL)
    return path


def put(tmp_path: Path, text: str | bytes, name: str = "a.sol") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- reading ----------------------------------------------------------------------------------

STYLES = {
    "miplib": "=obj= 2.5\n#x 1\ny 1e-1\n\n# a comment\nz  -0.9999999\n",
    "plain": "# Objective value = 2.5\n#x 7\n#x 1\r\ny .1\nz -0.9999999",
    "highs": "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 2.5\n# Columns 3\n"
    "#x 1\ny 0.1\nz -0.9999999\n# Rows 1\nr 4\n\n# Dual solution values\nFeasible\n# Columns 3\n"
    "#x 9\ny 9\nz 9\n",
    "scip": "solution status: optimal solution found\nobjective value:      2.5\n"
    "#x                    1 \t(obj:1)\ny   0.1 \t(obj:-2e+07)\nz -0.9999999 \t(obj:0)\n",
    "json": '{"objective": 2.5, "values": {"#x": 1, "y": 0.1, "z": -0.9999999}}',
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_gives_the_same_exact_values(tmp_path, style):
    found = read_solution(put(tmp_path, STYLES[style]))
    expected = {"#x": 1, "y": Fraction(1, 10), "z": -Fraction("0.9999999")}
    if style == "plain":
        expected.pop("#x")  # in the plain style, `#` begins a comment
    assert dict(found.values) == expected
    assert found.style == style
    assert found.objective == (None if style == "plain" else "2.5")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files_are_told_by_their_bytes(tmp_path, pack):
    assert read_solution(put(tmp_path, pack(STYLES["miplib"].encode()))).values["y"] == Fraction(1, 10)


def test_sparse_highs_lines_carry_an_index(tmp_path):
    text = "# Primal solution values\nFeasible\nObjective 1\n# Columns -2\nx 1 0\nmy name 63 3\n"
    assert read_solution(put(tmp_path, text)).values == {"x": 1, "my name": 63}


REFUSED = [
    ("=infeas=\n", 1, "no solution"),
    ("solution status: infeasible\nno solution available\n", 1, "no solution"),
    (
        "Model status\nInfeasible\n\n# Primal solution values\nNone\n",
        2,
        "says: Infeasible; it holds no solution",
    ),
    ("", 1, "holds no solution"),
    ("# only a comment\n", 1, "holds no solution"),
    ("=obj= 1\nx\n", 2, "a column name and a value"),
    ("=obj= 1\nx 1\nx 1\n", 3, "second value"),
    ("=obj= 1\nx nan\n", 2, "not finite"),
    ("=obj= 1\nx -inf\n", 2, "not finite"),
    ("objective value: 1\nx +infinity \t(obj:1)\n", 2, "not finite"),
    ("objective value: 1\nx 1e+20 \t(obj:1)\n", 2, "infinity"),
    ("x 1e99999\n", 1, "not a number"),
    ("x 1_0\n", 1, "not a number"),
    ("x 0x10\n", 1, "not a number"),
    ("x 1,5\n", 1, "not a number"),
    ("# Primal solution values\nFeasible\n# Columns 3\nx 1\n", 5, "declares 3 columns"),
    ("# Primal solution values\nFeasible\n# Columns x\nx 1\n", 3, "number of columns"),
    ("Model status\nOptimal\n", 3, "cut off"),
    ("<?xml version='1.0'?>\n", 1, "XML"),
    ('{"values": {"x": 1,\n', 2, "property name"),
    ('{"values": {"x": 1, "x": 2}}', 1, "second value"),
    ('{"values": {"x": NaN}}', 1, "not finite"),
    ('{"values": {"x": true}}', 1, "expected an object"),
    ('{"values": [1]}', 1, "expected an object"),
    ('{"values":' + "[" * 100_000, 1, "deep"),
]


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_refusals_name_file_line_and_reason(tmp_path, text, line, reason):
    path = put(tmp_path, text)
    with pytest.raises(InputError, match=reason) as refusal:
        read_solution(path)
    assert (refusal.value.path, refusal.value.line) == (str(path), line)


def test_missing_and_oversized_files_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.sol"):
        read_solution(tmp_path / "none.sol")
    with pytest.raises(InputError, match="limit"):
        read_solution(put(tmp_path, gzip.compress(b"\n" * 10**6)), max_bytes=10**5)


@given(st.binary(max_size=200) | st.text('xy#=obj 1.e-\n{}:"', max_size=80).map(str.encode))
def test_garbage_is_read_or_refused_never_a_traceback(data):
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"diffpump-garbage-{os.getpid()}.sol"
    path.write_bytes(data)
    try:
        read_solution(path)
    except InputError:
        pass
    finally:
        path.unlink()


# --- what solvers write -----------------------------------------------------------------------


@pytest.mark.parametrize("style", range(7))
def test_highs_files_are_read_back(tmp_path, model, style):
    """The styles are raw, pretty, two of GLPK, sparse, and two more raw ones."""
    highspy = pytest.importorskip("highspy")
    h = highspy.Highs()
    h.silent()
    h.readModel(str(model))
    h.run()
    h.writeSolution(str(tmp_path / "h.sol"), style)
    found, proof = verify_file(str(model), tmp_path / "h.sol")
    assert found.style == ("glpk" if style in (2, 3) else "highs")
    assert proof.accepted and proof.exactly_feasible and "optimal" in found.status.lower()
    assert proof.objective == Fraction("8.65") == Fraction(found.objective)
    assert found.values["x"] == 4 and found.values["y#1"] == Fraction("5.5")


@pytest.mark.parametrize("style", range(7))
def test_highs_says_that_there_is_no_solution(tmp_path, model, style):
    highspy = pytest.importorskip("highspy")
    model.write_text(MODEL.replace("c2        1\n    RHS       obj", "c2        5\n    RHS       obj"))
    h = highspy.Highs()
    h.silent()
    h.readModel(str(model))
    h.run()
    h.writeSolution(str(tmp_path / "h.sol"), style)
    status = "INTEGER EMPTY" if style in (2, 3) else "Infeasible"
    with pytest.raises(InputError, match=f"h.sol:[0-9]+: the file says: {status}; it holds no solution"):
        verify_file(str(model), tmp_path / "h.sol")


@pytest.mark.parametrize("zeros", [False, True])
def test_scip_files_are_read_back(tmp_path, model, zeros):
    pyscipopt = pytest.importorskip("pyscipopt")
    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(model))
    scip.optimize()
    scip.writeBestSol(str(tmp_path / "s.sol"), write_zeros=zeros)
    found, proof = verify_file(str(model), tmp_path / "s.sol")
    assert found.style == "scip" and proof.exactly_feasible and proof.objective == Fraction("8.65")
    assert found.values["y#1"] == Fraction("5.5") and ("z" in found.values) == zeros


# CBC 2.10 for `model`, then with the rows, and Clp; the names are those of `model` where they can be.
CBC = {
    "as usual": "Optimal - objective value 8.65\n      0 x      4    1\n      1 y#1    5.5   0.3\n",
    "with zeros": "Optimal - objective value 8.65\n 0 x 4 1\n 1 y#1 5.5 0.3\n 2 z 0 0\n",
    "violated": "Stopped on time - objective value 8.65\n** 0 x 4 1\n**      1 y#1 5.5 0.3\n",
    "rows": "Optimal - objective value 8.65\n 0 c1 4.55 0\n 1 c2 4 0\n 0 x 4 1\n 1 y#1 5.5 0.3\n",
    "no costs": "Stopped on nodes - objective value 8.65\n 0 x 4\n 1 y#1 5.5\n",
    "Clp": "optimal\nObjective value 8.65\n      0 x   4 1\n      1 y#1 5.5 0.3\n",
    "Windows": "Optimal - objective value 8.65\r\n 0 x 4 1\r\n\r\n 1 y#1 5.5 0.3\r\n",
}


@pytest.mark.parametrize("case", CBC)
def test_cbc_files_are_read(tmp_path, model, case):
    found, proof = verify_file(str(model), put(tmp_path, CBC[case]))
    assert found.style == "cbc" and proof.exactly_feasible and proof.objective == Fraction("8.65")
    assert found.objective == "8.65" and found.unknown == 0


@pytest.mark.skipif(_binary() is None, reason="there is no CBC")
@pytest.mark.parametrize("options", [[], ["-printingOptions", "all"]])
def test_what_cbc_writes_is_read(tmp_path, options):
    (tmp_path / "m.lp").write_text(
        "max\n obj: x + 3 y\nst\n cap: 2 x + 2 y <= 7\n low: z >= 2.5\nbounds\n x <= 4\ngeneral\n x y\nend\n"
    )
    command = [_binary(), tmp_path / "m.lp", *options, "-solve", "-solution", tmp_path / "c.sol"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    found, proof = verify_file(str(tmp_path / "m.lp"), tmp_path / "c.sol")
    assert (found.style, found.status, found.values["y"]) == ("cbc", "Optimal", 3)
    assert proof.exactly_feasible and proof.objective == 9


GLPK_BASIC = """\
Problem:    long
Rows:       1
Columns:    3
Non-zeros:  2
Status:     OPTIMAL
Objective:  obj = -6.5 (MAXimum)

   No.   Row name   St   Activity     Lower bound   Upper bound    Marginal
------ ------------ -- ------------- ------------- ------------- -------------
     1 x            NL             1             1                           2

   No. Column name  St   Activity     Lower bound   Upper bound    Marginal
------ ------------ -- ------------- ------------- ------------- -------------
     1 a_column_with_a_long_name
                    NU             1             0             1            -1
     2 NAMEB           -7.5        -1e+09
     3 twelve_bytes NL             0             0             5             2

Karush-Kuhn-Tucker optimality conditions:
"""


def test_glpks_report_has_long_and_accented_names(tmp_path):
    """GLPK pads names to 12 bytes, not to 12 characters."""
    expected = {"a_column_with_a_long_name": 1, "\u00e9 y": Fraction("-7.5"), "twelve_bytes": 0}
    for encoding in ("utf-8", "latin-1"):
        name = "\u00e9 y".encode(encoding).ljust(13)
        text = GLPK_BASIC.encode().replace(b"NAME", name)
        found = read_solution(put(tmp_path, text))
        assert (found.style, found.status, found.objective) == ("glpk", "OPTIMAL", "-6.5")
        assert found.values == expected
    with pytest.raises(InputError, match=r"a\.sol:16: a value is not at its place"):
        read_solution(put(tmp_path, GLPK_BASIC.replace("NAME", "\u00e9 y".ljust(14))))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("s mip 2 2 o 1\nj 1 1\nj 2 1\ne o f\n", 1, "has 2 columns, but the model has 3"),
        ("c Status: INTEGER OPTIMAL\ns mip 2 3 o 1\nj 4 1\n", 3, "no column 4"),
        ("s mip 2 3 o 1\nj 1 1\n", 3, "cut off"),
        ("s mip 2 3 u 0\n", 1, "says: undefined; it holds no solution"),
        ("s bas 2 3 i f 0\ni 1 b 1 0\nj 1 b 9 0\ne o f\n", 1, "says: infeasible; it holds no solution"),
        ("s mip 2 3 o 1\nj 1 1\nk 3\n", 3, "not a line"),
        ("s mip 2 3 o 1\nj 1 1\nj 1 2\n", 3, "second value"),
    ],
)
def test_glpks_raw_files_that_are_refused(tmp_path, model, text, line, reason):
    with pytest.raises(InputError, match=reason) as refusal:
        read_solution(put(tmp_path, text), read(model))
    assert refusal.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "s bas 2 3 f f 8.65\nj 1 u 4 0\nj 2 u 5.5 0\nj 3 l 0 0\ne o f\n",
        "s ipt 2 3 o 8.65\nj 1 4 0\nj 2 5.5 0\nj 3 0 0\ne o f\n",
    ],
)
def test_glpks_raw_files_of_lps(tmp_path, model, text):
    found, proof = verify_file(str(model), put(tmp_path, text))
    assert found.style == "glpk" and proof.exactly_feasible and proof.objective == Fraction("8.65")


# Columns whose names look like another part of a file, and a file without a header that begins with them.
DECEIVING = [
    "Optimal - objective value", "Optimal", "**", "0 x 1", "7", "1e5", "=infeas=", "solution status:",
    "objective value:", "Model status", "{a}", "<x>", "c Status:", "s mip 2 3 o", "Problem:", "Columns",
    "#Columns", "no solution available", "inf", "(obj:1)", "a (obj:1)",
]  # fmt: skip


@pytest.mark.parametrize("name", DECEIVING)
def test_a_column_is_not_mistaken_for_another_style(tmp_path, name):
    problem = named([name, "b"])
    prefix = "=obj= 4\n" if name.startswith("#") else ""
    found = read_solution(put(tmp_path, f"{prefix}{name} 1\nb 3\n"), problem)
    assert (found.style, found.values) == ("miplib" if prefix else "plain", {name: 1, "b": 3})
    for text in (
        f"Optimal - objective value 4.0\n 0 {name} 1 0\n 1 b 3 0\n",
        f"Optimal - objective value 4.0\n** 0 {name} 1 0\n** 1 b 3 0\n",
        f"solution status: optimal\nobjective value: 4\n{name}   1 \t(obj:2)\nb  3 \t(obj:0)\n",
        f"Model status\nOptimal\n\n# Primal solution values\nFeasible\n# Columns 2\n{name} 1\nb 3\n# Rows 0",
        f"=obj= 4\n{name} 1\nb 3\n",
    ):
        if not text.startswith(name):  # else the first line is that column's
            assert read_solution(put(tmp_path, text), problem).values == {name: 1, "b": 3}, text


def test_a_column_with_the_name_of_the_objective(tmp_path):
    problem = named(["=obj=", "b"])
    found = read_solution(put(tmp_path, "=obj= 4\n=obj= 1\nb 3\n"), problem)
    assert (found.objective, found.values) == ("4", {"=obj=": 1, "b": 3})
    found = read_solution(put(tmp_path, "# MIP start\n=obj= 1\nb 3\n", "a.mst"), problem)
    assert (found.objective, found.values) == (None, {"=obj=": 1, "b": 3})


def test_check_ignores_unknown_names_only_where_they_are_0(tmp_path, model):
    found, proof = verify_file(str(model), put(tmp_path, "=obj= 1\nx 4\nu 0\nv 0.0\ny#1 5.5\n"))
    assert proof.exactly_feasible and (found.unknown, found.first_unknown) == (2, "u")
    with pytest.raises(InputError, match=r"a\.sol: the model has no column v\\x9b"):
        verify_file(str(model), put(tmp_path, "=obj= 1\nx 4\nu 0\nv\x9b 1e-9\n"))


# --- what a file may hold in memory -------------------------------------------------------------

BOMBS = {
    "entries": b"".join(b"a%d 1\n" % k for k in range(1000)) * 1000,
    "comments": b"# a comment\n" * 1_000_000,
    "one line": b"x" * (5 << 20),
    "blanks": b" " * (5 << 20),
    "empty lines": b"\n" * (5 << 20),
}
LIMITED = """
import resource, sys
from diffpump.io.read import read
from diffpump.io.solution import read_solution
from diffpump.core.errors import InputError
problem = read(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_solution(sys.argv[2], problem)
except InputError as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def growth(model: Path, solution: Path) -> tuple[list[str], int]:
    """Return what a separate process prints when it reads a solution, and by how many MB it grows."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(model), str(solution)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    *printed, megabytes = done.stdout.splitlines()
    return printed, int(megabytes)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_a_file_that_expands_is_refused_in_little_memory(tmp_path, model, pack):
    text = BOMBS["comments"] if pack is not bytes else BOMBS["entries"]
    printed, megabytes = growth(model, put(tmp_path, pack(text)))
    assert "larger than the limit of 41" in printed[0]  # 4 MiB, and some bytes for each name
    assert megabytes < 60


@pytest.mark.parametrize(
    "text",
    [
        *(BOMBS[kind][: 4 << 20] for kind in BOMBS),
        b"Optimal - objective value 1\n" + b"0 a 1 0\n" * 500_000,
        b"Optimal - objective value 1\n" + b" 0 " + b"a " * 2_000_000,
        b"objective value: 1\nx" + b" " * (4 << 20),
        b"x " + b"1" * (4 << 20),
        b"<a>" * 1_300_000,
        b"<a " + b"b" * (4 << 20),
        b'{"values": {' + b",".join(b'"a%d":1' % k for k in range(350_000)) + b"}}",
        b'{"values": {"x": 1}, "more": [' + b"10," * 1_300_000 + b"1]}",
        b"[" * (4 << 20),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_a_file_below_the_limit_is_read_in_little_memory_and_time(tmp_path, model, text):
    began = time.monotonic()
    _, megabytes = growth(model, put(tmp_path, text))
    assert megabytes < 300
    assert time.monotonic() - began < 30


def test_the_limit_grows_with_the_model():
    small, large = in_memory(3), in_memory(100_000)
    assert size_limit(small) < 4.2e6 and size_limit(large) > size_limit(small) + 160 * 100_000


def test_entities_that_expand_are_refused(tmp_path, model):
    entities = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "lol">{entities}]><a>&e9;</a>'
    with pytest.raises(InputError, match="entity declarations"):
        read_solution(put(tmp_path, text), read(model))


# --- verifying --------------------------------------------------------------------------------


def test_a_wrong_solution_names_its_worst_rows(tmp_path, model):
    _, proof = verify_file(str(model), put(tmp_path, "=obj= 0\nx 0.5\ny#1 6\nz 7\n"))
    assert not proof.accepted
    assert proof.worst_rows == (("c1", 0.8, 8.1, -INF, 7.3), ("c2", 0.5, 0.5, 1.0, INF))
    assert [w[:3] for w in proof.worst_columns] == [("x", 0.5, 0.5), ("y#1", 0.5, 6.0)]


def test_a_model_in_memory_is_proven_as_given(model):
    problem = read(model)
    assert prove_solution(problem, {"x": Fraction(1)}).against == "original file"
    assert prove_solution(in_memory(), {"x0": 1}).against == "model as given"


def test_a_file_that_changed_is_refused(tmp_path, model):
    problem = read(model)
    model.write_text(MODEL.replace("7.3", "7.4"))
    with pytest.raises(InputError, match="changed"):
        write_solution(tmp_path / "a.sol", problem, np.array([1.0, 0, 0]))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.mps"]


# --- writing ----------------------------------------------------------------------------------


def in_memory(n: int = 3) -> Problem:
    return Problem(
        "memory", np.arange(n) + 0.1, 0.5, True, sp.csr_matrix(np.ones((1, n))), np.array([-INF]),
        np.array([1e9]), np.full(n, -1e9), np.full(n, 1e9), np.arange(n) == 0,
        [f"x{j}" for j in range(n)], ["sum"],
    )  # fmt: skip


floats = st.floats(-1e6, 1e6, allow_nan=False)


def named(names: list[str]) -> Problem:
    """Return a problem with these column names and a row that every point satisfies."""
    problem = in_memory(len(names))
    return dataclasses.replace(problem, col_names=names, integer=np.zeros(len(names), bool))


# Any text, and texts of the characters and words that have a meaning in some format.
words = st.sampled_from(
    ["=obj=", "=infeas=", "**", "# ", "#", "'", '"', "{", "<", " ", "\t", "\n", "\r", "\f", "\x1b", "\x85",
     "\x1c", "\xa0", "\u2003", "\u2028", "\u200b", "\ufeff", "\ud83d", "\ude00", "1", "1e5", "x", "(obj:1)"]
)  # fmt: skip
column_names = st.text(max_size=8) | st.lists(words, max_size=5).map("".join)
any_character = st.text(st.characters(), max_size=6)  # with halves of surrogate pairs


@given(
    st.lists(column_names | any_character, min_size=1, max_size=4, unique=True),
    st.lists(st.integers(-3, 3) | st.floats(-1e6, 1e6), min_size=4, max_size=4),
    st.sampled_from([".sol", ".mst", ".json"]),
)
@settings(max_examples=500)
def test_a_name_is_refused_in_advance_or_reads_back(tmp_path_factory, names, point, suffix):
    path, problem = tmp_path_factory.getbasetemp() / f"named{suffix}", named(names)
    x = np.array(point[: len(names)], dtype=float)
    try:
        check_names(path, problem)
    except UsageError as refusal:
        assert "cannot hold the column name" in str(refusal) and str(refusal).isprintable()
        return
    write_solution(path, problem, x)
    found = read_solution(path, problem)
    assert [float(found.values.get(name, 0)) for name in names] == x.tolist() and not found.unknown


@given(
    st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=3, unique=True),
    st.sampled_from([".sol", ".mst", ".json"]),
)
@settings(max_examples=300)
def test_every_name_of_a_model_file_is_refused_in_advance_or_reads_back(tmp_path_factory, names, suffix):
    folder = tmp_path_factory.getbasetemp()
    columns = b"".join(b"    %s r 1\n" % name for name in names)
    (folder / "named.mps").write_bytes(
        b"NAME m\nROWS\n N o\n L r\nCOLUMNS\n" + columns + b"RHS\n R r 9\nENDATA\n"
    )
    try:
        problem = read(folder / "named.mps")
        check_names(folder / f"read{suffix}", problem)
    except (InputError, UsageError):
        return
    x = np.arange(1.0, problem.n + 1)
    write_solution(folder / f"read{suffix}", problem, x)
    found, proof = verify_file(str(folder / "named.mps"), folder / f"read{suffix}")
    assert proof.exactly_feasible and list(found.values.values()) == x.tolist()


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("#u", [".mst"]), ("# u", [".sol", ".mst"]), ("=infeas=", []), ("=obj=", []), ("**", []), ("7", []),
        ("M\xa0", []), ("\xa0x", []), ("a\u2003b", []), ("x\u200b", []), ("\x1b[31m", []), ("\x85", []),
        ("a b", []), (" a", [".sol", ".mst"]), ("a\t", [".sol", ".mst"]), ("a\nb", [".sol", ".mst"]),
        ("", [".sol", ".mst"]), ("\ud800", [".sol", ".mst"]), ("\ud83d\ude00", [".sol", ".mst", ".json"]),
    ],
)  # fmt: skip
def test_which_format_holds_which_name(tmp_path, name, refused):
    problem = named(["b", name])
    for suffix in (".sol", ".mst", ".json"):
        if suffix not in refused:
            write_solution(tmp_path / f"a{suffix}", problem, np.array([1.0, 2.0]))
            continue
        with pytest.raises(UsageError, match="cannot hold the column name") as refusal:
            check_names(tmp_path / f"a{suffix}", problem)
        assert (".json" in str(refusal.value).partition("cannot")[2]) == (".json" not in refused)
        with pytest.raises(UsageError, match="cannot hold the column name"):
            write_solution(tmp_path / f"a{suffix}", problem, np.array([1.0, 2.0]))
    assert len(list(tmp_path.iterdir())) == 3 - len(refused)


@given(st.integers(-5, 5), floats, floats, st.sampled_from([".sol", ".mst", ".json"]))
def test_what_is_written_reads_back_as_the_same_floats(tmp_path_factory, a, b, c, suffix):
    path = tmp_path_factory.getbasetemp() / f"roundtrip{suffix}"
    x = np.array([a, b, c], dtype=float)
    problem = in_memory()
    proof = write_solution(path, problem, x)
    found = read_solution(path)
    assert [float(found.values.get(name, 0)) for name in problem.col_names] == x.tolist()
    assert proof == prove(exact_model(problem), found.values, "model as given")
    assert proof.accepted and (suffix == ".mst" or float(found.objective) == problem.value(x))


def test_the_formats(tmp_path, model):
    problem, x = read(model), np.array([1.0, -0.0, 0.1])
    for suffix in (".sol", ".mst", ".json"):
        assert write_solution(tmp_path / f"a{suffix}", problem, x).exactly_feasible
    assert (tmp_path / "a.sol").read_text() == "=obj= 4\nx 1\nz 0.1\n"
    assert (
        tmp_path / "a.mst"
    ).read_text() == "# MIP start for small\n# Objective value = 4\nx 1\ny#1 0\nz 0.1\n"
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["values"] == {"x": 1.0, "y#1": -0.0, "z": 0.1} and found["objective"] == 4.0
    assert found["sha256"] == problem.source.sha256 and found["name"] == "small"


@pytest.mark.parametrize("x", [[0.5, 0, 0], [1, 6, 0], [0, 0, 0], [np.nan, 0, 0], [1, np.inf, 0]])
def test_an_infeasible_point_is_never_written(tmp_path, model, x):
    before = put(tmp_path, "=obj= 1\nx 1\n").read_bytes()
    with pytest.raises(ProofError):
        write_solution(tmp_path / "a.sol", read(model), np.array(x, dtype=float))
    assert (tmp_path / "a.sol").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.sol", "small.mps"]


def test_targets_are_refused_early(tmp_path):
    check_target(tmp_path / "a.SOL")
    for name in ("a", "a.txt", "a.sol.gz"):
        with pytest.raises(UsageError, match=r"\.sol, \.mst, \.json"):
            check_target(tmp_path / name)
    (tmp_path / "dir.sol").mkdir()
    with pytest.raises(OutputError, match="directory"):
        check_target(tmp_path / "dir.sol")
    with pytest.raises(OutputError, match="no directory"):
        check_target(tmp_path / "none" / "a.sol")


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
def test_any_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, where):
    write_solution(tmp_path / "a.sol", in_memory(), np.array([1.0, 0, 0]))
    before = (tmp_path / "a.sol").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if where == "write":
        opened = Path.open
        monkeypatch.setattr(
            Path, "open", lambda self, mode="r", *more: fail() if "x" in mode else opened(self, mode, *more)
        )
    elif where == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=r"a\.sol: cannot be written: No space left on device"):
        write_solution(tmp_path / "a.sol", in_memory(), np.array([2.0, 0, 0]))
    assert (tmp_path / "a.sol").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.sol"]


def test_an_interrupt_leaves_nothing(tmp_path):
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_solution(tmp_path / "a.sol", in_memory(), np.ones(3), verify=interrupt)
    assert not list(tmp_path.iterdir())


def test_a_link_keeps_pointing(tmp_path):
    (tmp_path / "real.sol").touch()
    (tmp_path / "link.sol").symlink_to(tmp_path / "real.sol")
    write_solution(tmp_path / "link.sol", in_memory(), np.ones(3))
    assert (tmp_path / "link.sol").is_symlink() and (tmp_path / "real.sol").stat().st_size > 0


CHILD = """
import sys, numpy as np
sys.path.insert(0, {tests!r})
from test_solution import in_memory, write_solution
problem = in_memory(20_000)
{before}
k = 0
while True:
    k += 1
    write_solution({target!r}, problem, np.full(problem.n, float(k)))
    print("written", flush=True)
"""


def child(target: Path, before: str = "") -> subprocess.Popen:
    code = CHILD.format(tests=str(Path(__file__).parent), target=str(target), before=before)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_disk_that_fills_up_is_an_output_error(tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    _, err = child(tmp_path / "a.sol", limit).communicate(timeout=60)
    assert "OutputError" in err and "cannot be written: File too large" in err
    assert not list(tmp_path.iterdir())


def test_kill_9_never_leaves_a_partial_solution(tmp_path):
    target = tmp_path / "a.sol"
    for delay in (0.0, 0.03, 0.1):
        process = child(target)
        assert process.stdout.readline() == "written\n"
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = read_solution(target)
        assert len(found.values) == 20_000 and len(set(found.values.values())) == 1


# --- real instances ---------------------------------------------------------------------------


def miplib(name: str) -> str:
    root = os.environ.get("DIFFPUMP_MIPLIB")
    if not root:
        pytest.skip("set DIFFPUMP_MIPLIB to a folder of MIPLIB files")
    path = next(Path(root).rglob(f"{name}.mps*"), None)
    if path is None:
        pytest.skip(f"{name} is not among the MIPLIB files")
    return str(path)


@pytest.mark.miplib
def test_a_real_solution_is_verified(tmp_path):
    highspy = pytest.importorskip("highspy")
    path = miplib("neos-1445765")
    h = highspy.Highs()
    h.silent()
    h.readModel(path)
    h.setOptionValue("mip_max_improving_sols", 1)
    h.setOptionValue("time_limit", 60.0)
    h.run()
    h.writeSolution(str(tmp_path / "h.sol"), 0)
    found, proof = verify_file(path, tmp_path / "h.sol")
    assert proof.accepted
    assert float(proof.objective) == pytest.approx(float(found.objective), rel=1e-9)
