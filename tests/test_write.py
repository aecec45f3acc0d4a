"""Models that `write_mps` writes, read back as the same model by the strict reader and by HiGHS."""

from __future__ import annotations

import gzip
import io
from math import inf
from pathlib import Path

import highspy
import numpy as np
import pytest
import scipy.sparse as sp

from diffpump.core.errors import OutputError
from diffpump.core.problem import Problem
from diffpump.io.read import read
from diffpump.io.write import write_mps

# The model has two columns per kind of bound, and every third column is integer.
BOUNDS = [(0, inf), (-inf, inf), (-inf, -1.5), (0.1, 7), (0, 1), (3, 3), (0, 0), (-4, inf), (-3, -1), (0, 9)]
ROWS = [(-inf, 4.25), (-2, inf), (1 / 3, 1 / 3), (0.1, 0.7), (-inf, inf), (-5, 0), (0, 1e-7)]


def model(**changes) -> Problem:
    """Return a model with every kind of bound and row, an empty column, brackets in names and a row `obj`."""
    bounds = np.array(BOUNDS * 2, dtype=float)
    rows = np.array(ROWS, dtype=float)
    n, m = len(bounds), len(rows)
    rng = np.random.default_rng(0)
    dense = np.round(rng.normal(size=(m, n)), 3) * (rng.random((m, n)) < 0.5)
    dense[:, 3] = 0
    dense[0, 0] = 1 / 3
    fields = {
        "name": "every kind", "c": np.where(np.arange(n) == 3, 0.0, np.linspace(-1, 1, n)), "offset": 2.5,
        "maximise": False, "A": sp.csr_matrix(dense), "row_lo": rows[:, 0], "row_hi": rows[:, 1],
        "lb": bounds[:, 0], "ub": bounds[:, 1], "integer": np.arange(n) % 3 == 0,
        "col_names": [f"c[{j}]" for j in range(n)], "row_names": ["obj", *(f"r{i}" for i in range(1, m))],
    }  # fmt: skip
    return Problem(**(fields | changes))


@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("ending", ["mps", "mps.gz"])
def test_the_strict_reader_reads_it_back(tmp_path: Path, maximise: bool, ending: str):
    wrote = model(maximise=maximise)
    write_mps(wrote, tmp_path / f"m.{ending}")
    back = read(tmp_path / f"m.{ending}")
    rows = [back.row_names.index(name) for name in wrote.row_names if name in back.row_names]
    kept = [wrote.row_names.index(back.row_names[i]) for i in rows]
    assert back.col_names == wrote.col_names and back.maximise == maximise and back.offset == wrote.offset
    for field in ("c", "lb", "ub", "integer"):
        assert np.array_equal(getattr(back, field), getattr(wrote, field)), field
    free = [i for i, (lo, hi) in enumerate(ROWS) if lo == -inf and hi == inf]
    assert set(range(wrote.m)) - set(kept) <= set(free)  # a reader may omit a free row
    assert np.array_equal(back.A[rows].toarray(), wrote.A[kept].toarray())
    np.testing.assert_allclose(back.row_lo[rows], wrote.row_lo[kept], rtol=1e-15, atol=1e-16)
    np.testing.assert_array_equal(back.row_hi[rows], wrote.row_hi[kept])


@pytest.mark.parametrize("maximise", [False, True])
def test_highs_reads_it_back(tmp_path: Path, maximise: bool):
    wrote = model(maximise=maximise)
    write_mps(wrote, tmp_path / "m.mps")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(tmp_path / "m.mps")) == highspy.HighsStatus.kOk
    lp = highs.getLp()
    sign = -1 if maximise else 1
    assert (lp.sense_ == highspy.ObjSense.kMaximize) == maximise and lp.offset_ == sign * wrote.offset
    assert np.array_equal(np.array(lp.col_cost_), sign * wrote.c)
    assert np.array_equal(np.array(lp.col_lower_), wrote.lb)
    assert np.array_equal(np.array(lp.col_upper_), wrote.ub)
    assert [kind == highspy.HighsVarType.kInteger for kind in lp.integrality_] == wrote.integer.tolist()


def test_the_bytes_repeat_and_streams_are_taken(tmp_path: Path):
    stream = io.StringIO()
    write_mps(model(), stream)
    for name in ("a.mps.gz", "b.mps.gz"):
        write_mps(model(), tmp_path / name)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.mps.gz", "b.mps.gz"))
    assert first == second and gzip.decompress(first).decode() == stream.getvalue()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mps.gz", "b.mps.gz"]


@pytest.mark.parametrize("name", ["", "a b", "*a", "$a", "a\nb"])
def test_names_that_free_mps_cannot_carry_are_refused(tmp_path: Path, name: str):
    names = model().col_names
    with pytest.raises(OutputError, match="cannot carry"):
        write_mps(model(col_names=[name, *names[1:]]), tmp_path / "m.mps")
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_written(tmp_path: Path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_mps(model(), tmp_path / "none" / "m.mps")
