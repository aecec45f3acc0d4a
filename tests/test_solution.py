"""Solution files: every style is read exactly, and a written file is complete and verified or absent."""

from __future__ import annotations

import bz2
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

from diffpump.core.errors import InputError, OutputError, ProofError, UsageError
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.io.solution import check_target, prove_solution, read_solution, verify_file, write_solution
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
    ("Model status\nInfeasible\n\n# Primal solution values\nNone\n", 5, "no solution"),
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


@pytest.mark.parametrize("style", [0, 4])
def test_highs_files_are_read_back(tmp_path, model, style):
    highspy = pytest.importorskip("highspy")
    h = highspy.Highs()
    h.silent()
    h.readModel(str(model))
    h.run()
    h.writeSolution(str(tmp_path / "h.sol"), style)
    found, proof = verify_file(str(model), tmp_path / "h.sol")
    assert found.style == "highs" and proof.accepted and proof.exactly_feasible
    assert proof.objective == Fraction("8.65") == Fraction(found.objective)
    assert found.values["x"] == 4 and found.values["y#1"] == Fraction("5.5")


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
