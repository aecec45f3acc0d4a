"""MPS files as JuMP writes them: the sections, cards and bounds of MathOptInterface's writer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import diffpump

# max 2 open[1] + 3 open[2] - flow[1,2] + 0.1 ship + 7: a binary, an integer in [-3, 7], a free column and one
# with an upper bound only, in a <=, a >=, an equation and an interval.
WRITTEN = """\
NAME
OBJSENSE
    MAX
ROWS
 N  OBJ
 L  cap
 G  need[a_b]
 E  c3
 L  c4
COLUMNS
    MARKER    'MARKER'                 'INTORG'
    open[1]   cap       1
    open[1]   need[a_b] 2
    open[1]   OBJ       2
    open[2]   cap       1
    open[2]   c3        1
    open[2]   OBJ       3
    MARKER    'MARKER'                 'INTEND'
    flow[1,2] cap       1
    flow[1,2] need[a_b] -1
    flow[1,2] c3        1
    flow[1,2] OBJ       -1
    ship      c4        2.5
    ship      OBJ       0.1
    idle      OBJ       0
RHS
    rhs       cap       4
    rhs       need[a_b] -3
    rhs       c3        2
    rhs       c4        1.0e6
    rhs       OBJ       -7
RANGES
    rhs       c4        1.0000005e6
BOUNDS
 BV bounds    open[1]
 LI bounds    open[2]   -3
 UI bounds    open[2]   7
 FR bounds    flow[1,2]
 MI bounds    ship
 UP bounds    ship      12.25
 LO bounds    idle      0
 PL bounds    idle
ENDATA
"""


def test_a_file_in_jumps_dialect_is_the_model(tmp_path: Path) -> None:
    path = tmp_path / "jump.mps"
    path.write_text(WRITTEN)
    problem = diffpump.read(path)
    inf = np.inf
    assert problem.col_names == ["open[1]", "open[2]", "flow[1,2]", "ship", "idle"]
    assert problem.row_names == ["cap", "need[a_b]", "c3", "c4"]
    assert problem.maximise
    assert (problem.c.tolist(), problem.offset) == ([-2, -3, 1, -0.1, 0], -7)
    assert problem.A.toarray().tolist() == [
        [1, 1, 1, 0, 0],
        [2, 0, -1, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 2.5, 0],
    ]
    assert problem.row_lo.tolist() == [-inf, -3, 2, 1.0e6 - 1.0000005e6]
    assert problem.row_hi.tolist() == [4, inf, 2, 1.0e6]
    assert problem.lb.tolist() == [0, -3, -inf, -inf, 0]
    assert problem.ub.tolist() == [1, 7, inf, 12.25, inf]
    assert problem.integer.tolist() == [True, True, False, False, False]


def test_its_solution_is_written_under_jumps_names(tmp_path: Path) -> None:
    path = tmp_path / "jump.mps"
    path.write_text(WRITTEN)
    result = diffpump.solve(path, time_limit=60.0)
    assert result.objective == 7 + 2 + 3 * 7 + 5 + 1.225  # flow is 2 - open[2], ship at its bound
    result.write(tmp_path / "x.json")
    assert '"flow[1,2]"' in (tmp_path / "x.json").read_text()
